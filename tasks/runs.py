"""The flow runs as we saw them: which run wrote which facts, and which runs a case had. Prefect forgets; this does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from models.tables.cases import FactRow
from models.tables.running import RunRow
from models.trail import Sealed, moment
from tasks import bulk
from tasks.database import writing
from tasks.reading import CASE_FILE, no_such_case

RUN, FACT = RunRow.__table__, FactRow.__table__
COLUMNS = ("id", "flow", "deployment", "case_ref", "started_at", "ended_at", "state")


class NoSuchRun(ValueError):
    """There is no run with this id in our record, nor a fact that names it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One flow run. Moments are UTC text as sealed; `flow` is None for a run that only its facts name, `id` as well for what
    no run wrote. `facts` are the
    references and numbers of those it wrote (of one case, where one was asked for)."""

    id: str | None
    flow: str | None
    deployment: str | None
    case_ref: str | None
    started_at: str | None
    ended_at: str | None
    state: str | None
    facts: tuple[tuple[str, int], ...]


def begin(engine: Engine, id: str, flow: str, deployment: str | None, case_ref: str | None, at: datetime) -> None:
    """Keep that a run has begun. One that is tried again keeps its first beginning."""
    with writing(engine) as session:
        bulk.insert(session, RUN, ("id", "flow", "deployment", "case_ref", "started_at", "state"), [
            (id, flow, deployment, case_ref, moment(at), "Running")], keep_existing=True)


def end(engine: Engine, id: str, state: str, at: datetime) -> None:
    """Keep how a run ended."""
    with writing(engine) as session:
        bulk.update(session, RUN, ("ended_at", "state"), ("id",), [(moment(at), state, id)])


def of_case(session: Session, ref: str) -> list[Run]:
    """Every run that visited a case or wrote facts of it, the first begun first. The facts that no run wrote, but somebody at a door,
    stand in one of its own without an id, at the end. Raises NoSuchCase."""
    if not bulk.select(session, CASE_FILE, ("ref",), ("ref", "=", ref)):
        raise no_such_case(session, ref)
    wrote: dict[str, list[tuple[str, int]]] = {}
    at_doors: list[tuple[str, int]] = []
    for id, number in bulk.select(session, FACT, ("flow_run_id", "number"), ("case_ref", "=", ref), order=("number",)):
        (at_doors if id is None else wrote.setdefault(id, [])).append((ref, number))
    known = {row[0]: row for row in (*bulk.select(session, RUN, COLUMNS, ("case_ref", "=", ref)),
                                     *bulk.select(session, RUN, COLUMNS, ("id", "in", list(wrote))))}
    runs = [Run(*known.get(id, (id, *[None] * 6)), tuple(wrote.get(id, ()))) for id in {*known, *wrote}]
    runs.sort(key=lambda run: (run.started_at or "", run.facts, run.id))
    return runs + ([Run(None, *[None] * 6, tuple(at_doors))] if at_doors else [])


def of_run(session: Session, id: str) -> tuple[Run, Sequence[Sealed]]:
    """A run, and the facts that it wrote, in whatever case. Raises NoSuchRun."""
    facts = [Sealed(*row) for row in bulk.select(
        session, FACT, Sealed._fields, ("flow_run_id", "=", id), order=("case_ref", "number"))]
    rows = bulk.select(session, RUN, COLUMNS, ("id", "=", id))
    if not rows and not facts:
        raise NoSuchRun(f"There is no run {id} in our record. `ehc trail runs REF` lists those of a case.")
    row = rows[0] if rows else (id, *[None] * 6)
    return Run(*row, tuple((fact.case_ref, fact.number) for fact in facts)), facts
