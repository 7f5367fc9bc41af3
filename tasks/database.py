"""The database: one engine a URL, one transaction at a time, and its version."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from tasks.migrations import HEAD
from tasks.shadow import shadow

VERSION_TABLE = "ehc_version"
TRIAL = "ehc_trial"
"""Marks the connection of a trial, which needs to keep nobody from anything."""

PATIENCE = 15
"""Seconds for which a writer waits for another before it gives up."""

_ONE_UPGRADE_AT_A_TIME = 0x454843_01            # numbers of advisory locks are shared by all users of a PostgreSQL database
_ready: "WeakSet[Engine]" = WeakSet()


class NotReady(RuntimeError):
    """The database cannot be used by this version of the program as it is; the message says what to do."""


class Busy(RuntimeError):
    """Another writer was in the way for too long. Nothing was kept; the same call may be made again."""


@lru_cache(maxsize=16)
def engine(url: str) -> Engine:
    """The engine of a database, such as `sqlite:///./var/ehc.sqlite` or `postgresql://user:password@host/ehc`.

    One engine, and so one pool of connections, a URL. Opens nothing yet, but makes the folder of an SQLite file. Its
    errors never show the values of a statement, which can be personal.
    """
    where = _with_driver(make_url(url))
    if where.get_backend_name() == "sqlite":
        if where.database and where.database != ":memory:":
            Path(where.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = sa.create_engine(where, connect_args={"timeout": PATIENCE}, hide_parameters=True)
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_on_sqlite)
    else:
        made = sa.create_engine(where, pool_pre_ping=True, hide_parameters=True)
        event.listen(made, "connect", _set_up_postgresql)
    return made


@contextmanager
def trial(engine: Engine) -> Iterator[Connection]:
    """A connection that stands in for its engine: everything can be written through it, and nothing of it is kept.

    It works on copies (see `shadow`) of what it writes to, as they stood when it began: no other writer waits for it, nor
    it for them. Raises NotReady, Busy.
    """
    _check_once(engine)
    with _busy_in_plain_words(), engine.connect().execution_options(**{TRIAL: True}) as connection:
        begun = connection.begin()
        try:
            shadow(connection)
            yield connection
        finally:
            begun.rollback()


@contextmanager
def _within(connection: Connection) -> Iterator[Session]:
    """A transaction of its own within the one of a trial."""
    with _busy_in_plain_words(), Session(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        yield session
        session.commit()


@contextmanager
def writing(engine: Engine | Connection) -> Iterator[Session]:
    """A session in one transaction that is kept whole at the end, or not at all if anything is raised.

    On a trial's connection it is kept until the trial ends. On SQLite there is one writer at a time from the first moment.
    Raises NotReady, and Busy after `PATIENCE` seconds.
    """
    if isinstance(engine, Connection):
        with _within(engine) as session:
            yield session
        return
    _check_once(engine)
    with _busy_in_plain_words(), Session(engine, expire_on_commit=False) as session:
        session.connection()
        yield session
        session.commit()


def fills_tables(session: Session) -> None:
    """Say that this transaction will write very many rows and ask for them by their keys.

    PostgreSQL goes by the sizes that tables had before it: one that was empty would be read whole for every question.
    """
    if session.connection().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")


@contextmanager
def reading(engine: Engine | Connection) -> Iterator[Session]:
    """A session that sees the database as it stood at its first question, and cannot change it. Raises NotReady."""
    if isinstance(engine, Connection):
        with _within(engine) as session:
            yield session
        return
    _check_once(engine)
    options: dict[str, Any] = {"ehc_reading": True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _busy_in_plain_words(), Session(engine.execution_options(**options)) as session:
        session.connection()
        yield session


def upgrade(engine: Engine) -> None:
    """Bring the database to this program's version, in one transaction. Safe to repeat, and to run twice at once.

    Raises NotReady if the database was written by a newer version.
    """
    with _busy_in_plain_words(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_UPGRADE_AT_A_TIME)))
        version = version_of(connection)
        if version is not None and version not in _known_versions():
            raise _newer(engine, version)
        if version != HEAD:
            _migrate(connection)
    _ready.add(engine)


def check(engine: Engine) -> None:
    """Raise NotReady, saying what to do, unless the database can be opened and is at this program's version."""
    try:
        with engine.connect().execution_options(ehc_reading=True) as connection:
            version = version_of(connection)
    except DBAPIError as error:
        raise NotReady(f"The database {_shown(engine)} cannot be opened: {error.orig}. Check EHC_DATABASE_URL, and that the"
                       " server runs or the folder can be written to.") from error
    if version == HEAD:
        return
    if version is None:
        raise NotReady(f"The database {_shown(engine)} has no tables yet. Run `ehc up`, which makes them"
                       " (or tasks.database.upgrade).")
    if version in _known_versions():
        raise NotReady(f"The database {_shown(engine)} is at version {version}, and this program needs {HEAD}. Make a backup,"
                       " then run `ehc up`, which brings it up to date (or tasks.database.upgrade).")
    raise _newer(engine, version)


def version_of(connection: Connection) -> str | None:
    """The version of a database, such as "0001"; None if it has no tables yet."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


# --- what each database needs --------------------------------------------------------------------------------------

def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None            # transactions begin where we say, not where the driver guesses
    for pragma in (
        "journal_mode=WAL",                      # readers and the writer do not wait for each other
        "synchronous=FULL",                      # with NORMAL a power cut loses facts after a message told of them
        "foreign_keys=ON",
        "secure_delete=ON",                      # what is erased is overwritten, not just unlinked
        "temp_store=MEMORY",                     # the copies of a trial leave nothing on a disk
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_on_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reads = options.get("ehc_reading", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    # A writer that began as a reader could find at its first write that it had read what has since changed.
    connection.exec_driver_sql("BEGIN" if reads or options.get(TRIAL) else "BEGIN IMMEDIATE")


def _set_up_postgresql(connection: Any, _record: object) -> None:
    before, connection.autocommit = connection.autocommit, True
    connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
    connection.execute("SET timezone = 'UTC'")
    connection.execute("SET datestyle = 'ISO'")
    connection.autocommit = before


def _with_driver(url: URL) -> URL:
    """The address with the driver that this program brings: Prefect's own address may name another."""
    ours = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg", "sqlite": "sqlite"}
    return url.set(drivername=ours.get(url.get_backend_name(), url.drivername))


# --- versions and errors -------------------------------------------------------------------------------------------

def _check_once(engine: Engine) -> None:
    if engine not in _ready:
        check(engine)
        _ready.add(engine)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _migrations() -> Path:
    return Path(__file__).with_name("migrations")


def _known_versions() -> set[str]:
    return {path.name.split("_")[0] for path in (_migrations() / "versions").glob("[0-9]*.py")}


def _newer(engine: Engine, version: str) -> NotReady:
    return NotReady(f"The database {_shown(engine)} is at version {version}, which this program ({HEAD}) does not know: a"
                    " newer one wrote it. Install that one; nothing was changed.")


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


@contextmanager
def _busy_in_plain_words() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_busy(error.orig):
            raise Busy("Another writer was in the way for too long. Nothing was kept of this call; make it again.") from error
        raise


def _is_busy(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    # serialization_failure, deadlock_detected, lock_not_available
    return getattr(error, "sqlstate", None) in ("40001", "40P01", "55P03")
