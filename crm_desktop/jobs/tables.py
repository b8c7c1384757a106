"""The queue of background work. Rows are made and moved by functions only (jobs/sql)."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from crm_desktop.db.columns import Instant, slice_metadata

JOBS = slice_metadata("jobs")

job = Table(
    "job",
    JOBS,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("queue", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("arguments", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'waiting'")),
    Column("run_at", Instant, nullable=False, server_default=text("now()")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("holder", Uuid),
    Column("failure", Text, nullable=False, server_default=text("''")),
    Column("made_at", Instant, nullable=False, server_default=text("now()")),
    CheckConstraint("state in ('waiting', 'running', 'done', 'failed')", name="state_known"),
    Index("ix_job_next", "queue", "id", postgresql_where=text("state in ('waiting', 'running')")),
)
