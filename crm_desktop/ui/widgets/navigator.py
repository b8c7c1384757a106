"""The navigator at the left: groups of windows with quiet counts. Ctrl+B folds it to its icons."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import delegates
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import clear, label

WIDE, FOLDED, EDGE = 216, 48, 8


@dataclass(frozen=True)
class NavItem:
    """One window that can be opened."""

    id: str
    title: str
    icon: str


@dataclass(frozen=True)
class NavGroup:
    """A heading and its windows."""

    title: str
    items: tuple[NavItem, ...]


class Navigator(QFrame):
    """↑ ↓ walk, Enter opens; Tab enters at the item in use and leaves again."""

    chosen = Signal(str)
    folded_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.mark(self, role="canvas")
        self.setAccessibleName(_("Navigator"))
        self._folded, self._current = False, ""
        self._items: dict[str, _Item] = {}
        self._heads: list[QLabel] = []
        self._inside = QWidget()
        look.mark(self._inside, role="clear")
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(EDGE, 8, EDGE, 8)
        self._list.setSpacing(1)
        scroll = QScrollArea()
        scroll.setWidget(self._inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 1, 0)
        outer.addWidget(scroll)
        self._scroll = scroll
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        look.current().follow(self, self._restyle)

    def set_groups(self, groups: Sequence[NavGroup]) -> None:
        """Show these groups; those without items are left out."""
        clear(self._list)
        self._items, self._heads = {}, []
        for group in groups:
            if group.items:
                self._add_group(group)
        self._list.addStretch(1)
        self._show_folded()
        self.set_current(self._current)

    def set_current(self, id: str) -> None:
        """Which window is in front; "" for none of these."""
        self._current = id
        entry = id if id in self._items else next(iter(self._items), "")
        for each, item in self._items.items():
            item.set_state(current=each == id, entry=each == entry)

    def set_count(self, id: str, count: int, late: bool = False) -> None:
        """The quiet number at the right; 0 takes it away. late: red, for what is overdue and nothing else."""
        if id in self._items:
            self._items[id].set_count(count, late)

    def set_folded(self, folded: bool) -> None:
        """Icons only, or words too."""
        if folded != self._folded:
            self._folded = folded
            self._show_folded()
            self.folded_changed.emit(folded)

    def is_folded(self) -> bool:
        """Whether only the icons stand there."""
        return self._folded

    def toggle(self) -> None:
        """Ctrl+B."""
        self.set_folded(not self._folded)

    def press(self, id: str) -> None:
        """Open a window as a click does."""
        self._items[id].click()

    def ids(self) -> list[str]:
        """What can be opened, from above."""
        return list(self._items)

    def _walk(self, item: "_Item", step: int) -> None:
        items = list(self._items.values())
        target = items[max(0, min(len(items) - 1, items.index(item) + step))]
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.ensureWidgetVisible(target)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hair line at the right."""
        super().paintEvent(event)
        QPainter(self).fillRect(QRect(self.width() - 1, 0, 1, self.height()), look.current().color("border"))

    def _add_group(self, group: NavGroup) -> None:
        if self._heads:
            self._list.addSpacing(10)
        head = label(group.title, "caption")
        head.setContentsMargins(10, 4, 0, 4)
        self._heads.append(head)
        self._list.addWidget(head)
        for entry in group.items:
            item = _Item(entry)
            item.clicked.connect(lambda checked=False, chosen=entry.id: self.chosen.emit(chosen))
            item.walked.connect(lambda step, item=item: self._walk(item, step))
            self._items[entry.id] = item
            self._list.addWidget(item)

    def _show_folded(self) -> None:
        for head in self._heads:
            head.setVisible(not self._folded)
        for item in self._items.values():
            item.set_folded(self._folded)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedWidth(FOLDED if self._folded else look.current().scaled(WIDE))


class _Item(QAbstractButton):
    """Icon, word, count."""

    walked = Signal(int)

    def __init__(self, entry: NavItem) -> None:
        super().__init__()
        self._entry, self._count, self._late = entry, 0, False
        self._is_current = self._folded = False
        self.setText(entry.title)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.current().follow(self, self._restyle)
        self._name()

    def set_state(self, *, current: bool, entry: bool) -> None:
        self._is_current = current
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if entry else Qt.FocusPolicy.NoFocus)
        self.update()

    def set_count(self, count: int, late: bool) -> None:
        self._count, self._late = count, late
        self._name()
        self.update()

    def set_folded(self, folded: bool) -> None:
        self._folded = folded
        self.setToolTip(self._entry.title if folded else "")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.walked.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40, look.current().size("nav"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = look.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_current or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("select" if self._is_current else "hover"))
            painter.drawRoundedRect(self.rect(), theme.radius("control"), theme.radius("control"))
        side = theme.scaled(16)
        left = (self.width() - side) // 2 if self._folded else 10
        theme.paint_icon(
            painter, QRect(left, (self.height() - side) // 2, side, side), self._entry.icon, "accent" if self._is_current else "text_2"
        )
        if self._folded:
            if self._count and self._late:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("danger"))
                painter.drawEllipse(left + side - 3, (self.height() - side) // 2 - 2, 6, 6)
        else:
            self._paint_words(painter, left + side + 9)
        if self.hasFocus():
            delegates.ring(painter, self.rect())

    def _paint_words(self, painter: QPainter, left: int) -> None:
        theme = look.current()
        box = self.rect().adjusted(left, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._count:
            painter.setFont(theme.font("caption", 600 if self._late else 400, tabular=True))
            painter.setPen(theme.color("danger" if self._late else "text_2"))
            painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, str(self._count))
            box.setRight(box.right() - painter.fontMetrics().horizontalAdvance(str(self._count)) - 8)
        painter.setFont(theme.font(weight=500 if self._is_current else 400))
        painter.setPen(theme.color("text"))
        text = painter.fontMetrics().elidedText(self._entry.title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, text)

    def _name(self) -> None:
        late = ", " + _("overdue") if self._late and self._count else ""
        self.setAccessibleName(f"{self._entry.title}, {self._count}{late}" if self._count else self._entry.title)

    def _restyle(self) -> None:
        self.setFixedHeight(look.current().size("nav"))
