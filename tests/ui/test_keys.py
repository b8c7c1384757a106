"""The key map (GOL-22): clashes are shown, Polish letters are nobody's keys."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from crm_desktop.ui import keys
from crm_desktop.ui.desk import Action, Clash, clashes, forbidden, normal


@pytest.mark.parametrize(
    ("written", "one"),
    [("shift+ctrl+k", "Ctrl+Shift+K"), ("Enter", "Return"), ("ins", "Insert"), ("Ctrl++", "Ctrl+Plus"), ("Del", "Delete")],
)
def test_one_notation(written: str, one: str) -> None:
    """So that two spellings of a key clash."""
    assert normal(written) == one


@pytest.mark.parametrize(("key", "letter"), [("AltGr+A", True), ("Ctrl+Shift+Alt+S", True), ("Ctrl+S", False), ("Alt+Up", False)])
def test_keys_that_type_polish_letters(key: str, letter: bool) -> None:
    """AltGr is Ctrl and Alt together on Polish keyboards."""
    assert forbidden(key) is letter
    assert forbidden("Alt" + "+Ctrl+L")


def action(name: str, key: str, context: str = "desk") -> Action:
    """An action with one key."""
    return Action(name, name, keys=(key,), context=context)


def test_clashes() -> None:
    """In one context, and between a context and what acts everywhere; not between two contexts."""
    everywhere, in_list, in_editor, same = (
        action("palette", "Ctrl+K"),
        action("list.new", "Ins", "list"),
        action("editor.line", "Insert", "editor"),
        action("list.other", "insert", "list"),
    )
    assert clashes([everywhere, in_list, in_editor]) == []
    assert clashes([in_list, same]) == [Clash("Insert", "list.new", "list.other")]
    assert clashes([everywhere, action("x", "ctrl+k", "editor")]) == [Clash("Ctrl+K", "palette", "x")]
    assert clashes([action("x", "AltGr+L")]) == [Clash("AltGr+L", "x")]


@pytest.mark.parametrize(
    ("key", "cap"), [("Return", "Enter"), ("Ctrl+Down", "Ctrl+↓"), ("Escape", "Esc"), ("F8", "F8"), ("Ctrl+Shift+T", "Ctrl+Shift+T")]
)
def test_keys_as_they_stand_on_caps(key: str, cap: str) -> None:
    """The words of the keyboard, not Qt's."""
    assert keys.shown(key) == cap


def test_binding(qtbot: QtBot) -> None:
    """Acts inside the widget; refuses a key that types a letter."""
    field = QLineEdit()
    pressed: list[Any] = []
    qtbot.addWidget(field)
    keys.bind(field, "F8", lambda: pressed.append(1))
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_F8)
    assert pressed == [1]
    with pytest.raises(ValueError, match="Polish letter"):
        keys.bind(field, "AltGr+L", print)
