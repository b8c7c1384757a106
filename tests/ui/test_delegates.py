"""Cells (desk.md sections 6 and 7): figures are never cut, focus and selection are told apart, states are words."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QTableView, QToolTip, QWidget

from crm_desktop.core.i18n import MINUS, NBSP
from crm_desktop.ui import theme
from crm_desktop.ui.delegates import PENDING, STYLE, CellStyle, GridDelegate, Index, Kind, text_of


class OneRow(QAbstractTableModel):
    """A row of values and their styles."""

    def __init__(self, values: list[Any], styles: dict[int, CellStyle] | None = None) -> None:
        super().__init__()
        self.values, self.styles = values, styles or {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 1

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return len(self.values)

    def data(self, index: Index, role: int = 0) -> Any:
        if role == STYLE:
            return self.styles.get(index.column())
        return self.values[index.column()] if role == Qt.ItemDataRole.DisplayRole else None


@pytest.fixture
def table(shown: Callable[..., QWidget]) -> Callable[..., QTableView]:
    """A view of one row with our delegate; the model lives as long as the view."""

    def make(values: list[Any], kinds: list[Kind], styles: dict[int, CellStyle] | None = None, width: int = 160) -> QTableView:
        view = QTableView()
        model = OneRow(values, styles)
        model.setParent(view)
        view.setModel(model)
        view.setItemDelegate(GridDelegate(view, kinds))
        view.setShowGrid(False)
        view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        view.verticalHeader().hide()
        for column in range(len(values)):
            view.setColumnWidth(column, width)
        shown(view)
        return view

    return make


def cell(view: QTableView, column: int = 0) -> QImage:
    """A picture of a cell."""
    return view.viewport().grab(view.visualRect(view.model().index(0, column))).toImage()


def has(image: QImage, token: str) -> bool:
    """Whether a token's colour is in a picture."""
    wanted = theme.current().color(token).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (Decimal("-842.28"), Kind.MONEY, f"{MINUS}842,28"),
        (Decimal("22684.03"), Kind.SUM, f"22{NBSP}684,03"),
        (Decimal("1.500"), Kind.NUMBER, "1,5"),
        (Decimal("0.1234"), Kind.PRICE, "0,1234"),
        (7, Kind.NUMBER, "7"),
        (7, Kind.MONEY, "7,00"),
        (date(2026, 11, 23), Kind.DATE, "23.11.2026"),
        (None, Kind.MONEY, ""),
        ("FS/KR/1284/11/2026", Kind.IDENTIFIER, "FS/KR/1284/11/2026"),
    ],
)
def test_values_are_written_as_people_write_them(value: object, kind: Kind, text: str) -> None:
    """Decimal comma, no-break thousands, a real minus; the same words for the cell, its tool tip and a copy."""
    assert text_of(value, kind) == text


@pytest.mark.parametrize(
    ("kind", "value"), [(Kind.MONEY, Decimal("1234567.89")), (Kind.IDENTIFIER, "FS/KR/1284/11/2026"), (Kind.DATE, date(2026, 1, 2))]
)
def test_a_narrow_figure_is_not_cut(table: Callable[..., QTableView], kind: Kind, value: object) -> None:
    """A cut number lies: the narrow cell looks like one that holds ####, whatever the number was."""
    narrow = cell(table([value], [kind], width=48))
    hashes = cell(table(["####"], [Kind.MONEY if kind is Kind.MONEY else Kind.TEXT], width=48))
    other = cell(
        table(
            [Decimal("9999999.11") if kind is Kind.MONEY else "XX/YY/9999/99/9999"],
            [kind if kind is not Kind.DATE else Kind.IDENTIFIER],
            width=48,
        )
    )
    if kind is Kind.MONEY:
        assert narrow == hashes
    if kind is not Kind.DATE:
        assert narrow == other


def test_a_negative_is_red_and_has_its_minus(table: Callable[..., QTableView]) -> None:
    """The minus says it, the colour helps."""
    view = table([Decimal(-5), Decimal(5)], [Kind.MONEY, Kind.MONEY])
    assert has(cell(view, 0), "danger")
    assert not has(cell(view, 1), "danger")


def test_selection_with_and_without_focus(table: Callable[..., QTableView]) -> None:
    """A grid that has lost the focus to another widget of the same window looks idle."""
    view = table(["a", "b"], [Kind.TEXT, Kind.TEXT])
    view.selectRow(0)
    view.setFocus()
    assert has(cell(view, 1), "select")
    assert has(cell(view, 0), "accent")  # the ring of the current cell
    view.clearFocus()
    assert has(cell(view, 1), "select_idle")
    assert not has(cell(view, 0), "accent")


def test_bar_tint_and_pending(table: Callable[..., QTableView]) -> None:
    """A rule tints a bar or one cell, never the row; a row that is not loaded is a grey bar."""
    styles = {0: CellStyle(bar="warning"), 1: CellStyle(tint="danger_bg", tone="danger"), 2: PENDING}
    view = table(["a", Decimal(1), "never seen"], [Kind.TEXT, Kind.MONEY, Kind.TEXT], styles)
    view.clearFocus()
    assert cell(view, 0).pixelColor(1, 8) == theme.current().color("warning")
    assert has(cell(view, 1), "danger_bg")
    assert has(cell(view, 2), "pressed")
    assert not has(cell(view, 2), "text")


def test_a_change_by_others_fades(table: Callable[..., QTableView], qapp: QApplication) -> None:
    """Tinted just after, plain when its time is over, never without animations."""
    theme.apply(qapp, "light", animations=True)
    now = time.monotonic()
    fresh = cell(table([""], [Kind.TEXT], {0: CellStyle(changed=now)}))
    old = cell(table([""], [Kind.TEXT], {0: CellStyle(changed=now - 60)}))
    assert fresh.pixelColor(5, 5) != old.pixelColor(5, 5) == theme.current().color("surface")


def test_a_pill_is_a_word_on_its_tint(table: Callable[..., QTableView]) -> None:
    """Colour is not alone: the word stands there, and its width is known."""
    view = table(["po terminie"], [Kind.PILL], {0: CellStyle(tone="danger")})
    assert has(cell(view), "danger_bg")
    delegate = view.itemDelegate()
    assert isinstance(delegate, GridDelegate)
    assert delegate.cell_width("po terminie", Kind.PILL) > delegate.cell_width("", Kind.PILL)
    assert delegate.shown_text(view.model().index(0, 0)) == "po terminie"


def test_what_is_cut_is_in_the_tool_tip(table: Callable[..., QTableView]) -> None:
    """An elided name is told in full; one that fits has no tool tip."""
    long = "Spółdzielnia Mieszkaniowa Złote Łany w Bielsku-Białej"
    view = table(["krótka", long], [Kind.TEXT, Kind.TEXT])
    delegate = view.itemDelegate()
    for column, text in ((0, ""), (1, long)):
        event = QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5)))
        assert delegate.helpEvent(event, view, QStyleOptionViewItem(), view.model().index(0, column))
        assert QToolTip.text() == text


def test_rows_grow_with_the_text(table: Callable[..., QTableView], qapp: QApplication) -> None:
    """Everything works with 130 % text: heights come from the font."""
    view = table(["a"], [Kind.TEXT])
    index = view.model().index(0, 0)
    small: QSize = view.itemDelegate().sizeHint(QStyleOptionViewItem(), index)
    theme.apply(qapp, "light", scale=1.3, animations=False)
    large: QSize = view.itemDelegate().sizeHint(QStyleOptionViewItem(), index)
    theme.apply(qapp, "light", animations=False)
    assert (small.height(), large.height()) == (26, 34)
