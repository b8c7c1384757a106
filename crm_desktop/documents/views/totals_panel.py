"""What the document comes to: the VAT table left; net, VAT and the sum to pay right; between them its notes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _, money, ngettext
from crm_desktop.core.problem import Problem
from crm_desktop.documents.rules.model import Draft, Totals
from crm_desktop.documents.views.line_model import rate_text
from crm_desktop.documents.views.notes import NotesField
from crm_desktop.ui import theme as look
from crm_desktop.ui.fields import show_problems
from crm_desktop.ui.widgets.parts import KeyCap, label, rule
from crm_desktop.ui.widgets.toast import stay_clear

_LEAST_ROWS = 2
_GAP, _APART = 22, 24


class VatTable(QWidget):
    """One row a rate: rate, net, VAT, gross."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("vat_table")
        self._rows: list[tuple[str, str, str, str]] = []
        self._widths = [0, 0, 0, 0]
        look.current().follow(self, self._measure)

    def show_rows(self, rows: list[tuple[str, str, str, str]]) -> None:
        """Show these texts; the same again changes nothing."""
        if rows != self._rows:
            self._rows = rows
            self.setAccessibleName("; ".join(" ".join(row) for row in rows) or _("VAT by rate"))
            self._measure()

    def rows(self) -> list[tuple[str, str, str, str]]:
        """The texts that are shown."""
        return list(self._rows)

    def sizeHint(self) -> QSize:
        """Room for two rates at least, so that the first lines move nothing."""
        rows = max(_LEAST_ROWS, len(self._rows))
        return QSize(sum(self._widths) + 3 * _GAP, self._head() + rows * self._row())

    def minimumSizeHint(self) -> QSize:
        """All of it: a sum is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heads, then figures, all standing right."""
        theme, painter = look.current(), QPainter(self)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("caption", 600))
        painter.setPen(theme.color("text_2"))
        for box, head in zip(self._boxes(0, self._head()), _heads(), strict=True):
            painter.drawText(box, right, head)
        painter.setFont(theme.font(tabular=True))
        painter.setPen(theme.color("text"))
        for place, row in enumerate(self._rows):
            for box, text in zip(self._boxes(self._head() + place * self._row(), self._row()), row, strict=True):
                painter.drawText(box, right, text)

    def _boxes(self, top: int, height: int) -> list[QRect]:
        left, boxes = 0, []
        for width in self._widths:
            boxes.append(QRect(left, top, width, height))
            left += width + _GAP
        return boxes

    def _head(self) -> int:
        return look.current().scaled(16)

    def _row(self) -> int:
        return look.current().scaled(18)

    def _measure(self) -> None:
        theme = look.current()
        heads, figures = QFontMetrics(theme.font("caption", 600)), QFontMetrics(theme.font(tabular=True))
        widths = [heads.horizontalAdvance(head) for head in _heads()]
        least = figures.horizontalAdvance("0 000,00")
        for place in range(4):
            widest = max((figures.horizontalAdvance(row[place]) for row in self._rows), default=0)
            widths[place] = max(widths[place], widest, least if place else 0) + 1
        self._widths = widths
        self.updateGeometry()
        self.update()


class TotalsPanel(QFrame):
    """The sums of a draft. `total_net`, `total_tax` and `total_gross` are plain labels. Its `notes` take no room of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.mark(self, role="sunken")
        self.setObjectName("totals_panel")
        stay_clear(self)
        self.vat_table = VatTable()
        self.notes, self._notes_title, self._notes_key = NotesField(), label(_("Notes"), "label"), KeyCap("F11")
        self._notes_title.setBuddy(self.notes)
        self.net, self.tax, self.gross = (label("", "display") for _place in range(3))
        self._net_title, self._tax_title, self._gross_title = (label("", "caption") for _place in range(3))
        self._notes_box, self._notes_below = self._notes_named(), False
        self._grid = QGridLayout()
        self._grid.setContentsMargins(14, 10, 14, 10)
        self._grid.setHorizontalSpacing(_APART)
        self._grid.setVerticalSpacing(8)
        self._grid.addWidget(self.vat_table, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._notes_box, 0, 1)
        self._grid.setColumnStretch(1, 1)
        self._sums = QHBoxLayout()
        self._sums.setSpacing(_APART)
        for title, amount, name in (
            (self._net_title, self.net, "total_net"),
            (self._tax_title, self.tax, "total_tax"),
            (self._gross_title, self.gross, "total_gross"),
        ):
            amount.setObjectName(name)
            look.tabular(amount, "display")
            self._sums.addLayout(_pair(title, amount))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule())
        self._grid.addLayout(self._sums, 0, 2)
        outer.addLayout(self._grid)

    def show_notes(self, text: str, problems: Iterable[Problem], *, read_only: bool) -> None:
        """Show the notes and what is wrong with them; an issued document without notes has no field for them."""
        self.notes.show_text(text)
        show_problems(self, [problem for problem in problems if problem.field == "notes"])
        self._notes_box.setVisible(bool(text) or not read_only)

    def minimumSizeHint(self) -> QSize:
        """The sums; where the notes have no room between them, they go below."""
        return QSize(self._sums_width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the notes where there is room for them."""
        super().resizeEvent(event)
        below = self.width() < self._sums_width() + self._notes_box.minimumSizeHint().width() + _APART
        if below != self._notes_below:
            self._notes_below = below
            self._grid.addWidget(self._notes_box, *((1, 0, 1, 3) if below else (0, 1, 1, 1)))

    def _sums_width(self) -> int:
        edges = self._grid.contentsMargins()
        return self.vat_table.sizeHint().width() + self._sums.minimumSize().width() + 2 * _APART + edges.left() + edges.right()

    def _notes_named(self) -> QWidget:
        box = QWidget()
        look.mark(box, role="clear")
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._notes_title, 0, Qt.AlignmentFlag.AlignRight)
        head.addWidget(self._notes_key, 0, Qt.AlignmentFlag.AlignRight)
        head.addStretch(1)
        line = QHBoxLayout(box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addLayout(head)
        line.addWidget(self.notes)
        line.addStretch(1)
        return box

    def show_totals(self, draft: Draft, totals: Totals, rates: Mapping[str, Decimal | None]) -> None:
        """Show these sums; labels whose text stays are not painted again."""
        count = len(draft.lines)
        _say(self._net_title, ngettext("{count} line, net", "{count} lines, net", count).format(count=count))
        _say(self._tax_title, _("VAT"))
        _say(self._gross_title, _("To pay, {currency}").format(currency=draft.currency))
        for amount, value in ((self.net, totals.net), (self.tax, totals.tax), (self.gross, totals.gross)):
            _say(amount, money(value))
        self.vat_table.show_rows(
            [(rate_text(row.vat, rates.get(row.vat)), money(row.net), money(row.tax), money(row.gross)) for row in totals.rates]
        )


def _heads() -> tuple[str, str, str, str]:
    return _("Rate"), _("Net"), _("VAT"), _("Gross")


def _pair(title: QLabel, amount: QLabel) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addStretch(1)
    for part in (title, amount):
        part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(part)
    title.setBuddy(amount)
    return column


def _say(shown: QLabel, text: str) -> None:
    if shown.text() != text:
        shown.setText(text)
