"""The record of a case as the law reads it: dated facts, corrected, in the order in which they happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from models.law.dates import long

NO_DATA: Mapping[str, Any] = MappingProxyType({})


class BadRecord(ValueError):
    """A record that contradicts itself: it corrects a fact that is not there, or one of another case."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated fact of one case.

    `number` counts the facts of the case in the order in which they were recorded, from 1.
    `on` is the day it happened, `recorded_at` the moment (UTC) it was written down.
    """

    case: str
    number: int
    kind: str
    on: date
    data: Mapping[str, Any] = field(default_factory=lambda: NO_DATA)
    recorded_at: datetime | None = None
    by: str | None = None
    flow_run_id: str | None = None

    def __getitem__(self, name: str) -> Any:
        """A field of the fact, or None."""
        return self.data.get(name)

    def __str__(self) -> str:
        return f"{self.kind} on {long(self.on)} (fact {self.number})"


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that stand: every correction applied, in the order in which they happened.

    A `fact_corrected` names the fact it `replaces` and says what it should have been: in
    `corrected` ({"fact": kind, "on": day, ...}), or as its own `on` and fields, or `withdrawn`
    where it should not stand at all. The correction recorded last is the one that counts. The
    replacement keeps the number of the fact it replaces. Facts of one day stand in the order of the
    process and then of their content, so the order of recording never matters.

    Raises BadRecord if a correction names a fact that the case does not have.
    """
    known: dict[int, Fact | None] = {}
    corrections: list[Fact] = []
    for fact in facts:
        if fact.kind == "fact_corrected":
            corrections.append(fact)
        else:
            known[fact.number] = fact
    originals = dict(known)
    answers = {correction.number: correction for correction in corrections}
    for correction in sorted(corrections, key=lambda c: c.number):
        target = correction["replaces"]
        seen = set()
        while target in answers and target not in seen:      # a correction of a correction mends the first fact
            seen.add(target)
            target = answers[target]["replaces"]
        if target not in originals:
            raise BadRecord(
                f"{correction.case}: fact {correction.number} corrects fact {correction['replaces']}, which is not on the"
                f" record. Facts that can be corrected: {', '.join(map(str, sorted(originals))) or 'none'}.")
        known[target] = None if correction["withdrawn"] else _as_it_should_have_been(originals[target], correction)
    return sorted((fact for fact in known.values() if fact is not None), key=_order)


def _as_it_should_have_been(original: Fact, correction: Fact) -> Fact:
    told = correction["corrected"]
    if told is None:
        told = {name: value for name, value in correction.data.items() if name not in _ABOUT_THE_CORRECTION}
        told["on"] = correction.on
    told = dict(told)
    kind = told.pop("fact", original.kind)
    on = told.pop("on", original.on)
    if isinstance(on, str):
        on = date.fromisoformat(on)
    kept = dict(original.data) if kind == original.kind else {}
    return replace(original, kind=kind, on=on, data=MappingProxyType(kept | told))


_ABOUT_THE_CORRECTION = {"replaces", "withdrawn", "because", "key", "note"}

# The order of the process, for facts of one day.
_PROCESS = {kind: place for place, kind in enumerate((
    "request_received", "became_responsible", "family_consulted", "family_told_considering",
    "partner_told_considering", "decided_to_assess", "refused_to_assess", "advice_requested",
    "advice_delivered", "existing_advice_sufficed", "advice_received", "decided_to_issue", "refused_to_issue",
    "draft_plan_served", "representations_received", "setting_requested", "setting_proposed", "setting_consulted",
    "setting_answered", "final_plan_sent"))}


def _order(fact: Fact) -> tuple:
    content = sorted((name, repr(value)) for name, value in fact.data.items())
    return fact.on, _PROCESS.get(fact.kind, len(_PROCESS)), fact.kind, content
