"""The readings adopted where the law is open (law page section 7, those in scope), each under its number."""

from datetime import date

import pytest

from models.bearing import refusal
from models.law.dates import is_working_day
from models.law.rulebook import duty
from tests.law.told import A_DAY, CLOSED, RECEIVED, SIX, SIXTEEN, TWENTY, all_owed, arisen, case_of, claim, happened, owed, request

LIMITS = {"decide_whether_to_assess": SIX, "refuse_to_issue": SIXTEEN, "finalise_plan": TWENTY}
SUMMER = {"closed_from": "2026-07-23", "reopens_on": "2026-09-02"}


@pytest.mark.parametrize(("id", "days"), [("decide_whether_to_assess", 42), ("refuse_to_issue", 112), ("finalise_plan", 140)])
def test_reading_1_the_day_of_receipt_is_not_counted_and_the_dfe_count_is_kept_beside_it(id, days):
    one = owed([request()], RECEIVED, id)
    assert one.due_on == RECEIVED + days * A_DAY
    assert one.reporting_due_on == one.due_on - A_DAY
    assert owed([request()], one.due_on, id).state == "open"               # late by the DfE's count, in time by law
    assert "On the DfE's count, where the day of receipt is day 1, the last day is" in " ".join(one.why)


@pytest.mark.parametrize("excused", LIMITS)
def test_reading_7_an_exception_in_one_stage_pushes_no_other(excused):
    facts = [request(), claim(excused, "X_PERSONAL", "2026-04-01")]
    after = {id: owed(facts, TWENTY + A_DAY, id) for id in LIMITS}
    assert {id: one.due_on for id, one in after.items()} == LIMITS
    assert [id for id, one in after.items() if one.state == "excused"] == [excused]


@pytest.mark.parametrize(("asked", "open"), [("2026-08-26", True), ("2026-08-27", False)])
def test_reading_8_the_window_of_a_closure_ends_a_week_before_reopening_and_that_day_is_in_it(asked, open):
    facts = [request("2026-06-29"), claim("refuse_to_issue", "X_SCHOOL", "2026-09-10", advice_requested_on=asked, **SUMMER)]
    assert (owed(facts, "2026-10-20", "refuse_to_issue").excused_by == "X_SCHOOL") is open


def test_reading_9_impractical_needs_a_recorded_explanation():
    for because, state in (("the head was away and nobody else knew the child", "excused"), (None, "overdue"), (" ", "overdue")):
        facts = [request(), claim("decide_whether_to_assess", "X_PERSONAL", "2026-04-01", because=because)]
        assert owed(facts, SIX + A_DAY, "decide_whether_to_assess").state == state


def test_reading_10_exceptional_personal_circumstances_are_a_persons_decision_with_reasons():
    assert duty("decide_whether_to_assess").exceptions.count("X_PERSONAL") == 1
    for facts in ([], [happened("circumstances_recorded", "2026-03-20", hearing_impaired=True)],
                  [happened("request_withdrawn", "2026-03-20")]):
        assert owed([request(), *facts], SIX + A_DAY, "decide_whether_to_assess").excused_by is None      # never of itself
    facts = [request(), claim("decide_whether_to_assess", "X_PERSONAL", "2026-04-01")]
    assert "which a person must be able to defend" in " ".join(owed(facts, SIX, "decide_whether_to_assess").why)


def test_reading_11_a_refusal_under_reg_4_1_has_no_benefit_of_reg_5_4():
    claims = [claim(id, "X_PERSONAL", "2026-04-01") for id in ("decide_whether_to_assess", "notify_no_plan_need_determination")]
    facts = [request(), *claims, happened("refused_to_assess", SIX + 3 * A_DAY)]
    assert owed(facts, "2026-05-01", "decide_whether_to_assess").state == "excused"
    early = owed(facts, "2026-05-01", "notify_no_plan_need_determination")
    assert (early.state, early.days_late) == ("met_late", 3)


@pytest.mark.parametrize(("day", "works"), [
    (date(2026, 12, 24), True), (date(2026, 12, 25), False), (date(2026, 12, 26), False), (date(2026, 12, 28), False),
    (date(2026, 12, 29), True), (date(2027, 3, 26), False), (date(2026, 8, 14), True), (date(2026, 8, 31), False),
])
def test_reading_12_a_working_day_is_monday_to_friday_without_the_bank_holidays(day, works):
    assert is_working_day(day, CLOSED) is works


def test_reading_19_a_withdrawal_stops_no_clock_until_the_council_has_decided():
    facts = [request(), happened("request_withdrawn", "2026-03-20")]
    assert owed(facts, SIX + A_DAY, "decide_whether_to_assess").state == "overdue"
    accepted = [*facts, happened("withdrawal_accepted", "2026-03-27")]
    assert {owed(accepted, SIX, id).state for id in LIMITS} == {"lapsed"}
    continued = [*facts, happened("request_continued", "2026-03-27")]
    assert {id: owed(continued, SIX, id).due_on for id in LIMITS} == LIMITS


def test_reading_19_a_case_taken_up_again_keeps_its_clock():
    facts = [request(), happened("request_withdrawn", "2026-03-20"), happened("withdrawal_accepted", "2026-03-27"),
             happened("request_continued", "2026-04-20")]
    assert owed(facts, "2026-04-19", "decide_whether_to_assess").state == "lapsed"
    one = owed(facts, "2026-04-20", "decide_whether_to_assess")
    assert (one.state, one.due_on, one.days_late) == ("overdue", SIX, 7)


def test_reading_20_a_request_within_six_months_of_an_assessment_still_gets_a_reasoned_decision_with_pack_a():
    facts = [request(assessed_within_6_months=True)]
    one = owed(facts, SIX + A_DAY, "decide_whether_to_assess")
    assert (one.state, one.duty.notice_pack) == ("overdue", "N_APPEAL_A")
    assert arisen(facts, RECEIVED, "notify_considering_assessment") == []
    refused = happened("refused_to_assess", "2026-03-20", reason_codes=["assessed_within_6_months"])
    assert owed([*facts, refused], "2026-03-20", "lodge_appeal").due_on == date(2026, 5, 20)


@pytest.mark.parametrize("requested_by", [None, "young_person", "health"])
def test_reading_22_the_twenty_weeks_from_becoming_responsible_are_owed_to_young_people_too(requested_by):
    facts = [happened("became_responsible", RECEIVED, requested_by=requested_by)]
    assert {id: owed(facts, RECEIVED, id).due_on for id in LIMITS} == LIMITS


@pytest.mark.parametrize("served", [date(2026, 10, 10), date(2026, 10, 11), date(2026, 12, 25)])
def test_reading_24_what_arrives_on_a_weekend_or_a_holiday_arrived_that_day(served):
    facts = [request(served), happened("draft_plan_served", served)]
    assert owed(facts, served, "decide_whether_to_assess").starts_on == served
    assert owed(facts, served, "draft_representation_window").due_on == served + 14 * A_DAY


def test_reading_26_a_setting_has_fifteen_calendar_days_as_guidance_only():
    one = owed([request(), happened("setting_consulted", "2026-04-01", setting="oak")], "2026-04-01", "setting_consult_response")
    assert (one.due_on, one.duty.kind) == (date(2026, 4, 16), "guide")       # over Good Friday and Easter Monday
    assert "guidance only, not a statutory limit" in " ".join(one.why)


@pytest.mark.parametrize("id", [*LIMITS, "coop_respond_advice"])
def test_reading_30_as_soon_as_practicable_binds_inside_the_limit_too(id):
    assert duty(id).residual == "as soon as practicable"


def test_reading_30_nothing_is_put_off_to_the_last_day():
    facts = [request(), happened("decided_to_assess", RECEIVED + A_DAY)]
    case = case_of(facts, RECEIVED + A_DAY)
    assert refusal(case, "decided_to_issue", RECEIVED + A_DAY, {}) is None    # each step may be taken as soon as it can be
    assert {one.starts_on for one in all_owed(facts, RECEIVED + A_DAY) if one.duty.id == "seek_advice"} == {RECEIVED + A_DAY}
