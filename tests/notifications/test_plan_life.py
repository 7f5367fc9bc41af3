"""What is said in the life of a plan: each process by itself, from which day, and what goes only with something else."""

from datetime import date, timedelta

import pytest

from models.calendar import bank_holidays
from models.case import Case
from models.law.record import Fact
from models.stages import Stage
from notifications import plan_life
from notifications.proofs import proofs
from notifications.say import Say
from notifications.what_follows import (
    PARTS,
    owed_of,
    parts_of,
    still_wanted,
    what_follows,
)
from tests.law.told import day, happened, recorded, request

MADE = "2026-04-15"
PLAN = [request("2025-12-01", setting="oak"), happened("final_plan_sent", MADE, document="plan-1", sent_to=["family", "setting", "rcb"])]
FIXED = happened("review_meeting_fixed", "2027-01-11", meeting_on="2027-02-25", setting_type="fe_college")
HELD = happened("review_meeting_held", "2027-02-25")
REVIEWED = [*PLAN, FIXED, happened("review_invited", "2027-01-11"), HELD]
AMENDS = happened("plan_decision_prepared", "2027-03-10", decided="amend", decided_by="officer-1", document="amend-1")


def case_of(facts: list[Fact], on: str | date) -> Case:
    return Case.of("A1", recorded(*facts), day(on), bank_holidays())


def said(facts: list[Fact], on: str | date) -> list[Say]:
    """What is to be said by that day."""
    return [say for say in what_follows(case_of(facts, on)) if say.from_day <= day(on)]


def told(facts: list[Fact], on: str | date) -> set[tuple[str, str]]:
    """Message and recipient of what is to be said by that day; of a task what it is about."""
    return {(say.about.partition(":")[0] if say.message == "decision_needed" else say.message, say.to) for say in said(facts, on)}


def tasks(facts: list[Fact], on: str | date) -> set[str]:
    """What the owner is to see to by that day."""
    return {what for what, to in told(facts, on) if to == plan_life.OWNER}


def test_every_stage_says_which_parts_speak() -> None:
    assert PARTS.keys() == set(Stage)


# --- one process hides no other ----------------------------------------------------------------------------------

def test_every_process_under_way_speaks_and_each_part_once() -> None:
    facts = [*REVIEWED, happened("reassessment_requested", "2027-03-01", requested_by="parent"),
             happened("appeal_registered", "2027-03-01")]
    parts = parts_of(case_of(facts, "2027-03-02"))
    assert {plan_life.review_held, plan_life.reassessment_asked_for, plan_life.appealed, plan_life.review_to_come} <= set(parts)
    assert len(parts) == len(set(parts))
    assert {"review_report", "reassess", "appeal_response"} <= tasks(facts, "2027-03-02")


def test_an_order_hides_neither_the_yearly_review_nor_the_phase_transfer() -> None:
    facts = [*PLAN, happened("phase_transfer_identified", "2027-03-01", transfer="other", year=2028),
             happened("tribunal_order_made", "2027-03-04", order="amend_provision")]
    assert case_of(facts, "2027-03-05").stage is Stage.S97_ORDER_COMPLIANCE
    assert {"arrange_review", "phase_transfer", "order_ord_amend_sep"} <= tasks(facts, "2027-03-05")


# --- the plan at rest --------------------------------------------------------------------------------------------

def test_the_review_is_asked_for_ten_and_eight_weeks_before_its_limit() -> None:
    limit = date(2027, 4, 14)
    ten, eight = limit - timedelta(weeks=10), limit - timedelta(weeks=8)
    assert tasks(PLAN, ten - timedelta(days=1)) == set()
    assert tasks(PLAN, ten) == {"arrange_review"}
    assert tasks(PLAN, eight) == {"arrange_review", "arrange_review_at_last"}
    assert tasks([*PLAN, FIXED], eight) & {"arrange_review", "arrange_review_at_last"} == set()


def test_a_transfer_between_phases_is_put_before_the_owner_and_once_more_twelve_weeks_ahead() -> None:
    facts = [*PLAN, happened("phase_transfer_identified", "2026-09-01", transfer="other", year=2027)]
    assert tasks(facts, "2026-09-01") == {"phase_transfer"}
    assert "phase_transfer_late" not in tasks(facts, "2026-11-21")
    assert "phase_transfer_late" in tasks(facts, "2026-11-22")      # 12 weeks before 14 February 2027


def test_both_are_told_when_the_rights_pass() -> None:
    facts = [*PLAN, happened("became_young_person", "2026-06-27")]
    assert told(facts, "2026-06-27") == {("rights_pass", "family"), ("rights_pass", "young_person"), ("young_person", "council.owner")}


# --- reviews -----------------------------------------------------------------------------------------------------

def test_everybody_is_invited_from_the_day_the_meeting_is_fixed() -> None:
    assert {(what, to) for what, to in told([*PLAN, FIXED], "2027-01-11") if what.startswith("review_inv")} == {
        ("review_invitation", "family"), ("review_invitation_partners", "setting"), ("review_invitation_partners", "rcb"),
        ("review_invitation_partners", "social_care")}
    assert {say.from_day for say in said([*PLAN, FIXED], "2027-01-11") if say.message == "review_invitation"} == {date(2027, 1, 11)}


def test_a_school_that_must_hold_the_meeting_invites_and_reports_and_a_college_never_does() -> None:
    at_school = happened("review_meeting_fixed", "2027-01-11", meeting_on="2027-02-25", setting_type="academy")
    assert "invite_to_review" in tasks([*PLAN, at_school], "2027-01-11")
    assert ("review_invitation", "family") not in told([*PLAN, at_school], "2027-01-11")
    assert ("review_report_request", "setting") in told([*PLAN, at_school, HELD], "2027-02-25")
    assert ("review_report_request", "setting") not in told(REVIEWED, "2027-02-25")          # error 11
    assert "review_report" in tasks(REVIEWED, "2027-02-25")


def test_nobody_is_invited_twice_and_to_no_meeting_that_is_over() -> None:
    assert not any(what.startswith("review_inv") for what, _ in told(REVIEWED, "2027-02-25"))
    invitation = next(say for say in said([*PLAN, FIXED], "2027-01-11") if say.message == "review_invitation")
    queued = happened("message_queued", "2027-01-11", **invitation.as_fact("A1"))
    assert still_wanted(case_of([*PLAN, FIXED, queued], "2027-01-12"), queued)
    assert not still_wanted(case_of([*REVIEWED, queued], "2027-02-26"), queued)


def test_an_invitation_counts_once_everybody_had_it() -> None:
    facts, invitations = [*PLAN, FIXED], [say for say in said([*PLAN, FIXED], "2027-01-11") if say.message.startswith("review_inv")]
    proved = []
    for say in invitations:
        queued = happened("message_queued", "2027-01-11", **say.as_fact("A1"))
        facts += [queued, happened("message_sent", "2027-01-11", key=say.key("A1"), sha256="0" * 64, channel="eml")]
        proved.append([kind for kind, _ in proofs(case_of(facts, "2027-01-11"), queued, "0" * 64)])
    assert proved == [*[["review_advice_asked"]] * 3, ["review_advice_asked", "review_invited"]]


def test_the_decision_is_put_before_the_owner_two_weeks_before_the_four_are_over() -> None:
    assert "review_decision" not in tasks(REVIEWED, "2027-03-10")
    assert "review_decision" in tasks(REVIEWED, "2027-03-11")
    assert "review_decision" not in tasks([*REVIEWED, AMENDS], "2027-03-11")


# --- decisions ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("decided, pack", [("continue", "N_APPEAL_B"), ("amend", "N_AMEND")])
def test_the_notice_of_a_decision_goes_with_its_pack(decided: str, pack: str) -> None:
    decision = happened("plan_decision_prepared", "2027-03-10", decided=decided, decided_by="officer-1", document="amend-1")
    notices = [say for say in said([*REVIEWED, decision], "2027-03-10") if say.to == "family" and say.pack]
    assert [say.pack for say in notices] == [pack]
    assert ("plan_decision_partners", "setting") in told([*REVIEWED, decision], "2027-03-10")


def test_a_decision_to_amend_never_goes_alone() -> None:
    alone = happened("plan_decision_prepared", "2027-03-10", decided="amend", decided_by="officer-1")
    assert not any(say.to == "family" for say in said([*REVIEWED, alone], "2027-03-10"))
    assert "amendments_missing" in tasks([*REVIEWED, alone], "2027-03-10")
    case = case_of([*REVIEWED, AMENDS], "2027-03-10")
    assert {kind for kind, _ in plan_life.proved_by_notice(case, case.last("plan_decision_prepared"))} == {
        "amendment_notice_sent", "review_decision_sent"}


def test_what_an_officer_sent_the_engine_does_not_send() -> None:
    sent = [happened("amendment_notice_sent", "2027-03-10", document="amend-1"),
            happened("review_decision_sent", "2027-03-10", outcome="amend", decided_by="officer-1")]
    assert not any(say.to == "family" for say in said([*REVIEWED, *sent], "2027-03-11"))
    assert not any(say.message == "proposed_amendments" for say in said([*REVIEWED, AMENDS, *sent], "2027-03-11"))


def test_ceasing_waits_for_the_consultation() -> None:
    proposed = happened("cease_proposed", "2026-09-01", decided_by="officer-1", cease_reason="needs_met")
    decision = happened("plan_decision_prepared", "2026-10-01", decided="cease", decided_by="officer-1", cease_reason="needs_met")
    assert {("cease_consultation", "family"), ("cease_consultation_setting", "setting")} <= told([*PLAN, proposed], "2026-09-01")
    assert "consult_on_ceasing" in tasks([*PLAN, proposed, decision], "2026-10-01")
    assert not any(say.pack for say in said([*PLAN, proposed, decision], "2026-10-01"))
    consulted = happened("cease_consulted", "2026-09-20")
    goes = [say for say in said([*PLAN, proposed, consulted, decision], "2026-10-01") if say.message.startswith("plan_decision")]
    assert {(say.to, say.pack) for say in goes} == {("family", "N_APPEAL_B"), ("setting", None), ("rcb", None)}


def test_the_hold_is_over_a_week_after_the_last_day_to_appeal() -> None:
    facts = [*PLAN, happened("cease_proposed", "2026-09-01", decided_by="officer-1", cease_reason="needs_met"),
             happened("cease_consulted", "2026-09-20"),
             happened("cease_notice_sent", "2026-10-01", decided_by="officer-1", cease_reason="needs_met")]
    assert "hold_over" not in tasks(facts, "2026-12-07")            # two months end on 1 December
    assert "hold_over" in tasks(facts, "2026-12-08")


# --- amendments --------------------------------------------------------------------------------------------------

AMENDED = [*REVIEWED, happened("amendment_notice_sent", "2027-03-10", document="amend-1"),
           happened("review_decision_sent", "2027-03-10", outcome="amend", decided_by="officer-1")]


def test_the_owner_decides_when_the_fifteen_days_are_over() -> None:
    assert "amended_plan" not in tasks(AMENDED, "2027-03-24")
    assert "amended_plan" in tasks(AMENDED, "2027-03-25")


def test_the_amended_plan_goes_to_all_three_and_not_before_the_fifteen_days_are_over() -> None:
    ready = [*AMENDED, happened("amended_plan_prepared", "2027-03-15", document="plan-2", setting="oak", approved_by="officer-2")]
    assert not any(say.message.startswith("amended_plan") for say in said(ready, "2027-03-24"))
    assert {(say.to, say.pack) for say in said(ready, "2027-03-25") if say.message.startswith("amended_plan")} == {
        ("family", "N_APPEAL_B"), ("rcb", None), ("setting", None)}


# --- re-assessment, moves, mediation, detention ------------------------------------------------------------------

def test_a_re_assessment_asks_for_its_advice_anew() -> None:
    facts = [*PLAN, happened("reassessment_requested", "2026-09-01", requested_by="parent"),
             happened("reassessment_decided", "2026-09-14", outcome="reassess", decided_by="officer-1")]
    asked = [say for say in said(facts, "2026-09-14") if say.message == "advice_request"]
    assert {say.adviser for say in asked} >= {"adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology"}
    assert all(say.occasion == "2026-09-14" and say.from_day == date(2026, 9, 14) for say in asked)
    assert len({say.key("A1") for say in asked}) == len(asked)


def test_the_new_authority_tells_the_family_of_the_transfer() -> None:
    facts = [happened("plan_transferred", "2026-12-11", side="new_authority", made_on="2025-01-10", last_reviewed_on="2026-01-10",
                      place_impracticable=True)]
    assert {"tell_of_transfer", "interim_place"} <= tasks(facts, "2026-12-11")


def test_the_old_authority_transfers_and_confirms() -> None:
    known = happened("move_known", "2026-11-23", moves_on="2026-12-01", to="kent", side="old_authority")
    assert "transfer_plan" in tasks([*PLAN, known], "2026-11-23")
    gone = happened("plan_transferred", "2026-12-01", side="old_authority", to="kent")
    assert told([*PLAN, known, gone], "2026-12-01") == {("move_confirmed", "family")}


@pytest.mark.parametrize("health, to_the_rcb", [("also", True), ("only", True), ("none", False)])
def test_the_commissioning_body_is_told_of_mediation_where_health_is_an_issue(health: str, to_the_rcb: bool) -> None:
    facts = [*PLAN, happened("mediation_wanted", "2026-05-11", health=health)]
    assert (("mediation_rcb", "rcb") in told(facts, "2026-05-11")) == to_the_rcb
    assert ("arrange_mediation" in tasks(facts, "2026-05-11")) == (health != "only")


def test_the_copies_of_a_detained_persons_plan_are_asked_for() -> None:
    facts = [*PLAN, happened("detention_began", "2026-12-18", known_on="2026-12-18", plan_kept=True)]
    assert "send_kept_plan" in tasks(facts, "2026-12-18")


def test_after_a_death_nothing_is_said() -> None:
    assert said([*AMENDED, happened("child_died", "2027-03-20")], "2027-03-26") == []


def test_every_task_names_a_duty_that_is_owed_then() -> None:
    facts = [*REVIEWED, happened("tribunal_order_made", "2027-03-04", order="assess"),
             happened("tribunal_order_made", "2027-03-05", order="amend_setting")]
    case = case_of(facts, "2027-03-12")
    for say in said(facts, "2027-03-12"):
        if say.message == "decision_needed" and say.duty:
            owed = owed_of(case, happened("message_queued", "2027-03-12", **say.as_fact("A1")))
            assert owed is not None and owed.is_live and owed.which == say.occasion, say
