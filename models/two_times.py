"""The two times of a fact: the day it happened and the moment it was recorded. How far they lie apart, and what was known when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.law.record import Fact, as_day

ENGLAND = ZoneInfo("Europe/London")


def end_of(day: date) -> datetime:
    """The last moment of a civil day in England, in UTC.

    >>> end_of(date(2026, 6, 30)).isoformat()
    '2026-06-30T22:59:59.999999+00:00'
    """
    return datetime.combine(day + timedelta(days=1), time(0), ENGLAND).astimezone(UTC) - timedelta(microseconds=1)


def day_of(moment: datetime) -> date:
    """The civil day in England on which a moment lies.

    >>> day_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    datetime.date(2026, 7, 1)
    """
    return moment.astimezone(ENGLAND).date()


@dataclass(frozen=True, slots=True)
class Backdated:
    """A fact that was recorded on a later day than the one on which it says that it happened, by `days`.

    `kind` is what it says now. Where a correction says so, `fact` is the correction, `corrects` the number of the fact that it
    mends, and `before` the day on which that was said to have happened until then.
    """

    fact: Fact
    kind: str
    happened_on: date
    recorded_on: date
    corrects: int | None = None
    before: date | None = None

    @property
    def days(self) -> int:
        """By how many days it was recorded later."""
        return (self.recorded_on - self.happened_on).days

    @property
    def number(self) -> int:
        """The number of the fact that stands for it: that which is corrected, where it is a correction."""
        return self.corrects or self.fact.number


def backdated(facts: Iterable[Fact]) -> Iterator[Backdated]:
    """Every entry of a case that was recorded on a later day than it happened, in the order of recording.

    A correction is one if it moves a fact to another day that lies before the day of the correction, or says the day of
    another kind of fact.
    """
    known: dict[int, Fact] = {}
    corrects: dict[int, int] = {}
    for fact in facts:
        if fact.recorded_at is None:
            continue
        known[fact.number] = fact
        recorded_on = day_of(fact.recorded_at)
        if fact.kind != "fact_corrected":
            if recorded_on > fact.on:
                yield Backdated(fact, fact.kind, fact.on, recorded_on)
            continue
        target = corrects[fact.number] = corrects.get(fact["replaces"], fact["replaces"])
        original, told = known.get(target), fact["corrected"] or {}
        if fact["withdrawn"] or original is None or not {"on", "fact"} & told.keys():
            continue
        on = as_day(told.get("on") or original.on)
        if recorded_on > on:
            yield Backdated(fact, told.get("fact") or original.kind, on, recorded_on, target, original.on)
