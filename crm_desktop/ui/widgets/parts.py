"""Small parts that all windows share: buttons, icons, key caps, wrapping and eliding labels, rules."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from crm_desktop.ui import delegates, keys
from crm_desktop.ui import theme as look


def button(text: str, run: Callable[[], object] | None = None, *, kind: str = "", icon: str = "", key: str = "") -> QPushButton:
    """A button. kind: "" | primary | danger | quiet | link. `key` stands in the tool tip; bind it where it must act."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    look.mark(made, kind=kind)
    if icon:
        made.setIcon(look.current().icon(icon, {"primary": "on_accent", "danger": "danger"}.get(kind, "text")))
        look.current().follow(made, lambda: made.setIconSize(QSize(look.current().scaled(16), look.current().scaled(16))))
    if key:
        made.setToolTip(keys.with_key(text, key))
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if run is not None:
        made.clicked.connect(lambda: run())
    return made


def tool_button(icon: str, title: str, key: str = "", run: Callable[[], object] | None = None, *, checkable: bool = False) -> QToolButton:
    """An icon button of a bar: no focus (a click must not steal it from the grid), the name and key in its tool tip."""
    made = QToolButton()
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setCheckable(checkable)
    made.setAccessibleName(title)
    made.setToolTip(keys.with_key(title, key))
    made.setIcon(look.current().icon(icon, "text_2"))

    def restyle() -> None:
        theme = look.current()
        side = theme.size("control")
        made.setIconSize(QSize(theme.scaled(18), theme.scaled(18)))
        made.setFixedSize(side, side)

    look.current().follow(made, restyle)
    if run is not None:
        made.clicked.connect(lambda: run())
    return made


def label(text: str = "", role: str = "", tone: str = "") -> QLabel:
    """A label in one of the sheet's roles. Plain text always: what people typed is never taken for HTML."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    look.mark(made, role=role, tone=tone)
    return made


def centred(card: QWidget) -> QHBoxLayout:
    """A card in the middle of its window. Not by an alignment: that would ask the card for its height at the width of the window."""
    line = QHBoxLayout()
    line.addStretch(1)
    line.addWidget(card)
    line.addStretch(1)
    return line


def rule(vertical: bool = False) -> QFrame:
    """A hair line."""
    made = QFrame()
    look.mark(made, role="vrule" if vertical else "rule")
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and destroy the widgets."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()  # a layout shows a new widget a moment later: by then it would be a window of its own
            widget.setParent(None)
            widget.deleteLater()


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say a message that appears by itself."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class WrapLabel(QLabel):
    """A sentence as wide as it is where there is room, in several lines where there is not. Never forces a width."""

    def __init__(self, text: str = "", role: str = "", tone: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        look.mark(self, role=role, tone=tone)

    def heightForWidth(self, width: int) -> int:
        """The height at the width that it will really have: a layout asks with its own width, not with this label's greatest."""
        return super().heightForWidth(min(width, self.maximumWidth()))

    def sizeHint(self) -> QSize:
        """The width of the longest line of the text itself."""
        wide = max((self.fontMetrics().horizontalAdvance(line) for line in self.text().split("\n")), default=0) + 2
        return QSize(min(wide, self.maximumWidth()), self.heightForWidth(min(wide, self.maximumWidth())))

    def minimumSizeHint(self) -> QSize:
        """A short line; the height that the present width needs."""
        return QSize(60, self.fontMetrics().height())


class ElidedLabel(QLabel):
    """A label that takes what width it gets and cuts its text with …; the whole text is its tool tip then."""

    def __init__(self, text: str = "", role: str = "", tone: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        look.mark(self, role=role, tone=tone)

    def minimumSizeHint(self) -> QSize:
        """Never forces a width."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tool tip carries what is cut off."""
        super().resizeEvent(event)
        self.setToolTip(self.text() if self._cut() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut at its end if it must be."""
        if not self._cut():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def _cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self.width()


class IconLabel(QWidget):
    """An icon that follows the theme. Decoration: its meaning is always said in words beside it."""

    def __init__(self, name: str, token: str = "text_2", size: int = 16) -> None:
        super().__init__()
        self._name, self._token, self._size = name, token, size
        look.current().follow(self, self._restyle)

    def show_icon(self, name: str, token: str = "text_2") -> None:
        """Another icon or colour."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The outline."""
        if self._name:
            look.current().paint_icon(QPainter(self), self.rect(), self._name, self._token)

    def _restyle(self) -> None:
        side = look.current().scaled(self._size)
        self.setFixedSize(side, side)


class KeyCap(QWidget):
    """A key, as it is shown everywhere. Alternatives are several caps; a chord is one."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._text = keys.shown(key)
        self.setAccessibleName(self._text)
        look.current().follow(self, self._restyle)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cap."""
        delegates.key_cap(QPainter(self), 0, 0, self._text)

    def _restyle(self) -> None:
        self.setFixedSize(delegates.key_cap_width(self._text), look.current().pill_height())


class Pill(QWidget):
    """A word of state outside a grid."""

    def __init__(self, text: str = "", tone: str = "neutral") -> None:
        super().__init__()
        self._text, self._tone = text, tone
        look.current().follow(self, self._restyle)

    def show_state(self, text: str, tone: str) -> None:
        """Another word and tone; "" hides the pill."""
        self._text, self._tone = text, tone
        self.setVisible(bool(text))
        self._restyle()
        self.update()

    def text(self) -> str:
        """The word."""
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pill."""
        delegates.pill(QPainter(self), QRect(0, 0, self.width(), self.height()), self._text, self._tone)

    def _restyle(self) -> None:
        theme = look.current()
        self.setAccessibleName(self._text)
        self.setFixedSize(QFontMetrics(theme.font("caption", 600)).horizontalAdvance(self._text) + 15, theme.pill_height())


class Initials(QWidget):
    """A round badge with the first letters of a name."""

    def __init__(self, name: str = "", tone: str = "violet", size: int = 26) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        look.current().follow(self, self._restyle)

    def show_name(self, name: str) -> None:
        """Another person."""
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A disc and two letters."""
        theme, painter = look.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{self._tone}_bg"))
        painter.drawEllipse(self.rect())
        painter.setPen(theme.color(self._tone))
        painter.setFont(theme.font("caption", 600))
        letters = "".join(word[0] for word in self._name.split()[:2]).upper()
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, letters)

    def _restyle(self) -> None:
        side = look.current().scaled(self._size)
        self.setFixedSize(side, side)
