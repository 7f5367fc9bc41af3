"""A visit to a case: read the record, write down what must be said next, send it, leave.

A visit may run twice, late, at once with another or be killed half-way: the next one finishes the work and repeats
nothing, for every message has one key and everything else is worked out from the facts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Engine

from models.case import Case
from models.hand import Hand
from notifications.say import Part, Say
from notifications.what_follows import calls_for, parts_of
from tasks.case_file import as_it_stands, read, take
from tasks.database import reading, writing
from tasks.outbox import queue
from tasks.office import Office, Sent
from tasks.sending import send_waiting

ENOUGH = 12
"""Rounds after which a case that still changes is left for the next visit: a fault in the rules, not in the case."""


@dataclass
class Visited:
    """What a visit did: the case as it left it, the keys of the messages that it wrote, and what sending did."""

    case: Case
    written: list[str] = field(default_factory=list)
    sent: Sent = field(default_factory=Sent)


def look(engine: Engine, ref: str, today: date) -> Case:
    """The case as it stands on `today`. Raises NoSuchCase."""
    with reading(engine) as session:
        return as_it_stands(ref, read(session, ref), today)


def due_now(case: Case, parts: Sequence[Part] | None = None) -> list[Say]:
    """What some parts of the process, or all that speak at the case's stage, have to say today and have not said."""
    allowed = parts_of(case)
    chosen = allowed if parts is None else [part for part in parts if part in allowed]
    return [say for say in calls_for(case, chosen) if say.from_day <= case.on]


def say(engine: Engine, refs: Iterable[str], today: date, hand: Hand, parts: Sequence[Part] | None = None) -> list[str]:
    """Write down, in one transaction, what is to be said today in these cases. The keys of what is new.

    Cases in which nothing is to be said are worked out anew all the same: periods end by themselves.
    """
    refs = list(refs)
    with writing(engine) as session:
        files = take(session, refs, today)
        written: list[str] = []
        for ref in refs:
            written += queue(session, files, ref, due_now(files.case(ref), parts), hand, today)
        files.write()
        return written


def visit(engine: Engine, office: Office, ref: str, today: date, hand: Hand) -> Visited:
    """Visit one case until nothing more is to be said today: stage after stage, as far as the record carries it."""
    done = Visited(look(engine, ref, today))
    for _ in range(ENOUGH):
        written = say(engine, [ref], today, hand)
        sent = send_waiting(engine, office, hand, today, [ref])
        done.written += written
        done.sent.add(sent)
        done.case = look(engine, ref, today)
        if not due_now(done.case):
            break
    return done
