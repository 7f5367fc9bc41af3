"""Opening cases, recording a fact, and the whole visit: everything that follows from a fact is worked out and written.

The floor works nothing out. What the engine has written once is handed to it, and it seals and writes the same rows.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from bench import floor
from bench.floor import Change
from bench.ground import Ground
from bench.stock import TODAY, Stock, a_request, at_seven
from bench.timing import Line, turn_by_turn
from tasks.case_file import open_case, record
from tasks.database import writing
from tasks.watch import CASES_AT_ONCE, Round, visit_cases

YESTERDAY = TODAY - timedelta(days=1)
HAND = at_seven(TODAY)


def lines(ground: Ground, stock: Stock, repetitions: int, many: int, few: int, told: Callable[[str], None]) -> Iterator[Line]:
    """`many` cases opened at once and visited, `few` opened and facts recorded one by one, a transaction each."""
    empty, _ = ground.lay(lambda engine: None)
    told(f"opening {many} cases in one transaction")
    yield _line(ground, repetitions, f"opening {many} cases in one transaction", "a case", many, empty,
                lambda engine: _open_at_once(engine, many), many)
    told(f"opening {few} cases one by one")
    yield _line(ground, repetitions, f"opening {few} cases, a transaction each", "a case", few, empty,
                lambda engine: _open_one_by_one(engine, few), 1)
    told(f"recording {few} facts one by one")
    laid, _ = ground.lay(lambda engine: stock.fill(engine, 24 * few, 6 * few))      # in the first of these, advice is gathered
    yield _line(ground, repetitions, f"recording {few} facts, a transaction each", "a fact", few, laid,
                lambda engine: _record_one_by_one(engine, few), 1)
    told(f"visiting {many} cases")
    laid, _ = ground.lay(lambda engine: _open_at_once(engine, many))
    yield _line(ground, repetitions, f"visiting {many} new cases as a whole", "a case", many, laid,
                lambda engine: visit_cases(engine, TODAY, HAND, Round(TODAY)), CASES_AT_ONCE)


def _line(ground: Ground, repetitions: int, what: str, unit: str, times: int, laid: Path, work: Callable[[Engine], object],
          at_once: int) -> Line:
    rehearsed = ground.after(laid, work)
    changes = _changes(laid, rehearsed)

    def by_floor(connection: sqlite3.Connection) -> None:
        for together in _batches(changes, at_once):
            floor.write(connection, together)

    ground.compare(laid, work, by_floor)
    return turn_by_turn(Line(what, times, unit), repetitions, ground.by_engine(laid, work), ground.by_floor(laid, by_floor))


def _open_at_once(engine: Engine, many: int) -> None:
    with writing(engine) as session:
        for number in range(many):
            open_case(session, f"EHC-2026-{number:04d}", None, a_request(YESTERDAY), HAND, TODAY)


def _open_one_by_one(engine: Engine, few: int) -> None:
    for number in range(few):
        with writing(engine) as session:
            open_case(session, f"EHC-2026-{number:04d}", None, a_request(YESTERDAY), HAND, TODAY)


def _record_one_by_one(engine: Engine, few: int) -> None:
    """Advice that arrives in cases in which it is gathered."""
    for number in range(1, few + 1):
        with writing(engine) as session:
            record(session, f"EHC-2026-{number:06d}", "advice_received", TODAY, {"adviser": "adv_c_medical"}, HAND, TODAY)


def _changes(before: Path, after: Path) -> list[Change]:
    """What was written between two states of a database, case by case."""
    connection = sqlite3.connect(after)
    connection.execute("ATTACH ? AS earlier", (str(before),))
    changes = []
    for row in connection.execute("SELECT * FROM main.case_file EXCEPT SELECT * FROM earlier.case_file ORDER BY ref").fetchall():
        ref = row[0]
        was = connection.execute("SELECT last_number FROM earlier.case_file WHERE ref = ?", (ref,)).fetchone()
        changes.append(Change(
            ref, file=None if was else row[4:], columns=row[4:] if was else (),
            facts=[(*fact, json.loads(data)) for *fact, data in connection.execute(
                "SELECT kind, happened_on, recorded_at, recorded_by, data FROM main.fact WHERE case_ref = ? AND number > ?"
                " ORDER BY number", (ref, was[0] if was else 0))],
            new_duties=connection.execute(
                "SELECT * FROM main.duty AS d WHERE case_ref = ? AND NOT EXISTS (SELECT 1 FROM earlier.duty AS e WHERE"
                " e.case_ref = d.case_ref AND e.duty = d.duty AND e.adviser = d.adviser AND e.party = d.party"
                " AND e.occasion = d.occasion)", (ref,)).fetchall(),
            changed_duties=[(*duty[5:], *duty[:5]) for duty in connection.execute(
                "SELECT d.* FROM main.duty AS d JOIN earlier.duty AS e USING (case_ref, duty, adviser, party, occasion) WHERE case_ref = ?"
                " EXCEPT SELECT * FROM earlier.duty WHERE case_ref = ?", (ref, ref))],
            messages=connection.execute(
                "SELECT key, case_ref, message, to_role, to_agency, fact_number, queued_at FROM main.message WHERE case_ref = ?"
                " AND key NOT IN (SELECT key FROM earlier.message WHERE case_ref = ?) ORDER BY fact_number",
                (ref, ref)).fetchall()))
    connection.close()
    return changes


def _batches(changes: Sequence[Change], at_once: int) -> Iterator[list[Change]]:
    left = iter(changes)
    while together := list(islice(left, at_once)):
        yield together
