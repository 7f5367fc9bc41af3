"""Where a case can stand, and how far each process of it has come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.facts import FROM_RETURN
from models.law.occasion import Occasion
from models.law.processes import AMENDED, ENOUGH_FOR


class Stage(StrEnum):
    """Where a case stands, from the request through the life of the plan to its end."""

    S00_INTAKE = "S00_INTAKE"
    S10_CONSIDERING = "S10_CONSIDERING"
    S15_REFUSED_TO_ASSESS = "S15_REFUSED_TO_ASSESS"
    S20_ASSESSING = "S20_ASSESSING"
    S30_DECIDING_PLAN = "S30_DECIDING_PLAN"
    S35_REFUSED_TO_ISSUE = "S35_REFUSED_TO_ISSUE"
    S40_DRAFTING = "S40_DRAFTING"
    S45_DRAFT_ISSUED = "S45_DRAFT_ISSUED"
    S50_CONSULTING_SETTINGS = "S50_CONSULTING_SETTINGS"
    S55_FINALISED = "S55_FINALISED"
    S60_MAINTAINED = "S60_MAINTAINED"
    S62_REVIEW_PREP = "S62_REVIEW_PREP"
    S64_REVIEW_MEETING = "S64_REVIEW_MEETING"
    S66_REVIEW_DECISION = "S66_REVIEW_DECISION"
    S68_AMENDING = "S68_AMENDING"
    S70_REASSESSMENT_REQUESTED = "S70_REASSESSMENT_REQUESTED"
    S72_REASSESSING = "S72_REASSESSING"
    S80_CEASE_PROPOSED = "S80_CEASE_PROPOSED"
    S82_CEASE_NOTIFIED = "S82_CEASE_NOTIFIED"
    S85_TRANSFERRING = "S85_TRANSFERRING"
    S90_MEDIATION = "S90_MEDIATION"
    S95_APPEAL = "S95_APPEAL"
    S97_ORDER_COMPLIANCE = "S97_ORDER_COMPLIANCE"
    S98_DETAINED = "S98_DETAINED"
    T_REFUSED_ASSESS = "T_REFUSED_ASSESS"
    T_REFUSED_ISSUE = "T_REFUSED_ISSUE"
    T_WITHDRAWN = "T_WITHDRAWN"
    T_MOVED_BEFORE_PLAN = "T_MOVED_BEFORE_PLAN"
    T_MOVED_OUTSIDE_ENGLAND = "T_MOVED_OUTSIDE_ENGLAND"
    T_CEASED = "T_CEASED"
    T_TRANSFERRED = "T_TRANSFERRED"
    T_DECEASED = "T_DECEASED"
    T_ENDED_IN_RETURN = "T_ENDED_IN_RETURN"

    @property
    def is_terminal(self) -> bool:
        """Whether the case has come to its end."""
        return self.name.startswith("T_")

    @property
    def words(self) -> str:
        """The stage as people say it."""
        return _STAGE_WORDS[self]


_STAGE_WORDS = {
    Stage.S00_INTAKE: "request received", Stage.S10_CONSIDERING: "considering the request",
    Stage.S15_REFUSED_TO_ASSESS: "refused to assess, appeal period running",
    Stage.S20_ASSESSING: "gathering advice", Stage.S30_DECIDING_PLAN: "deciding whether to issue a plan",
    Stage.S35_REFUSED_TO_ISSUE: "refused to issue a plan, appeal period running",
    Stage.S40_DRAFTING: "drafting the plan", Stage.S45_DRAFT_ISSUED: "draft with the family",
    Stage.S50_CONSULTING_SETTINGS: "consulting settings and finalising", Stage.S55_FINALISED: "final plan sent",
    Stage.S60_MAINTAINED: "plan maintained", Stage.S62_REVIEW_PREP: "preparing the review meeting",
    Stage.S64_REVIEW_MEETING: "review meeting held, report awaited", Stage.S66_REVIEW_DECISION: "deciding after the review",
    Stage.S68_AMENDING: "amending the plan", Stage.S70_REASSESSMENT_REQUESTED: "deciding whether to re-assess",
    Stage.S72_REASSESSING: "re-assessing", Stage.S80_CEASE_PROPOSED: "consulting on ceasing the plan",
    Stage.S82_CEASE_NOTIFIED: "plan in force until the time to appeal is over",
    Stage.S85_TRANSFERRING: "transferring the plan to another council", Stage.S90_MEDIATION: "mediation",
    Stage.S95_APPEAL: "appeal before the Tribunal", Stage.S97_ORDER_COMPLIANCE: "complying with an order or agreement",
    Stage.S98_DETAINED: "detained",
    Stage.T_CEASED: "ended: the plan has ceased", Stage.T_TRANSFERRED: "ended: the plan went to another council",
    Stage.T_REFUSED_ASSESS: "ended: refusal to assess stands", Stage.T_REFUSED_ISSUE: "ended: refusal to issue stands",
    Stage.T_WITHDRAWN: "ended: request withdrawn", Stage.T_MOVED_BEFORE_PLAN: "ended: moved before a plan was made",
    Stage.T_ENDED_IN_RETURN: "ended before the return it came from, how is not known",
    Stage.T_MOVED_OUTSIDE_ENGLAND: "ended: moved outside England", Stage.T_DECEASED: "ended: the child died",
}

ENDS = {"child_died": Stage.T_DECEASED, "moved_away": Stage.T_MOVED_BEFORE_PLAN, "withdrawal_accepted": Stage.T_WITHDRAWN,
        "plan_ceased": Stage.T_CEASED, "plan_transferred": Stage.T_TRANSFERRED, "ended_in_return": Stage.T_ENDED_IN_RETURN}

BESIDE = (Stage.S90_MEDIATION, Stage.S95_APPEAL)
"""The stages that always run alongside the main one."""


@dataclass(frozen=True, slots=True)
class Under:
    """One process that is under way in a case: the stage that it has reached, since when, and the day that names it."""

    stage: Stage
    since: date
    process: str
    of: str


# --- how far each occasion has come ------------------------------------------------------------------------------

LIFE = ("review", "amendment", "reassessment", "ceasing", "move", "detention", "phase_transfer")
SETTLES = ("review_decision_sent", *AMENDED, "decided_no_change", "cease_not_pursued", "released")


def _review(review: Occasion) -> Stage | None:
    decision = review.last("review_decision_sent")
    if review.has(*AMENDED) or (decision is not None and decision["outcome"] in ("continue", "cease")):
        return None
    if decision is not None and decision["outcome"] is None and decision["how"] == FROM_RETURN:
        return None                      # decided, and the return does not say what
    if decision is not None or review.has("amendment_notice_sent"):
        return Stage.S68_AMENDING
    if not review.has("review_meeting_held"):
        return Stage.S62_REVIEW_PREP
    return Stage.S66_REVIEW_DECISION if review.has("review_report_sent") else Stage.S64_REVIEW_MEETING


def _amendment(amendment: Occasion) -> Stage | None:
    return None if amendment.has(*AMENDED) else Stage.S68_AMENDING


def _reassessment(reassessment: Occasion) -> Stage | None:
    decided = reassessment.last("reassessment_decided")
    if decided is None:
        return Stage.S70_REASSESSMENT_REQUESTED
    done = decided["outcome"] == "refuse" or reassessment.has("final_plan_sent", "final_amended_plan_sent", "decided_no_change")
    return None if done else Stage.S72_REASSESSING


def _ceasing(ceasing: Occasion) -> Stage | None:
    kept = ceasing.last("tribunal_order_made", "appeal_unopposed")
    if ceasing.has("plan_ceased", "cease_not_pursued") or (kept is not None and kept["order"] != "dismiss_cease"):
        return None
    notified = ceasing.has("cease_notice_sent") or ceasing.has("review_decision_sent", outcome="cease")
    return Stage.S82_CEASE_NOTIFIED if notified else Stage.S80_CEASE_PROPOSED


def _move(move: Occasion) -> Stage | None:
    gone = move.has("plan_transferred", "move_called_off")
    return None if gone else Stage.S85_TRANSFERRING


def _mediation(mediation: Occasion) -> Stage | None:
    over = ("mediation_certificate_issued", "mediation_agreed", "mediation_not_wanted")
    return None if mediation.has(*over) else Stage.S90_MEDIATION


def _appeal(appeal: Occasion) -> Stage | None:
    return None if appeal.has("tribunal_order_made", "appeal_unopposed", "appeal_withdrawn") else Stage.S95_APPEAL


def _order(order: Occasion) -> Stage | None:
    enough = ENOUGH_FOR.get(order.facts[0]["order"] or order.facts[0]["about"], ())
    return None if not enough or order.has(*enough) else Stage.S97_ORDER_COMPLIANCE


def _detention(detention: Occasion) -> Stage | None:
    return None if detention.has("released") else Stage.S98_DETAINED


STAGE_OF: Mapping[str, Callable[[Occasion], Stage | None]] = {
    "review": _review, "amendment": _amendment, "reassessment": _reassessment, "ceasing": _ceasing, "move": _move,
    "mediation": _mediation, "appeal": _appeal, "order": _order, "concession": _order, "agreement": _order,
    "detention": _detention,
}
"""How far an occasion of each process has come; None where it is over."""

_PRESSES = (
    Stage.S98_DETAINED, Stage.S85_TRANSFERRING, Stage.S97_ORDER_COMPLIANCE, Stage.S82_CEASE_NOTIFIED, Stage.S80_CEASE_PROPOSED,
    Stage.S72_REASSESSING, Stage.S70_REASSESSMENT_REQUESTED, Stage.S68_AMENDING, Stage.S66_REVIEW_DECISION,
    Stage.S64_REVIEW_MEETING, Stage.S62_REVIEW_PREP, Stage.S95_APPEAL, Stage.S90_MEDIATION)


def under_way(occasions: Mapping[str, Sequence[Occasion]]) -> tuple[Under, ...]:
    """Every process that is under way, by the occasions of each, what presses most first."""
    found = [Under(stage, one.facts[-1].on, process, one.key) for process, stage_of in STAGE_OF.items()
             for one in occasions[process] if (stage := stage_of(one)) is not None]
    return tuple(sorted(found, key=lambda one: (_PRESSES.index(one.stage), one.since, one.of)))
