"""A list of requests as a spreadsheet saves it (CSV): read, decoded and checked cell by cell, without a database.

Nothing is guessed: what cannot be read for certain is refused with its line and the reason.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from cli.clock import parse_day
from cli.lines import BOM, opened
from cli.show import WrongCall, count

if TYPE_CHECKING:
    from tasks.intake import Request

COLUMNS: Mapping[str, str] = {
    "received_on": "day on which the request reached any part of the council (must be there)",
    "requested_by": "parent, young_person, setting, health, social_care or other (must be there)",
    "name": "name of the child or young person (must be there)",
    "born": "birth date of the child or young person (must be there)",
    "attends": "school, post16 or early_years; blank if none",
    "setting": "reference of that setting, such as school-7",
    "year_group": "national curriculum year, -2 to 15",
    "service_family": "yes or no: a parent serves in the armed forces",
    "hearing_impaired": "yes or no",
    "vision_impaired": "yes or no",
    "owner": "reference of the officer who holds the case, such as officer-3",
    "ref": "reference for the case; blank for the next free one",
    "how": "post, email, phone, hand, meeting, portal or system",
    "note": "a note, kept where it can be erased",
    "address": "where the child or young person lives",
    "contact": "to whom letters to the family are addressed",
    "contact_address": "their postal address",
    "email": "their e-mail address",
}
"""Every column that a list may have, and what stands in it."""

REQUIRED = ("received_on", "requested_by", "name", "born")
FIELDS = ("requested_by", "attends", "setting", "year_group", "service_family", "hearing_impaired", "vision_impaired", "owner",
          "how", "note")
CHOSEN = ("requested_by", "attends", "how", "service_family", "hearing_impaired", "vision_impaired")
"""Columns whose words are chosen from a list: "Young person" is young_person."""

SEPARATORS = (",", ";", "\t")
LONGEST = 10_000
"""Characters in one cell: more is a sign that a quotation mark is missing."""

_BRITISH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list: the line on which it begins, and its request, or what is wrong with it."""

    line: int
    request: "Request | None" = None
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """A list as it was read: how it was decoded, its rows, and how many empty ones were passed over."""

    encoding: str
    rows: list[Row] = field(default_factory=list)
    empty: int = 0


def read_sheet(name: str, today: date) -> Sheet:
    """The list in the file `name`, every cell of it checked. `today` is the last day on which a request can have come.

    Raises WrongCall if the file as a whole cannot be used: unreadable, not text, without its columns, or broken off.
    """
    with opened(name) as file:
        raw = file.read()
    text, encoding = decoded(name, raw)
    sheet = Sheet(encoding)
    columns: list[str] | None = None
    seen: dict[tuple[str, date], int] = {}
    for line, cells in _records(name, text):
        if columns is None:
            columns = _columns(name, cells)
        elif not any(cell.strip() for cell in cells):
            sheet.empty += 1
        else:
            sheet.rows.append(_row(line, columns, cells, seen, today))
    if not sheet.rows:
        raise WrongCall(f"{name} holds no request: under its first line with the names of the columns there is nothing.")
    return sheet


def read_day(text: str) -> date:
    """A day written YYYY-MM-DD or, as in Britain, DD/MM/YYYY. Raises ValueError that tells why it is none.

    >>> read_day("02/03/2026")
    datetime.date(2026, 3, 2)
    """
    british = _BRITISH.fullmatch(text)
    if british is None:
        if re.fullmatch(r"[0-9]{5}", text):
            raise ValueError(f"{text!r} is a spreadsheet's own number for a day. Format the column as a date, YYYY-MM-DD or"
                             " DD/MM/YYYY.")
        if re.fullmatch(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}", text):
            raise ValueError(f"{text!r} has a year of two digits. Write the year in full.")
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(f"{text[:40]!r} is no day. Write YYYY-MM-DD or DD/MM/YYYY.")
        return parse_day(text)
    day, month, year = map(int, british.groups())
    if month > 12 >= day:
        raise ValueError(f"{text!r} has no month {month}. It looks American; write DD/MM/YYYY or YYYY-MM-DD in the whole column.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r} is not in the calendar. Check the day and the month (DD/MM/YYYY).") from None


def decoded(name: str, raw: bytes) -> tuple[str, str]:
    """The text of a CSV file and the name of its encoding, UTF-8 or Windows-1252. Raises WrongCall for what is no such text."""
    if not raw.strip():
        raise WrongCall(f"{name} is empty.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WrongCall(f"{name} is UTF-16. Save it as `CSV UTF-8`.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise WrongCall(f"{name} is a workbook. Save the sheet as `CSV UTF-8`, and give that file.")
    if (at := raw.find(b"\0")) >= 0:
        raise WrongCall(f"{name}, line {raw.count(10, 0, at) + 1}: there is a byte 0, so the file is no text or is damaged."
                        " Save it anew as `CSV UTF-8`.")
    if raw.startswith(BOM):
        raw = raw.removeprefix(BOM)
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        at = error.start
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise WrongCall(f"{name}, line {raw.count(10, 0, error.start) + 1}: the text is neither UTF-8 nor Windows-1252. Save"
                        " it as `CSV UTF-8`.") from None
    return text, f"Windows-1252 (line {raw.count(10, 0, at) + 1} is no UTF-8)"


def _records(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    before = csv.field_size_limit(LONGEST)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        line = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise WrongCall(f"{name}, line {line}: the record that begins here cannot be read ({error}). A quotation mark is"
                                " missing or stands where it should not; nothing was taken in.") from None
            yield line, cells
            line = reader.line_num + 1
    finally:
        csv.field_size_limit(before)


def _separator(text: str) -> str:
    head = text.partition("\n")[0].lower()
    return next((sign for sign in SEPARATORS if len({_name(part) for part in head.split(sign)} & set(COLUMNS)) > 1), ",")


def _columns(name: str, cells: Sequence[str]) -> list[str]:
    columns = [_name(cell) for cell in cells]
    unknown = [cell.strip() or "(blank)" for cell, column in zip(cells, columns, strict=True) if column not in COLUMNS]
    missing = [column for column in REQUIRED if column not in columns]
    twice = sorted({column for column in columns if columns.count(column) > 1} & set(COLUMNS))
    problems = [f"{what}: {', '.join(names)}" for what, names in (
        ("columns that are missing", missing), ("columns that are not known", unknown), ("columns that stand twice", twice))
        if names]
    if problems:
        raise WrongCall(f"{name}, line 1: {'; '.join(problems)}. `ehc intake -h` lists the columns.")
    return columns


def _name(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", cell.strip().strip('"').lower())


def _row(line: int, columns: Sequence[str], cells: Sequence[str], seen: dict[tuple[str, date], int], today: date) -> Row:
    if len(cells) != len(columns):
        return Row(line, wrong=(f"has {count(len(cells), 'cell')} where the first line names {count(len(columns), 'column')}: a"
                                " separator is missing or too many, or a text that holds one is not in quotation marks",))
    told = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    told |= {column: _name(told[column]) for column in CHOSEN if column in told}
    wrong = [f"{column}: the cell begins with {cell[0]!r}, as a formula does; take that away" for column, cell in told.items()
             if cell[:1] in ("=", "+", "-", "@") and not (column == "year_group" and re.fullmatch(r"-[12]", cell))]
    wrong += [f"{column} is blank" for column in REQUIRED if not told[column]]
    if wrong:
        return Row(line, wrong=tuple(wrong))
    request = _request(told, wrong, today)
    if request is None:
        return Row(line, wrong=tuple(wrong))
    from tasks.people import normal

    who = normal(request.name or ""), request.born
    first = seen.setdefault(who, line)
    if first != line:
        return Row(line, wrong=(f"the same person (name and birth date) stands in line {first}",))
    return Row(line, request)


def _request(told: Mapping[str, str], wrong: list[str], today: date) -> "Request | None":
    """The request that a row tells of; None, with what is wrong added to `wrong`, if it is none."""
    from cli.fields import read_fields
    from models.fact_check import check, check_ref
    from models.facts import KINDS, BadFact
    from models.routing import kind_of_request
    from tasks.case_file import NewContact
    from tasks.intake import NotToBeRecorded, Request, check_person

    days: dict[str, date] = {}
    for column in ("received_on", "born"):
        try:
            days[column] = read_day(told[column])
        except ValueError as error:
            wrong.append(f"{column}: {error}")
    kind = KINDS[kind_of_request(told["requested_by"])]
    fields: dict[str, Any] = {}
    for column in FIELDS:
        if told.get(column):
            try:
                fields |= read_fields(kind, [f"{column}={told[column]}"])
            except WrongCall as error:
                wrong.append(str(error).removeprefix(f"{kind.name}: "))
    if (told.get("contact_address") or told.get("email")) and not told.get("contact"):
        wrong.append("contact is blank, so it is not known to whom the address belongs")
    if re.search(r"\s", told.get("email", "")):
        wrong.append("email has a blank in it")
    if wrong:
        return None
    contacts = (NewContact("family", told["contact"], told.get("contact_address") or None, told.get("email") or None),
                ) if told.get("contact") else ()
    request = Request(kind.name, days["received_on"], fields, told["name"], days["born"], told.get("address") or None,
                      told.get("ref") or None, contacts)
    try:
        if request.ref is not None:
            check_ref(request.ref)
        check(kind.name, request.on, fields, at_door=True, today=today)
        check_person(request)
    except (BadFact, NotToBeRecorded) as error:
        wrong.append(str(error).removeprefix(f"{kind.name}: "))
        return None
    return request
