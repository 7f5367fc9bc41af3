"""When the engine did not look: the watch's own marks, day by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.audit.answer import Asked, Figure, Question
from models.watching import LOOKS_BY, Blind, Mark, unfinished


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A time in which the engine did not look, or a round that began and did not end."""

    since: str | None
    until: str | None
    days: int
    first_day: date
    last_day: date
    late_reminders: int
    what: str


def rows(times: Sequence[Blind], marks: Sequence[Mark], now: datetime, asked: Asked) -> Iterator[WatchRow]:
    """What there is to tell of the period, the latest first."""
    found = [WatchRow(_moment(one.since), _moment(one.until), len(one.days), one.days[0], one.days[-1], one.late_reminders, one.words())
             for one in times if any(asked.covers(day) for day in one.days)]
    found += [WatchRow(_moment(mark.started_at), None, 0, mark.on, mark.on, 0,
                       "A round began and did not end" + (f" (run {mark.run})." if mark.run else "."))
              for mark in unfinished(marks, now) if asked.covers(mark.on)]
    return iter(sorted(found, key=lambda row: (row.first_day, row.since or ""), reverse=True))


def figures(times: Sequence[Blind], marks: Sequence[Mark], asked: Asked) -> list[Figure]:
    """The days on which it looked, of those on which it should have."""
    looked = {mark.on for mark in marks if mark.looked and asked.covers(mark.on)}
    missed = {day for one in times for day in one.days if asked.covers(day)}
    return [Figure("days on which the engine looked", len(looked), len(looked | missed), (), ())]


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


WATCHED = Question(
    "watch", "When did the engine not look?",
    "One row for each time between two rounds of the daily watch in which at least one day had no complete round of its own; and one"
    " for each round that began more than a day ago and did not end. Days are those of England; today counts from"
    f" {LOOKS_BY:%H:%M}. A round for a past day makes good what was missed, and is no look on that day. `late_reminders` went late"
    " because of it.",
    "the mark of each round (watch_round: on, started_at, ended_at), which the database refuses to change once the round is over; the"
    " moment of the first fact", "days before the first fact was recorded; single visits to one case, which are no round",
    "no rule of law: the council answers for its limits whether the engine looked or not", WatchRow)
