"""What the sending of a letter in the life of a plan proves: the facts with their fields, once everybody has had it.

An invitation, a consultation or an amended plan counts from the day on which the last of those who must have it had it.
"""

from typing import Any

from models.case import Case
from models.law.record import Fact
from notifications.plan_life import PROVES, amended_plan_partners, consulted_on_ceasing, invited_by_us
from notifications.say import FAMILY

Proof = tuple[str, dict[str, Any]]
"""A kind of fact and its fields."""

OUTCOMES = {"continue": "continue", "amend": "amend", "cease": "cease", "reassess": "reassess", "refuse_to_reassess": "refuse"}


def proofs(case: Case, queued: Fact, sha256: str) -> list[Proof] | None:
    """What this message proves now that it went, or None where it is not one of those in the life of a plan."""
    about = next((fact for fact in case.facts if str(fact.number) == queued["about"]), None)
    match queued["message"]:
        case "review_invitation" | "review_invitation_partners":
            asked = [("review_advice_asked", {"recipient": queued["recipient"], "agency": queued["agency"]})]
            everybody = {to for to, _ in invited_by_us(case)}
            return asked + ([("review_invited", {})] if everybody <= _reached(case, queued) else [])
        case "cease_consultation" | "cease_consultation_setting":
            everybody = {to for to, _ in consulted_on_ceasing(case)}
            return [("cease_consulted", {})] if everybody <= _reached(case, queued) else []
        case "plan_decision" | "proposed_amendments" | "reassessment_agreed":
            return _decision(case, about, sha256) if about else []
        case "amended_plan" | "amended_plan_partners":
            return _amended_plan(case, about, queued) if about else []
        case "mediation_rcb":
            which = queued["occasion"]
            return [("rcb_told_of_mediation", {"answers": [f"mediation:{which}"] if which and "/" not in which else None})]
    return None


def _reached(case: Case, queued: Fact) -> set[str]:
    """Who has had a letter about the same thing, of the same occasion."""
    gone = {fact["key"] for fact in case.all("message_sent")}
    kind = queued["message"].removesuffix("_partners").removesuffix("_setting")
    return {fact["recipient"] for fact in case.all("message_queued") if fact["key"] in gone and fact["about"] == queued["about"]
            and fact["message"] in (kind, f"{kind}_partners", f"{kind}_setting")}


def _decision(case: Case, decision: Fact, sha256: str) -> list[Proof]:
    decided = decision["decided"]
    told: dict[str, Any] = {"decided_by": decision["decided_by"], "answers": decision["answers"]}
    reasoned = told | {"reason_codes": decision["reason_codes"] or ["other"]}
    in_review = any(owed.duty.id == "review_decision" and owed.is_live for owed in case.terms)
    of_review = [("review_decision_sent", told | {"outcome": OUTCOMES[decided]})] if decided in ("continue", "amend", "cease") and (
        in_review or decided == "continue") else []
    match decided:
        case "continue":
            return of_review
        case "amend":
            return [*of_review, (PROVES[decided], {"document": decision["document"], "sha256": decision["sha256"],
                                                   "answers": decision["answers"]})]
        case "cease":
            proposed = case.last("cease_proposed")
            reason = decision["cease_reason"] or (proposed["cease_reason"] if proposed else None) or "other"
            return [*of_review, (PROVES[decided], {"decided_by": decision["decided_by"], "cease_reason": reason,
                                                   "sha256": sha256})]
        case "reassess" | "refuse_to_reassess":
            return [(PROVES[decided], told | {"outcome": OUTCOMES[decided]})]
    return [(PROVES[decided], reasoned)]


def _amended_plan(case: Case, plan: Fact, queued: Fact) -> list[Proof]:
    reached = _reached(case, queued)
    if not {FAMILY, *(to for to, _ in amended_plan_partners(plan))} <= reached:
        return []
    told = {name: plan[name] for name in ("document", "sha256", "setting", "type_only", "answers")}
    return [("final_amended_plan_sent", told | {"sent_to": sorted(reached)})]
