"""The link in a request: which request it answers, what can be answered through it, and the facts that each answer becomes.

A link is for one agency and one request. It is known by the number of the fact with which the request was written to the
outbox, and by its turn: how often the link of that request had been revoked when it was made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from models.case import Case
from models.law.advisers import body_asked
from models.law.asked import ANOTHER_TEAM
from models.law.dates import long
from models.law.record import Fact
from models.plan_bearing import Told

FAMILY = "family"
STAFF = "council."
LEAD = ".lead"
LONGEST_TEXT = 20_000
A_YEAR = timedelta(days=366)


class State(StrEnum):
    """How a link stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REPLACED = "replaced"
    REVOKED = "revoked"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that a link can record: the request that it answers, the fact that it becomes, and whether it is the last."""

    name: str
    message: str
    fact: str
    is_final: bool


ANSWERS: Mapping[str, Answer] = MappingProxyType({answer.name: answer for answer in (
    Answer("acknowledge", "advice_request", "advice_acknowledged", False),
    Answer("advice", "advice_request", "advice_received", True),
    Answer("decline", "advice_request", "advice_declined", True),
    Answer("not-known", "advice_request", "advice_not_known", True),
    Answer("pass-on", "advice_request", "advice_passed_on", False),
    Answer("reply", "setting_consultation", "setting_answered", True),
)})
"""Every answer by the name that it has in an address."""

ASKING = ("advice_request", "setting_consultation")
"""The messages that ask an agency for something."""

ADVICE_DUTIES = ("coop_respond_advice", "advice_six_weeks_others")

GROUNDS: Mapping[str, str] = MappingProxyType({
    "incompatible": "To comply would be incompatible with our duties (section 31(2)(a)).",
    "adverse": "To comply would otherwise have an adverse effect on the exercise of our functions (section 31(2)(b)).",
    "other": "We decline for another reason.",
})
"""Why a body may decline. Within s.31(1) only the first two; whoever is not has no duty to answer and needs neither."""


class NotAnswered(ValueError):
    """An answer that cannot be recorded as it was given: by field, what is wrong and what to do."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Request:
    """One request to one agency, as its link shows it: never who the child or young person is.

    `number` is that of the fact with which it was written to the outbox, `turn` how often its link has been revoked.
    `agency` is the agency or setting asked, where that is known. `body` is s31 or other.
    """

    case: str
    number: int
    message: str
    role: str
    adviser: str | None
    agency: str | None
    body: str
    turn: int
    sent_on: date | None
    due_on: date | None

    @property
    def by(self) -> str:
        """In whose name an answer through the link is recorded."""
        return self.agency or self.role

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What can be answered."""
        return tuple(answer for answer in ANSWERS.values() if answer.message == self.message)

    def about(self, fact: Fact) -> bool:
        """Whether an answer that is on record answers this request."""
        if self.message == "setting_consultation":
            return fact["setting"] == self.agency
        return fact["adviser"] == self.adviser and (self.agency is None or fact["agency"] in (None, self.agency))


# --- which requests there are --------------------------------------------------------------------------------------

def requests_of(case: Case) -> list[Request]:
    """Every request to an agency that was written in the case, in the order of their numbers."""
    asked = [fact for fact in case.all("message_queued") if fact["message"] in ASKING and fact["recipient"] != FAMILY]
    return [_request(case, fact) for fact in sorted(asked, key=lambda fact: fact.number)]


def request_behind(case: Case, queued: Fact) -> Request | None:
    """The request whose link belongs into this message: the message itself, or the request of which it reminds the one asked.

    None for what goes to the family, the council's own people or the lead of a service, and for whatever asks for nothing.
    """
    to = queued["recipient"]
    if to == FAMILY or to.startswith(STAFF) or to.endswith(LEAD):
        return None
    if queued["message"] in ASKING:
        return _request(case, queued)
    if queued["rung"] is None:
        return None
    meant = [one for one in requests_of(case) if one.role == to and stands(case, one)[0] is State.OPEN and (
        one.adviser == queued["adviser"] if queued["adviser"] else one.agency is not None and one.agency == queued["setting"])
        and (queued["agency"] is None or one.agency in (None, queued["agency"]))]
    return meant[-1] if len({one.agency for one in meant}) == 1 else None


def _request(case: Case, queued: Fact) -> Request:
    sent = case.last("message_sent", key=queued["key"])
    adviser, agency = queued["adviser"], queued["setting"] or queued["agency"] or (sent["agency"] if sent else None)
    asked = [fact for fact in case.all("advice_requested", adviser=adviser)
             if fact.number > queued.number and agency in (None, fact["agency"])] if adviser else []
    body = body_asked(asked[-1] if asked else Fact(case.ref, 0, "advice_requested", case.on, {"adviser": adviser}))
    owed = [one for one in case.duties if one.due_on is not None and (
        one.duty.id in ADVICE_DUTIES and one.adviser == adviser and one.party in (None, agency) if adviser
        else one.duty.id == "setting_consult_response" and one.party == agency)]
    return Request(case.ref, queued.number, queued["message"], queued["recipient"], adviser, agency, body,
                   len(case.all("answer_link_revoked", link=str(queued.number))), sent.on if sent else None,
                   owed[-1].due_on if owed else None)


# --- how a link stands ---------------------------------------------------------------------------------------------

def stands(case: Case, request: Request, turn: int | None = None) -> tuple[State, Sequence[Fact]]:
    """How the link of a request stands, and what has been answered to it so far, in the order of recording.

    `turn` is that of the link; left out, its latest.
    """
    said = answered(case, request)
    if turn is not None and turn != request.turn:
        return State.REVOKED, ()
    if any(_replaces(later, request) for later in requests_of(case)):
        return State.REPLACED, said
    if any(fact.kind in _FINAL for fact in said):
        return State.ANSWERED, said
    over = any(plan.number > request.number for plan in case.all("final_plan_sent"))
    return (State.ENDED if case.stage.is_terminal or over else State.OPEN), said


def _replaces(later: Request, request: Request) -> bool:
    """Whether the same was asked of the same agency anew, and has gone."""
    return (later.number > request.number and later.sent_on is not None
            and (later.message, later.role, later.adviser) == (request.message, request.role, request.adviser)
            and (None in (later.agency, request.agency) or later.agency == request.agency))


_FINAL = (*(answer.fact for answer in ANSWERS.values() if answer.is_final), "existing_advice_sufficed")


def answered(case: Case, request: Request) -> list[Fact]:
    """What has been answered to a request, whoever recorded it; without what was found to be incomplete since."""
    kinds = {answer.fact for answer in request.answers}
    if request.adviser:
        kinds.add("existing_advice_sufficed")
    again = max((fact.number for fact in case.all("advice_found_incomplete") if request.about(fact)), default=0)
    return sorted((fact for fact in case.all(*sorted(kinds)) if fact.number > max(request.number, again)
                   and request.about(fact)), key=lambda fact: fact.number)


# --- what an answer becomes ----------------------------------------------------------------------------------------

def facts_of(case: Case, request: Request, answer: Answer, given: Mapping[str, str | None], today: date) -> list[Told]:
    """The facts that an answer becomes: how each agency's words are read, as `ehc record` would record them.

    `given` holds what was typed, by field. Raises NotAnswered, which says of each field what is wrong.
    """
    if answer.message != request.message:
        raise NotAnswered({"answer": "This cannot be answered to this request."})
    read = {name: (given.get(name) or "").strip() for name in _READ[answer.name]}
    problems = {name: f"Write at most {LONGEST_TEXT:,} characters, or send a document."
                for name in ("reasons", "because", "note") if len(read.get(name, "")) > LONGEST_TEXT}
    told: dict[str, Any] = {"how": "link"}
    told |= {"setting": request.agency} if request.message == "setting_consultation" else {
        "adviser": request.adviser, "agency": request.agency}
    if answer.fact in ("advice_received", "advice_declined"):
        told["body"] = request.body
    more, also, wrong = _BY_NAME[answer.name](case, request, read, today)
    if problems := wrong | problems:
        raise NotAnswered(problems)
    told = {name: value for name, value in (told | more).items() if value}
    return [*also, (answer.fact, today, told)]


_Read = tuple[dict[str, Any], list[Told], dict[str, str]]


def _acknowledge(case: Case, request: Request, read: Mapping[str, str], today: date) -> _Read:
    problems: dict[str, str] = {}
    received = _day("received_on", read["received_on"], problems) or today
    expected = _day("expected_on", read["expected_on"], problems)
    if received > today:
        problems["received_on"] = f"{long(received)} has not come yet. Say on which day the request reached you."
    elif request.sent_on and received < request.sent_on:
        problems["received_on"] = f"The request was sent on {long(request.sent_on)}. Say a day from then on."
    if expected and expected < today:
        problems["expected_on"] = f"{long(expected)} is over. Say by which day you expect to answer, or leave it blank."
    elif expected and expected > today + A_YEAR:
        problems["expected_on"] = f"{long(expected)} is more than a year away. Check the year, or leave it blank."
    more = {"received_on": received.isoformat(), "expected_on": expected.isoformat() if expected else None}
    known = any(fact.number > request.number and request.about(fact) for fact in case.all("advice_delivered"))
    delivered = {"adviser": request.adviser, "agency": request.agency, "body": request.body, "how": "link"}
    also: list[Told] = [] if known or problems else [
        ("advice_delivered", received, {name: value for name, value in delivered.items() if value})]
    return more, also, problems


def _advice(_case: Case, _request: Request, read: Mapping[str, str], _today: date) -> _Read:
    if not read["sha256"] and not read["note"]:
        return {}, [], {"file": "Choose the document with your advice, or write your advice in the box."}
    return dict(read), [], {}


def _decline(_case: Case, request: Request, read: Mapping[str, str], _today: date) -> _Read:
    problems = {}
    allowed = [ground for ground in GROUNDS if request.body != "s31" or ground != "other"]
    if read["ground"] not in allowed:
        problems["ground"] = "Choose why you decline." if request.body != "s31" else (
            "Choose which of the two it is: the law allows no other (section 31(2)).")
    if not read["reasons"]:
        problems["reasons"] = "Write your reasons. A body that declines must give them in writing (section 31(3))." \
            if request.body == "s31" else "Write your reasons, so that we can find another way."
    return {"reasons": f"{GROUNDS.get(read['ground'], '')}\n\n{read['reasons']}"}, [], problems


def _not_known(_case: Case, _request: Request, read: Mapping[str, str], _today: date) -> _Read:
    return {"because": read["because"]}, [], {}


def _pass_on(_case: Case, _request: Request, read: Mapping[str, str], _today: date) -> _Read:
    problems = {} if read["because"] else {"because": "Write to which team or body you have passed the request."}
    return {"to": ANOTHER_TEAM, "because": read["because"]}, [], problems


def _reply(_case: Case, _request: Request, read: Mapping[str, str], _today: date) -> _Read:
    problems = {}
    if read["reply"] not in ("can_meet_needs", "cannot_meet_needs"):
        problems["reply"] = "Choose whether you can meet the needs."
    elif read["reply"] == "cannot_meet_needs" and not read["note"]:
        problems["note"] = "Write which of the reasons applies, and the facts that show it."
    return dict(read), [], problems


_BY_NAME = {"acknowledge": _acknowledge, "advice": _advice, "decline": _decline, "not-known": _not_known,
            "pass-on": _pass_on, "reply": _reply}
_READ = {"acknowledge": ("received_on", "expected_on"), "advice": ("sha256", "note"), "decline": ("ground", "reasons"),
         "not-known": ("because",), "pass-on": ("because",), "reply": ("reply", "note")}


def _day(name: str, text: str, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        problems[name] = "Write the day as year-month-day, such as 2026-03-02."
        return None
