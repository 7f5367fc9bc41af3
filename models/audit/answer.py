"""What an auditor is answered: rows, figures that can be counted again, and by which method."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: a period, both days counted; the day as of which cases are looked at; and by what was on record at
    the end of which day (None: by all that is on record). `owner` and `agency` leave out what is not theirs.
    """

    on: date
    since: date | None = None
    until: date | None = None
    known_by: date | None = None
    owner: str | None = None
    agency: str | None = None
    days: int | None = None

    def covers(self, day: date | None) -> bool:
        """Whether a day lies in the period."""
        return day is not None and (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an auditor, and how it is answered.

    `definition` says what a row and a figure count, `uses` which fields of the record they are read from, `excluded` what is
    left out, `citation` the law or the standard behind it. `row` is the class of its rows: their fields are the columns.
    """

    name: str
    asks: str
    definition: str
    uses: str
    excluded: str
    citation: str
    row: type
    number: int | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the answer."""
        return tuple(one.name for one in fields(self.row))


@dataclass(frozen=True, slots=True)
class Figure:
    """A count out of a count. `cases` are those of what was counted, `others` those of the rest."""

    name: str
    numerator: int
    denominator: int
    cases: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def percent(self) -> float | None:
        """Numerator in per cent of the denominator, to one decimal; None of nothing."""
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None


def figure(name: str, rows: Iterable[Any], test: Callable[[Any], bool]) -> Figure:
    """How many of these rows pass the test, with the cases on either side. A row names its `case`."""
    yes: list[str] = []
    no: list[str] = []
    for row in rows:
        (yes if test(row) else no).append(row.case)
    return Figure(name, len(yes), len(yes) + len(no), tuple(sorted(set(yes))), tuple(sorted(set(no))))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question. `left` says of each case that could not be worked out why it is not in it."""

    question: Question
    asked: Asked
    rows: Sequence[Any]
    figures: Sequence[Figure] = ()
    left: tuple[tuple[str, str], ...] = ()
    cases: int | None = None
