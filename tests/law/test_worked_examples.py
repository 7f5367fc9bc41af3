"""The worked examples of the law page (2.5), 1 to 8, number by number; and 15, which is about the appeal."""

from datetime import date

import pytest

from models.law.appeal import last_day_to_appeal
from models.law.dates import is_working_day
from tests.law.told import A_DAY, CLOSED, claim, happened, owed, request

LIMITS = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan")


def three(received):
    return tuple(owed([request(received)], received, duty).due_on for duty in LIMITS)


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
                *(claim(duty, "X_SCHOOL", on, advice_requested_on=on, **SUMMER)
                  for duty in ("decide_whether_to_assess", "notify_no_plan_need_determination"))]

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


@pytest.mark.parametrize(("sent", "last"), [(date(2026, 10, 27), date(2027, 1, 4)), (date(2026, 6, 10), date(2026, 9, 1))])
def test_15_appeal_deadlines(sent, last):
    facts = [request("2026-03-02"), happened("refused_to_issue", sent)]
    assert owed(facts, sent, "lodge_appeal").due_on == last


def test_the_bank_holidays_that_the_examples_use():
    for day in (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)):
        assert day in CLOSED
