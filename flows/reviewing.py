"""Reviewing a plan: meeting, report and decision (s.44, regs 18 to 22)."""

from typing import Literal

from prefect.client.schemas.objects import State

from flows.running import flow
from flows.visiting import Answers, CaseRef, Day, Reason, Reference, SettingType, Visit
from models.facts import BadFact

OUTCOMES = {"decided_to_continue": "continue", "decided_to_amend": "amend", "decided_to_cease": "cease"}


@flow(name="review-plan", flow_run_name="review the plan {case_ref}")
async def review_plan(
    case_ref: CaseRef,
    event: Literal["meeting_fixed", "invited", "advice_asked", "advice_circulated", "meeting_held", "report_sent",
                   "decided_to_continue", "decided_to_amend", "decided_to_cease"] | None = None,
    meeting_on: Day | None = None,
    setting: Reference | None = None,
    setting_type: SettingType | None = None,
    document: Reference | None = None,
    decided_by: Reference | None = None,
    reason_codes: list[Reason] | None = None,
    notice_to_follow: bool = False,
    names_next_setting: bool | None = None,
    answers: Answers | None = None,
    happened_on: Day | None = None,
    on: Day | None = None,
) -> State:
    """Record how a review goes on, and say what follows. The decision is due within four weeks of the meeting.

    A decision to amend goes to the family with the amendments that are proposed and the evidence for them, so it is not
    recorded without their document (reg 22(2); R (L, M and P) v Devon CC [2022] EWHC 493 (Admin)).

    Args:
        case_ref: Reference of the case.
        event: What happened. Leave empty to visit the case without recording anything.
        meeting_on: Day for which the meeting was fixed.
        setting: Reference of the setting attended, where the meeting was fixed.
        setting_type: Kind of that setting: it says who can be made to hold the meeting (reg 20(12)).
        document: Reference of the report; of the proposed amendments where it was decided to amend.
        decided_by: Reference of the officer who decided. A panel advises; it does not decide.
        reason_codes: The lines on which the decision rests; needed where its notice is to follow.
        notice_to_follow: Whether the engine is to send the notice of the decision, with its rights; otherwise it was sent.
        names_next_setting: Whether the plan names the setting after the phase transfer already.
        answers: Which review this is about, where several are open, such as review:2027-03-04.
        happened_on: Day on which it happened, or was sent; leave empty for today.
        on: Day of the visit; leave empty for today.
    """
    visit = await Visit.arrive("review-plan", case_ref, on)
    named = {"answers": answers and [answers]}
    if event in OUTCOMES:
        if event == "decided_to_amend" and document is None:
            raise BadFact(f"{case_ref}: a decision to amend goes with the proposed amendments and the evidence for them"
                          " (reg 22(2), Devon): give `document`, their reference. Nothing was recorded.")
        decision = {"decided_by": decided_by} | named
        if notice_to_follow:
            visit.record("plan_decision_prepared", happened_on, decision | {
                "decided": OUTCOMES[event], "reason_codes": reason_codes, "document": document})
        else:
            facts = [("review_decision_sent", happened_on, decision | {
                "outcome": OUTCOMES[event], "names_next_setting": names_next_setting})]
            if event == "decided_to_amend":
                facts.append(("amendment_notice_sent", happened_on, {"document": document} | named))
            visit.record_together(*facts)
    elif event is not None:
        kind, fields = {
            "meeting_fixed": ("review_meeting_fixed", {"meeting_on": meeting_on, "setting": setting,
                                                       "setting_type": setting_type}),
            "invited": ("review_invited", named),
            "advice_asked": ("review_advice_asked", named),
            "advice_circulated": ("review_advice_circulated", named),
            "meeting_held": ("review_meeting_held", named),
            "report_sent": ("review_report_sent", {"document": document} | named),
        }[event]
        visit.record(kind, happened_on, fields)
    await visit.say()
    return await visit.leave()
