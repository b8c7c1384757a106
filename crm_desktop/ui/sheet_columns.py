"""The columns of a list as columns of a sheet: the same titles, words and order, but true values instead of painted ones."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from crm_desktop.core import i18n
from crm_desktop.core.i18n import _
from crm_desktop.core.spreadsheet import Figure, SheetColumn, Words
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.listing import Column

_FIGURES = {Kind.MONEY: Figure.MONEY, Kind.SUM: Figure.MONEY, Kind.PRICE: Figure.PRICE}
#: Pixels at 100 % that a character of a sheet takes.
_CHARACTER = 7.0
_WIDEST = 60.0


def sheet_columns(columns: Sequence[Column]) -> list[SheetColumn]:
    """What a sheet needs to know of these columns, in the language in use."""
    return [
        SheetColumn(
            _(column.title),
            _FIGURES.get(column.kind, Figure.PLAIN),
            min(_WIDEST, max(8.0, column.width / _CHARACTER, len(_(column.title)))),
        )
        for column in columns
    ]


def sheet_row(columns: Sequence[Column]) -> Callable[[Any], list[Any]]:
    """What makes of a row of the list its values for a sheet: choices are words, instants are wall time, all else as the source gave it."""
    readers = [_reader(column) for column in columns]
    return lambda row: [read(row) for read in readers]


def sheet_words() -> Words:
    """How text files write in the language in use: Polish with a decimal comma."""
    return Words("," if i18n.language() == "pl" else ".", _("yes"), _("no"))


def _reader(column: Column) -> Callable[[Any], Any]:
    read = column.read
    if not column.choices:
        return lambda row: _plain(read(row))
    words = {choice.value: _(choice.title) for choice in column.choices}

    def word(row: Any) -> Any:
        value = read(row)
        return words.get(value, value)

    return word


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value
