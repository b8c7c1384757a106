"""The bell: what the toasts said, for whoever was not looking."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QToolButton

from crm_desktop.core.i18n import _
from crm_desktop.ui import theme as look
from crm_desktop.ui.widgets.toast import Toasts

#: So many of the last messages are shown.
SHOWN = 15


class MessagesMenu(QObject):
    """The last messages under the bell; opening them counts as having seen them."""

    def __init__(self, bell: QToolButton, toasts: Toasts, count: Callable[[int], object]) -> None:
        super().__init__(bell)
        self._bell, self._toasts, self._count = bell, toasts, count
        self._seen = 0
        toasts.added.connect(self._added)
        count(0)

    def open(self) -> QMenu:
        """Show them, the newest first."""
        menu = QMenu(self._bell)
        menu.setObjectName("messages_menu")
        messages = self._toasts.history()
        self._seen = len(messages)
        self._count(0)
        for message in reversed(messages[-SHOWN:]):
            text = f"{message.at:%H:%M}  {message.title}" + (f" – {message.text}" if message.text else "")
            menu.addAction(look.current().icon(message.icon, message.tone), text.replace("&", "&&"))
        if not messages:
            menu.addAction(_("No messages yet")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._bell.mapToGlobal(QPoint(0, self._bell.height() + 2)))
        return menu

    def _added(self) -> None:
        self._count(max(0, len(self._toasts.history()) - self._seen))
