"""`ehc import`: what other systems know, taken in, seen on the screen and in files."""

import csv
import json
import os
from datetime import date

import pytest

from tests.harness import sen2_files as made
from tests.tasks.test_sen2_in import people


@pytest.fixture
def a_return(tmp_path):
    """Writes a return into the folder and answers its name."""
    def write(persons=None, year=2026, name="return.xml", **head):
        (tmp_path / name).write_text(made.xml(made.header(year, **head), persons or people(), year))
        return name
    return write


def test_a_look_then_the_import_then_what_is_due(ehc, no_database, a_return, tmp_path):
    look = ehc("import", "sen2", a_return(), "--dry-run")
    assert look.code == 0 and "3 would be opened" in look.out and "Nothing was kept" in look.out and look.err == ""
    assert not (tmp_path / "var").exists(), "a look makes no database"
    done = ehc("import", "sen2", a_return(), "--owner", "officer-3", "--by", "officer-1")
    assert done.code == 0 and "3 opened" in done.out and "All of it was kept, at once." in done.out
    assert "the day of the decision to issue a plan" in done.out
    due = ehc("due", "--on", "2026-06-01")
    assert due.code == 1 and "next_review" in due.out and "first_review" in due.out and "decide_whether_to_assess" in due.out
    assert due.out.count("officer-3 (from a return, not taken on)") == 5
    again = ehc("import", "sen2", a_return())
    assert again.code == 0 and "Nothing has changed." in again.out


def test_the_work_list_sums_up_by_duty_and_shows_as_many_as_are_asked_for(ehc, a_return):
    persons = [made.person(made.open_request(date(2025, 12, n)), upn=f"A1234567890{n:02d}", surname=f"N{n}") for n in range(1, 13)]
    ehc("import", "sen2", a_return(persons))
    some = ehc("due", "--on", "2026-03-01", "--limit", "3")
    line = next(line.split() for line in some.out.splitlines() if line.startswith("decide_whether_to_assess"))
    assert line[:4] == ["decide_whether_to_assess", "12", "0", "0"]
    assert some.out.count("not taken on") == 3 and "and 33 more: ehc due --limit 36" in some.out
    assert "not taken on" not in ehc("due", "--on", "2026-03-01", "--limit", "0").out
    assert len(ehc("due", "--on", "2026-03-01", "--json").json) == 36
    assert ehc("due", "--on", "2026-03-01", "--worked-on", "--json").json == []
    assert ehc("import", "take-on", "SEN2-2026-00001", "--owner", "officer-3").code == 0
    assert {row["case"] for row in ehc("due", "--on", "2026-03-01", "--worked-on", "--json").json} == {"SEN2-2026-00001"}


def test_the_difference_is_shown_and_asks_for_a_word(ehc, a_return):
    ehc("import", "sen2", a_return())
    changed = people()
    changed[0].requests[0].outcome_date = date(2025, 2, 11)
    shown = ehc("import", "sen2", a_return(changed, name="again.xml"))
    assert shown.code == 1 and "nothing was kept" in shown.out and "--apply" in shown.out
    assert "On record is decided_to_assess of 2025-02-10 (fact 2); the return says decided_to_assess of 2025-02-11." in shown.out
    done = ehc("import", "sen2", "again.xml", "--apply", "--json")
    assert done.code == 0 and done.json["kept"] and done.json["contradictions"] == 1 and done.json["lines"][0]["rule"] == "T06"


def test_the_report_as_a_file_and_as_a_page(ehc, a_return, tmp_path):
    twice = [*people(), made.person(made.open_request(date(2025, 3, 3)), surname="<b>Otherwise</b>")]
    assert ehc("import", "sen2", a_return(twice), "--report", "r.csv").code == 1
    rows = list(csv.DictReader((tmp_path / "r.csv").open()))
    assert [row["rule"] for row in rows if row["what became of it"] == "refused"] == ["T04"]
    assert {row["case"] for row in rows if row["what became of it"] == "taken"} == {f"SEN2-2026-0000{n}" for n in (1, 2, 3)}
    ehc("import", "sen2", "return.xml", "--report", "r.html")
    page = (tmp_path / "r.html").read_text()
    assert page.startswith("<!doctype html>") and "<td>T04</td>" in page and "Otherwise" not in page and "Example" not in page
    assert all(os.stat(tmp_path / name).st_mode & 0o777 == 0o600 for name in ("r.csv", "r.html"))
    assert ehc("import", "sen2", "return.xml", "--report", "r.pdf").code == 2


def test_the_ledger_is_listed_given_to_officers_and_closed(ehc, a_return):
    wrong = people()
    wrong[1].requests[1].active.needs.clear()
    ehc("import", "sen2", a_return(wrong))
    shown = ehc("import", "ledger", "--json")
    assert shown.code == 1
    one = next(row for row in shown.json["entries"] if row["rule"] == "L21")
    assert one["case_ref"] == "SEN2-2026-00003" and one["place"].startswith("line ")
    assert ehc("import", "ledger", one["number"], "--assign", "officer-3").code == 0
    assert [row["number"] for row in ehc("import", "ledger", "--owner", "officer-3", "--json").json["entries"]] == [one["number"]]
    assert "1 entry closed" in ehc("import", "ledger", one["number"], "--close", "--by", "officer-3").out
    assert one["number"] not in {row["number"] for row in ehc("import", "ledger", "--json").json["entries"]}
    closed = next(row for row in ehc("import", "ledger", "--all", "--json").json["entries"] if row["number"] == one["number"])
    assert closed["closed_by"] == "officer-3"
    assert ehc("import", "ledger", "999", "--close").code == 2 and ehc("import", "ledger", "--close").code == 2


def test_cases_are_taken_on_by_name_and_by_duty(ehc, a_return):
    ehc("import", "sen2", a_return())
    assert ehc("import", "take-on", "SEN2-2026-00002").code == 2, "nobody is named"
    assert ehc("import", "take-on", "--owner", "officer-3").code == 2, "no case is named"
    assert "1 case would be taken on" in ehc("import", "take-on", "--duty", "next_review", "--owner", "officer-3", "--dry-run").out
    assert ehc("import", "take-on", "--duty", "next_review", "--owner", "officer-3", "--json").json["taken_on"] == ["SEN2-2026-00003"]
    assert ehc("import", "take-on", "SEN2-2026-00003", "--owner", "officer-3").code == 1, "it is taken on already"
    assert ehc("import", "take-on", "SEN2-2026-99999", "--owner", "officer-3").code == 2
    assert ehc("import", "take-on", "--stage", "S99", "--owner", "officer-3").code == 2


@pytest.mark.parametrize("content, says", [
    ("<!DOCTYPE x [<!ENTITY a 'b'>]><Message/>", "declares a document type"), ("<Message><Persons><Person>", "ends in the middle"),
    ("", "is empty"), ("a,b\n1,2\n", "ehc import sheet"), (b"PK\x03\x04rubbish", "saved only halfway")])
def test_a_file_that_cannot_be_read_ends_with_2_and_leaves_nothing(ehc, no_database, file, content, says, tmp_path):
    answer = ehc("import", "sen2", file("r.xml", content))
    assert answer.code == 2 and says in answer.err and "Traceback" not in answer.err
    assert not (tmp_path / "var").exists()


def test_another_council_is_asked_about(ehc, a_return):
    assert "886 (Kent) is set" in ehc("import", "sen2", a_return(), env={"EHC_SEN2__COUNCIL": "886"}).err
    assert ehc("import", "sen2", a_return(), "--council", "201", env={"EHC_SEN2__COUNCIL": "886"}).code == 0


def test_what_is_typed_is_no_name(ehc, a_return):
    assert ehc("import", "sen2", a_return(), "--owner", "Jo Ash").code == 2
    assert json.loads(ehc("import", "sen2", a_return(), "--dry-run", "--json").out)["persons"]["read"] == 2


NOT_RETURNED = ("sha256", "place", "unknown", "note", "requested_by", "exception_applied")


def test_our_own_return_read_in_elsewhere_gives_the_same_facts(ehc, tmp_path, monkeypatch):
    """What a return put into the facts comes out of them, and goes in again as the same facts: all but who asked, which the guide does
    not want of what was decided before the year, and the flag of an exception where the day is not known that it is about."""
    from models.made_up.as_returned import header
    from models.made_up.as_returned import people as returned
    from models.made_up.council import council, lives
    from tasks import database
    from tasks.case_file import read
    from tasks.database import reading
    from tests.tasks.test_sen2_in import refs

    def facts(folder):
        engine = database.engine(f"sqlite:///{folder / 'var/ehc.sqlite'}")
        with reading(engine) as session:
            return sorted(sorted((fact.kind, fact.on, repr(sorted((name, value) for name, value in fact.data.items()
                                                                  if name not in NOT_RETURNED))) for fact in read(session, ref))
                          for ref in refs(engine))
    persons = list(returned(lives(council(60, 3, date(2026, 1, 15))), 2026))
    there, elsewhere = tmp_path / "there", tmp_path / "elsewhere"
    for folder, name in ((there, "made-up.xml"), (elsewhere, "../there/own.xml")):
        folder.mkdir()
        monkeypatch.chdir(folder)
        if folder == there:
            (folder / name).write_text(made.xml(header(2026, "201", "2026-02-02T09:00:00"), persons))
        assert ehc("import", "sen2", name).code == 0
        if folder == there:
            ehc("export", "sen2", "--year", "2026", "--to", "own.xml", "--even-so", env={
                "EHC_SEN2__COUNCIL": "201", "EHC_SEN2__DMO": "Y", "EHC_SEN2__DCO": "Y", "EHC_SEN2__DSCO": "Y"})
            if not (folder / "own.xml").exists():
                next(folder.glob("*own*.xml")).rename(folder / "own.xml")
    before, after = facts(there), facts(elsewhere)
    assert [case for case in before if case not in after] == [] == [case for case in after if case not in before]
    assert len(before) == len(after) > 40
