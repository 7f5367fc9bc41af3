"""The watch is watched: its marks, the days on which it did not look, and telling operations of each of these once."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.tables.cases import FactRow
from models.tables.running import WatchRound
from models.tables.trail import TrailLetterRow
from models.two_times import day_of
from models.watching import Blind, Mark, blind
from notifications.trail_letters import OPERATIONS, watch_letter
from tasks import bulk
from tasks.database import reading
from tasks.office import Office
from tasks.trail_letters import send

LETTER = TrailLetterRow.__table__
TOLD_OF = timedelta(days=31)
"""How far back operations are told of a day that was missed; `ehc audit watch` goes back to the beginning."""


def marks(session: Session) -> list[Mark]:
    """The mark of every round, in the order in which they began."""
    rows = session.exec(select(WatchRound).order_by(col(WatchRound.started_at), col(WatchRound.id))).all()
    return [Mark(row.on, row.started_at, row.ended_at, row.flow_run_id, row.late_reminders) for row in rows]


def blind_times(session: Session, now: datetime) -> list[Blind]:
    """Every time in which the engine did not look, the first one first."""
    first = session.exec(sa.select(sa.func.min(FactRow.recorded_at))).scalar_one()
    first = datetime.fromisoformat(first) if isinstance(first, str) else first
    return blind(marks(session), now, first)


def tell_of_missed(engine: Engine, office: Office, at: datetime) -> bool:
    """Tell operations of every day on which the watch did not look and of which they have not been told: one letter. Whether one went
    now. Raises NotSent; the next call tries again."""
    with reading(engine) as session:
        told = {key for key, in bulk.select(session, LETTER, ("key",))}
        times = [one for one in blind_times(session, at) if one.days[-1] >= day_of(at - TOLD_OF)]
    untold = [one for one in times if any(_key(day) not in told for day in one.days)]
    keys = [key for one in untold for day in one.days if (key := _key(day)) not in told]
    return bool(keys) and send(engine, office, OPERATIONS, keys, watch_letter(untold), at)


def _key(day: object) -> str:
    return f"watch/missed/{day}"
