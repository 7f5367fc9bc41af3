"""Databases that have their tables: migrated once a process, and copied for whoever asks.

A copy is what `tasks.database.upgrade` leaves behind, and takes a millisecond where fourteen migrations take eighty.
"""

import shutil
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from tasks import database
from tests.harness import house


@cache
def _migrated() -> Path:
    file = house.FOLDER / "migrated.sqlite"
    engine = database.engine.__wrapped__(f"sqlite:///{file}")
    database.upgrade(engine)
    engine.dispose()                             # closes the last connection, and so leaves one file without its log
    return file


def sqlite(file: Path) -> Engine:
    """The engine of a new SQLite database in this file, with the tables of this version and nothing in them."""
    lay(file)
    return database.engine(f"sqlite:///{file}")


def lay(file: Path) -> None:
    """Put such a database there, and open nothing."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(_migrated(), file)
