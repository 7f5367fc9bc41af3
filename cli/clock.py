"""The days that a person types, and the one place of the command line that reads the clock (Europe/London)."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

import typer


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


def _typed(text: str | date) -> date:
    if isinstance(text, date):
        return text
    try:
        return parse_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def day_option(*names: str, help: str) -> typer.models.OptionInfo:
    """An option whose value is a day."""
    return typer.Option(*names, parser=_typed, metavar="DATE", help=help, show_default=False)


On = Annotated[date | None, day_option("--on", help="The day to look from, YYYY-MM-DD; today if left out.")]
