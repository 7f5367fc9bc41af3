"""Putting a made-up council on record: every life with its person and its facts, sealed like any other."""

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlmodel import Session, select

from models.hand import Hand
from models.made_up.as_recorded import as_recorded
from models.made_up.as_returned import POSTCODE, SURNAME, header, people, upn
from models.made_up.council import REFERENCE, Council, lives
from models.made_up.life import Life
from models.sen2.render import CLOSING, opening, person_xml
from models.tables.cases import CaseFile
from models.tables.people import ParticularsRow, Person
from tasks import bulk
from tasks.case_file import Files, NewFact
from tasks.database import reading, writing

CASES_AT_ONCE = 200
"""Cases written in one transaction."""

PERSON, PARTICULARS = Person.__table__, ParticularsRow.__table__


class NotEmpty(ValueError):
    """There are cases on record: a made-up council is never mixed with them."""


def fill(engine: Engine, council: Council, hand: Hand, progress: Callable[[int], None] = lambda done: None) -> tuple[int, int]:
    """Put the council on record as it stands on its day. The number of its cases and of their facts.

    Killed half-way, a second call for the same council goes on where the first one stopped; `progress` is told how many cases are
    there. Raises NotEmpty where other cases are on record.
    """
    there = _there(engine, council)
    chance = Random(f"{council.seed}/salts")
    cases = facts = 0
    every = (life for life in lives(council) if as_recorded(life, council.until, council.seed))
    while batch := list(islice(every, CASES_AT_ONCE)):
        cases += len(batch)
        new = [life for life in batch if reference(life) not in there]
        if new:
            with writing(engine) as session:
                facts += _write(session, new, council, hand, chance)
        progress(cases)
    return cases, facts


def write_return(council: Council, year: int, number: str, made_at: str, place: Path,
                 progress: Callable[[int], None] = lambda done: None) -> int:
    """Write the return that a made-up council of that number would send for the survey of that year, as XML. How many persons are in it.

    The file says that it is made up. It is put there whole or not at all. Raises OSError.
    """
    part, count = place.with_name(f".{place.name}.part"), 0
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(opening(header(year, number, made_at), year, remark="Made up: nobody in this file exists."))
            for count, person in enumerate(people(lives(council), year), 1):
                file.write(person_xml(person, year))
                progress(count)
            file.write(CLOSING)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return count


def reference(life: Life) -> str:
    """The reference of a made-up case: it says so itself.

    >>> from datetime import date
    >>> reference(Life(12, date(2016, 5, 4), "F", "WBRI", ("ASD",), "mainstream"))
    'MADEUP-000012'
    """
    return f"{REFERENCE}-{life.number:06d}"


def _there(engine: Engine, council: Council) -> frozenset[str]:
    """The cases of this council that are on record already."""
    with reading(engine) as session:
        refs = session.exec(select(CaseFile.ref)).all()
        if not refs:
            return frozenset()
        if any(not ref.startswith(f"{REFERENCE}-") for ref in refs):
            raise NotEmpty("there are cases on record that are not made up, and a made-up council is never mixed with them. Name an empty"
                           " database: EHC_DATABASE_URL=sqlite:///./var/made-up.sqlite ehc sample ...")
        first = next(life for life in lives(council) if as_recorded(life, council.until, council.seed))
        told = session.get(Person, f"P-{reference(first)}")
        if told is None or told.birth_date != first.born:
            raise NotEmpty("another made-up council is on record (another seed, size or day). Name an empty database:"
                           " EHC_DATABASE_URL=sqlite:///./var/made-up.sqlite ehc sample ...")
    return frozenset(refs)


def _write(session: Session, batch: Iterable[Life], council: Council, hand: Hand, chance: Random) -> int:
    files = Files(session, council.until, chance.randbytes)
    people, particulars, count = [], [], 0
    for life in batch:
        ref = reference(life)
        person = f"P-{ref}"
        people.append((person, f"{SURNAME} Child {life.number}", life.born.isoformat()))
        number = upn(life.number, life.born) if life.age_on(council.until) >= 4 else None
        particulars.append((person, SURNAME, f"Child {life.number}", life.sex, life.ethnicity, POSTCODE, number, None if number else "UN1"))
        files.open(ref, person)
        for told in as_recorded(life, council.until, council.seed):
            files.add(ref, NewFact(told.kind, told.on, told.data), hand)
            count += 1
    bulk.insert(session, PERSON, ("ref", "name", "birth_date"), people)
    bulk.insert(session, PARTICULARS, ("person_ref", "surname", "forename", "sex", "ethnicity", "postcode", "upn", "upn_unknown"),
                particulars)
    files.write()
    return count
