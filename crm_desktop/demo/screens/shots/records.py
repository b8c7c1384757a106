"""Parties and items: lists, cards, groups, and two people who change the same card."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QTabWidget, QWidget

from crm_desktop.catalogue import service as catalogue_service
from crm_desktop.catalogue.queries import get_period, list_groups, list_periods
from crm_desktop.catalogue.rules.model import RatePeriod
from crm_desktop.catalogue.rules.rates import percent_of
from crm_desktop.catalogue.views.cost_sheet import CostSheet
from crm_desktop.catalogue.views.group_card import open_group as open_item_group
from crm_desktop.catalogue.views.item_card import open_item
from crm_desktop.catalogue.views.rate_card import open_rate
from crm_desktop.core.i18n import _
from crm_desktop.db.database import log_in
from crm_desktop.db.keys import new_id
from crm_desktop.demo.company import PASSWORD
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import Studio
from crm_desktop.modules import reactions
from crm_desktop.parties import queries as parties
from crm_desktop.parties import service as party_service
from crm_desktop.parties.views.group_card import open_group
from crm_desktop.parties.views.party_card import PartyCard, open_party
from crm_desktop.ui import clock
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.card import Card
from crm_desktop.ui.widgets.conflict import ConflictDialog
from crm_desktop.ui.widgets.dialogs import Question
from crm_desktop.ui.window import Window


def register(studio: Studio, login: str, dock: str) -> Browser:
    """A fresh desk with one list in front, its first page there."""
    studio.log_in(login)
    studio.fresh_desk()
    widget = studio.desk.open_dock(dock)
    assert widget is not None
    browser = widget if isinstance(widget, Browser) else widget.findChild(Browser)
    assert isinstance(browser, Browser)
    studio.until(lambda: browser.model.exact, f"the list {dock}")
    studio.settle()
    return browser


def card(studio: Studio, open_card: Callable[[Window, UUID | None], object], id: UUID | None) -> "Card[object]":
    """A card beside the list, with its record in it."""
    open_card(studio.desk, id)
    found: Card[object] = studio.seen(Card)
    studio.until(found.is_ready, "the record on its card")
    studio.settle()
    return found


def party_list(studio: Studio) -> None:
    """The list of parties, and the search in it."""
    browser = register(studio, studio.order.seller, "parties.parties")
    browser.focus_rows()
    studio.press("Down", "Down")
    studio.picture("parties-list")
    browser.search.setFocus()
    studio.type("elektro")
    studio.wait(300)
    studio.settle()
    studio.picture("parties-list-search")


def party_card(studio: Studio) -> None:
    """A party, its documents, a new one with problems, and the question before something typed is lost."""
    register(studio, studio.order.seller, "parties.parties")
    made = card(studio, open_party, studio.order.scene.party)
    studio.picture("parties-card")
    tabs = made.findChild(QTabWidget, "party_tabs")
    if isinstance(tabs, QTabWidget) and tabs.count() > 1:
        tabs.setCurrentIndex(1)
        studio.settle()
        studio.picture("parties-card-documents")
    register(studio, studio.order.seller, "parties.parties")
    made = card(studio, open_party, None)
    _put(made, {"name": "Elektromontaż Gąsior 😀", "nip": "123-456-78-90", "address_post_code": "30-70", "email": "biuro@@volt"})
    made.save()
    studio.settle()
    studio.picture("parties-card-problems")
    studio.over(made.leave, "parties-card-unsaved")


def conflict(studio: Studio) -> None:
    """A colleague saved the card meanwhile: what she changed, what I changed, what will stand."""
    register(studio, studio.order.seller, "parties.parties")
    made = card(studio, open_party, studio.order.scene.party)
    assert isinstance(made, PartyCard)
    boss = log_in(studio.order.profile, studio.order.administrator, PASSWORD, reactions())
    try:
        before = boss.read(parties.get_party, studio.order.scene.party)
        _put(made, {"phone": "+48 33 812 40 18", "payment_days": "14", "email": "faktury@volt.example"})
        studio.settle()
        theirs = replace(before, phone="+48 33 812 40 19", payment_days=21, notes="Dostawy tylko przed południem.")
        boss.change(party_service.save_party, theirs)
        studio.settle()
        made.save()
        dialog = studio.seen(ConflictDialog)
        studio.settle()
        studio.picture("parties-conflict")
        dialog.choose("phone", "mine")
        studio.settle()
        studio.picture("parties-conflict-one-left")
        dialog.reject()
        studio.settle()
        now = boss.read(parties.get_party, studio.order.scene.party)
        boss.change(party_service.save_party, replace(before, version=now.version))
    finally:
        boss.close()


def party_group(studio: Studio) -> None:
    """The groups of parties, and a new one."""
    register(studio, studio.order.administrator, "parties.groups")
    card(studio, open_group, None)
    studio.picture("parties-group")


def item_list(studio: Studio) -> None:
    """The list of items."""
    browser = register(studio, studio.order.seller, "catalogue.items")
    browser.focus_rows()
    studio.press("Down")
    studio.picture("catalogue-list")


def item_card(studio: Studio) -> None:
    """An item as an administrator sees it, a new one with problems, and as a seller may only look at it."""
    register(studio, studio.order.administrator, "catalogue.items")
    card(studio, open_item, studio.order.scene.item)
    studio.picture("catalogue-card")
    register(studio, studio.order.administrator, "catalogue.items")
    made = card(studio, open_item, None)
    _put(made, {"name": "Żarówka LED E27 9 W 806 lm"})
    made.save()
    studio.settle()
    studio.picture("catalogue-card-problems")
    register(studio, studio.order.seller, "catalogue.items")
    card(studio, open_item, studio.order.scene.item)
    studio.picture("catalogue-card-read-only")


def cost(studio: Studio) -> None:
    """What an item costs, for whoever may see it."""
    register(studio, studio.order.administrator, "catalogue.items")
    made = card(studio, open_item, studio.order.scene.item)
    next(each for each in made.findChildren(QPushButton) if each.text() == _("New purchase price…")).click()
    dialog = studio.seen(CostSheet)
    studio.settle()
    studio.picture("catalogue-cost")
    dialog.reject()


def item_group(studio: Studio) -> None:
    """The tree of groups and one of them."""
    register(studio, studio.order.administrator, "catalogue.groups")
    assert studio.session is not None
    groups = studio.session.database.read(list_groups)
    card(studio, open_item_group, next(group.id for group in groups if group.parent_id is not None))
    studio.picture("catalogue-group")


def rates(studio: Studio) -> None:
    """The VAT rates: one that holds, a new one with problems, one to come and the question before it is removed."""
    register(studio, studio.order.administrator, "catalogue.rates")
    assert studio.session is not None
    database = studio.session.database
    card(studio, open_rate, next(period.id for period in database.read(list_periods) if period.code == "23"))
    studio.picture("catalogue-rate")
    register(studio, studio.order.administrator, "catalogue.rates")
    made = card(studio, open_rate, None)
    _put(made, {"code": "23", "valid_from": "2027-01-01", "valid_to": "2026-12-31"})
    made.save()
    studio.settle()
    studio.picture("catalogue-rate-problems")
    name = "podatek rozlicza nabywca"
    planned = RatePeriod(new_id(), "oo", percent_of("oo"), clock.today() + timedelta(38), None, name)
    database.change(catalogue_service.save_rate, planned)
    register(studio, studio.order.administrator, "catalogue.rates")
    made = card(studio, open_rate, planned.id)
    made.findChild(QPushButton, "remove_rate").click()  # type: ignore[union-attr]
    question = studio.seen(Question, "remove_question")
    studio.picture("catalogue-rate-remove")
    question.reject()
    database.change(catalogue_service.remove_rate, database.read(get_period, planned.id))


def _put(made: "Card[Any]", texts: dict[str, str]) -> None:
    """Type into fields by name; each is left before the next."""
    for name, text in texts.items():
        field = made.form.findChild(QWidget, name)
        assert field is not None, name
        field.setText(text)  # type: ignore[attr-defined]
        settle = getattr(field, "settle", None)
        if settle is not None:
            settle()


SHOTS = (
    Shot(party_list, ("parties-list", "parties-list-search"), fast=True),
    Shot(party_card, ("parties-card", "parties-card-documents", "parties-card-problems", "parties-card-unsaved"), fast=True),
    Shot(conflict, ("parties-conflict", "parties-conflict-one-left")),
    Shot(party_group, ("parties-group",)),
    Shot(item_list, ("catalogue-list",)),
    Shot(item_card, ("catalogue-card", "catalogue-card-problems", "catalogue-card-read-only")),
    Shot(cost, ("catalogue-cost",)),
    Shot(item_group, ("catalogue-group",)),
    Shot(rates, ("catalogue-rate", "catalogue-rate-problems", "catalogue-rate-remove")),
)
