"""The tables of the house itself: what is installed, which operations ran, who changed what. Written by functions and triggers only."""

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from crm_desktop.db.columns import Instant, slice_metadata

META = slice_metadata("meta")
AUDIT = slice_metadata("audit")

release = Table(
    "release",
    META,
    Column("one", Integer, primary_key=True, server_default=text("1")),
    Column("role_prefix", Text, nullable=False),
    Column("schema_version", Text, nullable=False),
    Column("least_client", Text, nullable=False),
    Column("installer", Text, nullable=False, server_default=text("''")),
    Column("upgraded_at", Instant, nullable=False, server_default=text("now()")),
)

permission = Table(
    "permission",
    META,
    Column("name", Text, primary_key=True),
    Column("title", Text, nullable=False),
)

operation = Table(
    "operation",
    META,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False, server_default=text("session_user")),
    Column("began_at", Instant, nullable=False, server_default=text("now()")),
    Column("result", JSONB),
)

entry = Table(
    "entry",
    AUDIT,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Instant, primary_key=True, server_default=text("now()")),
    Column("role", Text, nullable=False, server_default=text("session_user")),
    Column("operation", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("row_id", Text, nullable=False),
    Column("old", JSONB),
    Column("new", JSONB),
    Index("ix_entry_row", "table_name", "row_id"),
    postgresql_partition_by="RANGE (at)",
)

MESSAGES: dict[str, str] = {}
