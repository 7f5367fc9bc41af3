"""The bank holidays of England, against the dates that were proclaimed (gov.uk/bank-holidays), one-off days among them."""

from datetime import date, timedelta

import pytest

from models.calendar import bank_holidays

# Good Friday, Easter Monday, early May, spring and summer bank holidays; then those at the turn of the year.
MOVEABLE = {
    2014: ("04-18", "04-21", "05-05", "05-26", "08-25"), 2015: ("04-03", "04-06", "05-04", "05-25", "08-31"),
    2016: ("03-25", "03-28", "05-02", "05-30", "08-29"), 2017: ("04-14", "04-17", "05-01", "05-29", "08-28"),
    2018: ("03-30", "04-02", "05-07", "05-28", "08-27"), 2019: ("04-19", "04-22", "05-06", "05-27", "08-26"),
    2020: ("04-10", "04-13", "05-08", "05-25", "08-31"), 2021: ("04-02", "04-05", "05-03", "05-31", "08-30"),
    2022: ("04-15", "04-18", "05-02", "06-02", "08-29"), 2023: ("04-07", "04-10", "05-01", "05-29", "08-28"),
    2024: ("03-29", "04-01", "05-06", "05-27", "08-26"), 2025: ("04-18", "04-21", "05-05", "05-26", "08-25"),
    2026: ("04-03", "04-06", "05-04", "05-25", "08-31"), 2027: ("03-26", "03-29", "05-03", "05-31", "08-30"),
    2028: ("04-14", "04-17", "05-01", "05-29", "08-28"),
}
TURN_OF_THE_YEAR = {
    2014: ("01-01", "12-25", "12-26"), 2015: ("01-01", "12-25", "12-28"), 2016: ("01-01", "12-26", "12-27"),
    2017: ("01-02", "12-25", "12-26"), 2018: ("01-01", "12-25", "12-26"), 2019: ("01-01", "12-25", "12-26"),
    2020: ("01-01", "12-25", "12-28"), 2021: ("01-01", "12-27", "12-28"), 2022: ("01-03", "12-26", "12-27"),
    2023: ("01-02", "12-25", "12-26"), 2024: ("01-01", "12-25", "12-26"), 2025: ("01-01", "12-25", "12-26"),
    2026: ("01-01", "12-25", "12-28"), 2027: ("01-01", "12-27", "12-28"), 2028: ("01-03", "12-25", "12-26"),
}
ONE_OFF = {
    date(2022, 6, 3): "the Platinum Jubilee",
    date(2022, 9, 19): "the State Funeral of Queen Elizabeth II",
    date(2023, 5, 8): "the Coronation",
}
CLOSED = bank_holidays()


def proclaimed(year: int) -> set[date]:
    days = {date.fromisoformat(f"{year}-{day}") for day in (*MOVEABLE[year], *TURN_OF_THE_YEAR[year])}
    return days | {day for day in ONE_OFF if day.year == year}


@pytest.mark.parametrize("year", MOVEABLE)
def test_every_weekday_of_the_year_is_a_bank_holiday_exactly_if_it_was_proclaimed_one(year):
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    weekdays = {day for day in days if day.year == year and day.weekday() < 5}
    assert {day for day in weekdays if day in CLOSED} == proclaimed(year)


@pytest.mark.parametrize("day", ONE_OFF, ids=ONE_OFF.values())
def test_one_off_holidays_are_known(day):
    assert day in CLOSED


@pytest.mark.parametrize(("moved", "instead"), [(date(2020, 5, 4), date(2020, 5, 8)), (date(2022, 5, 30), date(2022, 6, 2))])
def test_a_holiday_that_was_moved_is_on_its_new_day_only(moved, instead):
    assert moved not in CLOSED
    assert instead in CLOSED


@pytest.mark.parametrize("day", [date(2026, 3, 17), date(2026, 7, 13), date(2026, 8, 3), date(2026, 1, 2), date(2026, 11, 30)])
def test_the_holidays_of_the_other_nations_are_working_days_in_england(day):
    assert day not in CLOSED


def test_a_holiday_that_is_proclaimed_later_can_be_added():
    day = date(2027, 6, 4)
    assert day not in CLOSED
    assert day in bank_holidays((day,))
    assert date(2027, 12, 28) in bank_holidays((day,))


def test_what_is_no_day_is_no_holiday():
    assert "2026-12-25" not in CLOSED
    assert None not in CLOSED
