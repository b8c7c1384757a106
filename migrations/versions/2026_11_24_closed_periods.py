"""What stood in a closed period when it was closed, so that a change since is seen; the right to prove the data."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_24_closed_periods"
down_revision = "2026_11_24_first_sale"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; the rows of branches that are closed already come with the functions (documents/sql/triggers.sql)."""
    op.create_table(
        "closed_period",
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("after", sa.Date(), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["organisation.branch.id"], name=op.f("closed_period_branch_id_known")),
        sa.PrimaryKeyConstraint("branch_id", "until", name=op.f("closed_period_key")),
        schema="documents",
    )
    # Nobody may give her own role a right: who defines roles would never get this one.
    op.execute(
        "insert into organisation.role_permission (role_id, permission)"
        " select role_id, 'organisation.prove' from organisation.role_permission where permission = 'organisation.define_role'"
        " on conflict do nothing"
    )
