"""The reminders of one day: what a reminder costs, by how much is open and by how much is due."""

import sqlite3
from collections.abc import Callable, Iterator

from sqlalchemy import Engine

from bench import floor
from bench.ground import Ground
from bench.stock import ADVISERS, TODAY, Stock, at_seven
from bench.timing import Line, turn_by_turn
from models.trail import moment
from notifications.ladder import LADDERS, message_for, next_rung, recipients
from tasks.watch import Round, remind

RUNG = -14
"""The rung that is due: one reminder a duty, so that a duty is a reminder."""

LARGEST_COMPARED = 10_000


def lines(ground: Ground, stock: Stock, repetitions: int, open: tuple[int, ...], due: int, growing: tuple[int, ...],
          told: Callable[[str], None]) -> Iterator[Line]:
    """The same number due among ever more open ones; then more and more due among the most."""
    for many, few in [(many, due) for many in open] + [(open[-1], few) for few in growing]:
        told(f"{many:,} open duties, {few:,} due: filling")
        laid, filled = ground.lay(lambda engine, many=many, few=few: stock.fill(engine, many, few))
        told(f"{filled.open:,} open duties in {filled.cases:,} cases, {filled.due:,} due: reminding")
        if many <= LARGEST_COMPARED:
            ground.compare(laid, _by_engine, _by_floor)
        yield turn_by_turn(Line(f"{filled.open:>7,} open, {filled.due:>5,} due", filled.due,
                                "a reminder" if filled.due else "a round"), repetitions,
                           ground.by_engine(laid, _by_engine), ground.by_floor(laid, _by_floor))
        laid.unlink()


def _by_engine(engine: Engine) -> None:
    remind(engine, TODAY, at_seven(TODAY), Round(TODAY))


def _by_floor(connection: sqlite3.Connection) -> None:
    floor.remind(connection, TODAY.isoformat(), moment(at_seven(TODAY).at), at_seven(TODAY).by, BY_HEART)


def _by_heart() -> Iterator[tuple[tuple[str, str, int], tuple[str, tuple[str, ...], int, str]]]:
    for duty, ladder in LADDERS.items():
        for adviser in ("", *ADVISERS):
            if RUNG in ladder.rungs:
                following = next_rung(duty, RUNG)
                yield (duty, adviser, RUNG), (message_for(duty, RUNG, False), recipients(duty, RUNG, adviser or None), following,
                                              f"{following:+d} days")


BY_HEART: floor.Ladder = dict(_by_heart())
"""What the ladder says of that rung."""
