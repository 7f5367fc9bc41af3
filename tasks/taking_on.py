"""Cases that came from a return, taken on by an officer: from then on they are worked on like any other."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from models.facts import BadFact
from models.hand import Hand
from models.tables.cases import CaseFile, DutyRow
from tasks.case_file import NewFact, take
from tasks.database import reading, writing
from tasks.orphans import looked_at

CASES_AT_ONCE = 200
CASE_FILE, DUTY = CaseFile.__table__, DutyRow.__table__


def chosen(engine: Engine, refs: Sequence[str], stage: str | None, duty: str | None, today: date, within: int | None,
           limit: int | None) -> list[str]:
    """The cases named, and those from returns that stand at a stage or in which a duty is open; the most overdue first.

    Raises BadFact where there is no such duty or stage.
    """
    named = list(dict.fromkeys(refs))
    if stage is None and duty is None:
        return named[:limit]
    from models.law.rulebook import duty as row
    from models.stages import Stage

    if stage is not None and stage not in set(Stage):
        raise BadFact(f"There is no stage {stage!r}. The stages are {', '.join(one for one in Stage if not one.is_terminal)}.")
    asked = sa.select(CASE_FILE.c.ref).where(looked_at())
    if stage is not None:
        asked = asked.where(CASE_FILE.c.stage == stage)
    if duty is not None:
        due = sa.select(sa.func.min(DUTY.c.due_on)).where(
            DUTY.c.case_ref == CASE_FILE.c.ref, DUTY.c.duty == row(duty).id, DUTY.c.met_on.is_(None), DUTY.c.lapsed_on.is_(None),
            DUTY.c.due_on.is_not(None)).scalar_subquery()
        asked = asked.where(due.is_not(None)).order_by(due)
        if within is not None:
            asked = asked.where(due <= today + timedelta(days=within))
    with reading(engine) as session:
        found = list(session.connection().execute(asked.order_by(CASE_FILE.c.ref)).scalars())
    return list(dict.fromkeys([*named, *found]))[:limit]


def take_on(engine: Engine, refs: Sequence[str], owner: str, hand: Hand, today: date,
            progress: Callable[[int, int], None] = lambda done, of: None) -> list[str]:
    """Record that an officer takes these cases on, in batches, each whole or not. The cases that were taken on now.

    One that was taken on already is passed over, so that a call that was broken off can be made again. Raises NoSuchCase, CannotBear
    where a single case was named that did not come from a return.
    """
    done: list[str] = []
    for start in range(0, len(refs), CASES_AT_ONCE):
        batch = refs[start:start + CASES_AT_ONCE]
        with writing(engine) as session:
            files = take(session, batch, today)
            for ref in batch:
                if len(refs) > 1 and not files.case(ref).is_looked_at:
                    continue
                files.add(ref, NewFact("taken_on", today, {"owner": owner}), hand)
                done.append(ref)
            files.write()
        progress(min(start + CASES_AT_ONCE, len(refs)), len(refs))
    return done
