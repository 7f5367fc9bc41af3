"""The log of all facts, its signed checkpoints and their keys, the letters about them, and the runs that wrote the facts.

The triggers keep log, checkpoints and keys as they were written, as they keep the facts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")

KEPT = {"log_leaf": "position", "checkpoint": "number", "seal_key": "number"}
REFUSED = "the log of all facts, its checkpoints and keys are never changed or removed"


def upgrade() -> None:
    op.create_table(
        "log_leaf",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("case_ref", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.UniqueConstraint("case_ref", "number", name="uq_log_leaf_fact"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("note", sa.String, nullable=False),
    )
    op.create_table(
        "seal_key",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("note", sa.String, nullable=False),
    )
    op.create_table(
        "trail_letter",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("flow", sa.String, nullable=False),
        sa.Column("deployment", sa.String),
        sa.Column("case_ref", sa.String, index=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_index("ix_fact_flow_run_id", "fact", ["flow_run_id"])
    if op.get_bind().dialect.name == "postgresql":
        _keep_on_postgresql()
    else:
        _keep_on_sqlite()


def _keep_on_sqlite() -> None:
    for table, key in KEPT.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        op.execute(f"CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_is_not_removed BEFORE DELETE ON {table} {refuse}")
        # INSERT OR REPLACE removes the row in its way without firing the trigger above.
        same = f"{key} = NEW.{key}" + (" OR (case_ref = NEW.case_ref AND number = NEW.number)" if table == "log_leaf" else "")
        op.execute(f"CREATE TRIGGER {table}_is_not_replaced BEFORE INSERT ON {table}"
                   f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}")


def _keep_on_postgresql() -> None:
    op.execute(f"""CREATE FUNCTION log_is_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END $$""")
    for table in KEPT:
        op.execute(f"""CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION log_is_not_changed()""")
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_changed")


def downgrade() -> None:
    raise RuntimeError("The log is never thrown away. Restore a backup instead.")
