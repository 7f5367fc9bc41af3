"""What a case can bear: why it cannot take a fact as it stands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from models.advice_bearing import bad_advice
from models.agencies.register import ROLES
from models.case import PLAN_STARTS, Case
from models.facts import FROM_RETURN, KINDS
from models.law.dates import long
from models.law.exceptions import judge
from models.law.moves import is_gone
from models.law.plan import SECTIONS
from models.law.record import Fact, as_day
from models.law.request import DAY_ZERO
from models.law.rulebook import UnknownDuty
from models.law.rulebook import duty as row
from models.plan_bearing import Told, bad_in_the_life_of_the_plan


def refusal(case: Case, kind: str, on: date, data: Mapping[str, Any], beside: Iterable[Told] = ()) -> str | None:
    """Why this case cannot bear this fact, and what to do instead; None if it can.

    Late and out-of-order facts are welcome: only what contradicts the record, or what the law does not allow, is not.
    `beside` are the other facts that are recorded in the same breath, all or none.
    """
    erased = case.last("personal_data_erased")
    if erased and (KINDS[kind].by_hand or kind == "message_queued"):
        return (f"its personal data were erased on {long(erased.on)}, and nothing more is recorded in it. What concerns the person"
                " from now on belongs to a new case.")
    if data.get("how") == FROM_RETURN:
        return None                       # the past as it was reported: what contradicts is listed beside it, not left out
    if kind in DAY_ZERO:
        return _bad_request(case, kind, on)
    if kind == "taken_on" and not case.is_looked_at:
        return "the case was not taken from a return, or is taken on already: there is nothing to take on."
    if kind == "fact_corrected":
        return _bad_correction(case, data)
    begins = kind in PLAN_STARTS and not (kind == "plan_transferred" and data.get("side") == "old_authority")
    if case.begun_on is None and not begins:
        return (f"{kind} cannot come first: no request is on record. Record request_received (or became_responsible), which"
                " starts the 6, 16 and 20 weeks, then this. A case that begins with a plan begins with plan_taken_over, with"
                " plan_transferred (side=new_authority), or with final_plan_sent.")
    if case.begun_on is not None and on < case.begun_on and not (begins and case.day_zero is None):
        what = "request" if case.day_zero is not None else "plan"
        return (f"{kind} on {long(on)} is before the {what} of {long(case.begun_on)}. Check the day, or correct the day of the"
                f" {what} with fact_corrected.")
    ended = case.ended
    may_follow = (*_AFTER_THE_END, *_AFTER_THE_MOVE) if ended and ended.kind == "plan_transferred" else _AFTER_THE_END
    if ended and on > ended.on and kind not in may_follow:
        return f"the case ended with {ended}; nothing that happened later belongs to it. If that was wrong, record fact_corrected."
    if kind in _OF_A_PLAN and not _plan_by(case, on, kind, data):
        return (f"{kind} is about a plan, and none is on record by {long(on)}. Record final_plan_sent first, or plan_taken_over"
                " or plan_transferred (side=new_authority) where the plan came from elsewhere.")
    return bad_in_the_life_of_the_plan(case, kind, on, data, beside) or _bad_by_itself(case, kind, on, data)


def _bad_request(case: Case, kind: str, on: date) -> str | None:
    again = case.last(kind)
    if again:
        return f"{kind} is on record already ({again}). If its day was wrong, record fact_corrected."
    began = case.plan_began
    if began is not None and case.day_zero is None and (on >= began.on or began.kind != "final_plan_sent"):
        return (f"a plan is maintained in this case ({began}), so this is no request under s.36: record reassessment_requested"
                " (s.44(2)), on which the decision is due within 15 days (reg 25(1))." if kind == "request_received" else
                f"a plan is maintained in this case ({began}), so the council is responsible already: there is nothing to record.")
    return None


def _plan_by(case: Case, on: date, kind: str, data: Mapping[str, Any]) -> bool:
    """Whether a plan is on record by this day; of a transfer to here the plan comes with it."""
    if kind == "plan_transferred" and data.get("side") != "old_authority":
        return True
    return any(fact.on <= on and not is_gone(fact) for fact in case.all(*PLAN_STARTS)) or (
        case.plan_began is not None and case.begun_on is not None and case.day_zero is None and case.begun_on <= on)


_OF_A_PLAN = (
    "review_asked_for", "review_meeting_fixed", "review_invited", "review_advice_asked", "review_advice_circulated",
    "review_meeting_held", "review_report_sent", "review_decision_sent", "amendment_notice_sent",
    "amendment_representations_received", "decided_not_to_amend", "final_amended_plan_sent", "phase_transfer_identified",
    "phase_transfer_excluded", "left_education", "back_in_education", "reassessment_requested", "reassessment_decided",
    "decided_no_change", "cease_proposed", "cease_consulted", "cease_notice_sent", "cease_not_pursued", "plan_ceased",
    "move_known", "move_called_off", "plan_transferred", "family_told_of_transfer", "interim_place_arranged",
    "new_rcb_told_of_move", "new_rcb_aware_of_move", "new_rcb_asked_after_move", "plan_decision_prepared", "amended_plan_prepared")
"""The facts that nothing but a plan can bring about."""

_AFTER_THE_MOVE = ("new_rcb_told_of_move", "plan_transferred", "family_told_of_transfer")
"""What the old authority and its commissioning body may still do, or hear, after the plan has gone; and its coming back."""


def _bad_hold(case: Case, data: Mapping[str, Any]) -> str | None:
    """Why a legal hold cannot be lifted: none of that ground is in force."""
    held = sorted({hold["ground"] for hold in case.all("legal_hold_placed")})
    if data.get("ground") in held:
        return None
    return f"no legal hold for {data.get('ground')} is on record. On record: {', '.join(held) or 'none'}."


def _bad_by_itself(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    if kind in _DECISIONS:
        return _bad_decision(case, kind, on, data)
    if kind == "exception_claimed":
        return _bad_claim(case, on, data)
    if kind == "legal_hold_lifted":
        return _bad_hold(case, data)
    if kind in ("draft_plan_prepared", "draft_plan_served") and (data.get("names_setting") or "I" in (data.get("sections") or ())):
        return "a draft plan must not name a setting or type of setting, and section I stays blank (s.38(5)); take it out first."
    if kind == "draft_plan_prepared":
        missing = [name for name in SECTIONS if name != "I" and name not in (data.get("sections") or ())]
        if missing:
            return f"the draft lacks section {', '.join(missing)}; each must be there and separately identified (reg 12)."
    if kind in ("withdrawal_accepted", "request_continued") and not any(
            wish.on <= on for wish in case.all("request_withdrawn")):
        return f"{kind} answers a withdrawal, and none is on record by {long(on)}: record request_withdrawn first."
    if kind == "handover_acknowledged" and data.get("owner") != case.owner:
        return (f"the case is with {case.owner or 'nobody'}, not with {data.get('owner')}: only who holds it says that the"
                " brief was read. To give it to somebody, record owner_named.")
    if kind == "agency_named" and data.get("recipient") not in ROLES:
        return f"{data.get('recipient')} is no role that an organisation plays. Choose from {', '.join(ROLES)}."
    if kind == "moved_away" and case.plan_began is not None and case.plan_began.on <= on:
        return ("a plan has been made: a move then transfers the plan to the new authority (reg 15); record plan_transferred."
                " Outside England it is ceased (reg 31): record cease_proposed with cease_reason=outside_england.")
    return bad_advice(case, kind, on, data)


_AFTER_THE_END = ("message_sent", "message_failed", "message_queued", "message_delivered", "message_opened", "message_bounced",
                  "answer_link_revoked", "fact_corrected", "request_continued", "legal_hold_placed", "legal_hold_lifted",
                  "longer_retention_decided", "personal_data_erased")
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
    afresh = _to_be_decided_afresh(case, on)
    if again and afresh and again.on <= afresh.on:
        return _assessment_incomplete(case, kind) if kind.endswith("_issue") and data.get("notice") == "to_follow" else None
    if again and not (reversed_since and reversed_since.on > again.on):
        return f"{kind} is on record already ({again}). If its day was wrong, record fact_corrected."
    against = case.last(opposite)
    if against and afresh and against.on <= afresh.on <= on:
        return None
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


def _to_be_decided_afresh(case: Case, on: date) -> Fact | None:
    """The last order, agreement, concession or decision to re-assess by this day, after which the same is decided once more."""
    orders = [fact for fact in case.all("tribunal_order_made", "mediation_agreed", "appeal_unopposed")
              if (fact["order"] or fact["about"]) in ("assess", "make_plan", "remit", "issue")]
    again = [fact for fact in [*orders, *case.all("reassessment_decided", outcome="reassess")] if fact.on <= on]
    return max(again, key=lambda fact: fact.on, default=None)


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
            and (o.party is None or data.get("agency") in (None, o.party))
            and (o.occasion is None or data.get("occasion") in (None, o.occasion, o.which))]
    if len(owed) > 1:
        which = ", ".join(" ".join(filter(None, (o.adviser, o.party, o.which))) for o in owed)
        if all(o.occasion for o in owed):
            return f"{found.id} stands for {which}: say which in `occasion`, by the day that names it."
        return f"{found.id} stands for {which}: say which adviser, and which agency where one adviser has several."
    if not owed:
        return f"{found.id} has not arisen in this case, so there is no limit to relieve."
    ruling = judge(Fact(case.ref, 0, "exception_claimed", on, data), owed[0].duty, owed[0].starts_on, owed[0].due_on, case.facts)
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
    if not starts and wrong.kind not in DAY_ZERO:
        return _before_the_plan(case, wrong, data, others)
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
    early = next((fact for fact in rest if case.begun_on <= fact.on < min(starts)), None)
    if early:
        return (f"the request would then be of {long(min(starts))}, and {early} lies before it. If that day is wrong too,"
                " correct it first.")
    if on is not None and on < min(starts):
        return f"{long(on)} is before the request of {long(min(starts))}. Check the day, or correct that of the request first."
    return None


def _before_the_plan(case: Case, wrong: Fact, data: Mapping[str, Any], others: Sequence[Fact]) -> str | None:
    """What a correction would put before the plan with which the case began, or leave without one."""
    right = list(others)
    if not data.get("withdrawn"):
        told = dict(data.get("corrected") or {})
        kind, on = told.pop("fact", wrong.kind), as_day(told.pop("on", None) or wrong.on)
        kept = dict(wrong.data) if kind == wrong.kind else {}
        right.append(Fact(case.ref, wrong.number, kind, on, MappingProxyType(kept | told)))
    after = Case.of(case.ref, right, case.on, case.bank_holidays)
    rest = [fact for fact in right if fact.kind not in PLAN_STARTS and not fact.kind.startswith("message_")]
    if after.begun_on is None:
        return (f"without {wrong} the case would have neither a request nor a plan. Correct its day; if the case was opened by"
                " mistake, withdraw first what else was recorded.") if rest else None
    early = next((fact for fact in rest if fact.on < after.begun_on
                  and (fact.number == wrong.number or fact.on >= case.begun_on)), None)
    if early is None:
        return None
    return (f"the plan would then be of {long(after.begun_on)}, and {early} lies before it. If that day is wrong too, correct"
            " it first.")
