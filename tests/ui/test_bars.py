"""Bars around the work: keys, status, head, navigator (desk.md section 6)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.core import i18n
from crm_desktop.ui.widgets.fkey_bar import FKey, FKeyBar
from crm_desktop.ui.widgets.navigator import NavGroup, Navigator, NavItem
from crm_desktop.ui.widgets.status_bar import StatusBar, Work
from crm_desktop.ui.widgets.top_bar import TopBar

Shown = Callable[..., QWidget]


def some_keys(pressed: list[str]) -> list[FKey]:
    """The keys of an editor."""
    left = [
        ("F2", "Pozycja"),
        ("Ins", "Nowa pozycja"),
        ("Del", "Usuń"),
        ("F3", "Szukaj towaru"),
        ("F4", "Następna sprawa"),
        ("F6", "Nagłówek"),
    ]
    right = [("F8", "Wystaw i paragon"), ("F10", "Wystaw fakturę"), ("Esc", "Zamknij")]
    return [FKey(key, title, lambda key=key: pressed.append(key), at >= len(left)) for at, (key, title) in enumerate(left + right)]  # type: ignore[misc]


def test_a_narrow_bar_drops_keys_from_its_middle(shown: Shown) -> None:
    """It never forces a width; what decides (F10, Esc) stays; the rest is in a menu."""
    bar = FKeyBar()
    bar.set_keys(some_keys([]))
    window = shown(bar, size=(1600, 200))
    assert len(bar.shown()) == 9
    window.resize(700, 200)
    narrow = bar.shown()
    assert narrow[0] == "F2"
    assert narrow[-1] == "Esc"
    assert "F6" not in narrow
    assert bar.minimumSizeHint().width() == 0
    buttons = [button for button in bar.findChildren(QAbstractButton) if button.isVisible()]
    assert all(not one.geometry().intersects(other.geometry()) for one in buttons for other in buttons if one is not other)
    assert all(bar.rect().contains(button.geometry()) for button in buttons)


def test_the_mouse_presses_keys(shown: Shown, qtbot: QtBot) -> None:
    """The mouse may do everything, and takes no focus."""
    pressed: list[str] = []
    bar = FKeyBar()
    bar.set_keys(some_keys(pressed))
    shown(bar, size=(1600, 200))
    button = next(each for each in bar.findChildren(QAbstractButton) if each.text() == "Wystaw fakturę")
    assert button.focusPolicy() == Qt.FocusPolicy.NoFocus
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == ["F10"]


def test_the_status_bar_says_where_and_when(shown: Shown, monday: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connection, device, work with per cent, the day in the operator's language."""
    bar = StatusBar()
    shown(bar)
    monkeypatch.setitem(i18n._state, "language", "pl")
    bar.tell_time()
    assert bar._time.text() == "pon. 23.11.2026  14:32"
    monkeypatch.setitem(i18n._state, "language", "en")
    bar.tell_time()
    assert bar._time.text() == "Mon 23.11.2026  14:32"
    bar.set_work([Work("Export", 62)])
    assert (bar._work.text(), bar._percent.text()) == ("Export", f"62{i18n.NBSP}%")
    bar.set_work([Work("Export", 62), Work("Check")])
    assert bar._work.text() == "2 things running"
    assert bar._percent.isHidden()
    bar.set_work([])
    assert bar._work.isHidden()
    bar.set_device("")
    assert bar._device.isHidden()
    bar.say("x" * 500)
    assert bar.minimumSizeHint().width() == 0
    assert bar.message() == "x" * 500


def test_the_head_offers_branches_and_the_person(shown: Shown, qtbot: QtBot) -> None:
    """One branch is no choice; with two the other can be taken."""
    bar = TopBar()
    shown(bar)
    bar.set_company("Sieć Handlowa Beskid", "Kraków")
    bar.set_branches([(1, "Kraków")])
    assert bar._branch._menu is None
    bar.set_branches([(1, "Kraków"), (2, "Nowy Sącz")])
    menu = bar._branch._menu
    assert menu is not None
    with qtbot.waitSignal(bar.branch_chosen) as told:
        menu.actions()[1].trigger()
    assert told.args == [2]
    bar.set_person("Anna Kowalczyk", QMenu())
    bell = bar.add_bell(lambda: None)
    bar.set_bell(2)
    assert bell.accessibleName() == "2 new notifications"
    assert bell.focusPolicy() == Qt.FocusPolicy.NoFocus


@pytest.fixture
def navigator(shown: Shown) -> Navigator:
    """Two groups, one of them empty."""
    navigator = Navigator()
    navigator.set_groups(
        [
            NavGroup("Sprzedaż", (NavItem("documents", "Dokumenty", "file-text"), NavItem("drafts", "Szkice", "file-plus"))),
            NavGroup("Puste", ()),
            NavGroup("Klienci", (NavItem("parties", "Kontrahenci", "users"),)),
        ]
    )
    shown(navigator)
    return navigator


def test_the_navigator_walks_and_opens(navigator: Navigator, qtbot: QtBot) -> None:
    """↑ ↓ and Enter; one stop for Tab; groups without rights are not there."""
    assert navigator.ids() == ["documents", "drafts", "parties"]
    assert len(navigator._heads) == 2
    navigator.set_current("drafts")
    items = navigator._items
    assert [item.focusPolicy() == Qt.FocusPolicy.TabFocus for item in items.values()] == [False, True, False]
    items["drafts"].setFocus()
    QTest.keyClick(items["drafts"], Qt.Key.Key_Down)
    assert items["parties"].hasFocus()
    with qtbot.waitSignal(navigator.chosen) as told:
        QTest.keyClick(items["parties"], Qt.Key.Key_Return)
    assert told.args == ["parties"]


def test_the_navigator_folds(navigator: Navigator) -> None:
    """Ctrl+B: 216 to 48; the words are in the tool tips then."""
    assert navigator.width() == 216
    navigator.toggle()
    assert navigator.width() == 48
    assert navigator._items["documents"].toolTip() == "Dokumenty"
    navigator.toggle()
    assert navigator.width() == 216


def test_counts_are_told_in_words_too(navigator: Navigator) -> None:
    """Red is not alone."""
    navigator.set_count("drafts", 5, late=True)
    assert navigator._items["drafts"].accessibleName() == "Szkice, 5, overdue"
    navigator.set_count("drafts", 0)
    assert navigator._items["drafts"].accessibleName() == "Szkice"
