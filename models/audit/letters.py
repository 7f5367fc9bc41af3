"""What went to the family about each fact of a case, and what became of it, as the facts about messages tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.case import Case
from models.law.record import Fact

FAMILY = "family"
OUTCOMES = ("opened", "delivered", "bounced", "sent", "failed", "dropped", "waiting")
"""What can have become of a letter. `sent` is the last that is known of it, and proves no receipt."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, or one try of it: the fact with which it was written, the day it went, and what is known of its arrival."""

    queued: Fact
    sent_on: date | None
    delivered_on: date | None
    opened_on: date | None
    outcome: str
    channel: str | None

    @property
    def message(self) -> str:
        """The name of the message."""
        return self.queued["message"]

    @property
    def went(self) -> bool:
        """Whether it went and did not come back, as far as is known."""
        return self.sent_on is not None and self.outcome != "bounced"


class Letters:
    """The letters of a case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._of = {kind: _by_key(case.all(kind)) for kind in (
            "message_sent", "message_failed", "message_delivered", "message_opened", "message_bounced")}

    def to_family(self) -> Iterator[Letter]:
        """Every letter to the family in the order in which they were written, each try by itself."""
        return (self.letter(fact) for fact in self._case.all("message_queued") if fact["recipient"] == FAMILY)

    def about(self, decision: Fact) -> list[Letter]:
        """The letters with which the family was to hear of a decision or to have a document, in the order of trying."""
        return [letter for letter in self.to_family() if letter.queued["about"] == str(decision.number)]

    def letter(self, queued: Fact) -> Letter:
        """The letter that was written with this fact."""
        key = queued["key"]
        sent, failed, delivered, opened, bounced = (self._of[kind].get(key, ()) for kind in (
            "message_sent", "message_failed", "message_delivered", "message_opened", "message_bounced"))
        gone = next((fact for fact in failed if fact["final"]), None)
        outcome = ("opened" if opened else "bounced" if bounced else "delivered" if delivered else "sent" if sent
                   else "waiting" if gone is None else "dropped" if gone["why"] == "no_longer_wanted" else "failed")
        return Letter(queued, _first(sent), _first(delivered), _first(opened), outcome, sent[0]["channel"] if sent else None)


def _by_key(facts: Sequence[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact["key"], []).append(fact)
    return found


def _first(facts: Sequence[Fact]) -> date | None:
    return min((fact.on for fact in facts), default=None)
