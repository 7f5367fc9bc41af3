"""The return as XML, read as a stream: one person at a time in memory, with the lines on which things stand.

Nothing outside the file is ever fetched and no entity is replaced: a file that declares a document type is refused before a
single declaration is read. Names are read without regard to case, namespace or order.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from models.sen2.finding import Level
from models.sen2.layout import BLOCKS, Item
from models.sen2.reading import MOST, UNKNOWN, Shape, hold, items_by_tag, new, put, shown_name
from models.sen2.record import Header, Person, Record
from tasks.sen2_files.source import BadReturn, Member, reading

AT_ONCE = 1 << 16
LONGEST_TEXT = 10_000
DEEPEST = 40
WRAPPERS = ("message", "persons", "collectiondetails", "source")
"""Elements that only hold others."""

_ELEMENTS = {block.element.lower(): block for block in BLOCKS.values()}


class _Refused(Exception):
    """What the file holds, for which it is not read any further."""


class _Reader:
    """Takes in pieces of a file, and holds the persons that were complete in them."""

    def __init__(self, name: str, shape: Shape, year: int | None = None) -> None:
        self.name, self.shape, self.year = name, shape, year
        self.header: Header | None = None
        self.persons: list[Person] = []
        self.tags: set[str] = set()
        self.root: str | None = None
        self.has_persons = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._open: list[tuple[str, Record | None]] = []       # blocks and wrappers; the record of a block that had no room is None
        self._item: tuple[Item, int] | None = None
        self._words: list[str] = []
        self._length = self._skipped = 0
        self._by_tag: Mapping[str, Mapping[str, Item]] = items_by_tag()

    def feed(self, piece: bytes, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            raise BadReturn(self._broken(error, last)) from None
        except _Refused as refused:
            raise BadReturn(f"{self.name}, line {self._line}: {refused}") from None

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _broken(self, error: expat.ExpatError, last: bool) -> str:
        if last or error.code in (expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],):
            what = "the file ends in the middle: it is broken off or was not copied whole" if self.root else "there is no XML in it"
        else:
            what = f"this is no proper XML ({expat.ErrorString(error.code)})"
        return f"{self.name}, line {error.lineno}: {what}. Nothing was imported; get the file again from where it came."

    def _doctype(self, *_: Any) -> None:
        raise _Refused("the file declares a document type (<!DOCTYPE ...>), with which it could draw in other files or grow without"
                       " end. A return has none: it was not read. Ask whoever sent it for the file as COLLECT takes it.")

    # --- elements ---------------------------------------------------------------------------------------------------

    def _start(self, name: str, _attributes: Any) -> None:
        if self._skipped:
            self._skipped += 1
            self._not_too_deep(self._skipped)
            return
        plain = name.rpartition(" ")[2]
        tag = plain.lower()
        self._not_too_deep(len(self._open))
        if self.root is None:
            self.root = tag
        self.tags.add(tag)
        if self._item is not None:
            self.shape.unknown(f"line {self._line}", self._item[0].block, plain)
            self._skipped = 1
            return
        block, record = self._open[-1] if self._open else ("", None)
        if block and block not in WRAPPERS and record is None:   # within a block that had no room
            self._skipped = 1
            return
        if tag in _ELEMENTS and self._begins(tag, plain):
            return
        around = self._around()
        if tag in WRAPPERS and (around is None or around[0] == "header"):
            self._open.append((tag, None))
            return
        if around is not None and (item := self._by_tag[around[0]].get(tag)) is not None:
            self._item, self._words, self._length = (item, self._line), [], 0
            return
        self._unknown(plain, around)
        self._skipped = 1

    def _not_too_deep(self, depth: int) -> None:
        if depth > DEEPEST:
            raise _Refused(f"elements stand within each other more than {DEEPEST} deep, which no return does. It was not read.")

    def _around(self) -> tuple[str, Record] | None:
        """The block in which the next element stands, wrappers aside."""
        return next(((block, record) for block, record in reversed(self._open) if record is not None), None)

    def _begins(self, tag: str, plain: str) -> bool:
        """Open a block, if it has a place here."""
        block = _ELEMENTS[tag]
        place = f"line {self._line}"
        if block.name == "header" or block.within is None:
            if self._around() is not None:
                return False
            record = new(block.name, place)
            self.has_persons |= block.name == "person"
            self._open.append((block.name, record))
            return True
        parent = next((record for name, record in reversed(self._open) if name == block.within and record is not None), None)
        if parent is None:
            return False
        if self._open[-1][0] != block.within:
            self.shape.say(UNKNOWN, Level.QUERY, place, block.name, plain, f"{plain} stands within {self._open[-1][0]}, and belongs into"
                           f" {BLOCKS[block.within].element}; it was read as if it stood there", "check the file's structure")
        record = new(block.name, place)
        self._open.append((block.name, record if hold(parent, block.name, record, self.shape) else None))
        return True

    def _unknown(self, plain: str, around: tuple[str, Record] | None) -> None:
        place = f"line {self._line}"
        if around is not None:
            self.shape.unknown(place, around[0], plain)
        else:
            self.shape.say(UNKNOWN, Level.QUERY, place, "", shown_name(plain), f"{shown_name(plain)} has no place in a return here and"
                           " was passed over", "check that the file is a return")

    def _text(self, text: str) -> None:
        if self._item is None or self._skipped:
            return
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise _Refused(f"{self._item[0].tag} holds more than {LONGEST_TEXT} characters, which no item does. It was not read.")
        self._words.append(text)

    def _end(self, _name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if self._item is not None:
            item, line = self._item
            self._item = None
            around = self._around()
            if around is not None:
                put(around[1], item, "".join(self._words), f"line {line}", self.shape, self.year)
            return
        block, record = self._open.pop()
        if isinstance(record, Person):
            self.persons.append(record)
        elif isinstance(record, Header):
            if self.header is None:
                self.header = record
            else:
                self.shape.say("X04", Level.ERROR, record.place, "header", "", "a second Header stands in the file; the first counts",
                               "take one out", most=MOST)


def look(file: Member) -> tuple[Header | None, set[str], bool]:
    """The header of the file, the names that stand in it as far as was read, and whether there are persons.

    Reads to the first person if a header with its year stands before, and else to the end.
    """
    reader = _Reader(file.name, Shape())
    for _ in _pieces(file, reader):
        reader.persons.clear()
        if reader.has_persons and reader.header is not None and reader.header.year is not None:
            break
        if reader.root is not None and reader.root not in ("message", "header", "persons", "person"):
            raise BadReturn(f"{file.name} is XML, but no return: its first element is {shown_name(reader.root)}, and that of a return is"
                            " Message.")
    return reader.header, reader.tags, reader.has_persons


def persons(file: Member, year: int, shape: Shape, progress: Callable[[int], None]) -> Iterator[Person]:
    """Each person of the file. Raises BadReturn where the file breaks off, after the persons before that."""
    reader = _Reader(file.name, shape, year)
    done = 0
    for size in _pieces(file, reader):
        yield from reader.persons
        reader.persons.clear()
        done += size
        progress(done)


def _pieces(file: Member, reader: _Reader) -> Iterator[int]:
    with reading(file.name), file.open() as opened:
        while piece := opened.read(AT_ONCE):
            reader.feed(piece, False)
            yield len(piece)
        reader.feed(b"", True)
        yield 0
