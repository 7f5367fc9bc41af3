"""Who holds the family's rights: the parent, from the end of compulsory school age the young person, or whoever stands in for
one who lacks capacity (ss.80, 83(2), regs 63, 64, Schedule 3).

A switch part-way through a case re-addresses every later notice; what was sent before stays as it was sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from models.age import compulsory_school_age_ends
from models.law.dates import long
from models.law.record import Fact

PARENT, YOUNG_PERSON = "parent", "young_person"
REPRESENTATIVE, ALTERNATIVE_PERSON = "representative", "alternative_person"
FOR_A_CHILD = (PARENT, REPRESENTATIVE)
"""Who can hold the rights while the person is a child: the parent, or the parent's representative (reg 63)."""

AHEAD = (YOUNG_PERSON, ALTERNATIVE_PERSON)
"""What may be recorded about the young person's capacity before the rights have passed."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the rights on a day, since when (None: from the beginning), and why. `passes_on` is the day on which they pass,
    or passed, to the young person."""

    who: str
    since: date | None
    passes_on: date | None
    why: str


def rights_pass_on(born: date) -> date:
    """The day on which the rights pass to the young person: that after compulsory school age ends.

    >>> rights_pass_on(date(2010, 9, 1))
    datetime.date(2027, 6, 26)
    """
    return compulsory_school_age_ends(born) + timedelta(days=1)


def who_holds(born: date, day: date, capacity: Iterable[Fact] = ()) -> Holder:
    """Who holds the rights on `day`, by the birth date and the `capacity_recorded` facts of the case."""
    return holder(rights_pass_on(born), day, capacity)


def holder(passes_on: date | None, day: date, capacity: Iterable[Fact] = ()) -> Holder:
    """Who holds the rights on `day`, where the day on which they pass is known; None where it is not, or is far.

    Of several records of capacity the last by `day` counts: it is tested anew for each thing to be done (s.80(4), (5)). What was
    recorded about the parent does not bind the young person.
    """
    told = sorted((fact for fact in capacity if fact.on <= day and fact["decides"]), key=lambda fact: (fact.on, fact.number))
    if passes_on is None or day < passes_on:
        last = next((fact for fact in reversed(told) if fact["decides"] in FOR_A_CHILD), None)
        if last is not None and last["decides"] == REPRESENTATIVE:
            return Holder(REPRESENTATIVE, last.on, passes_on,
                          f"the parent lacks capacity, so the parent's representative (reg 63): {last}")
        return Holder(PARENT, None if last is None else _since(told, last), passes_on,
                      "the person is a child, to the end of compulsory school age: the parent (s.83(2))")
    last = next((fact for fact in reversed(told) if fact.on >= passes_on or fact["decides"] in AHEAD), None)
    passed = f"compulsory school age is over, so the rights are the young person's from {long(passes_on)} (s.83(2))"
    if last is None or last["decides"] == YOUNG_PERSON:
        since = passes_on if last is None or not _stood_in(told, last, passes_on) else last.on
        return Holder(YOUNG_PERSON, since, passes_on, passed)
    words = {PARENT: "the parent acts for the young person", REPRESENTATIVE: "the representative acts for the young person",
             ALTERNATIVE_PERSON: "the alternative person acts: a representative, else the parent, else the parent's representative"
                                 " (reg 64(2), s.80(6))"}
    return Holder(last["decides"], max(last.on, passes_on), passes_on, f"{passed}; {words[last['decides']]}: {last}")


def _stood_in(told: list[Fact], last: Fact, passes_on: date) -> bool:
    """Whether somebody else acted for the young person before this was recorded."""
    return last.on >= passes_on and any(fact["decides"] != YOUNG_PERSON and (fact.on >= passes_on or fact["decides"] in AHEAD)
                                        for fact in told if fact is not last)


def _since(told: list[Fact], last: Fact) -> date | None:
    return last.on if any(fact["decides"] == REPRESENTATIVE and fact is not last for fact in told) else None
