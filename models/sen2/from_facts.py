"""From the facts of a person's cases to the return of a year: who is returned, with what outcome, and what is derived.

The facts keep what really happened; what the return asks for instead, such as the outcome H for what was decided before the
collection year, is worked out here and kept nowhere. Source of the rules: the guide as public sources quote it.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from models.case import Case
from models.facts import FROM_RETURN
from models.law.deadlines import day_told
from models.law.record import Fact
from models.law.request import DAY_ZERO
from models.sen2 import codes
from models.sen2.finding import Finding, Level
from models.sen2.plan_from_facts import Teller, issued_on
from models.sen2.record import Assessment, Person, Request
from models.sen2.rule import World

SOURCES = {"parent": "1", "young_person": "1", "family": "1", "setting": "2", "health": "3", "social_care": "4", "other": "5"}
"""Who asked, as the return codes it (2.2)."""

GENDERS = {"M": "1", "F": "2"}
WITHOUT_A_PLAN = ("refused_to_assess", "refused_to_issue", "withdrawal_accepted", "moved_away", "child_died", "ended_in_return")
"""With what a case ends that leads to no plan."""

EndsUntil = Literal["year_end", "survey_day"]


@dataclass(frozen=True, slots=True)
class Who:
    """The person: what the return asks beside the cases. What is shown of it for a log names nobody."""

    ref: str
    name: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    surname: str | None = field(default=None, repr=False)
    forename: str | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    ethnicity: str | None = field(default=None, repr=False)
    postcode: str | None = field(default=None, repr=False)
    upn: str | None = field(default=None, repr=False)
    uln: str | None = field(default=None, repr=False)
    upn_unknown: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """What a person's cases put into a return: nothing where none of them belongs to that year; and what is to be looked at."""

    person: Person | None
    findings: tuple[Finding, ...] = ()


def returned(who: Who | None, cases: Sequence[Case], world: World, *, texts: Mapping[str, str] | None = None,
             ends_until: EndsUntil = "year_end", erased: bool = False) -> Returned:
    """The record of a person for the return of a year, from all cases about the person as they stand on its survey day
    (`as_of`).

    `texts` are the free texts by the id that stands in the facts. A refusal or a withdrawal after 31 December belongs to the next
    return: with `ends_until` "year_end" it has not happened yet in this one, and the work is open; "survey_day" tells it.
    `who` is None for cases in which nobody is named: they are not returned, and each is found as F01, or as F04 where the personal data
    were erased.
    """
    findings: list[Finding] = []
    requests = []
    for case in sorted(cases, key=lambda one: (one.begun_on or date.max, one.ref)):
        request = _Teller(_at_the_end(case, world, ends_until), world, texts or {}, who.ref if who else None, findings).request()
        if request is not None:
            requests.append(request)
    if who is None:
        return Returned(None, tuple(_nobody(one.key or "", erased) for one in requests))
    return Returned(_person(who, requests, world) if requests else None, tuple(findings))


def _nobody(ref: str, erased: bool) -> Finding:
    if erased:
        return Finding("F04", Level.QUERY, ref, "The personal data of the case were erased, so it is left out of the return.",
                       "Say in a note that it is missing, and why.", case_ref=ref)
    return Finding("F01", Level.ERROR, ref, "Nobody is named in the case, so it cannot be returned.",
                   f"Say whom it is about. `ehc person {ref} --name NAME --born DATE`", case_ref=ref)


def as_of(ref: str, facts: Iterable[Fact], world: World, bank_holidays: Container[date]) -> Case:
    """The case as it stands on the survey day. What an officer found out for the return counts whenever that was."""
    told = [replace(fact, on=min(fact.on, world.survey)) if fact.kind == "return_items_recorded" else fact for fact in facts]
    return Case.of(ref, told, world.survey, bank_holidays)


def _person(who: Who, requests: list[Request], world: World) -> Person:
    surname, forename = who.surname, who.forename
    words = (who.name or "").split()
    if len(words) == 2 and not (surname or forename):        # of a longer name nobody can tell where the surname begins
        forename, surname = words
    sex = who.sex if world.year >= 2024 else None
    return Person(
        surname=surname, forename=forename, birth_date=who.birth_date, sex=sex,
        gender=GENDERS.get(who.sex or "") if world.year < 2024 else None, ethnicity=who.ethnicity, postcode=who.postcode, upn=who.upn,
        uln=who.uln, upn_unknown=who.upn_unknown, requests=requests, key=who.ref, place=who.ref)


def _at_the_end(case: Case, world: World, ends_until: EndsUntil) -> Case:
    """The case without what ended it after 31 December, where that belongs to the next return."""
    if ends_until == "survey_day" or case.plan_began is not None:
        return case
    kept = tuple(fact for fact in case.facts if fact.kind not in WITHOUT_A_PLAN or (_ended_on(case, fact)
    or date.min) <= world.closes)
    if len(kept) == len(case.facts):
        return case
    return Case(case.ref, tuple(map(_still_open, kept)), case.on, case.bank_holidays)


def _still_open(fact: Fact) -> Fact:
    """What an earlier return said, without an end that has not come yet in this one."""
    if fact.kind != "taken_from_return":
        return fact
    ends = {name: None for name in ("request_outcome", "assessment_outcome") if fact[name] in ("N", "W")}
    return replace(fact, data={**fact.data, **ends}) if ends else fact


def _ended_on(case: Case, fact: Fact) -> date | None:
    """The day on which a fact counts: that on which the family was told; what a return says had ended, had by the year it is
    about."""
    if fact.kind == "ended_in_return":
        return date(fact.on.year - 1, 12, 31)
    return day_told(fact, {"family_told_of_decision": case.all("family_told_of_decision")})


@dataclass
class _Teller(Teller):
    """Tells one case as a block of requests."""

    def request(self) -> Request | None:
        """The block, or None where the case does not belong to this year's return."""
        case = self.case
        if case.day_zero is None and case.plan_began is None:
            return None
        outcome, day, decision = self._decision()
        exported = self._exported(outcome)
        assessment = None if exported else self._assessment(outcome)
        active = self.active() if assessment is not None and assessment.plan is not None else None
        request = Request(
            key=case.ref, place=case.ref, received=case.day_zero, outcome=outcome, outcome_date=day, exported=exported,
            assessment=assessment, active=active)
        if outcome != "H":
            request.source = self._source()
            request.youth_accommodation = self._in_youth_accommodation()
        if outcome in ("Y", "N"):
            request.mediation = self.flag("request", "mediation", "request_mediation", decision)
            request.tribunal = self.flag("request", "tribunal", "request_tribunal", decision)
        return request if self._belongs(request) else None

    def _belongs(self, request: Request) -> bool:
        """Whether it is open or in force, or ended in the collection year or after."""
        opens, plan, assessment = self.world.opens, request.plan, request.assessment
        if plan is not None:
            return plan.cease_date is None or plan.cease_date >= opens
        ended = self.case.ended
        if ended is not None:
            return (_ended_on(self.case, ended) or opens) >= opens
        code, day = (assessment.outcome, assessment.outcome_date) if assessment else (request.outcome, request.outcome_date)
        if code in ("N", "W") or request.exported:
            return day >= opens if day else self.told is None or self.told["survey_year"] == self.world.year
        return True

    def _first(self, yes: str, no: str) -> tuple[date, Fact] | None:
        """The first of two decisions that was told, and the day it was told: one that was reversed keeps its outcome and its day."""
        for fact in self.case.facts:
            if fact.kind in (yes, no) and (day := _ended_on(self.case, fact)) is not None:
                return day, fact
        return None

    def _decision(self) -> tuple[str, date | None, Fact | None]:
        """Outcome and day of the decision whether to assess. What was decided before the collection year is H."""
        first = self._first("decided_to_assess", "refused_to_assess")
        if first is not None:
            day, fact = first
            if fact.kind == "refused_to_assess":
                return "N", day, fact
            return ("H", None, fact) if day < self.world.opens else ("Y", day, fact)
        code = self.told["request_outcome"] if self.told else None
        if code in ("Y", "N", "H"):
            earlier = (self.told["survey_year"] or 0) < self.world.year
            return ("H" if code == "Y" and earlier else code), None, None
        began = self.case.plan_began
        if began is not None:
            return ("Y" if began.kind == "final_plan_sent" else "H"), None, None
        return ("W" if self.case.ended is not None or code == "W" else "A"), None, None

    def _exported(self, outcome: str) -> str | None:
        """The council to which the person moved before the assessment ended."""
        if outcome == "N" or self.case.plan_began is not None or self.case.has("refused_to_issue"):
            return None
        ended = self.case.ended
        if ended is not None and ended.kind == "moved_away":
            return self.other_council(ended, "moved")
        if ended is not None and ended.kind == "ended_in_return" and ended["to"]:
            return self.other_council(ended, "moved")
        return self.said("exported") if ended is None or ended.kind == "ended_in_return" else None

    def _source(self) -> str | None:
        first = min(self.case.all(*DAY_ZERO), key=lambda fact: (fact.on, fact.number), default=None)
        return SOURCES.get(first["requested_by"]) if first else None

    def _in_youth_accommodation(self) -> bool | None:
        for fact in self.case.all(*DAY_ZERO):
            if fact["detained"] is not None:
                return bool(fact["detained"])
        said = self.said("youth_accommodation")
        foreign = any(fact["how"] == FROM_RETURN for fact in self.case.all(*DAY_ZERO))
        return bool(said) if said is not None else None if foreign else False

    # --- the assessment ------------------------------------------------------------------------------------------------

    def _assessment(self, request_outcome: str) -> Assessment | None:
        case, told = self.case, self.told
        begun = request_outcome in ("Y", "H") or (request_outcome == "N" and (
            case.has("decided_to_assess", "decided_to_issue", "refused_to_issue") or case.plan_began is not None
            or bool(told and told["assessment_outcome"])))
        if not begun:
            return None
        outcome, day, decision = self._decision_to_issue()
        assessment = Assessment(outcome=outcome, outcome_date=day, place=case.ref)
        if outcome in ("A", "W"):
            return assessment
        if outcome in ("Y", "N"):
            assessment.mediation = self.flag("assessment", "mediation", "assessment_mediation", decision)
            assessment.tribunal = self.flag("assessment", "tribunal", "assessment_tribunal", decision)
        assessment.other_mediation = self.flag("other", "mediation", "other_mediation", case.plan_began or decision)
        assessment.other_tribunal = self.flag("other", "tribunal", "other_tribunal", case.plan_began or decision)
        if outcome == "Y" and day is not None:
            assessment.exception = self._exception(decision)
        if case.plan_began is not None:
            assessment.plan = self.plan()
        return assessment

    def _decision_to_issue(self) -> tuple[str, date | None, Fact | None]:
        """Outcome and day of the decision whether to issue a plan: that day is the one on which the plan was issued.

        H where that was before the collection year, or where the plan came from another council, whatever the days.
        """
        case, began = self.case, self.case.plan_began
        first = self._first("decided_to_issue", "refused_to_issue")
        if began is not None and began.kind != "final_plan_sent":
            return "H", None, began
        if first is not None and first[1].kind == "refused_to_issue":
            return "N", *first
        issued = issued_on(case)
        if issued is not None:
            return ("H", None, began) if issued < self.world.opens else ("Y", issued, began)
        if first is not None or case.has("decided_to_issue"):
            return "Y", None, first[1] if first else None
        code = self.told["assessment_outcome"] if self.told else None
        if code in ("Y", "N", "H"):
            return code, None, None
        return ("W" if case.ended is not None or code == "W" else "A"), None, None

    def _exception(self, decision: Fact | None) -> bool | None:
        """Whether an exception to the 20 weeks applied: one that the law allows, or one of which a return tells."""
        owed = self.case.duty("finalise_plan") if self.case.has("exception_claimed") else None
        if owed is not None and owed.excused_by:
            return True
        return self.answer(False, "exception_applied", decision)


def world_of(year: int, council: str | None = None) -> World:
    """What holds for the return of a year. Raises KeyError where its survey day is not known."""
    survey = codes.SURVEY_DAYS[year]
    return World(year, survey, survey, council)
