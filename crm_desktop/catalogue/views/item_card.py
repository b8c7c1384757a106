"""The card of goods or a service: prices, VAT, group, units and packages with bar codes; the cost only with the right to see it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QWidget

from crm_desktop.catalogue import queries, service
from crm_desktop.catalogue.rules.check import check
from crm_desktop.catalogue.rules.model import Item, ItemGroup, ItemKind, Unit, VatRate
from crm_desktop.catalogue.rules.tree import group_paths
from crm_desktop.catalogue.views.cost_sheet import CostSheet
from crm_desktop.catalogue.views.units_table import UnitsTable
from crm_desktop.core.i18n import NBSP, _, day, price
from crm_desktop.core.problem import Problem
from crm_desktop.core.vat import from_gross, from_net
from crm_desktop.db.keys import new_id
from crm_desktop.db.transaction import Transaction
from crm_desktop.ui import clock, feed, forms, tasks
from crm_desktop.ui.card import Card
from crm_desktop.ui.fields import ComboField, MoneyField, PriceField, TextField
from crm_desktop.ui.widgets.parts import button, label
from crm_desktop.ui.window import Window

CARD = "catalogue.item"
SEE_COST, SAVE_COST = "catalogue.see_cost", "catalogue.save_cost"


@dataclass(frozen=True)
class Choices:
    """What an item may belong to and be taxed with."""

    groups: tuple[ItemGroup, ...]
    rates: tuple[VatRate, ...]


class ItemForm(QWidget):
    """The widgets."""

    kind: ComboField
    code: TextField
    name: TextField
    group_id: ComboField
    vat: ComboField
    net_price: PriceField
    gross_price: MoneyField
    units: UnitsTable
    active: QCheckBox
    notes: QPlainTextEdit

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "catalogue/item_card")
        self.kind.set_choices([(ItemKind.GOODS, _("goods")), (ItemKind.SERVICE, _("service"))])


class ItemCard(Card[Item]):
    """See the module."""

    PATHS = ("kind", "code", "name", "group_id", "vat", "net_price", "gross_price", "units", "active", "notes")
    TABLE, PERMISSION, ICON = "catalogue.item", "catalogue.save_item", "package"

    def __init__(self, window: Window, new: Item | None, key: UUID | None) -> None:
        self._form = ItemForm()
        self._rates: tuple[VatRate, ...] = ()
        super().__init__(window, self._form, new, key)
        self.setObjectName("item_card")
        self._form.net_price.edited.connect(self._net_typed)
        self._form.gross_price.edited.connect(self._gross_typed)
        self._form.units.edited.connect(lambda _value: self._field_edited())
        if window.may(SEE_COST) and key is not None:
            self._show_cost_line(window)

    def read_record(self, tx: Transaction, key: UUID | None) -> Item:
        """The card with its units."""
        assert key is not None
        return queries.get_item(tx, key)

    def read_choices(self, tx: Transaction) -> Choices:
        """Groups and rates."""
        return Choices(tuple(queries.list_groups(tx)), tuple(queries.list_rates(tx)))

    def take_choices(self, choices: Choices) -> None:
        """Offer the groups by their paths and the rates that hold today."""
        self._rates = choices.rates
        paths = group_paths(choices.groups)
        self._form.group_id.set_choices([(None, _("none")), *paths.items()])

    def prepare(self, value: Item) -> None:
        """A rate that no longer holds is offered only to the item that has it."""
        today = clock.today()
        known: dict[str, VatRate] = {}
        for rate in self._rates:
            if rate.holds_on(today) or (rate.code == value.vat and rate.code not in known):
                known[rate.code] = rate
        self._form.vat.set_choices([(code, _rate_words(rate)) for code, rate in known.items()])

    def store(self, tx: Transaction, value: Item) -> Any:
        """Save it."""
        return service.save_item(tx, value)

    def check(self, value: Item) -> list[Problem]:
        """By the rules of the catalogue."""
        return check(value, self._rates)

    def title_of(self, value: Item) -> str:
        """Its name."""
        return value.name or _("New item")

    def state_of(self, value: Item) -> tuple[str, str]:
        """What is no longer in use says so."""
        return ("", "") if value.active else (_("not in use"), "neutral")

    # ---- prices ----
    def _percent(self) -> Decimal | None:
        code, today = self._form.vat.value(), clock.today()
        return next((rate.percent for rate in self._rates if rate.code == code and rate.holds_on(today)), None)

    def _net_typed(self, net: Decimal | None) -> None:
        """The gross price follows the net one; it may be changed afterwards."""
        if net is not None:
            self._form.gross_price.set_value(from_net(net, self._percent() or Decimal(0)).gross)
            self._field_edited()

    def _gross_typed(self, gross: Decimal | None) -> None:
        """The net price follows the gross one only where there was none."""
        if gross is not None and not self._form.net_price.value():
            self._form.net_price.set_value(from_gross(gross, self._percent() or Decimal(0)).net)
            self._field_edited()

    # ---- cost ----
    def _show_cost_line(self, window: Window) -> None:
        self._cost = label("", "muted")
        self._cost.setObjectName("item_cost")
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(14, 4, 14, 6)
        line.addWidget(self._cost)
        if window.may(SAVE_COST):
            line.addWidget(button(_("New purchase price…"), self._new_cost, kind="link"))
        line.addStretch(1)
        self.column.insertWidget(2, holder)
        feed.watch(self, "catalogue.purchase_price", lambda _ids: self._read_cost())
        self._read_cost()

    def _read_cost(self) -> None:
        if self.key is not None:
            tasks.read(self, queries.list_costs, self.key, then=self._show_cost)

    def _show_cost(self, costs: list[tuple[date, Decimal]]) -> None:
        now = next(((since, cost) for since, cost in costs if since <= clock.today()), None)
        if now is None:
            self._cost.setText(_("No purchase price yet"))
        else:
            text = _("Purchase price {price} zł net, since {day}")
            self._cost.setText(text.format(price=price(now[1]), day=day(now[0])))

    def _new_cost(self) -> None:
        assert self.key is not None
        sheet = CostSheet(self, self.key, self.title_of(self.value()))
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()


def _rate_words(rate: VatRate) -> str:
    return f"{rate.code}{NBSP}%" if rate.code.isdigit() else f"{rate.code} – {rate.name}" if rate.name else rate.code


def open_item(window: Window, id: UUID | None) -> None:
    """The card of an item beside the list; None: a new one, in pieces."""
    new = Item(new_id(), units=(Unit(new_id(), _("pcs"), Decimal(1)),)) if id is None else None
    key = new.id if new is not None else id
    again = (lambda: open_item(window, id)) if id is not None else None
    window.open_card(f"{CARD}:{key}", _("New item"), "package", lambda: ItemCard(window, new, id), again=again)
