"""Who did what with a document, and when: the newest act first, each change as what it was → what it is. Only to be read."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QVBoxLayout, QWidget

from crm_desktop.core.i18n import N_, NBSP, _, day, decimal, money, ngettext, price
from crm_desktop.documents.queries import list_history
from crm_desktop.documents.rules.model import HistoryEntry, PaymentForm
from crm_desktop.documents.rules.story import Act, Change, acts_of
from crm_desktop.documents.views.line_model import rate_text
from crm_desktop.documents.views.problem_links import name_of
from crm_desktop.ui import feed, keys, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import STYLE, CellStyle, GridDelegate, Kind
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.parts import WrapLabel, label, rule
from crm_desktop.ui.widgets.states import StateView

Index = QModelIndex | QPersistentModelIndex
#: kind and width at 100 % of moment, person, act; the last one takes what is left. A change takes the whole row.
COLUMNS = ((Kind.STRONG, 136), (Kind.STRONG, 180), (Kind.PILL, 0))
#: What an act is called, and the tone of its pill.
ACTS = {
    "entered": (N_("entered"), "neutral"),
    "changed": (N_("changed"), "neutral"),
    "sealed": (N_("sent to the printer"), "violet"),
    "issued": (N_("was issued"), "info"),
    "returned": (N_("a draft again"), "warning"),
}
_CHANGE = CellStyle(kind=Kind.TEXT)
_NAMES = {
    "number": N_("number"),
    "buyer.eu_vat": N_("EU VAT number"),
    "buyer.address": N_("buyer's address"),
    "gross": N_("gross"),
}
_PAYMENTS = {PaymentForm.CASH: N_("cash"), PaymentForm.CARD: N_("card"), PaymentForm.TRANSFER: N_("bank transfer")}


def change_text(change: Change) -> str:
    """One change in people's words: "line 6, price: 12,00 → 11,50"."""
    if change.line is not None:
        cells, where = change.line, name_of(change.field)
        goods = f"{cells['name'] or cells['code']}, {decimal(Decimal(cells['quantity']))}{NBSP}{cells['unit']}"
        goods += f" × {price(Decimal(cells['price']))}"
        return (_("{line} added: {goods}") if change.now else _("{line} taken out: {goods}")).format(line=where, goods=goods)
    name = _(_NAMES[change.field]) if change.field in _NAMES else name_of(change.field)
    was, now = _value(change.field, change.was), _value(change.field, change.now)
    if not was:
        return f"{name}: {now}"
    return f"{name}: {was} → {now or _('(empty)')}"


def _value(path: str, stored: str) -> str:
    """A stored text as people write it."""
    word = path.rpartition(".")[2]
    if not stored:
        return ""
    if path in ("issue_date", "sale_date", "due_date"):
        return day(date.fromisoformat(stored))
    if path == "payment":
        return _(_PAYMENTS[PaymentForm(stored)])
    if path == "gross":
        return money(Decimal(stored))
    if path.startswith("lines."):
        match word:
            case "quantity":
                return decimal(Decimal(stored))
            case "price":
                return price(Decimal(stored))
            case "discount":
                return f"{decimal(Decimal(stored))}{NBSP}%"
            case "vat":
                return rate_text(stored, Decimal(0))
    return " ".join(stored.split())


class HistoryModel(QAbstractTableModel):
    """A row for each act, and one below it for each of its changes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Act, str]] = []

    def show_acts(self, acts: Sequence[Act]) -> None:
        """Show these acts."""
        self.beginResetModel()
        self._rows = [(act, text) for act in acts for text in ("", *map(change_text, act.changes))]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Acts and changes."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """When, who, act; a change has only the first."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain values; the look of a change and of a pill; for a screen reader each row whole."""
        act, text = self._rows[index.row()]
        word, tone = ACTS[act.act]
        if role == Qt.ItemDataRole.DisplayRole:
            cells: tuple[datetime | str, ...] = (text, "", "") if text else (act.at, act.who, _(word))
            return cells[index.column()]
        if role == STYLE:
            return _CHANGE if text else CellStyle(tone=tone) if index.column() == 2 else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.sentence(index.row())
        return None

    def is_change(self, row: int) -> bool:
        """Whether this row tells a change."""
        return bool(self._rows[row][1])

    def sentence(self, row: int) -> str:
        """A row in full."""
        act, text = self._rows[row]
        at = f"{day(act.at.date())} {act.at:%H:%M:%S}"
        return f"{at}, {act.who}, {_(ACTS[act.act][0])}" + (f"\n{text}" if text else "")


class HistoryView(QTableView):
    """The rows. Home and End go to the newest and the oldest."""

    def __init__(self, model: HistoryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("history_rows")
        self.setAccessibleName(_("History of the document"))
        self._model = model
        self.setModel(model)
        self.setItemDelegate(GridDelegate(self, [kind for kind, _width in COLUMNS], ring=False))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        look.current().follow(self, self._restyle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End by rows; there is nothing to go through in a row."""
        row = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: self._model.rowCount() - 1}.get(Qt.Key(event.key()))
        if row is not None and row >= 0 and not event.modifiers():
            self.stand(row)
        else:
            super().keyPressEvent(event)

    def stand(self, row: int) -> None:
        """Stand on a row."""
        act = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(row, 0), act)

    def spread_changes(self) -> None:
        """A change takes its whole row."""
        self.clearSpans()
        for row in range(self._model.rowCount()):
            if self._model.is_change(row):
                self.setSpan(row, 0, 1, len(COLUMNS))

    def _restyle(self) -> None:
        theme = look.current()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.size("row"))
        for section, (_kind, width) in enumerate(COLUMNS):
            if width:
                self.setColumnWidth(section, theme.scaled(width))


class DocumentHistory(QWidget):
    """The dock: how many acts, the rows, and below the row one stands on in full, however long it is."""

    closed = Signal()

    def __init__(self, id: UUID) -> None:
        super().__init__()
        self.setObjectName("document_history")
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._id = id
        self.model = HistoryModel(self)
        self.view = HistoryView(self.model, self)
        self.count = label("", "caption")
        self.count.setObjectName("history_count")
        self.whole = WrapLabel("")
        self.whole.setObjectName("history_whole")
        self.whole.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.empty = StateView(
            "history",
            _("No history yet"),
            _("Nothing was changed so far. From the next save on, who changed what and when is kept here."),
        )
        self._pages = QStackedWidget()
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(_inset(self.count))
        column.addWidget(rule())
        column.addWidget(self.view, 1)
        column.addWidget(rule())
        column.addLayout(_inset(self.whole))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        for page in (rows, self.empty):
            self._pages.addWidget(page)
        self._pages.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view.selectionModel().currentRowChanged.connect(lambda now, _before: self._say(now.row()))
        keys.bind(self, "Escape", self.closed.emit)
        feed.watch(self, "documents.document", lambda ids: self.refresh() if ids is None or id in ids else None)
        self.refresh()

    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        return [FKey("Escape", _("Close"), self.closed.emit, right=True)]

    def refresh(self) -> None:
        """Read it (again)."""
        tasks.read(self, list_history, self._id, then=self._show)

    def _show(self, entries: list[HistoryEntry]) -> None:
        acts, stood = acts_of(entries), self.view.currentIndex().row()
        self.model.show_acts(acts)
        self.view.spread_changes()
        self.count.setText(ngettext("{count} act, the newest first", "{count} acts, the newest first", len(acts)).format(count=len(acts)))
        self._pages.setCurrentIndex(0 if acts else 1)
        self._pages.show()
        if acts:
            self.view.stand(min(max(0, stood), self.model.rowCount() - 1))
        if self.hasFocus():
            self._hand_on(Qt.FocusReason.OtherFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here from the first moment, so that Escape closes it; as soon as there are rows it is in them."""
        super().focusInEvent(event)
        self._hand_on(event.reason())

    def _hand_on(self, reason: Qt.FocusReason) -> None:
        if self.view.isVisible():
            self.view.setFocus(reason)

    def _say(self, row: int) -> None:
        self.whole.setText(self.model.sentence(row) if 0 <= row < self.model.rowCount() else "")


def _inset(widget: QWidget) -> QVBoxLayout:
    room = QVBoxLayout()
    room.setContentsMargins(14, 8, 14, 8)
    room.addWidget(widget)
    return room
