"""A refusal to assess that the council took back of its own accord: which clocks might be held to run.

Without an order or an agreement in mediation nothing restarts the original clock (W v Hertfordshire), though the Ombudsman
has counted the figures of reg 44(2)(b), 10 and 14 weeks, from the reversal. Both are shown, and the earlier is worked to.
"""

from dataclasses import dataclass
from datetime import date

from models.law.dates import Limit
from models.law.duty import Duty
from models.law.view import View

FROM_THE_REVERSAL = {"refuse_to_issue": Limit("W", 10), "finalise_plan": Limit("W", 14)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another clock that might be held to run: its last day, its basis, and the arithmetic in words."""

    due_on: date
    basis: str
    working: str


def candidates(row: Duty, view: View) -> tuple[Candidate, ...]:
    """The clocks that might be held to run beside the one of this duty."""
    limit = FROM_THE_REVERSAL.get(row.id)
    taken_back = view.reversal("refused_to_assess") if limit else None
    if taken_back is None:
        return ()
    _, again = taken_back
    return (Candidate(limit.last_day(again.on), "the Ombudsman's count from the reversal, by the figures of reg 44(2)(b)",
                      limit.working(again.on)),)
