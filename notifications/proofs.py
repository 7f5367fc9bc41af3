"""What the sending of a letter in the life of a plan proves: the facts with their fields, once everybody has had it.

An invitation, a consultation or an amended plan counts from the day on which the last of those who must have it had it.
"""

from models.case import Case
from models.law.record import Fact
from notifications.plan_life import (
    Proof,
    amended_plan_partners,
    consulted_on_ceasing,
    invited_by_us,
    proved_by_notice,
    proved_by_plan,
)
from notifications.say import FAMILY


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
            return proved_by_notice(case, about, sha256) if about else []
        case "amended_plan" | "amended_plan_partners":
            reached = _reached(case, queued)
            everybody = {FAMILY, *(to for to, _ in amended_plan_partners(about))} if about else set()
            return [proved_by_plan(about, sorted(reached))] if about and everybody <= reached else []
        case "mediation_rcb":
            which = queued["occasion"]
            return [("rcb_told_of_mediation", {"answers": [f"mediation:{which}"] if which and "/" not in which else None})]
    return None


def _reached(case: Case, queued: Fact) -> set[str]:
    """Who has had a letter about the same thing, of the same occasion: what came back reached nobody."""
    kind = queued["message"].removesuffix("_partners").removesuffix("_setting")
    return {fact["recipient"] for fact in case.all("message_queued") if fact["key"] in case.gone and fact["about"] == queued["about"]
            and fact["message"] in (kind, f"{kind}_partners", f"{kind}_setting")}
