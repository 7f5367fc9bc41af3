"""The time that figures are about: what happened between two days, and how things stood on a day; and how days are counted."""

from dataclasses import dataclass
from datetime import date

from models.sen2.codes import SURVEY_DAYS

WEEK = 7
SIX_WEEKS, SIXTEEN_WEEKS, TWENTY_WEEKS, A_YEAR, FOUR_WEEKS = 6 * WEEK, 16 * WEEK, 20 * WEEK, 52 * WEEK, 4 * WEEK
"""Limits in days, the day of receipt not counted, both ends of a band included. The weeks are the DfE's; that the last day is still
in time is worked out from its published figures, and is the law's own count (reg 13(2), "within 20 weeks of")."""

OTHER_COUNT = TWENTY_WEEKS - 1
"""The last day of twenty weeks on the other count, on which the day of receipt is day 1."""


@dataclass(frozen=True, slots=True)
class Period:
    """Events from `since` to `until`, both included; plans and open work as on `stock_on`."""

    since: date
    until: date
    stock_on: date

    @classmethod
    def of_year(cls, year: int, today: date | None = None) -> "Period":
        """A calendar year with the stock on the survey day that follows, as the DfE counts; so far, if `today` is before that.

        Raises ValueError if the year has not begun by `today`.
        """
        since, until = date(year, 1, 1), date(year, 12, 31)
        if today is not None and today < since:
            raise ValueError(f"{year} has not begun on {today.isoformat()}. Give a year that has, or a day with --on.")
        survey = SURVEY_DAYS.get(year + 1, until)
        return cls(since, min(until, today or until), min(survey, today or survey))

    @classmethod
    def up_to(cls, day: date) -> "Period":
        """From 1 January to a day, and the stock on that day: the year's figures as they would stand had it ended then."""
        return cls(date(day.year, 1, 1), day, day)

    @property
    def year(self) -> int:
        """The calendar year of the events."""
        return self.since.year

    @property
    def is_whole(self) -> bool:
        """Whether the year is over: only then can its figures equal the DfE's."""
        return self.until == date(self.year, 12, 31)

    @property
    def school_year(self) -> str:
        """The DfE's word for the survey of the stock.

        >>> Period.of_year(2025).school_year
        '202526'
        """
        return f"{self.year}{(self.year + 1) % 100:02}"

    def holds(self, day: date | None) -> bool:
        """Whether something happened in it."""
        return day is not None and self.since <= day <= self.until
