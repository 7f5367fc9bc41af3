"""Who looked: every door through which a case is read says so here, before it shows anything.

It is kept in a table of its own, so that looking never changes a case. What cannot be noted is not shown.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlmodel import Session

from models.hand import Hand
from models.looks import Look, chained, wrong
from models.tables.trail import LookRow
from models.trail import moment
from tasks import bulk
from tasks.database import writing
from tasks.reading import CASE_FILE, no_such_case
from tasks.trail import Finding

LOOK = LookRow.__table__
AT_ONCE = 10_000
_ONE_AFTER_ANOTHER = 0x454843_05            # of an advisory lock


def looked(engine: Engine | Connection, refs: Sequence[str], hand: Hand, door: str) -> None:
    """Note that `hand` looks at these cases through `door`, such as "ehc case" or "portal": one look a case, in one
    transaction of its own.

    Raises NoSuchCase, and Busy where others write for too long; nothing is then noted, and nothing may be shown.
    """
    with writing(engine) as session:
        known = {ref for ref, in bulk.select(session, CASE_FILE, ("ref",), ("ref", "in", list(refs)))}
        for ref in refs:
            if ref not in known:
                raise no_such_case(session, ref)
        _one_after_another(session)
        bulk.insert(session, LOOK, Look._fields, list(chained(_last(session), refs, moment(hand.at), hand.by, door)))


def looks_of(session: Session, ref: str) -> list[Look]:
    """Every look at a case, the first one first. Raises NoSuchCase."""
    found = [Look(*row) for row in bulk.select(session, LOOK, Look._fields, ("case_ref", "=", ref), order=("number",))]
    if not found and not bulk.select(session, CASE_FILE, ("ref",), ("ref", "=", ref)):
        raise no_such_case(session, ref)
    return found


def findings(session: Session) -> list[Finding]:
    """The first look that is not as it was sealed, as `ehc trail verify` names it; nothing if all are."""
    found = wrong(_all(session))
    return [] if found is None else [Finding("looks", None, f"look {found[0]} {found[1]}")]


def _all(session: Session) -> Iterator[Look]:
    number = -1 << 31
    while rows := bulk.select(session, LOOK, Look._fields, ("number", ">", number), order=("number",), limit=AT_ONCE):
        for row in rows:
            yield Look(*row)
        number = rows[-1][0]


def _last(session: Session) -> Look | None:
    number = session.connection().scalar(sa.select(sa.func.max(LOOK.c.number)))
    if number is None:
        return None
    return Look(*bulk.select(session, LOOK, Look._fields, ("number", "=", number))[0])


def _one_after_another(session: Session) -> None:
    """Keep others from sealing a look after the same one. SQLite has one writer at a time already."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AFTER_ANOTHER)))
