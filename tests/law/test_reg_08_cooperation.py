"""Reg 8: a body of s.31 answers within six weeks of the day on which it receives the request. Schools' holidays are nothing to it."""

from datetime import date

import pytest

from tests.law.told import A_DAY, THE_DAY_AND_ITS_NEIGHBOURS, arisen, claim, happened, owed, request, standing_of

DECIDED = happened("decided_to_assess", "2026-04-07")
SENT, DELIVERED, DUE = date(2026, 4, 8), date(2026, 4, 10), date(2026, 5, 22)
COOP, OTHERS = "coop_respond_advice", "advice_six_weeks_others"


def told(kind, on, adviser="adv_c_medical", **data):
    return happened(kind, on, adviser=adviser, **data)


ASKED = [request(), DECIDED, told("advice_requested", SENT), told("advice_delivered", DELIVERED)]


@pytest.mark.parametrize(("days", "state", "late"), THE_DAY_AND_ITS_NEIGHBOURS)
def test_six_weeks_from_the_day_the_body_received_it_not_from_the_day_it_was_sent(days, state, late):
    one = owed(ASKED, DUE + days * A_DAY, COOP)
    assert (one.starts_on, one.due_on) == (DELIVERED, DUE)
    assert standing_of(one) == (state, late)


@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_the_answer_counts_from_the_day_it_reached_the_council(days, state, late):
    assert standing_of(owed([*ASKED, told("advice_received", DUE + days * A_DAY)], "2026-07-01", COOP)) == (state, late)


def test_without_proof_that_it_arrived_there_is_no_date_and_the_reason_is_said():
    one = owed(ASKED[:3], "2026-12-31", COOP)
    assert (one.state, one.starts_on, one.due_on, one.days_late) == ("open", None, None, None)
    assert "no such day is on record yet, so there is no date. Record advice_delivered." in " ".join(one.why)


def test_an_answer_without_proof_of_delivery_is_an_answer():
    assert owed([*ASKED[:3], told("advice_received", "2026-05-01")], "2026-05-01", COOP).state == "met"


def test_asking_again_while_it_waits_restarts_nothing():
    again = [told("advice_requested", "2026-05-15"), told("advice_delivered", "2026-05-16")]
    assert standing_of(owed([*ASKED, *again], DUE + A_DAY, COOP)) == ("overdue", 1)


def test_asking_again_after_an_answer_is_a_new_request_with_a_clock_of_its_own():
    facts = [*ASKED, told("advice_received", "2026-05-25"), told("advice_requested", "2026-06-01"),
             told("advice_delivered", "2026-06-02")]
    assert standing_of(owed(facts, "2026-05-31", COOP)) == ("met_late", 3)
    assert owed(facts, "2026-06-01", COOP).due_on is None
    one = owed(facts, "2026-07-15", COOP)
    assert (one.due_on, standing_of(one)) == (date(2026, 7, 14), ("overdue", 1))
    assert "advice_received on Mon 25 May 2026" in " ".join(one.why)
    facts.append(told("advice_received", "2026-07-10"))
    assert standing_of(owed(facts, "2026-07-15", COOP)) == ("met", 0)


def test_proof_of_delivery_that_comes_after_the_answer_opens_nothing_new():
    facts = [*ASKED, told("advice_received", "2026-05-01"), told("advice_delivered", "2026-05-05")]
    one = owed(facts, "2026-05-05", COOP)
    assert (one.state, one.starts_on) == ("met", DELIVERED)


def test_a_request_sent_again_on_the_day_of_the_answer_crossed_with_it():
    facts = [*ASKED, told("advice_requested", "2026-05-12"), told("advice_received", "2026-05-12")]
    assert owed(facts, "2026-06-30", COOP).state == "met"


def test_proof_that_the_first_request_arrived_starts_no_clock_for_the_second():
    facts = [*ASKED[:3], told("advice_received", "2026-04-20"), told("advice_delivered", "2026-04-22"),
             told("advice_requested", "2026-06-01")]
    assert owed(facts, "2026-05-31", COOP).state == "met"
    one = owed(facts, "2026-06-01", COOP)
    assert (one.state, one.due_on, one.asked_on) == ("open", None, date(2026, 6, 1))


def test_advice_from_before_the_request_is_no_answer_to_it():
    facts = [request(), DECIDED, told("advice_received", "2026-04-07"), *ASKED[2:]]
    assert owed(facts, DUE, COOP).state == "open"


@pytest.mark.parametrize("on", [SENT, DELIVERED - A_DAY, DELIVERED])
def test_an_answer_between_sending_and_proof_of_delivery_is_one(on):
    assert owed([*ASKED, told("advice_received", on)], DUE + A_DAY, COOP).state == "met"


def test_the_earliest_proof_of_delivery_counts():
    facts = [*ASKED, told("advice_delivered", "2026-04-20")]
    assert owed(facts, DUE, COOP).due_on == DUE


def test_proof_of_delivery_alone_is_enough_to_start_the_clock():
    facts = [request(), DECIDED, told("advice_delivered", DELIVERED)]
    assert owed(facts, DUE, COOP).due_on == DUE


def test_going_on_without_the_advice_does_not_free_the_body():
    facts = [*ASKED, told("advice_not_obtainable", "2026-05-20", decided_by="officer-1", reasons="r")]
    assert standing_of(owed(facts, DUE + A_DAY, COOP)) == ("overdue", 1)


# --- reg 8(2) -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("code", "needs"), [
    ("X8_EXC", {}), ("X8_MISSED", {}), ("X8_MISSED", {"appointment_on": "2026-05-22"}),
    ("X8_ABSENT4", {"absent_from": "2026-04-15", "absent_to": "2026-05-12"}),
])
def test_the_three_exceptions_of_reg_8(code, needs):
    facts = [*ASKED, claim(COOP, code, "2026-05-20", adviser="adv_c_medical", **needs)]
    assert standing_of(owed(facts, DUE + A_DAY, COOP)) == ("excused", 1)


@pytest.mark.parametrize("code", ["X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4", "X_ABSENT2", "X_CV"])
def test_and_no_other_above_all_no_school_holiday(code):
    facts = [*ASKED, claim(COOP, code, "2026-05-20", adviser="adv_c_medical", advice_requested_on="2026-04-10",
                           closed_from="2026-04-10", reopens_on="2026-05-20", absent_from="2026-04-10", absent_to="2026-05-22")]
    one = owed(facts, DUE + A_DAY, COOP)
    assert (one.state, one.excused_by) == ("overdue", None)
    assert "only X8_EXC, X8_ABSENT4, X8_MISSED can" in " ".join(one.why)


# --- those whom the Code guides -----------------------------------------------------------------------------------

@pytest.mark.parametrize("adviser", ["adv_b_education", "adv_b_sensory", "adv_d_psychology", "adv_e_social_care", "adv_f_other",
                                     "adv_g_pfa"])
def test_schools_and_the_councils_own_services_have_six_weeks_by_guidance_from_the_request(adviser):
    facts = [request(), DECIDED, told("advice_requested", SENT, adviser)]
    one = owed(facts, SENT + 43 * A_DAY, OTHERS)
    assert (one.due_on, standing_of(one), one.duty.kind) == (SENT + 42 * A_DAY, ("overdue", 1), "guide")
    assert "guidance only, not a statutory limit" in " ".join(one.why)
    assert arisen(facts, SENT, COOP) == []


@pytest.mark.parametrize("adviser", ["adv_a_parent_yp", "adv_b_mod", "adv_h_requested"])
def test_the_family_the_ministry_and_whom_the_family_chose_have_no_figure(adviser):
    facts = [request(), DECIDED, told("advice_requested", SENT, adviser)]
    assert arisen(facts, SENT, OTHERS) == arisen(facts, SENT, COOP) == []


def test_no_exception_is_needed_for_guidance_and_none_is_accepted():
    facts = [request(), DECIDED, told("advice_requested", SENT, "adv_d_psychology"),
             claim(OTHERS, "X8_EXC", "2026-05-01", adviser="adv_d_psychology")]
    one = owed(facts, SENT + 43 * A_DAY, OTHERS)
    assert (one.state, one.excused_by) == ("overdue", None)


def test_a_service_asked_again_after_its_answer_has_six_weeks_again():
    facts = [request(), DECIDED, *(told(kind, on, "adv_d_psychology") for kind, on in (
        ("advice_requested", "2026-04-08"), ("advice_received", "2026-05-21"), ("advice_requested", "2026-06-01")))]
    assert standing_of(owed(facts, "2026-05-31", OTHERS)) == ("met_late", 1)
    assert (owed(facts, "2026-06-01", OTHERS).due_on, owed(facts, "2026-06-01", OTHERS).state) == (date(2026, 7, 13), "open")


def test_the_day_of_delivery_does_not_matter_to_the_code():
    facts = [request(), DECIDED, told("advice_requested", SENT, "adv_d_psychology"),
             told("advice_delivered", DELIVERED, "adv_d_psychology")]
    assert owed(facts, SENT, OTHERS).due_on == owed(facts, DELIVERED, OTHERS).due_on == SENT + 42 * A_DAY
