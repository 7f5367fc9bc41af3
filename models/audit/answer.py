"""What an auditor is answered: rows, figures that can be counted again, and by which method."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from models.case import Case
from models.cohort import Ahead
from models.law.record import Fact


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
    """A count out of a count. `cases` are those of what was counted, `others` those of the rest. `of_faults` tells that what was
    counted is what should not be."""

    name: str
    numerator: int
    denominator: int
    cases: tuple[str, ...]
    others: tuple[str, ...]
    of_faults: bool = False

    @property
    def percent(self) -> float | None:
        """Numerator in per cent of the denominator, to one decimal; None of nothing."""
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None


def figure(name: str, rows: Iterable[Any], test: Callable[[Any], bool], of_faults: bool = False) -> Figure:
    """How many of these rows pass the test, with the cases on either side. A row names its `case`."""
    yes: list[str] = []
    no: list[str] = []
    for row in rows:
        (yes if test(row) else no).append(row.case)
    return Figure(name, len(yes), len(yes) + len(no), tuple(sorted(set(yes))), tuple(sorted(set(no))), of_faults)


@dataclass(frozen=True, slots=True)
class Record:
    """What a question is asked of: one case as it stood on the day asked for, and its facts as they were recorded, corrections too.

    `ahead` is the transfer between phases that lies ahead by the birth date and was not excluded, and `left` the last day of each
    officer who left, where the question asks about these. `seen` counts what figures need beside the rows.
    """

    case: Case
    facts: Sequence[Fact]
    asked: Asked
    seen: Counter[str]
    ahead: Ahead | None = None
    left: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCases(Question):
    """A question that is answered case by case: the rows of one case, the figures over all rows, and the order of the rows.

    `about_requests` tells that only cases whose Day 0 lies in the period can have a row, `asks_births` that birth dates are read
    for it (never shown).
    """

    rows: Callable[[Record], Iterable[Any]]
    figures: Callable[[Sequence[Any], Counter[str]], Sequence[Figure]] = lambda rows, seen: ()
    order: Callable[[Any], Any] = lambda row: row.case
    about_requests: bool = False
    asks_births: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question. `left` says of each case that could not be worked out why it is not in it."""

    question: Question
    asked: Asked
    rows: Sequence[Any]
    figures: Sequence[Figure] = ()
    left: tuple[tuple[str, str], ...] = ()
    cases: int | None = None
