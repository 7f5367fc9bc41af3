"""What importing a return costs, as a multiple of a bare parse of the same file, which makes a tree of each person and throws it away.

The return is that of a made-up council. Importing runs every rule, works out every duty, seals every fact and writes it all in one
transaction; the most memory that it held is told beside it, measured in a process of its own.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter
from xml.etree.ElementTree import iterparse

from bench.timing import Line, turn_by_turn
from models.hand import Hand
from models.made_up.as_returned import header, people
from models.made_up.council import council, lives
from models.sen2.render import CLOSING, opening, person_xml
from tasks import database
from tasks.sen2_files.open import opened
from tasks.sen2_import import Wish, import_return

YEAR, TODAY = 2026, date(2026, 6, 1)
HAND = Hand(datetime(2026, 6, 1, 9, tzinfo=UTC), "bench")
MEASURED = """
import resource, sys
from pathlib import Path
from bench import importing
importing.whole(Path(sys.argv[1]), Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def lines(repetitions: int, persons: int, folder: Path, told: Callable[[str], None]) -> Iterator[Line]:
    """Reading the return of so many persons, and importing it."""
    told(f"{persons:,} persons: making the return")
    path = write(folder / "return.xml", persons)
    size = path.stat().st_size / 1e6

    def timed(work: Callable[[Path], int]) -> Callable[[], float]:
        def once() -> float:
            began = perf_counter()
            if work(path) != persons:
                raise AssertionError(f"{work.__name__} did not see {persons} persons")
            return perf_counter() - began
        return once

    def imported(path: Path) -> int:
        return whole(path, folder)
    told(f"{persons:,} persons: reading")
    yield turn_by_turn(Line(f"{persons:,} persons read ({size:.0f} MB)", persons, "a person"), repetitions, timed(records), timed(bare))
    told(f"{persons:,} persons: importing")
    megabytes = int(subprocess.run([sys.executable, "-c", MEASURED, str(path), str(folder)], capture_output=True, text=True, check=True).stdout)
    yield turn_by_turn(Line(f"{persons:,} persons imported ({megabytes} MB of memory at most)", persons, "a person"), 1, timed(imported), timed(bare))


def write(path: Path, persons: int) -> Path:
    """The return of a made-up council with so many persons in it."""
    with open(path, "w", encoding="utf-8") as out:
        out.write(opening(header(YEAR, "201", f"{YEAR}-02-02T09:00:00"), YEAR))
        for person in islice(people(lives(council(max(20, persons), 1, date(2026, 1, 15))), YEAR), persons):
            out.write(person_xml(person, YEAR))
        out.write(CLOSING)
    return path


def bare(path: Path) -> int:
    """The floor: every element made, every person counted and forgotten."""
    count = 0
    for _, element in iterparse(path):
        if element.tag == "Person":
            count += 1
            element.clear()
    return count


def records(path: Path) -> int:
    """Every person read as records."""
    with opened(str(path)) as found:
        return sum(1 for _ in found.persons())


def whole(path: Path, folder: Path) -> int:
    """The return imported into a database of its own."""
    file = folder / "imported.sqlite"
    for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        name.unlink(missing_ok=True)
    engine = database.engine(f"sqlite:///{file}")
    database.upgrade(engine)
    try:
        return import_return(engine, str(path), Wish(), HAND, TODAY).brought.new_persons
    finally:
        engine.dispose()
