"""Who will be late: for every open case, how likely its limit passes before it is done, and how many that makes in the weeks ahead.

Each case goes on from where it stands, many times over: every step still open lasts a time drawn from the council's own, given how
long it has been open already. How well those times are known is drawn too, and so is how much things may get slower or faster
together, so that the range of the sum is honest. Nothing here is a promise about one case.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from models.forecast.course import Course
from models.forecast.measured import Measured
from models.forecast.times import DAYS, Floats, Ints, Times, afresh, remaining

WEEKS = (2, 4, 6, 12)
ROUNDS = 400
"""How many times the weeks ahead are gone through."""

TOGETHER = 0.14
"""How far all waits for advice may get longer or shorter together (spread of the logarithm); set by back-testing."""

NextOpen = Callable[[str, date], date]
"""The first day on which an agency is open, from a day on."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit that is forecast for a case: its last compliant day, and the exception that relieves it, if any."""

    due_on: date
    excused_by: str | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """How one case stands to its limit: the chance that it is late, and, if there is a plan, when: in one of ten by `soonest`, in half
    by `likely`, in nine of ten by `latest` (None: beyond what the times reach). `waits_for` names whose advice comes last most often."""

    ref: str
    due_on: date
    late: float
    soonest: date | None
    likely: date | None
    latest: date | None
    step: str
    waits_for: str | None = None
    excused_by: str | None = None

    @property
    def is_late(self) -> bool:
        """Whether the limit has passed already."""
        return self.late == 1.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next weeks bring: how many limits fall due, how many are likely missed, with the ranges of 80 and 95 in a hundred."""

    weeks: int
    due: int
    expected: float
    within_80: tuple[int, int]
    within_95: tuple[int, int]


@dataclass(frozen=True)
class Forecast:
    """The outlook for each horizon, every open case, and, round by round, which were late (rows: rounds; columns: as `prospects`)."""

    on: date
    outlooks: tuple[Outlook, ...]
    prospects: tuple[Prospect, ...]
    late: np.ndarray = field(repr=False)


def forecast(courses: Iterable[Course], limits: Mapping[str, Limit], measured: Measured, today: date, seed: int = 1,
             weeks: Sequence[int] = WEEKS, next_open: NextOpen = lambda agency, day: day, rounds: int = ROUNDS) -> Forecast:
    """The final plans that will be late, for the open courses that have a limit. The same seed gives the same answer."""
    ahead = Ahead(measured, today, seed, rounds, next_open)
    prospects, columns = [], []
    for course in sorted(courses, key=lambda one: one.ref):
        limit = limits.get(course.ref)
        if limit is None or not course.is_open:
            continue
        done, plan, last = ahead.final_plan(course)
        over = (limit.due_on - today).days
        late = plan & (done > over) if over >= 0 else np.ones(rounds, dtype=bool)
        columns.append(late)
        prospects.append(_prospect(course, limit, late, done[plan] if plan.any() else done, today, ahead.step(course), last))
    table = np.column_stack(columns) if columns else np.zeros((rounds, 0), dtype=bool)
    outlooks = tuple(_outlook(number, prospects, table, today) for number in weeks)
    return Forecast(today, outlooks, tuple(prospects), table)


class Ahead:
    """Goes through what lies ahead of a case, in so many rounds at once. One round is one way in which things may be."""

    def __init__(self, measured: Measured, today: date, seed: int, rounds: int, next_open: NextOpen) -> None:
        self.measured, self.today, self.rounds, self.next_open = measured, today, rounds, next_open
        self.random = np.random.default_rng(seed)
        self.together = np.exp(self.random.normal(0.0, TOGETHER, rounds))
        self.assess = self.random.beta(*measured.assessed, size=rounds)
        self.issue = self.random.beta(*measured.issued, size=rounds)
        self._open: dict[object, Floats] = {}
        self._doors: dict[str, Ints] = {}

    def final_plan(self, course: Course) -> tuple[Ints, np.ndarray, str | None]:
        """Days from today to the final plan in each round, whether there is one, and whose advice came last most often."""
        chance, here = self.random.random, self.rounds
        days = np.zeros(here, dtype=np.int64)
        plan = np.ones(here, dtype=bool)
        last = None
        if course.decided_on is None:
            days = self._left("decide", course.received)
            plan = chance(here) < self.assess
        if self.measured.without_advice and course.issue_on is None and course.draft_on is None:
            days = days + (self._left("whole", course.decided_on) if course.decided_on else self._new("whole"))
            return days, plan, None
        if course.issue_on is None:
            days, last = self._advice(course, days)
            plan = plan & (chance(here) < self.issue)
            days = days + (self._left("issue", course.complete_on) if course.complete_on else self._new("issue"))
        if course.draft_on is None:
            days = days + (self._left("draft", course.issue_on) if course.issue_on else self._new("draft"))
        days = days + (self._left("final", course.draft_on) if course.draft_on else self._new("final"))
        return days, plan, last

    def _advice(self, course: Course, days: Ints) -> tuple[Ints, str | None]:
        if course.complete_on is not None:
            return days, None
        if not course.asked:
            more = self._left("gather", course.decided_on) if course.decided_on else self._new("gather")
            return days + self._slower(more), None
        arrivals = [self._arrival(one.adviser, one.agency, one.asked_on) for one in course.outstanding]
        last = Counter(np.argmax(np.vstack(arrivals), axis=0).tolist()).most_common(1)[0][0]
        one = course.outstanding[last]
        return np.maximum.reduce(arrivals), f"{one.adviser} ({one.agency})"

    def _arrival(self, adviser: str, agency: str, asked_on: date) -> Ints:
        open_after = self._drawn((adviser, agency), self.measured.advice(adviser, agency))
        days = self._slower(remaining(open_after, (self.today - asked_on).days, self.random.random(self.rounds)))
        return self._opened(agency)[np.minimum(days, DAYS - 1)]

    def _opened(self, agency: str) -> Ints:
        """For each day ahead, the first on which the agency is open."""
        if agency not in self._doors:
            found = [(self.next_open(agency, self.today + timedelta(days=n)) - self.today).days for n in range(DAYS)]
            self._doors[agency] = np.array(found)
        return self._doors[agency]

    def step(self, course: Course) -> str:
        """The step that is open."""
        if course.decided_on is None:
            return "decide"
        if course.issue_on is None:
            return "issue" if course.complete_on else "gather"
        return "final" if course.draft_on else "draft"

    def _left(self, step: str, began: date) -> Ints:
        return remaining(self._drawn(step, self.measured.steps[step]), (self.today - began).days, self.random.random(self.rounds))

    def _new(self, step: str) -> Ints:
        return afresh(self._drawn(step, self.measured.steps[step]), self.random.random(self.rounds))

    def _slower(self, days: Ints) -> Ints:
        return np.maximum(np.rint(days * self.together), 1).astype(np.int64)

    def _drawn(self, key: object, times: Times) -> Floats:
        """The share still open after each day, one row a round."""
        if key not in self._open:
            self._open[key] = times.open_after(times.draws(self.rounds, self.random))
        return self._open[key]


def _prospect(course: Course, limit: Limit, late: np.ndarray, done: Ints, today: date, step: str, last: str | None) -> Prospect:
    days = [int(day) for day in np.quantile(done, (0.1, 0.5, 0.9), method="higher")]
    soonest, likely, latest = (today + timedelta(days=day) if day < DAYS else None for day in days)
    return Prospect(course.ref, limit.due_on, float(late.mean()), soonest, likely, latest, step, last, limit.excused_by)


def _outlook(weeks: int, prospects: Sequence[Prospect], table: np.ndarray, today: date) -> Outlook:
    until = today + timedelta(weeks=weeks)
    return counted(weeks, table[:, [place for place, one in enumerate(prospects) if today <= one.due_on <= until]])


def counted(weeks: int, table: np.ndarray) -> Outlook:
    """The outlook from a table that says for each round (row) which limits (columns) are missed."""
    counts = table.sum(axis=1)
    low95, low80, high80, high95 = np.quantile(counts, (0.025, 0.1, 0.9, 0.975), method="nearest").astype(int).tolist()
    return Outlook(weeks, table.shape[1], float(counts.mean()), (low80, high80), (low95, high95))
