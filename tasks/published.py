"""The published figures at hand: those that come with the program, and a release of the DfE's that a council downloaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TextIO

import models.figures
from models.figures import published as reading
from models.figures.published import Edition, Published
from models.figures.release import COUNCIL, BadRelease, read_release
from models.figures.table import MEASURES

OURS = Path(models.figures.__file__).with_name("published")
LOADED = "R"
"""The letter under which a release that was loaded stands."""


@cache
def columns() -> frozenset[str]:
    """The columns, in lower case, with which some figure is compared."""
    parts = [name for one in MEASURES for part in one.parts for name in (part.column, part.pc)]
    bases = [name for one in MEASURES for name in (one.column, one.average.column if one.average else None)]
    return frozenset(name.lower() for name in (*parts, *bases) if name)


def at_hand() -> Published:
    """What comes with the program: England's figures, some of regions and councils, how councils spread, and known faults."""
    found = Published()
    for name in ("england", "regions", "councils"):
        with _ours(name) as lines:
            found.add(reading.numbers_in(lines))
    with _ours("spread") as lines:
        for file, column, spread in reading.spreads_in(lines):
            found.add_spread(file, column, spread)
    with _ours("editions") as lines:
        found.editions = {one.letter: one for one in reading.editions_in(lines)}
    with _ours("faults") as lines:
        found.faults = list(reading.faults_in(lines))
    with _ours("region_of") as lines:
        found.region_of = reading.regions_in(lines)
    return found


def load_release(published: Published, folder: Path, council: str | None) -> list[str]:
    """Add the data files of a release; what was read or left out of it, a line each. Of other councils only the totals are kept.

    Raises BadRelease if the folder cannot be read, holds no file of a release, or a file of one is damaged: then nothing of that file is
    kept.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    except OSError as error:
        raise BadRelease(f"{folder} cannot be read: {error.strerror}. Give the folder with the CSV files of the release.") from None
    said, good = [], 0
    for path in files:
        try:
            numbers = list(_numbers(path, council))
        except BadRelease as error:
            if "is no data file" not in str(error) and "none of its columns" not in str(error):
                raise
            said.append(str(error))
            continue
        good += 1
        added = published.add(numbers)
        said.append(f"{path.name}: {added:,} numbers, {', '.join(sorted({one.period for one in numbers})) or 'none of them compared'}.")
    if not good:
        raise BadRelease(f"{folder} holds no data file of the release \"Education, health and care plans\". Download all its data files, unzip"
                         " them, and give their folder.")
    published.release = LOADED
    published.editions[LOADED] = Edition(LOADED, "Department for Education", "Education, health and care plans",
                                         f"as loaded from {folder.name}",
                                         "", "Open Government Licence v3.0", "data files read in full")
    return said


def _numbers(path: Path, council: str | None) -> Iterator[reading.Number]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from read_release(path.name, lines, LOADED,
                                    lambda level, who, topic: level != COUNCIL or not topic or who == council, columns())
    except UnicodeDecodeError as error:
        raise BadRelease(f"{path.name}: byte {error.start + 1} is no UTF-8 text. Download the file again.") from None
    except OSError as error:
        raise BadRelease(f"{path.name} cannot be read: {error.strerror}.") from None


@contextmanager
def _ours(name: str) -> Iterator[TextIO]:
    with (OURS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield lines
