"""The erasures of what was known about children, with their certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("cases", "rule", "asked_by", "approved_by")),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("before_number", sa.Integer, nullable=False),
        sa.Column("before_hash", sa.String, nullable=False),
        sa.Column("inventory", sa.String, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("note", sa.String))


def downgrade() -> None:
    raise RuntimeError("What was erased is not brought back. Restore a backup instead.")
