"""Whether the watch itself looked: the days on which it should have and did not, and between which moments it was blind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from models.two_times import ENGLAND, day_of

LOOKS_BY = time(9)
"""By when a day's round should be complete, in England: policy. The schedule starts it at seven."""

DAY = timedelta(days=1)


class Mark(NamedTuple):
    """The mark that a round of the watch leaves: for which day, when it began and ended (None: it did not), the flow run, and how
    many reminders it made late because of days that were missed."""

    on: date
    started_at: datetime
    ended_at: datetime | None
    run: str | None
    late_reminders: int = 0

    @property
    def looked(self) -> bool:
        """Whether this round looked on its own day: it ended, and had begun by the end of that day."""
        return self.ended_at is not None and day_of(self.started_at) <= self.on


@dataclass(frozen=True, slots=True)
class Blind:
    """A time in which the engine did not look: the days, one after the other; when the last round before them began (None: there was
    none), and when the next one did (None: there has been none yet), with the reminders that went late because of it."""

    days: tuple[date, ...]
    since: datetime | None
    until: datetime | None
    late_reminders: int = 0

    def words(self) -> str:
        """That time as a sentence."""
        if self.since is None:
            began = f"before {_told(self.until)}" if self.until else "yet, though there are cases"
            return f"The engine did not look {began}."
        if self.until is None:
            return f"The engine has not looked since {_told(self.since)}."
        return f"The engine did not look between {_told(self.since)} and {_told(self.until)}."


def blind(marks: Iterable[Mark], now: datetime, first_fact_at: datetime | None = None) -> list[Blind]:
    """Every time in which the engine did not look, the first one first.

    A day counts from the first round on, and from the day after the first fact was recorded; today only once its round should be
    complete. A round for a day that was done later made good what it could, and did not look on that day.
    """
    looks = sorted((mark for mark in marks if mark.looked), key=lambda mark: (mark.on, mark.started_at))
    started = [*(mark.on for mark in looks), *([day_of(first_fact_at) + DAY] if first_fact_at else [])]
    if not started:
        return []
    last = day_of(now) if now.astimezone(ENGLAND).time() >= LOOKS_BY else day_of(now) - DAY
    seen = {mark.on for mark in looks}
    missed = [day for n in range((last - min(started)).days + 1) if (day := min(started) + DAY * n) not in seen]
    return [_between(run, looks) for run in _runs(missed)]


def unfinished(marks: Iterable[Mark], now: datetime) -> list[Mark]:
    """The rounds that began and did not end: killed, or failed. One that began within the last day may go on."""
    return [mark for mark in marks if mark.ended_at is None and mark.started_at < now - DAY]


def _runs(days: Sequence[date]) -> list[list[date]]:
    found: list[list[date]] = []
    for day in days:
        if found and found[-1][-1] + DAY == day:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _between(days: Sequence[date], looks: Sequence[Mark]) -> Blind:
    before = max((mark.started_at for mark in looks if mark.on < days[0]), default=None)
    after = min((mark for mark in looks if mark.on > days[-1]), key=lambda mark: mark.started_at, default=None)
    return Blind(tuple(days), before, after.started_at if after else None, after.late_reminders if after else 0)


def _told(at: datetime) -> str:
    here = at.astimezone(ENGLAND)
    return f"{here:%a} {here.day} {here:%b %Y %H:%M}"
