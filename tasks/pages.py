"""What a database still holds on the disk of rows that were deleted, and getting rid of it."""

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from tasks.database import Busy

_LEFT = re.compile(r"(\d+) dead row versions? cannot be removed yet")


def clean(engine: Engine, tables: Sequence[str]) -> str:
    """Overwrite or rewrite what held deleted rows of these tables. In words, what of them can still be on the disk afterwards.

    SQLite overwrites deleted rows as they go; its journal is emptied and the file rewritten. PostgreSQL rewrites the tables, which
    needs their owner and waits for whoever is reading them. Raises Busy if somebody is in the way: call it again.
    """
    try:
        return _sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine, tables)
    except OperationalError as error:
        raise _busy() from error


def _busy() -> Busy:
    return Busy("Somebody was reading or writing the database all the while, so the pages that held what was erased could not be"
                " rewritten. The rows are gone. Make the same call again, best when nobody works.")


def _sqlite(engine: Engine) -> str:
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA query_only=OFF")
        raw.execute("VACUUM")
        busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise _busy()
    return "nothing in the database file or its journal; backups made before, and blocks that the disk has freed and not yet used again"


def _postgresql(engine: Engine, tables: Sequence[str]) -> str:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        owned = sa.text("SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = ANY(CAST(:names AS regclass[]))")
        if not connection.scalar(owned, {"names": list(tables)}):
            return ("the pages of the tables, which this user does not own: their owner runs VACUUM FULL on "
                    + ", ".join(tables) + "; and write-ahead log and backups made before")
        raw: Any = connection.connection.driver_connection
        told: list[str] = []

        def hear(notice: Any) -> None:
            told.append(f"{notice.message_primary} {notice.message_detail}")

        raw.add_notice_handler(hear)
        try:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {engine.dialect.identifier_preparer.quote(table)}")
        finally:
            raw.remove_notice_handler(hear)
    left = [int(found) for text in told for found in _LEFT.findall(text)]
    if any(left):
        raise _busy()                                   # an older snapshot still sees the rows
    if len(left) < len(tables):
        return ("what PostgreSQL did not tell about the pages of " + ", ".join(tables)
                + "; and write-ahead log and backups made before, until they are overwritten")
    return "nothing in the tables; write-ahead log, replicas and backups made before, until they are overwritten"
