"""What a change would do: more psychologists, more requests, other times, a draft law; the same year gone through without it and with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

import numpy as np

from models.forecast.course import PSYCHOLOGY, Course
from models.forecast.measured import STEP_WORDS, Measured
from models.forecast.times import Floats
from models.forecast.year import Change, Result, Start, courses_of, live_through

PACE_WEEKS = 26
"""Weeks from whose reports the pace of the psychologists is measured."""

BEST_WEEKS = 4
BUSY = 0.2
"""From what share of requests on that have waited longer than six weeks the service counts as full: then it delivers what it can."""

ROUNDS, DAYS_AHEAD = 200, 364
STEPS = {name: words for name, words in STEP_WORDS.items() if name not in ("gather", "whole")} | {
    "advice": "advice of everybody but the psychologists"}
"""The steps whose times a scenario may change."""

MEASURES = {"plans": "plans issued in the year", "within": "in time, in 100 limits of the year",
            "weeks": "average weeks from request to plan", "waiting": "waiting for a psychologist at its end"}
QUARTERS = ("weeks 1 to 13", "weeks 14 to 26", "weeks 27 to 39", "weeks 40 to 52")


class BadScenario(ValueError):
    """What is to be tried cannot be: the message says which entry, what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many reports a week the psychologists deliver: on average, in their best weeks, and what is reckoned with, since `share_waiting`
    of their requests have waited longer than six weeks."""

    average: float
    best: float
    share_waiting: float
    outstanding: int

    @property
    def is_full(self) -> bool:
        """Whether the service delivers all it can: then what it delivered is its pace."""
        return self.share_waiting >= BUSY

    @property
    def reckoned(self) -> float:
        """Reports a week that are reckoned with."""
        return self.average if self.is_full else self.best


@dataclass(frozen=True, slots=True)
class Span:
    """A number with the range of 80 in 100."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One measure without the change, with it, and the difference, round by round."""

    words: str
    without: Span
    with_it: Span
    difference: Span


def pace(courses: Sequence[Course], today: date) -> Pace:
    """How fast the psychologists deliver. Raises BadScenario where too few reports are on record to tell."""
    since = today - timedelta(weeks=PACE_WEEKS)
    asked = [one for course in courses for one in course.asked if one.adviser == PSYCHOLOGY]
    came = [(one.answered_on - since).days for one in asked if one.answered_on is not None and since < one.answered_on <= today]
    if len(came) < PACE_WEEKS // 2:
        raise BadScenario(f"only {len(came)} reports of psychologists came in the last {PACE_WEEKS} weeks, too few to tell a pace. Record"
                          " advice_requested and advice_received as they happen; an import of a return does not tell of them.")
    weekly = np.bincount([min((day - 1) // 7, PACE_WEEKS - 1) for day in came], minlength=PACE_WEEKS)
    best = max(float(weekly[n:n + BEST_WEEKS].mean()) for n in range(PACE_WEEKS - BEST_WEEKS + 1))
    waits = [(today - one.asked_on).days for course in courses if course.is_open for one in course.outstanding if one.adviser == PSYCHOLOGY]
    return Pace(len(came) / PACE_WEEKS, best, sum(days > 42 for days in waits) / len(waits) if waits else 0.0, len(waits))


def start(courses: Sequence[Course], measured: Measured, today: date, found: Pace) -> Start:
    """What the year ahead starts from."""
    opens = today - timedelta(days=364)
    by_month = {month: 0 for month in range(1, 13)}
    for course in courses:
        if opens <= course.received <= today:
            by_month[course.received.month] += 1
    return Start(today, measured, courses_of(courses), by_month, found.reckoned, found.is_full)


def compare(begin: Start, change: Change, seed: int = 1, rounds: int = ROUNDS, days: int = DAYS_AHEAD) -> list[Row]:
    """Each measure, and each quarter's share within the limit, without the change and with it. The same seed gives the same answer."""
    most = max(1.0, change.requests)
    pairs = [(live_through(begin, Change(), most, np.random.default_rng([seed, number]), days),
              live_through(begin, change, most, np.random.default_rng([seed, number]), days)) for number in range(rounds)]
    rows = [_row(words, pairs, lambda one, name=name: getattr(one, name)) for name, words in MEASURES.items()]
    return rows + [_row(f"in time, in 100 limits of {words}", pairs, lambda one, place=place: one.quarters[place])
                   for place, words in enumerate(QUARTERS)]


def _row(words: str, pairs: Sequence[tuple[Result, Result]], value: Any) -> Row:
    without = np.array([value(one) for one, _ in pairs], dtype=float)
    with_it = np.array([value(other) for _, other in pairs], dtype=float)
    return Row(words, _span(without), _span(with_it), _span(with_it - without))


def _span(values: Floats) -> Span:
    known = values[~np.isnan(values)]
    if not known.size:
        return Span(float("nan"), float("nan"), float("nan"))
    low, middle, high = np.quantile(known, (0.1, 0.5, 0.9))
    return Span(float(middle), float(low), float(high))


# --- what a file says --------------------------------------------------------------------------------------------------

ENTRIES = ("title", "requests", "psychologists", "times", "rulebook")


def change_of(told: Mapping[str, Any], limit: int | None = None) -> Change:
    """The change that a scenario file describes; `limit` is that of its draft law, in days, where it names one.

    Raises BadScenario.

    >>> change_of({"requests": "+15%", "psychologists": {"now": 6, "more": 2}}).psychologists
    1.3333333333333333
    """
    unknown = sorted(set(told) - set(ENTRIES))
    if unknown:
        near = get_close_matches(unknown[0], ENTRIES, n=1)
        raise BadScenario(f"{unknown[0]}: there is no such entry." + (f" Did you mean {near[0]}?" if near else "")
                          + f" A scenario may have {', '.join(ENTRIES)}.")
    title = told.get("title", "the change")
    if not isinstance(title, str) or not title.strip():
        raise BadScenario("title: give it a few words in quotes.")
    times = told.get("times", {})
    if not isinstance(times, Mapping):
        raise BadScenario('times: name steps under [times], such as draft = "-30%".')
    steps = {}
    for name, value in times.items():
        if name not in STEPS:
            raise BadScenario(f"times.{name}: there is no such step. Name " + ", ".join(
                f"{step} ({words})" for step, words in STEPS.items()) + ".")
        steps[name] = _factor(f"times.{name}", value)
    change = Change(title, _factor("requests", told.get("requests", "+0%")), _staff(told.get("psychologists")), steps, limit)
    if change == Change(title) and "rulebook" not in told:
        raise BadScenario("nothing is changed: name requests, psychologists, times or rulebook.")
    return change


def _factor(name: str, value: Any) -> float:
    text = str(value).strip()
    try:
        if not isinstance(value, str) or not text.endswith("%") or text[0] not in "+-":
            raise ValueError
        factor = 1 + float(text[:-1]) / 100
    except (ValueError, IndexError):
        raise BadScenario(f'{name}: {value!r} is no change. Write it in hundredths with a sign, such as "+15%" or "-30%".') from None
    if not 0.0999 <= factor <= 5.0001:
        raise BadScenario(f"{name}: {text} is too much; from -90% to +400% can be tried.")
    return factor


def _staff(value: Any) -> float:
    if value is None:
        return 1.0
    if not isinstance(value, Mapping) or set(value) != {"now", "more"} or not all(
            isinstance(number, int | float) and not isinstance(number, bool) for number in value.values()):
        raise BadScenario("psychologists: write how many there are and how many more come (fewer: a negative number), in full-time posts, such as"
                          " psychologists = {now = 6, more = 2}.")
    if value["now"] <= 0 or not 0.1 <= (value["now"] + value["more"]) / value["now"] <= 5:
        raise BadScenario(f"psychologists: {value['now']} and {value['more']} more cannot be tried: there must be some now, and some left"
                          " after the change, at most five times as many.")
    return float((value["now"] + value["more"]) / value["now"])
