"""The bell: how many messages of colleagues she has not opened, and what the toasts said, for whoever was not looking."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QToolButton

from crm_desktop.core.i18n import _, ngettext
from crm_desktop.messages.queries import Unread, list_unread
from crm_desktop.messages.rules.check import beginning
from crm_desktop.messages.views.inbox import INBOX, MessagesWindow
from crm_desktop.ui import feed, tasks
from crm_desktop.ui import theme as look

#: So many of the last notifications are shown.
SHOWN = 15
#: What the database tells when a message arrived or was opened; the keys are those of the people (messages/sql).
_INBOX_OF = "messages.inbox"


class Notifications(QObject):
    """Under the bell: unread messages first, then the last toasts; opening them counts as having seen the toasts."""

    def __init__(self, window: Any, bell: QToolButton, count: Callable[[int], object]) -> None:
        super().__init__(bell)
        self._window, self._bell, self._toasts, self._count = window, bell, window.toasts, count
        self._seen = self._unread = 0
        self._told: set[UUID] | None = None  # None: nothing was read yet; what lies there at the log-in is no news
        self._toasts.added.connect(self._show_count)
        feed.watch(window, _INBOX_OF, self._arrived)
        self._show_count()

    @property
    def unread(self) -> int:
        """How many messages she has not opened."""
        return self._unread

    def refresh(self) -> None:
        """Ask for the messages that she has not opened."""
        tasks.read(self, list_unread, then=self._take)

    def open(self) -> QMenu:
        """Show them, the newest first."""
        menu = QMenu(self._bell)
        menu.setObjectName("notifications_menu")
        if self._unread:
            text = ngettext("{count} message that you have not opened", "{count} messages that you have not opened", self._unread)
            read = menu.addAction(look.current().icon("mail", "accent"), text.format(count=self._unread))
            read.triggered.connect(lambda: self._window.open_dock(INBOX))
            menu.addSeparator()
        messages = self._toasts.history()
        self._seen = len(messages)
        self._show_count()
        for message in reversed(messages[-SHOWN:]):
            text = f"{message.at:%H:%M}  {message.title}" + (f" – {message.text}" if message.text else "")
            menu.addAction(look.current().icon(message.icon, message.tone), text.replace("&", "&&"))
        if not messages:
            menu.addAction(_("No notifications yet")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._bell.mapToGlobal(QPoint(0, self._bell.height() + 2)))
        return menu

    def _arrived(self, people: frozenset[UUID] | None) -> None:
        if people is None or self._window.who.employee_id in people:
            self.refresh()

    def _take(self, found: tuple[int, list[Unread]]) -> None:
        self._unread, unread = found
        new = [each for each in unread if self._told is not None and each.id not in self._told]
        self._told = (self._told or set()) | {each.id for each in unread}
        self._window.navigator.set_count(INBOX, self._unread, late=False)
        self._show_count()
        if new:
            self._tell(new)

    def _tell(self, new: list[Unread]) -> None:
        first = new[0]
        title, text = _("Message: {sender}").format(sender=first.sender), beginning(first.text)
        if len(new) > 1:
            more = ngettext("and {count} more", "and {count} more", len(new) - 1).format(count=len(new) - 1)
            text = f"{text} ({more})"
        self._toasts.show_toast(title, text, _("Show"), lambda: self._show(first.id), icon="mail", tone="info")

    def _show(self, id: UUID) -> None:
        opened = self._window.open_dock(INBOX)
        if isinstance(opened, MessagesWindow):
            opened.show_message(id)

    def _show_count(self) -> None:
        # A message that was told by a toast counts once: as a message.
        toasts = sum(message.icon != "mail" for message in self._toasts.history()[self._seen :])
        self._count(self._unread + toasts)
