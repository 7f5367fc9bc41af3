"""Reg 45: an appeal that the council does not oppose, from the day on which it told the Tribunal."""

from datetime import date

import pytest

from tests.law.told import A_DAY, UNMET, around, claim, dues, happened, owed, standing_of

TOLD_ON = date(2026, 10, 1)
ROWS = [
    ("assess", "unop_assess_notify", 2, "decided_to_assess"), ("assess", "unop_assess_no_plan", 10, "refused_to_issue"),
    ("assess", "unop_assess_final", 14, "final_plan_sent"), ("contents", "unop_contents", 5, "final_amended_plan_sent"),
    ("setting", "unop_setting", 2, "final_amended_plan_sent"),
    ("setting_and_contents", "unop_setting_and_contents", 5, "final_amended_plan_sent"),
    ("issue", "unop_refuse_issue_draft", 5, "draft_plan_served"), ("issue", "unop_refuse_issue_final", 11, "final_plan_sent"),
    ("cease", "unop_cease", 5, "final_amended_plan_sent")]
RELIEVED = {"unop_assess_notify", "unop_refuse_issue_draft", "unop_refuse_issue_final"}
EVERY_LIMIT = pytest.mark.parametrize(("about", "id", "weeks", "answer"), ROWS)


def conceded(about, **data):
    return happened("appeal_unopposed", TOLD_ON, about=about, **data)


@EVERY_LIMIT
def test_the_day_before_the_day_and_the_day_after(about, id, weeks, answer):
    last = TOLD_ON + 7 * weeks * A_DAY
    assert around([conceded(about)], last, id) == UNMET
    for days, state, late in ((0, "met", 0), (1, "met_late", 1)):
        assert standing_of(owed([conceded(about), happened(answer, last + days * A_DAY)], "2027-12-31", id)) == (state, late)


@EVERY_LIMIT
def test_a_concession_sets_running_its_own_limits_and_no_other(about, id, weeks, answer):
    assert {row[1] for row in ROWS if dues([conceded(about)], TOLD_ON, row[1])} == {row[1] for row in ROWS if row[0] == about}


@EVERY_LIMIT
@pytest.mark.parametrize(("code", "fields"), [
    ("X_PERSONAL", {}), ("X_ABSENT2", {"absent_from": "2026-10-01", "absent_to": "2026-10-14"})])
def test_reg_45_7_relieves_paragraphs_3_and_6_alone(about, id, weeks, answer, code, fields):
    one = owed([conceded(about), claim(id, code, "2026-10-10", **fields)], "2027-12-31", id)
    assert one.excused_by == (code if id in RELIEVED else None)


@pytest.mark.parametrize(("agreed", "owes"), [(True, True), (None, True), (False, False)])
def test_a_plan_that_goes_on_is_amended_where_that_was_agreed(agreed, owes):
    assert bool(dues([conceded("cease", amendment_agreed=agreed)], TOLD_ON, "unop_cease")) is owes


def test_it_ends_the_time_for_a_response():
    facts = [happened("appeal_registered", "2026-09-07"), conceded("contents")]
    assert owed(facts, "2026-12-31", "la_response_to_appeal").state == "lapsed"


def test_two_concessions_have_clocks_of_their_own():
    facts = [conceded("contents"), happened("appeal_unopposed", "2027-03-01", about="contents"),
             happened("final_amended_plan_sent", "2027-03-10")]
    assert dues(facts, "2027-03-10", "unop_contents") == {"2026-10-01": date(2026, 11, 5), "2027-03-01": date(2027, 4, 5)}
    assert owed(facts, "2027-03-10", "unop_contents", occasion="2027-03-01").state == "met"
    assert owed(facts, "2027-03-10", "unop_contents", occasion="2026-10-01").state == "overdue"
