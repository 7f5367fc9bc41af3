"""The database itself refuses to change, remove or replace a fact."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.tasks.builders import REF, opened

REFUSED = "a fact is never changed or removed"
VALUES = "('EHC-2026-0001', 1, 'k', '2026-01-01', '2026-01-01T00:00:00.000000Z', 'x', NULL, '{}', 'p', 'h')"

EVERYWHERE = [
    "UPDATE fact SET data = '{}'",
    "UPDATE fact SET recorded_by = 'somebody else' WHERE number = 1",
    "UPDATE fact SET case_ref = 'X', number = 9",
    "DELETE FROM fact",
    f"DELETE FROM fact WHERE case_ref = '{REF}'",
    f"INSERT INTO fact VALUES {VALUES} ON CONFLICT (case_ref, number) DO UPDATE SET data = excluded.data",
]
ON = {
    "sqlite": [f"INSERT OR REPLACE INTO fact VALUES {VALUES}", f"REPLACE INTO fact VALUES {VALUES}",
               "UPDATE OR REPLACE fact SET number = 2", "UPDATE OR IGNORE fact SET data = '{}'",
               f"INSERT OR REPLACE INTO fact (rowid, case_ref) VALUES (1, '{REF}')"],
    "postgresql": ["TRUNCATE fact", "TRUNCATE case_file CASCADE", "UPDATE fact SET data = '{}' WHERE number = 99",
                   "SET session_replication_role = replica; DELETE FROM fact",
                   f"MERGE INTO fact USING (SELECT '{REF}' AS r) s ON fact.case_ref = s.r WHEN MATCHED THEN DELETE"],
}


def facts(engine):
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT * FROM fact")).all()


@pytest.mark.parametrize("statement", EVERYWHERE)
def test_no_statement_changes_or_removes_a_fact(engine, statement):
    opened(engine)
    refused(engine, statement)


def test_nor_does_what_only_one_of_the_databases_knows(engine):
    opened(engine)
    for statement in ON[engine.dialect.name]:
        refused(engine, statement, words="no column named rowid" if "rowid" in statement else REFUSED)


def refused(engine, statement, words=REFUSED):
    before = facts(engine)
    with pytest.raises(DBAPIError, match=words), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert facts(engine) == before and len(before) == 1


def test_a_case_file_with_facts_cannot_be_removed(engine):
    opened(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM duty")
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM case_file")
