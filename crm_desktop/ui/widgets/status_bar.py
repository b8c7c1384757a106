"""The foot of the window: connection, device, what was done last; background work, branch, the time."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from crm_desktop.core import i18n
from crm_desktop.core.i18n import _, ngettext
from crm_desktop.ui import clock
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import ElidedLabel, IconLabel, label


@dataclass(frozen=True)
class Work:
    """One thing that runs in the background: its name for people, per cent done or None where nobody knows."""

    name: str
    percent: int | None = None


class StatusBar(QFrame):
    """Quiet, one line, never forces a width."""

    work_clicked = Signal()
    connection_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Status bar"))
        look.mark(self, role="canvas")
        self._dot, self._connection = _Dot(), _Click("")
        self._device_icon, self._device = IconLabel("printer"), label(role="muted")
        self._message, self._branch, self._time = ElidedLabel(role="muted"), label(role="muted"), label(role="muted")
        self._work, self._bar, self._percent = _Click(""), _Bar(), label(role="muted")
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        for figures in (self._time, self._percent):
            look.tabular(figures)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 1, 12, 0)
        line.setSpacing(7)
        line.addWidget(self._dot)
        line.addWidget(self._connection)
        line.addSpacing(12)
        line.addWidget(self._device_icon)
        line.addWidget(self._device)
        line.addSpacing(12)
        line.addWidget(self._message, 1)
        for widget in (self._work, self._bar, self._percent):
            line.addWidget(widget)
        line.addSpacing(12)
        line.addWidget(self._branch)
        line.addSpacing(8)
        line.addWidget(self._time)
        self._connection.clicked.connect(self.connection_clicked)
        self._work.clicked.connect(self.work_clicked)
        self._bar.clicked.connect(self.work_clicked)
        self._tick = QTimer(self, interval=5_000)
        self._tick.timeout.connect(self.tell_time)
        self._tick.start()
        look.current().follow(self, lambda: self.setFixedHeight(look.current().scaled(28)))
        self.set_device("")
        self.set_work(())
        self.tell_time()

    def set_connection(self, text: str, tone: str = "success") -> None:
        """Where the desk is connected. tone: success, warning, danger; the words say it too."""
        self._dot.show_tone(tone)
        self._connection.setText(text)

    def set_device(self, text: str, tone: str = "text_2", icon: str = "printer") -> None:
        """The device of this workstation; "" when it has none."""
        self._device.setText(text)
        self._device_icon.show_icon(icon, tone)
        look.mark(self._device, tone=tone if tone in ("danger", "warning") else "")
        for widget in (self._device, self._device_icon):
            widget.setVisible(bool(text))

    def say(self, text: str) -> None:
        """What was done last; stays until the next."""
        self._message.setText(text)

    def message(self) -> str:
        """What it says."""
        return self._message.text()

    def set_work(self, works: Sequence[Work]) -> None:
        """What runs in the background. Several share the line; their names are in the panel behind it."""
        for widget in (self._work, self._bar, self._percent):
            widget.setVisible(bool(works))
        if not works:
            return
        if len(works) > 1:
            self._work.setText(ngettext("{count} thing running", "{count} things running", len(works)).format(count=len(works)))
        else:
            self._work.setText(works[0].name)
        known = [work.percent for work in works if work.percent is not None]
        percent = sum(known) // len(known) if len(known) == len(works) else None
        self._bar.show_percent(percent)
        self._percent.setText("" if percent is None else f"{percent}{i18n.NBSP}%")
        self._percent.setVisible(percent is not None)

    def set_branch(self, text: str) -> None:
        """The branch in use."""
        self._branch.setText(text)

    def tell_time(self) -> None:
        """Write the date and time anew."""
        now = clock.now()
        locale = QLocale(QLocale.Language.Polish if i18n.language() == "pl" else QLocale.Language.English)
        weekday = locale.dayName(now.isoweekday(), QLocale.FormatType.ShortFormat)
        self._time.setText(f"{weekday} {i18n.day(now.date())}  {now:%H:%M}")

    def sizeHint(self) -> QSize:
        """28 high at 100 %."""
        return QSize(200, look.current().scaled(28))

    def minimumSizeHint(self) -> QSize:
        """No width at all."""
        return QSize(0, look.current().scaled(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hair line above."""
        super().paintEvent(event)
        QPainter(self).fillRect(QRect(0, 0, self.width(), 1), look.current().color("border"))


class _Click(QLabel):
    """A label that a click answers; it has no focus, the bar has keys for the same."""

    clicked = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        look.mark(self, role="muted")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class _Dot(QWidget):
    """A disc of state."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = "success"
        look.current().follow(self, lambda: self.setFixedSize(look.current().scaled(8), look.current().scaled(8)))

    def show_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.current().color(self._tone))
        painter.drawEllipse(self.rect())


class _Bar(QWidget):
    """90 × 4: how far it is; a running piece where nobody knows, never a made-up per cent."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._percent: int | None = None
        self._step = 0
        self._run = QTimer(self, interval=60)
        self._run.timeout.connect(self._move)
        look.current().follow(self, lambda: self.setFixedSize(look.current().scaled(90), look.current().scaled(12)))

    def show_percent(self, percent: int | None) -> None:
        self._percent = percent
        self._run.start() if percent is None and look.current().animations else self._run.stop()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = look.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        height = theme.scaled(4)
        groove = QRect(0, (self.height() - height) // 2, self.width(), height)
        painter.setBrush(theme.color("pressed"))
        painter.drawRoundedRect(groove, 2, 2)
        painter.setBrush(theme.color("accent_fill"))
        if self._percent is not None:
            filled = QRect(groove)
            filled.setWidth(max(height, groove.width() * self._percent // 100))
        else:
            piece = groove.width() // 4
            filled = QRect((self._step * 4) % (groove.width() - piece), groove.y(), piece, height)
        painter.drawRoundedRect(filled, 2, 2)

    def _move(self) -> None:
        self._step += 1
        self.update()
