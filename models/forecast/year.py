"""One way in which a year may go: requests come, are decided, wait for advice and end in plans, with or without a change.

Every step takes a time drawn from the council's own. That of psychological advice grows and shrinks with the queue: where twice as many
wait for as many reports a week, each waits twice as long (Little's law), and never less than the fastest do now. Each chance is drawn for
as many requests as either side of a comparison has, in one order, so that the sides differ by the change alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from models.forecast.course import PSYCHOLOGY, Course
from models.forecast.measured import Measured
from models.forecast.times import DAYS, Floats, Ints, Times

WORKING_DAYS_A_MONTH = 21.7
TWENTY_WEEKS = 140
ALWAYS_ASKED = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_e_social_care")
"""Whose advice every assessment needs beside the psychologist's (reg 6(1)(a) to (e))."""

FASTEST = 0.10
"""The share of psychological reports that came fastest shows how long the work itself takes, without the wait; ours to choose."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed: how many requests come and how much the psychologists deliver, as factors; the time of steps, by name, as factors;
    and the limit of the final plan in days from the request (None: as the law has it)."""

    title: str = "as it is"
    requests: float = 1.0
    psychologists: float = 1.0
    steps: Mapping[str, float] = field(default_factory=dict)
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """What the year starts from: the council's measured times, its open courses, the requests of each month of the last year, how many
    reports a week the psychologists deliver, and whether they deliver all they can (`is_full`): only then do more of them help."""

    today: date
    measured: Measured
    open: tuple[Course, ...]
    by_month: Mapping[int, int]
    pace: float
    is_full: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What one year brought: plans issued and their average weeks; of the plans whose limit fell in the year, how many in a hundred were
    in time (in all, and by the quarter of the limit; not a number where there was none); and how many wait for a psychologist at its end."""

    plans: int
    within: float
    weeks: float
    waiting: int
    quarters: tuple[float, float, float, float]


def live_through(start: Start, change: Change, most: float, random: np.random.Generator, days: int) -> Result:
    """One year of so many days. `most` is the greatest factor of requests on either side of the comparison, at least 1."""
    measured = start.measured
    curve = {name: _curve(times, random) for name, times in measured.steps.items()}
    others = [_curve(measured.advisers[adviser], random) for adviser in ALWAYS_ASKED if adviser in measured.advisers]
    times = measured.advisers.get(PSYCHOLOGY) or measured.steps["gather"]
    psychology, fastest = _curve(times, random), times.quantile(FASTEST)
    assessed, issued = random.beta(*measured.assessed), random.beta(*measured.issued)
    came = _requests(start, most, random, days)
    number = len(start.open) + len(came)
    dice = random.random((9 + len(others), number))

    def step(name: str, which: int) -> Ints:
        return _scaled(_new(curve[name], dice[which]), change.steps.get(name, 1.0))
    here = _Open.of(start, curve, change, dice)
    began = np.concatenate([here.began, came])
    on_this_side = np.concatenate([np.ones(len(start.open), bool), random.random(len(came)) < change.requests / most])
    decided = np.where(here.decided_known(number), here.padded("decided", number), began + step("decide", 0))
    asked = np.where(here.asked_known(number), here.padded("asked", number), np.maximum(decided, 0) + step("ask", 1))
    waits = np.maximum.reduce([_new(one, dice[9 + place]) for place, one in enumerate(others)]) if others else np.full(number, 42)
    rest = np.where(here.padded("rest_in", number, False), 0, np.maximum(asked + _scaled(waits, change.steps.get("advice", 1.0)), 1))
    assess = here.padded("assessed", number, False) | (dice[2] < assessed)
    needs = on_this_side & assess & ~here.padded("psychology_in", number, False)
    swell = swelling(asked[needs], start.pace, start.pace * change.psychologists, days, start.is_full)
    more = np.where(here.asked_known(number), here.longer(psychology, dice[3], number), _new(psychology, dice[3]))
    report = np.maximum(asked, 0) + _swollen(more, swell[np.clip(asked // 7, 0, len(swell) - 1)], fastest, asked)
    complete = np.maximum(np.where(needs, report, 0), rest)
    issue = np.where(here.issue_known(number), here.padded("issue", number), complete + step("issue", 4))
    draft = np.where(here.draft_known(number), here.padded("draft", number), issue + step("draft", 5))
    final = np.where(here.padded("is_drafted", number, False), here.padded("final", number), draft + step("final", 6))
    plan = on_this_side & assess & (here.issue_known(number) | (dice[7] < issued))
    return _counted(began, final, plan, int((needs & (asked <= days) & (report > days)).sum()), change.limit or TWENTY_WEEKS, days)


def swelling(asked: Ints, pace: float, delivers: float, days: int, is_full: bool) -> Floats:
    """How many times as long as today one waits who is asked in each week ahead: by how many wait then, at so many reports a week, against
    how many wait today at today's pace. Days are counted from today; what was asked by today is the queue.

    A service that is not full lets nobody wait for its pace, so that more of it makes nothing faster.

    >>> swelling(np.array([-7] * 40), 10.0, 20.0, 21, True).round(2).tolist()
    [0.5, 0.25, 0.01]
    """
    waiting = float((asked <= 0).sum())
    today = max(waiting, pace) / pace
    arrives = np.bincount(np.clip((asked[(asked > 0) & (asked <= days)] - 1) // 7, 0, None), minlength=days // 7)
    found = []
    for week in range(days // 7):
        swell = max(waiting, 0.1 * pace) / delivers / today
        found.append(swell if is_full else max(swell, 1.0))
        waiting = max(0.0, waiting + float(arrives[week]) - delivers)
    return np.array(found)


def _swollen(days: Ints, swell: Floats, fastest: int, asked: Ints) -> Ints:
    """The days that a report takes, longer or shorter as the queue is: at least one, and never less than the fastest reports take now."""
    least = np.maximum(fastest + np.minimum(asked, 0), 1)
    return np.maximum(np.rint(days * swell), np.minimum(least, days)).astype(np.int64)


@dataclass(frozen=True)
class _Open:
    """Where the open courses stand, as columns: days from today, and what is known already."""

    began: Ints
    decided: Ints
    asked: Ints
    issue: Ints
    draft: Ints
    final: Ints
    known: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, start: Start, curve: Mapping[str, Floats], change: Change, dice: Floats) -> "_Open":
        """The columns; a step that is open now gets the day on which it ends, given how long it has lasted."""
        courses, today = start.open, start.today

        def on(day: date) -> int:
            return (day - today).days

        def left(name: str, began: date, chance: float) -> int:
            return _left(curve[name], -on(began), float(chance), change.steps.get(name, 1.0))
        rows = []
        for place, one in enumerate(courses):
            decided = on(one.decided_on) if one.decided_on else left("decide", one.received, dice[0, place])
            asked = on(min(each.asked_on for each in one.asked)) if one.asked else 0
            issue = on(one.issue_on) if one.issue_on else left("issue", one.complete_on, dice[4, place]) if one.complete_on else 0
            draft = on(one.draft_on) if one.draft_on else left("draft", one.issue_on, dice[5, place]) if one.issue_on else 0
            final = left("final", one.draft_on, dice[6, place]) if one.draft_on else 0
            rows.append((on(one.received), decided, asked, issue, draft, final))
        columns = np.array(rows, dtype=np.int64).reshape(len(rows), 6).T
        psychology = [any(each.adviser == PSYCHOLOGY and each.answered_on for each in one.asked) for one in courses]
        others = [bool(one.asked) and not any(each.adviser != PSYCHOLOGY for each in one.outstanding) for one in courses]
        past = [one.issue_on is not None for one in courses]
        known = {name: np.array(values, dtype=bool) for name, values in {
            "assessed": [one.decided_on is not None for one in courses],
            "asked": [bool(one.asked) for one in courses],
            "psychology_in": [a or b for a, b in zip(psychology, past, strict=True)],
            "rest_in": [a or b for a, b in zip(others, past, strict=True)],
            "issue": [one.issue_on is not None or one.complete_on is not None for one in courses],
            "draft": past, "is_drafted": [one.draft_on is not None for one in courses]}.items()}
        return cls(*columns, known)

    def longer(self, curve: Floats, chance: Floats, number: int) -> Ints:
        """For who was asked already, the days that a report still takes, given how long it was waited for."""
        found = np.zeros(number, dtype=np.int64)
        for place in np.flatnonzero(self.known["asked"]):
            found[place] = _left(curve, int(-self.asked[place]), float(chance[place]), 1.0)
        return found

    def padded(self, name: str, number: int, fill: object = 0) -> np.ndarray:
        """A column, with `fill` for the requests that are still to come."""
        mine = self.known[name] if name in ("assessed", "psychology_in", "rest_in", "is_drafted") else getattr(self, name)
        return np.concatenate([mine, np.full(number - len(mine), fill, dtype=mine.dtype)])

    def decided_known(self, number: int) -> np.ndarray:
        """Which of all have their day of decision here: every open course."""
        return np.arange(number) < len(self.began)

    def asked_known(self, number: int) -> np.ndarray:
        """Which of all were asked for advice already."""
        return np.concatenate([self.known["asked"], np.zeros(number - len(self.began), bool)])

    def issue_known(self, number: int) -> np.ndarray:
        """Which of all have the day of the decision to issue here: those decided, and those whose advice is complete."""
        return np.concatenate([self.known["issue"], np.zeros(number - len(self.began), bool)])

    def draft_known(self, number: int) -> np.ndarray:
        """Which of all have the day of the draft here."""
        return np.concatenate([self.known["draft"], np.zeros(number - len(self.began), bool)])


def _requests(start: Start, most: float, random: np.random.Generator, days: int) -> Ints:
    """The days on which requests come: on working days, as many as in the same month of the last year."""
    found: list[int] = []
    for day in range(1, days + 1):
        on = start.today + timedelta(days=day)
        if on.weekday() < 5:
            found += [day] * int(random.poisson(start.by_month.get(on.month, 0) / WORKING_DAYS_A_MONTH * most))
    return np.array(found, dtype=np.int64)


def _counted(began: Ints, final: Ints, plan: np.ndarray, waiting: int, limit: int, days: int) -> Result:
    issued = plan & (final > 0) & (final <= days)
    due = began + limit

    def share(after: int, until: int) -> float:
        among = plan & (due > after) & (due <= until)
        return 100 * float((final[among] <= due[among]).mean()) if among.any() else float("nan")
    quarters = [share(days * n // 4, days * (n + 1) // 4) for n in range(4)]
    took = (final - began)[issued]
    return Result(int(issued.sum()), share(0, days), float(took.mean() / 7) if took.size else float("nan"), waiting,
                  (quarters[0], quarters[1], quarters[2], quarters[3]))


def _curve(times: Times, random: np.random.Generator) -> Floats:
    return times.open_after(times.draws(1, random))[0]


def _new(curve: Floats, chance: Floats) -> Ints:
    return np.minimum(np.searchsorted(-curve, -chance), DAYS - 1)


def _left(curve: Floats, elapsed: int, chance: float, factor: float) -> int:
    here = min(max(elapsed, 0), DAYS - 2)
    ends = min(int(np.searchsorted(-curve, -(chance * curve[here]))), DAYS - 1)
    return max(round((ends - here) * factor), 1)


def _scaled(days: Ints, factor: float) -> Ints:
    return np.maximum(np.rint(days * factor), 0).astype(np.int64)


def courses_of(courses: Sequence[Course]) -> tuple[Course, ...]:
    """Those that are open, in the order of their references, so that each always draws the same chances."""
    return tuple(sorted((one for one in courses if one.is_open), key=lambda one: one.ref))
