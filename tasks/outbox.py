"""The outbox: messages that are meant, written down in the transaction of the fact that records it, each under one key.

`sending` sends them and writes down what became of them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col

from models.hand import Hand
from models.law.record import Fact
from models.message_key import NO_LONGER_WANTED, first_key
from models.tables.cases import MessageRow
from models.trail import moment
from notifications.ladder import REMINDERS
from notifications.say import FAMILY
from notifications.what_follows import Say, still_wanted
from tasks import bulk
from tasks.case_file import Files, NewFact, take
from tasks.database import reading

MESSAGE = MessageRow.__table__
COLUMNS = ("key", "case_ref", "message", "to_role", "to_agency", "data", "fact_number", "queued_at", "status", "attempts")


class NotToBeSent(ValueError):
    """There is nothing that could be sent again; the message says why."""


class Waiting(NamedTuple):
    """A message that waits to be sent."""

    key: str
    ref: str


def queue(session: Session, files: Files, ref: str, says: Iterable[Say], hand: Hand, today: date) -> list[str]:
    """Write these messages to the outbox, each with its fact, in the transaction of `session`. Their keys.

    A message that is on record already is left alone, unless it was dropped and is called for again. The facts are added
    to `files`; the caller writes those, once for all the cases that it holds.
    """
    case, rows = files.case(ref), []
    for say in says:
        told = say.as_fact(ref)
        key = told.pop("key")
        if key not in case.queued:
            rows.append(_write_down(files, ref, case.next_key(key), told, hand, today))
    bulk.insert(session, MESSAGE, COLUMNS, rows)
    return [row[0] for row in rows]


def _write_down(files: Files, ref: str, key: str, told: Mapping[str, Any], hand: Hand, today: date) -> tuple[Any, ...]:
    """Add the fact that a message was written to the outbox. The message's row."""
    number, _ = files.add(ref, NewFact("message_queued", today, told, key), hand)
    return key, ref, told["message"], told["recipient"], told.get("agency"), "{}", number, moment(hand.at), "queued", 0


def write_again(session: Session, files: Files, ref: str, tried: Fact, hand: Hand, today: date) -> str:
    """Write a message to the outbox once more, under a key of its own. The new key. The caller writes `files`."""
    told = {name: value for name, value in tried.data.items() if name != "key"}
    row = _write_down(files, ref, files.case(ref).next_key(tried["key"]), told, hand, today)
    bulk.insert(session, MESSAGE, COLUMNS, [row])
    return str(row[0])


def send_again(session: Session, ref: str, hand: Hand, today: date, key: str | None = None) -> list[str]:
    """Write the messages of a case that failed for good, or came back, to the outbox once more, each under a key of its own.
    The new keys.

    With `key`, that message alone. The others are left alone that got through since, wait for another try, or are no longer
    called for. Raises NotToBeSent where nothing is left to be sent again, NoSuchCase.
    """
    files = take(session, [ref], today)
    case = files.case(ref)
    keys: list[str] = []
    gone = case.gone
    failed = {fact["key"] for fact in case.all("message_failed", final=True) if fact["why"] != NO_LONGER_WANTED}
    failed |= {fact["key"] for fact in case.all("message_bounced")}
    if key is not None and not case.tries(key):
        raise NotToBeSent(f"{ref}: there is no message {key}. `ehc case {ref}` lists them.")
    first = dict.fromkeys(first_key(fact["key"]) for fact in case.all("message_queued"))
    unwanted = False
    for one in first if key is None else [first_key(key)]:
        tries = case.tries(one)
        if tries[-1]["key"] not in failed or any(fact["key"] in gone for fact in tries):
            continue
        if not still_wanted(case, tries[-1]):
            unwanted = True
            continue
        keys.append(write_again(session, files, ref, tries[-1], hand, today))
    if not keys:
        raise NotToBeSent(f"{ref}: nothing is to be sent again: " + (
            "what failed is no longer called for, as the case stands now." if unwanted else
            f"no message failed for good or came back{'' if key is None else ' under this key'}, or it got through since."))
    files.write()
    return keys


def take_up(session: Session, keys: Iterable[str], now: datetime, until: datetime) -> dict[str, int]:
    """Take messages up to send them, so that no other sender does before `until`. Of those that could be, how often each was taken
    up, this time counted."""
    keys = list(keys)
    session.exec(sa.select(MESSAGE.c.key).where(MESSAGE.c.key.in_(keys)).order_by(MESSAGE.c.key).with_for_update())
    taken = session.exec(sa.update(MESSAGE).where(
        MESSAGE.c.key.in_(keys), MESSAGE.c.status == "queued",
        sa.or_(MESSAGE.c.next_attempt_at.is_(None), MESSAGE.c.next_attempt_at <= now),
    ).values(attempts=MESSAGE.c.attempts + 1, next_attempt_at=until).returning(MESSAGE.c.key, MESSAGE.c.attempts))
    return dict(taken.all())


def leave(session: Session, keys: Iterable[str], until: datetime, **columns: Any) -> None:
    """Leave messages that wait until another moment; `columns` of their rows are written as well."""
    session.exec(sa.update(MESSAGE).where(MESSAGE.c.key.in_(list(keys)), MESSAGE.c.status == "queued").values(
        next_attempt_at=until, **columns))


def waiting(engine: Engine, now: datetime, refs: Iterable[str] | None = None, limit: int | None = None,
            reminders: bool | None = None) -> list[Waiting]:
    """The messages that wait to be sent at `now`, oldest first; of some cases, or of all. `reminders`: only those that go
    together with others (True), or only the others (False)."""
    together = sa.and_(col(MessageRow.message).in_(REMINDERS), col(MessageRow.to_role) != FAMILY)
    asked = (sa.select(col(MessageRow.key), col(MessageRow.case_ref))
             .where(col(MessageRow.status) == "queued")
             .where(sa.or_(col(MessageRow.next_attempt_at).is_(None), col(MessageRow.next_attempt_at) <= now))
             .order_by(col(MessageRow.queued_at), col(MessageRow.key)).limit(limit))
    if refs is not None:
        asked = asked.where(col(MessageRow.case_ref).in_(list(refs)))
    if reminders is not None:
        asked = asked.where(together if reminders else sa.not_(together))
    with reading(engine) as session:
        return [Waiting(key, ref) for key, ref in session.exec(asked).all()]
