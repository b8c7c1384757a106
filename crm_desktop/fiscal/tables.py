"""Tables of fiscal devices and receipts. Everything but the device's card moves through guarded functions only (sql/)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from crm_desktop.core.i18n import N_
from crm_desktop.db.columns import Instant, key, required_text, slice_metadata, version
from crm_desktop.organisation.tables import branch, workstation

METADATA = slice_metadata("fiscal")

device = Table(
    "device",
    METADATA,
    key(),
    Column("branch_id", ForeignKey(branch.c.id), nullable=False),
    Column("workstation_id", ForeignKey(workstation.c.id), nullable=False),
    required_text("name"),
    required_text("driver", "posnet"),
    required_text("address"),
    Column(
        "rates",
        JSONB,
        nullable=False,
        server_default=text("""'{"A": "23", "B": "8", "C": "5", "D": "0 KR", "E": "zw"}'::jsonb"""),
    ),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    version(),
    UniqueConstraint("name", name="device_name_unique"),
    UniqueConstraint("id", "branch_id", name="device_branch_unique"),
)

lease = Table(
    "lease",
    METADATA,
    Column("device_id", ForeignKey("fiscal.device.id"), primary_key=True),
    Column("holder", Uuid, nullable=False),
    Column("until", Instant, nullable=False),
    required_text("condition", "ready"),
    required_text("message", ""),
    Column("next_token", Integer, nullable=False, server_default=text("1")),
)

receipt = Table(
    "receipt",
    METADATA,
    key(),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("device_id", Uuid, nullable=False),
    Column("branch_id", Uuid, nullable=False),
    Column("holder_id", Uuid, nullable=False),
    required_text("label", ""),
    Column("content", JSONB, nullable=False),
    required_text("state", "waiting"),
    required_text("message", ""),
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("sealed_at", Instant, nullable=False, server_default=text("now()")),
    Column("sealed_by", Uuid, nullable=False),
    Column("decided_by", Uuid),
    required_text("reason", ""),
    UniqueConstraint("number", name="receipt_number_unique"),
    CheckConstraint("state in ('waiting', 'printing', 'printed', 'not_printed', 'needs_person')", name="state_known"),
    ForeignKeyConstraint(["device_id", "branch_id"], ["fiscal.device.id", "fiscal.device.branch_id"], name="receipt_device_known"),
)
Index("ix_receipt_holder", receipt.c.holder_id)
Index("receipt_one_open_a_holder", receipt.c.holder_id, unique=True, postgresql_where=text("state <> 'not_printed'"))
Index("ix_receipt_not_printed", receipt.c.sealed_by, receipt.c.number, postgresql_where=text("state = 'not_printed'"))
Index(
    "ix_receipt_device_open",
    receipt.c.device_id,
    receipt.c.number,
    postgresql_where=text("state in ('waiting', 'printing', 'needs_person')"),
)

journal = Table(
    "journal",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("receipt_id", ForeignKey("fiscal.receipt.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("data", JSONB, nullable=False),
    CheckConstraint("state in ('intent', 'baseline', 'opened', 'committing', 'done', 'aborted', 'undecided')", name="state_known"),
)
Index("ix_journal_receipt", journal.c.receipt_id, journal.c.id)

receipt_print = Table(
    "receipt_print",
    METADATA,
    Column("receipt_id", ForeignKey("fiscal.receipt.id"), primary_key=True),
    Column("branch_id", Uuid, nullable=False),
    required_text("device_number"),
    Column("daily_report", Integer, nullable=False),
    Column("receipt_number", Integer, nullable=False),
    Column("document_number", Integer),
    Column("printed_at", Instant, nullable=False),
    Column("printed_on", Date, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("recorded_at", Instant, nullable=False, server_default=text("now()")),
    UniqueConstraint("device_number", "daily_report", "receipt_number", name="receipt_print_once"),
)

MESSAGES = {
    "device_name_unique": N_("Another printer has this name."),
    "receipt_one_open_a_holder": N_("A receipt for this document is already at the printer."),
    "receipt_print_once": N_("This receipt of the device is already recorded."),
    "receipt_not_yours": N_("This printer is served by another workstation."),
    "lease_lost": N_("Another program serves this printer now."),
    "receipt_state": N_("This receipt is already {state}."),
    "device_needs_person": N_("A receipt on this printer waits for a decision; decide it first, then sell on."),
    "device_closed": N_("This printer is switched off in the settings."),
    "reason_needed": N_("Write down why: what was seen on the paper."),
}
