"""The grid of lines: edit in place, keys of a line, and what is painted anew (SAL-01, BAR-03, GOL-28)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.core.i18n import NBSP
from crm_desktop.core.problem import Problem, Severity
from crm_desktop.documents.rules import changes
from crm_desktop.documents.rules.model import Draft
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.views.line_grid import CellLine, LineGrid
from crm_desktop.documents.views.line_model import Col, LineModel
from crm_desktop.ui.delegates import STYLE
from tests.support.desk_in_memory import DeskInMemory
from tests.support.drafts import PERCENTS, draft, line
from tests.support.hand import Hand

DISPLAY = Qt.ItemDataRole.DisplayRole


class Grid:
    """A grid with three lines in a window, and what its signals told."""

    def __init__(self, show: Callable[[QWidget], None], hand: Hand) -> None:
        self.model = LineModel()
        self.grid = LineGrid(self.model)
        self.hand = hand
        self.draft = draft(line(1, quantity="2"), line(2, quantity="3", price="0.1234"), line(3, discount="7", negotiated=True))
        self.edits: list[tuple[UUID, Col, str]] = []
        self.told: list[tuple[Any, ...]] = []
        self.model.edited.connect(lambda *what: self.edits.append(what))
        for name in ("removed", "duplicated", "moved", "pasted", "typed", "entry_wanted"):
            getattr(self.grid, name).connect(lambda *what, name=name: self.told.append((name, *what)))
        self.show(self.draft)
        show(self.grid)
        self.grid.setFocus()

    def show(self, shown: Draft, problems: list[Problem] | None = None, wrong: dict[tuple[UUID, Col], str] | None = None) -> None:
        """As the editor does it."""
        self.draft = shown
        self.model.show_lines(shown, totals(shown, PERCENTS), PERCENTS, problems or [], wrong)

    def text(self, place: int, column: Col) -> str:
        """What the cell shows."""
        return self.grid.cells.shown_text(self.model.index(place, column)).replace(NBSP, " ")

    def stand(self, place: int, column: Col) -> None:
        """Be there."""
        self.grid.setCurrentIndex(self.model.index(place, column))

    def cell(self) -> CellLine:
        """The open cell."""
        field = QApplication.focusWidget()
        assert isinstance(field, CellLine)
        return field


@pytest.fixture
def desk(office: DeskInMemory, show: Callable[[QWidget], None], hand: Hand) -> Grid:
    return Grid(show, hand)


def test_a_line_in_its_cells(desk: Grid) -> None:
    assert [desk.text(2, column) for column in Col] == [
        *("3", "T003", "Towar 3", "1", "szt.", "10,00", "7 %", "23 %", "9,30", "11,44", "lock")
    ]
    assert desk.text(1, Col.PRICE) == "0,1234"
    assert desk.model.data(desk.model.index(0, Col.QUANTITY), DISPLAY) == Decimal(2)


def test_enter_walks_through_the_numbers_and_ends_at_the_entry_line(desk: Grid) -> None:
    """SAL-01: right to the next editable cell, then to the next line."""
    desk.stand(1, Col.QUANTITY)
    desk.hand.type("\n")
    walked = []
    while isinstance(QApplication.focusWidget(), CellLine):
        walked.append((desk.grid.place(), desk.cell().column))
        desk.hand.type("\n")
    order = [Col.QUANTITY, Col.PRICE, Col.DISCOUNT, Col.VAT]
    assert walked == [(1, each) for each in order] + [(2, each) for each in order]
    assert desk.told == [("entry_wanted",)]
    assert desk.edits == []  # cells that were only visited tell nothing


def test_typing_replaces_and_enter_tells(desk: Grid) -> None:
    desk.stand(1, Col.QUANTITY)
    desk.hand.type("12,5\n")
    assert desk.edits == [(desk.draft.lines[1].id, Col.QUANTITY, "12,5")]
    assert desk.cell().column is Col.PRICE


def test_f2_opens_with_the_value_and_esc_leaves_it(desk: Grid) -> None:
    desk.stand(1, Col.PRICE)
    desk.hand.key(Qt.Key.Key_F2)
    assert desk.cell().text() == "0,1234"
    desk.hand.type("9")
    desk.hand.key(Qt.Key.Key_Escape)
    assert desk.edits == []
    assert desk.grid.hasFocus()


def test_the_other_cells_are_not_typed_into(desk: Grid) -> None:
    """A character there belongs into the entry line."""
    desk.stand(1, Col.NET)
    desk.hand.type("l")
    assert desk.told == [("typed", "l")]
    desk.stand(1, Col.CODE)
    desk.hand.key(Qt.Key.Key_F2)
    assert not desk.grid.is_editing()


def test_the_code_of_an_unknown_item_may_be_mended(desk: Grid) -> None:
    desk.show(draft(line(1, item_id=None, code="590", name="")))
    assert desk.text(0, Col.NAME).startswith("Unknown code")
    desk.stand(0, Col.CODE)
    desk.hand.type("LED\n")
    assert desk.edits == [(desk.draft.lines[0].id, Col.CODE, "LED")]


def test_arrows_in_an_open_cell_tell_and_move(desk: Grid) -> None:
    desk.stand(0, Col.QUANTITY)
    desk.hand.type("7")
    desk.hand.key(Qt.Key.Key_Down)
    assert desk.edits == [(desk.draft.lines[0].id, Col.QUANTITY, "7")]
    assert (desk.grid.place(), desk.grid.currentIndex().column()) == (1, Col.QUANTITY)


def test_keys_of_a_line(desk: Grid) -> None:
    desk.stand(1, Col.QUANTITY)
    alt = Qt.KeyboardModifier.AltModifier
    desk.hand.key(Qt.Key.Key_Delete)
    desk.hand.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    desk.hand.key(Qt.Key.Key_Up, alt)
    desk.hand.key(Qt.Key.Key_Down, alt)
    QApplication.clipboard().setText("a;1")
    desk.hand.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    desk.stand(0, Col.QUANTITY)
    desk.hand.key(Qt.Key.Key_Up)
    assert desk.told == [("removed", 1), ("duplicated", 1), ("moved", 1, -1), ("moved", 1, 1), ("pasted", "a;1"), ("entry_wanted",)]


def test_copy_gives_the_cell_as_it_is_shown(desk: Grid) -> None:
    desk.stand(0, Col.GROSS)
    desk.hand.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "24,60"


def test_read_only_it_can_be_walked_and_copied_but_not_changed(desk: Grid) -> None:
    desk.grid.set_read_only(True)
    desk.stand(1, Col.QUANTITY)
    desk.hand.key(Qt.Key.Key_Delete)
    desk.hand.type("5\n")
    desk.hand.key(Qt.Key.Key_F2)
    assert not desk.grid.is_editing()
    assert (desk.told, desk.edits) == ([], [])


def test_f3_in_a_vat_cell_offers_the_rates(desk: Grid) -> None:
    desk.grid.set_rates([("23", "23 %"), ("zw", "zw")])
    desk.stand(0, Col.VAT)
    desk.hand.type("\n")
    desk.hand.key(Qt.Key.Key_F3)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.actions()[1].trigger()
    menu.close()
    assert desk.edits == [(desk.draft.lines[0].id, Col.VAT, "zw")]


# ---- what is shown ---------------------------------------------------------------------------------------------------------


def test_a_wrong_cell_is_red_and_so_is_its_line_number(desk: Grid) -> None:
    """GOL-28"""
    wrong = {(desk.draft.lines[1].id, Col.PRICE): "0,1234567"}
    problem = Problem("number_places", "lines.1.price", "At most {places} decimal places are allowed.", {"places": 4})
    desk.show(desk.draft, [problem], wrong)
    assert desk.text(1, Col.PRICE) == "0,1234567"
    style = desk.model.data(desk.model.index(1, Col.PRICE), STYLE)
    assert (style.tint, style.tone) == ("danger_bg", "danger")
    assert desk.model.data(desk.model.index(1, Col.PLACE), STYLE).tone == "danger"
    assert desk.model.data(desk.model.index(1, Col.PRICE), Qt.ItemDataRole.ToolTipRole) == "At most 4 decimal places are allowed."
    desk.stand(1, Col.PRICE)
    desk.hand.key(Qt.Key.Key_F2)
    assert desk.cell().text() == "0,1234567"  # what was typed is there to be mended


def test_a_warning_is_amber_and_leaves_the_number_alone(desk: Grid) -> None:
    desk.show(desk.draft, [Problem("price_low", "lines.1.price", "Low.", severity=Severity.WARNING)])
    assert desk.model.data(desk.model.index(1, Col.PRICE), STYLE).tint == "warning_bg"
    desk.stand(0, Col.QUANTITY)
    assert desk.model.data(desk.model.index(1, Col.PLACE), STYLE) is None


def test_only_rows_that_differ_are_painted_anew(desk: Grid) -> None:
    changed: list[tuple[int, int]] = []
    desk.model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    desk.show(desk.draft)
    assert changed == []
    desk.show(changes.change_line(desk.draft, 1, name="Inny towar"))
    assert changed == [(1, 1)]


@pytest.mark.parametrize(
    ("act", "signals"),
    [
        (lambda d: changes.remove(d, 1), ["rowsRemoved"]),
        (lambda d: changes.duplicate(d, 0, UUID(int=7)), ["rowsInserted"]),
        (lambda d: changes.move(d, 0, 2), ["rowsMoved"]),
        (lambda d: changes.move(d, 2, 0), ["rowsMoved"]),
        (lambda d: changes.move(d, 1, 2), ["rowsMoved"]),
        (lambda d: replace(d, lines=()), ["rowsRemoved"]),
        (lambda d: replace(d, lines=(line(9), line(8))), ["rowsRemoved", "rowsInserted"]),
    ],
)
def test_rows_come_and_go_without_a_reset(desk: Grid, act: Callable[[Draft], Draft], signals: list[str]) -> None:
    """A reset would close the open cell and lose the place."""
    seen: list[str] = []
    for name in ("rowsRemoved", "rowsInserted", "rowsMoved", "modelReset"):
        getattr(desk.model, name).connect(lambda *_what, name=name: seen.append(name))
    wanted = act(desk.draft)
    desk.show(wanted)
    assert seen == signals
    assert [desk.model.line(place) for place in range(desk.model.rowCount())] == list(wanted.lines)
    assert [desk.text(place, Col.PLACE) for place in range(desk.model.rowCount())] == [str(n + 1) for n in range(len(wanted.lines))]


def test_a_scan_meanwhile_leaves_the_open_cell_alone(desk: Grid) -> None:
    """BAR-03: the very line that is being typed into is raised by a scan."""
    desk.stand(1, Col.QUANTITY)
    desk.hand.type("4")
    desk.show(changes.change_line(desk.draft, 1, quantity=Decimal(99)))
    desk.show(changes.duplicate(desk.draft, 0, UUID(int=7)))
    desk.grid.show_place(0)
    assert desk.cell().text() == "4"
    desk.hand.type("2\n")
    assert desk.edits == [(desk.draft.lines[2].id, Col.QUANTITY, "42")]


def test_the_longest_code_is_never_cut(desk: Grid) -> None:
    code = "PUSZKA-PODTYNKOWA-60"
    desk.show(draft(line(1, code=code)))
    desk.grid.fit_codes()
    assert desk.grid.columnWidth(Col.CODE) >= desk.grid.cells.cell_width(code, desk.grid.cells.kind_of(desk.model.index(0, Col.CODE)))


def test_the_current_line_is_tinted_once(desk: Grid) -> None:
    desk.stand(0, Col.NAME)
    desk.stand(2, Col.NAME)
    tinted = [place for place in range(3) if (desk.model.data(desk.model.index(place, Col.NET), STYLE) or None) is not None]
    assert tinted == [2]


def test_a_table_has_no_children_rows(desk: Grid) -> None:
    assert desk.model.rowCount(desk.model.index(0, 0)) == 0
    assert desk.model.rowCount(QModelIndex()) == 3
