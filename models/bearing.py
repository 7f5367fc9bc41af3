"""What a case can bear: why it cannot take a fact as it stands, and what keeps a final plan from being sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.case import ENDS, Case
from models.law.advisers import may_reuse
from models.law.dates import long
from models.law.exceptions import judge
from models.law.plan import SECTIONS
from models.law.record import Fact, as_day
from models.law.request import DAY_ZERO
from models.law.rulebook import UnknownDuty
from models.law.rulebook import duty as row


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


def refusal(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    """Why this case cannot bear this fact, and what to do instead; None if it can.

    Late and out-of-order facts are welcome: only what contradicts the record, or what the law does not allow, is not.
    """
    if kind in DAY_ZERO:
        again = case.last(kind)
        return f"{kind} is on record already ({again}). If its day was wrong, record fact_corrected." if again else None
    if kind == "fact_corrected":
        return _bad_correction(case, data)
    if case.day_zero is None:
        return (f"{kind} cannot come first: no request is on record. Record request_received (or became_responsible), which"
                " starts the 6, 16 and 20 weeks, then this.")
    if on < case.day_zero:
        return (f"{kind} on {long(on)} is before the request of {long(case.day_zero)}. Check the day, or correct the day of the"
                " request with fact_corrected.")
    ended = case.last(*ENDS)
    if ended and on > ended.on and case.stage.is_terminal and kind not in _AFTER_THE_END:
        return f"the case ended with {ended}; nothing that happened later belongs to it. If that was wrong, record fact_corrected."
    if kind in _DECISIONS:
        return _bad_decision(case, kind, on, data)
    if kind == "exception_claimed":
        return _bad_claim(case, on, data)
    if kind == "existing_advice_sufficed":
        return may_reuse(Fact(case.ref, 0, kind, on, data))
    if kind in ("draft_plan_prepared", "draft_plan_served") and (data.get("names_setting") or "I" in (data.get("sections") or ())):
        return "a draft plan must not name a setting or type of setting, and section I stays blank (s.38(5)); take it out first."
    if kind == "draft_plan_prepared":
        missing = [name for name in SECTIONS if name != "I" and name not in (data.get("sections") or ())]
        if missing:
            return f"the draft lacks section {', '.join(missing)}; each must be there and separately identified (reg 12)."
    if kind in ("withdrawal_accepted", "request_continued") and not any(
            wish.on <= on for wish in case.all("request_withdrawn")):
        return f"{kind} answers a withdrawal, and none is on record by {long(on)}: record request_withdrawn first."
    if kind in ("advice_delivered", "advice_received", "advice_declined") and not data.get("agency"):
        agencies = sorted({fact["agency"] for fact in case.all("advice_requested", "advice_delivered",
                                                               adviser=data.get("adviser")) if fact["agency"]})
        if len(agencies) > 1:
            return f"{data.get('adviser')} was asked of {', '.join(agencies)}: say which agency this is about."
    if kind == "moved_away" and case.has("final_plan_sent"):
        return "a plan has been made: a move then transfers the plan to the new authority (reg 15); record plan_transferred."
    if kind == "advice_not_obtainable" and data.get("adviser") not in [need.adviser for need in case.advisers]:
        return f"{data.get('adviser')} is not required in this case."
    return None


_AFTER_THE_END = ("message_sent", "message_failed", "message_queued", "fact_corrected", "request_continued")
_DECISIONS = {
    "decided_to_assess": ("refused_to_assess", None), "refused_to_assess": ("decided_to_assess", None),
    "decided_to_issue": ("refused_to_issue", "refused_to_assess"), "refused_to_issue": ("decided_to_issue", "refused_to_assess"),
}
_REVERSES = {"decided_to_assess": "refused_to_assess", "decided_to_issue": "refused_to_issue"}


def _bad_decision(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    told = data.get("notified_on")
    if told and as_day(told) < on:
        return f"the family cannot have been told on {long(as_day(told))} of what was decided on {long(on)}. Check the two days."
    if told and as_day(told) > case.on:
        return (f"{long(as_day(told))} is still to come, so the family has not been told. Leave notified_on out and record"
                " family_told_of_decision on the day.")
    again = case.last(kind)
    opposite, barred_by = _DECISIONS[kind]
    reversed_since = case.last(opposite)
    if again and not (reversed_since and reversed_since.on > again.on):
        return f"{kind} is on record already ({again}). If its day was wrong, record fact_corrected."
    against = case.last(opposite)
    if against and _REVERSES.get(kind) != opposite:
        return f"{against} is on record, and {kind} contradicts it. If that was wrong, correct it with fact_corrected first."
    if against and on < against.on:
        return (f"{kind} on {long(on)} cannot reverse {against}: it is earlier. Check the day, or correct the other with"
                " fact_corrected.")
    stopped = case.last(barred_by) if barred_by else None
    if stopped and not case.has("decided_to_assess"):
        return f"{stopped} is on record: without an assessment there is nothing to decide on (s.36(9))."
    if kind in ("decided_to_issue", "refused_to_issue") and data.get("notice") == "to_follow":
        return _assessment_incomplete(case, kind)
    return None


def _assessment_incomplete(case: Case, kind: str) -> str | None:
    """Why a decision on a plan cannot be taken now. One that was taken and told already is recorded as it happened."""
    if not case.has("decided_to_assess"):
        return f"{kind} ends an assessment, and no decision to assess is on record: record decided_to_assess first (s.36(9))."
    if case.advice_outstanding:
        return (f"advice is outstanding from {', '.join(case.advice_outstanding)} (reg 6(1)). Record advice_received,"
                " existing_advice_sufficed, or advice_not_obtainable with the reasons, then decide. The clock runs on.")
    return None


def _bad_claim(case: Case, on: date, data: Mapping[str, Any]) -> str | None:
    try:
        found = row(str(data.get("duty")))
    except UnknownDuty as unknown:
        return str(unknown)
    owed = [o for o in case.terms if o.duty.id == found.id
            and (o.adviser is None or data.get("adviser") in (None, o.adviser))
            and (o.party is None or data.get("agency") in (None, o.party))]
    if len(owed) > 1:
        which = ", ".join(" ".join(filter(None, (o.adviser, o.party))) for o in owed)
        return f"{found.id} stands for {which}: say which adviser, and which agency where one adviser has several."
    if not owed:
        return f"{found.id} has not arisen in this case, so there is no limit to relieve."
    ruling = judge(Fact(case.ref, 0, "exception_claimed", on, data), found, owed[0].starts_on, owed[0].due_on, case.facts)
    return None if ruling.accepted else str(ruling) + ". The clock runs on."


def _bad_correction(case: Case, data: Mapping[str, Any]) -> str | None:
    try:
        number = int(data.get("replaces"))
    except (TypeError, ValueError):
        return "say which fact is replaced: replaces=NUMBER."
    wrong = next((fact for fact in case.facts if fact.number == number), None)
    if wrong is None:
        return (f"fact {number} does not stand in this case. `ehc trail show {case.ref}` lists the facts; to mend a"
                " correction, correct the fact itself once more.")
    if wrong.kind.startswith("message_"):
        return f"{wrong} is the engine's own record of a message and cannot be corrected."
    return _out_of_order(case, wrong, data)


def _out_of_order(case: Case, wrong: Fact, data: Mapping[str, Any]) -> str | None:
    """What the correction would put before the request that started the case, or leave without one."""
    others = [fact for fact in case.facts if fact.number != wrong.number]
    starts = [fact.on for fact in others if fact.kind in DAY_ZERO]
    on = None
    if not data.get("withdrawn"):
        told = data.get("corrected") or {}
        on = as_day(told.get("on") or wrong.on)
        if told.get("fact", wrong.kind) in DAY_ZERO:
            starts.append(on)
    rest = [fact for fact in others if fact.kind not in DAY_ZERO and not fact.kind.startswith("message_")]
    if not starts:
        return (f"without {wrong} no clock of this case would run. Correct its day; if the case was opened by mistake, withdraw"
                " first what else was recorded.") if rest else None
    early = next((fact for fact in rest if case.day_zero <= fact.on < min(starts)), None)
    if early:
        return (f"the request would then be of {long(min(starts))}, and {early} lies before it. If that day is wrong too,"
                " correct it first.")
    if on is not None and on < min(starts):
        return f"{long(on)} is before the request of {long(min(starts))}. Check the day, or correct that of the request first."
    return None
