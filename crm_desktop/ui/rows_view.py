"""The rows of a browser as a table: its keys, and which of them select. Painting is the delegate's."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import GridDelegate
from crm_desktop.ui.head import Head
from crm_desktop.ui.listing import Listing
from crm_desktop.ui.row_model import RowModel
from crm_desktop.ui.row_selection import RowSelection

_MOVES = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
    }
)
#: With Alt they act on the column where one stands.
_COLUMN_KEYS = frozenset(
    {
        *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
        *(Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus),
    }
)
WIDENED_BY = 16
_TYPING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier


class RowsView(QTableView):
    """See the module. The browser connects the signals."""

    opened = Signal()  # Enter, double click
    new_asked = Signal()  # Ins
    typed = Signal(str)  # a letter that begins or goes on with a search
    escaped = Signal()  # Esc, with nothing marked
    end_asked = Signal()  # Ctrl+End
    menu_asked = Signal(QPoint)  # the right button, or the menu key: where on the screen
    sort_asked = Signal(bool, bool)  # Alt+↑, Alt+↓: downwards; with Shift: beside the other keys
    column_moved = Signal(int)  # Alt+←, Alt+→: to the left or right
    column_widened = Signal(int)  # Alt+−, Alt++: pixels at 100 %
    looked_elsewhere = Signal()  # scrolled or resized

    def __init__(self, listing: Listing, model: RowModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._ready = False
        self.setModel(model)
        self.head = Head(listing.columns, self)
        self.setHorizontalHeader(self.head)
        self.picks = RowSelection(model, self.selectionModel(), self)
        self._ready = True
        self.cells = GridDelegate(self, [column.kind for column in listing.columns])
        self.setItemDelegate(self.cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(self.verticalHeader().ResizeMode.Fixed)
        self.setAccessibleName(_(listing.title))
        self.verticalScrollBar().valueChanged.connect(self.looked_elsewhere)
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        look.current().follow(self, self._restyle)

    # ---- places --------------------------------------------------------------------------------------------------------
    def first_visible(self) -> int:
        """The place of the first visible row."""
        return max(0, self.verticalScrollBar().value())

    def visible_rows(self) -> int:
        """How many rows fit, a cut one counted."""
        return self.viewport().height() // max(1, self.verticalHeader().defaultSectionSize()) + 1

    def go_to(self, place: int, column: int | None = None, *, select: bool = True) -> None:
        """Stand on this row, in the column where one stands."""
        column = max(0, self.currentIndex().column()) if column is None else column
        index = self.model().index(place, column)
        act = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        if select and not self.picks.marking:
            self.picks.let_go()
        else:
            act = QItemSelectionModel.SelectionFlag.NoUpdate
        self.selectionModel().setCurrentIndex(index, act)
        self.scrollTo(index)

    def stand(self, place: int, column: int, *, choose: bool) -> None:
        """Stand there again after a refresh, without scrolling; `choose`: another record is in the place of a deleted one."""
        scrolls = self.hasAutoScroll()
        self.setAutoScroll(False)
        act = QItemSelectionModel.SelectionFlag.NoUpdate
        if choose and not self.picks.marking:
            self.picks.let_go()
            act = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(place, column), act)
        self.setAutoScroll(scrolls)

    # ---- Qt ------------------------------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the desk that belong to a list (desk.md section 8)."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = held == Qt.KeyboardModifier.ControlModifier
        place, last = self.currentIndex().row(), self._model.total - 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self.opened.emit()
        elif key == Qt.Key.Key_Insert and not held:
            self.new_asked.emit()
        elif key == Qt.Key.Key_Space and not held:
            if place >= 0:
                self.picks.mark(place)
                self.go_to(min(place + 1, last))
        elif key == Qt.Key.Key_A and control:
            self.picks.select_all()
        elif key == Qt.Key.Key_Home and control and last >= 0:
            self.go_to(0)
        elif key == Qt.Key.Key_End and control and last >= 0:
            self.end_asked.emit()
        elif held & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.AltModifier and key in _COLUMN_KEYS:
            self._ask_of_column(key, bool(held & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Escape and not held:
            if self.picks.marking:
                self.picks.clear()
                if place >= 0:
                    self.go_to(place)
            else:
                self.escaped.emit()
        elif _is_typing(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _ask_of_column(self, key: int, shift: bool) -> None:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.sort_asked.emit(key == Qt.Key.Key_Down, shift)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.column_moved.emit(1 if key == Qt.Key.Key_Right else -1)
        else:
            self.column_widened.emit(-WIDENED_BY if key == Qt.Key.Key_Minus else WIDENED_BY)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the key it opens at the cell where one stands."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_asked.emit(place)

    def keyboardSearch(self, search: str) -> None:
        """Qt's own search by walking the rows is off: typing searches on the server."""

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Marks set by hand stay while the arrows move; a plain click begins anew."""
        command = super().selectionCommand(index, event)  # type: ignore[arg-type]
        if not self._ready:  # Qt asks while it is being made
            return command
        if isinstance(event, QKeyEvent) and event.key() in _MOVES and self.picks.marking:
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                return QItemSelectionModel.SelectionFlag.NoUpdate
        elif isinstance(event, QMouseEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.picks.start_marking()
        elif event is not None and command & QItemSelectionModel.SelectionFlag.Clear:
            self.picks.let_go()
        return command

    def resizeEvent(self, event: QEvent) -> None:  # type: ignore[override]
        """More or fewer rows are seen."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.looked_elsewhere.emit()

    def _restyle(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(look.current().size("row"))


def _is_typing(event: QKeyEvent) -> bool:
    """Whether the key writes a letter, a digit or a sign; AltGr (Ctrl+Alt on Windows) writes Polish letters."""
    text, held = event.text(), event.modifiers()
    control_alt = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    if not text or not text.isprintable() or text.isspace():
        return False
    return not held & ~_TYPING or (held & control_alt == control_alt and text.isalpha())
