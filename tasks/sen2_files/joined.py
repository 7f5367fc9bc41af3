"""Tables that belong together, joined without being held in memory: their rows wait in a temporary database of their own.

The database has no name and is gone with the connection that made it: what it holds about children is left nowhere.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from models.sen2.finding import Level
from models.sen2.layout import BLOCKS, ITEMS
from models.sen2.reading import MOST, NO_PARENT, TOO_MANY, Shape, hold, new, put
from models.sen2.record import Person, Record, Request

AT_ONCE = 500
HOLD_OTHERS = ("person", "request", "assessment", "plan", "active")
_FIRST = " AND NOT EXISTS (SELECT 1 FROM row e WHERE e.block = r.block AND e.id = r.id AND e.n < r.n)"
_as_text = json.JSONEncoder(default=str).encode
ITEM = {(item.block, item.name): item for item in ITEMS}
Row = tuple[str, str, str, Mapping[str, Any]]
"""One row: its own id, its parent's id, its place in the file, and what stands in it by item."""


class Stage:
    """Rows by block, put in in any order, read out as persons."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA cache_size = -8000")
        self._db.execute("PRAGMA temp_store = FILE")
        self._db.execute("CREATE TABLE row (n INTEGER PRIMARY KEY, block TEXT, id TEXT, parent TEXT, place TEXT, data TEXT)")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Let go of everything."""
        self._db.close()

    def add(self, block: str, rows: Iterable[Row]) -> int:
        """Put rows in. How many."""
        before = self._db.total_changes
        self._db.executemany("INSERT INTO row (block, id, parent, place, data) VALUES (?, ?, ?, ?, ?)", (
            (block, id, parent, place, _as_text(data)) for id, parent, place, data in rows))
        return self._db.total_changes - before

    def count(self, block: str) -> int:
        """The number of rows of a block."""
        return int(self._db.execute("SELECT count(*) FROM row WHERE block = ?", (block,)).fetchone()[0])

    def finish(self, shape: Shape, keyed: bool) -> None:
        """Make ready for reading out, and say which rows belong to nobody and which ids stand twice.

        Where rows are `keyed` by person and request instead of by their parents, a parent that says nothing may have no row of its own.
        """
        self._db.execute("CREATE INDEX by_parent ON row (block, parent, n)")
        self._db.execute("CREATE INDEX by_id ON row (block, id, n)")
        if keyed:
            for block, parent in (("setting", "plan"), ("plan", "assessment"), ("placement", "active"), ("need", "active")):
                self._db.execute(
                    "INSERT INTO row (block, id, parent, place, data) SELECT ?1, r.parent, r.parent, min(r.place), '{}' FROM row r WHERE"
                    " r.block = ?2 AND NOT EXISTS (SELECT 1 FROM row p WHERE p.block = ?1 AND p.id = r.parent) AND EXISTS (SELECT 1 FROM row q"
                    " WHERE q.block = 'request' AND q.id = r.parent) GROUP BY r.parent", (parent, block))
        self._db.execute("COMMIT")
        for name, block in BLOCKS.items():
            if name == "header":
                continue
            if block.within is not None:
                self._orphans(name, block.within, shape)
            if name in HOLD_OTHERS:
                self._twice(name, shape)

    def _orphans(self, block: str, parent: str, shape: Shape) -> None:
        for place, in self._db.execute(
                "SELECT place FROM row r WHERE block = ? AND NOT EXISTS (SELECT 1 FROM row p WHERE p.block = ? AND p.id = r.parent)"
                " ORDER BY n", (block, parent)):
            shape.say(NO_PARENT, Level.ERROR, place, block, "", f"this row of {BLOCKS[block].element} belongs to no row of"
                      f" {BLOCKS[parent].element} that is there; it was left out", "check the id, or add the row that is missing", most=MOST)

    def _twice(self, block: str, shape: Shape) -> None:
        for place, in self._db.execute(
                "SELECT place FROM row r WHERE block = ?1 AND EXISTS (SELECT 1 FROM row e WHERE e.block = ?1 AND e.id = r.id AND e.n < r.n)"
                " ORDER BY n", (block,)):
            shape.say(TOO_MANY, Level.ERROR, place, block, "", f"the id of this row of {BLOCKS[block].element} stands in an earlier row;"
                      " this one was left out", "give each row an id of its own", most=MOST)

    def persons(self, shape: Shape, year: int | None, progress: Callable[[int], None]) -> Iterator[Person]:
        """Every person with all that belongs to them, in the order of their rows."""
        last = 0
        done = 0
        while True:
            rows = self._db.execute(f"SELECT n, id, place, data FROM row r WHERE block = 'person' AND n > ?{_FIRST} ORDER BY n LIMIT ?",
                                    (last, AT_ONCE)).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            found: dict[str, Person] = {}
            for _, id, place, data in rows:
                person = found[id] = cast(Person, _filled("person", place, data, shape, year))
                person.key = id
            self._within("person", found, shape, year)
            yield from found.values()
            done += len(rows)
            progress(done)

    def _within(self, parent: str, parents: Mapping[str, Record], shape: Shape, year: int | None) -> None:
        for block in [one for one in BLOCKS.values() if one.within == parent]:
            found: dict[str, Record] = {}
            for id, of, place, data in self._db.execute(
                    "SELECT id, parent, place, data FROM row r WHERE block = ? AND parent IN (SELECT value FROM json_each(?))"
                    + (_FIRST if block.name in HOLD_OTHERS else "") + " ORDER BY n", (block.name, json.dumps(list(parents)))):
                record = _filled(block.name, place, data, shape, year)
                if hold(parents[of], block.name, record, shape) and block.name in HOLD_OTHERS:
                    found[id] = record
                    if isinstance(record, Request):
                        record.key = id
            if found:
                self._within(block.name, found, shape, year)


def _filled(block: str, place: str, data: str, shape: Shape, year: int | None) -> Record:
    record = new(block, place)
    for name, told in json.loads(data).items():
        item = ITEM[block, name]
        put(record, item, told, place, shape, year)
    return record


def filled(block: str, place: str, data: Mapping[str, Any], shape: Shape) -> Record:
    """A record from a row that needs no joining, such as the header."""
    record = new(block, place)
    for name, told in data.items():
        put(record, ITEM[block, name], told, place, shape)
    return record
