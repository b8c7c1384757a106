"""The head of a browser: titles with sort signs, and under them the filter row, both painted and placed by one header.

The filter fields are children of the header's viewport. They are placed again whenever a section is resized, moved, hidden or
scrolled; the header asks for the height of both rows by its size hint, which is the only way a table view respects.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QMenu, QTableView, QToolTip, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.db.paging import Sort
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import FIGURES, alignment, minimum_width
from crm_desktop.ui.filters import Entry
from crm_desktop.ui.listing import Column

#: A filter takes effect so long after the last key; Enter takes effect at once.
PAUSE_MS = 250
#: The filter row is so much higher than its fields.
_AIR = 6
_MOST_KEYS = 3
#: A field of choices narrower than this, or than its text and so much more, has no chevron.
_ROOMY, _BESIDE = 64, 44


class FilterField(QLineEdit):
    """The filter of one column. `settled` when it should take effect, the three others when a key leaves it."""

    settled = Signal()
    down = Signal()
    emptied_all = Signal()

    def __init__(self, column: Column, parent: QWidget) -> None:
        super().__init__(parent)
        self.column, self.problem = column, ""
        look.mark(self, kind="filter")
        self.setAccessibleName(_("Filter: {column}").format(column=_(column.title)))
        self.setMaxLength(200)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.settled)
        self.textEdited.connect(lambda _text: self._pause.start())
        self._chevron = QAction(look.current().icon("chevron-down", "text_3"), _("Choose"), self)
        self._chevron.triggered.connect(self.choose)
        self._has_choices = column.reads_as in (Entry.CHOICE, Entry.FLAG)
        self.textChanged.connect(lambda _text: self._fit_chevron())

    def set_state(self, problem: str) -> None:
        """Show whether the field holds a filter, or what is wrong with its text."""
        self.problem = problem
        filled = bool(self.text().strip())
        look.mark(self, kind="" if problem else "filter", state="error" if problem else "", filled=filled and not problem)
        self.setToolTip(problem or self.text().strip())
        self.setAccessibleDescription(problem)

    def put(self, text: str) -> None:
        """Hold this text; the caller sees to the effect."""
        self._pause.stop()
        self.setText(text)
        if not self.hasFocus():
            self.setCursorPosition(0)  # a long filter shows its beginning

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning of a long filter."""
        super().focusOutEvent(event)
        self.setCursorPosition(0)

    def choose(self) -> None:
        """Offer the choices with check marks (↓ in the field, or its chevron)."""
        menu = QMenu(self)
        words = [word for _value, word in self.column.words] or [_("yes"), _("no")]
        chosen = {part.strip() for part in self.text().split(",") if part.strip()}
        for word in words:
            action = QAction(word, menu, checkable=True, checked=word in chosen)
            action.triggered.connect(lambda _on, word=word: self._toggle(word, words))
            menu.addAction(action)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        menu.aboutToHide.connect(menu.deleteLater)

    def _toggle(self, word: str, words: Sequence[str]) -> None:
        chosen = {part.strip() for part in self.text().split(",") if part.strip()} ^ {word}
        if not self.column.words:
            chosen = {word} if word in chosen else set()  # yes or no, not both
        self.put(", ".join(each for each in words if each in chosen))
        self.settled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chevron of choices is there where it leaves room for a word."""
        super().resizeEvent(event)
        self._fit_chevron()

    def _fit_chevron(self) -> None:
        need = max(look.current().scaled(_ROOMY), self.fontMetrics().horizontalAdvance(self.text()) + look.current().scaled(_BESIDE))
        roomy = self._has_choices and self.width() >= need
        if roomy and self._chevron not in self.actions():
            self.addAction(self._chevron, QLineEdit.ActionPosition.TrailingPosition)
        elif not roomy and self._chevron in self.actions():
            self.removeAction(self._chevron)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A narrow field of choices offers them at once."""
        super().mousePressEvent(event)
        if self._has_choices and self._chevron not in self.actions():
            self.choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: at once; Down: to the rows (Alt+Down: the choices); Esc: empty; Shift+Esc: empty all."""
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pause.stop()
            self.settled.emit()
            self.down.emit()
        elif key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if self._has_choices:
                self.choose()
        elif key == Qt.Key.Key_Down:
            if self._pause.isActive():
                self._pause.stop()
                self.settled.emit()
            self.down.emit()
        elif key == Qt.Key.Key_Escape and shift:
            self.emptied_all.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.put("")
            self.settled.emit()
        elif key == Qt.Key.Key_Escape:
            self.down.emit()  # one level out: from the empty filter to the rows
        else:
            super().keyPressEvent(event)


class Head(QHeaderView):
    """Titles, sort signs, filter fields. `sort_changed` gives the new order; `filtered` says that a text took effect."""

    sort_changed = Signal(object)  # tuple[Sort, ...]
    filtered = Signal()
    to_rows = Signal()
    emptied_all = Signal()

    def __init__(self, columns: Sequence[Column], view: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self.columns, self._filters_shown = list(columns), True
        self._sort: tuple[Sort, ...] = ()
        self._default: tuple[Sort, ...] = ()
        self._pressed_with = Qt.KeyboardModifier.NoModifier
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Column heads"))
        self.fields: dict[int, FilterField] = {}
        for section, column in enumerate(self.columns):
            if column.filterable:
                self.fields[section] = self._field(column)
        self.sectionClicked.connect(self._clicked)
        for moved in (self.sectionResized, self.sectionMoved, self.geometriesChanged):
            moved.connect(self.place_fields)
        view.horizontalScrollBar().valueChanged.connect(self.place_fields)
        look.current().follow(self, self._restyle)

    def _field(self, column: Column) -> FilterField:
        field = FilterField(column, self.viewport())
        field.settled.connect(self.filtered)
        field.down.connect(self.to_rows)
        field.emptied_all.connect(self.emptied_all)
        return field

    # ---- sorting -------------------------------------------------------------------------------------------------------
    def set_sort(self, sort: tuple[Sort, ...], default: tuple[Sort, ...] | None = None) -> None:
        """Show this order; `default` is where a third click on a head goes back to."""
        self._sort = sort
        if default is not None:
            self._default = default
        self.viewport().update()

    @property
    def sort(self) -> tuple[Sort, ...]:
        """The order in use."""
        return self._sort

    def sort_by(self, section: int, also: bool) -> None:
        """Sort by a column, turn it round, or the third time let it go; `also` keeps the other keys (Ctrl or Shift and click)."""
        column = self.columns[section]
        if not column.sortable:
            return
        first_down = column.kind in FIGURES or column.reads_as is Entry.DATE  # the newest, the largest first
        old = next((part for part in self._sort if part.key == column.key), None)
        rest = tuple(part for part in self._sort if part.key != column.key) if also else ()
        if old is None or (not also and len(self._sort) > 1):
            new = (*rest, Sort(column.key, first_down))[-_MOST_KEYS:]
        elif old.descending == first_down:
            new = tuple(Sort(part.key, not part.descending) if part is old else part for part in (self._sort if also else (old,)))
        else:
            new = rest or self._default
        self.set_sort(new)
        self.sort_changed.emit(new)

    def order_by(self, section: int, descending: bool, also: bool) -> None:
        """Sort by a column in this direction, the same once more lets it go; `also` keeps the other keys (Alt+↑, Alt+↓, with Shift)."""
        column = self.columns[section]
        if not column.sortable:
            return
        wanted = Sort(column.key, descending)
        others = tuple(part for part in self._sort if part.key != column.key) if also else ()
        if wanted in self._sort and (also or len(self._sort) == 1):
            new = others or self._default
        elif also and len(others) < len(self._sort):
            new = tuple(wanted if part.key == column.key else part for part in self._sort)
        else:
            new = (*others, wanted)[-_MOST_KEYS:]
        self.set_sort(new)
        self.sort_changed.emit(new)

    def _clicked(self, section: int) -> None:
        held = self._pressed_with
        self.sort_by(section, bool(held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)))

    # ---- filter row ----------------------------------------------------------------------------------------------------
    def show_filters(self, shown: bool) -> None:
        """Show or hide the filter row. Hidden filters still act: a field that holds one keeps the row open."""
        self._filters_shown = shown
        self.place_fields()
        self.updateGeometry()
        self.geometriesChanged.emit()

    @property
    def filters_shown(self) -> bool:
        """Whether the filter row is there."""
        return self._filters_shown

    def place_fields(self) -> None:
        """Put each field under its head."""
        theme = look.current()
        top, height = theme.size("header") + _AIR // 2, theme.size("control")
        for section, field in self.fields.items():
            if not self._filters_shown or self.isSectionHidden(section):
                field.hide()
                continue
            field.setGeometry(self.sectionViewportPosition(section) + 2, top, self.sectionSize(section) - 4, height)
            field.show()

    # ---- Qt ------------------------------------------------------------------------------------------------------------
    def sizeHint(self) -> QSize:
        """The heights of both rows."""
        theme = look.current()
        row = theme.size("control") + _AIR if self._filters_shown and self.fields else 0
        return QSize(super().sizeHint().width(), theme.size("header") + row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Between the filter fields nothing can be pressed."""
        self._pressed_with = event.modifiers()
        if event.position().y() < look.current().size("header"):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Nor does the pointer promise anything there."""
        if event.buttons() or event.position().y() < look.current().size("header"):
            super().mouseMoveEvent(event)
        else:
            self.unsetCursor()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground under all sections and beside them, then the sections, then the line below."""
        theme, painter = look.current(), QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("sunken"))
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(QPen(theme.color("border")))
        bottom = self.viewport().height() - 1
        painter.drawLine(0, bottom, self.viewport().width(), bottom)
        painter.end()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """A title, aligned as its column, with its sort sign: at the left of it in columns that stand right."""
        theme, column = look.current(), self.columns[section]
        painter.save()
        box = QRect(rect.x() + self._pad, rect.y(), rect.width() - 2 * self._pad, theme.size("header"))
        at = next(((at, part.descending) for at, part in enumerate(self._sort) if part.key == column.key), None)
        sign = self._sign_width(at[0]) if at else 0
        side = alignment(column.kind)
        title = self._metrics.elidedText(_(column.title), Qt.TextElideMode.ElideRight, max(0, box.width() - sign))
        width = self._metrics.horizontalAdvance(title)
        if side & Qt.AlignmentFlag.AlignRight:
            left = box.right() + 1 - width
        elif side & Qt.AlignmentFlag.AlignHCenter:
            left = box.x() + (box.width() - width - sign) // 2
        else:
            left = box.x()
        painter.setFont(self._font)
        painter.setPen(theme.color("text" if at else "text_2"))
        painter.drawText(QRect(left, box.y(), width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        if at:
            self._paint_sign(painter, left - sign if side & Qt.AlignmentFlag.AlignRight else left + width, box, *at)
        painter.setPen(theme.color("border"))
        if self.visualIndex(section) < self.count() - 1:
            painter.drawLine(rect.right(), box.y() + 6, rect.right(), box.bottom() - 6)
        painter.restore()

    def viewportEvent(self, event: QEvent) -> bool:
        """The tool tip of a head: its whole title where it is cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            section = self.logicalIndexAt(event.pos())
            if section >= 0:
                title = _(self.columns[section].title)
                cut = self._metrics.horizontalAdvance(title) > self.sectionSize(section) - 2 * self._pad
                QToolTip.showText(event.globalPos(), title if cut else "", self.viewport())
                return True
        return bool(super().viewportEvent(event))

    # ---- parts ---------------------------------------------------------------------------------------------------------
    def _sign_width(self, place: int) -> int:
        return 14 + (7 if place else 0)

    def _paint_sign(self, painter: QPainter, left: int, box: QRect, place: int, descending: bool) -> None:
        theme = look.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.color("accent"), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        x, y, turn = left + 7.5, box.center().y() + 0.5, 1 if descending else -1
        painter.drawPolyline([QPointF(x - 3, y - 1.5 * turn), QPointF(x, y + 1.5 * turn), QPointF(x + 3, y - 1.5 * turn)])
        if place:  # the first key needs no number
            painter.setFont(self._font)
            painter.drawText(QRect(left + 12, box.y(), 9, box.height() - 3), Qt.AlignmentFlag.AlignVCenter, str(place + 1))

    def least_width(self, section: int) -> int:
        """The least width of a column in pixels."""
        return minimum_width(self.columns[section].kind)

    def title_width(self, section: int) -> int:
        """How wide a column must be to show its whole title, sorted by it or not."""
        return self._metrics.horizontalAdvance(_(self.columns[section].title)) + 2 * self._pad + self._sign_width(0)

    def _restyle(self) -> None:
        theme = look.current()
        self._font = theme.font("caption", 600)
        self._metrics, self._pad = QFontMetrics(self._font), theme.size("cell_padding")
        self.setMinimumSectionSize(theme.scaled(36))
        self.show_filters(self._filters_shown)
        self.viewport().update()
