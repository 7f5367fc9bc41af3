"""Whom a message went to, in which digest; and who made sure of a contact of a case."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("sent_to", "contact", "digest"):
        op.add_column("message", sa.Column(name, sa.String))
    op.create_index("ix_message_sent_to", "message", ["sent_to", "sent_at"])
    op.create_index("ix_message_digest", "message", ["digest"])
    for column in (sa.Column("added_by", sa.String), sa.Column("verified_on", sa.Date), sa.Column("verified_by", sa.String)):
        op.add_column("contact", column)
    # Those that are there came with the requests, and letters have gone to them.
    op.execute("UPDATE contact SET verified_on = since, verified_by = 'intake'")
