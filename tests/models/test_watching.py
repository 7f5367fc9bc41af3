"""When the engine did not look: the day before, the day, the day after; and the hour from which today counts."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.audit.answer import Asked
from models.audit.watched import figures, rows
from models.watching import LOOKS_BY, Mark, blind, unfinished

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def at(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)          # winter: UTC is the time in England


def mark(day: date, hour: int = 7, ended: bool = True, started: date | None = None, late: int = 0) -> Mark:
    began = at(started or day, hour)
    return Mark(day, began, began + timedelta(minutes=5) if ended else None, "run-1", late)


def days(marks, now, first=None):
    return [one.days for one in blind(marks, now, first)]


def test_a_round_every_day_leaves_nothing():
    marks = [mark(MONDAY + DAY * n) for n in range(5)]
    assert days(marks, at(MONDAY + DAY * 4, 12)) == []


@pytest.mark.parametrize("hour, minute, missed", [(8, 59, False), (9, 0, True)])
def test_today_counts_from_the_hour_at_which_its_round_should_be_complete(hour, minute, missed):
    assert (LOOKS_BY.hour, LOOKS_BY.minute) == (9, 0)
    found = blind([mark(MONDAY)], at(MONDAY + DAY, hour, minute))
    assert [one.days for one in found] == ([(MONDAY + DAY,)] if missed else [])
    if missed:
        assert (found[0].since, found[0].until) == (at(MONDAY), None)
        assert found[0].words() == "The engine has not looked since Mon 23 Nov 2026 07:00."


def test_days_between_two_rounds_are_one_time_with_both_moments_and_what_went_late():
    found, = blind([mark(MONDAY), mark(MONDAY + DAY * 3, 11, late=4)], at(MONDAY + DAY * 3, 12))
    assert found.days == (MONDAY + DAY, MONDAY + DAY * 2) and found.late_reminders == 4
    assert found.words() == "The engine did not look between Mon 23 Nov 2026 07:00 and Thu 26 Nov 2026 11:00."


def test_two_times_apart_are_two():
    marks = [mark(MONDAY), mark(MONDAY + DAY * 2), mark(MONDAY + DAY * 4)]
    assert days(marks, at(MONDAY + DAY * 4, 12)) == [(MONDAY + DAY,), (MONDAY + DAY * 3,)]


def test_a_round_that_did_not_end_is_no_look_and_is_told_after_a_day():
    killed = mark(MONDAY + DAY, ended=False)
    assert days([mark(MONDAY), killed], at(MONDAY + DAY, 12)) == [(MONDAY + DAY,)]
    assert unfinished([mark(MONDAY), killed], at(MONDAY + DAY * 2, 7)) == []
    assert unfinished([mark(MONDAY), killed], at(MONDAY + DAY * 2, 7, 1)) == [killed]


def test_a_round_for_a_past_day_did_not_look_on_that_day():
    made_good = mark(MONDAY + DAY, started=MONDAY + DAY * 2)
    assert days([mark(MONDAY), made_good, mark(MONDAY + DAY * 2)], at(MONDAY + DAY * 2, 12)) == [(MONDAY + DAY,)]
    late_in_the_day = mark(MONDAY + DAY, hour=23)
    assert days([mark(MONDAY), late_in_the_day], at(MONDAY + DAY, 23, 30)) == []


def test_the_day_is_that_of_england():
    summer = date(2026, 7, 1)
    before_midnight = Mark(summer, datetime(2026, 6, 30, 23, 30, tzinfo=UTC), datetime(2026, 6, 30, 23, 40, tzinfo=UTC), None)
    assert days([before_midnight], datetime(2026, 7, 1, 9, 0, tzinfo=UTC)) == []


@pytest.mark.parametrize("now, missed", [(at(MONDAY, 23), ()), (at(MONDAY + DAY, 8), ()), (at(MONDAY + DAY, 9), (MONDAY + DAY,))])
def test_before_any_round_days_count_from_the_day_after_the_first_fact(now, missed):
    found = blind([], now, at(MONDAY, 15))
    assert [one.days for one in found] == ([missed] if missed else [])
    if missed:
        assert found[0].words() == "The engine did not look yet, though there are cases."
    assert blind([], now) == []


def test_the_audit_of_a_period():
    marks = [mark(MONDAY), mark(MONDAY + DAY * 3)]
    now = at(MONDAY + DAY * 3, 12)
    times = blind(marks, now)
    asked = Asked(MONDAY + DAY * 3, MONDAY, MONDAY + DAY * 2)
    row, = rows(times, marks, now, asked)
    assert (row.days, row.first_day, row.last_day, row.since, row.until) == (
        2, MONDAY + DAY, MONDAY + DAY * 2, "2026-11-23T07:00:00Z", "2026-11-26T07:00:00Z")
    told, = figures(times, marks, asked)
    assert (told.numerator, told.denominator) == (1, 3)
    assert list(rows(times, marks, now, Asked(MONDAY, MONDAY + DAY * 3, None))) == []
