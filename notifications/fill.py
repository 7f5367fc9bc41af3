"""From a case to what one letter needs: days, codes and references, and for the family the reasons of a decision."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from models.case import Case
from models.law.advisers import body_asked
from models.law.dates import Limit
from models.law.record import Fact, as_day
from models.law.rulebook import duty as row
from models.targets import rule
from notifications.handover import handed_over
from notifications.late import expected
from notifications.what_follows import key_about, owed_of

VIEWS_WITHIN = timedelta(days=14)
"""When the council would like the family's views: ours to choose."""

ADVICE_BEFORE_MEETING, ADVICE_WITHIN = timedelta(weeks=3), timedelta(days=7)
"""When advice for a review is wanted: a week before it is circulated, and never sooner than a week from asking. Ours to choose."""
ANSWER_ON_CEASING = timedelta(days=21)
"""How long those who are consulted on ceasing have to answer: ours to choose, the law gives no figure."""

DECISIONS = {
    "decide_to_issue": "issue", "advice_at_risk": "advice_missing",
    "advice_declined": "advice_declined", "receipt": "receipt_unproved",
    "draft_window_over": "final_plan", "final_plan_gaps": "final_plan_gaps", "final_plan_may_go": "final_plan",
    "withdrawal": "withdrawal", "appeal_period_over": "appeal_period_over",
    "phase_transfer_late": "phase_transfer", "cease_after_dismissal": "hold_over",
    "arrange_review_at_last": "arrange_review", "advice_not_asked": "advice_missing",
}

REASONS = {
    "may_have_sen": "There are or may be special educational needs.",
    "plan_may_be_necessary": "It may be necessary to make provision under an education, health and care plan.",
    "no_sen": "We do not find special educational needs.",
    "provision_without_plan_suffices": "What is needed can be provided without a plan, from what settings normally have.",
    "needs_met": "The needs are met by the support that is in place.",
    "plan_necessary": "It is necessary to make provision under an education, health and care plan.",
    "plan_not_necessary": "It is not necessary to make provision under an education, health and care plan.",
    "assessed_within_6_months": "There was an assessment in the last six months.",
    "more_time_not_needed": "More time to complete education or training is not needed.",
    "other": "There is another reason, which is set out below.",
}
"""The lines of the statutory test in words, for a letter."""


def fill(case: Case, queued: Fact, sent_on: date, texts: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the letter of a queued message may need, as the case stands on the day of sending.

    `texts` holds the free text of the case by id, as far as it is not erased; only the reasons of the decision that
    the message is about are used, and only for the family.
    """
    told: dict[str, Any] = {
        "case": case.ref, "sent_on": sent_on, "to_role": queued["recipient"], "late_days": queued["late_days"] or 0,
        "missed": [f"{days:+d}" for days in queued["missed"] or ()], "outstanding": list(case.advice_outstanding),
        "waiting_for": [role for role in case.held_by if role != "council"],
    }
    told |= _clock(case, sent_on)
    told |= _duty(case, queued, sent_on)
    about = _about(case, queued)
    message = queued["message"]
    if message in ("refusal_to_assess", "refusal_to_issue", "assessment_outcome_yes", "plan_decision", "proposed_amendments",
                   "request_goes_on") and about is not None:
        told["reasons_text"] = reasons(about, texts)
    if message == "partners_assess_decision" and about is not None:
        told["outcome"] = "assess" if about.kind == "decided_to_assess" else "refuse"
    if message == "decision_needed":
        subject = queued["about"].partition(":")[0]
        told["decision"] = "order" if subject.startswith("order_") else DECISIONS.get(subject, subject)
        if queued["adviser"]:
            told["outstanding"] = [queued["adviser"]]
    if about is not None:
        told |= _of_the_plan(about, sent_on)
    if message.startswith("cease_consultation"):
        told["answer_by"] = sent_on + ANSWER_ON_CEASING
    if message == "send_failed":
        failed = key_about(case.ref, queued["about"])
        why = case.last("message_failed", key=failed, final=True) or case.last("message_failed", key=failed)
        original = case.last("message_queued", key=failed)
        problem = why["why"] if why else "unknown"
        if case.has("message_bounced", key=failed):
            problem = "came_back" if case.tries(failed)[-1]["key"] == failed else "came_back_and_goes_on"
        told |= {"about_message": original["message"] if original else "unknown", "problem": problem,
                 "about_role": original["recipient"] if original else "unknown"}
    if message in ("withdrawal_confirmed", "request_goes_on"):
        wish = case.last("request_withdrawn") or about
        told["withdrawn_on"] = wish.on if wish else sent_on
    if message == "move_confirmed":
        told |= _moved(case, sent_on)
    if message == "lateness_to_family":
        told |= expected(case, queued)
    if message in ("new_contact", "handover_brief", "handover_unread"):
        told |= handed_over(case, queued)
    return told


def _of_the_plan(about: Fact, sent_on: date) -> dict[str, Any]:
    """What a letter in the life of a plan says of the fact that it is about."""
    told: dict[str, Any] = {name: about[name] for name in ("decided", "cease_reason", "health") if about[name]}
    if about.kind == "review_meeting_fixed":
        meeting = as_day(about["meeting_on"])
        told |= {"meeting_on": meeting,
                 "advice_by": max(sent_on, min(max(meeting - ADVICE_BEFORE_MEETING, sent_on + ADVICE_WITHIN), meeting))}
    if about.kind == "plan_decision_prepared":
        told["plan_by"] = Limit("W", 14).last_day(sent_on)
    return told


def _moved(case: Case, sent_on: date) -> dict[str, Any]:
    move = case.last("moved_away")
    if move is not None:
        return {"moved_on": move.on, "plan_transferred": False}
    known, gone = case.last("move_known"), case.last("plan_transferred")
    day = as_day(known["moves_on"]) if known else (gone.on if gone else sent_on)
    return {"moved_on": day, "plan_transferred": gone is not None}


def reasons(decision: Fact, texts: Mapping[str, str]) -> str | None:
    """The reasons of a decision in words: the lines of the test it rests on, then what the officer wrote."""
    lines = [REASONS[code] for code in decision["reason_codes"] or ()]
    kept = decision["reasons"]
    written = texts.get(kept["text"]) if isinstance(kept, Mapping) else kept
    return "\n\n".join([*lines, *([written] if written else [])]) or None


def _clock(case: Case, sent_on: date) -> dict[str, Any]:
    start = case.last("request_received", "became_responsible")
    days = {name: _due(case, id) for name, id in (
        ("decide_by", "decide_whether_to_assess"), ("outcome_by", "refuse_to_issue"), ("final_by", "finalise_plan"))}
    return days | {
        "trigger": start.kind if start else None, "started_on": case.day_zero,
        "views_by": min(filter(None, (sent_on + VIEWS_WITHIN, days["decide_by"]))),
        "representations_by": row("draft_representation_window").limit.last_day(sent_on),
        "answer_by": row("setting_consult_response").limit.last_day(sent_on),
        "requested_by_family": False,
    }


def _duty(case: Case, queued: Fact, sent_on: date) -> dict[str, Any]:
    if not queued["duty"]:
        return {}
    law = rule(queued["duty"])
    owed = owed_of(case, queued)
    told: dict[str, Any] = {
        "duty": law.id, "kind": law.kind, "citation": law.citation, "adviser": queued["adviser"],
        "excused_by": owed.excused_by if owed else None, "target_on": queued["target_on"],
        "requested_by_family": law.id == "consult_requested_setting",
    }
    if queued["message"] == "advice_request":
        asked = Fact(case.ref, 0, "advice_requested", sent_on, {"adviser": queued["adviser"]})
        told |= {"body": body_asked(asked), "due_on": Limit("W", 6).last_day(sent_on), **_asked_anew(case, queued)}
    else:
        told["due_on"] = (owed.due_on if owed else None) or _next_limit(case) or sent_on
    return told


def _asked_anew(case: Case, queued: Fact) -> dict[str, Any]:
    """What a request says where advice that came was found incomplete: when it came, and what is wanting."""
    _, mark, number = (queued["about"] or "").partition(":incomplete-")
    finding = next((fact for fact in case.all("advice_found_incomplete") if mark and str(fact.number) == number), None)
    if finding is None:
        return {}
    came = [fact.on for fact in case.all("advice_received", adviser=finding["adviser"]) if fact.on <= finding.on
            and (None in (fact["agency"], finding["agency"]) or fact["agency"] == finding["agency"])]
    return {"sought": finding["sought"], "came_on": max(came, default=None)}


def _due(case: Case, id: str) -> date | None:
    owed = case.duty(id)
    return owed.due_on if owed else None


def _next_limit(case: Case) -> date | None:
    return min((owed.due_on for owed in case.terms if owed.is_live and owed.due_on and owed.duty.kind == "hard"
                and owed.duty.type == "duty"), default=None)


def _about(case: Case, queued: Fact) -> Fact | None:
    about = queued["about"] or ""
    return next((fact for fact in case.facts if about.isdigit() and fact.number == int(about)), None)
