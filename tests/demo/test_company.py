"""The demo company: whole by every invariant, valid by the same rules as typed data, and ready to sell."""

import random
import secrets
from collections.abc import Iterator
from datetime import date, datetime

import psycopg
import pytest

from crm_desktop.catalogue.queries import list_rates
from crm_desktop.catalogue.rules import check as catalogue
from crm_desktop.core.identifiers import ean_valid
from crm_desktop.core.period import WARSAW
from crm_desktop.core.problem import errors_of
from crm_desktop.db.connect import Profile
from crm_desktop.demo import goods, parties
from crm_desktop.demo.company import ADMINISTRATOR, SELLER, SMALL, Demo, make_company
from crm_desktop.demo.numbers import Numbers
from crm_desktop.documents import queries, service
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import check, percents
from crm_desktop.parties.rules import check as parties_check
from tests.support import office
from tests.support.postgres import TestServer
from tests.support.proving import broken

MADE, FIRST = datetime(2024, 10, 31, 9, tzinfo=WARSAW), date(2024, 11, 1)


@pytest.fixture(scope="module")
def demo(server: TestServer) -> Iterator[Demo]:
    name = f"demo_{secrets.token_hex(4)}"
    yield make_company(
        Profile(server.server.host, server.server.port, "postgres", "disable"), server.server.superuser, server.server.password, name, SMALL
    )
    server.drop(name)


@pytest.fixture
def owner(server: TestServer, demo: Demo) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """The superuser, past the triggers; whatever she does is rolled back."""
    with psycopg.connect(server.server.dsn(demo.profile.database)) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection
        connection.rollback()


def test_every_invariant_holds(owner: "psycopg.Connection[tuple[object, ...]]") -> None:
    """The mass load left what the guarded functions would have left."""
    assert broken(owner) == {}


def test_documents_read_back_as_the_rules_count_them(demo: Demo) -> None:
    """ARC-08: to the grosz, and nothing in them that the editor would refuse."""
    boss = demo.enter(ADMINISTRATOR)
    try:
        rates = boss.read(list_rates)
        ids = boss.read(lambda tx: tx.call("search_documents", "").all())
        assert len(ids) == SMALL.documents + SMALL.drafts
        for key in ids:
            stored = boss.read(queries.get_document, key)
            draft = stored.draft
            assert totals(draft, percents(rates, draft.sale_date)) == stored.totals
            assert errors_of(check(draft, rates, draft.issue_date)) == []
    finally:
        boss.close()


def test_a_seller_goes_on_where_the_history_ends(demo: Demo, owner: "psycopg.Connection[tuple[object, ...]]") -> None:
    """NBR-07, ARC-05: she sees her branch only, and the next number follows."""
    seller = demo.enter(SELLER)
    try:
        assert len(seller.who.branches) == 1
        draft = office.draft_of(seller, "FS", code=first_code(owner), buyer="sp")
        issued = seller.change(service.issue_invoice, draft)
        day = draft.issue_date
        last = owner.execute("select count(*) from documents.document where number like %s", [f"FS/KRA/%/{day:%m}/{day.year}"]).fetchone()
        assert last is not None
        assert issued.number == f"FS/KRA/{last[0]}/{day:%m}/{day.year}"
        foreign = owner.execute("select id from documents.document where branch_id <> %s limit 1", [draft.branch_id]).fetchone()
        assert foreign is not None
        assert seller.read(lambda tx: tx.call("search_documents", "").all()).count(foreign[0]) == 0
    finally:
        seller.close()


def first_code(owner: "psycopg.Connection[tuple[object, ...]]") -> str:
    row = owner.execute("select barcode from catalogue.item_unit where factor = 1 and barcode is not null limit 1").fetchone()
    assert row is not None
    return str(row[0])


def test_invented_people_and_goods_are_valid() -> None:
    """NIP, EU VAT numbers, post codes and EAN codes pass the checks that typed ones pass (BAR-02: codes are unique)."""
    chance = random.Random(7)
    numbers = Numbers(chance)
    groups = parties.groups(numbers, MADE)
    people = parties.parties(2000, groups, chance, numbers, MADE)
    assert [(party, problems) for party in people if (problems := parties_check.check(party))] == []
    assert len({party.code for party in people}) == 2000
    assert any(party.eu_vat for party in people)
    stocked = goods.items(5000, goods.groups(numbers, MADE), chance, numbers, FIRST, MADE)
    assert len({s.item.code for s in stocked}) == len({s.item.name for s in stocked}) == 5000
    assert [s.item for s in stocked if catalogue.check(s.item)] == []
    codes = [unit.barcode for s in stocked for unit in s.item.units if unit.barcode]
    assert len(set(codes)) == len(codes) > 7000
    assert all(map(ean_valid, codes))


def test_one_seed_gives_one_company() -> None:
    def made(seed: int) -> list[object]:
        chance = random.Random(seed)
        numbers = Numbers(chance)
        people = parties.parties(50, parties.groups(numbers, MADE), chance, numbers, MADE)
        return [*people, *goods.items(50, goods.groups(numbers, MADE), chance, numbers, FIRST, MADE)]

    assert made(1) == made(1)
    assert made(1) != made(2)
