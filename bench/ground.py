"""Databases of their own for every repetition: alike to the byte, and on the disk before the clock starts."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from bench import floor
from bench.timing import Timed, stopwatch
from tasks import database
from tasks.database import reading

T = TypeVar("T")
COMPARED = ("case_file", "fact", "duty", "message", "log_leaf")


class NotTheSame(AssertionError):
    """Engine and floor left different rows, so that comparing their times would say nothing."""


class Ground:
    """A folder with the databases of one run."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number = folder, count(1)

    def lay(self, fill: Callable[[Engine], T]) -> tuple[Path, T]:
        """A database with all its tables, filled: to be copied for each repetition. What `fill` answered."""
        path = self._new()
        engine = database.engine(f"sqlite:///{path}")
        database.upgrade(engine)
        filled = fill(engine)
        engine.dispose()
        return path, filled

    def by_engine(self, laid: Path, work: Callable[[Engine], object]) -> Timed:
        """The work done by the engine on a copy of its own, with its connection open."""
        return lambda: self._by_engine(self._copy(laid), work)

    def by_floor(self, laid: Path, work: Callable[[sqlite3.Connection], object]) -> Timed:
        """The work done by the floor on a copy of its own, with its connection open."""
        return lambda: self._by_floor(self._copy(laid), work)

    def compare(self, laid: Path, engine: Callable[[Engine], object], by_floor: Callable[[sqlite3.Connection], object]) -> None:
        """Do the work both ways, untimed. Raises NotTheSame unless both leave the same rows."""
        one, other = self._copy(laid), self._copy(laid)
        self._by_engine(one, engine, keep=True)
        self._by_floor(other, by_floor, keep=True)
        different = floor.differences(one, other, COMPARED)
        _remove(one)
        _remove(other)
        if different:
            raise NotTheSame(f"Engine and floor left different rows in {', '.join(different)}. One of them has changed: bring"
                             " bench/floor.py up to date.")

    def after(self, laid: Path, work: Callable[[Engine], object]) -> Path:
        """A copy on which the engine has done the work."""
        path = self._copy(laid)
        self._by_engine(path, work, keep=True)
        return path

    def _by_engine(self, path: Path, work: Callable[[Engine], object], keep: bool = False) -> float:
        engine = database.engine(f"sqlite:///{path}")
        with reading(engine):
            taken: list[float] = []
        with stopwatch(taken):
            work(engine)
        engine.dispose()
        if not keep:
            _remove(path)
        return taken[0]

    def _by_floor(self, path: Path, work: Callable[[sqlite3.Connection], object], keep: bool = False) -> float:
        connection = floor.connect(path)
        taken: list[float] = []
        with stopwatch(taken):
            work(connection)
        connection.close()
        if not keep:
            _remove(path)
        return taken[0]

    def _copy(self, laid: Path) -> Path:
        path = self._new()
        shutil.copyfile(laid, path)
        with path.open("rb") as copy:
            os.fsync(copy.fileno())
        return path

    def _new(self) -> Path:
        return self._folder / f"{next(self._number)}.sqlite"


def _remove(path: Path) -> None:
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()
