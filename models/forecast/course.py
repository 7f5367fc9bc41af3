"""The course of one case through the assessment: the days from request to final plan, as far as its facts tell them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from models.advice import ADVISER_ROLES
from models.law.record import Fact, standing

PSYCHOLOGY = "adv_d_psychology"
_ENDS = ("withdrawal_accepted", "moved_away", "child_died", "ended_in_return", "refused_to_issue", "detention_began")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for advice: whose, of which agency, when, and when it was answered, if it was."""

    adviser: str
    agency: str
    asked_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Where one assessment has come: the day of each step that was taken. `ended_on`: it leads to no plan, since that day.

    An assessment after a reversed refusal begins anew with the order; it is not timed with the others (`reversed`).
    """

    ref: str
    received: date
    decided_on: date | None = None
    assesses: bool | None = None
    asked: tuple[Asked, ...] = field(default_factory=tuple)
    issue_on: date | None = None
    draft_on: date | None = None
    final_on: date | None = None
    ended_on: date | None = None
    reversed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a final plan may still come of it."""
        return self.final_on is None and self.ended_on is None

    @property
    def outstanding(self) -> tuple[Asked, ...]:
        """The advice that was asked for and has not come."""
        return tuple(one for one in self.asked if one.answered_on is None)

    @property
    def complete_on(self) -> date | None:
        """The day on which the last advice came; None while some is outstanding, or where none is on record."""
        if not self.asked or self.outstanding:
            return None
        return max(one.answered_on for one in self.asked if one.answered_on is not None)


def course_of(ref: str, facts: Iterable[Fact], on: date) -> Course | None:
    """The course of a case by the end of the day `on`; None where no request was made by then, or a plan came without one."""
    received = decided = issue = draft = final = ended = None
    assesses, turned = None, False
    asked: dict[tuple[str, str], date] = {}
    answered: dict[tuple[str, str], date] = {}
    for fact in standing(facts):
        if fact.on > on:
            continue
        match fact.kind:
            case "request_received" | "became_responsible":
                received = min(received or fact.on, fact.on)
            case "decided_to_assess" | "refused_to_assess":
                turned = turned or (assesses is False and fact.kind == "decided_to_assess")
                if decided is None or turned:
                    decided = fact.on
                assesses = fact.kind == "decided_to_assess"
            case "advice_requested":
                key = _who(fact)
                if key not in asked or key in answered:            # asked anew after an answer: it is waited for again
                    asked[key] = fact.on
                    answered.pop(key, None)
            case "advice_received" | "existing_advice_sufficed" | "advice_not_obtainable" | "advice_declined":
                for key in _meant(fact, asked):
                    answered[key] = fact.on
            case "decided_to_issue":
                issue = fact.on
            case "draft_plan_served":
                draft = draft or fact.on
            case "final_plan_sent":
                final = final or fact.on
            case kind if kind in _ENDS:
                ended = min(ended or fact.on, fact.on)
    if received is None:
        return None
    if ended is None and assesses is False:
        ended = decided
    requests = tuple(Asked(adviser, agency, day, answered.get((adviser, agency))) for (adviser, agency), day in asked.items())
    return Course(ref, received, decided, assesses, requests, issue, draft, final, None if final else ended, turned)


def _who(fact: Fact) -> tuple[str, str]:
    return fact["adviser"], fact["agency"] or ADVISER_ROLES.get(fact["adviser"], "other")


def _meant(fact: Fact, asked: dict[tuple[str, str], date]) -> list[tuple[str, str]]:
    """What an answer answers: the request to that agency, or, where it names none, every one to that adviser."""
    if fact["agency"]:
        key = _who(fact)
        return [key] if key in asked else [one for one in asked if one[0] == fact["adviser"]]
    return [one for one in asked if one[0] == fact["adviser"]]
