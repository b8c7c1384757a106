"""The kinds of documents: their list and their cards (SAL-04)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.db.keys import new_id
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import Transaction
from crm_desktop.documents import queries, service
from crm_desktop.documents.queries import KindRow
from crm_desktop.documents.rules.kinds import check_kind, check_series_code
from crm_desktop.documents.rules.model import Kind, Method, PaymentForm
from crm_desktop.ui import forms
from crm_desktop.ui.card import Card
from crm_desktop.ui.delegates import CellStyle
from crm_desktop.ui.delegates import Kind as Cells
from crm_desktop.ui.fields import ComboField, TextField
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.register import Register
from crm_desktop.ui.window import Window

SAVE = "documents.save_kind"


def _unused(row: KindRow) -> CellStyle | None:
    return None if row.active else CellStyle(kind=Cells.MUTED)


KIND_LIST = Listing(
    name="documents.kinds",
    title=N_("Kinds of documents"),
    source=queries.KINDS,
    columns=(
        Column("code", N_("Code"), Cells.IDENTIFIER, 90, style=_unused),
        Column("name", N_("Name"), stretch=True, width=200, style=_unused),
        Column("series", N_("Series"), width=90),
        Column("method", N_("VAT from"), width=100, choices=(Choice("net", N_("net")), Choice("gross", N_("gross")))),
        Column("fiscal", N_("Receipt"), Cells.CHECK, 84),
        Column("buyer_required", N_("Buyer"), Cells.CHECK, 84),
        Column("ksef", N_("KSeF"), Cells.CHECK, 70),
        Column("active", N_("In use"), Cells.CHECK, 76),
    ),
    default_sort=(Sort("code"),),
    table="documents.kind",
    new=N_("New"),
    empty_icon="template",
    searchable=False,
)


class KindBrowser(Register):
    """The kinds."""

    def __init__(self, window: Window) -> None:
        super().__init__(window, KIND_LIST, open_kind, SAVE)


@dataclass(frozen=True)
class KindSheet:
    """A kind with the code of its series, as the card edits it."""

    kind: Kind
    series: str
    code: str = ""
    name: str = ""
    name_en: str = ""
    method: Method = Method.NET
    payment: PaymentForm = PaymentForm.TRANSFER
    fiscal: bool = False
    buyer_required: bool = True
    ksef: bool = False
    active: bool = True

    def to_kind(self) -> Kind:
        """The kind as it is to be stored."""
        return replace(
            self.kind,
            code=self.code,
            name=self.name,
            name_en=self.name_en,
            method=self.method,
            payment=self.payment,
            fiscal=self.fiscal,
            buyer_required=self.buyer_required,
            ksef=self.ksef,
            active=self.active,
        )


def sheet_of(kind: Kind, series: str) -> KindSheet:
    """A stored kind as the card edits it."""
    return KindSheet(
        kind,
        series,
        kind.code,
        kind.name,
        kind.name_en,
        kind.method,
        kind.payment,
        kind.fiscal,
        kind.buyer_required,
        kind.ksef,
        kind.active,
    )


class KindForm(QWidget):
    """The widgets."""

    code: TextField
    name: TextField
    name_en: TextField
    series: TextField
    method: ComboField
    payment: ComboField
    fiscal: QCheckBox
    buyer_required: QCheckBox
    ksef: QCheckBox
    active: QCheckBox

    def __init__(self) -> None:
        super().__init__()
        forms.load(self, "documents/kind_card")
        self.method.set_choices([(Method.NET, _("net prices")), (Method.GROSS, _("gross prices"))])
        self.payment.set_choices([(PaymentForm.CASH, _("cash")), (PaymentForm.CARD, _("card")), (PaymentForm.TRANSFER, _("bank transfer"))])
        self.fiscal.toggled.connect(self._fiscal_chosen)

    def _fiscal_chosen(self, fiscal: bool) -> None:
        """A fiscal printer counts from gross prices, so there is nothing to choose."""
        if fiscal:
            self.method.set_value(Method.GROSS)
        self.method.setEnabled(not fiscal)
        self.method.setToolTip(_("A fiscal printer counts from gross prices") if fiscal else "")


class KindCard(Card[KindSheet]):
    """See the module."""

    PATHS = ("code", "name", "name_en", "series", "method", "payment", "fiscal", "buyer_required", "ksef", "active")
    TABLE, PERMISSION, ICON = "documents.kind", SAVE, "template"

    def __init__(self, window: Window, new: KindSheet | None, key: UUID | None) -> None:
        super().__init__(window, KindForm(), new, key)
        self.setObjectName("kind_card")

    def read_record(self, tx: Transaction, key: UUID | None) -> KindSheet:
        """The kind and its series."""
        assert key is not None
        return sheet_of(*queries.get_kind(tx, key))

    def store(self, tx: Transaction, value: KindSheet) -> Any:
        """Save it."""
        return service.save_kind(tx, value.to_kind(), value.series)

    def check(self, value: KindSheet) -> list[Problem]:
        """By the rules of kinds; its series has a code."""
        return check_kind(value.to_kind()) + check_series_code(value.series)

    def title_of(self, value: KindSheet) -> str:
        """Its name."""
        return value.name or _("New kind")

    def key_of(self, value: KindSheet) -> UUID | None:
        """The kind's."""
        return value.kind.id

    def state_of(self, value: KindSheet) -> tuple[str, str]:
        """What is no longer in use says so."""
        return ("", "") if value.active else (_("not in use"), "neutral")


def open_kind(window: Window, id: UUID | None) -> None:
    """The card of a kind; None: a new one."""
    blank = Kind(new_id(), "", "", "", Method.NET, fiscal=False, buyer_required=True)
    new = sheet_of(blank, "") if id is None else None
    key = blank.id if id is None else id
    window.open_card(f"documents.kind:{key}", _("New kind"), "template", lambda: KindCard(window, new, id))
