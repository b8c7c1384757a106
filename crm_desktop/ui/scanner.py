"""Telling a bar-code scanner from fingers: both are keyboards, but a scanner types a whole code and Enter within milliseconds.

    scanner = Scanner(editor)
    scanner.scanned.connect(editor.take_scan)

While the keys of a burst are still undecided they are held back, so that the field under the focus never sees a code; if it was
typing after all, they are given to the field one by one, in order, at the latest one gap later. Every other key lets them go first.
A space begins no code: a button takes it at once.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

Keys = tuple[Qt.Key, ...]
_TYPED_WITH = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_HOLDERS = frozenset(
    {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock}
)
#: FNC1 between the parts of a GS1 code; it comes as Ctrl+] on a keyboard.
_FNC1 = "\x1d"
#: A timer that is so many milliseconds late was late because the program was busy; keys may wait behind it.
_LATE_MS = 15


@dataclass(frozen=True)
class Timing:
    """What makes a burst: at least `least` characters, less than `gap_ms` from key to key, closed by one of `ends` as fast."""

    gap_ms: float = 30.0
    least: int = 4
    ends: Keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class Burst:
    """Decides by time alone. Knows no widget, so that it can be tried without one. Times are milliseconds of any one clock."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._text = ""
        self._last = 0.0

    @property
    def text(self) -> str:
        """The characters that are undecided."""
        return self._text

    def goes_on(self, at: float) -> bool:
        """Whether a key at this time belongs to what is held."""
        return bool(self._text) and at - self._last < self._timing.gap_ms

    def add(self, character: str, at: float) -> None:
        """Hold one more character; the caller has let go of an older burst before."""
        self._text += character
        self._last = at

    def code(self, at: float) -> str:
        """The code that an ending key at this time closes; "" when it was typing."""
        return self._text if self.goes_on(at) and len(self._text) >= self._timing.least else ""

    def clear(self) -> None:
        """Hold nothing."""
        self._text = ""


class Scanner(QObject):
    """Watches the keys of whatever has the focus inside `owner`, its popups included, but not in dialogs over it.

    belongs: says which widgets it watches instead of those inside `owner`; keys that no widget takes are its own, too.
    stamp: gives the milliseconds of a key event; by default the window system's own time, because keys that waited while the
    program was busy arrive all at once, and only their times of pressing tell who pressed them.
    """

    scanned = Signal(str)
    """A code was scanned; no widget has seen it."""

    def __init__(
        self,
        owner: QWidget,
        timing: Timing | None = None,
        stamp: Callable[[QKeyEvent], float] | None = None,
        belongs: Callable[[QWidget], bool] | None = None,
    ) -> None:
        super().__init__(owner)
        self._owner, self._timing = owner, timing or Timing()
        self._belongs, self._everywhere = belongs or self._is_inside, belongs is not None
        self._stamp = stamp or _stamp
        self._burst = Burst(self._timing)
        self._held: list[QKeyEvent] = []
        self._watched: QWidget | None = None
        self._enabled, self._giving = True, False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._waited)
        self._armed = 0.0
        application = QGuiApplication.instance()
        if not isinstance(application, QApplication):
            raise RuntimeError("a scanner needs an application with widgets")
        application.focusChanged.connect(self._focus_moved)
        self._focus_moved(None, QApplication.focusWidget())

    def over(self, dialog: QWidget) -> "Scanner":
        """A scanner of the same timing for a dialog of this owner, which this one leaves alone."""
        return Scanner(dialog, self._timing, self._stamp)

    def set_enabled(self, enabled: bool) -> None:
        """Watch, or let every key through as if there were no scanner."""
        self.let_go()
        self._enabled = enabled

    def let_go(self) -> None:
        """Give what is held to whoever has the focus: it was typing."""
        self._timer.stop()
        self._burst.clear()
        held, self._held = self._held, []
        self._give(held)

    def give(self, code: str) -> None:
        """Type a code that was scanned into whatever has the focus, without the Enter behind it."""
        self._give([QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character) for character in code])

    def _give(self, events: Sequence[QKeyEvent]) -> None:
        self._giving = True
        try:
            for event in events:
                target = QApplication.focusWidget()  # the first character may have opened a cell
                if target is not None:
                    QApplication.sendEvent(target, event)
        finally:
            self._giving = False

    # ---- Qt ----
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Holds characters back, and swallows those of a code."""
        if event.type() != QEvent.Type.KeyPress or self._giving or not self._enabled or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key in _HOLDERS:
            return False
        at = self._stamp(event)
        if self._is_character(event):
            if not self._burst.goes_on(at):
                self.let_go()
            self._burst.add(event.text(), at)
            self._held.append(_copy(event))
            self._arm()
            event.accept()
            return True
        if not self._held:
            return False
        if key in self._timing.ends and not event.modifiers() & ~_TYPED_WITH:
            code = self._burst.code(at)
            if code:
                self._timer.stop()
                self._burst.clear()
                self._held = []
                event.accept()
                self.scanned.emit(code)
                return True
        return self._let_go_before(watched, event)

    def _let_go_before(self, watched: QObject, event: QKeyEvent) -> bool:
        """The held characters come first, and the key goes where they have moved the focus to."""
        self.let_go()
        target = QApplication.focusWidget()
        if target is None or target is watched:
            return False
        self._giving = True
        try:
            QApplication.sendEvent(target, _copy(event))
        finally:
            self._giving = False
        event.accept()
        return True

    def _is_character(self, event: QKeyEvent) -> bool:
        text = event.text()
        if event.isAutoRepeat() or len(text) != 1:
            return False
        if text in (_FNC1, " ") and not self._held:
            return False
        if text == _FNC1:
            return True
        return " " <= text <= "~" and not event.modifiers() & ~_TYPED_WITH

    # ---- waiting ----
    def _arm(self) -> None:
        self._armed = time.monotonic() * 1000
        self._timer.start(round(self._timing.gap_ms))

    def _waited(self) -> None:
        if time.monotonic() * 1000 - self._armed > self._timing.gap_ms + _LATE_MS:
            self._arm()  # the program was busy: the rest of the burst may stand in the queue behind this timer
        else:
            self.let_go()

    # ---- focus ----
    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        if now is None and self._everywhere and shiboken6.isValid(self._owner):
            now = self._owner  # it gets the keys that no widget takes
        self._watched = now if now is not None and (now is self._owner or self._belongs(now)) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _is_inside(self, widget: QWidget) -> bool:
        above: QWidget | None = widget
        while above is not None:
            if above is self._owner:
                return True
            if above.isWindow() and above.windowType() != Qt.WindowType.Popup:
                return False
            above = above.parentWidget()
        return False


def _copy(event: QKeyEvent) -> QKeyEvent:
    return QKeyEvent(event.type(), event.key(), event.modifiers(), event.text(), event.isAutoRepeat(), event.count())


def _stamp(event: QKeyEvent) -> float:
    return float(event.timestamp()) if event.timestamp() else time.monotonic() * 1000
