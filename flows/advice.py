"""Gathering advice: everybody whom reg 6(1) requires is asked, each with a clock of their own."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit
from models.law.advisers import ADVISERS
from notifications.what_follows import assessment_decided, gathering

AdviserId = Literal[tuple(ADVISERS)]


@flow(name="gather-advice", flow_run_name="gather advice {case_ref}")
async def gather_advice(
    case_ref: CaseRef,
    arrived: AdviserId | None = None,
    arrived_on: Day | None = None,
    document: Reference | None = None,
    agency: Reference | None = None,
    on: Day | None = None,
) -> State:
    """Ask every adviser whom the law requires and who has not been asked, and record advice that has arrived.

    Args:
        case_ref: Reference of the case.
        arrived: Which advice has arrived; leave empty to visit the case without recording any.
        arrived_on: Day on which it reached the council; leave empty for today.
        document: Reference of the advice in the document store.
        agency: Reference of the agency that gave it, where several could.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("gather-advice", case_ref, on)
    if arrived is not None:
        visit.record("advice_received", arrived_on, {"adviser": arrived, "document": document, "agency": agency})
    await visit.say(assessment_decided, gathering)
    return await visit.leave()
