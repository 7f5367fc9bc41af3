"""Everybody whom the return of a year may be about, from the database: person by person, a few hundred cases in memory at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.calendar import bank_holidays
from models.law.record import Fact
from models.sen2.finding import Finding, Level
from models.sen2.from_facts import EndsUntil, Returned, Who, as_of, returned
from models.sen2.rule import IN_WORDS, World
from models.tables.cases import CaseFile
from models.tables.people import ParticularsRow, Person, TextRow
from tasks import bulk
from tasks.faults import FAULTS, words
from tasks.reading import facts_of

CASES_AT_ONCE = 300
TEXT = TextRow.__table__
_PARTICULARS = ("surname", "forename", "sex", "ethnicity", "postcode", "upn", "uln", "upn_unknown")

Progress = Callable[[int, int], None]


def everybody(session: Session, world: World, ends_until: EndsUntil, progress: Progress = lambda done,
of: None) -> Iterator[Returned]:
    """What each person's cases put into the return. A case that cannot be worked out is found as F03 and holds up nobody else."""
    whose = session.exec(sa.select(col(CaseFile.person_ref), col(CaseFile.ref)).order_by(
        col(CaseFile.person_ref).is_(None), col(CaseFile.person_ref), col(CaseFile.ref))).all()
    done = 0
    for batch in _batches([(person, ref) for person, ref in whose]):
        refs = [ref for _, ref in batch]
        facts: dict[str, list[Fact]] = {}
        for fact in facts_of(session, refs):
            facts.setdefault(fact.case, []).append(fact)
        who = _who(session, {person for person, _ in batch if person})
        texts = _texts(session, facts)
        for person, cases in groupby(batch, key=lambda one: one[0]):
            yield from _of_person(who.get(person or ""), [ref for _, ref in cases], facts, world, texts, ends_until, person is not None)
        done += len(refs)
        progress(done, len(whose))


def _batches(whose: Sequence[tuple[str | None, str]]) -> Iterator[list[tuple[str | None, str]]]:
    """Cases in batches; those of one person stand in one. Nobody's cases are each their own."""
    batch: list[tuple[str | None, str]] = []
    for pair in whose:
        if len(batch) >= CASES_AT_ONCE and (pair[0] is None or batch[-1][0] != pair[0]):
            yield batch
            batch = []
        batch.append(pair)
    if batch:
        yield batch


def _of_person(who: Who | None, refs: Sequence[str], facts: Mapping[str, list[Fact]], world: World, texts: Mapping[str, str],
               ends_until: EndsUntil, was_named: bool) -> Iterator[Returned]:
    try:
        yield _told(who, refs, facts, world, texts, ends_until, was_named)
    except FAULTS:
        for ref in refs:                                 # the error blocks the return: which case it is, is what helps
            try:
                _told(who, [ref], facts, world, texts, ends_until, was_named)
            except FAULTS as fault:
                yield Returned(None, (Finding("F03", Level.ERROR, ref,
                "The case cannot be worked out, so the person is not returned.",
                                              f"{words(fault)} `ehc case {ref}`", case_ref=ref, person_ref=who.ref
                                              if who else None),))


def _told(who: Who | None, refs: Sequence[str], facts: Mapping[str, list[Fact]], world: World, texts: Mapping[str, str],
          ends_until: EndsUntil, was_named: bool) -> Returned:
    cases = [as_of(ref, facts.get(ref, ()), world, bank_holidays()) for ref in refs]
    return returned(who, cases, world, texts=texts, ends_until=ends_until, erased=was_named)


def _who(session: Session, refs: set[str]) -> dict[str, Who]:
    found = session.exec(
        sa.select(col(Person.ref), col(Person.name), col(Person.birth_date), *(getattr(ParticularsRow, name)
        for name in _PARTICULARS))
        .outerjoin(ParticularsRow, col(ParticularsRow.person_ref) == col(Person.ref)).where(col(Person.ref).in_(sorted(refs)))).all()
    return {row[0]: Who(row[0], row[1], row[2], **dict(zip(_PARTICULARS, row[3:], strict=True))) for row in found}


def _texts(session: Session, facts: Mapping[str, list[Fact]]) -> dict[str, str]:
    """The words of the settings that are told in words (4.7c(i), 5.7c(i)), by their id."""
    ids = [note["text"] for told in facts.values() for fact in told if fact["setting_code"] in IN_WORDS
           and isinstance(note := fact["note"], Mapping)]
    ids += [note["text"] for told in facts.values() for fact in told if fact.kind == "fact_corrected"
            and isinstance(fact["corrected"], Mapping) and isinstance(note := fact["corrected"].get("note"), Mapping)]
    rows: Sequence[Sequence[Any]] = bulk.select(session, TEXT, ("id", "body"), ("id", "in", ids)) if ids else ()
    return {row[0]: row[1] for row in rows}
