"""Errors that councils and systems make often (law page section 8, those in scope): that none of them is made here."""

from datetime import date

import pytest

from models.bearing import final_plan_gaps
from models.case import Case
from models.law.rulebook import RULEBOOK, duty
from notifications.packs import PACKS
from tests.law.told import A_DAY, CLOSED, RECEIVED, SIX, TWENTY, all_owed, arisen, case_of, claim, happened, owed, request

LIMITS = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan")


def test_error_1_the_summer_holiday_is_not_added_to_any_deadline():
    received = date(2026, 6, 29)
    summer = {"advice_requested_on": "2026-07-20", "closed_from": "2026-07-23", "reopens_on": "2026-09-02"}
    plain = {one.duty.id: one.due_on for one in all_owed([request(received)], received)}
    facts = [request(received), *(claim(duty, "X_SCHOOL", "2026-07-20", **summer) for duty in LIMITS)]
    assert {one.duty.id: one.due_on for one in all_owed(facts, "2026-07-20")} == plain
    assert [plain[duty] for duty in LIMITS] == [received + weeks * 7 * A_DAY for weeks in (6, 16, 20)]


@pytest.mark.parametrize("later", ["family_consulted", "views_received", "family_told_considering", "circumstances_recorded",
                                   "owner_named", "decided_to_assess", "advice_requested", "further_request_received",
                                   "request_withdrawn", "request_continued"])
def test_error_2_no_later_step_starts_the_6_16_or_20_weeks(later):
    facts = [request(), happened(later, RECEIVED + 20 * A_DAY, adviser="adv_d_psychology")]
    for id, weeks in zip(LIMITS, (6, 16, 20), strict=True):
        assert owed(facts, RECEIVED + 20 * A_DAY, id).due_on == RECEIVED + weeks * 7 * A_DAY


@pytest.mark.parametrize("first", ["family_consulted", "views_received", "decided_to_assess", "advice_requested",
                                   "request_withdrawn"])
def test_error_2_without_a_request_no_such_clock_runs_at_all(first):
    started = {one.duty.id for one in all_owed([happened(first, RECEIVED, adviser="adv_d_psychology")], TWENTY)}
    assert not started & set(LIMITS)


def test_error_3_the_draft_plan_has_no_date_at_sixteen_weeks():
    facts = [request(), happened("decided_to_assess", "2026-04-07"), happened("decided_to_issue", "2026-06-01")]
    for day in ("2026-06-22", "2026-06-23", "2026-07-20"):
        one = owed(facts, day, "send_draft_plan")
        assert (one.due_on, one.days_late, one.state) == (None, None, "open")
    assert not [row.id for row in RULEBOOK if row.limit and row.limit.n == 16 and row.id != "refuse_to_issue"]


def test_error_4_the_fifteen_days_are_calendar_days():
    facts = [request("2026-11-02"), happened("draft_plan_served", "2026-12-18"), happened("setting_consulted", "2026-12-18", setting="oak")]
    assert owed(facts, "2026-12-18", "draft_representation_window").due_on == date(2027, 1, 1)
    assert owed(facts, "2026-12-18", "setting_consult_response").due_on == date(2027, 1, 2)


@pytest.mark.parametrize("adviser", ["adv_b_education", "adv_d_psychology", "adv_e_social_care"])
def test_error_5_reg_8_does_not_bind_schools_or_the_councils_own_services(adviser):
    facts = [request(), happened("decided_to_assess", "2026-04-07"), happened("advice_requested", "2026-04-08", adviser=adviser),
             happened("advice_delivered", "2026-04-08", adviser=adviser)]
    assert arisen(facts, "2026-04-08", "coop_respond_advice") == []
    assert owed(facts, "2026-04-08", "advice_six_weeks_others").duty.kind == "guide"


@pytest.mark.parametrize("code", ["X_SCHOOL", "X_EARLY"])
def test_error_5_health_bodies_are_not_excused_for_school_holidays(code):
    facts = [request("2026-06-29"), happened("advice_delivered", "2026-07-20", adviser="adv_c_medical"),
             claim("coop_respond_advice", code, "2026-07-20", adviser="adv_c_medical", advice_requested_on="2026-07-20",
                   closed_from="2026-07-23", reopens_on="2026-09-02")]
    assert owed(facts, "2026-09-01", "coop_respond_advice").state == "overdue"


def test_error_6_exceptions_relieve_only_the_four_limits_that_have_them():
    assert {row.id for row in RULEBOOK if row.exceptions} == {*LIMITS, "coop_respond_advice"}


def test_error_9_the_time_to_appeal_is_counted_in_months_and_not_in_days_or_weeks():
    facts = [request("2026-11-20"), happened("refused_to_assess", "2026-12-30")]
    last = owed(facts, "2026-12-30", "lodge_appeal").due_on
    assert last == date(2027, 3, 1)                       # the last of February is a Sunday
    assert last not in (date(2027, 2, 28), date(2027, 2, 24))                   # 60 days, 8 weeks


@pytest.mark.parametrize(("id", "pack"), [("decide_whether_to_assess", "N_APPEAL_A"), ("notify_no_plan_need_determination", "N_APPEAL_A"),
                                          ("refuse_to_issue", "N_APPEAL_B"), ("finalise_plan", "N_APPEAL_B")])
def test_error_10_every_pack_but_that_of_a_refusal_to_assess_speaks_of_recommendations(id, pack):
    assert duty(id).notice_pack == pack
    told = {item.id for item in PACKS[pack].items}
    assert ("RECOMMENDATIONS" in told) is (pack == "N_APPEAL_B")


def test_error_10_no_appeal_is_told_with_what_cannot_be_appealed():
    assert {row.id for row in RULEBOOK if row.notice_pack in ("N_APPEAL_A", "N_APPEAL_B")} == {
        row.id for row in RULEBOOK if row.appeal}
    assert not {item.id for item in PACKS["N_DRAFT"].items} & {"APPEAL_RIGHT", "APPEAL_TIME", "RECOMMENDATIONS"}


def test_error_12_the_ministry_of_defence_is_not_forgotten():
    facts = [request(service_family=True), happened("decided_to_assess", "2026-04-07")]
    assert owed(facts, "2026-04-07", "seek_advice", "adv_b_mod").state == "open"
    assert "adv_b_mod" in case_of(facts, "2026-04-07").advice_outstanding


def test_error_12_nor_the_commissioning_bodys_agreement_to_section_g():
    facts = [request(), happened("decided_to_assess", "2026-04-07"), happened("decided_to_issue", "2026-06-01"),
             happened("draft_plan_served", "2026-06-08"), happened("final_plan_prepared", "2026-07-01", sections=["A"], setting="oak")]
    assert "section G is not agreed by the responsible commissioning body (reg 12(2))" in final_plan_gaps(case_of(facts, "2026-07-01"))
    facts.append(happened("section_g_agreed", "2026-06-20"))
    assert not [gap for gap in final_plan_gaps(case_of(facts, "2026-07-01")) if "is not agreed" in gap]


def test_error_12_nor_the_enclosures_of_reg_6_3():
    facts = [request(), happened("decided_to_assess", "2026-04-07"), happened("advice_requested", "2026-04-08", adviser="adv_c_medical")]
    assert owed(facts, "2026-04-08", "send_evidence_with_advice_request", "adv_c_medical").state == "open"


@pytest.mark.parametrize(("received", "id", "last"), [
    (date(2026, 2, 28), "decide_whether_to_assess", date(2026, 4, 11)),          # a Saturday
    (date(2026, 3, 1), "decide_whether_to_assess", date(2026, 4, 12)),           # a Sunday
    (date(2026, 11, 13), "decide_whether_to_assess", date(2026, 12, 25)),        # Christmas Day
    (date(2026, 11, 6), "finalise_plan", date(2027, 3, 26)),                     # Good Friday
    (date(2026, 9, 11), "refuse_to_issue", date(2027, 1, 1)),                    # New Year's Day
])
def test_error_14_no_deadline_of_the_council_rolls_over_a_weekend_or_a_holiday(received, id, last):
    one = owed([request(received)], last, id)
    assert (one.due_on, one.state) == (last, "open")
    assert owed([request(received)], last + A_DAY, id).state == "overdue"


def test_error_14_no_row_but_the_appeal_counts_working_days_or_rolls():
    assert {row.limit.function for row in RULEBOOK if row.limit} == {"W", "D", "DMIN", "M"}
    everything = Case.of("A1", [], SIX, CLOSED)
    assert everything.duties == ()
