"""The 2-px line that runs under a browser's head while an answer is awaited for longer than a person notices."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView, QWidget

from crm_desktop.ui import theme as look

#: What is shorter than this is not shown.
NOTICED_MS = 120
_STEP_MS = 30
_ROUND_MS = 1_200


class RunningLine(QWidget):
    """Lies over the first pixels of the rows of `view`; takes no mouse and no room."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view, self._at = view, 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._notice = QTimer(self, singleShot=True, interval=NOTICED_MS)
        self._notice.timeout.connect(self._begin)
        self._steps = QTimer(self, interval=_STEP_MS)
        self._steps.timeout.connect(self._step)
        self.hide()

    def run(self, on: bool) -> None:
        """An answer is awaited, or no longer."""
        if on and not self._notice.isActive() and not self._steps.isActive():
            self._notice.start()
        elif not on:
            self._notice.stop()
            self._steps.stop()
            self.hide()

    def place(self) -> None:
        """Lie under the head, over the whole width."""
        area = self._view.viewport().geometry()
        self.setGeometry(area.x(), area.y(), area.width(), 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A third of the width, running; at rest (without animations) the whole width."""
        painter, theme = QPainter(self), look.current()
        if theme.animations:
            part = self.width() // 3
            left = round((self.width() + part) * self._at / _ROUND_MS) - part
            painter.fillRect(left, 0, part, 2, theme.color("accent"))
        else:
            painter.fillRect(self.rect(), theme.color("accent"))
        painter.end()

    def _begin(self) -> None:
        self._at = 0
        self.place()
        self.show()
        self.raise_()
        self._steps.start()

    def _step(self) -> None:
        self._at = (self._at + _STEP_MS) % _ROUND_MS
        self.update()
