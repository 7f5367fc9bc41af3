"""Who looked at which case, and which officers have left; a mark of the watch is kept once the round is over.

The triggers keep every look as it was written, as they keep the facts. A mark of the watch may be completed once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")

LOOKS_KEPT = "who looked at a case is never changed or removed"
ROUNDS_KEPT = "a round of the watch is never changed or removed once it is over"
MARK = ("on", "started_at", "missed_days", "flow_run_id")
"""What a mark says from its beginning."""


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("case_ref", sa.String, nullable=False, index=True),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("looked_by", sa.String, nullable=False),
        sa.Column("door", sa.String, nullable=False),
        sa.Column("previous_hash", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    op.create_table(
        "officer_left",
        sa.Column("officer", sa.String, primary_key=True),
        sa.Column("left_on", sa.Date, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("told_by", sa.String, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _keep_on_postgresql()
    else:
        _keep_on_sqlite()


def _keep_on_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{LOOKS_KEPT}'); END"
    op.execute(f"CREATE TRIGGER look_is_not_changed BEFORE UPDATE ON look {refuse}")
    op.execute(f"CREATE TRIGGER look_is_not_removed BEFORE DELETE ON look {refuse}")
    # INSERT OR REPLACE removes the row in its way without firing the trigger above.
    op.execute("CREATE TRIGGER look_is_not_replaced BEFORE INSERT ON look"
               f" WHEN EXISTS (SELECT 1 FROM look WHERE number = NEW.number) {refuse}")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{ROUNDS_KEPT}'); END"
    begun_as_it_was = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in ("id", *MARK))
    op.execute(f"CREATE TRIGGER watch_round_is_not_changed BEFORE UPDATE ON watch_round"
               f" WHEN OLD.ended_at IS NOT NULL OR {begun_as_it_was} {refuse}")
    op.execute(f"CREATE TRIGGER watch_round_is_not_removed BEFORE DELETE ON watch_round {refuse}")
    op.execute("CREATE TRIGGER watch_round_is_not_replaced BEFORE INSERT ON watch_round"
               f" WHEN EXISTS (SELECT 1 FROM watch_round WHERE id = NEW.id) {refuse}")


def _keep_on_postgresql() -> None:
    op.execute(f"""CREATE FUNCTION look_is_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{LOOKS_KEPT}' USING ERRCODE = 'restrict_violation'; END $$""")
    op.execute(f"""CREATE FUNCTION watch_round_is_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{ROUNDS_KEPT}' USING ERRCODE = 'restrict_violation'; END $$""")
    op.execute("""CREATE TRIGGER look_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON look
        FOR EACH STATEMENT EXECUTE FUNCTION look_is_not_changed()""")
    op.execute("""CREATE TRIGGER watch_round_is_not_removed BEFORE DELETE OR TRUNCATE ON watch_round
        FOR EACH STATEMENT EXECUTE FUNCTION watch_round_is_not_changed()""")
    begun_as_it_was = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in ("id", *MARK))
    op.execute(f"""CREATE TRIGGER watch_round_is_not_changed BEFORE UPDATE ON watch_round
        FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL OR {begun_as_it_was}) EXECUTE FUNCTION watch_round_is_not_changed()""")
    for table, trigger in (("look", "look_is_not_changed"), ("watch_round", "watch_round_is_not_removed"),
                           ("watch_round", "watch_round_is_not_changed")):
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def downgrade() -> None:
    raise RuntimeError("Who looked is never thrown away. Restore a backup instead.")
