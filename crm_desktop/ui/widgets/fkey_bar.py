"""The bar of keys at the foot of the window. Where it is too narrow, keys leave its middle for a menu; it never forces a width."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from crm_desktop.core.i18n import _
from crm_desktop.ui import delegates, keys
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.parts import tool_button

_EDGE, _GAP, _CAP_GAP = 12, 14, 7


@dataclass(frozen=True)
class FKey:
    """One key of the bar: `key` in Qt's notation, the title in the operator's language, what it does."""

    key: str
    title: str
    run: Callable[[], object]
    right: bool = False
    enabled: bool = True


class FKeyBar(QWidget):
    """Shows keys and lets the mouse press them. The keys themselves are bound by whoever owns them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Keys of this window"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._buttons: list[_KeyButton] = []
        self._more = tool_button("dots", _("More keys"), run=self._open_more)
        self._more.setParent(self)
        look.current().follow(self, self._restyle)

    def set_keys(self, wanted: Sequence[FKey]) -> None:
        """Show these keys, in this order; those with `right` stand at the right end."""
        for button in self._buttons:
            button.hide()  # see parts.clear
            button.setParent(None)
            button.deleteLater()
        self._buttons = [_KeyButton(key, self) for key in wanted]
        self._arrange()

    def shown(self) -> list[str]:
        """The keys that have room, from left to right."""
        return [button.fkey.key for button in self._buttons if not button.isHidden()]

    def sizeHint(self) -> QSize:
        """34 high at 100 %."""
        return QSize(200, self._height())

    def minimumSizeHint(self) -> QSize:
        """No width at all."""
        return QSize(0, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Decide which keys have room."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and the hair line above."""
        theme, painter = look.current(), QPainter(self)
        painter.fillRect(self.rect(), theme.color("sunken"))
        painter.fillRect(QRect(0, 0, self.width(), 1), theme.color("border"))

    def _height(self) -> int:
        return look.current().scaled(34)

    def _restyle(self) -> None:
        self.setFixedHeight(self._height())
        self._arrange()

    def _arrange(self) -> None:
        left = [button for button in self._buttons if not button.fkey.right]
        right = [button for button in self._buttons if button.fkey.right]
        room = self.width() - 2 * _EDGE
        while left or right:
            dropped = len(left) + len(right) < len(self._buttons)
            need = sum(button.sizeHint().width() + _GAP for button in (*left, *right)) + (self._more.width() if dropped else 0)
            if need <= room or len(left) + len(right) <= 1:
                break
            if len(left) > 1 or not right:  # the middle is where the left group ends
                left.pop()
            else:
                right.pop(0)
        for button in self._buttons:
            button.setVisible(button in left or button in right)
        x = _EDGE
        for button in left:
            x = self._put(button, x)
        self._more.setVisible(len(left) + len(right) < len(self._buttons))
        self._more.move(x - _GAP // 2, (self.height() + 1 - self._more.height()) // 2)
        x = self.width() - _EDGE + _GAP - sum(button.sizeHint().width() + _GAP for button in right)
        for button in right:
            x = self._put(button, x)

    def _put(self, button: "_KeyButton", x: int) -> int:
        hint = button.sizeHint()
        button.setGeometry(x, (self.height() + 1 - hint.height()) // 2, hint.width(), hint.height())
        return x + hint.width() + _GAP

    def _open_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self._buttons:
            if button.isHidden():
                action = menu.addAction(f"{button.fkey.title}\t{keys.shown(button.fkey.key)}", button.fkey.run)
                action.setEnabled(button.fkey.enabled)
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


class _KeyButton(QAbstractButton):
    """A cap and its word."""

    def __init__(self, fkey: FKey, bar: QWidget) -> None:
        super().__init__(bar)
        self.fkey = fkey
        self.setText(fkey.title)
        self.setAccessibleName(keys.with_key(fkey.title, fkey.key))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEnabled(fkey.enabled)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: fkey.run())

    def sizeHint(self) -> QSize:
        cap = delegates.key_cap_width(keys.shown(self.fkey.key))
        word = QFontMetrics(look.current().font()).horizontalAdvance(self.fkey.title)
        return QSize(cap + _CAP_GAP + word + 2, look.current().scaled(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = look.current(), QPainter(self)
        if not self.isEnabled():
            painter.setOpacity(0.55)
        top = (self.height() - theme.pill_height()) // 2
        cap = delegates.key_cap(painter, 0, top, keys.shown(self.fkey.key))
        painter.setFont(theme.font())
        painter.setPen(theme.color("text" if self.underMouse() and self.isEnabled() else "text_2"))
        box = self.rect().adjusted(cap + _CAP_GAP, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.fkey.title)
