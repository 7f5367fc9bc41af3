"""One transaction at a time, kept whole or not at all; a database of another version is not touched."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import select

from models.tables.people import Person
from models.tables.running import WatchRound
from tasks import database
from tasks.database import Busy, NotReady, reading, upgrade, writing
from tasks.migrations import HEAD
from tests.tasks.builders import TODAY


def people(engine) -> list[str]:
    with reading(engine) as session:
        return sorted(person.ref for person in session.exec(select(Person)))


def test_what_is_written_is_there_afterwards(engine):
    with writing(engine) as session:
        session.add(Person(ref="P-1", name="Ann Other"))
    assert people(engine) == ["P-1"]


def test_an_error_half_way_leaves_nothing_behind(engine):
    with pytest.raises(ZeroDivisionError), writing(engine) as session:
        session.add(Person(ref="P-1", name="Ann Other"))
        session.flush()
        raise ZeroDivisionError
    assert people(engine) == []


def test_a_reader_cannot_write_and_the_next_writer_can(engine):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), reading(engine) as session:
        session.add(Person(ref="P-1", name="Ann Other"))
        session.flush()
    with writing(engine) as session:
        session.add(Person(ref="P-2", name="Ann Other"))
    assert people(engine) == ["P-2"]


def test_a_reader_sees_one_state_from_its_first_question_on(engine):
    with reading(engine) as session:
        assert session.exec(select(Person)).all() == []
        with writing(engine) as other:
            other.add(Person(ref="P-1", name="Ann Other"))
        assert session.exec(select(Person)).all() == []
    assert people(engine) == ["P-1"]


def test_a_transaction_that_fills_a_table_finds_its_own_rows_by_their_keys(postgresql_url):
    """A table that was all but empty before it is not read whole for every question."""
    made = database.engine(postgresql_url)
    upgrade(made)
    try:
        with writing(made) as session:
            session.add(Person(ref="P-0", name="Ann Other"))
        with writing(made) as session:
            session.connection().exec_driver_sql("ANALYZE person")
        with writing(made) as session:
            database.fills_tables(session)
            session.connection().exec_driver_sql("INSERT INTO person (ref, name) SELECT 'P-' || n, 'Ann' FROM generate_series(1, 3) AS n")
            plan = session.connection().exec_driver_sql("EXPLAIN SELECT name FROM person WHERE ref = ANY('{P-1,P-2}')").scalars().all()
            assert any("person_pkey" in line for line in plan) and not any("Seq Scan" in line for line in plan)
        with reading(made) as session:
            assert session.connection().exec_driver_sql("SHOW enable_seqscan").scalar_one() == "on"
    finally:
        made.dispose()


def test_an_error_never_shows_the_values_of_a_statement(engine):
    with pytest.raises(DBAPIError) as error, writing(engine) as session:
        session.add(Person(ref="P-1", name="Ann Other", address="1 High Street"))
        session.flush()
        session.connection().execute(sa.text("INSERT INTO person (ref, name) VALUES (:ref, :name)"),
                                     {"ref": "P-2", "name": None})
    assert "Ann" not in str(error.value) and "High Street" not in str(error.value)


def test_moments_keep_their_microseconds_and_come_back_in_utc(engine):
    at = datetime(2026, 5, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=1)))
    with writing(engine) as session:
        session.add(WatchRound(on=TODAY, started_at=at))
    with reading(engine) as session:
        row = session.exec(select(WatchRound)).one()
    assert row.started_at == at and row.started_at.tzinfo is UTC and row.started_at.microsecond == 456789
    assert row.ended_at is None


def test_moments_can_be_compared_in_a_question(engine):
    at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    with writing(engine) as session:
        session.add_all(WatchRound(on=TODAY, started_at=at + timedelta(microseconds=n)) for n in range(-1, 2))
    with reading(engine) as session:
        assert len(session.exec(select(WatchRound).where(WatchRound.started_at <= at)).all()) == 2


def test_a_moment_without_a_time_zone_is_refused(engine):
    with pytest.raises(StatementError, match="no time zone"), writing(engine) as session:
        session.add(WatchRound(on=TODAY, started_at=datetime(2026, 5, 1, 9)))
        session.flush()


def test_an_upgrade_can_be_repeated(engine):
    upgrade(engine)
    with engine.connect() as connection:
        assert database.version_of(connection) == HEAD


def test_two_upgrades_at_once(empty_url):
    engine = database.engine(empty_url)
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(upgrade, engine) for _ in range(2)]:
            done.result()
    with writing(engine):
        pass
    engine.dispose()


def test_a_database_without_tables_says_what_to_do(empty_url):
    engine = database.engine(empty_url)
    for door in (reading, writing):
        with pytest.raises(NotReady, match="has no tables yet. Run `ehc up`"), door(engine):
            pass
    upgrade(engine)
    with writing(engine):
        pass
    engine.dispose()


def test_a_database_of_a_newer_program_is_left_alone(database_url):
    engine = database.engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE {database.VERSION_TABLE} SET version_num = '9999'"))
    for call in (database.check, upgrade):
        with pytest.raises(NotReady, match=f"is at version 9999, which this program \\({HEAD}\\) does not know: a newer one"):
            call(engine)
    engine.dispose()


def test_a_database_that_cannot_be_opened_says_what_to_check(tmp_path):
    (tmp_path / "a-folder.sqlite").mkdir()
    with pytest.raises(NotReady, match="cannot be opened.*Check EHC_DATABASE_URL"):
        database.check(database.engine(f"sqlite:///{tmp_path}/a-folder.sqlite"))
    with pytest.raises(NotReady, match="cannot be opened") as error:
        database.check(database.engine(f"postgresql://ehc:very-secret@/nowhere?host={tmp_path}"))
    assert "very-secret" not in str(error.value)


def test_one_engine_a_url(database_url):
    assert database.engine(database_url) is database.engine(database_url)


def test_the_folder_of_an_sqlite_file_is_made_for_its_owner_alone(tmp_path):
    database.engine(f"sqlite:///{tmp_path}/new/ehc.sqlite")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("pragma, value", [
    ("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("query_only", 0)])
def test_how_sqlite_is_set(tmp_path, pragma, value):
    engine = database.engine(f"sqlite:///{tmp_path}/ehc.sqlite")
    upgrade(engine)
    with reading(engine):
        pass
    with writing(engine) as session:
        assert session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_a_writer_that_waited_too_long_is_told_so(engine, database_url, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    hasty = database.engine.__wrapped__(database_url)
    with writing(engine) as first:
        first.add(Person(ref="P-1", name="Ann Other"))
        first.flush()
        with pytest.raises(Busy, match="Nothing was kept of this call; make it again"), writing(hasty) as second:
            second.add(Person(ref="P-1", name="Somebody Else"))
            second.flush()
    hasty.dispose()
    assert people(engine) == ["P-1"]


@pytest.mark.parametrize("url, driver", [
    ("postgres://u:p@localhost/ehc", "postgresql+psycopg"), ("postgresql+asyncpg://u:p@localhost/ehc", "postgresql+psycopg"),
    ("postgresql+psycopg2://u:p@localhost/ehc", "postgresql+psycopg"), ("sqlite+aiosqlite://", "sqlite"),
])
def test_an_address_with_the_driver_of_another_program_is_opened_with_our_own(url, driver):
    assert database.engine(url).url.drivername == driver
