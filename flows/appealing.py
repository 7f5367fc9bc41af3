"""An appeal before the Tribunal: lodged, answered, withdrawn, not opposed (s.51, TPR rr.20, 21, reg 45)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import Answers, CaseRef, Day, Visit


@flow(name="answer-appeal", flow_run_name="answer the appeal {case_ref}")
async def answer_appeal(
    case_ref: CaseRef,
    event: Literal["lodged", "registered", "response_sent", "withdrawn", "unopposed", "finally_determined"] | None = None,
    about: Literal["assess", "issue", "contents", "setting", "setting_and_contents", "cease"] | None = None,
    amendment_agreed: bool | None = None,
    answers: Answers | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record how an appeal goes on. The response is due within thirty working days of the papers.

    Args:
        case_ref: Reference of the case.
        event: What happened. An appeal is unopposed where the council told the Tribunal so before it responded (reg 45).
            Leave empty to visit the case without recording anything.
        about: What an appeal that is not opposed is about.
        amendment_agreed: Whether amendments were agreed, where it is about ceasing.
        answers: What this answers, where several things wait for it, such as decision:2027-03-04.
        happened_on: Day on which it happened; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("answer-appeal", case_ref, on)
    if event is not None:
        kind = {"lodged": "appeal_lodged", "registered": "appeal_registered", "response_sent": "appeal_response_sent",
                "withdrawn": "appeal_withdrawn", "unopposed": "appeal_unopposed",
                "finally_determined": "appeal_finally_determined"}[event]
        fields = {"about": about, "amendment_agreed": amendment_agreed} if event == "unopposed" else {}
        visit.record(kind, happened_on, fields | {"answers": answers and [answers]})
    await visit.say()
    return await visit.leave()
