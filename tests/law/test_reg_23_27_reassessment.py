"""Regs 23 to 27: re-assessment, which is gathered and drafted as an assessment and has clocks of its own."""

from datetime import date

import pytest

from tests.law.told import A_DAY, UNMET, all_owed, around, claim, dues, happened, owed, request, standing_of, states

MADE = happened("final_plan_sent", "2025-09-01")
ASKED = happened("reassessment_requested", "2026-09-01", requested_by="parent")
AGREED = happened("reassessment_decided", "2026-09-14", outcome="reassess")
LAST = date(2026, 12, 21)


@pytest.mark.parametrize("asker", ["parent", "young_person", "setting", "rcb"])
def test_the_council_decides_in_fifteen_days_whoever_asks(asker):
    asked = happened("reassessment_requested", "2026-09-01", requested_by=asker)
    assert around([asked], "2026-09-16", "reassessment_decision") == UNMET


@pytest.mark.parametrize("outcome", ["reassess", "refuse"])
@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_either_answer_is_one(outcome, days, state, late):
    facts = [ASKED, happened("reassessment_decided", date(2026, 9, 16) + days * A_DAY, outcome=outcome)]
    assert standing_of(owed(facts, "2026-10-01", "reassessment_decision")) == (state, late)


def test_a_refusal_can_be_appealed_and_an_agreement_cannot():
    refused = [ASKED, happened("reassessment_decided", "2026-09-14", outcome="refuse")]
    assert owed(refused, "2026-09-14", "lodge_appeal").due_on == date(2026, 11, 16)
    assert dues([ASKED, AGREED], "2026-09-14", "lodge_appeal") == {}
    assert dues(refused, "2026-09-14", "finalise_after_reassessment") == {}


def test_fourteen_weeks_from_the_notice_and_not_from_the_request():
    assert around([ASKED, AGREED], LAST, "finalise_after_reassessment") == UNMET


def test_or_from_a_decision_of_the_councils_own_motion():
    assert around([AGREED], LAST, "finalise_after_reassessment") == UNMET
    assert dues([AGREED], "2026-09-14", "reassessment_decision") == {}


@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_the_new_plan_and_its_day(days, state, late):
    facts = [MADE, ASKED, AGREED, happened("final_plan_sent", LAST + days * A_DAY)]
    assert standing_of(owed(facts, "2027-01-01", "finalise_after_reassessment")) == (state, late)
    assert standing_of(owed(facts, "2027-01-01", "no_change_after_reassessment")) == ("lapsed", None)


@pytest.mark.parametrize(("code", "fields"), [("X_PERSONAL", {}), ("X_ABSENT4", {"absent_from": "2026-10-01", "absent_to": "2026-10-28"})])
def test_reg_27_3_relieves_the_fourteen_weeks_and_nothing_relieves_the_fifteen_days(code, fields):
    facts = [ASKED, claim("finalise_after_reassessment", code, "2026-11-01", **fields),
             claim("reassessment_decision", code, "2026-11-01", **fields)]
    assert owed(facts, "2026-11-01", "reassessment_decision").state == "overdue"
    agreed = [*facts, AGREED]
    assert owed(agreed, "2026-12-22", "finalise_after_reassessment").state == "excused"


def test_no_change_ends_it_and_can_be_appealed():
    facts = [MADE, ASKED, AGREED, happened("decided_no_change", "2026-12-01")]
    assert standing_of(owed(facts, "2027-01-01", "finalise_after_reassessment")) == ("lapsed", 0)
    assert owed(facts, "2027-01-01", "no_change_after_reassessment").state == "met"
    assert owed(facts, "2026-12-01", "lodge_appeal", occasion="2026-12-01").due_on == date(2027, 2, 1)


def test_the_next_review_is_within_twelve_months_of_the_day_on_which_the_plan_was_sent():
    facts = [MADE, ASKED, AGREED, happened("final_plan_sent", "2026-12-10")]
    assert around(facts, "2027-12-10", "review_after_reassessment") == UNMET
    assert owed([*facts, happened("review_decision_sent", "2027-12-10", outcome="continue")], "2027-12-10",
                "review_after_reassessment").state == "met"


def test_bodies_have_six_weeks_again_and_the_draft_its_fifteen_days():
    facts = [MADE, ASKED, AGREED, happened("advice_requested", "2026-09-15", adviser="adv_c_medical", body="s31"),
             happened("advice_delivered", "2026-09-16", adviser="adv_c_medical", body="s31")]
    assert around(facts, "2026-10-28", "coop_respond_advice") == UNMET
    drafted = [*facts, happened("draft_plan_served", "2026-11-02")]
    assert owed(drafted, "2026-11-02", "draft_representation_window").due_on == date(2026, 11, 16)


def test_the_advice_of_the_first_assessment_keeps_its_own_clock():
    facts = [request("2025-03-03"), happened("decided_to_assess", "2025-04-01"),
             happened("advice_requested", "2025-04-02", adviser="adv_c_medical", body="s31"),
             happened("advice_delivered", "2025-04-02", adviser="adv_c_medical", body="s31"),
             happened("advice_received", "2025-06-02", adviser="adv_c_medical"), happened("final_plan_sent", "2025-07-21"), ASKED, AGREED,
             happened("advice_requested", "2026-09-15", adviser="adv_c_medical", body="s31"),
             happened("advice_delivered", "2026-09-15", adviser="adv_c_medical", body="s31")]
    assert dues(facts, "2026-09-15", "coop_respond_advice") == {None: date(2025, 5, 14), "2026-09-14": date(2026, 10, 27)}
    assert states(facts, "2026-09-15", "coop_respond_advice") == {None: "met_late", "2026-09-14": "open"}
    why = next(one for one in all_owed(facts, "2026-09-15") if one.duty.id == "coop_respond_advice" and one.occasion).why
    assert "It belongs to the re-assessment of Mon 14 Sep 2026." in why


def test_a_reassessment_during_a_review_merges_no_clock():
    facts = [MADE, happened("review_meeting_held", "2026-09-07"), ASKED, AGREED,
             happened("review_decision_sent", "2026-09-21", outcome="amend"), happened("amendment_notice_sent", "2026-09-21", document="d")]
    assert owed(facts, "2026-09-21", "final_amended_plan").due_on == date(2026, 11, 16)
    assert owed(facts, "2026-09-21", "finalise_after_reassessment").due_on == LAST
    plan = [*facts, happened("final_plan_sent", "2026-11-30")]
    assert owed(plan, "2026-11-30", "finalise_after_reassessment").state == "met"
    assert owed(plan, "2026-11-30", "final_amended_plan").state == "overdue"


def test_two_requests_have_clocks_of_their_own():
    facts = [ASKED, happened("reassessment_decided", "2026-09-10", outcome="refuse"),
             happened("reassessment_requested", "2027-03-01", requested_by="setting")]
    assert dues(facts, "2027-03-01", "reassessment_decision") == {"2026-09-01": date(2026, 9, 16), "2027-03-01": date(2027, 3, 16)}
    assert states(facts, "2027-03-01", "reassessment_decision") == {"2026-09-01": "met", "2027-03-01": "open"}


def test_the_twenty_weeks_of_the_first_assessment_do_not_run_again():
    facts = [request("2025-03-03"), happened("decided_to_assess", "2025-04-01"), happened("final_plan_sent", "2025-07-21"), ASKED, AGREED]
    assert dues(facts, "2026-12-31", "finalise_plan") == {None: date(2025, 7, 21)}
    assert owed(facts, "2026-12-31", "finalise_plan").state == "met"
