"""Reminders: which rungs there are, in which order, and the right people at each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.advice import ADVISER_ROLES
from models.law.parties import (
    ARRANGER,
    COUNCIL,
    HOME_AUTHORITY,
    MEDIATION_ARRANGER,
    NEW_COUNCIL,
    OLD_COUNCIL,
    REPORTER,
)
from models.law.rulebook import RULEBOOK
from notifications import ladder
from notifications.ladder import LADDERS, ladder_for, message_for, next_rung, recipients
from notifications.messages import MESSAGES

OF_ADVICE = ("coop_respond_advice", "advice_six_weeks_others")
OWN = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan")
CONSULTATION = "setting_consult_response"

duties = st.sampled_from(sorted(LADDERS))
days = st.integers(-60, 900)


def test_the_ladders_are_those_of_the_policy() -> None:
    for duty_id in (*OF_ADVICE, *OWN):
        assert rungs(duty_id, 6) == [-14, -7, -2, 1, 8, 15]
    assert rungs(CONSULTATION, 5) == [-7, -2, 1, 8, 15]
    assert rungs("next_review", 5) == [-42, -28, -14, 1, 8]
    assert rungs("phase_transfer_other", 4) == [-56, -28, -14, 1]
    assert rungs("reassessment_decision", 4) == [-7, -2, 1, 8]
    assert rungs("notify_rcb_of_mediation", 3) == [-2, 1, 8]


def rungs(duty_id: str, count: int) -> list[int]:
    """The first rungs of a ladder."""
    found: list[int] = []
    for _ in range(count):
        found.append(next_rung(duty_id, found[-1] if found else None))
    return found


def test_nobody_is_reminded_of_a_duty_without_a_ladder() -> None:
    assert ladder_for("admit") is None and next_rung("admit", None) is None
    assert recipients("admit", 1) == ()


def test_a_rung_before_the_duty_began_is_nobodys_failure() -> None:
    assert next_rung("finalise_plan", None, given=42) == -14
    assert next_rung("finalise_plan", None, given=14) == -7
    assert next_rung("finalise_plan", None, given=7) == -2
    assert next_rung("finalise_plan", None, given=0) == 1


def test_what_counts_backwards_and_began_too_late_is_overdue_at_once() -> None:
    """A meeting fixed for next week: the two weeks of notice were over before it was fixed."""
    assert next_rung("invite_to_review", None, given=-7) == 1


@given(duty_id=duties, last=st.none() | days)
def test_a_ladder_is_climbed_upwards_without_end(duty_id: str, last: int | None) -> None:
    upcoming = next_rung(duty_id, last)
    assert upcoming is not None and (last is None or upcoming > last)
    assert recipients(duty_id, upcoming, adviser="adv_c_medical")


@pytest.mark.parametrize("duty_id", LADDERS)
def test_policy_never_loosens_the_law(duty_id: str) -> None:
    """Every duty with a ladder is one of law, is warned of before its last compliant day, and is chased without end."""
    rows = [row for row in RULEBOOK if row.id == duty_id]
    assert any(row.limit is not None or row.counts for row in rows) and all(row.type == "duty" for row in rows)
    steps = ladder_for(duty_id).rungs
    assert steps and min(steps) < 0, "nothing before the due day"
    assert next_rung(duty_id, max(steps)) == 1, "the first day late must not pass unsaid"
    assert all(next_rung(duty_id, late) == late + 7 for late in range(1, 1000, 7))


NOBODY_IS_REMINDED = {"notify_no_plan_need_determination", "decide_not_to_amend", "dp_determination_no"}


def test_every_limit_of_the_council_has_a_ladder() -> None:
    ours = (COUNCIL, HOME_AUTHORITY, OLD_COUNCIL, NEW_COUNCIL, ARRANGER, REPORTER, MEDIATION_ARRANGER)
    dated = {row.id for row in RULEBOOK if row.type == "duty" and row.kind == "hard" and row.limit and row.owed_by in ours}
    assert dated - LADDERS.keys() == NOBODY_IS_REMINDED


def test_the_shorter_the_limit_the_fewer_the_rungs_before_it() -> None:
    lengths = [len(ladder_for(duty_id).rungs) for duty_id in ("finalise_after_reassessment", "reassessment_decision",
                                                              "notify_rcb_of_mediation")]
    assert lengths == sorted(lengths, reverse=True) and len(set(lengths)) == 3


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
