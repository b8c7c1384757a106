"""A list on paper: its columns, filters and sums as a PDF, shown in a dock with the preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.core import i18n, pdf
from crm_desktop.core.i18n import NBSP, _
from crm_desktop.ui import keys
from crm_desktop.ui.delegates import FIGURES, Kind, text_of
from crm_desktop.ui.listing import Column
from crm_desktop.ui.widgets.fkey_bar import FKey
from crm_desktop.ui.widgets.preview import PdfPreview

_SIZE = 7.5
#: A pixel of the screen's columns as points of the print's, whose letters are so much smaller.
_POINTS = 0.6
#: Rows laid out at once: a table takes its time by the square of its rows.
_BLOCK = 250


@dataclass(frozen=True)
class ListPaper:
    """What is printed: all of it plain values, so that it is made off the GUI thread. searched: the filters in words."""

    title: str
    searched: str
    columns: tuple[Column, ...]
    at: datetime

    def made(self, rows: Sequence[Any]) -> bytes:
        """The PDF; wide where the columns need it."""
        needed = sum(column.width for column in self.columns) * _POINTS
        wide = needed > pdf.WIDTH
        width = pdf.WIDE if wide else pdf.WIDTH
        free = next((column for column in self.columns if column.stretch), self.columns[-1])
        columns = [
            pdf.Column(_(column.title), None if column is free else column.width * _POINTS, column.kind in FIGURES)
            for column in self.columns
        ]
        printed = [[_shown(column, row) for column in self.columns] for row in rows]
        counted = i18n.ngettext("{count} row", "{count} rows", len(rows)).format(count=text_of(len(rows), Kind.NUMBER))
        under = "  ·  ".join(part for part in (self.searched, counted) if part)
        story = [pdf.text(self.title, pdf.style(14, pdf.SEMIBOLD)), pdf.text(under, pdf.style(8.5, color=pdf.QUIET)), pdf.gap(3)]
        if any(column.summed for column in self.columns):
            printed.append([_sum(column, place, rows) for place, column in enumerate(self.columns)])
        widths = self._widths(columns, printed)
        for start in range(0, max(1, len(printed)), _BLOCK):
            story.append(pdf.table(widths, printed[start : start + _BLOCK], _SIZE, width))
        sheet = pdf.Sheet(
            title=self.title,
            page=lambda page, pages: _("page {page} of {pages}").format(page=page, pages=pages),
            language=i18n.language(),
            head=self.title,
            foot=_("Printed {moment}").format(moment=i18n.moment(self.at)),
            wide=wide,
        )
        return pdf.build(sheet, story)

    def _widths(self, columns: list[pdf.Column], printed: list[list[Any]]) -> list[pdf.Column]:
        """The same widths in every block: those that the longest figures of all need."""
        found = []
        for place, column in enumerate(columns):
            if column.right and column.width is not None:
                longest = max((pdf.Figures(row[place], _SIZE).length() for row in printed if isinstance(row[place], str)), default=0)
                total = max((row[place].length() for row in printed if isinstance(row[place], pdf.Figures)), default=0)
                column = pdf.Column(column.head, max(column.width, longest + 9, total + 9), True)
            found.append(column)
        return found


def _sum(column: Column, place: int, rows: Sequence[Any]) -> Any:
    """Of the rows that are printed, so that whoever adds them up finds the same."""
    if column.summed:
        total = sum((Decimal(column.read(row) or 0) for row in rows), Decimal(0))
        return pdf.Figures(text_of(total, column.kind), _SIZE, pdf.SEMIBOLD)
    return pdf.text(_("Together"), pdf.style(_SIZE, pdf.SEMIBOLD)) if place == 0 else ""


def _shown(column: Column, row: Any) -> str:
    value = column.read(row)
    choice = column.by_value.get(value) if column.choices else None
    if choice is not None:
        return _(choice.title)
    if isinstance(value, bool):
        return _("yes") if value else ""
    text = text_of(value, column.kind)
    return text if column.kind in FIGURES else text.replace(NBSP, " ")


class ListPreview(QWidget):
    """The pages of a printed list."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("list_preview")
        self.preview = PdfPreview()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.preview)
        keys.bind(self, "Escape", self.closed.emit)
        self.setFocusProxy(self.preview)

    def fkeys(self) -> list[FKey]:
        """The keys that work here."""
        return [
            FKey("Ctrl+P", _("Print"), self.preview.print_pdf),
            FKey("Ctrl+S", _("Save as PDF"), self.preview.save_pdf),
            FKey("Escape", _("Close"), self.closed.emit, right=True),
        ]
