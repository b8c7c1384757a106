"""The strip under the top bar: a state of the whole desk, for as long as it lasts. Pushes content down, never covers it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import IconLabel, WrapLabel, announce, button, label


class Strip(QFrame):
    """One state at a time; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.mark(self, role="strip")
        self._icon, self._strong, self._text = IconLabel("plug-connected-x", "danger", 18), label(role="strong"), WrapLabel()
        self._run: Callable[[], object] | None = None
        self._button = button("", self._pressed)
        self._seconds: Callable[[], float] | None = None
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._count)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 6, 8, 6)
        line.setSpacing(8)
        line.addWidget(self._icon)
        line.addWidget(self._strong)
        line.addWidget(self._text, 1)
        line.addWidget(self._button)
        self.hide()

    def say(
        self, icon: str, strong: str, text: str, button_text: str = "", run: Callable[[], object] | None = None, *, tone: str = "warning"
    ) -> None:
        """Show a state: what happened, what is safe and what comes next, and the one thing to do."""
        self._tick.stop()
        self._icon.show_icon(icon, tone)
        self._strong.setText(strong)
        self._text.setText(text)
        self._button.setText(button_text)
        self._button.setVisible(bool(button_text))
        self._run = run
        self.setAccessibleName(f"{strong} {text}")
        if self.isHidden():
            announce(self, f"{strong} {text}")
        self.show()

    def show_offline(self, since: datetime, seconds_left: Callable[[], float], retry: Callable[[], object]) -> None:
        """No server since `since`. `seconds_left()` is asked each second: when the next attempt comes."""
        self.say(
            "plug-connected-x",
            _("No connection to the server since {time}.").format(time=f"{since:%H:%M}"),
            "",
            _("Connect now"),
            retry,
            tone="danger",
        )
        self._seconds = seconds_left
        self._count()
        self._tick.start()

    def text(self) -> str:
        """All that it says."""
        return f"{self._strong.text()} {self._text.text()}".strip()

    def clear(self) -> None:
        """The state is over."""
        self._tick.stop()
        self._seconds = None
        self.hide()

    def _count(self) -> None:
        if self._seconds is None:
            return
        left = max(0, round(self._seconds()))
        safe = _("You can keep typing: nothing in an open window is lost.")
        coming = _("Next attempt in {seconds} s.").format(seconds=left) if left else _("Connecting…")
        self._text.setText(f"{safe} {coming}")

    def _pressed(self) -> None:
        if self._run is not None:
            self._run()
