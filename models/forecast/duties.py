"""The outlook of the other limits: each duty by its own times, from the day it began to the day it was met."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from models.forecast.breach import ROUNDS, WEEKS, Outlook, counted
from models.forecast.measured import WINDOW
from models.forecast.times import ENOUGH, Floats, Times, assumed, remaining, spell

OTHERS = ("decide_whether_to_assess", "first_review", "next_review", "review_decision", "final_amended_plan")
"""The duties that are forecast beside the final plan: of each, a council has many."""


@dataclass(frozen=True, slots=True)
class Span:
    """One instance of a duty: from which day it is owed, by when, and when it was met or ended, if it was."""

    ref: str
    duty: str
    starts_on: date
    due_on: date
    met_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance that one limit is missed."""

    ref: str
    duty: str
    due_on: date
    late: float


@dataclass(frozen=True)
class DutyForecast:
    """The outlook of one duty for each horizon, the chance of each limit ahead, how many have passed already, and from how many ended
    ones its times were measured."""

    duty: str
    outlooks: tuple[Outlook, ...]
    chances: tuple[Chance, ...]
    late_already: int
    measured: int

    @property
    def is_thin(self) -> bool:
        """Whether the council's own cases tell too little, so that an assumption still weighs much."""
        return self.measured < ENOUGH


def outlook(spans: Iterable[Span], today: date, seed: int = 1, weeks: Sequence[int] = WEEKS, rounds: int = ROUNDS,
            window: int = WINDOW) -> list[DutyForecast]:
    """The outlook of each of OTHERS that these spans hold, in that order. The same seed gives the same answer."""
    by_duty: dict[str, list[Span]] = {}
    for one in spans:
        if one.starts_on <= today:
            by_duty.setdefault(one.duty, []).append(one)
    return [_of(duty, by_duty[duty], today, seed, weeks, rounds, window) for duty in OTHERS if duty in by_duty]


def _of(duty: str, spans: Sequence[Span], today: date, seed: int, weeks: Sequence[int], rounds: int, window: int) -> DutyForecast:
    limits = sorted((one.due_on - one.starts_on).days for one in spans)
    usual = max(limits[len(limits) // 2], 2)
    found = [spell(one.starts_on, _ended(one, today), today, window) for one in spans if one.ended_on is None or one.met_on is not None]
    times = Times.of([one for one in found if one is not None], assumed(0.85 * usual, 0.35))
    random = np.random.default_rng([seed, OTHERS.index(duty)])
    open_after: Floats = times.open_after(times.draws(rounds, random))
    live = sorted((one for one in spans if _ended(one, today) is None and not _over(one, today)), key=lambda one: (one.due_on, one.ref))
    ahead = [one for one in live if one.due_on >= today]
    late = [remaining(open_after, (today - one.starts_on).days, random.random(rounds)) > (one.due_on - today).days for one in ahead]
    table = np.column_stack(late) if late else np.zeros((rounds, 0), dtype=bool)
    outlooks = []
    for number in weeks:
        until = today + timedelta(weeks=number)
        outlooks.append(counted(number, table[:, [place for place, one in enumerate(ahead) if one.due_on <= until]]))
    chances = tuple(Chance(one.ref, duty, one.due_on, float(column.mean())) for one, column in zip(ahead, late, strict=True))
    return DutyForecast(duty, tuple(outlooks), chances, len(live) - len(ahead), times.count)


def _ended(one: Span, today: date) -> date | None:
    return one.met_on if one.met_on is not None and one.met_on <= today else None


def _over(one: Span, today: date) -> bool:
    return one.ended_on is not None and one.ended_on <= today
