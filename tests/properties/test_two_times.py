"""What was due, by what was known: the same as if only the facts known by then had ever been recorded."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import bank_holidays
from models.case import Case
from models.hand import Hand
from models.law.deadlines import work_out
from models.two_times import backdated, day_of, end_of
from tasks.case_file import NewFact, open_case, read, record
from tasks.database import reading, writing
from tests.harness import databases
from tests.properties.lives import anything, from_day

FIRST = date(2026, 3, 2)
REF = "A1"
AT = st.tuples(st.integers(0, 120), st.integers(0, 24 * 60 * 60 - 1)).map(
    lambda told: datetime.combine(FIRST + timedelta(days=told[0]), time(0), UTC) + timedelta(seconds=told[1]))


@pytest.fixture(scope="module")
def new_database(tmp_path_factory):
    count = iter(range(10_000))

    def new():
        return databases.sqlite(tmp_path_factory.mktemp("two") / f"{next(count)}.sqlite")
    return new


KINDS = ("family_consulted", "views_received", "owner_named", "advice_requested", "advice_delivered", "advice_received",
         "further_request_received", "circumstances_recorded")


@st.composite
def lives(draw):
    """Facts with the moment at which each was recorded, in that order; some moved by a correction."""
    moments = sorted(draw(st.lists(AT, min_size=2, max_size=6, unique=True)))
    told = []
    for number, moment in enumerate(moments[1:], start=2):
        latest = (day_of(moment) - FIRST).days
        fact = draw(anything(from_day(FIRST, max(0, latest)), KINDS))
        told.append((moment, fact.kind, fact.on, dict(fact.data)))
        if number > 2 and draw(st.booleans()):
            told[-1] = (moment, "fact_corrected", day_of(moment), {"replaces": 2, "because": "x", "corrected": {
                "on": draw(from_day(FIRST, max(0, latest))).isoformat()}})
    return moments[0], told


def written(engine, opened_at, told):
    """Record them as far as the record can bear them. The moment of each that stands."""
    kept = []
    with writing(engine) as session:
        open_case(session, REF, None, NewFact("request_received", FIRST, {"requested_by": "parent", "attends": "school"}),
                  Hand(opened_at, "officer-7"), day_of(opened_at))
    for moment, kind, on, data in told:
        try:
            with writing(engine) as session:
                record(session, REF, kind, on, data, Hand(moment, "officer-7"), day_of(moment))
        except ValueError:
            continue
        kept.append((moment, kind, on, data))
    return kept


@settings(max_examples=15, deadline=None)
@given(life=lives(), known=st.integers(-1, 125), as_of=st.integers(0, 200))
def test_what_was_known_is_what_would_be_on_record_had_nothing_come_later(new_database, life, known, as_of):
    opened_at, told = life
    whole, only = new_database(), new_database()
    known_by, on = end_of(FIRST + timedelta(days=known)), FIRST + timedelta(days=as_of)
    kept = written(whole, opened_at, told)
    with reading(whole) as session:
        facts = read(session, REF, known_by=known_by)
    whole.dispose()
    if opened_at > known_by:
        assert facts == []
        return
    written(only, opened_at, [one for one in kept if one[0] <= known_by])
    with reading(only) as session:
        replayed = read(session, REF)
    only.dispose()
    strip = [(fact.number, fact.kind, fact.on, fact.recorded_at) for fact in facts]
    assert strip == [(fact.number, fact.kind, fact.on, fact.recorded_at) for fact in replayed]
    case = Case.of(REF, facts, on, bank_holidays())
    days = [(owed.instance, owed.due_on, owed.met_on, owed.state, owed.days_late) for owed in case.duties]
    assert days == [(owed.instance, owed.due_on, owed.met_on, owed.state, owed.days_late)
                    for owed in work_out(replayed, on, bank_holidays())]


@given(AT)
def test_a_day_ends_where_the_next_begins(moment):
    day = day_of(moment)
    assert moment <= end_of(day) and end_of(day - timedelta(days=1)) < moment
    assert day_of(end_of(day)) == day and day_of(end_of(day) + timedelta(microseconds=1)) == day + timedelta(days=1)


@pytest.mark.parametrize("moment, day", [
    (datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC), date(2026, 3, 28)), (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), date(2026, 3, 30)),
    (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)), (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25))])
def test_days_are_those_of_england_in_summer_and_in_winter(moment, day):
    assert day_of(moment) == day


@settings(max_examples=50, deadline=None)
@given(life=lives())
def test_backdated_is_what_was_recorded_on_a_later_day_and_by_how_much(life):
    from models.law.record import Fact

    opened_at, told = life
    facts = [Fact(REF, 1, "request_received", FIRST, {}, opened_at)] + [
        Fact(REF, number, kind, on, data, moment) for number, (moment, kind, on, data) in enumerate(told, start=2)]
    for one in backdated(facts):
        assert one.days == (day_of(one.fact.recorded_at) - one.happened_on).days > 0
    plain = {one.fact.number for one in backdated(facts) if one.corrects is None}
    assert plain == {fact.number for fact in facts if fact.kind != "fact_corrected" and day_of(fact.recorded_at) > fact.on}
