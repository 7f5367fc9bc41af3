"""Each request for advice as an object of its own: one body asked once, its days, its state, its outcome, who holds it.

Everything is worked out from the facts. A body that is asked again after an answer has another request, with a clock of its own;
the earlier one keeps its days and its outcome.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.law.advice import NO_FIGURE
from models.law.asked import elsewhere
from models.law.dates import long
from models.law.record import Fact
from models.law.rulebook import duty as row

ADVISER_ROLES = {
    "adv_a_parent_yp": "family", "adv_b_education": "setting", "adv_b_mod": "mod", "adv_b_sensory": "sensory_team",
    "adv_c_medical": "rcb", "adv_d_psychology": "ep_service", "adv_e_social_care": "social_care", "adv_f_other": "other",
    "adv_g_pfa": "pfa", "adv_h_requested": "requested",
}
"""Who is asked for each advice: the role to which its messages go."""

SIX_WEEKS = timedelta(weeks=6)
COUNCIL, MANAGER = "council", "council.manager"


class State(StrEnum):
    """How far a request has come."""

    NOT_ASKED = "not asked"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a request. `INCOMPLETE`: advice came and is asked for again; `ELSEWHERE`: the council asked another body in
    its place; `GIVEN_UP`: the council goes on without it; `OVER`: the assessment ended first."""

    GIVEN = "given"
    INCOMPLETE = "incomplete"
    NOT_KNOWN = "not known"
    DECLINED = "declined"
    PASSED_ON = "passed on"
    ELSEWHERE = "asked elsewhere"
    EXISTING = "existing advice"
    GIVEN_UP = "given up"
    OVER = "over"


WITHOUT_ADVICE = (Outcome.NOT_KNOWN, Outcome.DECLINED)
"""Answers after which the advice is still needed and nobody owes it: a gap, on which the council decides."""


@dataclass(frozen=True)
class AdviceRequest:
    """One request for advice as it stands on a day; one that is still to be sent has no `asked_on`.

    `agency` is the body where facts name it, `party` what tells it from others asked for the same advice. `round_on` names the
    re-assessment, None in the assessment itself; `number` counts the askings of one body from 1. `starts_on` is the day from
    which its time runs: for a body within s.31(1) that of receipt, for others that of asking; `due_on` None where neither the
    law nor the Code gives a figure, or receipt is not proved. `days` are those from then to the answer, or to the day asked
    about. `needed`: reg 6(1) requires this advice, and nothing has met that yet. `decision` is the last decision about a gap.
    """

    case: str
    adviser: str
    agency: str | None
    party: str | None
    body: str
    required: bool
    needed: bool
    number: int
    round_on: date | None
    wanted_on: date | None
    on: date
    asked_on: date | None = None
    delivered_on: date | None = None
    acknowledged_on: date | None = None
    expected_on: date | None = None
    starts_on: date | None = None
    due_on: date | None = None
    excused_by: str | None = None
    ended_on: date | None = None
    ended_by: Fact | None = None
    outcome: Outcome | None = None
    is_last: bool = True
    passed_on: Fact | None = None
    found_incomplete: Fact | None = None
    decision: Fact | None = None
    elsewhere: str | None = None
    elsewhere_on: date | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def role(self) -> str:
        """To which role its messages go."""
        return ADVISER_ROLES.get(self.adviser, "other")

    @property
    def who(self) -> str:
        """Who is asked: the agency, or the role where none is named."""
        return self.agency or self.role

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.outcome in (Outcome.GIVEN, Outcome.INCOMPLETE, *WITHOUT_ADVICE, Outcome.PASSED_ON):
            return State.ANSWERED
        if self.outcome is not None:
            return State.ENDED
        if self.asked_on is None:
            return State.NOT_ASKED
        if self.acknowledged_on is not None:
            return State.ACKNOWLEDGED
        return State.DELIVERED if self.delivered_on is not None else State.SENT

    @property
    def is_open(self) -> bool:
        """Whether the body that was asked still owes an answer."""
        return self.outcome is None and self.asked_on is not None

    @property
    def days(self) -> int | None:
        """Days from the start of its time, or from asking, to its answer or to the day asked about; None if nobody was asked."""
        begun = self.starts_on or self.asked_on
        return None if begun is None else max(0, ((self.ended_on or self.on) - begun).days)

    @property
    def days_late(self) -> int | None:
        """Days after its last day, to its end or to the day asked about; None without a last day."""
        return None if self.due_on is None else max(0, ((self.ended_on or self.on) - self.due_on).days)

    @property
    def after_all_on(self) -> date | None:
        """The day on which advice came from a body that had declined, or had not known the child or young person; else None."""
        if self.outcome not in WITHOUT_ADVICE:
            return None
        return min((fact.on for fact in self.facts if fact.kind == "advice_received" and fact.on >= self.ended_on), default=None)

    @property
    def days_to_advice(self) -> int | None:
        """Days from the start of its time, or from asking, to the advice; None while none has come."""
        came = self.after_all_on or (self.ended_on if self.outcome in (Outcome.GIVEN, Outcome.INCOMPLETE) else None)
        begun = self.starts_on or self.asked_on
        return None if came is None or begun is None else max(0, (came - begun).days)

    @property
    def how(self) -> str | None:
        """By what means the answer came, such as link, phone or post."""
        return self.ended_by["how"] if self.ended_by is not None else None

    @property
    def day_42(self) -> date | None:
        """The day of which the council's own decision must be taken before: its last day, or six weeks from when it was asked
        or should have been, where no such day can be told."""
        begun = self.asked_on or self.wanted_on
        return self.due_on or (begun + SIX_WEEKS if begun else None)

    @property
    def is_gap(self) -> bool:
        """Whether the advice is needed and nobody owes it: not asked for, declined, not known, or incomplete and not asked again."""
        return self.needed and self.is_last and not self.is_open and self.elsewhere_on is None

    @property
    def waits_for_asking(self) -> str | None:
        """The body that the council is to ask in place of this one: it was passed on to it, or the council decided so."""
        return self.elsewhere if self.needed and self.is_last and self.elsewhere_on is None else None

    @property
    def _decided(self) -> str | None:
        return self.decision["outcome"] if self.decision is not None else None

    @property
    def holder(self) -> str | None:
        """Who has to do the next thing: the agency or role that was asked, the council, its manager; None if nobody has to."""
        if not (self.needed and self.is_last) and not self.is_open:
            return None
        if self.needed and self._decided == "escalate":
            return MANAGER
        if self.is_gap or self.waits_for_asking or (self.needed and self._decided == "use_existing"):
            return COUNCIL
        return self.who if self.is_open else None

    @property
    def held_since(self) -> date | None:
        """The day since which they hold it."""
        if self.holder is None:
            return None
        if self.holder == self.who:
            return self.asked_on
        turned = [fact.on for fact in (self.decision, self.found_incomplete) if fact is not None]
        if self.passed_on is not None and self.elsewhere is not None:
            turned.append(self.passed_on.on)
        return max([*turned, *filter(None, (self.ended_on,))], default=self.wanted_on)

    @property
    def due_why(self) -> str:
        """Why it is due on that day, or why on none."""
        if self.asked_on is None:
            return "nobody has been asked yet"
        if self.adviser in NO_FIGURE and self.body != "s31":
            return "neither the law nor the Code gives a figure for this advice"
        rule = row("coop_respond_advice" if self.body == "s31" else "advice_six_weeks_others")
        force = "law" if self.body == "s31" else "guidance, not law"
        if self.due_on is None:
            return f"its six weeks run from the day it received the request, which is not on record ({rule.citation}; {force})"
        since = f"it {'received the request' if self.body == 's31' else 'was asked'} on {long(self.starts_on)}"
        again = f"; asked for the {_ordinal(self.number)} time" if self.number > 1 else ""
        return f"{since}, + 42 days ({rule.citation}; {force}{again})"

    @property
    def next_step(self) -> str | None:
        """What is to be done next, by whoever holds it; None where nothing is."""
        return next(self._next_steps(), None)

    def _next_steps(self) -> Iterator[str]:
        if self.holder is None:
            return
        if (to := self.waits_for_asking) is not None:
            yield f"ask {to}: the next visit sends the request"
        if self.needed and self._decided == "escalate":
            yield "escalated: the manager decides anew (advice_gap_decided, or advice_not_obtainable)"
        if self.needed and self._decided == "use_existing":
            yield "get all three satisfied with the advice that exists, and record existing_advice_sufficed (reg 6(4))"
        match self.outcome:
            case Outcome.DECLINED:
                yield "read the reasons (s.31(3)) and decide how else to get the advice: record advice_gap_decided"
            case Outcome.NOT_KNOWN:
                yield "the advice is still required: decide how to get it, and record advice_gap_decided"
            case Outcome.INCOMPLETE:
                yield "ask again for what is wanting: the next visit sends the request"
        if self.asked_on is None:
            yield "ask for it (reg 6(1)): the next visit sends the request; if it cannot, see the case's messages"
        if self.needed and self.day_42 is not None and self.on >= self.day_42:
            yield "it has not come: decide how else to get it, and record advice_gap_decided; no clock stops"
        if self.passed_on is not None and elsewhere(self.passed_on) is None:
            yield "passed on: read to whom; if that is another body, record advice_passed_on to=AGENCY, and it is asked"
        if self.body == "s31" and self.starts_on is None:
            yield "prove receipt: ring the body and record advice_delivered; its six weeks run from that day"
        yield "answer" + (f", promised by {long(self.expected_on)}" if self.expected_on else "")


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth"}.get(number, f"{number}th")
