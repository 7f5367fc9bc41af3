"""The ledger of data quality: what returns leave wrong or in doubt, who sees to it, and what has been seen to."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.facts import BadFact
from models.sen2.finding import Finding, Level
from models.tables import DataQualityRow
from tasks import bulk

LEDGER = DataQualityRow.__table__
COLUMNS = ("key", "number", "rule", "level", "case_ref", "person_ref", "place", "tag", "value", "says", "do", "sha256", "found_on", "owner")
BY_A_RETURN = "return"
"""Who closed what a later return no longer shows."""


class Ledger:
    """The ledger while a return is taken in: what is found is entered once, however often it is found again."""

    def __init__(self, session: Session, source: str, today: date, owner: str | None) -> None:
        self._session, self._source, self._today, self._owner = session, source, today, owner
        self._last = session.connection().scalar(sa.select(sa.func.max(LEDGER.c.number))) or 0

    def enter(self, findings: Iterable[Finding], cases: Sequence[str]) -> int:
        """Enter errors and queries, and close what earlier returns left open about `cases` and this one does not show. How many are new.

        What was closed and is found again in another return is opened again.
        """
        found = {_key(one, self._source): one for one in findings if one.level is not Level.REMARK}
        kept = {key: (source, closed) for key, source, closed in bulk.select(
            self._session, LEDGER, ("key", "sha256", "closed_on"), ("key", "in", list(found)))} if found else {}
        again = [key for key, (source, closed) in kept.items() if source != self._source]
        bulk.update(self._session, LEDGER, ("sha256", "closed_on", "closed_by"), ("key",), [(self._source, None, None, key) for key in again])
        new = [(key, one) for key, one in found.items() if key not in kept]
        bulk.insert(self._session, LEDGER, COLUMNS, [
            (key, self._last + number, one.rule, str(one.level), one.case_ref, one.person_ref, one.place, one.tag, one.value, one.says, one.do,
             self._source, self._today.isoformat(), self._owner) for number, (key, one) in enumerate(new, start=1)])
        self._last += len(new)
        if cases:
            self._session.connection().execute(sa.update(LEDGER).where(
                LEDGER.c.closed_on.is_(None), LEDGER.c.sha256 != self._source, LEDGER.c.case_ref.in_(list(cases))).values(
                    closed_on=self._today, closed_by=BY_A_RETURN))
        return len(new)


def _key(one: Finding, source: str) -> str:
    about = one.case_ref or one.person_ref or f"{source}/{one.place}"
    return sha256("|".join((one.rule, about, one.tag or "", one.value or "", "" if one.case_ref else one.place)).encode()).hexdigest()


def entries(session: Session, *, owner: str | None = None, rule: str | None = None, case: str | None = None, closed: bool = False,
            limit: int | None = None) -> Sequence[DataQualityRow]:
    """What stands in the ledger, errors first, then by number: what is open, or with `closed` everything."""
    asked = select(DataQualityRow).order_by(col(DataQualityRow.closed_on).is_not(None), col(DataQualityRow.level), col(DataQualityRow.number))
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
