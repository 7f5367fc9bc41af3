"""The days on which the watch did not run, and what went late because of that: nothing of which it could not have known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.tables.cases import FactRow
from models.trail import moment
from tasks import bulk
from tasks.derived import DutyKey, as_it_stands, duty_key
from tasks.reading import read

FACT = FactRow.__table__
ENGLAND = ZoneInfo("Europe/London")

FirstRound = Callable[[str, DutyKey, date, date], date | None]
"""Told the case, the key of a duty's row, its last day, and the day of one of its rungs: the first day of the outage on
which a round would have found that rung due. None if no round was missed that would have."""


@dataclass(frozen=True, slots=True)
class Outage:
    """The days since the last complete round and before today, in order; `since` is the moment when that round began."""

    days: Sequence[date] = ()
    since: datetime | None = None

    def first_round(self, session: Session, refs: Iterable[str]) -> FirstRound:
        """For these cases, what each missed round would have found due.

        A round finds what was recorded before its day began; what the last complete round could see, all of them found.
        """
        if not self.days:
            return lambda ref, key, due_on, rung_on: None
        since = self.since or _midnight(self.days[0])
        told_since = {ref for ref, kind in bulk.select(
            session, FACT, ("case_ref", "kind"), ("case_ref", "in", list(refs)), ("recorded_at", ">=", moment(since)))
            if not kind.startswith("message_")}

        @lru_cache(maxsize=None)
        def live(ref: str, known_by: datetime) -> frozenset[tuple[DutyKey, date | None]]:
            case = as_it_stands(ref, read(session, ref, known_by=known_by), self.days[-1])
            return frozenset((duty_key(owed), owed.due_on) for owed in case.terms if owed.is_live)

        def first(ref: str, key: DutyKey, due_on: date, rung_on: date) -> date | None:
            missed = [day for day in self.days if day >= rung_on]
            if ref not in told_since or (missed and (key, due_on) in live(ref, since)):
                return missed[0] if missed else None
            return next((day for day in missed if (key, due_on) in live(ref, _midnight(day))), None)

        return first


def _midnight(day: date) -> datetime:
    """The moment at which a day begins in England."""
    return datetime.combine(day, time(0), ENGLAND).astimezone(UTC)
