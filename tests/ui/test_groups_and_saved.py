"""Groups with counts and sums from the server, and filters kept under a name, as a person uses them: wholly by keyboard."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core import i18n
from crm_desktop.db.paging import By, Group, OneOf, Range, Sort
from crm_desktop.ui import clock, tasks, theme
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.filters import parse
from crm_desktop.ui.groups_view import group_filter, group_title
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.saved_filters import NameSheet, SavedFilter, from_data, kept, typed
from tests.support.rows_in_memory import ListSource, Memory, invoices

Key, Held = Qt.Key, Qt.KeyboardModifier
STATE = Column(
    "state", "State", Kind.PILL, 96, choices=(Choice("draft", "draft", "neutral"), Choice("paid", "paid", "success")), group=By.VALUE
)
DAY = Column("day", "Date", Kind.DATE, 94, group=By.MONTH)
BUYER = Column("buyer", "Buyer", stretch=True, width=220, group=By.VALUE, hidden=True)
COLUMNS = (
    Column("number", "Number", Kind.IDENTIFIER, 160),
    DAY,
    BUYER,
    STATE,
    Column("net", "Net", Kind.MONEY, 100, summed=True),
    Column("gross", "Gross", Kind.SUM, 104, summed=True),
)


@pytest.fixture
def memory(qapp: QApplication) -> Iterator[Memory]:
    """The database of these tests, and a fixed day."""
    theme.apply(qapp, animations=False)
    clock.use(lambda: datetime(2026, 11, 23, 14, 32, tzinfo=clock.WARSAW))
    memory = Memory()
    tasks.use(memory)
    yield memory
    tasks.wait()
    tasks.use(None)
    clock.use(None)
    i18n.use("en")


@pytest.fixture
def browser(qtbot: QtBot, memory: Memory) -> Browser:
    """5 000 documents."""
    made = Browser(Listing("test.documents", "Documents", COLUMNS, ListSource(invoices(5_000)), (Sort("day", True),), "", "New"))
    qtbot.addWidget(made)
    made.resize(1150, 860)
    made.show()
    settle(qtbot, made)
    made.focus_rows()
    return made


def settle(qtbot: QtBot, browser: Browser) -> None:
    """Until nothing is asked any more; off-screen no window gets the focus back from a menu by itself."""
    browser.activateWindow()
    qtbot.waitUntil(lambda: browser.model.exact and not tasks.running(), timeout=10_000)


def press(key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier, on: QWidget | None = None) -> None:
    """A key where the focus is, or in the menu that is open."""
    QTest.keyClick(on or QApplication.activePopupWidget() or QApplication.focusWidget(), key, held)


def menu() -> QMenu:
    """The open menu."""
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def acts(of: QMenu) -> dict[str, QAction]:
    """Its actions by their words."""
    return {action.text().lstrip("&0123456789 ").split("\t")[0]: action for action in of.actions() if not action.isSeparator()}


def choose(word: str) -> None:
    """Walk to an action of the open menu by the arrows, then Enter."""
    wanted = acts(menu())[word]
    for _step in range(20):
        if menu().activeAction() is wanted:
            break
        press(Key.Key_Down)
    press(Key.Key_Return)


# ---- groups ------------------------------------------------------------------------------------------------------------
def test_a_list_is_grouped_opened_and_left_by_keyboard(qtbot: QtBot, browser: Browser) -> None:
    """Ctrl+G, 3: by state, the largest sum first; Enter: its rows, with a filter that one sees; Esc leads back without one."""
    press(Key.Key_G, Held.ControlModifier)
    assert list(acts(menu())) == ["Date", "Buyer", "State", "Rows"]
    press(Key.Key_3)
    settle(qtbot, browser)
    groups = browser.groups
    qtbot.waitUntil(lambda: QApplication.focusWidget() is groups)
    assert groups.isVisible() and not browser.view.isVisible()
    assert [group.count for group in groups.groups] == [1_000] * 5
    net = [group.amounts["net"] for group in groups.groups]
    assert net == sorted(net, reverse=True) and sum(net) == browser.model.sums.amounts["net"]
    assert browser.sums.text.startswith("5 groups")
    assert browser.current_id() is None and browser.current_row() is None  # no act meets a row that nobody sees
    press(Key.Key_C, Held.ControlModifier)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert lines[0] == ["State", "Rows", "Net", "Gross"] and [line[1] for line in lines[1:]] == ["1000"] * 5
    place = [group.value for group in groups.groups].index("paid")
    for _step in range(place):
        press(Key.Key_Down)
    press(Key.Key_Return)
    settle(qtbot, browser)
    assert browser.view.isVisible() and QApplication.focusWidget() is browser.view
    assert browser.filters() == {"state": OneOf(("paid",))} and browser.model.total == 1_000
    browser.acts.group_by(DAY)
    settle(qtbot, browser)
    assert groups.groups[0].value == max(group.value for group in groups.groups)
    press(Key.Key_Escape)
    assert browser.view.isVisible() and browser.groups.by is None and browser.model.total == 1_000


def test_groups_follow_the_filters_and_their_heads_sort(qtbot: QtBot, browser: Browser) -> None:
    browser.acts.group_by(BUYER)
    settle(qtbot, browser)
    before = sum(group.count for group in browser.groups.groups)
    browser.set_filter("state", "draft")
    settle(qtbot, browser)
    assert before == 5_000 and sum(group.count for group in browser.groups.groups) == 1_000
    browser.groups.head.sort_by(0, False)
    assert [group.value for group in browser.groups.groups] == sorted(group.value for group in browser.groups.groups)
    browser.groups.setCurrentIndex(browser.groups.model().index(0, 1))
    press(Key.Key_Down, Held.AltModifier, on=browser.groups)
    counts = [group.count for group in browser.groups.groups]
    assert counts == sorted(counts, reverse=True)
    browser.groups.open_current()
    settle(qtbot, browser)
    assert not browser.head.isSectionHidden(2)  # the filter that acts is in sight
    browser.acts.group_by(BUYER)
    browser.set_filter("number", "nothing like it")
    settle(qtbot, browser)
    assert browser.groups.by is None and browser.empty.state is not None


@pytest.mark.parametrize(
    ("column", "value", "title"),
    [
        (STATE, "paid", "paid"),
        (DAY, date(2026, 2, 1), "February 2026"),
        (BUYER, "Gmina Łodygowice", "Gmina Łodygowice"),
        (BUYER, "", "(empty)"),
        (Column("due", "Due", Kind.DATE, group=By.VALUE), date(2026, 2, 5), "05.02.2026"),
        (Column("in_use", "In use", Kind.CHECK, group=By.VALUE), True, "yes"),
    ],
)
def test_the_filter_of_a_group_finds_its_value(column: Column, value: object, title: str) -> None:
    group = Group(value, value, 1)
    assert group_title(column, group) == title
    meant = parse(column.reads_as, group_filter(column, group), date(2026, 11, 23), column.words)
    match meant:
        case OneOf(values):
            assert values == (value,)
        case Range(low, high):
            assert low == value and (high == value or column.group is By.MONTH)
        case _:
            assert value == ""


# ---- saved filters -----------------------------------------------------------------------------------------------------
def test_a_filter_is_kept_recalled_and_deleted_by_keyboard(qtbot: QtBot, browser: Browser) -> None:
    """Ctrl+D: keep the present one under a name, recall it by its figure, delete it."""
    browser.set_filter("day", "br")
    browser.set_filter("state", "paid")
    browser.search.setText("ćwik")
    browser.head.set_sort((Sort("gross", True),))
    browser.ask()
    settle(qtbot, browser)
    with qtbot.waitSignal(browser.layout_changed):
        press(Key.Key_D, Held.ControlModifier, on=browser.view)
        choose("Save the present filter…")
        sheet = browser.findChild(NameSheet)
        assert sheet is not None and not sheet.buttons["keep"].isEnabled()
        QTest.keyClicks(sheet.name, "Cwik, oplacone")
        QTest.keyClick(sheet.name, Key.Key_Return)
    found = browser.model.request
    browser.activateWindow()
    qtbot.waitUntil(lambda: browser.findChild(NameSheet) is None and browser.isActiveWindow())
    browser.clear_filters()
    browser.head.set_sort((Sort("number"),))
    settle(qtbot, browser)
    press(Key.Key_D, Held.ControlModifier, on=browser.view)
    press(Key.Key_1)
    settle(qtbot, browser)
    assert (browser.model.request.filters, browser.model.request.text) == (found.filters, "ćwik")
    assert browser.model.request.sort == (Sort("gross", True),)
    press(Key.Key_D, Held.ControlModifier, on=browser.view)
    assert acts(menu())["Cwik, oplacone"].isChecked()
    choose("Delete")
    choose("Cwik, oplacone")
    assert browser.acts.saved.all == ()


def test_saved_filters_are_part_of_the_employees_desk(qtbot: QtBot, browser: Browser) -> None:
    """They come back with the layout; this month stays this month; a name is there once."""
    browser.set_filter("day", "bm")
    browser.acts.saved.keep(browser.acts.present("Miesiąc"))
    browser.acts.saved.keep(browser.acts.present("miesiąc"))
    state = browser.state()
    other = Browser(browser.listing)
    qtbot.addWidget(other)
    assert other.restore(state)
    assert [(each.name, dict(each.filters)) for each in other.acts.saved.all] == [("miesiąc", {"day": "bm"})]
    assert other.restore(json.dumps({**json.loads(state), "saved": "broken"})) and other.acts.saved.all == ()


def test_a_column_that_is_gone_is_left_out(qtbot: QtBot, browser: Browser) -> None:
    """Somebody lost the right to a column: her filters without it still work."""
    browser.acts.recall(SavedFilter("old", {"cost": ">5", "buyer": "volt"}, "", (Sort("cost"),)))
    settle(qtbot, browser)
    assert [field.text() for field in browser.head.fields.values() if field.text()] == ["volt"]
    assert not browser.head.isSectionHidden(2) and browser.head.sort == (Sort("day", True),)


def test_choices_outlive_a_change_of_language() -> None:
    polish = Column("state", "State", choices=(Choice("draft", "szkic"), Choice("paid", "opłacona")))
    stored = kept(polish, "opł, szk", date(2026, 11, 23))
    assert stored == ("paid", "draft") and typed(STATE, stored) == "draft, paid"
    assert kept(polish, "pusty", date(2026, 11, 23)) == "pusty" and typed(STATE, "pusty") == "pusty"


def test_a_list_that_is_not_kept_saves_no_filter(qtbot: QtBot, browser: Browser) -> None:
    """On a card: what would vanish with the card is not offered."""
    other = Browser(replace(browser.listing, kept=False))
    qtbot.addWidget(other)
    other.resize(1150, 500)
    other.show()
    settle(qtbot, other)
    assert browser.bar.saved.isVisible() and not other.bar.saved.isVisible()
    press(Key.Key_D, Held.ControlModifier, on=other.view)
    assert QApplication.activePopupWidget() is None


@pytest.mark.parametrize("data", [None, "x", [1], [{"name": "a"}], [{"name": "a", "filters": [], "text": "", "sort": []}]])
def test_what_is_no_saved_filter_is_left_out(data: object) -> None:
    assert from_data(data) == []


def test_saved_filters_survive_json() -> None:
    saved = SavedFilter("a", {"state": ("paid",), "day": "od 01.10"}, "volt", (Sort("day", True),))
    assert from_data(json.loads(json.dumps([saved.as_data()]))) == [saved]
