"""The cohort of each September: every plan whose child or young person changes the phase of education in the next calendar
year, so that it is reviewed and amended in time (reg 18)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import col

from models.case import Case
from models.cohort import Ahead, transfer_ahead
from models.hand import Hand
from models.stages import Stage
from models.tables.cases import CaseFile
from models.tables.people import Person
from tasks.case_file import NewFact, take
from tasks.database import reading, writing
from tasks.faults import FAULTS, words

CASES_AT_ONCE = 200
"""Cases looked at in one transaction."""


@dataclass
class Cohort:
    """What was found for the transfers of the calendar year `year`.

    `identified` holds the transfer of each case that was recorded now, `known` those on record before, `excluded` those in
    which the council decided that there is none. `unclear` says why it cannot be told, `faults` what was wrong.
    """

    on: date
    year: int = 0
    looked_at: int = 0
    identified: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    unclear: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def words(self) -> str:
        """What was found, in a line."""
        line = (f"{self.looked_at} plans: {len(self.identified)} transfers of {self.year} identified, {len(self.known)} on"
                f" record already, {len(self.excluded)} excluded, {len(self.unclear)} to be looked at")
        return line + (f"; not worked out: {', '.join(sorted(self.faults))}" if self.faults else "")


def find_transfers(engine: Engine, today: date, hand: Hand) -> Cohort:
    """Record the transfer of the next calendar year in every case with a live plan, each once.

    A case that cannot be worked out is named, and holds up none of the others.
    """
    found = Cohort(today, transfer_ahead(today, None, today).year)
    born = _births(engine)
    refs = sorted(born)
    for start in range(0, len(refs), CASES_AT_ONCE):
        batch = refs[start:start + CASES_AT_ONCE]
        try:
            _find(engine, batch, born, found, today, hand)
        except FAULTS:
            for ref in batch:
                try:
                    _find(engine, [ref], born, found, today, hand)
                except FAULTS as fault:
                    found.faults[ref] = words(fault)
    return found


def _find(engine: Engine, refs: list[str], born: Mapping[str, date | None], found: Cohort, today: date, hand: Hand) -> None:
    """Look at some cases, in one transaction. What was found counts once the transaction is kept."""
    now = Cohort(found.on)
    with writing(engine) as session:
        files = take(session, refs, today)
        for ref in refs:
            case = files.case(ref)
            if not case.has_plan:
                continue
            now.looked_at += 1
            ahead = ahead_of(case, born[ref], today)
            if is_excluded(case, found.year):
                now.excluded.append(ref)
            elif case.has("phase_transfer_identified", year=found.year):
                now.known.append(ref)
            elif ahead.transfer is None:
                now.unclear |= {ref: ahead.why} if ahead.unclear else {}
            else:
                key = f"{ref}/phase_transfer_identified/{ahead.year}"
                files.add(ref, NewFact("phase_transfer_identified", today, {"transfer": ahead.transfer, "year": ahead.year}, key),
                          hand)
                now.identified[ref] = ahead.transfer
        files.write()
    found.looked_at += now.looked_at
    found.identified |= now.identified
    found.known += now.known
    found.excluded += now.excluded
    found.unclear |= now.unclear


def ahead_of(case: Case, born: date | None, today: date) -> Ahead:
    """The transfer that lies ahead in a case, by the birth date and by what is on record of the setting."""
    if born is None:
        return Ahead(None, transfer_ahead(today, None, today).year, "no birth date is on record", unclear=True)
    fixed = next((fact for fact in reversed(case.all("review_meeting_fixed")) if fact["setting_type"]), None)
    return transfer_ahead(born, fixed["setting_type"] if fixed else case.child.get("attends"), today)


def is_excluded(case: Case, year: int) -> bool:
    """Whether the council decided that no transfer of this calendar year is due: of one that was identified for it, or, where
    none was, in the school year before the cohort's or since."""
    for decision in case.all("phase_transfer_excluded"):
        of = next((one for one in case.occasions["phase_transfer"] if decision in one.facts), None)
        if of.facts[0]["year"] == year if of else decision.on >= date(year - 2, 9, 1):
            return True
    return False


def _births(engine: Engine) -> dict[str, date | None]:
    """The birth date of the person of every open case, where it is known, by case."""
    over = [str(stage) for stage in Stage if stage.is_terminal]
    with reading(engine) as session:
        rows = session.exec(
            sa.select(col(CaseFile.ref), col(Person.birth_date)).outerjoin(Person, col(CaseFile.person_ref) == col(Person.ref))
            .where(col(CaseFile.stage).not_in(over))).all()
        return {ref: day for ref, day in rows}
