"""Finalising the plan: sent to the family, the setting named and the commissioning body, once nothing is missing
(s.39(8), s.40(5), regs 12 to 14)."""

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from models.law.plan import SECTIONS
from notifications.what_follows import consulting, drafting, finalising


@flow(name="finalise-plan", flow_run_name="finalise the plan {case_ref}")
async def finalise_plan(
    case_ref: CaseRef,
    document: Reference | None = None,
    approved_by: Reference | None = None,
    setting: Reference | None = None,
    type_only: bool = False,
    section_g_agreed_on: Day | None = None,
    approved_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """An approved final plan goes to everybody who must have it; what is still missing is put before the case's owner.

    Args:
        case_ref: Reference of the case.
        document: Reference of the final plan in the document store, with sections A to K. Leave empty to visit the case
            without a new plan.
        approved_by: Reference of the officer who approved this version for sending.
        setting: Reference of the setting that section I names.
        type_only: Whether section I names a type of setting and no particular one.
        section_g_agreed_on: Day on which the responsible commissioning body agreed section G; leave empty if that is on
            record already.
        approved_on: Day of the approval; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("finalise-plan", case_ref, on)
    if section_g_agreed_on is not None:
        visit.record("section_g_agreed", section_g_agreed_on, {})
    if document is not None:
        visit.record("final_plan_prepared", approved_on, {
            "document": document, "approved_by": approved_by, "setting": setting, "type_only": type_only or None,
            "sections": list(SECTIONS)})
    await visit.say(drafting, consulting, finalising)
    return await visit.leave()
