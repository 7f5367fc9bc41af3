"""What must hold of requests for advice, whatever was asked, answered, passed on, found incomplete and decided, in whatever order."""

from dataclasses import fields, replace
from datetime import date, timedelta
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from models.advice import AdviceRequest, Outcome
from models.advice_facts import ADVICE_DUTIES, READS, advice_requests
from models.board import board, figures
from models.case import Case
from models.law.asked import TWO_OF_A_KIND
from models.law.deadlines import work_out
from models.law.record import Fact, standing
from models.stages import Stage
from notifications.what_follows import what_follows
from tests.law.told import CLOSED

EXAMPLES = settings(max_examples=60, deadline=None)
START, DECIDED = date(2026, 3, 2), date(2026, 3, 20)
ADVISERS, AGENCIES = ("adv_c_medical", "adv_d_psychology", "adv_f_other"), ("trust-a", "trust-b", None)
CLOCKS = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan")

days = st.integers(0, 80).map(lambda number: DECIDED + timedelta(days=number))


def told(kind, **more):
    said = {"adviser": st.sampled_from(ADVISERS), "agency": st.sampled_from(AGENCIES)} | more
    return st.builds(lambda on, data: Fact("A1", 0, kind, on, MappingProxyType({name: value for name, value in data.items()
                                                                                 if value is not None})), days, st.fixed_dictionaries(said))


satisfied = {f"{who}_satisfied_on": st.just("2026-03-21") for who in ("adviser", "council", "family")}
others = st.sampled_from((*AGENCIES[:2], "another_team"))
answers = st.one_of(
    told("advice_requested", body=st.sampled_from((None, "s31", "other"))), told("advice_requested"), told("advice_delivered"),
    told("advice_acknowledged", expected_on=st.sampled_from((None, "2026-06-01"))), told("advice_received", again=st.sampled_from((None, True))),
    told("advice_declined"), told("advice_not_known"), told("advice_passed_on", to=others),
    told("advice_found_incomplete", sought=st.just(["outcomes"])),
    told("advice_gap_decided", outcome=st.sampled_from(("ask_elsewhere", "use_existing", "escalate")), to=others),
    told("advice_not_obtainable"), told("existing_advice_sufficed", **satisfied), told("adviser_thought_appropriate"))
BEGINNING = (Fact("A1", 0, "request_received", START, MappingProxyType({"requested_by": "parent", "attends": "school"})),
             Fact("A1", 0, "decided_to_assess", DECIDED, MappingProxyType({"decided_by": "o-1"})))
ENDING = Fact("A1", 0, "final_plan_sent", DECIDED + timedelta(days=90), MappingProxyType({}))


def numbered(record):
    return [replace(fact, number=number) for number, fact in enumerate(record, start=1)]


records = st.lists(answers, max_size=10).map(lambda more: numbered([*BEGINNING, *more]))
ons = st.integers(0, 130).map(lambda number: DECIDED + timedelta(days=number))


def case_of(record, on):
    return Case.of("A1", record, on, CLOSED)


def whole(one: AdviceRequest):
    """All that a request says, but for the numbers of its facts."""
    values = {field.name: getattr(one, field.name) for field in fields(one) if field.name != "facts"}
    plain = {name: (value.kind, value.on, dict(value.data)) if isinstance(value, Fact) else value for name, value in values.items()}
    return plain | {"state": one.state, "holder": one.holder, "since": one.held_since, "next": one.next_step, "days": one.days,
                    "facts": sorted(map(repr, [(fact.kind, fact.on, dict(fact.data)) for fact in one.facts]))}


@EXAMPLES
@given(records, ons, st.randoms(use_true_random=False))
def test_the_order_of_recording_changes_no_request_and_no_target(record, on, chance):
    shuffled = list(record)
    chance.shuffle(shuffled)
    before, after = case_of(record, on), case_of(numbered(shuffled), on)
    assert [whole(one) for one in before.advice_requests] == [whole(one) for one in after.advice_requests]
    assert before.advice_outstanding == after.advice_outstanding
    for name in ("starts_on", "due_on", "met_on", "lapsed_on", "instance"):
        assert [getattr(one, name) for one in before.targets] == [getattr(one, name) for one in after.targets]


@EXAMPLES
@given(records, ons)
def test_no_answer_and_no_decision_about_advice_moves_a_clock_of_the_council(record, on):
    expected = {owed.duty.id: (owed.starts_on, owed.due_on) for owed in work_out(numbered(BEGINNING), on, CLOSED) if owed.duty.id in CLOCKS}
    assert {owed.duty.id: (owed.starts_on, owed.due_on) for owed in work_out(record, on, CLOSED) if owed.duty.id in CLOCKS} == expected
    assert expected.keys() == set(CLOCKS)


@EXAMPLES
@given(records, ons)
def test_the_request_says_what_the_law_says(record, on):
    case = case_of(record, on)
    last = {(one.adviser, one.party): one for one in case.advice_requests if one.is_last and one.asked_on is not None}
    for owed in case.duties:
        if owed.duty.id in ADVICE_DUTIES:
            one = last[owed.adviser, owed.party]
            assert (one.due_on, one.starts_on, one.is_open) == (owed.due_on, owed.starts_on, owed.is_live), owed
            assert one.asked_on == owed.asked_on
            if owed.met_on is not None:
                assert one.ended_on == owed.met_on and one.outcome in (Outcome.GIVEN, Outcome.INCOMPLETE)


@EXAMPLES
@given(records, ons)
def test_nobody_who_is_required_is_left_out_and_somebody_holds_what_is_missing(record, on):
    case = case_of(record, on)
    there = {one.adviser for one in case.advice_requests}
    assert {need.adviser for need in case.advisers} <= there
    held = {one.adviser for one in case.advice_requests if one.needed and one.holder is not None}
    assert set(case.advice_outstanding) <= held
    assert (case.stage is Stage.S20_ASSESSING) is bool(case.advice_outstanding)
    for one in case.advice_requests:
        assert (one.holder is None) is (one.held_since is None) is (one.next_step is None)


@EXAMPLES
@given(records, ons)
def test_a_gap_that_is_not_closed_has_a_day_before_which_it_is_decided(record, on):
    case = case_of(record, on)
    live = {(one.adviser, one.party) for one in case.targets if one.is_live}
    decided = {(one.adviser, one.party) for one in case.targets if one.met_on is not None}
    for one in case.advice_requests:
        if one.is_gap:
            assert (one.adviser, one.party) in live | decided
    assert all(owed.due_on is not None and owed.due_on >= DECIDED for owed in case.targets)


@EXAMPLES
@given(records, ons)
def test_the_kinds_that_are_read_are_enough(record, on):
    case = case_of([*record, replace(ENDING, number=len(record) + 1)], on)
    few = [fact for fact in case.facts if fact.kind in READS]
    assert advice_requests(few, on, CLOSED) == case.advice_requests
    assert not any(one.needed for one in case.advice_requests) or on < ENDING.on


@EXAMPLES
@given(records, ons)
def test_whatever_is_to_be_said_about_advice_has_one_key_and_can_be_said(record, on):
    case = case_of(record, on)
    said = [say.key("A1") for say in what_follows(case)]
    assert sorted(said) == sorted(set(said))
    asked = [say for say in what_follows(case) if say.message == "advice_request" and say.from_day <= on]
    owing = {one.waits_for_asking or one.agency for one in case.advice_requests if one.needed and not one.is_open or one.waits_for_asking}
    assert {say.agency for say in asked if say.adviser not in TWO_OF_A_KIND} <= owing | {None}


@EXAMPLES
@given(records, ons)
def test_the_figures_add_up(record, on):
    requests = case_of(record, on).advice_requests
    found = board(requests, on)
    for name in ("asked", "open", "open_late", "on_time", "late", "no_day", "with_advice"):
        assert sum(getattr(row, name) for row in found.rows.values()) == getattr(found.total, name)
    for row in found.rows.values():
        assert row.open_late <= row.late and row.measured <= row.asked and row.open_late <= row.open
    assert figures(requests, on) == figures(reversed(requests), on)
    assert standing(record) and found.since < found.on
