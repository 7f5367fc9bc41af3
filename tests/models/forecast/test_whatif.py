"""What a change would do: the same year with it and without it, and a scenario that says what it means or is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.forecast.course import Asked, Course
from models.forecast.measured import measure
from models.forecast.whatif import BadScenario, change_of, compare, pace, start
from models.forecast.year import Change
from models.made_up.council import council, lives
from models.made_up.shape import Quality
from bench.forecasting import course_at

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def begin():
    """A council whose psychologists are full."""
    made = council(1_200, 3, TODAY, Quality(0.3, 0.9, 0.25, 0.05, 0.0, 0.5, 0.3))
    courses = [course for life in lives(made) if (course := course_at(life, TODAY)) is not None]
    found = pace(courses, TODAY)
    assert found.is_full
    return start(courses, measure(courses, TODAY), TODAY, found)


def rows(begin, change, rounds=40):
    return {row.words: row for row in compare(begin, change, rounds=rounds)}


def test_no_change_changes_nothing(begin):
    for row in rows(begin, Change()).values():
        assert (row.difference.low, row.difference.middle, row.difference.high) == (0, 0, 0), row


def test_more_psychologists_shorten_the_wait_and_fewer_lengthen_it(begin):
    more, fewer = rows(begin, Change(psychologists=4 / 3)), rows(begin, Change(psychologists=2 / 3))
    assert more["in time, in 100 limits of the year"].difference.low > 2 > -2 > fewer["in time, in 100 limits of the year"].difference.high
    assert more["waiting for a psychologist at its end"].difference.high < 0 < fewer["waiting for a psychologist at its end"].difference.low


def test_more_requests_mean_more_who_wait(begin):
    found = rows(begin, Change(requests=1.3))
    assert found["waiting for a psychologist at its end"].difference.low > 0
    assert found["in time, in 100 limits of weeks 40 to 52"].difference.middle < 0


def test_faster_drafts_and_a_longer_limit_both_make_more_plans_timely(begin):
    for change in (Change(steps={"draft": 0.3, "final": 0.7}), Change(limit=168)):
        assert rows(begin, change)["in time, in 100 limits of the year"].difference.low > 0


def test_a_service_that_is_not_full_gains_nothing_from_more(begin):
    changed = rows(replace(begin, is_full=False, pace=50.0), Change(psychologists=1.5))
    assert changed["in time, in 100 limits of the year"].difference.middle == 0


@pytest.mark.parametrize("waits, full", [((43, 10, 10, 10), True), ((42, 10, 10, 10), False), ((), False)])
def test_it_is_full_where_a_fifth_have_waited_longer_than_six_weeks(waits, full):
    came = [Course(f"A{n}", TODAY - timedelta(days=90), TODAY - timedelta(days=60), True, (
        Asked("adv_d_psychology", "ep", TODAY - timedelta(days=50), TODAY - timedelta(days=n)),)) for n in range(26)]
    wait = [Course(f"B{n}", TODAY - timedelta(days=90), TODAY - timedelta(days=60), True, (
        Asked("adv_d_psychology", "ep", TODAY - timedelta(days=days)),)) for n, days in enumerate(waits)]
    found = pace([*came, *wait], TODAY)
    assert found.is_full is full and found.average == 1.0 and found.best == 6.5
    assert found.reckoned == (1.0 if full else 6.5)


def test_without_reports_there_is_no_pace():
    bare = [Course("A", TODAY - timedelta(days=100), TODAY - timedelta(days=60), True, (
        Asked("adv_d_psychology", "ep", TODAY - timedelta(days=50)),))]
    with pytest.raises(BadScenario, match="only 0 reports"):
        pace(bare, TODAY)


@pytest.mark.parametrize("told, factor", [("+15%", 1.15), ("-90%", 0.1), ("+400%", 5.0), ("+0.5%", 1.005)])
def test_a_change_is_said_in_hundredths(told, factor):
    assert change_of({"requests": told, "times": {"draft": "-10%"}}).requests == pytest.approx(factor)


def test_a_scenario_may_say_everything_at_once():
    change = change_of({"title": "All", "requests": "+15%", "psychologists": {"now": 6, "more": -1.5}, "times": {"advice": "-20%"}}, limit=168)
    assert change == Change("All", 1.15, 0.75, {"advice": 0.8}, 168)


@pytest.mark.parametrize("told, words", [
    ({"requets": "+5%"}, "Did you mean requests"), ({}, "nothing is changed"), ({"title": "  ", "requests": "+1%"}, "title"),
    ({"requests": "15%"}, "with a sign"), ({"requests": 15}, "with a sign"), ({"requests": "+900%"}, "too much"),
    ({"requests": "+nan%"}, "too much"), ({"requests": ""}, "with a sign"),
    ({"psychologists": {"now": 6}}, "how many more"), ({"psychologists": {"now": 0, "more": 2}}, "there must be some now"),
    ({"psychologists": {"now": 6, "more": -6}}, "some left"), ({"psychologists": {"now": True, "more": 1}}, "how many more"),
    ({"psychologists": 8}, "how many more"), ({"times": {"lunch": "-5%"}}, "there is no such step"), ({"times": "-5%"}, "under \\[times\\]"),
])
def test_what_cannot_be_tried_is_refused_with_what_to_write(told, words):
    with pytest.raises(BadScenario, match=words):
        change_of(told)
