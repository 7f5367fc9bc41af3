"""Telling a case in a test: `happened` says what happened, `owed` asks what one duty makes of it on a day."""

from collections.abc import Iterable
from datetime import date, timedelta
from types import MappingProxyType

from models.calendar import bank_holidays
from models.case import Case
from models.law.deadlines import work_out
from models.law.owed import Owed
from models.law.record import Fact

CLOSED = bank_holidays()
RECEIVED = date(2026, 3, 2)          # a Monday; 6 weeks 13 April, 16 weeks 22 June, 20 weeks 20 July 2026
SIX, SIXTEEN, TWENTY = date(2026, 4, 13), date(2026, 6, 22), date(2026, 7, 20)
A_DAY = timedelta(days=1)
THE_DAY_AND_ITS_NEIGHBOURS = [(-1, "open", 0), (0, "open", 0), (1, "overdue", 1)]
"""Days from the last compliant day, and how an unmet duty stands on them: the state, the days late."""


def day(text: str | date) -> date:
    """A day from its ISO text."""
    return date.fromisoformat(text) if isinstance(text, str) else text


def happened(kind: str, on: str | date, **data: object) -> Fact:
    """A fact of case A1, not numbered yet."""
    return Fact("A1", 0, kind, day(on), MappingProxyType(data))


def recorded(*facts: Fact) -> list[Fact]:
    """The facts numbered from 1 in the order in which they are told."""
    return [Fact(fact.case, number, fact.kind, fact.on, fact.data) for number, fact in enumerate(facts, start=1)]


def request(on: str | date = RECEIVED, **data: object) -> Fact:
    """A parent's request for a child at school."""
    return happened("request_received", on, **({"requested_by": "parent", "attends": "school"} | data))


def claim(duty: str, code: str, on: str | date, **data: object) -> Fact:
    """An exception claimed, with an explanation."""
    return happened("exception_claimed", on, **({"duty": duty, "code": code, "because": "as explained", "approved_by": "head"} | data))


def all_owed(facts: Iterable[Fact], on: str | date) -> list[Owed]:
    """Every duty as it stands on a day."""
    return work_out(recorded(*facts), day(on), CLOSED)


def owed(facts: Iterable[Fact], on: str | date, duty: str, adviser: str | None = None, party: str | None = None,
         occasion: str | None = None, branch: str | None = None) -> Owed:
    """The one instance of a duty as it stands on a day."""
    found = [one for one in all_owed(facts, on) if one.duty.id == duty and adviser in (None, one.adviser)
             and party in (None, one.party) and occasion in (None, one.occasion) and branch in (None, one.branch)]
    assert len(found) == 1, f"{duty} stands {len(found)} times on {on}"
    return found[0]


def arisen(facts: Iterable[Fact], on: str | date, duty: str) -> list[tuple[str | None, str | None]]:
    """The adviser and party of every instance of a duty."""
    return [(one.adviser, one.party) for one in all_owed(facts, on) if one.duty.id == duty]


def standing_of(one: Owed) -> tuple[str, int | None]:
    """State and days late."""
    return one.state, one.days_late


def case_of(facts: Iterable[Fact], on: str | date) -> Case:
    """The whole case on a day."""
    return Case.of("A1", recorded(*facts), day(on), CLOSED)


def dues(facts: Iterable[Fact], on: str | date, duty: str) -> dict[str | None, date | None]:
    """The last day of each instance of a duty, by the branch and the occasion that tell it from the others."""
    return {one.which: one.due_on for one in all_owed(facts, on) if one.duty.id == duty}


def states(facts: Iterable[Fact], on: str | date, duty: str) -> dict[str | None, str]:
    """The state of each instance of a duty, by the branch and the occasion."""
    return {one.which: one.state for one in all_owed(facts, on) if one.duty.id == duty}


def around(facts: Iterable[Fact], last: str | date, duty: str, **which: str) -> list[tuple[str, int | None]]:
    """How an unmet duty stands on the day before its last day, on that day, and on the day after."""
    one = owed(facts, last, duty, **which)
    assert one.due_on == day(last), f"{duty} is due on {one.due_on}, not on {last}"
    return [standing_of(owed(facts, day(last) + days * A_DAY, duty, **which)) for days in (-1, 0, 1)]


UNMET = [("open", 0), ("open", 0), ("overdue", 1)]
"""What `around` answers for a duty that nobody has met."""
