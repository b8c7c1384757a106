"""The line under a browser's rows: how many, how many are selected, and the sums right under their columns. Own paint."""

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.delegates import text_of
from crm_desktop.ui.head import Head
from crm_desktop.ui.widgets.toast import stay_clear


class SumsBar(QWidget):
    """`show_sums` and `say` give what it shows; places and widths come from the head."""

    def __init__(self, head: Head, parent: QWidget) -> None:
        super().__init__(parent)
        self._head = head
        self._sums: Mapping[str, Decimal] = {}
        self._text, self._problem, self._selected = "", "", False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        stay_clear(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Sums"))
        for moved in (head.sectionResized, head.sectionMoved, head.geometriesChanged):
            moved.connect(self.update)
        head.parent().horizontalScrollBar().valueChanged.connect(self.update)  # type: ignore[attr-defined, union-attr]
        look.current().follow(self, self._restyle)

    @property
    def text(self) -> str:
        """The words at the left."""
        return self._problem or self._text

    def sum_text(self, key: str) -> str:
        """The sum of a column as it is written; "" where none is known."""
        column = next(column for column in self._head.columns if column.key == key)
        return text_of(self._sums.get(key), column.kind)

    def show_sums(self, text: str, sums: Mapping[str, Decimal], *, selected: bool) -> None:
        """The words at the left, the sums by column; `selected`: they are those of the selection."""
        if (text, sums, selected) != (self._text, self._sums, self._selected):
            self._text, self._sums, self._selected = text, sums, selected
            self._tell()

    def say(self, problem: str) -> None:
        """A sentence about a filter that cannot be read stands in place of the words until it is empty again."""
        if problem != self._problem:
            self._problem = problem
            self._tell()

    def sizeHint(self) -> QSize:
        """As high as a head."""
        return QSize(200, self.minimumHeight())

    def _tell(self) -> None:
        sums = [f"{_(column.title)} {self.sum_text(column.key)}" for column in self._head.columns if column.key in self._sums]
        self.setAccessibleDescription("; ".join([self.text, *sums]))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    def _restyle(self) -> None:
        theme = look.current()
        self.setFixedHeight(theme.size("header"))
        self._font, self._strong = theme.font(tabular=True), theme.font("strong", tabular=True)
        self._words = theme.font()
        self._metrics, self._pad = QFontMetrics(self._strong), theme.size("cell_padding")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sums first; the words take the room that is left of them."""
        theme, painter = look.current(), QPainter(self)
        painter.fillRect(self.rect(), theme.color("sunken"))
        painter.setPen(QPen(theme.color("border")))
        painter.drawLine(0, 0, self.width(), 0)
        left = self.width() - self._pad
        painter.setFont(self._strong)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for section, column in enumerate(self._head.columns):
            if column.key not in self._sums or self._head.isSectionHidden(section):
                continue
            at, width = self._head.sectionViewportPosition(section), self._head.sectionSize(section)
            text = self.sum_text(column.key)
            needs = self._metrics.horizontalAdvance(text)
            box = QRect(min(at, at + width - needs - 2 * self._pad), 1, max(width, needs + 2 * self._pad), self.height() - 1)
            painter.setPen(theme.color("danger" if self._sums[column.key] < 0 else "text"))
            painter.drawText(box.adjusted(self._pad, 0, -self._pad, 0), right, text)
            left = min(left, box.right() - needs - 2 * self._pad)
        painter.setFont(self._words)
        painter.setPen(theme.color("danger" if self._problem else "text_2"))
        room = left - self._pad
        words = QFontMetrics(self._words).elidedText(self.text, Qt.TextElideMode.ElideRight, max(0, room))
        painter.drawText(
            QRect(self._pad, 1, max(0, room), self.height() - 1), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words
        )
        painter.end()
