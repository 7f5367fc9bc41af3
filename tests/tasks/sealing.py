"""What the tests of the log share: cases that are sealed, and a way into the database past its triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session

from models.trail import Sealed, seal as sealed_hash
from tasks import seal_key, trail
from tasks.case_file import NewFact, open_case, record
from tasks.database import reading, writing
from tasks.log import Log, read_log
from tasks.seal import Seal, seal
from tasks.seal_files import SealFiles
from tests.tasks.builders import TODAY, a_request, day, hand

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
NAME = "sample.example/ehc"
REFS = ("A1", "A2", "A3")
FREE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {table}_is_not_{what}" for table in ("fact", "log_leaf", "checkpoint", "seal_key")
               for what in ("changed", "removed", "replaced")],
    "postgresql": [f"DROP TRIGGER IF EXISTS {table}_is_not_changed ON {table}" for table in ("fact", "log_leaf", "checkpoint", "seal_key")],
}


@dataclass
class Trail:
    """A trail with its key and its folder."""

    engine: Engine
    folder: Path
    key: Path
    hour: int = 0

    def make_key(self):
        return seal_key.make(self.engine, self.key, NAME, AT)

    def seal(self) -> Seal:
        self.hour += 1
        return seal(self.engine, self.folder, self.key, AT + timedelta(hours=self.hour))

    def open(self, *refs: str) -> None:
        for ref in refs:
            with writing(self.engine) as session:
                open_case(session, ref, None, a_request(), hand(), TODAY)

    def record(self, ref: str, *numbers: int) -> None:
        for number in numbers:
            with writing(self.engine) as session:
                record(session, ref, "views_received", day(number), {"document": f"d{number}"}, hand(), TODAY)

    def notes(self) -> list[str]:
        with reading(self.engine) as session:
            return [signed.note for signed in read_log(session).checkpoints]

    def log(self) -> Log:
        with reading(self.engine) as session:
            return read_log(session, SealFiles(self.folder))

    def rows(self, table: str, order: str) -> list[tuple]:
        with reading(self.engine) as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(f"SELECT * FROM {table} ORDER BY {order}")]

    @contextmanager
    def tampered(self, *statements: str) -> Iterator[Session]:
        """A session that sees the database as somebody left it who could drop the triggers; undone at the end."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            for statement in (*FREE[self.engine.dialect.name], *statements):
                connection.exec_driver_sql(statement.replace("%", "%%") if self.engine.dialect.name == "postgresql" else statement)
            yield Session(connection)
            transaction.rollback()

    def spoil(self, *statements: str) -> None:
        """Change the database for good."""
        with self.engine.begin() as connection:
            for statement in (*FREE[self.engine.dialect.name], *statements):
                connection.execute(sa.text(statement))

    def findings(self, *statements: str, **held: str) -> list[str]:
        """What our verifier finds: in the chains, the log and, unless `held` is given alone, the files."""
        with self.tampered(*statements) as session:
            return found(session, SealFiles(self.folder), **held)


def found(session: Session, files: SealFiles | None, **held: str) -> list[str]:
    return [str(finding) for finding in (*trail.verify(session).findings, *read_log(session, files, held).findings)]


def built(engine: Engine, folder: Path) -> Trail:
    """Three cases of three facts, sealed in three steps, and one fact that is not sealed yet."""
    made = Trail(engine, folder / "seals", folder / "keys" / "seal.pem")
    made.make_key()
    made.open(*REFS)
    made.seal()
    made.record("A2", 3, 4)
    made.record("A1", 3)
    made.seal()
    made.record("A1", 4)
    made.record("A3", 3, 4)
    made.seal()
    made.record("A3", 5)
    return made


def rebuilt(rows: list[Sealed], number: int, **changes) -> list[Sealed]:
    """A chain forged from one fact on: changed there, and every hash after it worked out anew."""
    chain = rows[:number - 1]
    for row in rows[number - 1:]:
        new = row._replace(**(changes if row.number == number else {}), previous_hash=chain[-1].hash if chain else row.previous_hash)
        chain.append(new._replace(hash=sealed_hash(*new[:9])))
    return chain


def statements_of(chain: list[Sealed]) -> list[str]:
    """What puts a forged chain in the place of the real one, with its head."""
    last = chain[-1]
    return [f"UPDATE fact SET happened_on = '{row.happened_on}', recorded_by = '{row.recorded_by}', data = '{row.data}',"
            f" previous_hash = '{row.previous_hash}', hash = '{row.hash}' WHERE case_ref = '{row.case_ref}' AND number = {row.number}"
            for row in chain] + [
        f"UPDATE case_file SET last_number = {last.number}, last_hash = '{last.hash}' WHERE ref = '{last.case_ref}'"]


def facts_of(trail_: Trail, ref: str) -> list[Sealed]:
    with reading(trail_.engine) as session:
        return list(trail.show(session, ref).facts)


def new_fact(number: int) -> NewFact:
    return NewFact("views_received", day(number), {"document": f"d{number}"})
