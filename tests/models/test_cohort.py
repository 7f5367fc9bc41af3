"""Who changes the phase of education in the next calendar year (regs 2(1), 18), by school year and kind of setting."""

from datetime import date

import pytest

from models.cohort import transfer_ahead, year_group

SEPTEMBER = date(2026, 9, 1)


@pytest.mark.parametrize("born, group", [
    (date(2015, 8, 31), 7), (date(2015, 9, 1), 6), (date(2016, 8, 31), 6), (date(2016, 9, 1), 5), (date(2022, 8, 31), 0)])
def test_a_year_group_is_that_of_the_school_year_of_birth(born, group):
    assert year_group(born, SEPTEMBER) == group


@pytest.mark.parametrize("day, year", [(date(2026, 8, 31), 2026), (SEPTEMBER, 2027), (date(2027, 1, 4), 2027), (date(2027, 8, 31), 2027)])
def test_the_transfers_are_those_of_the_calendar_year_after_that_september(day, year):
    assert transfer_ahead(date(2015, 9, 1), "academy", day).year == year


@pytest.mark.parametrize("born, setting, transfer", [
    (date(2015, 9, 1), "school", "other"),
    (date(2016, 8, 31), "non_maintained_special", "other"),
    (date(2016, 9, 1), "school", None),
    (date(2010, 9, 1), "school", "secondary_to_post16"),
    (date(2011, 8, 31), "academy", "secondary_to_post16"),
    (date(2010, 8, 31), "school", None),                    # year 12: staying in a sixth form is no transfer
    (date(2010, 9, 1), "fe_college", None),                 # at college already
    (date(2022, 9, 1), "early_years", "other"),             # reception begins in September 2027
    (date(2023, 8, 31), "maintained_nursery", "other"),
    (date(2022, 9, 1), "school", None),
    (date(2023, 9, 1), "early_years", None),                # a year too young
    (date(2019, 9, 1), "infant_school", "other"),
    (date(2019, 9, 1), "primary_school", None),
    (date(2020, 9, 1), "infant_school", None),              # year 1
])
def test_which_transfer_lies_ahead(born, setting, transfer):
    found = transfer_ahead(born, setting, SEPTEMBER)
    assert (found.transfer, found.unclear) == (transfer, False) and found.why


@pytest.mark.parametrize("born, setting", [
    (date(2015, 9, 1), None), (date(2010, 9, 1), "none"), (date(2022, 9, 1), None), (date(2019, 9, 1), "school"), (date(2019, 9, 1), None)])
def test_what_the_record_does_not_tell_is_for_a_person_to_look_at(born, setting):
    found = transfer_ahead(born, setting, SEPTEMBER)
    assert found.unclear and found.transfer is None


def test_nothing_is_asked_of_a_setting_where_no_phase_ends():
    assert not transfer_ahead(date(2014, 9, 1), None, SEPTEMBER).unclear
