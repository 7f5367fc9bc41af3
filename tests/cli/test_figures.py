"""`ehc figures`: what it answers, in every form, and what it refuses."""

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.hand import Hand
from models.made_up.council import council as made_up_council
from tasks.made_up import fill
from tests.harness import databases

HEAD = ("time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,old_la_code,la_name,"
        "breakdown_topic,breakdown,requests_received_in_year,requests_decided_to_assess,requests_decided_not_to_assess,"
        "requests_decision_not_made,requests_withdrawn,mediation_related_request,tribunal_related_request,tribunal_after_mediation_request,"
        "requests_rya\n")


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """The address of a database with a made-up council: nothing here writes to it."""
    engine = databases.sqlite(tmp_path_factory.mktemp("made-up") / "ehc.sqlite")
    fill(engine, made_up_council(100, 5, date(2026, 6, 1)), Hand(datetime(2026, 6, 1, 9, tzinfo=UTC), "sample"))
    engine.dispose()
    return str(engine.url)


@pytest.fixture
def council(ehc, made_up, monkeypatch):
    """`ehc` for a made-up council."""
    monkeypatch.setenv("EHC_DATABASE_URL", made_up)
    return ehc


def figures_in(answer):
    return {figure["id"]: figure for figure in answer.json["figures"]}


def release(file, requests):
    """A folder with one data file of a release, in which Kent had that many requests, all agreed."""
    row = f"2025,Calendar year,Local authority,E92000001,England,,South East,,886,Kent,All requests,All requests,{requests[0]},"
    place = file("release/requests.csv", "\ufeff" + HEAD + row + ",".join(map(str, requests[1:])) + "\n")
    file("release/other.csv", "a,b\n1,2\n")
    return place.rpartition("/")[0]


def test_for_people_every_figure_has_its_base_and_what_is_published_beside_it(council):
    answer = council("figures", "--year", "2025", "--council", "Kent")
    assert answer.code == 0 and answer.err == ""
    assert answer.out.startswith("Kent: figures of 2025 by the DfE's method, plans as on 15 January 2026.")
    assert re.search(r"plans_ex\.within_20 +issued within twenty weeks +\d+ +\d+ +[\d.]+% +46\.1% \(2025\) +38\.2% \(2024\) +33\.3% \(2024\) +\w", answer.out)
    assert "Open Government Licence v3.0" in answer.out and "The cases are made up; nobody in them exists." in answer.out


def test_the_running_year_is_so_far(council):
    assert "so far: they cannot equal the DfE's before the year is over" in council("figures").out


def test_json_holds_every_figure_and_csv_the_same(council):
    answer = council("figures", "--year", "2025", "--json")
    found = figures_in(answer)
    assert (answer.json["since"], answer.json["until"], answer.json["plans_on"]) == ("2025-01-01", "2025-12-31", "2026-01-15")
    assert sum(found[f"requests.{part}"]["numerator"] for part in ("assess", "refused", "undecided", "withdrawn", "unknown")
               ) == found["requests"]["numerator"] > 0
    rows = list(csv.DictReader(io.StringIO(council("figures", "--year", "2025", "--csv").out)))
    assert [row["id"] for row in rows] == list(found)
    assert {row["id"]: row["numerator"] for row in rows}["requests"] == str(found["requests"]["numerator"])
    assert council("figures", "--year", "2025", "--json").out == answer.out and answer.json["made_up"] is True


def test_the_cases_behind_a_figure(council):
    found = figures_in(council("figures", "--year", "2025", "--json"))["plans"]
    answer = council("figures", "--year", "2025", "--cases", "plans")
    refs = answer.out.split()
    assert len(refs) == found["numerator"] and all(ref.startswith("MADEUP-") for ref in refs)
    assert council("figures", "--year", "2025", "--cases", "plans", "--json").json["cases"] == refs
    assert council("case", refs[0], "--json").code in (0, 1)


def test_for_the_public_no_small_number_is_told_in_any_form(council):
    answer = council("figures", "--year", "2025", "--public", "--json")
    for figure in answer.json["figures"]:
        if figure["unit"] == "cases" and not figure["hidden"]:
            assert figure["numerator"] == 0 or figure["numerator"] >= 5, figure["id"]
        if figure["hidden"]:
            assert figure["numerator"] is figure["denominator"] is figure["value"] is None
    assert any(figure["hidden"] for figure in answer.json["figures"]) and answer.json["reconciled"] == []


def test_what_is_asked_most_often_is_answered_in_one_call(council):
    answer = council("figures", "--foi", "--year", "2025")
    assert answer.code == 0 and "1. How many requests for an assessment" in answer.out and "c (small number)" in answer.out
    questions = [line for line in answer.out.splitlines() if re.match(r"\d+\. ", line)]
    assert len(questions) == 13 and "c: hidden, because" in answer.out


def test_charts_are_written_with_a_table_beside_each_and_the_same_twice(council, tmp_path):
    answer = council("figures", "--year", "2025", "--chart", "out", "--council", "886")
    page = (tmp_path / "out" / "index.html").read_text()
    drawn = sorted(path.name for path in (tmp_path / "out").glob("*.svg"))
    assert answer.code == 0 and f"{len(drawn)} charts" in answer.out and page.count("<table>") == len(drawn) + 1
    before = {name: (tmp_path / "out" / name).read_bytes() for name in [*drawn, "index.html"]}
    council("figures", "--year", "2025", "--chart", "out", "--council", "886")
    assert before == {name: (tmp_path / "out" / name).read_bytes() for name in before}
    assert "Not for publication" in page and "<h1>Kent (made-up cases): figures of 2025</h1>" in page


def test_a_release_is_compared_and_said_not_to_reconcile(council, file, tmp_path):
    (tmp_path / "release").mkdir()
    answer = council("figures", "--year", "2025", "--council", "886", "--published", release(file, (9, 9, 0, 0, 0, 0, 0, 0, 0)))
    assert answer.code == 0 and "requests.csv: 9 numbers, 2025." in answer.out and "other.csv is no data file of the release" in answer.out
    assert re.search(r"Requests received in the year: not equal to the DfE's \(requests_received_in_year \d+, published 9; ", answer.out)


def test_what_reconciles_is_said_to_be_equal(council, file, tmp_path):
    found = figures_in(council("figures", "--year", "2025", "--json"))
    ours = [found["requests"]["numerator"], *(found[f"requests.{part}"]["numerator"] for part in (
        "assess", "refused", "undecided", "withdrawn", "mediation", "appeal", "mediation_and_appeal", "youth_accommodation"))]
    (tmp_path / "release").mkdir()
    answer = council("figures", "--year", "2025", "--council", "886", "--published", release(file, ours), "--json")
    assert answer.json["equal_to_dfe"] == ["requests"]
    assert "Requests received in the year: equal to the DfE's" in council(
        "figures", "--year", "2025", "--council", "886", "--published", "release").out


@pytest.mark.parametrize("arguments, says", [            # before any case is read, where it can be told
    (("--year", "2025", "--on", "2025-06-30"), "--year and --on are two ways"), (("--year", "2099"), "give a year from 2014"),
    (("--on", "2099-01-01"), "is in the future"), (("--council", "Kant"), "Did you mean Kent"), (("--json", "--csv"), "two forms of one answer"),
    (("--cases", "plans", "--public"), "never published"), (("--cases", "plans_ex.within20"), "Did you mean plans_ex.within_20"),
    (("--published", "nowhere"), "nowhere cannot be read"), (("--published", "."), "holds no data file of the release")])
def test_a_call_that_cannot_be_carried_out_ends_with_2_and_says_why(council, arguments, says):
    answer = council("figures", *arguments)
    assert answer.code == 2 and says in answer.err and answer.out == ""


def test_a_damaged_release_stops_the_answer(council, file, tmp_path):
    (tmp_path / "release").mkdir()
    file("release/requests.csv", HEAD + "2025,broken off\n")
    answer = council("figures", "--published", "release")
    assert answer.code == 2 and "requests.csv, line 2: 2 values under 21 columns" in answer.err and answer.out == ""


def test_a_return_in_a_file_has_figures_of_its_own_year_and_needs_no_database(ehc):
    example = Path(__file__).parents[1] / "models" / "sen2" / "example-2026.xml"
    answer = ehc("figures", "--return", example)
    assert answer.code == 0 and answer.out.startswith("City of London: figures of 2025 by the DfE's method, plans as on 15 January 2026. 1 case read.")
    assert ehc("figures", "--return", example, "--cases", "stock").out.startswith("line 15")
    assert ehc("figures", "--return", example, "--year", "2025").code == 2 and ehc("figures", "--return", "nowhere.xml").code == 2


def test_without_a_database_it_says_what_to_do(ehc, no_database):
    answer = ehc("figures")
    assert answer.code == 2 and "There is no database" in answer.err
