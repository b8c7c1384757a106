"""Tables for other programs: XLSX and CSV files with true types, written row by row, and a table for the clipboard. No Qt, no clock.

A cell is what its value is: Decimal and int are numbers, date and datetime are dates, bool is yes or no, all else is text. Text stays
text: nothing that somebody typed into a name is calculated by the program that opens the file.
"""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Any, Protocol

#: So many rows a sheet of XLSX holds, the heading among them; what is beyond goes to the next sheet.
SHEET_ROWS = 1_048_576
#: The longest text of a cell in XLSX.
_LONGEST = 32_767
_EPOCH, _MIDNIGHT = date(1899, 12, 30), datetime(1899, 12, 30)
#: Spreadsheets count days truly only from here on: they believe in 29 February 1900.
_FIRST_DAY = date(1900, 3, 1)
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_SIGNS = str.maketrans({"\t": " ", "\r": " ", "\n": " ", "\x00": ""})


class Figure(StrEnum):
    """How the numbers of a column are written."""

    PLAIN = "plain"
    MONEY = "money"  # two places
    PRICE = "price"  # two to four places


_FORMATS = {Figure.PLAIN: "General", Figure.MONEY: "#,##0.00", Figure.PRICE: "#,##0.00##"}


@dataclass(frozen=True)
class SheetColumn:
    """A column: its title in the language in use, how its numbers are written, its width in characters."""

    title: str
    figure: Figure = Figure.PLAIN
    width: float = 14


@dataclass(frozen=True)
class Words:
    """How a text file writes: the decimal sign and the words for yes and no."""

    decimal: str = ","
    yes: str = "tak"
    no: str = "nie"


class Writer(Protocol):
    """A file that grows. Either `finish` or `abandon` ends it; neither is called twice."""

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows; a row has a value for each column."""

    def finish(self) -> None:
        """The file is whole. Raises OSError where the disk refuses."""

    def abandon(self) -> None:
        """Let it go: nothing of it stays but the unfinished file at its path."""


class XlsxFile:
    """An XLSX file that is written row by row: what was written waits on the disk, not in memory."""

    def __init__(self, path: Path, title: str, columns: Sequence[SheetColumn]) -> None:
        """Raises OSError where the folder cannot be written."""
        import xlsxwriter  # here: with the first file, not with the start of the program, which it would make 0.1 s longer

        path.touch()  # what forbids the file is known before the first row
        self._columns, self._title = tuple(columns), "".join(sign for sign in title if sign not in "[]:*?/\\'")[:27]
        self._held = tempfile.TemporaryDirectory(prefix="crm-export-")
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": self._held.name})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._figures = [self._book.add_format({"num_format": _FORMATS[column.figure]}) for column in self._columns]
        self._sheets = 0
        self._begin()

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """See `Writer`."""
        for row in rows:
            if self._row == SHEET_ROWS:
                self._begin()
            for place, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, bool):
                    self._sheet.write_boolean(self._row, place, value)
                elif isinstance(value, Decimal | int | float):
                    self._sheet.write_number(self._row, place, value, self._figures[place])
                elif isinstance(value, date) and _counted(value):
                    moment = isinstance(value, datetime)
                    self._sheet.write_number(self._row, place, _serial(value), self._moment if moment else self._day)
                else:
                    self._sheet.write_string(self._row, place, str(value)[:_LONGEST])
            self._row += 1

    def finish(self) -> None:
        """See `Writer`."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:
            cause = error.__context__
            raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error
        finally:
            self._clean()

    def abandon(self) -> None:
        """See `Writer`."""
        self._clean()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        self._sheet = self._book.add_worksheet(name or None)
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(0, place, column.title, self._head)
        self._row = 1

    def _clean(self) -> None:
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()  # a file that is not finished would stay open
        self._book.fileclosed = True
        self._held.cleanup()


class CsvFile:
    """A CSV file as Polish spreadsheets open it by a double click: UTF-8 with its mark, semicolons, CRLF."""

    def __init__(self, path: Path, columns: Sequence[SheetColumn], words: Words) -> None:
        """Raises OSError where the file cannot be made."""
        self._columns, self._words = tuple(columns), words
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file, delimiter=";", lineterminator="\r\n")
        self._csv.writerow([defused(column.title) for column in self._columns])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """See `Writer`."""
        self._csv.writerows(
            [written(value, column.figure, self._words) for value, column in zip(row, self._columns, strict=True)] for row in rows
        )

    def finish(self) -> None:
        """See `Writer`."""
        self._file.close()

    def abandon(self) -> None:
        """See `Writer`."""
        self._file.close()


def written(value: object, figure: Figure, words: Words) -> str:
    """A value as text that a spreadsheet reads back as the same value.

    >>> written(Decimal("-1234.5"), Figure.MONEY, Words()), written(date(2026, 11, 3), Figure.PLAIN, Words())
    ('-1234,50', '2026-11-03')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return words.yes if value else words.no
    if isinstance(value, Decimal | int):
        return _number(Decimal(value), figure).replace(".", words.decimal)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return defused(str(value))


def defused(text: str) -> str:
    """A text that a spreadsheet would calculate gets an apostrophe before it: it stays a text.

    >>> defused('=HYPERLINK("http://x")'), defused("Volt")
    ('\\'=HYPERLINK("http://x")', 'Volt')
    """
    return f"'{text}" if text.lstrip(" \u00a0")[:1] in _FORMULA and text else text


def as_tabs(columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]], words: Words) -> str:
    """The table as lines with tabs between the cells, the heading first."""
    lines = [[column.title for column in columns]]
    lines += [[written(value, column.figure, words) for value, column in zip(row, columns, strict=True)] for row in rows]
    return "".join("\t".join(cell.translate(_SIGNS) for cell in line) + "\n" for line in lines)


def as_html(columns: Sequence[SheetColumn], rows: Iterable[Sequence[Any]], words: Words) -> str:
    """The table as HTML for text and mail programs; spreadsheets are told which cells are text."""
    head = "".join(f'<th align="left">{escape(column.title)}</th>' for column in columns)
    body = "".join(
        f"<tr>{''.join(_cell(value, column.figure, words) for value, column in zip(row, columns, strict=True))}</tr>\n" for row in rows
    )
    return f'<meta charset="utf-8"><table border="1" cellspacing="0" cellpadding="3">\n<tr>{head}</tr>\n{body}</table>'


def _cell(value: object, figure: Figure, words: Words) -> str:
    if isinstance(value, str):
        return f"<td style=\"mso-number-format:'\\@'\">{escape(value)}</td>"
    side = ' align="right"' if isinstance(value, Decimal | int) and not isinstance(value, bool) else ""
    return f"<td{side}>{escape(written(value, figure, words))}</td>"


def _number(value: Decimal, figure: Figure) -> str:
    if figure is Figure.MONEY:
        return f"{value:.2f}"
    if figure is Figure.PRICE:
        exponent = value.normalize().as_tuple().exponent
        return f"{value:.{min(4, max(2, -exponent if isinstance(exponent, int) else 2))}f}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _counted(value: date) -> bool:
    return (value.date() if isinstance(value, datetime) else value) >= _FIRST_DAY


def _serial(value: date) -> float:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=None) - _MIDNIGHT) / timedelta(days=1)
    return (value - _EPOCH).days
