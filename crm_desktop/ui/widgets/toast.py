"""Toasts: done, with a useful next step. Bottom right, at most three, never the focus, never the only copy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPropertyAnimation, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsOpacityEffect, QHBoxLayout, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import clock
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import IconLabel, WrapLabel, announce, button, tool_button

MOST, WIDTH, MARGIN, KEPT = 3, 380, 16, 100
STAY_CLEAR = "toastsStayClear"


@dataclass(frozen=True)
class Message:
    """What the bell keeps."""

    at: datetime
    title: str
    text: str
    icon: str
    tone: str


class Toasts(QObject):
    """The toasts of one window, and the messages that the bell shows later."""

    added = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shown: list[_Toast] = []
        self._history: list[Message] = []
        window.installEventFilter(self)
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self._place)
        _clear().moved.connect(self._move_away)

    def show_toast(
        self,
        title: str,
        text: str = "",
        button_text: str = "",
        run: Callable[[], object] | None = None,
        *,
        icon: str = "circle-check",
        tone: str = "success",
        stays: bool = False,
    ) -> None:
        """Show a message for 5 s (`stays`: until it is closed). The clock stands while the mouse is over it or the window is inactive."""
        self._history = [*self._history, Message(clock.now(), title, text, icon, tone)][-KEPT:]
        toast = _Toast(self._window, title, text, button_text, run, icon, tone, stays)
        toast.gone.connect(lambda: self._gone(toast))
        self._shown.append(toast)
        while len(self._shown) > MOST:
            self._shown[0].leave()
        self._place()
        toast.appear()
        announce(self._window, f"{title} {text}")
        self.added.emit()

    def history(self) -> list[Message]:
        """The last hundred messages, the newest last."""
        return list(self._history)

    def shown(self) -> list[str]:
        """The titles on the screen now."""
        return [toast.title for toast in self._shown]

    def widgets(self) -> list[QWidget]:
        """The toasts on the screen now, the oldest first."""
        return list(self._shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _move_away(self) -> None:
        if self._shown:
            self._again.start()

    def _gone(self, toast: "_Toast") -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        width = min(look.current().scaled(WIDTH), self._window.width() - 2 * MARGIN)
        bottom = self._floor(width)
        for toast in reversed(self._shown):
            layout = toast.layout()
            height = layout.totalHeightForWidth(width) if layout and layout.hasHeightForWidth() else toast.sizeHint().height()
            bottom -= height
            toast.setGeometry(self._window.width() - MARGIN - width, bottom, width, height)
            toast.raise_()
            bottom -= 8

    def _floor(self, width: int) -> int:
        """Where the lowest toast may end: above the key bar and the status bar, and above sums that somebody reads (`stay_clear`)."""
        floor = self._window.height() - MARGIN - look.current().scaled(34 + 28)
        left = self._window.width() - MARGIN - width
        for child in self._window.findChildren(QWidget):
            if child.property(STAY_CLEAR) and child.isVisible():
                corner = child.mapTo(self._window, child.rect().topLeft())
                if corner.x() + child.width() > left and corner.y() > self._window.height() // 2:
                    floor = min(floor, corner.y() - 8)
        return floor


def stay_clear(widget: QWidget) -> None:
    """No toast lies over this widget: somebody may be reading it just now (the sums of a document, what is wrong with a card)."""
    widget.setProperty(STAY_CLEAR, True)
    widget.installEventFilter(_clear())


class _Clear(QObject):
    """Tells when something that toasts stay clear of came, went or moved. One for the program."""

    moved = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self.moved.emit()
        return False


_MOVES = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.Move})
_one: _Clear | None = None


def _clear() -> _Clear:
    global _one
    if _one is None:
        _one = _Clear()
    return _one


class _Toast(QFrame):
    gone = Signal()

    def __init__(
        self, window: QWidget, title: str, text: str, button_text: str, run: Callable[[], object] | None, icon: str, tone: str, stays: bool
    ) -> None:
        super().__init__(window)
        look.mark(self, role="popup")
        self.title, self._run, self._left = title, run, look.current().duration("toast_stay")
        self.setAccessibleName(f"{title} {text}")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(WrapLabel(title, "strong"))
        if text:
            words.addWidget(WrapLabel(text, "muted"))
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 9, 6, 9)
        line.setSpacing(10)
        line.addWidget(IconLabel(icon, tone, 18))
        line.addLayout(words, 1)
        if button_text:
            act = button(button_text, self._pressed, kind="link")
            act.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            line.addWidget(act)
        line.addWidget(tool_button("x", _("Close"), run=self.leave))
        self._timer = QTimer(self, interval=100)
        self._timer.timeout.connect(self._count)
        if not stays:
            self._timer.start()

    def appear(self) -> None:
        self.show()
        lasts = look.current().duration("toast_in")
        if lasts:
            effect = QGraphicsOpacityEffect(self)
            self.setGraphicsEffect(effect)
            fade = QPropertyAnimation(effect, b"opacity", self)
            fade.setDuration(lasts)
            fade.setStartValue(0.0)
            fade.setEndValue(1.0)
            fade.finished.connect(lambda: self.setGraphicsEffect(None))  # type: ignore[arg-type]
            fade.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)

    def leave(self) -> None:
        self._timer.stop()
        self.gone.emit()

    def _count(self) -> None:
        if self.underMouse() or QApplication.applicationState() != Qt.ApplicationState.ApplicationActive:
            return
        self._left -= self._timer.interval()
        if self._left <= 0:
            self.leave()

    def _pressed(self) -> None:
        if self._run is not None:
            self._run()
        self.leave()
