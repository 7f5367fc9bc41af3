"""Sealing takes every new fact into the log once, signs nothing over a record that was changed, and survives being killed."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from models.merkle import leaf_hash
from models.note import Checkpoint, text_of
from tasks import seal as sealing
from tasks import seal_files, seal_key
from tasks.database import reading
from tasks.log import read_log
from tasks.seal import NotSealed, seal
from tasks.seal_key import BadKey, NoKey
from tests.tasks.sealing import AT, NAME, REFS, Trail, built, facts_of


@pytest.fixture
def trail(engine, tmp_path) -> Trail:
    return built(engine, tmp_path)


@pytest.fixture
def empty(engine, tmp_path) -> Trail:
    return Trail(engine, tmp_path / "seals", tmp_path / "keys" / "seal.pem")


def test_each_fact_is_taken_in_once_in_the_order_of_the_sealings(trail):
    rows = trail.rows("log_leaf", "position")
    assert [row[:3] for row in rows] == [
        (0, "A1", 1), (1, "A2", 1), (2, "A3", 1), (3, "A1", 2), (4, "A2", 2), (5, "A2", 3), (6, "A1", 3), (7, "A3", 2), (8, "A3", 3)]
    hashes = {(fact.case_ref, fact.number): fact.hash for ref in REFS for fact in facts_of(trail, ref)}
    assert all(row[3] == leaf_hash(bytes.fromhex(hashes[row[1:3]])).hex() for row in rows)
    assert trail.log().findings == [] and [row[:2] for row in trail.log().new] == [("A3", 4)]


def test_a_checkpoint_names_the_one_before_it_and_stands_in_a_file_with_what_it_added(trail):
    notes = trail.notes()
    says = [Checkpoint.read(text_of(note)) for note in notes]
    assert [(one.name, one.size, one.cases) for one in says] == [(NAME, 3, 3), (NAME, 6, 3), (NAME, 9, 3)]
    files = sorted(path.name for path in trail.folder.iterdir())
    assert files == ["000001.txt", "000002.txt", "000003.txt", "keys.txt"]
    second = (trail.folder / "000002.txt").read_text()
    assert second.startswith(notes[1] + "\n3 A1 2 ") and second.count("\n") == notes[1].count("\n") + 4


def test_nothing_new_signs_nothing_and_a_record_without_facts_neither(trail, empty):
    assert trail.seal().taken == 1
    before = trail.notes()
    again = trail.seal()
    assert (again.taken, again.number, again.size) == (0, 4, 10) and trail.notes() == before


def test_no_fact_no_checkpoint(empty):
    empty.make_key()
    assert empty.seal().number is None
    assert empty.notes() == [] and empty.log().findings == []


def test_without_a_key_nothing_is_signed_and_it_is_said_what_to_do(engine, empty):
    empty.open("A1")
    with pytest.raises(NoKey, match="EHC_SEAL_KEY"):
        seal(engine, empty.folder, None, AT)
    with pytest.raises(NoKey, match="ehc trail key new"):
        empty.seal()
    assert empty.log().findings == [] and not empty.folder.exists()


@pytest.mark.parametrize("statement, words", [
    ("UPDATE fact SET data = '{}' WHERE case_ref = 'A2' AND number = 2", "A2: fact 2 was altered"),
    ("DELETE FROM log_leaf WHERE position = 4", "A2: fact 3 stands in the log as entry 5, where fact 2 should come"),
    ("DELETE FROM checkpoint WHERE number = 2", "checkpoint 2: it is missing: checkpoint 3 stands where it should be"),
])
def test_a_record_that_was_changed_is_not_sealed(trail, statement, words):
    trail.spoil(statement)
    with pytest.raises(NotSealed) as refused:
        trail.seal()
    assert [one for one in map(str, refused.value.findings) if one.startswith(words)], refused.value.findings
    assert len(trail.rows("checkpoint", "number")) == (2 if "checkpoint" in statement else 3)


def test_entries_and_checkpoints_cannot_be_changed_or_removed(trail):
    for table, key in (("log_leaf", "position"), ("checkpoint", "number"), ("seal_key", "number")):
        for statement in (f"UPDATE {table} SET {key} = 99", f"DELETE FROM {table}",
                          *([f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"] if trail.engine.dialect.name == "sqlite" else [])):
            with pytest.raises(sa.exc.DBAPIError, match="never changed or removed"), trail.engine.begin() as connection:
                connection.exec_driver_sql(statement)


class Killed(BaseException):
    """Stands for a process that is gone at this point."""


def dying(*_args, **_kwargs):
    raise Killed


@pytest.mark.parametrize("module, name", [
    (sealing, "sign"), (sealing, "one_at_a_time"), (sealing.bulk, "insert"), (sealing, "_write_files"),
    (seal_files.os, "fsync"), (seal_files.os, "replace")])
def test_killed_at_any_step_the_next_sealing_finishes_and_doubles_nothing(trail, monkeypatch, module, name):
    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying)
        with pytest.raises(Killed):
            trail.seal()
    assert trail.log().findings == []
    trail.seal()
    assert trail.log().findings == [] and trail.log().new == []
    assert len(trail.notes()) == 4 and len(list(trail.folder.iterdir())) == 5


def test_killed_between_entries_and_checkpoint_neither_is_kept(trail, monkeypatch):
    real, calls = sealing.bulk.insert, []

    def insert(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        real(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(sealing.bulk, "insert", insert)
        with pytest.raises(Killed):
            trail.seal()
    assert len(trail.rows("log_leaf", "position")) == 9 and trail.log().findings == []


def test_two_sealers_at_once_sign_one_checkpoint(trail):
    start, done, faults = Barrier(2), [], []

    def work():
        start.wait()
        try:
            done.append(seal(trail.engine, trail.folder, trail.key, AT))
        except Exception as fault:
            faults.append(fault)

    both = [Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert not faults and {one.number for one in done} == {4} and sorted(one.taken for one in done) in ([0, 1], [1, 1])
    assert trail.log().findings == [] and len(trail.notes()) == 4


def test_who_checks_while_another_seals_raises_no_false_alarm(trail):
    files = seal_files.SealFiles(trail.folder)
    with reading(trail.engine) as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM fact")      # from now on this one sees the database as it is
        seal_key.rotate(trail.engine, trail.key, AT)
        trail.seal()
        assert read_log(session, files).findings == []


def test_a_sealer_that_was_overtaken_begins_anew(trail, monkeypatch):
    take_in = sealing._take_in

    def first(engine, log, key, at):
        monkeypatch.setattr(sealing, "_take_in", take_in)
        trail.seal()                                     # another was quicker
        return take_in(engine, log, key, at)

    monkeypatch.setattr(sealing, "_take_in", first)
    trail.seal()
    assert len(trail.notes()) == 4 and trail.log().findings == []


def test_files_that_could_not_be_written_are_written_later(trail):
    for path in trail.folder.iterdir():
        path.unlink()
    trail.folder.rmdir()
    trail.seal()
    assert sorted(path.name for path in trail.folder.glob("0*")) == [f"00000{n}.txt" for n in range(1, 5)]
    assert trail.log().findings == []


# --- keys ----------------------------------------------------------------------------------------------------------

def test_a_key_can_be_changed_and_what_the_old_one_signed_still_holds(trail):
    first = trail.log().keys[0]
    second = seal_key.rotate(trail.engine, trail.key, AT)
    assert trail.key.stat().st_mode & 0o777 == 0o600 and not trail.key.with_name("seal.pem.next").exists()
    assert trail.seal().number == 4
    log = trail.log()
    assert log.keys == [first, second] and log.findings == []
    assert (trail.folder / "keys.txt").read_text() == "\n".join(log.key_notes)


@pytest.mark.parametrize("module, name", [(seal_key, "_name"), (seal_key.os, "replace")])
def test_a_change_of_keys_that_was_cut_short_is_finished_or_made_again(trail, monkeypatch, module, name):
    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying)
        with pytest.raises(Killed):
            seal_key.rotate(trail.engine, trail.key, AT)
    assert trail.seal().number == 4
    seal_key.rotate(trail.engine, trail.key, AT)
    trail.record("A3", 6)
    assert trail.seal().number == 5 and trail.log().findings == []


def test_a_first_key_that_was_cut_short_is_taken_up(empty, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(seal_key, "_name", dying)
        with pytest.raises(Killed):
            empty.make_key()
    empty.open("A1")
    assert empty.make_key() == empty.log().keys[0] and empty.seal().number == 1
    with pytest.raises(BadKey, match="has a key already"):
        empty.make_key()


def test_a_key_that_cannot_be_used_is_refused_in_words(trail, tmp_path):
    trail.key.chmod(0o640)
    with pytest.raises(BadKey, match="chmod 600"):
        trail.seal()
    trail.key.chmod(0o600)
    kept = trail.key.read_bytes()
    trail.key.write_text("nothing")
    with pytest.raises(BadKey, match="no Ed25519 key"):
        trail.seal()
    trail.key.unlink()
    with pytest.raises(BadKey, match="does not exist"):
        trail.seal()
    seal_key._write(trail.key, seal_key.Ed25519PrivateKey.generate())
    with pytest.raises(BadKey, match="holds another key"):
        trail.seal()
    seal_key._write(trail.key, seal_key._read(trail.key))
    trail.key.write_bytes(kept)
    assert trail.seal().number == 4
