"""For how long nobody above a case's owner is told of one duty: only by a recorded decision, for a bounded time."""

from datetime import date, timedelta

from models.case import Case
from models.law.dates import long
from models.law.owed import Owed
from models.law.record import Fact, as_day


def silence(case: Case, owed: Owed) -> Fact | None:
    """The latest decision on record by which an escalation of this duty was silenced, whether it is over or not."""
    found = [fact for fact in case.all("escalation_silenced", duty=owed.duty.id) if _is_of(fact, owed)]
    return max(found, key=lambda fact: (fact.on, fact.number), default=None)


def silenced_to(case: Case, owed: Owed) -> date | None:
    """The last day on which nobody above the owner is told of this duty; None if that was never decided.

    The latest decision counts, so that a silence can be ended early by another with an earlier day.
    """
    latest = silence(case, owed)
    return None if latest is None else as_day(latest["silenced_to"])


def is_silenced(case: Case, owed: Owed) -> bool:
    """Whether on the case's day nobody above the owner is told of this duty."""
    until = silenced_to(case, owed)
    return until is not None and until >= case.on


def in_silence(case: Case) -> list[tuple[Owed, Fact]]:
    """The duties of which nobody above the owner is told on the case's day, each with the decision."""
    found = [(owed, silence(case, owed)) for owed in case.duties if owed.is_live and is_silenced(case, owed)]
    return [(owed, fact) for owed, fact in found if fact is not None]


def refused(case: Case, told: Fact, longest: int) -> str | None:
    """Why an escalation may not be silenced as this fact has it, in this case and for at most `longest` days; None if it may."""
    until = as_day(told["silenced_to"])
    if until < told.on:
        return f"silenced_to is before the day of the decision. An escalation is silenced from that day on, for {longest} days at most."
    if (until - told.on).days > longest:
        return (f"an escalation is silenced for {longest} days at most, so until {long(told.on + timedelta(days=longest))}."
                " If it is still right then, decide so again, with reasons.")
    if not any(owed.is_live and owed.duty.id == told["duty"] and _is_of(told, owed) for owed in case.terms):
        return (f"{told['duty']} is not owed in this case as it stands, so there is nothing to silence. `ehc case {case.ref}` lists what"
                " is.")
    return None


def _is_of(told: Fact, owed: Owed) -> bool:
    return told["adviser"] in (None, owed.adviser) and told["agency"] in (None, owed.party)
