"""The sheets of a workbook (.xlsx), read row by row: what a cell holds as its program worked it out, and where.

Nothing is held but the row at hand: the texts that cells share wait in a file without a name, and neither formatted empty rows nor what
a sheet says of its own size counts. Whatever could blow up (entities, endless texts) is refused. openpyxl, which writes our workbooks and
is asked here what a day looks like, keeps something of every row that it reads: 670 MB of a sheet with a million formatted empty rows.
"""

import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from posixpath import join, normpath
from tempfile import TemporaryFile
from typing import Any
from xml.parsers import expat

from tasks.sen2_files.lists import NO_VALUE, Rows, Table
from tasks.sen2_files.source import BadReturn, Member, reading

MOST_SHARED = 300_000_000
"""Bytes of a workbook's table of texts."""

MOST_MERGED = 10_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_TEXT = 100_000
"""Characters in one cell: spreadsheet programs hold 32,767."""

AT_ONCE = 1 << 16
Cells = list[tuple[int, Any]]


class _Halfway(Exception):
    """A part is missing: the workbook was saved only halfway, or is damaged."""


def workbook_tables(file: Member) -> list[Table]:
    """The sheets of a workbook that can be seen. Raises BadReturn if it is none, or was saved only halfway."""
    with _archive(file) as archive:
        if any(info.file_size > MOST_SHARED for info in archive.infolist() if info.filename.lower() == "xl/sharedstrings.xml"):
            raise BadReturn(f"{file.name} holds more text than a return or a list can. Save the sheets as CSV.")
        if archive.testzip() is not None:
            raise zipfile.BadZipFile
        book = _Book.of(file, archive)
        found = []
        for title, path in book.sheets.items():
            merged, rows = _look(file, archive, path)
            found.append(Table(f"{file.name}, sheet {title}", _sheet(file, book, title, path), merged=merged, size=rows))
    if not found:
        raise BadReturn(f"{file.name} has no sheet that can be seen.")
    return found


@contextmanager
def _archive(file: Member) -> Iterator[zipfile.ZipFile]:
    with reading(file.name), file.open() as opened, zipfile.ZipFile(opened) as archive:
        try:
            yield archive
        except (expat.ExpatError, KeyError, ValueError, _Halfway) as error:
            if isinstance(error, BadReturn):
                raise
            raise BadReturn(f"{file.name} is no workbook that can be read ({type(error).__name__.lstrip('_')}). It was saved only halfway, or is"
                            " of another kind than .xlsx: save it as .xlsx again.") from None


# --- the parts of a workbook -----------------------------------------------------------------------------------------

@dataclass(slots=True)
class _Book:
    """What must be known of a workbook to read its sheets: their files by title, which formats show days, and its texts."""

    sheets: dict[str, str]
    is_day: Sequence[bool]
    from_1904: bool
    texts_at: str | None
    texts: "_Texts | None" = None

    @classmethod
    def of(cls, file: Member, archive: zipfile.ZipFile) -> "_Book":
        main = next((path for kind, path in _relations(file, archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")
        if main.endswith(".bin"):
            raise BadReturn(f"{file.name} is a workbook of the binary kind (.xlsb). Save it as .xlsx.")
        parts, sheets, from_1904 = _relations(file, archive, main), {}, False
        for name, told in _elements(file, archive, main):
            if name == "workbookPr":
                from_1904 = told.get("date1904", "0").lower() in ("1", "true")
            elif name == "sheet":
                relation = next((value for key, value in told.items() if key.rpartition(" ")[2] == "id"), "")
                kind, path = parts.get(relation, ("", ""))
                if kind == "worksheet" and told.get("state", "visible") == "visible":
                    sheets[told.get("name", "")] = path
        one = {kind: path for kind, path in parts.values()}
        return cls(sheets, _formats(file, archive, one.get("styles")), from_1904, one.get("sharedStrings"))

    def text(self, archive: zipfile.ZipFile, file: Member, number: int) -> str:
        """One of the texts that cells share."""
        if self.texts is None:
            self.texts = _Texts()
            if self.texts_at is not None:
                _walk(file, archive, self.texts_at, _TextsReader(self.texts))
        return self.texts[number]


def _relations(file: Member, archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part of the workbook refers to, by id: its kind, and its file in the archive."""
    folder, _, name = part.rpartition("/")
    at = join(folder, "_rels", f"{name}.rels")
    if at not in archive.namelist():
        return {}
    return {told["Id"]: (told.get("Type", "").rpartition("/")[2], normpath(join(folder, told["Target"]).rpartition("//")[2]).lstrip("/")
                         if not told["Target"].startswith("/") else told["Target"].lstrip("/"))
            for name, told in _elements(file, archive, at) if name == "Relationship" and told.get("TargetMode") != "External"}


def _formats(file: Member, archive: zipfile.ZipFile, styles: str | None) -> Sequence[bool]:
    """Of each style of a cell, whether it shows a number as a day."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

    if styles is None or styles not in archive.namelist():
        return ()
    codes, found, inside = dict(BUILTIN_FORMATS), [], False
    for name, told in _elements(file, archive, styles):
        if name == "numFmt":
            codes[int(told["numFmtId"])] = told.get("formatCode", "")
        elif name == "xf" and inside:
            found.append(bool(is_date_format(codes.get(int(told.get("numFmtId", 0)), "General"))))
        elif name in ("cellXfs", "cellStyles", "dxfs", "cellStyleXfs"):
            inside = name == "cellXfs"
    return found


def _elements(file: Member, archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The elements of a small part, in their order, with their attributes."""
    reader = _Elements()
    _walk(file, archive, path, reader)
    yield from reader.found


# --- reading XML ---------------------------------------------------------------------------------------------------

class _Reader:
    """Is told of the elements and the text of a part as they come."""

    def begin(self, name: str, told: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, piece: str) -> None: ...


def _pieces(file: Member, archive: zipfile.ZipFile, path: str, reader: _Reader) -> Iterator[None]:
    """Read a part, a piece at a time. Raises BadReturn where it declares a document type: entities could blow it up."""
    if path not in archive.namelist():
        raise _Halfway
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text, parser.ordered_attributes = True, False
    parser.StartElementHandler = lambda name, told: reader.begin(name.rpartition(" ")[2], told)
    parser.EndElementHandler = lambda name: reader.end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = reader.text

    def refused(*_: object) -> None:
        raise BadReturn(f"{file.name} declares a document type, as no spreadsheet program does. It was not read.")
    parser.StartDoctypeDeclHandler = refused
    with archive.open(path) as part:
        while piece := part.read(AT_ONCE):
            parser.Parse(piece, False)
            yield
    parser.Parse(b"", True)
    yield


def _walk(file: Member, archive: zipfile.ZipFile, path: str, reader: _Reader) -> None:
    for _ in _pieces(file, archive, path, reader):
        pass


@dataclass
class _Elements(_Reader):
    found: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def begin(self, name: str, told: Mapping[str, str]) -> None:
        self.found.append((name, told))
        if len(self.found) > 1_000_000:
            raise _Halfway


class _Texts:
    """Texts by their number, in a file without a name."""

    def __init__(self) -> None:
        self._file, self._ends, self._end = TemporaryFile(), array("Q", [0]), 0

    def add(self, text: str) -> None:
        self._end += self._file.write(text.encode("utf-8", "surrogatepass"))
        self._ends.append(self._end)

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise _Halfway
        self._file.seek(self._ends[number])
        return self._file.read(self._ends[number + 1] - self._ends[number]).decode("utf-8", "surrogatepass")


class _Words(_Reader):
    """Gathers the text of a cell or of a shared one; how it is spoken (rPh) is no part of it."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.length, self.wanted, self.spoken = 0, False, False

    def text(self, piece: str) -> None:
        if self.wanted and not self.spoken:
            self.words.append(piece)
            self.length += len(piece)
            if self.length > LONGEST_TEXT:
                raise BadReturn(f"a cell holds more than {LONGEST_TEXT:,} characters, which is more than a spreadsheet program can show")

    def taken(self) -> str:
        text = "".join(self.words)
        self.words.clear()
        self.length = 0
        return text


class _TextsReader(_Words):
    def __init__(self, texts: _Texts) -> None:
        super().__init__()
        self.texts = texts

    def begin(self, name: str, told: Mapping[str, str]) -> None:
        self.wanted = self.wanted or name == "t"
        self.spoken = self.spoken or name == "rPh"

    def end(self, name: str) -> None:
        if name == "si":
            self.texts.add(self.taken())
        elif name == "t":
            self.wanted = False
        elif name == "rPh":
            self.spoken = False


# --- a sheet -------------------------------------------------------------------------------------------------------

class _SheetReader(_Words):
    """Rows of a sheet as they come: each its number, and the cells in which something stands, by their columns."""

    def __init__(self, value: Callable[[str, str, str], Any]) -> None:
        super().__init__()
        self.rows: list[tuple[int, Cells]] = []
        self.number, self._column, self._cells = 0, 0, Cells()
        self._value, self._kind, self._style, self._formula = value, "n", "", False

    def begin(self, name: str, told: Mapping[str, str]) -> None:
        if name == "c":
            at = _place(told["r"]) if "r" in told else (self.number, self._column + 1)
            if at[0] != self.number or not self._column < at[1] <= LAST_COLUMN:
                raise ValueError(f"cell {told.get('r')} stands where it does not belong")
            self._column, self._kind, self._style, self._formula = at[1], told.get("t", "n"), told.get("s", ""), False
        elif name in ("v", "t"):
            self.wanted = True
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self.spoken = True
        elif name == "row":
            number = int(told["r"]) if "r" in told else self.number + 1
            if not self.number < number <= LAST_ROW:
                raise ValueError(f"row {number} stands where it does not belong")
            self.number, self._column, self._cells = number, 0, Cells()

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.wanted = False
        elif name == "rPh":
            self.spoken = False
        elif name == "c":
            text = self.taken()
            if text:
                self._cells.append((self._column, self._value(self._kind, self._style, text)))
            elif self._formula and self._kind != "str":              # of a text that is worked out, blank is a value
                self._cells.append((self._column, NO_VALUE))
        elif name == "row" and self._cells:
            self.rows.append((self.number, self._cells))


def _sheet(file: Member, book: _Book, title: str, path: str) -> Callable[[], Rows]:
    def rows() -> Rows:
        with _archive(file) as archive:
            def value(kind: str, style: str, text: str) -> Any:
                if kind == "s":
                    return book.text(archive, file, int(text))
                if kind == "b":
                    return text.strip() in ("1", "true")
                if kind != "n":
                    return text                                      # a text, a day as ISO has it, an error such as #N/A
                number = _number(text)
                is_day = style != "" and int(style) < len(book.is_day) and book.is_day[int(style)]
                return _day(number, book.from_1904) if is_day else number
            reader = _SheetReader(value)
            try:
                for _ in _pieces(file, archive, path, reader):
                    for number, cells in reader.rows:
                        yield number, _spread(cells)
                    reader.rows.clear()
            except BadReturn as error:
                if str(error).startswith(file.name):
                    raise
                raise BadReturn(f"{file.name}, sheet {title}, row {reader.number}: {error}. Nothing was taken in; put it right there.") from None
            except (expat.ExpatError, ValueError, KeyError, OverflowError, _Halfway, EOFError, zlib.error, zipfile.BadZipFile) as error:
                raise BadReturn(f"{file.name}, sheet {title}, after row {reader.number}: the sheet cannot be read any further"
                                f" ({type(error).__name__.lstrip('_')}). It was saved only halfway or is damaged; save it again.") from None
    return rows


def _spread(cells: Cells) -> list[Any]:
    """The cells of a row side by side, with nothing where nothing stands."""
    if cells[-1][0] == len(cells):
        return [cell for _, cell in cells]
    row = [None] * cells[-1][0]
    for column, cell in cells:
        row[column - 1] = cell
    return row


@lru_cache(maxsize=10_000)
def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdecimal() else float(text)


@lru_cache(maxsize=10_000)
def _day(number: int | float, from_1904: bool) -> datetime | time | timedelta | str:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    try:
        return from_excel(number, CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900)
    except (OverflowError, ValueError):
        return "#VALUE!"                                             # as spreadsheet programs show a day that cannot be


@lru_cache(maxsize=10_000)
def _letters(letters: str) -> int:
    number = 0
    for letter in letters.encode("ascii"):
        number = number * 26 + letter - 64
    return number


_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def _place(name: str) -> tuple[int, int]:
    found = _PLACE.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is no cell")
    return int(found[2]), _letters(found[1])


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")


def _look(file: Member, archive: zipfile.ZipFile, path: str) -> tuple[Sequence[tuple[int, int, int, int]], int]:
    """The merged cells of a sheet, and about how many rows it has: a glance at the text of it, without taking it apart."""
    merged, rows, rest = [], 0, b""
    if path not in archive.namelist():
        raise BadReturn(f"{file.name}: a sheet is missing in the file. It was saved only halfway; save it again.")
    with archive.open(path) as sheet:
        while piece := sheet.read(1 << 18):
            text, last = rest + piece, 0
            rows += len(_ROW.findall(piece))
            for found in _MERGED.finditer(text):
                merged.append((int(found[2]), _letters(found[1].decode()), int(found[4]), _letters(found[3].decode())))
                last = found.end()
            rest = text[max(last, len(text) - 200):]
            if len(merged) > MOST_MERGED:
                raise BadReturn(f"{file.name} has more than {MOST_MERGED:,} merged cells. Take the merging away, or save as CSV.")
    return tuple(merged), rows
