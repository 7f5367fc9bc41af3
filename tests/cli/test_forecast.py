"""`ehc sample`, `ehc forecast`, `ehc whatif`: a made-up council, what lies ahead of it, and what a change would do."""

import csv
import io
import shutil
from datetime import UTC, date, datetime

import pytest

from models.hand import Hand
from models.made_up.council import council as made_up
from tasks.made_up import fill
from tests.harness import databases

SAMPLE = ("sample", "--la-size", "300", "--seed", "4", "--until", "2026-11-20")


@pytest.fixture(scope="module")
def on_record(tmp_path_factory):
    """The database of a made-up council, made once."""
    file = tmp_path_factory.mktemp("made-up") / "ehc.sqlite"
    engine = databases.sqlite(file)
    fill(engine, made_up("300", 4, date(2026, 11, 20)), Hand(datetime(2026, 11, 20, 9, tzinfo=UTC), "sample"))
    engine.dispose()
    return file


@pytest.fixture
def council(ehc, on_record, tmp_path):
    shutil.copy(on_record, tmp_path / "var/ehc.sqlite")
    return ehc


def test_a_council_is_made_with_one_call_and_says_so_in_every_reference(ehc, no_database):
    made = ehc("sample", "--la-size", "30", "--seed", "4", "--until", "2026-11-20")
    assert made.code == 0 and "is made up; nobody in it exists" in made.out
    due = ehc("due", "--on", "2026-11-20", "--json").json
    assert due and all(row["case"].startswith("MADEUP-") for row in due if row["case"])
    assert "Made-up" in ehc("person", due[0]["case"]).out


def test_made_again_nothing_is_added(council):
    again = council(*SAMPLE, "--json").json
    assert again["made_up"] is True and again["facts_written"] == 0


def test_its_return_is_a_file_that_says_that_it_is_made_up(ehc, no_database, tmp_path):
    answer = ehc("sample", "--la-size", "60", "--return", "sen2.xml", "--year", "2026", "--until", "2026-11-20")
    text = (tmp_path / "sen2.xml").read_text()
    assert answer.code == 0 and "Made up: nobody in this file exists" in text and text.count("<Surname>Made-up</Surname>") > 50
    assert "<SoftwareCode>Made-up</SoftwareCode>" in text
    again = ehc("sample", "--la-size", "60", "--return", "sen2.xml")
    assert again.code == 2 and "is there already" in again.err and (tmp_path / "sen2.xml").read_text() == text
    assert not (tmp_path / "var").exists()


def test_what_is_taken_from_it_is_marked_wherever_it_shows_and_never_put_beside_real_cases(ehc, tmp_path):
    said = "The cases are made up; nobody in them exists."
    assert ehc("sample", "--la-size", "60", "--return", "sen2.xml", "--year", "2026").code == 0
    assert said in ehc("import", "sen2", "sen2.xml", "--dry-run", "--report", "report.html").out
    assert said in (tmp_path / "report.html").read_text()
    assert ehc("import", "sen2", "sen2.xml", "--json").json["made_up"] is True
    due = ehc("due", "--json").json
    assert due and all(row["case"].startswith("MADEUP-2026-") for row in due)
    for words in (("due", "--limit", "0"), ("forecast",), ("figures",), ("figures", "--return", "sen2.xml")):
        assert said in ehc(*words).out, words
    assert ehc("forecast", "--json").json["made_up"] is True and ehc("figures", "--json", "--public").json["made_up"] is True
    assert {row["made_up"] for row in csv.DictReader(io.StringIO(ehc("figures", "--csv").out))} == {"True"}
    assert ehc("figures", "--year", "2025", "--chart", "charts").code == 0
    assert all("(made-up cases)" in chart.read_text() for chart in (tmp_path / "charts").glob("*.svg"))
    ehc("export", "sen2", "--year", "2026", "--council", "201", "--even-so", "--to", "again.xml")
    assert "<SoftwareCode>Made-up</SoftwareCode>" in next(tmp_path.glob("*again.xml")).read_text()


@pytest.mark.parametrize("words, told", [
    (("--year", "2027"), "whose survey day has come"), (("--council", "999"), "no number of a council"),
    (("--return", "nowhere/sen2.xml"), "cannot be written")])
def test_a_return_that_cannot_be_made_leaves_nothing(ehc, no_database, tmp_path, words, told):
    answer = ehc("sample", "--la-size", "60", "--until", "2026-11-20", *(words if "--return" in words else ("--return", "sen2.xml", *words)))
    assert answer.code == 2 and told in answer.err and not list(tmp_path.iterdir())


@pytest.mark.parametrize("words, told", [
    (("--la-size", "huge"), "there is no size 'huge'"), (("--la-size", "5"), "from 20 to 1,000,000"),
    (("--until", "2100-01-01"), "has not come yet")])
def test_a_wrong_size_or_day_is_refused(ehc, words, told):
    answer = ehc("sample", *words)
    assert answer.code == 2 and told in answer.err


def test_real_cases_are_never_mixed_with_made_up_ones(ehc):
    assert ehc("receive", "--requested-by", "parent", "--name", "Sam Ash", "--born", "2017-05-04", "--no-nudge").code == 0
    answer = ehc(*SAMPLE)
    assert answer.code == 1 and "never mixed with them" in answer.err
    assert ehc("sample", "--la-size", "60", "--return", "sen2.xml", "--year", "2026").code == 0
    answer = ehc("import", "sen2", "sen2.xml")
    assert answer.code == 2 and "cases of real children on record" in answer.err


def test_the_forecast_for_people_names_ranges_method_and_cases(council):
    answer = council("forecast", "--on", "2026-11-20")
    assert answer.code == 0
    for words in ("Final plans within 20 weeks", "80 in 100", "in the next", "The other limits", "400 times"):
        assert words in answer.out
    assert "Made-up Child" not in answer.out


def test_the_forecast_for_machines_and_as_csv_say_the_same(council):
    told = council("forecast", "--on", "2026-11-20", "--json").json
    rows = list(csv.DictReader(io.StringIO(council("forecast", "--on", "2026-11-20", "--csv").out)))
    assert [row["case"] for row in rows] == [case["case"] for case in told["cases"]]
    assert all(0 <= case["late"] <= 1 for case in told["cases"])
    assert [one["weeks"] for one in told["outlook"]] == [2, 4, 6, 12]


def test_a_record_that_has_gone_stale_is_said_to_be(ehc):
    ehc("receive", "--requested-by", "parent", "--name", "Sam Ash", "--born", "2017-05-04", "--on", "2026-06-01", "--no-nudge")
    assert "happened after" not in ehc("forecast", "--on", "2026-06-29").out
    assert "--on 2026-06-01" in ehc("forecast", "--on", "2026-06-30").out


def test_only_one_officers_cases_are_listed_if_asked_for(council):
    cases = council("forecast", "--on", "2026-11-20", "--owner", "officer-1", "--json").json["cases"]
    assert {case["owner"] for case in cases} == {"officer-1"}
    assert council("forecast", "--on", "2026-11-20", "--owner", "nobody", "--json").json["cases"] == []


def test_a_forecast_looks_back_on_itself(council):
    answer = council("forecast", "--on", "2026-11-20", "--look-back")
    assert answer.code in (0, 1) and "were late" in answer.out and "Mean squared error" in answer.out


def test_without_cases_there_is_nothing_to_forecast_and_a_future_day_is_refused(ehc):
    ehc("receive", "--requested-by", "parent", "--name", "Sam Ash", "--born", "2017-05-04", "--on", "2026-11-20", "--no-nudge")
    assert "nothing to forecast" in ehc("forecast", "--on", "2026-11-01").out
    assert ehc("forecast", "--look-back", "--on", "2026-11-01").code == 1
    future = ehc("forecast", "--on", "2100-01-01")
    assert future.code == 2 and "has not come yet" in future.err


def test_a_scenario_is_compared_with_the_year_as_it_is(council, file):
    told = council("whatif", file("more.toml", 'title = "Two more"\npsychologists = {now = 6, more = 2}\n'), "--on", "2026-11-20")
    assert told.code == 0 and told.out.startswith("Two more: the year from Fri 20 Nov 2026")
    answer = council("whatif", "more.toml", "--on", "2026-11-20", "--json").json
    assert answer["pace"]["reports_a_week"] > 0 and len(answer["rows"]) == 8


def test_a_draft_law_changes_the_limit(council, file):
    file("draft.yaml", "- id: finalise_plan\n  limit: {function: W, n: 24}\n  valid_from: 2026-01-01\n")
    answer = council("whatif", file("law.toml", 'rulebook = "draft.yaml"\n'), "--on", "2026-11-20", "--json").json
    assert answer["limit_days"] == 168
    by_words = {row["measure"]: row for row in answer["rows"]}
    assert by_words["in time, in 100 limits of the year"]["difference"]["low"] >= 0


@pytest.mark.parametrize("content, told", [
    ("requests = 15", "with a sign"), ("requests = +15%", "is no TOML"), ('requets = "+1%"', "Did you mean requests"), ("", "nothing is changed"),
    (b"\xff\xfe", "no text in UTF-8"), ("rulebook = 7", "in quotes"), ('rulebook = "none.yaml"', "cannot be read")])
def test_a_scenario_that_cannot_be_tried_is_refused(council, file, content, told):
    answer = council("whatif", file("bad.toml", content), "--on", "2026-11-20")
    assert answer.code == 2 and told in answer.err


def test_no_such_scenario_and_too_little_on_record(ehc, file):
    ehc("receive", "--requested-by", "parent", "--name", "Sam Ash", "--born", "2017-05-04", "--on", "2026-11-01", "--no-nudge")
    assert "cannot be read" in ehc("whatif", "nowhere.toml").err
    answer = ehc("whatif", file("more.toml", 'requests = "+5%"'))
    assert answer.code == 2 and "too few to tell a pace" in answer.err
