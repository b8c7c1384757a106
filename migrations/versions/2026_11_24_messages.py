"""Messages between colleagues; the right to see who waits for whom; an index on receipts that were not printed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_messages"
down_revision = "2026_11_24_closed_periods"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add schema and tables, and give the new right to whoever manages employees."""
    op.execute("create schema messages")
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about_kind", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("about_title", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("answers", sa.Uuid(), nullable=True),
        sa.CheckConstraint("text = btrim(text) and text <> ''", name=op.f("message_text_there")),
        sa.CheckConstraint("length(text) <= 4000", name=op.f("message_text_short")),
        sa.CheckConstraint("(about_id is null) = (about_kind = '') and length(about_title) <= 200", name=op.f("message_about_whole")),
        sa.ForeignKeyConstraint(["sender_id"], ["organisation.employee.id"], name=op.f("message_sender_id_known")),
        sa.ForeignKeyConstraint(["answers"], ["messages.message.id"], name=op.f("message_answers_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_key")),
        sa.UniqueConstraint("id", "sender_id", name="message_sender_unique"),
        schema="messages",
    )
    op.create_index("ix_message_sender", "message", ["sender_id", "sent_at"], schema="messages")
    op.create_table(
        "recipient",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["organisation.employee.id"], name=op.f("recipient_employee_id_known")),
        sa.ForeignKeyConstraint(
            ["message_id", "sender_id"], ["messages.message.id", "messages.message.sender_id"], name="recipient_message_known"
        ),
        sa.PrimaryKeyConstraint("message_id", "employee_id", name=op.f("recipient_key")),
        schema="messages",
    )
    op.create_index("ix_recipient_employee", "recipient", ["employee_id", "message_id"], schema="messages")
    op.create_index("ix_recipient_unread", "recipient", ["employee_id"], schema="messages", postgresql_where=sa.text("read_at is null"))
    op.create_index(
        "ix_receipt_not_printed",
        "receipt",
        ["sealed_by", "number"],
        schema="fiscal",
        postgresql_where=sa.text("state = 'not_printed'"),
    )
    # Nobody may give her own role a right: who manages employees would never get this one.
    op.execute(
        "insert into organisation.role_permission (role_id, permission)"
        " select role_id, 'organisation.end_session' from organisation.role_permission where permission = 'organisation.employ'"
        " on conflict do nothing"
    )
