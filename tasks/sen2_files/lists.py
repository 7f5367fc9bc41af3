"""Lists as other programs save them, read row by row: CSV in any encoding that is about. The sheets of a workbook are read likewise.

A row is its number as a spreadsheet shows it, and its cells. Nothing of a long file is held but the row at hand.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from tasks.sen2_files.source import ZIP, BadReturn, Member, reading

Rows = Iterator[tuple[int, Sequence[Any]]]
SEPARATORS = (",", ";", "\t", "|")
LONGEST_CELL = 10_000
NO_VALUE = object()
"""Stands in a cell whose formula was never worked out."""


@dataclass(frozen=True, slots=True)
class Table:
    """One list: the file or sheet it is, and how to read its rows. `merged` are its merged cells, as first row, first column,
    last row, last column, counted from 1. `size` is about how many rows there are, 0 where that is not known."""

    name: str
    rows: Callable[[], Rows]
    encoding: str = ""
    merged: Sequence[tuple[int, int, int, int]] = ()
    size: int = 0


def is_workbook(head: bytes) -> bool:
    """Whether a file begins as a workbook does."""
    return head.startswith(ZIP)


# --- CSV -----------------------------------------------------------------------------------------------------------

def csv_table(file: Member) -> Table:
    """A list saved as text. Raises BadReturn if it is no text, or is broken off in the middle of a record."""
    encoding, lines = encoding_of(file)
    words = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}[encoding]
    return Table(file.name, lambda: _records(file, encoding), words, size=lines)


def encoding_of(file: Member) -> tuple[str, int]:
    """How a text file is encoded: by its mark, or UTF-8 if all of it is, else Windows-1252; and its lines, 0 where they were not
    counted. Raises BadReturn if it is no text."""
    with reading(file.name), file.open() as opened:
        first = opened.read(1 << 16)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", 0
        line, utf8 = 1, codecs.getincrementaldecoder("utf-8")()
        fits, piece = True, first
        while piece:
            if (at := piece.find(b"\0")) >= 0:
                raise BadReturn(f"{file.name}, line {line + piece.count(10, 0, at)}: there is a byte 0, so the file is no text or is"
                                " damaged. Save it anew as `CSV UTF-8`.")
            if fits:
                try:
                    utf8.decode(piece)
                except UnicodeDecodeError:
                    fits = False
            line += piece.count(b"\n")
            piece = opened.read(1 << 20)
        if fits:
            try:
                utf8.decode(b"", final=True)
            except UnicodeDecodeError:
                fits = False
    return "cp1252" if not fits else "utf-8-sig" if first.startswith(codecs.BOM_UTF8) else "utf-8", line


def _records(file: Member, encoding: str) -> Rows:
    line, before = 1, csv.field_size_limit(LONGEST_CELL)
    try:
        with reading(file.name), file.open() as opened, _text(opened, encoding) as text:
            start = text.readline()
            separator = _separator(start)
            reader = csv.reader(_from(start, text), delimiter=separator, strict=True)
            for row, cells in enumerate(reader, start=1):
                yield row, cells                    # as a spreadsheet numbers them: a cell may hold several lines
                line = reader.line_num + 1
    except csv.Error as error:
        raise BadReturn(f"{file.name}, line {line}: the record that begins here cannot be read ({error}). A quotation mark is missing"
                        " or stands where it should not, or the file is broken off; nothing was taken in.") from None
    except UnicodeDecodeError:
        raise BadReturn(f"{file.name}, after line {line}: the text is neither UTF-8 nor Windows-1252, or is broken off. Save it as"
                        " `CSV UTF-8`.") from None
    finally:
        csv.field_size_limit(before)


@contextmanager
def _text(opened: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(opened, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _from(start: str, text: io.TextIOWrapper) -> Iterator[str]:
    yield start
    for line in text:                # not `yield from`, which would close the file when it is left in the middle
        yield line


def _separator(head: str) -> str:
    """The separator of a list: the sign that parts its first line into the most names."""
    def outside(sign: str) -> int:
        return re.sub(r'"[^"]*"', "", head).count(sign)
    best = max(SEPARATORS, key=outside)
    return best if outside(best) else ","


def cell_name(row: int, column: int) -> str:
    """The name of a cell as a spreadsheet shows it, from its row and column, counted from 1.

    >>> cell_name(4, 28)
    'AB4'
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
