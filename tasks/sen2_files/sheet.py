"""Any list with a row for each request or plan, read by a mapping of its columns, as if it were a return."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.sen2.finding import Level
from models.sen2.mapping import NAME, SECOND, BadMapping, ColumnMap, check, coded, guess, item_of, plain
from models.sen2.reading import Shape
from models.sen2.record import Assessment, Header, Person, Request
from models.sen2.values import as_text
from tasks.sen2_files.joined import Row, Stage
from tasks.sen2_files.lists import NO_VALUE, Table, cell_name, csv_table, is_workbook
from tasks.sen2_files.open import Progress, Return
from tasks.sen2_files.source import BadReturn, digest, members
from tasks.sen2_files.workbook import workbook_tables

HEADINGS_WITHIN = 30
"""Rows among which the headings are looked for: titles and notes may stand before."""

AT_ONCE = 1_000
"""Rows put on the stage at once, after which progress is told."""

_OF_A_PLAN = ("review_meeting", "last_review", "review_outcome", "review_draft", "transfer_due", "transfer_final", "transferred_from")
AMERICAN = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\b.*", re.A)
TARGETS_IN = ("person", "request", "assessment", "plan", "setting", "active", "placement", "need")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list before it is read: its table, the row of its headings, and these."""

    table: Table
    row: int
    headings: Sequence[str]


def look(name: str, sheet: str | None = None, mapping: ColumnMap | None = None) -> Sheet:
    """Find the list in a file and its headings: the row that holds those of the mapping, else the row with the most that are known.

    Raises BadReturn if it is no list, or no headings are found.
    """
    files = members(name)
    if len(files) > 1:
        raise BadReturn(f"{name} holds {len(files)} files. Give one list: a CSV file or a workbook.")
    tables = workbook_tables(files[0]) if is_workbook(files[0].head()) else [csv_table(files[0])]
    if sheet is not None:
        tables = [table for table in tables if table.name.rpartition("sheet ")[2] == sheet]
        if not tables:
            raise BadReturn(f"{name} has no sheet {sheet!r} that can be seen.")
    best: tuple[int, Sheet] | None = None
    for table in tables:
        for number, cells in table.rows():
            if number > HEADINGS_WITHIN:
                break
            headings = _headings(cells)
            score = (sum(heading in mapping.columns for heading in headings if heading) if mapping is not None
                     else sum(bool(target) for target in guess(filter(None, headings)).columns.values()))
            if best is None or score > best[0]:
                best = score, Sheet(table, number, headings)
    if best is None or best[0] < (2 if mapping is None else 1):
        raise BadReturn(f"{name}: no row with headings was found among the first {HEADINGS_WITHIN}. Put one heading over each column, such as"
                        " Surname, Forename, Date of birth, Date received, and give the sheet with --sheet where there are several.")
    return best[1]


def _headings(cells: Sequence[Any]) -> list[str]:
    return ["" if cell is NO_VALUE else as_text(cell) for cell in cells]


@contextmanager
def opened_sheet(name: str, sheet: Sheet, mapping: ColumnMap, day: date, progress: Callable[[int, int], None] = lambda done, of: None
                 ) -> Iterator[Callable[[], AbstractContextManager[Return]]]:
    """The list, read and checked once; each call of what this gives is the same list anew, as a return that describes how things
    stood on `day`. What was looked at is so what is taken in, whatever becomes of the file. Raises BadReturn, BadMapping."""
    twice = sorted({heading for heading in sheet.headings if heading and sheet.headings.count(heading) > 1 and mapping.columns.get(heading)})
    if twice:
        raise BadReturn(f"{name}: two columns have the heading {', '.join(map(repr, twice))}, so it cannot be told which is meant. Give each"
                        f" column of the list a heading of its own (row {sheet.row}).")
    check(mapping, sheet.headings)
    stage, shape = Stage(), Shape()
    try:
        _Rows(sheet, mapping, stage, shape).read(progress)
        stage.finish(shape, keyed=True)
        size = stage.count("person")
        if not size:
            raise BadReturn(f"{name} holds no row under its headings.")

        sha256 = digest(members(name))

        def anew() -> AbstractContextManager[Return]:
            noted = shape.copy()

            def persons(told: Progress) -> Iterator[Person]:
                for person in stage.persons(noted, None, lambda done: told(done, size)):
                    for request in person.requests:
                        _complete(request)
                    yield person
            return nullcontext(Return(name, "spreadsheet", sha256, Header(place="", year=day.year, reference_date=day), day.year, day, "said",
                                      size, persons, noted, _silent(set(mapping.columns.values()))))
        yield anew
    finally:
        stage.close()


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that is taken: its place in a row, what it says, and how its cells are read."""

    at: int
    target: str
    is_day: bool
    words: Mapping[str, str] | None               # of codes; None where it holds none

    @classmethod
    def of(cls, at: int, target: str, mapping: ColumnMap) -> "_Column":
        kind = item.kind if (item := item_of(target)) is not None else ""
        return cls(at, target, kind == "date", mapping.words(target) if kind in ("code", "flag") else None)


@dataclass
class _Rows:
    """Puts the rows of a list on the stage."""

    sheet: Sheet
    mapping: ColumnMap
    stage: Stage
    shape: Shape
    _seen: set[int] = field(default_factory=set)
    _waiting: dict[str, list[Row]] = field(default_factory=lambda: {block: [] for block in TARGETS_IN})

    def read(self, progress: Callable[[int, int], None]) -> None:
        columns = [_Column.of(at, self.mapping.columns[heading], self.mapping) for at, heading in enumerate(self.sheet.headings)
                   if self.mapping.columns.get(heading)]
        merged = _Merged(self.sheet.table.merged, self.sheet.row, self.shape)
        of = self.sheet.table.size
        for number, cells in self.sheet.table.rows():
            if number <= self.sheet.row:
                continue
            cells = merged.filled(number, cells)
            if not any(as_text(cell) for cell in cells if cell is not NO_VALUE):
                continue
            if len(cells) > len(self.sheet.headings) and any(as_text(cell) for cell in cells[len(self.sheet.headings):] if cell is not NO_VALUE):
                raise BadReturn(f"{self.sheet.table.name}, row {number} has more cells than there are headings: a separator is missing or too many,"
                                " or a text that holds one is not in quotation marks.")
            self._row(number, {column.target: self._cell(number, column, cells[column.at]) for column in columns if column.at < len(cells)})
            if number % AT_ONCE == 0:
                self._put()
                progress(number, of)
        self._put()

    def _put(self) -> None:
        """Hand on what waits: by the thousand that costs a third of what it costs one by one."""
        for block, rows in self._waiting.items():
            self.stage.add(block, rows)
            rows.clear()

    def _cell(self, row: int, column: _Column, cell: Any) -> Any:
        if cell is NO_VALUE:
            raise BadReturn(f"{self.sheet.table.name}, cell {cell_name(row, column.at + 1)} holds a formula that was never worked out. Open the"
                            " workbook in a spreadsheet program, save it, and import it again.")
        if column.is_day and isinstance(cell, str) and (found := AMERICAN.fullmatch(cell)) and int(found[2]) > 12 >= int(found[1]):
            raise BadReturn(f"{self.sheet.table.name}, cell {cell_name(row, column.at + 1)} holds {cell.strip()[:20]!r}, a day written as in"
                            " America: the others of this column cannot be told for certain. Write DD/MM/YYYY or YYYY-MM-DD in the whole"
                            " column.")
        if column.words is not None:
            return coded(column.words, as_text(cell))
        return as_text(cell) if isinstance(cell, date) else cell

    def _row(self, number: int, told: Mapping[str, Any]) -> None:
        by_block: dict[str, dict[str, Any]] = {block: {} for block in TARGETS_IN}
        for target, cell in told.items():
            if target == NAME:
                by_block["person"].update(_parted(as_text(cell)))
            elif target not in SECOND and as_text(cell):
                block, _, name = target.partition(".")
                by_block[block][name] = cell
        place, key, request, waiting = f"row {number}", self._key(by_block["person"], number), f"r{number}", self._waiting
        if (mark := hash(key)) not in self._seen:
            self._seen.add(mark)
            waiting["person"].append((key, "", place, by_block["person"]))
        waiting["request"].append((request, key, place, by_block["request"]))
        for block in ("assessment", "plan", "active"):
            if by_block[block]:
                waiting[block].append((request, request, place, by_block[block]))
        for block in ("setting", "placement"):
            if by_block[block]:
                waiting[block].append((f"{request}{block}", request, place, {"rank": "1", **by_block[block]}))
        for rank, target in (("1", "need.type"), ("2", "need2.type")):
            if as_text(told.get(target)):
                waiting["need"].append((f"{request}need{rank}", request, place, {"type": told[target], "rank": rank}))

    def _key(self, person: Mapping[str, Any], number: int) -> str:
        """By what rows of one person are put together: the number, else name and birth date; what has neither is nobody else's."""
        for column in ("upn", "uln"):
            if text := as_text(person.get(column)):
                return f"{column}|{text.upper()}"
        name = plain(f"{as_text(person.get('forename'))} {as_text(person.get('surname'))}")
        born = as_text(person.get("birth_date"))
        return f"name|{name}|{born}" if name and born else f"\0{number}"


def _parted(name: str) -> dict[str, str]:
    """A whole name in its parts: "Ash, Sam", or "Sam Ash", the last word being the surname."""
    surname, comma, forename = name.partition(",")
    if not comma:
        forename, _, surname = name.rpartition(" ")
    return {part: text.strip() for part, text in (("surname", surname), ("forename", forename)) if text.strip()}


class _Merged:
    """Gives every cell of a merged one its value, as people see it."""

    def __init__(self, merged: Sequence[tuple[int, int, int, int]], headings: int, shape: Shape) -> None:
        self._waiting = sorted(one for one in merged if one[0] > headings)[::-1]
        self._open: list[tuple[tuple[int, int, int, int], Any]] = []
        self._shape = shape

    def filled(self, row: int, cells: Sequence[Any]) -> Sequence[Any]:
        while self._waiting and self._waiting[-1][0] <= row:
            one = self._waiting.pop()
            self._open.append((one, cells[one[1] - 1] if one[1] <= len(cells) else None))
            self._shape.say("X05", Level.REMARK, f"row {one[0]}", "", "", f"Merged cells such as {cell_name(one[0], one[1])}:"
                            f"{cell_name(one[2], one[3])} were read as if the value stood in each of them.", "Take the merging away if that is"
                            " not meant.")
        self._open = [(one, value) for one, value in self._open if one[2] >= row]
        if not self._open:
            return cells
        whole = [*cells, *[None] * max(one[3] - len(cells) for one, _ in self._open)]
        for (first, left, _, right), value in self._open:
            for column in range(left - 1, right):
                if row != first or column != left - 1:
                    whole[column] = value
        return whole


def _silent(said: set[str]) -> tuple[str, ...]:
    """What a list without these columns says of nobody."""
    columns = {
        "request_decided_on": ("request.outcome", "request.outcome_date"), "assessment_decided_on": ("assessment.outcome_date", "plan.start"),
        "last_review": ("active.review_meeting", "active.last_review"), "review_decided_on": ("active.last_review",)}
    return tuple(what for what, by in columns.items() if not said & set(by))


def _complete(request: Request) -> None:
    """What a list says without saying it: with a plan it was decided to issue one, and with an assessment to assess.

    The day of the plan is that of its issue where the request is in the list too; else the plan was there before.
    """
    plan, assessment = request.plan, request.assessment
    reviewed = request.active is not None and any(getattr(request.active, name) is not None for name in _OF_A_PLAN)
    if reviewed and assessment is None:
        assessment = request.assessment = Assessment(place=request.place)
    if assessment is not None and assessment.outcome is None:
        if assessment.outcome_date is not None or (plan is not None and request.received is not None):
            assessment.outcome = "Y"
        elif plan is not None or reviewed:
            assessment.outcome = "H"
    if assessment is not None and assessment.outcome == "Y" and assessment.outcome_date is None and plan is not None and request.received:
        assessment.outcome_date = plan.start
    if assessment is not None and assessment.outcome_date is not None and plan is not None and plan.start is None:
        plan.start = assessment.outcome_date
    if request.outcome is None and "outcome" not in request.bad:
        if assessment is not None:
            request.outcome = "Y" if request.outcome_date else "H"
        elif request.outcome_date is None:
            request.outcome = "A"
