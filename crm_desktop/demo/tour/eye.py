"""Finding what a person sees by its name, and reading it."""

from decimal import Decimal
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from crm_desktop.core.i18n import MINUS, NBSP

W = TypeVar("W", bound=QWidget)


def seen(kind: type[W], name: str) -> W | None:
    """The visible widget of this name on any window, the front one first; None while there is none."""
    fronts = [w for w in (QApplication.activeModalWidget(), QApplication.activeWindow(), *QApplication.topLevelWidgets()) if w is not None]
    for front in fronts:
        for widget in ([front] if front.objectName() == name else []) + front.findChildren(QWidget, name):
            if isinstance(widget, kind) and widget.isVisible():
                return widget
    return None


def front() -> QWidget | None:
    """The window that a person would type into: the one in front, though another program's may have taken the keyboard."""
    active = QApplication.activePopupWidget() or QApplication.activeModalWidget() or QApplication.activeWindow()
    if active is not None:
        return active
    kinds = (Qt.WindowType.Window, Qt.WindowType.Dialog)
    shown = [window for window in QApplication.topLevelWidgets() if window.isVisible() and window.windowType() in kinds]
    return shown[-1] if shown else None


def has_keyboard() -> bool:
    """Whether keys of a person would come to a window of this program."""
    return QApplication.activePopupWidget() is not None or QApplication.activeWindow() is not None


def take_keyboard() -> None:
    """What a person does with a click when a colleague's window on the same screen has the keyboard, or none has."""
    window = front()
    if window is not None and not has_keyboard():
        window.activateWindow()


def focused(name: str) -> bool:
    """Whether the keyboard goes to the widget of this name."""
    take_keyboard()
    widget = QApplication.focusWidget()
    return widget is not None and widget.objectName() == name


def in_front(name: str) -> bool:
    """Whether the window of this name takes the keyboard. A window manager gives it back when a dialog closes; off-screen there is none."""
    window = seen(QWidget, name)
    if window is None or QApplication.activeModalWidget() is not None:
        return False
    if not window.isActiveWindow():
        window.activateWindow()
        return False
    return QApplication.focusWidget() is not None


def amount(text: str) -> Decimal:
    """The money that a text shows: "1 234,50" with no-break spaces.

    >>> amount("1\\u00a0234,50")
    Decimal('1234.50')
    """
    return Decimal(text.replace(NBSP, "").replace(" ", "").replace(MINUS, "-").replace(",", "."))
