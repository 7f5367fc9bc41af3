"""Amending a plan, after a review or at any other time (regs 22, 28)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import Answers, CaseRef, Day, Reason, Reference, Visit


@flow(name="amend-plan", flow_run_name="amend the plan {case_ref}")
async def amend_plan(
    case_ref: CaseRef,
    event: Literal["amendments_proposed", "representations_received", "amended_plan_sent",
                   "amended_plan_approved", "not_amended"] | None = None,
    document: Reference | None = None,
    setting: Reference | None = None,
    type_only: bool | None = None,
    sent_to: list[Literal["family", "setting", "rcb"]] | None = None,
    approved_by: Reference | None = None,
    decided_by: Reference | None = None,
    reason_codes: list[Reason] | None = None,
    answers: Answers | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record amendments that were proposed, and within eight weeks the amended plan or the decision not to amend.

    Reasons in words are never typed in here: `ehc record REF decided_not_to_amend` takes them.

    Args:
        case_ref: Reference of the case.
        event: What happened. Amendments are proposed here outside a review; after one, the decision carries them. An amended
            plan that was approved is sent by the engine. Leave empty to visit the case without recording anything.
        document: Reference of the proposed amendments, of the representations or of the amended plan.
        setting: Reference of the setting that section I of the amended plan names.
        type_only: Whether section I names a type of setting and no particular one.
        sent_to: To whom the amended plan went; leave empty if to everybody who must have it.
        approved_by: Reference of the officer who approved the amended plan for sending.
        decided_by: Reference of the officer who decided not to amend.
        reason_codes: The lines on which that decision rests; at least one.
        answers: What this answers, where several things wait for it, such as review:2027-03-04.
        happened_on: Day on which it happened, or was sent; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("amend-plan", case_ref, on)
    if event is not None:
        kind, fields = {
            "amendments_proposed": ("amendment_notice_sent", {"document": document}),
            "representations_received": ("amendment_representations_received", {"document": document}),
            "amended_plan_sent": ("final_amended_plan_sent", {"document": document, "setting": setting, "type_only": type_only,
                                                              "sent_to": sent_to}),
            "amended_plan_approved": ("amended_plan_prepared", {"document": document, "setting": setting, "type_only": type_only,
                                                                "approved_by": approved_by}),
            "not_amended": ("decided_not_to_amend", {"decided_by": decided_by, "reason_codes": reason_codes}),
        }[event]
        visit.record(kind, happened_on, fields | {"answers": answers and [answers]})
    await visit.say()
    return await visit.leave()
