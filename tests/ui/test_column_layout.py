"""Widths of a list's columns where there is little room: beside a card, in a narrow dock."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from crm_desktop.db.paging import Sort
from crm_desktop.ui.column_layout import ColumnLayout
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.listing import Column, Listing
from crm_desktop.ui.row_model import RowModel
from crm_desktop.ui.rows_view import RowsView
from tests.support.rows_in_memory import ListSource

NUMBER, NAME, PLACE, GROSS = range(4)
COLUMNS = (
    Column("number", "Number", Kind.IDENTIFIER, 160),
    Column("buyer", "Buyer", stretch=True, width=220),
    Column("place", "Place", width=140),
    Column("gross", "Gross", Kind.SUM, 104),
)


def test_a_narrow_list_gives_words_away_before_it_scrolls(shown: Callable[..., QWidget]) -> None:
    """Names and columns of words become narrow if all fit then; figures never, and a width that a person gave stays."""
    listing = Listing("test.narrow", "Documents", COLUMNS, ListSource([]), (Sort("number"),), "test.document", "New")
    parent = QWidget()
    shown(parent, size=(1000, 400))
    view = RowsView(listing, RowModel(listing, parent), parent)
    layout, head = ColumnLayout(view), view.head

    def widths(room: int) -> list[int]:
        view.resize(view.width() + 264 + room - view.viewport().width(), 300)
        layout.fit()
        return [head.sectionSize(section) for section in range(4)]

    view.resize(800, 300)
    view.show()
    assert widths(300) == [160, 160, 140, 104]
    assert widths(220) == [160, 120, 100, 104]
    assert widths(150) == [160, 160, 140, 104]  # no room for all: one scrolls sideways, and everything can be read
    head.resizeSection(PLACE, 150)
    assert widths(220)[PLACE] == 150
