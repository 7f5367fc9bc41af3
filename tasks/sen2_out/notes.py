"""The notes with which a council answers the queries of its return. They can be erased, and are no part of the trail."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.facts import BadFact
from models.hand import Hand
from models.sen2.finding import Finding, Level
from models.sen2.rules import RULES
from models.tables.cases import CaseFile
from models.tables.people import ReturnNoteRow
from tasks.files import storable
from tasks.reading import no_such_case

WHOLE = ""
"""Stands for the case where a note is about the whole return."""

OF_THE_FACTS = {"F02": Level.QUERY, "F04": Level.QUERY}
LONGEST = 2000


def write_note(session: Session, year: int, ref: str, rule: str, note: str, hand: Hand) -> None:
    """Keep why a query is as it should be; one that is there already is replaced. Raises BadFact, NoSuchCase."""
    _check(session, ref, rule)
    told = storable(f"{ref or 'the return'}: the note", note.strip() or note)
    if len(told) > LONGEST:
        raise BadFact(f"The note has {len(told)} characters; {LONGEST} are the most.")
    row = session.get(ReturnNoteRow, (year, ref, rule)) or ReturnNoteRow(
        year=year, case_ref=ref, rule=rule, note=told, written_at=hand.at, written_by=hand.by)
    row.note, row.written_at, row.written_by = told, hand.at, hand.by
    session.add(row)
    session.flush()


def remove_note(session: Session, year: int, ref: str, rule: str) -> bool:
    """Take a note out; whether there was one."""
    row = session.get(ReturnNoteRow, (year, ref, rule))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def notes_of(session: Session, year: int) -> dict[tuple[str, str], str]:
    """The notes on the return of a year, by case and rule."""
    rows = session.exec(select(ReturnNoteRow).where(col(ReturnNoteRow.year) == year)).all()
    return {(row.case_ref, row.rule): row.note for row in rows}


def note_for(notes: dict[tuple[str, str], str], finding: Finding) -> str | None:
    """The note that answers a finding, if it is a query."""
    return notes.get((finding.case_ref or WHOLE, finding.rule)) if finding.level is Level.QUERY else None


def queries() -> Iterable[str]:
    """The rules whose findings a note can answer."""
    return sorted([*(rule.id for rule in RULES.values() if rule.level is Level.QUERY), *OF_THE_FACTS])


def _check(session: Session, ref: str, rule: str) -> None:
    if rule not in RULES and rule not in OF_THE_FACTS:
        raise BadFact(f"There is no rule {rule!r} that a note could answer. They are {', '.join(queries())}.")
    if rule not in queries():
        raise BadFact(f"{rule} is an error: a note does not answer it, the record must be put right. `ehc export sen2 --check` says"
        " how.")
    if ref != WHOLE and session.exec(sa.select(col(CaseFile.ref)).where(col(CaseFile.ref) == ref)).first() is None:
        raise no_such_case(session, ref)
