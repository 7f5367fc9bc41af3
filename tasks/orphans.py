"""Plans that nobody would ever review: a live plan, and no review ahead in the table of duties (s.44(1)).

A review falls due at least every year for as long as a plan is maintained, so such a case is always a fault: of its record, or
of a row that was damaged. The watch looks for them at the beginning of each round, by the table alone, whatever day a case is
to be visited on, so that what it finds is put right, reminded of and told in that same round.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session

from models.case import PLAN_STARTS, Case
from models.hand import Hand
from models.stages import Stage
from models.tables.cases import CaseFile, DutyRow, FactRow
from notifications.plan_life import REVIEWS
from tasks.case_file import as_it_stands, read, take
from tasks.database import reading, writing
from tasks.faults import FAULTS, words
from tasks.outbox import queue
from tasks.visit import due_now

CASE_FILE, DUTY, FACT = CaseFile.__table__, DutyRow.__table__, FactRow.__table__

LIVE = tuple(str(stage) for stage in Stage if Stage.S55_FINALISED <= stage < Stage.S98_DETAINED)
"""The stages at which a plan may be live. While a person is detained the law asks for no review; after release it does."""


def find(session: Session) -> list[str]:
    """The cases with a live plan and no live duty to review it, as the derived tables have it."""
    ahead = sa.select(DUTY.c.duty).where(DUTY.c.case_ref == CASE_FILE.c.ref, DUTY.c.duty.in_(REVIEWS),
                                         DUTY.c.met_on.is_(None), DUTY.c.lapsed_on.is_(None)).exists()
    planned = sa.select(FACT.c.number).where(FACT.c.case_ref == CASE_FILE.c.ref, FACT.c.kind.in_(PLAN_STARTS)).exists()
    return [ref for ref, in session.exec(sa.select(CASE_FILE.c.ref).where(CASE_FILE.c.stage.in_(LIVE), ~ahead, planned, ~looked_at())
                                         .order_by(CASE_FILE.c.ref)).all()]


def looked_at() -> sa.ColumnElement[bool]:
    """Whether a case came from a return and no officer works on it yet, as its facts have it."""
    def told(kind: str) -> sa.ColumnElement[bool]:
        return sa.select(FACT.c.number).where(FACT.c.case_ref == CASE_FILE.c.ref, FACT.c.kind == kind).exists()
    return told("taken_from_return") & ~told("taken_on")


def tell(engine: Engine, today: date, hand: Hand) -> dict[str, str]:
    """Work every such case out anew, and write to its owner where its record shows no review ahead. What was found, by case."""
    with reading(engine) as session:
        refs = find(session)
    return {ref: found for ref in refs if (found := _look_into(engine, ref, today, hand)) is not None}


def _look_into(engine: Engine, ref: str, today: date, hand: Hand) -> str | None:
    """What is the matter with one case; None if there is no plan in it any more."""
    try:
        with writing(engine) as session:
            files = take(session, [ref], today)
            queue(session, files, ref, due_now(files.case(ref)), hand, today)
            files.write()
        with reading(engine) as session:
            case = as_it_stands(ref, read(session, ref), today)
    except FAULTS as fault:
        return f"it could not be worked out: {words(fault)}"
    return None if not case.has_plan else f"held by {case.owner or 'nobody'}; {_state(case)}"


def _state(case: Case) -> str:
    ahead = [owed for owed in case.terms if owed.duty.id in REVIEWS and owed.is_live]
    if not ahead:
        return "its record shows no review ahead, and the owner is told"
    told = ", ".join(f"{owed.duty.id} by {owed.due_on.isoformat()}" if owed.due_on else owed.duty.id for owed in ahead)
    return f"its row was missing or damaged and has been worked out anew: {told}"
