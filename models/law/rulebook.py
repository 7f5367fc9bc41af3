"""The rulebook: every row of the law that the engine works by, and how to find one."""

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

from models.law import advice, appeal, plan, request
from models.law.duty import Duty

RULEBOOK: tuple[Duty, ...] = (*request.DUTIES, *advice.DUTIES, *plan.DUTIES, *appeal.DUTIES)


class UnknownDuty(LookupError):
    """No row of the rulebook has that id."""


def in_force(day: date | None = None, rulebook: Sequence[Duty] = RULEBOOK) -> tuple[Duty, ...]:
    """Every row that was law on `day`; without a day, every row that is still law."""
    if day is None:
        return tuple(duty for duty in rulebook if duty.valid_to is None)
    return tuple(duty for duty in rulebook if duty.in_force(day))


def duty(id: str, day: date | None = None, rulebook: Sequence[Duty] = RULEBOOK) -> Duty:
    """The row with this id as it stood on `day`, or as it stands.

    Raises UnknownDuty, with the nearest ids, where there is none.
    """
    rows = [row for row in rulebook if row.id == id]
    for row in rows:
        if row.valid_to is None if day is None else row.in_force(day):
            return row
    if rows:
        raise UnknownDuty(f"{id} was not law on {day}; it is law from {rows[0].valid_from}.")
    near = get_close_matches(id, [row.id for row in rulebook], n=3)
    raise UnknownDuty(f"There is no duty {id!r}." + (f" Did you mean {', '.join(near)}?" if near else "")
                      + " `ehc law list` shows them all.")
