"""Which children's data fall due for erasure, and what stands in the way: read, never erased here."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import Case
from models.retention import Policy, Retention, due_day, stands
from models.tables.cases import CaseFile, FactRow
from models.tables.people import ErasureRow, Person
from tasks.derived import as_it_stands
from tasks.people import cases_of
from tasks.reading import read_many

AT_ONCE = 200
UNKNOWN = "nobody is named in it, so the birth date is not known: say whom it is about with `ehc person {ref} --name NAME --born DAY`"
NO_DATE = "the birth date is not known: say it with `ehc person {ref} --born DAY`"


def listed(session: Session, policy: Policy, on: date, within: int = 0) -> list[Retention]:
    """What is due for erasure on a day or within so many days of it, whatever stands in the way; what cannot be worked out,
    because no birth date is known; and erasures that were begun and not finished. Unfinished first, then by day."""
    begun = list(_begun(session))
    found = [*begun, *_unknown(session)]
    found += [one for one in _by_age(session, policy, on, within) if one.due_on is None or one.due_on <= on + timedelta(days=within)]
    order = ("unfinished", "unknown", "due", "held", "later")
    return sorted(found, key=lambda one: (order.index(one.state(on)), one.due_on or date.min, one.cases))


def of_case(session: Session, ref: str, policy: Policy, on: date) -> tuple[str | None, Retention]:
    """How the data about the child of a case stand, with the reference of the person; None where nobody is named.

    Raises NoSuchCase.
    """
    read_many(session, [ref])
    person, born = session.connection().execute(
        sa.select(col(Person.ref), col(Person.birth_date)).select_from(
            sa.join(CaseFile, Person, col(CaseFile.person_ref) == col(Person.ref), isouter=True)).where(col(CaseFile.ref) == ref)).one()
    if person is None:
        return None, Retention((ref,), in_the_way=(UNKNOWN.format(ref=ref),))
    return person, stands(_cases(session, cases_of(session, [person])[person], on), born, policy)


def _begun(session: Session) -> Iterable[Retention]:
    for number, cases in session.connection().execute(sa.select(col(ErasureRow.number), col(ErasureRow.cases)).where(
            col(ErasureRow.finished_at).is_(None)).order_by(col(ErasureRow.number))):
        refs = tuple(cases.split(" "))
        yield Retention(refs, in_the_way=(f"erasure {number} was begun and not finished: `ehc erase {refs[0]}` goes on with it",),
                        begun=number)


def _unknown(session: Session) -> Iterable[Retention]:
    """The cases of which nobody's birth date is known, by person."""
    erased = sa.select(col(FactRow.case_ref)).where(col(FactRow.kind) == "personal_data_erased")
    asked = sa.select(col(CaseFile.ref), col(Person.ref)).select_from(
        sa.join(CaseFile, Person, col(CaseFile.person_ref) == col(Person.ref), isouter=True)).where(
        col(Person.birth_date).is_(None), col(CaseFile.ref).not_in(erased)).order_by(col(CaseFile.ref))
    of_person: dict[str, list[str]] = {}
    for ref, person in session.connection().execute(asked):
        of_person.setdefault(person or f" {ref}", []).append(ref)
    for person, refs in of_person.items():
        yield Retention(tuple(refs), in_the_way=((UNKNOWN if person.startswith(" ") else NO_DATE).format(ref=refs[0]),))


def _by_age(session: Session, policy: Policy, on: date, within: int) -> Iterable[Retention]:
    """Everybody who is old enough for the shorter period, in batches."""
    if policy.shortest is None:
        return
    latest = on + timedelta(days=within)
    asked = sa.select(col(Person.ref), col(Person.birth_date)).where(
        col(Person.birth_date) <= date(latest.year - policy.shortest, 12, 31)).order_by(col(Person.birth_date), col(Person.ref))
    people = [(ref, born) for ref, born in session.connection().execute(asked) if due_day(born, policy.shortest) <= latest]
    for some in _batches(people):
        refs = cases_of(session, [person for person, _ in some])
        for person, born in some:
            if refs[person]:
                yield stands(_cases(session, refs[person], on), born, policy)


def _batches(people: Sequence[tuple[str, date]]) -> Iterable[Sequence[tuple[str, date]]]:
    for start in range(0, len(people), AT_ONCE):
        yield people[start:start + AT_ONCE]


def _cases(session: Session, refs: Sequence[str], on: date) -> list[Case]:
    return [as_it_stands(ref, facts, on) for ref, facts in read_many(session, refs).items()]
