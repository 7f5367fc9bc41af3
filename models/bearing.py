"""What a case can bear: why it cannot take a fact as it stands, and what keeps a final plan from being sent."""

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
from models.law.occasions import PROCESSES, SHARED, Occasion, named, occasions
from models.law.plan import SECTIONS
from models.law.record import Fact, as_day, standing
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


Told = tuple[str, date, Mapping[str, Any]]
"""A fact that is to be recorded: its kind, its day, its fields."""


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
    return _bad_in_the_life_of_the_plan(case, kind, on, data, beside) or _bad_by_itself(case, kind, on, data)


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


def _bad_in_the_life_of_the_plan(case: Case, kind: str, on: date, data: Mapping[str, Any],
                                 beside: Iterable[Told]) -> str | None:
    if kind == "review_decision_sent" and data.get("outcome") == "amend" and (
            why := _without_amendments(case, on, data, beside)) is not None:
        return why
    if kind == "phase_transfer_excluded" and not data.get("reasons"):
        return ("say why no phase transfer is due, in `reasons`: the decision to leave a plan out of the cohort is recorded with"
                " them.")
    if kind in ("cease_proposed", "cease_notice_sent", "plan_ceased") and data.get("cease_reason") in _NOT_OF_A_CHILD \
            and case.addressee in ("parent", "representative") and case.child.get("year_group", 15) <= 11:
        return (f"{data['cease_reason']} is no ground for a child of compulsory school age: under 18 a plan ceases only where"
                " it is no longer necessary (needs_met; reg 29(1)), or the council is no longer responsible. If the person is a young"
                " person by now, record became_young_person first.")
    if kind == "plan_ceased" and (why := _may_not_cease_yet(case, on, data)) is not None:
        return why
    return _which_is_answered(case, kind, on, data)


_NOT_OF_A_CHILD = ("max_age", "higher_education", "paid_employment", "no_longer_wishes")


def _with_these(case: Case, told: Sequence[Told]) -> tuple[list[Fact], list[Fact]]:
    """The standing record with these facts in it, and the facts themselves."""
    number = max((fact.number for fact in case.facts), default=0)
    new = [Fact(case.ref, number + place, kind, on, MappingProxyType(dict(data)))
           for place, (kind, on, data) in enumerate(told, start=1)]
    return standing([*case.facts, *new]), new


def _without_amendments(case: Case, on: date, data: Mapping[str, Any], beside: Iterable[Told]) -> str | None:
    """A decision to amend is told with the amendments and the evidence for them (reg 22(2), Devon)."""
    record, (decision, *_) = _with_these(case, [("review_decision_sent", on, data), *beside])
    review = next((one for one in occasions(record)["review"] if any(fact is decision for fact in one.facts)), None)
    if review is not None and review.has("amendment_notice_sent"):
        return None
    of = f"the review of {long(review.of)}" if review is not None else "this review"
    met = review is not None and review.has("review_meeting_held")
    held = "" if met else " Record review_meeting_held first, if it was held."
    return (f"a decision to amend goes with the amendments: no amendment_notice_sent of {of} is on record (reg 22(2); R (L, M"
            " and P) v Devon CC [2022] EWHC 493 (Admin)). Send the plan, the proposed amendments and the evidence for them within four"
            f" weeks of the meeting, record amendment_notice_sent, then this, or both at once.{held}")


def _may_not_cease_yet(case: Case, on: date, data: Mapping[str, Any]) -> str | None:
    """What stands between a proposal to cease and the end of the plan: reg 31(1), the notice, and the hold of s.45(4)."""
    if data.get("cease_reason") == "deceased":
        return None
    if data.get("cease_reason") == "transferred":
        return "a plan that goes to another council is transferred, not ceased: record plan_transferred (reg 15)."
    open_ = [one for one in case.occasions["ceasing"] if not one.has("cease_not_pursued", "plan_ceased")]
    ceasing = open_[-1] if open_ else None
    consulted = ceasing.last("cease_consulted") if ceasing else None
    if ceasing is None or consulted is None or consulted.on > on:
        return ("the family and the setting named have not been consulted on ceasing (reg 31(1)); without it the decision is"
                " invalid (Hampshire CC v GC [2024] UKUT 128 (AAC)). Record cease_proposed, cease_consulted, then cease_notice_sent.")
    notices = [fact for fact in ceasing.facts if fact.on <= on and (
        fact.kind == "cease_notice_sent" or (fact.kind == "review_decision_sent" and fact["outcome"] == "cease"))]
    if not notices:
        return ("the decision to cease has not been sent (reg 31(2), (3)). Send it with the words on appeal (pack B), record"
                " cease_notice_sent; the plan then stays in force until the time to appeal is over (s.45(4)).")
    if notices[-1].on < min(fact.on for fact in ceasing.facts if fact.kind == "cease_consulted"):
        return (f"the consultation on ceasing came only after the decision ({notices[-1]}), and it must come before (reg 31(1)):"
                " decide anew, send the notice and record cease_notice_sent.")
    dismissed = ceasing.has("tribunal_order_made", order="dismiss_cease")
    final = ceasing.last("appeal_finally_determined")
    if dismissed and final is not None and final.on <= on:
        return None
    hold = next((owed for owed in case.duties if owed.duty.id == "cease_hold" and owed.occasion == ceasing.key), None)
    if hold is None or hold.lapsed_on is not None:
        return None
    if hold.due_on is None:
        if dismissed:
            return ("the Tribunal dismissed the appeal, and the plan stays in force until that is final: once no onward appeal is"
                    " open, record appeal_finally_determined, then this (s.45(4)(b)).")
        return ("an appeal was brought in time, so the plan stays in force until it is finally determined (s.45(4)(b)). Record"
                " appeal_withdrawn, or the order and appeal_finally_determined, then this.")
    if on <= hold.due_on:
        return (f"the plan stays in force until {long(hold.due_on)}, the last day to appeal (s.45(4)); it can cease from the day"
                " after, if no appeal is brought.")
    return None


# --- what a document or a decision answers -----------------------------------------------------------------------

_ONE_AFTER_THE_OTHER = ("decision", "cycle")
"""Processes of which one answer is not asked for by name: the latest is meant."""


def _which_is_answered(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    """Why it cannot be told what this fact answers, where several things wait for it; the choices are named."""
    if "answers" not in KINDS[kind].fields.model_fields:
        return None
    record, (new,) = _with_these(case, [(kind, on, {name: value for name, value in data.items() if name != "answers"})])
    place = next(place for place, fact in enumerate(record) if fact is new)
    before = record[:place] + [fact for fact in record[place + 1:] if fact.on == on and fact.kind == kind]
    waiting = [one for process, of in occasions(before).items() for one in of if PROCESSES[process].waits(one, new)]
    said = named(Fact(case.ref, 0, kind, on, data))
    if not said:
        doubtful = _doubtful(kind, waiting)
        return None if doubtful is None else (
            f"{_choices(doubtful)} wait for {kind}: say in `answers` which it answers, one or several, such as"
            f" answers={_name(doubtful[-1], doubtful)}.")
    for process, day in said:
        if process not in PROCESSES:
            return f"there is nothing called {process!r} to answer: name {_choices(waiting) if waiting else 'nothing here'}."
        meant = [one for one in waiting if one.process == process and (day is None or day in one.days)]
        if not meant:
            which = f"{process} of {long(day)}" if day else process
            return f"no {which} waits for {kind} by {long(on)}: " + (
                f"{_choices(waiting)} does. Name it in `answers`." if waiting
                else "leave `answers` out, or record first what it answers.")
        if len(meant) > 1 and day is None:
            return (f"{_choices(meant)} wait for {kind}: say in `answers` which, with its day, such as"
                    f" answers={_name(meant[-1], meant)}.")
    return None


def _doubtful(kind: str, waiting: Sequence[Occasion]) -> Sequence[Occasion] | None:
    """The occasions of which a fact without `answers` could mean either: for a shared document any, else those of one process."""
    if kind in SHARED:
        return waiting if len(waiting) > 1 else None
    for process in PROCESSES:
        of_it = [one for one in waiting if one.process == process]
        if len(of_it) > 1 and process not in _ONE_AFTER_THE_OTHER:
            return of_it
    return None


def _name(one: Occasion, among: Sequence[Occasion]) -> str:
    alone = sum(other.process == one.process for other in among) == 1
    return one.process if alone else f"{one.process}:{one.of.isoformat()}"


def _choices(among: Sequence[Occasion]) -> str:
    return ", ".join(f"{_name(one, among)} ({PROCESSES[one.process].words} of {long(one.of)})" for one in among)


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
