"""The register of agencies as spreadsheets: a CSV file a table, read cell by cell, written so that Excel opens it."""

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.lines import opened
from cli.show import WrongCall, count
from cli.spreadsheet import LONGEST, SEPARATORS, decoded, read_day

if TYPE_CHECKING:
    from models.agencies.register import Item, Register
    from models.agencies.told import Told

NONE = "none"
"""Takes away what is on record; a blank cell leaves it as it is."""

MUST: Mapping[str, tuple[str, ...]] = {
    "organisations": ("agency", "kind", "name"), "contacts": ("agency", "contact", "role", "name", "from"),
    "covers": ("agency", "contact", "cover", "from", "until"), "closures": ("agency", "from", "until")}
"""The columns by which the tables are told apart, and which each file of theirs has."""

MAY_BE_NONE: Mapping[str, tuple[str, ...]] = {
    "organisations": ("roles", "until"), "contacts": ("until", "channel", "verified_on", "verified_by"),
    "covers": (), "closures": ()}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file as it was read: which table it is, how it was decoded, and its rows."""

    name: str
    table: str
    encoding: str
    rows: tuple["Told", ...]


def read_sheet(name: str) -> Sheet:
    """The table in the file `name`, known by its columns. A cell that cannot be read is wrong in its row.

    Raises WrongCall if the file as a whole cannot be used: unreadable, not text, of no table, or broken off.
    """
    from models.agencies.told import Told

    with opened(name) as file:
        text, encoding = decoded(name, file.read())
    table, columns, rows = "", list[str](), list[Told]()
    shown = "standard input" if name == "-" else Path(name).name
    for line, cells in _records(name, text):
        if not columns:
            columns = [_name(cell) for cell in cells]
            table = _table(name, columns)
        elif any(cell.strip() for cell in cells):
            where = f"{shown}, line {line}"
            if len(cells) != len(columns):
                why = (f"has {count(len(cells), 'cell')} where the first line names {count(len(columns), 'column')}. A"
                       " separator is missing or too many, or a text that holds one is not in quotation marks.")
                rows.append(Told(table, {}, where, (("", why),)))
            else:
                rows.append(_row(table, where, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    if not rows:
        raise WrongCall(f"{name} has no row under its first line with the names of the columns.")
    return Sheet(shown, table, encoding, tuple(rows))


def write_sheets(folder: Path, register: "Register", *, channels: bool = True) -> dict[str, int]:
    """Write the register into `folder`, a file a table, readable by their owner alone. The rows that each file holds.

    Without `channels` their column is left out. Raises WrongCall if there is a file of that name already.
    """
    from models.agencies.written import TABLES

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongCall(f"The folder {folder} cannot be made: {error.strerror}.") from None
    there = [name for name in (f"{table}.csv" for table in TABLES) if (folder / name).exists()]
    if there:
        raise WrongCall(f"{folder} holds {', '.join(there)} already. Give another folder, or move them away.")
    written = {}
    for table, columns in TABLES.items():
        shown = [column for column in columns if channels or column != "channel"]
        items = [item for key, item in sorted(register.items()) if key[0] == table]
        out = io.StringIO(newline="")
        sheet = csv.writer(out)
        sheet.writerow(shown)
        sheet.writerows([_cell(item, column) for column in shown] for item in items)
        # Excel takes a file for UTF-8 only if it begins with a byte order mark.
        _write(folder / f"{table}.csv", out.getvalue().encode("utf-8-sig"))
        written[f"{table}.csv"] = len(items)
    return written


def _write(path: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise WrongCall(f"{path} cannot be written: {error.strerror}.") from None


def _cell(item: "Item", column: str) -> str:
    from models.agencies.register import Agency, AgencyContact
    from models.agencies.written import write_weekdays

    match item, column:
        case Agency(), "roles":
            return " ".join(item.roles) or NONE
        case Agency(), "weekdays":
            return write_weekdays(item.weekdays)
        case Agency(), "s31_body":
            return "yes" if item.is_s31_body else "no"
        case AgencyContact(), "channel":
            return item.channel.get_secret_value() if item.channel else ""
    value = getattr(item, "since" if column == "from" else column)
    return value.isoformat() if isinstance(value, date) else value or ""


def _records(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    before = csv.field_size_limit(LONGEST)
    try:
        reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise WrongCall(f"{name}, line {line}: the record that begins here cannot be read. A quotation mark is"
                                " missing or stands where it should not; nothing was taken in.") from None
            yield line, cells
            line = reader.line_num + 1
    finally:
        csv.field_size_limit(before)


def _table(name: str, columns: Sequence[str]) -> str:
    """Which table has these columns: the one whose necessary columns are all there, and that knows all the others."""
    from models.agencies.written import TABLES

    known = set().union(*TABLES.values())
    if twice := sorted(column for column in known if columns.count(column) > 1):
        raise WrongCall(f"{name}, line 1: columns that stand twice: {', '.join(twice)}.")
    table = next((table for table, must in MUST.items() if set(must) <= set(columns) <= TABLES[table].keys()), None)
    if table is None:
        # Without a first line of names, what stands there is the first contact: it is counted, not shown.
        said = set(columns)
        likely = max(MUST, key=lambda table: len(said & set(MUST[table])) - len(said - TABLES[table].keys()))
        missing = [column for column in MUST[likely] if column not in columns]
        foreign = [str(n) for n, column in enumerate(columns, start=1) if column not in TABLES[likely]]
        told = [f"{what} {', '.join(names)}" for what, names in (
            ("missing:", missing), ("not known: column number", foreign)) if names]
        raise WrongCall(f"{name}, line 1: these are the columns of no table. As {likely}: {'; '.join(told)}."
                        " `ehc agency load -h` lists the columns.")
    return table


def _name(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", cell.strip().lower())


def _row(table: str, where: str, cells: Mapping[str, str]) -> "Told":
    from models.agencies.told import Told

    values: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for column, text in cells.items():
        if not text:
            continue
        if text.lower() == NONE and column in MAY_BE_NONE[table]:
            values[column] = None
            continue
        try:
            values[column] = _read(table, column, text)
        except ValueError as error:
            wrong.append((column, str(error)))
    return Told(table, values, where, tuple(wrong))


def _read(table: str, column: str, text: str) -> Any:
    """What a cell tells. Raises ValueError, which shows what stands there only if it can be no name and no secret."""
    from models.agencies.written import read_roles, read_weekdays

    if column in ("from", "until", "verified_on"):
        if not re.fullmatch(r"[0-9/-]{1,10}", text):
            raise ValueError("is no day. Write YYYY-MM-DD or DD/MM/YYYY.")
        return read_day(text)
    if column == "weekdays":
        return read_weekdays(text)
    if column == "roles":
        return read_roles(text)
    if column == "s31_body":
        said = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}.get(text.lower())
        if said is None:
            raise ValueError("must be yes or no, or blank.")
        return said
    if column in ("kind", "why") or (column == "role" and table == "contacts"):
        return _name(text)
    return text


def all_rows(sheets: Iterable[Sheet]) -> list["Told"]:
    """The rows of all files, in their order."""
    return [row for sheet in sheets for row in sheet.rows]
