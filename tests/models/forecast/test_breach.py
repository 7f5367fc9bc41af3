"""Who will be late: from where a case stands, and honest about how sure that is."""

from datetime import date, timedelta

import pytest

from models.forecast.breach import Limit, forecast
from models.forecast.course import Asked, Course
from models.forecast.duties import Span, outlook
from models.forecast.lookback import calibrated
from models.forecast.measured import measure
from models.made_up.council import council, lives
from models.made_up.shape import Quality
from bench.forecasting import course_at

TODAY = date(2026, 11, 28)
QUALITY = Quality(0.5, 0.87, 0.25, 0.05, 0.05, 0.5, 0.35)


@pytest.fixture(scope="module")
def courses():
    return [course for life in lives(council(900, 2, TODAY, QUALITY)) if (course := course_at(life, TODAY)) is not None]


@pytest.fixture(scope="module")
def measured(courses):
    return measure(courses, TODAY)


def one(course, due, measured, seed=1, **more):
    found = forecast([course], {course.ref: Limit(TODAY + timedelta(days=due))}, measured, TODAY, seed, **more)
    return found.prospects[0]


def ago(days):
    return TODAY - timedelta(days=days)


ASKED = Course("B", ago(60), ago(20), True, (Asked("adv_d_psychology", "ep-service", ago(18)),))


def test_the_same_seed_gives_the_same_forecast(courses, measured):
    limits = {course.ref: Limit(course.received + timedelta(days=140)) for course in courses}
    first, again = (forecast(courses, limits, measured, TODAY, 5) for _ in range(2))
    assert first.prospects == again.prospects and first.outlooks == again.outlooks
    other = forecast(courses, limits, measured, TODAY, 6)
    assert other.outlooks[-1].expected == pytest.approx(first.outlooks[-1].expected, abs=3)


def test_a_limit_that_has_passed_is_missed_for_certain_and_not_counted_ahead(measured):
    found = forecast([ASKED], {"B": Limit(ago(1))}, measured, TODAY)
    assert found.prospects[0].late == 1.0 and [one.due for one in found.outlooks] == [0, 0, 0, 0]


@pytest.mark.parametrize("due, horizons", [(0, [1, 1, 1, 1]), (14, [1, 1, 1, 1]), (15, [0, 1, 1, 1]), (84, [0, 0, 0, 1]), (85, [0, 0, 0, 0])])
def test_a_limit_belongs_to_the_weeks_in_which_it_falls(measured, due, horizons):
    found = forecast([ASKED], {"B": Limit(TODAY + timedelta(days=due))}, measured, TODAY)
    assert [one.due for one in found.outlooks] == horizons


def test_a_case_at_its_last_step_with_time_left_is_rarely_late_and_one_at_its_first_nearly_always(measured):
    assert one(Course("A", ago(60), ago(40), True, (), ago(10), ago(5)), 70, measured).late < 0.05
    assert one(Course("A", ago(130)), 10, measured).late > 0.5                # what is left is the chance of a refusal
    assert one(ASKED, 3, measured).late > 0.9


def test_more_time_never_makes_it_more_likely_to_be_late(measured):
    chances = [one(ASKED, due, measured).late for due in range(0, 200, 10)]
    assert chances == sorted(chances, reverse=True)


def test_it_names_whose_advice_is_waited_for_and_what_step_is_open(measured):
    found = one(ASKED, 30, measured)
    assert found.waits_for == "adv_d_psychology (ep-service)" and found.step == "gather"
    assert found.soonest <= found.likely <= found.latest
    assert [one(course, 30, measured).step for course in (
        Course("A", ago(9)), Course("A", ago(60), ago(20), True, (), ago(3)), Course("A", ago(60), ago(20), True, (), ago(9), ago(3)))] == [
            "decide", "draft", "final"]


def test_an_agency_that_is_closed_answers_when_it_opens(measured):
    opens = TODAY + timedelta(days=90)
    closed = one(ASKED, 120, measured, next_open=lambda agency, day: max(day, opens))
    assert closed.soonest > opens and closed.late > one(ASKED, 120, measured).late


def test_a_case_without_a_limit_or_that_has_ended_is_left_out(measured):
    ended = Course("C", ago(100), ago(60), False, ended_on=ago(60))
    assert forecast([ASKED, ended], {"C": Limit(TODAY)}, measured, TODAY).prospects == ()


def test_the_range_holds_what_is_expected_and_grows_with_the_surety_asked_for(courses, measured):
    found = forecast(courses, {course.ref: Limit(course.received + timedelta(days=140)) for course in courses}, measured, TODAY)
    for ahead in found.outlooks:
        assert ahead.within_95[0] <= ahead.within_80[0] <= round(ahead.expected) <= ahead.within_80[1] <= ahead.within_95[1] <= ahead.due
    due = [one.due for one in found.outlooks]
    assert due == sorted(due)


def test_where_nothing_is_known_of_the_advice_the_rest_is_measured_as_a_whole(courses):
    bare = [Course(c.ref, c.received, c.decided_on, c.assesses, (), None, None, c.final_on, c.ended_on) for c in courses]
    measured = measure(bare, TODAY)
    assert measured.without_advice and not measure(courses, TODAY).without_advice
    found = one(Course("Z", ago(80), ago(45), True), 60, measured)
    assert found.waits_for is None and 0 < found.late < 1


def test_with_few_cases_it_says_which_steps_are_assumed():
    assert measure((), TODAY).thin == ("decide", "gather", "issue", "draft", "final")


def test_forecasts_of_made_up_councils_come_true_about_as_often_as_they_say():
    pairs = []
    for seed, quality in enumerate((0.25, 0.5, 0.75)):
        every = list(lives(council(1_200, seed, TODAY, Quality(quality, 0.85, 0.25, 0.05, 0.05, 0.5, 0.3))))
        for back in (120, 240):
            then = ago(back)
            courses = [course for life in every if (course := course_at(life, then)) is not None]
            limits = {course.ref: Limit(course.received + timedelta(days=140)) for course in courses}
            came = {f"MADEUP-{life.number:06d}": life.plan_start is not None and life.plan_start > life.received + timedelta(days=140)
                    for life in every if life.received}
            pairs.append((forecast(courses, limits, measure(courses, then), then, seed), came))
    found = calibrated(pairs)
    assert found.brier < 0.7 * found.brier_of_the_share
    assert found.in_95 >= 0.8 * found.counts
    for group in found.bins:
        if group.forecasts >= 60:
            assert group.came == pytest.approx(group.named, abs=0.15), group


def test_there_must_be_something_to_look_back_on():
    with pytest.raises(ValueError, match="no forecast"):
        calibrated([])


# --- the other limits ---------------------------------------------------------------------------------------------------

def spans(number, took, limit=42):
    return [Span(f"S{n}", "decide_whether_to_assess", ago(100 + n), ago(100 + n - limit), ago(100 + n - took)) for n in range(number)]


def test_another_limit_is_forecast_by_its_own_times():
    fast, slow = spans(80, 30), spans(80, 60)
    ahead = [Span("open", "decide_whether_to_assess", ago(20), TODAY + timedelta(days=22))]
    quick, late = (outlook([*past, *ahead], TODAY)[0] for past in (fast, slow))
    assert quick.chances[0].late < 0.25 < 0.75 < late.chances[0].late
    assert (quick.measured, quick.is_thin, quick.late_already) == (80, False, 0)


def test_what_is_late_already_or_ended_is_not_ahead():
    told = [Span("late", "next_review", ago(400), ago(1)), Span("today", "next_review", ago(365), TODAY),
            Span("ended", "next_review", ago(300), TODAY + timedelta(days=60), ended_on=ago(2)),
            Span("to come", "next_review", TODAY + timedelta(days=1), TODAY + timedelta(days=366))]
    found = outlook(told, TODAY)[0]
    assert found.late_already == 1 and [one.ref for one in found.chances] == ["today"] and found.is_thin
