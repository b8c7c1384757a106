"""The palette by itself: what is shown, what the keys do, that an Enter pressed early is not lost."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from crm_desktop.ui import theme
from crm_desktop.ui.widgets.palette import Entry, Group, Palette
from crm_desktop.ui.widgets.search_field import SearchField

PEOPLE = Group("People", (Entry("volt", "Hurtownia Volt", "users", side="NIP 526-025-02-74"), Entry("serwis", "Volt-Serwis", faint=True)))
ACTS = Group("Commands", (Entry("new", "New", "plus", key="Insert"),))


@pytest.fixture
def field() -> QLineEdit:
    """What had the focus before."""
    return QLineEdit()


@pytest.fixture
def palette(shown: Callable[..., QWidget], field: QLineEdit) -> Palette:
    window = shown(field)
    field.setFocus()
    made = Palette(window)
    made.open()
    made.show_groups((PEOPLE, Group("Empty", ()), ACTS), "volt")
    return made


def press(key: Qt.Key) -> None:
    """A key where the focus is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def current(palette: Palette) -> object:
    """The value of the chosen entry."""
    entry = palette.current()
    return entry.value if entry is not None else None


def test_groups_without_answers_have_no_title(palette: Palette) -> None:
    assert palette.titles() == ["People", "Commands"]
    assert [entry.value for entry in palette.entries()] == ["volt", "serwis", "new"]


def test_arrows_walk_over_titles_and_stop_at_the_ends(palette: Palette) -> None:
    seen = [current(palette)]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        press(key)
        seen.append(current(palette))
    assert seen == ["volt", "volt", "serwis", "new", "new", "serwis", "new", "volt"]


def test_enter_takes_what_is_chosen_once_the_focus_is_back(palette: Palette, field: QLineEdit) -> None:
    taken: list[tuple[object, bool]] = []
    palette.taken.connect(lambda entry: taken.append((entry.value, field.hasFocus())))
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert taken == [("serwis", True)]
    assert not palette.isVisible()


def test_an_enter_before_the_answer_waits_for_it(palette: Palette) -> None:
    taken: list[object] = []
    palette.taken.connect(lambda entry: taken.append(entry.value))
    press(Qt.Key.Key_X)
    press(Qt.Key.Key_Return)
    assert taken == []
    palette.show_groups((ACTS,), "x")
    assert taken == ["new"]


def test_an_enter_that_finds_nothing_leaves_it_open(palette: Palette) -> None:
    press(Qt.Key.Key_X)
    press(Qt.Key.Key_Return)
    palette.show_groups((), "x", note="Nothing")
    assert palette.isVisible()
    assert palette.note() == "Nothing"
    palette.show_groups((ACTS,), "xy")
    assert palette.isVisible(), "the Enter belonged to the text before"


def test_escape_and_tab(palette: Palette, field: QLineEdit) -> None:
    press(Qt.Key.Key_Tab)
    assert palette.line.hasFocus()
    press(Qt.Key.Key_Escape)
    assert field.hasFocus()


def test_a_click_takes_an_answer_but_no_title(palette: Palette) -> None:
    taken: list[object] = []
    palette.taken.connect(lambda entry: taken.append(entry.value))
    for row in (0, 2):
        box = palette.rows.visualRect(palette.model.index(row))
        QTest.mouseClick(palette.rows.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert taken == ["serwis"]


def test_it_stays_inside_a_small_window_and_is_painted(palette: Palette) -> None:
    long = Entry("x", "Przedsiębiorstwo " * 12, "users", code="ABC", side="1 204,00 zł")
    palette.show_groups((Group("Many", tuple(long for _ in range(40))),), "przed")
    palette.window().resize(480, 320)
    QApplication.processEvents()
    assert palette.geometry() == palette.window().rect()
    assert palette.rect().contains(palette.card.geometry())
    assert not palette.grab().isNull()


def test_screen_readers_hear_the_whole_answer(palette: Palette) -> None:
    said = palette.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Hurtownia Volt NIP 526-025-02-74"
    assert palette.model.index(4).data(Qt.ItemDataRole.AccessibleTextRole) == "New Ins"
    assert palette.line.accessibleName()


def test_the_closed_box_is_pressed_without_taking_the_focus(shown: Callable[..., QWidget], field: QLineEdit) -> None:
    box, pressed = SearchField(), []
    shown(field, box)
    field.setFocus()
    box.clicked.connect(lambda: pressed.append(True))
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    assert pressed == [True]
    assert field.hasFocus()
    assert box.height() == theme.current().size("control")
