"""Figures of agencies: advice within six weeks, by agency and by kind of advice. The return carries none of it: these come from the
facts alone, and no council's are published."""

from dataclasses import dataclass
from datetime import date

from models.figures.measure import Average, Mark, Measure, Part, Topic
from models.figures.period import Period
from models.law.advisers import ADVISERS

OURS = Mark.OURS


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for advice that has six weeks. `excused_by` is the exception that was judged lawful, `lapsed_on` the day from which
    no answer was owed any more."""

    ref: str
    adviser: str
    agency: str | None
    starts_on: date
    due_on: date
    met_on: date | None = None
    lapsed_on: date | None = None
    excused_by: str | None = None

    def is_met_by(self, day: date) -> bool:
        """Whether it was answered by a day."""
        return self.met_on is not None and self.met_on <= day


def _came_due(asked: Asked, period: Period) -> bool:
    ended = asked.lapsed_on is not None and asked.lapsed_on <= min(asked.due_on, period.until) and not asked.is_met_by(asked.lapsed_on)
    return period.holds(asked.due_on) and not ended


def _in_time(asked: Asked, _: Period) -> bool:
    return asked.is_met_by(asked.due_on)


def _late(asked: Asked, period: Period) -> bool:
    return not _in_time(asked, period) and asked.is_met_by(period.until)


def _days(asked: Asked, period: Period) -> int | None:
    return (asked.met_on - asked.starts_on).days if asked.is_met_by(period.until) else None


def _agency(asked: Asked, _: Period) -> str:
    return asked.agency or "not named"


def _adviser(asked: Asked, _: Period) -> str:
    return asked.adviser


ADVICE = Measure(
    "advice", "requests for advice whose six weeks ended in the year",
    "last day in the year, by the duty's own count: from receipt for a body within section 31 (reg 8(1)), from the request for others (the"
    " Code); left out: no longer owed before that day", _came_due, OURS, topics=(
        Topic("agency", "Agency", _agency, public=False), Topic("adviser", "Advice", _adviser, tuple(ADVISERS))),
    average=Average("weeks from request to advice", "of the advice that has arrived", _days, OURS), parts=(
        Part("six_weeks", "advice within six weeks", "answered by the last day", _in_time, OURS, split="time"),
        Part("over_six_weeks", "advice after six weeks", "answered after the last day, by the end of the period", _late, OURS,
             split="time"),
        Part("outstanding", "advice still outstanding", "not answered by the end of the period", lambda asked, period:
             not _in_time(asked, period) and not _late(asked, period), OURS, split="time"),
        Part("excused", "late or outstanding with a lawful exception", "an exception of reg 8(2) was claimed and judged lawful",
             lambda asked, period: asked.excused_by is not None and not _in_time(asked, period), OURS),
    ))
