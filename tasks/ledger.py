"""The ledger of data quality: what returns leave wrong or in doubt, who sees to it, and what has been seen to."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.facts import BadFact
from models.sen2.finding import Finding, Level
from models.sen2.layout import ITEMS
from models.tables.running import DataQualityRow, ReturnRow
from tasks import bulk

LEDGER = DataQualityRow.__table__
COLUMNS = ("key", "number", "rule", "level", "case_ref", "person_ref", "place", "tag", "value", "says", "do", "sha256", "found_on", "owner")
RETURN = ReturnRow.__table__
BY_A_RETURN = "return"
"""Who closed what a later return no longer shows."""

OF_A_PERSON = ("Person", *(item.tag for item in ITEMS if item.block == "person"))
"""The tags of what is found about a person and not about one case."""


class Ledger:
    """The ledger while a return is taken in: what is found is entered once, however often it is found again."""

    def __init__(self, session: Session, source: str, day: date, today: date, owner: str | None, *, whole: bool) -> None:
        """`source` is the hash of what is taken in, `day` the day that it describes, and `whole` whether it tells of everybody."""
        self._session, self._source, self._today, self._owner, self._whole = session, source, today, owner, whole
        self._last = session.connection().scalar(sa.select(sa.func.max(LEDGER.c.number))) or 0
        self._earlier = sa.select(RETURN.c.sha256).where(RETURN.c.survey_day <= day, RETURN.c.sha256 != source)
        self._before = set(session.connection().scalars(self._earlier))

    def enter(self, findings: Iterable[Finding], cases: Sequence[str], persons: Sequence[str] = ()) -> int:
        """Enter errors and queries, and close what earlier returns left open about `cases` and `persons` and this one does not show.
        How many are new. What was closed and is found again in a later return is opened again.
        """
        found = {_key(one, self._source): one for one in findings if one.level is not Level.REMARK}
        kept = dict(bulk.select(self._session, LEDGER, ("key", "sha256"), ("key", "in", list(found)))) if found else {}
        again = [key for key, source in kept.items() if source in self._before]
        bulk.update(self._session, LEDGER, ("sha256", "closed_on", "closed_by"), ("key",),
                    [(self._source, None, None, key) for key in again])
        new = [(key, one) for key, one in found.items() if key not in kept]
        bulk.insert(self._session, LEDGER, COLUMNS, [
            (key, self._last + number, one.rule, str(one.level), one.case_ref, one.person_ref, one.place, one.tag, one.value,
             one.says, one.do, self._source, self._today.isoformat(), self._owner) for number, (key, one) in enumerate(new, start=1)])
        self._last += len(new)
        if cases:
            self._close(LEDGER.c.case_ref.in_(list(cases)))
        if persons:
            self._close(LEDGER.c.person_ref.in_(list(persons)), LEDGER.c.tag.in_(OF_A_PERSON))
        return len(new)

    def end(self) -> None:
        """All has been entered: what earlier returns left open about themselves and about nobody on record is closed by a later one."""
        if self._whole:
            self._close(LEDGER.c.case_ref.is_(None), LEDGER.c.person_ref.is_(None),
                        LEDGER.c.sha256.in_(self._earlier.where(RETURN.c.form != "spreadsheet")))

    def _close(self, *about: sa.ColumnElement[bool]) -> None:
        self._session.connection().execute(sa.update(LEDGER).where(
            LEDGER.c.closed_on.is_(None), LEDGER.c.sha256.in_(self._earlier), *about).values(closed_on=self._today, closed_by=BY_A_RETURN))


def _key(one: Finding, source: str) -> str:
    of_a_person = one.person_ref is not None and one.tag in OF_A_PERSON          # by the person, whichever case names it
    about = (None if of_a_person else one.case_ref) or one.person_ref or f"{source}/{one.place}"
    place = "" if one.case_ref or of_a_person else one.place
    return sha256("|".join((one.rule, about, one.tag or "", one.value or "", place)).encode()).hexdigest()


def entries(session: Session, *, owner: str | None = None, rule: str | None = None, case: str | None = None, closed: bool = False,
            limit: int | None = None) -> Sequence[DataQualityRow]:
    """What stands in the ledger, errors first, then by number: what is open, or with `closed` everything."""
    asked = select(DataQualityRow).order_by(col(DataQualityRow.closed_on).is_not(None), col(DataQualityRow.level),
                                            col(DataQualityRow.number))
    for column, value in (("owner", owner), ("rule", rule), ("case_ref", case)):
        if value is not None:
            asked = asked.where(LEDGER.c[column] == value)
    if not closed:
        asked = asked.where(col(DataQualityRow.closed_on).is_(None))
    return session.exec(asked.limit(limit)).all()


def counts(session: Session) -> list[tuple[str, str, int, int]]:
    """By rule and level: how many are open, and how many of these have no owner."""
    nobody = sa.func.sum(sa.case((LEDGER.c.owner.is_(None), 1), else_=0))
    rows = session.connection().execute(
        sa.select(LEDGER.c.rule, LEDGER.c.level, sa.func.count(), nobody).where(LEDGER.c.closed_on.is_(None))
        .group_by(LEDGER.c.rule, LEDGER.c.level).order_by(LEDGER.c.level, sa.func.count().desc(), LEDGER.c.rule)).fetchall()
    return [(rule, level, int(count), int(without)) for rule, level, count, without in rows]


def assign(session: Session, numbers: Sequence[int], owner: str) -> int:
    """Give entries to an officer. How many. Raises BadFact if one is not there."""
    return _change(session, numbers, {"owner": owner})


def close(session: Session, numbers: Sequence[int], by: str, today: date) -> int:
    """Close entries: they have been seen to. How many were open. Raises BadFact if one is not there."""
    return _change(session, numbers, {"closed_on": today, "closed_by": by}, LEDGER.c.closed_on.is_(None))


def _change(session: Session, numbers: Sequence[int], values: dict[str, object], *where: sa.ColumnElement[bool]) -> int:
    connection = session.connection()
    there = set(connection.execute(sa.select(LEDGER.c.number).where(LEDGER.c.number.in_(list(numbers)))).scalars())
    if missing := [number for number in numbers if number not in there]:
        raise BadFact(f"The ledger has no entry {', '.join(map(str, missing))}. `ehc import ledger` lists what is open.")
    return connection.execute(sa.update(LEDGER).where(LEDGER.c.number.in_(list(numbers)), *where).values(**values)).rowcount
