"""Reg 10, s.36(9): a refusal to make a plan is notified within sixteen weeks of the request; a yes has no figure."""

from datetime import date

import pytest

from tests.law.told import (
    A_DAY,
    RECEIVED,
    SIXTEEN,
    THE_DAY_AND_ITS_NEIGHBOURS,
    TWENTY,
    happened,
    owed,
    request,
    standing_of,
)

REFUSE, FINAL, OUTCOME = "refuse_to_issue", "finalise_plan", "notify_assessment_outcome"
ASSESSED = [request(), happened("decided_to_assess", "2026-04-07")]


@pytest.mark.parametrize(("days", "state", "late"), THE_DAY_AND_ITS_NEIGHBOURS)
def test_undecided(days, state, late):
    one = owed(ASSESSED, SIXTEEN + days * A_DAY, REFUSE)
    assert one.due_on == SIXTEEN
    assert standing_of(one) == (state, late)


@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_refused(days, state, late):
    facts = [*ASSESSED, happened("refused_to_issue", SIXTEEN + days * A_DAY)]
    assert standing_of(owed(facts, "2026-12-01", REFUSE)) == (state, late)


def test_the_sixteen_weeks_run_from_the_request_and_not_from_the_decision_to_assess():
    one = owed([request(), happened("decided_to_assess", "2026-05-30")], "2026-05-30", REFUSE)
    assert (one.starts_on, one.due_on) == (RECEIVED, SIXTEEN)


@pytest.mark.parametrize("kind", ["decided_to_issue", "final_plan_sent"])
@pytest.mark.parametrize("days", [-1, 0, 1, 30])
def test_a_yes_has_no_limit_so_none_was_broken_however_late_it_comes(kind, days):
    facts = [*ASSESSED, happened(kind, SIXTEEN + days * A_DAY)]
    assert standing_of(owed(facts, "2026-12-01", REFUSE)) == ("lapsed", 0)


def test_a_refusal_is_the_end_of_the_twenty_weeks_and_they_were_not_broken_by_it():
    facts = [*ASSESSED, happened("refused_to_issue", TWENTY + 10 * A_DAY)]
    assert standing_of(owed(facts, TWENTY + 9 * A_DAY, FINAL)) == ("overdue", 9)
    assert standing_of(owed(facts, TWENTY + 10 * A_DAY, FINAL)) == ("lapsed", 0)
    assert standing_of(owed(facts, TWENTY + 10 * A_DAY, REFUSE)) == ("met_late", 38)


def test_a_refusal_reversed_later_lets_the_original_twenty_weeks_run_on():
    facts = [*ASSESSED, happened("refused_to_issue", "2026-06-20"), happened("decided_to_issue", "2026-08-01")]
    assert owed(facts, "2026-07-31", FINAL).state == "lapsed"
    assert standing_of(owed(facts, "2026-08-01", FINAL)) == ("overdue", 12)
    assert owed(facts, "2026-08-01", FINAL).due_on == TWENTY
    assert standing_of(owed(facts, "2026-08-01", REFUSE)) == ("met", 0)


def test_a_yes_that_turns_into_a_no_is_a_refusal_of_its_own_day():
    facts = [*ASSESSED, happened("decided_to_issue", "2026-06-01"), happened("refused_to_issue", "2026-07-01")]
    assert standing_of(owed(facts, "2026-06-30", REFUSE)) == ("lapsed", 0)
    assert standing_of(owed(facts, "2026-07-01", REFUSE)) == ("met_late", 9)
    assert owed(facts, "2026-07-01", FINAL).state == "lapsed"


def test_a_refusal_whose_notice_is_to_follow_is_late_until_it_goes():
    facts = [*ASSESSED, happened("refused_to_issue", SIXTEEN, notice="to_follow"),
             happened("family_told_of_decision", SIXTEEN + 3 * A_DAY, decision="refused_to_issue")]
    assert standing_of(owed(facts, SIXTEEN + 2 * A_DAY, REFUSE)) == ("overdue", 2)
    assert standing_of(owed(facts, SIXTEEN + 3 * A_DAY, REFUSE)) == ("met_late", 3)


def test_refusing_to_assess_leaves_nothing_to_refuse():
    facts = [request(), happened("refused_to_assess", SIXTEEN + 5 * A_DAY)]
    assert standing_of(owed(facts, "2026-12-01", REFUSE)) == ("lapsed", 0)


# --- s.36(9) ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["decided_to_issue", "refused_to_issue"])
def test_either_outcome_is_told_with_reasons_and_without_a_figure(kind):
    one = owed([*ASSESSED, happened(kind, "2026-06-01")], "2026-06-01", OUTCOME)
    assert (one.state, one.due_on, one.duty.notice_pack) == ("met", None, "N_REASONS")


def test_a_yes_whose_letter_is_to_follow_is_still_to_be_told():
    facts = [*ASSESSED, happened("decided_to_issue", "2026-06-01", notice="to_follow")]
    assert owed(facts, "2026-09-01", OUTCOME).state == "open"
    facts.append(happened("family_told_of_decision", "2026-09-02", decision="decided_to_issue"))
    assert owed(facts, "2026-09-02", OUTCOME).met_on == date(2026, 9, 2)


def test_the_yes_that_reverses_a_no_is_told_too():
    facts = [*ASSESSED, happened("refused_to_issue", "2026-06-01"), happened("decided_to_issue", "2026-07-01", notice="to_follow")]
    assert owed(facts, "2026-06-30", OUTCOME).state == "met"
    assert owed(facts, "2026-07-01", OUTCOME).state == "open"
