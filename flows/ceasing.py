"""Ceasing to maintain a plan: consulted, decided, held until no appeal can come, ended (s.45, regs 29 to 31)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from models.law.ceasing import CEASE_REASONS

CeaseReason = Literal[tuple(CEASE_REASONS)]


@flow(name="cease-plan", flow_run_name="cease the plan {case_ref}")
async def cease_plan(
    case_ref: CaseRef,
    event: Literal["proposed", "consulted", "notice_sent", "not_pursued", "ceased"] | None = None,
    cease_reason: CeaseReason | None = None,
    decided_by: Reference | None = None,
    recipient: Literal["family", "setting"] | None = None,
    document: Reference | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record how ceasing goes on. The plan stays in force until the time to appeal is over, or an appeal is determined.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        cease_reason: Why the plan is to cease, or has ceased.
        decided_by: Reference of the officer who decided. A panel advises; it does not decide.
        recipient: Who was consulted.
        document: Reference of what they said.
        happened_on: Day on which it happened, or was sent; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("cease-plan", case_ref, on)
    if event is not None:
        decision = {"decided_by": decided_by, "cease_reason": cease_reason}
        kind, fields = {
            "proposed": ("cease_proposed", decision),
            "consulted": ("cease_consulted", {"recipient": recipient, "document": document}),
            "notice_sent": ("cease_notice_sent", decision),
            "not_pursued": ("cease_not_pursued", {"decided_by": decided_by}),
            "ceased": ("plan_ceased", {"cease_reason": cease_reason}),
        }[event]
        visit.record(kind, happened_on, fields)
    await visit.say()
    return await visit.leave()
