"""The window of the messages: the list above, what is read below. A message is unread until it is opened with Enter."""

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from crm_desktop.core.i18n import N_, _
from crm_desktop.db.paging import Sort
from crm_desktop.db.transaction import NotFound
from crm_desktop.messages import queries, service
from crm_desktop.messages.queries import MessageRow
from crm_desktop.messages.rules.model import Message
from crm_desktop.messages.views.reading_pane import ReadingPane
from crm_desktop.messages.views.writing import answer_to, write_message
from crm_desktop.ui import feed, tasks
from crm_desktop.ui import theme as look
from crm_desktop.ui.browser import Browser
from crm_desktop.ui.delegates import CellStyle, Kind
from crm_desktop.ui.listing import Choice, Column, Listing
from crm_desktop.ui.window import Window

#: The dock's id.
INBOX = "messages.messages"


def _strong(row: MessageRow) -> CellStyle | None:
    return CellStyle(kind=Kind.STRONG) if row.state == "unread" else None


MESSAGE_LIST = Listing(
    name=INBOX,
    title=N_("Messages"),
    source=queries.INBOX,
    columns=(
        Column(
            "state",
            N_("State"),
            Kind.PILL,
            112,
            choices=(
                Choice("unread", N_("new"), "info"),
                Choice("read", N_("read"), "neutral"),
                Choice("sent", N_("sent"), "neutral"),
            ),
        ),
        Column("other", N_("From or to"), Kind.TEXT, 190, style=_strong),
        Column("text", N_("Text"), stretch=True, width=320, sortable=False, value=lambda row: row.first_line, style=_strong),
        Column("about", N_("About"), Kind.TEXT, 170),
        Column("sent_at", N_("Sent"), Kind.DATE, 132),
    ),
    default_sort=(Sort("sent_at", True),),
    table="messages.message",
    new=N_("Write"),
    empty_icon="mail",
    empty_title=N_("No messages yet"),
    empty_text=N_("What colleagues write to you stands here, and what you wrote to them. A message may carry the record that is open."),
    searchable=False,
)


class MessagesWindow(QWidget):
    """See the module."""

    layout_changed = Signal()
    said = Signal(str)
    new_requested = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.setObjectName("messages_window")
        look.mark(self, role="surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self.browser = Browser(MESSAGE_LIST)
        self.browser.setObjectName("message_list")
        self.browser.layout_changed.connect(self.layout_changed)
        self.browser.said.connect(self.said)
        self.browser.opened.connect(self._enter)
        self.browser.new_requested.connect(self.new_requested)
        self.new_requested.connect(partial(write_message, window))
        self.pane = ReadingPane()
        self.pane.answer_wanted.connect(self.answer)
        self.pane.record_wanted.connect(self.open_record)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.browser)
        split.addWidget(self.pane)
        split.setChildrenCollapsible(False)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
        self.setFocusProxy(self.browser)
        feed.watch(self, "messages.message", self._changed)

    # ---- what the window and the key bar use ----
    def state(self) -> str:
        """The columns of the list."""
        return self.browser.state()

    def restore(self, state: str) -> bool:
        """Take what `state` gave."""
        return self.browser.restore(state)

    def open_current(self) -> None:
        """Enter: open the message; once it is open, the record that it carries."""
        self.browser.open_current()

    def show_message(self, id: UUID) -> None:
        """Open this message, also when the list does not show it: it was asked for by its toast."""
        self.browser.select_id(id)
        self._open(id)

    def answer(self, to_all: bool = False) -> None:
        """Ctrl+R, Ctrl+Shift+R: answer what is open."""
        message = self.pane.message
        if message is None:
            self.said.emit(_("Open a message first (Enter)."))
        else:
            write_message(self._window, answer_to(message, to_all=to_all))

    def open_record(self) -> None:
        """Open what the message carries."""
        message = self.pane.message
        if message is not None and message.about is not None:
            self._window.open_record(message.about.kind, message.about.id)

    # ---- opening ----
    def _enter(self, id: UUID) -> None:
        if self.pane.message is not None and self.pane.message.id == id and self.pane.message.about is not None:
            self.open_record()
        else:
            self._open(id)

    def _open(self, id: UUID) -> None:
        tasks.read(self, queries.get_message, id, then=self._opened, failed=self._not_there)

    def _opened(self, message: Message) -> None:
        self.pane.show_message(message)
        if message.unread:
            tasks.change(self, service.open_message, message.id)

    def _not_there(self, error: Exception) -> bool:
        if isinstance(error, NotFound):
            self.said.emit(_("This message is no longer there."))
            self.pane.show_message(None)
        return isinstance(error, NotFound)

    def _changed(self, ids: Any) -> None:
        """The sender sees who has opened what she reads just now."""
        shown = self.pane.message
        if shown is not None and (ids is None or shown.id in ids):
            tasks.read(self, queries.get_message, shown.id, then=self._again, failed=self._not_there)

    def _again(self, message: Message) -> None:
        if self.pane.message is not None and self.pane.message.id == message.id:
            self.pane.show_message(message)
