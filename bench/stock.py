"""A council's open cases by the thousand: a few worked through the real engine, then copied under new references.

Every copy has a sealed chain of its own, so the trail verifies and a rebuild finds nothing to put right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine

from models.hand import Hand
from models.tables.cases import CaseFile, DutyRow, FactRow, MessageRow
from models.trail import GENESIS, seal
from tasks import bulk, database, visit
from tasks.case_file import NewFact, open_case, record_many
from tasks.database import reading, writing

TODAY = date(2026, 6, 1)
ADVISERS = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care")
FIRST_RUNG_AFTER = 28
"""Days after which the first reminder of a six-week limit is due: it goes 14 days before the last day."""

TABLES = tuple(model.__table__ for model in (CaseFile, FactRow, DutyRow, MessageRow))
MOST_ROWS = 20_000


def at_seven(day: date) -> Hand:
    """The hand that records on a day."""
    return Hand(datetime.combine(day, time(7), UTC), "officer-7")


def a_request(day: date) -> NewFact:
    """The first fact of a case."""
    return NewFact("request_received", day, {"requested_by": "parent", "attends": "school", "setting": "school-1"})


@dataclass(frozen=True)
class Template:
    """One case as the engine left it: its rows by table, and how many duties are open in it and due for a reminder."""

    ref: str
    rows: dict[str, list[tuple[Any, ...]]]
    open: int
    due: int


class Stock:
    """Templates of cases being considered and of cases in which advice is gathered, of every age up to a month."""

    def __init__(self, today: date = TODAY) -> None:
        self.today = today
        with TemporaryDirectory() as folder:
            engine = database.engine(f"sqlite:///{Path(folder) / 'templates.sqlite'}")
            database.upgrade(engine)
            self._due = [self._made(engine, shape, FIRST_RUNG_AFTER) for shape in (_considering, _gathering)]
            self._young = [self._made(engine, shape, age) for age in range(1, FIRST_RUNG_AFTER, 3)
                           for shape in (_considering, _gathering)]
            engine.dispose()

    def fill(self, engine: Engine, open: int, due: int) -> "Filled":
        """Fill an empty database with cases in which at least `open` duties are open and exactly `due` are due today."""
        chosen = list(self._chosen(open, due))
        rows: dict[str, list[tuple[Any, ...]]] = {table.name: [] for table in TABLES}
        with writing(engine) as session:
            for number, template in enumerate(chosen, start=1):
                for table, copied in _copied(template, f"EHC-2026-{number:06d}").items():
                    rows[table] += copied
                if len(rows["duty"]) > MOST_ROWS:
                    _insert(session, rows)
            _insert(session, rows)
        return Filled(len(chosen), sum(template.open for template in chosen), sum(template.due for template in chosen))

    def _chosen(self, open: int, due: int) -> Iterator[Template]:
        considering, gathering = self._due
        for _ in range(due * 3 // 4 // gathering.due):
            yield gathering
            open, due = open - gathering.open, due - gathering.due
        for _ in range(due):
            yield considering
            open -= considering.open
        young = cycle(self._young)
        while open > 0:
            yield (template := next(young))
            open -= template.open

    def _made(self, engine: Engine, shape: Any, age: int) -> Template:
        ref = f"TEMPLATE-{shape.__name__}-{age}"
        shape(engine, ref, self.today - timedelta(days=age))
        rows = {}
        with reading(engine) as session:
            for table in TABLES:
                columns = [column.name for column in table.c]
                key = "ref" if table is CaseFile.__table__ else "case_ref"
                order = ("number",) if table is FactRow.__table__ else ()
                rows[table.name] = [tuple(row) for row in bulk.select(session, table, columns, (key, "=", ref), order=order)]
        duty = [dict(zip((column.name for column in DutyRow.__table__.c), row, strict=True)) for row in rows["duty"]]
        return Template(ref, rows, sum(row["met_on"] is None and row["lapsed_on"] is None for row in duty),
                        sum((row["next_rung_on"] or "9999") <= self.today.isoformat() for row in duty))


@dataclass(frozen=True)
class Filled:
    """What a database was filled with."""

    cases: int
    open: int
    due: int


def _considering(engine: Engine, ref: str, day: date) -> None:
    with writing(engine) as session:
        open_case(session, ref, None, a_request(day), at_seven(day), day)
    visit.say(engine, [ref], day, at_seven(day))


def _gathering(engine: Engine, ref: str, day: date) -> None:
    _considering(engine, ref, day - timedelta(days=20))
    facts = [NewFact("decided_to_assess", day, {"decided_by": "officer-9", "reason_codes": ["may_have_sen"],
                                                "notified_on": day.isoformat()})]
    for adviser in ADVISERS:
        facts += [NewFact(kind, day, {"adviser": adviser}) for kind in ("advice_requested", "advice_delivered")]
    with writing(engine) as session:
        record_many(session, [(ref, fact) for fact in facts], at_seven(day), day)
    visit.say(engine, [ref], day, at_seven(day))


def _copied(template: Template, ref: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a template under another reference, with its chain sealed anew."""
    old = template.ref
    previous, facts = GENESIS, []
    for _, number, kind, on, at, by, run, data, _, _ in template.rows["fact"]:
        content = (ref, number, kind, on, at, by, run, data.replace(old, ref), previous)
        previous = seal(*content)
        facts.append((*content, previous))
    (_, person, number, _, *rest), = template.rows["case_file"]
    return {
        "case_file": [(ref, person, number, previous, *rest)],
        "fact": facts,
        "duty": [(ref, *row[1:]) for row in template.rows["duty"]],
        "message": [(row[0].replace(old, ref), ref, *row[2:]) for row in template.rows["message"]],
    }


def _insert(session: Any, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    for table in TABLES:
        bulk.insert(session, table, [column.name for column in table.c], rows[table.name])
        rows[table.name] = []
