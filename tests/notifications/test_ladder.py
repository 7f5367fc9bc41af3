"""Reminders: each rung on its day, an outage folded into one reminder that says so, and the right people at each."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import ADVISER_ROLES
from models.law.rulebook import duty
from notifications import ladder
from notifications.ladder import LADDERS, Firing, fires, ladder_for, message_for, next_rung, recipients
from notifications.messages import MESSAGES

DUE = date(2026, 7, 20)
OF_ADVICE = ("coop_respond_advice", "advice_six_weeks_others")
OWN = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan")
CONSULTATION = "setting_consult_response"
EVERY_RUNG = [(duty_id, rung) for duty_id in LADDERS
              for rung in (*ladder_for(duty_id).rungs, 1, 8, 15, 22, 365 + 7 - (364 % 7))]

duties = st.sampled_from(sorted(LADDERS))
days = st.integers(-60, 900)


def test_the_ladders_are_those_of_the_policy() -> None:
    assert LADDERS.keys() == {*OF_ADVICE, *OWN, CONSULTATION}
    for duty_id in (*OF_ADVICE, *OWN):
        assert rungs(duty_id, 6) == [-14, -7, -2, 1, 8, 15]
    assert rungs(CONSULTATION, 5) == [-7, -2, 1, 8, 15]


def rungs(duty_id: str, count: int) -> list[int]:
    """The first rungs of a ladder."""
    found: list[int] = []
    for _ in range(count):
        found.append(next_rung(duty_id, found[-1] if found else None))
    return found


@pytest.mark.parametrize("duty_id, rung", EVERY_RUNG)
def test_a_rung_fires_on_its_day_not_the_day_before_and_once(duty_id: str, rung: int) -> None:
    climbed = [None, *rungs(duty_id, 60)]
    last = climbed[climbed.index(rung) - 1]
    its_day = DUE + timedelta(days=rung)
    assert fires(duty_id, DUE, last, its_day - timedelta(days=1)) is None
    assert fires(duty_id, DUE, last, its_day) == Firing(rung, (), 0)
    assert fires(duty_id, DUE, last, its_day + timedelta(days=1)) == Firing(rung, (), 1)
    assert fires(duty_id, DUE, rung, its_day) is None


@pytest.mark.parametrize("outage, last, fired", [
    pytest.param(("2026-07-12", "2026-07-15"), None, Firing(-7, (-14,), 2), id="two rungs missed, the later one goes"),
    pytest.param(("2026-07-17", "2026-07-19"), -7, Firing(-2, (), 1), id="one rung, a day late"),
    pytest.param(("2026-07-14", "2026-07-21"), -7, Firing(1, (-2,), 0), id="over the due day: it is overdue now"),
    pytest.param(("2026-07-14", "2026-08-12"), -7, Firing(22, (-2, 1, 8, 15), 1), id="a month: one reminder, not five"),
])
def test_after_an_outage_one_reminder_goes_and_says_what_it_stands_for(outage: tuple[str, str], last: int | None,
                                                                       fired: Firing) -> None:
    back_on = date.fromisoformat(outage[1])
    assert fires("finalise_plan", DUE, last, back_on) == fired
    assert fires("finalise_plan", DUE, fired.rung, back_on) is None


def test_nobody_is_reminded_of_a_duty_without_a_ladder() -> None:
    assert ladder_for("admit") is None and next_rung("admit", None) is None
    assert fires("admit", DUE, None, DUE) is None and recipients("admit", 1) == ()


def test_a_rung_before_the_duty_began_is_nobodys_failure() -> None:
    a_week = 7
    assert next_rung("finalise_plan", None, given=42) == -14
    assert next_rung("finalise_plan", None, given=14) == -7
    assert next_rung("finalise_plan", None, given=a_week) == -2
    assert next_rung("finalise_plan", None, given=0) == 1
    assert fires("finalise_plan", DUE, None, DUE - timedelta(days=3), given=a_week) is None
    assert fires("finalise_plan", DUE, None, DUE - timedelta(days=1), given=a_week) == Firing(-2, (), 1)
    assert fires("finalise_plan", DUE, None, DUE + timedelta(days=1), given=-30) == Firing(1, (), 0)


@given(duty_id=duties, visits=st.sets(days, min_size=1, max_size=40))
def test_whenever_the_watch_comes_every_rung_is_sent_or_listed_once(duty_id: str, visits: set[int]) -> None:
    last, accounted = None, []
    for day in sorted(visits):
        firing = fires(duty_id, DUE, last, DUE + timedelta(days=day))
        if firing:
            assert firing.late_days == day - firing.rung >= 0
            accounted += [*firing.missed, firing.rung]
            last = firing.rung
        upcoming = next_rung(duty_id, last)
        assert upcoming is not None and upcoming > day
    assert accounted == [rung for rung in rungs(duty_id, 140) if rung <= max(visits)]


@given(duty_id=duties, last=st.none() | days, on=days)
def test_the_next_rung_is_exactly_what_fires_next(duty_id: str, last: int | None, on: int) -> None:
    upcoming = next_rung(duty_id, last)
    assert upcoming is not None and (last is None or upcoming > last)
    firing = fires(duty_id, DUE, last, DUE + timedelta(days=on))
    assert (firing is not None) == (upcoming <= on)
    if firing:
        assert ([*firing.missed, firing.rung])[0] == upcoming
        assert next_rung(duty_id, firing.rung) > on
        assert recipients(duty_id, firing.rung, adviser="adv_c_medical")


@pytest.mark.parametrize("duty_id", LADDERS)
def test_policy_never_loosens_the_law(duty_id: str) -> None:
    """Every duty with a ladder is one of law, is warned of before its last compliant day, and is chased without end."""
    assert duty(duty_id).limit is not None
    steps = ladder_for(duty_id).rungs
    assert steps and min(steps) < 0, "nothing before the due day"
    assert -duty(duty_id).limit.last_day(DUE).toordinal() + DUE.toordinal() < min(steps), "a rung before the duty begins"
    assert next_rung(duty_id, max(steps)) == 1, "the first day late must not pass unsaid"
    assert all(next_rung(duty_id, late) == late + 7 for late in range(1, 1000, 7))


# --- who is told ---------------------------------------------------------------------------------------------------

MANAGER = "council.manager"


@pytest.mark.parametrize("duty_id", OF_ADVICE)
@pytest.mark.parametrize("adviser", [a for a in ADVISER_ROLES if a != "adv_a_parent_yp"])
def test_the_adviser_first_then_the_lead_then_the_manager(duty_id: str, adviser: str) -> None:
    role = ADVISER_ROLES[adviser]
    lead = f"{role}.lead"
    assert [recipients(duty_id, rung, adviser=adviser) for rung in (-14, -7, -2, 1, 8, 15)] == [
        (role,), (role,), (role, lead), (role, lead), (role, lead, MANAGER), (role, lead, MANAGER)]


@pytest.mark.parametrize("duty_id", OWN)
def test_the_owner_first_then_the_lead_then_the_manager(duty_id: str) -> None:
    owner, lead = "council.owner", "council.lead"
    assert [recipients(duty_id, rung) for rung in (-14, -7, -2, 1, 8, 15)] == [
        (owner,), (owner,), (owner, lead), (owner, lead), (owner, lead, MANAGER), (owner, lead, MANAGER)]


def test_a_setting_is_told_and_once_it_is_late_the_owner() -> None:
    assert [recipients(CONSULTATION, rung, party="school-17") for rung in (-7, -2, 1, 8)] == [
        ("setting",), ("setting",), ("setting", "council.owner"), ("setting", "council.owner")]


def test_a_family_is_asked_and_never_chased_week_after_week() -> None:
    told = [recipients("advice_six_weeks_others", rung, adviser="adv_a_parent_yp") for rung in (-14, -7, -2, 1, 8, 15)]
    assert told == [("family",), ("family",), ("family", "council.owner"), ("family", "council.owner"),
                    ("council.owner",), ("council.owner",)]


@given(duty_id=duties, adviser=st.sampled_from(sorted(ADVISER_ROLES)), last=st.none() | days)
def test_at_every_rung_there_is_somebody_to_tell_and_nobody_twice(duty_id: str, adviser: str, last: int | None) -> None:
    told = recipients(duty_id, next_rung(duty_id, last), adviser=adviser)
    assert told and len(set(told)) == len(told)
    assert "family.lead" not in told


def test_a_rung_that_a_ladder_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="-14 is no rung"):
        recipients(CONSULTATION, -14)


@pytest.mark.parametrize("rung, excused, name", [
    (-14, False, "reminder"), (-2, False, "reminder"), (1, False, "overdue"), (8, False, "overdue"),
    (-2, True, "excused_reminder"), (1, True, "excused_reminder"),
])
def test_what_is_said_at_a_rung(rung: int, excused: bool, name: str) -> None:
    assert message_for("finalise_plan", rung, excused) == name
    assert name in MESSAGES


def test_ladders_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        ladder.LADDERS["admit"] = ladder.ADVICE
    with pytest.raises(TypeError):
        ladder.ADVICE.before[-1] = ("adviser",)
