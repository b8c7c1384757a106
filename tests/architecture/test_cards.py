"""A field that was added in one place and forgotten in another: on the card, in the grants, in the select, in the service."""

import dataclasses
import importlib
import inspect
import sys
import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID
from xml.etree import ElementTree

import pytest
from PySide6.QtWidgets import QApplication

from crm_desktop.catalogue import queries as catalogue_queries
from crm_desktop.catalogue import service as catalogue
from crm_desktop.catalogue.rules.model import Item, ItemGroup, ItemKind, RatePeriod, Unit
from crm_desktop.db.connect import Profile
from crm_desktop.db.database import Database
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries as documents_queries
from crm_desktop.documents import service as documents
from crm_desktop.documents.rules.model import Kind, Method, PaymentForm
from crm_desktop.fiscal import queries as fiscal_queries
from crm_desktop.fiscal import service as fiscal
from crm_desktop.fiscal.queries import Device
from crm_desktop.organisation import queries as organisation_queries
from crm_desktop.organisation import service as organisation
from crm_desktop.organisation.rules.model import Branch, Company, NumberSeries
from crm_desktop.parties import queries as parties_queries
from crm_desktop.parties import service as parties
from crm_desktop.parties.rules.model import Address, Party, PartyGroup, PartyKind
from crm_desktop.ui.card import Card
from tests.support import office
from tests.support.house import PACKAGE, ROOT
from tests.support.postgres import TestServer

#: What no card lets a person type, with the reason.
NOT_TYPED = {
    "id": "made by the client",
    "version": "counted by the database",
    "EmployeeCard.active": "dismissal is a deed of its own",
    "WorkstationCard.active": "removal is a deed of its own",
    "KindCard.kind": "the sheet has the kind's fields beside it, and its series",
}


def _cards() -> list[type[Card[Any]]]:
    for path in sorted(PACKAGE.glob("*/views/*_card.py")):
        importlib.import_module(".".join(("crm_desktop", *path.relative_to(PACKAGE).with_suffix("").parts)))
    return sorted(Card.__subclasses__(), key=lambda card: card.__name__)


def _paths(record: Any, prefix: str = "") -> Iterator[str]:
    """The dotted paths of a frozen record's fields: "address.city"."""
    hints = typing.get_type_hints(record)
    for field in dataclasses.fields(record):
        kind = hints[field.name]
        yield from _paths(kind, f"{prefix}{field.name}.") if dataclasses.is_dataclass(kind) else [f"{prefix}{field.name}"]


@pytest.mark.parametrize("card", _cards(), ids=lambda card: card.__name__)
def test_a_card_has_every_field_of_its_record(card: type[Card[Any]]) -> None:
    """What the record has and `PATHS` does not name would be neither shown nor saved."""
    (record,) = typing.get_args(card.__orig_bases__[0])  # type: ignore[attr-defined]
    left_out = {name.rpartition(".")[2] for name in NOT_TYPED if name.partition(".")[0] in (card.__name__, name)}
    wanted = {path for path in _paths(record) if path.partition(".")[0] not in left_out}
    assert set(card.PATHS) == wanted


@pytest.mark.parametrize("card", _cards(), ids=lambda card: card.__name__)
def test_the_form_of_a_card_has_a_widget_for_every_field(card: type[Card[Any]], qapp: QApplication) -> None:
    """forms/<slice>/<view>.ui draws it, the form's class annotates it, and both mean the same kind of widget."""
    slice_, view = card.__module__.split(".")[1], card.__module__.rpartition(".")[2]
    form = ElementTree.parse(ROOT / "forms" / slice_ / f"{view}.ui")
    drawn = getattr(sys.modules[card.__module__], form.findtext("class", ""))
    wanted = {path.replace(".", "_") for path in card.PATHS}
    assert wanted - {str(widget.get("name")) for widget in form.iter("widget")} == set(), "not drawn"
    assert wanted - set(drawn.__annotations__) == set(), "not annotated"
    assert drawn(*[True for _ in inspect.signature(drawn).parameters])  # names and kinds are verified while it loads


def test_all_cards_are_looked_at() -> None:
    assert len(_cards()) > 10


# Saved and read back ------------------------------------------------------------------------------------------------

ADDRESS = Address("ul. Graniczna 14/2", "43-300", "Bielsko-Biała", "CZ")
GROUP, ITEM_GROUP = (UUID(int=number) for number in (0xB1, 0xB2))
Save: TypeAlias = Callable[..., Any]
Read: TypeAlias = Callable[..., Any]

#: A record with every field other than its default, how it is saved and how it is read.
EXAMPLES: list[tuple[Any, Save, Read]] = [
    (PartyGroup(GROUP, "Hurtownie"), parties.save_group, parties_queries.get_group),
    (
        Party(
            *(new_id(), PartyKind.PERSON, "LOS", "Łukasz Łoś", "5260250274", "", ADDRESS, "los@example.pl", "+48 33 810 00 00"),
            group_id=GROUP,
            payment_days=30,
            notes="Dzwonić po 10.",
            active=False,
        ),
        parties.save_party,
        parties_queries.get_party,
    ),
    (ItemGroup(ITEM_GROUP, None, "Światło"), catalogue.save_group, catalogue_queries.get_group),
    (
        Item(
            *(new_id(), ItemKind.SERVICE, "MONT", "Montaż", ITEM_GROUP, "8", Decimal("100.1234"), Decimal("108.13")),
            units=(Unit(new_id(), "h", Decimal(1), "9780201379624"), Unit(new_id(), "dzień", Decimal(8), "DZ-8")),
            notes="Z dojazdem.",
            active=False,
        ),
        catalogue.save_item,
        catalogue_queries.get_item,
    ),
    (
        RatePeriod(new_id(), "4", Decimal(4), date(2999, 1, 1), date(2999, 12, 31), "ryczałt"),
        catalogue.save_rate,
        catalogue_queries.get_period,
    ),
    (
        Branch(new_id(), "GD", "Gdańsk", "ul. Portowa 12", "80-001", "Gdańsk", date(2026, 10, 31), active=False),
        organisation.save_branch,
        organisation_queries.get_branch,
    ),
    (
        NumberSeries(new_id(), "FK", office.KRAKOW, "FK/{number}/{month}/{year}", "month", legal=False),
        organisation.save_series,
        organisation_queries.get_series,
    ),
    (
        Device(new_id(), office.KRAKOW, office.TILL, "Kasa 2", "posnet", "tcp://127.0.0.1:2", {"A": "8", "B": "23"}, False, 0),
        fiscal.save_device,
        fiscal_queries.get_device,
    ),
    (
        Kind(
            *(new_id(), "FG", "Faktura od brutto", "Invoice from gross", Method.GROSS),
            fiscal=True,
            buyer_required=True,
            ksef=True,
            payment=PaymentForm.CARD,
            active=False,
        ),
        lambda tx, kind: documents.save_kind(tx, kind, "FS"),
        lambda tx, key: documents_queries.get_kind(tx, key)[0],
    ),
]


@pytest.fixture
def boss(server: TestServer, fresh_database: str) -> Iterator[Database]:
    profile = Profile(server.server.host, server.server.port, fresh_database, "disable", role_prefix=office.TEMPLATE)
    desk = office.Office(profile).enter("szef")
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("record", "save", "read"), EXAMPLES, ids=lambda value: type(value).__name__ if dataclasses.is_dataclass(value) else ""
)
def test_an_example_says_something_in_every_field(record: Any, save: Save, read: Read) -> None:
    """A field with its default value would come back by itself: whoever adds a field gives the example one, too."""
    silent = [
        field.name
        for field in dataclasses.fields(record)
        if field.name not in ("version", "eu_vat")
        and field.default is not dataclasses.MISSING
        and getattr(record, field.name) == field.default
    ]
    assert silent == []


def test_what_is_saved_is_read_back(boss: Database) -> None:
    """Select, grants, insert and update know every field: a new record, and the same one changed."""
    for record, save, read in EXAMPLES:
        boss.change(_saved, save, record)
        stored: Any = boss.read(read, record.id)
        assert replace(stored, version=0) == record
        _empty(boss, save, read, stored)
    company = Company("Firma", "5260250274", "ul. Nowa 1", "30-701", "Kraków", "PL61109010140000071219812874", date(2027, 2, 1), version=1)
    boss.change(_saved, organisation.save_company, company)
    assert replace(boss.read(organisation_queries.get_company), version=1) == company


def _empty(boss: Database, save: Save, read: Read, stored: Any) -> None:
    """Take the texts that may be empty away again, by an update."""
    emptied = replace(stored, **{name: "" for name in ("notes", "phone", "email", "street") if hasattr(stored, name)})
    boss.change(_saved, save, emptied)
    assert replace(boss.read(read, stored.id), version=stored.version) == emptied


def _saved(tx: Transaction, save: Save, record: Any) -> None:
    save(tx, record)
