"""Tables of the messages. Written by guarded functions only (sql/): nobody says who she is or what time it is."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Table, UniqueConstraint, Uuid, text

from crm_desktop.core.i18n import N_
from crm_desktop.db.columns import Instant, key, required_text, slice_metadata
from crm_desktop.organisation.tables import employee

METADATA = slice_metadata("messages")

message = Table(
    "message",
    METADATA,
    key(),
    Column("sender_id", ForeignKey(employee.c.id), nullable=False),
    Column("sent_at", Instant, nullable=False, server_default=text("now()")),
    # Names as they were: who else got it is no list that a recipient could ask for.
    required_text("recipients"),
    required_text("text"),
    required_text("about_kind", ""),
    Column("about_id", Uuid),
    required_text("about_title", ""),
    Column("answers", ForeignKey("messages.message.id")),
    UniqueConstraint("id", "sender_id", name="message_sender_unique"),
    CheckConstraint("text = btrim(text) and text <> ''", name="text_there"),
    CheckConstraint("length(text) <= 4000", name="text_short"),
    CheckConstraint("(about_id is null) = (about_kind = '') and length(about_title) <= 200", name="about_whole"),
)
Index("ix_message_sender", message.c.sender_id, message.c.sent_at)

recipient = Table(
    "recipient",
    METADATA,
    Column("message_id", Uuid, primary_key=True),
    Column("employee_id", ForeignKey(employee.c.id), primary_key=True),
    # Beside the message's own, so that row security asks no other table.
    Column("sender_id", Uuid, nullable=False),
    Column("read_at", Instant),
    ForeignKeyConstraint(
        ["message_id", "sender_id"], ["messages.message.id", "messages.message.sender_id"], name="recipient_message_known"
    ),
)
Index("ix_recipient_employee", recipient.c.employee_id, recipient.c.message_id)
Index("ix_recipient_unread", recipient.c.employee_id, postgresql_where=text("read_at is null"))

MESSAGES = {
    "message_text_there": N_("Write something."),
    "message_text_short": N_("A message has at most {most} characters; this one has {count}."),
    "message_about_whole": N_("The record that the message carries has no key or too long a name."),
    "message_to_nobody": N_("Choose whom the message is for."),
    "message_to_stranger": N_("One of these colleagues does not work here any more. Choose anew."),
    "message_unknown": N_("This message does not exist, or it is not for you."),
}
