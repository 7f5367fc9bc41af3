"""The council's own working targets about advice: our policy, not the law, and never later than what the law sets.

A gap in the advice stops no clock. Before day 42 of a request the case's owner decides how the advice is got after all, and the
decision is followed by what it says. Neither day is in a statute; both stand in a table of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from models.advice import AdviceRequest, Outcome
from models.law.dates import long
from models.law.duty import Duty
from models.law.occasion import is_one_of
from models.law.owed import Owed
from models.law.parties import COUNCIL
from models.law.record import Fact
from models.law.rulebook import duty

DECIDE_ON_LATE_ADVICE = timedelta(days=5)
"""How long before day 42 the owner is asked to decide how else to get advice that is not in."""

CARRY_OUT_WITHIN = timedelta(days=7)
"""How long a decision about a gap may wait for what it says to be done."""

DAY = timedelta(days=1)
DECIDE, CARRY_OUT = "decide_on_advice_gap", "carry_out_gap_decision"
_OURS = {"kind": "ops", "owed_by": COUNCIL, "owed_to": (COUNCIL,), "limit": None, "per": "adviser", "per_round": True,
         "text": "own target"}

TARGETS: dict[str, Duty] = {row.id: row for row in (
    Duty(id=DECIDE, words="decide how to get advice that is late, declined or not to be had: from another body, from advice"
         " that exists, or by escalating it", starts_on=("advice_requested", "advice_declined", "advice_not_known"),
         timing="before day 42 of the request", met_by=("advice_gap_decided", "advice_not_obtainable", "existing_advice_sufficed"),
         citation="own target, for reg 6(1)", **_OURS),
    Duty(id=CARRY_OUT, words="do what was decided about a gap: ask the other body, get all three satisfied with the advice that"
         " exists, or decide anew after an escalation", starts_on=("advice_gap_decided",), timing="within 7 days of the decision",
         met_by=("advice_requested", "existing_advice_sufficed", "advice_not_obtainable"), citation="own target, for reg 6(1) and (4)",
         **_OURS),
)}
"""Our targets by id, in the form of a rule, so that a work list and an explanation can show them beside the law."""


def rule(id: str) -> Duty:
    """The rule with this id: a target of ours, or a duty of law as it stands. Raises UnknownDuty."""
    return TARGETS.get(id) or duty(id)


def targets(requests: Iterable[AdviceRequest], record: Sequence[Fact]) -> tuple[Owed, ...]:
    """The targets of one case: for the last asking of every body whose advice reg 6(1) requires, and each still to be asked."""
    return tuple(owed for one in requests if one.required and one.is_last and one.day_42 is not None for owed in _of(one, record))


def _of(one: AdviceRequest, record: Sequence[Fact]) -> Iterator[Owed]:
    begun = _begun(one, record)
    if begun is None:
        return
    no = one.ended_by if one.outcome in (Outcome.DECLINED, Outcome.NOT_KNOWN) else None
    opens = one.day_42 - DECIDE_ON_LATE_ADVICE
    if no is not None and no.on < opens:
        opens, begun = no.on, no
    done = [(fact.on, fact) for fact in one.facts if fact.kind in TARGETS[DECIDE].met_by and fact.on >= begun.on]
    if one.elsewhere_on is not None and one.outcome is not Outcome.PASSED_ON:
        done += [(fact.on, fact) for fact in record if fact.kind == "advice_requested" and fact.on == one.elsewhere_on
                 and (fact["adviser"], fact["agency"]) == (one.adviser, one.elsewhere)][:1]
    yield _owed(one, DECIDE, begun, opens, one.day_42 - DAY, done,
                f"day 42 is {long(one.day_42)} ({one.due_why}), so by the day before: {long(one.day_42 - DAY)}")
    if one.decision is not None:
        yield _carry_out(one, one.decision, record)


def _carry_out(one: AdviceRequest, decision: Fact, record: Sequence[Fact]) -> Owed:
    kinds = {"use_existing": ("existing_advice_sufficed", "advice_not_obtainable"), "escalate": ("advice_not_obtainable",)}
    done = [(fact.on, fact) for fact in one.facts if fact.kind in kinds.get(decision["outcome"], ()) and fact.on >= decision.on]
    if decision["outcome"] == "ask_elsewhere":
        done = [(fact.on, fact) for fact in record if fact.kind == "advice_requested" and fact.on >= decision.on
                and (fact["adviser"], fact["agency"]) == (one.adviser, decision["to"])]
    return _owed(one, CARRY_OUT, decision, decision.on, decision.on + CARRY_OUT_WITHIN, done,
                 f"{CARRY_OUT_WITHIN.days} days from {long(decision.on)} = {long(decision.on + CARRY_OUT_WITHIN)}")


def _owed(one: AdviceRequest, id: str, begun: Fact, opens: date, due_on: date, done: Sequence[tuple[date, Fact]], working: str
          ) -> Owed:
    met_on, met_by = min(done, key=lambda end: end[0], default=(None, None))
    came = one.outcome in (Outcome.GIVEN, Outcome.INCOMPLETE, Outcome.PASSED_ON, Outcome.OVER)
    lapsed_on, lapsed_by = (one.ended_on, one.ended_by) if came else (None, None)
    if lapsed_on is not None and met_on is not None:
        if lapsed_on < met_on:
            met_on = met_by = None
        else:
            lapsed_on = lapsed_by = None
    return Owed(one.case, TARGETS[id], adviser=one.adviser, party=one.party, started_by=begun, starts_on=opens, due_on=due_on,
                met_on=met_on, met_by=met_by, lapsed_on=lapsed_on, lapsed_by=lapsed_by, working=working,
                occasion=one.round_on.isoformat() if one.round_on else None)


def _begun(one: AdviceRequest, record: Sequence[Fact]) -> Fact | None:
    """The fact from which the target follows: the request, or where there is none the decision to assess."""
    asked = [fact for fact in one.facts if fact.kind in ("advice_requested", "advice_delivered")]
    decided = [fact for fact in record if fact.on == one.wanted_on
               and is_one_of(fact, ("decided_to_assess", "reassessment_decided=reassess"))]
    return next(iter([*asked, *decided]), None)
