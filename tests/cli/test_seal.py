"""`ehc trail seal`, `prove`, `key`, `runs` and `run`: what the keeper of the record does, and what an outsider is given."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.note import Key
from tests.cli.test_receive import CHILD, PARENT, REF
from tests.cli.test_trail import spoil

KEY = {"EHC_SEAL_KEY": "keys/seal.pem"}


@pytest.fixture
def case(ehc, monkeypatch):
    """A case of two facts, and a key."""
    monkeypatch.setenv("EHC_SEAL_KEY", "keys/seal.pem")
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--note", "a private word")
    ehc("record", REF, "family_consulted", "--on", "2026-03-05", "--by", "officer-3", "--no-nudge")
    assert ehc("trail", "key", "new", "--name", "sample.example/ehc").code == 0
    return ehc


def letters(role: str) -> list[Path]:
    return sorted(Path("var/outbox", role).glob("*.eml"))


def test_without_a_key_everything_works_and_the_doctor_says_it(ehc):
    ehc(*PARENT, *CHILD)
    assert ehc("trail", "verify").code == 0
    refused = ehc("trail", "seal")
    assert refused.code == 1 and "Set EHC_SEAL_KEY" in refused.err
    assert ehc("trail", "key", "new").code == 1 and ehc("trail", "key", "show").code == 1
    seal = next(one for one in ehc("doctor", "--json").json["findings"] if one["what"] == "seal")
    assert seal["state"] == "care" and "EHC_SEAL_KEY" in seal["do"]


def test_a_record_is_sealed_and_its_checkpoint_goes_to_the_auditors_once(case):
    answer = case("trail", "seal")
    assert (answer.code, answer.out) == (
        0, "2 new facts. Checkpoint 1 covers 2 facts: var/seals/000001.txt, and it went to the auditors.\n")
    assert case("trail", "seal").out == "0 new facts. Checkpoint 1 covers 2 facts: var/seals/000001.txt.\n"
    letter, = letters("auditors")
    assert "private" not in letter.read_text() and REF not in letter.read_text()
    assert case("trail", "verify").out == "2 facts in 1 case, 1 text, 1 checkpoint over 2 facts: every seal holds.\n"
    told = {one["what"]: one for one in case("doctor", "--json").json["findings"]}
    assert told["seal"]["state"] == "well" and "checkpoint 1 over 2 facts" in told["seal"]["found"]
    assert told["auditors' channel"]["state"] == "care"


def test_the_message_to_the_auditors_is_a_checkpoint_that_can_be_held_against_the_record(case):
    case("trail", "seal")
    letter, = letters("auditors")
    assert case("trail", "verify", "--against", letter).code == 0
    spoil("DELETE FROM log_leaf", "DELETE FROM checkpoint", "DELETE FROM seal_key",
          "UPDATE fact SET recorded_by = 'officer-4' WHERE number = 2")
    for path in Path("var/seals").iterdir():
        path.unlink()
    found = case("trail", "verify", "--against", letter)
    assert found.code == 1 and f"{letter}: it is no checkpoint of this trail" in found.out
    assert case("trail", "verify", "--against", "none.txt").code == 2
    Path("empty.txt").write_text("nothing")
    assert "holds 0 checkpoints" in case("trail", "verify", "--against", "empty.txt").err


def test_a_record_that_was_changed_is_not_sealed_and_operations_are_told_once(case):
    case("trail", "seal")
    spoil("UPDATE fact SET happened_on = '2026-03-01' WHERE number = 2")
    for _ in range(2):
        refused = case("trail", "seal")
        assert refused.code == 1 and f"{REF}: fact 2 was altered" in refused.err and refused.out == ""
    letter, = letters("operations")
    assert f"{REF}: fact 2 was altered" in letter.read_text()
    verified = case("trail", "verify", "--json").json
    assert verified["sound"] is False and (verified["checkpoints"], verified["sealed_facts"]) == (1, 2)


def test_a_proof_is_written_with_the_program_that_checks_it(case, tmp_path):
    case("trail", "seal")
    letter, = letters("auditors")
    case("record", REF, "views_received", "--on", "2026-03-06", "document=doc-1", "--no-nudge")
    answer = case("trail", "prove", REF, "--out", "out.json")
    assert answer.code == 0 and "2 facts of" in answer.out and "1 later fact is not sealed yet" in answer.out
    case("trail", "seal")
    assert case("trail", "prove", REF, "--since", letter).code == 0
    proof = f"{REF}.proof.json"
    assert "private" not in Path(proof).read_text() and "Sam" not in Path(proof).read_text()
    key = case("trail", "key", "show").out.strip()
    ran = subprocess.run([sys.executable, "-I", "verify.py", proof, "--key", key, "--against", str(letter)], capture_output=True, text=True)
    assert ran.returncode == 0 and "The proof holds." in ran.stdout and "3 in all" in ran.stdout
    assert case("trail", "verify", "--proof", proof).out.startswith(f"{REF}: the proof holds. 3 facts")
    assert case("trail", "verify", "--proof", proof, "--json").json["since"] == 2
    Path("bad.json").write_text(Path(proof).read_text().replace("officer-3", "officer-4"))
    assert case("trail", "verify", "--proof", "bad.json").code == 1 and case("trail", "verify", "--proof", "none.json").code == 2


def test_what_was_changed_cannot_be_proved(case):
    case("trail", "seal")
    spoil("UPDATE fact SET recorded_by = 'officer-4' WHERE number = 2")
    refused = case("trail", "prove", REF)
    assert refused.code == 1 and "cannot be proved" in refused.err and not Path("verify.py").exists()
    assert case("trail", "prove", "EHC-1999-0001").code == 2


@pytest.mark.parametrize("statement", [
    "UPDATE seal_key SET note = 'nothing'", "UPDATE checkpoint SET note = 'nothing'", "DELETE FROM seal_key"])
def test_keys_and_checkpoints_that_were_altered_are_an_answer(case, statement):
    case("trail", "seal")
    spoil(statement)
    for command in (("verify",), ("prove", REF), ("seal",), *([("key", "rotate")] if "seal_key" in statement else [])):
        refused = case("trail", *command)
        assert refused.code == 1, command
    ill = next(one for one in case("doctor", "--json").json["findings"] if one["what"] == "seal")
    assert ill["state"] in ("ill", "care") and ill["do"]
    if "UPDATE seal_key" in statement:
        assert "were altered" in case("trail", "key", "show").err


def test_keys_are_shown_and_changed(case):
    first = case("trail", "key", "show").out.strip()
    assert Key.read(first).name == "sample.example/ehc"
    second = case("trail", "key", "rotate").out.strip()
    assert case("trail", "key", "show").out == f"{first}\n{second}\n" and first != second
    assert case("trail", "seal").code == 0 and case("trail", "verify").code == 0
    again = case("trail", "key", "new")
    assert again.code == 1 and "has a key already" in again.err
    assert case("trail", "key", "new", "--name", "two words").code == 2
    Path("keys/seal.pem").chmod(0o644)
    assert "chmod 600" in case("trail", "seal").err
    ill = next(one for one in case("doctor", "--json").json["findings"] if one["what"] == "seal")
    assert ill["state"] == "ill" and "chmod 600" in ill["do"]


def test_facts_that_are_not_sealed_for_a_day_are_ill(case):
    case("trail", "seal")
    case("record", REF, "views_received", "--on", "2026-03-06", "document=doc-1", "--no-nudge")
    seal = next(one for one in case("doctor", "--json").json["findings"] if one["what"] == "seal")
    assert seal["state"] == "well"
    spoil("UPDATE fact SET recorded_at = '2026-03-06T09:00:00.000000Z' WHERE number = 3")
    seal = next(one for one in case("doctor", "--json").json["findings"] if one["what"] == "seal")
    assert seal["state"] == "ill" and "1 later fact not sealed for more than a day" in seal["found"]


def test_a_checkpoint_that_did_not_reach_the_auditors_is_sent_by_the_next_call(case):
    nobody = {"EHC_CHANNELS": '{"auditors": "json://127.0.0.1:9/"}'}
    refused = case("trail", "seal", env=nobody)
    assert refused.code == 1 and "Checkpoint 1 is signed and did not reach the auditors" in refused.err
    seal = next(one for one in case("doctor", "--json").json["findings"] if one["what"] == "seal")
    assert seal["state"] == "ill" and "not reached the auditors" in seal["found"]
    assert case("trail", "seal").out.endswith("and it went to the auditors.\n")


def test_runs_of_a_case_and_facts_of_a_run(case):
    told = case("trail", "runs", REF)
    assert told.out.endswith(f"{REF}: 0 runs, and every fact is named once: 2 facts.\n") and "at a door" in told.out
    assert case("trail", "runs", REF, "--json").json[-1]["facts"] == [{"case": REF, "number": 1}, {"case": REF, "number": 2}]
    assert case("trail", "runs", "EHC-1999-0001").code == 2
    unknown = case("trail", "run", "nothing")
    assert unknown.code == 2 and "no run nothing" in unknown.err


def test_a_third_party_stamps_and_where_it_does_not_sealing_goes_on(ehc, monkeypatch, tmp_path):
    from tests.harness.tsa import Authority

    authority = Authority("ecdsa")
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    monkeypatch.setenv("EHC_SEAL_KEY", "seal.pem")
    receive = ("receive", "--requested-by", "parent", "--attends", "school", "--on", "2026-03-02", "--no-nudge")
    assert ehc(*receive).code == 0 and ehc("trail", "key", "new").code == 0
    with authority.serving() as url:
        monkeypatch.setenv("EHC_TIMESTAMP_URL", url)
        without = ehc("trail", "seal")
        assert without.code == 0 and "EHC_TIMESTAMP_CA" in without.err and "Checkpoint 1" in without.out
        assert [one["state"] for one in ehc("doctor", "--json").json["findings"] if one["what"] == "time stamps"] == ["ill"]
        monkeypatch.setenv("EHC_TIMESTAMP_CA", "ca.pem")
        authority.now = authority.now.replace(year=2100)              # surely not before it was signed
        stamped = ehc("trail", "seal", "--json")
        assert stamped.code == 0 and stamped.json["stamped_at"] == "2100-05-01T15:00:00.250000Z"
        assert [one["state"] for one in ehc("doctor", "--json").json["findings"] if one["what"] == "time stamps"] == ["well"]
    shown = ehc("trail", "verify")
    assert shown.code == 0 and "1 time stamp of a third party; the last on checkpoint 1, 2100-05-01 15:00:00 UTC by CN=Made-up" in shown.out
    monkeypatch.delenv("EHC_TIMESTAMP_CA")
    assert "1 time stamp not checked" in ehc("trail", "verify").out and ehc("trail", "verify", "--json").json["time_stamps_unchecked"] == 1
