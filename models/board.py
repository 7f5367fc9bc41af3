"""How agencies answer requests for advice: figures that an agency and the council see alike, worked out by one function.

Every share stands beside its numerator and denominator. A request that is not answered when its day is over counts as late at
once, so that silence never looks better than a late answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from models.advice import AdviceRequest, Outcome

A_YEAR = timedelta(days=365)
FEWEST = 5
"""Fewer agencies than this are never shown together without their names: one of them could be told from the others."""

GAVE_ADVICE = (Outcome.GIVEN, Outcome.INCOMPLETE)
ANSWERED = (*GAVE_ADVICE, Outcome.DECLINED, Outcome.NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one agency, or of all together, on a day.

    `asked` counts the requests that were sent, `open` those still to be answered and `open_late` those of them whose day is over.
    `on_time` were answered by their last day, whatever the answer; `late` after it, or not at all though it is over. `no_day`
    are open and have no last day: receipt is not proved, or neither the law nor the Code gives a figure. `median_days` is from
    the start of an agency's time to its advice, over the `with_advice` requests to which it sent any. `next_due` is the next last day ahead.
    """

    asked: int
    open: int
    open_late: int
    on_time: int
    late: int
    no_day: int
    with_advice: int
    median_days: float | None
    next_due: date | None

    @property
    def measured(self) -> int:
        """How many requests on time and late are out of."""
        return self.on_time + self.late

    @property
    def share_on_time(self) -> float | None:
        """On time out of those measured, from 0 to 1; None where there is none."""
        return self.on_time / self.measured if self.measured else None


def figures(requests: Iterable[AdviceRequest], on: date) -> Figures:
    """The figures of these requests on a day: the one place where they are worked out. Requests that were not sent are left out.

    A request whose limit an exception relieves is not late. One that ended otherwise by its last day (asked elsewhere, passed on,
    earlier advice, end of the assessment) is neither on time nor late.
    """
    sent = [one for one in requests if one.asked_on is not None]
    still = [one for one in sent if one.is_open]
    dated = [one for one in sent if one.due_on is not None and not one.excused_by]
    late = [one for one in dated if (one.ended_on or on) > one.due_on]
    on_time = [one for one in dated if one.outcome in ANSWERED and one.ended_on <= one.due_on]
    days = [one.days_to_advice for one in sent if one.days_to_advice is not None]
    return Figures(
        len(sent), len(still), sum(one.is_open for one in late), len(on_time), len(late), sum(one.due_on is None for one in still),
        len(days), median(days) if days else None, min((one.due_on for one in still if one.due_on and one.due_on >= on), default=None))


def counted(requests: Iterable[AdviceRequest], on: date, since: date | None = None) -> list[AdviceRequest]:
    """The requests that the board counts: sent to an agency, never to a family, from `since` (a year before `on`) up to `on`."""
    first = since or on - A_YEAR
    return [one for one in requests if one.asked_on is not None and first <= one.asked_on <= on and one.role != "family"]


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of every agency by its reference, or by its role where none is named; and of all together."""

    on: date
    since: date
    rows: dict[str, Figures]
    total: Figures

    @property
    def without_names(self) -> Figures | None:
        """The figures of all agencies as one agency may see them, without names; None where they would tell of another."""
        return self.total if len(self.rows) >= FEWEST else None


def board(requests: Iterable[AdviceRequest], on: date, since: date | None = None) -> Board:
    """The board on a day, over the requests sent from `since` on. Agencies with the most open late requests come first."""
    mine = counted(requests, on, since)
    by: dict[str, list[AdviceRequest]] = {}
    for one in mine:
        by.setdefault(one.who, []).append(one)
    rows = {who: figures(theirs, on) for who, theirs in by.items()}
    ordered = sorted(rows, key=lambda who: (-rows[who].open_late, -rows[who].late, -rows[who].open, who))
    return Board(on, since or on - A_YEAR, {who: rows[who] for who in ordered}, figures(mine, on))
