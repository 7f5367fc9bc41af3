"""Returns that were taken in, and what they leave in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "return_taken",
        sa.Column("sha256", sa.String, primary_key=True),
        sa.Column("form", sa.String, nullable=False),
        sa.Column("survey_year", sa.Integer),
        sa.Column("survey_day", sa.Date, nullable=False),
        sa.Column("council", sa.String),
        sa.Column("serial", sa.String),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.String, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("persons", "cases", "facts", "refused")))
    op.create_table(
        "data_quality",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("case_ref", sa.String),
        sa.Column("person_ref", sa.String),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("tag", sa.String),
        sa.Column("value", sa.String),
        sa.Column("says", sa.String, nullable=False),
        sa.Column("do", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("found_on", sa.Date, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("closed_on", sa.Date),
        sa.Column("closed_by", sa.String),
        sa.CheckConstraint("(closed_on IS NULL) = (closed_by IS NULL)", name="ck_data_quality_closed"))
    for column in ("case_ref", "owner", "closed_on"):
        op.create_index(f"ix_data_quality_{column}", "data_quality", [column])
    op.create_index("ix_person_birth_date", "person", ["birth_date"])
