"""Reg 44: complying with an order of the Tribunal, from the day on which it was made."""

from datetime import date

import pytest

from tests.law.told import A_DAY, UNMET, around, claim, dues, happened, owed, request, standing_of, states

MADE_ON = date(2027, 3, 4)
ROWS = [
    ("assess", "ord_assess_notify", 2, "decided_to_assess"), ("assess", "ord_assess_no_plan", 10, "refused_to_issue"),
    ("assess", "ord_assess_final", 14, "final_plan_sent"), ("make_plan", "ord_make_draft", 5, "draft_plan_served"),
    ("make_plan", "ord_make_final", 11, "final_plan_sent"), ("remit", "ord_remit", 2, "draft_plan_served"),
    ("remit", "ord_remit", 2, "refused_to_issue"), ("amend_provision", "ord_amend_sep", 5, "final_amended_plan_sent"),
    ("amend_setting", "ord_amend_setting", 2, "final_amended_plan_sent"),
    ("continue_amend", "ord_continue_amend", 5, "final_amended_plan_sent")]
RELIEVED = {"ord_assess_notify", "ord_assess_no_plan", "ord_assess_final", "ord_make_draft", "ord_make_final"}
EVERY_LIMIT = pytest.mark.parametrize(("order", "id", "weeks", "answer"), ROWS)


def ordered(order, on=MADE_ON, **data):
    return happened("tribunal_order_made", on, order=order, **data)


@EVERY_LIMIT
def test_the_day_before_the_day_and_the_day_after(order, id, weeks, answer):
    last = MADE_ON + 7 * weeks * A_DAY
    assert around([ordered(order)], last, id) == UNMET
    for days, state, late in ((0, "met", 0), (1, "met_late", 1)):
        assert standing_of(owed([ordered(order), happened(answer, last + days * A_DAY)], "2027-12-31", id)) == (state, late)


@EVERY_LIMIT
def test_an_order_sets_running_its_own_limits_and_no_other(order, id, weeks, answer):
    every = {row[1] for row in ROWS}
    assert {one for one in every if dues([ordered(order)], MADE_ON, one)} == {row[1] for row in ROWS if row[0] == order}


@EVERY_LIMIT
@pytest.mark.parametrize(("code", "fields"), [
    ("X_PERSONAL", {}), ("X_ABSENT2", {"absent_from": "2027-03-04", "absent_to": "2027-03-17"}),
    ("X_SCHOOL", {"advice_requested_on": "2027-03-10", "closed_from": "2027-03-15", "reopens_on": "2027-04-20"})])
def test_reg_44_3_relieves_assessments_and_new_plans_alone(order, id, weeks, answer, code, fields):
    facts = [ordered(order), claim(id, code, "2027-03-12", **fields)]
    one = owed(facts, "2027-12-31", id)
    assert (one.excused_by, one.state) == ((code, "excused") if id in RELIEVED else (None, "overdue"))


@pytest.mark.parametrize("order", ["continue", "dismiss_cease"])
def test_orders_without_a_figure(order):
    id = {"continue": "ord_continue", "dismiss_cease": "ord_dismiss_cease"}[order]
    one = owed([ordered(order)], "2028-03-04", id)
    assert (one.due_on, one.state) == (None, "open")


def test_after_an_assessment_that_was_ordered_there_is_a_plan_or_none_and_the_other_clock_ends_unbroken():
    plan = [ordered("assess"), happened("decided_to_assess", "2027-03-10"), happened("final_plan_sent", "2027-06-10")]
    assert standing_of(owed(plan, "2027-06-10", "ord_assess_final")) == ("met", 0)
    assert standing_of(owed(plan, "2027-06-10", "ord_assess_no_plan")) == ("lapsed", 0)
    none = [ordered("assess"), happened("decided_to_assess", "2027-03-10"), happened("refused_to_issue", "2027-05-13")]
    assert standing_of(owed(none, "2027-06-30", "ord_assess_no_plan")) == ("met", 0)
    assert standing_of(owed(none, "2027-06-30", "ord_assess_final")) == ("lapsed", 0)


def test_a_decision_to_make_a_plan_ends_the_ten_weeks():
    facts = [ordered("assess"), happened("decided_to_assess", "2027-03-10"), happened("decided_to_issue", "2027-05-20")]
    assert standing_of(owed(facts, "2027-05-21", "ord_assess_no_plan")) == ("lapsed", 0)
    assert owed(facts, "2027-05-21", "ord_assess_final").state == "open"


def test_a_reassessment_may_be_what_was_ordered():
    facts = [happened("final_plan_sent", "2025-09-01"), ordered("assess"),
             happened("reassessment_decided", "2027-03-18", outcome="reassess")]
    assert owed(facts, "2027-03-18", "ord_assess_notify").state == "met"
    amended = [*facts, happened("final_amended_plan_sent", "2027-06-10")]
    assert owed(amended, "2027-06-10", "ord_assess_final").state == "met"


def test_two_orders_have_clocks_of_their_own_and_one_plan_answers_one():
    facts = [ordered("amend_provision"), ordered("amend_setting", "2027-04-01")]
    assert dues(facts, "2027-04-01", "ord_amend_sep") == {"2027-03-04": date(2027, 4, 8)}
    assert dues(facts, "2027-04-01", "ord_amend_setting") == {"2027-04-01": date(2027, 4, 15)}
    answered = [*facts, happened("final_amended_plan_sent", "2027-04-05")]
    assert owed(answered, "2027-04-20", "ord_amend_setting").state == "met"
    assert owed(answered, "2027-04-20", "ord_amend_sep").state == "overdue"
    named = [*facts, happened("final_amended_plan_sent", "2027-04-05", answers=["order:2027-03-04"])]
    assert owed(named, "2027-04-20", "ord_amend_sep").state == "met"
    assert owed(named, "2027-04-20", "ord_amend_setting").state == "overdue"


def test_two_orders_of_one_kind_are_two():
    facts = [ordered("amend_setting"), ordered("amend_setting", "2027-03-10"), happened("final_amended_plan_sent", "2027-03-12")]
    assert states(facts, "2027-03-31", "ord_amend_setting") == {"2027-03-04": "overdue", "2027-03-10": "met"}


def test_the_order_is_told_in_the_explanation():
    assert "It belongs to an order of the Tribunal of Thu 4 Mar 2027." in owed([ordered("remit")], MADE_ON, "ord_remit").why


# --- the clocks that stood before --------------------------------------------------------------------------------

REFUSED = [request("2026-03-02"), happened("refused_to_assess", "2026-04-09")]


def test_a_refusal_reversed_with_an_order_has_the_limits_of_the_order_and_the_original_clock_stays_where_it_was():
    facts = [*REFUSED, ordered("assess", "2026-09-01"), happened("decided_to_assess", "2026-09-10")]
    assert owed(facts, "2026-09-10", "ord_assess_notify").state == "met"
    assert owed(facts, "2026-09-10", "ord_assess_final").due_on == date(2026, 12, 8)
    for id in ("refuse_to_issue", "finalise_plan"):
        one = owed(facts, "2026-12-31", id)
        assert (one.state, one.days_late, one.candidates) == ("lapsed", 0, ())


@pytest.mark.parametrize("by", [happened("appeal_unopposed", "2026-09-01", about="assess"),
                                happened("mediation_agreed", "2026-09-01", order="assess")])
def test_so_has_one_reversed_by_a_concession_or_an_agreement(by):
    facts = [*REFUSED, by, happened("decided_to_assess", "2026-09-10")]
    assert owed(facts, "2026-12-31", "finalise_plan").state == "lapsed"


def test_a_refusal_to_issue_reversed_with_an_order():
    facts = [request("2026-03-02"), happened("decided_to_assess", "2026-04-09"), happened("refused_to_issue", "2026-06-15"),
             ordered("make_plan", "2026-12-01"), happened("decided_to_issue", "2026-12-02")]
    assert owed(facts, "2026-12-02", "finalise_plan").state == "lapsed"
    assert owed(facts, "2026-12-02", "ord_make_draft").due_on == date(2027, 1, 5)
    assert owed(facts, "2026-12-02", "ord_make_final").due_on == date(2027, 2, 16)


def test_without_one_the_original_clock_runs_on_and_the_ombudsmans_count_is_shown_beside_it():
    facts = [*REFUSED, happened("decided_to_assess", "2026-04-30")]
    plan, refusal = owed(facts, "2026-04-30", "finalise_plan"), owed(facts, "2026-04-30", "refuse_to_issue")
    assert (plan.due_on, refusal.due_on) == (date(2026, 7, 20), date(2026, 6, 22))
    assert [one.due_on for one in plan.candidates] == [date(2026, 8, 6)]                       # 14 weeks from the reversal
    assert [one.due_on for one in refusal.candidates] == [date(2026, 7, 9)]                    # 10 weeks
    assert (plan.work_to, refusal.work_to) == (date(2026, 7, 20), date(2026, 6, 22))           # the earlier of the two
    assert "Another clock might be held to run, the Ombudsman's count from the reversal" in " ".join(plan.why)
    assert around(facts, "2026-07-20", "finalise_plan") == UNMET


def test_where_the_reversal_comes_early_the_ombudsmans_count_is_the_one_to_work_to():
    facts = [request("2026-03-02"), happened("refused_to_assess", "2026-03-09"), happened("decided_to_assess", "2026-03-16")]
    plan = owed(facts, "2026-03-16", "finalise_plan")
    assert (plan.due_on, plan.work_to) == (date(2026, 7, 20), date(2026, 6, 22))
    assert "The earlier day is worked to: Mon 22 Jun 2026." in " ".join(plan.why)


def test_a_refusal_that_stands_has_no_other_clock():
    assert owed(REFUSED, "2026-12-01", "finalise_plan").candidates == ()
