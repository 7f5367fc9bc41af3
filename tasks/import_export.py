"""Reading an export into an empty database: every row, every file, and the same trail, or nothing at all."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, Table
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from models.export import FILE_COLUMNS, FILES, MANIFEST, BadExport, Manifest, Part, exported, reader
from models.tables.cases import CaseFile, FactRow
from tasks import bulk, database, erased, looks, trail
from tasks.database import fills_tables, writing
from tasks.export import private
from tasks.log import last_checkpoint, read_log
from tasks.migrations import HEAD
from tasks.rebuild import rebuild
from tasks.seal_files import SealFiles

AT_ONCE = 1000
CHUNK = 1 << 20
ANEW = "Take the export anew."

Progress = Callable[[int, int], None]


class NotEmpty(ValueError):
    """There is something here already, so nothing was read in."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read in: rows, files, facts and cases, the number of the newest checkpoint, and how many values that are worked
    out from the facts came out otherwise here and were put right."""

    rows: int
    files: int
    facts: int
    cases: int
    checkpoint: int | None
    put_right: int


def manifest_of(folder: Path, expected: str | None = None) -> Manifest:
    """The manifest of an export; with `expected`, only if that is its SHA-256. Raises BadExport."""
    try:
        text = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise BadExport(f"{folder} has no {MANIFEST}: it is no export, or one that was not finished. Export again into a new"
                        " folder.") from None
    except OSError as error:
        raise BadExport(f"{folder / MANIFEST} cannot be read: {error.strerror}.") from None
    if expected is not None and sha256(text).hexdigest() != expected.lower():
        raise BadExport(f"{folder / MANIFEST} is not the one that was exported: its SHA-256 is {sha256(text).hexdigest()}.")
    try:
        return Manifest.read(text.decode())
    except UnicodeDecodeError:
        raise BadExport(f"{MANIFEST} is no text. {ANEW}") from None


def import_export(engine: Engine, roots: Mapping[str, Path], folder: Path, *, expected: str | None = None,
                  progress: Progress | None = None) -> Imported:
    """Read an export into the database, which must be empty, and its files into `roots`. All of it, or nothing.

    Every line and file is held against its hash; then every seal, checkpoint and key is checked, and what is worked out from
    the facts is worked out anew. Raises BadExport, NotEmpty.
    """
    manifest = manifest_of(folder, expected)
    if manifest.version != HEAD:
        raise BadExport(f"The export is of a database of version {manifest.version}, and this program needs {HEAD}. Read it in with"
                        " the program that wrote it, then bring that database up to date with `ehc upgrade`.")
    tables = exported()
    if {table.name for table in tables} != manifest.tables.keys():
        raise BadExport(f"{MANIFEST} names other tables than this program has. Read it in with the program that wrote it.")
    with engine.connect() as connection:
        new = database.version_of(connection) is None
    if new:
        database.upgrade(engine)
    placed: list[Path] = []
    try:
        with writing(engine) as session:
            fills_tables(session)
            _must_be_empty(session, tables)
            count = _Count(progress, sum(part.rows for part in manifest.tables.values()) + manifest.files.rows)
            for table in tables:
                _read_in(session, folder, table, manifest.tables[table.name], count)
            _go_on_counting(session, tables)
            files = _place_files(folder, roots, manifest, placed, count)
            _must_hold(session, folder)
            put_right = _worked_out(session)
            newest = last_checkpoint(session)
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
    many = {name: part.rows for name, part in manifest.tables.items()}
    return Imported(sum(many.values()), files, many[FactRow.__tablename__], many[CaseFile.__tablename__],
                    newest[0] if newest else None, put_right)


class _Count:
    """Tells how far it is."""

    def __init__(self, progress: Progress | None, of: int) -> None:
        self._progress, self._done, self._of = progress, 0, of

    def more(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._of)


def _must_be_empty(session: Session, tables: list[Table]) -> None:
    for table in tables:
        if session.connection().execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise NotEmpty(f"The database is not empty: the table {table.name} has rows. An export is read into a database of its"
                           " own; set EHC_DATABASE_URL to a new one.")


def _lines(folder: Path, name: str, part: Part) -> Iterator[tuple[int, bytes]]:
    """Each line of a list with its number, as it was written. Raises BadExport at the first that is not."""
    sums, lines = folder / f"{name}.sums", folder / f"{name}.jsonl"
    try:
        digest = sha256()
        with sums.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != part.sums:
            raise BadExport(f"{name}.sums was changed: its hash is not the one in {MANIFEST}. {ANEW}")
        with lines.open("rb") as texts, sums.open("rb") as hashes:
            for number, (text, hash) in enumerate(zip_longest(texts, hashes), start=1):
                if text is None:
                    raise BadExport(f"{name}.jsonl, line {number}: it is missing, and so is what came after it. {ANEW}")
                if hash is None:
                    raise BadExport(f"{name}.jsonl, line {number}: it was put in; the export has {part.rows} lines. {ANEW}")
                if sha256(text).hexdigest() != hash.decode().strip():
                    raise BadExport(f"{name}.jsonl, line {number}: it is not as it was exported: changed, removed, put in or moved."
                                    f" {ANEW}")
                yield number, text
    except OSError as error:
        raise BadExport(f"{error.filename} cannot be read: {error.strerror}. {ANEW}") from None


def _read_in(session: Session, folder: Path, table: Table, part: Part, count: _Count) -> None:
    names, read, name = tuple(table.columns.keys()), reader(table), f"tables/{table.name}"
    if part.columns != names:
        raise BadExport(f"{MANIFEST}: {table.name} has other columns than in this program. Read it in with the one that wrote it.")

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, text in _lines(folder, name, part):
            try:
                yield read(text.decode())
            except ValueError as error:
                raise BadExport(f"{name}.jsonl, line {number}: {error}.") from None

    found, start = rows(), 1
    while batch := list(islice(found, AT_ONCE)):
        try:
            bulk.insert(session, table, names, batch)
        except IntegrityError as error:
            raise BadExport(f"{name}.jsonl, lines {start} to {start + len(batch) - 1}: the database does not take them together"
                            f" ({type(error.orig).__name__}): two have one key, or one names a row that is not there.") from None
        start += len(batch)
        count.more(len(batch))


def _go_on_counting(session: Session, tables: list[Table]) -> None:
    """Let PostgreSQL's counters go on after the numbers that were read in; SQLite looks at the rows."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        counted = table.autoincrement_column
        if counted is None:
            continue
        sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', counted.name)))
        highest = connection.scalar(sa.select(sa.func.max(counted)))
        if sequence is not None and highest is not None:
            connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _place_files(folder: Path, roots: Mapping[str, Path], manifest: Manifest, placed: list[Path], count: _Count) -> int:
    """Copy the files to where they belong; those that are put there anew are named in `placed`."""
    many = 0
    for number, text in _lines(folder, FILES, manifest.files):
        told = json.loads(text)
        place = PurePosixPath(told["path"])
        outside = place.is_absolute() or {"..", ""} & {*place.parts, told["path"]}
        if tuple(told) != FILE_COLUMNS or told["root"] not in roots or outside:
            raise BadExport(f"{FILES}.jsonl, line {number}: it names no file of an export.")
        source, target = folder / FILES / told["root"] / place, roots[told["root"]] / place
        shown = f"{FILES}/{told['root']}/{told['path']}"
        if not source.is_file() or source.is_symlink():
            raise BadExport(f"{FILES}.jsonl, line {number}: {shown} is missing. {ANEW}")
        if target.exists():
            if _hash_of(target) != told["sha256"]:
                raise NotEmpty(f"{target} exists already and is another than the one in the export. Set EHC_{told['root'].upper()}"
                               "... to a folder of its own, or move that file away.")
            if _hash_of(source) != told["sha256"]:
                raise BadExport(f"{shown} is not as it was exported ({FILES}.jsonl, line {number}). {ANEW}")
        elif _copied(source, target) != told["sha256"]:
            target.with_name(f".{target.name}.part").unlink(missing_ok=True)
            raise BadExport(f"{shown} is not as it was exported ({FILES}.jsonl, line {number}). {ANEW}")
        else:
            placed.append(target)
            target.with_name(f".{target.name}.part").replace(target)
        many += 1
        count.more(1)
    return many


def _copied(source: Path, target: Path) -> str:
    """Copy a file beside where it belongs. Its hash."""
    private(target.parent)
    part, digest = target.with_name(f".{target.name}.part"), sha256()
    with suppress(FileNotFoundError):
        part.unlink()
    try:
        with source.open("rb") as file, open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def _hash_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _must_hold(session: Session, folder: Path) -> None:
    """Raise BadExport unless every seal, text, checkpoint and key that was read in holds, and so do the files of checkpoints."""
    log = read_log(session, SealFiles(folder / FILES / "seals"))
    findings = [*trail.verify(session).findings, *log.findings, *looks.findings(session), *erased.findings(session, log.keys)]
    if findings:
        more = f" and {len(findings) - 1} more" if findings[1:] else ""
        raise BadExport(f"The trail in the export does not hold, so nothing was read in. {findings[0]}{more}")


def _worked_out(session: Session) -> int:
    """Work out anew what follows from the facts. How many values came out otherwise."""
    found = rebuild(session)
    return sum(1 for one in found.differences if one.mendable)
