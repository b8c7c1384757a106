"""What the messages put on the desk."""

from typing import Any

from crm_desktop.core.i18n import N_
from crm_desktop.messages.views.inbox import INBOX, MessagesWindow
from crm_desktop.messages.views.writing import LETTER, write_message
from crm_desktop.ui.desk import Action, Desk, Dock, KeySet, Place
from crm_desktop.ui.register import list_actions


def _answer(window: Any, to_all: bool) -> None:
    window.current().answer(to_all)


DESK = Desk(
    docks=(Dock(INBOX, N_("Messages"), "mail", N_("Company"), "", MessagesWindow),),
    actions=(
        Action("messages.show", N_("Messages"), "mail", ("Ctrl+I",), run=lambda w: w.open_dock(INBOX)),
        Action("messages.write", N_("Message to a colleague"), "send", ("Ctrl+Shift+M",), run=write_message),
        Action("messages.new", N_("Write"), "plus", ("Insert",), Place.FKEYS, "", lambda w: w.current().new_requested.emit(), INBOX),
        Action("messages.open", N_("Open"), "external-link", ("Return",), Place.FKEYS, "", lambda w: w.current().open_current(), INBOX),
        Action("messages.answer", N_("Answer"), "arrow-back-up", ("Ctrl+R",), Place.FKEYS, "", lambda w: _answer(w, False), INBOX),
        Action("messages.answer_all", N_("Answer all"), "users", ("Ctrl+Shift+R",), Place.FKEYS, "", lambda w: _answer(w, True), INBOX),
        Action(
            "messages.filter", N_("Filter"), "filter", ("Ctrl+F",), Place.FKEYS, "", lambda w: w.current().browser.focus_filter(), INBOX
        ),
        Action("messages.refresh", N_("Refresh"), "refresh", ("F5",), Place.FKEYS, "", lambda w: w.current().browser.refresh_now(), INBOX),
        *list_actions(INBOX),
    ),
    key_sets=(
        KeySet(
            LETTER,
            N_("In a message that you write"),
            (
                (N_("Send"), ("Ctrl+Return", "F10")),
                (N_("Next matter"), ("F4",)),
                (N_("Close"), ("Escape",)),
            ),
        ),
    ),
)
