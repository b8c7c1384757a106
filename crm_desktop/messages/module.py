"""The manifest of the messages."""

from crm_desktop.core.i18n import N_
from crm_desktop.core.module import Invariant, Module
from crm_desktop.messages.tables import MESSAGES, METADATA

MODULE = Module(
    name="messages",
    title=N_("Messages"),
    metadata=METADATA,
    messages=MESSAGES,
    invariants=(
        Invariant("messages.recipients", N_("Every message is for somebody, and was read after it was sent")),
        Invariant("messages.orphans", N_("Every message's people, and what it answers, are there")),
    ),
)
