"""The policies of reminders that were in force; of each duty, who is reminded and until when nobody above the owner is."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "policy",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("told", sa.String, nullable=False))
    op.add_column("duty", sa.Column("agency", sa.String))
    op.add_column("duty", sa.Column("silenced_to", sa.Date))
