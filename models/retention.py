"""How long what is known about a child is kept: the council's own policy, counted from the birth date, and what stands in the way.

No statute says how long. The usual period is that of the IRMS toolkit: 31 years from birth where there was a plan (25 and 6).
The policy is the council's and has no default, so that nothing falls due before somebody has decided it. The day on which
something falls due tells the birth date, so it is shown at a door and never recorded, sent or logged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from models.case import PLAN_STARTS, Case
from models.law.dates import long
from models.law.record import Fact

PERSONAL: Mapping[str, tuple[str, ...]] = {
    "person": ("ref",), "particulars": ("person_ref",), "contact": ("case_ref",), "text": ("case_ref",), "document": ("case_ref",),
    "return_note": ("case_ref",), "data_quality": ("case_ref", "person_ref")}
"""The tables whose rows are erased, by the columns that tell whose they are: `case_ref` a case's, any other a person's."""

KEPT: Mapping[str, str] = {
    "fact": "references, codes and salted hashes only; the proof of what was done and when",
    "case_file": "worked out from the facts; names the person by a number that leads nowhere after the erasure",
    "duty": "worked out from the facts",
    "message": "references and outcomes only; its problem, which may quote an error, is blanked",
    "erasure": "the certificate, which names cases and no person",
    "log_leaf": "hashes of facts", "checkpoint": "signed hashes", "seal_key": "public keys", "trail_letter": "about the trail only",
    "time_stamp": "hashes of checkpoints", "return_taken": "which returns were taken in: counts only",
    "look": "who looked at which case: references only, and part of a chain", "officer_left": "about officers",
    "policy": "the council's own policies of reminders, about no case",
    "run": "references only", "watch_round": "about no case",
    "agency": "about no child", "agency_contact": "about no child", "agency_cover": "about no child", "agency_closure": "about no child",
}
"""The tables that an erasure leaves, each with the reason."""


class Policy(BaseModel):
    """How many years from birth are kept: where there was a plan, and where there was none. What is not set never falls due."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plan: int | None = Field(default=None, ge=18, le=120)
    no_plan: int | None = Field(default=None, ge=18, le=120)

    @property
    def is_set(self) -> bool:
        """Whether anything can fall due."""
        return self.shortest is not None

    @property
    def shortest(self) -> int | None:
        """The shorter of the two periods."""
        return min((years for years in (self.plan, self.no_plan) if years is not None), default=None)


@dataclass(frozen=True, slots=True)
class Retention:
    """How the data about one child stand: the cases about it, the rule (`plan`, `no_plan`, or `decision` where somebody decided
    on a longer period) with its years, the day from which they may be erased, and everything that stands in the way.

    Without a day it cannot be worked out, and `in_the_way` says why. `begun` is the number of an erasure that was not finished.
    """

    cases: tuple[str, ...]
    rule: str | None = None
    years: int | None = None
    due_on: date | None = None
    in_the_way: tuple[str, ...] = ()
    begun: int | None = None

    def state(self, on: date) -> str:
        """`unfinished`, `unknown`, `later`, `held` (due, and something stands in the way) or `due`."""
        if self.begun is not None:
            return "unfinished"
        if self.due_on is None:
            return "unknown"
        if self.due_on > on:
            return "later"
        return "held" if self.in_the_way else "due"

    @property
    def told(self) -> str:
        """The rule in words."""
        return f"{RULES[self.rule]}: {self.years} years from birth" if self.rule else "cannot be worked out"


RULES: Mapping[str | None, str] = {"plan": "a plan was made", "no_plan": "no plan was made", "decision": "a longer period was decided on"}


def due_day(born: date, years: int) -> date:
    """The day from which something kept for so many years from birth may be erased: that birthday; of 29 February the next day
    where the year has none.

    >>> due_day(date(2016, 2, 29), 31), due_day(date(2015, 1, 7), 25)
    (datetime.date(2047, 3, 1), datetime.date(2040, 1, 7))
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def open_holds(case: Case) -> list[Fact]:
    """The legal holds of a case that have not been lifted, each ground by itself.

    In the order in which they were recorded: a hold that is recorded after a lift holds, whatever day it gives.
    """
    holds: dict[str, Fact] = {}
    for fact in sorted(case.all("legal_hold_placed", "legal_hold_lifted"), key=lambda fact: fact.number):
        if fact.kind == "legal_hold_placed":
            holds.setdefault(fact["ground"], fact)
        else:
            holds.pop(fact["ground"], None)
    return list(holds.values())


def stands(cases: Sequence[Case], born: date | None, policy: Policy) -> Retention:
    """How the data about one child stand, given every case about it as it stands now."""
    refs = tuple(case.ref for case in cases)
    blocks = [f"{case.ref} has not ended ({case.stage.words})" for case in cases if not case.stage.is_terminal]
    blocks += [f"{case.ref}: legal hold ({hold['ground']}) since {long(hold.on)}, by {hold['decided_by']}"
               for case in cases for hold in open_holds(case)]
    rule = "plan" if any(case.has(*PLAN_STARTS) for case in cases) else "no_plan"
    years: int | None = getattr(policy, rule)
    longest = max((fact["years"] for case in cases for fact in case.all("longer_retention_decided")), default=0)
    if years is None:
        name = f"EHC_RETENTION__{rule.upper()}"
        return Retention(refs, in_the_way=(f"no period is set for children where {RULES[rule]}: set {name}", *blocks))
    if longest > years:
        rule, years = "decision", longest
    if born is None:
        return Retention(refs, rule, years, None, ("the birth date is not known: say it with"
                                                   f" `ehc person {refs[0]} --born YYYY-MM-DD`", *blocks))
    return Retention(refs, rule, years, due_day(born, years), tuple(blocks))


def named_in(words: str, names: Iterable[str]) -> str | None:
    """The first part of a name, of three letters or more, that stands in a text as a word; None if there is none."""
    from re import findall

    said = {word.casefold() for word in findall(r"\w+", words)}
    return next((part for name in names for part in findall(r"\w{3,}", name) if part.casefold() in said), None)
