"""A forecast from what is on record: the same courses as the facts tell, nothing that happened later, agencies closed as they are."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.forecast.whatif import BadScenario
from models.forecast.year import Change
from models.hand import Hand
from models.made_up.council import council, lives
from models.made_up.shape import Quality
from models.tables.agencies import AgencyClosureRow, AgencyRow
from tasks.case_file import NewFact, NewPerson, open_case, record
from tasks.database import reading, writing
from tasks.forecasting import look_ahead, look_back, read, what_if
from tasks.made_up import fill
from bench.forecasting import course_at

UNTIL = date(2026, 11, 28)
HAND = Hand(datetime(2026, 11, 28, 9, tzinfo=UTC), "officer-1")
MADE = council(100, 6, UNTIL, Quality(0.5, 0.85, 0.2, 0.05, 0.05, 0.5, 0.3))


@pytest.fixture
def made_up(engine):
    fill(engine, MADE, HAND)
    return engine


def test_the_record_tells_the_courses_that_the_lives_had(made_up):
    with reading(made_up) as session:
        ground = read(session)
    for day in (UNTIL, UNTIL - timedelta(days=200)):
        told = {course.ref: course for course in ground.courses(day)}
        lived = {course.ref: course for life in lives(MADE) if (course := course_at(life, day)) is not None}
        assert lived.keys() <= told.keys() and len(lived) > 50
        for ref, course in lived.items():
            assert (told[ref].received, told[ref].decided_on, told[ref].issue_on, told[ref].final_on, told[ref].is_open) == (
                course.received, course.decided_on, course.issue_on, course.final_on, course.is_open), ref
            assert {(one.adviser, one.asked_on, one.answered_on) for one in told[ref].asked} == {
                (one.adviser, one.asked_on, one.answered_on) for one in course.asked}, ref


def test_every_open_assessment_with_a_limit_has_its_chance_and_its_officer(made_up):
    with reading(made_up) as session:
        ahead = look_ahead(session, UNTIL)
        ground = read(session)
    open_ = {course.ref for course in ground.courses(UNTIL) if course.is_open and course.ref in ground.limits}
    assert {one.ref for one in ahead.plans.prospects} == open_ and open_
    assert all(ahead.owners[ref].startswith("officer-") for ref in open_)
    measured = {one.duty: one.measured for one in ahead.others}
    assert all(measured[duty] > 10 for duty in ("decide_whether_to_assess", "next_review", "review_decision")), measured


def test_looking_back_forecasts_from_what_had_happened_by_then_and_is_held_against_what_came(made_up):
    with reading(made_up) as session:
        found, days = look_back(session, UNTIL)
    assert days == [UNTIL - timedelta(weeks=12 * n) for n in (1, 2, 3)]
    assert found.forecasts > 10 and found.brier < found.brier_of_the_share


def test_an_agency_that_the_register_says_is_closed_answers_no_sooner(engine):
    ref, began = "EHC-2026-0001", UNTIL - timedelta(days=60)
    with writing(engine) as session:
        open_case(session, ref, NewPerson("Sam Ash"), NewFact("request_received", began, {"requested_by": "parent", "attends": "school"}), HAND, UNTIL)
        record(session, ref, "decided_to_assess", began + timedelta(days=30), {
            "decided_by": "officer-1", "reason_codes": ["plan_may_be_necessary"], "notified_on": began + timedelta(days=30)}, HAND, UNTIL)
        record(session, ref, "advice_requested", began + timedelta(days=31), {"adviser": "adv_b_education", "agency": "oak"}, HAND, UNTIL)
    with reading(engine) as session:
        before = look_ahead(session, UNTIL).plans.prospects[0]
    opens = UNTIL + timedelta(days=45)
    with writing(engine) as session:
        session.add(AgencyRow(ref="oak", kind="school", name="Oak School", roles="setting", weekdays="0 1 2 3 4"))
        session.flush()
        session.add(AgencyClosureRow(agency_ref="oak", since=UNTIL, until=opens - timedelta(days=1), why="building works"))
    with reading(engine) as session:
        after = look_ahead(session, UNTIL).plans.prospects[0]
    assert after.soonest > opens > before.soonest and after.late >= before.late


def test_nothing_on_record_is_an_answer(engine):
    with reading(engine) as session:
        ahead = look_ahead(session, UNTIL)
        assert (ahead.plans.prospects, ahead.others, ahead.courses) == ((), (), 0)
        with pytest.raises(ValueError, match="no forecast"):
            look_back(session, UNTIL)
        with pytest.raises(BadScenario, match="too few"):
            what_if(session, UNTIL, Change())
