"""A council's figures beside England's, its region's, its own published ones and all councils'."""

from datetime import date

import pytest

from models.figures.compare import beside, equal_to_dfe, reconcile
from models.figures.period import Period
from models.figures.published import Published, Spread, decile
from models.figures.release import COUNCIL, NATIONAL, Number
from models.figures.tally import find
from tasks.published import at_hand
from tests.models.figures.builders import YEAR, figures, issued, requested

PUBLISHED = at_hand()
FILE, PC = "timeliness_20_week", "PC_plans_issued_20_weeks_ex"


def number(who, column, value, period="2025", level=COUNCIL, missing=""):
    return Number("R", period, level, who, FILE, column, "", "", value, missing)


HALF = figures(issued(100, "A1"), issued(200, "A2"))


def test_a_figure_stands_beside_england_its_region_and_its_own_published_one_of_its_year_or_the_last_before():
    found = beside(HALF["plans_ex.within_20"], PUBLISHED, "886", YEAR)
    assert (found.england.value, found.england.when, found.england.letter) == (46.1, "2025", "B")
    assert (found.region.value, found.region.when) == (38.2, "2024") and (found.own.value, found.own.when) == (33.3, "2024")
    assert found.standing == "between the lower quartile and the median of councils in 2024"


def test_a_stock_is_compared_by_the_january_of_its_survey():
    found = beside(HALF["stock"], PUBLISHED, "886", YEAR)
    assert (found.england.value, found.england.when, found.own.when) == (718838, "January 2026", "January 2025")


def test_a_later_year_than_any_published_is_compared_with_the_last():
    later = beside(HALF["plans_ex.within_20"], PUBLISHED, None, Period.up_to(date(2026, 6, 30)))
    assert later.england.when == "2025" and later.region is later.own is None


def test_what_is_told_apart_is_compared_where_that_is_published():
    found = figures(requested("N", source="1"), requested("Y", ref="A2", source="1"))
    assert beside(found["requests.refused/source=parent or young person"], PUBLISHED, None, YEAR).england.value == 48.8
    assert beside(found["plans_ex.median"], PUBLISHED, None, YEAR).is_empty


def test_known_faults_of_the_council_s_published_figures_are_said():
    surrey = beside(HALF["reviews.four_weeks"], PUBLISHED, "936", Period.of_year(2024))
    assert surrey.own is None                                       # withheld: a code and no number
    dorset = Published(faults=PUBLISHED.faults)
    dorset.add([number("838", PC, 100.0, "2024")])
    assert beside(HALF["plans_ex.within_20"], dorset, "838", Period.of_year(2024)).notes == ("called every plan an exception",)


@pytest.mark.parametrize("value, place", [
    (0, "below the 10th percentile"), (10, "between the 10th percentile and the lower quartile"), (24.9, "between the 10th percentile and the lower quartile"),
    (25, "between the lower quartile and the highest"), (99, "between the lower quartile and the highest"), (100, "at or above the highest")])
def test_where_a_value_lies_between_the_points_that_are_known(value, place):
    assert Spread("A", "2024", {"p10": 10, "p25": 25, "highest": 100}).place_of(value) == place


@pytest.mark.parametrize("value, tenth", [(0, 1), (1, 1), (10, 1), (11, 2), (50, 5), (100, 10), (200, 10)])
def test_the_tenths_of_all_councils(value, tenth):
    assert decile(value, range(1, 101)) == tenth


def test_with_every_council_s_number_the_tenth_is_said():
    published = Published()
    published.add([number(f"{n:03}", PC, float(n)) for n in range(1, 151)])
    assert beside(HALF["plans_ex.within_20"], published, None, YEAR).standing == "tenth 4 of 10 among 150 councils in 2025"


# --- equal to the DfE's ----------------------------------------------------------------------------------------------------------

COLUMNS = {"plans_issued_den_ex": 2, "plans_issued_20_weeks_ex": 1, "plans_issued_gt20weeks_ltYear_ex": 1, "plans_issued_gt_1_year_ex": 0}


def checked(**other):
    published = Published()
    published.add([number("886", column, float(other.get(column, value))) for column, value in COLUMNS.items()])
    return reconcile(HALF.values(), published, "886", YEAR)


def test_only_what_reconciles_in_every_count_is_equal_to_the_dfe_s():
    assert equal_to_dfe(checked(), YEAR) == {"plans_ex"}
    off = checked(plans_issued_gt20weeks_ltYear_ex=3)
    assert equal_to_dfe(off, YEAR) == set() and [check.figure for check in off if not check.is_equal] == ["plans_ex.to_a_year"]


def test_a_year_that_is_not_over_is_equal_to_nothing():
    assert equal_to_dfe(checked(), Period.up_to(date(2025, 12, 30))) == set()


def test_another_year_s_number_does_not_reconcile_and_a_code_is_not_equal():
    published = Published()
    published.add([number("886", "plans_issued_den_ex", 2.0, "2024")])
    assert reconcile(HALF.values(), published, "886", YEAR) == []
    published.add([number("886", "plans_issued_den_ex", None, missing="x")])
    [check] = reconcile(HALF.values(), published, "886", YEAR)
    assert not check.is_equal and check.missing == "x"


def test_england_s_number_is_nobody_s_own():
    published = Published()
    published.add([number("", "plans_issued_den_ex", 2.0, level=NATIONAL)])
    assert reconcile(HALF.values(), published, "886", YEAR) == [] and find(HALF.values(), "plans_ex").numerator == 2
