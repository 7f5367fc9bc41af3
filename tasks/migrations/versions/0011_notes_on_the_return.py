"""Why a query of the national return is as it should be."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "return_note",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.String, primary_key=True) for name in ("case_ref", "rule")),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("written_by", sa.String, nullable=False))


def downgrade() -> None:
    op.drop_table("return_note")
