"""What a council's own cases of the last year show: how long each step takes, and how often a request leads on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.forecast.course import Course
from models.forecast.times import ENOUGH, Spell, Times, assumed, pooled, spell

WINDOW = 365
"""Days that are looked back: long enough for cases to end, short enough to show how things are now."""

# What is assumed where a council's own cases tell too little: plain shapes about the law's own limits, and the lags that councils'
# reports name. No release gives the times of single steps.
ASSUMED = {
    "decide": assumed(38, 0.30), "ask": assumed(3, 0.8), "advice": assumed(42, 0.55), "gather": assumed(60, 0.5),
    "issue": assumed(10, 0.7), "draft": assumed(8, 0.7), "final": assumed(24, 0.5), "whole": assumed(115, 0.45)}
STEP_WORDS = {
    "decide": "decision whether to assess", "ask": "asking for advice", "gather": "all advice", "issue": "decision whether to issue",
    "draft": "draft plan", "final": "final plan", "whole": "decision to assess to final plan"}
ASSESSED, ISSUED = (13.0, 5.0), (19.0, 1.2)
"""Of requests decided, and of assessments, in England in 2025 (DfE): yes and no, weighing as many cases as they sum up to."""


@dataclass(frozen=True)
class Measured:
    """The times of each step, of each adviser over all agencies and of each agency, and how many requests and assessments led on.

    `without_advice`: the record tells nothing of the advice, as where it came from a return; then the time from the decision to assess
    to the final plan is measured as a whole.
    """

    steps: dict[str, Times]
    advisers: dict[str, Times]
    agencies: dict[tuple[str, str], Times]
    assessed: tuple[float, float]
    issued: tuple[float, float]
    without_advice: bool

    def advice(self, adviser: str, agency: str) -> Times:
        """The times of that agency for that advice, or those of all its like, or what is assumed."""
        return self.agencies.get((adviser, agency)) or self.advisers.get(adviser) or Times.of((), ASSUMED["advice"])

    @property
    def thin(self) -> tuple[str, ...]:
        """The steps of which the council's own cases tell too little, so that an assumption still weighs much."""
        wanted = ("decide", "whole") if self.without_advice else ("decide", "gather", "issue", "draft", "final")
        return tuple(name for name in wanted if self.steps[name].count < ENOUGH)


def measure(courses: Iterable[Course], today: date, window: int = WINDOW) -> Measured:
    """What these courses show of the last `window` days before the end of `today`."""
    steps: dict[str, list[Spell]] = {name: [] for name in ASSUMED}
    advice: dict[str, dict[str, list[Spell]]] = {}
    assessed, issued = list(ASSESSED), list(ISSUED)
    opens = today - timedelta(days=window)
    for course in courses:
        for name, began, ended in _steps(course):
            if (found := spell(began, ended, today, window)) is not None:
                steps[name].append(found)
        for asked in course.asked:
            if (found := spell(asked.asked_on, asked.answered_on, today, window)) is not None:
                advice.setdefault(asked.adviser, {}).setdefault(asked.agency, []).append(found)
        if course.decided_on is not None and opens <= course.decided_on <= today and not course.reversed:
            assessed[0 if course.assesses else 1] += 1
        decided = course.issue_on or (course.ended_on if course.assesses and course.complete_on else None)
        if decided is not None and opens <= decided <= today:
            issued[0 if course.issue_on else 1] += 1
    times = {name: Times.of(found, ASSUMED[name]) for name, found in steps.items()}
    advisers, agencies = {}, {}
    for adviser, by_agency in advice.items():
        advisers[adviser], of = pooled(by_agency, ASSUMED["advice"])
        agencies |= {(adviser, agency): one for agency, one in of.items()}
    without = times["gather"].count < 5 <= times["whole"].count
    return Measured(times, advisers, agencies, (assessed[0], assessed[1]), (issued[0], issued[1]), without)


def _steps(course: Course) -> Iterator[tuple[str, date, date | None]]:
    """Each step that began, with its first day and, where it is known, its last. A step that another end cut off is open to that day."""
    if not course.reversed:
        yield "decide", course.received, course.decided_on or (course.ended_on if course.assesses is None else None)
    if course.decided_on is None or not course.assesses:
        return
    if course.final_on is not None or course.is_open:
        yield "whole", course.decided_on, course.final_on
    if course.asked:
        yield "ask", course.decided_on, min(one.asked_on for one in course.asked)
        yield "gather", course.decided_on, course.complete_on
    if course.complete_on is not None and course.ended_on is None:
        yield "issue", course.complete_on, course.issue_on
    if course.issue_on is not None:
        yield "draft", course.issue_on, course.draft_on
    if course.draft_on is not None:
        yield "final", course.draft_on, course.final_on
