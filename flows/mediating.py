"""Mediation: wanted, arranged within thirty days, held, certified (ss.52 to 55, regs 32 to 42)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import Answers, CaseRef, Day, Order, Reference, Visit


@flow(name="mediate", flow_run_name="mediate {case_ref}")
async def mediate(
    case_ref: CaseRef,
    event: Literal["adviser_contacted", "wanted", "not_wanted", "rcb_told", "arranged", "date_told", "shorter_notice_agreed",
                   "held", "cannot_be_arranged", "adviser_told_it_failed", "certificate_issued", "agreed"] | None = None,
    wants_mediation: bool | None = None,
    health: Literal["only", "also", "none"] | None = None,
    agency: Reference | None = None,
    meeting_on: Day | None = None,
    order: Order | None = None,
    agreed_by: Day | None = None,
    council_is_party: bool | None = None,
    document: Reference | None = None,
    answers: Answers | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record how mediation goes on, and say what follows.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        wants_mediation: Whether the family wants mediation, where it contacted the adviser.
        health: Whether health care is the only issue, one of several, or none, where mediation is wanted.
        agency: Reference of the commissioning body that was told.
        meeting_on: Day for which the mediation was fixed.
        order: What was agreed, as an order of the Tribunal would say it; other where it could not have been appealed.
        agreed_by: Day by which it is to be done, if the parties agreed another one in writing (reg 42(5)).
        council_is_party: Whether the council is a party to the agreement.
        document: Reference of the agreement.
        answers: What this answers, where several things wait for it, such as decision:2027-03-04.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("mediate", case_ref, on)
    if event is not None:
        kind, fields = {
            "adviser_contacted": ("mediation_adviser_contacted", {"wants_mediation": wants_mediation}),
            "wanted": ("mediation_wanted", {"health": health}),
            "not_wanted": ("mediation_not_wanted", {}),
            "rcb_told": ("rcb_told_of_mediation", {"agency": agency}),
            "arranged": ("mediation_arranged", {"meeting_on": meeting_on}),
            "date_told": ("mediation_date_told", {}),
            "shorter_notice_agreed": ("shorter_notice_agreed", {}),
            "held": ("mediation_held", {}),
            "cannot_be_arranged": ("mediation_cannot_be_arranged", {}),
            "adviser_told_it_failed": ("adviser_told_mediation_failed", {}),
            "certificate_issued": ("mediation_certificate_issued", {}),
            "agreed": ("mediation_agreed", {"order": order, "agreed_by": agreed_by, "council_is_party": council_is_party,
                                            "document": document}),
        }[event]
        visit.record(kind, happened_on, fields | {"answers": answers and [answers]})
    await visit.say()
    return await visit.leave()
