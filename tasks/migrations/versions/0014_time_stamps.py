"""Time stamps of a third party on checkpoints. The triggers keep them as they came, as they keep the checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")
REFUSED = "a time stamp is never changed or removed"


def upgrade() -> None:
    op.create_table(
        "time_stamp",
        sa.Column("number", sa.Integer, sa.ForeignKey("checkpoint.number"), primary_key=True, autoincrement=False),
        sa.Column("stamped_at", MOMENT, nullable=False),
        sa.Column("reply", sa.String, nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TRIGGER time_stamp_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON time_stamp"
                   " FOR EACH STATEMENT EXECUTE FUNCTION log_is_not_changed()")
        op.execute("ALTER TABLE time_stamp ENABLE ALWAYS TRIGGER time_stamp_is_not_changed")
        return
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    op.execute(f"CREATE TRIGGER time_stamp_is_not_changed BEFORE UPDATE ON time_stamp {refuse}")
    op.execute(f"CREATE TRIGGER time_stamp_is_not_removed BEFORE DELETE ON time_stamp {refuse}")


def downgrade() -> None:
    raise RuntimeError("Time stamps are never thrown away. Restore a backup instead.")
