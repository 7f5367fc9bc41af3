"""When a time limit need not be met: regs 5(4), 8(2), 10(4), 13(3). A closed list, worked out from facts.

An exception disapplies one limit, never another, and puts no other date in its place: the duty goes on as soon as
practicable. Staff shortage, panels, late advice and lack of a placement are not on the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.law.dates import long
from models.law.duty import Duty
from models.law.record import Fact, as_day

FOUR_WEEKS = 28
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Code:
    """One reason of the law for which a limit need not be met, and the facts that it needs."""

    id: str
    words: str
    needs: tuple[str, ...]


CODES = {code.id: code for code in (
    Code("X_SCHOOL", "the head teacher or principal was asked for advice from one week before a closure of at least four"
                     " weeks until one week before re-opening", ("advice_requested_on", "closed_from", "reopens_on")),
    Code("X_EARLY", "the early years provider was asked for advice from one week before a closure of at least four weeks"
                    " until one week before re-opening", ("advice_requested_on", "closed_from", "reopens_on")),
    Code("X_PERSONAL", "exceptional personal circumstances affect the child, parent or young person", ()),
    Code("X_ABSENT4", "the child, parent or young person is away from the area for an unbroken four weeks or more",
         ("absent_from", "absent_to")),
    Code("X_ABSENT2", "the child, parent or young person is away from the area for an unbroken two weeks or more",
         ("absent_from", "absent_to")),
    Code("X8_EXC", "exceptional circumstances affect the child, parent or young person during the six weeks", ()),
    Code("X8_ABSENT4", "the child, parent or young person is away from the area for an unbroken four weeks or more"
                       " during the six weeks", ("absent_from", "absent_to")),
    Code("X8_MISSED", "the child or young person failed to keep an appointment made by the body", ()),
    Code("X_CV", "a reason relating to coronavirus (1 May to 25 September 2020 only)", ()),
)}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the law makes of a claim: accepted or not, under which provision, and why, in sentences."""

    code: str
    accepted: bool
    citation: str
    because: str

    def __str__(self) -> str:
        return f"{self.code} {'accepted' if self.accepted else 'refused'} ({self.citation}): {self.because}"


def judge(claim: Fact, duty: Duty, start: date | None, due: date | None, facts: Sequence[Fact] = ()) -> Ruling:
    """What the law makes of one `exception_claimed` against one limit.

    `start` and `due` are the limit's own days, `facts` the standing facts of the case: where they show when the
    setting was first asked for advice, that day counts and not the one that the claim states.
    """
    code = claim["code"]
    if code not in CODES:
        return Ruling(str(code), False, "regs 5(4), 8(2), 10(4), 13(3)", f"there is no such exception; the law knows {', '.join(CODES)}")
    basis = duty.exception_basis or f"{duty.citation}: no exception relieves this limit"

    def refuse(because: str) -> Ruling:
        return Ruling(code, False, basis, because)

    if duty.limit is None:
        return refuse(f"{duty.id} has no time limit that could be relieved")
    if code not in duty.exceptions:
        allowed = ", ".join(duty.exceptions)
        return refuse(f"{CODES[code].words}: this does not relieve {duty.id}; "
                      + (f"only {allowed} can" if allowed else "nothing does"))
    if not claim["because"] or not str(claim["because"]).strip():
        return refuse("the claim does not say how it makes it impractical to comply; a recorded explanation is required")
    days = {name: as_day(claim[name]) for name in CODES[code].needs if claim[name] is not None}
    missing = [name for name in CODES[code].needs if name not in days]
    if missing:
        return refuse(f"the claim lacks {', '.join(missing)}")
    if start is None or due is None:
        return refuse("the limit has not begun to run")
    if code in ("X_SCHOOL", "X_EARLY"):
        problem, because = _closure(days["advice_requested_on"], days["closed_from"], days["reopens_on"], start, due, facts)
    elif "absent_from" in days:
        least = FOUR_WEEKS // 2 if code == "X_ABSENT2" else FOUR_WEEKS
        problem, because = _absence(days["absent_from"], days["absent_to"], least, start, due)
    else:
        problem, because = _during(claim, start, due)
    return refuse(because) if problem else Ruling(code, True, basis, because)


def _closure(asked: date, closed: date, reopens: date, start: date, due: date, facts: Sequence[Fact]) -> tuple[bool, str]:
    length = (reopens - closed).days
    if length < FOUR_WEEKS:
        return True, (f"closed from {long(closed)} until re-opening {long(reopens)} is {length} days; the exception needs a"
                      f" continuous closure of at least {FOUR_WEEKS}")
    first, answered = _first_asked(facts), _answered(facts, asked)
    if first is not None and first != asked:
        return True, (f"the record shows that the setting was first asked for advice on {long(first)}, not on {long(asked)};"
                      " asking again does not open the exception")
    opens, closes = closed - WEEK, reopens - WEEK
    window = f"the window from {long(opens)} to {long(closes)}"
    if not opens <= asked <= closes:
        return True, f"advice was asked for on {long(asked)}, outside {window}"
    if not start <= asked <= due:
        return True, (f"advice was asked for on {long(asked)}, which is not between the start {long(start)} and the limit"
                      f" {long(due)}, so it cannot be why this limit was not met")
    if answered is not None and answered < closed:
        return True, (f"the setting's advice arrived on {long(answered)}, before it closed on {long(closed)}, so the closure"
                      " cannot be why this limit was not met")
    return False, f"advice was asked for on {long(asked)}, inside {window} ({length} days' closure)"


def _absence(left: date, back: date, least: int, start: date, due: date) -> tuple[bool, str]:
    if back < left:
        return True, f"the absence ends on {long(back)}, before it begins on {long(left)}"
    inside_from, inside_to = max(left, start), min(back, due)
    inside = max(0, (inside_to - inside_from).days + 1)
    told = f"away {long(left)} to {long(back)}: {inside} days of it fall in the period {long(start)} to {long(due)}"
    return inside < least, f"{told}; the exception needs an unbroken {least}"


def _during(claim: Fact, start: date, due: date) -> tuple[bool, str]:
    first, last = (as_day(day) if (day := claim[name] or claim["appointment_on"]) else None
                   for name in ("affected_from", "affected_to"))
    if first and last and last < first:
        return True, f"what is claimed ends on {long(last)}, before it begins on {long(first)}"
    if (first and first > due) or (last and last < start):
        return True, f"what is claimed lies outside the period {long(start)} to {long(due)}"
    return False, "claimed with an explanation, which a person must be able to defend"


def _first_asked(facts: Sequence[Fact]) -> date | None:
    """The first day on which the setting was asked for advice, as far as the record shows."""
    asked = [fact.on for fact in facts if fact.kind == "advice_requested" and fact["adviser"] == "adv_b_education"]
    return min(asked, default=None)


def _answered(facts: Sequence[Fact], asked: date) -> date | None:
    """The first day on which the setting's advice arrived after it was asked for."""
    arrived = [fact.on for fact in facts if fact.kind == "advice_received" and fact["adviser"] == "adv_b_education"
               and fact.on >= asked]
    return min(arrived, default=None)
