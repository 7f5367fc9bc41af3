"""The page on which an agency sees how it answers: the council's own figures, its row alone, and all agencies without names."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

from sqlalchemy import Engine

from models.board import Board
from models.links import Request
from tasks.advice import board_of

GOOD_FOR = timedelta(minutes=10)
"""For how long worked out figures are shown again: the page is open to whoever has a link, and reads the whole record."""


@dataclass
class Figures:
    """The board, worked out at most once in GOOD_FOR, however often it is looked at."""

    _at: datetime | None = None
    _board: Board | None = None
    _lock: Lock = field(default_factory=Lock)

    def on(self, engine: Engine, at: datetime, today: date) -> Board:
        """The board of this day."""
        with self._lock:
            if self._board is None or self._at is None or self._board.on != today or not timedelta() <= at - self._at < GOOD_FOR:
                self._at, self._board = at, board_of(engine, today)
            return self._board


def asked_of(request: Request) -> str:
    """Under which name the board has an agency: its reference, or its role where no fact names it."""
    return request.agency or request.role
