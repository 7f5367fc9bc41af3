"""A duty stands for each occasion: each review, order, appealable decision. What is kept of it is worked out anew."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("kind", "owed_by", "starts_on", "due_on", "reporting_due_on", "met_on", "lapsed_on", "excused_by", "next_rung",
           "next_rung_on")


def upgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE duty_before AS SELECT * FROM duty")
    op.drop_table("duty")
    op.create_table(
        "duty",
        sa.Column("case_ref", sa.String, sa.ForeignKey("case_file.ref"), primary_key=True),
        *(sa.Column(name, sa.String, primary_key=True) for name in ("duty", "adviser", "party", "occasion")),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("owed_by", sa.String, nullable=False),
        sa.Column("starts_on", sa.Date),
        sa.Column("due_on", sa.Date, index=True),
        sa.Column("reporting_due_on", sa.Date),
        sa.Column("met_on", sa.Date),
        sa.Column("lapsed_on", sa.Date),
        sa.Column("excused_by", sa.String),
        sa.Column("next_rung", sa.Integer),
        sa.Column("next_rung_on", sa.Date, index=True),
        sqlite_with_rowid=False,
    )
    kept = ", ".join(COLUMNS)
    op.execute(f"INSERT INTO duty (case_ref, duty, adviser, party, occasion, {kept})"
               f" SELECT case_ref, duty, adviser, party, '', {kept} FROM duty_before")
    op.execute("DROP TABLE duty_before")
