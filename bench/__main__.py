"""`make bench`: what the engine costs, as a multiple of a bare floor that leaves the same rows. Asserts nothing on time."""

import argparse
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import figures, forecasting, importing, on_prefect, recording, sealing, sending, watching
from bench.ground import Ground
from bench.stock import Stock
from bench.timing import Line, table

FLOOR = """The floor is sqlite3 and hand-written SQL on the same tables, indexes and triggers, with the same durability (WAL,
synchronous=FULL). It seals every fact to the one before, as the engine does, and leaves the same rows, which is checked.
Engine and floor take turns on copies of one database; each line gives the least and the median of {repetitions} repetitions."""

WATCH = "The reminders of one day's watch: the cost follows what is due, not what is open"
RECORD = "Opening, recording and visiting: the engine works out the law, the floor is handed what follows"
SEAL = "Sealing and proving: apart from recording; all that is on record is checked before anything is signed"
FIGURES = "The figures: every measure over every record, with the cases behind each; the floor counts two numbers in one bare pass"
SEND = "Sending to a slow mail server: the floor posts as many letters over plain SMTP, and writes nothing down"
FORECAST = "Forecasts of made-up councils drawn from the published figures, held against what came"
IMPORT = "Importing a council's return: the floor is a bare parse of the same file, which keeps nothing"
SHEET = "Importing a council's own list: the floor is a bare read of the same file, which keeps nothing"
PREFECT = "Prefect's own cost, with a server on this machine (there is no floor)"


def main() -> int:
    """Run the benchmarks and print the table. Answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__, epilog="Example: python -m bench --brief")
    parser.add_argument("--brief", action="store_true", help="fewer cases, fewer repetitions and no Prefect: half a minute")
    parser.add_argument("--folder", type=Path, help="where to put the databases (about 1 GB); default: a temporary folder")
    asked = parser.parse_args()
    repetitions = 3 if asked.brief else 7
    began = time.perf_counter()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores, load"
          f" {os.getloadavg()[0]:.1f}\n{FLOOR.format(repetitions=repetitions)}")
    with TemporaryDirectory(prefix="ehc-bench-", dir=asked.folder) as name:
        folder = Path(name)
        ground, stock = Ground(folder), Stock()
        _show(WATCH, watching.lines(ground, stock, repetitions, (1_000, 10_000, 100_000), 200,
                                    (2_000,) if asked.brief else (0, 20, 500, 2_000, 10_000), _tell))
        many, few = (100, 30) if asked.brief else (500, 100)
        _show(RECORD, recording.lines(ground, stock, repetitions, many, few, _tell))
        _show(SEAL, sealing.lines(ground, stock, repetitions, 2_000 if asked.brief else 50_000, folder, _tell))
        _show(FIGURES, figures.lines(repetitions, 2_000 if asked.brief else 20_000, _tell))
        _show(IMPORT, importing.lines(1 if asked.brief else 3, 500 if asked.brief else 20_000, folder, _tell))
        _show(SHEET, importing.sheets(500 if asked.brief else 100_000, folder, _tell))
        _show(SEND, sending.lines(ground, 1, 100 if asked.brief else 10_000, folder, _tell))
        print(f"\n{FORECAST}\n{forecasting.table(forecasting.fared(*((4, 600) if asked.brief else (30, 1_500)), _tell))}", flush=True)
        if asked.brief:
            print(f"\n{PREFECT}: left out of the short form; `make bench` measures it.")
        else:
            _show(PREFECT, on_prefect.lines(ground, stock, repetitions, folder, _tell))
    print(f"\nDone in {time.perf_counter() - began:.0f} s.")
    return 0


def _show(heading: str, lines: Iterator[Line]) -> None:
    found = list(lines)
    _tell("")
    print(f"\n{heading}\n{table(found)}", flush=True)


def _tell(words: str) -> None:
    """Say on the error stream what is being done, on one line where that is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)
    elif words:
        print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
