"""The browser as a person uses it (issue 1, the first browser; ARC-07): keys, filters, sums, selection, live refresh, its look."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core.errors import Offline
from crm_desktop.core.i18n import NBSP, money
from crm_desktop.db.paging import OneOf, Sort
from crm_desktop.ui import clock, feed, tasks, theme
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.listing import Choice, Column, Listing
from tests.support.rows_in_memory import ListSource, Memory, invoices

Key = Qt.Key
STATES = (
    *(Choice("draft", "draft", "neutral"), Choice("issued", "issued", "info"), Choice("unpaid", "to pay", "warning")),
    *(Choice("paid", "paid", "success"), Choice("overdue", "overdue", "danger")),
)
COLUMNS = (
    Column("number", "Number", Kind.IDENTIFIER, 160),
    Column("day", "Date", Kind.DATE, 94),
    Column("buyer", "Buyer", stretch=True, width=220),
    Column("state", "State", Kind.PILL, 96, choices=STATES),
    Column("ksef", "KSeF", Kind.ICON, 44, choices=(Choice("numbered", "numbered", "success", "cloud-check"),)),
    Column("net", "Net", Kind.MONEY, 100, summed=True),
    Column("gross", "Gross", Kind.SUM, 104, summed=True),
    Column("due", "Due", Kind.DATE, 94, style=lambda row: CellStyle(tone="danger") if row.late else None),
)


def listing(source: ListSource, **values: Any) -> Listing:
    """The list of sales documents."""
    return Listing("test.documents", "Documents", COLUMNS, source, (Sort("day", True),), "test.document", "New", **values)


class Desk:
    """One browser on the screen with its source, and the hands of a person."""

    def __init__(self, qtbot: QtBot, source: ListSource, memory: Memory, **values: Any) -> None:
        self.qtbot, self.source, self.memory = qtbot, source, memory
        self.browser = Browser(listing(source, **values))
        qtbot.addWidget(self.browser)
        self.browser.resize(1150, 860)
        self.browser.show()
        self.settle()
        self.browser.focus_rows()

    def settle(self) -> None:
        """Until nothing is asked, typed or pending any more."""
        browser = self.browser

        def quiet() -> bool:
            timers = [browser._look, browser._type, *(field._pause for field in browser.head.fields.values())]
            return not tasks.running() and not any(timer.isActive() for timer in timers)

        self.qtbot.waitUntil(quiet, timeout=10_000)

    def press(self, *keys: Qt.Key, on: QWidget | None = None, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys one after the other, where the focus is or on a widget."""
        for key in keys:
            QTest.keyClick(on or QApplication.focusWidget() or self.browser.view, key, held)
        self.settle()

    def type(self, text: str) -> None:
        """Type where the focus is."""
        for sign in text:
            QTest.keyClicks(QApplication.focusWidget(), sign)
        self.settle()

    def place(self) -> int:
        """The current row."""
        return self.browser.view.currentIndex().row()

    def marked(self) -> set[int]:
        """The rows that the view shows as selected."""
        return {index.row() for index in self.browser.view.selectionModel().selectedRows()}

    def click(self, place: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Click a visible row."""
        view = self.browser.view
        point = view.visualRect(view.model().index(place, 2)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, point)
        self.settle()


@pytest.fixture
def memory(qapp: QApplication) -> Iterator[Memory]:
    """The database of these tests, and a fixed day."""
    theme.apply(qapp, animations=False)
    clock.use(lambda: datetime(2026, 11, 23, 14, 32, tzinfo=ZoneInfo("Europe/Warsaw")))
    memory = Memory()
    tasks.use(memory)
    yield memory
    memory.release()
    tasks.wait()
    tasks.use(None)
    clock.use(None)


@pytest.fixture
def desk(qtbot: QtBot, memory: Memory) -> Desk:
    """A browser over 5 000 documents, shown."""
    return Desk(qtbot, ListSource(invoices(5_000)), memory)


# ---- keys --------------------------------------------------------------------------------------------------------------
def test_opens_on_its_first_row(desk: Desk) -> None:
    """Focus is on the rows, the first one is chosen, all are counted (desk.md section 9)."""
    assert QApplication.focusWidget() is desk.browser.view
    assert (desk.place(), desk.marked()) == (0, {0})
    assert desk.browser.sums.text == f"5{NBSP}000 rows"
    assert desk.source.count("page") == desk.source.count("sums") == 1


def test_enter_and_insert(desk: Desk) -> None:
    """Enter opens the current record, also a double click; Ins asks for a new one."""
    opened: list[UUID] = []
    desk.browser.opened.connect(opened.append)
    desk.press(Key.Key_Down, Key.Key_Down, Key.Key_Return)
    assert opened == [desk.browser.model.id_at(2)]
    with desk.qtbot.waitSignal(desk.browser.new_requested):
        desk.press(Key.Key_Insert)


def test_first_and_last_row(desk: Desk) -> None:
    """Ctrl+End goes to the last of 5 000 rows by one page, Ctrl+Home comes back."""
    before = desk.source.count("page")
    desk.press(Key.Key_End, held=Qt.KeyboardModifier.ControlModifier)
    assert desk.place() == 4_999
    assert desk.browser.current_id() == UUID(int=1)
    assert desk.source.count("page") == before + 1
    desk.press(Key.Key_Home, held=Qt.KeyboardModifier.ControlModifier)
    assert desk.place() == 0


def test_last_row_is_reached_before_the_count_is_known(qtbot: QtBot, memory: Memory) -> None:
    """Ctrl+End pressed while the server still counts is not lost."""
    desk = Desk(qtbot, ListSource(invoices(1_000)), memory)
    desk.browser.model.places.exact = False
    desk.press(Key.Key_End, held=Qt.KeyboardModifier.ControlModifier)
    assert desk.place() == 0
    desk.browser.refresh_now()
    desk.settle()
    assert desk.place() == 999


def test_filter_row_by_keyboard(desk: Desk) -> None:
    """SAL-02: Ctrl+F to the filter of the column, typing filters, Down to the rows, Esc empties, Shift+Esc empties all."""
    browser = desk.browser
    desk.press(*[Key.Key_Right] * 3)
    desk.press(Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    assert field is browser.head.fields[3]
    desk.type("pai")
    assert {browser.model.row_at(place).state for place in range(100)} == {"paid"}
    assert browser.sums.text == f"1{NBSP}000 of 5{NBSP}000"
    assert field.property("filled") is True
    desk.press(Key.Key_Down)
    assert QApplication.focusWidget() is browser.view
    desk.press(Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
    desk.press(Key.Key_Escape)
    assert browser.model.total == 5_000
    browser.set_filter("state", "paid")
    browser.set_filter("day", "2024")
    desk.settle()
    desk.press(Key.Key_Escape, held=Qt.KeyboardModifier.ShiftModifier)
    assert browser.model.total == 5_000
    assert not browser.filters()


def test_unreadable_filter_keeps_the_rows(desk: Desk) -> None:
    """A wrong text says what is right, at the field and in the footer; the old rows stay and nothing is asked."""
    browser, field = desk.browser, desk.browser.head.fields[5]
    asked = len(desk.source.asked)
    browser.set_filter("net", ">abc")
    desk.settle()
    assert field.property("state") == "error"
    assert field.accessibleDescription().startswith("Write a number")
    assert browser.sums.text.startswith("Net: Write a number")
    assert (browser.model.total, len(desk.source.asked)) == (5_000, asked)
    browser.set_filter("net", ">1000")
    desk.settle()
    assert field.property("state") == ""
    assert all(browser.model.row_at(place).net > 1_000 for place in range(100))


def test_typing_searches(desk: Desk) -> None:
    """Typing in the rows searches on the server; Down goes back to the rows, Esc there gives the search up."""
    desk.type("gmina")
    assert QApplication.focusWidget() is desk.browser.search
    assert desk.browser.search.text() == "gmina"
    assert desk.browser.model.request.text == "gmina"
    assert {desk.browser.model.row_at(place).buyer for place in range(50)} == {"Gmina Łodygowice"}
    desk.press(Key.Key_Down)
    assert QApplication.focusWidget() is desk.browser.view
    desk.press(Key.Key_Escape)
    assert desk.browser.model.total == 5_000


def test_polish_letters_search_too(desk: Desk) -> None:
    """Nothing on Ctrl+Alt: AltGr+S on a Polish keyboard types ś, it is no command."""
    view = desk.browser.view
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, Key.Key_S, held, "ś"))
    desk.settle()
    assert desk.browser.search.text() == "ś"


# ---- sorting -----------------------------------------------------------------------------------------------------------
def head_click(desk: Desk, section: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Click the title of a column."""
    head = desk.browser.head
    point = QPoint(head.sectionViewportPosition(section) + 30, 12)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, held, point)
    desk.settle()


def order(desk: Desk) -> tuple[Sort, ...]:
    """The order that the server was asked for."""
    return desk.browser.model.request.sort


def test_sorting_by_the_head(desk: Desk) -> None:
    """A click sorts, again turns round, again goes back; Ctrl adds a second key. The server sorts."""
    browser = desk.browser
    head_click(desk, 6)
    assert order(desk) == (Sort("gross", True),)
    top = [browser.model.row_at(place).gross for place in range(50)]
    assert top == sorted((row.gross for row in desk.source.rows), reverse=True)[:50]
    head_click(desk, 6)
    assert order(desk) == (Sort("gross"),)
    head_click(desk, 6)
    assert order(desk) == (Sort("day", True),)
    head_click(desk, 3)
    head_click(desk, 5, Qt.KeyboardModifier.ControlModifier)
    assert order(desk) == (Sort("state"), Sort("net", True))
    head_click(desk, 5, Qt.KeyboardModifier.ControlModifier)
    assert order(desk) == (Sort("state"), Sort("net"))
    head_click(desk, 5, Qt.KeyboardModifier.ControlModifier)
    assert order(desk) == (Sort("state"),)


def test_a_click_between_the_filters_does_not_sort(desk: Desk) -> None:
    """The filter row is no part of the titles."""
    head = desk.browser.head
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(head.sectionViewportPosition(2) + 1, 40))
    desk.settle()
    assert desk.browser.model.request.sort == (Sort("day", True),)


# ---- selection and sums ------------------------------------------------------------------------------------------------
def total_of(desk: Desk, places: set[int]) -> str:
    """The gross sum of these rows as it is written."""
    return money(sum((desk.browser.model.row_at(place).gross for place in places), Decimal(0)))


def test_sums_are_the_servers_or_the_selections(desk: Desk) -> None:
    """One row is no selection; two are, and the footer says whose sums it shows."""
    sums = desk.browser.sums
    assert sums.sum_text("gross") == money(sum((row.gross for row in desk.source.rows), Decimal(0)))
    desk.click(3)
    desk.click(6, Qt.KeyboardModifier.ShiftModifier)
    assert desk.marked() == {3, 4, 5, 6}
    assert sums.sum_text("gross") == total_of(desk, {3, 4, 5, 6})
    assert sums.text == f"5{NBSP}000 rows\u2002·\u20024 selected\u2002·\u2002sums of the selection"
    desk.click(5)
    assert sums.text == f"5{NBSP}000 rows"


def test_space_marks_and_arrows_keep_the_marks(desk: Desk) -> None:
    """Marks set with Space stay while one walks; Esc lets them go."""
    desk.press(Key.Key_Space, Key.Key_Space, Key.Key_Down, Key.Key_Space, Key.Key_PageDown)
    assert desk.marked() == {0, 1, 3}
    assert "3 selected" in desk.browser.sums.text
    desk.press(Key.Key_Escape)
    assert len(desk.marked()) == 1
    assert desk.marked() == {desk.place()}


def test_one_mark_by_hand_counts(desk: Desk) -> None:
    """One row marked on purpose is a selection."""
    desk.press(Key.Key_Space)
    assert "1 selected" in desk.browser.sums.text


def test_all_of_the_result(desk: Desk) -> None:
    """Ctrl+A selects all 5 000 without reading them; rows are taken out one by one, also where they were never loaded."""
    desk.press(Key.Key_A, held=Qt.KeyboardModifier.ControlModifier)
    before = desk.source.count("page")
    meant = desk.browser.selection()
    assert (meant.everything, meant.ids) == (True, frozenset())
    assert f"5{NBSP}000 selected" in desk.browser.sums.text
    desk.click(2, Qt.KeyboardModifier.ControlModifier)
    desk.click(4, Qt.KeyboardModifier.ControlModifier)
    meant = desk.browser.selection()
    assert (meant.everything, len(meant.ids)) == (True, 2)
    assert f"4{NBSP}998 selected" in desk.browser.sums.text
    wanted = sum((row.gross for row in desk.source.rows if row.id not in meant.ids), Decimal(0))
    assert desk.browser.sums.sum_text("gross") == money(wanted)
    assert desk.source.count("page") == before
    desk.click(4, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.browser.selection().ids) == 1


def test_a_range_over_rows_that_were_never_shown(desk: Desk) -> None:
    """Shift+click after a jump selects what lies between, with right sums, although it was not loaded."""
    desk.click(10)
    desk.browser.view.verticalScrollBar().setValue(3_000)
    desk.settle()
    desk.click(3_010, Qt.KeyboardModifier.ShiftModifier)
    chosen = desk.browser.selection()
    result = [row for _key, row in desk.source._result(desk.browser.model.request)][10:3_011]
    assert chosen.ids == {row.id for row in result}
    assert desk.browser.sums.sum_text("gross") == money(sum((row.gross for row in result), Decimal(0)))


def test_tools_need_a_row(qtbot: QtBot, memory: Memory) -> None:
    """A tool that needs a row is disabled with a reason while there is none; its key acts from the rows."""
    desk = Desk(qtbot, ListSource(invoices(30)), memory)
    ran: list[int] = []
    tool = desk.browser.add_tool("Print", "printer", "F7", lambda: ran.append(desk.place()), needs_row=True)
    assert tool.isEnabled()
    desk.press(Key.Key_Down, Key.Key_F7)
    assert ran == [1]
    desk.browser.set_filter("day", "2030")
    desk.settle()
    assert not tool.isEnabled()
    assert tool.toolTip() == "Choose a row first"


# ---- live refresh ------------------------------------------------------------------------------------------------------
def test_refresh_keeps_current_row_selection_and_place(desk: Desk) -> None:
    """Others insert 13 documents above: the same rows stand in the same places of the screen, marked and current as before."""
    view, model = desk.browser.view, desk.browser.model
    view.verticalScrollBar().setValue(1_200)
    desk.settle()
    desk.click(1_203)
    desk.click(1_205, Qt.KeyboardModifier.ControlModifier)
    current, chosen, top = desk.browser.current_id(), desk.browser.selection().ids, model.id_at(view.first_visible())
    desk.source.rows += invoices(13, first=5_000)
    feed.receive("test.document", None)
    desk.qtbot.waitUntil(lambda: model.total == 5_013)
    desk.settle()
    assert view.first_visible() == 1_213
    assert model.id_at(view.first_visible()) == top
    assert desk.browser.current_id() == current
    assert desk.browser.selection().ids == chosen
    assert desk.marked() == {1_216, 1_218}
    assert QApplication.focusWidget() is view


def test_refresh_shows_new_values_in_the_sums(desk: Desk) -> None:
    """A selected row that somebody changes changes the sum of the selection."""
    desk.press(Key.Key_Space, Key.Key_Space)
    row = desk.browser.model.row_at(1)
    desk.source.change(desk.source.rows.index(row), gross=Decimal("1000000.00"))
    feed.receive("test.document", frozenset({row.id}))
    desk.qtbot.waitUntil(lambda: desk.browser.model.row_at(1).gross == 1_000_000)
    desk.settle()
    assert desk.browser.sums.sum_text("gross") == total_of(desk, {0, 1})


def test_after_a_deletion_the_same_place_is_chosen(desk: Desk) -> None:
    """Desk.md section 9: after delete the same row index; what is gone is no longer selected."""
    desk.click(7)
    gone, behind = desk.browser.current_id(), desk.browser.model.id_at(8)
    desk.source.rows = [row for row in desk.source.rows if row.id != gone]
    desk.browser.refresh_now()
    desk.settle()
    assert desk.place() == 7
    assert desk.browser.current_id() == behind
    assert desk.browser.selection().ids == {behind}


def test_a_refresh_keeps_the_focus_in_a_filter(desk: Desk) -> None:
    """A refresh never moves the focus, nor the text that is being typed."""
    desk.press(Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "FS/KR/00")
    desk.browser.refresh_now()
    desk.settle()
    assert QApplication.focusWidget() is field
    assert desk.browser.head.fields[0].text() == "FS/KR/00"


def test_scrolling_does_not_ask_by_pixel(desk: Desk) -> None:
    """ARC-07: a drag of the scroll bar through 2 000 rows asks a few pages."""
    before = len(desk.source.asked)
    for value in range(0, 2_000, 16):
        desk.browser.view.verticalScrollBar().setValue(value)
        QApplication.processEvents()
    desk.settle()
    assert len(desk.source.asked) - before <= 2_000 // 200 + 2
    assert desk.browser.model.id_at(desk.browser.view.first_visible()) is not None


# ---- empty and broken --------------------------------------------------------------------------------------------------
def test_empty_by_filter_repeats_and_loosens(desk: Desk) -> None:
    """Empty by filter: says what was searched, what dropping a filter would give, and does it."""
    browser = desk.browser
    browser.set_filter("state", "overdue")
    browser.set_filter("day", "from 1.1.2030")
    desk.settle()
    state = browser.empty.state
    assert state is not None
    assert state.accessibleDescription() == (
        f"Searched: date from 01.01.2030, state “overdue”. Without the filter “Date” there are 1{NBSP}000."
    )
    state.buttons[0].click()
    desk.settle()
    assert browser.model.request.filters == {"state": OneOf(("overdue",))}
    assert browser.empty.state is None


def test_empty_module_offers_the_first_step(qtbot: QtBot, memory: Memory) -> None:
    """An empty module says what it is for and how to begin."""
    desk = Desk(qtbot, ListSource([]), memory, empty_title="No documents yet", empty_text="They are made here.")
    state = desk.browser.empty.state
    assert state is not None
    assert (state.accessibleName(), state.accessibleDescription()) == ("No documents yet", "They are made here.")
    with qtbot.waitSignal(desk.browser.new_requested):
        state.buttons[0].click()


def test_offline_says_so_and_comes_back(qtbot: QtBot, memory: Memory) -> None:
    """What could not be read is said in the place of the rows, and F5 or the feed brings them."""
    memory.error = Offline("gone")
    desk = Desk(qtbot, ListSource(invoices(10)), memory)
    qtbot.waitUntil(lambda: desk.browser.empty.state is not None)
    memory.error = None
    feed.anything()
    qtbot.waitUntil(lambda: desk.browser.model.total == 10)
    desk.settle()
    assert desk.browser.empty.state is None


def test_the_line_runs_only_when_one_waits(desk: Desk) -> None:
    """Beyond 120 ms the old rows stay and a line runs under the head."""
    desk.memory.hold()
    desk.browser.set_filter("state", "paid")
    assert desk.browser.line.isHidden()
    desk.qtbot.waitUntil(lambda: not desk.browser.line.isHidden())
    assert desk.browser.model.total == 5_000
    assert desk.browser.line.height() == 2
    desk.memory.release()
    desk.settle()
    assert desk.browser.line.isHidden()


# ---- layout ------------------------------------------------------------------------------------------------------------
def test_layout_is_kept_and_restored(desk: Desk, qtbot: QtBot, memory: Memory) -> None:
    """SAL-02: order, widths, hidden columns and the sort come back; a state of other columns or rubbish does no harm."""
    browser = desk.browser
    browser.head.moveSection(browser.head.visualIndex(6), 0)
    browser.head.resizeSection(1, 130)
    browser.columns.show_column(7, False)
    head_click(desk, 2)
    kept = browser.state()
    other = Desk(qtbot, ListSource(invoices(50)), memory).browser
    assert other.restore(kept)
    qtbot.waitUntil(lambda: not tasks.running())
    assert other.state() == kept
    assert other.head.logicalIndex(0) == 6
    assert other.head.sectionSize(1) == 130
    assert other.head.isSectionHidden(7)
    assert other.model.request.sort == (Sort("buyer"),)
    for rubbish in ("", "{", "[]", '{"columns": [{"key": 3}]}'):
        assert not other.restore(rubbish)
    assert other.restore('{"columns": [{"key": "gone", "width": 5, "hidden": false}], "sort": [{"key": "gone", "descending": true}]}')
    assert other.state() == kept


def test_names_take_what_is_left(desk: Desk) -> None:
    """The table fills the view at any width; a column of figures is never narrower than its kind allows."""
    head, view = desk.browser.head, desk.browser.view
    for width in (1150, 900, 1500):
        desk.browser.resize(width, 700)
        desk.settle()
        assert head.length() == view.viewport().width()
    head.resizeSection(6, 10)
    assert head.sectionSize(6) >= 96
    desk.browser.resize(300, 300)
    assert desk.browser.width() == 300  # a dock of 280 x 180 is allowed


def test_hiding_a_column_drops_its_filter(desk: Desk) -> None:
    """A filter that acts is never out of sight."""
    desk.browser.set_filter("state", "paid")
    desk.settle()
    desk.browser.bar.filter_toggle.setChecked(False)
    assert desk.browser.head.filters_shown
    desk.browser.columns.show_column(3, False)
    desk.settle()
    assert desk.browser.model.total == 5_000
    desk.browser.bar.filter_toggle.setChecked(False)
    assert not desk.browser.head.filters_shown
    desk.press(Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
    assert desk.browser.head.filters_shown


def test_columns_without_the_right_do_not_exist(memory: Memory) -> None:
    """GOL-02: cost exists only for those with the right."""
    cost = Column("cost", "Cost", Kind.MONEY, permission="catalogue.see_cost")
    whole = Listing("test.cost", "Cost", (*COLUMNS, cost), ListSource([]))
    assert [column.key for column in whole.for_permissions(lambda name: False).columns] == [column.key for column in COLUMNS]
    assert whole.for_permissions(lambda name: True).columns[-1] is cost


def test_everything_has_an_accessible_name(desk: Desk) -> None:
    """Inputs and icon buttons have names; the icon of a state is spoken; tool bar buttons do not take the focus."""
    browser = desk.browser
    for field in browser.head.fields.values():
        assert field.accessibleName().startswith("Filter: ")
    for widget in (
        browser,
        browser.view,
        browser.search,
        browser.sums,
        browser.bar.columns,
        browser.bar.refresh,
        browser.bar.filter_toggle,
    ):
        assert widget.accessibleName()
    assert browser.bar.new_button.focusPolicy() == Qt.FocusPolicy.NoFocus
    numbered = next(place for place in range(50) if browser.model.row_at(place).ksef == "numbered")
    assert browser.model.data(browser.model.index(numbered, 4), Qt.ItemDataRole.AccessibleTextRole) == "numbered"


# ---- look --------------------------------------------------------------------------------------------------------------
def color_at(image: QImage, point: QPoint) -> str:
    """The colour of a pixel as a token has it."""
    return QColor(image.pixel(point)).name().upper()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_painted_from_the_tokens(qtbot: QtBot, memory: Memory, mode: str) -> None:
    """Head and footer on `sunken`, a filled filter outlined in the accent, the selection paler without focus; both modes."""
    desk = Desk(qtbot, ListSource(invoices(500)), memory)
    theme.apply(QApplication.instance(), mode=mode, animations=False)
    browser, look = desk.browser, theme.current()
    browser.set_filter("day", "bm")
    browser.set_filter("day", "")
    browser.set_filter("state", "paid")
    desk.settle()
    browser.focus_rows()
    image = browser.grab().toImage()
    head = browser.head.viewport().mapTo(browser, QPoint(4, 4))
    assert color_at(image, head) == look.hex("sunken").upper()
    foot = browser.sums.mapTo(browser, QPoint(4, browser.sums.height() - 3))
    assert color_at(image, foot) == look.hex("sunken").upper()
    field = browser.head.fields[3]
    assert color_at(image, field.mapTo(browser, QPoint(field.width() // 2, 0))) == look.hex("accent").upper()
    row = browser.view.visualRect(browser.model.index(0, 2)).bottomRight() - QPoint(20, 5)
    row = browser.view.viewport().mapTo(browser, row)
    assert color_at(image, row) == look.hex("select").upper()
    browser.search.setFocus()
    image = browser.grab().toImage()
    assert color_at(image, row) == look.hex("select_idle").upper()


def test_bigger_text_makes_bigger_rows(qtbot: QtBot, memory: Memory) -> None:
    """At 130 % rows, head and fields grow together and widths follow."""
    desk = Desk(qtbot, ListSource(invoices(50)), memory)
    before = desk.browser.head.sectionSize(0)
    theme.apply(QApplication.instance(), scale=1.3, animations=False)
    desk.settle()
    browser, look = desk.browser, theme.current()
    assert browser.view.verticalHeader().defaultSectionSize() == look.size("row") == 34
    assert browser.head.sectionSize(0) == round(before * 1.3)
    assert browser.head.height() >= look.size("header") + look.size("control")
    assert browser.head.fields[0].height() == look.size("control")
