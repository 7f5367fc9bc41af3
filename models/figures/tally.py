"""Counting: every case once past every measure, and the figures that come of it, each with the cases behind it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Literal

from models.figures.measure import Mark, Measure, Part
from models.figures.period import WEEK, Period
from models.figures.table import MEASURES

Unit = Literal["cases", "percent", "weeks"]


class NoSuchFigure(LookupError):
    """There is no figure with this id; the message names the nearest ones."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `numerator` of `denominator` cases; a base has no denominator. Of an average, the numerator is the sum of days.

    `value` is a number of cases, a percentage or weeks; None where it cannot be computed because nothing is in the base, or where it is
    `hidden`. `cases` are the references of the numerator, sorted (of an average, of all that are in it).
    """

    id: str
    words: str
    method: str
    mark: Mark
    unit: Unit
    numerator: int | None
    denominator: int | None
    value: float | None
    measure: str
    part: str | None = None
    topic: str | None = None
    breakdown: str | None = None
    topic_name: str | None = None
    file: str | None = None
    column: str | None = None
    pc: str | None = None
    base_file: str | None = None
    base_column: str | None = None
    stock: bool = False
    public: bool = True
    hidden: bool = False
    cases: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is about everything in its base, not told apart."""
        return self.topic is None

    def hide(self) -> "Figure":
        """The same figure without its numbers and cases."""
        return replace(self, numerator=None, denominator=None, value=None, cases=(), hidden=True)


_Key = tuple[str, str] | None           # topic and label; None for everything


class _Cell:
    __slots__ = ("base", "parts", "days", "dated")

    def __init__(self, parts: int) -> None:
        self.base: list[str] = []
        self.parts: list[list[str]] = [[] for _ in range(parts)]
        self.days: list[int] = []
        self.dated: list[str] = []


class Tally:
    """Counts things that have a `ref`, in one pass and in any order. Memory grows with the references alone."""

    def __init__(self, period: Period, measures: Sequence[Measure] = MEASURES) -> None:
        self.period, self._cells = period, [(measure, {None: _Cell(len(measure.parts))}) for measure in measures]
        self.seen = 0

    def add(self, item: Any) -> None:
        """Count one."""
        self.seen += 1
        period, ref = self.period, item.ref
        for measure, cells in self._cells:
            if not measure.base(item, period):
                continue
            hits = [number for number, part in enumerate(measure.parts) if part.test(item, period)]
            days = measure.average.days(item, period) if measure.average else None
            for key in (None, *((topic.id, topic.label(item, period)) for topic in measure.topics)):
                cell = cells.get(key)
                if cell is None:
                    cell = cells[key] = _Cell(len(measure.parts))
                cell.base.append(ref)
                for number in hits:
                    cell.parts[number].append(ref)
                if days is not None:
                    cell.days.append(days)
                    cell.dated.append(ref)

    def figures(self) -> list[Figure]:
        """Every figure, in the order of the table; those told apart by a topic after the whole."""
        return [figure for measure, cells in self._cells for key in _keys(measure, cells) for figure in _figures(measure, key, cells[key])]


def count(items: Iterable[Any], period: Period, measures: Sequence[Measure] = MEASURES) -> list[Figure]:
    """The figures of a period over these, which are read once."""
    tally = Tally(period, measures)
    for item in items:
        tally.add(item)
    return tally.figures()


def find(figures: Iterable[Figure], id: str) -> Figure:
    """The figure with this id. Raises NoSuchFigure."""
    from difflib import get_close_matches

    by_id = {figure.id: figure for figure in figures}
    if id in by_id:
        return by_id[id]
    near = get_close_matches(id, by_id, n=3) or [one for one in by_id if one.startswith(id.split(".")[0])][:3]
    raise NoSuchFigure(f"There is no figure {id!r}." + (f" Did you mean {', '.join(near)}?" if near else "")
                       + " `ehc figures --json` lists every id.")


def figure_id(measure: str, part: str | None, topic: str | None = None, label: str | None = None) -> str:
    """The id of a figure.

    >>> figure_id("requests", "refused", "source", "other")
    'requests.refused/source=other'
    """
    return f"{measure}{f'.{part}' if part else ''}{f'/{topic}={label}' if topic else ''}"


def _keys(measure: Measure, cells: dict[_Key, _Cell]) -> Iterator[_Key]:
    yield None
    for topic in measure.topics:
        yield from ((topic.id, label) for label in topic.order(key[1] for key in cells if key and key[0] == topic.id))


def _figures(measure: Measure, key: _Key, cell: _Cell) -> Iterator[Figure]:
    topic, label = key or (None, None)
    by = next((one for one in measure.topics if one.id == topic), None)
    name, public = (by.name, measure.public and by.public) if by else (None, measure.public)
    told = {"measure": measure.id, "topic": topic, "breakdown": label, "topic_name": name, "file": measure.file, "stock": measure.stock,
            "base_file": measure.file, "base_column": measure.column}
    size = len(cell.base)
    yield Figure(figure_id(measure.id, None, topic, label), measure.words, measure.method, measure.mark, "cases", size, None, size,
                 column=measure.column, public=public, cases=tuple(sorted(cell.base)), **told)
    for part, refs in zip(measure.parts, cell.parts, strict=True):
        yield _share(measure, part, refs, size, figure_id(measure.id, part.id, topic, label), told, public)
    if measure.average:
        yield from _averages(measure, cell, topic, label, told, public)


def _share(measure: Measure, part: Part, refs: list[str], size: int, id: str, told: dict[str, Any], public: bool) -> Figure:
    return Figure(id, part.words, part.method, part.mark, "percent", len(refs), size, 100 * len(refs) / size if size else None,
                  part=part.id, column=part.column, pc=part.pc, public=public and part.public, cases=tuple(sorted(refs)),
                  **told | {"file": part.file or measure.file})


def _averages(measure: Measure, cell: _Cell, topic: str | None, label: str | None, told: dict[str, Any], public: bool) -> Iterator[Figure]:
    average, known = measure.average, len(cell.days)
    for part, days in (("mean", sum(cell.days) / known if known else None), ("median", median(cell.days) if known else None)):
        yield Figure(figure_id(measure.id, part, topic, label), f"{part} {average.words}", average.method, average.mark, "weeks",
                     sum(cell.days) if part == "mean" else None, known, None if days is None else days / WEEK, part=part,
                     column=average.column if part == "mean" else None, public=public, cases=tuple(sorted(cell.dated)), **told)
