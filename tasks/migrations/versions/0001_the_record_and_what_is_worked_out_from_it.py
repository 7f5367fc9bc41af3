"""The record, what is worked out from it, the outbox, and what can be erased.

The triggers keep `fact` as it was written: each database has its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")

REFUSED = "a fact is never changed or removed: record fact_corrected instead"

ON_SQLITE = (
    f"""CREATE TRIGGER fact_is_not_changed BEFORE UPDATE ON fact
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER fact_is_not_removed BEFORE DELETE ON fact
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    # INSERT OR REPLACE removes the row in its way without firing the trigger above.
    f"""CREATE TRIGGER fact_is_not_replaced BEFORE INSERT ON fact
        WHEN EXISTS (SELECT 1 FROM fact WHERE case_ref = NEW.case_ref AND number = NEW.number)
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)

ON_POSTGRESQL = (
    f"""CREATE FUNCTION fact_is_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER fact_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON fact
       FOR EACH STATEMENT EXECUTE FUNCTION fact_is_not_changed()""",
    # Also where triggers are switched off for replication.
    "ALTER TABLE fact ENABLE ALWAYS TRIGGER fact_is_not_changed",
)


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("person_ref", sa.String, index=True),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.Column("last_hash", sa.String, nullable=False),
        sa.Column("day_zero", sa.Date),
        sa.Column("stage", sa.String, nullable=False, index=True),
        sa.Column("held_by", sa.String, nullable=False),
        sa.Column("held_since", sa.Date),
        sa.Column("next_visit_on", sa.Date, index=True),
        sa.Column("next_event_on", sa.Date),
        sa.Column("worked_out_on", sa.Date, nullable=False),
    )
    op.create_table(
        "fact",
        sa.Column("case_ref", sa.String, sa.ForeignKey("case_file.ref"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("happened_on", sa.Date, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.Column("flow_run_id", sa.String),
        sa.Column("data", sa.String, nullable=False),
        sa.Column("previous_hash", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.CheckConstraint("number >= 1", name="ck_fact_number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duty",
        sa.Column("case_ref", sa.String, sa.ForeignKey("case_file.ref"), primary_key=True),
        sa.Column("duty", sa.String, primary_key=True),
        sa.Column("adviser", sa.String, primary_key=True),
        sa.Column("party", sa.String, primary_key=True),
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
    op.create_table(
        "message",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("case_ref", sa.String, sa.ForeignKey("case_file.ref"), nullable=False, index=True),
        sa.Column("message", sa.String, nullable=False),
        sa.Column("to_role", sa.String, nullable=False),
        sa.Column("to_agency", sa.String),
        sa.Column("data", sa.String, nullable=False),
        sa.Column("fact_number", sa.Integer, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("status", sa.String, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", MOMENT),
        sa.Column("sent_at", MOMENT),
        sa.Column("channel", sa.String),
        sa.Column("sha256", sa.String),
        sa.Column("problem", sa.String),
        sa.CheckConstraint("status IN ('queued', 'sent', 'failed')", name="ck_message_status"),
    )
    op.create_table(
        "person",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("birth_date", sa.Date),
        sa.Column("address", sa.String),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_ref", sa.String, sa.ForeignKey("case_file.ref"), nullable=False, index=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("address", sa.String),
        sa.Column("apprise_url", sa.String),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
    )
    op.create_table(
        "text",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("case_ref", sa.String, sa.ForeignKey("case_file.ref"), nullable=False, index=True),
        sa.Column("salt", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
    )
    op.create_table(
        "watch_round",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("on", sa.Date, nullable=False, index=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.Column("reminders", sa.Integer, nullable=False),
        sa.Column("late_reminders", sa.Integer, nullable=False),
        sa.Column("missed_days", sa.Integer, nullable=False),
        sa.Column("flow_run_id", sa.String),
    )
    for statement in ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("There is nothing older to go back to, and the record is never thrown away. Restore a backup instead.")
