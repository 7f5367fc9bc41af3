"""Records of made-up cases for the tests of the figures."""

from datetime import date, timedelta

from hypothesis import strategies as st

from models.figures.entry import Entry, entries
from models.figures.period import Period
from models.figures.tally import Figure, count
from models.sen2.record import Active, Assessment, Need, Person, Placement, Plan, Request, Setting

YEAR = Period.of_year(2025)
RECEIVED = date(2025, 1, 2)


def days(number: int, after: date = RECEIVED) -> date:
    """The day so many days after the request."""
    return after + timedelta(days=number)


def person(*requests: Request, **items) -> Person:
    return Person(**{"sex": "F", "birth_date": date(2016, 5, 4)} | items, requests=list(requests))


def issued(after: int, ref: str = "A1", received: date | None = RECEIVED, outcome: str = "Y", exception: bool | None = False, **items) -> Person:
    """Somebody whose plan was issued so many days after the request."""
    on = days(after, received or RECEIVED)
    return person(Request(key=ref, received=received, outcome=outcome, outcome_date=received and days(30, received), assessment=Assessment(
        outcome="Y", outcome_date=on, exception=exception, plan=Plan(start=on)), active=Active(needs=[Need(type="ASD", rank="1")])), **items)


def requested(outcome: str | None, after: int | None = 30, ref: str = "A1", received: date | None = RECEIVED, **items) -> Person:
    """Somebody whose request had this outcome so many days after it."""
    return person(Request(key=ref, received=received, outcome=outcome, outcome_date=None if after is None else days(after, received or RECEIVED),
                          **items))


def with_plan(ref: str = "A1", start: date = date(2023, 5, 1), cease: tuple[date, str] | None = None, active: Active | None = None,
              settings: list[Setting] | None = None, **items) -> Person:
    """Somebody who has a plan from an earlier year."""
    return person(Request(key=ref, outcome="H", assessment=Assessment(outcome="H", plan=Plan(
        start=start, cease_date=cease and cease[0], cease_reason=cease and cease[1], settings=settings or [], **items)), active=active or Active()))


def figures(*persons: Person, period: Period = YEAR) -> dict[str, Figure]:
    """The figures of these persons by id."""
    return {figure.id: figure for figure in count(entries(persons), period)}


# --- any records at all ---------------------------------------------------------------------------------------------------

_day = st.none() | st.dates(date(2023, 6, 1), date(2026, 3, 1))
_flag = st.sampled_from((None, False, True))


def _code(codes: str):
    return st.sampled_from((None, *codes))


_setting = st.builds(Setting, urn=st.none() | st.just("100000"), ukprn=st.none() | st.just("10000000"), code=st.sampled_from((None, "EHE", "OTH")),
                     rank=_code("12"), sen_unit=_flag, resourced=_flag)
_placement = st.builds(Placement, urn=st.none() | st.just("100000"), code=st.sampled_from((None, "NEET")), rank=_code("12"), entered=_day, left=_day)
_plan = st.builds(Plan, start=_day, cease_date=_day, cease_reason=_code("123456789"), personal_budget=_flag, residential=_code("AB"),
                  work_based=_code("ATS"), settings=st.lists(_setting, max_size=2))
_assessment = st.builds(Assessment, outcome=_code("YNAWH"), outcome_date=_day, mediation=_flag, tribunal=_flag, other_mediation=_flag,
                        other_tribunal=_flag, exception=_flag, plan=st.none() | _plan)
_active = st.builds(Active, transferred_from=st.sampled_from((None, "201")), review_meeting=_day, review_outcome=_code("MCA"), last_review=_day,
                    transfer_due=_day, transfer_final=_day, placements=st.lists(_placement, max_size=2),
                    needs=st.lists(st.builds(Need, type=st.sampled_from(("ASD", "SEMH", None)), rank=_code("12")), max_size=2))
_request = st.builds(Request, received=_day, source=_code("12345"), youth_accommodation=_flag, outcome=_code("YNAWH"), outcome_date=_day,
                     mediation=_flag, tribunal=_flag, exported=st.sampled_from((None, None, None, "202")), assessment=st.none() | _assessment,
                     active=st.none() | _active)
anybody = st.builds(Person, sex=st.sampled_from((None, "M", "F")), birth_date=st.none() | st.dates(date(2000, 1, 1), date(2024, 1, 1)),
                    requests=st.lists(_request, min_size=1, max_size=2))
"""A person with whatever a file may say, whether it makes sense or not."""


def numbered(persons: list[Person]) -> list[Entry]:
    """Their requests with a reference each."""
    found = []
    for place, one in enumerate(persons):
        for number, request in enumerate(one.requests):
            found.append(Entry(f"C{place:03}-{number}", one, request))
    return found
