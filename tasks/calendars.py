"""On which days somebody can be written to: the council and the family on its working days, an agency as the register has it.

No closure moves a day that the law sets. A reminder that falls on a day on which its recipient is closed goes on the last
open day before; one that is written on such a day all the same waits for the next, unless the law's day would then be over.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.agencies.reach import is_open
from models.agencies.register import LEAD, Entry
from models.calendar import bank_holidays
from notifications.ladder import Policy
from notifications.say import FAMILY
from tasks.recipients import STAFF, Directory

ENGLAND = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
FARTHEST = 70
"""Days ahead within which an end of a closure is looked for: longer than any school's summer."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """Who is there on which day, by a policy and by the register as one round reads it."""

    policy: Policy
    directory: Directory

    def entry_of(self, session: Session, role: str, agency: str | None) -> Entry | None:
        """What the register holds of whoever plays a role: the agency named, or the only one that plays it."""
        if agency is None:
            playing = self.directory.playing(session, role.removesuffix(LEAD))
            agency = playing[0] if len(playing) == 1 else None
        return None if agency is None else self.directory.entry(session, agency)

    def is_open(self, role: str, entry: Entry | None, on: date) -> bool:
        """Whether a reminder may reach somebody in this role on that day. `entry` is an agency's, where it is in the register."""
        if not self.policy.working_days:
            return True
        if entry is not None:
            return is_open(entry, on)
        ours = role.startswith(STAFF) or role == FAMILY
        return (on.weekday() < 5 and on not in bank_holidays()
                and not (ours and any(first <= on <= last for first, last in self.policy.closed)))

    def closed_until(self, role: str, entry: Entry | None, today: date) -> date:
        """The last day of the closure that begins tomorrow; today where none does, or where nobody is there today either."""
        last = today
        if self.is_open(role, entry, today):
            while last - today < timedelta(days=FARTHEST) and not self.is_open(role, entry, last + DAY):
                last += DAY
        return last

    def not_before(self, role: str, entry: Entry | None, due_on: date, today: date, now: datetime) -> datetime | None:
        """The moment before which a reminder should not be sent to somebody in this role; None if it may go now.

        `today` is the day of the round. What would then go after the law's day, and is not late yet, goes now.
        """
        quiet = self.policy.quiet
        local = now.astimezone(ENGLAND)
        begins = local.date() == today and quiet is not None and local.time() >= quiet[0] > quiet[1]
        is_quiet = local.date() == today and quiet is not None and _within(local.time(), *quiet)
        if not is_quiet and self.is_open(role, entry, today):
            return None
        on = today + DAY if begins or not is_quiet else today
        while not self.is_open(role, entry, on):
            if on - today >= timedelta(days=FARTHEST):
                return None                               # nobody will be there: then it may as well go now
            on += DAY
        if today <= due_on < on:
            return None
        return datetime.combine(on, quiet[1] if quiet else time(7), ENGLAND).astimezone(UTC)


def is_night(policy: Policy, now: datetime) -> bool:
    """Whether a day has begun and the quiet hours of its night are not over: what goes once they are, goes on the same day."""
    return policy.quiet is not None and policy.quiet[0] > policy.quiet[1] and now.astimezone(ENGLAND).time() < policy.quiet[1]


def _within(at: time, start: time, end: time) -> bool:
    return start <= at < end if start < end else at >= start or at < end
