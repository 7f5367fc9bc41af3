"""The case file: open it, add a fact to it, read it.

A fact, its seal and everything worked out from it are written together or not at all. What is free text goes where it
can be erased; the fact holds its salted hash.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.age import check_age
from models.case import Case
from models.fact_check import check_ref
from models.facts import BadFact
from models.hand import Hand
from models.law.dates import long
from models.law.owed import Owed
from models.law.request import DAY_ZERO
from models.tables.cases import CaseFile
from models.tables.people import Contact, Person
from tasks import bulk
from tasks.database import TRIAL
from tasks.derived import Derived, as_it_stands, derive
from tasks.files import CannotBear, Chance, Files, FutureDay, NewFact, storable
from tasks.people import refuse_if_erased
from tasks.reading import CASE_FILE, FACT, FACT_COLUMNS, NoSuchCase, as_fact, read, read_many, texts

__all__ = [
    "BadFact", "CannotBear", "CaseExists", "Chance", "Derived", "Files", "FutureDay", "NewContact", "NewFact", "NewPerson",
    "NoSuchCase", "Recorded", "add_contact", "as_it_stands", "derive", "open_case", "read", "read_many", "record",
    "record_many", "refresh", "take", "texts", "verify_contact",
]

_REFERENCES = 0x454843_02             # of an advisory lock


class CaseExists(ValueError):
    """There is a case with this reference already."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """The child or young person as told at the door. What is shown of it for a log tells nothing."""

    name: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody to write to about a case, in a role such as `family`."""

    role: str
    name: str = field(repr=False)
    address: str | None = field(default=None, repr=False)
    apprise_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording did: the case as it now stands, the fact's number, and the duties that this call began or changed.

    `repeated` tells that the same fact was there already under the same key, so it was not written again.
    """

    case: Case
    number: int
    changed: tuple[Owed, ...]
    repeated: bool = False


def open_case(session: Session, ref: str | None, person: NewPerson | str | None, first: NewFact, hand: Hand, today: date,
              *, contacts: Iterable[NewContact] = (), chance: Chance = secrets.token_bytes) -> Recorded:
    """Open a case with its first fact. Without `ref` it gets the next reference of the fact's year, such as EHC-2026-0042.

    `person` is a new one, or the reference of one whom another case is about, or None where nobody is named. Opening it
    again with the same first fact under the same key gives the case that is there.

    Raises CaseExists, BadFact, FutureDay, CannotBear.
    """
    ref = check_ref(ref) if ref is not None else None
    if ref is None:
        _one_reference_at_a_time(session)
    if first.key is not None and (there := _opened_before(session, ref, first)) is not None:
        files = take(session, [there], today, chance=chance)
        number, repeated = files.add(there, first, hand)
        return Recorded(files.case(there), number, (), repeated)
    if ref is None:
        ref = _next_reference(session, first.on.year)
    elif bulk.select(session, CASE_FILE, ("ref",), ("ref", "=", ref)):
        raise CaseExists(f"{ref}: there is a case with this reference already. Record the fact in it, or give another"
                         " reference.")
    known, new_person = _person(session, ref, person, first, chance)
    told = [_contact(ref, contact, first.on, hand.by, first.on) for contact in contacts]      # as the request gives them
    files = Files(session, today, chance)
    files.open(ref, known)
    number, _ = files.add(ref, first, hand)
    try:
        changed = files.write()[ref]
    except IntegrityError as error:
        raise CaseExists(f"{ref}: somebody else has just opened a case with this reference. Nothing was kept of this call;"
                         " give another reference.") from error
    session.add_all([*new_person, *told])
    session.flush()
    return Recorded(files.case(ref), number, changed)


def record(session: Session, ref: str, kind: str, on: date, data: Mapping[str, Any], hand: Hand, today: date, *,
           key: str | None = None, chance: Chance = secrets.token_bytes) -> Recorded:
    """Record one fact of a case. `today` is the civil day in England; no fact lies after it.

    Raises NoSuchCase, BadFact, FutureDay, CannotBear; nothing of this call is then in the transaction.
    """
    return record_many(session, [(ref, NewFact(kind, on, data, key))], hand, today, chance=chance)[0]


def record_many(session: Session, facts: Iterable[tuple[str, NewFact]], hand: Hand, today: date, *,
                chance: Chance = secrets.token_bytes) -> list[Recorded]:
    """Record several facts of one or many cases, each `(ref, fact)`, all or none. Raises as `record` does."""
    facts = list(facts)
    files = take(session, (ref for ref, _ in facts), today, chance=chance)
    to_come: dict[str, list[NewFact]] = {}
    for ref, fact in facts:
        to_come.setdefault(ref, []).append(fact)
    added = []
    for ref, fact in facts:
        to_come[ref] = to_come[ref][1:]
        added.append(files.add(ref, fact, hand, to_come[ref]))
    changed = files.write()
    return [Recorded(files.case(ref), number, changed[ref], repeated)
            for (ref, _), (number, repeated) in zip(facts, added, strict=True)]


def take(session: Session, refs: Iterable[str], today: date, *, chance: Chance = secrets.token_bytes) -> Files:
    """The files of these cases, read, and locked until the transaction ends: for a visit, which reads and then adds.

    Raises NoSuchCase.
    """
    files = Files(session, today, chance)
    files.take(refs)
    return files


def refresh(session: Session, refs: Iterable[str], today: date) -> None:
    """Work out anew how these cases stand on `today` where no new fact makes it so: periods end by themselves."""
    take(session, refs, today).write()


def add_contact(session: Session, ref: str, told: NewContact, since: date, by: str) -> None:
    """Keep somebody to write to about a case, from now on; nobody is written to before a second person has made sure of the
    address (`verify_contact`). Raises BadFact if the name is blank or the case was erased."""
    session.add(_contact(ref, told, since, by))
    session.flush()
    refuse_if_erased(session, ref)


def verify_contact(session: Session, ref: str, role: str, hand: Hand, today: date) -> Recorded:
    """Record that a second person made sure that the latest address of this role in the case is theirs.

    Raises BadFact if there is nothing to verify, or if the person who added it would be the one to verify it; as `record` does.
    """
    latest = session.exec(select(Contact).where(col(Contact.case_ref) == ref, col(Contact.role) == role).order_by(
        col(Contact.id).desc())).first()
    if latest is None or latest.apprise_url is None:
        raise BadFact(f"{ref}: there is no address of {role} to verify. Say it with `ehc person {ref} --contact NAME --email ADDRESS`.")
    if latest.verified_on is not None:
        raise BadFact(f"{ref}: the address of {role} was verified on {long(latest.verified_on)} by {latest.verified_by}.")
    if latest.added_by == hand.by:
        raise BadFact(f"{ref}: {hand.by} added this address, so somebody else makes sure of it: ask the family on a number known"
                      f" before, then `ehc person {ref} --verify --by OFFICER`.")
    latest.verified_on, latest.verified_by = today, hand.by
    session.add(latest)
    session.flush()
    return record(session, ref, "recipient_verified", today, {"recipient": role, "checked_by": hand.by}, hand, today,
                  key=f"{ref}/recipient_verified/contact-{latest.id}")


def _contact(ref: str, told: NewContact, since: date, by: str, verified_on: date | None = None) -> Contact:
    _check_words(ref, name=told.name, address=told.address)
    return Contact(case_ref=ref, role=told.role, name=told.name, address=told.address, apprise_url=told.apprise_url, since=since,
                   added_by=by, verified_on=verified_on, verified_by=by if verified_on else None)


def _person(session: Session, ref: str, person: NewPerson | str | None, first: NewFact, chance: Chance
            ) -> tuple[str | None, list[Person]]:
    """The reference of the person, and the row to be kept if it is a new one."""
    if person is None:
        return None, []
    if isinstance(person, str):
        if session.get(Person, person) is None:
            raise BadFact(f"{ref}: there is no person {person}. Name a new one, or give the person of another case.")
        return person, []
    _check_words(ref, name=person.name, address=person.address)
    if person.birth_date is not None and first.kind in DAY_ZERO:
        try:
            check_age(person.birth_date, first.on)
        except BadFact as error:
            raise BadFact(f"{ref}: {error}") from None
    person_ref = f"P-{chance(8).hex()}"
    return person_ref, [Person(ref=person_ref, name=person.name, birth_date=person.birth_date, address=person.address)]


def _check_words(ref: str, **words: str | None) -> None:
    for what, text in words.items():
        if text is not None:
            storable(f"{ref}: the {what}", text)


def _opened_before(session: Session, ref: str | None, first: NewFact) -> str | None:
    """The case that was opened with a fact of this kind, day and key: this one, or any that began on that day."""
    where = ("ref", "=", ref) if ref is not None else ("day_zero", "=", first.on.isoformat())
    refs = [row[0] for row in bulk.select(session, CASE_FILE, ("ref",), where)]
    rows = bulk.select(session, FACT, FACT_COLUMNS, ("case_ref", "in", refs), ("number", "=", 1), order=("case_ref",))
    return next((fact.case for fact in map(as_fact, rows) if (fact.kind, fact["key"]) == (first.kind, first.key)), None)


def _one_reference_at_a_time(session: Session) -> None:
    """Keep others from taking a reference before this transaction ends. SQLite has one writer at a time already."""
    connection = session.connection()
    if connection.dialect.name == "postgresql" and not connection.get_execution_options().get(TRIAL):
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_REFERENCES)))


def _next_reference(session: Session, year: int) -> str:
    """The next free reference of the year."""
    for digits in (6, 5, 4):
        highest = session.connection().scalar(
            sa.select(col(CaseFile.ref)).where(col(CaseFile.ref).regexp_match(f"^EHC-{year}-[0-9]{{{digits}}}$"))
            .order_by(col(CaseFile.ref).desc()).limit(1))
        if highest is not None:
            return f"EHC-{year}-{int(highest.rpartition('-')[2]) + 1:04d}"
    return f"EHC-{year}-0001"
