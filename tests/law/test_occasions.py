"""Occasions: each review, request, order, appeal or move has clocks of its own, and one document answers one of them."""

from datetime import date
from itertools import permutations

import pytest

from models.facts import KINDS
from models.law.deadlines import work_out
from models.law.occasions import _CONCERNED, occasions
from models.law.processes import PROCESSES
from models.law.record import Fact, standing
from models.law.rulebook import RULEBOOK
from tests.law.told import CLOSED, happened, recorded

ON_OCCASIONS = [row for row in RULEBOOK if row.per in PROCESSES and row.valid_to is None]


def kinds(*tokens):
    return {token.partition("=")[0] for token in tokens}


@pytest.mark.parametrize("row", ON_OCCASIONS, ids=lambda row: f"{row.id} {row.branch or ''}".strip())
def test_every_kind_that_starts_or_meets_a_duty_is_a_fact_that_can_be_told(row):
    assert kinds(*row.starts_on, *row.met_by, *row.ends_with, *row.only_with) <= set(KINDS)


@pytest.mark.parametrize("row", ON_OCCASIONS, ids=lambda row: f"{row.id} {row.branch or ''}".strip())
def test_what_meets_a_duty_can_belong_to_an_occasion_of_it(row):
    """Of all that has to do with any occasion nothing is passed over: each kind opens one or is waited for by one."""
    assert kinds(*row.starts_on, *row.met_by) <= _CONCERNED


STORY = [happened("final_plan_sent", "2025-09-01"), happened("review_meeting_held", "2026-06-01"),
         happened("reassessment_requested", "2026-06-03", requested_by="parent"),
         happened("reassessment_decided", "2026-06-10", outcome="reassess"),
         happened("review_decision_sent", "2026-06-20", outcome="amend"),
         happened("amendment_notice_sent", "2026-06-20", document="d")]


def test_the_order_of_recording_changes_nothing():
    told = {tuple((one.duty.id, one.which, one.due_on, one.state) for one in work_out(recorded(*order), date(2026, 12, 1), CLOSED))
            for order in permutations(STORY)}
    assert len(told) == 1


def test_a_correction_moves_the_occasion_with_its_day():
    facts = [Fact("A1", 1, "review_meeting_held", date(2026, 6, 1), {}),
             Fact("A1", 2, "fact_corrected", date(2026, 6, 5), {"replaces": 1, "corrected": {"on": "2026-06-02"}})]
    assert [one.key for one in occasions(standing(facts))["review"]] == ["2026-06-02"]


def test_every_process_says_what_it_is():
    assert all(process.words and process.id == id for id, process in PROCESSES.items())
