"""The documents that agencies send, by case and hash."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("case_ref", sa.String, sa.ForeignKey("case_file.ref"), primary_key=True),
        sa.Column("sha256", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by", sa.String, nullable=False))
