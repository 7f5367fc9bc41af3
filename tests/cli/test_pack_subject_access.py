"""`ehc pack subject-access`: everything that is held is in it, and what names others is kept apart from what can be handed out."""

import csv
import io
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from models.hand import Hand
from tasks.database import engine, writing
from tasks.documents import Store
from tests.cli.test_doctor import COUNCIL
from tests.cli.test_pack import text_of
from tests.cli.test_receive import CHILD, PARENT, REF
from tests.cli.test_trail import spoil

FOLDER = Path(f"{REF}-subject-access")
HAND_OUT, REVIEW = FOLDER / "hand-out", FOLDER / "review"
REASONS = "The school shows that Sam is helped; his brother and Jo were met on 1 March, ring 01632 960123"
BODY = b"%PDF-1.4 advice about Sam %%EOF"
SHA = sha256(BODY).hexdigest()


def document(ref: str = REF, body: bytes = BODY, name: str = "advice on Sam by Dr Reed.pdf") -> None:
    store = Store(Path("var/documents"), 1_000_000)
    with store.draft(io.BytesIO(body), name) as draft, writing(engine("sqlite:///./var/ehc.sqlite")) as session:
        store.keep(session, ref, draft, Hand(datetime(2026, 4, 1, tzinfo=UTC), "ep_service"))


@pytest.fixture
def case(ehc, monkeypatch):
    """A case with a contact, a text, a document, letters that went, and somebody who looked."""
    for name, value in COUNCIL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("EHC_SEAL_KEY", "keys/seal.pem")
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--owner", "officer-1", "--no-nudge")
    ehc("person", REF, "--contact", "Jo Elm", "--by", "officer-1")
    ehc("watch", "--without-prefect", env=COUNCIL)
    ehc("record", REF, "refused_to_assess", "--on", "2026-04-01", "decided_by=officer-3", f"reasons={REASONS}", "--no-nudge")
    ehc("watch", "--without-prefect", env=COUNCIL)
    document()
    ehc("trail", "key", "new", "--name", "sample.example/ehc")
    ehc("trail", "seal")
    ehc("case", REF, "--by", "auditor-1")
    return ehc


def everything(folder: Path) -> str:
    return "\n".join(text_of(path) if path.suffix == ".pdf" and "documents" not in path.parts else path.read_text("utf-8", "replace")
                     for path in sorted(folder.rglob("*")) if path.is_file())


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode())))


def test_what_can_be_handed_out_names_the_person_and_nobody_else(case):
    made = case("pack", "subject-access", REF, "--by", "officer-1")
    assert made.code == 0 and "texts 1, documents 1, contacts" in made.err
    handed = everything(HAND_OUT)
    assert "Sam Ash" in handed and "officer-3" in handed
    for private in ("brother", "Jo Elm", "Dr Reed", "960123"):
        assert private not in handed
    record = text_of(HAND_OUT / "record.pdf")
    assert "The council refused to assess" in record and "Reasons: in words, on record" in record and "auditor-1" in record
    told = json.loads((HAND_OUT / "record.json").read_text())
    assert told["person"]["name"] == "Sam Ash" and [one["fact"] for one in told["cases"][0]["facts"]][0] == "request_received"
    assert "auditor-1" in {look["looked_by"] for look in told["looks"]}


def test_what_names_others_is_kept_apart_and_listed_item_by_item(case):
    case("pack", "subject-access", REF)
    assert (REVIEW / "documents" / f"D1-{SHA[:12]}-advice on Sam by Dr Reed.pdf").read_bytes() == BODY
    text, = table(REVIEW / "texts.csv")
    assert text["text"] == REASONS and text["number"] == "T1"
    assert text["signs"] == "the name of contact 1, family; a telephone number; speaks of: brother"
    assert REASONS.split(";")[0] in text_of(REVIEW / "texts.pdf")
    assert {one["name"] for one in table(REVIEW / "contacts.csv")} >= {"Jo Elm"}
    listed = table(FOLDER / "review.csv")
    numbers = [one["number"] for one in listed]
    assert {"T1", "D1", "P1", "L1"} <= set(numbers) and len(numbers) == len(set(numbers))
    first = text_of(FOLDER / "READ-FIRST.pdf")
    assert f"{len(listed)} items must be reviewed" in first and "Schedule 2, paragraph 16" in first
    for one in listed:
        assert f"{one['number']} " in first
        assert (FOLDER / one["file"]).exists()


def test_no_password_leaves_with_it(case):
    case("person", REF, "--contact", "Kit Elm", "--email", "mailtos://kit:secret-word@mail.example", "--by", "officer-1")
    case("pack", "subject-access", REF)
    assert "secret-word" not in everything(FOLDER)
    assert "mailtos: address withheld" in (REVIEW / "contacts.csv").read_text()


def test_letters_go_out_as_they_went_and_those_with_officers_words_are_reviewed_first(case):
    case("pack", "subject-access", REF)
    handed = [path.read_text() for path in (HAND_OUT / "letters").iterdir()]
    assert any(text.startswith(f"Subject: {REF}") for text in handed)
    refusal, = (path for path in (REVIEW / "letters").iterdir() if "refusal_to_assess" in path.name)
    assert "his brother" in refusal.read_text()
    sent = {one["sha256"] for one in table(HAND_OUT / f"{REF}-letters.csv") if one["sha256"]}
    shown = {sha256(f"{subject.removeprefix('Subject: ')}\n\n{body}".encode()).hexdigest()
             for path in FOLDER.rglob("letters/*.txt") for subject, _, body in [path.read_text().partition("\n\n")]}
    assert shown and shown <= sent


def test_a_letter_whose_wording_has_changed_is_not_shown_and_that_is_said(case, monkeypatch):
    monkeypatch.setenv("EHC_COUNCIL__PHONE", "01632 960999")
    assert case("pack", "subject-access", REF).code == 0
    assert "SHA-256 of what was sent" in text_of(FOLDER / "READ-FIRST.pdf")
    assert not any("refusal" in path.name for path in FOLDER.rglob("letters/*.txt"))


def test_every_case_of_the_person_is_in_it_and_no_other_persons(case):
    born = CHILD[CHILD.index("--born") + 1]
    other = case("receive", "--requested-by", "parent", "--name", "Kim Oak", "--born", "2016-01-01", "--no-nudge", "--json").json["case"]
    again = case("receive", "--requested-by", "parent", "--name", CHILD[CHILD.index("--name") + 1], "--born", born, "--on", "2026-11-01",
                 "--no-nudge", "--json").json["case"]
    assert again != REF
    made = case("pack", "subject-access", REF, "--by", "officer-8", "--json").json
    told = json.loads((HAND_OUT / "record.json").read_text())
    assert [one["case"] for one in told["cases"]] == [REF, again] and other not in everything(FOLDER)
    assert f"Not sealed yet, so without a proof: {again}." in made["notes"]
    doors = case("audit", "looks", again, "--json").json["rows"]
    assert ("officer-8", "ehc pack subject-access") in [(row["by"], row["door"]) for row in doors]


def test_a_document_that_is_gone_is_said_to_be(case):
    next(Path("var/documents").rglob(SHA)).unlink()
    made = case("pack", "subject-access", REF)
    assert made.code == 0 and "Not in it:" in made.err and not (REVIEW / "documents").exists()
    assert SHA[:16] in text_of(FOLDER / "READ-FIRST.pdf")


def test_what_else_is_kept_about_a_case_or_the_person_goes_out_row_by_row_and_once(case):
    spoil("INSERT INTO data_quality (key, number, rule, level, case_ref, person_ref, place, says, do, sha256, found_on)"
          f" SELECT 'k', 1, 'L14', 'query', '{REF}', person_ref, 'here', 'x', 'y', 'z', '2026-04-01' FROM case_file")
    case("pack", "subject-access", REF)
    other = json.loads((REVIEW / "held.json").read_text())["other"]
    assert {row["duty"] for row in other["duty"]} >= {"decide_whether_to_assess"}
    assert [row["rule"] for row in other["data_quality"]] == ["L14"]


@pytest.mark.parametrize("asked, by", [("2026-01-30", "Sat 28 Feb 2026"), ("2026-01-31", "Sat 28 Feb 2026"), ("2026-02-01", "Sun 1 Mar 2026")])
def test_it_is_to_be_answered_within_one_month(case, asked, by):
    case("pack", "subject-access", REF, "--asked-on", asked)
    assert f"to be answered by {by} (one month" in text_of(FOLDER / "READ-FIRST.pdf")


def test_a_record_that_was_changed_gets_none_and_neither_does_a_case_that_is_not_there(case):
    spoil("UPDATE text SET body = 'another'")
    refused = case("pack", "subject-access", REF)
    assert refused.code == 1 and "was altered" in refused.err and not FOLDER.exists()
    assert case("pack", "subject-access", "EHC-2026-0099").code == 2
