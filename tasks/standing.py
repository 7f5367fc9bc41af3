"""Reading the outbox: the messages of a case, and how many are stuck."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.tables import MessageRow


def messages_of(session: Session, ref: str) -> Sequence[MessageRow]:
    """The messages of one case in the order in which they were written."""
    return session.exec(select(MessageRow).where(col(MessageRow.case_ref) == ref)
                        .order_by(col(MessageRow.queued_at), col(MessageRow.fact_number), col(MessageRow.key))).all()


def in_the_outbox(session: Session, since: datetime) -> dict[str, int]:
    """How many messages wait, how many of them were written before `since`, and how many have failed for good."""
    count = sa.func.count()
    rows = dict(session.exec(sa.select(col(MessageRow.status), count).group_by(col(MessageRow.status))).all())
    old = session.exec(sa.select(count).where(col(MessageRow.status) == "queued", col(MessageRow.queued_at) < since)).scalar_one()
    return {"waiting": rows.get("queued", 0), "waiting_long": old, "failed": rows.get("failed", 0)}
