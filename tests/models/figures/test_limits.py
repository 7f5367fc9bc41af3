"""Every figure with a limit, at the day before, the day, and the day after."""

from datetime import date

import pytest

from models.figures.period import Period
from models.sen2.record import Active, Assessment, Person, Plan, Request
from tests.models.figures.builders import RECEIVED, YEAR, days, figures, issued, person, requested, with_plan


def holds(found, id):
    """The numerator of a figure, of one case: whether it is in it."""
    return found[id].numerator == 1


@pytest.mark.parametrize("after, band", [
    (139, "within_20"), (140, "within_20"), (141, "to_a_year"), (363, "to_a_year"), (364, "to_a_year")])
@pytest.mark.parametrize("variant", ["plans_ex", "plans", "all_plans_ex", "all_plans"])
def test_a_plan_is_in_one_band(after, band, variant):
    found = figures(issued(after, received=date(2025, 1, 1)))
    assert found[variant].numerator == 1
    assert [name for name in ("within_20", "to_a_year", "over_a_year") if holds(found, f"{variant}.{name}")] == [band]


@pytest.mark.parametrize("after, over", [(364, False), (365, True), (366, True)])
def test_more_than_52_weeks(after, over):
    assert holds(figures(issued(after, received=date(2024, 6, 3))), "plans_ex.over_a_year") is over


@pytest.mark.parametrize("after, first, second, boundary", [
    (138, True, True, False), (139, True, True, False), (140, True, False, True), (141, False, False, False)])
def test_both_counts_of_twenty_weeks_differ_on_one_day(after, first, second, boundary):
    found = figures(issued(after))
    assert (holds(found, "plans_ex.within_20"), holds(found, "plans_ex.within_139"), holds(found, "plans_ex.last_day")) == (first, second, boundary)


@pytest.mark.parametrize("after, in_time", [(41, True), (42, True), (43, False)])
def test_a_decision_within_six_weeks(after, in_time):
    found = figures(requested("N", after))
    assert holds(found, "decisions.six_weeks") is in_time and holds(found, "decisions.over_six_weeks") is not in_time
    assert holds(found, "decisions.last_day") is (after == 42)


@pytest.mark.parametrize("after, in_time", [(111, True), (112, True), (113, False)])
def test_no_plan_told_within_sixteen_weeks(after, in_time):
    found = figures(requested("Y", assessment=Assessment(outcome="N", outcome_date=days(after))))
    assert holds(found, "not_issued.sixteen_weeks") is in_time and holds(found, "not_issued.over_sixteen_weeks") is not in_time


@pytest.mark.parametrize("after, in_time", [(27, True), (28, True), (29, False)])
def test_a_review_decision_within_four_weeks(after, in_time):
    meeting = date(2025, 3, 3)
    found = figures(with_plan(active=Active(review_meeting=meeting, last_review=days(after, meeting), review_outcome="M")))
    assert holds(found, "reviews.four_weeks") is in_time and holds(found, "reviews.over_four_weeks") is not in_time
    assert holds(found, "reviews.maintain")


@pytest.mark.parametrize("final, where", [
    (date(2025, 2, 14), "in_time"), (date(2025, 2, 15), "late"), (date(2025, 2, 16), "late"), (None, "outstanding"), (date(2024, 12, 1), "in_time")])
def test_a_phase_transfer_is_in_time_before_its_day(final, where):
    found = figures(with_plan(active=Active(transfer_due=date(2025, 2, 15), transfer_final=final)))
    assert [name for name in ("in_time", "late", "outstanding") if holds(found, f"transfers_due.{name}")] == [where]


@pytest.mark.parametrize("received, is_in", [
    (date(2024, 12, 31), False), (date(2025, 1, 1), True), (date(2025, 12, 31), True), (date(2026, 1, 1), False)])
def test_the_year_of_a_request(received, is_in):
    assert holds(figures(requested("A", None, received=received)), "requests") is is_in


@pytest.mark.parametrize("start, new, in_stock", [
    (date(2024, 12, 31), False, True), (date(2025, 1, 1), True, True), (date(2025, 12, 31), True, True), (date(2026, 1, 1), False, True),
    (date(2026, 1, 15), False, True), (date(2026, 1, 16), False, False)])
def test_new_plans_go_by_the_year_and_the_stock_by_the_survey_day(start, new, in_stock):
    found = figures(with_plan(start=start))
    assert (holds(found, "new_plans"), holds(found, "stock")) == (new, in_stock)


@pytest.mark.parametrize("cease, ended, in_stock", [
    (date(2024, 12, 31), False, False), (date(2025, 1, 1), True, False), (date(2025, 12, 31), True, False), (date(2026, 1, 14), False, False),
    (date(2026, 1, 15), False, False), (date(2026, 1, 16), False, True)])
def test_a_plan_that_ends(cease, ended, in_stock):
    found = figures(with_plan(cease=(cease, "2")))
    assert (holds(found, "ceased"), holds(found, "ceased.needs_met"), holds(found, "stock")) == (ended, ended, in_stock)


@pytest.mark.parametrize("start, expected", [(date(2024, 12, 30), True), (date(2024, 12, 31), True), (date(2025, 1, 1), False)])
def test_a_review_is_expected_of_a_plan_that_started_before_the_year(start, expected):
    assert holds(figures(with_plan(start=start)), "reviews_expected") is expected


@pytest.mark.parametrize("last, where", [
    (date(2024, 12, 31), "before"), (date(2025, 1, 1), "completed"), (date(2025, 12, 31), "completed"), (date(2026, 1, 1), "after"), (None, "none")])
def test_when_the_last_review_was_completed(last, where):
    found = figures(with_plan(active=Active(last_review=last)))
    assert [name for name in ("completed", "before", "after", "none") if holds(found, f"reviews_expected.{name}")] == [where]


@pytest.mark.parametrize("limit, figure", [(42, "open.past_six_weeks"), (140, "open.past_20_weeks"), (364, "open.past_a_year")])
@pytest.mark.parametrize("more, past", [(-1, False), (0, False), (1, True)])
def test_open_work_that_is_past_its_limit(limit, figure, more, past):
    found = figures(requested("A", None), period=Period.up_to(days(limit + more)))
    assert holds(found, "open") and holds(found, figure) is past


# --- who is in which base ---------------------------------------------------------------------------------------------------

def bases(one: Person):
    found = figures(one)
    return {id for id in ("plans_ex", "plans", "all_plans_ex", "all_plans") if found[id].numerator}


def test_an_exception_leaves_the_headline_and_stays_in_the_other():
    assert bases(issued(150, exception=True)) == {"plans", "all_plans"}
    assert bases(issued(150, exception=None)) == {"plans", "plans_ex", "all_plans", "all_plans_ex"}


def test_a_refusal_that_was_reversed_is_not_in_the_dfe_s_base():
    assert bases(issued(150, outcome="N")) == {"all_plans", "all_plans_ex"}


def test_a_plan_under_a_no_is_in_the_base_of_all_alone():
    one = requested("Y", assessment=Assessment(outcome="N", outcome_date=days(100), plan=Plan(start=days(200))))
    assert bases(one) == {"all_plans", "all_plans_ex"}
    assert figures(one)["all_plans.to_a_year"].numerator == 1


def test_without_the_day_of_the_request_there_is_no_time():
    found = figures(issued(150, received=None))
    assert not found["plans"].numerator and holds(found, "all_plans.undated") and not holds(found, "all_plans.within_20")
    assert found["all_plans.mean"].value is None


def test_a_request_after_its_outcome_is_impossible_and_not_within_anything():
    one = person(Request(key="A1", received=days(10), outcome="Y", outcome_date=days(11), assessment=Assessment(
        outcome="Y", outcome_date=days(9), plan=Plan(start=days(9)))))
    assert bases(one) == {"all_plans", "all_plans_ex"} and holds(figures(one), "all_plans.undated")


def test_the_plan_s_start_stands_in_for_a_missing_day_in_the_base_of_all():
    one = requested("Y", assessment=Assessment(outcome="Y", plan=Plan(start=days(100))))
    assert bases(one) == {"all_plans", "all_plans_ex"} and holds(figures(one), "all_plans.within_20")


def test_a_plan_of_an_earlier_year_or_of_another_council_was_not_issued_here():
    assert bases(with_plan(start=date(2025, 3, 1))) == set()
    moved = with_plan(start=date(2025, 3, 1), active=Active(transferred_from="202"))
    assert not figures(moved)["new_plans"].numerator and figures(with_plan(start=date(2025, 3, 1)))["new_plans"].numerator


def test_an_older_decision_to_assess_still_counts_towards_the_time():
    one = person(Request(key="A1", received=date(2024, 10, 1), outcome="H", assessment=Assessment(
        outcome="Y", outcome_date=date(2025, 2, 1), exception=False, plan=Plan(start=date(2025, 2, 1)))))
    found = figures(one)
    assert holds(found, "plans_ex.within_20") and not found["requests"].numerator and not found["decisions"].numerator


# --- as of a day ----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("day, outcome", [(29, "undecided"), (30, "assess"), (31, "assess")])
def test_what_was_told_later_was_not_decided_on_the_day(day, outcome):
    found = figures(issued(150), period=Period.up_to(days(day)))
    assert holds(found, f"requests.{outcome}") and holds(found, "decisions") is (outcome == "assess")


@pytest.mark.parametrize("day, stage, plan", [
    (29, "considering", 0), (30, "assessing", 0), (149, "assessing", 0), (150, None, 1), (151, None, 1)])
def test_open_work_moves_on_day_by_day(day, stage, plan):
    found = figures(issued(150), period=Period.up_to(days(day)))
    assert [name for name in ("considering", "assessing", "issuing") if holds(found, f"open.{name}")] == ([stage] if stage else [])
    assert found["plans"].numerator == found["stock"].numerator == plan


def test_a_plan_to_be_issued_is_open_until_it_is():
    found = figures(requested("Y", assessment=Assessment(outcome="Y")))
    assert holds(found, "open.issuing") and not found["assessments"].numerator


@pytest.mark.parametrize("one", [requested("W", None), requested("N"), requested("A", None, exported="202"),
                                 requested("Y", assessment=Assessment(outcome="W"))])
def test_what_has_ended_is_not_open(one):
    assert not figures(one)["open"].numerator


def test_a_year_that_is_not_over_is_counted_so_far():
    period = Period.of_year(2026, today=date(2026, 11, 28))
    assert (period.since, period.until, period.stock_on, period.is_whole) == (date(2026, 1, 1), date(2026, 11, 28), date(2026, 11, 28), False)
    after = Period.of_year(2025, today=date(2026, 1, 10))
    assert after.is_whole and after.stock_on == date(2026, 1, 10) and YEAR.stock_on == date(2026, 1, 15)
    with pytest.raises(ValueError, match="2027 has not begun"):
        Period.of_year(2027, today=date(2026, 11, 28))


def test_averages_are_in_weeks_and_over_the_cases_that_are_dated():
    found = figures(issued(70, "A1"), issued(140, "A2"), issued(294, "A3"), issued(10, "A4", received=None))
    assert found["plans_ex.mean"].value == 24 and found["plans_ex.median"].value == 20
    assert (found["all_plans.mean"].numerator, found["all_plans.mean"].denominator) == (504, 3)
    assert found["all_plans.mean"].cases == ("A1", "A2", "A3") and RECEIVED < days(1)
