"""A plan moves to another council, or comes from one (reg 15)."""

from typing import Literal

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit, hand, tag_run, today
from tasks import steps
from tasks.case_file import NewFact
from tasks.settings import settings


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


@flow(name="take-in-plan", flow_run_name="take in a plan")
async def take_in_plan(
    transferred_on: Day,
    made_on: Day,
    owner: Reference,
    last_reviewed_on: Day | None = None,
    place_impracticable: bool = False,
    document: Reference | None = None,
    attends: Literal["school", "post16", "early_years"] | None = None,
    setting: Reference | None = None,
    case_ref: CaseRef | None = None,
) -> State:
    """A plan came from another council: open a case with it, and start the six weeks and the review (reg 15(4), (5)).

    Names, birth dates and addresses are never typed in here: add them with `ehc person`.

    Args:
        transferred_on: Day of the transfer.
        made_on: Day on which the plan was made.
        owner: Reference of the officer who holds the case, such as OFF-12.
        last_reviewed_on: Day on which it was last reviewed; leave empty if it was not.
        place_impracticable: Whether it is not practicable to attend the setting that the plan names.
        document: Reference of the plan.
        attends: What kind of setting the child or young person attends; leave empty if none.
        setting: Reference of that setting.
        case_ref: Reference for the case; leave empty for the next free one.
    """
    told = {"side": "new_authority", "made_on": made_on.isoformat(), "owner": owner, "document": document,
            "last_reviewed_on": last_reviewed_on and last_reviewed_on.isoformat(), "attends": attends, "setting": setting,
            "place_impracticable": place_impracticable or None}
    first = NewFact("plan_transferred", transferred_on, {name: value for name, value in told.items() if value is not None})
    opened = steps.open_case(settings(), case_ref, first, hand("flow:take-in-plan"), today())
    await tag_run(f"case:{opened.case.ref}")
    left = await move_plan(case_ref=opened.case.ref, return_state=True)
    return Completed(name=left.name, message=f"{opened.case.ref}: {left.message}")
