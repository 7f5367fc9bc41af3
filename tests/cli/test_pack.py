"""`ehc pack`: what whoever asks for a pack is given, and what they are told where there is none to give."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.test_receive import CHILD, PARENT, REF
from tests.cli.test_trail import spoil
from tests.papers.told import flat

FOLDER = Path(f"{REF}-ombudsman")


def text_of(path: Path) -> str:
    return flat(" ".join(page.extract_text() for page in PdfReader(BytesIO(path.read_bytes())).pages))


@pytest.fixture
def case(ehc, monkeypatch):
    """A case of three facts with a text, and a key."""
    monkeypatch.setenv("EHC_SEAL_KEY", "keys/seal.pem")
    monkeypatch.setenv("EHC_COUNCIL__NAME", "Northshire Council")
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--owner", "officer-1", "--note", "a private word", "--no-nudge")
    ehc("record", REF, "family_consulted", "--on", "2026-03-05", "--by", "officer-3", "--no-nudge")
    ehc("record", REF, "refused_to_assess", "--on", "2026-05-04", "decided_by=officer-3", "reasons=Sam is well helped at school",
        "--by", "officer-3", "--no-nudge")
    assert ehc("trail", "key", "new", "--name", "sample.example/ehc").code == 0
    assert ehc("trail", "seal").code == 0
    return ehc


def test_the_ombudsman_gets_paper_tables_and_a_proof_that_can_be_checked(case):
    made = case("pack", "ombudsman", REF, "--as-of", "2026-06-01")
    assert made.code == 0 and made.err == "" and f"{FOLDER / 'chronology.pdf'}\n  SHA-256 " in made.out
    assert {path.name for path in FOLDER.iterdir()} == {
        "chronology.pdf", "chronology.csv", "limits.csv", "letters.csv", "holders.csv", f"{REF}.proof.json", "verify.py", "SHA256SUMS"}
    shown = text_of(FOLDER / "chronology.pdf")
    assert "Decide whether to assess, and tell the family: 7 weeks late. Due Mon 13 Apr 2026, not done." in shown and "Sam is well helped at school" in shown
    assert "Northshire Council" in shown and "sample.example/ehc" in shown
    checked = subprocess.run([sys.executable, "verify.py", f"{REF}.proof.json"], cwd=FOLDER, capture_output=True, text=True)
    assert checked.returncode == 0 and "The proof holds." in checked.stdout
    assert subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=FOLDER, capture_output=True).returncode == 0


def test_the_fingerprint_in_the_paper_is_that_of_the_checkpoint(case):
    from hashlib import sha256

    from models.note import Checkpoint, Key, text_of as signed_text
    case("pack", "ombudsman", REF, "--as-of", "2026-06-01")
    shown, note = text_of(FOLDER / "chronology.pdf"), Path("var/seals/000001.txt").read_text().partition("\n\n—")
    whole = note[0] + note[1] + note[2].partition("\n")[0] + "\n"
    key = Key.read(case("trail", "key", "show").out)
    assert Checkpoint.read(signed_text(whole)).root.hex() in shown and sha256(whole.encode()).hexdigest() in shown
    assert key.id.hex() in shown and str(key) in shown.replace(" ", "") or str(key) in shown


def test_the_same_record_gives_the_same_paper(case):
    first = case("pack", "ombudsman", REF, "--as-of", "2026-06-01", "--out", "one", "--json").json
    second = case("pack", "ombudsman", REF, "--as-of", "2026-06-01", "--out", "two", "--json").json
    assert first["files"] == second["files"] and first["folder"] == "one" and first["notes"] == []


def test_texts_can_be_left_out(case):
    case("pack", "ombudsman", REF, "--as-of", "2026-06-01", "--no-texts")
    everything = b"".join(path.read_bytes() for path in FOLDER.iterdir())
    assert "well helped" not in text_of(FOLDER / "chronology.pdf") and b"well helped" not in everything


def test_a_text_that_was_erased_stops_no_pack_and_is_said_to_be(case):
    spoil("DELETE FROM text", "UPDATE case_file SET person_ref = NULL")
    assert case("pack", "ombudsman", REF).code == 0 and "Reasons: (erased)" in text_of(FOLDER / "chronology.pdf")
    assert case("pack", "subject-access", REF).code == 0
    assert "No name is on record." in text_of(Path(f"{REF}-subject-access/hand-out/record.pdf"))


def test_nothing_is_written_over_unless_that_is_said(case):
    case("pack", "ombudsman", REF)
    before = (FOLDER / "SHA256SUMS").read_bytes()
    again = case("pack", "ombudsman", REF, "--as-of", "2026-04-01")
    assert again.code == 1 and "is there already and was left as it is" in again.err and "--replace" in again.err
    assert (FOLDER / "SHA256SUMS").read_bytes() == before
    assert case("pack", "ombudsman", REF, "--as-of", "2026-04-01", "--replace").code == 0
    assert (FOLDER / "SHA256SUMS").read_bytes() != before


def test_without_a_seal_the_pack_is_made_and_says_that_it_has_no_proof(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--no-nudge")
    made = ehc("pack", "ombudsman", REF)
    assert made.code == 0 and "there is no proof in the pack" in made.err
    assert "There is no proof with this paper." in text_of(FOLDER / "chronology.pdf")
    assert not (FOLDER / "verify.py").exists()


def test_entries_that_came_after_the_seal_are_named(case):
    case("record", REF, "owner_named", "owner=officer-2", "--on", "2026-05-05", "--no-nudge")
    made = case("pack", "ombudsman", REF)
    assert made.code == 0 and "1 came later" in made.err and "1 later entry is not covered yet" in text_of(FOLDER / "chronology.pdf")


@pytest.mark.parametrize("damage", [
    "UPDATE fact SET happened_on = '2026-03-01' WHERE number = 2", "DELETE FROM fact WHERE number = 3",
    "UPDATE text SET body = 'another reason'", "UPDATE log_leaf SET hash = 'ff' WHERE number = 2",
])
def test_a_record_that_was_changed_gets_no_pack(case, damage):
    spoil(damage)
    refused = case("pack", "ombudsman", REF)
    assert refused.code == 1 and refused.err.startswith("ehc: No pack is made of a record that was changed.")
    assert not FOLDER.exists()


def test_a_case_that_is_not_there_and_a_day_before_it_are_answers(case):
    assert case("pack", "ombudsman", "EHC-2026-0009").code == 2
    early = case("pack", "ombudsman", REF, "--as-of", "2026-03-01")
    assert early.code == 1 and "nothing had happened yet on Sun 1 Mar 2026" in early.err
    assert case("pack", "ombudsman", REF, "--as-of", "soon").code == 2
    Path("file").write_text("x")
    assert case("pack", "ombudsman", REF, "--out", "file/pack").code == 2
    assert not FOLDER.exists()


def test_the_inspection_gets_lists_figures_and_a_sample_with_its_proofs(case):
    made = case("pack", "inspection", "--from", "2026-03-01", "--to", "2026-05-31", "--as-of", "2026-06-01", "--by", "officer-7")
    folder = Path("inspection-2026-03-01-to-2026-05-31")
    assert made.code == 0 and "Only 1 cases were live" in made.err
    assert {path.name for path in folder.iterdir()} == {"inspection.pdf", "lists", "sample", "verify.py", "SHA256SUMS"}
    checked = subprocess.run([sys.executable, "verify.py", f"sample/{REF}/{REF}.proof.json"], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0
    assert subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=folder, capture_output=True).returncode == 0
    assert "well helped" not in text_of(folder / "sample" / REF / "chronology.pdf")
    looks = case("audit", "looks", REF, "--json").json["rows"]
    assert ("officer-7", "ehc pack inspection") in [(row["by"], row["door"]) for row in looks]


def test_an_inspection_of_no_period_or_of_none_at_all_is_a_wrong_call(case):
    assert case("pack", "inspection", "--from", "2026-03-02", "--to", "2026-03-01").code == 2
    assert case("pack", "inspection", "--from", "2026-03-02").code == 2
    assert case("pack", "inspection", "--from", "2026-03-01", "--to", "2026-03-02", "--size", "-1").code == 2
    spoil("UPDATE text SET body = 'another'")
    refused = case("pack", "inspection", "--from", "2026-03-01", "--to", "2026-05-31")
    assert refused.code == 1 and not Path("inspection-2026-03-01-to-2026-05-31").exists()
