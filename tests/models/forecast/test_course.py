"""The course of an assessment as its facts tell it on a day."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest

from models.forecast.course import Asked, Course, course_of
from models.law.record import Fact

DAY = date(2026, 3, 2)


def facts(*told):
    return [Fact("A1", number, kind, DAY + timedelta(days=day), MappingProxyType(data)) for number, (kind, day, data) in enumerate(told, 1)]


WHOLE = facts(("request_received", 0, {}), ("decided_to_assess", 40, {}), ("advice_requested", 42, {"adviser": "adv_c_medical", "agency": "icb"}),
              ("advice_requested", 42, {"adviser": "adv_d_psychology", "agency": "ep-1"}), ("advice_received", 70, {"adviser": "adv_c_medical", "agency": "icb"}),
              ("advice_received", 90, {"adviser": "adv_d_psychology", "agency": "ep-1"}), ("decided_to_issue", 95, {}),
              ("draft_plan_served", 100, {}), ("final_plan_sent", 130, {}))


@pytest.mark.parametrize("day, open_step", [(39, "decided_on"), (94, "issue_on"), (99, "draft_on"), (129, "final_on")])
def test_the_day_before_a_step_it_is_not_known_and_on_the_day_it_is(day, open_step):
    before, then = (course_of("A1", WHOLE, DAY + timedelta(days=n)) for n in (day, day + 1))
    assert getattr(before, open_step) is None and getattr(then, open_step) == DAY + timedelta(days=day + 1)


def test_advice_is_outstanding_until_the_day_on_which_it_comes():
    before, then = (course_of("A1", WHOLE, DAY + timedelta(days=n)) for n in (89, 90))
    assert [one.adviser for one in before.outstanding] == ["adv_d_psychology"] and before.complete_on is None
    assert then.outstanding == () and then.complete_on == DAY + timedelta(days=90)


def test_a_case_that_ends_is_open_no_more():
    for kind in ("withdrawal_accepted", "moved_away", "child_died", "refused_to_issue", "ended_in_return"):
        course = course_of("A1", facts(("request_received", 0, {}), ("decided_to_assess", 30, {}), (kind, 50, {})), DAY + timedelta(days=50))
        assert not course.is_open and course.ended_on == DAY + timedelta(days=50), kind


def test_a_refusal_ends_it_and_a_reversal_begins_it_anew():
    refused = facts(("request_received", 0, {}), ("refused_to_assess", 40, {}))
    assert course_of("A1", refused, DAY + timedelta(days=60)).ended_on == DAY + timedelta(days=40)
    turned = course_of("A1", [*refused, *facts(*[("x", 0, {})] * 2, ("decided_to_assess", 200, {}))[2:]], DAY + timedelta(days=200))
    assert turned.is_open and turned.reversed and turned.decided_on == DAY + timedelta(days=200)


def test_what_is_asked_for_anew_is_waited_for_again():
    again = facts(("request_received", 0, {}), ("decided_to_assess", 10, {}), ("advice_requested", 12, {"adviser": "adv_c_medical"}),
                  ("advice_received", 20, {"adviser": "adv_c_medical"}), ("advice_requested", 25, {"adviser": "adv_c_medical"}))
    course = course_of("A1", again, DAY + timedelta(days=30))
    assert course.outstanding == (Asked("adv_c_medical", "rcb", DAY + timedelta(days=25)),)


def test_a_correction_is_heeded_and_a_plan_without_a_request_has_no_course():
    wrong = facts(("request_received", 0, {}), ("decided_to_assess", 40, {}), ("fact_corrected", 41, {"replaces": 2, "withdrawn": True}))
    assert course_of("A1", wrong, DAY + timedelta(days=50)) == Course("A1", DAY)
    assert course_of("A1", facts(("plan_taken_over", 0, {"made_on": "2026-03-02"})), DAY) is None
    assert course_of("A1", facts(("request_received", 5, {})), DAY) is None
