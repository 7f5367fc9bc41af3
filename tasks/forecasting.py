"""What a forecast needs, read in one go: the course of every assessment, the limits, and when agencies are open."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType

import sqlalchemy as sa
from sqlmodel import Session, col

from models.agencies.reach import next_open_day
from models.agencies.register import Entry, entries
from models.forecast.breach import Forecast, Limit, forecast
from models.forecast.course import Course, course_of
from models.forecast.duties import OTHERS, DutyForecast, Span, outlook
from models.forecast.lookback import Calibration, calibrated, past_days
from models.forecast.measured import Measured, measure
from models.forecast.whatif import Pace, Row, compare, pace, start
from models.forecast.year import Change
from models.law.record import Fact
from models.tables.cases import DutyRow, FactRow
from tasks import bulk
from tasks.agencies import register
from tasks.worklist import owners_of

FACT = FactRow.__table__

TELLING = ("request_received", "became_responsible", "decided_to_assess", "refused_to_assess", "advice_requested", "advice_received",
           "existing_advice_sufficed", "advice_not_obtainable", "advice_declined", "decided_to_issue", "refused_to_issue",
           "draft_plan_served", "final_plan_sent", "withdrawal_accepted", "moved_away", "child_died", "ended_in_return", "detention_began",
           "fact_corrected")
"""The facts that tell the course of an assessment."""

LOOK_BACK_WEEKS, LOOK_BACK_TIMES = 12, 3


@dataclass(frozen=True)
class Ahead:
    """A forecast of the final plans, the outlook of the other limits, what it was measured from, the day of the newest fact that it stands
    on, and who holds each case."""

    plans: Forecast
    others: tuple[DutyForecast, ...]
    measured: Measured
    courses: int
    newest: date | None
    owners: dict[str, str | None]


@dataclass(frozen=True)
class Ground:
    """What is on record that a forecast stands on: every fact that tells a course, the limits of the final plan, and the agencies."""

    facts: dict[str, list[Fact]]
    limits: dict[str, Limit]
    register: dict[str, Entry]

    def courses(self, on: date) -> list[Course]:
        """The course of each assessment by the end of a day."""
        return [course for ref, facts in self.facts.items() if (course := course_of(ref, facts, on)) is not None]

    def next_open(self, agency: str, day: date) -> date:
        """The first day on which an agency is open; that day itself, where nothing is known of the agency."""
        entry = self.register.get(agency)
        return (next_open_day(entry, day) or day) if entry is not None else day


def read(session: Session) -> Ground:
    """The ground of a forecast, read from what is on record."""
    rows = bulk.select(session, FACT, ("case_ref", "number", "kind", "happened_on", "data"), ("kind", "in", list(TELLING)),
                       order=("case_ref", "number"))
    facts = {ref: [Fact(ref, number, kind, _day(on), MappingProxyType(json.loads(data))) for _, number, kind, on, data in of]
             for ref, of in groupby(rows, key=lambda row: row[0])}
    asked = sa.select(col(DutyRow.case_ref), col(DutyRow.due_on), col(DutyRow.excused_by)).where(
        col(DutyRow.duty) == "finalise_plan", col(DutyRow.due_on).is_not(None), col(DutyRow.occasion) == "")
    limits = {ref: Limit(due, excused) for ref, due, excused in session.exec(asked).all()}
    return Ground(facts, limits, {entry.agency.agency: entry for entry in entries(register(session))})


def look_ahead(session: Session, today: date, seed: int = 1, weeks: tuple[int, ...] = (2, 4, 6, 12)) -> Ahead:
    """The forecast from what is on record by the end of `today`."""
    ground = read(session)
    courses = ground.courses(today)
    measured = measure(courses, today)
    plans = forecast(courses, ground.limits, measured, today, seed, weeks, ground.next_open)
    others = outlook(_spans(session), today, seed, weeks)
    owners = owners_of(session, [one.ref for one in plans.prospects])
    newest = max((fact.on for facts in ground.facts.values() for fact in facts if fact.on <= today), default=None)
    return Ahead(plans, tuple(others), measured, len(courses), newest, owners)


def look_back(session: Session, today: date, seed: int = 1) -> tuple[Calibration, list[date]]:
    """How forecasts of the final plans, made on past days from what had happened by then, would have fared; and those days.

    Raises ValueError where too little is on record.
    """
    ground = read(session)
    now = {course.ref: course for course in ground.courses(today)}
    days, pairs = past_days(today, LOOK_BACK_WEEKS, LOOK_BACK_TIMES), []
    for day in days:
        courses = ground.courses(day)
        made = forecast(courses, ground.limits, measure(courses, day), day, seed, next_open=ground.next_open)
        came = {ref: _was_late(course, ground.limits[ref].due_on) for ref, course in now.items() if ref in ground.limits}
        pairs.append((made, came))
    return calibrated(pairs), days


def what_if(session: Session, today: date, change: Change, seed: int = 1) -> tuple[list[Row], Pace]:
    """The year ahead without a change and with it, from what is on record by the end of `today`, and the psychologists' pace.

    Raises BadScenario where the record tells too little.
    """
    courses = read(session).courses(today)
    found = pace(courses, today)
    return compare(start(courses, measure(courses, today), today, found), change, seed), found


def _was_late(course: Course, due_on: date) -> bool:
    """Whether the final plan was late, where the limit has passed: sent after it, or still to come."""
    if course.final_on is not None:
        return course.final_on > due_on
    return course.ended_on is None


def _spans(session: Session) -> Iterator[Span]:
    asked = sa.select(col(DutyRow.case_ref), col(DutyRow.duty), col(DutyRow.starts_on), col(DutyRow.due_on), col(DutyRow.met_on),
                      col(DutyRow.lapsed_on)).where(col(DutyRow.duty).in_(OTHERS), col(DutyRow.starts_on).is_not(None),
                                                    col(DutyRow.due_on).is_not(None)).order_by(
                                                        col(DutyRow.case_ref), col(DutyRow.duty), col(DutyRow.occasion))
    for ref, duty, starts_on, due_on, met_on, lapsed_on in session.exec(asked).all():
        if due_on - starts_on < timedelta(days=1500):
            yield Span(ref, duty, starts_on, due_on, met_on, lapsed_on)


@lru_cache(maxsize=8192)
def _day(text: str) -> date:
    return date.fromisoformat(text)
