"""Officers who have left the council: a list by reference, so that their cases are seen."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from models.hand import Hand
from models.tables.running import OfficerLeftRow
from models.trail import moment
from tasks import bulk

LEFT = OfficerLeftRow.__table__


class Left(NamedTuple):
    """An officer who has left: the last day, and who said so."""

    officer: str
    left_on: str
    told_at: str
    told_by: str


class NotGone(ValueError):
    """The officer is not on the list of those who left."""


def left(session: Session) -> Sequence[Left]:
    """Everybody who has left, the last to leave first."""
    found = [Left(*row) for row in bulk.select(session, LEFT, Left._fields)]
    return sorted(found, key=lambda one: (one.left_on, one.officer), reverse=True)


def leave(session: Session, officer: str, last_day: date, hand: Hand) -> None:
    """Note the last day of an officer; said again, the new day counts."""
    bulk.delete(session, LEFT, ("officer",), [(officer,)])
    bulk.insert(session, LEFT, Left._fields, [(officer, last_day.isoformat(), moment(hand.at), hand.by)])


def come_back(session: Session, officer: str) -> None:
    """Take an officer off the list. Raises NotGone."""
    if not bulk.select(session, LEFT, ("officer",), ("officer", "=", officer)):
        raise NotGone(f"{officer} is not on the list of officers who left. `ehc officer list` shows it.")
    bulk.delete(session, LEFT, ("officer",), [(officer,)])
