"""Keys as people read them, and keys bound to acts."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.ui.desk import forbidden, normal

# What stands on the keys of a Polish keyboard; a word only where the cap has none.
_CAPS = {
    "Return": "Enter",
    "Insert": "Ins",
    "Delete": "Del",
    "Escape": "Esc",
    "PageUp": "PgUp",
    "PageDown": "PgDn",
    "PgDown": "PgDn",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "Plus": "+",
    "Minus": "−",
}
_WORDS = {"Space": N_("Space")}


def shown(key: str) -> str:
    """The text of a key cap: "Return" → "Enter", "Ctrl+Down" → "Ctrl+↓"."""
    return "+".join(_(_WORDS[part]) if part in _WORDS else _CAPS.get(part, part) for part in normal(key).split("+"))


def with_key(text: str, key: str) -> str:
    """A tool tip: the name and its key."""
    return f"{text}  ({shown(key)})" if key else text


def bind(widget: QWidget, key: str, run: Callable[[], object], *, everywhere: bool = False) -> QShortcut:
    """Have `run` called when `key` is pressed inside `widget` (`everywhere`: in its whole window).

    ValueError for a key with Ctrl+Alt: on Polish keyboards it types a letter.
    """
    if forbidden(key):
        raise ValueError(f"{key} types a Polish letter")
    context = Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
    shortcut = QShortcut(QKeySequence(key), widget)
    shortcut.setContext(context)
    shortcut.activated.connect(run)
    return shortcut
