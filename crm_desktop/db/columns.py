"""The few column types of the house, so that money is the same everywhere (architecture section 6)."""

from typing import Any

from sqlalchemy import BigInteger, Column, Computed, DateTime, Integer, MetaData, Numeric, Text, Uuid, text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_unique",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_known",
    "pk": "%(table_name)s_key",
}

Amount = Numeric(14, 2)
Price = Numeric(18, 6)
Quantity = Numeric(16, 6)
Percent = Numeric(5, 2)
Instant = DateTime(timezone=True)


def slice_metadata(schema: str) -> MetaData:
    """The metadata of one slice: its PostgreSQL schema has its name, its constraints have speaking names."""
    return MetaData(schema=schema, naming_convention=NAMING)


def key(name: str = "id") -> Column[Any]:
    """The primary key that the client makes (UUID version 7)."""
    return Column(name, Uuid, primary_key=True)


def version() -> Column[Any]:
    """The number that rises with each saved change; an editor names the one it read."""
    return Column("version", Integer, nullable=False, server_default=text("1"))


def cents_of(column: str) -> Column[Any]:
    """Whole grosze beside an amount: sorted and filtered under row security, where numeric operators are not leakproof."""
    return Column(f"{column}_cents", BigInteger, Computed(f"({column} * 100)::bigint", persisted=True))


def required_text(name: str, default: str | None = None) -> Column[Any]:
    """A text that is never null; "" says "none" where a default is given."""
    return Column(name, Text, nullable=False, server_default=None if default is None else text(f"'{default}'"))
