"""A case: its record read whole. Stage, duties, who holds it and since when."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from models.advice import COUNCIL, MANAGER, AdviceRequest
from models.advice_facts import advice_done, advice_requests, missing
from models.law.advisers import Required, fact_about_child, required_advisers
from models.law.deadlines import duties_of
from models.law.moves import is_gone
from models.law.occasion import Occasion
from models.law.occasions import occasions
from models.law.owed import Owed
from models.law.record import Fact, as_day, standing
from models.law.request import DAY_ZERO
from models.message_key import AGAIN, NO_LONGER_WANTED, first_key
from models.rights import Holder, holder
from models.stages import BESIDE, ENDS, LIFE, SETTLES, Stage, Under, under_way
from models.targets import targets
from models.told_by_return import is_known

PLAN_STARTS = ("final_plan_sent", "plan_taken_over", "plan_transferred")
"""The facts from which on a plan is maintained here."""

HOLD_MEETINGS = ("maintained_school", "maintained_nursery", "academy", "ap_academy", "pru", "non_maintained_special", "section_41")
"""The settings that can be made to hold the review meeting and to write its report (reg 20(12))."""


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
        """The latest of those facts, or None. Of several of one day: the kind named first, and of that the one recorded last."""
        return max(self.all(*kinds, **fields), key=lambda fact: (fact.on, -kinds.index(fact.kind), fact.number), default=None)

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
    def plan_began(self) -> Fact | None:
        """The fact with which a plan came to be maintained here: the final plan, or one taken over or transferred to here."""
        begun = [fact for fact in self.all(*PLAN_STARTS) if fact.kind != "plan_transferred" or self._came(fact)]
        return min(begun, key=lambda fact: fact.on, default=None)

    @cached_property
    def begun_on(self) -> date | None:
        """The first day of the case: that of the request, or, where it began with a plan, of the plan.

        A plan that the council took over from its own earlier record belongs to it from the day on which it was made.
        """
        if self.day_zero is not None:
            return self.day_zero
        first = self.plan_began
        if first is None:
            return None
        made = as_day(first["made_on"]) if first.kind == "plan_taken_over" and first["made_on"] else first.on
        return min(first.on, made)

    @cached_property
    def rights(self) -> Holder:
        """Who holds the family's rights on the case's day, as far as the facts tell it: the birth date is none of them."""
        passed = [fact.on for fact in self.all("became_young_person")]
        if not passed and self.has("request_received", "reassessment_requested", requested_by="young_person"):
            passed = [self.all("request_received", "reassessment_requested", requested_by="young_person")[0].on]
        return holder(min(passed, default=None), self.on, self.all("capacity_recorded"))

    @property
    def addressee(self) -> str:
        """To whom notices to the family go: parent, young_person, representative or alternative_person."""
        return self.rights.who

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

    @cached_property
    def is_looked_at(self) -> bool:
        """Whether the case came from a return and no officer works on it yet: it is shown, and nothing is sent about it."""
        return self.has("taken_from_return") and not self.has("taken_on")

    @cached_property
    def is_erased(self) -> bool:
        """Whether the personal data were erased: nothing is recorded, sent or reminded of any more."""
        return self.has("personal_data_erased")

    # --- what is owed ----------------------------------------------------------------------------------------

    @cached_property
    def terms(self) -> tuple[Owed, ...]:
        """Every duty with its days, without a state. Of what a return started, only the duties of which a return tells."""
        owed = duties_of(self.facts, self.bank_holidays)
        if not self.has("taken_from_return"):
            return tuple(owed)
        return tuple(one for one in owed if is_known(one, self.facts, self.occasions["review"]))

    @cached_property
    def occasions(self) -> Mapping[str, Sequence[Occasion]]:
        """The reviews, orders, appeals and other occasions of the case, by process."""
        return occasions(self.facts)

    @cached_property
    def duties(self) -> tuple[Owed, ...]:
        """Every duty as it stands on the case's day."""
        return tuple(owed.on(self.on) for owed in self.terms)

    def duty(self, id: str, adviser: str | None = None, party: str | None = None) -> Owed | None:
        """The first instance of a duty, or the one for this adviser or party; None if it has not arisen."""
        return next((owed for owed in self.duties if owed.duty.id == id and adviser in (None, owed.adviser)
                     and party in (None, owed.party)), None)

    def window_to_appeal(self, decision: Fact | None) -> Owed | None:
        """The family's time to appeal against a decision, if it can be appealed."""
        return next((owed for owed in self.duties if owed.duty.id == "lodge_appeal" and owed.started_by is decision), None)

    @cached_property
    def advisers(self) -> tuple[Required, ...]:
        """Whose advice the law requires in this case."""
        return required_advisers(self.child)

    @cached_property
    def advice_outstanding(self) -> tuple[str, ...]:
        """The required advice that has neither arrived, nor been replaced under reg 6(4), nor been given up for a recorded
        reason."""
        return tuple(missing(self.facts))

    @cached_property
    def advice_requests(self) -> tuple[AdviceRequest, ...]:
        """Every request for advice, those still to be sent among them, each with its days, state and who holds it."""
        return advice_requests(self.facts, self.on, self.bank_holidays, self.terms)

    @cached_property
    def targets(self) -> tuple[Owed, ...]:
        """The council's own working targets, which are no law: see `models.targets`. Of advice of which a return says nothing, none."""
        if not self.has("taken_from_return"):
            return targets(self.advice_requests, self.facts)
        if not self.has("advice_requested"):
            return ()
        return tuple(owed for owed in targets(self.advice_requests, self.facts) if self.has("advice_requested", adviser=owed.adviser))

    @cached_property
    def _advice_done(self) -> list[Fact]:
        return advice_done(self._by_kind)

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
        ended = self.ended
        if ended:
            abroad = ended.kind == "moved_away" and ended["to"] == "outside_england"
            return (Stage.T_MOVED_OUTSIDE_ENGLAND if abroad else ENDS[ended.kind]), ended.on
        if self.has_plan:
            main = [one for one in self.under_way if one.stage not in BESIDE]
            if main:
                return main[0].stage, main[0].since
            resting = Stage.S55_FINALISED if self.has("final_plan_sent") and not self._plan_lives else Stage.S60_MAINTAINED
            return resting, max(fact.on for fact in self.all(*PLAN_STARTS, *SETTLES))
        order = next((one for one in self.under_way if one.stage is Stage.S97_ORDER_COMPLIANCE), None)
        stage, since = self._before_the_plan()
        if order is not None and since is not None and order.since >= since and stage in (
                Stage.S15_REFUSED_TO_ASSESS, Stage.S35_REFUSED_TO_ISSUE, Stage.T_REFUSED_ASSESS, Stage.T_REFUSED_ISSUE):
            return order.stage, order.since
        return stage, since

    @cached_property
    def ended(self) -> Fact | None:
        """The fact with which the case ended, None while it goes on."""
        ends = [fact for fact in self.all(*ENDS) if not self._is_no_end(fact)]
        return max(ends, key=lambda fact: (fact.kind == "child_died", fact.on), default=None)

    def _is_no_end(self, fact: Fact) -> bool:
        match fact.kind:
            case "withdrawal_accepted":
                return any(again.on >= fact.on for again in self.all("request_continued"))
            case "plan_transferred":
                return self._came(fact) or any(back.on >= fact.on and self._came(back) for back in self.all("plan_transferred"))
        return False

    def _came(self, transfer: Fact) -> bool:
        """Whether a transfer brought the plan here: it says so, or says nothing and there was no plan here before."""
        if transfer.kind != "plan_transferred" or transfer["side"] is not None:
            return not is_gone(transfer)
        return not any(plan.on <= transfer.on for plan in self.all("final_plan_sent", "plan_taken_over", "move_known"))

    @cached_property
    def has_plan(self) -> bool:
        """Whether a plan was made or taken over and has not ended."""
        return self.ended is None and self.plan_began is not None

    @property
    def _plan_lives(self) -> bool:
        """Whether anything has happened in the life of the plan since it was made."""
        return any(self.occasions[process] for process in LIFE) or self.has("plan_taken_over", "plan_transferred")

    @cached_property
    def under_way(self) -> tuple[Under, ...]:
        """Every process that is under way, what presses most first: one neither closes nor hides another."""
        if self.ended is not None:
            return ()
        return under_way(self.occasions)

    @property
    def alongside(self) -> tuple[Under, ...]:
        """What is under way beside the main stage."""
        return tuple(one for one in self.under_way if (one.stage, one.since) != self._stage_and_since)

    def _before_the_plan(self) -> tuple[Stage, date | None]:
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
        window = self.window_to_appeal(decision)
        under_appeal = any(one.stage in BESIDE for one in self.under_way)
        if window is None or window.due_on is None or self.on <= window.due_on or window.met_on is not None or under_appeal:
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
                wanted = [one for one in self.advice_requests if one.needed and one.is_last]
                waiting = tuple(dict.fromkeys(one.role for one in wanted if one.is_open))
                with_council = not waiting or any(one.holder in (COUNCIL, MANAGER) for one in wanted)
                return ("council", *waiting) if with_council else waiting
            case Stage.S45_DRAFT_ISSUED:
                return ("family",)
            case Stage.S50_CONSULTING_SETTINGS:
                answers = tuple(owed.party or "setting" for owed in self.duties
                                if owed.duty.id == "setting_consult_response" and owed.is_live and owed.state == "open")
                return answers or ("council",)
            case Stage.S64_REVIEW_MEETING:
                fixed = self.last("review_meeting_fixed")
                return ("setting",) if fixed is not None and fixed["setting_type"] in HOLD_MEETINGS else ("council",)
            case Stage.S68_AMENDING:
                windows = [owed for owed in self.duties if owed.duty.id == "amend_representation_window"]
                return ("family",) if any(owed.state == "open" and owed.due_on and self.on <= owed.due_on for owed in windows) \
                    else ("council",)
            case Stage.S15_REFUSED_TO_ASSESS | Stage.S35_REFUSED_TO_ISSUE:
                window = self.window_to_appeal(self.last("refused_to_assess", "refused_to_issue"))
                return ("family",) if window and window.starts_on else ("council",)    # its notice has yet to go
        return () if self.stage.is_terminal else ("council",)

    @cached_property
    def held_since(self) -> date | None:
        """The day since which they hold it."""
        if self.stage is Stage.S20_ASSESSING and self.held_by and self.held_by[0] != "council":
            return min((one.asked_on for one in self.advice_requests if one.needed and one.is_open), default=self.stage_since)
        return self.stage_since

    # --- messages already written ----------------------------------------------------------------------------

    @cached_property
    def queued(self) -> frozenset[str]:
        """Keys of the messages that were written to the outbox, without number of the try, and are not to be written again.

        One that was dropped, because the case no longer called for it, may be called for again.
        """
        dropped = {fact["key"] for fact in self.all("message_failed", why=NO_LONGER_WANTED)}
        return frozenset(first_key(fact["key"]) for fact in self.all("message_queued") if fact["key"] not in dropped)

    @cached_property
    def gone(self) -> frozenset[str]:
        """Keys of the messages that went and did not come back."""
        return frozenset(fact["key"] for fact in self.all("message_sent")) - {
            fact["key"] for fact in self.all("message_bounced")}

    def tries(self, key: str) -> list[Fact]:
        """Each time that the message with this key was written to the outbox, in order."""
        first = first_key(key)
        return sorted((fact for fact in self.all("message_queued") if first_key(fact["key"]) == first), key=lambda f: f.number)

    def next_key(self, key: str) -> str:
        """The key under which this message may be written: its own, or that of one more try."""
        tries = len(self.tries(key))
        return f"{first_key(key)}{AGAIN}{tries + 1}" if tries else key
