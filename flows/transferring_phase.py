"""Transfers between phases of education: the plan is reviewed and amended before the spring of the transfer (reg 18)."""

from typing import Literal

from prefect import get_run_logger
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from flows.running import flow
from flows.visiting import CaseRef, Day, Visit, hand, tag_run, today
from tasks import steps
from tasks.settings import settings

SHOWN = 1000
"""Rows in one artifact."""


@flow(name="transfer-phase", flow_run_name="transfer between phases {case_ref}")
async def transfer_phase(
    case_ref: CaseRef,
    transfer: Literal["secondary_to_post16", "post16_to_post16", "other"] | None = None,
    year: int | None = None,
    transfer_on: Day | None = None,
    identified_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record a transfer between phases of education that was identified, and say what follows.

    That none is due takes a reason in words: `ehc record REF phase_transfer_excluded` takes it.

    Args:
        case_ref: Reference of the case.
        transfer: Which transfer. Leave empty to visit the case without recording anything.
        year: Calendar year of the transfer.
        transfer_on: Day of the transfer, from one college to another.
        identified_on: Day on which it was identified; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("transfer-phase", case_ref, on)
    if transfer is not None:
        visit.record("phase_transfer_identified", identified_on, {"transfer": transfer, "year": year, "transfer_on": transfer_on})
    await visit.say()
    return await visit.leave()


@flow(name="find-phase-transfers", flow_run_name="find the phase transfers")
async def find_phase_transfers(on: Day | None = None) -> State:
    """Find every live plan whose child or young person changes the phase of education in the next calendar year.

    By the birth date and the kind of setting on record. Each transfer is recorded once, however often this runs; those that
    the council has excluded are left, those that cannot be told are listed. Fails if a case cannot be worked out.

    Args:
        on: Day from which to look; leave empty for today. The transfers are those of the calendar year after the 1 September
            that began its school year.
    """
    day = on or today()
    await tag_run("cohort", f"on:{day.isoformat()}")
    found = steps.find_transfers(settings(), day, hand("flow:find-phase-transfers"))
    if FlowRunContext.get():
        rows = [{"case": ref, "what": transfer} for ref, transfer in found.identified.items()]
        rows += [{"case": ref, "what": f"to be looked at: {why}"} for ref, why in found.unclear.items()]
        rows += [{"case": ref, "what": "excluded by the council"} for ref in found.excluded]
        rows += [{"case": ref, "what": f"could not be worked out: {fault}"} for ref, fault in found.faults.items()]
        await acreate_table_artifact(key="phase-transfers", table=rows[:SHOWN] or [{"case": "none", "what": "none"}],
                                     description=f"Phase transfers of {found.year}, looked for on {day.isoformat()}")
    get_run_logger().info(found.words())
    if found.faults:
        return Failed(name="Incomplete", message=found.words())
    return Completed(name="Found" if found.identified else "Nothing new", message=found.words())
