"""What leaves a list (export and copy; GOL-02): true types, the list's own filters, order and columns, whole or not at all."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core import i18n
from crm_desktop.core.errors import Offline
from crm_desktop.core.i18n import NBSP
from crm_desktop.db.paging import PageRequest, Sort
from crm_desktop.ui import clock, export, list_acts, tasks, theme, work
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.delegates import Kind
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.walk import PAGE, Walk
from tests.support.rows_in_memory import Invoice, ListSource, Memory, invoices
from tests.support.sheets import read_sheet

Key, Held = Qt.Key, Qt.KeyboardModifier
COLUMNS = (
    Column("number", "Number", Kind.IDENTIFIER, 160),
    Column("day", "Date", Kind.DATE, 94),
    Column("buyer", "Buyer", stretch=True, width=220),
    Column("state", "State", Kind.PILL, 96, choices=(Choice("draft", "szkic", "neutral"), Choice("paid", "opłacona", "success"))),
    Column("net", "Net", Kind.MONEY, 100, summed=True, permission="see_cost"),
    Column("gross", "Gross", Kind.SUM, 104, summed=True),
    Column("due", "Due", Kind.DATE, 94, hidden=True),
)


@pytest.fixture
def memory(qapp: QApplication) -> Iterator[Memory]:
    """The database of these tests, and a fixed day."""
    theme.apply(qapp, animations=False)
    clock.use(lambda: datetime(2026, 11, 23, 14, 32, tzinfo=clock.WARSAW))
    memory = Memory()
    tasks.use(memory)
    yield memory
    memory.release()
    work.works().clear()
    tasks.wait()
    tasks.use(None)
    clock.use(None)
    i18n.use("en")


@pytest.fixture
def browser(qtbot: QtBot, memory: Memory) -> Browser:
    """5 000 documents on the screen of somebody who may not see cost."""
    return shown(qtbot, ListSource(invoices(5_000)))


def shown(qtbot: QtBot, source: ListSource, may: bool = False, parent: QWidget | None = None) -> Browser:
    """A browser with its rows, in a window of its own where there is no parent."""
    listing = Listing("test.documents", "Documents", COLUMNS, source, (Sort("day", True),), "test.document", "New")
    made = Browser(listing.for_permissions(lambda permission: may), parent)
    if parent is None:
        qtbot.addWidget(made)
    made.resize(1150, 860)
    made.show()
    qtbot.waitUntil(lambda: made.model.exact and not tasks.running())
    made.focus_rows()
    return made


def exported(qtbot: QtBot, browser: Browser, path: Path) -> Path:
    """Until the file is there."""
    browser.acts.export_to(path)
    qtbot.waitUntil(lambda: not work.works().running(), timeout=20_000)
    return path


def told() -> str:
    """What the list of background work says of the last export."""
    return work.works().all()[-1].told.text


def press(browser: Browser, key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
    """A key on the rows."""
    QTest.keyClick(browser.view, key, held)


# ---- export ------------------------------------------------------------------------------------------------------------
def test_all_rows_are_exported_in_the_order_of_the_list(qtbot: QtBot, browser: Browser, tmp_path: Path) -> None:
    """More than one page; the newest first, as the list stands; a day is a day, an amount a number with two places."""
    rows = read_sheet(exported(qtbot, browser, tmp_path / "a.xlsx"))
    assert 5_001 == len(rows) > 2 * PAGE
    assert [cell.value for cell in rows[0].values()] == ["Number", "Date", "Buyer", "State", "Gross"]
    assert [row["A"].value for row in rows[1:]] == [f"FS/KR/{number:04}/11/2026" for number in range(5_000, 0, -1)]
    assert {(row["B"].kind, row["B"].form) for row in rows[1:]} == {("n", "yyyy-mm-dd")}
    assert {(row["E"].kind, row["E"].form) for row in rows[1:]} == {("n", "#,##0.00")}
    assert rows[1]["D"].value == "szkic"
    assert f"5{NBSP}000 rows" in told()
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]


def test_filter_order_and_columns_are_those_of_the_list(qtbot: QtBot, browser: Browser, tmp_path: Path) -> None:
    browser.set_filter("state", "opł")
    browser.set_filter("day", "do 02.2024")
    browser.head.set_sort((Sort("gross"), Sort("number", True)))
    browser.ask()
    browser.columns.show_column(5, True)  # Due
    browser.columns.show_column(2, False)  # Buyer
    browser.columns.move(4, -1)  # Gross before State
    qtbot.waitUntil(lambda: browser.model.exact and not tasks.running())
    rows = read_sheet(exported(qtbot, browser, tmp_path / "a.xlsx"))
    assert [cell.value for cell in rows[0].values()] == ["Number", "Date", "Gross", "State", "Due"]
    assert {row["D"].value for row in rows[1:]} == {"opłacona"}
    amounts = [float(row["C"].value) for row in rows[1:]]
    assert len(amounts) == browser.model.total and amounts == sorted(amounts)


@pytest.mark.parametrize(("may", "titles"), [(False, "Gross"), (True, "Net;Gross")])
def test_a_column_without_the_right_is_in_no_file(qtbot: QtBot, memory: Memory, tmp_path: Path, may: bool, titles: str) -> None:
    """GOL-02: who may not see cost exports none, copies none."""
    browser = shown(qtbot, ListSource(invoices(30)), may)
    lines = exported(qtbot, browser, tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == f"Number;Date;Buyer;State;{titles}"
    press(browser, Key.Key_C, Held.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines()[0] == lines[0].replace(";", "\t")


def test_csv_writes_polish_amounts(qtbot: QtBot, browser: Browser, tmp_path: Path) -> None:
    i18n.use("pl")
    browser.set_filter("number", "0007")
    qtbot.waitUntil(lambda: browser.model.exact and not tasks.running())
    text = exported(qtbot, browser, tmp_path / "a.csv").read_text("utf-8-sig")
    lines = list(csv.reader(text.splitlines(), delimiter=";"))
    assert lines[1][:2] == ["FS/KR/0007/11/2026", "2024-01-01"] and lines[1][4] == f"{invoices(7)[6].gross}".replace(".", ",")


def test_the_place_is_asked_and_its_ending_says_the_format(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def choose(_parent: object, _title: str, first: str, _kinds: str) -> tuple[str, str]:
        asked.append(Path(first).name)
        return str(tmp_path / "faktury"), export.CSV

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    assert export.ask_place(browser, "Documents / all") == tmp_path / "faktury.csv"
    assert asked == ["Documents - all 2026-11-23.xlsx"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    press(browser, Key.Key_E, Held.ControlModifier)
    assert not work.works().all()


def test_a_cancelled_export_leaves_the_old_file(qtbot: QtBot, browser: Browser, memory: Memory, tmp_path: Path) -> None:
    old = tmp_path / "a.xlsx"
    old.write_text("older")
    memory.hold()
    browser.acts.export_to(old)
    (running,) = work.works().running()
    assert running.cancel()
    memory.release()
    qtbot.waitUntil(lambda: not tasks.running())
    assert [each.read_text() for each in tmp_path.iterdir()] == ["older"] and running.state is work.State.GIVEN_UP


def test_a_file_that_is_half_written_goes_too(qtbot: QtBot, browser: Browser, tmp_path: Path) -> None:
    """Cancelled after the first page."""
    browser.acts.export_to(tmp_path / "a.xlsx")
    qtbot.waitUntil(lambda: len(list(tmp_path.iterdir())) == 1)
    assert work.works().running()[0].cancel()
    assert not list(tmp_path.iterdir())


def test_an_export_outlives_its_list(qtbot: QtBot, memory: Memory, tmp_path: Path) -> None:
    """Closed in the middle, the file comes; nobody asks for the same file twice meanwhile."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    browser = shown(qtbot, ListSource(invoices(50)), parent=window)
    memory.hold()
    browser.acts.export_to(tmp_path / "a.csv")
    with qtbot.waitSignal(browser.said):
        browser.acts.export_to(tmp_path / "a.csv")
    assert len(work.works().all()) == 1
    browser.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(browser))
    memory.release()
    qtbot.waitUntil(lambda: not work.works().running())
    assert len((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()) == 51


def test_an_export_that_failed_is_tried_again(qtbot: QtBot, browser: Browser, memory: Memory, tmp_path: Path) -> None:
    memory.error = Offline("the cable")
    exported(qtbot, browser, tmp_path / "a.csv")
    (failed,) = work.works().all()
    assert failed.state is work.State.FAILED and failed.may_again
    memory.error = None
    failed.again()
    qtbot.waitUntil(lambda: not failed.running, timeout=20_000)
    assert failed.told.act == "Open" and not failed.may_again
    assert len((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()) == 5_001


def test_trouble_is_said_and_leaves_no_half_file(qtbot: QtBot, browser: Browser, memory: Memory, tmp_path: Path) -> None:
    """A folder that is not there; a server that is not there; a disk that is full."""
    exported(qtbot, browser, tmp_path / "nowhere" / "a.xlsx")
    assert "no such folder" in told()
    memory.error = Offline("the cable")
    exported(qtbot, browser, tmp_path / "a.xlsx")
    assert "no connection" in told()
    memory.error = OSError(28, "No space left on device")
    exported(qtbot, browser, tmp_path / "a.xlsx")
    assert "disk is full" in told() and not list(tmp_path.iterdir())


def test_a_page_asked_again_is_not_written_twice(qtbot: QtBot, memory: Memory) -> None:
    """The link breaks after a page was taken: the walk goes on behind it."""

    class Shaky(Memory):
        broken = 0

        def read(self, fn: Any, *args: Any) -> Any:
            answer = super().read(fn, *args)
            if self.broken == 0 and answer is True:
                self.broken = 1
                raise Offline("the answer was lost")
            return answer

    tasks.use(Shaky())
    seen: list[Invoice] = []
    owner = QApplication.instance()
    assert owner is not None
    walk = Walk(owner, ListSource(invoices(PAGE + 10)), PageRequest(sort=(Sort("number"),)), seen.extend)
    with qtbot.waitSignal(walk.ended, timeout=10_000):
        walk.start()
    assert [row.number for row in seen] == [row.number for row in invoices(PAGE + 10)]
    walk.deleteLater()


# ---- copy --------------------------------------------------------------------------------------------------------------
def test_marked_rows_are_copied_as_a_table(browser: Browser) -> None:
    """Ctrl+C: with the heading, in the order of the list, as lines with tabs and as HTML."""
    press(browser, Key.Key_Down)
    for key in (Key.Key_Space, Key.Key_Space):
        press(browser, key)
    press(browser, Key.Key_C, Held.ControlModifier)
    board = QGuiApplication.clipboard()
    lines = [line.split("\t") for line in board.text().splitlines()]
    assert [line[0] for line in lines] == ["Number", "FS/KR/4999/11/2026", "FS/KR/4998/11/2026"]
    assert lines[1][1] == "2024-07-18" and "." in lines[1][4]
    mime = board.mimeData()
    assert mime is not None and mime.html().count("<tr>") == 3


def test_all_rows_are_copied_up_to_a_bound(qtbot: QtBot, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+A, one taken out: rows that are not held come from the server. What is too much is exported, and the key is said."""
    said: list[str] = []
    browser.said.connect(said.append)
    press(browser, Key.Key_A, Held.ControlModifier)
    press(browser, Key.Key_Space)
    with qtbot.waitSignal(browser.said, timeout=10_000):
        press(browser, Key.Key_C, Held.ControlModifier)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + 4_999
    monkeypatch.setattr(list_acts, "COPIED_MOST", 10)
    press(browser, Key.Key_C, Held.ControlModifier)
    assert said[-1] == "More than 10 rows are not copied but exported (Ctrl+E)."


# ---- columns and order by keyboard -------------------------------------------------------------------------------------
def order(browser: Browser) -> tuple[Sort, ...]:
    """The order in use, looked at anew."""
    return browser.head.sort


def test_the_order_is_made_by_keyboard(qtbot: QtBot, browser: Browser) -> None:
    """Alt+↑ and Alt+↓ sort by the column where one stands, with Shift beside the other keys; once more lets the key go."""
    browser.view.go_to(0, 4)  # Gross
    press(browser, Key.Key_Down, Held.AltModifier)
    assert order(browser) == (Sort("gross", True),)
    browser.view.go_to(0, 2)
    press(browser, Key.Key_Up, Held.AltModifier | Held.ShiftModifier)
    assert order(browser) == (Sort("gross", True), Sort("buyer"))
    press(browser, Key.Key_Down, Held.AltModifier | Held.ShiftModifier)
    assert order(browser) == (Sort("gross", True), Sort("buyer", True))
    press(browser, Key.Key_Down, Held.AltModifier | Held.ShiftModifier)
    assert order(browser) == (Sort("gross", True),)
    qtbot.waitUntil(lambda: not tasks.running())
    assert browser.model.request.sort == (Sort("gross", True),)
    browser.view.go_to(0, 4)
    press(browser, Key.Key_Down, Held.AltModifier)
    assert order(browser) == (Sort("day", True),)


def test_the_menu_key_offers_all_of_it_with_keys(browser: Browser) -> None:
    """Sorted from the menu by the column where one stands; what needs no key here still shows it."""
    browser.view.go_to(0, 2)
    QApplication.sendEvent(browser.view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == [
        "Copy the rows as a table\tCtrl+C",
        "Sort upwards by “Buyer”\tAlt+↑",
        "Sort downwards by “Buyer”\tAlt+↓",
        "Saved filters\tCtrl+D",
        "Columns\tCtrl+Shift+C",
        "Export\tCtrl+E",
        "Print the list\tCtrl+P",
    ]
    menu.actions()[3].trigger()
    menu.close()
    assert order(browser) == (Sort("buyer", True),)


def test_columns_are_moved_and_widened_by_keyboard(browser: Browser) -> None:
    """Alt+→ moves the column where one stands, Alt++ widens it, Ctrl+Shift+C offers them all."""
    browser.view.go_to(0, 0)
    width = browser.head.sectionSize(0)
    press(browser, Key.Key_Right, Held.AltModifier)
    press(browser, Key.Key_Plus, Held.AltModifier)
    assert [column.key for column in browser.columns.shown_columns()][:2] == ["day", "number"]
    assert browser.head.sectionSize(0) > width
    press(browser, Key.Key_Left, Held.AltModifier)
    press(browser, Key.Key_Left, Held.AltModifier)
    press(browser, Key.Key_Minus, Held.AltModifier)
    assert [column.key for column in browser.columns.shown_columns()][:2] == ["number", "day"]
    assert browser.head.sectionSize(0) == width
    press(browser, Key.Key_C, Held.ControlModifier | Held.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert menu is not None and len(menu.actions()) == 6
    menu.close()
