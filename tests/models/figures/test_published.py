"""The published figures that come with the program: their own sums, and that each says where it is from."""

import csv

import pytest

from models.figures.published import ALL_COUNCILS, POINTS
from models.figures.release import COUNCIL, NATIONAL
from models.figures.table import MEASURES
from models.sen2.codes import COUNCILS
from tasks.published import OURS, at_hand, columns

PUBLISHED = at_hand()


def england(file, column, period, topic="", breakdown=""):
    found = PUBLISHED.number(NATIONAL, "", file, column, str(period), topic, breakdown)
    assert found is not None and found.period == str(period), (file, column, period, breakdown)
    return found.value


def rows(name):
    with (OURS / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_what_came_of_requests_adds_up(year):
    parts = ("requests_decided_to_assess", "requests_decided_not_to_assess", "requests_decision_not_made", "requests_withdrawn")
    assert sum(england("requests", part, year) for part in parts) == england("requests", "requests_received_in_year", year)


@pytest.mark.parametrize("year, off", [(2024, 0), (2025, 0)])
def test_what_came_of_assessments_adds_up(year, off):
    parts = ("assess_issued", "assess_not_issued", "assess_not_made", "assess_withdrawn")
    assert sum(england("assessments", part, year) for part in parts) == england("assessments", "assess_in_year", year) + off


@pytest.mark.parametrize("year", [2023, 2024, 2025])
@pytest.mark.parametrize("end", ["", "_ex"])
def test_the_bands_are_the_base_but_for_a_few_undated(year, end):
    within = england("timeliness_20_week", "plans_issued_within_20_weeks" if not end else "plans_issued_20_weeks_ex", year)
    later = sum(england("timeliness_20_week", f"plans_issued_{band}{end}", year) for band in ("gt20weeks_ltYear", "gt_1_year"))
    base = england("timeliness_20_week", f"plans_issued_den{end}", year)
    assert 0 <= base - within - later < base / 100
    share = england("timeliness_20_week", "pc_plans_issued_within_20_weeks" if not end else "PC_plans_issued_20_weeks_ex", year)
    assert share == pytest.approx(100 * within / base, abs=.06)


def test_reviews_of_2025_add_up():
    def total(*names):
        return sum(england("annual_reviews", name, 2025) for name in names)

    assert total("review_completed", "review_completed_prior", "review_not_completed") == total("review_expected")
    assert total("outcome_amended", "outcome_maintained", "outcome_ceased", "no_outcome_recorded") == total("review_completed")
    assert total("decision_4_weeks", "decision_over_4_weeks") == total("review_completed")
    assert total("review_expected", "review_not_expected") == total("total_ehc_plans") == england("caseload", "ehcplans", "202526")


@pytest.mark.parametrize("file, column, period, topic, off", [
    ("requests", "requests_received_in_year", "2024", "age", -1), ("requests", "requests_received_in_year", "2025", "age", -5),
    ("requests", "requests_received_in_year", "2024", "sex", 0), ("requests", "requests_received_in_year", "2025", "sex", 0),
    ("requests", "requests_received_in_year", "2025", "source", 0), ("newplans", "new_ehc_plans", "2025", "sex", 0),
    ("newplans", "new_ehc_plans", "2024", "sex", -1), ("newplans", "new_ehc_plans", "2025", "need", 0),
    ("newplans", "new_ehc_plans", "2025", "age", 0), ("caseload", "ehcplans", "202425", "age", 0), ("caseload", "ehcplans", "202526", "age", 0),
    ("caseload", "ehcplans", "202425", "need", 0), ("caseload", "ehcplans", "202425", "sex", -4)])
def test_what_is_told_apart_adds_up(file, column, period, topic, off):
    """Where the published rows are a handful short of the total, they are so in the DfE's own file."""
    apart = sum(float(row["value"]) for row in rows("england") if (row["file"], row["column"], row["period"], row["topic"]) == (
        file, column, period, topic))
    assert apart == england(file, column, period) + off


def test_places_of_new_plans_add_up():
    groups = ("mainstream_total", "special_total", "ap_pru_total", "fe_total", "ed_elsewhere", "nm_early_years", "placement_unknown")
    assert sum(england("newplans", group, 2025) for group in groups) == england("newplans", "new_ehc_plans", 2025)
    assert sum(england("caseload", group, "202526") for group in groups) == england("caseload", "ehcplans", "202526")


def test_every_council_has_a_region_and_there_are_nine():
    assert PUBLISHED.region_of.keys() == COUNCILS.keys() and len(PUBLISHED.region_of) == ALL_COUNCILS
    assert len(set(PUBLISHED.region_of.values())) == 9
    assert {row["name"] for row in rows("regions")} == set(PUBLISHED.region_of.values())


def test_every_number_says_who_published_it_and_under_which_licence():
    for name in ("england", "regions", "councils", "spread", "faults"):
        assert {row["letter"] for row in rows(name)} <= PUBLISHED.editions.keys()
    assert {one.licence for one in PUBLISHED.editions.values()} == {"Open Government Licence v3.0"}


def test_the_profiles_are_of_18_councils_and_what_was_withheld_is_no_number():
    assert len({row["code"] for row in rows("councils")}) == 18
    assert all(COUNCILS[row["code"]] == row["name"] for row in rows("councils") + [row for row in rows("faults") if row["code"]])
    surrey = PUBLISHED.number(COUNCIL, "936", "annual_reviews", "pc_decision_4_weeks", "2024")
    assert surrey.value is None and surrey.missing == "x"


def test_the_points_of_a_spread_rise():
    for row in rows("spread"):
        values = [float(row[point]) for point in POINTS if row[point]]
        assert values == sorted(values)


def test_the_columns_of_the_figures_are_the_published_ones():
    """A column that no published row has would be compared with nothing, for ever."""
    there = {(row["file"], row["column"].lower()) for row in rows("england")}
    never = {("ceased_plans", "not_rec"), ("annual_reviews", "review_expected")} - there
    for measure in MEASURES:
        for part in measure.parts:
            if part.column and (measure.file, part.column.lower()) not in never:
                assert (part.file or measure.file, part.column.lower()) in there, part.id
    assert columns() >= {"plans_issued_den_ex", "pc_plans_issued_20_weeks_ex"}
