"""The readings adopted where the law is open (law page section 7), each under its number."""

from datetime import date

import pytest

from models.age import compulsory_school_age_ends
from models.bearing import refusal
from models.law.dates import is_working_day
from models.law.rulebook import duty
from tests.law.told import (A_DAY, CLOSED, RECEIVED, SIX, SIXTEEN, TWENTY, UNMET, all_owed, arisen, around, case_of, claim, dues,
                            happened, owed, request, standing_of)

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


# --- the life of the plan ----------------------------------------------------------------------------------------

MEETING = happened("review_meeting_held", "2026-10-01")
AMEND = happened("review_decision_sent", "2026-10-29", outcome="amend")


def notice(on):
    return happened("amendment_notice_sent", on, document="d")


@pytest.mark.parametrize(("transfer", "id", "last", "guidance"), [
    ("other", "phase_transfer_other", date(2027, 2, 14), "Mon 15 Feb 2027"),
    ("secondary_to_post16", "phase_transfer_secondary_to_post16", date(2027, 3, 30), "Wed 31 Mar 2027")])
def test_reading_2_before_means_the_day_before_and_guidance_is_shown_beside_it(transfer, id, last, guidance):
    facts = [happened("phase_transfer_identified", "2026-09-01", transfer=transfer, year=2027)]
    assert around(facts, last, id) == UNMET
    assert f"guidance says by {guidance}" in " ".join(owed(facts, last, id).why)


def test_reading_3_twelve_months_starting_with_a_day_end_on_the_day_before_the_anniversary():
    assert around([happened("final_plan_sent", "2026-04-15")], "2027-04-14", "first_review") == UNMET


def test_reading_4_a_plan_was_last_reviewed_when_the_decision_was_told_and_not_when_the_meeting_was_held():
    facts = [happened("final_plan_sent", "2026-04-15"), happened("review_meeting_held", "2027-04-10")]
    assert owed(facts, "2027-04-15", "first_review").state == "overdue"
    told = [*facts, happened("review_decision_sent", "2027-04-20", outcome="continue")]
    assert standing_of(owed(told, "2027-04-20", "first_review")) == ("met_late", 6)
    assert owed(told, "2027-04-20", "next_review").due_on == date(2028, 4, 19)


@pytest.mark.parametrize(("sent", "last"), [("2026-10-08", "2026-12-03"), ("2026-10-29", "2026-12-24"), ("2026-10-30", "2026-12-24"),
                                            ("2026-12-20", "2026-12-24")])
def test_reading_5_the_twelve_weeks_bite_when_the_notice_is_late(sent, last):
    facts = [MEETING, notice(sent)]
    assert owed(facts, sent, "final_amended_plan").due_on == date.fromisoformat(last)
    late = max(0, (date.fromisoformat(sent) - date(2026, 10, 29)).days)
    assert standing_of(owed(facts, "2027-01-01", "amendment_notice")) == ("met_late" if late else "met", late)


def test_reading_6_devon_applies_where_no_setting_is_attended():
    facts = [happened("circumstances_recorded", "2026-09-01"), MEETING]
    assert around(facts, "2026-10-29", "amendment_notice") == UNMET
    assert "21(9)" in duty("amendment_notice").citation


def test_reading_13_plan_on_clear_days_and_test_on_the_plain_count():
    fixed = happened("review_meeting_fixed", "2026-08-20", meeting_on="2026-10-01")
    on_the_day = owed([fixed, happened("review_invited", "2026-09-17")], "2026-09-17", "invite_to_review")
    assert (on_the_day.state, on_the_day.due_on) == ("met", date(2026, 9, 17))
    arranged = happened("mediation_arranged", "2027-01-04", meeting_on="2027-01-20")
    told = [happened("mediation_wanted", "2026-12-21", health="none"), arranged, happened("mediation_date_told", "2027-01-13")]
    assert owed(told, "2027-01-13", "mediation_date_notice").state == "met"
    for id in ("invite_to_review", "mediation_date_notice"):
        assert "clear days" in duty(id).words


def test_reading_14_mediation_is_arranged_once_it_is_fixed_and_the_aim_is_to_hold_it():
    wanted = happened("mediation_wanted", "2026-09-01", health="none")
    assert around([wanted], "2026-10-01", "arrange_mediation_no_health") == UNMET
    fixed = [wanted, happened("mediation_arranged", "2026-09-30", meeting_on="2026-10-20")]
    assert owed(fixed, "2026-10-02", "arrange_mediation_no_health").state == "met"
    assert "aim to hold it, and fix it at the least" in duty("arrange_mediation_no_health").words


def test_reading_15_the_thirty_days_run_from_telling_the_council_and_for_the_detained_from_telling_the_adviser():
    facts = [happened("adviser_told_mediation_wanted", "2026-09-01"), happened("mediation_wanted", "2026-09-10", health="none")]
    assert owed(facts, "2026-09-10", "arrange_mediation_no_health").due_on == date(2026, 10, 10)
    detained = [happened("detention_began", "2026-08-01"), *facts]
    assert owed(detained, "2026-09-10", "dp_arrange_mediation").due_on == date(2026, 10, 1)
    assert dues(detained, "2026-09-10", "arrange_mediation_no_health") == {}


def test_reading_16_an_order_counts_from_the_day_on_which_it_was_made():
    assert around([happened("tribunal_order_made", "2027-03-04", order="amend_setting")], "2027-03-18", "ord_amend_setting") == UNMET


CEASING = [happened("final_plan_sent", "2025-09-01"), happened("cease_consulted", "2026-09-20"),
           happened("cease_notice_sent", "2026-10-27", cease_reason="needs_met")]


def test_reading_17_the_plan_is_held_until_every_route_that_is_in_time_is_exhausted():
    assert owed(CEASING, "2026-11-01", "cease_hold").due_on == date(2027, 1, 4)                   # r.12 rolls it over Christmas
    later = [*CEASING, happened("mediation_certificate_issued", "2026-12-20")]
    assert owed(later, "2026-12-20", "cease_hold").due_on == date(2027, 1, 20)                    # a month from the certificate
    lodged = [*CEASING, happened("appeal_lodged", "2026-12-01")]
    for day in ("2027-01-05", "2027-06-01"):
        assert (owed(lodged, day, "cease_hold").state, owed(lodged, day, "cease_hold").due_on) == ("open", None)
    decided = [*lodged, happened("appeal_finally_determined", "2027-06-10")]
    assert owed(decided, "2027-06-10", "cease_hold").due_on == date(2027, 6, 10)


def test_reading_18_ceasing_after_a_review_is_consulted_on_too():
    facts = [MEETING, happened("review_decision_sent", "2026-10-29", outcome="cease")]
    assert owed(facts, "2026-10-29", "propose_cease").state == "open"
    assert owed([*facts, happened("cease_consulted", "2026-11-10")], "2026-11-10", "propose_cease").state == "met"
    consulted_before = [happened("cease_proposed", "2026-10-05", cease_reason="needs_met"), happened("cease_consulted", "2026-10-12"),
                        *facts]
    assert owed(consulted_before, "2026-10-29", "propose_cease").state == "met"


def test_reading_21_the_fifteen_days_apply_to_a_request_of_the_commissioning_body():
    assert around([happened("reassessment_requested", "2026-09-01", requested_by="rcb")], "2026-09-16", "reassessment_decision") == UNMET


def test_reading_23_staying_in_the_schools_own_sixth_form_is_no_phase_transfer():
    facts = [happened("phase_transfer_identified", "2026-09-01", transfer="secondary_to_post16", year=2027),
             happened("phase_transfer_excluded", "2026-11-01", decided_by="o", reasons="own sixth form")]
    assert standing_of(owed(facts, "2027-04-30", "phase_transfer_secondary_to_post16")) == ("lapsed", 0)


def test_reading_25_what_was_excused_in_2020_stays_so_and_is_due_as_soon_as_practicable():
    facts = [request("2020-05-15"), claim("decide_whether_to_assess", "X_CV", "2020-06-20")]
    one = owed(facts, "2020-11-01", "decide_whether_to_assess")
    assert (one.state, one.duty.residual) == ("excused", "as soon as practicable")


def test_reading_27_a_child_becomes_a_young_person_and_no_clock_changes():
    assert compulsory_school_age_ends(date(2010, 5, 4)) == date(2026, 6, 26)
    facts = [request(), happened("became_young_person", "2026-06-27")]
    assert {id: owed(facts, "2026-06-27", id).due_on for id in LIMITS} == LIMITS
    assert {duty(id).owed_to[0] for id in LIMITS} == {"parent_or_young_person"}


def test_reading_28_the_family_is_warned_by_the_earlier_of_the_two_and_the_adviser_accepts_until_the_later():
    facts = [happened("refused_to_issue", "2026-10-05", dated="2026-10-01")]
    one = owed(facts, "2026-10-05", "contact_mediation_adviser")
    assert one.due_on == date(2026, 12, 1)
    assert "an adviser may accept a contact until Sat 5 Dec 2026" in " ".join(one.why)


def test_reading_29_eight_weeks_bind_though_the_family_makes_no_representations():
    assert around([notice("2026-10-15")], "2026-12-10", "amend_without_review") == UNMET
    said = [notice("2026-10-15"), happened("amendment_representations_received", "2026-10-20")]
    assert owed(said, "2026-10-20", "amend_without_review").due_on == date(2026, 12, 10)


def test_reading_30_holds_for_amended_plans_and_reassessments_too():
    for id in ("final_amended_plan", "decide_not_to_amend", "amend_without_review", "finalise_after_reassessment"):
        assert duty(id).residual == "as soon as practicable"


def test_every_reading_has_a_test_of_its_number():
    numbers = {int(name.split("_")[2]) for name in globals() if name.startswith("test_reading_")}
    assert numbers == set(range(1, 31))
