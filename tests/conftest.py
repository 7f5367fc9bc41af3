"""What every test may ask for: a database of each kind, and a Prefect with a worker.

    database_url     a database with its tables and nothing in them, once on SQLite and once on PostgreSQL
    sqlite_url       the same on SQLite alone, postgresql_url on PostgreSQL alone
    empty_url        a database without tables, once on SQLite and once on PostgreSQL; empty_sqlite_url, empty_postgresql_url
    prefect_server   a Prefect server for the whole session: flows called in a test report to it
    prefect_worker   the same with our flows deployed and a worker, which runs whatever is triggered
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tasks import database
from tasks.prefect_server import LocalPrefect
from tests.harness import databases, house, sharing_out
from tests.harness.postgresql import PostgreSQL, postgresql

house.move_in()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever asks for Prefect is marked so: `-m "not prefect"` leaves out all that is slow to start."""
    for item in items:
        if {"prefect_server", "prefect_worker"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.prefect)
        if item.get_closest_marker("prefect") and not item.nodeid.startswith(sharing_out.ONE_SERVER):
            raise pytest.UsageError(f"{item.nodeid} needs Prefect: name its file in tests/harness/sharing_out.py.")
    if hasattr(config, "workerinput"):
        sharing_out.longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Callable[..., None]) -> sharing_out.Sharing | None:
    return sharing_out.scheduler(config, log)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(house.FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A PostgreSQL for the whole session, started when the first test asks.

    Its folder is not one of pytest's, which are closed to the user whom the server runs as whenever pytest starts.
    """
    with tempfile.TemporaryDirectory(prefix="ehc-postgresql-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with postgresql(Path(folder) / "data") as server:
            yield server


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> Iterator[str]:
    """The URL of a database that does not exist yet, on SQLite."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    yield url
    database.engine(url).dispose()


@pytest.fixture
def empty_postgresql_url(postgres: PostgreSQL) -> Iterator[str]:
    """The URL of a database without tables, on PostgreSQL."""
    with postgres.database(migrated=False) as url:
        yield url
        database.engine(url).dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database without tables, on SQLite and on PostgreSQL."""
    return request.getfixturevalue(f"empty_{request.param}_url")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> Iterator[str]:
    """The URL of a database with its tables, on SQLite."""
    databases.lay(tmp_path / "ehc.sqlite")
    url = f"sqlite:///{tmp_path / 'ehc.sqlite'}"
    yield url
    database.engine(url).dispose()


@pytest.fixture
def postgresql_url(postgres: PostgreSQL) -> Iterator[str]:
    """The URL of a database with its tables, on PostgreSQL."""
    with postgres.database() as url:
        yield url
        database.engine(url).dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with its tables, on SQLite and on PostgreSQL: a copy of one that was migrated once."""
    return request.getfixturevalue(f"{request.param}_url")


@dataclass(frozen=True)
class Works:
    """A Prefect with a worker, and what its flows work on."""

    api_url: str
    database_url: str
    outbox_dir: Path
    prefect: LocalPrefect


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[LocalPrefect]:
    """A Prefect server for the whole session; ten to twenty seconds for the first test that asks."""
    prefect = LocalPrefect(house.PREFECT_HOME, house.PREFECT_PORT, extra=house.OURS | house.COUNCIL)
    try:
        prefect.start_server()
        yield prefect
    finally:
        prefect.stop()


@pytest.fixture(scope="session")
def prefect_worker(prefect_server: LocalPrefect) -> Works:
    """Our flows on that server, a worker that asks for work every second, and a database with all its tables."""
    ours = database.engine(house.DATABASE_URL)
    database.upgrade(ours)
    ours.dispose()
    prefect_server.start_worker()
    prefect_server.deploy()
    return Works(prefect_server.api_url, house.DATABASE_URL, house.OUTBOX, prefect_server)
