"""Errors that councils and systems make often (law page section 8): that none of them is made here."""

from datetime import date

import pytest

from models.case import Case
from models.final_plan import final_plan_gaps
from models.law.ceasing import may_be_maintained_until
from models.law.reviews import arranges_the_meeting
from models.law.rulebook import RULEBOOK, duty, in_force
from notifications.packs import PACKS
from tests.law.told import (A_DAY, CLOSED, RECEIVED, SIX, TWENTY, UNMET, all_owed, arisen, around, case_of, claim, happened, owed,
                            request)

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
    assert not [row.id for row in RULEBOOK if row.limit and row.limit.n == 16
                and row.id not in ("refuse_to_issue", "dp_refuse_issue") and row.branch != "refuse_to_issue"]


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


def test_error_6_no_exception_relieves_a_review_an_amendment_a_decision_to_reassess_or_an_amendment_that_the_tribunal_ordered():
    relieved = {row.id for row in in_force() if row.exceptions}
    assert relieved == {*LIMITS, "coop_respond_advice", "finalise_after_reassessment", "ord_assess_notify", "ord_assess_no_plan",
                        "ord_assess_final", "ord_make_draft", "ord_make_final", "unop_assess_notify", "unop_refuse_issue_draft",
                        "unop_refuse_issue_final", "dp_decide_assess", "dp_coop", "dp_refuse_issue", "dp_finalise", "dp_orders",
                        "dp_unopposed"}


REVIEWED = happened("review_meeting_held", "2026-10-01")


@pytest.mark.parametrize(("id", "facts", "last"), [
    ("review_report", [REVIEWED], date(2026, 10, 15)), ("review_decision", [REVIEWED], date(2026, 10, 29)),
    ("amendment_notice", [REVIEWED], date(2026, 10, 29)), ("final_amended_plan", [REVIEWED], date(2026, 12, 24)),
    ("first_review", [happened("final_plan_sent", "2026-04-15")], date(2027, 4, 14)),
    ("reassessment_decision", [happened("reassessment_requested", "2026-09-01")], date(2026, 9, 16)),
    ("ord_amend_sep", [happened("tribunal_order_made", "2027-03-04", order="amend_provision")], date(2027, 4, 8)),
    ("ord_amend_setting", [happened("tribunal_order_made", "2027-03-04", order="amend_setting")], date(2027, 3, 18)),
])
@pytest.mark.parametrize("code", ["X_SCHOOL", "X_PERSONAL", "X_ABSENT4", "X_ABSENT2"])
def test_error_6_such_a_claim_is_refused_in_words(id, facts, last, code):
    told = [*facts, claim(id, code, facts[0].on, absent_from=facts[0].on, absent_to=last, advice_requested_on=facts[0].on,
                          closed_from=facts[0].on, reopens_on=last)]
    one = owed(told, last + A_DAY, id)
    assert (one.state, one.excused_by, one.due_on) == ("overdue", None, last)
    assert "nothing does" in " ".join(one.why)


def test_error_7_a_decision_to_amend_without_the_amendments_leaves_the_notice_owed():
    facts = [REVIEWED, happened("review_decision_sent", "2026-10-29", outcome="amend")]
    assert owed(facts, "2026-10-30", "review_decision").state == "met"
    assert around(facts, "2026-10-29", "amendment_notice") == UNMET
    late = owed([*facts, happened("amendment_notice_sent", "2026-11-26", document="d")], "2026-11-26", "amendment_notice")
    assert (late.state, late.days_late) == ("met_late", 28)


def test_error_8_a_plan_is_not_ceased_by_the_notice_nor_without_consulting_nor_before_the_time_to_appeal_is_over():
    facts = [happened("final_plan_sent", "2025-09-01"), happened("cease_notice_sent", "2026-10-27", cease_reason="needs_met")]
    assert owed(facts, "2026-10-28", "secure_provision").state == "open"                     # the provision goes on
    assert owed(facts, "2026-10-28", "propose_cease").state == "open"                        # and nobody was consulted
    hold = owed(facts, "2026-10-28", "cease_hold")
    assert (hold.state, hold.due_on) == ("open", date(2027, 1, 4))                           # over Christmas


def test_error_8_a_birthday_ceases_no_plan():
    facts = [happened("final_plan_sent", "2025-09-01")]
    assert owed(facts, "2045-09-01", "secure_provision").state == "open"
    assert may_be_maintained_until(date(2001, 9, 1)) == date(2027, 7, 31)


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


def test_error_10_a_notice_of_proposed_amendments_tells_of_no_appeal():
    assert {row.notice_pack for row in RULEBOOK if row.id in ("amendment_notice", "amend_representation_window")} == {"N_AMEND"}
    assert not [row for row in RULEBOOK if row.notice_pack == "N_AMEND" and row.appeal]
    facts = [REVIEWED, happened("review_decision_sent", "2026-10-20", outcome="amend"),
             happened("amendment_notice_sent", "2026-10-20", document="d")]
    assert arisen(facts, "2026-10-20", "lodge_appeal") == []


@pytest.mark.parametrize("kind", ["fe_college", "post16", "independent", "early_years", "none"])
def test_error_11_a_college_is_not_asked_to_run_the_review(kind):
    assert arranges_the_meeting(kind) == "council"


@pytest.mark.parametrize("kind", ["maintained_school", "maintained_nursery", "academy", "ap_academy", "pru",
                                  "non_maintained_special", "section_41"])
def test_error_11_those_of_reg_20_12_may_be(kind):
    assert arranges_the_meeting(kind) == "setting"


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


def test_error_13_reg_45_is_not_applied_as_it_was_made():
    today = {row.id: row.limit.n for row in in_force() if row.id.startswith("unop_")}
    assert (today["unop_assess_notify"], today["unop_contents"]) == (2, 5)
    assert {row.valid_to for row in RULEBOOK if "as made" in row.text} == {date(2015, 3, 22)}
    conceded = happened("appeal_unopposed", "2026-10-01", about="contents")
    assert owed([conceded], "2026-10-01", "unop_contents").due_on == date(2026, 11, 5)       # and not 29 October


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


@pytest.mark.parametrize(("kind", "on", "data", "id", "last"), [
    ("review_meeting_held", date(2026, 11, 27), {}, "review_decision", date(2026, 12, 25)),                 # Christmas Day
    ("reassessment_requested", date(2026, 12, 11), {"requested_by": "parent"}, "reassessment_decision", date(2026, 12, 26)),
    ("tribunal_order_made", date(2027, 3, 12), {"order": "amend_setting"}, "ord_amend_setting", date(2027, 3, 26)),  # Good Friday
    ("mediation_wanted", date(2026, 11, 25), {"health": "none"}, "arrange_mediation_no_health", date(2026, 12, 25)),
])
def test_error_14_nor_any_of_those_under_a_plan(kind, on, data, id, last):
    assert around([happened(kind, on, **data)], last, id) == UNMET


def test_error_14_working_days_are_counted_only_where_the_law_says_so():
    assert {row.id for row in RULEBOOK if row.limit and row.limit.function in ("WD", "WDB", "NOTWD")} == {
        "transfer_plan_on_move", "old_rcb_notify_new_rcb_move", "new_rcb_request_after_move", "old_rcb_notify_change",
        "new_rcb_request_change", "certificate_no_mediation", "notify_rcb_of_mediation", "mediation_date_notice",
        "certificate_deemed", "certificate_after_mediation", "la_response_to_appeal", "dp_release_disclose_new_la",
        "dp_new_la_disclose_rcb", "dp_rcb_request", "dp_send_kept_plan", "dp_send_on_move", "dp_certificates",
        "dp_mediation_notice", "he_disclosure"}


def test_nothing_happened_and_nothing_is_owed():
    assert Case.of("A1", [], SIX, CLOSED).duties == ()
