"""The line that is always ready: code, name fragment or scan → quantity → Enter → ready again."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QWidget

from crm_desktop.catalogue.rules.model import ItemChoice
from crm_desktop.core.i18n import N_, _
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules.changes import price_of
from crm_desktop.documents.rules.model import Method
from crm_desktop.documents.rules.pasted import is_block
from crm_desktop.documents.views.lookups import find_at_gross_prices, find_at_net_prices, split_quantity
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import Answer, DecimalField, LookupField, PercentField, PriceField, QuantityField, State, set_state
from crm_desktop.ui.widgets.parts import IconLabel, KeyCap, label

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDEST_ANSWERS = 660
_CUT = N_("Only the first {limit} characters fit here. A list of items has one a row: code, tab or semicolon, quantity.")
#: No code and no fragment of a name needs more characters.
LONGEST = 200
_ONE = Decimal(1)


@dataclass(frozen=True)
class Entry:
    """What Enter adds. `price` and `discount` are None where the operator left the item's own."""

    item: ItemChoice
    quantity: Decimal
    price: Decimal | None = None
    discount: Decimal | None = None


class ItemField(LookupField):
    """Looks up items. Keys pressed between Enter and the answer of the server wait, so that nobody need wait for it."""

    pasted = Signal(str)
    cut_changed = Signal()
    """A text did not fit as a whole, or what stands here is short enough again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.free = True  # what was typed stays when the field is left
        self.setMaxLength(LONGEST)
        self.shortened = False
        self.inputRejected.connect(lambda: self._set_cut(True))
        self.textChanged.connect(lambda text: self._set_cut(self.shortened and len(text) >= LONGEST))
        self._ahead: list[QKeyEvent] | None = None
        self.asked_text = ""
        """What was typed before the answer that was taken took its place."""

    def take(self, answer: Answer) -> None:
        """Choose an answer, as Enter does."""
        self.asked_text = self.text()
        super().take(answer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Typing ahead waits; a pasted block goes to the grid."""
        if self._ahead is not None:
            if event.key() == Qt.Key.Key_Escape:
                self._ahead = None
            else:
                self._ahead.append(QKeyEvent(event.type(), event.key(), event.modifiers(), event.text()))
                return
        if event.matches(QKeySequence.StandardKey.Paste) and not self.isReadOnly():
            text = QApplication.clipboard().text()
            if is_block(text):
                self._forget()  # answers to what was typed before would lie over the new lines
                self.pasted.emit(text)
                return
        super().keyPressEvent(event)
        if event.key() in _ENTER and self.waits():
            self._ahead = []

    def _set_cut(self, cut: bool) -> None:
        if cut != self.shortened:
            self.shortened = cut
            self.cut_changed.emit()

    def _answered(self, text: str, found: Any) -> None:
        super()._answered(text, found)
        if self._ahead is not None and not self.waits():
            ahead, self._ahead = self._ahead, None
            if found:
                for event in ahead:
                    target = QApplication.focusWidget()
                    if target is not None:
                        QApplication.sendEvent(target, event)

    def _failed(self, text: str, error: Exception) -> bool:
        self._ahead = None  # the text stays; what was meant for the quantity has nowhere to go
        return super()._failed(text, error)


class EntryQuantity(QuantityField):
    """How much: more than nothing."""

    def entry_problem(self) -> Problem | None:
        """Nothing typed is no quantity either."""
        if not self.text().strip():
            return Problem("number_missing", "entry.quantity", N_("Type a number."))
        return super().entry_problem()

    def judge(self, value: Any) -> Problem | None:
        """Zero is a slip of the hand."""
        if value == 0:
            return Problem("quantity_zero", "entry.quantity", N_("The quantity is 0. Type how much is sold or delete the line."))
        return None


class EntryLine(QFrame):
    """See the module. `added` for a line, `pasted` for a block from a spreadsheet."""

    added = Signal(object)
    pasted = Signal(str)
    problems_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.mark(self, role="entry")
        self.setObjectName("entry_line")
        self._method = Method.NET
        self._item: ItemChoice | None = None
        self.item, self.quantity = ItemField(), EntryQuantity()
        self.price, self.discount = PriceField(), PercentField()
        self._unit = label(role="muted")
        self._build()
        self.item.set_search(find_at_net_prices)
        self.item.chosen.connect(self._chosen)
        self.item.pasted.connect(self.pasted)
        self.item.cut_changed.connect(self._say_cut)
        for field in (self.quantity, self.price, self.discount):
            field.returnPressed.connect(self._add)
            field.editingFinished.connect(self.problems_changed)
            field.textEdited.connect(lambda _text: self.problems_changed.emit())
        look.current().follow(self, self._restyle)
        self.clear()

    def _build(self) -> None:
        for field, name, title in (
            (self.item, "entry_item", _("Item")),
            (self.quantity, "entry_quantity", _("Quantity")),
            (self.price, "entry_price", _("Price")),
            (self.discount, "entry_discount", _("Discount")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(title)
        self.item.setPlaceholderText(_("Code, part of the name, or a scan"))
        self._unit.setObjectName("entry_unit")
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(8)
        line.addWidget(IconLabel("scan", "accent", 18))
        line.addWidget(self.item, 1)
        for title, field in ((_("quantity"), self.quantity), (_("price"), self.price), (_("discount"), self.discount)):
            named = label(title, "muted")
            named.setBuddy(field)
            line.addWidget(named)
            line.addWidget(field)
            if field is self.quantity:
                line.addWidget(self._unit)
        line.addWidget(KeyCap("Return"))
        line.addWidget(label(_("adds"), "hint"))

    # ---- what the editor uses ----
    def set_method(self, method: Method) -> None:
        """Net or gross prices: the answers and the price field show them."""
        self._method = method
        self.price.setProperty("places", 4 if method is Method.NET else 2)
        self.item.set_search(find_at_net_prices if method is Method.NET else find_at_gross_prices)

    def set_read_only(self, read_only: bool) -> None:
        """Take nothing while an act with the document is under way."""
        self.item.setReadOnly(read_only)
        self.quantity.setReadOnly(read_only)
        self._show_price_fields(read_only)

    def focus_item(self) -> None:
        """Be ready."""
        self.item.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_text(self, text: str) -> None:
        """A character that was typed elsewhere and belongs here."""
        self.focus_item()
        self.item.insert(text)
        self.item.setModified(True)
        self.item.textEdited.emit(self.item.text())

    def pending(self) -> bool:
        """Whether something was typed here that is not on the document yet."""
        return self._item is not None or bool(self.item.text().strip())

    def problems(self) -> list[Problem]:
        """What is wrong with the numbers that were left, at "entry.quantity" and so on."""
        fields: tuple[tuple[str, DecimalField], ...] = (
            ("entry.quantity", self.quantity),
            ("entry.price", self.price),
            ("entry.discount", self.discount),
        )
        found = []
        if self.item.shortened:
            found.append(Problem("entry_cut", "entry.item", _CUT, {"limit": LONGEST}))
        for path, field in fields:
            problem = field.entry_problem() if field.property("unreadable") else None
            if problem is not None:
                found.append(Problem(problem.code, path, problem.message, problem.values))
        return found

    def _say_cut(self) -> None:
        sentence = _(_CUT).format(limit=LONGEST)
        set_state(self.item, State.ERROR if self.item.shortened else State.NORMAL, sentence if self.item.shortened else "")
        self.problems_changed.emit()

    def jump(self, path: str) -> None:
        """The focus into the field of "entry.quantity"."""
        fields: dict[str, QLineEdit] = {"quantity": self.quantity, "price": self.price, "discount": self.discount}
        field = fields.get(path.partition(".")[2], self.item)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def clear(self) -> None:
        """Ready for the next line."""
        self._item = None
        self.item.set_value(None, "")
        self.item.setText("")
        self.quantity.set_value(_ONE)
        self.price.set_value(None)
        self.discount.set_value(None)
        self._unit.setText("")
        self._show_price_fields(self.item.isReadOnly())
        self.problems_changed.emit()

    # ---- acts ----
    def _chosen(self, item: ItemChoice | None) -> None:
        if item is None:
            self.clear()
            return
        before, _sought = split_quantity(self.item.asked_text)
        self._item = item
        self._unit.setText(item.unit)
        self.price.set_value(price_of(item, self._method))
        self.discount.set_value(Decimal(0))
        self._show_price_fields(False)
        if before is not None:
            self.quantity.set_value(before)
            self._add()
        else:
            self.quantity.setFocus(Qt.FocusReason.OtherFocusReason)
            self.quantity.selectAll()

    def _add(self) -> None:
        fields = (self.quantity, self.price, self.discount)
        if self._item is None:
            self.focus_item()
            return
        for field in fields:
            if not field.settle():
                self.problems_changed.emit()
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                field.selectAll()
                return
        price, discount = self.price.value(), self.discount.value()
        entry = Entry(
            self._item,
            self.quantity.value(),
            None if price is None or price == price_of(self._item, self._method) else price,
            discount or None,
        )
        self.clear()
        self.focus_item()
        self.added.emit(entry)

    def _show_price_fields(self, read_only: bool) -> None:
        for field in (self.price, self.discount):
            field.setReadOnly(read_only or self._item is None)

    def _restyle(self) -> None:
        theme = look.current()
        self.setFixedHeight(theme.size("control") + theme.scaled(16))
        self.item.popup_width = theme.scaled(_WIDEST_ANSWERS)
        for field, width in ((self.quantity, 72), (self.price, 84), (self.discount, 64)):
            field.setFixedWidth(theme.scaled(width))
        self._unit.setFixedWidth(theme.scaled(40))
