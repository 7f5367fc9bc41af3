"""What each question of an auditor counts, at the edges; and that its figures can be counted again."""

from dataclasses import astuple
from datetime import date, timedelta

import pytest

from models.audit.answer import figure
from models.audit.names import NAMES, NUMBERS
from models.audit.questions import QUESTIONS
from models.cohort import Ahead
from tests.models.audit.builders import RECEIVED, day, letter, record, request, rows

DECIDED = {"decided_by": "officer-9", "reason_codes": ["plan_may_be_necessary"], "evidence": ["doc-1", "doc-2"]}
LIMIT = date(2026, 4, 13)
DAY = timedelta(days=1)


def ask(name, *lines, on, **more):
    return rows(QUESTIONS[name], *lines, on=on, **more)


def figures(name, found, seen=None):
    return {one.name: (one.numerator, one.denominator) for one in QUESTIONS[name].figures(found, seen or {"live": 1, "entries": 9})}


# --- 1: requests -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("decided, days, late, in_time", [
    (LIMIT - DAY, 41, 0, True), (LIMIT, 42, 0, True), (LIMIT + DAY, 43, 1, False)])
def test_a_request_decided_around_its_last_day(decided, days, late, in_time):
    row = ask("requests", request(how="post"), ("decided_to_assess", decided, DECIDED), on=day(60))[0]
    assert (row.limit, row.received_on, row.requested_by, row.how, row.done, row.done_on) == (
        "6 weeks", RECEIVED, "parent", "post", "decided_to_assess", decided)
    assert (row.days, row.days_late, row.in_time, row.due_on, row.rule) == (days, late, in_time, LIMIT, "s.36(8), reg 5(1)")


@pytest.mark.parametrize("on, in_time", [(LIMIT, None), (LIMIT + DAY, False)])
def test_a_limit_that_still_runs_is_in_no_figure_and_one_that_is_over_is(on, in_time):
    found = ask("requests", request(), on=on)
    assert found[0].in_time is in_time
    assert figures("requests", found)["within 6 weeks, all"] == (0, 0 if in_time is None else 1)


def test_a_decision_counts_from_the_day_on_which_the_family_was_told():
    line = ("decided_to_assess", LIMIT, DECIDED | {"notice": "to_follow"})
    assert ask("requests", request(), line, on=day(60))[0].in_time is False
    told = ("family_told_of_decision", LIMIT, {"decision": "decided_to_assess"})
    assert ask("requests", request(), line, told, on=day(60))[0].done_on == LIMIT


def test_figures_with_and_without_a_lawful_exception():
    away = {"duty": "decide_whether_to_assess", "code": "X_ABSENT4", "because": "x", "approved_by": "officer-9",
            "absent_from": "2026-03-03", "absent_to": "2026-04-05"}
    found = ask("requests", request(), ("exception_claimed", day(30), away), ("decided_to_assess", day(50), DECIDED), on=day(60))
    assert (found[0].state, found[0].in_time, found[0].exception) == ("excused", False, "X_ABSENT4")
    told = figures("requests", found)
    assert told["within 6 weeks, all"] == (0, 1)
    assert told["within 6 weeks, without those with a lawful exception"] == (0, 0)


def test_a_case_that_ended_is_in_no_figure():
    found = ask("requests", request(), ("child_died", day(20)), on=day(60))
    assert {row.state for row in found} == {"lapsed"} and not any(denominator for _, denominator in figures("requests", found).values())


@pytest.mark.parametrize("since, until, there", [
    (RECEIVED, RECEIVED, True), (RECEIVED + DAY, None, False), (None, RECEIVED - DAY, False), (None, None, True)])
def test_a_request_is_of_the_period_in_which_its_day_0_lies(since, until, there):
    assert bool(ask("requests", request(), on=day(60), since=since, until=until)) is there


# --- 2: exceptions ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("recorded, after", [(LIMIT, False), (LIMIT + DAY, True)])
def test_an_exception_recorded_after_the_deadline(recorded, after):
    claim = {"duty": "decide_whether_to_assess", "code": "X_ABSENT4", "because": "x", "approved_by": "officer-9",
             "absent_from": "2026-03-03", "absent_to": "2026-03-30"}
    row, = ask("exceptions", request(), ("exception_claimed", day(30), claim, recorded), on=day(60))
    assert (row.after_the_limit, row.accepted, row.recorded_by, row.approved_by) == (after, True, "officer-7", "officer-9")
    assert "absent_from=2026-03-03" in row.evidence and "because (text)" in row.evidence and row.rule == "reg 5(4)"


def test_an_exception_that_the_law_does_not_accept_says_why():
    claim = {"duty": "decide_whether_to_assess", "code": "X_ABSENT4", "because": "x", "approved_by": "officer-9",
             "absent_from": "2026-03-03", "absent_to": "2026-03-29"}
    row, = ask("exceptions", request(), ("exception_claimed", day(30), claim), on=day(60))
    assert row.accepted is False and "27 days" in row.ruling


# --- 3: advice -------------------------------------------------------------------------------------------------------

ASSESSED = (request(), ("decided_to_assess", day(10), DECIDED))
MEDICAL = {"adviser": "adv_c_medical", "body": "s31"}


def the(found, adviser):
    return next(row for row in found if row.adviser == adviser)


@pytest.mark.parametrize("returned, in_time", [(day(12 + 42), True), (day(12 + 43), False)])
def test_advice_is_due_six_weeks_after_its_receipt(returned, in_time):
    found = ask("advice", *ASSESSED, ("advice_requested", day(10), MEDICAL), ("advice_delivered", day(12), MEDICAL),
                ("advice_received", returned, MEDICAL), on=day(90))
    row = the(found, "adv_c_medical")
    assert (row.asked_on, row.receipt_on, row.receipt, row.due_on) == (day(10), day(12), "delivered", day(54))
    assert (row.answered_on, row.days, row.in_time) == (returned, (returned - day(12)).days, in_time)


def test_receipt_that_nobody_proved_and_an_answer_that_proves_it():
    asked = ("advice_requested", day(10), MEDICAL)
    row = the(ask("advice", *ASSESSED, asked, on=day(90)), "adv_c_medical")
    assert (row.receipt, row.due_on, row.in_time) == (None, None, None)
    row = the(ask("advice", *ASSESSED, asked, ("advice_declined", day(20), MEDICAL), on=day(90)), "adv_c_medical")
    assert (row.receipt, row.receipt_on, row.answer) == ("answered", day(20), "declined")


@pytest.mark.parametrize("first", [
    ("advice_passed_on", MEDICAL | {"to": "another_team"}), ("advice_declined", MEDICAL), ("advice_passed_on", MEDICAL | {"to": "trust-b"})],
    ids=["another team", "declined", "nobody whom we asked"])
@pytest.mark.parametrize("returned, in_time", [(day(54), True), (day(55), False)])
def test_what_was_returned_counts_whatever_was_said_before(first, returned, in_time):
    kind, told = first
    row = the(ask("advice", *ASSESSED, ("advice_requested", day(10), MEDICAL), ("advice_delivered", day(12), MEDICAL),
                  (kind, day(14), told), ("advice_received", returned, MEDICAL), on=day(90)), "adv_c_medical")
    assert (row.answer, row.answered_on, row.in_time) == ("returned", returned, in_time)


@pytest.mark.parametrize("on, in_time", [(day(54), None), (day(55), False)])
def test_passing_a_request_on_is_no_answer_to_it(on, in_time):
    row = the(ask("advice", *ASSESSED, ("advice_requested", day(10), MEDICAL), ("advice_delivered", day(12), MEDICAL),
                  ("advice_passed_on", day(14), MEDICAL | {"to": "another_team"}), on=on), "adv_c_medical")
    assert (row.answer, row.in_time) == (None, in_time)


def test_whoever_was_freed_by_asking_another_is_neither_in_time_nor_late():
    of = MEDICAL | {"agency": "trust-a"}
    rows = [row for row in ask(
        "advice", *ASSESSED, ("advice_requested", day(10), of), ("advice_delivered", day(12), of),
        ("advice_gap_decided", day(40), of | {"outcome": "ask_elsewhere", "to": "trust-b", "decided_by": "o-1", "reasons": "x"}),
        ("advice_requested", day(41), MEDICAL | {"agency": "trust-b"}), on=day(60)) if row.adviser == "adv_c_medical"]
    assert [(row.agency, row.answer, row.in_time) for row in rows] == [("trust-a", "asked elsewhere", None), ("trust-b", None, None)]


def test_advice_that_was_asked_for_anew_has_a_row_for_each_asking():
    found = ask("advice", *ASSESSED, ("advice_requested", day(10), MEDICAL), ("advice_delivered", day(10), MEDICAL),
                ("advice_received", day(20), MEDICAL), ("advice_requested", day(30), MEDICAL), ("advice_delivered", day(31), MEDICAL),
                on=day(90))
    first, second = [row for row in found if row.adviser == "adv_c_medical"]
    assert (first.answered_on, second.answered_on) == (day(20), None)
    assert (second.receipt_on, second.due_on, second.in_time) == (day(31), day(31 + 42), False)


def test_who_was_left_out_is_listed_and_the_figure_says_so():
    found = ask("advice", *ASSESSED, ("advice_requested", day(10), MEDICAL), on=day(11))
    assert {row.adviser for row in found if row.asked_on is None} == {
        "adv_a_parent_yp", "adv_b_education", "adv_d_psychology", "adv_e_social_care"}
    whole = "every source required by law was asked, or earlier advice stands in"
    assert figures("advice", found)[whole] == (0, 1)
    everybody = [("advice_requested", day(10), {"adviser": adviser}) for adviser in (
        "adv_a_parent_yp", "adv_b_education", "adv_d_psychology", "adv_e_social_care")]
    found = ask("advice", *ASSESSED, ("advice_requested", day(10), MEDICAL), *everybody, on=day(11))
    assert figures("advice", found)[whole] == (1, 1)
    assert [row.adviser for row in ask("advice", *ASSESSED, ("advice_requested", day(10), MEDICAL), on=day(11), agency="rcb")] == [
        "adv_c_medical"]


def test_before_a_decision_to_assess_nobody_need_be_asked():
    assert ask("advice", request(), on=day(11)) == []


# --- 4 and 12: decisions, and what the family knew -------------------------------------------------------------------

REFUSED = ("refused_to_assess", day(10), {"decided_by": "officer-9", "reasons": {"text": "t", "sha256": "0"}, "notice": "to_follow"})


def test_a_decision_with_its_letter():
    found = ask("decisions", request(), REFUSED, *letter("refusal_to_assess", 2, day(10), day(11), pack="N_APPEAL_A"), on=day(20))
    row, = found
    assert (row.decided_by, row.reasons, row.told_on, row.told, row.rights, row.outcome) == (
        "officer-9", "text", day(11), "letter refusal_to_assess", "in the letter", "sent")
    assert all(n == d for n, d in figures("decisions", found).values())


@pytest.mark.parametrize("more, told, rights, outcome", [
    ([], "no letter on record", "not on record", None),
    (letter("refusal_to_assess", 2, day(10), pack="N_APPEAL_A"), "letter refusal_to_assess", "in the letter", "waiting"),
    ([*letter("refusal_to_assess", 2, day(10), pack="N_APPEAL_A"),
      ("message_failed", day(11), {"key": "A1/refusal_to_assess/family/2", "why": "rejected", "final": True})],
     "letter refusal_to_assess", "in the letter", "failed"),
    ([*letter("refusal_to_assess", 2, day(10), day(10), pack="N_APPEAL_A"),
      ("message_bounced", day(11), {"key": "A1/refusal_to_assess/family/2", "why": "no_such_address"})],
     "letter refusal_to_assess", "in the letter", "bounced"),
])
def test_a_decision_of_which_the_family_did_not_hear(more, told, rights, outcome):
    found = ask("decisions", request(), REFUSED, *more, on=day(20))
    assert (found[0].told_on, found[0].told, found[0].rights, found[0].outcome) == (None, told, rights, outcome)
    assert figures("decisions", found)["the family was told"] == (0, 1)


def test_a_decision_that_was_told_by_other_means():
    told = ("refused_to_assess", day(10), {"decided_by": "officer-9", "reason_codes": ["no_sen"], "notified_on": day(12).isoformat()})
    row, = ask("decisions", request(), told, on=day(20))
    assert (row.told_on, row.told, row.rights) == (day(12), "by other means", "not seen: told by other means")
    plan = ask("decisions", request(), ("final_plan_sent", day(100), {"sent_to": ["family"]}), on=day(120))[0]
    assert (plan.told, plan.reasons, plan.told_on) == ("sent by the council itself", "in the plan", day(100))


def test_what_the_family_knew_and_when():
    found = ask("told", request(), REFUSED, *letter("refusal_to_assess", 2, day(10), day(11), pack="N_APPEAL_A"),
                ("message_delivered", day(13), {"key": "A1/refusal_to_assess/family/2"}), on=day(20))
    row, = found
    assert (row.what, row.happened_on, row.sent_on, row.learnt_on, row.learnt, row.days) == (
        "refusal_to_assess (refused_to_assess)", day(10), day(11), day(13), "delivered", 3)
    found = ask("told", request(), REFUSED, on=day(20))
    assert [(row.learnt, row.learnt_on, row.days) for row in found] == [("not at all", None, None)]
    assert figures("told", found)["told within seven days of what happened"] == (0, 1)


# --- 5, 6, 7: the life of the plan -----------------------------------------------------------------------------------

PLAN = (request(), ("final_plan_sent", day(100), {"setting": "school-7", "sent_to": ["family"]}))
HELD = date(2027, 5, 4)


@pytest.mark.parametrize("decided, in_time", [(HELD + 28 * DAY, True), (HELD + 29 * DAY, False)])
def test_a_review_is_decided_within_four_weeks_of_its_meeting(decided, in_time):
    found = ask("reviews", *PLAN, ("review_meeting_held", HELD), ("review_decision_sent", decided, {"outcome": "continue"}),
                on=date(2027, 7, 1))
    row = next(row for row in found if row.review == HELD.isoformat())
    assert (row.meeting_on, row.decision_due, row.decided_on, row.outcome, row.decision_in_time, row.overdue) == (
        HELD, HELD + 28 * DAY, decided, "continue", in_time, 0)
    assert next(row for row in found if row.review == "to be held").review_due == decided.replace(year=2028) - DAY


def test_the_longest_overdue_review_comes_first():
    found = ask("reviews", *PLAN, ("review_meeting_held", HELD), ("review_decision_sent", HELD + 20 * DAY, {"outcome": "amend"}),
                ("amendment_notice_sent", HELD + 20 * DAY, {"document": "d"}), on=HELD + 90 * DAY)
    assert (found[0].review, found[0].plan_due, found[0].plan_in_time) == (HELD.isoformat(), HELD + 76 * DAY, False)
    assert found[0].overdue == 14


TRANSFER = ("phase_transfer_identified", date(2026, 9, 1), {"transfer": "other", "year": 2027})


@pytest.mark.parametrize("more, on, state", [
    ([], date(2027, 2, 14), "not started"), ([], date(2027, 2, 15), "never started"),
    ([("review_meeting_held", date(2026, 11, 2))], date(2027, 2, 14), "under way"),
    ([("review_meeting_held", date(2026, 11, 2))], date(2027, 3, 1), "late"),
    ([("review_meeting_held", date(2026, 11, 2)), ("amendment_notice_sent", date(2026, 12, 1), {"document": "d"}),
      ("final_amended_plan_sent", date(2027, 2, 14), {"setting": "school-9", "answers": ["review", "phase_transfer"]})], date(2027, 3, 1), "done"),
    ([("review_meeting_held", date(2026, 11, 2)), ("amendment_notice_sent", date(2026, 12, 1), {"document": "d"}),
      ("final_amended_plan_sent", date(2027, 2, 15), {"setting": "school-9", "answers": ["review", "phase_transfer"]})], date(2027, 3, 1), "done late")])
def test_a_phase_transfer_is_done_late_or_never_started(more, on, state):
    row, = ask("transfers", *PLAN, TRANSFER, *more, on=on)
    assert (row.state, row.due_on) == (state, date(2027, 2, 14))


def test_a_transfer_that_age_calls_for_and_nobody_identified():
    ahead = Ahead("other", 2027, "year 6")
    row, = ask("transfers", *PLAN, on=date(2026, 11, 1), ahead=ahead)
    assert row.state == "not identified"
    assert [row.state for row in ask("transfers", *PLAN, TRANSFER, on=date(2026, 11, 1), ahead=ahead)] == ["not started"]


@pytest.mark.parametrize("done, in_time, state", [(date(2027, 4, 8), True, "met"), (date(2027, 4, 9), False, "met_late")])
def test_an_order_is_carried_out_within_its_own_limit(done, in_time, state):
    found = ask("orders", *PLAN, ("tribunal_order_made", date(2027, 3, 4), {"order": "amend_provision"}),
                ("final_amended_plan_sent", done, {"setting": "school-7", "answers": ["order"]}), on=date(2027, 5, 1))
    row = next(row for row in found if row.duty == "ord_amend_sep")
    assert (row.due_on, row.done_on, row.in_time, row.state, row.what) == (
        date(2027, 4, 8), done, in_time, state, "tribunal_order_made amend_provision")


# --- 8 and 9 ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("days, quiet", [(42, False), (43, True)])
def test_a_case_is_silent_after_more_than_42_days_whatever_the_engine_wrote(days, quiet):
    reminder = ("message_queued", day(days), {"key": "k", "message": "reminder", "recipient": "council.owner"})
    found = ask("silent", request(), reminder, on=day(days))
    assert [row.what for row in found] == ([f"no fact for {days} days"] if quiet else [])


def test_silence_is_not_counted_where_the_case_is_over_or_others_have_their_own_time():
    refused = ("refused_to_assess", day(10), {"decided_by": "o", "reason_codes": ["no_sen"]})
    assert ask("silent", request(), refused, on=day(60)) == []
    assert ask("silent", request(), ("child_died", day(10)), on=day(300)) == []
    assert ask("silent", *PLAN, on=day(100 + 366)) == []
    assert ask("silent", *PLAN, on=day(100 + 367))[0].days == 367
    assert ask("silent", request(), on=day(11), days=10)[0].days == 11


def test_a_case_that_nobody_holds():
    nobody = ask("silent", request(owner=None), on=day(5))
    assert [(row.what, row.since) for row in nobody] == [("no officer is named", RECEIVED)]
    assert ask("silent", request(), on=day(5), left={"officer-1": day(5), "officer-2": day(1)}) == []
    gone = ask("silent", request(), on=day(6), left={"officer-1": day(5)})
    assert [(row.what, row.since) for row in gone] == [("officer-1 has left", day(6))]


def test_an_entry_recorded_on_a_later_day_and_what_it_alone_kept_in_time():
    found = ask("backdated", request(), ("decided_to_assess", LIMIT, DECIDED, LIMIT + 2 * DAY), on=day(60))
    row, = found
    assert (row.fact, row.days, row.recorded_on, row.in_time_only_by_it) == (2, 2, LIMIT + 2 * DAY, ("decide_whether_to_assess",))
    assert ask("backdated", request(), ("decided_to_assess", LIMIT, DECIDED, LIMIT), on=day(60)) == []
    assert ask("backdated", request(), ("decided_to_assess", LIMIT, DECIDED, LIMIT + 2 * DAY), on=day(60), days=3) == []
    assert ask("backdated", request(), ("decided_to_assess", LIMIT, DECIDED | {"how": "return"}, day(60)), on=day(60)) == []


def test_a_correction_that_moves_a_day_back_is_an_entry_of_its_own():
    moved = ("fact_corrected", day(50), {"replaces": 2, "corrected": {"on": LIMIT.isoformat()}})
    row, = ask("backdated", request(), ("decided_to_assess", LIMIT + DAY, DECIDED), moved, on=day(60))
    assert (row.kind, row.fact, row.corrects, row.happened_on, row.said_before, row.days) == (
        "decided_to_assess", 3, 2, LIMIT, LIMIT + DAY, (day(50) - LIMIT).days)
    assert row.in_time_only_by_it == ("decide_whether_to_assess",)


# --- all -------------------------------------------------------------------------------------------------------------

def test_the_twelve_questions_are_all_there():
    assert sorted(int(number) for number in NUMBERS) == list(range(1, 13))
    assert QUESTIONS.keys() == NAMES.keys()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_every_question_names_its_method_and_its_citation(question):
    assert all((question.asks, question.definition, question.uses, question.excluded, question.citation))
    assert question.columns[0] == "case"


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_every_figure_can_be_counted_again_from_its_rows(question):
    found = [row for ref in ("A1", "A2") for row in question.rows(record(*PLAN, ("review_meeting_held", HELD), on=HELD, ref=ref))]
    for one in question.figures(found, {"live": 2, "entries": 6}):
        assert 0 <= one.numerator <= one.denominator and set(one.cases) | set(one.others) <= {"A1", "A2"}
    assert all(len(astuple(row)) == len(question.columns) for row in found)


def test_a_figure_names_the_cases_on_either_side():
    class Row:
        def __init__(self, case, good):
            self.case, self.good = case, good

    told = figure("x", [Row("B", True), Row("A", True), Row("B", False)], lambda row: row.good)
    assert (told.numerator, told.denominator, told.cases, told.others, told.percent) == (2, 3, ("A", "B"), ("B",), 66.7)
    assert figure("x", [], bool).percent is None
