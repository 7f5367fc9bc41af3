"""How the law counts days: each statutory phrase as a function from a day to a day.

All days are civil dates in Europe/London. Every function answers the last compliant
calendar day. Nothing rolls a day forward over a weekend or a holiday: no rule of the
SEND Regulations does. Only functions that count working days look at bank holidays.
"""

import calendar
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

BankHolidays = Container[date]


class CannotCount(ValueError):
    """A limit that cannot be counted: working days without bank holidays, or a day off the calendar."""


def is_working_day(day: date, bank_holidays: BankHolidays) -> bool:
    """Monday to Friday, but not a bank holiday in England. The Regulations do not define it.

    >>> is_working_day(date(2026, 12, 25), {date(2026, 12, 25)})
    False
    """
    return day.weekday() < 5 and day not in bank_holidays


def add_months(day: date, months: int) -> date:
    """The corresponding date, or the month's last day where there is none (Dodds v Walker [1981] 1 WLR 1027).

    >>> add_months(date(2027, 12, 31), 2)
    datetime.date(2028, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def step_working_days(day: date, count: int, bank_holidays: BankHolidays) -> date:
    """The `count`-th working day after `day`, or before it where `count` is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, bank_holidays)
    return day


@lru_cache(maxsize=10_000)
def long(day: date) -> str:
    """A day as people write it.

    >>> long(date(2026, 3, 2))
    'Mon 2 Mar 2026'
    """
    return f"{day:%a} {day.day} {day:%b %Y}"


def weeks_and_days(days: int) -> str:
    """A number of days as courts and the Ombudsman state lateness.

    >>> weeks_and_days(90), weeks_and_days(14), weeks_and_days(1)
    ('12 weeks 6 days', '2 weeks', '1 day')
    """
    weeks, rest = divmod(days, 7)
    parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in ((weeks, "week"), (rest, "day")) if n]
    return " ".join(parts) or "0 days"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit: `function` names the statutory phrase, `n` its length in the phrase's own unit.

    | function | the law says | last compliant day |
    |---|---|---|
    | W | within n weeks of | start + 7n |
    | WB | n weeks beginning with | start + 7n - 1 |
    | D | within n days of | start + n |
    | DMIN | at least n days beginning with | the window's last day, start + n - 1 |
    | WD | within n working days of | n-th working day after |
    | WDB | within n working days beginning with | as WD, but the start counts if it is a working day |
    | NOTW | at least n weeks before | start - 7n |
    | NOTWD | at least n working days before | n-th working day before |
    | M | within n months of | corresponding date |
    | MB | n months beginning with | the day before the corresponding date; without one the month's last day |
    | BEFORE | before | the day before |
    | MBEF | at least n months before | start minus n months |
    """

    function: str
    n: int = 0

    def __post_init__(self) -> None:
        if self.function not in _PHRASES:
            raise CannotCount(f"{self.function!r} is no way of counting; use one of {', '.join(_PHRASES)}.")

    @property
    def phrase(self) -> str:
        """The statutory phrase with its number, such as "within 6 weeks of"."""
        return _PHRASES[self.function].format(n=self.n)

    @property
    def is_a_floor(self) -> bool:
        """Whether it protects a window that must run its course, and is no deadline."""
        return self.function == "DMIN"

    def last_day(self, start: date, bank_holidays: BankHolidays | None = None) -> date:
        """The last compliant day of the period that `start` sets running.

        >>> Limit("W", 6).last_day(date(2026, 3, 2))
        datetime.date(2026, 4, 13)
        >>> Limit("DMIN", 15).last_day(date(2026, 10, 12))
        datetime.date(2026, 10, 26)
        """
        n = self.n
        try:
            match self.function:
                case "W":
                    return start + timedelta(days=7 * n)
                case "WB":
                    return start + timedelta(days=7 * n - 1)
                case "D":
                    return start + timedelta(days=n)
                case "DMIN":
                    return start + timedelta(days=n - 1)
                case "NOTW":
                    return start - timedelta(days=7 * n)
                case "BEFORE":
                    return start - timedelta(days=1)
                case "M":
                    return add_months(start, n)
                case "MB":
                    last = add_months(start, n)
                    return last - timedelta(days=1) if last.day == start.day else last
                case "MBEF":
                    return add_months(start, -n)
            if bank_holidays is None:
                raise CannotCount(f"{self.phrase!r} counts working days, so the bank holidays are needed.")
            match self.function:
                case "WDB":
                    count = n - is_working_day(start, bank_holidays)
                    return step_working_days(start, count, bank_holidays) if count else start
                case "NOTWD":
                    return step_working_days(start, -n, bank_holidays)
            return step_working_days(start, n, bank_holidays)
        except (OverflowError, ValueError) as error:
            if isinstance(error, CannotCount):
                raise
            raise CannotCount(f"{self.phrase} {start.isoformat()} runs off the calendar.") from error

    def working(self, start: date, bank_holidays: BankHolidays | None = None) -> str:
        """The arithmetic in words.

        >>> Limit("W", 6).working(date(2026, 3, 2))
        'within 6 weeks of Mon 2 Mar 2026: that day not counted, + 42 days = Mon 13 Apr 2026'
        """
        how = _ARITHMETIC[self.function].format(n=self.n, days=7 * self.n, less=7 * self.n - 1, short=self.n - 1)
        return f"{self.phrase} {long(start)}: {how} = {long(self.last_day(start, bank_holidays))}"


_PHRASES = {
    "W": "within {n} weeks of", "WB": "{n} weeks beginning with", "D": "within {n} days of",
    "DMIN": "at least {n} days beginning with", "WD": "within {n} working days of",
    "WDB": "within {n} working days beginning with", "NOTW": "at least {n} weeks before",
    "NOTWD": "at least {n} working days before", "M": "within {n} months of",
    "MB": "{n} months beginning with", "BEFORE": "before", "MBEF": "at least {n} months before",
}
_ARITHMETIC = {
    "W": "that day not counted, + {days} days", "WB": "that day is day 1, + {less} days",
    "D": "that day not counted, + {n} calendar days", "DMIN": "that day is day 1, + {short} calendar days",
    "WD": "working day {n} after it",
    "WDB": "that day is day 1 if it is a working day, to working day {n}",
    "NOTW": "- {days} days", "NOTWD": "working day {n} before it",
    "M": "corresponding date {n} months on", "MB": "that day is the first, to the day before the corresponding date {n} months on",
    "BEFORE": "the day before it", "MBEF": "corresponding date {n} months earlier",
}
