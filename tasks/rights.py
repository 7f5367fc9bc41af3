"""The rights pass from the parent to the young person on the day after compulsory school age ends (s.83(2)): the watch records
it in every open case on that day, or as soon after as it runs, so that no later notice goes to the wrong person."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col

from models.hand import Hand
from models.rights import rights_pass_on
from models.stages import Stage
from models.tables.cases import CaseFile, FactRow
from models.tables.people import Person
from tasks.case_file import NewFact, take
from tasks.database import reading, writing
from tasks.faults import FAULTS, words
from tasks.orphans import looked_at

YOUNGEST = 15
"""Nobody younger than this, in years, has reached the end of compulsory school age."""


def find(session: Session, today: date) -> dict[str, date]:
    """The open cases in which the rights have passed and that is not on record, with the day on which they passed."""
    over = [str(stage) for stage in Stage if stage.is_terminal]
    recorded = sa.select(FactRow.__table__.c.number).where(
        FactRow.__table__.c.case_ref == CaseFile.__table__.c.ref, FactRow.__table__.c.kind == "became_young_person").exists()
    rows = session.exec(
        sa.select(col(CaseFile.ref), col(Person.birth_date), col(CaseFile.day_zero)).join(
            Person, col(CaseFile.person_ref) == col(Person.ref))
        .where(col(CaseFile.stage).not_in(over), col(Person.birth_date) <= date(today.year - YOUNGEST, 12, 31), ~recorded,
               ~looked_at())).all()
    passed = {ref: (rights_pass_on(born), began) for ref, born, began in rows}
    return {ref: day for ref, (day, began) in sorted(passed.items()) if day <= today and (began is None or began <= day)}


def pass_on(engine: Engine, today: date, hand: Hand) -> dict[str, str]:
    """Record it in each of these cases, once. What could not be recorded, by case; it holds up none of the others."""
    with reading(engine) as session:
        found = find(session, today)
    faults: dict[str, str] = {}
    for ref, day in found.items():
        try:
            with writing(engine) as session:
                files = take(session, [ref], today)
                files.add(ref, NewFact("became_young_person", day, {}, f"{ref}/became_young_person"), hand)
                files.write()
        except FAULTS as fault:
            faults[ref] = words(fault)
    return faults
