"""What importing a return costs, as a multiple of a bare parse of the same file, which makes a tree of each person and throws it away.

The return is that of a made-up council. Importing runs every rule, works out every duty, seals every fact and writes it all in one
transaction; the most memory that it held is told beside it, measured in a process of its own. The same of a list, as a CSV file and as a
workbook.
"""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any
from xml.etree.ElementTree import iterparse

from bench.timing import Line, turn_by_turn
from models.hand import Hand
from models.made_up.as_returned import header, people
from models.made_up.council import council, lives
from models.sen2.mapping import guess
from models.sen2.render import CLOSING, opening, person_xml
from tasks import database
from tasks.sen2_files.open import opened
from tasks.sen2_files.sheet import look, opened_sheet
from tasks.sen2_import import Open, Wish, import_return

YEAR, TODAY = 2026, date(2026, 6, 1)
HAND = Hand(datetime(2026, 6, 1, 9, tzinfo=UTC), "bench")
MEASURED = """
import sys
from pathlib import Path
from bench import importing
from bench.memory import most
getattr(importing, sys.argv[3])(Path(sys.argv[1]), Path(sys.argv[2]))
print(most())
"""
HEADINGS = ("Case no", "Child surname", "Child forename", "D.O.B.", "Gender", "UPN", "Home postcode", "Date request received",
            "Requested by",
            "Decision to assess", "Date of decision to assess", "EHCP issued", "Plan start date", "Date plan ceased", "Last AR",
            "AR outcome", "Primary need", "School URN", "Case officer", "Notes")
SOURCES = {"1": "Parent", "2": "School", "3": "Health", "4": "Social worker", "5": "Other"}
OUTCOMES = {"Y": "Agreed", "H": "Agreed", "N": "Refused", "A": "Pending", "W": "Withdrawn"}
REVIEWS = {"M": "Maintain", "A": "Amend", "C": "Cease"}


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
    yield turn_by_turn(Line(f"{persons:,} persons imported ({_megabytes(path, folder, 'whole')} MB of memory at most)", persons,
                            "a person"), 1,
                       timed(imported), timed(bare))


def sheets(rows: int, folder: Path, told: Callable[[str], None]) -> Iterator[Line]:
    """Importing a list of so many rows, as a CSV file and as a workbook; the floor is what Python's own reader or openpyxl takes to read it."""
    for form, floor in (("csv", bare_csv), ("xlsx", bare_workbook)):
        told(f"{rows:,} rows: making the list ({form})")
        path = write_list(folder / f"list.{form}", rows)

        def timed(work: Callable[[], int]) -> Callable[[], float]:
            def once() -> float:
                began = perf_counter()
                if work() < rows:
                    raise AssertionError(f"{work} did not see {rows} rows")
                return perf_counter() - began
            return once
        told(f"{rows:,} rows: importing ({form})")
        most = _megabytes(path, folder, "whole_list")
        yield turn_by_turn(Line(f"{rows:,} rows imported ({form}, {path.stat().st_size / 1e6:.0f} MB; {most} MB of memory at most)",
                                rows, "a row"), 1,
                           timed(partial(whole_list, path, folder)), timed(partial(floor, path)))


def _megabytes(path: Path, folder: Path, work: str) -> int:
    """The most memory that this work holds in a process of its own."""
    return int(subprocess.run([sys.executable, "-c", MEASURED, str(path), str(folder), work], capture_output=True, text=True,
                              check=True).stdout)


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


def write_list(path: Path, rows: int) -> Path:
    """The list of a made-up council, a row a request or plan: days in three styles, words for codes, a title over the headings."""
    told = _rows(rows)
    if path.suffix == ".csv":
        with open(path, "w", encoding="cp1252", newline="") as out:
            writer = csv.writer(out)
            writer.writerows((["SEND caseload"], HEADINGS))
            writer.writerows([_day(cell, number) if isinstance(cell, date) else cell for cell in row] for number, row in enumerate(told))
        return path
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Caseload")
    for row in (["SEND caseload"], HEADINGS, *told):
        sheet.append(row)
    book.save(path)
    return path


def _rows(rows: int) -> Iterator[Sequence[Any]]:
    for number, person in enumerate(islice(people(lives(council(max(20, rows), 1, date(2026, 1, 15))), YEAR), rows)):
        request = person.requests[0]
        assessment, active = request.assessment, request.active
        plan = assessment.plan if assessment else None
        yield (f"EHC{number:06d}", person.surname, person.forename, person.birth_date, person.sex, person.upn, person.postcode,
               request.received, SOURCES.get(request.source or ""), OUTCOMES.get(request.outcome or ""), request.outcome_date,
               assessment.outcome_date if assessment else None, plan.start if plan else None, plan.cease_date if plan else None,
               active.last_review if active else None, REVIEWS.get(active.review_outcome or "") if active else None,
               active.needs[0].type if active and active.needs else None,
               active.placements[0].urn if active and active.placements else None,
               f"officer-{number % 40}", "rang, to call back" if number % 7 == 0 else None)


def _day(day: date, number: int) -> str:
    return (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day} {day:%b %Y}")[number % 3]


def bare_csv(path: Path) -> int:
    """The floor of a CSV file: every record read and forgotten."""
    with open(path, encoding="cp1252", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def bare_workbook(path: Path) -> int:
    """The floor of a workbook: every row read by openpyxl and forgotten."""
    from openpyxl import load_workbook

    return sum(1 for _ in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))


def whole_list(path: Path, folder: Path) -> int:
    """The list imported into a database of its own, by the mapping that is guessed."""
    found = look(str(path))
    with opened_sheet(str(path), found, guess(filter(None, found.headings)), date(2026, 1, 15)) as anew:
        return _imported(path, folder, anew)


def whole(path: Path, folder: Path) -> int:
    """The return imported into a database of its own."""
    return _imported(path, folder)


def _imported(path: Path, folder: Path, source: Open | None = None) -> int:
    file = folder / "imported.sqlite"
    for name in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        name.unlink(missing_ok=True)
    engine = database.engine(f"sqlite:///{file}")
    database.upgrade(engine)
    try:
        return import_return(engine, str(path), Wish(), HAND, TODAY, source=source).brought.new_persons
    finally:
        engine.dispose()
