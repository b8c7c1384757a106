"""The hand and the eye of the tour: keys, clicks, waiting for what is seen, pictures. It touches widgets only as a person does.

A script is a generator that yields what it does next; a timer carries it on, also while a modal dialog runs its own event loop. So a
key is sent from the event loop, never from inside the script.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.demo.tour.eye import front, has_keyboard, take_keyboard

#: Nothing on a desk takes longer; what does is a fault of the desk, and the tour says at which step.
PATIENCE_SECONDS = 20.0
_TICK_MS = 15
#: Between two letters of a person.
_TYPING_MS = 45


class NotSeen(Exception):
    """What the step should have shown was not there in time."""


@dataclass(frozen=True)
class Keys:
    """Keys pressed one after another: "Tab", "Ctrl+S", "F10"."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """Text typed on the keyboard, letter by letter."""

    text: str


@dataclass(frozen=True)
class Scan:
    """A code as a scanner sends it: much faster than a person types, with Enter at the end."""

    code: str


@dataclass(frozen=True)
class Click:
    """A click of the mouse into the middle of a widget, or at a point in it."""

    widget: QWidget
    at: QPoint | None = None
    double: bool = False


@dataclass(frozen=True)
class Until:
    """Wait until `seen()` is true (or a value); the script gets the value back."""

    seen: Callable[[], Any]
    what: str
    seconds: float = PATIENCE_SECONDS


@dataclass(frozen=True)
class Picture:
    """The end of a step: a picture of the window, what was read on it, and its name in tour.json."""

    name: str
    seen: str


Act = Keys | Text | Scan | Click | Until | Picture
Script = Generator[Act, Any, None]


def press(*keys: str) -> Keys:
    """Press keys one after another."""
    return Keys(keys)


class Hand(QObject):
    """Runs a script; `done(error)` is called at its end, with None when every step showed what it should."""

    def __init__(
        self,
        script: Script,
        pictures: Path,
        prefix: str,
        window: Callable[[], QWidget],
        step: Callable[[dict[str, Any]], None],
        done: Callable[[BaseException | None], None],
    ) -> None:
        super().__init__()
        self._script, self._pictures, self._prefix, self._window = script, pictures, prefix, window
        self._tell, self._done = step, done
        self._waiting: Until | None = None
        self._since = self._began = time.monotonic()
        self._count, self._sending = 0, False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def _tick(self) -> None:
        if self._sending:
            return
        answer: Any = None
        if self._waiting is not None:
            answer = self._waiting.seen()
            if not answer:
                if time.monotonic() - self._since > self._waiting.seconds:
                    self._end(NotSeen(f"{self._waiting.what}; the window shows: {self._windows()}"))
                return
            self._waiting = None
        try:
            act = self._script.send(answer)
        except StopIteration:
            self._end(None)
        except Exception as error:  # any fault of the script or of what it read ends the tour, with its cause
            self._end(error)
        else:
            self._do(act)

    def _do(self, act: Act) -> None:
        if isinstance(act, Until):
            self._waiting, self._since = act, time.monotonic()
        elif isinstance(act, Picture):
            self._picture(act)
        elif isinstance(act, Click):
            self._send([partial(_click, act)], 0)
        elif isinstance(act, Text):
            self._send([partial(_type, letter) for letter in act.text], _TYPING_MS)
        elif isinstance(act, Scan):
            self._send([partial(_scan, act.code)], 0)
        else:
            self._send([partial(_press, key) for key in act.keys], _TYPING_MS)

    def _send(self, events: list[Callable[[], None]], apart: int) -> None:
        """One event a turn of the event loop. An event that opens a modal dialog returns when it closes: the rest goes to the dialog."""
        if not events:
            return
        self._sending = True

        patience = time.monotonic() + PATIENCE_SECONDS

        def next_event() -> None:
            # A colleague's window on the same screen may have the keyboard: a shortcut works only in an active window.
            if not has_keyboard() and time.monotonic() < patience:
                take_keyboard()
                QTimer.singleShot(_TICK_MS, next_event)
                return
            first = events.pop(0)
            if events:
                QTimer.singleShot(apart, next_event)
            else:
                self._sending = False
            try:
                first()
            except NotSeen as error:
                self._end(error)

        QTimer.singleShot(0, next_event)

    def _picture(self, act: Picture) -> None:
        self._count += 1
        name = f"{self._prefix}{self._count:02}-{act.name}.png"
        window = QApplication.activeModalWidget() or self._window()
        window.grab().save(str(self._pictures / name))
        now = time.monotonic()
        self._tell({"name": act.name, "seconds": round(now - self._began, 2), "picture": name, "seen": act.seen})
        self._began = now

    def _windows(self) -> str:
        self._count += 1
        name = f"{self._prefix}{self._count:02}-not-seen.png"
        (QApplication.activeModalWidget() or self._window()).grab().save(str(self._pictures / name))
        return f"{QApplication.focusWidget()!r} has the focus, picture {name}"

    def _end(self, error: BaseException | None) -> None:
        self._timer.stop()
        self._done(error)


def _target() -> QWidget:
    """Where a key goes. Two stations may share one screen, and off-screen no window manager gives the keyboard back: it is taken here."""
    found = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
    if found is None:
        window = front()
        if window is None:
            raise NotSeen("no window takes the keyboard")
        take_keyboard()
        found = window.focusWidget() or window
    return found


def _press(key: str) -> None:
    combination = QKeySequence(key)[0]  # type: ignore[index]
    target = _target()
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())


def _type(letter: str) -> None:
    target = _target()
    if letter.isascii():
        QTest.keyClicks(target, letter)
        return
    # QTest takes Latin-1 only; a Polish letter arrives as the key event that the system would send.
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def _scan(code: str) -> None:
    for letter in code:
        _type(letter)
    _press("Return")


def _click(act: Click) -> None:
    at = act.at or act.widget.rect().center()
    click = QTest.mouseDClick if act.double else QTest.mouseClick
    click(act.widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
