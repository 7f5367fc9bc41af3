"""What must hold of every record, whatever happened in it and in whatever order it was written down."""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.bearing import refusal
from models.case import Case
from models.fact_check import check
from models.facts import BY_HAND, KINDS
from models.law.advisers import ADVISERS
from models.law.deadlines import work_out
from models.law.exceptions import CODES
from models.law.owed import STATES, Owed
from models.law.record import Fact
from models.law.rulebook import RULEBOOK
from models.stages import Stage
from tests.law.told import CLOSED
from tests.properties.lives import anything

EXAMPLES = settings(max_examples=120, deadline=None)
START = date(2026, 3, 2)
LONG_AFTER = START + timedelta(days=400)
SETTINGS, AGENCIES, RECIPIENTS = ("oak", "elm"), ("trust-a", "trust-b"), ("rcb", "social_care", "setting", "early_years")
OF_ADVISER = ("advice_requested", "advice_delivered", "advice_received", "advice_declined", "advice_not_obtainable",
              "evidence_sent_to_adviser", "existing_advice_sufficed")
OF_SETTING = ("setting_requested", "setting_proposed", "setting_consulted", "setting_answered", "setting_request_refused")
DECISIONS = ("decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue")
ENDS = ("request_withdrawn", "withdrawal_accepted", "request_continued", "moved_away", "child_died", "ended_in_return")
PLAIN = ("family_consulted", "family_told_considering", "assessment_conduct_recorded", "support_considered", "further_request_received",
         "family_consulted_on_draft", "draft_plan_served", "representations_received", "draft_meeting_required", "draft_meeting_held",
         "admitted", "mediation_adviser_contacted", "mediation_certificate_issued", "appeal_lodged")
OF_THE_PLAN = tuple(kind for kind in BY_HAND if kind not in (
    *OF_ADVISER, *OF_SETTING, *DECISIONS, *ENDS, *PLAIN, "request_received", "became_responsible", "fact_corrected", "exception_claimed"))

days = st.integers(0, 300).map(lambda number: START + timedelta(days=number))
maybe = st.none() | st.booleans()


def fields(**options):
    """Some of these fields, each with one of its values or left out."""
    return st.fixed_dictionaries({}, optional=options).map(lambda said: {k: v for k, v in said.items() if v is not None})


adviser_fields = fields(adviser=st.sampled_from(tuple(ADVISERS)), agency=st.sampled_from(AGENCIES), body=st.sampled_from(("s31", "other")),
                        adviser_satisfied_on=days, council_satisfied_on=days, family_satisfied_on=days)
decision_fields = fields(notice=st.just("to_follow"), notified_on=days)
child_fields = fields(attends=st.sampled_from(("school", "post16", "early_years")), service_family=maybe, hearing_impaired=maybe,
                      year_group=st.integers(-2, 15), assessed_within_6_months=maybe,
                      requested_by=st.sampled_from(("parent", "young_person", "setting")))
claim_fields = fields(duty=st.sampled_from(tuple(row.id for row in RULEBOOK)), code=st.sampled_from(tuple(CODES)), because=st.just("b"),
                      adviser=st.sampled_from(tuple(ADVISERS)), agency=st.sampled_from(AGENCIES), advice_requested_on=days,
                      closed_from=days, reopens_on=days, absent_from=days, absent_to=days, appointment_on=days, affected_from=days,
                      affected_to=days)


def told(kinds, data):
    return st.builds(lambda kind, on, said: Fact("A1", 0, kind, on, MappingProxyType(said)), st.sampled_from(kinds), days, data)


facts = st.one_of(
    told(("request_received", "became_responsible", "circumstances_recorded"), child_fields), told(PLAIN, fields()),
    told(OF_ADVISER, adviser_fields), told(OF_ADVISER, adviser_fields),
    told(OF_SETTING, fields(setting=st.sampled_from(SETTINGS))), told(DECISIONS, decision_fields),
    told(("family_told_of_decision",), fields(decision=st.sampled_from(DECISIONS))), told(ENDS, fields()),
    told(("partner_told_considering", "partner_told_of_assess_decision"),
         fields(recipient=st.sampled_from(RECIPIENTS), decision=st.sampled_from(DECISIONS))),
    told(("adviser_requested_by_family", "adviser_thought_appropriate"), fields(agency=st.sampled_from(AGENCIES), reasonable=maybe)),
    told(("final_plan_sent",), fields(sent_to=st.lists(st.sampled_from(("family", "setting", "rcb", "early_years")), unique=True),
                                      setting=st.sampled_from(SETTINGS), type_only=maybe)),
    told(("exception_claimed",), claim_fields), told(("exception_claimed",), claim_fields),
    anything(days, OF_THE_PLAN))
requests = told(("request_received", "became_responsible"), child_fields)


def numbered(record):
    return [replace(fact, number=number) for number, fact in enumerate(record, start=1)]


records = st.builds(lambda first, rest: numbered([first, *rest]), requests, st.lists(facts, max_size=14))


def days_of(owed: Owed):
    """All that a duty says, but for the numbers of the facts."""
    return (owed.duty.id, owed.adviser, owed.party, owed.starts_on, owed.due_on, owed.reporting_due_on, owed.met_on, owed.lapsed_on,
            owed.excused_by, owed.state, owed.days_late, owed.asked_on, [str(ruling) for ruling in owed.rulings])


def which(owed: Owed):
    return owed.instance


@EXAMPLES
@given(records, days, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_recorded_changes_nothing(record, on, chance):
    shuffled = list(record)
    chance.shuffle(shuffled)
    expected = [days_of(owed) for owed in work_out(record, on, CLOSED)]
    assert [days_of(owed) for owed in work_out(shuffled, on, CLOSED)] == expected               # read in another order
    assert [days_of(owed) for owed in work_out(numbered(shuffled), on, CLOSED)] == expected     # recorded in another order
    before, after = (Case.of("A1", facts, on, CLOSED) for facts in (record, numbered(shuffled)))
    assert (before.stage, before.stage_since, before.held_by, before.held_since, before.advice_outstanding, before.setting) == (
        after.stage, after.stage_since, after.held_by, after.held_since, after.advice_outstanding, after.setting)


@EXAMPLES
@given(records, facts, st.data(), days)
def test_a_correction_does_what_the_right_fact_would_have_done(record, right, data, on):
    place = data.draw(st.integers(0, len(record) - 1))
    as_it_should_be = [*record]
    as_it_should_be[place] = replace(right, number=place + 1)
    correction = Fact("A1", len(record) + 1, "fact_corrected", LONG_AFTER, MappingProxyType(
        {"replaces": place + 1, "corrected": {"fact": right.kind, "on": right.on.isoformat()}
         | dict.fromkeys(record[place].data) | dict(right.data)}))
    assert work_out([*record, correction], on, CLOSED) == work_out(_with_nothing_where_emptied(as_it_should_be, record, place), on, CLOSED)
    withdrawn = replace(correction, data=MappingProxyType({"replaces": place + 1, "withdrawn": True}))
    assert work_out([*record, withdrawn], on, CLOSED) == work_out(record[:place] + record[place + 1:], on, CLOSED)
    taken_back = Fact("A1", len(record) + 2, "fact_corrected", LONG_AFTER, MappingProxyType(
        {"replaces": len(record) + 1, "withdrawn": True}))
    for one in (correction, withdrawn):
        assert work_out([*record, one, taken_back], on, CLOSED) == work_out(record, on, CLOSED)


def _with_nothing_where_emptied(should_be, record, place):
    """A field that a correction empties is there, and says nothing."""
    emptied = dict.fromkeys(record[place].data) | dict(should_be[place].data)
    should_be[place] = replace(should_be[place], data=MappingProxyType(emptied))
    return should_be


@EXAMPLES
@given(records, days)
def test_working_it_out_again_gives_the_same(record, on):
    first, second = work_out(record, on, CLOSED), work_out(list(record), on, CLOSED)
    assert first == second
    assert [owed.why for owed in first] == [owed.why for owed in second]
    case = Case.of("A1", record, on, CLOSED)
    assert list(case.duties) == first


@EXAMPLES
@given(records, days)
def test_no_duty_stands_twice_and_none_without_owner_source_and_start(record, on):
    owing = work_out(record, on, CLOSED)
    assert len({which(owed) for owed in owing}) == len(owing)
    for owed in owing:
        assert owed.duty.owed_by
        assert owed.duty.citation
        assert owed.duty.citation in " ".join(owed.why)
        assert owed.why[-1]
        if owed.starts_on is None:
            assert owed.due_on is None
            assert "no such day is on record yet" in " ".join(owed.why) or "has not begun to run" in " ".join(owed.why)
        elif owed.duty.limit is not None:
            assert owed.due_on is not None
            assert owed.working in " ".join(owed.why).replace(owed.working[:1].upper() + owed.working[1:], owed.working)


@EXAMPLES
@given(records, st.integers(0, 400), st.integers(0, 400))
def test_asking_on_a_later_day_moves_no_date(record, sooner, later):
    last = max(fact.on for fact in record)
    assume(all(fact["notified_on"] is None for fact in record))          # else something is told in between
    first, second = (work_out(record, last + timedelta(days=number), CLOSED) for number in sorted((sooner, later)))
    for before, after in zip(first, second, strict=True):
        assert days_of(before)[:9] == days_of(after)[:9]
        if before.days_late is not None:
            assert before.days_late <= after.days_late


@EXAMPLES
@given(records, days)
def test_what_happens_later_never_moves_the_three_clocks(record, on):
    def clocks(facts):
        return {owed.duty.id: owed.due_on for owed in work_out(facts, LONG_AFTER, CLOSED) if owed.duty.reporting_limit}

    zero = min(fact.on for fact in record if fact.kind in ("request_received", "became_responsible"))
    assume(zero <= on)
    assume(all(fact.kind != "detention_began" for fact in record))       # the same limits, but of SI 2015/62
    assert clocks(record) == clocks([fact for fact in record if fact.on <= on]) == {
        "decide_whether_to_assess": zero + timedelta(days=42), "refuse_to_issue": zero + timedelta(days=112),
        "finalise_plan": zero + timedelta(days=140)}


@EXAMPLES
@given(records, claim_fields, days, days)
def test_an_exception_changes_no_date_and_no_other_limit(record, said, claimed_on, on):
    claim = Fact("A1", len(record) + 1, "exception_claimed", claimed_on, MappingProxyType(said))
    before, after = work_out(record, on, CLOSED), work_out([*record, claim], on, CLOSED)
    relieved = set()
    for plain, claimed in zip(before, after, strict=True):
        assert days_of(plain)[:8] == days_of(claimed)[:8]
        assert plain.days_late == claimed.days_late
        if plain.excused_by != claimed.excused_by:
            relieved.add(which(claimed))
            assert claimed.duty.id == said["duty"]
            assert claimed.excused_by == said["code"]
            assert said["code"] in claimed.duty.exceptions
        else:
            assert plain.state == claimed.state
    assert len(relieved) <= 1


@EXAMPLES
@given(records, days)
def test_states_agree_with_the_dates(record, on):
    for owed in work_out(record, on, CLOSED):
        assert owed.state in STATES
        assert owed.met_on is None or owed.lapsed_on is None
        for day in (owed.met_on, owed.lapsed_on):
            assert day is None or day <= on
        assert (owed.days_late is None) is (owed.due_on is None)
        assert owed.excused_by is None or owed.excused_by in owed.duty.exceptions
        late = owed.days_late or 0
        assert late >= 0
        if owed.duty.type == "window" and owed.due_on is not None:
            assert owed.state in ("open", "met", "met_late", "lapsed")
            continue
        match owed.state:
            case "open":
                assert owed.is_live and not late
            case "overdue":
                assert owed.is_live and late == (on - owed.due_on).days > 0
            case "met":
                assert owed.met_on and not late
            case "met_late":
                assert late == (owed.met_on - owed.due_on).days > 0 and not owed.excused_by
            case "excused":
                assert owed.excused_by and (owed.is_live or late)
            case "lapsed":
                assert owed.lapsed_on


@EXAMPLES
@given(records, days)
def test_a_day_is_seen_as_if_nothing_had_happened_after_it(record, on):
    assert work_out(record, on, CLOSED) == work_out([fact for fact in record if fact.on <= on], on, CLOSED)


@EXAMPLES
@given(records, days)
def test_every_record_can_be_read_as_a_case(record, on):
    case = Case.of("A1", record, on, CLOSED)
    assert case.stage in Stage
    assert (case.held_by == ()) is case.stage.is_terminal
    assert case.day_zero is None or case.held_since is not None
    assert case.held_since is None or case.held_since <= on


@EXAMPLES
@given(records, facts, days)
def test_every_fact_is_borne_or_refused_with_a_reason(record, fact, on):
    why = refusal(Case.of("A1", record, on, CLOSED), fact.kind, fact.on, fact.data)
    assert why is None or (why.strip() and why[-1] in ".!)" or fact.kind == "existing_advice_sufficed")


@EXAMPLES
@given(facts)
def test_what_the_check_lets_through_it_lets_through_again_unchanged(fact):
    plain = check(fact.kind, fact.on, fact.data, at_door=False)
    assert check(fact.kind, fact.on, plain, at_door=False) == plain


def test_these_records_hold_every_kind_that_the_law_reads():
    read = {token.partition("=")[0] for row in RULEBOOK for token in (*row.starts_on, *row.met_by, *row.ends_with)}
    told_here = {*OF_ADVISER, *OF_SETTING, *DECISIONS, *ENDS, *PLAIN, *OF_THE_PLAN, "request_received", "became_responsible"}
    assert read <= told_here <= {*BY_HAND, "ended_in_return"} & set(KINDS)
