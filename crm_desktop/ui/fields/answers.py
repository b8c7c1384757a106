"""The answers under a look-up field: code, name, what tells namesakes apart. Never takes the focus."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import READABLE_ON_SELECTION

Index = QModelIndex | QPersistentModelIndex
_ANSWER = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Side:
    """One short fact at the right of an answer: a stock, a price, a NIP. `tone`: a token ("success", "danger") or ""."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row. `value` comes back when it is taken; `code` stands first in text_2; `label` is what the field shows afterwards."""

    value: Any
    text: str
    code: str = ""
    sides: tuple[Side, ...] = ()
    shown: str = ""

    @property
    def label(self) -> str:
        """What the field shows once this is taken: `shown`, else the text."""
        return self.shown or self.text


class AnswerPopup(QFrame):
    """A child of the window, above all else in it, so that no window system can give it the focus."""

    taken = Signal(object)  # Answer, or None for the offer
    MOST_ROWS = 8

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        look.mark(self, role="popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Answers"))
        self._model = _Answers(self)
        self._list = QListView(self)
        look.mark(self._list, role="answers")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setAccessibleName(_("Answers"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_AnswerDelegate(self._list))
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.clicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._list)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(18)
        shadow.setOffset(0, 4)
        shadow.setColor(look.current().color("shadow", 0.18))
        self.setGraphicsEffect(shadow)
        self.hide()

    def answers(self) -> Sequence[Answer]:
        """What stands there."""
        return self._model.answers

    def show_answers(self, answers: Sequence[Answer], note: str, offer: str) -> None:
        """Replace the rows; the first answer is chosen."""
        self._model.replace(answers, note, offer)
        first = self._model.index(0) if answers else self._model.index(self._model.rowCount() - 1 if offer else -1)
        self._list.setCurrentIndex(first)

    def place(self, field: QLineEdit, width: int = 0) -> None:
        """Under the field, or above it where there is no room; as wide as the field or `width`, within the window."""
        window = self.parentWidget() or field.window()
        row = look.current().size("control")
        rows = min(self.MOST_ROWS, self._model.rowCount())
        wide = min(max(field.width(), width, look.current().scaled(280)), window.width() - 12)
        high = rows * row + 10
        corner = field.mapTo(window, QPoint(0, field.height() + 3))
        if corner.y() + high > window.height() - 4:
            corner.setY(max(4, field.mapTo(window, QPoint(0, 0)).y() - high - 3))
        corner.setX(max(6, min(corner.x(), window.width() - wide - 6)))
        self.setGeometry(QRect(corner, QSize(wide, high)))
        self.show()
        self.raise_()
        self._list.scrollTo(self._list.currentIndex())

    def walk(self, key: Qt.Key) -> None:
        """Move the choice by a row or a page."""
        step = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: self.MOST_ROWS - 1,
            Qt.Key.Key_PageUp: 1 - self.MOST_ROWS,
        }[key]
        last = self._model.rowCount() - 1
        row = max(0, min(last, self._list.currentIndex().row() + step))
        if self._model.index(row).flags() & Qt.ItemFlag.ItemIsEnabled:
            self._list.setCurrentIndex(self._model.index(row))

    def take_current(self) -> bool:
        """Take the chosen row. False when none is chosen."""
        index = self._list.currentIndex()
        if not index.isValid():
            return False
        self._clicked(index)
        return True

    def _clicked(self, index: Index) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.taken.emit(index.data(_ANSWER))


class _Answers(QAbstractListModel):
    """Answers, then a note when there are none, then the offer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.answers: Sequence[Answer] = ()
        self._note = self._offer = ""

    def replace(self, answers: Sequence[Answer], note: str, offer: str) -> None:
        self.beginResetModel()
        self.answers, self._note, self._offer = tuple(answers), note, offer
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.answers) + bool(self._note) + bool(self._offer)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        answer = self.answers[row] if row < len(self.answers) else None
        if role == _ANSWER:
            return answer
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if answer is None:
                return self._note if self._is_note(row) else self._offer
            return (
                " ".join([answer.code, answer.text, *(side.text for side in answer.sides)]).strip()
                if role == Qt.ItemDataRole.AccessibleTextRole
                else answer.text
            )
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.NoItemFlags if self._is_note(index.row()) else super().flags(index)

    def _is_note(self, row: int) -> bool:
        return bool(self._note) and row == len(self.answers)


class _AnswerDelegate(QStyledItemDelegate):
    """Columns as wide as their widest answer; the text takes what is left and is the only one that may be elided."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = look.current()
        rect: QRect = option.rect
        answer: Answer | None = index.data(_ANSWER)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("select"))
            painter.drawRoundedRect(rect, theme.radius("control"), theme.radius("control"))
        box = rect.adjusted(10, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        font = theme.font()
        painter.setFont(font)
        metrics = QFontMetrics(font)
        if answer is None:
            note = not index.flags() & Qt.ItemFlag.ItemIsEnabled
            painter.setPen(theme.color("text_2" if note else "accent"))
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, index.data())
            painter.restore()
            return
        answers: Sequence[Answer] = index.model().answers  # type: ignore[attr-defined]
        codes = max(metrics.horizontalAdvance(each.code) for each in answers)
        if codes:
            painter.setPen(theme.color("text_2"))
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, answer.code)
            box.setLeft(box.left() + codes + theme.scaled(18))
        most = max(len(each.sides) for each in answers)
        for place in reversed(range(most)):
            texts = [each.sides[place].text for each in answers if place < len(each.sides)]
            figures = not any(text[:1].isalpha() for text in texts)  # words are torn by figures of one width, and stand left
            column = theme.font(tabular=figures)
            width = max((QFontMetrics(column).horizontalAdvance(text) for text in texts), default=0)
            if place < len(answer.sides):
                side = answer.sides[place]
                painter.setFont(column)
                painter.setPen(theme.color((side.tone or "text") if not chosen or side.tone in READABLE_ON_SELECTION else "text"))
                painter.drawText(
                    QRect(box.right() - width, box.top(), width + 1, box.height()),
                    (Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft) | middle,
                    side.text,
                )
            box.setRight(box.right() - width - theme.scaled(20))
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(
            box,
            Qt.AlignmentFlag.AlignLeft | middle,
            metrics.elidedText(answer.text, Qt.TextElideMode.ElideRight, box.width()),
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, look.current().size("control"))
