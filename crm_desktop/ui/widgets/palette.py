"""The search box when it is open: one line to type into, answers by group under it, a veil over the window. Knows no business.

What is shown comes from whoever owns it: `wanted(text)` asks, `show_groups` answers, `taken(entry)` tells what was chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shiboken6
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.core.i18n import _, ngettext
from crm_desktop.core.search import spans
from crm_desktop.ui import delegates, keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import IconLabel, KeyCap, announce, label, rule

Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole + 1
#: As the pictures draw it, at 100 %.
WIDTH, TOP, EDGE = 640, 70, 14
#: More lines than these scroll.
MOST_LINES = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer. value comes back when it is taken; code stands first and quiet, side at the right, key as a cap; faint: text_2."""

    value: Any
    text: str
    icon: str = ""
    code: str = ""
    side: str = ""
    key: str = ""
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one kind under their title."""

    title: str
    entries: tuple[Entry, ...]


class Palette(QWidget):
    """Lies over its whole window while it is open. The focus stays in the line; Esc and a click beside it close it."""

    wanted = Signal(str)
    """Something else is typed."""
    taken = Signal(object)
    """An entry was chosen, by Enter or the mouse; the palette is closed and the focus back by then."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self._before: QWidget | None = None
        self._waits = False  # Enter was pressed before the answer came
        self.line = _Line(self)
        self.line.setObjectName("palette_text")
        self.line.setAccessibleName(_("Search"))
        self.line.setPlaceholderText(_("Customer, document, item, NIP, phone, bar code or command"))
        self.rows = QListView()
        self.rows.setObjectName("palette_answers")
        self.rows.setAccessibleName(_("Answers"))
        look.mark(self.rows, role="answers")
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model = _Rows(self)
        self.rows.setModel(self.model)
        self.rows.setItemDelegate(_RowDelegate(self.rows))
        self.rows.clicked.connect(self._clicked)
        self._card()
        self.line.textEdited.connect(self._typed)
        window.installEventFilter(self)
        look.current().follow(self, self._place)
        self.hide()

    # ---- what its owner uses ----
    def open(self, text: str = "") -> None:
        """Come to the front, with `text` in the line."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self.line.setText(text)
        self._waits = False
        self.model.replace((), "", "")
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.wanted.emit(text)

    def close_it(self) -> None:
        """Go, and give the focus back."""
        before, self._before = self._before, None
        self._waits = False
        self.hide()
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def text(self) -> str:
        """What stands in the line."""
        return self.line.text()

    def show_groups(self, groups: Sequence[Group], sought: str, *, note: str = "") -> None:
        """Show these answers, the first one chosen; the words of `sought` stand out in them. note: a sentence below them.

        An Enter that was pressed before they came takes the first one.
        """
        self.model.replace(groups, sought, note)
        self.choose(self.model.step(-1, 1))
        self._place()
        if self._waits:
            self._waits = False
            self._take_current()
        else:
            count = len(self.entries())
            found = ngettext("{count} answer", "{count} answers", count).format(count=count) if count else ""
            announce(self.rows, " ".join(filter(None, (found, note))))

    def entries(self) -> list[Entry]:
        """What is shown, from above."""
        return [row.entry for row in self.model.rows if row.entry is not None]

    def titles(self) -> list[str]:
        """The titles of the groups that are shown."""
        return [row.head for row in self.model.rows if row.head]

    def note(self) -> str:
        """The sentence below the answers, or instead of them."""
        return next((row.note for row in self.model.rows if row.note), "")

    def current(self) -> Entry | None:
        """The answer that Enter takes."""
        row: _Row | None = self.rows.currentIndex().data(_ROW)
        return row.entry if row is not None else None

    # ---- keys ----
    def walk(self, key: Qt.Key) -> None:
        """Move the choice by an answer or a page; never onto a title."""
        place = self.rows.currentIndex().row()
        step, times = {
            Qt.Key.Key_Down: (1, 1),
            Qt.Key.Key_Up: (-1, 1),
            Qt.Key.Key_PageDown: (1, 8),
            Qt.Key.Key_PageUp: (-1, 8),
        }[key]
        for _turn in range(times):
            place = self.model.step(place, step)
        self.choose(place)

    def choose(self, place: int) -> None:
        """The answer at this row is the one that Enter takes."""
        self.rows.setCurrentIndex(self.model.index(place) if place >= 0 else QModelIndex())
        if place == self.model.step(-1, 1):
            self.rows.scrollToTop()  # with its title

    def enter(self) -> None:
        """Take the chosen answer, or the first one as soon as it is there."""
        if self.model.stale:
            self._waits = True
        else:
            self._take_current()

    def _take_current(self) -> None:
        entry = self.current()
        if entry is not None:
            self.close_it()
            self.taken.emit(entry)

    def _typed(self, text: str) -> None:
        self._waits = False
        self.model.stale = True
        self.wanted.emit(text)

    def _clicked(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.choose(index.row())
            self._take_current()

    def left(self) -> None:
        """The focus went elsewhere: another tab, a dialog. What has it now keeps it."""
        self._before = None
        self.hide()

    # ---- looks ----
    def _card(self) -> None:
        self.card = QFrame(self)
        look.mark(self.card, role="popup")
        head = QHBoxLayout()
        head.setContentsMargins(EDGE, 0, EDGE, 0)
        head.setSpacing(10)
        head.addWidget(IconLabel("search"))
        head.addWidget(self.line, 1)
        head.addWidget(KeyCap("Escape"))
        foot = QHBoxLayout()
        foot.setContentsMargins(EDGE, 7, EDGE, 8)
        foot.setSpacing(6)
        hints = ((("Up", "Down"), _("choose")), (("Return",), _("open")), ((">",), _("commands")), (("@",), _("people")),
                 (("#",), _("documents")))  # fmt: skip
        for caps, word in hints:
            for cap in caps:
                foot.addWidget(KeyCap(cap))
            foot.addWidget(label(word, "muted"))
            foot.addSpacing(8)
        foot.addStretch(1)
        inner = QVBoxLayout()
        inner.setContentsMargins(5, 5, 5, 5)
        inner.addWidget(self.rows)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addLayout(inner, 1)
        column.addWidget(rule())
        column.addLayout(foot)

    def _place(self) -> None:
        window, theme = self.parentWidget(), look.current()
        if window is None:
            return
        self.setGeometry(window.rect())
        self.line.setFixedHeight(theme.scaled(38))
        lines = min(MOST_LINES, self.model.rowCount())
        heights = sum(self.model.height(place) for place in range(lines))
        room = window.height() - theme.scaled(TOP) - theme.scaled(110)
        self.rows.setFixedHeight(max(theme.size("control"), min(heights, room)))
        wide = min(theme.scaled(WIDTH), window.width() - 32)
        self.card.setFixedWidth(wide)
        self.card.adjustSize()
        self.card.move(QPoint((window.width() - wide) // 2, min(theme.scaled(TOP), max(8, window.height() - self.card.height() - 8))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The veil."""
        theme = look.current()
        QPainter(self).fillRect(self.rect(), theme.color("shadow", 0.22 if theme.dark else 0.10))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes it."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_it()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window changed its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class _Line(QLineEdit):
    """The line one types into: no frame, the keys of the answers."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self._palette = palette
        self.setMaxLength(200)
        look.mark(self, role="palette")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ ↑ walk, Enter takes, Esc closes, Tab does nothing."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._palette.walk(key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._palette.enter()
        elif key == Qt.Key.Key_Escape:
            self._palette.close_it()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays here."""
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whatever takes the focus takes the place of the palette."""
        super().focusOutEvent(event)
        kept = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in kept and self._palette.isVisible():
            self._palette.left()


@dataclass(frozen=True, slots=True)
class _Row:
    """A title, an answer or a sentence."""

    head: str = ""
    entry: Entry | None = None
    note: str = ""


class _Rows(QAbstractListModel):
    """Titles and answers in one list; only answers can be chosen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[_Row] = []
        self.sought = ""
        self.stale = False

    def replace(self, groups: Sequence[Group], sought: str, note: str) -> None:
        self.beginResetModel()
        some = [group for group in groups if group.entries]
        self.rows = [row for group in some for row in (_Row(group.title), *(_Row(entry=entry) for entry in group.entries))]
        if note:
            self.rows.append(_Row(note=note))
        self.sought, self.stale = sought, False
        self.endResetModel()

    def step(self, place: int, step: int) -> int:
        """The next answer from `place`; the same where there is none; -1 where there is no answer at all."""
        there = place + step
        while 0 <= there < len(self.rows):
            if self.rows[there].entry is not None:
                return there
            there += step
        return place if 0 <= place < len(self.rows) else -1

    def height(self, place: int) -> int:
        return look.current().scaled(24 if self.rows[place].head else 30)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()] if 0 <= index.row() < len(self.rows) else None
        if role == _ROW or row is None:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.entry is None:
                return row.head or row.note
            shown = (row.entry.code, row.entry.text, row.entry.side, keys.shown(row.entry.key) if row.entry.key else "")
            return " ".join(filter(None, shown))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.rows[index.row()].entry is not None else Qt.ItemFlag.NoItemFlags


class _RowDelegate(QStyledItemDelegate):
    """Icon, code, text with the letters that were typed in 600, side, key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        assert isinstance(model, _Rows)
        return QSize(100, model.height(index.row()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, row = look.current(), index.data(_ROW)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.entry is None:
            painter.setFont(theme.font("caption", 600) if row.head else theme.font())
            painter.setPen(theme.color("text_2"))
            painter.drawText(rect.adjusted(10, 3 if row.head else 0, -10, 0), middle, row.head or row.note)
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("select"))
            painter.drawRoundedRect(rect, theme.radius("control"), theme.radius("control"))
        self._paint_entry(painter, rect.adjusted(10, 0, -10, 0), row.entry, index.model().sought, chosen)  # type: ignore[attr-defined]
        painter.restore()

    def _paint_entry(self, painter: QPainter, box: QRect, entry: Entry, sought: str, chosen: bool) -> None:
        theme, side = look.current(), look.current().scaled(16)
        if entry.icon:
            theme.paint_icon(painter, QRect(box.x(), box.y() + (box.height() - side) // 2, side, side), entry.icon, "text_2")
        box.setLeft(box.left() + side + theme.scaled(10))
        cap = keys.shown(entry.key or "Return") if entry.key or chosen else ""
        if cap:
            width = delegates.key_cap_width(cap)
            top = box.y() + (box.height() - theme.pill_height()) // 2
            delegates.key_cap(painter, box.right() - width + 1, top, cap)
            box.setRight(box.right() - width - theme.scaled(10))
        quiet = theme.font()
        painter.setFont(quiet)
        painter.setPen(theme.color("text_2"))
        metrics = QFontMetrics(quiet)
        upright = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        if entry.side:
            width = metrics.horizontalAdvance(entry.side)
            painter.drawText(QRect(box.right() - width, box.y(), width + 1, box.height()), upright, entry.side)
            box.setRight(box.right() - width - theme.scaled(16))
        if entry.code:
            width = metrics.horizontalAdvance(entry.code)
            painter.drawText(box, upright | Qt.AlignmentFlag.AlignLeft, entry.code)
            box.setLeft(box.left() + width + theme.scaled(12))
        painter.setPen(theme.color("text_2" if entry.faint else "text"))
        self._paint_text(painter, box, entry.text, sought)

    def _paint_text(self, painter: QPainter, box: QRect, text: str, sought: str) -> None:
        """Plain and bold pieces beside each other; elided as if all were bold, so that nothing jumps."""
        plain, bold = look.current().font(), look.current().font(weight=600)
        kept = QFontMetrics(bold).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        shown = spans(text, sought) if sought else []
        place, x = 0, box.x()
        for start, end in [*shown, (len(kept), len(kept))]:
            for piece, font in ((kept[place:start], plain), (kept[start:end], bold)):
                if piece:
                    painter.setFont(font)
                    painter.drawText(QRect(x, box.y(), box.right() - x + 2, box.height()),
                                     Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, piece)  # fmt: skip
                    x += QFontMetrics(font).horizontalAdvance(piece)
            place = max(place, end)
