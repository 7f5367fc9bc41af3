"""What a channel told of a message after it took it: whether it arrived, was opened, or came back."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.String().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    # With its check in the same statement: SQLite adds none to a table that is there.
    op.execute("ALTER TABLE message ADD COLUMN outcome VARCHAR"
               " CONSTRAINT ck_message_outcome CHECK (outcome IN ('delivered', 'opened', 'bounced'))")
    op.add_column("message", sa.Column("outcome_at", MOMENT))
    op.create_index("ix_message_outcome", "message", ["outcome"])
