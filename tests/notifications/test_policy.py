"""A council's own policy: what it may set, what it may never, and that every mistake is named with its place."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.law.rulebook import RULEBOOK
from notifications.ladder import DEFAULT, KIND_OF, KINDS, OWNER
from notifications.policy import BadPolicy, as_toml, differences, fingerprint, read_policy

OWN = "finalise_plan"


def rungs(policy, duty: str, count: int, **more) -> list[int]:
    found: list[int] = []
    for _ in range(count):
        found.append(policy.next_rung(duty, found[-1] if found else None, **more))
    return found


# --- what it may set -----------------------------------------------------------------------------------------------

def test_an_empty_file_is_the_default():
    assert fingerprint(read_policy("")) == fingerprint(DEFAULT) and differences(read_policy("")) == []


def test_the_default_written_as_a_file_is_read_as_the_default():
    assert fingerprint(read_policy(as_toml(DEFAULT))) == fingerprint(DEFAULT)


def test_what_differs_is_named_and_nothing_else():
    policy = read_policy('[ladder.own_decision]\nbefore.21 = ["council.owner"]\n[escalation]\nlongest_silence = 14\n')
    assert [(what, before) for what, before, _ in differences(policy)] == [
        ("ladder.own_decision.before", "14: council.owner; 7: council.owner; 2: council.owner, council.lead"),
        ("escalation.longest_silence", "28")]
    assert rungs(policy, OWN, 3) == [-21, 1, 8] and rungs(policy, "next_review", 2) == [-42, -28]


def test_one_duty_may_have_a_ladder_of_its_own_on_that_of_its_kind():
    policy = read_policy('[ladder.own_decision]\nevery = 3\n[duty.finalise_plan]\non = ["council.manager"]\n')
    assert rungs(policy, OWN, 6) == [-14, -7, -2, 0, 1, 4]
    assert rungs(policy, "refuse_to_issue", 5) == [-14, -7, -2, 1, 4]
    assert policy.recipients(OWN, 0) == ("council.manager",)


def test_the_day_after_our_own_target_is_a_rung_and_the_laws_day_stays_where_it_is():
    policy = read_policy("[duty.finalise_plan]\ntarget = 14\n")
    assert rungs(policy, OWN, 5) == [-14, -13, -7, -2, 1]
    assert policy.recipients(OWN, -13) == ("council.owner", "council.lead")
    assert policy.recipients(OWN, -14) == ("council.owner",)
    assert policy.target(OWN) == 14 and policy.target("refuse_to_issue") is None


def test_a_target_on_a_rung_tells_both_those_who_are_told_then_and_those_who_are_told_of_lateness():
    policy = read_policy('[ladder.own_decision]\ntarget = 8\nbefore.7 = ["council.director"]\n')
    assert policy.recipients(OWN, -7) == ("council.director", "council.owner", "council.lead")


def test_a_family_is_reminded_as_a_family_whatever_advisers_are():
    policy = read_policy('[ladder.advice]\nbefore.21 = ["adviser"]\n')
    assert rungs(policy, "advice_six_weeks_others", 2, adviser="adv_a_parent_yp") == [-14, -7]
    assert rungs(policy, "advice_six_weeks_others", 2, adviser="adv_d_psychology") == [-21, 1]


def test_hours_and_days_on_which_nobody_is_disturbed():
    policy = read_policy('[calendar]\nworking_days = false\nquiet_from = "18:30"\nquiet_to = 08:00:00\n'
                         'closed = [["2026-12-24", 2027-01-01]]\n')
    assert (policy.working_days, policy.quiet) == (False, (time(18, 30), time(8)))
    assert policy.closed == ((date(2026, 12, 24), date(2027, 1, 1)),)
    assert read_policy('[calendar]\nquiet_from = "00:00"\nquiet_to = "00:00"\n').quiet is None


def test_what_is_just_short_of_too_much_may_be():
    assert read_policy("[duty.coop_respond_advice]\ntarget = 41\n").target("coop_respond_advice", "adv_c_medical") == 41
    assert read_policy('[calendar]\nquiet_from = "16:00"\nquiet_to = "08:00"\n').quiet == (time(16), time(8))
    assert len(read_policy('[calendar]\nclosed = [["2026-08-01", "2026-08-20"], ["2026-07-01", "2026-07-20"]]\n').closed) == 2


# --- what it may never ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "where", "what"), [
    ("[ladder.advice]\ntarget = 0", "ladder.advice.target", "never on it or later"),
    ("[ladder.advice]\ntarget = -3", "ladder.advice.target", "never on it or later"),
    ("[ladder.advice]\ntarget = true", "ladder.advice.target", "1 to 365"),
    ("[ladder.advice]\ntarget = 366", "ladder.advice.target", "1 to 365"),
    ('[ladder.advice]\nbefore.-3 = ["adviser"]', "ladder.advice.before.-3", "before the law's day"),
    ('[ladder.advice]\nbefore.0 = ["adviser"]', "ladder.advice.before.0", "before the law's day"),
    ('[ladder.advice.before]\n', "ladder.advice.before", "somebody must be reminded"),
    ("[ladder.advice]\noverdue = []", "ladder.advice.overdue", "nobody is not among the choices"),
    ('[ladder.advice]\nweekly = "adviser"', "ladder.advice.weekly", "must be a list"),
    ("[ladder.advice]\nevery = 8", "ladder.advice.every", "at least every week"),
    ("[ladder.advice]\nevery = 0", "ladder.advice.every", "at least every week"),
    ('[ladder.own_decision]\nweekly = ["adviser"]', "ladder.own_decision.weekly", "nobody whom a reminder"),
    ('[ladder.advice]\nweekly = ["council.ownr"]', "ladder.advice.weekly", "did you mean council.owner"),
    ('[ladder.advice]\nweekly = ["jo@home.example"]', "ladder.advice.weekly", "nobody whom a reminder"),
    ("[ladder.own_decisions]\nevery = 3", "ladder.own_decisions", "did you mean own_decision"),
    ("[ladder]\nadvice = 3", "ladder.advice", "must be a table"),
    ("ladder = 3", "ladder", "must be a table"),
    ("[duty.finalise_plans]\nevery = 3", "duty.finalise_plans", "did you mean finalise_plan"),
    ("[duty.finalise_plan]\ndue_on = 2027-01-01", "duty.finalise_plan.due_on", "no such setting"),
    ("[duty.finalise_plan]\nlimit = 25", "duty.finalise_plan.limit", "no such setting"),
    ("[escalation]\nlongest_silence = 91", "escalation.longest_silence", "1 to 90"),
    ("[escalation]\nlongest_silence = 0", "escalation.longest_silence", "1 to 90"),
    ('[calendar]\nquiet_from = "20:00"', "calendar", "go together"),
    ('[calendar]\nquiet_from = "8pm"\nquiet_to = "07:00"', "calendar.quiet_from", "no time"),
    ('[calendar]\nworking_days = "yes"', "calendar.working_days", "true or false"),
    ('[calendar]\nclosed = [["2026-12-24"]]', "calendar.closed, pair 1", "two days"),
    ('[calendar]\nclosed = [["2026-12-24", "2026-12-01"]]', "calendar.closed, pair 1", "before the first"),
    ('[calendar]\nclosed = [["2026-07-01", "2026-09-01"]]', "calendar.closed, pair 1", "longer than a month"),
    ('[calendar]\nclosed = 3', "calendar.closed", "list of pairs"),
    ("[ladders.advice]", "ladders", "did you mean ladder"),
    ("[duty.coop_respond_advice]\ntarget = 42", "duty.coop_respond_advice.target", "the law gives it 42 days"),
    ("[duty.finalise_plan]\ntarget = 200", "duty.finalise_plan.target", "the law gives it 140 days"),
    ('[calendar]\nquiet_from = "00:00"\nquiet_to = "23:59"', "calendar", "16 hours at most"),
    ('[calendar]\nquiet_from = "12:00"\nquiet_to = "04:01"', "calendar", "16 hours at most"),
    ('[calendar]\nclosed = [["2026-08-01", "2026-08-28"], ["2026-07-01", "2026-07-31"]]', "calendar.closed", "follow each other"),
])
def test_what_would_loosen_the_law_or_is_a_slip_is_refused_with_its_place(text, where, what):
    with pytest.raises(BadPolicy) as error:
        read_policy(text, "p.toml")
    assert f"{where}: " in str(error.value) and what in str(error.value) and str(error.value).startswith("p.toml")


def test_every_mistake_is_named_at_once():
    with pytest.raises(BadPolicy) as error:
        read_policy("[ladder.advice]\ntarget = 0\nevery = 9\n[escalation]\nlongest_silence = 0\n")
    assert str(error.value).count(";") == 2 + str(error.value).count("law's day;")


@pytest.mark.parametrize("text", ["[", "a = ", "\x00", "[a]\n[a]", "x = " + "[" * 5000])
def test_what_is_no_toml_says_so(text):
    with pytest.raises(BadPolicy, match="is no TOML"):
        read_policy(text)


roles = st.lists(st.sampled_from(["council.owner", "council.lead", "council.manager", "council.director"]), min_size=1, max_size=3)


@given(before=st.dictionaries(st.integers(1, 365), roles, min_size=1, max_size=5), target=st.none() | st.integers(1, 365),
       on=st.none() | roles, overdue=roles, weekly=roles, every=st.integers(1, 7), last=st.none() | st.integers(-400, 900))
def test_whatever_a_council_sets_it_warns_before_the_day_never_skips_the_first_day_late_and_chases_without_end(
        before, target, on, overdue, weekly, every, last):
    lines = ["[ladder.own_decision]", *(f"before.{days} = {list(told)}" for days, told in before.items()), f"overdue = {overdue}",
             f"weekly = {weekly}", f"every = {every}"]
    lines += [f"target = {target}"] * (target is not None) + [f"on = {on}"] * (on is not None)
    policy = read_policy("\n".join(lines).replace("'", '"'))
    upcoming = policy.next_rung(OWN, last)
    assert upcoming is not None and (last is None or upcoming > last)
    if last is None or last <= 0:
        assert upcoming <= 1, "the first day late must not pass unsaid"
    else:
        assert upcoming - last <= 7
    assert policy.recipients(OWN, upcoming) and rungs(policy, OWN, 1)[0] < 0
    assert set(policy.recipients(OWN, upcoming, silenced=True)) <= {OWNER}
    assert fingerprint(read_policy(as_toml(policy))) == fingerprint(policy)
    assert [row.limit for row in RULEBOOK if row.id == OWN]


def test_every_kind_is_that_of_some_duty_or_of_the_family():
    assert set(KIND_OF.values()) | {"family_advice"} == KINDS.keys()
