"""What is published, to compare with: numbers by file, column and place; who published them; which are known to be wrong."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from models.figures.release import COUNCIL, NATIONAL, NO_NUMBER, REGIONAL, Number

POINTS = ("lowest", "p10", "p25", "median", "p75", "p90", "highest")
_WORDS = {"lowest": "the lowest", "p10": "the 10th percentile", "p25": "the lower quartile", "median": "the median",
          "p75": "the upper quartile", "p90": "the 90th percentile", "highest": "the highest"}
ALL_COUNCILS = 153


@dataclass(frozen=True, slots=True)
class Edition:
    """Who published numbers under a letter, when and under which licence."""

    letter: str
    publisher: str
    title: str
    edition: str
    published_on: str
    licence: str
    read_from: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number is spread between councils: the values at some points, by the name of the point."""

    letter: str
    period: str
    at: dict[str, float]

    def place_of(self, value: float) -> str:
        """Where a value stands, in words; blank if too little is known."""
        known = [(point, self.at[point]) for point in POINTS if point in self.at]
        below = [point for point, at in known if at <= value]
        above = [point for point, at in known if at > value]
        if below and above:
            return f"between {_WORDS[below[-1]]} and {_WORDS[above[0]]}"
        if not known:
            return ""
        return f"below {_WORDS[above[0]]}" if above else f"at or above {_WORDS[below[-1]]}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why published numbers of a place are not to be relied on. `files` are the DfE's; `*` is all of them."""

    letter: str
    code: str
    name: str
    period: str
    files: tuple[str, ...]
    note: str


_Key = tuple[str, str, str, str, str, str]


@dataclass(slots=True)
class Published:
    """Everything published that is at hand. Of two numbers of one place and period the one added later stands."""

    editions: dict[str, Edition] = field(default_factory=dict)
    region_of: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    release: str | None = None
    """The letter of the release that was loaded, if one was."""
    _numbers: dict[_Key, dict[str, Number]] = field(default_factory=dict)
    _spreads: dict[tuple[str, str], dict[str, Spread]] = field(default_factory=dict)
    _councils: dict[tuple[str, str, str], dict[str, float]] = field(default_factory=dict)

    def add(self, numbers: Iterable[Number]) -> int:
        """Add numbers; how many there were."""
        added = 0
        for added, one in enumerate(numbers, start=1):
            column = one.column.lower()
            key = (one.level, one.who.casefold(), one.file, column, one.topic, one.breakdown)
            self._numbers.setdefault(key, {})[one.period] = one
            if one.level == COUNCIL and not one.topic and one.value is not None:
                self._councils.setdefault((one.file, column, one.period), {})[one.who] = one.value
        return added

    def add_spread(self, file: str, column: str, spread: Spread) -> None:
        """Add the spread of a column in a year."""
        self._spreads.setdefault((file, column.lower()), {})[spread.period] = spread

    def number(self, level: str, who: str, file: str, column: str, period: str, topic: str = "", breakdown: str = "") -> Number | None:
        """The number of a place: of that period, or of the latest before it."""
        found = self._numbers.get((level, who.casefold(), file, column.lower(), topic, breakdown), {})
        latest = max((one for one in found if one <= period), default=None)
        return found[latest] if latest else None

    def councils(self, file: str, column: str, period: str) -> dict[str, float]:
        """The number of every council that has one in that very period."""
        return self._councils.get((file, column.lower(), period), {})

    def spread(self, file: str, column: str, period: str) -> Spread | None:
        """The spread in that period, or in the latest before it."""
        found = self._spreads.get((file, column.lower()), {})
        latest = max((one for one in found if one <= period), default=None)
        return found[latest] if latest else None

    def faults_of(self, code: str, file: str | None, period: str) -> list[Fault]:
        """What is known to be wrong with a council's numbers in a file and year."""
        return [fault for fault in self.faults if fault.code == code and fault.period == period[:4]
                and ("*" in fault.files or file in fault.files)]


# --- the files that come with the program ----------------------------------------------------------------------------------

Place = Literal["england", "regions", "councils"]


def _rows(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    return csv.DictReader(lines)


def numbers_in(lines: Iterable[str]) -> Iterator[Number]:
    """The numbers of a file of this program's own form."""
    for row in _rows(lines):
        text = row["value"]
        who = {NATIONAL: "", REGIONAL: row["name"], COUNCIL: row["code"]}[row["level"]]
        missing = text if text in NO_NUMBER else ""
        yield Number(row["letter"], row["period"], row["level"], who, row["file"], row["column"], row["topic"], row["breakdown"],
                     None if missing else float(text), missing)


def spreads_in(lines: Iterable[str]) -> Iterator[tuple[str, str, Spread]]:
    """The file and column of each spread, and the spread."""
    for row in _rows(lines):
        yield row["file"], row["column"], Spread(row["letter"], row["period"], {point: float(row[point]) for point in POINTS if row[point]})


def editions_in(lines: Iterable[str]) -> Iterator[Edition]:
    """The editions."""
    for row in _rows(lines):
        yield Edition(**row)


def faults_in(lines: Iterable[str]) -> Iterator[Fault]:
    """The known faults."""
    for row in _rows(lines):
        yield Fault(row["letter"], row["code"], row["name"], row["period"], tuple(row["files"].split()), row["note"])


def regions_in(lines: Iterable[str]) -> dict[str, str]:
    """The region of each council by its number."""
    return {row["code"]: row["region"] for row in _rows(lines)}


def decile(value: float, others: Sequence[float]) -> int:
    """In which tenth of the others a value lies, 1 the lowest to 10.

    >>> decile(5, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    5
    """
    if not others:
        raise ValueError("There is nothing to compare with.")
    below = sum(one < value for one in others)
    return min(10, 1 + 10 * below // len(others))
