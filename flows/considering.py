"""A request arrives and is considered: the family and the partners are told (ss.24, 36; reg 4(2))."""

from typing import Literal

from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.running import flow
from flows.visiting import CaseRef, Day, Reference, Visit, hand, tag_run, today
from notifications.what_follows import considering
from tasks import steps
from tasks.case_file import NewFact
from tasks.settings import settings


@flow(name="receive-request", flow_run_name="receive a request")
async def receive_request(
    received_on: Day,
    requested_by: Literal["parent", "young_person", "setting", "health", "social_care", "other"],
    owner: Reference,
    attends: Literal["school", "post16", "early_years"] | None = None,
    setting: Reference | None = None,
    year_group: int | None = None,
    service_family: bool = False,
    hearing_impaired: bool = False,
    vision_impaired: bool = False,
    case_ref: CaseRef | None = None,
) -> State:
    """A request for an assessment has arrived: open the case and start the 6, 16 and 20 weeks.

    Names, birth dates and addresses are never typed in here: add them with `ehc receive`, or afterwards.

    Args:
        received_on: Day on which the request reached any part of the council, not the day it was read or logged.
        requested_by: Who asked. A person other than the parent, the young person or the setting makes the council
            responsible under s.24, which starts the same clocks.
        owner: Reference of the officer who holds the case, such as OFF-12.
        attends: What kind of setting the child or young person attends; leave empty if none.
        setting: Reference of that setting.
        year_group: National curriculum year; from year 9 on, advice on preparing for adulthood is needed.
        service_family: Whether a parent serves in the armed forces; the Secretary of State for Defence is then asked.
        hearing_impaired: Whether the child or young person has a hearing impairment.
        vision_impaired: Whether the child or young person has a visual impairment.
        case_ref: Reference for the case; leave empty for the next free one.
    """
    kind = "request_received" if requested_by in ("parent", "young_person", "setting") else "became_responsible"
    told = {"requested_by": requested_by, "owner": owner, "attends": attends, "setting": setting, "year_group": year_group,
            "service_family": service_family or None, "hearing_impaired": hearing_impaired or None,
            "vision_impaired": vision_impaired or None}
    first = NewFact(kind, received_on, {name: value for name, value in told.items() if value is not None})
    opened = steps.open_case(settings(), case_ref, first, hand("flow:receive-request"), today())
    await tag_run(f"case:{opened.case.ref}")
    left = await consider_request(case_ref=opened.case.ref, return_state=True)
    return Completed(name=left.name, message=f"{opened.case.ref}: {left.message}")


@flow(name="consider-request", flow_run_name="consider the request {case_ref}")
async def consider_request(case_ref: CaseRef, on: Day | None = None) -> State:
    """Tell the family that its request came and that it may give views (s.36(7)); tell the partners of reg 4(2).

    Args:
        case_ref: Reference of the case.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("consider-request", case_ref, on)
    await visit.say(considering)
    return await visit.leave()
