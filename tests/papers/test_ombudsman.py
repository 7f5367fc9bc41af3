"""The Ombudsman's chronology, set and read back: every statement of it is held against the case."""

import csv
import io
from collections import Counter
from datetime import date

import pytest

from models.law.dates import long, weeks_and_days
from notifications.ombudsman import Proof, ombudsman
from notifications.plain import called, tells
from tasks.typeset import typeset
from tests.papers.told import JOURNEYS, REF, TEXTS, at, chronology, flat, journey, last_day, outside, said, whole

DAY = date(2026, 7, 1)
PROOF = Proof("council.example/ehc", 5964, "bb" * 32, "2026-07-01 09:00:00 UTC", "cc" * 32, "council.example/ehc+0011aabb+AAAA",
              "0011aabb", 24, "dd" * 32, 2, f"{REF}.proof.json")


def paper(texts=TEXTS, proof=PROOF, day=DAY, facts=None):
    return ombudsman(chronology(facts or whole(), day), council="Northshire Council", texts=texts, proof=proof)


@pytest.fixture(scope="module")
def text() -> str:
    return said(typeset(paper(), at(DAY)))


@pytest.mark.parametrize("statement", [
    "Chronology of case EHC-2026-0042",
    "Northshire Council. As of Wed 1 Jul 2026",
    "Decide whether to assess, and tell the family: 3 weeks late. Due Mon 13 Apr 2026, done Mon 4 May 2026. Owed by the council. s.36(8), reg 5(1).",
    "Tell the family if no plan will be made: 1 week 2 days late. Due Mon 22 Jun 2026, not done. Owed by the council.",
    "On Mon 13 Apr 2026, the last day to decide whether to assess, and tell the family, the case stood at “considering the request”, held by the"
    " council since Mon 2 Mar 2026.",
    "Advice that came, or is, after its last day: educational advice 2 weeks 1 day (asked Mon 4 May 2026, due Tue 16 Jun 2026, not received,"
    " reminded not at all)",
    "psychological advice 2 weeks 1 day (asked Mon 4 May 2026, due Tue 16 Jun 2026, not received, reminded once)",
    "Exceptions claimed: 1; held good by the rules of the Regulations: 0.",
    "From Mon 2 Mar 2026 to Wed 1 Jul 2026, 17 weeks 2 days, the case was held by: the council 9 weeks;",
    "3 letters went to the family, the first on Mon 2 Mar 2026, the last on Mon 4 May 2026; a receipt is on record for 1 of 3.",
    "The longest time without a letter was 8 weeks 2 days, from Mon 4 May 2026 to Wed 1 Jul 2026.",
    "It was first told of lateness in “Decide whether to assess, and tell the family” on Tue 14 Apr 2026, 1 day after the last day.",
    "No letter on record told it of lateness in “Tell the family if no plan will be made”.",
    "reg 17(1)(e)",
    "X_ABSENT4: Decide whether to assess, and tell the family",
    "That is 2 days after the limit had passed.",
    "Refused (reg 5(4)): away Tue 10 Mar 2026 to Sun 5 Apr 2026: 27 days of it fall in the period",
    "Explanation: The family was abroad.",
    "Reasons: The school shows that #emph[more] *help* is needed.",
    "Letter to the family: Decision: we will assess, Mon 4 May 2026",
    "Recorded Fri 20 Mar 2026 09:00, 2 weeks 1 day after it happened.",
    "As corrected; first recorded as: the council decided to assess (s.36(8)), Sun 3 May 2026.",
    "3 weeks late: “Decide whether to assess, and tell the family” was due Mon 13 Apr 2026 (s.36(8), reg 5(1)).",
    "Last day: Decide whether to assess, and tell the family",
    f"SHA-256 {5:064x}", "Delivered Thu 18 Jun 2026 10:00",
    "bb" * 32, "cc" * 32, "0011aabb", "2 later entries are not covered yet. They are entries 25 and after.",
    f"python3 verify.py {REF}.proof.json",
    "officer-2 Mon 20 Apr 2026",
])
def test_the_paper_says_what_the_case_says(text, statement):
    assert flat(statement) in text


def test_the_answer_stands_on_the_first_page():
    from io import BytesIO

    from pypdf import PdfReader
    first = flat(PdfReader(BytesIO(typeset(paper(), at(DAY)))).pages[0].extract_text())
    for head in ("How late", "Why, as far as the record shows", "Who was waiting for whom", "What the family was told", "page 1 of"):
        assert head in first


def test_without_texts_no_word_of_an_officer_is_in_it():
    shown = said(typeset(paper(texts=None), at(DAY)))
    assert not any(flat(words) in shown for words in TEXTS.values())
    assert "Explanation: in words, on record" in shown and "were left out" in shown


def test_a_text_that_was_erased_is_said_to_be():
    shown = said(typeset(paper(texts={"t1": "The family was abroad."}), at(DAY)))
    assert "Reasons: (erased)" in shown and "Explanation: The family was abroad." in shown


def test_a_text_longer_than_a_page_is_there_to_its_last_word():
    words = [f"word{number}" for number in range(1500)]
    pdf = typeset(paper(texts=TEXTS | {"t2": " ".join(words), "t3": "\n".join(words)}), at(DAY))
    shown = Counter(said(pdf).split())
    assert all(shown[word] >= 3 for word in words)                      # decision, chronology, correction
    assert outside(pdf) == []


def test_without_a_proof_it_says_so_in_its_place():
    shown = said(typeset(paper(proof=None), at(DAY)))
    assert "There is no proof with this paper." in shown and "verify.py" not in shown


def test_a_case_in_time_says_that_nothing_was_missed():
    shown = said(typeset(paper(day=date(2026, 4, 13), facts=whole()[:3]), at(DAY)))
    assert "No time limit in law had been missed on Mon 13 Apr 2026. The next is" in shown
    assert "weeks late" not in shown and "None was claimed." in shown


def test_the_paper_names_nobody():
    shown = said(typeset(paper(texts=None), at(DAY)))
    assert "Sam" not in shown and "Ash" not in shown


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda path: path.stem)
def test_every_late_limit_and_every_fact_of_every_journey_stands_in_its_paper(path):
    facts = journey(path)
    found = chronology(facts, last_day(facts))
    made = ombudsman(found, council="", texts={}, proof=None)
    shown = said(typeset(made, at(found.case.on)))
    for owed in found.late:
        assert flat(called(owed)) in shown and weeks_and_days(owed.days_late) in shown and long(owed.due_on) in shown
        assert flat(owed.duty.citation) in shown
    entries = [number for row in made.data["entries"] for number in row["entry"].split(", ") if row["kind"] == "happened"]
    assert sorted(map(int, entries)) == [one.number for one in facts]
    for one in found.case.facts:
        assert flat(tells(one.kind)) in shown
    if not found.late:
        assert "No time limit in law had been missed" in shown


def test_the_tables_say_the_same_as_the_case():
    found = chronology(whole(), DAY)
    tables = {name: list(csv.DictReader(io.StringIO(table.csv()))) for name, table in paper().tables.items()}
    limits = {(row["limit"], row["for"]): row for row in tables["limits"]}
    assert len(limits) == len(found.limits)
    for owed in found.limits:
        row = limits[owed.duty.id, owed.adviser or owed.party or ""]
        assert (row["due_on"], row["state"], row["days_late"]) == (owed.due_on.isoformat(), owed.state, str(owed.days_late))
    assert [row["sha256"] for row in tables["letters"]] == [one.sent["sha256"] for one in found.letters]
    chronological = tables["chronology"]
    assert [row["day"] for row in chronological] == sorted(row["day"] for row in chronological)
    assert {row["entry"] for row in chronological if row["kind"] == "happened"} == {str(entry.fact.number) for entry in found.entries}
    assert next(row for row in chronological if row["entry"] == "4")["recorded_days_after"] == "15"
    assert sum(int(row["days"]) for row in tables["holders"]) == (DAY - date(2026, 3, 2)).days
