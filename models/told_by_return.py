"""What a return cannot tell: duties that its facts seem to start, and of whose end it says nothing.

A return gives the last review only, leaves the day of a decision out once that lies before its year, and never says when a draft
or a request for advice went out. What it is silent about is not known; it is not "not done", and nobody is told that it is late.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from models.facts import FROM_RETURN
from models.law.occasion import Occasion
from models.law.owed import Owed
from models.law.record import Fact

TOLD_BY_A_RETURN = (
    "decide_whether_to_assess", "refuse_to_issue", "finalise_plan", "first_review", "next_review", "review_decision",
    "final_amended_plan", "phase_transfer_secondary_to_post16", "phase_transfer_other", "transfer_plan_on_move", "lodge_appeal")
"""The duties about which a return tells whether and when they were done; and the family's time to appeal, which runs by itself."""

SILENT: Mapping[str, tuple[str, ...]] = {
    "request_decided_on": ("decide_whether_to_assess",), "assessment_decided_on": ("refuse_to_issue", "finalise_plan"),
    "review_decided_on": ("review_decision", "final_amended_plan"), "amended_plan_on": ("final_amended_plan",),
    "last_review": ("first_review", "next_review")}
"""By what a return or a list leaves open (`unknown` of taken_from_return), the duties of whose end it then says nothing."""

DECIDED = ("Y", "N", "H")
REVIEWS = ("first_review", "next_review")


def is_known(owed: Owed, facts: Sequence[Fact], reviews: Sequence[Occasion]) -> bool:
    """Whether it is known of this duty how it stands: always, unless a return started it and is silent about its end."""
    if owed.started_by is None or owed.started_by["how"] != FROM_RETURN:
        return True
    duty = owed.duty.id
    if duty not in TOLD_BY_A_RETURN:
        return False
    if any(fact.kind == "taken_from_return" and fact["source"] == "made_up" for fact in facts):
        return True                      # a made-up case tells every review
    told = _codes(facts)
    if owed.met_on is not None:
        # Between a plan and the last review there may have been others, of which no return tells.
        return not (duty in REVIEWS and owed.met_by is not None and owed.met_by["how"] == FROM_RETURN)
    if any(duty in SILENT.get(what, ()) for what in told["unknown"]):
        return owed.lapsed_on is not None
    if duty in REVIEWS and "review_decided_on" in told["unknown"] and any(
            fact.kind == "review_meeting_held" and owed.starts_on is not None and fact.on >= owed.starts_on for fact in facts):
        return owed.lapsed_on is not None            # a review was held, and when it was over is not told: nor when the next is due
    planned = any(fact.kind in ("final_plan_sent", "plan_taken_over") and fact["how"] == FROM_RETURN for fact in facts)
    if duty == "decide_whether_to_assess":
        return not (planned or told["request"] in DECIDED)
    if duty in ("refuse_to_issue", "finalise_plan"):
        taken_over = any(fact.kind == "plan_taken_over" for fact in facts)
        decided = ("N", "H") if duty == "finalise_plan" else DECIDED
        return owed.lapsed_on is not None or not (taken_over or told["assessment"] in decided)
    if duty == "final_amended_plan":
        return not any(one.key == owed.occasion and _is_silent(one) for one in reviews)
    return True


def _codes(facts: Sequence[Fact]) -> Mapping[str, Any]:
    """The outcomes of request and assessment in the latest return, and what it leaves open."""
    last = max((fact for fact in facts if fact.kind == "taken_from_return"), key=lambda fact: (fact.on, fact.number), default=None)
    return {"request": last["request_outcome"] if last else None, "assessment": last["assessment_outcome"] if last else None,
            "unknown": (last["unknown"] or ()) if last else ()}


def _is_silent(review: Occasion) -> bool:
    """Whether a return tells of the decision after a review and not what it was."""
    decision = review.last("review_decision_sent")
    return decision is not None and decision["how"] == FROM_RETURN and decision["outcome"] is None
