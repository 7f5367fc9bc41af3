"""Who was asked for advice, and how often: every body that was asked, and every asking of it, has a clock of its own.

Asking again while an answer is awaited is the same asking. It is another one after an answer, after the council found the advice
incomplete, and where the request went on to somebody else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.law.occasion import is_one_of
from models.law.record import Fact

ByKind = Mapping[str, Sequence[Fact]]
TWO_OF_A_KIND = ("adv_f_other", "adv_h_requested")      # several people may give these: told apart by agency
TURNS = ("advice_passed_on", "advice_gap_decided=ask_elsewhere")
"""The facts with which a request goes on to another body; it is asked in its own right, by the council."""

ANOTHER_TEAM = "another_team"
"""What stands in `to` where a request was passed on and no other body is named: it stays with the body that was asked."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body that was asked for one advice. `sole`: nobody else was asked for the same; `facts`: its requests and deliveries."""

    adviser: str | None
    party: str | None
    sole: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """One asking of one body: the first day, and the requests and deliveries that belong to it."""

    since: date
    facts: tuple[Fact, ...]

    @property
    def agency(self) -> str | None:
        """The agency that was asked, where a fact names it."""
        return next((fact["agency"] for fact in self.facts if fact["agency"]), None)

    @property
    def body(self) -> str | None:
        """s31 or other, where a fact says so."""
        return next((fact["body"] for fact in self.facts if fact["body"]), None)


def bodies(by_kind: ByKind) -> list[Body]:
    """Everybody who was asked for advice.

    An adviser is one body, and several where several agencies may be, or were, asked for the same advice.
    """
    asked = [*by_kind.get("advice_requested", ()), *by_kind.get("advice_delivered", ())]
    agencies: dict[str | None, set[str]] = {}
    for fact in asked:
        agencies.setdefault(fact["adviser"], set()).update([fact["agency"]] if fact["agency"] else [])
    found: dict[tuple[str | None, str | None], list[Fact]] = {}
    for fact in asked:
        adviser, known = fact["adviser"], agencies[fact["adviser"]]
        party = fact["agency"] if len(known) > 1 else next(iter(known), None) if adviser in TWO_OF_A_KIND else None
        found.setdefault((adviser, party), []).append(fact)
    several = Counter(adviser for adviser, _ in found)
    return [Body(adviser, party, several[adviser] == 1, tuple(found[adviser, party])) for adviser, party in sorted(found, key=str)]


def concerns(fact: Fact, adviser: str | None, party: str | None, sole: bool) -> bool:
    """Whether a fact about one adviser is about this body. `sole`: there is no other that it could mean."""
    return fact["adviser"] == adviser and (fact["agency"] == party or (sole and (party is None or fact["agency"] is None)))


def elsewhere(fact: Fact) -> str | None:
    """The other body to which a request went on with this fact; None for any other fact."""
    return fact["to"] if is_one_of(fact, TURNS) and fact["to"] not in (None, ANOTHER_TEAM, fact["agency"]) else None


def asked_elsewhere_on(fact: Fact, by_kind: ByKind) -> date | None:
    """The day on which the body to which a request went on was asked: until then the first one is not free of it.

    To pass a request on is no answer to it (s.31(2)); what frees a body is that the council asks the other.
    """
    to = elsewhere(fact)
    return min((asked.on for asked in by_kind.get("advice_requested", ()) if to is not None and asked["agency"] == to
                and asked["adviser"] == fact["adviser"] and asked.on >= fact.on), default=None)


def is_wanting(received: Fact, findings: Iterable[Fact], since: date = date.max) -> bool:
    """Whether advice was found incomplete by one of these findings, of the days up to `since`.

    What came on the day of the finding or before is what was found incomplete; what came to complete it on the same day
    says so (`again`).
    """
    return any(received.on < finding.on or (received.on == finding.on and not received["again"])
               for finding in findings if finding.on <= since)


def askings(asked: Sequence[Fact], endings: Sequence[tuple[date, Fact]]) -> list[Asking]:
    """Every asking of one body, in order; `endings` are the facts that end one, each with the day on which it does.

    A delivery belongs to the request before it; only one without any request is an asking by itself.
    """
    sent = min((fact.on for fact in asked if fact.kind == "advice_requested"), default=date.max)
    groups = split([fact for fact in asked if fact.kind != "advice_delivered" or fact.on < sent], endings)
    taken = {id(fact) for group in groups for fact in group}
    found = []
    for place, group in enumerate(groups):
        until = groups[place + 1][0].on if place + 1 < len(groups) else date.max
        came = [fact for fact in asked if id(fact) not in taken and group[0].on <= fact.on < until]
        found.append(Asking(group[0].on, tuple(sorted((*group, *came), key=_day))))
    return found


def split(asked: Sequence[Fact], endings: Sequence[tuple[date, Fact]]) -> list[list[Fact]]:
    """The requests of one body, asking by asking. A request sent on the day of an answer has crossed with it, and is no new one;
    after a finding that advice is incomplete, and where it went on to this agency, it is."""
    found: list[list[Fact]] = []
    for fact in sorted(asked, key=_day):
        begun = found[-1][0].on if found else None
        if begun is None or any(begun <= day < fact.on or (begun < day == fact.on and _follows_at_once(fact, end))
                                for day, end in endings):
            found.append([])
        found[-1].append(fact)
    return found


def _follows_at_once(asked: Fact, end: Fact) -> bool:
    return end.kind == "advice_found_incomplete" or (asked["agency"] is not None and elsewhere(end) == asked["agency"])


def _day(fact: Fact) -> date:
    return fact.on
