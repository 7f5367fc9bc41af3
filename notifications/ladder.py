"""When we remind, and whom: our policy, kept apart from the law, which it may tighten and never loosen.

A rung is a day counted from the due day: -7 is a week before, +1 the day after. After the first rung past the due day
there is one every week, without end. Each rung fires once; after an outage only the last one that is due fires, and it
says which ones it stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from models.case import ADVISER_ROLES

OVERDUE = 1          # the first rung after the due day
WEEK = 7             # and then one every so many days, without end

OWNER, LEAD, MANAGER = "council.owner", "council.lead", "council.manager"
ADVISER, ADVISER_LEAD, SETTING = "adviser", "adviser.lead", "setting"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs before the due day, and who is told at each, at the first rung after it, and every week from then on."""

    before: Mapping[int, tuple[str, ...]]
    overdue: tuple[str, ...]
    weekly: tuple[str, ...]
    rungs: tuple[int, ...] = ()          # the ones before the due day, in order; filled in from `before`

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", MappingProxyType(dict(self.before)))
        object.__setattr__(self, "rungs", tuple(sorted(self.before)))

    def told(self, rung: int) -> tuple[str, ...]:
        """Who is told at this rung, before names of advisers are filled in. Raises ValueError if it has no such rung."""
        if rung < OVERDUE:
            if rung not in self.before:
                raise ValueError(f"{rung} is no rung of this ladder; before the due day it has {self.rungs}.")
            return self.before[rung]
        return self.overdue if rung == OVERDUE else self.weekly


ADVICE = Ladder({-14: (ADVISER,), -7: (ADVISER,), -2: (ADVISER, ADVISER_LEAD)},
                overdue=(ADVISER, ADVISER_LEAD), weekly=(ADVISER, ADVISER_LEAD, MANAGER))
OWN_DECISION = Ladder({-14: (OWNER,), -7: (OWNER,), -2: (OWNER, LEAD)},
                      overdue=(OWNER, LEAD), weekly=(OWNER, LEAD, MANAGER))
CONSULTATION = Ladder({-7: (SETTING,), -2: (SETTING,)}, overdue=(SETTING, OWNER), weekly=(SETTING, OWNER))

# A parent or young person has no lead above them, and is nobody's subordinate: after the due day the case's owner
# rings up, and no letter follows every week.
FAMILY_ADVICE = Ladder({-14: ("family",), -7: ("family",), -2: ("family", OWNER)},
                       overdue=("family", OWNER), weekly=(OWNER,))

LADDERS: Mapping[str, Ladder] = MappingProxyType({
    "coop_respond_advice": ADVICE,
    "advice_six_weeks_others": ADVICE,
    "decide_whether_to_assess": OWN_DECISION,
    "refuse_to_issue": OWN_DECISION,
    "finalise_plan": OWN_DECISION,
    "setting_consult_response": CONSULTATION,
})


class Firing(NamedTuple):
    """A reminder that is now owed: its rung, the unsent earlier ones it stands for, and how many days late it goes."""

    rung: int
    missed: tuple[int, ...]
    late_days: int


def ladder_for(duty_id: str) -> Ladder | None:
    """The ladder of a duty, or None if nobody is reminded of it."""
    return LADDERS.get(duty_id)


def next_rung(duty_id: str, last: int | None, given: int | None = None) -> int | None:
    """The rung after `last`, the last one that fired (None: none yet). None if the duty has no ladder.

    `given` is the number of days from the start of the duty to its due day, where it is known: a rung that falls on
    the day the duty began, or before, is nobody's failure and is passed over.

    >>> next_rung("finalise_plan", None), next_rung("finalise_plan", -2), next_rung("finalise_plan", 1)
    (-14, 1, 8)
    """
    ladder = LADDERS.get(duty_id)
    if ladder is None:
        return None
    return _after(ladder, last, given)


def fires(duty_id: str, due_on: date, last: int | None, on: date, given: int | None = None) -> Firing | None:
    """The reminder that is owed on the day `on`, or None. `last` and `given` are as for `next_rung`.

    >>> fires("finalise_plan", date(2026, 7, 20), last=-7, on=date(2026, 7, 30))
    Firing(rung=8, missed=(-2, 1), late_days=2)
    """
    ladder = LADDERS.get(duty_id)
    if ladder is None:
        return None
    today = (on - due_on).days
    rung = _after(ladder, last, given)
    if rung > today:
        return None
    missed = []
    while (later := _after(ladder, rung, given)) <= today:
        missed.append(rung)
        rung = later
    return Firing(rung, tuple(missed), today - rung)


def _after(ladder: Ladder, last: int | None, given: int | None) -> int:
    if last is None or last < OVERDUE:
        for rung in ladder.rungs:
            if (last is None or rung > last) and (given is None or rung > -given):
                return rung
        return OVERDUE
    return last + WEEK - (last - OVERDUE) % WEEK


def recipients(duty_id: str, rung: int, adviser: str | None = None, party: str | None = None) -> tuple[str, ...]:
    """The roles that are told at this rung, each once. Empty if the duty has no ladder.

    `adviser` says whose advice it is (reg 6(1)); `party` is the setting concerned, which is always reached under the
    role "setting".

    >>> recipients("coop_respond_advice", -2, adviser="adv_c_medical")
    ('rcb', 'rcb.lead')
    """
    ladder = LADDERS.get(duty_id)
    if ladder is None:
        return ()
    role = ADVISER_ROLES.get(adviser or "", party or "other")
    if role == "family" and ladder is ADVICE:
        ladder = FAMILY_ADVICE
    names = {ADVISER: role, ADVISER_LEAD: f"{role}.lead"}
    return tuple(names.get(told, told) for told in ladder.told(rung))


def message_for(duty_id: str, rung: int, excused: bool) -> str:
    """The message of a rung: a limit that an exception relieves is never called overdue; the duty goes on all the same.

    >>> message_for("finalise_plan", -2, excused=False), message_for("finalise_plan", 1, excused=True)
    ('reminder', 'excused_reminder')
    """
    if excused:
        return "excused_reminder"
    return "reminder" if rung < OVERDUE else "overdue"
