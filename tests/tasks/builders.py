"""What the tests of the tasks build their cases from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from models.hand import Hand
from notifications.ladder import DEFAULT
from notifications.letter import Council
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


EVERY_DAY = replace(DEFAULT, working_days=False, quiet=None)
"""The default policy for people who are always there: each reminder goes on its own day."""


def council() -> Council:
    """A council whose details are all filled in."""
    return Council(
        name="Sample Council", phone="01632 960001", email="send@sample.example", post="1 Town Square, Oldtown",
        mediation_adviser="Made-up Mediation, 01632 960002", sendiass="Made-up SENDIASS, 01632 960003",
        disagreement_resolution="Made-up Resolution, 01632 960004",
        tribunal="First-tier Tribunal (SEND), 01632 960005", local_offer="https://localoffer.sample.example")
