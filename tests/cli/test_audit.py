"""`ehc audit`: each question as text, JSON and CSV; and that the same call gives the same answer."""

import csv
import io
import shlex
import sqlite3
import subprocess
import sys

import pytest

from models.audit.names import NAMES, NUMBERS
from tests.cli.test_receive import CHILD, PARENT, REF


@pytest.fixture
def case(ehc):
    assert ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--attends", "school", "--setting", "school-7", "--owner", "o-1").code == 0
    for words in (
        ("decided_to_assess", "--on", "2026-04-10", "decided_by=o-1", "reason_codes=other", "notified_on=2026-04-10"),
        ("advice_requested", "--on", "2026-04-13", "adviser=adv_c_medical", "agency=icb-1"),
        ("advice_delivered", "--on", "2026-04-15", "adviser=adv_c_medical", "agency=icb-1"),
    ):
        assert ehc("record", REF, *words, "--no-nudge").code == 0
    return ehc


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_answered_with_its_method_in_three_forms(case, name):
    told = case("audit", name)
    assert told.code == 0, told.err
    for word in (f"{NAMES[name].number}. {NAMES[name].asks}", "Method: ", "Read from: ", "Left out: ", "Under: ", "The same again: ehc audit"):
        assert word in told.out
    answer = case("audit", name, "--json").json
    assert answer["question"] == name and answer["number"] == NAMES[name].number and answer["method"]["citation"]
    for figure in answer["figures"]:
        assert {"name", "numerator", "denominator", "percent", "cases", "others"} == figure.keys()
    rows = list(csv.DictReader(io.StringIO(case("audit", name, "--csv").out)))
    assert len(rows) == len(answer["rows"])
    assert all(row.keys() == told.keys() for row, told in zip(rows, answer["rows"], strict=True))
    assert case("audit", str(NAMES[name].number), "--json").json["rows"] == answer["rows"]


def test_every_number_calls_its_question(case):
    for number in NUMBERS:
        assert case("audit", number, "-h").code == 0


def test_the_call_that_is_named_gives_the_same_answer_whatever_is_recorded_later(case, monkeypatch):
    from datetime import date

    import cli.audit

    monkeypatch.setattr(cli.audit, "today", lambda: date(2100, 1, 1))        # the last day that counts as known
    before = case("audit", "requests", "--on", "2026-04-20", "--known-by", "2026-03-02", "--json")
    assert before.json["rows"] == []                                        # nothing had been recorded by then
    again = case("audit", "requests", "--from", "2026-03-01", "--on", "2026-04-20", "--json").json
    words = shlex.split(again["again"])
    assert words == ["ehc", "audit", "requests", "--from", "2026-03-01", "--on", "2026-04-20", "--known-by", "2100-01-01"]
    assert case(*words[1:], "--json").json["rows"] == again["rows"]


def test_a_period_an_officer_and_an_agency_narrow_it_down(case):
    assert len(case("audit", "requests", "--from", "2026-03-02", "--to", "2026-03-02", "--json").json["rows"]) == 3
    assert case("audit", "requests", "--from", "2026-03-03", "--json").json["rows"] == []
    assert case("audit", "requests", "--owner", "o-2", "--json").json["rows"] == []
    assert {row["agency"] for row in case("audit", "advice", "--agency", "icb-1", "--json").json["rows"]} == {"icb-1"}
    assert case("audit", "requests", "--from", "2026-04-02", "--to", "2026-04-01").code == 2


def test_backdated_entries_are_listed_with_by_how_much(case):
    rows = case("audit", "backdated", "--json").json["rows"]
    assert {row["happened_on"] for row in rows} == {"2026-03-02", "2026-04-10", "2026-04-13", "2026-04-15"}
    assert all(row["days"] > 0 for row in rows) and rows[0]["in_time_only_by_it"] == []
    assert next(row for row in rows if row["kind"] == "decided_to_assess")["in_time_only_by_it"] == ["decide_whether_to_assess"]


def test_what_one_family_was_told_is_a_look_at_the_case(case):
    assert case("audit", "told", REF, "--by", "auditor-1").code == 0
    assert [row["door"] for row in case("audit", "looks", REF, "--json").json["rows"] if row["by"] == "auditor-1"] == ["ehc audit told"]
    assert case("audit", "told", "EHC-2026-0009").code == 2


def test_a_case_that_cannot_be_worked_out_holds_up_none_of_the_others_and_is_named(case):
    opened = case(*PARENT, "--name", "Kim Oak", "--on", "2026-03-09", "--owner", "o-1")
    assert opened.code == 0, opened.err
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("DROP TRIGGER fact_is_not_changed")
        db.execute("UPDATE fact SET kind = 'fact_corrected', data = '{\"replaces\":7}' WHERE case_ref = 'EHC-2026-0002'")
    answer = case("audit", "requests", "--json").json
    assert {row["case"] for row in answer["rows"]} == {REF}
    assert answer["not_worked_out"][0]["case"] == "EHC-2026-0002" and "which is not on the record" in answer["not_worked_out"][0]["why"]


# --- the sample ------------------------------------------------------------------------------------------------------

@pytest.fixture
def sealed(case, tmp_path, monkeypatch):
    monkeypatch.setenv("EHC_SEAL_KEY", str(tmp_path / "key.pem"))
    for name in ("Kim Oak", "Lee Elm", "Mo Fir"):
        assert case(*PARENT, "--name", name, "--on", "2026-03-09", "--owner", "o-1").code == 0
    assert case("trail", "key", "new").code == case("trail", "seal").code == 0
    return case


def test_the_same_sample_every_time_each_case_with_its_proof(sealed, tmp_path):
    first = sealed("audit", "sample", "--size", "2", "--seed", "7", "--out", "one", "--json").json
    assert sealed(*PARENT, "--name", "Ty Yew", "--on", "2026-03-09").code == 0        # not sealed yet: no part of the population
    again = sealed(*shlex.split(first["again"])[1:], "--out", "two", "--json").json
    assert [row["case"] for row in first["rows"]] == [row["case"] for row in again["rows"]] == ["EHC-2026-0004", "EHC-2026-0003"]
    assert first["population"] == again["population"] == 4 and first["population_sha256"] == again["population_sha256"]
    for row in first["rows"]:
        one, two = ((tmp_path / folder / row["file"]).read_bytes() for folder in ("one", "two"))
        assert one == two
        ran = subprocess.run([sys.executable, "-I", "verify.py", row["file"]], cwd=tmp_path / "one", capture_output=True, text=True)
        assert ran.returncode == 0 and "The proof holds." in ran.stdout
    assert {path.name for path in (tmp_path / "one").iterdir()} == {
        "EHC-2026-0003.proof.json", "EHC-2026-0004.proof.json", "verify.py", "sample.csv", "sample.json"}


def test_who_draws_a_sample_has_looked_at_each_of_its_cases_and_at_no_other(sealed):
    drawn = {row["case"] for row in sealed("audit", "sample", "--size", "2", "--seed", "7", "--by", "auditor-1", "--json").json["rows"]}
    for ref in ("EHC-2026-0001", "EHC-2026-0002", "EHC-2026-0003", "EHC-2026-0004"):
        doors = [row["door"] for row in sealed("audit", "looks", ref, "--json").json["rows"] if row["by"] == "auditor-1"]
        assert doors == (["ehc audit sample"] if ref in drawn else [])


def test_a_sample_of_a_period_and_one_that_cannot_be_drawn(sealed, tmp_path):
    of = sealed("audit", "sample", "--seed", "7", "--from", "2026-03-02", "--to", "2026-03-02", "--out", "p", "--json").json
    assert [row["case"] for row in of["rows"]] == [REF]
    nothing = sealed("audit", "sample", "--seed", "7", "--known-by", "2026-03-02", "--out", "q")
    assert nothing.code == 1 and "no sealed case" in nothing.err and not (tmp_path / "q").exists()
    full = sealed("audit", "sample", "--seed", "7", "--out", "p")
    assert full.code == 2 and "it holds something already" in full.err
    assert sealed("audit", "sample", "--size", "0", "--seed", "7").code == 2


def test_nothing_is_written_of_a_record_that_was_changed(sealed, tmp_path):
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("DROP TRIGGER fact_is_not_changed")
        db.execute("UPDATE fact SET recorded_by = 'somebody' WHERE case_ref = 'EHC-2026-0004'")
    answer = sealed("audit", "sample", "--seed", "7", "--out", "p")
    assert answer.code == 1 and "EHC-2026-0004 cannot be proved" in answer.err and not (tmp_path / "p").exists()


# --- the gap ledger --------------------------------------------------------------------------------------------------

def test_the_gap_ledger_lists_each_gap_with_owner_and_age_and_ends_with_1(case):
    told = case("audit", "gaps", "--on", "2026-04-20", "--json")
    assert told.code == 1
    assert {(row["gap"], row["owner"]) for row in told.json["rows"]} == {("advice_not_asked", "o-1")}
    assert {row["days"] for row in told.json["rows"]} == {10} and len(told.json["rows"]) == 4
    text = case("audit", "gaps", "--on", "2026-04-20")
    assert text.code == 1 and "adv_d_psychology: required, and not asked for" in text.out and "ehc record" in text.out
    assert case("audit", "gaps", "--on", "2026-04-20", "--owner", "o-2").code == 0
    assert case("audit", "gaps", "--on", "2026-04-10").code == 0


def test_a_record_that_cannot_be_worked_out_is_a_gap(case):
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("DROP TRIGGER fact_is_not_changed")
        db.execute("UPDATE fact SET kind = 'fact_corrected', data = '{\"replaces\":99}' WHERE number = 4")
    rows = case("audit", "gaps", "--json").json["rows"]
    assert [row["gap"] for row in rows] == ["contradiction"] and "which is not on the record" in rows[0]["what"]


# --- the watcher -----------------------------------------------------------------------------------------------------

def test_the_times_in_which_the_engine_did_not_look_are_told(case):
    assert case("audit", "watch").code == 0                     # the first fact is of today
    assert case("watch", "--without-prefect").code == 0
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("INSERT INTO watch_round (\"on\", started_at, ended_at, cases, reminders, late_reminders, missed_days)"
                   " VALUES ('2026-03-02', '2026-03-02T07:00:00.000000Z', '2026-03-02T07:05:00.000000Z', 0, 0, 0, 0)")
    told = case("audit", "watch", "--from", "2026-03-01", "--to", "2026-03-04")
    assert told.code == 1 and "The engine did not look between Mon 2 Mar 2026 07:00 and " in told.out
    assert "days on which the engine looked: 1 of 3" in told.out and "ehc audit watch --from 2026-03-01 --to 2026-03-04" in told.out
    row, = case("audit", "watch", "--json").json["rows"]
    assert (row["first_day"], row["since"]) == ("2026-03-03", "2026-03-02T07:00:00Z")
    found = {one["what"]: one for one in case("doctor", "--json").json["findings"]}
    assert found["watch missed"]["state"] == "care" and "of the last 31" in found["watch missed"]["found"]


@pytest.mark.parametrize("told, cell", [("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("-1+1", "'-1+1"), ("a=b", "a=b"), (-3, -3),
                                        (("@x", "y"), "'@x y"), (True, "yes"), (None, "")])
def test_no_cell_of_a_list_is_run_by_a_spreadsheet(told, cell):
    from cli.answers import _cell

    assert _cell(told) == cell
