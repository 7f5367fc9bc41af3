"""`ehc trail`, `ehc rebuild`, `ehc upgrade`: what an auditor asks, and what answers when somebody has been at the tables."""

import sqlite3

import pytest

from models.trail import GENESIS, seal
from tests.cli.test_receive import CHILD, PARENT, REF


@pytest.fixture
def case(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--note", "a private word")
    ehc("record", REF, "family_consulted", "--on", "2026-03-05", "--by", "officer-3", "--no-nudge")
    return ehc


def spoil(*statements: str) -> None:
    """Change the database behind the engine's back, as somebody with the file could."""
    with sqlite3.connect("var/ehc.sqlite", isolation_level=None) as connection:
        for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount
    connection.close()


def test_an_unaltered_trail_holds(case):
    answer = case("trail", "verify")
    assert (answer.code, answer.out) == (0, "2 facts in 1 case, 1 text: every seal holds.\n")
    assert case("trail", "verify", "--json").json == {
        "sound": True, "cases": 1, "facts": 2, "texts": 1, "erased_texts": 0, "sealed_facts": 0, "checkpoints": 0,
        "time_stamps": 0, "time_stamps_unchecked": 0, "findings": []}


@pytest.mark.parametrize("statement, says", [
    ("UPDATE fact SET happened_on = '2026-03-01' WHERE number = 2", "fact 2 was altered"),
    ("DELETE FROM fact WHERE number = 2", "missing from the end"),
    ("UPDATE text SET body = 'another word'", "does not match its salted hash"),
])
def test_an_altered_trail_is_named_and_ends_with_1(case, statement, says):
    spoil(statement)
    answer = case("trail", "verify")
    assert answer.code == 1 and f"{REF}: " in answer.out and says in answer.out
    told = case("trail", "verify", "--json")
    assert told.code == 1 and told.json["sound"] is False and told.json["findings"][0]["case"] == REF


def test_an_erased_text_leaves_the_trail_whole(case):
    spoil("DELETE FROM text")
    answer = case("trail", "verify")
    assert (answer.code, answer.out) == (0, "2 facts in 1 case, 0 texts and 1 erased: every seal holds.\n")
    assert "1 note: (erased)" in case("trail", "show", REF, "--texts").out


def test_an_outsider_can_work_every_hash_out_again(case):
    told = case("trail", "show", REF, "--json").json
    last = GENESIS
    for fact in told["facts"]:
        values = list(fact.values())
        assert fact["previous_hash"] == last and seal(*values[:9]) == fact["hash"]
        last = fact["hash"]
    assert told["head"] == {"number": 2, "hash": last} and told["sound"] and told["texts"] == {}


def test_one_trail_for_people(case):
    out = case("trail", "show", REF).out
    assert "officer-3" in out and "family_consulted" in out and "every seal holds" in out and "private" not in out
    spoil("UPDATE fact SET recorded_by = 'officer-4' WHERE number = 2")
    broken = case("trail", "show", REF)
    assert broken.code == 1 and "fact 2 was altered" in broken.out


def test_rebuild_says_what_differs_and_puts_it_right(case):
    assert case("rebuild", "--check").out == "1 case worked out anew: the tables say what the facts say.\n"
    spoil("UPDATE duty SET due_on = '2027-01-01' WHERE duty = 'finalise_plan'")
    check = case("rebuild", "--check")
    assert check.code == 1 and "due_on is 2027-01-01, the facts say 2026-07-20" in check.out
    assert case("rebuild", "--check", "--json").json["differences"][0]["kept"] == "2027-01-01"
    mended = case("rebuild")
    assert mended.code == 0 and "1 difference, all put right." in mended.out
    assert case("rebuild", "--check").code == 0


def test_rebuild_leaves_alone_what_the_facts_themselves_put_in_doubt(case):
    spoil("DELETE FROM fact WHERE number = 2")
    answer = case("rebuild")
    assert answer.code == 1 and "missing from the end" in answer.out and "ehc trail verify" in answer.out
    assert case("rebuild", "--json").json["left"][0]["case"] == REF


def test_upgrade_makes_the_tables_and_can_be_repeated(ehc):
    assert ehc("upgrade").code == 0
    again = ehc("upgrade")
    assert again.code == 0 and "is at version" in again.out and again.err == ""


@pytest.mark.parametrize("command", [("due",), ("case", REF), ("trail", "verify"), ("rebuild", "--check"), ("why", REF, "admit")])
def test_a_database_that_cannot_be_used_is_an_answer(ehc, file, command, tmp_path):
    wrong = ehc(*command, env={"EHC_DATABASE_URL": "nonsense"})
    assert wrong.code == 2 and "EHC_DATABASE_URL" in wrong.err
    other = ehc(*command, env={"EHC_DATABASE_URL": "mysql://nobody:secret@127.0.0.1:9/ehc"})
    assert other.code == 2 and "no address of a database" in other.err and "secret" not in other.err
    file("x.sqlite", "this is no database at all, only some text that is long enough to be read as a header of one")
    wrong = ehc(*command, env={"EHC_DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite"})
    assert wrong.code == 2 and "not a database" in wrong.err
    wrong = ehc(*command, env={"EHC_DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:9/ehc"})
    assert wrong.code == 2 and "cannot be opened" in wrong.err and "secret" not in wrong.err


def test_a_setting_that_cannot_be_used_is_an_answer(ehc):
    wrong = ehc("due", env={"EHC_CHANNELS": "{not json"})
    assert wrong.code == 2 and "EHC_CHANNELS" in wrong.err or "channels" in wrong.err
