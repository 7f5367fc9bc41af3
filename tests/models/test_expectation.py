"""The earliest day on which a decision or a plan can come, and the day on which its limit can no longer be met."""

from datetime import date, timedelta
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from models.calendar import bank_holidays
from models.case import Case
from models.expectation import EXPECTED, Expectation, expectation
from models.law.record import Fact

RECEIVED = date(2026, 3, 2)
ALL = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care")


def on(days: int) -> date:
    return RECEIVED + timedelta(days=days)


def case_of(day: int, *told: tuple[int, str, dict]) -> Case:
    facts = [Fact("A1", number, kind, on(days), MappingProxyType(data)) for number, (days, kind, data) in enumerate(
        [(0, "request_received", {"requested_by": "parent", "attends": "school", "setting": "school-1"}), *told], start=1)]
    return Case.of("A1", facts, on(day), bank_holidays())


def hope(case: Case, duty: str = "finalise_plan") -> Expectation:
    found = expectation(case, next(owed for owed in case.terms if owed.duty.id == duty))
    assert found is not None
    return found


ASSESSED = (30, "decided_to_assess", {"decided_by": "o-1", "notified_on": on(30).isoformat()})
ASKED = [(30, "advice_requested", {"adviser": one}) for one in ALL]
IN = [(70, "advice_received", {"adviser": one}) for one in ALL]
TO_ISSUE = (90, "decided_to_issue", {"decided_by": "o-1", "notified_on": on(90).isoformat()})


def test_without_a_draft_the_twenty_weeks_are_lost_when_the_fifteen_days_no_longer_fit() -> None:
    found = hope(case_of(125, ASSESSED, *IN, TO_ISSUE))
    assert found.due_on == on(140) and found.unattainable_from == on(126)
    assert found.not_before(on(125)) == on(140)          # served on day 125, with the family to the end of day 139
    assert found.not_before(on(126)) == on(141)


def test_a_draft_served_in_time_leaves_the_limit_within_reach_until_it_is_over() -> None:
    found = hope(case_of(130, ASSESSED, *IN, TO_ISSUE, (125, "draft_plan_served", {})))
    assert found.unattainable_from == on(141) and found.not_before(on(130)) == on(140)


def test_a_draft_served_a_day_too_late_is_known_to_be_late_at_once() -> None:
    found = hope(case_of(130, ASSESSED, *IN, TO_ISSUE, (126, "draft_plan_served", {})))
    assert found.unattainable_from == on(126) and found.not_before(on(130)) == on(141)


def test_the_decision_can_come_any_day_so_its_limit_is_lost_only_when_it_is_over() -> None:
    found = hope(case_of(10), "decide_whether_to_assess")
    assert found.unattainable_from == on(43) and found.not_before(on(10)) == on(10)


def test_the_missing_advice_is_named_and_none_before_anybody_could_ask() -> None:
    assert hope(case_of(69, ASSESSED, *ASKED, *IN[:3])).missing == ALL
    later = case_of(80, ASSESSED, *ASKED, *IN[:3])
    assert hope(later).missing == ("adv_d_psychology", "adv_e_social_care")
    assert hope(case_of(10), "decide_whether_to_assess").missing == ()


def test_a_range_is_given_only_where_every_outstanding_advice_has_a_day_ahead() -> None:
    delivered = [(30, "advice_delivered", {"adviser": "adv_d_psychology"})]
    known = case_of(71, ASSESSED, *ASKED, *delivered, *IN[:3], IN[4])
    assert hope(known).by == on(72) + timedelta(days=15)
    assert hope(case_of(73, ASSESSED, *ASKED, *delivered, *IN[:3], IN[4])).by is None
    promised = (74, "advice_acknowledged", {"adviser": "adv_d_psychology", "expected_on": on(100).isoformat()})
    assert hope(case_of(75, ASSESSED, *ASKED, *delivered, *IN[:3], IN[4], promised)).by == on(115)
    assert hope(case_of(101, ASSESSED, *ASKED, *delivered, *IN[:3], IN[4], promised)).by is None


def test_what_is_done_or_has_no_limit_has_no_expectation() -> None:
    done = case_of(40, ASSESSED)
    assert expectation(done, next(owed for owed in done.terms if owed.duty.id == "decide_whether_to_assess")) is None
    other = next(owed for owed in done.terms if owed.duty.id not in EXPECTED)
    assert expectation(done, other) is None


@given(day=st.integers(91, 400), served=st.none() | st.integers(91, 200))
def test_a_limit_is_called_lost_exactly_when_the_earliest_day_lies_behind_it(day: int, served: int | None) -> None:
    drafts = [] if served is None or served > day else [(served, "draft_plan_served", {})]
    found = hope(case_of(day, ASSESSED, *IN, TO_ISSUE, *drafts))
    assert (found.not_before(on(day)) > found.due_on) is (on(day) >= found.unattainable_from)
    assert found.not_before(found.moves_past(on(day + 30))) > on(day + 30)
