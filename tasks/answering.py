"""What an agency answers through its link: recorded as `ehc record` would, with the document that comes with it, once."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy import Engine

from models.documents import NotTaken
from models.hand import Hand
from models.law.record import Fact
from models.links import ANSWERS, NotAnswered, Request, State, facts_of
from models.stages import Stage
from tasks.case_file import NewFact, NoSuchCase, as_it_stands, read, take
from tasks.database import reading, writing
from tasks.documents import Draft, Store
from tasks.links import NoLink, Ticket, request_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link shows: the request, how it stands, what has been answered so far; the stage, which says who visits next."""

    request: Request
    state: State
    said: Sequence[Fact]
    stage: Stage

    def holds(self, name: str, once: str) -> bool:
        """Whether the answer that was sent with this form is on record."""
        key = _key(self.request.case, self.request.number, name, once)
        return any(fact["key"] == key for fact in self.said)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with an answer, as its sender calls it."""

    file: BinaryIO
    name: str


def look(engine: Engine, ticket: Ticket, today: date) -> Asked:
    """What the link shows on that day. Changes nothing. Raises NoLink."""
    with reading(engine) as session:
        try:
            case = as_it_stands(ticket.ref, read(session, ticket.ref), today)
        except NoSuchCase:
            raise NoLink("unknown") from None
    return Asked(*request_of(case, ticket), case.stage)


def answer(engine: Engine, store: Store, ticket: Ticket, name: str, given: Mapping[str, str], upload: Upload | None,
           at: datetime, today: date, once: str) -> Asked:
    """Record an answer, and show how the request stands then. A request that has been answered for good is left as it is.

    `once` names the form that was sent: sent twice, it is recorded once. It is recorded by the agency, at the moment `at`.

    Raises NoLink, NotAnswered; and BadFact, CannotBear as `case_file.record` does.
    """
    asked = look(engine, ticket, today)
    if asked.state is State.ANSWERED:
        return asked
    ref, hand = ticket.ref, Hand(at, asked.request.by)
    with ExitStack() as stack:
        draft = _draft(stack, store, upload if name == "advice" else None)
        session = stack.enter_context(writing(engine))
        files = take(session, [ref], today)
        request, state, said = request_of(files.case(ref), ticket)
        if state is State.ANSWERED:                              # somebody else has answered meanwhile
            return Asked(request, state, said, files.case(ref).stage)
        told = dict(given) | {"sha256": draft.sha256 if draft else ""}
        for kind, on, data in facts_of(files.case(ref), request, ANSWERS[name], told, today):
            files.add(ref, NewFact(kind, on, data, _key(ref, ticket.number, name, once)), hand)
        files.write()
        if draft is not None:
            store.keep(session, ref, draft, hand)
        return Asked(*request_of(files.case(ref), ticket), files.case(ref).stage)


def _key(ref: str, number: int, name: str, once: str) -> str:
    return f"{ref}/link/{number}/{name}/{once}"


def _draft(stack: ExitStack, store: Store, upload: Upload | None) -> Draft | None:
    """The document that came with an answer, checked; gone again at the end unless it is kept."""
    if upload is None:
        return None
    try:
        return stack.enter_context(store.draft(upload.file, upload.name))
    except NotTaken as no:
        raise NotAnswered({"file": str(no)}) from no
