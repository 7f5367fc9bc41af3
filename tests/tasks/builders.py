"""What the tests of the tasks build their cases from."""

from datetime import UTC, date, datetime, timedelta

from models.hand import Hand
from tasks.case_file import NewFact, NewPerson, open_case
from tasks.database import writing

RECEIVED = date(2026, 3, 2)
TODAY = date(2026, 5, 1)
REF = "EHC-2026-0001"
ANN = NewPerson("Ann Other", date(2015, 1, 7), "1 High Street, Oldtown")
REASONS = {"decided_by": "officer-7", "reason_codes": ["may_have_sen"]}


def day(number: int) -> date:
    """The day that many days after the request."""
    return RECEIVED + timedelta(days=number)


def hand(hour: int = 9, by: str = "officer-7") -> Hand:
    return Hand(datetime(2026, 5, 1, hour, 30, 0, 123456, tzinfo=UTC), by)


def a_request(**data) -> NewFact:
    return NewFact("request_received", RECEIVED, {"requested_by": "parent", "attends": "school"} | data)


def opened(engine, ref: str | None = REF, person=None, first: NewFact | None = None) -> str:
    """Open a case and give its reference."""
    with writing(engine) as session:
        return open_case(session, ref, person, first or a_request(), hand(), TODAY).case.ref
