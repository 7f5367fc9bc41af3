"""What must hold of the whole life of a plan, whatever happened in it and in whatever order it was written down."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.bearing import refusal
from models.case import Case
from models.facts import BY_HAND
from models.law.deadlines import duties_of
from models.law.occasions import occasions
from models.law.record import Fact, standing
from models.stages import BESIDE, Stage
from tests.law.told import CLOSED
from tests.properties.lives import anything, from_day

LIVES = settings(max_examples=80, deadline=None)
START = date(2025, 9, 1)
LONG_AFTER = START + timedelta(days=1200)
NOT_ADDED = ("fact_corrected", "exception_claimed")
REVIEW_CLOCKS = ("first_review", "next_review", "new_la_review", "review_after_reassessment", "review_on_release")

days = from_day(START, 900)
beginnings = st.sampled_from((
    ("request_received", {"requested_by": "parent", "attends": "school"}), ("became_responsible", {}),
    ("final_plan_sent", {"setting": "oak"}), ("plan_taken_over", {"made_on": "2025-01-15"}),
    ("plan_transferred", {"side": "new_authority", "made_on": "2025-01-15"})))
ANY = tuple(kind for kind in BY_HAND if kind not in NOT_ADDED)
OF_A_PLAN = tuple(kind for kind in ANY if kind.startswith((
    "review_", "amend", "final_", "decided_not", "decided_no", "reassess", "cease", "phase", "mediation", "appeal", "tribunal")))


def numbered(record):
    return [replace(fact, number=number) for number, fact in enumerate(record, start=1)]


def life(first, rest):
    kind, data = first
    return numbered([Fact("A1", 0, kind, START, MappingProxyType(data)), *rest])


lives = st.builds(life, beginnings, st.lists(anything(days, ANY) | anything(days, OF_A_PLAN), max_size=16))


def owing(record):
    return duties_of(standing(record), CLOSED)


def told(owed):
    """All that a duty says, but for the numbers of the facts."""
    return (owed.instance, owed.starts_on, owed.due_on, owed.met_on, owed.lapsed_on, owed.excused_by, owed.working)


@LIVES
@given(lives)
def test_every_duty_stands_once_with_owner_source_and_start(record):
    found = owing(record)
    assert [instance for instance, number in Counter(owed.instance for owed in found).items() if number > 1] == []
    for owed in found:
        assert owed.duty.owed_by and owed.duty.citation and owed.duty.owed_to
        assert owed.starts_on is not None or owed.duty.awaits or owed.started_by["notice"] == "to_follow"
        if owed.occasion is not None and not owed.duty.per_round:
            assert owed.started_by in owed.facts


@LIVES
@given(lives, st.randoms(use_true_random=False))
def test_the_order_of_recording_changes_nothing(record, chance):
    shuffled = list(record)
    chance.shuffle(shuffled)
    assert [told(owed) for owed in owing(numbered(shuffled))] == [told(owed) for owed in owing(record)]
    before, after = (Case.of("A1", facts, LONG_AFTER, CLOSED) for facts in (record, numbered(shuffled)))
    assert (before.stage, before.stage_since, before.under_way, before.held_by, before.addressee, before.begun_on) == (
        after.stage, after.stage_since, after.under_way, after.held_by, after.addressee, after.begun_on)


@LIVES
@given(lives, days)
def test_every_live_plan_is_to_be_reviewed(record, on):
    case = Case.of("A1", record, on, CLOSED)
    assume(case.has_plan)
    assume(all(one.stage is not Stage.S98_DETAINED for one in case.under_way))     # reviewed after release (s.48(2))
    assert [owed.duty.id for owed in case.duties if owed.is_live and owed.duty.id in REVIEW_CLOCKS]


def _processes_of(fact: Fact, record: list[Fact]) -> set[str]:
    return {process for process, of in occasions(standing(record)).items() for one in of if fact in one.facts}


@LIVES
@given(lives, anything(from_day(LONG_AFTER, 10), OF_A_PLAN))
def test_no_clock_is_lost_when_something_happens_in_another_process(record, later):
    assume(not any(fact.kind == "detention_began" for fact in record))
    later = replace(later, number=len(record) + 1)
    joined = _processes_of(later, [*record, later])
    after = {owed.instance: owed for owed in owing([*record, later])}
    for owed in owing(record):
        assert owed.instance in after, owed.instance
        if owed.occasion is not None and owed.duty.per not in joined and not joined & set(owed.duty.also_per):
            assert after[owed.instance].due_on == owed.due_on
            assert after[owed.instance].starts_on == owed.starts_on


@LIVES
@given(lives, anything(days, ANY), days)
def test_every_fact_is_borne_or_refused_with_what_to_do(record, new, on):
    why = refusal(Case.of("A1", record, on, CLOSED), new.kind, new.on, new.data)
    assert why is None or len(why) > 20


@LIVES
@given(lives, days)
def test_what_is_under_way_is_never_hidden(record, on):
    case = Case.of("A1", record, on, CLOSED)
    shown = {one.stage for one in case.alongside} | {case.stage}
    assert {one.stage for one in case.under_way} <= shown
    assert case.stage not in BESIDE
    assert case.stage.is_terminal is (case.held_by == ())
    if case.ended is not None:
        assert case.under_way == ()


@pytest.mark.parametrize("first", [("final_plan_sent", {}), ("plan_taken_over", {"made_on": "2025-01-15"}),
                                   ("plan_transferred", {"side": "new_authority"})])
def test_a_plan_with_nothing_else_on_record_is_to_be_reviewed(first):
    case = Case.of("A1", life(first, []), START, CLOSED)
    assert case.stage in (Stage.S55_FINALISED, Stage.S60_MAINTAINED)
    assert [owed.duty.id for owed in case.duties if owed.is_live and owed.duty.id in REVIEW_CLOCKS]
    assert case.duty("finalise_plan") is None
