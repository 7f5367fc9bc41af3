"""What an export of everything looks like: which tables go into it, how a row becomes a line, and the manifest written last.

    manifest.json                what there is, with its hashes; a folder without it was not finished
    tables/TABLE.jsonl           one row a line, as JSON; days, moments and sealed texts exactly as they are stored
    tables/TABLE.sums            the SHA-256 of each of those lines, so that a changed line is named
    files.jsonl, files.sums      the files that belong to it, the same way; their content lies under files/

Whatever table is added to `models.tables` is exported, unless it is named here with the reason why not.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from re import fullmatch
from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Integer, String, Table
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from models.tables.agencies import AgencyContactRow
from models.tables.moments import UtcDateTime
from models.tables.people import Contact
from models.trail import canonical

FORM = "ehc-export/1"
MANIFEST = "manifest.json"
FILES = "files"
"""The name of the list of files, and of the folder in which they lie."""

ROOTS = ("documents", "outbox", "seals")
"""The folders whose files go along: EHC_DOCUMENTS_DIR, EHC_OUTBOX_DIR and EHC_SEAL_DIR. A private key is in none of them."""

FILE_COLUMNS = ("root", "path", "size", "sha256")

NOT_EXPORTED: Mapping[str, str] = {}
"""Tables that stay behind, by name, each with the reason."""

SECRETS: Mapping[str, tuple[str, ...]] = {
    Contact.__tablename__: ("apprise_url", "verified_on", "verified_by"),
    AgencyContactRow.__tablename__: ("channel", "verified_on", "verified_by"),
}
"""By table, the column that can hold a channel's URL, with its password or token, and what says that somebody tried it. Left
out unless asked for, or unless it is a plain e-mail address."""

MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


class BadExport(ValueError):
    """An export that cannot be read in; the message names the file and line, what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the export: how many lines it has, the columns, the SHA-256 of its lines and of the file of their sums."""

    rows: int
    columns: tuple[str, ...]
    sha256: str
    sums: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds. `version` is that of the database; `missing` are documents whose file was not there; `channels`
    whether the URLs of channels went along."""

    version: str
    exported_at: str
    channels: bool
    tables: Mapping[str, Part]
    files: Part
    missing: tuple[str, ...]

    def text(self) -> str:
        """The file. It ends with the hash of the rest."""
        told: dict[str, Any] = {
            "form": FORM, "version": self.version, "exported_at": self.exported_at, "channels": self.channels,
            "tables": {name: _told(part) for name, part in self.tables.items()}, "files": _told(self.files),
            "missing": list(self.missing)}
        return _pretty(told | {"sha256": _hash(told)})

    @classmethod
    def read(cls, text: str) -> "Manifest":
        """What a manifest says. Raises BadExport."""
        try:
            told = json.loads(text)
            said = {name: value for name, value in told.items() if name != "sha256"}
            if said["form"] != FORM:
                raise BadExport(f"{MANIFEST}: its form is {said['form']}, and this program reads {FORM}.")
            found = cls(said["version"], said["exported_at"], said["channels"],
                        {name: _part(part) for name, part in said["tables"].items()}, _part(said["files"]), tuple(said["missing"]))
            whole = _hash(said) == told["sha256"] and found.text() == text
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, BadExport):
                raise
            raise BadExport(f"{MANIFEST} is not written as a manifest is ({type(error).__name__}). Take the export anew.") from None
        if not whole:
            raise BadExport(f"{MANIFEST} is not as it was written: its own hash does not fit. Take the export anew.")
        return found


def exported() -> list[Table]:
    """The tables of an export, each after those that it refers to."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in NOT_EXPORTED]


def line(columns: tuple[str, ...], row: Any) -> str:
    """A row as one line of JSON. The same row always gives the same line."""
    return json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def without_secret(table: str, row: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The row without the URL of a channel, and whether it had one. A plain e-mail address is none."""
    columns = SECRETS.get(table, ())
    if not columns or row[columns[0]] is None or "://" not in row[columns[0]]:
        return dict(row), False
    return {name: None if name in columns else value for name, value in row.items()}, True


def reader(table: Table) -> Callable[[str], tuple[Any, ...]]:
    """What turns a line back into a row of this table, each value checked against its column. That raises ValueError, with what
    is wrong."""
    names, checks = tuple(table.columns.keys()), [_check_of(column) for column in table.columns]

    def read(text: str) -> tuple[Any, ...]:
        told = json.loads(text)
        if not isinstance(told, dict) or tuple(told) != names:
            raise ValueError(f"it has not the columns {', '.join(names)}")
        for (name, value), (holds, kind), column in zip(told.items(), checks, table.columns, strict=True):
            if not (column.nullable if value is None else holds(value)):
                raise ValueError(f"{name} is {'missing' if value is None else f'no {kind}'}")
        return tuple(told.values())

    return read


def is_known_type(column: Column[Any]) -> bool:
    """Whether values of this column can be exported."""
    return isinstance(column.type, UtcDateTime | Boolean | Date | Integer | Float | String | AutoString)


def _check_of(column: Column[Any]) -> tuple[Callable[[Any], bool], str]:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return lambda value: isinstance(value, str) and fullmatch(MOMENT, value) is not None, "moment"
    if isinstance(kind, Boolean):
        return lambda value: isinstance(value, bool), "yes or no"
    if isinstance(kind, Date):
        return _is_day, "day"
    if isinstance(kind, Integer):
        return lambda value: type(value) is int, "whole number"
    if isinstance(kind, Float):
        return lambda value: type(value) in (int, float), "number"
    return lambda value: isinstance(value, str), "text"


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _told(part: Part) -> dict[str, Any]:
    return {"rows": part.rows, "columns": list(part.columns), "sha256": part.sha256, "sums": part.sums}


def _part(told: Mapping[str, Any]) -> Part:
    return Part(told["rows"], tuple(told["columns"]), told["sha256"], told["sums"])


def _hash(told: Mapping[str, Any]) -> str:
    return sha256(canonical(told).encode()).hexdigest()


def _pretty(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
