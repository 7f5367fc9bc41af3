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
    where it should not stand at all. Each correction says what changes; several of one fact add up, the
    last one counting where they differ. A correction of a correction stands in its place, and one that is
    withdrawn leaves the fact as it was without it. The replacement keeps the number of the fact it
    replaces. Facts of one day stand in the order of the process and then of their content, so the order
    of recording never matters.

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
    corrections.sort(key=lambda correction: correction.number)
    corrects = {correction.number: correction["replaces"] for correction in corrections}
    first = {correction.number: _first_corrected(correction, corrects, originals) for correction in corrections}
    replaced = set()                                         # corrections in whose place a later one stands
    for correction in reversed(corrections):
        if correction.number not in replaced:
            replaced.add(correction["replaces"])
    for correction in corrections:
        takes_back = correction["withdrawn"] and correction["replaces"] in corrects
        if correction.number in replaced or takes_back:
            continue
        target = first[correction.number]
        known[target] = None if correction["withdrawn"] else _as_it_should_have_been(known[target] or originals[target],
                                                                                      correction)
    return sorted((fact for fact in known.values() if fact is not None), key=_order)


def _first_corrected(correction: Fact, corrects: Mapping[int, Any], originals: Mapping[int, Fact]) -> int:
    """The number of the fact that a correction mends, through the corrections between. Raises BadRecord if there is none."""
    target, seen = correction["replaces"], {correction.number}
    while target in corrects and target not in seen:
        seen.add(target)
        target = corrects[target]
    if target in originals:
        return target
    raise BadRecord(
        f"{correction.case}: fact {correction.number} corrects fact {correction['replaces']}, which is not on the record."
        f" Facts that can be corrected: {', '.join(map(str, sorted(originals))) or 'none'}.")


def _as_it_should_have_been(original: Fact, correction: Fact) -> Fact:
    told = correction["corrected"]
    if told is None:
        told = {name: value for name, value in correction.data.items() if name not in _ABOUT_THE_CORRECTION}
        told["on"] = correction.on
    told = dict(told)
    kind = told.pop("fact", original.kind)
    on = as_day(told.pop("on", None) or original.on)
    kept = dict(original.data) if kind == original.kind else {}
    return replace(original, kind=kind, on=on, data=MappingProxyType(kept | told))


def as_day(value: date | str) -> date:
    """A day that a fact tells in a field: there it may stand as ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


_ABOUT_THE_CORRECTION = {"replaces", "withdrawn", "because", "key", "note"}

# The order of the process, for facts of one day.
_PROCESS = {kind: place for place, kind in enumerate((
    "request_received", "became_responsible", "family_consulted", "family_told_considering",
    "partner_told_considering", "appeal_lodged", "appeal_registered", "mediation_wanted", "mediation_arranged", "mediation_held",
    "mediation_agreed", "tribunal_order_made", "appeal_unopposed", "reassessment_requested", "reassessment_decided",
    "decided_to_assess", "refused_to_assess", "advice_requested",
    "advice_delivered", "existing_advice_sufficed", "advice_received", "decided_to_issue", "refused_to_issue",
    "draft_plan_served", "representations_received", "setting_requested", "setting_proposed", "setting_consulted",
    "setting_answered", "final_plan_sent", "plan_taken_over", "detention_began", "review_meeting_fixed", "review_invited",
    "review_meeting_held", "review_report_sent", "review_decision_sent", "amendment_notice_sent", "decided_not_to_amend",
    "final_amended_plan_sent", "cease_proposed", "cease_consulted", "cease_notice_sent"))}


def _order(fact: Fact) -> tuple:
    content = sorted((name, repr(value)) for name, value in fact.data.items())
    return fact.on, _PROCESS.get(fact.kind, len(_PROCESS)), fact.kind, content
