"""A case: its record read whole. Stage, duties, who holds it and since when, and what its state cannot bear."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from models.law.advisers import ADVISERS, Required, fact_about_child, may_reuse, required_advisers
from models.law.dates import long
from models.law.deadlines import Owed, duties_of
from models.law.exceptions import judge
from models.law.plan import SECTIONS
from models.law.record import BadRecord, Fact, as_day, standing
from models.law.request import DAY_ZERO
from models.law.rulebook import UnknownDuty
from models.law.rulebook import duty as row


class Stage(StrEnum):
    """Where a case stands, from the request to the final plan or another end."""

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
    T_REFUSED_ASSESS = "T_REFUSED_ASSESS"
    T_REFUSED_ISSUE = "T_REFUSED_ISSUE"
    T_WITHDRAWN = "T_WITHDRAWN"
    T_MOVED_BEFORE_PLAN = "T_MOVED_BEFORE_PLAN"
    T_MOVED_OUTSIDE_ENGLAND = "T_MOVED_OUTSIDE_ENGLAND"
    T_DECEASED = "T_DECEASED"

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
    Stage.T_REFUSED_ASSESS: "ended: refusal to assess stands", Stage.T_REFUSED_ISSUE: "ended: refusal to issue stands",
    Stage.T_WITHDRAWN: "ended: request withdrawn", Stage.T_MOVED_BEFORE_PLAN: "ended: moved before a plan was made",
    Stage.T_MOVED_OUTSIDE_ENGLAND: "ended: moved outside England", Stage.T_DECEASED: "ended: the child died",
}

ADVISER_ROLES = {
    "adv_a_parent_yp": "family", "adv_b_education": "setting", "adv_b_mod": "mod", "adv_b_sensory": "sensory_team",
    "adv_c_medical": "rcb", "adv_d_psychology": "ep_service", "adv_e_social_care": "social_care", "adv_f_other": "other",
    "adv_g_pfa": "pfa", "adv_h_requested": "requested",
}
"""Who is asked for each advice: the role to which its messages go."""

ENDS = {"child_died": Stage.T_DECEASED, "moved_away": Stage.T_MOVED_BEFORE_PLAN, "withdrawal_accepted": Stage.T_WITHDRAWN}


@dataclass(frozen=True)
class Case:
    """One case as its facts tell it on the day `on`. Everything here is worked out; nothing is kept."""

    ref: str
    facts: tuple[Fact, ...]
    on: date
    bank_holidays: Container[date]

    @classmethod
    def of(cls, ref: str, facts: Iterable[Fact], on: date, bank_holidays: Container[date]) -> "Case":
        """The case whose record is `facts`, as it stands on `on`; facts that happened later are left out."""
        return cls(ref, tuple(fact for fact in standing(facts) if fact.on <= on), on, bank_holidays)

    # --- reading the record ----------------------------------------------------------------------------------

    def all(self, *kinds: str, **fields: Any) -> list[Fact]:
        """The standing facts of these kinds whose fields have these values, in the order in which they happened."""
        return [fact for kind in kinds for fact in self._by_kind.get(kind, ())
                if all(fact[name] == value for name, value in fields.items())]

    def last(self, *kinds: str, **fields: Any) -> Fact | None:
        """The latest of those facts, or None."""
        return max(self.all(*kinds, **fields), key=lambda fact: fact.on, default=None)

    def has(self, *kinds: str, **fields: Any) -> bool:
        """Whether there is such a fact."""
        return bool(self.all(*kinds, **fields))

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(fact.kind, []).append(fact)
        return found

    @cached_property
    def day_zero(self) -> date | None:
        """The day from which the 6, 16 and 20 weeks run: the earliest of receipt and responsibility."""
        return min((fact.on for fact in self.all(*DAY_ZERO)), default=None)

    @cached_property
    def child(self) -> Mapping[str, Any]:
        """What is on record about the child or young person that the law asks about."""
        return fact_about_child(self.facts)

    @cached_property
    def setting(self) -> str | None:
        """Reference of the setting attended, if any."""
        return next((f["setting"] for f in reversed(self.all(*DAY_ZERO, "circumstances_recorded")) if f["setting"]), None)

    @cached_property
    def owner(self) -> str | None:
        """The officer who holds the case."""
        return next((fact["owner"] for fact in reversed(self.facts) if fact["owner"]), None)

    # --- what is owed ----------------------------------------------------------------------------------------

    @cached_property
    def terms(self) -> tuple[Owed, ...]:
        """Every duty with its days, without a state."""
        return tuple(duties_of(self.facts, self.bank_holidays))

    @cached_property
    def duties(self) -> tuple[Owed, ...]:
        """Every duty as it stands on the case's day."""
        return tuple(owed.on(self.on) for owed in self.terms)

    def duty(self, id: str, adviser: str | None = None, party: str | None = None) -> Owed | None:
        """The first instance of a duty, or the one for this adviser or party; None if it has not arisen."""
        return next((owed for owed in self.duties if owed.duty.id == id and adviser in (None, owed.adviser)
                     and party in (None, owed.party)), None)

    @cached_property
    def advisers(self) -> tuple[Required, ...]:
        """Whose advice the law requires in this case."""
        return required_advisers(self.child)

    @cached_property
    def advice_outstanding(self) -> tuple[str, ...]:
        """The required advice that has neither arrived, nor been replaced under reg 6(4), nor been given up for a recorded
        reason."""
        return tuple(need.adviser for need in self.advisers if not self._advice_is_in(need.adviser))

    def _advice_is_in(self, adviser: str) -> bool:
        """Whether this advice is complete: from every agency where several give it, and not asked for anew since."""
        done = [fact for fact in self._advice_done if fact["adviser"] == adviser]
        asked = self.all("advice_requested", adviser=adviser)
        agencies = self._agencies_for(adviser)
        if len(agencies) < 2:
            agencies = {None}
        for agency in agencies:
            about = [fact.on for fact in done if agency is None or fact["agency"] == agency
                     or (fact.kind == "advice_not_obtainable" and fact["agency"] is None)]
            if not about or any(fact.on > max(about) for fact in asked if agency in (None, fact["agency"])):
                return False
        return True

    @cached_property
    def _advice_done(self) -> list[Fact]:
        reused = [fact for fact in self.all("existing_advice_sufficed") if may_reuse(fact) is None]
        return self.all("advice_received", "advice_not_obtainable") + reused

    def _agencies_for(self, adviser: str) -> set[str]:
        """The agencies that give this advice, as far as they are named: those the law requires and those asked."""
        named = {fact["agency"] for fact in self.all("advice_requested", "advice_delivered", adviser=adviser)}
        if adviser == "adv_f_other":
            named |= set(self.child.get("others_thought_appropriate", ()))
        elif adviser == "adv_h_requested":
            named |= set(self.child.get("reasonable_requests", ()))
        return {agency for agency in named if agency}

    # --- where it stands -------------------------------------------------------------------------------------

    @cached_property
    def stage(self) -> Stage:
        """Where the case stands on its day."""
        return self._stage_and_since[0]

    @property
    def stage_since(self) -> date | None:
        """The day from which it has stood there."""
        return self._stage_and_since[1]

    @cached_property
    def _stage_and_since(self) -> tuple[Stage, date | None]:
        ended = self.last(*ENDS)
        continued = self.last("request_continued")
        if ended and not (ended.kind == "withdrawal_accepted" and continued and continued.on >= ended.on):
            abroad = ended.kind == "moved_away" and ended["to"] == "outside_england"
            return (Stage.T_MOVED_OUTSIDE_ENGLAND if abroad else ENDS[ended.kind]), ended.on
        final = self.last("final_plan_sent")
        if final:
            return Stage.S55_FINALISED, final.on
        issue = self.last("decided_to_issue", "refused_to_issue")
        assess = self.last("decided_to_assess", "refused_to_assess")
        if issue and issue.kind == "refused_to_issue":
            return self._refused(issue, Stage.S35_REFUSED_TO_ISSUE, Stage.T_REFUSED_ISSUE)
        if issue:
            return self._drafting(issue)
        if assess and assess.kind == "refused_to_assess":
            return self._refused(assess, Stage.S15_REFUSED_TO_ASSESS, Stage.T_REFUSED_ASSESS)
        if assess:
            return self._assessing(assess)
        told = self.all("family_told_considering", "partner_told_considering", "family_consulted")
        if told:
            return Stage.S10_CONSIDERING, min(fact.on for fact in told)
        return Stage.S00_INTAKE, self.day_zero

    def _refused(self, decision: Fact, running: Stage, ended: Stage) -> tuple[Stage, date]:
        window = self.duty("lodge_appeal")
        if window is None or window.due_on is None or self.on <= window.due_on or window.met_on is not None:
            return running, decision.on
        return ended, window.due_on + timedelta(days=1)

    def _assessing(self, decision: Fact) -> tuple[Stage, date]:
        if self.advice_outstanding:
            return Stage.S20_ASSESSING, decision.on
        return Stage.S30_DECIDING_PLAN, max(decision.on, *(fact.on for fact in self._advice_done))

    def _drafting(self, decision: Fact) -> tuple[Stage, date]:
        served = self.last("draft_plan_served")
        if served is None:
            return Stage.S40_DRAFTING, decision.on
        window = self.duty("draft_representation_window")
        if window and window.due_on and self.on <= window.due_on:
            return Stage.S45_DRAFT_ISSUED, served.on
        return Stage.S50_CONSULTING_SETTINGS, window.due_on + timedelta(days=1) if window and window.due_on else served.on

    @cached_property
    def held_by(self) -> tuple[str, ...]:
        """Who holds the case now: roles, such as ("council",), ("family",) or ("ep_service", "rcb")."""
        match self.stage:
            case Stage.S20_ASSESSING:
                asked = {fact["adviser"] for fact in self.all("advice_requested") if not self._declined_since(fact)}
                waiting = tuple(dict.fromkeys(ADVISER_ROLES[a] for a in self.advice_outstanding if a in asked))
                return waiting if asked.issuperset(self.advice_outstanding) else ("council", *waiting)
            case Stage.S45_DRAFT_ISSUED:
                return ("family",)
            case Stage.S50_CONSULTING_SETTINGS:
                answers = tuple(owed.party or "setting" for owed in self.duties
                                if owed.duty.id == "setting_consult_response" and owed.is_live and owed.state == "open")
                return answers or ("council",)
            case Stage.S15_REFUSED_TO_ASSESS | Stage.S35_REFUSED_TO_ISSUE:
                window = self.duty("lodge_appeal")
                return ("family",) if window and window.starts_on else ("council",)    # its notice has yet to go
        return () if self.stage.is_terminal else ("council",)

    def _declined_since(self, request: Fact) -> bool:
        return any(fact.on >= request.on and request["agency"] in (None, fact["agency"])
                   for fact in self.all("advice_declined", adviser=request["adviser"]))

    @cached_property
    def held_since(self) -> date | None:
        """The day since which they hold it."""
        if self.stage is Stage.S20_ASSESSING and self.held_by and self.held_by[0] != "council":
            asked = [fact.on for fact in self.all("advice_requested") if fact["adviser"] in self.advice_outstanding
                     and not any(done.on >= fact.on and done["adviser"] == fact["adviser"]
                                 and fact["agency"] in (None, done["agency"]) for done in self._advice_done)]
            return min(asked, default=self.stage_since)
        return self.stage_since

    # --- messages already written ----------------------------------------------------------------------------

    @cached_property
    def queued(self) -> frozenset[str]:
        """Keys of the messages that were written to the outbox."""
        return frozenset(fact["key"] for fact in self.all("message_queued"))


def final_plan_gaps(case: Case) -> list[str]:
    """What stands between the prepared final plan and its sending, each with its source; empty if it may go.

    Sections A to K (reg 12), section G agreed by the commissioning body (reg 12(2)), a draft that named no setting
    (s.38(5)), the family's 15 days over (reg 13(1)(a)), a meeting held if required, the named setting consulted
    (s.39, s.40).
    """
    plan = case.last("final_plan_prepared")
    if plan is None:
        return ["no final plan is prepared: record final_plan_prepared"]
    gaps = [f"section {name} ({words}) is missing ({source})"
            for name, (words, source) in SECTIONS.items() if name not in (plan["sections"] or ())]
    if not case.has("section_g_agreed"):
        gaps.append("section G is not agreed by the responsible commissioning body (reg 12(2))")
    served = case.last("draft_plan_served")
    if served is None:
        gaps.append("no draft plan was served on the family (s.38(2), reg 13(1))")
    else:
        if plan.on < served.on:
            gaps.append(f"the final plan was prepared on {long(plan.on)}, before the draft that was served on {long(served.on)}:"
                        " prepare it from that draft and what the family said about it (reg 14(1))")
        window = case.duty("draft_representation_window")
        if window and case.on <= window.due_on:
            gaps.append(f"the family's 15 days run until {long(window.due_on)}; the plan may be sent from the day after"
                        " (reg 13(1)(a))")
    draft = case.last("draft_plan_prepared")
    if draft and (draft["names_setting"] or "I" in (draft["sections"] or ())):
        gaps.append("the draft named a setting or type, which s.38(5) forbids: serve a draft that names none")
    meeting = case.duty("hold_draft_meeting")
    if meeting and meeting.is_live:
        gaps.append("the family required a meeting that has not been held (reg 13(1)(a)(ii))")
    named = plan["setting"]
    if named:
        reply = case.duty("setting_consult_response", party=named)
        if reply is None:
            gaps.append(f"{named} was not consulted before being named (s.39(2), s.40(3))")
        elif reply.is_live and case.on <= reply.due_on:
            gaps.append(f"{named} may answer the consultation until {long(reply.due_on)} (Code 9.83)")
    for owed in case.duties:
        if owed.duty.id in ("consult_requested_setting", "name_requested_setting") and owed.is_live \
                and owed.party != named:
            gaps.append(f"the family requested {owed.party}: " + (
                "consult it (s.39(2))" if owed.duty.id == "consult_requested_setting"
                else "name it, or record setting_request_refused with reasons (s.39(4))"))
    return gaps


def refusal(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    """Why this case cannot bear this fact, and what to do instead; None if it can.

    Late and out-of-order facts are welcome: only what contradicts the record, or what the law does not allow, is not.
    """
    if kind in DAY_ZERO:
        again = case.last(kind)
        return f"{kind} is on record already ({again}). If its day was wrong, record fact_corrected." if again else None
    if kind == "fact_corrected":
        return _bad_correction(case, data)
    if case.day_zero is None:
        return (f"{kind} cannot come first: no request is on record. Record request_received (or became_responsible), which"
                " starts the 6, 16 and 20 weeks, then this.")
    if on < case.day_zero:
        return (f"{kind} on {long(on)} is before the request of {long(case.day_zero)}. Check the day, or correct the day of the"
                " request with fact_corrected.")
    ended = case.last(*ENDS)
    if ended and on > ended.on and case.stage.is_terminal and kind not in _AFTER_THE_END:
        return f"the case ended with {ended}; nothing that happened later belongs to it. If that was wrong, record fact_corrected."
    if kind in _DECISIONS:
        return _bad_decision(case, kind, on, data)
    if kind == "exception_claimed":
        return _bad_claim(case, on, data)
    if kind == "existing_advice_sufficed":
        return may_reuse(Fact(case.ref, 0, kind, on, data))
    if kind in ("draft_plan_prepared", "draft_plan_served") and (data.get("names_setting") or "I" in (data.get("sections") or ())):
        return "a draft plan must not name a setting or type of setting, and section I stays blank (s.38(5)); take it out first."
    if kind == "draft_plan_prepared":
        missing = [name for name in SECTIONS if name != "I" and name not in (data.get("sections") or ())]
        if missing:
            return f"the draft lacks section {', '.join(missing)}; each must be there and separately identified (reg 12)."
    if kind in ("withdrawal_accepted", "request_continued") and not any(
            wish.on <= on for wish in case.all("request_withdrawn")):
        return f"{kind} answers a withdrawal, and none is on record by {long(on)}: record request_withdrawn first."
    if kind in ("advice_delivered", "advice_received", "advice_declined") and not data.get("agency"):
        agencies = sorted({fact["agency"] for fact in case.all("advice_requested", "advice_delivered",
                                                               adviser=data.get("adviser")) if fact["agency"]})
        if len(agencies) > 1:
            return f"{data.get('adviser')} was asked of {', '.join(agencies)}: say which agency this is about."
    if kind == "moved_away" and case.has("final_plan_sent"):
        return "a plan has been made: a move then transfers the plan to the new authority (reg 15); record plan_transferred."
    if kind == "advice_not_obtainable" and data.get("adviser") not in [need.adviser for need in case.advisers]:
        return f"{data.get('adviser')} is not required in this case."
    return None


_AFTER_THE_END = ("message_sent", "message_failed", "message_queued", "fact_corrected", "request_continued")
_DECISIONS = {
    "decided_to_assess": ("refused_to_assess", None), "refused_to_assess": ("decided_to_assess", None),
    "decided_to_issue": ("refused_to_issue", "refused_to_assess"), "refused_to_issue": ("decided_to_issue", "refused_to_assess"),
}
_REVERSES = {"decided_to_assess": "refused_to_assess", "decided_to_issue": "refused_to_issue"}


def _bad_decision(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    told = data.get("notified_on")
    if told and as_day(told) < on:
        return f"the family cannot have been told on {long(as_day(told))} of what was decided on {long(on)}. Check the two days."
    if told and as_day(told) > case.on:
        return (f"{long(as_day(told))} is still to come, so the family has not been told. Leave notified_on out and record"
                " family_told_of_decision on the day.")
    again = case.last(kind)
    opposite, barred_by = _DECISIONS[kind]
    reversed_since = case.last(opposite)
    if again and not (reversed_since and reversed_since.on >= again.on):
        return f"{kind} is on record already ({again}). If its day was wrong, record fact_corrected."
    against = case.last(opposite)
    if against and _REVERSES.get(kind) != opposite:
        return f"{against} is on record, and {kind} contradicts it. If that was wrong, correct it with fact_corrected first."
    if against and on < against.on:
        return (f"{kind} on {long(on)} cannot reverse {against}: it is earlier. Check the day, or correct the other with"
                " fact_corrected.")
    stopped = case.last(barred_by) if barred_by else None
    if stopped and not case.has("decided_to_assess"):
        return f"{stopped} is on record: without an assessment there is nothing to decide on (s.36(9))."
    if kind in ("decided_to_issue", "refused_to_issue") and data.get("notice") == "to_follow":
        return _assessment_incomplete(case, kind)
    return None


def _assessment_incomplete(case: Case, kind: str) -> str | None:
    """Why a decision on a plan cannot be taken now. One that was taken and told already is recorded as it happened."""
    if not case.has("decided_to_assess"):
        return f"{kind} ends an assessment, and no decision to assess is on record: record decided_to_assess first (s.36(9))."
    if case.advice_outstanding:
        return (f"advice is outstanding from {', '.join(case.advice_outstanding)} (reg 6(1)). Record advice_received,"
                " existing_advice_sufficed, or advice_not_obtainable with the reasons, then decide. The clock runs on.")
    return None


def _bad_claim(case: Case, on: date, data: Mapping[str, Any]) -> str | None:
    try:
        found = row(str(data.get("duty")))
    except UnknownDuty as unknown:
        return str(unknown)
    owed = [o for o in case.terms if o.duty.id == found.id
            and (o.adviser is None or data.get("adviser") in (None, o.adviser))
            and (o.party is None or data.get("agency") in (None, o.party))]
    if len(owed) > 1:
        which = ", ".join(" ".join(filter(None, (o.adviser, o.party))) for o in owed)
        return f"{found.id} stands for {which}: say which adviser, and which agency where one adviser has several."
    if not owed:
        return f"{found.id} has not arisen in this case, so there is no limit to relieve."
    ruling = judge(Fact(case.ref, 0, "exception_claimed", on, data), found, owed[0].starts_on, owed[0].due_on, case.facts)
    return None if ruling.accepted else str(ruling) + ". The clock runs on."


def _bad_correction(case: Case, data: Mapping[str, Any]) -> str | None:
    try:
        number = int(data.get("replaces"))
    except (TypeError, ValueError):
        return "say which fact is replaced: replaces=NUMBER."
    wrong = next((fact for fact in case.facts if fact.number == number), None)
    if wrong is None:
        return (f"fact {number} does not stand in this case. `ehc trail show {case.ref}` lists the facts; to mend a"
                " correction, correct the fact itself once more.")
    if wrong.kind.startswith("message_"):
        return f"{wrong} is the engine's own record of a message and cannot be corrected."
    return _out_of_order(case, wrong, data)


def _out_of_order(case: Case, wrong: Fact, data: Mapping[str, Any]) -> str | None:
    """What the correction would put before the request that started the case, or leave without one."""
    others = [fact for fact in case.facts if fact.number != wrong.number]
    starts = [fact.on for fact in others if fact.kind in DAY_ZERO]
    on = None
    if not data.get("withdrawn"):
        told = data.get("corrected") or {}
        on = as_day(told.get("on") or wrong.on)
        if told.get("fact", wrong.kind) in DAY_ZERO:
            starts.append(on)
    rest = [fact for fact in others if fact.kind not in DAY_ZERO and not fact.kind.startswith("message_")]
    if not starts:
        return (f"without {wrong} no clock of this case would run. Correct its day; if the case was opened by mistake, withdraw"
                " first what else was recorded.") if rest else None
    early = next((fact for fact in rest if case.day_zero <= fact.on < min(starts)), None)
    if early:
        return (f"the request would then be of {long(min(starts))}, and {early} lies before it. If that day is wrong too,"
                " correct it first.")
    if on is not None and on < min(starts):
        return f"{long(on)} is before the request of {long(min(starts))}. Check the day, or correct that of the request first."
    return None


def check_numbers(facts: Sequence[Fact]) -> None:
    """Raise BadRecord if two facts of one case carry the same number."""
    seen: set[tuple[str, int]] = set()
    for fact in facts:
        if (fact.case, fact.number) in seen:
            raise BadRecord(f"{fact.case}: two facts carry the number {fact.number}.")
        seen.add((fact.case, fact.number))


def words_for(adviser: str) -> str:
    """What an adviser gives, in words."""
    return ADVISERS[adviser].words if adviser in ADVISERS else adviser
