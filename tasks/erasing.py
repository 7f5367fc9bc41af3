"""Erasing what is known about a child, and keeping the proof of what was done: two persons, under the council's policy.

The rows go in one transaction, with the fact that says so in every case about the child. Then the files go, the database's pages
are cleaned, the trail is sealed, and a certificate is signed. Killed at any point, the same call goes on from there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from models.certificate import Certificate, hash_of, inventory
from models.hand import Hand
from models.law.dates import long
from models.message_key import NO_LONGER_WANTED
from models.note import hash_of as hash_of_note
from models.note import read_keys, sign
from models.retention import PERSONAL, Retention, named_in
from models.tables.cases import CaseFile, MessageRow
from models.tables.people import Contact, DocumentRow, ErasureRow, ParticularsRow, Person, TextRow
from models.trail import moment, seal_text
from notifications.eml import EmlFolder, file_name
from tasks.case_file import Files, NewFact, take
from tasks.database import reading, writing
from tasks.log import key_notes, last_checkpoint
from tasks.pages import clean
from tasks.reading import facts_of
from tasks.retention import of_case
from tasks.seal import seal
from tasks.seal_files import put
from tasks.seal_key import one_at_a_time, signing_key
from tasks.settings import Settings
from tasks.trail import Progress

ERASED = "personal_data_erased"
CERTIFICATES = "erasures"
"""The folder in EHC_SEAL_DIR with the certificates."""


class NotErased(ValueError):
    """Nothing was erased: the message says which case, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Would:
    """What an erasure would do: how the child's data stand, and the inventory of what would go."""

    stands: Retention
    inventory: str


@dataclass(frozen=True, slots=True)
class Erased:
    """An erasure that is finished. `again` tells that it was before this call."""

    number: int
    cases: tuple[str, ...]
    inventory: str
    certificate: str
    path: Path
    again: bool


def preview(session: Session, us: Settings, ref: str, today: date) -> Would:
    """What erasing the child of this case would do; nothing is changed. Raises NoSuchCase."""
    person, stands = of_case(session, ref, us.retention, today)
    return Would(stands, _inventory(session, us, stands.cases, person))


def erase(engine: Engine, us: Settings, ref: str, hand: Hand, approved_by: str, because: str, today: date,
          clock: Callable[[], datetime], progress: Progress | None = None) -> Erased:
    """Erase everything that names the child of this case, in all cases about that child, and certify it. Safe to repeat.

    Where it was begun before, goes on from there. Raises NotErased unless it is due, nothing stands in the way and two persons ask
    for it; NoKey, BadKey, NotSealed where the record cannot be sealed first; NoSuchCase, Busy.
    """
    with reading(engine) as session:
        number = begun(session, ref)
    if number is None:
        if approved_by == hand.by:
            raise NotErased(f"{ref}: {hand.by} cannot both ask for an erasure and approve it. A second officer approves.")
        seal(engine, us.seal_dir, us.seal_key, hand.at, progress)
        number = _begin(engine, us, ref, hand, approved_by, because, today)
    return _finish(engine, us, number, clock, progress)


def begun(session: Session, ref: str) -> int | None:
    """The number of the erasure of which this case is part, finished or not; None if there is none."""
    return next((fact["certificate"] for fact in facts_of(session, [ref]) if fact.kind == ERASED), None)


def place(folder: Path, number: int) -> Path:
    """Where the file of a certificate is."""
    return folder / CERTIFICATES / f"{number:06d}.txt"


# --- the rows ------------------------------------------------------------------------------------------------------

def _begin(engine: Engine, us: Settings, ref: str, hand: Hand, approved_by: str, because: str, today: date) -> int:
    """Delete the rows and record it, together."""
    with writing(engine) as session:
        one_at_a_time(session)
        _, stands = of_case(session, ref, us.retention, today)
        files = take(session, stands.cases, today)
        person, now = of_case(session, ref, us.retention, today)            # as it stands now that nobody else can change it
        if (number := begun(session, ref)) is not None:
            return number                                                    # another was quicker
        if now.cases != stands.cases or now.state(today) != "due" or person is None:
            raise NotErased(_why_not(ref, now, today))
        _no_name_in(session, ref, person, now.cases, because)
        told = _inventory(session, us, now.cases, person)
        number = (session.connection().scalar(sa.select(sa.func.max(col(ErasureRow.number)))) or 0) + 1
        newest = last_checkpoint(session)
        assert newest is not None                                            # it was sealed a moment ago
        delete_rows(session, now.cases)
        _give_up_messages(session, files, now.cases, hand, today)
        for case in now.cases:
            files.add(case, NewFact(ERASED, today, {
                "rule": f"{now.rule} {now.years}", "decided_by": hand.by, "approved_by": approved_by, "because": because,
                "certificate": number, "sha256": hash_of(told)}, f"{case}/{ERASED}"), hand)
        files.write()
        session.add(ErasureRow(number=number, cases=" ".join(now.cases), rule=f"{now.rule} {now.years}", asked_by=hand.by,
                               approved_by=approved_by, begun_at=hand.at, before_number=newest[0],
                               before_hash=hash_of_note(newest[1]), inventory=told))
        session.flush()
    return number


def _why_not(ref: str, stands: Retention, today: date) -> str:
    if stands.due_on is not None and stands.due_on > today:
        more = f" Besides: {'; '.join(stands.in_the_way)}." if stands.in_the_way else ""
        return f"{ref}: nothing is due for erasure before {long(stands.due_on)} ({stands.told}).{more}"
    return f"{ref}: it cannot be erased: {'; '.join(stands.in_the_way) or 'cases about the child were opened meanwhile'}."


def _no_name_in(session: Session, ref: str, person: str, cases: Sequence[str], because: str) -> None:
    """The reason outlives the erasure, so it names nobody who is erased."""
    names = [session.get_one(Person, person).name, *session.exec(select(Contact.name).where(col(Contact.case_ref).in_(cases)))]
    more = session.get(ParticularsRow, person)
    names += [part for part in (more.surname, more.forename) if part] if more else []
    if named_in(because, names) is not None:
        raise NotErased(f"{ref}: the reason holds a name that is to be erased, and the reason stays. Write it without names.")


def delete_rows(session: Session, cases: Sequence[str]) -> int:
    """Delete what names the child of these cases, but for the reason why it was erased. How many rows there were."""
    people = [ref for ref, in session.connection().execute(
        sa.select(col(CaseFile.person_ref)).where(col(CaseFile.ref).in_(cases), col(CaseFile.person_ref).is_not(None)).distinct())]
    reasons = [f"{fact.case}/{fact.number}/because" for fact in facts_of(session, cases) if fact.kind == ERASED]
    many = 0
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name not in PERSONAL:
            continue
        where = _of_them(table, cases, people)
        if table.name == TextRow.__tablename__:
            where = sa.and_(where, table.c.id.not_in(reasons))
        many += session.connection().execute(sa.delete(table).where(where)).rowcount
    return many


def _give_up_messages(session: Session, files: Files, cases: Sequence[str], hand: Hand, today: date) -> None:
    """What still waits to be sent is not sent any more; what an error said of a message goes too."""
    waiting = session.exec(select(MessageRow).where(col(MessageRow.case_ref).in_(cases), col(MessageRow.status) == "queued").order_by(
        col(MessageRow.key))).all()
    for row in waiting:
        files.add(row.case_ref, NewFact("message_failed", today, {"key": row.key, "why": NO_LONGER_WANTED, "final": True}), hand)
        row.status, row.next_attempt_at = "failed", None
    session.flush()
    session.connection().execute(sa.update(MessageRow).where(col(MessageRow.case_ref).in_(cases)).values(problem=None))


# --- what there is -------------------------------------------------------------------------------------------------

def _of_them(table: sa.Table, cases: Sequence[str], people: Sequence[str]) -> sa.ColumnElement[bool]:
    """The rows of a table that are of these cases or persons."""
    return sa.or_(*(table.c[by].in_(cases if by == "case_ref" else people) for by in PERSONAL[table.name]))


def _inventory(session: Session, us: Settings, cases: Sequence[str], person: str | None) -> str:
    """Everything that would go now."""
    rows, people = {}, [person] if person else []
    for name in PERSONAL:
        if name not in (TextRow.__tablename__, DocumentRow.__tablename__):
            table = SQLModel.metadata.tables[name]
            rows[name] = session.connection().scalar(sa.select(sa.func.count()).select_from(table).where(
                _of_them(table, cases, people))) or 0
    texts = session.exec(select(TextRow).where(col(TextRow.case_ref).in_(cases)).order_by(col(TextRow.id))).all()
    documents = session.exec(select(DocumentRow.case_ref, DocumentRow.sha256).where(col(DocumentRow.case_ref).in_(cases)).order_by(
        col(DocumentRow.case_ref), col(DocumentRow.sha256))).all()
    heads = session.exec(select(CaseFile.ref, CaseFile.last_number, CaseFile.last_hash).where(col(CaseFile.ref).in_(cases)).order_by(
        col(CaseFile.ref))).all()
    keys = [fact["key"] for fact in facts_of(session, cases) if fact.kind == "message_queued"]
    return inventory(
        [(ref, number, hash) for ref, number, hash in heads], rows, [(one.id, seal_text(one.salt, one.body)) for one in texts],
        [(ref, hash) for ref, hash in documents],
        [(shown, sha256(path.read_bytes()).hexdigest()) for shown, path in files_of(us, cases, keys)])


def files_of(us: Settings, cases: Sequence[str], keys: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """The files that belong to these cases: documents, and letters that were written as files; with the name to show.

    A letter in which several reminders went together names cases by reference only, and stays.
    """
    for ref in cases:
        for path in sorted((us.documents_dir / quote(ref, safe="")).glob("*")):
            yield f"documents/{path.parent.name}/{path.name}", path
    names = {f"{file_name(key)}.eml" for key in keys}
    for folder in _outboxes(us):
        for path in sorted(folder.rglob("*.eml")) if names else ():
            if path.name in names:
                yield f"outbox/{path.parent.name}/{path.name}", path


def _outboxes(us: Settings) -> list[Path]:
    """Every folder to which letters go as files."""
    found = [us.outbox_dir.absolute()]
    for url in us.channels.values():
        if url.get_secret_value().startswith(f"{EmlFolder.protocol}://"):
            told = EmlFolder.parse_url(url.get_secret_value())
            found += [Path(told["folder"])] if told else []
    return list(dict.fromkeys(found))


# --- the rest ------------------------------------------------------------------------------------------------------

def _finish(engine: Engine, us: Settings, number: int, clock: Callable[[], datetime], progress: Progress | None) -> Erased:
    """Remove the files, clean the pages, seal, and certify. What an earlier call has done is not done again, but for what came
    back since, as from a backup."""
    with reading(engine) as session:
        row = session.get_one(ErasureRow, number)
        cases = row.cases.split(" ")
        keys = [fact["key"] for fact in facts_of(session, cases) if fact.kind == "message_queued"]
    with writing(engine) as session:
        came_back = delete_rows(session, cases)
    for _, path in list(files_of(us, cases, keys)):
        path.unlink(missing_ok=True)
    for ref in cases:
        folder = us.documents_dir / quote(ref, safe="")
        if folder.is_dir():
            folder.rmdir()
    where = place(us.seal_dir, number)
    if row.note is not None and not came_back:
        _write(where, row.note, row.inventory)
        return Erased(number, tuple(cases), row.inventory, row.note, where, again=True)
    remains = clean(engine, [*PERSONAL, MessageRow.__tablename__])
    if row.note is not None:
        return Erased(number, tuple(cases), row.inventory, row.note, where, again=True)
    after = seal(engine, us.seal_dir, us.seal_key, clock(), progress)
    with reading(engine) as session:
        keys_known = read_keys(key_notes(session))
    assert after.number is not None and after.note is not None
    rule, _, years = row.rule.partition(" ")
    done = clock()
    says = Certificate(keys_known[-1].name, number, tuple(cases), rule, int(years), row.asked_by, row.approved_by, moment(row.begun_at),
                       moment(done), row.inventory.count("\n"), hash_of(row.inventory), remains,
                       (row.before_number, row.before_hash), (after.number, hash_of_note(after.note)))
    note = sign(says.text(), says.name, signing_key(us.seal_key, keys_known))
    _write(where, note, row.inventory)
    with writing(engine) as session:
        kept = session.get_one(ErasureRow, number)
        if kept.note is None:
            kept.note, kept.finished_at = note, done
            session.add(kept)
        else:                                                                # another was quicker
            note = kept.note
    _write(where, note, row.inventory)
    return Erased(number, tuple(cases), row.inventory, note, where, again=False)


def _write(path: Path, note: str, told: str) -> None:
    text = f"{note}\n{told}"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        put(path, [text])
