"""Every statutory phrase as a function from a day to a day (law page 1.0.1, 2.1)."""

from datetime import date

import pytest

from models.law.dates import CannotCount, Limit, add_months, long, step_working_days, weeks_and_days
from tests.law.told import CLOSED

D = date


@pytest.mark.parametrize(("function", "n", "start", "last"), [
    pytest.param("W", 6, D(2026, 3, 2), D(2026, 4, 13), id="within 6 weeks of: the day itself is not counted"),
    pytest.param("W", 16, D(2026, 3, 2), D(2026, 6, 22), id="16 weeks are 112 days"),
    pytest.param("W", 20, D(2026, 3, 2), D(2026, 7, 20), id="20 weeks are 140 days"),
    pytest.param("WB", 20, D(2026, 3, 2), D(2026, 7, 19), id="20 weeks beginning with: the day is day 1"),
    pytest.param("WB", 5, D(2027, 3, 4), D(2027, 4, 7), id="5 weeks beginning with the recommendation"),
    pytest.param("D", 15, D(2026, 10, 12), D(2026, 10, 27), id="within 15 days of"),
    pytest.param("D", 30, D(2026, 12, 21), D(2027, 1, 20), id="30 calendar days over Christmas"),
    pytest.param("DMIN", 15, D(2026, 10, 12), D(2026, 10, 26), id="at least 15 days beginning with"),
    pytest.param("DMIN", 15, D(2026, 12, 18), D(2027, 1, 1), id="a bank holiday counts in a window of days"),
    pytest.param("WD", 3, D(2026, 12, 21), D(2026, 12, 24), id="three working days before Christmas"),
    pytest.param("WD", 3, D(2027, 1, 20), D(2027, 1, 25), id="three working days over a weekend"),
    pytest.param("WD", 1, D(2026, 12, 24), D(2026, 12, 29), id="the next working day after Christmas Eve 2026"),
    pytest.param("WDB", 15, D(2026, 11, 23), D(2026, 12, 11), id="a working day is day 1"),
    pytest.param("WDB", 15, D(2026, 11, 22), D(2026, 12, 11), id="a Sunday is not"),
    pytest.param("WDB", 1, D(2026, 11, 23), D(2026, 11, 23), id="one working day beginning with a working day"),
    pytest.param("WDB", 1, D(2026, 11, 21), D(2026, 11, 23), id="one working day beginning with a Saturday"),
    pytest.param("NOTW", 2, D(2026, 10, 1), D(2026, 9, 17), id="at least two weeks before"),
    pytest.param("NOTWD", 5, D(2027, 1, 20), D(2027, 1, 13), id="five working days before"),
    pytest.param("M", 2, D(2027, 12, 31), D(2028, 2, 29), id="no 31 February in a leap year: its last day"),
    pytest.param("M", 2, D(2026, 12, 31), D(2027, 2, 28), id="nor in another year"),
    pytest.param("M", 1, D(2027, 1, 25), D(2027, 2, 25), id="the corresponding date"),
    pytest.param("M", 12, D(2028, 2, 29), D(2029, 2, 28), id="a year from a leap day"),
    pytest.param("MB", 12, D(2026, 4, 15), D(2027, 4, 14), id="12 months beginning with: the day before"),
    pytest.param("MB", 12, D(2028, 2, 29), D(2029, 2, 28), id="12 months beginning with 29 February: no such day, so the last of February"),
    pytest.param("MB", 3, D(2026, 11, 30), D(2027, 2, 28), id="three months beginning with 30 November"),
    pytest.param("MB", 3, D(2026, 12, 11), D(2027, 3, 10), id="three months beginning with the transfer"),
    pytest.param("BEFORE", 0, D(2027, 2, 15), D(2027, 2, 14), id="before 15 February"),
    pytest.param("BEFORE", 0, D(2028, 3, 1), D(2028, 2, 29), id="before 1 March of a leap year"),
    pytest.param("MBEF", 5, D(2027, 9, 1), D(2027, 4, 1), id="at least five months before"),
])
def test_the_last_compliant_day(function, n, start, last):
    assert Limit(function, n).last_day(start, CLOSED) == last


@pytest.mark.parametrize("weekday", range(7))
def test_no_limit_of_weeks_rolls_over_a_weekend_or_a_holiday(weekday):
    start = D(2026, 11, 9 + weekday)
    assert Limit("W", 6).last_day(start).weekday() == start.weekday()


def test_only_working_days_look_at_the_bank_holidays():
    assert Limit("W", 6).last_day(D(2026, 11, 13)) == D(2026, 12, 25)
    with pytest.raises(CannotCount, match="the bank holidays are needed"):
        Limit("WD", 3).last_day(D(2026, 11, 13))


def test_working_days_are_monday_to_friday_without_the_tribunals_august_and_christmas_rule():
    assert Limit("WD", 1).last_day(D(2026, 8, 3), CLOSED) == D(2026, 8, 4)
    assert Limit("WD", 1).last_day(D(2026, 12, 29), CLOSED) == D(2026, 12, 30)
    assert Limit("WD", 30).last_day(D(2026, 7, 20), CLOSED) == D(2026, 9, 1)     # a plain count, over 31 August


@pytest.mark.parametrize(("start", "count", "end"), [(D(2026, 12, 24), 1, D(2026, 12, 29)), (D(2026, 12, 29), -1, D(2026, 12, 24)),
                                                     (D(2026, 12, 26), 0, D(2026, 12, 26))])
def test_working_days_are_stepped_both_ways(start, count, end):
    assert step_working_days(start, count, CLOSED) == end


@pytest.mark.parametrize(("day", "months", "end"), [
    (D(2026, 1, 31), 1, D(2026, 2, 28)), (D(2028, 1, 31), 1, D(2028, 2, 29)), (D(2026, 12, 15), 1, D(2027, 1, 15)),
    (D(2026, 1, 15), -1, D(2025, 12, 15)), (D(2026, 3, 31), -1, D(2026, 2, 28)), (D(2028, 2, 29), -12, D(2027, 2, 28)),
])
def test_months_go_to_the_corresponding_date_or_the_last_of_the_month(day, months, end):
    assert add_months(day, months) == end


@pytest.mark.parametrize("function", ["W", "WB", "D", "DMIN", "WD", "WDB", "M", "MB"])
def test_a_limit_off_the_end_of_the_calendar_says_so(function):
    with pytest.raises(CannotCount, match="runs off the calendar"):
        Limit(function, 20).last_day(date.max, CLOSED)


@pytest.mark.parametrize("function", ["NOTW", "NOTWD", "BEFORE", "MBEF"])
def test_and_one_off_its_beginning(function):
    with pytest.raises(CannotCount, match="runs off the calendar"):
        Limit(function, 20).last_day(date.min, CLOSED)


def test_a_phrase_that_is_not_in_the_law_is_no_limit():
    with pytest.raises(CannotCount, match="is no way of counting; use one of W, WB"):
        Limit("weeks", 6)


@pytest.mark.parametrize(("function", "n", "words"), [
    ("W", 6, "within 6 weeks of Mon 2 Mar 2026: that day not counted, + 42 days = Mon 13 Apr 2026"),
    ("WB", 6, "6 weeks beginning with Mon 2 Mar 2026: that day is day 1, + 41 days = Sun 12 Apr 2026"),
    ("DMIN", 15, "at least 15 days beginning with Mon 2 Mar 2026: that day is day 1, + 14 calendar days = Mon 16 Mar 2026"),
    ("D", 15, "within 15 days of Mon 2 Mar 2026: that day not counted, + 15 calendar days = Tue 17 Mar 2026"),
    ("M", 2, "within 2 months of Mon 2 Mar 2026: corresponding date 2 months on = Sat 2 May 2026"),
    ("WD", 3, "within 3 working days of Mon 2 Mar 2026: working day 3 after it = Thu 5 Mar 2026"),
    ("WDB", 3, "within 3 working days beginning with Mon 2 Mar 2026: that day is day 1 if it is a working day, to working day 3"
               " = Wed 4 Mar 2026"),
])
def test_the_arithmetic_is_said_in_words(function, n, words):
    assert Limit(function, n).working(D(2026, 3, 2), CLOSED) == words


def test_only_the_window_is_a_floor():
    assert [name for name in ("W", "WB", "D", "DMIN", "WD", "WDB", "M", "MB") if Limit(name, 1).is_a_floor] == ["DMIN"]


@pytest.mark.parametrize(("days", "words"), [(0, "0 days"), (1, "1 day"), (6, "6 days"), (7, "1 week"), (8, "1 week 1 day"),
                                             (14, "2 weeks"), (90, "12 weeks 6 days")])
def test_lateness_is_said_in_weeks_and_days(days, words):
    assert weeks_and_days(days) == words


def test_a_day_is_written_as_people_write_it():
    assert long(D(2028, 2, 29)) == "Tue 29 Feb 2028"
