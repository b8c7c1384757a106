"""How a slice declares a list: its columns, its source, its words. One value, from which the browser is made.

Widths are device-independent pixels at 100 % text size. Titles are msgids (mark them with `N_`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from crm_desktop.core.i18n import N_, _
from crm_desktop.db.paging import By, Sort, Source
from crm_desktop.ui.delegates import FIGURES, CellStyle, Kind
from crm_desktop.ui.filters import Entry


@dataclass(frozen=True)
class Choice:
    """A stored value and what the list shows for it: its word, and for pills and icons the tone and the picture."""

    value: Any
    title: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Column:
    """One column.

    key: the attribute of the row that is shown, and the name of the source's field for sorting, filtering and summing.
    stretch: takes what is left of the width (names only). value, style: instead of the attribute and the plain look; `style`
    may be None for an ordinary cell. summed: the source sums this field, the sum stands in the footer. hidden: not shown until
    the person asks for it. permission: without it the column does not exist (cost, margin). entry: how a filter text is read,
    where the kind does not say it. group: the list can be grouped by this column, and how.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 120
    stretch: bool = False
    sortable: bool = True
    filterable: bool = True
    choices: tuple[Choice, ...] = ()
    value: Callable[[Any], Any] | None = None
    style: Callable[[Any], CellStyle | None] | None = None
    summed: bool = False
    hidden: bool = False
    permission: str = ""
    entry: Entry | None = None
    group: By | None = None

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        """The plain value of a row, as the source gave it."""
        return self.value or attrgetter(self.key)

    @cached_property
    def by_value(self) -> dict[Any, Choice]:
        """The choices by their stored values."""
        return {choice.value: choice for choice in self.choices}

    @property
    def reads_as(self) -> Entry:
        """How a text in the filter row is read."""
        if self.entry:
            return self.entry
        if self.choices:
            return Entry.CHOICE
        if self.kind is Kind.CHECK:
            return Entry.FLAG
        if self.kind is Kind.DATE:
            return Entry.DATE
        if self.kind in FIGURES:
            return Entry.NUMBER if self.kind is Kind.NUMBER else Entry.MONEY
        return Entry.TEXT

    @property
    def words(self) -> tuple[tuple[Any, str], ...]:
        """The choices as stored value and word in the language in use."""
        return tuple((choice.value, _(choice.title)) for choice in self.choices)

    def cell(self, row: Any) -> tuple[Any, CellStyle | None]:
        """What the cell of `row` shows and how."""
        value = self.read(row)
        style = self.style(row) if self.style else None
        choice = self.by_value.get(value) if self.choices else None
        if choice is None:
            return (None if self.choices and self.kind is Kind.ICON else value), style
        if choice.tone and not (style and style.tone):
            style = replace(style or CellStyle(), tone=choice.tone)
        return (choice.icon if self.kind is Kind.ICON else _(choice.title)), style

    def spoken(self, row: Any) -> str:
        """The cell in words, for screen readers and tool tips of icons; "" where the shown text says it already."""
        choice = self.by_value.get(self.read(row)) if self.kind is Kind.ICON else None
        return _(choice.title) if choice else ""


@dataclass(frozen=True)
class Listing:
    """A list, declared. Made once by the slice's view; holds no state.

    name: under which its layout is kept ("documents.documents"). title: its accessible name. table: whose changes refresh it
    ("" for none), or several. new: the words of the primary button and of the empty state's ("" where nothing can be made
    here). empty_icon, empty_title, empty_text: the empty module: what it is for. key: the id of a row.
    searchable: typing looks through the whole record (the source has `search` or `lookup`). kept: the desk keeps its columns and saved
    filters for the employee; a list on a card is made anew each time.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    source: Source[Any]
    default_sort: tuple[Sort, ...] = ()
    table: str | tuple[str, ...] = ""
    new: str = ""
    empty_icon: str = "file-search"
    empty_title: str = N_("There is nothing here yet")
    empty_text: str = ""
    key: Callable[[Any], UUID] = attrgetter("id")
    searchable: bool = True
    kept: bool = True

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose changes refresh the list."""
        return (self.table,) if isinstance(self.table, str) and self.table else tuple(self.table)

    def for_permissions(self, may: Callable[[str], bool]) -> "Listing":
        """The same list without the columns that this person may not see."""
        return replace(self, columns=tuple(column for column in self.columns if not column.permission or may(column.permission)))
