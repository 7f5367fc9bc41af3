"""From a block of requests of a return to the facts of a case: real days only. What the return does not say is listed, not guessed.

What has a day of its own happened on that day. What the return only describes (needs, settings, terms) stands on the survey day,
and so does the end of work of which the return says that it is over and not when.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models.facts import FIRST_DAY, FROM_RETURN
from models.law.ceasing import CEASE_REASONS
from models.sen2.finding import Finding, Level
from models.sen2.record import Active, Assessment, Plan, Request, Setting

REQUESTED_BY: Mapping[str | None, str] = {"1": "family", "2": "setting", "3": "health", "4": "social_care", "5": "other",
None: "not_known"}
BRINGS_TO_ATTENTION = ("3", "4", "5")
"""Sources that cannot make a request (s.36(1)): through them the council became responsible (s.24)."""

CEASED = {str(code): name for name, (code, *_) in CEASE_REASONS.items() if name not in ("transferred", "deceased")}
REVIEWED = {"M": "continue", "C": "cease", "A": "amend"}
TRANSFERS = {(2, 15): "other", (2, 14): "other", (3, 31): "secondary_to_post16", (3, 30): "secondary_to_post16"}
"""The phase transfer by the day on which its plan is due; both readings of "before" are met."""

NO_DAY, NO_TRANSFER = "T01", "T02"
"""Findings of the taking itself: a day that cannot be taken, a phase transfer that cannot be told."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The return from which something is taken: its form, hash, survey year and day; and the last day that can have happened."""

    form: str
    sha256: str
    year: int
    day: date
    today: date
    owner: str | None = None
    silent: tuple[str, ...] = ()         # what it never says of anybody, because it has no column for it


@dataclass(frozen=True, slots=True)
class Told:
    """One fact that the return tells."""

    kind: str
    on: date
    data: Mapping[str, Any]


@dataclass(slots=True)
class Taken:
    """What a block tells: its facts, the first of which begins the case, what it leaves open, and what is to be looked at."""

    facts: list[Told] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def taken(request: Request, origin: Origin) -> Taken:
    """The facts of one block of requests. Without any that could begin a case, `facts` holds taken_from_return alone."""
    told = _Telling(request, origin)
    told.tell()
    return told.out


class _Telling:
    def __init__(self, request: Request, origin: Origin) -> None:
        self.request, self.origin, self.out = request, origin, Taken()
        self._ended = False

    def tell(self) -> None:
        request, assessment = self.request, self.request.assessment
        self.out.unknown += self.origin.silent
        self._request(request)
        if assessment is not None and not request.exported:
            self._assessment(assessment)
        if request.active is not None:
            self._active(request.active, request.plan)
        self.out.facts.sort(key=lambda one: one.on)
        self._returned(assessment)

    # --- the three decisions ----------------------------------------------------------------------------------------

    def _request(self, request: Request) -> None:
        if request.received is not None:
            kind = "became_responsible" if request.source in BRINGS_TO_ATTENTION else "request_received"
            self._fact(kind, request.received, "ReceivedDate", requested_by=REQUESTED_BY.get(request.source, "not_known"),
                       detained=request.youth_accommodation)
        else:
            self._unknown("request_received_on")
        if request.source is None:
            self._unknown("requested_by")
        decided = {"Y": "decided_to_assess", "H": "decided_to_assess", "N": "refused_to_assess"}.get(request.outcome or "")
        if decided and request.outcome_date is not None:
            self._fact(decided, request.outcome_date, "RequestOutcomeDate", notified_on=request.outcome_date.isoformat())
        elif decided:
            self._unknown("request_decided_on")
        if request.outcome is None:
            self._unknown("request_outcome")
        if request.exported:
            self._end(to=request.exported)
        elif request.outcome == "W":
            self._end()
        if request.outcome == "N" and request.assessment is not None:
            self._unknown("refusal_reversed_on")

    def _assessment(self, assessment: Assessment) -> None:
        day, plan = assessment.outcome_date, assessment.plan
        if assessment.outcome == "N":
            if day is not None:
                self._fact("refused_to_issue", day, "AssessmentOutcomeDate", notified_on=day.isoformat())
            else:
                self._unknown("assessment_decided_on")
            if plan is not None:                            # a refusal that was reversed: there is a plan after all
                self._unknown("decided_to_issue_on")
                self._reversed(plan)
        elif assessment.outcome == "W" and self.request.outcome != "W":
            self._end()
        elif assessment.outcome in ("Y", "H"):
            self._unknown("decided_to_issue_on")
            self._began(assessment, plan, day)
        elif assessment.outcome is None:
            self._unknown("assessment_outcome")
            self._began(assessment, plan, None)
        if plan is not None:
            self._plan(plan)

    def _began(self, assessment: Assessment, plan: Plan | None, day: date | None) -> None:
        """With what the plan came to be maintained: its issue where that is dated, else as one that was there."""
        if assessment.outcome == "Y" and day is not None and plan is not None:
            self._fact("final_plan_sent", day, "AssessmentOutcomeDate")
        elif assessment.outcome == "Y" and day is not None:
            self._fact("final_plan_sent", day, "AssessmentOutcomeDate")
            self._unknown("plan")
        elif plan is not None and plan.start is not None:
            self._fact("plan_taken_over", plan.start, "StartDate", made_on=plan.start.isoformat())
        elif plan is not None or assessment.outcome == "H":
            self._unknown("plan_made_on")                       # that there is one on the survey day is known all the same
            self._fact("plan_taken_over", self._standing, "")

    def _reversed(self, plan: Plan) -> None:
        """The plan that followed a refusal to issue one: issued on its own day, which is all that is said of it."""
        if plan.start is not None:
            self._fact("final_plan_sent", plan.start, "StartDate")
        else:
            self._unknown("plan_made_on")
            self._fact("plan_taken_over", self._standing, "")

    def _end(self, **told: Any) -> None:
        if not self._ended:
            self._ended = True
            self._unknown("ended_on")
            self._fact("ended_in_return", self.origin.day, "", **told)

    # --- the plan ------------------------------------------------------------------------------------------------------

    def _plan(self, plan: Plan) -> None:
        if plan.cease_date is not None:
            if plan.cease_reason == "5":
                self._fact("plan_transferred", plan.cease_date, "CeaseDate", side="old_authority")
            elif plan.cease_reason == "8":
                self._fact("child_died", plan.cease_date, "CeaseDate")
            else:
                self._fact("plan_ceased", plan.cease_date, "CeaseDate", cease_reason=CEASED.get(plan.cease_reason or ""))
        elif plan.cease_reason is not None:
            self._unknown("plan_ceased_on")
        terms = {"personal_budget": plan.personal_budget, "organised_arrangements": plan.organised,
                 "direct_payments_for": plan.direct_payments, "residential": plan.residential, "work_based": plan.work_based}
        if any(value is not None for value in terms.values()):
            self._fact("plan_terms_recorded", self._standing, "", **terms)
        for setting in plan.settings:
            self._fact("plan_setting_recorded", self._standing, "", rank=_rank(setting.rank), note=setting.other, **_where(setting))

    @property
    def _standing(self) -> date:
        """The day on which what the return describes stood so: the survey day, or the last of the plan."""
        plan = self.request.plan
        ended = plan.cease_date if plan else None
        return min(self.origin.day, ended) if ended and ended >= FIRST_DAY else self.origin.day

    def _active(self, active: Active, plan: Plan | None) -> None:
        needs = {need.rank: need.type for need in reversed(active.needs) if need.type}
        if needs:
            primary = needs.get("1") or next(iter(needs.values()))
            self._fact("needs_recorded", self._standing, "", primary=primary, secondary=needs.get("2")
            if needs.get("2") != primary else None)
        for placement in active.placements:
            residential = placement.residential or (active.residential if placement.rank == "1" else None)
            work_based = placement.work_based or (active.work_based if placement.rank == "1" else None)
            self._fact("placement_recorded", placement.entered or self._standing, "EntryDate" if placement.entered else "",
                       rank=_rank(placement.rank), note=placement.other, residential=residential, work_based=work_based,
                       entered_on=_iso(placement.entered), left_on=_iso(placement.left), **_where(placement))
        self._review(active, plan)
        self._transfer(active)

    def _review(self, active: Active, plan: Plan | None) -> None:
        outcome = REVIEWED.get(active.review_outcome or "")
        if active.review_meeting is not None:
            self._fact("review_meeting_held", active.review_meeting, "ReviewMeeting")
        if active.review_draft is not None:
            self._fact("amendment_notice_sent", active.review_draft, "ReviewDraft")
        if active.last_review is not None:
            self._fact("review_decision_sent", active.last_review, "LastReview", outcome=outcome)
            if outcome is None:
                self._unknown("review_outcome")
        elif outcome is not None:
            self._unknown("review_decided_on")
        since = active.review_meeting or active.last_review
        if outcome != "amend" or since is None:
            return
        if plan is not None and plan.start is not None and plan.start > since:
            # StartDate is that of the current plan: one that is younger than the review that amends it is the amended plan.
            self._fact("final_amended_plan_sent", plan.start, "StartDate", answers=[f"review:{since.isoformat()}"])
        else:
            self._unknown("amended_plan_on")

    def _transfer(self, active: Active) -> None:
        due, final = active.transfer_due, active.transfer_final
        if due is not None and (transfer := TRANSFERS.get((due.month, due.day))) is not None:
            by = min(filter(None, (self.origin.day, due, final - timedelta(days=1)
            if final else None)))    # known by then at the latest
            self._fact("phase_transfer_identified", by, "PhaseTransferDueDate",
                       transfer=transfer, year=due.year)
        elif due is not None:
            self._finding(NO_TRANSFER, active.place, "PhaseTransferDueDate", due,
            "the due day is neither 15 February nor 31 March, so which"
                          " phase transfer it is cannot be told; it was left out", "put the day right (regulation 18)")
            self._unknown("phase_transfer")
        if final is not None:
            self._fact("final_amended_plan_sent", final, "PhaseTransferFinalDate", answers=["phase_transfer"] if due else None)

    # --- the return itself --------------------------------------------------------------------------------------------------

    def _returned(self, assessment: Assessment | None) -> None:
        request, active, origin = self.request, self.request.active, self.origin
        self.out.facts.append(Told("taken_from_return", origin.day, _said({
            "source": origin.form, "sha256": origin.sha256, "survey_year": origin.year, "place": reference(request.place),
            "owner": origin.owner,
            "request_outcome": request.outcome, "request_mediation": request.mediation, "request_tribunal": request.tribunal,
            "exported": request.exported, "transferred_from": active.transferred_from if active else None,
            **({"assessment_outcome": assessment.outcome, "assessment_mediation": assessment.mediation,
                "assessment_tribunal": assessment.tribunal, "other_mediation": assessment.other_mediation,
                "other_tribunal": assessment.other_tribunal, "exception_applied": assessment.exception} if assessment else {}),
            "unknown": list(dict.fromkeys(self.out.unknown)) or None})))

    def _fact(self, kind: str, on: date, tag: str, **data: Any) -> None:
        """Add a fact, or say why its day cannot be taken."""
        if not FIRST_DAY <= on <= self.origin.today:
            when = "too long ago to be right" if on < FIRST_DAY else "in the future"
            self._finding(NO_DAY, self.request.place, tag, on, f"{tag or 'the survey day'} is {when}; {kind} was not taken",
                          "put the day right in the system that the file came from, and import it again")
            self._unknown(kind)
            return
        for name in ("left_on", "entered_on"):
            if data.get(name) and data[name] < FIRST_DAY.isoformat():
                data[name] = None
        self.out.facts.append(Told(kind, on, _said(data)))

    def _unknown(self, what: str) -> None:
        self.out.unknown.append(what)

    def _finding(self, rule: str, place: str, tag: str, value: date, says: str, do: str) -> None:
        self.out.findings.append(Finding(rule, Level.ERROR, place, says, do, tag or None, value.isoformat()))


def _said(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None} | {"how": FROM_RETURN}


def _where(setting: Setting) -> dict[str, Any]:
    return {"urn": setting.urn, "ukprn": setting.ukprn, "setting_code": setting.code, "sen_unit": setting.sen_unit,
            "resourced_provision": setting.resourced}


def _rank(rank: str | None) -> int | None:
    return int(rank) if rank else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def reference(place: str) -> str | None:
    """A place in a file as a fact holds it.

    >>> reference("line 120"), reference("requests row 17")
    ('line:120', 'requests:17')
    """
    words = place.split()
    return f"{words[0]}:{words[-1]}" if len(words) in (2, 3) and words[-1].isdigit() and words[0].isalnum() else None

