"""s.31: who is bound to answer, when a body may decline, and that each body has a clock of its own."""

import pytest

from models.law.advisers import ADVISERS, body_asked
from tests.law.told import arisen, case_of, happened, owed, request, standing_of

DECIDED = happened("decided_to_assess", "2026-04-07")
COOP, OTHERS = "coop_respond_advice", "advice_six_weeks_others"


def told(kind, on, adviser="adv_c_medical", **data):
    return happened(kind, on, adviser=adviser, **data)


def clocks(facts, on):
    return {duty: arisen(facts, on, duty) for duty in (COOP, OTHERS)}


@pytest.mark.parametrize("adviser", ADVISERS)
def test_of_the_usual_givers_only_health_is_a_body_of_s_31(adviser):
    facts = [request(), DECIDED, told("advice_requested", "2026-04-08", adviser), told("advice_delivered", "2026-04-09", adviser)]
    assert (arisen(facts, "2026-04-09", COOP) != []) is (adviser == "adv_c_medical")


@pytest.mark.parametrize("adviser", ADVISERS)
@pytest.mark.parametrize("where", ["advice_requested", "advice_delivered"])
def test_whoever_is_asked_the_record_says_whether_the_body_is_one_of_s_31(adviser, where):
    other = {"advice_requested": "advice_delivered", "advice_delivered": "advice_requested"}[where]
    facts = [request(), DECIDED, told(where, "2026-04-08", adviser, body="s31"), told(other, "2026-04-08", adviser)]
    assert clocks(facts, "2026-04-09") == {COOP: [(adviser, None)], OTHERS: []}
    assert owed(facts, "2026-04-09", COOP).due_on.isoformat() == "2026-05-20"


@pytest.mark.parametrize("where", ["advice_requested", "advice_delivered"])
def test_a_private_clinic_is_no_body_of_s_31_though_its_advice_is_medical(where):
    other = {"advice_requested": "advice_delivered", "advice_delivered": "advice_requested"}[where]
    facts = [request(), DECIDED, told(where, "2026-04-08", body="other"), told(other, "2026-04-08")]
    assert clocks(facts, "2026-04-09") == {COOP: [], OTHERS: [("adv_c_medical", None)]}


def test_what_a_fact_does_not_say_is_what_that_adviser_usually_is():
    assert body_asked(told("advice_requested", "2026-04-08")) == "s31"
    assert body_asked(told("advice_requested", "2026-04-08", "adv_d_psychology")) == "other"
    assert body_asked(told("advice_requested", "2026-04-08", None)) == "other"


def test_a_body_may_decline_in_writing_and_owes_no_answer_then():
    facts = [request(), DECIDED, told("advice_delivered", "2026-04-08"), told("advice_declined", "2026-04-20", reasons="r")]
    assert owed(facts, "2026-04-19", COOP).state == "open"
    one = owed(facts, "2026-04-20", COOP)
    assert (one.state, one.lapsed_on.isoformat()) == ("lapsed", "2026-04-20")


def test_a_refusal_that_names_no_adviser_is_nobodys():
    facts = [request(), DECIDED, told("advice_delivered", "2026-04-08"), happened("advice_declined", "2026-04-20", reasons="r")]
    assert owed(facts, "2026-04-20", COOP).state == "open"


def test_another_body_asked_after_a_refusal_has_six_weeks_of_its_own():
    facts = [request(), DECIDED, told("advice_requested", "2026-04-08", agency="trust-a"),
             told("advice_delivered", "2026-04-08", agency="trust-a"), told("advice_declined", "2026-04-20", agency="trust-a"),
             told("advice_requested", "2026-04-22", agency="trust-b"), told("advice_delivered", "2026-04-23", agency="trust-b")]
    assert owed(facts, "2026-06-05", COOP, party="trust-a").state == "lapsed"
    one = owed(facts, "2026-06-05", COOP, party="trust-b")
    assert (one.due_on.isoformat(), standing_of(one)) == ("2026-06-04", ("overdue", 1))


def test_the_same_body_asked_again_after_its_refusal_has_six_weeks_too():
    facts = [request(), DECIDED, told("advice_delivered", "2026-04-08"), told("advice_declined", "2026-04-20"),
             told("advice_delivered", "2026-05-01")]
    assert owed(facts, "2026-04-30", COOP).state == "lapsed"
    one = owed(facts, "2026-05-01", COOP)
    assert (one.state, one.due_on.isoformat()) == ("open", "2026-06-12")
    assert any("It was asked for before: advice_delivered on Wed 8 Apr 2026" in sentence for sentence in one.why)


def test_two_bodies_asked_for_the_same_advice_each_answer_for_themselves():
    facts = [request(), DECIDED, told("advice_delivered", "2026-04-08", agency="trust-a"),
             told("advice_delivered", "2026-05-08", agency="trust-b"), told("advice_received", "2026-05-12", agency="trust-a")]
    first, second = (owed(facts, "2026-06-20", COOP, party=who) for who in ("trust-a", "trust-b"))
    assert (first.state, first.due_on.isoformat()) == ("met", "2026-05-20")
    assert (standing_of(second), second.due_on.isoformat()) == (("overdue", 1), "2026-06-19")


def test_advice_that_does_not_say_whose_it_is_frees_neither_of_two():
    facts = [request(), DECIDED, told("advice_delivered", "2026-04-08", agency="trust-a"),
             told("advice_delivered", "2026-05-08", agency="trust-b"), told("advice_received", "2026-05-12")]
    assert {owed(facts, "2026-05-20", COOP, party=who).state for who in ("trust-a", "trust-b")} == {"open"}
    assert "adv_c_medical" in case_of(facts, "2026-05-20").advice_outstanding


@pytest.mark.parametrize("answered_by", [None, "trust-a", "another-trust"])
def test_where_one_was_asked_its_advice_is_known_whoever_signs_it(answered_by):
    facts = [request(), DECIDED, told("advice_requested", "2026-04-08", agency="trust-a"), told("advice_delivered", "2026-04-08"),
             told("advice_received", "2026-05-12", agency=answered_by)]
    assert arisen(facts, "2026-05-20", COOP) == [("adv_c_medical", None)]
    assert owed(facts, "2026-05-20", COOP).state == "met"


def test_each_person_whom_the_family_asked_for_has_a_clock_if_bound():
    asked = [told("advice_delivered", "2026-04-08", "adv_h_requested", agency=who, body="s31") for who in ("trust-a", "trust-b")]
    facts = [request(), DECIDED, *asked, told("advice_received", "2026-05-12", "adv_h_requested", agency="trust-b")]
    assert owed(facts, "2026-05-20", COOP, party="trust-a").state == "open"
    assert owed(facts, "2026-05-20", COOP, party="trust-b").state == "met"


def test_a_single_person_named_only_when_asked_is_known_when_he_answers():
    facts = [request(), DECIDED, told("advice_requested", "2026-04-08", "adv_f_other", agency="virtual-school"),
             told("advice_received", "2026-05-12", "adv_f_other")]
    one = owed(facts, "2026-05-20", OTHERS)
    assert (one.party, one.state) == ("virtual-school", "met")


@pytest.mark.parametrize("end", ["refused_to_issue", "final_plan_sent", "withdrawal_accepted", "moved_away", "child_died"])
def test_the_end_of_the_assessment_is_the_end_of_the_asking(end):
    facts = [request(), DECIDED, told("advice_delivered", "2026-04-08"), happened(end, "2026-05-25")]
    assert standing_of(owed(facts, "2026-05-24", COOP)) == ("overdue", 4)
    assert standing_of(owed(facts, "2026-06-30", COOP)) == ("lapsed", 5)


def test_so_is_a_refusal_to_assess_where_advice_was_asked_for_before_the_decision():
    facts = [request(), told("advice_delivered", "2026-03-09"), happened("refused_to_assess", "2026-04-10")]
    assert owed(facts, "2026-04-09", COOP).state == "open"
    assert owed(facts, "2026-04-10", COOP).state == "lapsed"


def test_advice_that_came_on_the_day_of_the_end_still_came():
    facts = [request(), DECIDED, told("advice_delivered", "2026-04-08"), told("advice_received", "2026-05-10"),
             happened("refused_to_issue", "2026-05-10")]
    assert owed(facts, "2026-05-10", COOP).state == "met"
    facts[-2] = told("advice_received", "2026-05-11")
    assert owed(facts, "2026-05-11", COOP).state == "lapsed"
