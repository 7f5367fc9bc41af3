"""Where a request belongs, when the person has been with the council before: law.md 3.2, the rows of S00."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.case import Case
from models.law.dates import add_months, long
from models.stages import Stage

OPEN = (Stage.S00_INTAKE, Stage.S10_CONSIDERING, Stage.S20_ASSESSING, Stage.S30_DECIDING_PLAN, Stage.S40_DRAFTING,
        Stage.S45_DRAFT_ISSUED, Stage.S50_CONSULTING_SETTINGS)
"""The stages in which a request is being dealt with, so that another one belongs to it."""

CAN_REQUEST = ("parent", "young_person", "setting", "family", "not_known")
"""Who can make a request (s.36(1)). Anybody else brings the child to the council's attention (s.24)."""

MONTHS_AFTER_AN_ASSESSMENT = 6          # s.36(6)(b)


@dataclass(frozen=True, slots=True)
class Route:
    """What a request is recorded as, and where: in `case`, or in a case of its own (None).

    `fact` is None where nothing is to be recorded. `data` are fields that the fact gets from the routing, `words` the
    explanation for whoever took the request in; empty for an ordinary new case.
    """

    fact: str | None
    case: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""


def kind_of_request(requested_by: str | None) -> str:
    """The fact that a request is, by who made it: others than s.36(1) names make the council responsible (s.24, s.36(3)).

    >>> kind_of_request("setting"), kind_of_request("health")
    ('request_received', 'became_responsible')
    """
    return "request_received" if requested_by in CAN_REQUEST else "became_responsible"


def route(kind: str, on: date, earlier: Sequence[Case]) -> Route:
    """Where a `request_received` or `became_responsible` of `on` belongs, given every earlier case of the same person.

    Open case: a further request in it. Plan maintained: a request for re-assessment (s.44(2)). Assessed within the six
    months before: a case of its own, in which s.36(7) does not bite (s.36(6)(b)). Otherwise simply a new case.
    """
    running = _latest(case for case in earlier if case.stage in OPEN
                      or (case.stage is Stage.S97_ORDER_COMPLIANCE and not case.has_plan))
    if running is not None:
        return _in_open_case(kind, running)
    planned = _latest(case for case in earlier if case.has_plan)
    if planned is not None:
        return _with_a_plan(kind, planned)
    last = _latest(earlier)
    if last is None:
        return Route(kind)
    assessed = max((day for case in earlier if (day := assessed_on(case)) is not None and day <= on), default=None)
    if kind == "request_received" and assessed is not None and on <= add_months(assessed, MONTHS_AFTER_AN_ASSESSMENT):
        return Route(kind, None, {"for_case": last.ref, "assessed_within_6_months": True}, (
            f"The person was assessed in {last.ref}: that assessment ended on {long(assessed)}, within the six months before"
            " this request, so s.36(7) does not bite (s.36(6)(b)): the council need not consider an assessment, and may. Either"
            " way a reasoned decision is still to be sent, a refusal with the words on appeal and mediation (pack A): record"
            " decided_to_assess or refused_to_assess."))
    return Route(kind, None, {"for_case": last.ref}, f"The person was with the council before: {last.ref} ({last.stage.words}).")


def assessed_on(case: Case) -> date | None:
    """The day on which the assessment of a case ended: that of the latest decision about a plan (s.36(9))."""
    decided = case.last("decided_to_issue", "refused_to_issue")
    return decided.on if decided else None


def _in_open_case(kind: str, case: Case) -> Route:
    since = f"since {long(case.day_zero)}" if case.day_zero else ""
    told = f"{case.ref} is open for this person ({case.stage.words}, {since}): its clocks run on and none begins anew."
    if kind == "became_responsible":
        return Route(kind, case.ref, {}, f"{told} That the council became responsible is recorded there.")
    return Route("further_request_received", case.ref, {}, f"{told} The request is recorded there as a further request.")


def _with_a_plan(kind: str, case: Case) -> Route:
    began = case.plan_began
    how = {"final_plan_sent": "final plan sent", "plan_taken_over": "plan taken over", "plan_transferred": "plan transferred here"}
    told = f"A plan is maintained for this person ({case.ref}, {how[began.kind]} {long(began.on)})"
    if kind == "became_responsible":
        return Route(None, case.ref, {}, f"{told}, so the council is responsible already and nothing is recorded.")
    return Route("reassessment_requested", case.ref, {}, (
        f"{told}, so this is no request under s.36: it is recorded there as a request for re-assessment (s.44(2))."
        " The decision on it is due within 15 days (reg 25(1))."))


def _latest(cases: Any) -> Case | None:
    return max(cases, key=lambda case: (case.begun_on or date.min, case.ref), default=None)
