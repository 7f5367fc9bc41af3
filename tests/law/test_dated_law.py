"""The law by date (law page section 5): each rule in one version a day, and the version that a limit is judged by."""

from collections import Counter
from datetime import date, timedelta

import pytest

from models.law.coronavirus import GLOSSED, PARALLEL, REASONS, REVIEWS
from models.law.duty import PART_3_COMMENCED
from models.law.rulebook import RULEBOOK, branches, duty, in_force
from tests.law.told import A_DAY, UNMET, all_owed, around, claim, dues, happened, owed, request

TODAY = date.today()
DAYS = [PART_3_COMMENCED + timedelta(days=n) for n in range((TODAY - PART_3_COMMENCED).days + 1)]
BEGAN, ENDED = date(2020, 5, 1), date(2020, 9, 25)


def name(rule):
    return " ".join(filter(None, (rule[0].id, rule[0].branch)))


# --- one version a day -------------------------------------------------------------------------------------------

def test_every_day_since_part_3_commenced_each_rule_has_one_version_and_never_two():
    first = {(rows[0].id, rows[0].branch): rows[0].valid_from for rows in RULEBOOK.rules}
    for day in DAYS:
        found = Counter((row.id, row.branch) for row in in_force(day))
        assert set(found.values()) == {1}, (day, [rule for rule, count in found.items() if count > 1])
        assert set(found) == {rule for rule, since in first.items() if since <= day}, day


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=name)
def test_the_versions_of_a_rule_follow_each_other_without_gap_or_overlap(rule):
    assert [row.valid_to for row in rule[:-1]] == [row.valid_from - A_DAY for row in rule[1:]]
    assert rule[-1].valid_to is None
    assert len({row.selector for row in rule}) == 1


@pytest.mark.parametrize(("since", "ids"), [
    (date(2015, 3, 23), {"unop_assess_no_plan", "unop_assess_final", "unop_setting_and_contents", "unop_refuse_issue_draft",
                         "unop_refuse_issue_final", "unop_cease"}),
    (date(2015, 4, 1), {row.id for row in RULEBOOK if row.id.startswith("dp_")} - {"dp_review_3m"}),
    (date(2018, 4, 3), {"rec_health_response", "rec_social_response", "rec_health_copy_sos", "rec_social_copy_sos"}),
])
def test_what_was_law_only_later(since, ids):
    assert {rows[0].id for rows in RULEBOOK.rules if rows[0].valid_from == since} == ids
    for id in ids:
        assert not [row for row in in_force(since - A_DAY) if row.id == id]
        assert branches(id, since)


def test_everything_else_was_law_from_the_first_day():
    assert {rows[0].valid_from for rows in RULEBOOK.rules} == {PART_3_COMMENCED, date(2015, 3, 23), date(2015, 4, 1), date(2018, 4, 3)}


# --- reg 45 as made ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("id", "made", "now"), [("unop_assess_notify", 4, 2), ("unop_contents", 4, 5), ("unop_setting", 2, 2)])
def test_reg_45_as_made_until_22_march_2015(id, made, now):
    was, then = duty(id, date(2015, 3, 22)), duty(id, date(2015, 3, 23))
    assert (was.limit.n, was.text) == (made, "SI 2014/1530 as made")
    assert (then.limit.n, then.text) == (now, "SI 2015/359")


def test_paragraph_4_lost_its_exceptions_with_it():
    assert "X_PERSONAL" in duty("unop_contents", date(2015, 3, 22)).exceptions
    assert duty("unop_contents", date(2015, 3, 23)).exceptions == ()


@pytest.mark.parametrize(("told", "last"), [
    (date(2015, 2, 20), date(2015, 3, 20)),              # four weeks, over before the change
    (date(2015, 2, 22), date(2015, 3, 22)),
    (date(2015, 2, 23), date(2015, 3, 23)),              # by neither text does it fall due in that text's own time
    (date(2015, 3, 8), date(2015, 4, 5)),                # two weeks would have run out before they were law
    (date(2015, 3, 9), date(2015, 3, 23)),               # two weeks, by the law of the day on which it falls due
    (date(2015, 3, 23), date(2015, 4, 6)),
])
def test_an_appeal_not_opposed_around_the_change_is_judged_by_the_law_of_the_day_on_which_the_limit_fell_due(told, last):
    assert around([happened("appeal_unopposed", told, about="assess")], last, "unop_assess_notify") == UNMET


def test_the_right_to_appeal_against_ceasing_was_added_to_the_notice_of_a_review_with_it():
    assert duty("review_decision", date(2015, 3, 22)).appeal == "s.51(2)(e)"
    assert duty("review_decision", date(2015, 3, 23)).appeal == "s.51(2)(e), s.51(2)(f)"


def test_the_one_date_for_the_transfers_of_2015():
    facts = [happened("phase_transfer_identified", "2015-01-05", transfer="secondary_to_post16", year=2015)]
    assert owed(facts, "2015-01-05", "phase_transfer_secondary_to_post16").due_on == date(2015, 5, 30)
    assert owed([happened("phase_transfer_identified", "2016-01-05", transfer="secondary_to_post16", year=2016)], "2016-01-05",
                "phase_transfer_secondary_to_post16").due_on == date(2016, 3, 30)


# --- recommendations ---------------------------------------------------------------------------------------------

def test_the_packs_speak_of_recommendations_from_3_april_2018():
    before = {row.id for row in in_force(date(2018, 4, 2)) if row.notice_pack == "N_APPEAL_B"}
    after = {row.id for row in in_force(date(2018, 4, 3)) if row.notice_pack == "N_APPEAL_B"}
    assert before == set()
    assert {"refuse_to_issue", "finalise_plan", "review_decision", "final_amended_plan", "cease_decision_notice"} <= after
    assert {duty(id, date(2018, 4, 2)).notice_pack for id in after} == {"N_APPEAL_A"}
    assert duty("decide_whether_to_assess", date(2018, 4, 3)).notice_pack == "N_APPEAL_A"


@pytest.mark.parametrize(("decided", "owes"), [("2018-04-02", False), ("2018-04-03", True), (None, True)])
def test_a_recommendation_needs_a_decision_made_from_that_day_on(decided, owes):
    facts = [happened("recommendation_made", "2018-11-01", service="health", decision_on=decided)]
    assert bool(dues(facts, "2018-11-01", "rec_health_response")) is owes


# --- the rules of 2020 -------------------------------------------------------------------------------------------

RELAXED = (*REASONS, *GLOSSED, *PARALLEL, *REVIEWS)
NOT_RELAXED = ("draft_representation_window", "amend_representation_window", "phase_transfer_secondary_to_post16",
               "phase_transfer_other", "post16_to_post16", "invite_to_review", "circulate_review_advice", "mediation_date_notice",
               "dp_mediation_notice", "dp_draft_window", "lodge_appeal", "la_response_to_appeal")


@pytest.mark.parametrize("id", RELAXED)
def test_a_reason_of_coronavirus_counts_from_1_may_to_25_september_2020_and_on_no_day_beside(id):
    for day, counts in ((BEGAN - A_DAY, False), (BEGAN, True), (ENDED, True), (ENDED + A_DAY, False)):
        rows = branches(id, day)
        assert {"X_CV" in row.exceptions for row in rows} == {counts}, day
        if counts:
            assert {row.text for row in rows} == {"as modified by SI 2020/471"}
            assert all(row.residual and "coronavirus" in row.exception_basis for row in rows)
    assert {row.limit for row in branches(id, BEGAN - A_DAY)} == {row.limit for row in branches(id, BEGAN)}


@pytest.mark.parametrize("id", NOT_RELAXED)
def test_what_was_not_relaxed(id):
    assert {"X_CV" in row.exceptions for row in RULEBOOK if row.id == id} == {False}


def test_what_the_rules_of_2020_relaxed_is_told_in_full():
    assert {row.id for row in RULEBOOK if "X_CV" in row.exceptions} == set(RELAXED)
    assert {row.id for row in in_force(ENDED) if row.text == "as modified by SI 2020/471"} == set(RELAXED)


def test_provision_was_reasonable_endeavours_until_31_july_2020():
    for day, relaxed in ((date(2020, 4, 30), False), (BEGAN, True), (date(2020, 7, 31), True), (date(2020, 8, 1), False)):
        assert ("reasonable endeavours" in duty("secure_provision", day).words) is relaxed


def test_example_21_the_twenty_weeks_that_end_after_the_rules_are_not_relieved():
    facts = [request("2020-05-15"), *(claim(id, "X_CV", "2020-06-01") for id in
                                      ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan"))]
    for id, last, state in (("decide_whether_to_assess", date(2020, 6, 26), "excused"), ("refuse_to_issue", date(2020, 9, 4), "excused"),
                            ("finalise_plan", date(2020, 10, 2), "overdue")):
        one = owed(facts, last + A_DAY, id)
        assert (one.due_on, one.state) == (last, state)
    assert "this does not relieve finalise_plan" in " ".join(owed(facts, "2020-10-03", "finalise_plan").why)


@pytest.mark.parametrize(("received", "last", "relieved"), [
    (date(2020, 3, 19), date(2020, 4, 30), False), (date(2020, 3, 20), date(2020, 5, 1), True),
    (date(2020, 8, 14), date(2020, 9, 25), True), (date(2020, 8, 15), date(2020, 9, 26), False)])
def test_the_day_on_which_the_limit_fell_due_decides(received, last, relieved):
    facts = [request(received), claim("decide_whether_to_assess", "X_CV", received)]
    one = owed(facts, last + A_DAY, "decide_whether_to_assess")
    assert (one.due_on, one.excused_by) == (last, "X_CV" if relieved else None)


def test_a_failure_excused_in_2020_stays_excused_and_the_duty_goes_on_after_the_rules_ended():
    facts = [request("2020-05-15"), claim("decide_whether_to_assess", "X_CV", "2020-06-20")]
    for day in ("2020-06-27", "2020-09-25", "2020-09-26", "2020-12-01"):
        one = owed(facts, day, "decide_whether_to_assess")
        assert (one.state, one.due_on) == ("excused", date(2020, 6, 26))
    why = " ".join(owed(facts, "2020-12-01", "decide_whether_to_assess").why)
    assert "as modified by SI 2020/471" in why
    assert "the duty goes on: as soon as practicable" in why
    done = owed([*facts, happened("decided_to_assess", "2020-10-05")], "2020-10-05", "decide_whether_to_assess")
    assert (done.state, done.days_late) == ("excused", 101)


def test_the_family_might_contact_the_adviser_later_too():
    facts = [request("2020-01-02"), happened("refused_to_assess", "2020-04-20"), claim("contact_mediation_adviser", "X_CV", "2020-06-10")]
    stood = [owed(facts, on, "contact_mediation_adviser") for on in ("2020-06-20", "2020-06-21", "2020-12-01")]
    assert [one.state for one in stood] == ["open", "excused", "excused"]
    assert stood[1].why[-1] == "It may still be used."
    used = owed([*facts, happened("mediation_adviser_contacted", "2020-07-01")], "2020-07-01", "contact_mediation_adviser")
    assert (used.state, used.days_late) == ("excused", 11)
    assert owed([*facts[:2]], "2020-06-21", "contact_mediation_adviser").state == "lapsed"


def test_the_limits_for_detained_persons_were_relaxed_all_but_the_window_and_the_notice_of_mediation():
    limited = {row.id for row in in_force(ENDED) if row.id.startswith("dp_") and row.limit}
    assert {row.id for row in in_force(ENDED) if row.id.startswith("dp_") and "X_CV" in row.exceptions} == limited - {
        "dp_draft_window", "dp_mediation_notice"}


def test_the_yearly_review_was_relieved_too():
    facts = [happened("final_plan_sent", "2019-06-01"), claim("first_review", "X_CV", "2020-05-20")]
    one = owed(facts, "2020-06-01", "first_review")
    assert (one.due_on, one.state, one.duty.residual) == (date(2020, 5, 31), "excused", "as soon as reasonably practicable")
    assert "reg 18A" in one.duty.exception_basis


# --- the Devon judgment ------------------------------------------------------------------------------------------

def test_devon_from_8_march_2022():
    before, after = date(2022, 3, 7), date(2022, 3, 8)
    assert duty("amendment_notice", before).limit is None
    assert duty("amendment_notice", after).limit.n == 4
    assert "as commonly read before" in duty("final_amended_plan", before).reading
    assert duty("final_amended_plan", after).reading.startswith("R (L, M and P) v Devon CC [2022] EWHC 493 (Admin)")
    assert duty("final_amended_plan", before).text == duty("final_amended_plan", after).text == "SI 2014/1530"


@pytest.mark.parametrize(("met", "sent", "last", "reading"), [
    (date(2021, 9, 1), date(2022, 1, 10), date(2022, 3, 7), "as commonly read before"),       # eight weeks from the notice alone
    (date(2021, 12, 13), date(2022, 1, 10), date(2022, 3, 7), "as commonly read before"),
    (date(2021, 12, 14), date(2022, 1, 11), date(2022, 3, 8), "R (L, M and P)"),
    (date(2021, 12, 14), date(2022, 2, 14), date(2022, 3, 8), "R (L, M and P)"),              # the outer limit
    (date(2021, 12, 1), date(2022, 1, 20), date(2022, 3, 17), "as commonly read before"),     # which had passed unread
])
def test_an_amendment_around_the_judgment(met, sent, last, reading):
    facts = [happened("review_meeting_held", met), happened("review_decision_sent", met + 28 * A_DAY, outcome="amend"),
             happened("amendment_notice_sent", sent, document="d")]
    one = owed(facts, sent, "final_amended_plan")
    assert (one.due_on, one.duty.reading.startswith(reading)) == (last, True)
    assert one.duty.reading in " ".join(one.why)


@pytest.mark.parametrize(("met", "last"), [(date(2022, 2, 7), None), (date(2022, 2, 8), date(2022, 3, 8))])
def test_the_notice_has_four_weeks_where_they_end_with_the_judgment_or_later(met, last):
    assert owed([happened("review_meeting_held", met)], met, "amendment_notice").due_on == last


def test_before_it_no_clock_ran_for_an_amended_plan_until_the_amendments_were_sent():
    assert dues([happened("review_meeting_held", "2021-06-01")], "2021-12-01", "final_amended_plan") == {}


# --- the other changes -------------------------------------------------------------------------------------------

def test_the_tribunals_august_was_confined_to_special_educational_needs_on_21_july_2020():
    for id in ("lodge_appeal", "la_response_to_appeal"):
        assert duty(id, date(2020, 7, 20)).text == "SI 2008/2699"
        assert "SEN cases alone" in duty(id, date(2020, 7, 21)).text


def test_the_attendance_regulations_of_2024_are_in_dp_reg_4_from_19_august_2024():
    assert duty("dp_notify_partners", date(2024, 8, 18)).text == "SI 2015/62"
    assert "attendance regulations of 2024" in duty("dp_notify_partners", date(2024, 8, 19)).text


def test_the_selector_of_a_rule_is_the_day_on_which_it_falls_due_but_for_recommendations():
    assert {row.selector for row in RULEBOOK} == {"due_date", "start_date"}
    assert {row.id for row in RULEBOOK if row.selector == "start_date"} == {row.id for row in RULEBOOK if row.id.startswith("rec_")}


def test_no_duty_of_a_case_is_told_in_a_version_that_was_not_law_for_it():
    facts = [request("2020-03-02"), happened("decided_to_assess", "2020-04-10"), happened("decided_to_issue", "2020-06-01"),
             happened("draft_plan_served", "2020-06-20"), happened("final_plan_sent", "2020-07-20", sent_to=["family"]),
             happened("review_meeting_held", "2021-06-01"), happened("review_decision_sent", "2021-06-20", outcome="amend"),
             happened("amendment_notice_sent", "2021-06-20", document="d"), happened("final_amended_plan_sent", "2021-08-10"),
             happened("review_meeting_held", "2022-06-01"), happened("review_decision_sent", "2022-06-20", outcome="continue")]
    for one in all_owed(facts, "2022-07-01"):
        chosen = (one.due_on if one.duty.selector == "due_date" else None) or one.starts_on
        assert one.duty.in_force(chosen), (one.duty.id, chosen, one.duty.valid_from, one.duty.valid_to)
