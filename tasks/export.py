"""Everything on record, written into a folder in open formats, from which it can be read in elsewhere to the same trail."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Engine, Table
from sqlmodel import Session

from models.export import FILE_COLUMNS, FILES, MANIFEST, ROOTS, Manifest, Part, exported, line, without_secret
from models.tables.cases import FactRow
from models.tables.people import DocumentRow
from models.trail import moment
from tasks import bulk
from tasks.database import reading
from tasks.documents import Store
from tasks.migrations import HEAD
from tasks.settings import Settings

CHUNK = 1 << 20
EVERY = 500
"""Lines after which the progress is told."""

Progress = Callable[[int, int], None]


class CannotExport(ValueError):
    """Nothing was exported; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: the manifest, its SHA-256, and how many channels' URLs were left out."""

    manifest: Manifest
    sha256: str
    left_out: int


def roots_of(settings: Settings) -> dict[str, Path]:
    """The folders whose files go along, by the name under which they do."""
    return dict(zip(ROOTS, (settings.documents_dir, settings.outbox_dir, settings.seal_dir), strict=True))


def export(engine: Engine, roots: Mapping[str, Path], folder: Path, at: datetime, *, channels: bool = False,
           progress: Progress | None = None) -> Exported:
    """Write everything into `folder`, which must not exist or be empty: the tables as they stood at one moment, then the files
    that belong to them, and the manifest last.

    `channels` takes along the URLs of channels, which can hold passwords. Only this user can read the folder. Raises CannotExport.
    """
    _make(folder)
    with reading(engine) as session:
        tables, done = exported(), _Count(progress, session, roots)
        parts, left_out = {}, 0
        for table in tables:
            rows = _Rows(table, channels)
            parts[table.name] = _write(folder / "tables" / table.name, tuple(table.columns.keys()), rows.of(session), done)
            left_out += rows.left_out
        missing = tuple(_missing(session, roots["documents"]))
    files = _write(folder / FILES, FILE_COLUMNS, _files(roots, folder / FILES), done)
    manifest = Manifest(HEAD, moment(at), channels, parts, files, missing)
    text = manifest.text().encode()
    _put(folder / MANIFEST, text)
    return Exported(manifest, sha256(text).hexdigest(), left_out)


class _Rows:
    """The rows of one table as they go out."""

    def __init__(self, table: Table, channels: bool) -> None:
        self._table, self._channels, self.left_out = table, channels, 0

    def of(self, session: Session) -> Iterator[Sequence[Any]]:
        names = tuple(self._table.columns.keys())
        flags = [place for place, column in enumerate(self._table.columns) if isinstance(column.type, Boolean)]
        for row in bulk.stream(session, self._table, names):
            values = list(row)
            for place in flags:                         # SQLite keeps them as 0 and 1
                values[place] = None if values[place] is None else bool(values[place])
            if not self._channels:
                told, had = without_secret(self._table.name, dict(zip(names, values, strict=True)))
                self.left_out += had
                values = list(told.values())
            yield values


class _Count:
    """Tells how far an export is."""

    def __init__(self, progress: Progress | None, session: Session, roots: Mapping[str, Path]) -> None:
        self._progress, self._done, self._of = progress, 0, 0
        if progress is not None:
            self._of = sum(session.connection().scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in exported())
            self._of += sum(1 for root in roots.values() for _ in _inside(root))

    def one_more(self) -> None:
        self._done += 1
        if self._progress is not None and self._done % EVERY == 0:
            self._progress(self._done, max(self._of, self._done))


def _make(folder: Path) -> None:
    try:
        private(folder)
        if any(folder.iterdir()):
            raise CannotExport(f"{folder} is not empty. Name a folder that does not exist yet; if this one holds an export that was"
                               " not finished, remove it first.")
        (folder / "tables").mkdir(mode=0o700)
        (folder / FILES).mkdir(mode=0o700)
    except OSError as error:
        raise CannotExport(f"{folder} cannot be made or written to: {error.strerror}. Name another folder.") from None


def private(folder: Path) -> None:
    """Make a folder, and those that it lies in, for this user alone, where they are not there yet."""
    for one in (*reversed(folder.parents), folder):
        one.mkdir(mode=0o700, exist_ok=True)


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[Sequence[Any]], done: _Count) -> Part:
    """Write the rows as lines into PATH.jsonl, and the hash of each into PATH.sums."""
    all_lines, all_sums, count = sha256(), sha256(), 0
    with _new(Path(f"{path}.jsonl")) as lines, _new(Path(f"{path}.sums")) as sums:
        for row in rows:
            text = line(columns, row).encode()
            digest = f"{sha256(text).hexdigest()}\n".encode()
            lines.write(text)
            sums.write(digest)
            all_lines.update(text)
            all_sums.update(digest)
            count += 1
            done.one_more()
        for file in (lines, sums):
            file.flush()
            os.fsync(file.fileno())
    return Part(count, columns, all_lines.hexdigest(), all_sums.hexdigest())


def _files(roots: Mapping[str, Path], into: Path) -> Iterator[tuple[str, str, int, str]]:
    """Copy every file of the folders, and say what it is. One that goes away meanwhile is left out."""
    for name, root in roots.items():
        for path in _inside(root):
            place = path.relative_to(root)
            target = into / name / place
            private(target.parent)
            digest, size = sha256(), 0
            with suppress(FileNotFoundError), path.open("rb") as source:
                with _new(target) as copy:
                    while chunk := source.read(CHUNK):
                        digest.update(chunk)
                        size += len(chunk)
                        copy.write(chunk)
                    copy.flush()
                    os.fsync(copy.fileno())
                yield name, place.as_posix(), size, digest.hexdigest()


def _inside(root: Path) -> Iterator[Path]:
    """Every file of a folder, in order; not those that are still being written, and nothing that a link leads to."""
    if not root.is_dir():
        return
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _inside(path)
        elif path.is_file():
            yield path


def _missing(session: Session, documents: Path) -> Iterator[str]:
    store = Store(documents, 0)
    for ref, hash in bulk.select(session, DocumentRow.__table__, ("case_ref", "sha256"), order=("case_ref", "sha256")):
        if not store.place(ref, hash).is_file():
            yield store.place(ref, hash).relative_to(documents).as_posix()


def _new(path: Path) -> Any:
    """A new file that only this user can read."""
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, after all that is in its folder."""
    part = path.with_name(f".{path.name}.part")
    with _new(part) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def how_many(manifest: Manifest) -> int:
    """How many facts an export holds."""
    return manifest.tables[FactRow.__tablename__].rows
