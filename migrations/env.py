"""Alembic runs inside the upgrade's own connection and transaction (crm_desktop/db/upgrade.py); there is no other way in."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    version_table="alembic_version",
    version_table_schema="meta",
    include_schemas=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
