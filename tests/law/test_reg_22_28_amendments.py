"""Regs 22 and 28: amending a plan after a review, and at any other time."""

from datetime import date

import pytest

from tests.law.told import A_DAY, UNMET, around, dues, happened, owed, standing_of, states

MEETING = happened("review_meeting_held", "2026-10-01")
AMEND = happened("review_decision_sent", "2026-10-15", outcome="amend")


def notice(on, **data):
    return happened("amendment_notice_sent", on, document="d", **data)


NOTICE = notice("2026-10-15")
REVIEW = [MEETING, AMEND, NOTICE]


def test_the_family_has_fifteen_days_that_count_from_the_day_of_the_notice():
    assert around(REVIEW, "2026-10-29", "amend_representation_window") == [("open", 0), ("open", 0), ("met", 0)]
    assert around([NOTICE], "2026-10-29", "amend_representation_window") == [("open", 0), ("open", 0), ("met", 0)]
    cut = [*REVIEW, happened("final_amended_plan_sent", "2026-10-28")]
    assert owed(cut, "2026-10-28", "amend_representation_window").state == "lapsed"


@pytest.mark.parametrize("id", ["final_amended_plan", "decide_not_to_amend"])
def test_eight_weeks_from_the_notice_after_a_review(id):
    assert around(REVIEW, "2026-12-10", id) == UNMET


@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_the_amended_plan_and_its_day(days, state, late):
    facts = [*REVIEW, happened("final_amended_plan_sent", date(2026, 12, 10) + days * A_DAY)]
    assert standing_of(owed(facts, "2026-12-31", "final_amended_plan")) == (state, late)
    assert standing_of(owed(facts, "2026-12-31", "decide_not_to_amend")) == ("lapsed", 0)


def test_the_decision_not_to_amend_ends_the_clock_of_the_plan_and_can_be_appealed():
    facts = [*REVIEW, happened("decided_not_to_amend", "2026-12-14")]
    assert standing_of(owed(facts, "2026-12-31", "final_amended_plan")) == ("lapsed", 0)
    assert standing_of(owed(facts, "2026-12-31", "decide_not_to_amend")) == ("met_late", 4)
    assert owed(facts, "2026-12-14", "lodge_appeal").due_on == date(2027, 2, 15)


def test_the_amended_plan_can_be_appealed():
    facts = [*REVIEW, happened("final_amended_plan_sent", "2026-12-10")]
    assert owed(facts, "2026-12-10", "lodge_appeal").due_on == date(2027, 2, 10)


def test_at_any_other_time_eight_weeks_and_no_meeting():
    assert around([NOTICE], "2026-12-10", "amend_without_review") == UNMET
    assert dues([NOTICE], "2026-10-15", "final_amended_plan") == dues([NOTICE], "2026-10-15", "amendment_notice") == {}
    for kind in ("final_amended_plan_sent", "decided_not_to_amend"):
        assert owed([NOTICE, happened(kind, "2026-12-10")], "2026-12-10", "amend_without_review").state == "met"


def test_a_notice_that_belongs_to_a_review_is_no_amendment_outside_one():
    assert dues(REVIEW, "2026-10-15", "amend_without_review") == {}


def test_one_plan_answers_one_amendment_the_latest_that_waits():
    facts = [notice("2026-06-01"), *REVIEW, happened("final_amended_plan_sent", "2026-12-01")]
    assert owed(facts, "2026-12-01", "final_amended_plan").state == "met"
    assert owed(facts, "2026-12-01", "amend_without_review").state == "overdue"


def test_or_the_one_that_it_names():
    facts = [notice("2026-06-01"), *REVIEW, happened("final_amended_plan_sent", "2026-12-01", answers=["amendment"])]
    assert owed(facts, "2026-12-01", "final_amended_plan").state == "open"
    assert owed(facts, "2026-12-01", "amend_without_review").state == "met_late"


def test_or_both():
    facts = [notice("2026-06-01"), *REVIEW, happened("final_amended_plan_sent", "2026-12-01", answers=["amendment", "review"])]
    assert owed(facts, "2026-12-01", "final_amended_plan").state == "met"
    assert owed(facts, "2026-12-01", "amend_without_review").state == "met_late"


def test_the_plan_that_goes_to_one_after_the_other_is_one_plan():
    facts = [notice("2026-06-01"), *REVIEW, happened("final_amended_plan_sent", "2026-12-01", sent_to=["family"]),
             happened("final_amended_plan_sent", "2026-12-02", sent_to=["setting", "rcb"])]
    assert owed(facts, "2026-12-02", "amend_without_review").state == "overdue"


def test_of_two_reviews_each_has_its_own_amendment():
    facts = [*REVIEW, happened("review_meeting_held", "2027-01-12"), happened("review_decision_sent", "2027-02-01", outcome="amend"),
             notice("2027-02-01")]
    assert dues(facts, "2027-02-01", "final_amended_plan") == {"2026-10-01": date(2026, 12, 10), "2027-01-12": date(2027, 3, 29)}
    answered = [*facts, happened("final_amended_plan_sent", "2027-03-01")]
    assert states(answered, "2027-04-01", "final_amended_plan") == {"2026-10-01": "overdue", "2027-01-12": "met"}


def test_a_review_and_an_order_are_answered_one_by_one():
    facts = [*REVIEW, happened("tribunal_order_made", "2026-11-02", order="amend_provision"),
             happened("final_amended_plan_sent", "2026-12-01")]
    assert owed(facts, "2026-12-20", "ord_amend_sep").state == "met"
    assert owed(facts, "2026-12-20", "final_amended_plan").state == "overdue"
    both = [*facts[:-1], happened("final_amended_plan_sent", "2026-12-01", answers=["order", "review"])]
    assert owed(both, "2026-12-20", "final_amended_plan").state == "met"
