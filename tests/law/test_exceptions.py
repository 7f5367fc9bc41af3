"""The closed list of exceptions (regs 5(4), 8(2), 10(4), 13(3)): computed from facts, one limit each, no new date."""

from dataclasses import replace
from datetime import date

import pytest

from models.law.exceptions import CODES, judge
from models.law.rulebook import duty
from tests.law.told import A_DAY, THE_DAY_AND_ITS_NEIGHBOURS, all_owed, claim, happened, owed, request, standing_of

RECEIVED, SIX, SIXTEEN, TWENTY = date(2026, 6, 29), date(2026, 8, 10), date(2026, 10, 19), date(2026, 11, 16)
CLOSED, REOPENS = date(2026, 7, 23), date(2026, 9, 2)          # 41 days; the window runs from 16 July to 26 August
DECIDE, REFUSE, FINAL, COOP = "decide_whether_to_assess", "refuse_to_issue", "finalise_plan", "coop_respond_advice"
THREE = {DECIDE: SIX, REFUSE: SIXTEEN, FINAL: TWENTY}
SUMMER = {"closed_from": CLOSED.isoformat(), "reopens_on": REOPENS.isoformat()}


def summer(duty=DECIDE, code="X_SCHOOL", asked="2026-07-20", on="2026-08-05", **data):
    return claim(duty, code, on, **({"advice_requested_on": asked} | SUMMER | data))


def ruled(facts, on, duty=DECIDE, **which):
    one = owed([request(RECEIVED), *facts], on, duty, **which)
    return one.excused_by, one.rulings[-1].because


# --- what an accepted exception does, and does not ----------------------------------------------------------------

@pytest.mark.parametrize(("days", "state", "late"), [(-1, "excused", 0), (0, "excused", 0), (1, "excused", 1), (30, "excused", 30)])
def test_the_limit_need_not_be_met_and_the_lateness_stays_on_display(days, state, late):
    one = owed([request(RECEIVED), summer()], SIX + days * A_DAY, DECIDE)
    assert (one.due_on, one.excused_by, standing_of(one)) == (SIX, "X_SCHOOL", (state, late))


def test_the_duty_goes_on_as_soon_as_practicable():
    one = owed([request(RECEIVED), summer()], SIX + A_DAY, DECIDE)
    assert "The limit need not be met; the date stays on display, and the duty goes on: as soon as practicable." in one.why
    assert one.why[-1] == "Excused, still to be done."


@pytest.mark.parametrize(("days", "state"), [(-1, "met"), (0, "met"), (1, "excused")])
def test_a_duty_done_late_under_an_exception_is_excused_and_one_done_in_time_needed_none(days, state):
    facts = [request(RECEIVED), summer(), happened("decided_to_assess", SIX + days * A_DAY)]
    assert owed(facts, "2026-09-30", DECIDE).state == state


def test_every_other_limit_of_the_case_stays_as_it_was():
    facts = [request(RECEIVED), happened("advice_delivered", "2026-07-01", adviser="adv_c_medical")]
    for day in ("2026-08-11", "2026-11-17"):
        before = {(one.duty.id, one.adviser, one.party): one for one in all_owed(facts, day)}
        after = {(one.duty.id, one.adviser, one.party): one for one in all_owed([*facts, summer()], day)}
        assert before.keys() == after.keys()
        changed = {key[0] for key in before if standing_of(before[key]) != standing_of(after[key])
                   or before[key].due_on != after[key].due_on}
        assert changed == {DECIDE}


@pytest.mark.parametrize("duty", THREE)
def test_each_limit_needs_a_claim_of_its_own(duty):
    facts = [request(RECEIVED), summer(duty)]
    states = {id: owed(facts, TWENTY + A_DAY, id).state for id in THREE}
    assert states == dict.fromkeys(THREE, "overdue") | {duty: "excused"}


@pytest.mark.parametrize("on", ["2026-07-21", "2026-08-10", "2026-08-11", "2026-12-01"])
def test_a_claim_may_be_recorded_before_or_after_the_limit_and_counts_from_its_day(on):
    facts = [request(RECEIVED), summer(on=on)]
    assert owed(facts, date.fromisoformat(on) - A_DAY, DECIDE).excused_by is None
    assert owed(facts, on, DECIDE).excused_by == "X_SCHOOL"


def test_a_claim_that_was_withdrawn_excuses_nothing():
    facts = [request(RECEIVED), summer(), happened("fact_corrected", "2026-08-12", replaces=2, withdrawn=True)]
    assert standing_of(owed(facts, SIX + A_DAY, DECIDE)) == ("overdue", 1)


def test_a_claim_with_its_days_corrected_is_judged_by_the_right_days():
    facts = [request(RECEIVED), summer(), happened("fact_corrected", "2026-08-12", replaces=2,
                                                   corrected={"advice_requested_on": "2026-07-15"})]
    assert standing_of(owed(facts, SIX + A_DAY, DECIDE)) == ("overdue", 1)


def test_of_two_claims_one_that_holds_is_enough():
    facts = [request(RECEIVED), summer(asked="2026-07-15"), claim(DECIDE, "X_PERSONAL", "2026-08-06")]
    one = owed(facts, SIX + A_DAY, DECIDE)
    assert (one.excused_by, [ruling.accepted for ruling in one.rulings]) == ("X_PERSONAL", [False, True])


# --- the closed list ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("reason", ["no_educational_psychologist", "panel", "late_advice", "no_placement", "X_STAFF", "", None])
def test_nothing_else_is_an_exception(reason):
    ruling = judge(claim(DECIDE, reason, "2026-08-05"), duty(DECIDE), RECEIVED, SIX)
    assert not ruling.accepted
    assert "there is no such exception; the law knows X_SCHOOL, X_EARLY" in ruling.because


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("id", [*THREE, COOP, "notify_no_plan_need_determination", "advice_six_weeks_others",
                                "setting_consult_response", "draft_representation_window", "lodge_appeal"])
def test_a_code_relieves_only_the_limits_of_the_matrix(id, code):
    needs = {"advice_requested_on": "2026-07-20", "absent_from": "2026-06-29", "absent_to": "2026-08-10"} | SUMMER
    ruling = judge(claim(id, code, "2026-08-05", **needs), duty(id), RECEIVED, SIX)
    assert ruling.accepted is (code in duty(id).exceptions)


@pytest.mark.parametrize("id", ["seek_advice", "consult_on_request", "send_draft_plan"])
def test_what_has_no_limit_cannot_be_relieved(id):
    ruling = judge(claim(id, "X_PERSONAL", "2026-08-05"), duty(id), RECEIVED, None)
    assert f"{id} has no time limit that could be relieved" in ruling.because


@pytest.mark.parametrize("because", [None, "", "  "])
def test_a_recorded_explanation_is_required(because):
    excused, why = ruled([summer(because=because)], SIX + A_DAY)
    assert (excused, "a recorded explanation is required" in why) == (None, True)


@pytest.mark.parametrize("code", ["X_SCHOOL", "X_EARLY", "X_ABSENT4"])
def test_the_facts_that_a_code_needs_must_be_told(code):
    excused, why = ruled([claim(DECIDE, code, "2026-08-05")], SIX + A_DAY)
    assert (excused, f"the claim lacks {', '.join(CODES[code].needs)}") == (None, why)


def test_a_limit_that_does_not_run_cannot_be_relieved():
    asked = happened("advice_requested", "2026-07-01", adviser="adv_c_medical")
    excused, why = ruled([asked, claim(COOP, "X8_EXC", "2026-08-05")], SIX, COOP)
    assert (excused, why) == (None, "the limit has not begun to run")


# --- the closure of the setting (law page 2.2) --------------------------------------------------------------------

@pytest.mark.parametrize("code", ["X_SCHOOL", "X_EARLY"])
@pytest.mark.parametrize(("asked", "open"), [("2026-07-15", False), ("2026-07-16", True), ("2026-07-17", True),
                                             ("2026-08-10", True), ("2026-08-11", False)])
def test_the_setting_must_have_been_asked_inside_the_window_and_within_the_limit(code, asked, open):
    excused, why = ruled([summer(code=code, asked=asked)], "2026-08-12")
    assert (excused == code) is open, why


@pytest.mark.parametrize(("asked", "open"), [("2026-08-25", True), ("2026-08-26", True), ("2026-08-27", False)])
def test_the_window_ends_one_week_before_reopening_and_includes_that_day(asked, open):
    excused, why = ruled([summer(REFUSE, asked=asked, on="2026-10-01")], SIXTEEN + A_DAY, REFUSE)
    assert (excused == "X_SCHOOL") is open
    assert "the window from Thu 16 Jul 2026 to Wed 26 Aug 2026" in why


@pytest.mark.parametrize(("reopens", "days", "open"), [("2026-08-19", 27, False), ("2026-08-20", 28, True), ("2026-08-21", 29, True)])
def test_the_closure_must_last_four_weeks(reopens, days, open):
    excused, why = ruled([summer(reopens_on=reopens)], SIX + A_DAY)
    assert (excused == "X_SCHOOL") is open
    assert (f"is {days} days" in why) is not open


@pytest.mark.parametrize(("closed", "reopens"), [("2026-12-19", "2027-01-04"), ("2027-03-26", "2027-04-12"), ("2026-10-26", "2026-10-31")])
def test_no_christmas_easter_or_half_term_closure_is_long_enough(closed, reopens):
    facts = [request("2026-12-01" if closed > "2026-12-01" else "2026-10-01"),
             claim(FINAL, "X_SCHOOL", closed, advice_requested_on=closed, closed_from=closed, reopens_on=reopens)]
    assert owed(facts, "2027-06-01", FINAL).excused_by is None


def test_a_closure_that_ends_before_it_begins_is_none():
    assert ruled([summer(closed_from="2026-09-02", reopens_on="2026-07-23")], SIX + A_DAY)[0] is None


def test_the_day_the_family_asked_is_irrelevant():
    facts = [request("2026-07-18"), summer(asked="2026-07-20", on="2026-08-30")]
    assert owed(facts, "2026-08-30", DECIDE).excused_by == "X_SCHOOL"


@pytest.mark.parametrize(("recorded_ask", "open"), [("2026-07-20", True), ("2026-07-02", False), ("2026-07-21", False)])
def test_the_record_says_when_the_setting_was_asked_and_not_the_claim(recorded_ask, open):
    asked = happened("advice_requested", recorded_ask, adviser="adv_b_education")
    excused, why = ruled([asked, summer()], SIX + A_DAY)
    assert (excused == "X_SCHOOL") is open
    assert open or "the setting was first asked for advice on" in why


def test_asking_the_setting_again_inside_the_window_opens_nothing():
    asked = [happened("advice_requested", on, adviser="adv_b_education") for on in ("2026-07-02", "2026-07-20")]
    assert ruled([*asked, summer()], SIX + A_DAY)[0] is None


def test_asking_anybody_else_is_not_asking_the_setting():
    asked = happened("advice_requested", "2026-07-02", adviser="adv_d_psychology")
    assert ruled([asked, summer()], SIX + A_DAY)[0] == "X_SCHOOL"


def test_a_setting_asked_on_the_day_of_receipt_was_asked_within_the_limit():
    facts = [request("2026-07-20"), summer(asked="2026-07-20", on="2026-08-30")]
    assert owed(facts, "2026-09-01", DECIDE).excused_by == "X_SCHOOL"
    assert owed([request("2026-07-21"), *facts[1:]], "2026-09-02", DECIDE).excused_by is None


def test_the_first_advice_that_arrived_counts():
    advice = [happened("advice_requested", "2026-07-20", adviser="adv_b_education"),
              *(happened("advice_received", on, adviser="adv_b_education") for on in ("2026-09-04", "2026-07-22"))]
    assert ruled([*advice, summer()], "2026-09-05")[0] is None


@pytest.mark.parametrize(("arrived", "open"), [("2026-07-20", False), ("2026-07-22", False), ("2026-07-23", True), ("2026-09-04", True)])
def test_advice_that_arrived_before_the_setting_closed_was_not_held_up_by_the_closure(arrived, open):
    advice = [happened("advice_requested", "2026-07-20", adviser="adv_b_education"),
              happened("advice_received", arrived, adviser="adv_b_education")]
    excused, why = ruled([*advice, summer()], "2026-09-05")
    assert (excused == "X_SCHOOL") is open
    assert open or "cannot be why this limit was not met" in why


def test_an_adviser_named_in_a_claim_about_the_councils_own_decision_changes_nothing():
    assert ruled([summer(adviser="adv_b_education", agency="oak")], SIX + A_DAY)[0] == "X_SCHOOL"


# --- absence ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("back", "open"), [("2026-07-31", False), ("2026-08-01", True), ("2026-08-02", True)])
def test_the_absence_must_last_an_unbroken_four_weeks(back, open):
    excused, why = ruled([claim(DECIDE, "X_ABSENT4", "2026-08-05", absent_from="2026-07-05", absent_to=back)], SIX + A_DAY)
    assert (excused == "X_ABSENT4") is open, why
    assert open or "27 days of it fall in the period" in why


@pytest.mark.parametrize(("left", "back", "open"), [
    ("2026-06-01", "2026-07-26", True), ("2026-06-01", "2026-07-25", False),
    ("2026-07-14", "2026-12-31", True), ("2026-07-15", "2026-12-31", False),
    ("2025-01-01", "2027-01-01", True), ("2026-08-11", "2026-12-01", False), ("2026-05-01", "2026-06-28", False),
])
def test_and_the_four_weeks_must_fall_within_the_period(left, back, open):
    excused, _ = ruled([claim(DECIDE, "X_ABSENT4", "2026-08-05", absent_from=left, absent_to=back)], SIX + A_DAY)
    assert (excused == "X_ABSENT4") is open


def test_each_limit_has_its_own_period():
    away = {"absent_from": "2026-08-20", "absent_to": "2026-10-01"}
    facts = [claim(id, "X_ABSENT4", "2026-10-01", **away) for id in THREE]
    assert {id: ruled(facts, "2026-12-01", id)[0] for id in THREE} == {DECIDE: None, REFUSE: "X_ABSENT4", FINAL: "X_ABSENT4"}


def test_an_absence_that_ends_before_it_begins_is_none():
    excused, why = ruled([claim(DECIDE, "X_ABSENT4", "2026-08-05", absent_from="2026-08-08", absent_to="2026-07-01")], SIX + A_DAY)
    assert (excused, "before it begins" in why) == (None, True)


@pytest.mark.parametrize(("back", "open"), [("2026-07-17", False), ("2026-07-18", True)])
def test_where_the_law_asks_for_two_weeks_it_is_two_weeks(back, open):
    of_reg_44 = replace(duty(DECIDE), exceptions=("X_ABSENT2",), exception_basis="reg 44(3)")
    told = claim(DECIDE, "X_ABSENT2", "2026-08-05", absent_from="2026-07-05", absent_to=back)
    assert judge(told, of_reg_44, RECEIVED, SIX).accepted is open
    assert "the claim lacks absent_from, absent_to" in judge(claim(DECIDE, "X_ABSENT2", "2026-08-05"), of_reg_44, RECEIVED, SIX).because


# --- circumstances and appointments -------------------------------------------------------------------------------

@pytest.mark.parametrize(("days", "open"), [
    ({}, True), ({"affected_from": "2026-08-10"}, True), ({"affected_from": "2026-08-11"}, False),
    ({"affected_to": "2026-06-29"}, True), ({"affected_to": "2026-06-28"}, False),
    ({"affected_from": "2026-07-10", "affected_to": "2026-07-09"}, False),
    ({"affected_from": "2026-01-01", "affected_to": "2026-12-31"}, True),
])
def test_personal_circumstances_must_touch_the_period(days, open):
    assert (ruled([claim(DECIDE, "X_PERSONAL", "2026-08-05", **days)], SIX + A_DAY)[0] == "X_PERSONAL") is open


@pytest.mark.parametrize(("day", "open"), [("2026-07-02", False), ("2026-07-03", True), ("2026-08-14", True), ("2026-08-15", False)])
def test_the_appointment_that_was_missed_must_lie_within_the_six_weeks(day, open):
    delivered = happened("advice_delivered", "2026-07-03", adviser="adv_c_medical")          # due 14 August
    excused, _ = ruled([delivered, claim(COOP, "X8_MISSED", "2026-08-20", appointment_on=day)], "2026-08-20", COOP)
    assert (excused == "X8_MISSED") is open


# --- for whom an exception is claimed -----------------------------------------------------------------------------

TWO = [happened("advice_delivered", "2026-07-03", adviser="adv_c_medical"),
       happened("advice_delivered", "2026-07-03", adviser="adv_d_psychology", body="s31")]


def excused(facts, on="2026-08-20"):
    return {one.adviser: one.excused_by for one in all_owed([request(RECEIVED), *facts], on) if one.duty.id == COOP}


def test_an_exception_relieves_the_adviser_that_it_names():
    named = claim(COOP, "X8_EXC", "2026-08-01", adviser="adv_c_medical")
    assert excused([*TWO, named]) == {"adv_c_medical": "X8_EXC", "adv_d_psychology": None}


def test_one_that_names_none_of_two_relieves_neither():
    assert excused([*TWO, claim(COOP, "X8_EXC", "2026-08-01")]) == {"adv_c_medical": None, "adv_d_psychology": None}


def test_one_that_names_nobody_relieves_the_only_one_there_was_and_goes_on_to():
    later = happened("advice_delivered", "2026-08-02", adviser="adv_d_psychology", body="s31")
    assert excused([TWO[0], claim(COOP, "X8_EXC", "2026-08-01")]) == {"adv_c_medical": "X8_EXC"}
    assert excused([TWO[0], claim(COOP, "X8_EXC", "2026-07-03"), later]) == {"adv_c_medical": "X8_EXC", "adv_d_psychology": None}
    assert excused([TWO[0], claim(COOP, "X8_EXC", "2026-08-01"), later]) == {"adv_c_medical": "X8_EXC", "adv_d_psychology": None}


def test_one_of_two_agencies_is_relieved_if_it_is_named():
    both = [happened("advice_delivered", "2026-07-03", adviser="adv_c_medical", agency=who) for who in ("trust-a", "trust-b")]

    def relieved(**which):
        facts = [request(RECEIVED), *both, claim(COOP, "X8_EXC", "2026-08-01", adviser="adv_c_medical", **which)]
        return {one.party: one.excused_by for one in all_owed(facts, "2026-08-20") if one.duty.id == COOP}

    assert relieved(agency="trust-b") == {"trust-a": None, "trust-b": "X8_EXC"}
    assert relieved() == {"trust-a": None, "trust-b": None}


def test_an_exception_of_an_earlier_asking_does_not_reach_the_next():
    facts = [TWO[0], claim(COOP, "X8_EXC", "2026-08-01"), happened("advice_received", "2026-08-25", adviser="adv_c_medical"),
             happened("advice_requested", "2026-09-01", adviser="adv_c_medical"),
             happened("advice_delivered", "2026-09-01", adviser="adv_c_medical")]
    assert excused(facts[:3], "2026-08-31") == {"adv_c_medical": "X8_EXC"}
    assert excused(facts, "2026-10-14") == {"adv_c_medical": None}
    new = claim(COOP, "X8_EXC", "2026-09-01", adviser="adv_c_medical")
    assert excused([*facts, new], "2026-10-14") == {"adv_c_medical": "X8_EXC"}


@pytest.mark.parametrize(("days", "state", "late"), THE_DAY_AND_ITS_NEIGHBOURS)
def test_a_claim_that_is_refused_changes_nothing_and_says_why(days, state, late):
    one = owed([request(RECEIVED), summer(asked="2026-07-15")], SIX + days * A_DAY, DECIDE)
    assert standing_of(one) == (state, late)
    assert ("Exception X_SCHOOL refused (reg 5(4)): advice was asked for on Wed 15 Jul 2026, outside the window from"
            " Thu 16 Jul 2026 to Wed 26 Aug 2026.") in one.why


def test_where_none_is_claimed_those_that_could_be_are_named():
    one = owed([request(RECEIVED)], SIX, DECIDE)
    assert ("Exceptions that could relieve this limit (reg 5(4)): X_SCHOOL, X_EARLY, X_PERSONAL, X_ABSENT4; none is"
            " claimed.") in one.why
