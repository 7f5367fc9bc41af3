"""What channels tell of messages that they took, written down: that one arrived, was opened, or came back.

A message that came back takes back what its sending had proved, goes on to another contact of the same recipient where there
is one, and is put before the case's owner: all of it in one transaction, and the visit that follows says it the same day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col

from models.agencies.reach import NotReached
from models.case import Case
from models.delivery import OUTCOMES, undone_by
from models.hand import Hand
from models.law.record import Fact
from models.tables.cases import MessageRow
from notifications.channels import Channels
from notifications.what_follows import still_wanted
from tasks.case_file import BadFact, CannotBear, Files, NewFact, take
from tasks.database import reading, writing
from tasks.faults import FAULTS, words
from tasks.outbox import MESSAGE, write_again
from tasks.recipients import Directory, destinations, untried

CAME_BACK = "The message came back: it never reached its recipient."
AGAIN_TO_THE_SAME = 1
"""How often a message goes once more to an address from which it came back for a reason that may have passed."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a channel tells of one letter: under which key, and `delivered`, `opened` or `bounced`.

    `why` is a code and `final` whether that address will never take it, both of what bounced.
    """

    key: str
    outcome: str
    why: str | None = None
    final: bool = True


@dataclass
class Noted:
    """What was written down: how many messages arrived, were opened, came back; which go on to another contact.

    `refs` are the cases in which something is to be said now. `problems` say in words what a person must see to.
    """

    delivered: int = 0
    opened: int = 0
    bounced: int = 0
    sent_on: list[str] = field(default_factory=list)
    refs: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def add(self, more: "Noted") -> None:
        """Add what was noted elsewhere."""
        self.delivered += more.delivered
        self.opened += more.opened
        self.bounced += more.bounced
        self.sent_on += more.sent_on
        self.refs |= more.refs
        self.problems += more.problems

    def words(self) -> str:
        """One line for people."""
        return (f"{self.delivered} delivered, {self.opened} opened, {self.bounced} came back"
                + (f" ({len(self.sent_on)} of them go to another contact)" if self.sent_on else ""))


def note(engine: Engine, channels: Channels, told: Iterable[Told], hand: Hand, today: date) -> Noted:
    """Write down what channels tell, each message in its own transaction. Told again, it changes nothing.

    A key may be that of a digest: then it is told of each message that went in it. One that we never sent is left alone.
    A case that cannot be worked out holds up none of the others.
    """
    noted = Noted()
    directory = Directory(today)
    for one in told:
        for key, ref in _messages(engine, one):
            try:
                with writing(engine) as session:
                    noted.add(_note(session, channels, directory, key, ref, one, hand, today))
            except FAULTS as fault:
                noted.problems.append(f"{ref} cannot be worked out, so that {key} was {one.outcome} is not on record:"
                                      f" {words(fault)}")
    return noted


def _messages(engine: Engine, one: Told) -> Sequence[tuple[str, str]]:
    """The messages that a channel tells something new about, (key, case)."""
    asked = (sa.select(col(MessageRow.key), col(MessageRow.case_ref))
             .where(sa.or_(col(MessageRow.key) == one.key, col(MessageRow.digest) == one.key), col(MessageRow.status) == "sent",
                    _is_news(one.outcome)).order_by(col(MessageRow.key)))
    with reading(engine) as session:
        return [(key, ref) for key, ref in session.exec(asked).all()]


def _is_news(outcome: str) -> sa.ColumnElement[bool]:
    before = OUTCOMES[:OUTCOMES.index(outcome)]
    return sa.or_(MESSAGE.c.outcome.is_(None), MESSAGE.c.outcome.in_(before))


def _note(session: Session, channels: Channels, directory: Directory, key: str, ref: str, one: Told, hand: Hand, today: date
          ) -> Noted:
    noted = Noted()
    files = take(session, [ref], today)
    row = session.exec(sa.select(MESSAGE.c.channel, MESSAGE.c.status).where(
        MESSAGE.c.key == key, MESSAGE.c.status == "sent", _is_news(one.outcome)).with_for_update()).first()
    if row is None:
        return noted                                      # somebody else was told the same, and was quicker
    data = {"channel": row.channel} | ({"why": one.why or "unknown", "final": one.final} if one.outcome == "bounced" else {})
    if one.outcome != "bounced":
        files.add(ref, NewFact(f"message_{one.outcome}", today, data, key), hand)
    else:
        _take_back(files, ref, key, data, hand, today, noted)
        sent_on = _sent_on(session, channels, directory, files.case(ref), key, one.final, today)
        if sent_on is not None:
            noted.sent_on.append(write_again(session, files, ref, sent_on, hand, today))
        noted.refs.add(ref)
    files.write()
    session.exec(sa.update(MESSAGE).where(MESSAGE.c.key == key).values(outcome=one.outcome, outcome_at=hand.at))
    setattr(noted, one.outcome, 1)
    return noted


def _take_back(files: Files, ref: str, key: str, data: dict[str, object], hand: Hand, today: date, noted: Noted) -> None:
    """Record that a message came back, and that what its sending proved does not stand."""
    undone = undone_by(files.case(ref), key)
    files.add(ref, NewFact("message_bounced", today, data, key), hand)
    for fact in undone:
        try:
            files.add(ref, NewFact("fact_corrected", today, {
                "replaces": fact.number, "withdrawn": True, "because": CAME_BACK}, f"{key}/came-back/{fact.number}"), hand)
        except (BadFact, CannotBear) as error:
            noted.problems.append(f"{key} came back, and {fact} still stands: {error}")


def _sent_on(session: Session, channels: Channels, directory: Directory, case: Case, key: str, final: bool, today: date
             ) -> Fact | None:
    """The message as it is to go once more, to whoever else may have it; None if there is nobody, or it is wanted no longer."""
    queued = case.last("message_queued", key=key)
    if queued is None or case.tries(key)[-1] is not queued or not still_wanted(case, queued):
        return None
    found = destinations(session, directory, channels, case, queued, today)
    if isinstance(found, NotReached):
        return None                                       # the owner hears of the bounce, and mends it
    tries = [fact["key"] for fact in case.tries(key)]
    used = {fact["contact"] for fact in case.all("message_sent") if fact["key"] in tries}
    others = [way for way in untried(case, key, found) if way.contact not in used]
    again = not final and sum(fact["key"] in tries for fact in case.all("message_bounced")) <= AGAIN_TO_THE_SAME
    return queued if others or again else None
