"""The grid of a document's lines: edit in place, walk with Enter, and the keys that act on a line (desk.md, "Line grid")."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QAbstractItemModel, QEvent, QItemSelectionModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from crm_desktop.core import i18n
from crm_desktop.core.i18n import N_, _
from crm_desktop.documents.views.line_model import KINDS, Col, LineModel
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import FIGURES, STYLE, GridDelegate, Kind, alignment
from crm_desktop.ui.head import Head
from crm_desktop.ui.listing import Column

Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WIDTHS = {
    Col.PLACE: 40,
    Col.CODE: 112,
    Col.NAME: 240,
    Col.QUANTITY: 84,
    Col.UNIT: 56,
    Col.PRICE: 92,
    Col.DISCOUNT: 72,
    Col.VAT: 64,
    Col.NET: 100,
    Col.GROSS: 108,
    Col.SIGN: 40,
}
_TITLES = {
    Col.PLACE: N_("No."),
    Col.CODE: N_("Code"),
    Col.NAME: N_("Name"),
    Col.QUANTITY: N_("Quantity"),
    Col.UNIT: N_("Unit"),
    Col.PRICE: N_("Net price"),
    Col.DISCOUNT: N_("Discount"),
    Col.VAT: N_("VAT"),
    Col.NET: N_("Net"),
    Col.GROSS: N_("Gross"),
    Col.SIGN: "",
}
#: Codes may have 50 characters; beyond this width the column leaves room for the name.
_WIDEST_CODE = 220


class CellLine(QLineEdit):
    """The field inside a cell."""

    def __init__(self, parent: QWidget, column: Col) -> None:
        super().__init__(parent)
        self.column, self.shown = column, False
        self.setObjectName(f"cell_{column.name.lower()}")
        self.setAccessibleName(_(_TITLES[column]))
        look.mark(self, cell=True)
        self.setAlignment(alignment(KINDS[column]))
        self.setTextMargins(0, 0, -2, 1)  # Qt keeps room for its cursor; the text stands where it stood in the cell
        if KINDS[column] in FIGURES:
            self.setFont(look.current().font(tabular=True))


class LineDelegate(GridDelegate):
    """Cells and the fields in them. Keys that end the typing move on; the grid says where to."""

    def __init__(self, grid: "LineGrid") -> None:
        super().__init__(grid, KINDS)
        self._grid = grid

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A plain line for every kind of cell: numbers are read when the cell is left."""
        cell = CellLine(parent, Col(index.column()))
        style = index.data(STYLE)
        if style is not None and style.tint == "danger_bg":
            look.mark(cell, state="error")
            cell.textEdited.connect(lambda _text: look.mark(cell, state=""))
        return cell

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the value once: a scan that changes the line meanwhile must not disturb the typing."""
        if isinstance(editor, CellLine) and not editor.shown:
            editor.shown = True
            editor.setText(_cell_text(index.data(Qt.ItemDataRole.EditRole), editor.column))
            editor.setModified(False)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell what was typed; a cell that was only visited tells nothing."""
        if isinstance(editor, CellLine) and editor.isModified():
            editor.setModified(False)
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell without its hair line, so that the text stands where it stood."""
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))  # type: ignore[attr-defined]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Tab to the next cell, ↑ ↓ to the next line, F3 to the list of rates. Esc is Qt's: the cell as it was."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and isinstance(watched, CellLine):
            back = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if back and not watched.isModified():
                event.ignore()  # nothing was typed here: the document's last act is meant
                return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, CellLine):
            key, plain = event.key(), not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
            if plain and (key in _ENTER or key == Qt.Key.Key_Tab):
                self._finish(watched)
                self._grid.walk(1)
                return True
            if key == Qt.Key.Key_Backtab:
                self._finish(watched)
                self._grid.walk(-1)
                return True
            if plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._finish(watched)
                self._grid.step_row(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key == Qt.Key.Key_F3 and watched.column is Col.VAT:
                self._grid.offer_rates(watched)
                return True
        return super().eventFilter(watched, event)

    def _finish(self, editor: CellLine) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)


class LineGrid(QTableView):
    """See the module. Acts only tell: the editor changes the draft, and the model shows it."""

    removed = Signal(int)
    duplicated = Signal(int)
    moved = Signal(int, int)  # row, step
    pasted = Signal(str)
    typed = Signal(str)  # a character on a cell that takes none: it belongs into the entry line
    entry_wanted = Signal()  # ↑ from the first line, Enter beyond the last cell

    def __init__(self, model: LineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = model
        self._rates: Sequence[tuple[str, str]] = ()
        self.setObjectName("line_grid")
        self.setAccessibleName(_("Lines of the document"))
        self.setModel(model)
        self.head = Head([Column(c.name, _TITLES[c], KINDS[c], sortable=False, filterable=False) for c in Col], self)
        self.head.setSectionsMovable(False)
        self.head.setSectionsClickable(False)
        self.setHorizontalHeader(self.head)
        self.cells = LineDelegate(self)
        self.setItemDelegate(self.cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._locked = False
        self.set_read_only(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumHeight(look.current().size("header") + 2 * look.current().size("row"))
        look.current().follow(self, self._restyle)

    # ---- what the editor uses ----
    def set_read_only(self, read_only: bool) -> None:
        """Look only, or edit by F2, typing, Enter and double click."""
        self._locked = read_only
        self._lines.set_read_only(read_only)
        trigger = QAbstractItemView.EditTrigger
        edits = trigger.EditKeyPressed | trigger.AnyKeyPressed | trigger.DoubleClicked
        self.setEditTriggers(trigger.NoEditTriggers if read_only else edits)

    def set_basis(self, price_title: str) -> None:
        """Say in the head whether prices are net or gross (translated)."""
        column = self.head.columns[Col.PRICE]
        if column.title != price_title:
            self.head.columns[Col.PRICE] = Column(column.key, price_title, column.kind, sortable=False, filterable=False)
            self.head.viewport().update()

    def set_rates(self, rates: Sequence[tuple[str, str]]) -> None:
        """The rates that F3 in a VAT cell offers: code and text."""
        self._rates = rates

    def fit_codes(self) -> None:
        """Room for the longest code: an identifier is never cut."""
        theme = look.current()
        need = self.cells.cell_width(self._lines.longest_code(), Kind.IDENTIFIER)
        self._set_width(Col.CODE, max(theme.scaled(_WIDTHS[Col.CODE]), min(need, theme.scaled(_WIDEST_CODE))))

    def place(self) -> int:
        """The line that the keys act on, -1 when there is none."""
        return self.currentIndex().row()

    def is_editing(self) -> bool:
        """Whether a cell is being typed into."""
        return self.state() is QAbstractItemView.State.EditingState

    def commit_open(self) -> None:
        """Take over what stands in an open cell."""
        field = self._open_cell()
        if field is not None:
            self.cells.commitData.emit(field)
            self.cells.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint)

    def show_place(self, place: int) -> None:
        """Make a line visible and current, but leave a cell alone that is being typed into."""
        if not 0 <= place < self._lines.rowCount():
            return
        if self.is_editing():
            self.scrollTo(self._lines.index(place, 0))
            return
        self._go(self._lines.index(place, max(Col.QUANTITY, self.currentIndex().column())))

    def edit_cell(self, place: int, column: Col) -> None:
        """Put the focus into a cell and open it."""
        index = self._lines.index(place, column)
        if not index.isValid():
            return
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._go(index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)

    def walk(self, step: int) -> None:
        """To the next number, and into it; beyond the last one to the entry line."""
        here = self.currentIndex()
        index = self._lines.next_editable(here.row(), here.column(), step)
        if index.isValid():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._go(index)
            self.edit(index)  # type: ignore[arg-type]
        elif step > 0:
            self.entry_wanted.emit()

    def step_row(self, step: int) -> None:
        """The same column in the next line."""
        here = self.currentIndex()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        index = self._lines.index(here.row() + step, here.column())
        if index.isValid():
            self._go(index)
        elif step < 0:
            self.entry_wanted.emit()

    def offer_rates(self, field: CellLine) -> None:
        """The list of rates under a VAT cell."""
        menu = QMenu(field)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for code, text in self._rates:
            menu.addAction(text).triggered.connect(partial(self._take_rate, field, code))
        menu.popup(field.mapToGlobal(QPoint(0, field.height())))

    # ---- Qt ----
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a line."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        row = self.place()
        if key == Qt.Key.Key_Escape:
            event.ignore()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.cells.shown_text(self.currentIndex()))
        elif self._locked:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QApplication.clipboard().text())
        elif key in _ENTER and not held:
            if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(self.currentIndex())
            else:
                self.walk(1)
        elif key == Qt.Key.Key_Up and not held and row <= 0:
            self.entry_wanted.emit()
        elif row >= 0 and key == Qt.Key.Key_Delete and not held:
            self.removed.emit(row)
        elif row >= 0 and key == Qt.Key.Key_D and held == Qt.KeyboardModifier.ControlModifier:
            self.commit_open()
            self.duplicated.emit(row)
        elif row >= 0 and key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and held == Qt.KeyboardModifier.AltModifier:
            self.commit_open()
            self.moved.emit(row, 1 if key == Qt.Key.Key_Down else -1)
        elif self._is_stray(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Qt's own search by walking the rows is off."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Stand somewhere: on the last line, whose quantity is the likeliest to be changed.

        Qt's own handler would go to the first cell and paint the whole table; only the ring of one cell changes.
        """
        if not self.currentIndex().isValid() and self._lines.rowCount():
            self._go(self._lines.index(self._lines.rowCount() - 1, Col.QUANTITY))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # as Qt's own handler has it: keys come as keys
        self.update(self.currentIndex())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        self.update(self.currentIndex())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The tint follows."""
        super().currentChanged(current, previous)  # type: ignore[arg-type]
        if current.row() != previous.row():
            self._lines.set_current(current.row())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or what to do where there are none."""
        super().paintEvent(event)
        if self._lines.rowCount() == 0:
            theme, painter = look.current(), QPainter(self.viewport())
            painter.setFont(theme.font())
            painter.setPen(theme.color("text_3"))
            box = self.viewport().rect().adjusted(0, theme.scaled(28), 0, 0)
            hint = _("Scan a code, or type a code or a part of the name above. Ctrl+V takes a block from a spreadsheet.")
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, hint)

    # ---- parts ----
    def _go(self, index: Index) -> None:
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)  # type: ignore[arg-type]
        self.scrollTo(index)  # type: ignore[arg-type]

    def _open_cell(self) -> CellLine | None:
        field = self.indexWidget(self.currentIndex()) if self.is_editing() else None
        if isinstance(field, CellLine):
            return field
        focused = QApplication.focusWidget()
        return focused if isinstance(focused, CellLine) and self.isAncestorOf(focused) else None

    def _is_stray(self, event: QKeyEvent) -> bool:
        """A character typed on a cell that takes none."""
        text = event.text()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        takes = bool(self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable)
        return bool(text) and text.isprintable() and text != " " and plain and not takes

    def _take_rate(self, field: CellLine, code: str, _checked: bool = False) -> None:
        field.setText(code)
        field.setModified(True)
        self.commit_open()

    def _set_width(self, column: Col, width: int) -> None:
        if self.columnWidth(column) != width:
            self.setColumnWidth(column, width)

    def _restyle(self) -> None:
        theme = look.current()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.size("row"))
        for column in Col:
            self.head.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if column is Col.NAME else QHeaderView.ResizeMode.Interactive
            )
            if column is not Col.NAME:
                self.setColumnWidth(column, theme.scaled(_WIDTHS[column]))
        self.fit_codes()


def _cell_text(value: object, column: Col) -> str:
    if isinstance(value, Decimal):
        return i18n.price(value) if column is Col.PRICE and _exponent(value) >= -4 else i18n.decimal(value)
    return str(value or "")


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
