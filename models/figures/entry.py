"""One request with all that came of it, as the figures read it: whose it is, its days, and where it stood on a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from models.figures.period import Period
from models.sen2.record import Assessment, Person, Plan, Request


class Stage(StrEnum):
    """Where open work stood on a day."""

    REQUEST = "request"
    ASSESSMENT = "assessment"
    ISSUING = "issuing"


class Entry:
    """One block of requests of one person. `ref` is the reference of the case, or its place in the file where it has none."""

    __slots__ = ("ref", "person", "request", "assessment", "plan")

    def __init__(self, ref: str, person: Person, request: Request) -> None:
        self.ref, self.person, self.request = ref, person, request
        self.assessment: Assessment | None = request.assessment
        self.plan: Plan | None = request.plan

    # --- the request ---------------------------------------------------------------------------------------------------

    def outcome(self, on: date) -> str | None:
        """The outcome of the request as it was on a day: what was told later had not been decided yet."""
        request = self.request
        if request.outcome in ("Y", "N") and request.outcome_date is not None and request.outcome_date > on:
            return "A"
        return request.outcome

    @property
    def days_to_decision(self) -> int | None:
        """Days from receipt to the day the family was told whether there is an assessment; None if a day is missing or impossible."""
        return _days(self.request.received, self.request.outcome_date)

    @property
    def is_reversed(self) -> bool:
        """Whether the first answer was no, and there was an assessment all the same: the no stays recorded as the outcome."""
        return self.request.outcome == "N"

    # --- the assessment and the plan -----------------------------------------------------------------------------------

    @property
    def issued_on(self) -> date | None:
        """The day a plan was issued after an assessment here: the outcome's day, else the plan's start. Not of a plan that was issued
        before the collection year or came from another council (outcome H)."""
        assessment = self.assessment
        if assessment is None or assessment.outcome not in ("Y", "N"):
            return None
        if assessment.outcome == "Y" and assessment.outcome_date is not None:
            return assessment.outcome_date
        return assessment.plan.start if assessment.plan else None

    @property
    def days_to_plan(self) -> int | None:
        """Days from receipt to the plan's issue; None if a day is missing or impossible."""
        return _days(self.request.received, self.issued_on)

    @property
    def days_to_outcome(self) -> int | None:
        """Days from receipt to the day of the assessment's outcome; None if a day is missing or impossible."""
        return _days(self.request.received, self.assessment.outcome_date) if self.assessment else None

    @property
    def has_exception(self) -> bool:
        """Whether an exception to the twenty weeks is recorded; where nothing is, there is none."""
        return self.assessment is not None and self.assessment.exception is True

    @property
    def came_from_elsewhere(self) -> bool:
        """Whether another council's plan was transferred here."""
        return self.request.active is not None and self.request.active.transferred_from is not None

    def is_plan_open(self, on: date) -> bool:
        """Whether a plan was in force on a day."""
        return self.plan is not None and self.plan.is_open_on(on)

    # --- reviews ----------------------------------------------------------------------------------------------------------

    @property
    def reviewed_on(self) -> date | None:
        """The day the decision of the last review was told."""
        return self.request.active.last_review if self.request.active else None

    @property
    def days_to_review_decision(self) -> int | None:
        """Days from the last review meeting to the decision; None if a day is missing or impossible."""
        active = self.request.active
        return _days(active.review_meeting, active.last_review) if active else None

    # --- open work --------------------------------------------------------------------------------------------------------

    def open_stage(self, on: date) -> Stage | None:
        """Where the work stood on a day if it was not finished; None if it had not begun, had ended, or led to a plan."""
        request, assessment = self.request, self.assessment
        if request.exported is not None or (request.received is not None and request.received > on):
            return None
        outcome = self.outcome(on)
        if outcome == "A":
            return Stage.REQUEST
        if outcome in (None, "W") or (outcome in ("N", "H") and assessment is None):
            return None
        if assessment is None or assessment.outcome == "A":
            return Stage.ASSESSMENT
        if assessment.outcome in ("Y", "N"):
            if assessment.outcome == "Y" and assessment.outcome_date is None and (self.plan is None or self.plan.start is None):
                return Stage.ISSUING
            done = self.issued_on if assessment.outcome == "Y" else assessment.outcome_date
            return Stage.ASSESSMENT if done is not None and done > on else None
        return None

    def days_waiting(self, on: date) -> int | None:
        """Days from receipt to a day; None if the receipt is not known or later."""
        return _days(self.request.received, on)

    # --- the person ------------------------------------------------------------------------------------------------------

    def age(self, on: date | None) -> int | None:
        """Age in full years on a day; None if it cannot be told."""
        born = self.person.birth_date
        if born is None or on is None or born > on:
            return None
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def entries(persons: Iterable[Person]) -> Iterator[Entry]:
    """Each request of each person, one by one."""
    for person in persons:
        for number, request in enumerate(person.requests, start=1):
            yield Entry(request.key or request.place or f"{person.key or person.place or 'person'}:{number}", person, request)


def age_at_start_of_school_year(entry: Entry, period: Period) -> int | None:
    """Age on the 31 August before the day of the stock, on which the DfE counts the age of those with a plan."""
    day = period.stock_on
    return entry.age(date(day.year - (day.month < 9), 8, 31))


def _days(first: date | None, last: date | None) -> int | None:
    if first is None or last is None or last < first:
        return None
    return (last - first).days
