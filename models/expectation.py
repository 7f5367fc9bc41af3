"""When the next decision or the final plan can come at the earliest, as a case stands, and whether its limit can still be met.

Nothing is guessed. The earliest day follows from what has happened and from the least time that the law gives the family; a
later end is named only where every outstanding advice has a day of its own ahead, promised or set by its limit.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from models.case import Case
from models.law.owed import Owed
from models.law.record import as_day
from models.law.rulebook import duty as row

EXPECTED = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan")
"""The duties whose day a family waits for: the ends of the 6, 16 and 20 weeks."""

ADVICE_LIMITS = ("coop_respond_advice", "advice_six_weeks_others")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Expectation:
    """When one duty can be done. `steps` is the least time from beginning to end of what is still to be gone through, `since`
    the day before which what has happened does not allow it, `by` the later end of the range where it can be told."""

    duty: str
    due_on: date
    steps: timedelta
    since: date | None
    by: date | None
    unattainable_from: date
    missing: tuple[str, ...]

    def not_before(self, day: date) -> date:
        """The earliest day on which it can be done, as seen on `day`."""
        return max(day + self.steps, self.since or day)

    def moves_past(self, day: date) -> date:
        """The first day as seen from which it can no longer be done by `day`, if nothing else happens before."""
        return day + DAY - self.steps


def expectation(case: Case, owed: Owed) -> Expectation | None:
    """When a duty of EXPECTED can be done at the earliest; None without a limit, or if it is done or no longer owed.

    The final plan needs a draft with the family for 15 days, beginning with the day on which it is served (reg 13(1)(a)),
    and can go on the day after them.
    """
    if owed.due_on is None or not owed.is_live or owed.duty.id not in EXPECTED:
        return None
    window_of_law = row("draft_representation_window").limit
    steps, since, lead = timedelta(), None, timedelta()
    if owed.duty.id == "finalise_plan":
        lead = window_of_law.last_day(case.on) + DAY - case.on
        window = case.duty("draft_representation_window")
        if case.has("draft_plan_served") and window is not None and window.due_on is not None:
            since = window.due_on + DAY
        else:
            steps = lead
    in_time = since is not None and since <= owed.due_on
    from_day = owed.due_on + DAY if in_time else owed.due_on + DAY - lead
    missing = () if owed.duty.id == "decide_whether_to_assess" else case.advice_outstanding
    return Expectation(owed.duty.id, owed.due_on, steps, since, _by(case, missing, steps), from_day, missing)


def _by(case: Case, missing: tuple[str, ...], steps: timedelta) -> date | None:
    """When it could be done if all outstanding advice came on its own day; None where one has no such day ahead."""
    days = [_advice_by(case, adviser) for adviser in missing]
    ahead = [day for day in days if day is not None and day >= case.on]
    return max(ahead) + steps if ahead and len(ahead) == len(days) else None


def _advice_by(case: Case, adviser: str) -> date | None:
    """The day by which advice is to come: the one that the body itself named last, else its limit."""
    named = [fact for fact in case.all("advice_acknowledged", adviser=adviser) if fact["expected_on"]]
    if named:
        return as_day(max(named, key=lambda fact: (fact.on, fact.number))["expected_on"])
    limits = [owed.due_on for owed in case.terms
              if owed.duty.id in ADVICE_LIMITS and owed.adviser == adviser and owed.is_live and owed.due_on is not None]
    return max(limits, default=None)
