"""What a return tells beyond what is on record about a case: new facts, and what contradicts an earlier one.

Of what happens once in a case (the request, each decision, the plan, its end) a second day is a contradiction; of what happens
again and again (reviews, amendments) another day is another occasion; of what only describes (needs, settings, terms,
placements) the latest description counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from models.law.record import Fact
from models.law.request import DAY_ZERO
from models.sen2.to_facts import Told
from models.stages import ENDS

_ONCE = (DAY_ZERO, ("decided_to_assess", "refused_to_assess"), ("decided_to_issue", "refused_to_issue"),
         ("final_plan_sent", "plan_taken_over"), tuple(ENDS))
ONCE: Mapping[str, tuple[str, ...]] = {kind: kinds for kinds in _ONCE for kind in kinds}
"""What happens once in a case: the facts of each group say the same thing."""

_DESCRIBES = ("needs_recorded", "plan_terms_recorded")
_BESIDE = ("how", "note", "key", "notified_on", "owner", "place", "made_on")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An earlier fact, and what the return says instead."""

    was: Fact
    now: Told


@dataclass(slots=True)
class Difference:
    """What a block of a return adds to a case, and where it contradicts what is on record."""

    new: list[Told] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)


def difference(kept: Sequence[Fact], told: Sequence[Told]) -> Difference:
    """Compare what is told with the standing facts of a case. What is on record already, by whatever way, is left out, and so is
    another description by a return that a later one has followed."""
    found, older = Difference(), is_older(kept, told)
    by_kind: dict[str, list[Fact]] = {}
    for fact in kept:
        by_kind.setdefault(fact.kind, []).append(fact)
    settings: list[Told] = []
    for one in told:
        if one.kind == "plan_setting_recorded":
            settings.append(one)
        elif one.kind in ONCE:
            _once(one, [fact for kind in ONCE[one.kind] for fact in by_kind.get(kind, ())], by_kind, found)
        elif one.kind == "placement_recorded":
            there = [fact for fact in by_kind.get(one.kind, ()) if _place(fact.data) == _place(one.data)]
            if not any(fact.on == one.on and plain(fact.data) == plain(one.data) for fact in there):     # a return may tell two of one place
                _described(one, there, older, found)
        elif one.kind in _DESCRIBES:
            _described(one, by_kind.get(one.kind, []), older, found)
        else:
            _again(one, by_kind.get(one.kind, []), found)
    _named(settings, by_kind.get("plan_setting_recorded", []), older, found)
    return found


def is_older(kept: Iterable[Fact], told: Iterable[Told]) -> bool:
    """Whether what is told comes from a return that a later one has followed in this case: of a later day, or sent again since."""
    mark = next((one for one in told if one.kind == "taken_from_return"), None)
    returns = [fact for fact in kept if fact.kind == "taken_from_return"]
    if mark is None or not returns:
        return False
    last = max(returns, key=lambda fact: (fact.on, fact.number))
    return mark.on < last.on or (mark.data["sha256"] != last["sha256"] and any(fact["sha256"] == mark.data["sha256"] for fact in returns))


def _once(one: Told, there: Sequence[Fact], by_kind: Mapping[str, Sequence[Fact]], found: Difference) -> None:
    if not there:
        found.new.append(one)
        return
    if any(fact.on == one.on and _goes_with(fact, one) for fact in there) or one.kind == "ended_in_return":
        return                                          # of an end without its day, any end on record tells more
    first = min(there, key=lambda fact: (fact.on, fact.number))
    if first.kind == "ended_in_return" and one.kind in ENDS:
        found.new.append(one)                           # the day and the way of the end are known by now
        return
    if one.kind in ("final_plan_sent", "plan_taken_over") and one.on > first.on:
        # The return gives the day of the current plan: a younger one is the plan as amended since.
        amended = Told("final_amended_plan_sent", one.on, {"how": one.data["how"]})
        _again(amended, by_kind.get("final_amended_plan_sent", []), found)
        return
    found.contradictions.append(Contradiction(first, one))


def _goes_with(fact: Fact, one: Told) -> bool:
    """Whether two facts of one day say the same: who asked and with what a plan began may be told in another way."""
    return fact.kind == one.kind or fact.kind in DAY_ZERO or fact.kind in ("final_plan_sent", "plan_taken_over")


def _again(one: Told, there: Sequence[Fact], found: Difference) -> None:
    if one.kind == "taken_from_return":
        if not any(fact["sha256"] == one.data["sha256"] for fact in there):
            found.new.append(one)
        return
    if one.kind == "phase_transfer_identified":
        if not any((fact["transfer"], fact["year"]) == (one.data["transfer"], one.data["year"]) for fact in there):
            found.new.append(one)
        return
    same = [fact for fact in there if fact.on == one.on]
    if not same:
        found.new.append(one)
    elif one.kind == "review_decision_sent" and not any(one.data.get("outcome") in (None, fact["outcome"]) for fact in same):
        found.contradictions.append(Contradiction(same[0], one))


def _described(one: Told, there: Sequence[Fact], older: bool, found: Difference) -> None:
    """A description, if it differs from the latest on record and is not older than that."""
    last = max(there, key=lambda fact: (fact.on, fact.number), default=None)
    if last is None or (plain(last.data) != plain(one.data) and one.on >= last.on and not older):
        found.new.append(one)


def _named(told: Sequence[Told], there: Sequence[Fact], older: bool, found: Difference) -> None:
    """The settings that the plan names: all of them anew, if they differ from those last recorded."""
    if not told or (older and there):
        return
    latest = max((fact.on for fact in there), default=date.min)
    before = [plain(fact.data) for fact in there if fact.on == latest]
    now = [plain(one.data) for one in told]
    if latest > told[0].on or (len(before) == len(now) and all(one in before for one in now)):
        return
    found.new += told


def _place(data: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(data.get(name) for name in ("urn", "ukprn", "setting_code", "entered_on"))


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact says, without how it came and without words that are kept apart."""
    return {name: value for name, value in data.items() if name not in _BESIDE and value is not None}


# --- which block is which case ---------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Known:
    """A case of the person as it stands: its reference, its standing facts, and whether it goes on."""

    ref: str
    facts: Sequence[Fact]
    goes_on: bool

    @property
    def marks(self) -> set[tuple[str, str]]:
        """Where in which files it stands."""
        return _marks(self.facts)

    def day(self, *kinds: str) -> date | None:
        """The earliest day of these facts."""
        return min((fact.on for fact in self.facts if fact.kind in kinds), default=None)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of requests as it is told: its facts, and whether it goes on."""

    facts: Sequence[Told]
    goes_on: bool

    @property
    def marks(self) -> set[tuple[str, str]]:
        """Where in which file it stands."""
        return _marks(self.facts)

    def day(self, *kinds: str) -> date | None:
        """The earliest day of these facts."""
        return min((one.on for one in self.facts if one.kind in kinds), default=None)


def pair(blocks: Sequence[Block], cases: Sequence[Known]) -> list[Known | None]:
    """For each block the case that it is about, None where that is a new one; never by position.

    The very same file says by its places which is which. Else by the day of the request; else by that of the plan, then of the decision
    to assess; else, where one block and one case are left that both go on and do not say that they began with different requests,
    they are one: a plan whose request is told no longer. A block without any such day is the case that holds all it tells.
    """
    left: list[Known] = list(cases)
    found: list[Known | None] = [None] * len(blocks)

    def take(at: int, fits: Callable[[Known], bool]) -> None:
        same = next((case for case in left if fits(case)), None)
        if found[at] is None and same is not None:
            left.remove(same)
            found[at] = same
    for at, block in enumerate(blocks):
        take(at, partial(_has_a_mark, block.marks))
    tests = (DAY_ZERO, ("final_plan_sent", "plan_taken_over", "final_amended_plan_sent"), ("decided_to_assess", "refused_to_assess"))
    for kinds in tests:
        for at, block in enumerate(blocks):
            day = block.day(*kinds)
            if day is not None:
                take(at, partial(_has_on, kinds, day))
    open_blocks = [at for at, block in enumerate(blocks) if found[at] is None and block.goes_on]
    open_cases = [case for case in left if case.goes_on]
    if len(open_blocks) == len(open_cases) == 1:
        block, case = blocks[open_blocks[0]], open_cases[0]
        if None in (block.day(*DAY_ZERO), case.day(*DAY_ZERO)) or block.day(*ONCE["final_plan_sent"]) == case.day(*ONCE["final_plan_sent"]):
            take(open_blocks[0], lambda one: one is case)
    for at, block in enumerate(blocks):
        if not any(block.day(*kinds) for kinds in tests):
            take(at, partial(_holds_all, [one for one in block.facts if one.kind != "taken_from_return"]))
    return found


def _has_a_mark(marks: set[tuple[str, str]], case: Known) -> bool:
    return not marks.isdisjoint(case.marks)


def _has_on(kinds: Sequence[str], day: date, case: Known) -> bool:
    return any(fact.kind in kinds and fact.on == day for fact in case.facts)


def _holds_all(told: Sequence[Told], case: Known) -> bool:
    return bool(told) and all(_has_on((one.kind,), one.on, case) for one in told)


def _marks(facts: Sequence[Fact | Told]) -> set[tuple[str, str]]:
    """In which files, and where in them, something stands."""
    return {(fact.data["sha256"], fact.data["place"]) for fact in facts if fact.kind == "taken_from_return" and fact.data.get("place")}
