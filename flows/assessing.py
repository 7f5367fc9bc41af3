"""The decision whether to assess (s.36(8), regs 4(1), 5)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from notifications.what_follows import assessment_decided

Reason = Literal["may_have_sen", "plan_may_be_necessary", "no_sen", "provision_without_plan_suffices", "needs_met",
                 "assessed_within_6_months", "more_time_not_needed", "other"]


@flow(name="decide-to-assess", flow_run_name="decide whether to assess {case_ref}")
async def decide_to_assess(
    case_ref: CaseRef,
    answer: Literal["assess", "refuse"] | None = None,
    decided_by: Reference | None = None,
    reason_codes: list[Reason] | None = None,
    decided_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """The council has decided whether to assess: record it, tell the family with its rights, tell the partners (reg 5(2)).

    Reasons in words are never typed in here: `ehc record REF decided_to_assess` takes them.

    Args:
        case_ref: Reference of the case.
        answer: What was decided. Leave empty to visit the case without recording a decision.
        decided_by: Reference of the officer who decided. A panel advises; it does not decide.
        reason_codes: The lines of the statutory test on which the decision rests; at least one.
        decided_on: Day of the decision; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("decide-to-assess", case_ref, on)
    if answer is not None:
        kind = "decided_to_assess" if answer == "assess" else "refused_to_assess"
        visit.record(kind, decided_on, {"decided_by": decided_by, "reason_codes": reason_codes, "notice": "to_follow"})
    await visit.say(assessment_decided)
    return await visit.leave()
