"""Rows by the thousand: the same values in and out on every database, in the form in which they are sealed."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select as ask

from models.tables.cases import CaseFile, DutyRow
from models.tables.people import Person
from models.tables.running import WatchRound
from tasks import bulk
from tasks.database import reading, writing
from tests.tasks.builders import opened

ROUND, PERSON, DUTY = WatchRound.__table__, Person.__table__, DutyRow.__table__
COLUMNS = ("id", "on", "started_at", "ended_at", "cases", "reminders", "late_reminders", "missed_days", "flow_run_id")
ROWS = [(1, "2026-05-01", "2026-05-01T09:00:00.000001Z", None, 0, 0, 0, 0, None),
        (2, "2026-05-02", "2026-05-01T23:59:59.999999Z", "2026-05-02T00:00:00.000000Z", 5, 1, 0, 2, "run-'7'")]


def people(engine, *where, **how):
    with reading(engine) as session:
        return [tuple(row) for row in bulk.select(session, PERSON, ("ref", "name"), *where, order=("ref",), **how)]


@pytest.fixture
def four(engine):
    with writing(engine) as session:
        bulk.insert(session, PERSON, ("ref", "name"), [(f"P-{n}", f"name {n}") for n in range(4)])
    return engine


def test_what_goes_in_comes_out(engine):
    with writing(engine) as session:
        bulk.insert(session, ROUND, COLUMNS, ROWS)
        assert [tuple(row) for row in bulk.select(session, ROUND, COLUMNS, order=("id",))] == ROWS


def test_and_is_what_everybody_else_reads_and_writes(engine):
    with writing(engine) as session:
        bulk.insert(session, ROUND, COLUMNS, ROWS)
        session.add(WatchRound(id=3, on=date(2026, 5, 3), started_at=datetime(2026, 5, 3, 9, 0, 0, 7, UTC)))
    with reading(engine) as session:
        first = session.exec(ask(WatchRound).where(WatchRound.id == 1)).one()
        assert (first.on, first.started_at) == (date(2026, 5, 1), datetime(2026, 5, 1, 9, 0, 0, 1, UTC))
        assert bulk.select(session, ROUND, ("on", "started_at"), ("id", "=", 3)) == [
            ("2026-05-03", "2026-05-03T09:00:00.000007Z")]


def test_the_text_of_a_moment_is_the_sealed_one_in_winter_and_in_summer(engine):
    moments = [f"2026-{month:02d}-01T00:30:00.{month:06d}Z" for month in range(1, 13)]
    with writing(engine) as session:
        bulk.insert(session, ROUND, COLUMNS, [(n, "2026-01-01", at, None, 0, 0, 0, 0, None) for n, at in enumerate(moments)])
        assert [row[0] for row in bulk.select(session, ROUND, ("started_at",), order=("id",))] == moments


@pytest.mark.parametrize("where, refs", [
    ([("ref", "=", "P-2")], ["P-2"]), ([("ref", ">", "P-1")], ["P-2", "P-3"]), ([("ref", "<=", "P-1")], ["P-0", "P-1"]),
    ([("ref", "in", ["P-3", "P-0", "P-9", "P-0"])], ["P-0", "P-3"]), ([("ref", "in", [])], []),
    ([("ref", ">=", "P-1"), ("ref", "<", "P-3")], ["P-1", "P-2"]), ([], ["P-0", "P-1", "P-2", "P-3"]),
])
def test_the_rows_for_which_every_condition_holds(four, where, refs):
    assert [row[0] for row in people(four, *where)] == refs


def test_a_list_may_be_longer_than_a_statement_has_places(four):
    assert len(people(four, ("ref", "in", [f"P-{n}" for n in range(70_000)]))) == 4


def test_only_so_many(four):
    assert [row[0] for row in people(four, limit=2)] == ["P-0", "P-1"]


def test_what_is_no_comparison_is_refused(four):
    with pytest.raises(ValueError, match="'; --' is not a comparison"):
        people(four, ("ref", "; --", "x"))


def test_rows_are_changed_and_removed_by_their_keys(four):
    with writing(four) as session:
        bulk.update(session, PERSON, ("name",), ("ref",), [["changed", "P-1"], ["nobody", "P-9"]])
        bulk.delete(session, PERSON, ("ref",), [("P-0",), ("P-9",)])
    assert people(four) == [("P-1", "changed"), ("P-2", "name 2"), ("P-3", "name 3")]


def test_what_is_there_already_can_be_left_as_it_is(four):
    with writing(four) as session:
        bulk.insert(session, PERSON, ("ref", "name"), [("P-0", "other"), ("P-9", "new")], keep_existing=True)
    assert people(four)[0] == ("P-0", "name 0") and people(four)[-1] == ("P-9", "new")


def test_nothing_is_nothing(engine):
    with writing(engine) as session:
        bulk.insert(session, PERSON, ("ref", "name"), [])
        bulk.update(session, PERSON, ("name",), ("ref",), [])
        bulk.delete(session, PERSON, ("ref",), [])
    assert people(engine) == []


def test_days_of_a_duty_are_set_and_cleared(engine):
    ref = opened(engine)
    key = (ref, "finalise_plan", "", "", "")
    with writing(engine) as session:
        bulk.update(session, DUTY, ("next_rung", "next_rung_on"), ("case_ref", "duty", "adviser", "party", "occasion"), [(-7, "2026-07-13", *key)])
        assert session.get_one(DutyRow, key).next_rung_on == date(2026, 7, 13)
        bulk.update(session, DUTY, ("next_rung", "next_rung_on"), ("case_ref", "duty", "adviser", "party", "occasion"), [(None, None, *key)])
        assert bulk.select(session, DUTY, ("next_rung", "next_rung_on"), ("duty", "=", "finalise_plan")) == [(None, None)]
        assert bulk.select(session, CaseFile.__table__, ("ref",), lock=True) == [(ref,)]
