"""One occasion of a process: the facts that belong together, what it has, and how a fact names it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.law.record import Fact, as_day

TELLS = {"review_decision_sent": "outcome", "reassessment_decided": "outcome", "tribunal_order_made": "order",
         "mediation_agreed": "order", "appeal_unopposed": "about", "phase_transfer_identified": "transfer",
         "recommendation_made": "service", "mediation_wanted": "health", "advice_gap_decided": "outcome"}
"""The field of a fact that says what it amounts to."""

UNTOLD = {"transfer": "other", "health": "none"}
"""What such a field means where the fact does not say."""

SHARED = ("amendment_notice_sent", "final_amended_plan_sent", "decided_not_to_amend", "final_plan_sent", "draft_plan_served",
          "decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue", "reassessment_decided",
          "decided_no_change")
"""Documents and decisions for which occasions of several processes may wait: each answers one of them."""


def is_one_of(fact: Fact, wanted: Iterable[str]) -> bool:
    """Whether a fact is of one of these kinds; "kind=value" asks for what it amounts to as well.

    >>> is_one_of(Fact("A1", 1, "tribunal_order_made", date(2027, 3, 4), {"order": "assess"}), ["tribunal_order_made=assess"])
    True
    """
    return fact.kind in wanted or f"{fact.kind}={_amounts_to(fact)}" in wanted


def _amounts_to(fact: Fact) -> str | None:
    name = TELLS.get(fact.kind)
    return None if name is None else fact[name] or UNTOLD.get(name)


@dataclass(slots=True)
class Occasion:
    """One occasion of a process: `of` is the day that tells it from others, such as that of the review meeting."""

    process: str
    of: date
    facts: list[Fact] = field(default_factory=list)
    place: int = 1                       # among those of the same process and day

    @property
    def key(self) -> str:
        """What tells it from every other occasion of its process."""
        return self.of.isoformat() + (f"/{self.place}" if self.place > 1 else "")

    @property
    def days(self) -> set[date]:
        """The days by which it may be named: its own, and that of the fact that opened it."""
        return {self.of, self.facts[0].on}

    def has(self, *kinds: str, **fields: object) -> bool:
        """Whether one of these facts belongs to it."""
        return self.last(*kinds, **fields) is not None

    def last(self, *kinds: str, **fields: object) -> Fact | None:
        """The latest of these facts of the occasion."""
        return next((fact for fact in reversed(self.facts) if fact.kind in kinds
                     and all(fact[name] == value for name, value in fields.items())), None)


@dataclass(frozen=True, slots=True)
class Process:
    """What happens again and again in a case: which facts open an occasion of it, and for which an open one waits."""

    id: str
    words: str
    opens: Callable[[Fact, Sequence[Occasion]], bool]
    waits: Callable[[Occasion, Fact], bool]
    day: Callable[[Fact], date] = lambda fact: fact.on
    by_itself: bool = False              # opened only by what answers nothing else
    one_after_another: bool = False      # what answers one occasion may open the next: a review ends a year and begins another


def named(fact: Fact) -> list[tuple[str, date | None]]:
    """The occasions that a fact says it answers: the process, and the day of the occasion where it is told."""
    told = fact["answers"] or ()
    told = [told] if isinstance(told, str) else told
    pairs = [one.partition(":")[::2] for one in told]
    return [(process, as_day(day) if day else None) for process, day in pairs]
