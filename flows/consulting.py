"""Consulting settings about the draft (ss.39, 40, Code 9.83). No answer does not stop the clock."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from notifications.what_follows import consulting, drafting


@flow(name="consult-settings", flow_run_name="consult settings {case_ref}")
async def consult_settings(
    case_ref: CaseRef,
    setting: Reference | None = None,
    event: Literal["requested_by_family", "proposed_by_council", "answered"] | None = None,
    reply: Literal["can_meet_needs", "cannot_meet_needs"] | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Consult each setting that the family requested or the council considers, and record their answers.

    Args:
        case_ref: Reference of the case.
        setting: Reference of the setting. Leave empty to visit the case without recording anything.
        event: What happened with this setting.
        reply: What it answered, if it did.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("consult-settings", case_ref, on)
    if setting is not None and event is not None:
        kind = {"requested_by_family": "setting_requested", "proposed_by_council": "setting_proposed",
                "answered": "setting_answered"}[event]
        visit.record(kind, happened_on, {"setting": setting} | ({"reply": reply} if event == "answered" else {}))
    await visit.say(drafting, consulting)
    return await visit.leave()
