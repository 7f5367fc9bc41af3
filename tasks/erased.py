"""Whether what was erased is erased, and every certificate is as it was signed and says what the record says."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from models.certificate import Certificate, hash_of
from models.law.record import Fact
from models.note import BadNote, Key, verified
from models.note import hash_of as hash_of_note
from models.retention import PERSONAL
from models.tables.cases import CaseFile, FactRow
from models.tables.people import ErasureRow, TextRow
from models.tables.trail import CheckpointRow
from models.trail import moment
from tasks import bulk
from tasks.erasing import ERASED
from tasks.reading import FACT, FACT_COLUMNS, as_fact
from tasks.trail import Finding


def findings(session: Session, keys: Sequence[Key]) -> list[Finding]:
    """What is wrong with erasures and their certificates, given the keys of the trail."""
    facts = list(map(as_fact, bulk.select(session, FACT, FACT_COLUMNS, ("kind", "=", ERASED), order=("case_ref", "number"))))
    rows = {row.number: row for row in session.exec(select(ErasureRow).order_by(col(ErasureRow.number)))}
    found = [finding for fact in facts for finding in _of_fact(fact, rows.get(fact["certificate"]))]
    for row in rows.values():
        told = {fact.case for fact in facts if fact["certificate"] == row.number}
        if told != set(row.cases.split(" ")):
            found.append(_certificate(row, "it names other cases than those in which the erasure is on record"))
        if row.note is not None:
            found += _of_note(session, row, keys)
    return found + list(_there_again(session, facts))


def _of_fact(fact: Fact, row: ErasureRow | None) -> Iterator[Finding]:
    if row is None:
        yield Finding(fact.case, fact.number, f"names the certificate {fact['certificate']} of an erasure, and there is none: it was"
                                              " removed.")
    elif hash_of(row.inventory) != fact["sha256"]:
        yield _certificate(row, f"its inventory is not the one that fact {fact.number} of {fact.case} names: it was changed")


def _of_note(session: Session, row: ErasureRow, keys: Sequence[Key]) -> Iterator[Finding]:
    assert row.note is not None
    try:
        says = Certificate.read(verified(row.note, keys))
    except BadNote as bad:
        yield _certificate(row, f"it was altered: {bad}")
        return
    kept = (row.number, tuple(row.cases.split(" ")), row.rule, row.asked_by, row.approved_by, moment(row.begun_at),
            (row.before_number, row.before_hash), hash_of(row.inventory), row.inventory.count("\n"),
            row.finished_at and moment(row.finished_at))
    if kept != (says.number, says.cases, f"{says.rule} {says.years}", says.by, says.approved_by, says.begun, says.before,
                says.inventory, says.lines, says.finished):
        yield _certificate(row, "what is kept beside it is not what was signed")
    for number, hash in (says.before, says.after):
        note = session.exec(select(CheckpointRow.note).where(col(CheckpointRow.number) == number)).first()
        if note is None or hash_of_note(note) != hash:
            yield _certificate(row, f"it names checkpoint {number}, which is not there or is another")


def _there_again(session: Session, facts: Sequence[Fact]) -> Iterator[Finding]:
    """Where there is something again that was erased."""
    cases = sorted({fact.case for fact in facts})
    reasons = {fact["because"]["text"] for fact in facts}
    by_person = dict(session.connection().execute(sa.select(col(CaseFile.person_ref), col(CaseFile.ref)).where(
        col(CaseFile.ref).in_(sa.select(col(FactRow.case_ref)).where(col(FactRow.kind) == ERASED)),
        col(CaseFile.person_ref).is_not(None)).order_by(col(CaseFile.ref).desc())).all())
    erased = set(cases)
    for name, by in ((name, by) for name, columns in PERSONAL.items() for by in columns):
        table = SQLModel.metadata.tables[name]
        whose = by_person if by != "case_ref" else dict.fromkeys(erased)
        shown = [table.c[by], table.c.id] if name == TextRow.__tablename__ else [table.c[by]]
        asked = sa.select(*shown).where(table.c[by].in_(list(whose))).order_by(*shown) if whose else None
        there = {row[0] for row in session.connection().execute(asked) if row[-1] not in reasons} if asked is not None else set()
        for owner in sorted(there):
            case = by_person.get(owner, owner)
            yield Finding(case, None, f"its personal data were erased, and the table {name} holds some again: `ehc erase {case}`"
                                      " erases it anew.")


def _certificate(row: ErasureRow, what: str) -> Finding:
    return Finding(f"certificate {row.number}", None, f"{what}.")
