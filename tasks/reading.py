"""Reading the record of a case, as it is now, as it was on a day, and as it was known at a moment."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from models.law.record import Fact, standing
from models.tables.cases import CaseFile, FactRow
from models.tables.people import TextRow
from tasks import bulk

CASE_FILE, FACT, TEXT = CaseFile.__table__, FactRow.__table__, TextRow.__table__

FACT_COLUMNS = ("case_ref", "number", "kind", "happened_on", "data", "recorded_at", "recorded_by", "flow_run_id")


class NoSuchCase(LookupError):
    """There is no case with this reference; the message names the nearest ones."""


def read(session: Session, ref: str, *, as_of: date | None = None, known_by: datetime | None = None) -> list[Fact]:
    """The facts of a case by number. Raises NoSuchCase.

    `as_of`: only what had happened by the end of that day, by what is known now. `known_by`: only what had been recorded
    by that moment. Both: what was known then about what had happened by then.
    """
    return read_many(session, [ref], as_of=as_of, known_by=known_by)[ref]


def read_many(session: Session, refs: Iterable[str], *, as_of: date | None = None, known_by: datetime | None = None
              ) -> dict[str, list[Fact]]:
    """The facts of many cases, in the order of `refs`. Raises NoSuchCase for the first that is not there."""
    found: dict[str, list[Fact]] = {ref: [] for ref in refs}
    for fact in facts_of(session, found):
        found[fact.case].append(fact)
    for ref, facts in found.items():
        if not facts:
            raise no_such_case(session, ref)
        if known_by is not None:
            facts = _known(facts, known_by)
        if as_of is not None:
            facts = _happened(facts, as_of)
        found[ref] = facts
    return found


def texts(session: Session, ref: str) -> dict[str, str]:
    """The free texts of a case that have not been erased, by the id that stands in the fact."""
    return dict(map(tuple, bulk.select(session, TEXT, ("id", "body"), ("case_ref", "=", ref), order=("id",))))


def facts_of(session: Session, refs: Iterable[str]) -> Iterable[Fact]:
    """The facts of these cases, by case and number; nothing for a case that is not there."""
    return map(as_fact, bulk.select(session, FACT, FACT_COLUMNS, ("case_ref", "in", list(refs)), order=("case_ref", "number")))


def as_fact(row: Sequence[Any]) -> Fact:
    """The fact in a row of FACT_COLUMNS."""
    ref, number, kind, on, data, at, by, run = row
    return Fact(ref, number, kind, date.fromisoformat(on), MappingProxyType(json.loads(data)), datetime.fromisoformat(at),
                by, run)


def no_such_case(session: Session, ref: str) -> NoSuchCase:
    """The error that names the references nearest to `ref`."""
    refs = [row[0] for row in bulk.select(session, CASE_FILE, ("ref",), order=("ref",))]
    near = get_close_matches(ref, refs, n=3)
    return NoSuchCase(f"{ref}: there is no such case." + (
        f" Did you mean {', '.join(near)}?" if near else " `ehc due` lists the open cases; `ehc receive` opens one." if refs
        else " No case has been opened yet; `ehc receive` opens one."))


def _known(facts: list[Fact], by: datetime) -> list[Fact]:
    if by.utcoffset() is None:
        raise ValueError(f"{by.isoformat()} has no time zone, so it is no moment. Give it in UTC.")
    known: dict[int, Fact] = {}
    for fact in facts:          # in the order of recording: a correction is left out with what it corrects
        if fact.recorded_at <= by and (fact.kind != "fact_corrected" or fact["replaces"] in known):
            known[fact.number] = fact
    return list(known.values())


def _happened(facts: list[Fact], day: date) -> list[Fact]:
    """The facts that stand on a day up to `day`, with their corrections, whenever those were made."""
    later = {fact.number for fact in standing(facts) if fact.on > day}
    kept = []
    for fact in facts:
        if fact.kind == "fact_corrected" and fact["replaces"] in later:
            later.add(fact.number)
        if fact.number not in later:
            kept.append(fact)
    return kept
