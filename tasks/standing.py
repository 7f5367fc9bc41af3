"""How things stand: the messages of a case, how many are stuck, how many cases there are, when the watch last ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.message_key import AGAIN, first_key
from models.tables.cases import CaseFile, FactRow, MessageRow
from models.tables.running import WatchRound
from models.tables.trail import LogLeafRow


def messages_of(session: Session, ref: str) -> Sequence[MessageRow]:
    """The messages of one case in the order in which they were written."""
    return session.exec(select(MessageRow).where(col(MessageRow.case_ref) == ref)
                        .order_by(col(MessageRow.queued_at), col(MessageRow.fact_number), col(MessageRow.key))).all()


@dataclass(frozen=True, slots=True)
class Outbox:
    """How many messages wait, how many of these for too long, and the cases with one that failed for good."""

    waiting: int
    waiting_long: int
    failed_in: tuple[str, ...]


def outbox(session: Session, since: datetime) -> Outbox:
    """How the outbox stands; what was written before `since` and still waits has waited for too long, unless it is held back
    until its recipient works again.

    A message that was no longer wanted when its turn came has not failed, nor has one that is being sent again.
    """
    queued = col(MessageRow.status) == "queued"
    held = sa.and_(col(MessageRow.problem).is_(None), col(MessageRow.next_attempt_at).is_not(None),
                   col(MessageRow.next_attempt_at) > since)
    waiting, long = (session.exec(sa.select(sa.func.count()).select_from(MessageRow).where(queued, *more)).scalar_one()
                     for more in ((), (col(MessageRow.queued_at) < since, sa.not_(held))))
    failed = session.exec(sa.select(col(MessageRow.case_ref), col(MessageRow.key), col(MessageRow.fact_number)).where(
        col(MessageRow.status) == "failed", col(MessageRow.problem) != "no longer wanted")).all()
    tried_again = session.exec(sa.select(col(MessageRow.key), col(MessageRow.fact_number)).where(
        col(MessageRow.key).contains(AGAIN)).order_by(col(MessageRow.fact_number))).all()
    last = {first_key(key): number for key, number in tried_again}
    return Outbox(waiting, long, tuple(sorted({
        ref for ref, key, number in failed if number >= last.get(first_key(key), number)})))


def how_many_cases(session: Session) -> int:
    """How many cases there are."""
    return session.exec(sa.select(sa.func.count()).select_from(CaseFile)).scalar_one()


def last_round(session: Session) -> WatchRound | None:
    """The last round of the watch that ran to its end."""
    return session.exec(select(WatchRound).where(col(WatchRound.ended_at).is_not(None))
                        .order_by(col(WatchRound.on).desc(), col(WatchRound.id).desc()).limit(1)).first()


def unsealed(session: Session, before: datetime) -> int:
    """How many facts were recorded before a moment and are not in the log of all facts yet."""
    sealed = sa.select(LogLeafRow.position).where(
        col(LogLeafRow.case_ref) == col(FactRow.case_ref), col(LogLeafRow.number) == col(FactRow.number)).exists()
    return session.exec(sa.select(sa.func.count()).select_from(FactRow).where(
        col(FactRow.recorded_at) < before, ~sealed)).scalar_one()
