"""Two ways to do the same thing, timed turn by turn in one run, and shown as a ratio."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Line:
    """One line of the table: what was done how many times a repetition, and the seconds that each repetition took."""

    what: str
    times: int
    unit: str
    engine: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """The line as it is shown: microseconds for each, least and median, and how many times the floor's."""
        return (self.what, self.unit, *self._each(self.engine), *self._each(self.floor), *(
            (f"{min(self.engine) / min(self.floor):.1f}", f"{median(self.engine) / median(self.floor):.1f}")
            if self.floor else ("", "")))

    def _each(self, seconds: list[float]) -> tuple[str, str]:
        if not seconds:
            return "", ""
        return tuple(f"{1e6 * taken / max(self.times, 1):,.0f}" for taken in (min(seconds), median(seconds)))


HEADINGS = ("", "", "engine", "", "floor", "", "ratio", "")
UNDER = ("microseconds, least and median", "", "least", "median", "least", "median", "least", "median")


def table(lines: Sequence[Line]) -> str:
    """The lines as a table, under their headings."""
    rows = [HEADINGS, UNDER, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(UNDER))]
    return "\n".join("  ".join(
        cell.ljust(width) if column < 2 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ).rstrip() for row in rows)


Timed = Callable[[], float]
"""Does the work once, on a database of its own, and tells the seconds that the work took without the setting up."""


def turn_by_turn(line: Line, repetitions: int, engine: Timed, floor: Timed | None = None) -> Line:
    """Fill the line in: engine and floor by turns, and each first in every second turn, so that neither has the warm seat."""
    for turn in range(repetitions):
        pair: list[tuple[list[float], Timed]] = [(line.engine, engine)]
        if floor is not None:
            pair.append((line.floor, floor))
        for taken, work in pair if turn % 2 else reversed(pair):
            taken.append(work())
    return line


@contextmanager
def stopwatch(taken: list[float]) -> Iterator[None]:
    """Add to `taken` the seconds that the block takes. Garbage of what went before is not counted."""
    gc.collect()
    began = time.perf_counter()
    yield
    taken.append(time.perf_counter() - began)
