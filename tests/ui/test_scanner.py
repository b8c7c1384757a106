"""Scanner bursts told from typing (BAR-03): by the times of the keys, not by waiting."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLineEdit, QPushButton, QTableWidget, QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.ui.scanner import Burst, Scanner, Timing
from tests.support.hand import CODE, Hand

Shown = Callable[..., QWidget]


class Desk:
    """Two fields, a table and a choice inside one owner, and a scanner over them."""

    def __init__(self, shown: Shown, timing: Timing | None = None) -> None:
        self.hand = Hand()
        self.field, self.other, self.table, self.combo = QLineEdit(), QLineEdit(), QTableWidget(3, 2), QComboBox()
        self.combo.addItems(["5 szt.", "9 szt."])
        self.table.setItem(1, 1, QTableWidgetItem("1"))
        self.owner = shown(self.field, self.other, self.table, self.combo)
        self.codes: list[str] = []
        self.enters = 0
        self.scanner = Scanner(self.owner, timing, self.hand.stamp)
        self.scanner.scanned.connect(self.codes.append)
        self.field.returnPressed.connect(self._entered)
        self.field.setFocus()

    def _entered(self) -> None:
        self.enters += 1


@pytest.fixture
def desk(shown: Shown) -> Desk:
    return Desk(shown)


def test_a_burst_is_a_scan_and_no_field_sees_it(desk: Desk) -> None:
    """BAR-03"""
    desk.hand.scan()
    assert desk.codes == [CODE]
    assert desk.field.text() == ""
    assert desk.enters == 0


def test_twenty_scans_in_two_seconds_are_all_there_in_order(desk: Desk) -> None:
    """BAR-03, GOL-23: 100 ms a scan, 13 characters and Enter, the focus in a quantity field with a number in it."""
    desk.hand.type("12")
    desk.scanner.let_go()
    wanted = [f"{5901234000000 + number}" for number in range(20)]
    began = desk.hand.now
    for code in wanted:
        desk.hand.scan(code, gap=4)
    assert desk.hand.now - began <= 2000
    assert desk.codes == wanted
    assert desk.field.text() == "12"


def test_typing_arrives_in_order_with_its_enter(desk: Desk) -> None:
    desk.hand.type("led a60\n")
    assert desk.field.text() == "led a60"
    assert desk.enters == 1
    assert desk.codes == []


def test_the_last_typed_character_arrives_without_another_key(desk: Desk, qtbot: QtBot) -> None:
    desk.hand.type("7")
    assert desk.field.text() == ""  # undecided yet
    qtbot.waitUntil(lambda: desk.field.text() == "7", timeout=1000)


def test_three_fast_characters_and_enter_are_typing(desk: Desk) -> None:
    """A quantity of 250 typed by somebody quick."""
    desk.hand.press("250\n", 10)
    assert (desk.field.text(), desk.enters, desk.codes) == ("250", 1, [])


def test_one_slow_gap_makes_it_typing(desk: Desk) -> None:
    desk.hand.press("59012", 4)
    desk.hand.press("3", 35)
    desk.hand.press("4000\n", 4)
    assert desk.codes == ["34000"]  # what follows the gap is a burst of its own
    assert desk.field.text() == "59012"


def test_a_fast_burst_without_an_end_is_typing(desk: Desk, qtbot: QtBot) -> None:
    """A text expander types as fast as a scanner, but presses no Enter."""
    desk.hand.press("pozdrawiam", 2)
    qtbot.waitUntil(lambda: desk.field.text() == "pozdrawiam", timeout=1000)
    assert desk.codes == []


def test_a_late_enter_belongs_to_the_field(desk: Desk) -> None:
    desk.hand.press("1234", 4)
    desk.hand.press("\n", 200)
    assert (desk.field.text(), desk.enters, desk.codes) == ("1234", 1, [])


def test_tab_ends_a_scan_too_and_moves_no_focus(desk: Desk) -> None:
    desk.hand.press(CODE + "\t", 4)
    assert desk.codes == [CODE]
    assert desk.field.hasFocus()


def test_polish_letters_and_shortcuts_pass_at_once(desk: Desk) -> None:
    desk.hand.type("ż")
    assert desk.field.text() == "ż"
    desk.hand.type("a")
    QTest.keyClick(desk.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert desk.field.text() == "ża"  # what was held came before the shortcut
    assert desk.field.selectedText() == "ża"


def test_backspace_takes_back_the_character_before_it(desk: Desk) -> None:
    desk.hand.press("12", 10)
    QTest.keyClick(desk.field, Qt.Key.Key_Backspace)
    assert desk.field.text() == "1"


def test_capital_letters_of_a_code_keep_the_burst(desk: Desk) -> None:
    """A scanner presses Shift between the characters."""
    for character in "LED-A60":
        QTest.keyPress(desk.field, Qt.Key.Key_Shift)
        desk.hand.press(character, 4)
    desk.hand.press("\n", 4)
    assert desk.codes == ["LED-A60"]


def test_a_scan_over_a_table_opens_no_cell(desk: Desk) -> None:
    """BAR-03: none in a quantity."""
    desk.table.setFocus()
    desk.table.setCurrentCell(1, 1)
    desk.hand.scan()
    assert desk.codes == [CODE]
    item = desk.table.item(1, 1)
    assert item is not None
    assert item.text() == "1"
    assert desk.table.state() is not QTableWidget.State.EditingState


def test_a_scan_into_an_open_cell_leaves_what_was_typed_there(desk: Desk, qtbot: QtBot) -> None:
    """BAR-03"""
    desk.table.setFocus()
    desk.table.setCurrentCell(1, 1)
    desk.hand.type("42")
    desk.scanner.let_go()
    cell = QApplication.focusWidget()
    assert isinstance(cell, QLineEdit)
    desk.hand.scan()
    assert desk.codes == [CODE]
    assert cell.text() == "42"
    desk.hand.type("\n")
    qtbot.waitUntil(lambda: desk.table.state() is not QTableWidget.State.EditingState)  # Qt's own table closes a cell later
    item = desk.table.item(1, 1)
    assert item is not None
    assert item.text() == "42"


def test_typing_over_a_cell_goes_on_inside_it(desk: Desk, qtbot: QtBot) -> None:
    """The first held character opens the cell, the rest and Enter must follow into it."""
    desk.table.setFocus()
    desk.table.setCurrentCell(1, 1)
    desk.hand.press("42\n", 10)
    qtbot.waitUntil(lambda: desk.table.state() is not QTableWidget.State.EditingState)
    item = desk.table.item(1, 1)
    assert item is not None
    assert item.text() == "42"


def test_a_scan_changes_no_choice(desk: Desk) -> None:
    desk.combo.setFocus()
    desk.hand.scan("9912345")
    assert desk.codes == ["9912345"]
    assert desk.combo.currentIndex() == 0
    desk.hand.type("9\t")
    assert desk.combo.currentIndex() == 1


def test_the_list_of_a_choice_belongs_to_its_owner(desk: Desk) -> None:
    desk.combo.setFocus()
    desk.combo.showPopup()
    assert QApplication.activePopupWidget() is not None
    desk.hand.press("9912345", 4)
    desk.hand.now += 4
    for kind in (QKeyEvent.Type.ShortcutOverride, QKeyEvent.Type.KeyPress):  # the first one closes the list
        target = QApplication.focusWidget()
        assert target is not None
        QApplication.sendEvent(target, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r"))
    assert desk.codes == ["9912345"]
    assert desk.combo.currentIndex() == 0
    desk.combo.hidePopup()


def test_other_windows_are_none_of_its_business(desk: Desk, qtbot: QtBot) -> None:
    dialog = QDialog(desk.owner)
    qtbot.addWidget(dialog)
    field = QLineEdit(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    field.setFocus()
    desk.hand.press(CODE, 4)
    assert field.text() == CODE
    assert desk.codes == []


def test_switched_off_it_holds_nothing_back(desk: Desk) -> None:
    desk.hand.press("12", 4)
    desk.scanner.set_enabled(False)
    desk.hand.scan()
    assert desk.field.text() == "12" + CODE
    assert desk.codes == []


def test_the_timing_is_data(shown: Shown) -> None:
    """A slow scanner of three-character codes that ends with Tab only."""
    desk = Desk(shown, Timing(gap_ms=80, least=3, ends=(Qt.Key.Key_Tab,)))
    desk.hand.press("A12\t", 70)
    assert desk.codes == ["A12"]
    desk.hand.press("A12\n", 10)
    assert desk.codes == ["A12"]
    assert desk.field.text() == "A12"


def test_a_held_key_is_no_scanner(desk: Desk) -> None:
    """Auto-repeat may be as fast as a scanner."""
    for _count in range(6):
        desk.hand.now += 20
        QApplication.sendEvent(desk.field, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "8", True))
    desk.hand.press("\n", 5)
    assert (desk.field.text(), desk.codes) == ("888888", [])


def test_two_parts_of_a_gs1_code_are_one_scan(desk: Desk) -> None:
    desk.hand.press("0105901234000079", 4)
    desk.hand.now += 4
    QApplication.sendEvent(desk.field, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.ControlModifier, "\x1d"))
    desk.hand.press("10A7\n", 4)
    assert desk.codes == ["0105901234000079\x1d10A7"]


def test_a_button_takes_a_space_at_once_and_no_scan(desk: Desk) -> None:
    """BAR-03: with the focus on a button nothing is pressed; Space by hand still is."""
    pressed: list[bool] = []
    button = QPushButton("Go", desk.owner)
    button.clicked.connect(lambda: pressed.append(True))
    button.show()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]
    desk.hand.scan("59 01")
    assert (pressed, desk.codes) == ([True], ["59 01"])


def test_it_may_watch_other_widgets_and_keys_that_nobody_takes(desk: Desk) -> None:
    codes: list[str] = []
    scanner = Scanner(desk.owner, None, desk.hand.stamp, belongs=lambda widget: widget is desk.table)
    scanner.scanned.connect(codes.append)
    desk.scanner.set_enabled(False)
    desk.hand.scan()
    assert (codes, desk.field.text()) == ([], CODE)
    desk.table.setFocus()
    desk.hand.scan("123456")
    desk.table.clearFocus()
    for letter in "654321\r":
        desk.hand.now += 4
        key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(0)
        QApplication.sendEvent(desk.owner, QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter))
    assert codes == ["123456", "654321"]
    desk.other.setFocus()
    scanner.give("77")
    assert desk.other.text() == "77"


def test_a_burst_needs_no_widget() -> None:
    burst = Burst(Timing())
    for at, character in enumerate("1234"):
        burst.add(character, at * 29.0)
    assert burst.code(3 * 29.0 + 29) == "1234"
    assert burst.code(3 * 29.0 + 30) == ""
    burst.clear()
    assert burst.text == ""
