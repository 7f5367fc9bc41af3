"""Drafting the plan and the family's fifteen days (s.38, regs 11 to 13)."""

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from models.law.plan import SECTIONS
from notifications.what_follows import drafting


@flow(name="draft-plan", flow_run_name="draft the plan {case_ref}")
async def draft_plan(
    case_ref: CaseRef,
    document: Reference | None = None,
    approved_by: Reference | None = None,
    names_setting: bool = False,
    approved_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """An approved draft is served on the family, with its fifteen days and its rights (s.38(2), reg 13(1)).

    Args:
        case_ref: Reference of the case.
        document: Reference of the draft in the document store. It holds every section of the plan; section I is blank.
            Leave empty to visit the case without a new draft.
        approved_by: Reference of the officer who approved this version for sending.
        names_setting: Whether the draft names a setting or a type of setting. It must not (s.38(5)).
        approved_on: Day of the approval; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("draft-plan", case_ref, on)
    if document is not None:
        visit.record("draft_plan_prepared", approved_on, {
            "document": document, "approved_by": approved_by, "names_setting": names_setting,
            "sections": [section for section in SECTIONS if section != "I"]})
    await visit.say(drafting)
    return await visit.leave()
