"""Re-assessing needs: request, decision within fifteen days, outcome (s.44(2), regs 23 to 27)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import Answers, CaseRef, Day, Reason, Reference, Visit

PREPARED = {"decided_to_reassess": "reassess", "refused_to_reassess": "refuse_to_reassess", "decided_no_change": "no_change"}


@flow(name="reassess-needs", flow_run_name="re-assess needs {case_ref}")
async def reassess_needs(
    case_ref: CaseRef,
    event: Literal["requested", "decided_to_reassess", "refused_to_reassess", "decided_no_change"] | None = None,
    requested_by: Literal["parent", "young_person", "setting", "rcb", "council", "other"] | None = None,
    decided_by: Reference | None = None,
    reason_codes: list[Reason] | None = None,
    notice_to_follow: bool = False,
    answers: Answers | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record a request for re-assessment and what was decided on it; advice, draft and plan go as in an assessment.

    Reasons in words are never typed in here: `ehc record REF reassessment_decided` takes them.

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        requested_by: Who asked. A request of the commissioning body must be granted (reg 23).
        decided_by: Reference of the officer who decided. A panel advises; it does not decide.
        reason_codes: The lines of the statutory test on which the decision rests.
        notice_to_follow: Whether the engine is to send the notice of the decision, with its rights; otherwise it was sent.
        answers: Which re-assessment this is about, where several are open, such as reassessment:2027-03-04.
        happened_on: Day on which it happened: of a request the day it reached the council; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("reassess-needs", case_ref, on)
    if event is not None:
        decision = {"decided_by": decided_by, "reason_codes": reason_codes, "answers": answers and [answers]}
        kind, fields = {
            "requested": ("reassessment_requested", {"requested_by": requested_by}),
            "decided_to_reassess": ("reassessment_decided", {"outcome": "reassess"} | decision),
            "refused_to_reassess": ("reassessment_decided", {"outcome": "refuse"} | decision),
            "decided_no_change": ("decided_no_change", decision),
        }[event]
        if notice_to_follow and event != "requested":
            kind, fields = "plan_decision_prepared", decision | {"decided": PREPARED[event]}
        visit.record(kind, happened_on, fields)
    await visit.say()
    return await visit.leave()
