"""Complying with what the Tribunal ordered or recommended, or mediation agreed (regs 42, 44, SI 2017/1306)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import Answers, CaseRef, Day, Order, Reference, Visit


@flow(name="comply-with-order", flow_run_name="comply with the order {case_ref}")
async def comply_with_order(
    case_ref: CaseRef,
    event: Literal["order_made", "agreement_reached", "agreement_done", "recommendation_made", "recommendation_answered",
                   "recommendation_answer_copied"] | None = None,
    order: Order | None = None,
    agreed_by: Day | None = None,
    council_is_party: bool | None = None,
    service: Literal["health", "social_care"] | None = None,
    decision_on: Day | None = None,
    directed_by: Day | None = None,
    document: Reference | None = None,
    answers: Answers | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record an order, an agreement or a recommendation; each has clocks of its own from its day.

    What complies with it is recorded where it is done: a decision, a draft, a plan.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        order: What was ordered or agreed; other where an agreement could not have been appealed.
        agreed_by: Day by which it is to be done, if the parties agreed another one in writing (reg 42(5)).
        council_is_party: Whether the council is a party to the agreement.
        service: What the recommendation is about.
        decision_on: Day of the decision or plan that was appealed, where a recommendation was made.
        directed_by: Day by which the Tribunal directed an answer, if it did.
        document: Reference of the order, the agreement or the answer.
        answers: What this answers, where several things wait for it, such as agreement:2027-03-04.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("comply-with-order", case_ref, on)
    if event is not None:
        kind, fields = {
            "order_made": ("tribunal_order_made", {"order": order, "document": document}),
            "agreement_reached": ("mediation_agreed", {"order": order, "agreed_by": agreed_by, "document": document,
                                                       "council_is_party": council_is_party}),
            "agreement_done": ("agreement_done", {}),
            "recommendation_made": ("recommendation_made", {"service": service, "decision_on": decision_on,
                                                            "directed_by": directed_by}),
            "recommendation_answered": ("recommendation_answered", {"service": service, "document": document}),
            "recommendation_answer_copied": ("recommendation_answer_copied", {"service": service}),
        }[event]
        visit.record(kind, happened_on, fields | {"answers": answers and [answers]})
    await visit.say()
    return await visit.leave()
