"""Reading the record for an auditor: all cases, a batch at a time, each as it stood on a day by what was on record then."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from models.audit.answer import Answer, Asked, OfCases, Record
from models.audit.gaps import GAPS, GapRow
from models.calendar import bank_holidays
from models.case import Case
from models.cohort import Ahead
from models.tables.cases import CaseFile
from models.tables.people import Person
from models.two_times import end_of
from tasks import bulk
from tasks.cohort import ahead_of, is_excluded
from tasks.faults import FAULTS, words
from tasks.officers import left
from tasks.reading import CASE_FILE, read_many
from tasks.trail import Progress

PERSON = Person.__table__
BATCH = 200


def ask(session: Session, question: OfCases, asked: Asked, ref: str | None = None, progress: Progress | None = None) -> Answer:
    """The answer to a question over all cases, or one. A case that cannot be worked out holds up none of the others, and is
    named. Raises NoSuchCase for one that there is not."""
    rows: list[object] = []
    failed: list[tuple[str, str]] = []
    seen: Counter[str] = Counter()
    refs = refs_for(session, question, asked) if ref is None else [ref]
    for record in records(session, refs, asked, seen, question.asks_births, failed, progress):
        try:
            rows += question.rows(record)
        except FAULTS as fault:
            failed.append((record.case.ref, words(fault)))
    rows.sort(key=question.order)
    return Answer(question, asked, rows, tuple(question.figures(rows, seen)), tuple(failed), seen["cases"])


def gaps(session: Session, asked: Asked, progress: Progress | None = None) -> Answer:
    """The gap ledger. A record that contradicts itself so far that nothing can be worked out from it is a gap, too."""
    found = ask(session, GAPS, asked, progress=progress)
    lost = [GapRow(ref, "contradiction", why, None, asked.on, 0, None, "ehc trail verify, and have the record mended", "-")
            for ref, why in found.left]
    return replace(found, rows=[*lost, *found.rows], left=()) if lost else found


def records(session: Session, refs: Sequence[str], asked: Asked, seen: Counter[str], births: bool = False,
            failed: list[tuple[str, str]] | None = None, progress: Progress | None = None) -> Iterator[Record]:
    """These cases as they stood, in the order of `refs`; those of which nothing was known or had happened yet are left out, and
    so are those of other owners than were asked for. `failed` takes the cases that cannot be read."""
    known_by = end_of(asked.known_by) if asked.known_by else None
    gone = officers_left(session)
    for start in range(0, len(refs), BATCH):
        batch = refs[start:start + BATCH]
        born = _born(session, batch) if births else {}
        for ref, facts in read_many(session, batch, known_by=known_by).items():
            try:
                case = Case.of(ref, facts, asked.on, bank_holidays())
                if not case.facts or (asked.owner is not None and case.owner != asked.owner):
                    continue
                ahead = _ahead(case, born.get(ref)) if births else None
            except FAULTS as fault:
                if failed is None:
                    raise
                failed.append((ref, words(fault)))
                continue
            seen["cases"] += 1
            yield Record(case, facts, asked, seen, ahead, gone)
        if progress is not None:
            progress(min(start + BATCH, len(refs)), len(refs))


def refs_for(session: Session, question: OfCases, asked: Asked) -> list[str]:
    """The cases that can have a row in the answer."""
    where: list[bulk.Condition] = []
    if question.about_requests and asked.known_by is None:          # then the kept Day 0 is the one that counts
        where += [("day_zero", ">=", asked.since.isoformat())] if asked.since else []
        where += [("day_zero", "<=", asked.until.isoformat())] if asked.until else []
    return [ref for ref, in bulk.select(session, CASE_FILE, ("ref",), *where, order=("ref",))]


def officers_left(session: Session) -> Mapping[str, date]:
    """The last day of each officer who has left."""
    return {one.officer: date.fromisoformat(one.left_on) for one in left(session)}


def _ahead(case: Case, born: date | None) -> Ahead | None:
    ahead = ahead_of(case, born, case.on)
    return None if is_excluded(case, ahead.year) else ahead


def _born(session: Session, refs: Sequence[str]) -> dict[str, date | None]:
    rows = session.connection().execute(
        sa.select(CaseFile.ref, PERSON.c.birth_date).join(PERSON, PERSON.c.ref == CASE_FILE.c.person_ref).where(CASE_FILE.c.ref.in_(refs)))
    return {ref: birth for ref, birth in rows}
