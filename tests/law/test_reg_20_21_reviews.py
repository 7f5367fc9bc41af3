"""Regs 19 to 21 and s.44: the yearly review, its meeting, its report, its decision."""

from datetime import date

import pytest

from models.law.reviews import invited
from tests.law.told import A_DAY, UNMET, around, dues, happened, owed, standing_of, states

MADE = happened("final_plan_sent", "2026-04-15")
MEETING = happened("review_meeting_held", "2026-10-01")


def decided(on, outcome="continue", **data):
    return happened("review_decision_sent", on, outcome=outcome, decided_by="o", **data)


# --- s.44: how often ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("made", "last"), [("2026-04-15", "2027-04-14"), ("2026-01-01", "2026-12-31"), ("2027-03-01", "2028-02-29"),
                                            ("2028-02-29", "2029-02-28")])
def test_within_the_twelve_months_starting_with_the_day_on_which_it_was_made(made, last):
    assert around([happened("final_plan_sent", made)], last, "first_review") == UNMET


def test_and_then_with_the_day_on_which_each_review_was_concluded():
    facts = [MADE, MEETING, decided("2026-10-20"), happened("review_meeting_held", "2027-09-01"), decided("2027-09-20")]
    assert owed(facts, "2027-09-20", "first_review").state == "met"
    assert dues(facts, "2027-09-20", "next_review") == {"2026-10-20": date(2027, 10, 19), "2027-09-20": date(2028, 9, 19)}
    assert states(facts, "2027-09-20", "next_review") == {"2026-10-20": "met", "2027-09-20": "open"}


def test_a_plan_taken_over_counts_from_its_last_review():
    facts = [happened("plan_taken_over", "2026-09-01", made_on="2024-02-02", last_reviewed_on="2026-02-10")]
    assert around(facts, "2027-02-09", "next_review") == UNMET


def test_a_plan_that_ceased_is_reviewed_no_more():
    facts = [MADE, happened("plan_ceased", "2026-08-31", cease_reason="higher_education")]
    assert standing_of(owed(facts, "2027-06-01", "first_review")) == ("lapsed", 0)


@pytest.mark.parametrize(("kind", "id", "fields"), [("released", "review_on_release", {"plan_kept": True}),
                                                    ("left_education", "review_not_in_education_u18", {})])
def test_reviews_for_which_the_law_gives_no_figure(kind, id, fields):
    began = [happened("detention_began", "2026-01-05")] if kind == "released" else []
    facts = [*began, happened(kind, "2026-05-01", **fields)]
    one = owed(facts, "2027-05-01", id)
    assert (one.due_on, one.state) == (None, "open")
    assert owed([*facts, decided("2026-06-01")], "2026-06-01", id).state == "met"


# --- the meeting -------------------------------------------------------------------------------------------------

def test_everybody_is_invited_two_weeks_before_and_has_the_advice():
    facts = [happened("review_meeting_fixed", "2026-08-20", meeting_on="2026-10-01")]
    for id, answer in (("invite_to_review", "review_invited"), ("circulate_review_advice", "review_advice_circulated")):
        assert around(facts, "2026-09-17", id) == UNMET
        for days, state in ((-1, "met"), (0, "met"), (1, "met_late")):
            on = date(2026, 9, 17) + days * A_DAY
            assert owed([*facts, happened(answer, on)], "2026-09-30", id).state == state


def test_a_meeting_put_off_has_its_notice_counted_anew():
    facts = [happened("review_meeting_fixed", "2026-08-20", meeting_on="2026-10-01"),
             happened("review_meeting_fixed", "2026-09-25", meeting_on="2026-10-15")]
    assert owed(facts, "2026-09-25", "invite_to_review").due_on == date(2026, 10, 1)
    assert owed(facts, "2026-09-25", "review_meeting").due_on is None
    assert owed([*facts, happened("review_meeting_held", "2026-10-15")], "2026-10-15", "review_meeting").state == "met"


def test_whom_regs_20_and_21_name():
    assert invited(attends=True) == ("family", "setting", "council", "rcb", "social_care")
    assert invited(attends=False) == ("family", "council", "rcb", "social_care")


# --- after it ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("id", "last", "answer"), [
    ("review_report", date(2026, 10, 15), happened), ("review_decision", date(2026, 10, 29), happened)])
def test_report_in_two_weeks_and_decision_in_four(id, last, answer):
    assert around([MEETING], last, id) == UNMET
    kind = {"review_report": "review_report_sent", "review_decision": "review_decision_sent"}[id]
    for days, state, late in ((0, "met", 0), (1, "met_late", 1)):
        told = happened(kind, last + days * A_DAY, outcome="continue")
        assert standing_of(owed([MEETING, told], "2026-12-01", id)) == (state, late)


@pytest.mark.parametrize(("outcome", "appeals"), [("continue", True), ("cease", True), ("amend", False)])
def test_only_a_decision_to_leave_or_to_cease_can_be_appealed(outcome, appeals):
    facts = [MEETING, decided("2026-10-20", outcome)]
    assert bool(dues(facts, "2026-10-20", "lodge_appeal")) is appeals
    if appeals:
        assert owed(facts, "2026-10-20", "lodge_appeal").due_on == date(2026, 12, 21)             # 20 December is a Sunday


@pytest.mark.parametrize("outcome", ["continue", "cease"])
def test_a_decision_not_to_amend_ends_the_clock_of_the_amendments_and_breaks_nothing(outcome):
    facts = [MEETING, decided("2026-11-20", outcome)]
    assert standing_of(owed(facts, "2026-12-31", "amendment_notice")) == ("lapsed", 0)
    assert standing_of(owed(facts, "2026-12-31", "review_decision")) == ("met_late", 22)


# --- clocks never merge ------------------------------------------------------------------------------------------

def test_a_second_meeting_neither_closes_nor_hides_the_first():
    facts = [MEETING, happened("review_meeting_held", "2027-01-05")]
    for id, lasts in (("review_report", ("2026-10-15", "2027-01-19")), ("review_decision", ("2026-10-29", "2027-02-02")),
                      ("amendment_notice", ("2026-10-29", "2027-02-02")), ("final_amended_plan", ("2026-12-24", "2027-03-30"))):
        assert list(dues(facts, "2027-01-05", id).values()) == [date.fromisoformat(last) for last in lasts]
        assert states(facts, "2027-01-06", id)["2026-10-01"] == "overdue"


def test_one_decision_answers_one_review_the_latest_that_waits():
    facts = [MEETING, happened("review_meeting_held", "2026-10-20"), decided("2026-10-28")]
    assert states(facts, "2026-11-30", "review_decision") == {"2026-10-01": "overdue", "2026-10-20": "met"}


def test_or_the_one_that_it_names():
    facts = [MEETING, happened("review_meeting_held", "2026-10-20"), decided("2026-10-28", answers=["review:2026-10-01"])]
    assert states(facts, "2026-11-30", "review_decision") == {"2026-10-01": "met", "2026-10-20": "overdue"}


def test_two_meetings_of_one_day_are_two_reviews():
    facts = [MEETING, MEETING, decided("2026-10-10")]
    assert sorted(states(facts, "2026-11-30", "review_decision").values()) == ["met", "overdue"]


def test_the_date_tells_to_which_review_it_belongs():
    facts = [MEETING, happened("review_meeting_held", "2027-01-05")]
    assert "It belongs to a review of the plan of Thu 1 Oct 2026." in owed(facts, "2027-01-05", "review_report", occasion="2026-10-01").why
