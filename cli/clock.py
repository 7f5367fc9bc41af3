"""The days that a person types, and the one place of the command line that reads the clock (Europe/London)."""

import re
from datetime import UTC, date, datetime


def today() -> date:
    """The civil day in England."""
    import pendulum

    now = pendulum.now("Europe/London")
    return date(now.year, now.month, now.day)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD. Raises ValueError that says what to write instead.

    >>> parse_day("2026-03-02")
    datetime.date(2026, 3, 2)
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is no day: write it as YYYY-MM-DD, such as 2026-03-02.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is not in the calendar. Check the day and the month (YYYY-MM-DD).") from None
