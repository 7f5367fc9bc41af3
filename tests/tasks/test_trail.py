"""Whoever gets past the triggers and changes the record is found, and what they changed is named."""

from contextlib import contextmanager

import pytest
from sqlmodel import Session

from models.trail import BrokenChain, Sealed, check_chain, seal
from tasks import trail
from tasks.case_file import NewFact, NoSuchCase, open_case, record_many
from tasks.database import reading, writing
from tasks.trail import show, verify
from tests.tasks.builders import ANN, TODAY, a_request, day, hand

REFS = ("A1", "A2", "A3")
DROP = {
    "sqlite": [f"DROP TRIGGER fact_is_not_{what}" for what in ("changed", "removed", "replaced")],
    "postgresql": ["DROP TRIGGER fact_is_not_changed ON fact"],
}


@pytest.fixture
def cases(engine):
    """Three cases of five facts, two of them with a text."""
    for ref in REFS:
        with writing(engine) as session:
            open_case(session, ref, ANN, a_request(note="a letter"), hand(), TODAY)
            record_many(session, [(ref, NewFact("views_received", day(n), {"document": f"d{n}"})) for n in (3, 4, 5)]
                        + [(ref, NewFact("decided_to_assess", day(30), {"decided_by": "o-1", "reasons": "why"}))], hand(), TODAY)
    return engine


@contextmanager
def tampered(engine, *statements):
    """A session that sees the database as somebody left it who could drop the triggers; undone at the end."""
    with engine.connect() as connection, connection.begin() as transaction:
        for statement in (*DROP[engine.dialect.name], *statements):
            connection.exec_driver_sql(statement)
        yield Session(connection)
        transaction.rollback()


def findings(engine, *statements) -> list[str]:
    with tampered(engine, *statements) as session:
        return [str(finding) for finding in verify(session).findings]


def test_a_sound_trail(cases):
    done = []
    with reading(cases) as session:
        report = verify(session, lambda *step: done.append(step))
    assert report.is_sound
    assert (report.cases, report.facts, report.texts, report.erased) == (3, 15, 6, 0)
    assert done == [(3, 3)]


def test_an_empty_trail_is_sound(engine):
    with reading(engine) as session:
        assert verify(session) == trail.Report(0, 0, 0, 0, ())


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_the_size_of_the_batches_makes_no_difference(cases, monkeypatch, batch):
    with reading(cases) as session:
        whole = verify(session)
        monkeypatch.setattr(trail, "BATCH", batch)
        assert verify(session) == whole
    assert findings(cases, "UPDATE fact SET kind = 'x' WHERE case_ref = 'A3' AND number = 5") == [
        "A3: fact 5 was altered: its content does not match its hash."]


@pytest.mark.parametrize("column, value", [
    ("kind", "'admitted'"), ("happened_on", "'2026-03-09'"), ("recorded_at", "'2026-05-01T09:30:00.123457Z'"),
    ("recorded_by", "'officer-8'"), ("flow_run_id", "'run-1'"), ("data", "'{}'"), ("hash", "'" + "f" * 64 + "'"),
    ("previous_hash", "'" + "f" * 64 + "'"),
])
def test_any_column_of_any_fact_that_was_changed_is_found_and_the_fact_named(cases, column, value):
    for number in range(1, 6):
        found = findings(cases, f"UPDATE fact SET {column} = {value} WHERE case_ref = 'A2' AND number = {number}")
        assert [line for line in found if line.startswith(f"A2: fact {number} was altered")], (number, found)
        assert all(line.startswith("A2: ") for line in found) or column == "data"


@pytest.mark.parametrize("altered", ["replace(data, '{', 'x')", "data || '}'", "replace(data, '\"sha256\"', '\"sha255\"')",
                                     "replace(data, '\"text\":\"A2/5/reasons\"', '\"text\":[5]')"])
def test_a_fact_whose_data_can_no_longer_be_read_is_found_like_any_other(cases, altered):
    found = findings(cases, f"UPDATE fact SET data = {altered} WHERE case_ref = 'A2' AND number = 5")
    assert found == ["A2: fact 5 was altered: its content does not match its hash.", "A2: the text A2/5/reasons belongs to no fact."]


@pytest.mark.parametrize("statement, words", [
    ("DELETE FROM fact WHERE case_ref = 'A2' AND number = 1", "A2: fact 1 is missing: fact 2 stands where it should be"),
    ("DELETE FROM fact WHERE case_ref = 'A2' AND number = 3", "A2: fact 3 is missing: fact 4 stands where it should be"),
    ("DELETE FROM fact WHERE case_ref = 'A2' AND number >= 4",
     "A2: fact 4 is missing from the end, and so are those up to 5: the case file says that the last fact is 5"),
    ("DELETE FROM fact WHERE case_ref = 'A2'", "A2: fact 1 is missing from the end, and so are those up to 5"),
    ("UPDATE fact SET number = 6 WHERE case_ref = 'A2' AND number = 2", "A2: fact 2 is missing: fact 3 stands"),
    ("UPDATE fact SET case_ref = 'A3', number = 6 WHERE case_ref = 'A2' AND number = 5", "A2: fact 5 is missing from the end"),
    ("UPDATE case_file SET last_number = 4 WHERE ref = 'A2'", "A2: fact 5 was inserted at the end"),
    ("UPDATE case_file SET last_hash = 'f' WHERE ref = 'A2'", "A2: fact 5 has a hash that is not the one kept"),
    ("UPDATE text SET body = 'other words' WHERE id = 'A2/5/reasons'",
     "A2: fact 5 holds a text (A2/5/reasons) that was altered: it does not match its salted hash"),
    ("UPDATE text SET salt = 'ab' WHERE id = 'A2/1/note'", "A2: fact 1 holds a text (A2/1/note) that was altered"),
    ("INSERT INTO text VALUES ('A2/9/note', 'A2', 'ab', 'words')", "A2: the text A2/9/note belongs to no fact"),
])
def test_what_was_removed_moved_or_put_in_is_found(cases, statement, words):
    found = findings(cases, statement)
    assert [line for line in found if line.startswith(words)], found


def test_facts_that_changed_places_are_found(cases):
    assert findings(cases, *(f"UPDATE fact SET number = {new} WHERE case_ref = 'A2' AND number = {old}"
                             for old, new in ((2, 99), (3, 2), (99, 3)))) == [
        "A2: fact 2 was altered: it matches neither its own hash nor the fact before it."]


def test_a_forged_fact_that_was_sealed_properly_is_found_at_the_one_after_it(cases):
    with reading(cases) as session:
        rows = show(session, "A2").facts
    forged = rows[2]._replace(data='{"document":"forged"}')
    hash = seal(*forged[:9])
    found = findings(cases, f"UPDATE fact SET data = '{forged.data}', hash = '{hash}' WHERE case_ref = 'A2' AND number = 3")
    assert found == ["A2: fact 4 was not sealed after fact 3 as it now stands: fact 3 was replaced, or facts were inserted,"
                     " removed or put in another order."]


def test_a_fact_forged_at_the_end_is_found_by_the_head(cases):
    with reading(cases) as session:
        last = show(session, "A2").facts[-1]
    content = ("A2", 6, "admitted", "2026-04-30", "2026-05-01T10:00:00.000000Z", "forger", None, "{}", last.hash)
    values = ", ".join("NULL" if value is None else f"'{value}'" for value in (*content, seal(*content)))
    assert findings(cases, f"INSERT INTO fact VALUES ({values})") == [
        "A2: fact 6 was inserted at the end: the case file says that the last fact is 5."]


def test_facts_of_a_case_that_has_no_file(cases):
    free = {"sqlite": [], "postgresql": ["ALTER TABLE fact DROP CONSTRAINT fact_case_ref_fkey"]}[cases.dialect.name]
    if cases.dialect.name == "sqlite":                     # cannot be switched off inside a transaction
        with cases.connect() as connection:
            connection.connection.driver_connection.executescript("PRAGMA foreign_keys = OFF")
            with connection.begin():
                connection.exec_driver_sql("UPDATE case_file SET ref = 'A9' WHERE ref = 'A3'")
            connection.connection.driver_connection.executescript("PRAGMA foreign_keys = ON")
        with reading(cases) as session:
            found = [str(finding) for finding in verify(session).findings]
    else:
        found = findings(cases, *free, *(f"ALTER TABLE {t} DROP CONSTRAINT {t}_case_ref_fkey" for t in ("duty", "text")),
                         "UPDATE case_file SET ref = 'A9' WHERE ref = 'A3'")
    assert "A3: there are 5 facts and no case file." in found
    assert [line for line in found if line.startswith("A9: fact 1 is missing from the end")]


def test_several_broken_cases_are_all_named(cases):
    found = findings(cases, "UPDATE fact SET data = '{}' WHERE number = 2",
                     "DELETE FROM fact WHERE number = 4 AND case_ref = 'A3'")
    assert found == [f"{ref}: fact 2 was altered: its content does not match its hash." for ref in REFS]


def test_showing_one_case(cases):
    with reading(cases) as session:
        shown = show(session, "A2")
        with pytest.raises(NoSuchCase, match="A22: there is no such case. Did you mean A2"):
            show(session, "A22")
    assert shown.broken is None and set(shown.texts.values()) == {"a letter", "why"}
    assert check_chain(shown.facts, shown.head) == shown.head
    assert all(isinstance(fact, Sealed) for fact in shown.facts) and [f.number for f in shown.facts] == [1, 2, 3, 4, 5]


def test_showing_a_case_says_what_is_wrong_with_it(cases):
    with tampered(cases, "UPDATE fact SET recorded_by = 'x' WHERE case_ref = 'A2' AND number = 3") as session:
        shown = show(session, "A2")
        assert shown.broken == "A2: fact 3 was altered: its content does not match its hash."
        with pytest.raises(BrokenChain, match="A2: fact 3"):
            check_chain(shown.facts, shown.head)
