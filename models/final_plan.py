"""What keeps a final plan from being sent."""

from models.case import Case
from models.law.dates import long
from models.law.plan import SECTIONS


def final_plan_gaps(case: Case) -> list[str]:
    """What stands between the prepared final plan and its sending, each with its source; empty if it may go.

    Sections A to K (reg 12), section G agreed by the commissioning body (reg 12(2)), a draft that named no setting
    (s.38(5)), the family's 15 days over (reg 13(1)(a)), a meeting held if required, the named setting consulted
    (s.39, s.40).
    """
    plan = case.last("final_plan_prepared")
    if plan is None:
        return ["no final plan is prepared: record final_plan_prepared"]
    gaps = [f"section {name} ({words}) is missing ({source})"
            for name, (words, source) in SECTIONS.items() if name not in (plan["sections"] or ())]
    if not case.has("section_g_agreed"):
        gaps.append("section G is not agreed by the responsible commissioning body (reg 12(2))")
    served = case.last("draft_plan_served")
    if served is None:
        gaps.append("no draft plan was served on the family (s.38(2), reg 13(1))")
    else:
        if plan.on < served.on:
            gaps.append(f"the final plan was prepared on {long(plan.on)}, before the draft that was served on {long(served.on)}:"
                        " prepare it from that draft and what the family said about it (reg 14(1))")
        window = case.duty("draft_representation_window")
        if window and case.on <= window.due_on:
            gaps.append(f"the family's 15 days run until {long(window.due_on)}; the plan may be sent from the day after"
                        " (reg 13(1)(a))")
    draft = case.last("draft_plan_prepared")
    if draft and (draft["names_setting"] or "I" in (draft["sections"] or ())):
        gaps.append("the draft named a setting or type, which s.38(5) forbids: serve a draft that names none")
    meeting = case.duty("hold_draft_meeting")
    if meeting and meeting.is_live:
        gaps.append("the family required a meeting that has not been held (reg 13(1)(a)(ii))")
    named = plan["setting"]
    if named:
        reply = case.duty("setting_consult_response", party=named)
        if reply is None:
            gaps.append(f"{named} was not consulted before being named (s.39(2), s.40(3))")
        elif reply.is_live and case.on <= reply.due_on:
            gaps.append(f"{named} may answer the consultation until {long(reply.due_on)} (Code 9.83)")
    for owed in case.duties:
        if owed.duty.id in ("consult_requested_setting", "name_requested_setting") and owed.is_live \
                and owed.party != named:
            gaps.append(f"the family requested {owed.party}: " + (
                "consult it (s.39(2))" if owed.duty.id == "consult_requested_setting"
                else "name it, or record setting_request_refused with reasons (s.39(4))"))
    return gaps
