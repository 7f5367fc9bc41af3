"""One case's record as the rules read it: by kind, without what was reversed, by occasion, and what fell into detention."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from models.law.duty import Duty
from models.law.occasion import Occasion, is_one_of
from models.law.occasions import occasions
from models.law.record import Fact, as_day
from models.law.request import DAY_ZERO

ByKind = dict[str, list[Fact]]
GOES_ON = {"refused_to_assess": "decided_to_assess", "refused_to_issue": "decided_to_issue",
           "withdrawal_accepted": "request_continued"}
STOPS = {go: stop for stop, go in GOES_ON.items()}
WITH_LIMITS_OF_ITS_OWN = ("tribunal_order_made", "mediation_agreed", "appeal_unopposed")


def by_kind(record: Iterable[Fact]) -> ByKind:
    """The facts of each kind, in the order in which they happened."""
    found: ByKind = {}
    for fact in record:
        found.setdefault(fact.kind, []).append(fact)
    return found


@dataclass
class View:
    """A standing record, or the part of it from one re-assessment to the next (`opened_on`)."""

    record: Sequence[Fact]
    by_kind: ByKind
    opened_on: date | None = None
    whole: "View | None" = field(default=None, repr=False)

    @classmethod
    def of(cls, record: Sequence[Fact]) -> "View":
        """The view of a whole record."""
        return cls(record, by_kind(record))

    def rounds(self) -> tuple["View", ...]:
        """The record of the assessment, and of each re-assessment after it, cut where the decision to re-assess was taken."""
        decided = [place for place, fact in enumerate(self.record) if is_one_of(fact, ("reassessment_decided=reassess",))]
        starts = [place for n, place in enumerate(decided) if not n or self.record[decided[n - 1]].on < self.record[place].on]
        if not starts:
            return (self,)
        ends = [*starts, len(self.record)]
        first = View(self.record[:starts[0]], by_kind(self.record[:starts[0]]), None, self)
        return first, *(View(part := self.record[a:b], by_kind(part), part[0].on, self) for a, b in zip(starts, ends[1:], strict=True))

    def may_have(self, row: Duty) -> bool:
        """Whether a fact is on record that could start this duty."""
        kinds = self.by_kind
        return any(token.partition("=")[0] in kinds for token in row.starts_on) or bool(row.awaits and row.awaits in kinds)

    def some(self, wanted: Sequence[str], told: ByKind | None = None) -> list[Fact]:
        """The facts of these kinds ("kind" or "kind=value"), kind by kind."""
        told = self.by_kind if told is None else told
        return [fact for token in wanted for fact in told.get(token.partition("=")[0], ()) if "=" not in token or is_one_of(fact, (token,))]

    @cached_property
    def occasions(self) -> dict[str, list[Occasion]]:
        """The occasions of every process."""
        return occasions(self.record)

    @cached_property
    def lasting(self) -> ByKind:
        """The record without the decisions that a later one reversed: the original clock then runs on.

        Where an order, an agreement in mediation or an appeal that was not opposed came between, that has limits of its own,
        and the original clock stays where the refusal left it.
        """
        return by_kind(fact for fact in self.record if not self._reversed(fact) or self._by_order(fact))

    @cached_property
    def unreversed(self) -> ByKind:
        """The record without any decision that a later one reversed: no time to appeal runs against those."""
        return by_kind(fact for fact in self.record if not self._reversed(fact))

    def _last(self, kind: str) -> date:
        return self.by_kind[kind][-1].on if kind in self.by_kind else date.min

    def _reversed(self, fact: Fact) -> bool:
        """Whether a later decision reversed this one. Of two decisions of one day the one to go on stands."""
        if fact.kind in GOES_ON:
            return self._last(GOES_ON[fact.kind]) >= fact.on
        return fact.kind in STOPS and self._last(STOPS[fact.kind]) > fact.on

    def _by_order(self, refusal: Fact) -> bool:
        if refusal.kind not in ("refused_to_assess", "refused_to_issue"):
            return False
        again = self._last(GOES_ON[refusal.kind])
        return any(refusal.on <= fact.on <= again for kind in WITH_LIMITS_OF_ITS_OWN for fact in self.by_kind.get(kind, ()))

    def reversal(self, refused: str) -> tuple[Fact, Fact] | None:
        """The refusal of this kind that the council took back of its own accord, and the decision to go on."""
        for refusal in self.by_kind.get(refused, ()):
            if self._reversed(refusal) and not self._by_order(refusal):
                again = next(fact for fact in self.by_kind[GOES_ON[refused]] if fact.on >= refusal.on)
                return refusal, again
        return None

    # --- detention -------------------------------------------------------------------------------------------

    @cached_property
    def detained(self) -> list[tuple[date, date]]:
        """When the person was detained: from and to (until when it is not known, to the end of days)."""
        if self.whole is not None:
            return self.whole.detained
        began = [fact for fact in self.record if fact.kind == "detention_began" or (fact.kind in DAY_ZERO and fact["detained"])]
        released = [fact.on for fact in self.by_kind.get("released", ())]
        return [(start, min((day for day in released if day >= start), default=date.max))
                for start in (as_day(fact["detained_from"] or fact.on) for fact in began)]

    def applies(self, row: Duty, start: Fact) -> bool:
        """Whether a rule of this regime applies to what this fact starts (s.70)."""
        if row.regime == "any" or not self.detained:
            return row.regime in ("any", "ordinary")
        inside = any(begins <= start.on < ends for begins, ends in self.detained) or (start.kind in DAY_ZERO and bool(start["detained"]))
        match row.regime:
            case "ordinary":
                return not inside
            case "detained":
                return inside
            case "released":
                return inside and self._between(start, "released")
        return not inside and self._between(start, "detention_began")

    def _between(self, start: Fact, kind: str) -> bool:
        """Whether this happened after the request and before the assessment came to its end."""
        ends = [fact.on for end in ("final_plan_sent", "refused_to_issue", "refused_to_assess") for fact in self.by_kind.get(end, ())]
        return any(start.on <= fact.on <= min(ends, default=date.max) for fact in self.by_kind.get(kind, ()))
