"""What is worked out from a case's facts and kept beside them, so that lists need not read every case.

One function, `derive`, for whoever records, visits or rebuilds, so that they cannot differ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from models.calendar import bank_holidays
from models.case import Case
from models.law.owed import Owed
from models.law.record import Fact, standing
from models.silence import silenced_to
from notifications.ladder import Policy
from notifications.what_follows import agency_reminded, next_day
from tasks.policy_file import in_force

FILE_COLUMNS = ("day_zero", "stage", "held_by", "held_since", "next_visit_on", "next_event_on", "worked_out_on")
"""The columns of `case_file` that are worked out."""

DUTY_KEY = ("duty", "adviser", "party", "occasion")
DUTY_COLUMNS = ("kind", "owed_by", "starts_on", "due_on", "reporting_due_on", "met_on", "lapsed_on", "excused_by",
                "agency", "silenced_to", "next_rung", "next_rung_on")
"""The columns of `duty` beside its key; all of them are worked out."""

OF_POLICY = 4
"""How many of these, at the end, are no part of the duty, but of how we remind of it."""

DutyKey = tuple[str, str, str, str]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Derived:
    """The rows that follow from a case's facts, as they are stored: days as ISO text.

    `file` is in the order of FILE_COLUMNS, each of `duties` in that of DUTY_COLUMNS.
    """

    file: tuple[Any, ...]
    duties: Mapping[DutyKey, tuple[Any, ...]]


def as_it_stands(ref: str, facts: Iterable[Fact], today: date) -> Case:
    """The case on `today`, or on the day of its latest fact should that be later: nothing on record is left out."""
    record = tuple(standing(facts))
    return Case(ref, record, max(today, record[-1].on) if record else today, bank_holidays())


def derive(case: Case, policy: Policy | None = None) -> Derived:
    """Every derived row of a case as it stands on its day, by the policy in force or another one.

    A case is to be visited on the day on which the next rung of a ladder is reached, something is to be said, or a
    period ends; a day that has passed already means that something has not been said yet.
    """
    reminders, policy = _reminders(case), policy or in_force()
    may_remind = not (case.is_looked_at or case.is_erased)
    duties = {}
    for owed in (*case.terms, *case.targets):
        key = duty_key(owed)
        if key in duties:
            raise ValueError(f"{case.ref}: {' '.join(filter(None, key))} arises twice, so what is owed cannot be told.")
        duties[key] = _duty_row(case, owed, reminders, policy if may_remind else None)
    events = [owed.due_on + DAY for owed in (*case.terms, *case.targets)
              if owed.is_live and owed.due_on is not None and owed.due_on >= case.on]
    if case.facts and (said := next_day(case)) is not None:
        events.append(said)
    event = _iso(min(events, default=None))
    visit = min((day for day in (event, *(row[-1] for row in duties.values())) if day is not None), default=None)
    return Derived((_iso(case.day_zero), str(case.stage), ",".join(case.held_by), _iso(case.held_since), visit, event,
                    case.on.isoformat()), duties)


def duty_key(owed: Owed) -> DutyKey:
    """The key of a duty's row within its case."""
    return owed.duty.id, owed.adviser or "", owed.party or "", owed.which or ""


def _duty_row(case: Case, owed: Owed, reminders: Mapping[str, Sequence[Fact]], policy: Policy | None) -> tuple[Any, ...]:
    rung = None
    if policy is not None and owed.due_on is not None and owed.is_live:
        begins = min(filter(None, (owed.starts_on, owed.started_by and owed.started_by.on)), default=None)
        given = None if begins is None else (owed.due_on - begins).days      # counted backwards, from the fact itself
        fired = max((fact["rung"] for fact in reminders.get(owed.duty.id, ()) if _is_of(fact, owed)), default=None)
        rung = policy.next_rung(owed.duty.id, fired, given, owed.adviser)
    how = (None, None) if rung is None else (agency_reminded(case, owed), _iso(silenced_to(case, owed)))
    rung_on = None if rung is None else owed.due_on + timedelta(days=rung)
    return (owed.duty.kind, owed.duty.owed_by, _iso(owed.starts_on), _iso(owed.due_on), _iso(owed.reporting_due_on),
            _iso(owed.met_on), _iso(owed.lapsed_on), owed.excused_by, *how, rung, _iso(rung_on))


def _reminders(case: Case) -> dict[str, list[Fact]]:
    """The reminders that were written, by the duty of which they remind."""
    found: dict[str, list[Fact]] = {}
    for fact in case.all("message_queued"):
        if fact["rung"] is not None and fact["duty"]:
            found.setdefault(fact["duty"], []).append(fact)
    return found


def _is_of(reminder: Fact, owed: Owed) -> bool:
    """Whether a reminder was of this instance of the duty and of this last day: what is asked anew has its own rungs."""
    party = reminder["agency"] if owed.adviser else reminder["setting"]
    return (reminder["adviser"] == owed.adviser and (owed.party is None or party in (None, owed.party))
            and reminder["occasion"] == owed.which
            and reminder["due_on"] in (None, _iso(owed.due_on)))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
