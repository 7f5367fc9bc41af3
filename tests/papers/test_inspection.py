"""The inspection pack, made of a record of several cases and read back: every list and figure is held against the cases."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from models.audit.questions import QUESTIONS
from models.calendar import bank_holidays
from models.case import Case
from models.chronology import is_late
from models.audit.sample import draw
from models.hand import Hand
from models.inspection import is_live_between
from models.law.dates import weeks_and_days
from tasks import database
from tasks.case_file import NewFact, NewPerson, open_case, record
from tasks.database import reading, writing
from tasks.inspection import inspection_pack
from tasks.reading import read
from tests.papers.told import flat, said

SINCE, UNTIL, ON = date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 30)
LIVES = {
    "A1": [("request_received", "2026-03-02", {"requested_by": "parent"}),
           ("decided_to_assess", "2026-04-20", {"decided_by": "o-1", "reason_codes": ["plan_may_be_necessary"], "notified_on": "2026-04-20"}),
           ("advice_requested", "2026-04-21", {"adviser": "adv_c_medical", "body": "s31", "agency": "icb-1"}),
           ("advice_delivered", "2026-04-22", {"adviser": "adv_c_medical", "body": "s31", "agency": "icb-1"}),
           ("advice_requested", "2026-04-21", {"adviser": "adv_d_psychology"}),
           ("advice_received", "2026-05-20", {"adviser": "adv_d_psychology"})],
    "A2": [("request_received", "2026-04-01", {"requested_by": "parent"}),
           ("refused_to_assess", "2026-05-01", {"decided_by": "o-1", "reason_codes": ["needs_met"], "notified_on": "2026-05-01"})],
    "A3": [("request_received", "2026-06-01", {"requested_by": "parent"})],                                   # after the period
    "A4": [("request_received", "2025-11-03", {"requested_by": "parent"}), ("child_died", "2026-02-20", {})],      # over before it
    "A5": [("request_received", "2026-03-09", {"requested_by": "parent", "owner": "officer-1"})],                  # nobody decides
}


@pytest.fixture
def engine(database_url):
    found = database.engine(database_url)
    for ref, facts in LIVES.items():
        for place, (kind, on, data) in enumerate(facts):
            day = date.fromisoformat(on)
            hand = Hand(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), "officer-1")
            with writing(found) as session:
                if place == 0:
                    open_case(session, ref, NewPerson(f"Child of {ref}", date(2017, 1, 1)), NewFact(kind, day, data), hand, day)
                else:
                    record(session, ref, kind, day, data, hand, day)
    return found


def made(engine, size=2, seed=1, looked=lambda refs: None):
    return inspection_pack(engine, SINCE, UNTIL, ON, size, seed, "Northshire Council", looked)


def table(pack, name):
    return list(csv.DictReader(io.StringIO(pack.files[f"lists/{name}.csv"].decode())))


def cases(engine):
    with reading(engine) as session:
        return {ref: Case.of(ref, read(session, ref), ON, bank_holidays()) for ref in LIVES}


def test_every_list_and_figure_is_that_of_the_cases(engine):
    pack, of = made(engine), cases(engine)
    assert [row["case"] for row in table(pack, "cases")] == ["A1", "A2", "A5"]
    assert {ref for ref, case in of.items() if is_live_between(case, SINCE, UNTIL)} == {"A1", "A2", "A5"}
    late = {(row["case"], row["limit"], row["adviser"]): row for row in table(pack, "late")}
    expected = {(ref, owed.duty.id, owed.adviser or owed.party or ""): owed for ref, case in of.items() for owed in case.duties
                if is_late(owed) and owed.due_on < UNTIL and (owed.met_on or owed.lapsed_on or ON) > SINCE}
    assert late.keys() == expected.keys() and ("A1", "decide_whether_to_assess", "") in late and ("A5", "decide_whether_to_assess", "") in late
    for key, owed in expected.items():
        assert (late[key]["due_on"], late[key]["days_late"], late[key]["citation"]) == (
            owed.due_on.isoformat(), str(owed.days_late), owed.duty.citation)
    text = said(pack.files["inspection.pdf"])
    for row in late.values():
        assert f"{weeks_and_days(int(row['days_late']))}" in text
    assert "3 cases were live on a day of the period." in text and f"{len(late)} limits in law were missed in the period" in text
    for name, question in QUESTIONS.items():
        assert flat(question.asks) in text and flat(question.definition.replace("`", "")) in text
        assert flat(question.citation.replace("`", "")) in text
    figures = {(row["question"], row["figure"]): row for row in table(pack, "figures")}
    for figure in figures.values():
        if figure["denominator"] != "0":
            assert f"{figure['numerator']} {figure['denominator']} {figure['percent']}%" in text
    within = figures["requests", "within 6 weeks, all"]
    assert (within["numerator"], within["denominator"]) == ("1", "3") and within["cases"] == "A2" and within["others"] == "A1 A5"


def test_agencies_are_counted_by_what_they_were_asked(engine):
    rows = {(row["adviser"], row["agency"]): row for row in table(made(engine), "advice-by-agency")}
    medical, psychology = rows["adv_c_medical", "icb-1"], rows["adv_d_psychology", "ep_service"]
    assert [medical[name] for name in ("asked", "receipt_proved", "in_time", "of_in_time", "late_now", "median_days")] == [
        "1", "1", "0", "1", "1", ""]
    assert (psychology["in_time"], psychology["late_now"], psychology["median_days"]) in (("0", "0", "29"), ("1", "0", "29"))


def test_the_sample_is_drawn_by_its_seed_and_each_case_is_a_chronology(engine):
    told = []
    pack = made(engine, looked=told.append)
    drawn = draw(["A1", "A2", "A5"], 1, 2)
    assert told == [drawn] and [row["case"] for row in table(pack, "sample")] == drawn
    for ref in drawn:
        text = said(pack.files[f"sample/{ref}/chronology.pdf"])
        assert f"Chronology of case {ref}" in text and "For an inspection" in text and "reg 17(1)(i)" in text
        assert f"sample/{ref}/limits.csv" in pack.files
    assert {name.split("/")[1] for name in pack.files if name.startswith("sample/")} == set(drawn)
    assert {name: pack.files[name] for name in pack.files} == dict(made(engine).files)
    everything = "".join(said(body) if name.endswith(".pdf") else body.decode() for name, body in pack.files.items())
    assert "Child of" not in everything


def test_without_enough_cases_all_are_taken_and_that_is_said(engine):
    pack = made(engine, size=25)
    assert len(table(pack, "sample")) == 3
    assert any("Only 3 cases were live in the period" in note for note in pack.notes)
    assert any("Not sealed yet, so without a proof: A1, A2, A5" in note for note in pack.notes)
    assert not any(name.startswith("sample/") for name in made(engine, size=0).files)


@pytest.mark.parametrize("since, until, live", [
    (date(2026, 2, 20), date(2026, 2, 20), True), (date(2026, 2, 21), date(2026, 2, 28), False),
    (date(2025, 11, 2), date(2025, 11, 2), False), (date(2025, 11, 3), date(2025, 11, 3), True)])
def test_a_case_is_live_from_its_first_day_to_its_last(engine, since, until, live):
    assert is_live_between(cases(engine)["A4"], since, until) is live


def test_a_case_that_cannot_be_worked_out_is_named_and_holds_up_none(engine, monkeypatch):
    from tasks import inspection as module

    def broken(case):
        if case.ref == "A2":
            raise ValueError("made to fail")
        return real(case)

    real = module.case_row
    monkeypatch.setattr(module, "case_row", broken)
    pack = made(engine)
    assert [row["case"] for row in table(pack, "cases")] == ["A1", "A5"]
    assert any(note.startswith("Could not be worked out, and is in no list: A2") for note in pack.notes)
    assert "Cases that could not be worked out" in said(pack.files["inspection.pdf"])
    assert Counter(row["case"] for row in table(pack, "requests"))["A2"] == 0
