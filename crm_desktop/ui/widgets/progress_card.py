"""What becomes of something long that a person began in a window: how far it is, a way to give it up, and what came of it.

It lies over the right lower corner of its window and moves nothing. What went wrong stays until it is closed.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import IconLabel, KeyCap, WrapLabel, announce, button, tool_button
from crm_desktop.ui.widgets.toast import stay_clear

WIDTH, _MARGIN = 340, 12
#: What went well is shown so long.
_STAYS_MS = 12_000


class ProgressCard(QFrame):
    """See the module. above: what it keeps clear of at the bottom. key: bound to `do` by whoever owns the card."""

    def __init__(self, window: QWidget, above: QWidget, key: str) -> None:
        super().__init__(window)
        self._window, self._above = window, above
        self._run: Callable[[], object] | None = None
        look.mark(self, role="popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = IconLabel("download")
        self.title, self.text = WrapLabel(role="strong"), WrapLabel(role="muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        self.act = button("", self.do)
        self.act.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cap = KeyCap(key)
        self.cross = tool_button("x", _("Close"), "", self.hide)
        words = QVBoxLayout()
        words.setSpacing(6)
        for part in (self.title, self.bar, self.text):
            words.addWidget(part)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 10, 8, 10)
        line.setSpacing(10)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        acts = QVBoxLayout()
        acts.setSpacing(4)
        acts.addWidget(self.act)
        acts.addWidget(self.cap, 0, Qt.AlignmentFlag.AlignHCenter)
        acts.addStretch(1)
        line.addLayout(acts)
        line.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        self._leave = QTimer(self, singleShot=True, interval=_STAYS_MS)
        self._leave.timeout.connect(self.hide)
        stay_clear(self)
        window.installEventFilter(self)
        self.hide()

    def begin(self, title: str, act: str, run: Callable[[], object]) -> None:
        """Something runs; `act` gives it up."""
        self._show(title, "", "download", "text_2", act, run)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.cross.hide()
        self.advance(0, None)

    def advance(self, done: int, total: int | None, text: str = "") -> None:
        """So far it is; None where nobody knows how much there is."""
        self.bar.setRange(0, max(1, total or 0) if total else 0)
        self.bar.setValue(min(done, total) if total else 0)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self._place()

    def end(self, title: str, act: str, run: Callable[[], object]) -> None:
        """It went well; `act` is the useful next step."""
        self._show(title, "", "circle-check", "success", act, run)
        self._leave.start()

    def fail(self, title: str, text: str) -> None:
        """It went wrong: why, and what to do."""
        self._show(title, text, "alert-triangle", "danger", _("Close"), self.hide)
        self.cross.hide()

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return not self.bar.isHidden() and not self.isHidden()

    def do(self) -> None:
        """The act that the card offers now."""
        if self._run is not None and not self.isHidden():
            self._run()

    def _show(self, title: str, text: str, icon: str, tone: str, act: str, run: Callable[[], object] | None) -> None:
        self._leave.stop()
        self._run = run
        self._icon.show_icon(icon, tone)
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.bar.hide()
        self.cross.show()
        self.act.setText(act)
        self.act.setVisible(bool(act))
        self.cap.setVisible(bool(act))
        self.show()
        self.raise_()
        self._place()
        announce(self._window, f"{title} {text}".strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _place(self) -> None:
        margin = look.current().scaled(_MARGIN)
        width = min(look.current().scaled(WIDTH), self._window.width() - 2 * margin)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        bottom = self._window.height() - self._above.height()
        self.setGeometry(self._window.width() - width - margin, bottom - height - margin, width, height)
