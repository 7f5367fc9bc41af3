"""The processes that happen again and again in a case: what opens an occasion of each, and what an open one waits for."""

from collections.abc import Callable, Sequence
from datetime import date

from models.law.occasion import Occasion, Process, named
from models.law.record import Fact, as_day
from models.law.request import DAY_ZERO

AMENDED = ("final_amended_plan_sent", "decided_not_to_amend")
NO_CHANGE = ("continue", "cease")
WITH_THE_ASSESSMENT = ("decided_to_assess", "refused_to_assess", "reassessment_decided", "decided_to_issue", "refused_to_issue",
                       "draft_plan_served", "final_plan_sent", "final_amended_plan_sent", "decided_no_change")


def _opens_by(*kinds: str) -> Callable[[Fact, Sequence[Occasion]], bool]:
    return lambda fact, _: fact.kind in kinds


def _review_opens(fact: Fact, _: Sequence[Occasion]) -> bool:
    return fact.kind in ("review_meeting_fixed", "review_meeting_held", "review_decision_sent")


def _review_waits(review: Occasion, fact: Fact) -> bool:
    held, decision = review.has("review_meeting_held"), review.last("review_decision_sent")
    match fact.kind:
        case "review_meeting_fixed" | "review_meeting_held":
            return not held and decision is None
        case "review_invited" | "review_advice_circulated" | "review_advice_asked":
            return not held or not review.has(fact.kind)
        case "review_report_sent":
            return held and not review.has(fact.kind)
        case "review_decision_sent":
            return held and decision is None
    if _one_more_part(review, fact):
        return True
    if review.has(*AMENDED) or (decision is not None and decision["outcome"] in NO_CHANGE):
        return False
    proposed = review.has("amendment_notice_sent") or (decision is not None and decision["outcome"] == "amend")
    match fact.kind:
        case "amendment_notice_sent":
            return (held or decision is not None) and (decision is not None or not review.has(fact.kind))
        case "final_amended_plan_sent" | "decided_not_to_amend":
            return proposed or (held and decision is None)
    return False


def review_day(fact: Fact) -> date:
    """The day that names a review: its meeting's, held or fixed; that of the decision where no meeting is on record."""
    told = fact["meeting_on"] if fact.kind == "review_meeting_fixed" else None
    return as_day(told) if told else fact.on


def _amendment_waits(amendment: Occasion, fact: Fact) -> bool:
    if _one_more_part(amendment, fact):
        return True
    return not amendment.has(*AMENDED) and fact.kind in ("amendment_notice_sent", *AMENDED)


def _reassessment_opens(fact: Fact, _: Sequence[Occasion]) -> bool:
    return fact.kind == "reassessment_requested" or (
        fact.kind == "reassessment_decided" and fact["outcome"] != "refuse")


def _reassessment_waits(reassessment: Occasion, fact: Fact) -> bool:
    decided = reassessment.last("reassessment_decided")
    if fact.kind == "reassessment_decided":
        return decided is None
    if decided is None or decided["outcome"] == "refuse":
        return False
    finished = reassessment.has("final_plan_sent", "final_amended_plan_sent", "decided_no_change")
    if finished and _one_more_part(reassessment, fact):
        return True
    if fact.kind in ("final_plan_sent", "final_amended_plan_sent", "decided_no_change", "draft_plan_served"):
        return not finished
    return fact.kind == "review_decision_sent" and finished and not reassessment.has(fact.kind)


def _cease_opens(fact: Fact, so_far: Sequence[Occasion]) -> bool:
    proposes = fact.kind in ("cease_proposed", "cease_notice_sent") or (
        fact.kind == "review_decision_sent" and fact["outcome"] == "cease")
    return proposes and all(_cease_done(one) for one in so_far)


def _cease_done(ceasing: Occasion) -> bool:
    kept = ceasing.last("tribunal_order_made", "appeal_unopposed")
    return ceasing.has("plan_ceased", "cease_not_pursued") or (kept is not None and kept["order"] != "dismiss_cease")


def _cease_waits(ceasing: Occasion, fact: Fact) -> bool:
    if _cease_done(ceasing):
        return False
    match fact.kind:
        case "cease_proposed" | "cease_consulted" | "cease_notice_sent" | "plan_ceased" | "cease_not_pursued":
            return True
        case "review_decision_sent":
            return fact["outcome"] == "cease"
        case "mediation_certificate_issued" | "appeal_lodged" | "appeal_registered" | "appeal_withdrawn" | "appeal_finally_determined":
            return ceasing.has("cease_notice_sent", "review_decision_sent")
        case "tribunal_order_made":
            return fact["order"] in ("dismiss_cease", "continue", "continue_amend")
        case "appeal_unopposed":
            return fact["about"] == "cease"
    return False


APPEALABLE = ("refused_to_assess", "refused_to_issue", "final_plan_sent", "review_decision_sent", "final_amended_plan_sent",
              "decided_not_to_amend", "reassessment_decided", "decided_no_change", "cease_notice_sent")


def is_appealable(fact: Fact) -> bool:
    """Whether an appeal lies against what the fact tells (s.51(2)): a decision to amend or to reassess carries none."""
    match fact.kind:
        case "review_decision_sent":
            return fact["outcome"] in NO_CHANGE
        case "reassessment_decided":
            return fact["outcome"] == "refuse"
        case "final_plan_sent" | "final_amended_plan_sent":
            return fact["sent_to"] is None or "family" in fact["sent_to"]
    return fact.kind in APPEALABLE


def _decision_opens(fact: Fact, so_far: Sequence[Occasion]) -> bool:
    """Each decision that can be appealed; a plan sent to one after the other on several days is sent once."""
    return is_appealable(fact)


def _decision_waits(decision: Occasion, fact: Fact) -> bool:
    match fact.kind:
        case "mediation_adviser_contacted" | "appeal_lodged":
            return not decision.has(fact.kind)
        case "mediation_certificate_issued" | "family_told_of_decision":
            return True
        case "mediation_wanted":
            return not decision.has(fact.kind)
    return False


MEDIATION = ("mediation_wanted", "mediation_not_wanted", "adviser_told_mediation_wanted")


def _mediation_waits(mediation: Occasion, fact: Fact) -> bool:
    if fact.kind in MEDIATION:
        return not mediation.has("mediation_not_wanted", "mediation_held", "mediation_agreed", fact.kind)
    over = mediation.has("mediation_certificate_issued") and fact.kind not in ("mediation_agreed", "mediation_held")
    return not over and fact.kind in (
        "rcb_told_of_mediation", "mediation_arranged", "mediation_date_told", "shorter_notice_agreed", "mediation_held",
        "mediation_cannot_be_arranged", "adviser_told_mediation_failed", "mediation_certificate_issued", "mediation_agreed")


def _appeal_waits(appeal: Occasion, fact: Fact) -> bool:
    if appeal.has("tribunal_order_made", "appeal_unopposed", "appeal_withdrawn"):
        return fact.kind == "appeal_finally_determined"
    if fact.kind == "appeal_lodged":
        return False
    return fact.kind in ("appeal_response_sent", "tribunal_order_made", "appeal_unopposed", "appeal_withdrawn") or (
        fact.kind == "appeal_registered" and not appeal.has(fact.kind))


ENOUGH_FOR = {
    "assess": ("final_plan_sent", "final_amended_plan_sent", "refused_to_issue", "decided_no_change"),
    "make_plan": ("final_plan_sent",), "remit": ("draft_plan_served", "refused_to_issue"),
    "amend_provision": ("final_amended_plan_sent",), "amend_setting": ("final_amended_plan_sent",),
    "continue_amend": ("final_amended_plan_sent",), "dismiss_cease": ("plan_ceased",), "continue": (), "other": ("agreement_done",),
    "issue": ("final_plan_sent",), "contents": ("final_amended_plan_sent",), "setting": ("final_amended_plan_sent",),
    "setting_and_contents": ("final_amended_plan_sent",), "cease": ("final_amended_plan_sent",),
}
"""With what each order, or concession, is complied with."""


def _one_more_part(occasion: Occasion, fact: Fact) -> bool:
    """Whether the same plan goes to one more of those who must have it."""
    before = occasion.last(fact.kind) if fact.kind in ("final_plan_sent", "final_amended_plan_sent") else None
    return before is not None and bool(before["sent_to"] and fact["sent_to"]) and not set(before["sent_to"]) & set(fact["sent_to"])


def _order_waits(order: Occasion, fact: Fact) -> bool:
    what = order.facts[0]["order"] or order.facts[0]["about"]
    if order.has(*ENOUGH_FOR.get(what, ())):
        return _one_more_part(order, fact)
    if what == "assess":
        return fact.kind in WITH_THE_ASSESSMENT and not (fact.kind == "refused_to_assess")
    if what in ("make_plan", "issue", "remit"):
        return fact.kind in ("decided_to_issue", "draft_plan_served", "final_plan_sent", "refused_to_issue")
    return fact.kind in (*ENOUGH_FOR.get(what, ()), "rcb_told_council_of_agreement")


def _recommendation_waits(recommendation: Occasion, fact: Fact) -> bool:
    about = fact["about"] or fact["service"]
    return fact.kind in ("recommendation_answered", "recommendation_answer_copied") and not recommendation.has(fact.kind) and (
        about is None or about == recommendation.facts[0]["service"])


def _move_waits(move: Occasion, fact: Fact) -> bool:
    return fact.kind in ("plan_transferred", "family_told_of_transfer", "interim_place_arranged", "new_rcb_told_of_move",
                         "new_rcb_aware_of_move", "new_rcb_asked_after_move", "rcb_request_met", "review_decision_sent",
                         "decided_to_assess", "move_called_off") and not move.has(fact.kind)


def _rcb_change_waits(change: Occasion, fact: Fact) -> bool:
    return fact.kind in ("new_rcb_told_of_change", "new_rcb_aware_of_change", "new_rcb_asked_after_change",
                         "rcb_request_met") and not change.has(fact.kind)


def _phase_waits(phase: Occasion, fact: Fact) -> bool:
    if phase.has("phase_transfer_excluded", "final_amended_plan_sent", "review_decision_sent"):
        return False
    if fact.kind == "review_decision_sent":                  # nothing to amend: the plan names the next setting already
        return fact["outcome"] == "continue" and bool(fact["names_next_setting"])
    return fact.kind == "phase_transfer_excluded" or (fact.kind == "final_amended_plan_sent" and not (
        named(fact) and "phase_transfer" not in dict(named(fact))))


def _cycle_opens(fact: Fact, so_far: Sequence[Occasion]) -> bool:
    if fact.kind == "final_plan_sent":
        return not any(one.facts[0].kind == "final_plan_sent" for one in so_far) and not fact["detained"]
    return fact.kind in ("review_decision_sent", "plan_taken_over")


def _cycle_waits(cycle: Occasion, fact: Fact) -> bool:
    return fact.kind == "review_decision_sent" and not any(one.kind == fact.kind for one in cycle.facts[1:])


def _detention_opens(fact: Fact, so_far: Sequence[Occasion]) -> bool:
    """Detention that began, or a request about a detained person (s.71) where no detention is open."""
    if fact.kind in DAY_ZERO:
        return bool(fact["detained"]) and all(one.has("released") for one in so_far)
    return fact.kind == "detention_began"


def _detention_waits(detention: Occasion, fact: Fact) -> bool:
    if fact.kind == "detention_began":                       # told after the request about the detained person
        return detention.facts[0].kind in DAY_ZERO and not detention.has("released", "detention_began")
    if fact.kind in ("release_known", "plan_disclosed_to_new_authority", "plan_disclosed_to_rcb", "rcb_request_after_release",
                     "new_authority_received_plan"):
        return True
    return not detention.has("released") and fact.kind in (
        "released", "kept_plan_sent", "moved_within_custody", "plan_sent_to_new_accommodation") or (
        fact.kind == "review_decision_sent" and detention.has("released") and not detention.has(fact.kind))


def _simple_waits(*kinds: str) -> Callable[[Occasion, Fact], bool]:
    return lambda occasion, fact: fact.kind in kinds and not occasion.has(fact.kind)


PROCESSES = {process.id: process for process in (
    Process("review", "a review of the plan", _review_opens, _review_waits, review_day),
    Process("amendment", "an amendment outside a review", _opens_by("amendment_notice_sent"), _amendment_waits,
            by_itself=True),
    Process("reassessment", "a re-assessment", _reassessment_opens, _reassessment_waits, by_itself=True),
    Process("ceasing", "ceasing to maintain the plan", _cease_opens, _cease_waits),
    Process("decision", "a decision that can be appealed", _decision_opens, _decision_waits),
    Process("mediation", "mediation", _opens_by(*MEDIATION), _mediation_waits),
    Process("appeal", "an appeal", _opens_by("appeal_lodged", "appeal_registered"), _appeal_waits),
    Process("order", "an order of the Tribunal", _opens_by("tribunal_order_made"), _order_waits),
    Process("concession", "an appeal that is not opposed", _opens_by("appeal_unopposed"), _order_waits),
    Process("agreement", "an agreement in mediation", _opens_by("mediation_agreed"), _order_waits),
    Process("recommendation", "a recommendation of the Tribunal", _opens_by("recommendation_made"), _recommendation_waits),
    Process("move", "a move to another council", _opens_by("move_known", "plan_transferred"), _move_waits),
    Process("rcb_change", "a change of the commissioning body", _opens_by("rcb_change_known", "new_rcb_aware_of_change"),
            _rcb_change_waits),
    Process("phase_transfer", "a transfer between phases of education", _opens_by("phase_transfer_identified"), _phase_waits),
    Process("cycle", "the time from one review to the next", _cycle_opens, _cycle_waits, one_after_another=True),
    Process("detention", "detention", _detention_opens, _detention_waits),
    Process("direct_payment", "direct payments", _opens_by("direct_payment_requested", "direct_payment_began"),
            _simple_waits("direct_payment_refused", "direct_payment_agreed", "direct_payment_began", "direct_payment_reviewed",
                          "direct_payment_consents_had")),
    Process("disclosure", "a disclosure for higher education", _opens_by("higher_education_disclosure_asked"),
            _simple_waits("higher_education_disclosure_made")),
    Process("placement", "a place for the time of the assessment", _opens_by("assessment_place_began"),
            _simple_waits("assessment_place_ended", "refused_to_issue", "final_plan_sent")),
    Process("provision_elsewhere", "provision otherwise than at a setting", _opens_by("provision_elsewhere_considered"),
            _simple_waits("family_consulted_on_provision_elsewhere", "provision_elsewhere_arranged")),
    Process("out_of_education", "being without education or training", _opens_by("left_education"),
            _simple_waits("review_decision_sent", "back_in_education")),
)}
