"""Who looked is kept beside the record, changes nothing in it, and cannot be changed unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.looks import Look, chained, sealed, wrong
from models.trail import GENESIS
from tasks.case_file import NoSuchCase
from tasks.database import reading
from tasks.looks import findings, looked, looks_of
from tests.tasks.builders import REF, hand, opened

OTHER = "EHC-2026-0002"
REFUSED = "who looked at a case is never changed or removed"
VALUES = "(1, 'X', '2026-01-01T00:00:00.000000Z', 'x', 'd', 'p', 'h')"
STATEMENTS = [
    "UPDATE look SET looked_by = 'somebody else'", "DELETE FROM look", "DELETE FROM look WHERE number = 2",
    f"INSERT INTO look VALUES {VALUES} ON CONFLICT (number) DO UPDATE SET hash = excluded.hash"]
ON = {"sqlite": [f"INSERT OR REPLACE INTO look VALUES {VALUES}", "UPDATE OR REPLACE look SET number = 2"],
      "postgresql": ["TRUNCATE look", "SET session_replication_role = replica; DELETE FROM look"]}


@pytest.fixture
def case(engine):
    opened(engine)
    opened(engine, OTHER)
    return engine


def looks(engine, ref=REF):
    with reading(engine) as session:
        return looks_of(session, ref)


def everything(engine):
    with engine.connect() as connection:
        return {table: connection.execute(sa.text(f"SELECT * FROM {table}")).all() for table in ("fact", "case_file", "duty", "message")}


def test_a_look_says_who_when_and_by_which_door_and_changes_nothing_in_the_case(case):
    before = everything(case)
    looked(case, [REF], hand(9, "officer-3"), "ehc case")
    looked(case, [OTHER, REF], hand(10, "officer-4"), "ehc audit sample")
    assert everything(case) == before
    assert [(look.number, look.looked_at, look.looked_by, look.door) for look in looks(case)] == [
        (1, "2026-05-01T09:30:00.123456Z", "officer-3", "ehc case"),
        (3, "2026-05-01T10:30:00.123456Z", "officer-4", "ehc audit sample")]
    assert [look.number for look in looks(case, OTHER)] == [2]
    with reading(case) as session:
        assert findings(session) == []


def test_a_look_at_no_case_is_not_noted_and_names_the_nearest(case):
    with pytest.raises(NoSuchCase, match=REF):
        looked(case, [REF, "EHC-2026-0009"], hand(), "ehc case")
    assert looks(case) == []
    with pytest.raises(NoSuchCase):
        looks(case, "EHC-2026-0009")


def test_many_who_look_at_once_make_one_chain(case):
    with ThreadPoolExecutor(4) as many:
        list(many.map(lambda n: looked(case, [REF], hand(by=f"officer-{n}"), "ehc case"), range(12)))
    assert [look.number for look in looks(case)] == list(range(1, 13))
    assert {look.looked_by for look in looks(case)} == {f"officer-{n}" for n in range(12)}
    with reading(case) as session:
        assert findings(session) == []


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_statement_changes_or_removes_a_look(case, statement):
    refused(case, statement)


def test_nor_does_what_only_one_of_the_databases_knows(case):
    for statement in ON[case.dialect.name]:
        refused(case, statement)


def refused(engine, statement):
    if not looks(engine):
        for by in ("officer-3", "officer-4"):
            looked(engine, [REF], hand(by=by), "ehc case")
    before = looks(engine)
    with pytest.raises(DBAPIError, match=REFUSED), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert looks(engine) == before and len(before) == 2


def chain(count=4):
    found = list(chained(None, [f"A{n}" for n in range(count)], "2026-05-01T09:30:00.000000Z", "officer-3", "ehc case"))
    assert wrong(found) is None and found[0].previous_hash == GENESIS
    return found


def test_whatever_is_changed_in_the_chain_is_found():
    one, two, three, four = chain()
    assert wrong([one, three, four]) == (2, "is missing: look 3 stands where it should be.")
    assert wrong([two, three, four])[0] == 1
    assert wrong([one, three, two, four])[0] == 2
    for place, value in enumerate([9, "B9", "2026-05-02T09:30:00.000000Z", "officer-9", "portal", "0" * 64, "f" * 64]):
        changed = Look(*(value if n == place else kept for n, kept in enumerate(three)))
        assert wrong([one, two, changed, four])[0] == 3, place
    forged = sealed(3, "A2", three.looked_at, "officer-9", "ehc case", two.hash)
    assert wrong([one, two, forged, four]) == (4, "was not sealed after look 3 as that now stands: one of them was put in or changed.")
    before = sealed(0, "A9", one.looked_at, "officer-3", "ehc case", GENESIS)
    assert wrong([before, one, two])[0] == 1
