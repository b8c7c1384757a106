"""GOL-24: what the search box finds, on a real server, as an operator of one branch of ten."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import psycopg
import pytest

from crm_desktop.app import desks
from crm_desktop.app.finding import find
from crm_desktop.catalogue import service as catalogue
from crm_desktop.catalogue.rules.model import Item, ItemKind, Unit
from crm_desktop.core.search import Hit, Rank, folded
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.documents import service as documents
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Branch
from crm_desktop.parties import service as parties
from crm_desktop.parties.rules.model import Address, Party, PartyKind
from tests.support import office
from tests.support.office import Office, define_series, draft_of
from tests.support.postgres import TestServer
from tests.support.wire import Relay

PARTIES = (
    Party(
        new_id(),
        code="ZRODLO",
        name="Źródło Wody Mineralnej S.A.",
        nip="1234563218",
        address=Address(city="Łódź"),
        phone="+48 33 812 34 56",
    ),
    Party(new_id(), code="KOWAL", name="Jan Kowalski", kind=PartyKind.PERSON, address=Address(city="Żywiec"), phone="601-234-567"),
    Party(new_id(), code="BERLIN", name="Müller GmbH", eu_vat="DE136695976", address=Address(city="Berlin", country="DE")),
    Party(new_id(), code="STARY", name="Hurtownia Dawna", active=False),
    Party(new_id(), code="WOLT", name="100%_Wolt\\Serwis"),
    Party(new_id(), code="SP", name="Zebra sp. z o.o."),
)
ITEMS = (
    ("KAB-3", "Przewód YDYp 3×2,5", "5901234000017"),
    ("KAW-1", "Kawa ziarnista Śliwka 1 kg", "5901234000024"),
)


@dataclass
class World:
    """Anna of Kraków, and the numbers of ten branches."""

    anna: Database
    profile: Profile
    own: str
    foreign: list[str]

    def find(self, text: str, sign: str = "") -> list[list[Hit]]:
        """Parties, documents, items; by a sign only one of them."""
        searches = [each for each in desks.searches(self.anna.who.may) if sign in ("", each.sign)]
        return self.anna.read(find, searches, text)

    def texts(self, text: str) -> list[str]:
        """What is found, all kinds one after another."""
        return [hit.text for hits in self.find(text) for hit in hits]


@pytest.fixture(scope="module")
def world(server: TestServer) -> Iterator[World]:
    database = server.clone()
    profile = Profile(server.server.host, server.server.port, database, "disable", role_prefix=office.TEMPLATE)
    desk = Office(profile)
    boss, anna = desk.enter("szef"), desk.enter("anna")
    for party in PARTIES:
        boss.change(parties.save_party, party)
    for code, name, barcode in ITEMS:
        unit = Unit(new_id(), "szt.", Decimal(1), barcode)
        boss.change(catalogue.save_item, Item(new_id(), ItemKind.GOODS, code, name, None, "23", Decimal("9.99"), Decimal("12.29"), (unit,)))
    branches = [Branch(new_id(), f"B{place}", f"Oddział {place}") for place in range(8)]
    boss.change(define_series, office.WARSZAWA)
    for branch in branches:
        boss.change(organisation.save_branch, branch)
        boss.change(define_series, branch.id)
    boss.close()
    boss = desk.enter("szef")
    foreign = []
    for branch_id in [office.WARSZAWA, *(branch.id for branch in branches)]:
        draft = replace(draft_of(boss, "FS"), branch_id=branch_id)
        foreign.append(boss.change(documents.issue_invoice, draft).number)
    own = anna.change(documents.issue_invoice, draft_of(anna, "FS")).number
    boss.close()
    yield World(anna, profile, own, foreign)
    anna.close()
    server.drop(database)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("1234563218", "Źródło Wody Mineralnej S.A."),
        ("123-456-32-18", "Źródło Wody Mineralnej S.A."),
        ("PL 123 456 32 18", "Źródło Wody Mineralnej S.A."),
        ("zrodlo", "Źródło Wody Mineralnej S.A."),
        ("MINERALNEJ źród", "Źródło Wody Mineralnej S.A."),
        ("lodz wody", "Źródło Wody Mineralnej S.A."),
        ("33 812 34 56", "Źródło Wody Mineralnej S.A."),
        ("+48338123456", "Źródło Wody Mineralnej S.A."),
        ("601 234 567", "Jan Kowalski"),
        ("234567", "Jan Kowalski"),
        ("0048601234567", "Jan Kowalski"),
        ("kowlaski", "Jan Kowalski"),
        ("kowalsky jan", "Jan Kowalski"),
        ("DE 136 695 976", "Müller GmbH"),
        ("muller", "Müller GmbH"),
        ("kab-3", "Przewód YDYp 3×2,5"),
        ("przewod ydy", "Przewód YDYp 3×2,5"),
        ("5901234000024", "Kawa ziarnista Śliwka 1 kg"),
        ("59012340000", "Kawa ziarnista Śliwka 1 kg"),
        ("kwaa", "Kawa ziarnista Śliwka 1 kg"),
        ("sliwka kaw", "Kawa ziarnista Śliwka 1 kg"),
        ("100%_", "100%_Wolt\\Serwis"),
        ("wolt\\", "100%_Wolt\\Serwis"),
        ("sp", "Zebra sp. z o.o."),
    ],
)
def test_what_is_found_first(world: World, typed: str, first: str) -> None:
    assert world.texts(typed)[:1] == [first]


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "%%%", "' or true --", "x" * 5000, "qqqq", "   ", "\u200b", "4234563218"])
def test_what_is_no_text_of_anything_finds_nothing(world: World, typed: str) -> None:
    """No wildcards, no statement, no error; a wrong digit is another number."""
    assert [text for text in world.texts(typed) if text != "100%_Wolt\\Serwis"] == []


def test_what_is_exactly_so_stands_before_what_holds_it(world: World) -> None:
    """The code SP before all whose names hold "Sp."."""
    found = world.find("sp")[0]
    assert found[0].rank is Rank.EXACT
    assert len(found) > 1
    assert all(hit.rank < Rank.EXACT for hit in found[1:])


def test_what_is_not_in_use_comes_last_and_says_so(world: World) -> None:
    found = world.find("hurtownia")[0]
    assert [(hit.text, hit.faint) for hit in found] == [("Hurtownia Volt Sp. z o.o.", False), ("Hurtownia Dawna", True)]


def test_a_document_by_its_number_buyer_and_tax_number(world: World) -> None:
    for typed in (world.own, world.own.lower(), world.own.replace("/", " "), "volt", "526-025-02-74", "hurtownia vlot"):
        assert [hit.text.partition(",")[0] for hit in world.find(typed)[1]] == [world.own], typed


def test_another_branch_is_never_found(world: World) -> None:
    """GOL-24, ARC-06: not by the whole number, not by a part of it, not by its buyer, not with a typing error."""
    assert len(world.foreign) == 9
    for number in world.foreign:
        for typed in (number, number.lower(), number[:-1], number.replace("/", " "), number.split("/")[1]):
            found = {hit.text.partition(",")[0] for hit in world.find(typed, "#")[0]}
            assert found <= {world.own}, typed
        assert world.find(number, "#") == [[]]


def test_many_answers_are_cut(world: World) -> None:
    with_all = world.anna.read(lambda tx: tx.call("find_parties", "o", 10_000, False).all())
    assert 0 < len(with_all) <= 50
    assert world.anna.read(lambda tx: tx.call("find_parties", "o", 2, False).all()) == with_all[:2]


def test_it_is_one_round_trip(world: World, server: TestServer) -> None:
    with Relay((server.server.host, server.server.port), postgres=True) as relay:
        anna = Office(replace(world.profile, host=relay.host, port=relay.port)).enter("anna")
        try:
            searches = desks.searches(anna.who.may)
            anna.read(find, searches, "volt")
            with relay.counting() as count:
                anna.read(find, searches, "volt")
            assert count.round_trips <= 2, "as every reading: the answers, and the end of the transaction"
            with relay.counting() as forgiven:
                anna.read(find, searches, "vlot")
            assert forgiven.round_trips == count.round_trips + 1
        finally:
            anna.close()


@pytest.mark.parametrize(
    "text", ["Źródło-Łódź  Sp. z o.o.", "ĄĆĘŁŃÓŚŹŻ ąćęłńóśźż", "FS/KR/12/11/2026", "Müller (Søn); „x”", "a%b_c\\d", "", "3×2,5 mm²"]
)
def test_the_program_and_the_database_fold_alike(server: TestServer, world: World, text: str) -> None:
    with psycopg.connect(server.server.dsn(world.profile.database)) as connection:
        row = connection.execute("select stable.search_text(%s)", [text]).fetchone()
    assert row == (folded(text),)
