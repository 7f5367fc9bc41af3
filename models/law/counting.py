"""What the arithmetic of one limit may look at: the day it counts from, the facts of its occasion, the bank holidays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.law.dates import BankHolidays
from models.law.record import Fact


@dataclass(frozen=True, slots=True)
class Counting:
    """One clock to be counted: from `start`, set running by `fact`, among the `facts` of its occasion.

    Asked without a case, `fact` is None and `facts` is empty: then only `start` counts.
    """

    start: date
    bank_holidays: BankHolidays
    fact: Fact | None = None
    facts: Sequence[Fact] = field(default=())

    def last(self, *kinds: str) -> date | None:
        """The last day on which one of these happened on this occasion."""
        return max(self._days(kinds), default=None)

    def first(self, *kinds: str) -> date | None:
        """The first day on which one of these happened on this occasion."""
        return min(self._days(kinds), default=None)

    def field(self, name: str) -> object:
        """What the fact that started the clock says in a field, or None."""
        return self.fact[name] if self.fact else None

    def _days(self, kinds: Sequence[str]) -> Iterable[date]:
        return (fact.on for fact in self.facts if fact.kind in kinds)
