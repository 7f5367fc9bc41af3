"""The files of a return: one of XML, or nine tables. Each is written beside its place and put there whole, or not at all."""

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol
from xml.parsers import expat

from models.sen2.finding import Finding
from models.sen2.layout import BLOCKS
from models.sen2.record import Header, Person
from models.sen2.render import CLOSING, Rows, Style, columns, opening, person_xml
from models.sen2.shape import Shape
from models.sen2.values import harmless

AT_ONCE = 1 << 16


class CannotWrite(ValueError):
    """The file cannot be put where it is to be; the message says why and what to do."""


class Writer(Protocol):
    """Takes in the persons of a return one by one; `keep` puts it in its place, `drop` leaves nothing behind."""

    def add(self, person: Person) -> None: ...

    def check(self) -> Iterator[Finding]: ...

    def keep(self, place: Path) -> None: ...

    def drop(self) -> None: ...


class XmlFile:
    """A return as XML. The persons are written as they come; what stands before them when all is known."""

    def __init__(self, folder: Path, name: str, header: Header, year: int, style: Style) -> None:
        self._header, self._year, self._style = header, year, style
        self._path = folder / f".{name}.persons"
        self._whole = folder / f".{name}.part"
        self._file: IO[str] = _new(self._path)

    def add(self, person: Person) -> None:
        """Write one person."""
        self._file.write(person_xml(person, self._year, self._style))

    def check(self) -> Iterator[Finding]:
        """Put the file together and read it again, by the shape of its year: what is wrong with it."""
        self._file.close()
        with _new(self._whole) as whole, self._path.open(encoding="utf-8") as persons:
            whole.write(opening(self._header, self._year, self._style))
            shutil.copyfileobj(persons, whole, AT_ONCE)
            whole.write(CLOSING)
        yield from shape_of(self._whole, self._year, self._style)

    def keep(self, place: Path) -> None:
        """Put it in its place."""
        self._path.unlink()
        _synced(self._whole)
        self._whole.replace(place)

    def drop(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        for path in (self._path, self._whole):
            path.unlink(missing_ok=True)


class TableFiles:
    """A return as the nine tables of the COLLECT download, with ISO days, in a folder of their own."""

    def __init__(self, folder: Path, name: str, header: Header, year: int, style: Style) -> None:
        self._folder = folder / f".{name}.part"
        if self._folder.exists():                        # what a call that was killed left behind
            shutil.rmtree(self._folder)
        self._folder.mkdir(mode=0o700)
        self._files = {name: _new(self._folder / f"{block.table}.csv") for name, block in BLOCKS.items()}
        self._tables = {name: csv.writer(file) for name, file in self._files.items()}
        for name, table in self._tables.items():
            table.writerow(columns(name, year))
        self._rows = Rows(year)
        self._put(*self._rows.of_header(header))

    def _put(self, block: str, row: tuple[str, ...]) -> None:
        self._tables[block].writerow([harmless(cell) for cell in row])

    def add(self, person: Person) -> None:
        """Write the rows of one person."""
        for block, row in self._rows.of_person(person):
            self._put(block, row)

    def check(self) -> Iterator[Finding]:
        """Tables have no order of elements that could be wrong."""
        for file in self._files.values():
            file.close()
        return iter(())

    def keep(self, place: Path) -> None:
        """Put the folder in its place."""
        for path in self._folder.iterdir():
            _synced(path)
        self._folder.rename(place)

    def drop(self) -> None:
        """Leave nothing behind."""
        for file in self._files.values():
            file.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def shape_of(path: Path, year: int, style: Style) -> Iterator[Finding]:
    """Whether a file of XML has the shape of its year (X01), read as a stream."""
    shape, found = Shape(year, style), []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, _: found.extend(shape.begins(tag, parser.CurrentLineNumber))
    parser.EndElementHandler = lambda tag: shape.ends()
    with path.open("rb") as file:
        while piece := file.read(AT_ONCE):
            parser.Parse(piece, False)
            yield from found
            found.clear()
        parser.Parse(b"", True)
    yield from found


def _new(path: Path) -> Any:
    """A file that only this user can read, in place of what a call that was killed may have left."""
    path.unlink(missing_ok=True)
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")


def _synced(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
