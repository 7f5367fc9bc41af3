"""A plan is maintained: what it calls for between its reviews (s.42, s.44, reg 29(2), s.83(2))."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Visit


@flow(name="see-plan-through", flow_run_name="see the plan through {case_ref}")
async def see_plan_through(
    case_ref: CaseRef,
    event: Literal["left_education", "back_in_education", "became_young_person"] | None = None,
    direct_payments: bool | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Say what a maintained plan calls for, and record what changed for the child or young person.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        direct_payments: Whether direct payments are made, where the child became a young person.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("see-plan-through", case_ref, on)
    if event is not None:
        visit.record(event, happened_on, {"direct_payments": direct_payments} if event == "became_young_person" else {})
    await visit.say()
    return await visit.leave()
