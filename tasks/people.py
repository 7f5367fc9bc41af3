"""The persons whom cases are about: whether somebody is known already, and who a case is about. All of it is erasable."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.facts import BadFact
from models.tables.cases import CaseFile, FactRow
from models.tables.people import Contact, ParticularsRow, Person
from tasks.files import Chance, storable

AT_ONCE = 500
Known = dict[tuple[str, date], list[str]]
"""References of persons by normal name and birth date."""


def normal(name: str) -> str:
    """A name as it is compared: without accents, case, punctuation, and the order of its parts.

    >>> normal("O’Neil,  Zoë-Marie") == normal("zoe marie ONEIL")
    True
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return " ".join(sorted(re.findall(r"\w+", re.sub(r"['’`´]", "", plain))))


def known(session: Session, born: Iterable[date]) -> Known:
    """Everybody on file who was born on one of these days."""
    found: Known = {}
    days = sorted(set(born))
    for start in range(0, len(days), AT_ONCE):
        for ref, name, day in session.exec(
                sa.select(col(Person.ref), col(Person.name), col(Person.birth_date))
                .where(col(Person.birth_date).in_(days[start:start + AT_ONCE])).order_by(col(Person.ref))).all():
            found.setdefault((normal(name), day), []).append(ref)
    return found


def cases_of(session: Session, people: Iterable[str]) -> dict[str, list[str]]:
    """The references of the cases about each of these persons."""
    found: dict[str, list[str]] = {person: [] for person in people}
    wanted = list(found)
    for start in range(0, len(wanted), AT_ONCE):
        for ref, person in session.exec(
                sa.select(col(CaseFile.ref), col(CaseFile.person_ref))
                .where(col(CaseFile.person_ref).in_(wanted[start:start + AT_ONCE])).order_by(col(CaseFile.ref))).all():
            found[person].append(ref)
    return found


def person_refs(session: Session, ref: str) -> list[str]:
    """The reference of the person whom a case is about, if one is named."""
    found = session.exec(sa.select(col(CaseFile.person_ref)).where(col(CaseFile.ref) == ref)).scalar_one()
    return [found] if found else []


def person_of(session: Session, ref: str) -> Person | None:
    """Whom a case is about, if that is known and has not been erased."""
    return session.exec(select(Person).join(CaseFile, col(CaseFile.person_ref) == col(Person.ref))
                        .where(col(CaseFile.ref) == ref)).one_or_none()


def contacts_of(session: Session, ref: str) -> Sequence[Contact]:
    """Whom the council writes to about a case, the latest first."""
    return session.exec(select(Contact).where(col(Contact.case_ref) == ref).order_by(col(Contact.id).desc())).all()


PARTICULARS = ("surname", "forename", "sex", "ethnicity", "postcode", "upn", "uln", "upn_unknown")
"""What the national return asks about a person beside name and birth date."""


def particulars_of(session: Session, ref: str) -> ParticularsRow | None:
    """What the national return asks about the person of a case, as far as it was recorded."""
    return session.exec(select(ParticularsRow).join(CaseFile, col(CaseFile.person_ref) == col(ParticularsRow.person_ref))
                        .where(col(CaseFile.ref) == ref)).one_or_none()


def record_particulars(session: Session, ref: str, told: Mapping[str, str | None]) -> ParticularsRow:
    """Keep what the national return asks about the person of a case; None takes a value out, what is not told stays.

    Nobody has to be named before: surname and forename name the person. Raises BadFact.
    """
    for name, text in told.items():
        if text is not None:
            storable(f"{ref}: {name}", text)
    if person_of(session, ref) is None:
        words = [text for name in ("forename", "surname") if (text := told.get(name))]
        name_person(session, ref, name=" ".join(words) or None, born=None, address=None)
    person = session.exec(sa.select(col(CaseFile.person_ref)).where(col(CaseFile.ref) == ref)).scalar_one()
    row = session.get(ParticularsRow, person) or ParticularsRow(person_ref=person)
    for name, text in told.items():
        setattr(row, name, text)
    session.add(row)
    session.flush()
    return row


def name_person(session: Session, ref: str, *, name: str | None, born: date | None, address: str | None,
                chance: Chance = secrets.token_bytes) -> Person:
    """Say whom a case is about, or what has changed about that person; what is None stays as it is. The case must exist.

    Raises BadFact if nobody is named yet and no name is given, if a text cannot be stored, or if the case was erased.
    """
    for what, text in (("name", name), ("address", address)):
        if text is not None:
            storable(f"{ref}: the {what}", text)
    person = person_of(session, ref)
    if person is None:
        if name is None:
            raise BadFact(f"{ref}: nobody is named in this case yet, so a name is needed too.")
        person = Person(ref=f"P-{chance(8).hex()}", name=name)
        session.add(person)
        session.flush()
        file = session.get_one(CaseFile, ref)
        file.person_ref = person.ref
        session.add(file)
    person.name = name or person.name
    person.birth_date = born or person.birth_date
    person.address = address or person.address
    session.add(person)
    session.flush()
    refuse_if_erased(session, ref)
    return person


def is_erased(session: Session, ref: str) -> bool:
    """Whether the personal data of a case were erased."""
    return session.exec(select(FactRow.number).where(
        col(FactRow.case_ref) == ref, col(FactRow.kind) == "personal_data_erased")).first() is not None


def refuse_if_erased(session: Session, ref: str) -> None:
    """Raise BadFact if the personal data of a case were erased. To be asked after the writing, which then is not kept: so an
    erasure at the same moment is not missed."""
    if is_erased(session, ref):
        raise BadFact(f"{ref}: its personal data were erased, and nobody is named in it again. What concerns the person from now on"
                      " belongs to a new case.")
