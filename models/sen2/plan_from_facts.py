"""From the facts of a case to the plan of the return: its terms, settings, placements, needs, last review and phase transfer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from models.case import Case
from models.facts import FROM_RETURN
from models.law.ceasing import CEASE_REASONS
from models.law.moves import is_gone
from models.law.record import Fact, as_day
from models.sen2 import codes
from models.sen2.finding import Finding, Level
from models.sen2.record import Active, Need, Placement, Plan, Setting
from models.sen2.rule import IN_WORDS, World

REVIEW_OUTCOMES = {"continue": "M", "cease": "C", "amend": "A"}
TRANSFER_DUE = {"secondary_to_post16": (3, 31), "other": (2, 15)}
"""Month and day by which the plan for a phase transfer is due, as the return gives them (regulation 18)."""

ABOUT = {"refused_to_assess": "request", "refused_to_issue": "assessment"}
APPEALABLE = (*ABOUT, "final_plan_sent", "plan_taken_over", "plan_transferred", "final_amended_plan_sent", "decided_not_to_amend",
              "review_decision_sent", "reassessment_decided", "cease_notice_sent")
"""The decisions against which an appeal, or about which mediation, can be: those of ABOUT have flags of their own."""

_BY_NAME = {"-".join(name.lower().replace(".", "").replace(",", "").split()): number for number, name in codes.COUNCILS.items()}


def council_number(told: str | None) -> str | None:
    """The number of a council, told by its number or by its name as a reference; None where it is neither.

    >>> council_number("886"), council_number("kent"), council_number("atlantis")
    ('886', '886', None)
    """
    if told is None or told in codes.OTHER_COUNCIL.words:
        return told
    return _BY_NAME.get(told.lower().replace("_", "-"))


def issued_on(case: Case) -> date | None:
    """The day on which the final plan was issued: that on which it went to the family, where it went to several one after the
    other."""
    sent = case.all("final_plan_sent")
    to_family = [fact for fact in sent if fact["sent_to"] is None or "family" in fact["sent_to"]]
    return min((fact.on for fact in to_family or sent), default=None)


@dataclass
class Teller:
    """Tells one case, as it stands on the survey day, in the words of the return."""

    case: Case
    world: World
    texts: Mapping[str, str]
    person: str | None
    findings: list[Finding]

    @cached_property
    def told(self) -> Fact | None:
        """What the latest return said that no dated fact can hold, where the case came from one."""
        return self.case.last("taken_from_return")

    def said(self, name: str) -> Any:
        """What an officer found out for the return, else what the latest return said; None where neither says it."""
        found = [fact for fact in self.case.all("return_items_recorded") if fact[name] is not None]
        if found:
            return max(found, key=lambda fact: (fact.on, fact.number))[name]
        return self.told[name] if self.told and name in self.told.data else None

    # --- mediation and appeals -------------------------------------------------------------------------------------

    def flag(self, about: str, way: str, told: str, decision: Fact | None) -> bool | None:
        """Whether there was mediation, or an appeal, about the decision to assess, the one to issue, or another."""
        return self.answer((about, way) in self._brought, told, decision)

    def answer(self, known: bool, told: str, decision: Fact | None) -> bool | None:
        """Yes where it is on record or a return says so. No where the decision was taken here; what a return left open stays open."""
        if known:
            return True
        said = self.said(told)
        if said is not None:
            return bool(said)
        foreign = self.told is not None and (decision is None or decision["how"] == FROM_RETURN)
        return None if foreign else False

    @cached_property
    def _brought(self) -> set[tuple[str, str]]:
        found = set()
        for way, kinds in (("mediation", ("mediation_held",)), ("tribunal", ("appeal_lodged", "appeal_registered"))):
            found |= {(self._about(fact), way) for fact in self.case.all(*kinds)}
        return found

    def _about(self, fact: Fact) -> str:
        """Which decision it is about: the one that it names, else the latest before it."""
        answers = fact["answers"] or ()
        named = {one.partition(":")[2] for one in ([answers] if isinstance(answers, str) else answers) if one.startswith("decision:")}
        decisions = [one for one in self.case.facts if one.kind in APPEALABLE and one.on <= fact.on]
        chosen = [one for one in decisions if one.on.isoformat() in named] or decisions
        if not chosen:
            return "request" if self.case.plan_began is None else "other"
        return ABOUT.get(chosen[-1].kind, "other")

    # --- other councils --------------------------------------------------------------------------------------------

    def other_council(self, fact: Fact, what: str) -> str:
        """The number of the council that a fact names; XXX for abroad, and for one that is not known, which is then found as F02."""
        said = self.said("exported") if what == "moved" else None
        if said:
            return str(said)
        told = fact["to"]
        number = None if told == self.world.council else council_number(told)
        if number is None and told != "outside_england":
            self.findings.append(Finding(
                "F02", Level.QUERY, self.case.ref,
                f"Which council the person {what} {'to' if what == 'moved' else 'with a plan'} is not"
                f" known, so {codes.NOT_KNOWN} is returned.", "Give its number, or say in a note that it is not"
                f" known. `ehc record {self.case.ref} return_items_recorded {'exported' if what == 'moved' else 'transferred_from'}=202`",
                "Exported" if what == "moved" else "TransferLA", codes.NOT_KNOWN, self.case.ref, self.person))
        return number or codes.NOT_KNOWN

    @cached_property
    def transferred_from(self) -> str | None:
        """The council from which the plan came, if it came in the collection year."""
        came = [fact for fact in self.case.all("plan_transferred") if not is_gone(fact)]
        if came:
            return self._came_from(came[-1]) if self.world.is_in_year(came[-1].on) else None
        began = self.case.plan_began
        returned = self.told is not None and self.told["survey_year"] == self.world.year
        if returned or (began is not None and began.kind == "plan_taken_over" and self.world.is_in_year(began.on)):
            said = self.said("transferred_from")
            return str(said) if said else None
        return None

    def _came_from(self, fact: Fact) -> str:
        said = self.said("transferred_from")
        return str(said) if said else self.other_council(fact, "came from")

    # --- the plan --------------------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """The plan of the case, which has one: of several terms recorded, the latest."""
        began = self.case.plan_began
        if began is None:
            raise ValueError(f"{self.case.ref} has no plan")
        own = began.kind == "final_plan_sent"
        made = None if own else began["made_on"]
        plan = Plan(place=self.case.ref, start=issued_on(self.case) if own else as_day(made) if made else began.on)
        terms = self.case.last("plan_terms_recorded")
        if terms is not None:
            plan.personal_budget, plan.organised = terms["personal_budget"], terms["organised_arrangements"]
            plan.direct_payments = terms["direct_payments_for"]
            plan.residential, plan.work_based = terms["residential"], terms["work_based"]
        plan.settings = self._settings()
        plan.cease_date, plan.cease_reason = self._ceased()
        return plan

    def _ceased(self) -> tuple[date | None, str | None]:
        """The day on which the duty to maintain the plan ended, not that of the decision, and the reason."""
        ended = self.case.ended
        if ended is None:
            return None, None
        match ended.kind:
            case "plan_ceased":
                reason = CEASE_REASONS.get(ended["cease_reason"])
                return ended.on, str(reason[0]) if reason else None
            case "plan_transferred":
                return ended.on, "5"
            case "child_died":
                return ended.on, "8"
            case "moved_away":
                return ended.on, "7" if ended["to"] == "outside_england" else "5"
        return None, None

    def _settings(self) -> list[Setting]:
        """The settings that the plan names: those recorded since the main one was last recorded, the latest of each rank."""
        recorded = self.case.all("plan_setting_recorded")
        since = max((fact.on for fact in recorded if fact["rank"] == 1), default=date.min)
        latest = {fact["rank"]: fact for fact in sorted(recorded, key=lambda one: (one.on, one.number)) if fact.on >= since}
        return [Setting(**self._where(fact)) for _, fact in sorted(latest.items(), key=lambda one: one[0] or 0)]

    def _where(self, fact: Fact) -> dict[str, Any]:
        return {"urn": fact["urn"], "ukprn": fact["ukprn"], "code": fact["setting_code"], "rank": str(fact["rank"])
        if fact["rank"] else None,
                "sen_unit": fact["sen_unit"], "resourced": fact["resourced_provision"], "place": self.case.ref,
                "other": self._words(fact["note"]) if fact["setting_code"] in IN_WORDS else None}

    def _words(self, note: Any) -> str | None:
        """The words of a note: a fact that is on record holds their id, and they may have been erased."""
        return self.texts.get(note["text"]) if isinstance(note, Mapping) else note

    # --- how it stands ---------------------------------------------------------------------------------------------

    def active(self) -> Active:
        """How the plan stands on the survey day, or stood in the year in which it ended."""
        active = Active(place=self.case.ref, transferred_from=self.transferred_from, placements=list(self._placements()))
        needs = self.case.last("needs_recorded")
        if needs is not None:
            active.needs = [Need(type=needs[name], rank=rank, place=self.case.ref) for name, rank in (("primary", "1"), ("secondary",
            "2"))
                            if needs[name]]
        self._last_review(active)
        self._phase_transfer(active)
        if self.world.year < 2024:                       # until then these stood beside the placements, once
            main = next((one for one in active.placements if one.rank == "1" and one.is_open_on(self.world.survey)), None)
            active.residential, active.work_based = (main.residential, main.work_based) if main else (None, None)
            for one in active.placements:
                one.residential = one.work_based = None
        return active

    def _placements(self) -> Iterable[Placement]:
        """Every placement of the collection year and of the survey day; what was recorded later of the same one counts."""
        latest: dict[tuple[Any, ...], Fact] = {}
        for fact in sorted(self.case.all("placement_recorded"), key=lambda one: one.number):
            latest[fact["urn"], fact["ukprn"], fact["setting_code"], fact["entered_on"]] = fact
        for fact in latest.values():
            entered, left = (as_day(fact[name]) if fact[name] else None for name in ("entered_on", "left_on"))
            if (left is None or left >= self.world.opens) and (entered is None or entered <= self.world.survey):
                yield Placement(**self._where(fact), entered=entered, left=left, residential=fact["residential"],
                                work_based=fact["work_based"])

    def _last_review(self, active: Active) -> None:
        """The last review only: its meeting, and the day and outcome of the letter with the decision, once that has gone."""
        held = [one for one in self.case.occasions["review"] if one.has("review_meeting_held", "review_decision_sent")]
        if not held:
            before = next((fact["last_reviewed_on"] for fact in self.case.all("plan_taken_over", "plan_transferred")
                           if fact["last_reviewed_on"]), None)
            active.last_review = as_day(before) if before else None
            return
        last = max(held, key=lambda one: (one.of, one.place))
        meeting, decision, draft = (last.last(kind) for kind in ("review_meeting_held", "review_decision_sent",
        "amendment_notice_sent"))
        active.review_meeting = meeting.on if meeting else None
        active.review_draft = draft.on if draft else None
        if decision is not None:
            active.last_review, active.review_outcome = decision.on, REVIEW_OUTCOMES.get(decision["outcome"])

    def _phase_transfer(self, active: Active) -> None:
        """The latest phase transfer of the collection year or of the year after, unless it was decided that there is none."""
        for one in reversed(self.case.occasions["phase_transfer"]):
            identified = one.facts[0]
            on = as_day(identified["transfer_on"]) if identified["transfer_on"] else None
            year = identified["year"] or (on.year if on else None)
            if one.has("phase_transfer_excluded") or year not in (self.world.year - 1, self.world.year):
                continue
            month_and_day = TRANSFER_DUE.get(identified["transfer"])
            active.transfer_due = date(year, *month_and_day) if month_and_day else next(
                (owed.due_on for owed in self.case.duties if owed.duty.id == "post16_to_post16" and owed.occasion == one.key), None)
            final = one.last("final_amended_plan_sent")
            active.transfer_final = final.on if final else None
            return
