"""SI 2015/62, ss.70 to 75: detained persons, and what becomes of an assessment when detention begins or ends."""

from datetime import date

import pytest

from tests.law.told import A_DAY, UNMET, all_owed, around, claim, dues, happened, owed, request, standing_of, states

DETAINED = request(detained=True)
SIX, SIXTEEN, TWENTY = "2026-04-13", "2026-06-22", "2026-07-20"
ASSESSING = [DETAINED, happened("decided_to_assess", "2026-04-07")]
BEGAN = happened("detention_began", "2026-03-02", plan_kept=True)
ORDINARY = {"decide_whether_to_assess", "notify_no_plan_need_determination", "refuse_to_issue", "finalise_plan"}


def ids(facts, on="2026-03-02"):
    return {one.duty.id for one in all_owed(facts, on)}


# --- the assessment of a detained person -------------------------------------------------------------------------

@pytest.mark.parametrize(("id", "last"), [("dp_determination_no", SIX), ("dp_decide_assess", SIX), ("dp_refuse_issue", SIXTEEN),
                                          ("dp_finalise", TWENTY)])
def test_six_sixteen_and_twenty_weeks(id, last):
    assert around([DETAINED], last, id) == UNMET


def test_and_nothing_of_an_ordinary_assessment():
    assert not ids([DETAINED]) & ORDINARY
    assert not {id for id in ids([request()]) if id.startswith("dp_")}
    assert not ids(ASSESSING, "2026-04-07") & {"seek_advice", "finalise_plan"}


@pytest.mark.parametrize(("kind", "id", "last"), [
    ("decided_to_assess", "dp_decide_assess", SIX), ("refused_to_assess", "dp_decide_assess", SIX),
    ("refused_to_assess", "dp_determination_no", SIX), ("refused_to_issue", "dp_refuse_issue", SIXTEEN),
    ("final_plan_sent", "dp_finalise", TWENTY)])
@pytest.mark.parametrize(("days", "state", "late"), [(0, "met", 0), (1, "met_late", 1)])
def test_the_decision_meets_it(kind, id, last, days, state, late):
    on = date.fromisoformat(last) + days * A_DAY
    assert standing_of(owed([DETAINED, happened(kind, on)], "2026-12-31", id)) == (state, late)


@pytest.mark.parametrize(("code", "fields"), [
    ("X_PERSONAL", {}), ("X_ABSENT4", {"absent_from": "2026-03-05", "absent_to": "2026-04-05"}),
    ("X_SCHOOL", {"advice_requested_on": "2026-04-01", "closed_from": "2026-04-03", "reopens_on": "2026-05-10"})])
def test_the_exceptions_relieve_all_but_the_early_refusal(code, fields):
    for id, relieved in (("dp_decide_assess", True), ("dp_refuse_issue", True), ("dp_finalise", True), ("dp_determination_no", False)):
        one = owed([DETAINED, claim(id, code, "2026-04-10", **fields)], "2026-08-01", id)
        assert one.state == ("excused" if relieved else "overdue"), id


def test_bodies_have_six_weeks_and_the_draft_its_fifteen_days():
    facts = [*ASSESSING, happened("advice_requested", "2026-04-08", adviser="adv_c_medical", body="s31"),
             happened("advice_delivered", "2026-04-09", adviser="adv_c_medical", body="s31"), BEGAN]
    assert around(facts, "2026-05-21", "dp_coop") == UNMET
    assert "coop_respond_advice" not in ids(facts, "2026-05-21")
    drafted = [*facts, happened("draft_plan_served", "2026-06-01")]
    assert around(drafted, "2026-06-15", "dp_draft_window") == [("open", 0), ("open", 0), ("met", 0)]


def test_consulting_and_telling_partners_have_no_figure():
    told = {one.party for one in all_owed([DETAINED], "2026-03-02") if one.duty.id == "dp_notify_partners"}
    assert told == {"rcb", "dphsc", "social_care", "yot", "setting"}
    for id in ("dp_consult", "dp_notify_partners"):
        assert {one.due_on for one in all_owed([DETAINED], "2026-12-01") if one.duty.id == id} == {None}


# --- detention begins or ends while something is unfinished ------------------------------------------------------

WEEKS = {"decide_whether_to_assess": date(2026, 4, 13), "refuse_to_issue": date(2026, 6, 22), "finalise": date(2026, 7, 20)}


def test_after_release_the_same_council_counts_from_the_original_day():
    facts = [*ASSESSING, happened("released", "2026-05-05")]
    assert dues(facts, "2026-05-05", "dp_unfinished_on_release") == WEEKS
    assert around(facts, "2026-07-20", "dp_unfinished_on_release", branch="finalise") == UNMET
    assert around(facts, "2026-06-22", "dp_unfinished_on_release", branch="refuse_to_issue") == UNMET
    done = owed(facts, "2026-05-05", "dp_unfinished_on_release", branch="decide_whether_to_assess")
    assert done.state == "met"                                                                 # what was done counts
    assert owed(facts, "2026-05-05", "dp_finalise").state == "lapsed"


def test_before_release_there_is_no_such_clock():
    assert dues(ASSESSING, "2026-05-05", "dp_unfinished_on_release") == {}


def test_after_detention_began_the_home_authority_counts_from_the_original_day():
    facts = [request(), happened("decided_to_assess", "2026-04-07"), happened("detention_began", "2026-05-05", plan_kept=False)]
    assert dues(facts, "2026-05-05", "dp_unfinished_on_detention") == WEEKS
    assert around(facts, "2026-07-20", "dp_unfinished_on_detention", branch="finalise") == UNMET
    for id in ("refuse_to_issue", "finalise_plan"):
        assert standing_of(owed(facts, "2026-08-01", id)) == ("lapsed", 0)                     # Part 3 is disapplied (s.70)
    sent = [*facts, happened("final_plan_sent", "2026-07-20")]
    assert owed(sent, "2026-07-20", "dp_unfinished_on_detention", branch="finalise").state == "met"


def test_an_assessment_that_was_finished_before_is_not_unfinished():
    facts = [request(), happened("decided_to_assess", "2026-04-07"), happened("final_plan_sent", "2026-07-20"),
             happened("detention_began", "2026-08-03")]
    assert dues(facts, "2026-08-03", "dp_unfinished_on_detention") == {}
    assert owed(facts, "2026-08-03", "finalise_plan").state == "met"


# --- the plan that is kept ---------------------------------------------------------------------------------------

@pytest.mark.parametrize(("facts", "last", "id", "answer"), [
    ([happened("detention_began", "2026-12-18", plan_kept=True)], "2026-12-29", "dp_send_kept_plan", "kept_plan_sent"),
    ([happened("detention_began", "2026-12-01", known_on="2026-12-18")], "2026-12-29", "dp_send_kept_plan", "kept_plan_sent"),
    ([BEGAN, happened("moved_within_custody", "2026-09-01")], "2026-09-08", "dp_send_on_move", "plan_sent_to_new_accommodation"),
    ([BEGAN, happened("release_known", "2026-09-01", to="other-council")], "2026-09-08", "dp_release_disclose_new_la",
     "plan_disclosed_to_new_authority"),
    ([BEGAN, happened("new_authority_received_plan", "2026-09-01")], "2026-09-08", "dp_new_la_disclose_rcb", "plan_disclosed_to_rcb"),
    ([BEGAN, happened("plan_disclosed_to_rcb", "2026-09-01")], "2026-09-22", "dp_rcb_request", "rcb_request_after_release"),
])
def test_working_days_around_detention_and_release(facts, last, id, answer):
    assert around(facts, last, id) == UNMET
    for days, state, late in ((0, "met", 0), (1, "met_late", 1)):
        on = date.fromisoformat(last) + days * A_DAY
        assert standing_of(owed([*facts, happened(answer, on)], "2027-03-01", id)) == (state, late)


def test_a_release_into_the_councils_own_area_discloses_to_nobody():
    assert dues([BEGAN, happened("release_known", "2026-09-01")], "2026-09-01", "dp_release_disclose_new_la") == {}


def test_two_detentions_have_clocks_of_their_own():
    facts = [happened("detention_began", "2025-03-03"), happened("kept_plan_sent", "2025-03-05"), happened("released", "2025-09-01"),
             happened("detention_began", "2026-12-18")]
    assert states(facts, "2026-12-30", "dp_send_kept_plan") == {"2025-03-03": "met", "2026-12-18": "overdue"}


# --- mediation and appeals ---------------------------------------------------------------------------------------

REFUSED = [DETAINED, happened("refused_to_assess", "2026-04-09"), BEGAN]


def test_two_months_to_contact_the_adviser_and_the_tribunals_time_to_appeal():
    assert around(REFUSED, "2026-06-09", "dp_mediation_contact") == [("open", 0), ("open", 0), ("lapsed", 0)]
    assert around(REFUSED, "2026-06-09", "lodge_appeal") == [("open", 0), ("open", 0), ("lapsed", 0)]
    assert dues(REFUSED, "2026-04-09", "contact_mediation_adviser") == {}


def test_the_council_responds_to_an_appeal_as_to_any_other():
    assert owed([*REFUSED, happened("appeal_registered", "2026-07-20")], "2026-07-20", "la_response_to_appeal").due_on == date(2026, 9, 29)


def test_mediation_counts_from_the_day_on_which_the_adviser_was_told():
    facts = [BEGAN, happened("adviser_told_mediation_wanted", "2026-09-01")]
    assert around(facts, "2026-10-01", "dp_arrange_mediation") == UNMET
    arranged = [*facts, happened("mediation_arranged", "2026-09-10", meeting_on="2026-09-24")]
    assert owed(arranged, "2026-09-10", "dp_arrange_mediation").state == "met"
    assert around(arranged, "2026-09-17", "dp_mediation_notice") == UNMET


@pytest.mark.parametrize(("branch", "kind"), [("no_mediation", "mediation_not_wanted"), ("after_mediation", "mediation_held"),
                                              ("deemed", "adviser_told_mediation_failed")])
def test_each_certificate_in_three_working_days(branch, kind):
    facts = [BEGAN, happened("adviser_told_mediation_wanted", "2026-08-03"), happened(kind, "2026-08-27")]
    assert around(facts, "2026-09-02", "dp_certificates", branch=branch) == UNMET
    issued = [*facts, happened("mediation_certificate_issued", "2026-09-02")]
    assert owed(issued, "2026-09-02", "dp_certificates", branch=branch).state == "met"


RELIEVED = {("dp_orders", "make_draft"), ("dp_orders", "make_final"), ("dp_orders", "remit"), ("dp_unopposed", "assess_no_plan"),
            ("dp_unopposed", "assess_final"), ("dp_unopposed", "issue_draft"), ("dp_unopposed", "issue_final")}


@pytest.mark.parametrize(("id", "what", "branch", "weeks", "answer"), [
    ("dp_orders", {"order": "assess"}, "assess_notify", 2, "decided_to_assess"),
    ("dp_orders", {"order": "assess"}, "assess_no_plan", 10, "refused_to_issue"),
    ("dp_orders", {"order": "assess"}, "assess_final", 14, "final_plan_sent"),
    ("dp_orders", {"order": "make_plan"}, "make_draft", 5, "draft_plan_served"),
    ("dp_orders", {"order": "make_plan"}, "make_final", 11, "final_plan_sent"),
    ("dp_orders", {"order": "remit"}, "remit", 2, "refused_to_issue"),
    ("dp_orders", {"order": "amend_setting"}, "setting", 2, "final_amended_plan_sent"),
    ("dp_unopposed", {"about": "assess"}, "assess_notify", 2, "decided_to_assess"),
    ("dp_unopposed", {"about": "assess"}, "assess_no_plan", 10, "refused_to_issue"),
    ("dp_unopposed", {"about": "assess"}, "assess_final", 14, "final_plan_sent"),
    ("dp_unopposed", {"about": "issue"}, "issue_draft", 5, "draft_plan_served"),
    ("dp_unopposed", {"about": "issue"}, "issue_final", 11, "final_plan_sent"),
    ("dp_unopposed", {"about": "setting"}, "setting", 2, "final_amended_plan_sent"),
])
def test_orders_and_concessions(id, what, branch, weeks, answer):
    made = date(2026, 9, 1)
    kind = "tribunal_order_made" if id == "dp_orders" else "appeal_unopposed"
    facts, last = [BEGAN, happened(kind, made, **what)], made + 7 * weeks * A_DAY
    assert around(facts, last, id, branch=branch) == UNMET
    for days, state, late in ((0, "met", 0), (1, "met_late", 1)):
        assert standing_of(owed([*facts, happened(answer, last + days * A_DAY)], "2027-03-01", id, branch=branch)) == (state, late)
    assert not {one for one in ids(facts, made) if one.startswith(("ord_", "unop_"))}
    relieved = owed([*facts, claim(id, "X_PERSONAL", made)], "2027-03-01", id, branch=branch).excused_by
    assert (relieved == "X_PERSONAL") is ((id, branch) in RELIEVED)
