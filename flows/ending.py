"""A case ends before a plan: withdrawal, a move, a death (law of ss.24, 36(3), 83(6))."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from notifications.what_follows import ended


@flow(name="end-case", flow_run_name="end the case {case_ref}")
async def end_case(
    case_ref: CaseRef,
    event: Literal["family_withdrew", "withdrawal_accepted", "goes_on_after_withdrawal", "moved_away", "died"] | None = None,
    moved_to: Reference | None = None,
    decided_by: Reference | None = None,
    reason_codes: list[Literal["no_sen", "provision_without_plan_suffices", "needs_met", "may_have_sen", "other"]] | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Something ended the case, or may: record it. A withdrawal stops no clock until an officer has decided (s.36(3)).

    After a death nothing more is sent to anybody.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        moved_to: Reference of the council of the new address, or outside_england.
        decided_by: Reference of the officer who decided on a withdrawal.
        reason_codes: The lines on which that decision rests; at least one.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("end-case", case_ref, on)
    if event is not None:
        kind, fields = {
            "family_withdrew": ("request_withdrawn", {}),
            "withdrawal_accepted": ("withdrawal_accepted", {"decided_by": decided_by, "reason_codes": reason_codes}),
            "goes_on_after_withdrawal": ("request_continued", {"decided_by": decided_by, "reason_codes": reason_codes}),
            "moved_away": ("moved_away", {"to": moved_to}),
            "died": ("child_died", {}),
        }[event]
        visit.record(kind, happened_on, fields)
    await visit.say(ended)
    return await visit.leave()
