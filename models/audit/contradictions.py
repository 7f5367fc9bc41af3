"""Facts of a case that cannot both be right: the door refuses most of them, an import or a correction may bring them in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.audit.decisions import DECISIONS
from models.case import Case
from models.law.dates import long
from models.law.record import Fact
from models.two_times import day_of

STEPS = ("decided_to_assess", "refused_to_assess", "advice_requested", "decided_to_issue", "refused_to_issue", "draft_plan_served",
         "final_plan_sent")
ACTS = (*DECISIONS, "advice_requested", "draft_plan_served", "setting_consulted")
OPPOSITES = (("decided_to_assess", "refused_to_assess"), ("decided_to_issue", "refused_to_issue"))
AFTER = (("draft_plan_served", "decided_to_assess"), ("final_plan_sent", "draft_plan_served"),
         ("representations_received", "draft_plan_served"), ("decided_to_issue", "decided_to_assess"),
         ("final_plan_sent", "decided_to_issue"))
"""Of each pair the first cannot be earlier than the second, where both are on record."""

SAME = (("draft_plan_served", "draft_plan_prepared", ("document", "sha256")),
        ("final_plan_sent", "final_plan_prepared", ("document", "sha256", "setting")))
"""What was sent is what was approved."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot both be right, and since when it is on record."""

    what: str
    since: date
    fact: int


def contradictions(case: Case) -> Iterator[Contradiction]:
    """Every contradiction in the standing facts of a case."""
    yield from _in_the_future(case)
    yield from _before_the_case(case)
    yield from _after_its_end(case)
    yield from _both_ways(case)
    yield from _out_of_order(case)
    yield from _for_each(case, "adviser", "advice_delivered", "advice_requested", "reached the adviser before it was sent")
    yield from _for_each(case, "setting", "setting_answered", "setting_consulted", "was answered before it was sent")
    yield from _not_what_was_approved(case)


def _found(fact: Fact, what: str, since: date | None = None) -> Contradiction:
    return Contradiction(what, since or (day_of(fact.recorded_at) if fact.recorded_at else fact.on), fact.number)


def _in_the_future(case: Case) -> Iterator[Contradiction]:
    for fact in case.facts:
        if fact.recorded_at is not None and fact.on > day_of(fact.recorded_at):
            yield _found(fact, f"{fact}: recorded on {long(day_of(fact.recorded_at))}, before it happened")


def _before_the_case(case: Case) -> Iterator[Contradiction]:
    if case.day_zero is None:
        return
    for fact in case.all(*STEPS):
        if fact.on < case.day_zero:
            yield _found(fact, f"{fact}: before the case began on {long(case.day_zero)}")


def _after_its_end(case: Case) -> Iterator[Contradiction]:
    if case.ended is not None:
        for fact in case.all(*ACTS):
            if fact.on > case.ended.on and not fact.kind == case.ended.kind:
                yield _found(fact, f"{fact}: after the case had ended with {case.ended}")


def _both_ways(case: Case) -> Iterator[Contradiction]:
    for yes, no in OPPOSITES:
        for fact in case.all(yes):
            for other in case.all(no):
                if other.on == fact.on:
                    yield _found(max(fact, other, key=lambda one: one.number), f"{fact} and {other}: both on one day")


def _out_of_order(case: Case) -> Iterator[Contradiction]:
    if case.day_zero is not None:                # else it began with a plan, and what came before is not on record
        for later, earlier in AFTER:
            yield from _before(case.all(later), case.all(earlier))


def _before(later: Sequence[Fact], earlier: Sequence[Fact]) -> Iterator[Contradiction]:
    """The first of the later facts, if it happened before the first of the earlier ones, of which it cannot do without."""
    if later and earlier:
        fact, first = min(later, key=lambda one: one.on), min(earlier, key=lambda one: one.on)
        if fact.on < first.on:
            yield _found(fact, f"{fact}: before {first}")


def _for_each(case: Case, name: str, answer: str, asking: str, words: str) -> Iterator[Contradiction]:
    asked: dict[str, date] = {}
    for fact in case.all(asking):
        asked[fact[name]] = min(fact.on, asked.get(fact[name], fact.on))
    for fact in case.all(answer):
        if fact[name] in asked and fact.on < asked[fact[name]]:
            yield _found(fact, f"{fact} ({fact[name]}): {words} on {long(asked[fact[name]])}")


def _not_what_was_approved(case: Case) -> Iterator[Contradiction]:
    for sent, prepared, fields in SAME:
        for fact in case.all(sent):
            before = [one for one in case.all(prepared) if one.on <= fact.on]
            approved = max(before, key=lambda one: (one.on, one.number), default=None)
            for name in fields if approved is not None else ():
                if fact[name] and approved[name] and fact[name] != approved[name]:
                    yield _found(fact, f"{fact}: its {name} is not that of {approved}")
