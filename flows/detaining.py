"""Detention in relevant youth accommodation, and release from it (ss.70 to 75, s.48, SI 2015/62)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit


@flow(name="see-detention-through", flow_run_name="see the detention through {case_ref}")
async def see_detention_through(
    case_ref: CaseRef,
    event: Literal["detained", "kept_plan_sent", "moved_within_custody", "plan_sent_to_new_accommodation", "release_known",
                   "released", "plan_disclosed_to_new_authority"] | None = None,
    detained_from: Day | None = None,
    known_on: Day | None = None,
    plan_kept: bool | None = None,
    council: Reference | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record a detention and what follows from it. While it lasts the plan is kept; after release it is reviewed.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        detained_from: First day of the detention.
        known_on: Day on which the council first kept the plan or became aware of the detention, whichever is later.
        plan_kept: Whether a plan is maintained or kept.
        council: Reference of the council into whose area the person is released, if it is another one.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("see-detention-through", case_ref, on)
    if event is not None:
        kind, fields = {
            "detained": ("detention_began", {"detained_from": detained_from, "known_on": known_on, "plan_kept": plan_kept}),
            "kept_plan_sent": ("kept_plan_sent", {}),
            "moved_within_custody": ("moved_within_custody", {}),
            "plan_sent_to_new_accommodation": ("plan_sent_to_new_accommodation", {}),
            "release_known": ("release_known", {"to": council}),
            "released": ("released", {"plan_kept": plan_kept}),
            "plan_disclosed_to_new_authority": ("plan_disclosed_to_new_authority", {}),
        }[event]
        visit.record(kind, happened_on, fields)
    await visit.say()
    return await visit.leave()
