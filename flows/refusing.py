"""Refusals: the notice with its rights, the partners, and the family's time to appeal (regs 4(1), 5(3), 10, 33)."""

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Visit
from notifications.what_follows import appeal_period, assessment_decided, issue_refused


@flow(name="see-refusal-through", flow_run_name="see the refusal through {case_ref}")
async def see_refusal_through(case_ref: CaseRef, on: Day | None = None) -> State:
    """Send the notice of a refusal with its notice pack, tell the partners, and watch over the appeal period.

    Args:
        case_ref: Reference of the case.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("see-refusal-through", case_ref, on)
    await visit.say(assessment_decided, issue_refused, appeal_period)
    return await visit.leave()
