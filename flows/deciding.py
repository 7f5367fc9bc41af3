"""The decision whether a plan is necessary (ss.36(9), 37(1), reg 10)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from notifications.what_follows import assessment_decided, deciding, gathering

Reason = Literal["plan_necessary", "plan_not_necessary", "provision_without_plan_suffices", "needs_met", "no_sen",
                 "more_time_not_needed", "other"]


@flow(name="decide-to-issue", flow_run_name="decide whether to issue a plan {case_ref}")
async def decide_to_issue(
    case_ref: CaseRef,
    answer: Literal["issue", "refuse"] | None = None,
    decided_by: Reference | None = None,
    reason_codes: list[Reason] | None = None,
    decided_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """The assessment is complete: record whether a plan will be made and hand over to drafting, or to the refusal.

    Reasons in words are never typed in here: `ehc record REF decided_to_issue` takes them.

    Args:
        case_ref: Reference of the case.
        answer: What was decided. Leave empty to visit the case without recording a decision.
        decided_by: Reference of the officer who decided. A panel advises; it does not decide.
        reason_codes: The lines of the statutory test on which the decision rests; at least one.
        decided_on: Day of the decision; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("decide-to-issue", case_ref, on)
    if answer is not None:
        kind = "decided_to_issue" if answer == "issue" else "refused_to_issue"
        visit.record(kind, decided_on, {"decided_by": decided_by, "reason_codes": reason_codes, "notice": "to_follow"})
    await visit.say(assessment_decided, gathering, deciding)
    return await visit.leave()
