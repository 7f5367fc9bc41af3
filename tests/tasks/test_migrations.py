"""The migrations make the tables that the program reads and writes, column by column."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import models.tables  # every table is known once it is imported
from tasks import database, migrations
from tasks.database import VERSION_TABLE

FILES = sorted(Path(migrations.__file__).with_name("versions").glob("[0-9]*.py"))
OURS = SQLModel.metadata.sorted_tables


@pytest.fixture
def engine(empty_url):
    """A database that was empty, and went through every migration."""
    made = database.engine(empty_url)
    database.upgrade(made)
    yield made
    made.dispose()


def without_rowid(engine) -> set[str]:
    if engine.dialect.name != "sqlite":
        return set()
    with engine.connect() as connection:
        return {name for name, in connection.exec_driver_sql("SELECT name FROM pragma_table_list WHERE wr = 1")}


def shape(engine) -> dict[str, object]:
    """Everything about the tables that a database can tell."""
    inspector = sa.inspect(engine)
    return {table: {
        "columns": {c["name"]: (str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
        "key": inspector.get_pk_constraint(table)["constrained_columns"],
        "foreign keys": sorted((tuple(k["constrained_columns"]), k["referred_table"]) for k in inspector.get_foreign_keys(table)),
        "indexes": sorted((i["name"], tuple(i["column_names"])) for i in inspector.get_indexes(table)),
        "checks": sorted((c["name"], re.sub(r"\W+", " ", c["sqltext"]).split()[0]) for c in inspector.get_check_constraints(table)),
        "without rowid": table in without_rowid(engine),
    } for table in inspector.get_table_names() if table != VERSION_TABLE}


def test_alembic_finds_nothing_to_change(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={
            "version_table": VERSION_TABLE, "include_object": lambda item, name, kind, *_: kind != "table" or name in
            {table.name for table in OURS}})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_migrated_tables_are_those_of_the_models(engine):
    migrated = shape(engine)
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP TABLE {VERSION_TABLE}"))
        SQLModel.metadata.drop_all(connection, tables=OURS)
        SQLModel.metadata.create_all(connection, tables=OURS)
    made = shape(engine)
    assert migrated.keys() == made.keys() and len(made) == len(OURS) == 27
    for table in made:
        assert migrated[table] == made[table], table


def test_facts_and_duties_have_no_second_key_on_sqlite(tmp_path):
    engine = database.engine(f"sqlite:///{tmp_path}/ehc.sqlite")
    database.upgrade(engine)
    assert without_rowid(engine) == {"fact", "duty"}
    engine.dispose()


def test_the_migrations_are_numbered_without_a_gap_and_the_last_is_named_as_the_head():
    numbers = [path.name.split("_")[0] for path in FILES]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert numbers[-1] == migrations.HEAD
    assert set(numbers) == database._known_versions()
