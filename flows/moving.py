"""A plan moves to another council, or comes from one (reg 15)."""

from typing import Literal

from prefect import flow
from prefect.client.schemas.objects import State

from flows.visiting import CaseRef, Day, Reference, Visit


@flow(name="move-plan", flow_run_name="move the plan {case_ref}")
async def move_plan(
    case_ref: CaseRef,
    event: Literal["move_known", "called_off", "transferred_out", "transferred_in", "family_told", "interim_place_arranged",
                   "new_rcb_told", "new_rcb_aware", "new_rcb_asked", "rcb_request_met"] | None = None,
    council: Reference | None = None,
    moves_on: Day | None = None,
    same_rcb: bool | None = None,
    made_on: Day | None = None,
    last_reviewed_on: Day | None = None,
    place_impracticable: bool | None = None,
    document: Reference | None = None,
    setting: Reference | None = None,
    agency: Reference | None = None,
    practicable: bool | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record a move out of or into the area. The plan goes to the new council on the day of the move, or within fifteen
    working days of the day on which the old one became aware of it.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        council: Reference of the other council.
        moves_on: Day of the move, where it became known.
        same_rcb: Whether the commissioning body stays the same.
        made_on: Day on which the plan that came in was made.
        last_reviewed_on: Day on which it was last reviewed; leave empty if it was not.
        place_impracticable: Whether it is not practicable to attend the setting that the plan names.
        document: Reference of the plan that came in.
        setting: Reference of the setting that was arranged until the plan is amended.
        agency: Reference of the commissioning body concerned.
        practicable: Whether the new commissioning body can arrange the health care of section G.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("move-plan", case_ref, on)
    if event is not None:
        kind, fields = {
            "move_known": ("move_known", {"moves_on": moves_on, "to": council, "same_rcb": same_rcb}),
            "called_off": ("move_called_off", {}),
            "transferred_out": ("plan_transferred", {"side": "old_authority", "to": council}),
            "transferred_in": ("plan_transferred", {"side": "new_authority", "made_on": made_on, "document": document,
                                                    "last_reviewed_on": last_reviewed_on,
                                                    "place_impracticable": place_impracticable}),
            "family_told": ("family_told_of_transfer", {}),
            "interim_place_arranged": ("interim_place_arranged", {"setting": setting}),
            "new_rcb_told": ("new_rcb_told_of_move", {"agency": agency}),
            "new_rcb_aware": ("new_rcb_aware_of_move", {"agency": agency, "practicable": practicable}),
            "new_rcb_asked": ("new_rcb_asked_after_move", {"agency": agency}),
            "rcb_request_met": ("rcb_request_met", {"agency": agency}),
        }[event]
        visit.record(kind, happened_on, fields)
    await visit.say()
    return await visit.leave()
