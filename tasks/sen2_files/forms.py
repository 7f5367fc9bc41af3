"""The forms of a return that are tables: the COLLECT download, the pre-submission workbook, the DfE's template, five CSVs.

Each is told by its headings, whatever its files are called, and its rows are put on a stage to be joined.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from models.sen2.finding import Level
from models.sen2.layout import BLOCKS, ITEMS
from models.sen2.reading import Shape, items_by_tag, shown_name
from models.sen2.values import as_text
from tasks.sen2_files.joined import Row, Stage
from tasks.sen2_files.lists import NO_VALUE, Table
from tasks.sen2_files.source import BadReturn

PERSON_ID, REQUEST_ID = "persontableid", "requeststableid"
_NO_ITEMS = re.compile(r"nativeid|sourceid|sen2\w*|\w*orderseqcolumn|\w*tableid|\w*seqcolumn|recordtype|la|lafromheaderrecord")
_FIVE = {
    "dob": ("person", "birth_date"), "upnandulnunavailablereason": ("person", "upn_unknown"),
    "assessmentoutcometoissueehcp": ("assessment", "outcome"), "twentyweekstimelimitexceptionsapply": ("assessment", "exception"),
    "ehcplan": ("active", "transferred_from"), "ehcpreviewdecisionsdate": ("active", "last_review"),
    "workedbasedlearningactivity": ("", "work_based"), "workbasedlearningactivity": ("", "work_based"),
    "residentialsettings": ("", "residential")}
"""Headings of the five-table form that are no other form's; those without a block belong to the table's own."""


@dataclass(slots=True)
class Staged:
    """What was put on the stage: the header's row if there was one, and every name that stood over a column."""

    header: tuple[str, Mapping[str, Any]] | None = None
    names: set[str] = field(default_factory=set)


def plain(heading: Any) -> str:
    """A heading as it is compared: its letters and digits, without what stands in brackets at its end.

    >>> plain("Placement Rank  (1=Primary,\\n2=Secondary)")
    'placementrank'
    """
    text = re.sub(r"\s+", " ", str(heading or "")).strip().lower()
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\([^()]*\)\s*$", "", text)) or re.sub(r"[^a-z0-9]", "", text)


@lru_cache(maxsize=1)
def _headings() -> Mapping[str, Mapping[str, str]]:
    """The item of each block by heading of the template."""
    return {block: {plain(heading): item.name for item in ITEMS if item.block == block for heading in item.headings}
            for block in BLOCKS}


# --- which form ------------------------------------------------------------------------------------------------------

def form_of(tables: Sequence[Table], workbook: bool) -> str | None:
    """The form of these tables, by what stands over their columns: its name as facts know it; None if it is none."""
    if not workbook:
        firsts = [{plain(cell) for cell in _first(table)} for table in tables]
        if any(_blade_block(names) for names in firsts):
            return "sen2_blade"
        return "sen2_tables" if any({"personid", "requestoutcome"} <= names or {"personid", "surname"} <= names for names in firsts) else None
    for table in tables:
        names = {plain(cell) for cell in _first(table)}
        if PERSON_ID in names:
            return "sen2_workbook"
        if any(title is not None for title in _titles(table, most=200)):
            return "sen2_template"
    return None


def _first(table: Table) -> Sequence[Any]:
    """The first row in which anything stands."""
    return next((cells for _, cells in table.rows() if any(as_text(cell) for cell in cells if cell is not NO_VALUE)), ())


def _titles(table: Table, most: int) -> Iterator[str | None]:
    for number, cells in table.rows():
        if number > most:
            return
        yield _title(cells)


def _title(cells: Sequence[Any]) -> str | None:
    """The block whose title stands in a row by itself."""
    said = [plain(cell) for cell in cells if cell is not NO_VALUE and as_text(cell)]
    if not said or len(said) > 3:
        return None
    return next((name for name, block in BLOCKS.items() if said[0] in (plain(block.title), plain(block.title).rstrip("s"))), None)


# --- the COLLECT download -----------------------------------------------------------------------------------------------

def _own_id(block: str) -> str:
    return f"{BLOCKS[block].table}tableid"


def _blade_block(names: Iterable[str]) -> str | None:
    """The block whose table this is: the innermost of those whose ids stand in it."""
    there = [block for block in BLOCKS if _own_id(block) in set(names)]
    return next((block for block in reversed(there) if BLOCKS[block].within is None or BLOCKS[block].within in there
                 or len(there) == 1), None)


def stage_blade(tables: Sequence[Table], stage: Stage, shape: Shape) -> Staged:
    """The nine files, joined on their ids. Raises BadReturn if one that others need is missing."""
    staged, there = Staged(), {}
    for table in tables:
        block = _blade_block({plain(cell) for cell in _first(table)})
        if block is None:
            shape.say("X03", Level.QUERY, table.name, "header", shown_name(table.name), f"{table.name} is no table of the download and was"
                      " passed over", "check that all files belong to the return")
        elif block in there:
            raise BadReturn(f"{table.name} and {there[block]} are both the table {BLOCKS[block].table} of a download. Give the files of one"
                            " return alone.")
        else:
            there[block] = table.name
            _stage_named(table, block, _own_id(block), _own_id(BLOCKS[block].within) if BLOCKS[block].within else None, stage, shape, staged)
    missing = [BLOCKS[block].table for block in BLOCKS if block not in there]
    if "person" not in there or "request" not in there:
        raise BadReturn(f"of the nine tables of a download {', '.join(missing)} are missing. Give the folder or archive that holds all.")
    for table in missing:
        shape.say("X03", Level.QUERY, "the folder", "header", table, f"the table {table} is missing, so the return says nothing of it",
                  "give all nine tables of the download, unless this one is empty")
    return staged


def _stage_named(table: Table, block: str, own: str, parent: str | None, stage: Stage, shape: Shape, staged: Staged) -> None:
    """A table whose columns are named as the download names them."""
    by_tag = items_by_tag()[block]
    columns: list[str] | None = None
    places: dict[str, int] = {}

    def rows() -> Iterator[Row]:
        nonlocal columns
        for number, cells in table.rows():
            if not any(as_text(cell) for cell in cells if cell is not NO_VALUE):
                continue
            if columns is None:
                columns = [plain(cell) for cell in cells]
                places.update({name: place for place, name in enumerate(columns)})
                staged.names.update(columns)
                for name in columns:
                    if name and name not in by_tag and not _NO_ITEMS.fullmatch(name):
                        shape.unknown(f"{BLOCKS[block].table} row {number}", block, name)
                for needed in filter(None, (own, parent)):
                    if needed not in places and not (block == "person" and needed == parent):
                        raise BadReturn(f"{table.name} has no column {needed}, with which its rows are joined to the others.")
                continue
            told = {by_tag[name].name: _cell(table, number, place, cells) for name, place in places.items()
                    if name in by_tag and place < len(cells)}
            place = f"{BLOCKS[block].table} row {number}"
            if block == "header":
                staged.header = staged.header or (place, told)
                continue
            yield (_id(cells, places.get(own), number), _id(cells, places[parent], number) if parent in places else "", place, told)

    stage.add(block, rows())


def _id(cells: Sequence[Any], place: int | None, number: int) -> str:
    """An id; for a blank one something that is nobody else's."""
    text = as_text(cells[place]) if place is not None and place < len(cells) and cells[place] is not NO_VALUE else ""
    return re.sub(r"(?<=\d)\.0+$", "", text) or f"\0{number}"


def _cell(table: Table, row: int, place: int, cells: Sequence[Any]) -> Any:
    from datetime import date

    from tasks.sen2_files.lists import cell_name

    cell = cells[place]
    if cell is NO_VALUE:
        raise BadReturn(f"{table.name}, cell {cell_name(row, place + 1)} holds a formula that was never worked out. Open the workbook in"
                        " a spreadsheet program, save it, and import it again.")
    return as_text(cell) if isinstance(cell, date) else cell


# --- the pre-submission workbook ----------------------------------------------------------------------------------------

def stage_workbook(tables: Sequence[Table], stage: Stage, shape: Shape) -> Staged:
    """A sheet a block, each row with the ids of person and request."""
    staged, there = Staged(), set()
    for table in tables:
        names = {plain(cell) for cell in _first(table)}
        if PERSON_ID not in names:
            continue
        block = _sheet_block(table.name, names)
        if block in there:
            raise BadReturn(f"{table.name} is a second sheet of {BLOCKS[block].element}. Leave one of them.")
        there.add(block)
        _stage_keyed(table, block, PERSON_ID, REQUEST_ID, {tag: (block, item.name) for tag, item in items_by_tag()[block].items()}, stage,
                     shape, staged)
    if not {"person", "request"} <= there:
        raise BadReturn("the workbook has no sheet of persons and none of requests, so it is no return.")
    return staged


def _sheet_block(name: str, names: set[str]) -> str:
    title = plain(name.rpartition("sheet ")[2]).rstrip("s")
    for block, is_ in BLOCKS.items():
        if title in {plain(said).rstrip("s") for said in (is_.sheet, is_.table, is_.element, is_.title) if said}:
            return block
    by_tag = items_by_tag()

    def fits(block: str) -> tuple[int, int]:
        return len(names & by_tag[block].keys()), -len(by_tag[block].keys() - names)
    return max((block for block in BLOCKS if block != "header"), key=fits)


def _stage_keyed(table: Table, block: str, person: str, request: str, columns_of: Mapping[str, tuple[str, str]], stage: Stage, shape: Shape,
                 staged: Staged) -> None:
    """A table each row of which names person and request: that key stands in for the chain of parents."""
    places: dict[str, int] | None = None
    seen: dict[str, str] = {}

    def rows() -> Iterator[tuple[str, Row]]:
        nonlocal places
        for number, cells in table.rows():
            if not any(as_text(cell) for cell in cells if cell is not NO_VALUE):
                continue
            place = f"{BLOCKS[block].table} row {number}"
            if places is None:
                names = [plain(cell) for cell in cells]
                places = {name: at for at, name in enumerate(names) if name}
                staged.names.update(places)
                _needs(table, places, person, *(() if block == "person" else (request,)))
                for name in places:
                    if name not in columns_of and name not in (person, request) and not _NO_ITEMS.fullmatch(name):
                        shape.unknown(place, block, name)
                continue
            yield from keyed_rows(block, number, place, _key(cells, places, person), _key(cells, places, request), {
                columns_of[name][1]: _cell(table, number, at, cells) for name, at in places.items()
                if name in columns_of and at < len(cells)}, seen)

    for of, row in rows():
        stage.add(of, [row])


def keyed_rows(block: str, number: int, place: str, person: str, request: str, told: Mapping[str, Any], seen: dict[str, str]
               ) -> Iterator[tuple[str, Row]]:
    """The row of a block whose key is person and request."""
    both = f"{person}|{request}"
    if block == "person":
        yield block, (person or f"\0{number}", "", place, told)
    elif block == "request":
        yield block, (both, person, place, told)
    else:
        yield block, (both if block in ("assessment", "plan", "active") else f"{both}|{block}{number}", both, place, told)


def _needs(table: Table, places: Mapping[str, int], *names: str) -> None:
    for name in names:
        if name not in places:
            raise BadReturn(f"{table.name} has no column {name}, with which its rows are joined to the others.")


def _key(cells: Sequence[Any], places: Mapping[str, int], name: str) -> str:
    at = places.get(name)
    text = as_text(cells[at]) if at is not None and at < len(cells) and cells[at] is not NO_VALUE else ""
    return re.sub(r"(?<=\d)\.0+$", "", text)


# --- the DfE's template -------------------------------------------------------------------------------------------------

def stage_template(tables: Sequence[Table], stage: Stage, shape: Shape) -> Staged:
    """Nine tables under one another on one sheet, found by their titles; headings by their meaning."""
    staged = Staged()
    found = False
    for table in tables:
        block: str | None = None
        columns: dict[int, str] | None = None
        ids: dict[str, int] = {}
        for number, cells in table.rows():
            title = _title(cells)
            if title is not None:
                block, columns, found = title, None, True
                continue
            if block is None or not any(as_text(cell) for cell in cells if cell is not NO_VALUE):
                continue
            place = f"{BLOCKS[block].table} row {number}"
            if columns is None:
                names = [plain(cell) for cell in cells]
                if "recordtype" not in names and "personid" not in names and block != "header":
                    continue                                            # a note between title and headings
                columns, ids = _template_columns(block, names, place, shape)
                staged.names.update(_tag(block, name) for name in columns.values())
                continue
            told = {name: _cell(table, number, at, cells) for at, name in columns.items() if at < len(cells)}
            if not any(as_text(value) for value in told.values()) and not _key(cells, ids, "person"):
                continue                                                # a row that is prepared and not filled in
            if block == "header":
                staged.header = staged.header or (place, told)
            else:
                for of, row in keyed_rows(block, number, place, _key(cells, ids, "person"), _key(cells, ids, "request"), told, {}):
                    stage.add(of, [row])
    if not found:
        raise BadReturn("none of the nine tables of the template was found in the workbook.")
    return staged


def _tag(block: str, name: str) -> str:
    return next(item.column for item in ITEMS if item.block == block and item.name == name)


def _template_columns(block: str, names: Sequence[str], place: str, shape: Shape) -> tuple[dict[int, str], dict[str, int]]:
    known, columns, ids = _headings()[block], {}, {}
    for at, name in enumerate(names):
        if name == "personid":
            ids["person"] = at
        elif name in ("requestsrecordid", "requestrecordsid", "requestrecordid"):
            ids["request"] = at
        elif name in known:
            columns[at] = known[name]
        elif name and not _NO_ITEMS.fullmatch(name) and not name.endswith("id"):
            shape.unknown(place, block, name)
    return columns, ids


# --- five CSVs ----------------------------------------------------------------------------------------------------------

_TELLS = (("active", "ehcpreviewdecisionsdate"), ("plan", "ehcplanstartdate"), ("assessment", "assessmentoutcomedate"), ("request", "requestoutcome"),
          ("person", "surname"))


def stage_five(tables: Sequence[Table], stage: Stage, shape: Shape) -> Staged:
    """Persons, requests, assessments, named plans, active plans: five lists, told apart by their headings."""
    staged, there = Staged(), {}
    for table in tables:
        names = {plain(cell) for cell in _first(table)}
        block = next((block for block, name in _TELLS if name in names and "personid" in names), None)
        if block is None:
            shape.say("X03", Level.QUERY, table.name, "header", shown_name(table.name), f"{table.name} is none of the five tables and was"
                      " passed over", "check that all files belong to the return")
            continue
        if block in there:
            raise BadReturn(f"{table.name} and {there[block]} are both the table of {BLOCKS[block].element}. Give those of one return.")
        there[block] = table.name
        known = {heading: (block, name) for heading, name in _headings()[block].items()}
        known |= {heading: (block, name) for heading, (of, name) in _FIVE.items() if of in ("", block)}
        request = next((name for name in ("requestsrecordid", "requestrecordsid") if name in names), "requestsrecordid")
        _stage_keyed(table, block, "personid", request, known, stage, shape, staged)
        staged.names |= {_tag(block, known[name][1]) for name in names if name in known}
    if not {"person", "request"} <= there.keys():
        raise BadReturn("among the files there is no table of persons, or none of requests, so they are no return.")
    return staged
