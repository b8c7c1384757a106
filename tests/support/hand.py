"""A hand at the keyboard and a hand at the scanner. They press at times of their own, so that no test waits to be told apart."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

CODE = "5901234000079"
_NAMED = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}


class Hand:
    """Presses keys in whatever has the focus; give `stamp` to the scanner. `strokes` counts every key that was pressed."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.strokes = 0

    def stamp(self, _event: QKeyEvent) -> float:
        """The time of the key that is pressed now, in milliseconds."""
        return self.now

    def press(self, text: str, gap: float) -> None:
        """One key a character, `gap` milliseconds apart; "\\n" is Enter, "\\t" is Tab."""
        for character in text:
            if character in _NAMED:
                self.key(_NAMED[character], gap=gap)
                continue
            self.now += gap
            self.strokes += 1
            for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):  # QTest knows Latin-1 only
                QApplication.sendEvent(focus(), QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, gap: float = 60) -> None:
        """A key without a character, shortcuts included."""
        self.now += gap
        self.strokes += 1
        QTest.keyClick(focus(), key, held)

    def scan(self, code: str = CODE, gap: float = 4) -> None:
        """As a scanner does it: the whole code and Enter within milliseconds."""
        self.now += 40
        self.press(code + "\n", gap)

    def type(self, text: str) -> None:
        """As a fast typist does it."""
        self.press(text, 60)


def focus() -> QWidget:
    """The widget that the keys go to."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget
