"""What an upgrade brings, as values; apart from the upgrade itself so that a desk need not load Alembic."""

from dataclasses import dataclass

from sqlalchemy import MetaData


@dataclass(frozen=True)
class Part:
    """One package with tables and sql/: a foundation package or a slice. Bottom to top in a list."""

    name: str
    metadata: MetaData
    permissions: tuple[tuple[str, str], ...] = ()
