"""The card of a company or a person: who she is, where she is, how she pays. Tabs are what upper slices contribute."""

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QTabWidget, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.identifiers import clean_eu_vat
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.parties import queries, service
from crm_desktop.parties.rules.check import check
from crm_desktop.parties.rules.model import Party, PartyGroup, PartyKind
from crm_desktop.ui import forms, keys
from crm_desktop.ui.card import Card
from crm_desktop.ui.fields import ComboField, DecimalField, NipField, TextField
from crm_desktop.ui.window import Window

CARD = "parties.party"


class PartyForm(QWidget):
    """The widgets."""

    kind: ComboField
    code: TextField
    name: TextField
    nip: NipField
    eu_vat: TextField
    group_id: ComboField
    address_street: TextField
    address_post_code: TextField
    address_city: TextField
    address_country: TextField
    email: TextField
    phone: TextField
    payment_days: DecimalField
    active: QCheckBox
    notes: QPlainTextEdit

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "parties/party_card")
        self.kind.set_choices([(PartyKind.COMPANY, _("company")), (PartyKind.PERSON, _("private person"))])
        self.eu_vat.edited.connect(lambda value: self.eu_vat.setText(clean_eu_vat(value or "")))
        self.address_country.edited.connect(lambda value: self.address_country.setText(str(value or "").upper()))


class PartyCard(Card[Party]):
    """See the module."""

    PATHS = (
        "kind",
        "code",
        "name",
        "nip",
        "eu_vat",
        "group_id",
        "address.street",
        "address.post_code",
        "address.city",
        "address.country",
        "email",
        "phone",
        "payment_days",
        "active",
        "notes",
    )
    TABLE, PERMISSION, ICON = "parties.party", "parties.save_party", "users"

    def __init__(self, window: Window, new: Party | None, key: UUID | None) -> None:
        self._form = PartyForm()
        super().__init__(window, self._form, new, key)
        self.setObjectName("party_card")
        self._form.kind.edited.connect(self._kind_chosen)
        self._tabs(window)

    def read_record(self, tx: Transaction, key: UUID | None) -> Party:
        """The card."""
        assert key is not None
        return queries.get_party(tx, key)

    def read_choices(self, tx: Transaction) -> list[PartyGroup]:
        """The groups."""
        return queries.list_groups(tx)

    def take_choices(self, choices: list[PartyGroup]) -> None:
        """Offer the groups."""
        self._form.group_id.set_choices([(None, _("none")), *((group.id, group.name) for group in choices)])

    def store(self, tx: Transaction, value: Party) -> Any:
        """Save it."""
        return service.save_party(tx, value)

    def check(self, value: Party) -> list[Problem]:
        """By the rules of parties."""
        return check(value)

    def title_of(self, value: Party) -> str:
        """Its name."""
        return value.name or _("New party")

    def state_of(self, value: Party) -> tuple[str, str]:
        """What is no longer in use says so."""
        return ("", "") if value.active else (_("not in use"), "neutral")

    def shown(self, value: Party) -> None:
        """A person has no EU VAT number."""
        self._kind_chosen(value.kind)

    def _kind_chosen(self, kind: PartyKind) -> None:
        company = kind is PartyKind.COMPANY
        self._form.eu_vat.setEnabled(company or bool(self._form.eu_vat.text()))
        self._form.eu_vat.setToolTip("" if company else _("A private person has no EU VAT number"))

    def _tabs(self, window: Window) -> None:
        contributed = window.tabs(CARD)
        if not contributed or self.key is None:
            return
        tabs = QTabWidget()
        tabs.setObjectName("party_tabs")
        self.column.replaceWidget(self._scroll, tabs)
        tabs.addTab(self._scroll, _("Card"))
        layout = self._form.layout()
        if layout is not None:
            layout.setContentsMargins(14, 12, 14, 10)  # under the line of the tabs, not under the title
        for tab in contributed:
            tabs.addTab(tab.make(window, self.key), _(tab.title))
        tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tabs.currentChanged.connect(lambda _place: tabs.currentWidget().setFocus())
        for key, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            keys.bind(self, key, partial(_turn, tabs, step))


def _turn(tabs: QTabWidget, step: int) -> None:
    tabs.setCurrentIndex((tabs.currentIndex() + step) % tabs.count())


def open_party(window: Window, id: UUID | None) -> None:
    """The card of a party beside the list; None: a new one."""
    new = Party(new_id()) if id is None else None
    key = new.id if new is not None else id
    again = (lambda: open_party(window, id)) if id is not None else None
    window.open_card(f"{CARD}:{key}", _(N_("New party")), "users", lambda: PartyCard(window, new, id), again=again)
