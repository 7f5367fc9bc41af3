"""The worked examples of the law page (2.5), 1 to 21, number by number, each last day with its neighbours."""

from datetime import date

import pytest

from models.law.appeal import last_day_to_appeal
from models.law.dates import is_working_day
from models.law.rulebook import duty
from tests.law.told import A_DAY, CLOSED, UNMET, around, claim, happened, owed, request, standing_of

LIMITS = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan")
USED = [("open", 0), ("open", 0), ("lapsed", 0)]
"""How the family's time to act stands around its last day, where it does not act."""


def three(received):
    return tuple(owed([request(received)], received, id).due_on for id in LIMITS)


@pytest.mark.parametrize(("received", "lasts"), [
    ("2026-03-02", ("2026-04-13", "2026-06-22", "2026-07-20")), ("2026-11-13", ("2026-12-25", "2027-03-05", "2027-04-02")),
    ("2026-11-06", ("2026-12-18", "2027-02-26", "2027-03-26")), ("2026-06-29", ("2026-08-10", "2026-10-19", "2026-11-16")),
    ("2028-02-02", ("2028-03-15", "2028-05-24", "2028-06-21"))])
def test_1_2_3_4_6_the_days_around_the_three_limits(received, lasts):
    for id, last in zip(LIMITS, lasts, strict=True):
        assert around([request(received)], last, id) == UNMET
    assert around([request(received)], lasts[0], "notify_no_plan_need_determination") == UNMET


def the_working_day_before(day):
    """What a council aims at where the last day is none: the law itself does not move."""
    while not is_working_day(day, CLOSED):
        day -= A_DAY
    return day


def test_1_plain():
    received = date(2026, 3, 2)
    assert received.strftime("%a") == "Mon"
    assert three(received) == (date(2026, 4, 13), date(2026, 6, 22), date(2026, 7, 20))
    assert {day.strftime("%a") for day in three(received)} == {"Mon"}
    assert date(2026, 4, 6) in CLOSED                                     # Easter Monday, ignored
    reporting = owed([request(received)], received, "finalise_plan").reporting_due_on
    assert reporting == date(2026, 7, 19)
    assert reporting.strftime("%a") == "Sun"


def test_2_christmas_day():
    received = date(2026, 11, 13)
    assert received.strftime("%a") == "Fri"
    assert three(received) == (date(2026, 12, 25), date(2027, 3, 5), date(2027, 4, 2))
    assert the_working_day_before(date(2026, 12, 25)) == date(2026, 12, 24)


def test_3_good_friday():
    assert three(date(2026, 11, 6))[2] == date(2027, 3, 26)
    assert date(2027, 3, 26) in CLOSED
    assert the_working_day_before(date(2027, 3, 26)) == date(2027, 3, 25)


SUMMER = {"closed_from": "2026-07-23", "reopens_on": "2026-09-02"}


def test_4_summer_holidays():
    received = date(2026, 6, 29)
    assert three(received) == (date(2026, 8, 10), date(2026, 10, 19), date(2026, 11, 16))
    assert (date(2026, 9, 2) - date(2026, 7, 23)).days == 41

    def asked(on):
        return [request(received), happened("advice_requested", on, adviser="adv_b_education"),
                *(claim(id, "X_SCHOOL", on, advice_requested_on=on, **SUMMER)
                  for id in ("decide_whether_to_assess", "notify_no_plan_need_determination"))]

    late = owed(asked("2026-07-15"), "2026-08-11", "decide_whether_to_assess")
    assert late.state == "overdue"
    assert "outside the window from Thu 16 Jul 2026 to Wed 26 Aug 2026" in " ".join(late.why)
    facts = asked("2026-07-20")
    excused = owed(facts, "2026-08-11", "decide_whether_to_assess")
    assert (excused.state, excused.due_on, excused.excused_by) == ("excused", date(2026, 8, 10), "X_SCHOOL")
    assert "as soon as practicable" in " ".join(excused.why)
    assert owed(facts, "2026-10-20", "refuse_to_issue").state == "overdue"
    assert owed(facts, "2026-11-17", "finalise_plan").state == "overdue"
    assert owed(facts, "2026-08-11", "notify_no_plan_need_determination").state == "overdue"


def test_5_health_advice_in_august():
    facts = [request("2026-07-01"), happened("decided_to_assess", "2026-08-07"),
             happened("advice_requested", "2026-08-07", adviser="adv_c_medical", body="s31"),
             happened("advice_delivered", "2026-08-10", adviser="adv_c_medical", body="s31"),
             claim("coop_respond_advice", "X_SCHOOL", "2026-08-10", advice_requested_on="2026-08-07", **SUMMER)]
    assert owed(facts, "2026-09-21", "coop_respond_advice").due_on == date(2026, 9, 21)
    assert owed(facts, "2026-09-21", "coop_respond_advice").state == "open"
    assert owed(facts, "2026-09-22", "coop_respond_advice").state == "overdue"


def test_6_leap_year_in_weeks():
    received = date(2028, 2, 2)
    assert received.strftime("%a") == "Wed"
    assert three(received)[0] == date(2028, 3, 15)
    assert three(received)[2] == date(2028, 6, 21)


@pytest.mark.parametrize(("sent", "last"), [(date(2027, 12, 31), date(2028, 2, 29)), (date(2026, 12, 31), date(2027, 3, 1))])
def test_7_leap_year_in_months(sent, last):
    assert last_day_to_appeal(sent, None, CLOSED)[0] == last
    facts = [request("2026-11-20"), happened("refused_to_assess", sent)]
    assert owed(facts, sent, "lodge_appeal").due_on == last


def test_7_the_mediation_adviser_is_contacted_within_two_months_that_do_not_roll():
    facts = [request("2026-11-20"), happened("refused_to_assess", "2026-12-31")]
    one = owed(facts, "2026-12-31", "contact_mediation_adviser")
    assert (one.due_on, one.due_on.strftime("%a")) == (date(2027, 2, 28), "Sun")


def test_8_draft_plan():
    def window(served, on):
        return owed([request("2026-07-01"), happened("draft_plan_served", served)], on, "draft_representation_window")

    assert window("2026-10-12", "2026-10-12").due_on == date(2026, 10, 26)
    assert window("2026-10-12", "2026-10-26").state == "open"
    assert window("2026-10-12", "2026-10-27").state == "met"               # the plan may be finalised
    assert window("2026-12-18", "2026-12-18").due_on == date(2027, 1, 1)
    assert date(2027, 1, 1) in CLOSED


def review(*facts, on="2026-10-01"):
    return [happened("review_meeting_held", on), *facts]


AMEND = happened("review_decision_sent", "2026-10-29", outcome="amend")


def notice(on):
    return happened("amendment_notice_sent", on, document="d")


def test_9_devon_before_the_meeting():
    facts = [happened("review_meeting_fixed", "2026-08-20", meeting_on="2026-10-01")]
    for id in ("invite_to_review", "circulate_review_advice"):
        assert around(facts, "2026-09-17", id) == UNMET
    assert "clear days, one day more" in duty("invite_to_review").words


@pytest.mark.parametrize(("id", "last"), [("review_report", "2026-10-15"), ("review_decision", "2026-10-29"),
                                          ("amendment_notice", "2026-10-29"), ("final_amended_plan", "2026-12-24")])
def test_9_devon_after_the_meeting(id, last):
    assert around(review(), last, id) == UNMET


def test_9_devon_a_notice_in_time_leaves_the_twelve_weeks():
    assert around(review(AMEND, notice("2026-10-29")), "2026-12-24", "final_amended_plan") == UNMET


def test_9_devon_an_early_notice_brings_the_plan_forward():
    early = happened("review_decision_sent", "2026-10-15", outcome="amend")
    assert around(review(early, notice("2026-10-15")), "2026-12-10", "final_amended_plan") == UNMET


def test_9_devon_a_late_notice_is_a_breach_of_its_own_and_the_outer_limit_stays():
    facts = review(AMEND, notice("2026-11-26"))
    assert standing_of(owed(facts, "2026-11-26", "amendment_notice")) == ("met_late", 28)
    assert around(facts, "2026-12-24", "final_amended_plan") == UNMET
    why = " ".join(owed(facts, "2026-11-26", "final_amended_plan").why)
    assert "Thu 21 Jan 2027" in why                                        # what reg 22(3) alone would give
    assert "the outer limit from the review meeting; the earlier of the two" in why


def test_10_phase_transfer_to_secondary():
    facts = [happened("phase_transfer_identified", "2026-09-01", transfer="other", year=2027)]
    assert around(facts, "2027-02-14", "phase_transfer_other") == UNMET
    assert "guidance says by Mon 15 Feb 2027" in " ".join(owed(facts, "2026-09-01", "phase_transfer_other").why)
    assert owed(review(on="2026-11-22"), "2026-11-22", "final_amended_plan").due_on == date(2027, 2, 14)     # the latest meeting


def test_11_secondary_to_college():
    facts = [happened("phase_transfer_identified", "2026-09-01", transfer="secondary_to_post16", year=2027)]
    assert around(facts, "2027-03-30", "phase_transfer_secondary_to_post16") == UNMET
    assert "guidance says by Wed 31 Mar 2027" in " ".join(owed(facts, "2026-09-01", "phase_transfer_secondary_to_post16").why)
    assert owed(review(on="2027-01-05"), "2027-01-05", "final_amended_plan").due_on == date(2027, 3, 30)     # the latest meeting


def test_11_college_to_college():
    facts = [happened("phase_transfer_identified", "2026-09-01", transfer="post16_to_post16", transfer_on="2027-09-01")]
    assert around(facts, "2027-04-01", "post16_to_post16") == UNMET


def test_12_annual_review():
    assert around([happened("final_plan_sent", "2026-04-15")], "2027-04-14", "first_review") == UNMET
    assert around([happened("final_plan_sent", "2028-02-29")], "2029-02-28", "first_review") == UNMET
    concluded = [happened("final_plan_sent", "2026-04-15"), *review(happened("review_decision_sent", "2026-11-25", outcome="continue"),
                                                                    on="2026-11-10")]
    assert owed(concluded, "2026-11-25", "first_review").state == "met"
    assert around(concluded, "2027-11-24", "next_review") == UNMET


def test_13_reassessment():
    asked = [happened("reassessment_requested", "2026-09-01", requested_by="parent")]
    assert around(asked, "2026-09-16", "reassessment_decision") == UNMET
    agreed = [*asked, happened("reassessment_decided", "2026-09-14", outcome="reassess")]
    assert owed(agreed, "2026-09-14", "reassessment_decision").state == "met"
    assert around(agreed, "2026-12-21", "finalise_after_reassessment") == UNMET


MIXED = happened("mediation_wanted", "2026-12-21", health="also")


def test_14_mediation_over_christmas():
    assert around([MIXED], "2026-12-24", "notify_rcb_of_mediation") == UNMET
    assert around([MIXED], "2027-01-20", "arrange_mediation_mixed") == UNMET
    arranged = [MIXED, happened("mediation_arranged", "2027-01-04", meeting_on="2027-01-20")]
    assert owed(arranged, "2027-01-04", "arrange_mediation_mixed").state == "met"
    assert around(arranged, "2027-01-13", "mediation_date_notice") == UNMET
    assert "clear days, one working day more" in duty("mediation_date_notice").words
    held = [*arranged, happened("mediation_held", "2027-01-20")]
    assert around(held, "2027-01-25", "certificate_after_mediation") == UNMET


def test_14_one_month_from_the_certificate():
    facts = [happened("refused_to_issue", "2026-11-20"), MIXED, happened("mediation_held", "2027-01-20"),
             happened("mediation_certificate_issued", "2027-01-25")]
    assert around(facts, "2027-02-25", "lodge_appeal") == USED


@pytest.mark.parametrize(("sent", "two_months", "last"), [
    (date(2026, 10, 27), "Sun 27 Dec 2026", date(2027, 1, 4)), (date(2026, 6, 10), "Mon 10 Aug 2026", date(2026, 9, 1))])
def test_15_appeal_deadlines(sent, two_months, last):
    facts = [request("2026-03-02"), happened("refused_to_issue", sent)]
    assert around(facts, last, "lodge_appeal") == USED
    assert two_months in " ".join(owed(facts, sent, "lodge_appeal").why)


@pytest.mark.parametrize(("order", "id", "last"), [
    ("amend_setting", "ord_amend_setting", "2027-03-18"), ("amend_provision", "ord_amend_sep", "2027-04-08"),
    ("continue_amend", "ord_continue_amend", "2027-04-08"), ("make_plan", "ord_make_draft", "2027-04-08"),
    ("make_plan", "ord_make_final", "2027-05-20"), ("assess", "ord_assess_notify", "2027-03-18"),
    ("assess", "ord_assess_no_plan", "2027-05-13"), ("assess", "ord_assess_final", "2027-06-10")])
def test_16_tribunal_order(order, id, last):
    assert around([happened("tribunal_order_made", "2027-03-04", order=order)], last, id) == UNMET


def test_17_recommendation():
    made = happened("recommendation_made", "2027-03-04", service="health")
    assert date(2027, 4, 7).strftime("%a") == "Wed"
    assert around([made], "2027-04-07", "rec_health_response") == UNMET
    answered = [made, happened("recommendation_answered", "2027-04-07", service="health")]
    assert owed(answered, "2027-04-07", "rec_health_response").state == "met"
    assert around(answered, "2027-04-13", "rec_health_copy_sos") == UNMET


def test_18_move_the_old_authority():
    known = happened("move_known", "2026-11-23", moves_on="2026-12-01", side="old_authority")
    assert around([known], "2026-12-11", "transfer_plan_on_move") == UNMET
    assert owed([known], "2026-11-23", "old_rcb_notify_new_rcb_move").due_on == date(2026, 12, 11)


def test_18_move_the_new_authority():
    came = happened("plan_transferred", "2026-12-11", side="new_authority", made_on="2025-01-10", last_reviewed_on="2026-01-10")
    assert around([came], "2027-01-22", "new_la_inform") == UNMET
    assert around([came], "2027-03-10", "new_la_review") == UNMET
    why = " ".join(owed([came], "2026-12-11", "new_la_review").why)
    assert "Sat 9 Jan 2027" in why
    assert "the later of the two" in why


def test_19_tribunal_response():
    papers = happened("appeal_registered", "2026-07-20")
    assert around([papers], "2026-09-29", "la_response_to_appeal") == UNMET


def test_20_detention():
    began = happened("detention_began", "2026-12-18", plan_kept=True)
    assert around([began], "2026-12-29", "dp_send_kept_plan") == UNMET


def test_21_coronavirus():
    facts = [request("2020-05-15"), *(claim(id, "X_CV", "2020-06-01") for id in LIMITS)]
    stood = [owed(facts, last + A_DAY, id) for id, last in
             zip(LIMITS, (date(2020, 6, 26), date(2020, 9, 4), date(2020, 10, 2)), strict=True)]
    assert [one.due_on for one in stood] == [date(2020, 6, 26), date(2020, 9, 4), date(2020, 10, 2)]
    assert [one.state for one in stood] == ["excused", "excused", "overdue"]


def test_the_bank_holidays_that_the_examples_use():
    for day in (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)):
        assert day in CLOSED
