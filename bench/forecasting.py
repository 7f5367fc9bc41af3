"""How far a forecast can be trusted: made-up councils drawn from the published figures, forecast on past days, held against what came.

Run by itself: `python -m bench.forecasting [COUNCILS] [PLANS]`. It asserts nothing and prints one table.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from models.advice import ADVISER_ROLES
from models.forecast.breach import Forecast, Limit, forecast
from models.forecast.course import Asked, Course
from models.forecast.lookback import Calibration, calibrated
from models.forecast.measured import measure
from models.made_up.as_recorded import AGENCIES
from models.made_up.council import council, lives
from models.made_up.life import Life

UNTIL = date(2026, 11, 28)
DAYS_BACK = (330, 250, 170)
TWENTY_WEEKS = timedelta(days=140)


def course_at(life: Life, on: date) -> Course | None:
    """The course of a life by the end of a day; None where there is none, or a refusal was reversed."""
    def by(day: date | None) -> date | None:
        return day if day is not None and day <= on else None
    if life.received is None or life.received > on or life.reversed_on is not None:
        return None
    decided, final, issue = by(life.decided_on), by(life.plan_start), by(life.issue_on)
    asked = tuple(Asked(adviser, AGENCIES.get(ADVISER_ROLES[adviser], "school"), life.asked_on or day, by(day))
                  for adviser, day in life.answered.items()) if by(life.asked_on) else ()
    ends = [by(life.withdrawn_on), decided if life.assess is False else None, issue if life.issue is False else None]
    return Course(f"MADEUP-{life.number:06d}", life.received, decided, life.assess if decided else None, asked,
                  issue if life.issue else None, by(life.draft_on), final,
                  None if final else min((day for day in ends if day), default=None))


def fared(councils: int, plans: int, told: Callable[[str], None] = lambda words: None) -> Calibration:
    """How forecasts of so many councils with so many plans fared, each made on three past days."""
    return calibrated(_pairs(councils, plans, told))


def _pairs(councils: int, plans: int, told: Callable[[str], None]) -> Iterator[tuple[Forecast, dict[str, bool]]]:
    for seed in range(1_000, 1_000 + councils):
        told(f"council {seed - 999} of {councils}")
        every = list(lives(council(plans, seed, UNTIL)))
        came = {f"MADEUP-{life.number:06d}": life.plan_start is not None and life.plan_start > life.received + TWENTY_WEEKS
                for life in every if life.received is not None}
        for back in DAYS_BACK:
            then = UNTIL - timedelta(days=back)
            courses = [course for life in every if (course := course_at(life, then)) is not None]
            limits = {course.ref: Limit(course.received + TWENTY_WEEKS) for course in courses}
            yield forecast(courses, limits, measure(courses, then), then, seed, rounds=200), came


def table(found: Calibration) -> str:
    """The calibration as a table."""
    lines = ["chance named    forecasts  on average  were late"]
    lines += [f"{one.low:>4.0%} to {one.high:>4.0%}  {one.forecasts:>9,}  {one.named:>10.0%}  {one.came:>9.0%}" for one in found.bins]
    lines.append(f"{found.in_80} of {found.counts} counts in the range for 80 in 100, {found.in_95} in that for 95; mean squared error"
                 f" {found.brier:.3f}, of always naming the share that came {found.brier_of_the_share:.3f}")
    return "\n".join(lines)


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:3]]
    print(table(fared(*(asked or [20, 1_500]), lambda words: print(words, file=sys.stderr))))
