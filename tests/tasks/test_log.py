"""Whatever is changed in the tables or forged as a whole is found, and what it was is named: in the chains, the log, the files,
and by a checkpoint that lies elsewhere."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.merkle import leaf_hash
from models.note import Checkpoint, sign, text_of
from tasks import seal_key
from tasks.prove import NotProved, prove
from tasks.seal_files import SealFiles
from tasks.verify import Wrong, check
from tests.tasks.sealing import AT, NAME, REFS, Trail, built, facts_of, found, rebuilt, statements_of

FACT_COLUMNS = ("kind", "recorded_by", "flow_run_id", "data", "previous_hash", "hash")


@pytest.fixture
def trail(engine, tmp_path) -> Trail:
    return built(engine, tmp_path)


def names(lines: list[str], *starts: str) -> None:
    for start in starts:
        assert [line for line in lines if line.startswith(start)], f"nothing says {start!r}: {lines}"


def other(character: str) -> str:
    return "b" if character == "a" else "a"


def sql(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def changed_at(text: str | None, place: int) -> str:
    text = text or ""
    place %= len(text) + 1
    return text[:place] + (other(text[place]) + text[place + 1:] if place < len(text) else "x")


def the_plain_verifier_refuses(session, *refs: str) -> bool:
    """Whether no proof that is made from what the database now says, of at least one of these cases, holds."""
    try:
        for text in prove(session, refs).values():
            check(text)
    except (Wrong, NotProved, ValueError):
        return True
    return False


EVERY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_an_untouched_trail_is_sound_and_every_proof_holds(trail):
    assert trail.findings() == []
    with trail.tampered() as session:
        assert not the_plain_verifier_refuses(session, *REFS)


@EVERY
@given(st.data())
def test_any_character_of_any_fact(trail, data):
    fact = data.draw(st.sampled_from([fact for ref in REFS for fact in facts_of(trail, ref)[:3]]))
    column = data.draw(st.sampled_from((*FACT_COLUMNS, "happened_on", "recorded_at")))
    if column == "happened_on":
        new = f"2026-04-{data.draw(st.integers(10, 28))}"
    elif column == "recorded_at":
        new = f"2026-05-01T09:30:00.{data.draw(st.integers(200000, 999999))}Z"
    else:
        new = changed_at(getattr(fact, column), data.draw(st.integers(0, 200)))
    where = f"WHERE case_ref = '{fact.case_ref}' AND number = {fact.number}"
    with trail.tampered(f"UPDATE fact SET {column} = {sql(new)} {where}") as session:
        names(found(session, SealFiles(trail.folder)), f"{fact.case_ref}: fact {fact.number} was altered")
        # A proof shows the content of a fact and works its hash out: the copy of the hash in the table is not in it.
        assert column == "hash" or the_plain_verifier_refuses(session, fact.case_ref)


@EVERY
@given(st.data())
def test_any_character_of_any_entry(trail, data):
    position, case, number, hash = data.draw(st.sampled_from(trail.rows("log_leaf", "position")))
    column = data.draw(st.sampled_from(("position", "case_ref", "number", "hash")))
    place = data.draw(st.integers(0, 70))
    new = {"position": str(100 + place), "case_ref": sql(changed_at(case, place)), "number": str(100 + place),
           "hash": sql(changed_at(hash, place))}[column]
    lines = trail.findings(f"UPDATE log_leaf SET {column} = {new} WHERE position = {position}")
    assert [line for line in lines if case in line or f"entry {position}" in line or "entries" in line], lines
    assert trail.findings(f"DELETE FROM log_leaf WHERE position = {position}")


@EVERY
@given(st.data())
def test_any_character_of_any_checkpoint(trail, data):
    number, size, _, note = data.draw(st.sampled_from(trail.rows("checkpoint", "number")))
    place = data.draw(st.integers(0, len(note)))
    with trail.tampered(f"UPDATE checkpoint SET note = {sql(changed_at(note, place))} WHERE number = {number}") as session:
        names(found(session, SealFiles(trail.folder)), f"checkpoint {number}: it was altered", f"checkpoint {number}: it is not what its file")
        names(found(session, None), f"checkpoint {number}: it was altered")
        assert number < 3 or the_plain_verifier_refuses(session, "A1")


def test_the_other_columns_of_a_checkpoint(trail):
    for change in ("size = 5", "signed_at = '2026-05-01T00:00:00.000000Z'"):
        names(trail.findings(f"UPDATE checkpoint SET {change} WHERE number = 2"), "checkpoint 2: it was altered: size or moment")
    names(trail.findings("UPDATE checkpoint SET number = 9 WHERE number = 3"), "checkpoint 3: it is missing")
    names(trail.findings("DELETE FROM checkpoint WHERE number = 1"), "checkpoint 1: it is missing")
    names(trail.findings(*(f"UPDATE checkpoint SET number = {new} WHERE number = {old}" for old, new in ((1, 9), (2, 1), (9, 2)))),
          "checkpoint 1: it does not follow", "checkpoint 2: it does not follow")


@EVERY
@given(st.integers(0, 400))
def test_any_character_of_a_key(trail, place):
    (_, note), = trail.rows("seal_key", "number")
    place %= len(note)
    with trail.tampered(f"UPDATE seal_key SET note = {sql(changed_at(note, place))}") as session:
        names(found(session, None), "the keys: they do not hold")
        assert the_plain_verifier_refuses(session, "A1")


@pytest.mark.parametrize("name", ["000001.txt", "000002.txt", "000003.txt", "keys.txt"])
def test_any_character_of_any_file(trail, name):
    path = trail.folder / name
    text = path.read_text()
    for place in range(0, len(text), 7):
        for broken in (text[:place] + other(text[place]) + text[place + 1:], text[:place] + text[place + 1:], text[:place]):
            path.write_text(broken)
            with trail.tampered() as session:
                assert found(session, SealFiles(trail.folder)), (name, place)
    path.write_text(text)
    assert trail.findings() == []
    path.write_text(text + "10 A9 1 ff\n")
    assert trail.findings()


@pytest.mark.parametrize("statements, starts", [
    (["DELETE FROM fact WHERE case_ref = 'A2' AND number = 3", "UPDATE case_file SET last_number = 2, last_hash ="
      " (SELECT hash FROM fact WHERE case_ref = 'A2' AND number = 2) WHERE ref = 'A2'"],
     ["A2: fact 3 is missing: it was taken into the log as entry 5"]),
    (["DELETE FROM fact WHERE case_ref = 'A2'", "DELETE FROM duty WHERE case_ref = 'A2'", "DELETE FROM case_file WHERE ref = 'A2'"],
     [f"A2: fact {n} is missing: it was taken into the log" for n in (1, 2, 3)]),
    (["DELETE FROM log_leaf WHERE position = 8", "DELETE FROM checkpoint WHERE number = 3"],
     ["the log: it has 8 entries, and the last checkpoint covers 6", "checkpoint 3: it is not in the database, and its file is there"]),
    (["DELETE FROM log_leaf WHERE position >= 6", "DELETE FROM checkpoint WHERE number = 3"],
     ["checkpoint 3: it is not in the database, and its file is there"]),
    (["DELETE FROM log_leaf", "DELETE FROM checkpoint", "DELETE FROM seal_key"],
     [f"checkpoint {n}: it is not in the database, and its file is there" for n in (1, 2, 3)]),
    (["DELETE FROM log_leaf WHERE position >= 7"], ["checkpoint 3: it covers 9 facts, and the log has 7: entries were cut off"]),
    (["DELETE FROM log_leaf WHERE position = 4"],
     ["the log: it has no entry 4: entry 5 stands in its place", "A2: fact 3 stands in the log as entry 5, where fact 2 should come",
      "A2: fact 2 is not in the log, and fact 3 is", "checkpoint 2: it has another root"]),
    (["UPDATE seal_key SET number = 5"], ["the keys: they are not numbered one after the other"]),
    (["INSERT INTO log_leaf VALUES (9, 'A3', 4, 'ff')"], ["the log: it has 10 entries, and the last checkpoint covers 9"]),
    (["UPDATE log_leaf SET position = 99 WHERE position = 3", "UPDATE log_leaf SET position = 3 WHERE position = 4",
      "UPDATE log_leaf SET position = 4 WHERE position = 99"],
     ["checkpoint 2: it has another root than the log: among entries 3 to 5", "A2: fact 2 is entry 3 of the log, and the file of"]),
])
def test_what_was_removed_put_in_moved_or_cut_off(trail, statements, starts):
    names(trail.findings(*statements), *starts)


def test_a_whole_chain_that_was_forged_is_named_fact_by_fact(trail):
    chain = rebuilt(facts_of(trail, "A2"), 2, data='{"document":"forged"}')
    with trail.tampered(*statements_of(chain)) as session:
        lines = found(session, None)
        names(lines, *(f"A2: fact {n} is not the fact that was taken into the log as entry {p}" for n, p in ((2, 4), (3, 5))))
        assert not [line for line in lines if line.startswith(("A1", "A3", "A2: fact 1"))]
        assert the_plain_verifier_refuses(session, "A2")


def forged_with_entries(trail: Trail) -> list[str]:
    """A forged chain together with the entries of the log that belong to it."""
    chain = rebuilt(facts_of(trail, "A2"), 2, data='{"document":"forged"}')
    return statements_of(chain) + [
        f"UPDATE log_leaf SET hash = '{leaf_hash(bytes.fromhex(row.hash)).hex()}' WHERE case_ref = 'A2' AND number = {row.number}"
        for row in chain]


def test_a_chain_and_its_entries_that_were_forged_do_not_lead_to_the_signed_root(trail):
    with trail.tampered(*forged_with_entries(trail)) as session:
        assert found(session, None) == [
            "checkpoint 2: it has another root than the log: among entries 3 to 5, something was changed, removed, put in or put in"
            " another order."]
        names(found(session, SealFiles(trail.folder)), "A2: fact 2 is entry 4 of the log, and the file of checkpoint 2 says '4 A2 2 ")
        assert the_plain_verifier_refuses(session, "A2")
        assert the_plain_verifier_refuses(session, "A1")


def forge_everything(trail: Trail, folder, *, stolen: bool) -> None:
    """Write the record anew as a whole: facts, log, checkpoints and files, signed by a key of the forger's or by the stolen one."""
    name, key = f"{NAME}", trail.key.read_bytes()
    trail.spoil(*statements_of(rebuilt(facts_of(trail, "A2"), 2, data='{"document":"forged"}')), "DELETE FROM log_leaf",
                "DELETE FROM checkpoint", "DELETE FROM seal_key")
    forger = Trail(trail.engine, folder, folder / "key.pem")
    if stolen:
        folder.mkdir()
        forger.key.write_bytes(key)
        forger.key.chmod(0o600)
    seal_key.make(forger.engine, forger.key, name, AT)
    forger.seal()


@pytest.mark.parametrize("stolen", [False, True], ids=["with a key of the forger's", "with the stolen key"])
def test_a_record_that_was_written_anew_as_a_whole_is_found_by_what_lies_elsewhere(trail, tmp_path, stolen):
    held = trail.notes()[1]
    forge_everything(trail, tmp_path / "forged", stolen=stolen)
    with trail.tampered() as session:
        assert found(session, SealFiles(tmp_path / "forged")) == []             # nothing that the forger reached can tell
        lines = found(session, None, **{"the file of May": held})
        names(lines, "the file of May: it has another root than the log of 6 facts: the log was written anew since" if stolen else
              "the file of May: it is no checkpoint of this trail: it is signed by a key that this trail does not know")
        names(found(session, SealFiles(trail.folder)), "checkpoint 1: it is not what its file says")


@pytest.mark.parametrize("changes, words", [
    ({"heads": b"h" * 32}, "checkpoint 3: it has other last facts of the cases than the log"),
    ({"cases": 4}, "checkpoint 3: it has other last facts of the cases than the log"),
    ({"name": "another/log"}, "checkpoint 3: it is of another trail"),
    ({"size": 6}, "checkpoint 3: it is not longer than the one before it"),
    ({"root": b"r" * 32}, "checkpoint 3: it has another root than the log: among entries 6 to 8"),
    ({"previous": "0" * 64}, "checkpoint 3: it does not follow the checkpoint before it"),
], ids=lambda value: next(iter(value)) if isinstance(value, dict) else "")
def test_a_checkpoint_that_says_what_is_not_so_is_found_although_the_key_signed_it(trail, changes, words):
    said = Checkpoint.read(text_of(trail.notes()[2]))
    note = sign(replace(said, **changes).text(), NAME, seal_key.signing_key(trail.key, trail.log().keys))
    with trail.tampered(f"UPDATE checkpoint SET note = {sql(note)}, size = {changes.get('size', 9)} WHERE number = 3") as session:
        names(found(session, None), words)


def test_a_checkpoint_from_elsewhere_that_fits_or_does_not(trail, tmp_path):
    held = trail.notes()[1]
    assert trail.findings(**{"the file": held}) == []
    names(trail.findings(**{"the file": held.replace("\n6\n", "\n7\n")}), "the file: it is no checkpoint of this trail: its signature")
    names(trail.findings("DELETE FROM checkpoint WHERE number > 1", "DELETE FROM log_leaf WHERE position > 2", **{"the file": held}),
          "the file: it covers 6 facts, and the log has 3: the log was cut off, or written anew")


def test_a_file_that_was_removed_is_missed_and_those_that_are_still_to_be_written_are_not(trail):
    kept = trail.folder.with_name("kept")
    shutil.copytree(trail.folder, kept)
    (trail.folder / "000002.txt").unlink()
    names(trail.findings(), "checkpoint 2: it has no file")
    (trail.folder / "000003.txt").unlink()
    assert trail.findings() == []


def test_the_size_of_the_batches_makes_no_difference(trail, monkeypatch):
    monkeypatch.setattr("tasks.log.AT_ONCE", 2)
    assert trail.findings() == [] and len(trail.log().heads) == 3
    assert Checkpoint.read(text_of(trail.notes()[-1])).size == 9
    names(trail.findings(*forged_with_entries(trail)), "checkpoint 2: it has another root", "A2: fact 2 is entry 4")
