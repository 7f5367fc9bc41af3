"""What would be sent, shown before anything is: the real work, in a trial of which nothing is kept, through channels that send
nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine
from sqlmodel import Session

from models.case import Case
from models.hand import Hand
from models.law.record import Fact
from models.tables.cases import MessageRow
from notifications.digest import Item
from notifications.digest import together as together_in
from notifications.fill import fill
from notifications.letter import Council, Letter, write
from notifications.say import Say
from notifications.showing import Shown, ShowingChannels
from notifications.what_follows import what_follows
from tasks import bulk
from tasks.case_file import as_it_stands, read, read_many, texts
from tasks.database import reading, trial, writing
from tasks.links import Links, links_of
from tasks.office import Office
from tasks.settings import Settings
from tasks.visit import visit
from tasks.watch import Round, watch


@dataclass(frozen=True)
class Preview:
    """What would be sent today, why anything would not go, and what time alone would bring later."""

    shown: Sequence[Shown]
    problems: Sequence[str]
    later: Sequence[Say] = ()


class NoSuchMessage(LookupError):
    """There is no message under this key; the text says how to find it."""


def showing_office(settings: Settings) -> tuple[Office, ShowingChannels]:
    """The office as the settings describe it, with channels that send nothing."""
    channels = ShowingChannels(settings.channels, settings.outbox_dir)
    return Office(channels, settings.council, links_of(settings)), channels


def preview_of(engine: Engine, settings: Settings, today: date, hand: Hand, first: Callable[[Session], str]) -> Preview:
    """Every message that would go today if `first` (which records something and answers with the case) were really done."""
    return preview_of_many(engine, settings, today, hand, lambda session: [first(session)])


def preview_of_many(engine: Engine, settings: Settings, today: date, hand: Hand, first: Callable[[Session], Sequence[str]]
                    ) -> Preview:
    """The same where `first` answers with several cases, each of which is visited."""
    office, channels = showing_office(settings)
    problems: list[str] = []
    later: list[Say] = []
    with trial(engine) as connection:
        with writing(connection) as session:
            refs = first(session)
        for ref in refs:
            done = visit(connection, office, ref, today, hand)
            problems += done.sent.problems
            later += [say for say in what_follows(done.case) if say.from_day > today]
        shown = _with_members(connection, channels.shown)
    return Preview(shown, problems, sorted(later, key=lambda say: say.from_day))


def preview_case(engine: Engine, settings: Settings, ref: str, today: date, hand: Hand) -> Preview:
    """Every message that a visit to the case would send today. Raises NoSuchCase."""
    def nothing(session: Session) -> str:
        read(session, ref)
        return ref

    return preview_of(engine, settings, today, hand, nothing)


def preview_watch(engine: Engine, settings: Settings, today: date, hand: Hand, clock: Callable[[], datetime], each: bool = False
                  ) -> tuple[Preview, Round]:
    """Every message that a round of the watch would send today, and the round as it would be reported. `each`: also every
    reminder of a digest as the letter that it would be by itself."""
    office, channels = showing_office(settings)
    with trial(engine) as connection:
        round = watch(connection, office, today, hand, clock)
        shown = _with_members(connection, channels.shown)
        if each:
            shown = [replace(one, alone=_alone(connection, one.stands_for, settings, today, office.links)) for one in shown]
    return Preview(shown, round.sent.problems), round


def _alone(connection: Connection, keys: Sequence[str], settings: Settings, today: date, links: Links | None) -> dict[str, Letter]:
    """Reminders that go together, each as the letter that it would be by itself."""
    with reading(connection) as session:
        rows = bulk.select(session, MessageRow.__table__, ("key", "case_ref"), ("key", "in", keys), order=("key",))
    found = {key: message_of(connection, ref, key, settings.council, today, links).alone for key, ref in rows}
    return {key: letter for key, letter in found.items() if letter is not None}


def _with_members(connection: Connection, shown: Sequence[Shown]) -> list[Shown]:
    """What was shown, each digest with the keys of the reminders that it stands for."""
    members: dict[str, list[str]] = {}
    with reading(connection) as session:
        for digest, key in bulk.select(session, MessageRow.__table__, ("digest", "key"),
                                       ("digest", "in", [one.key for one in shown]), order=("key",)):
            members.setdefault(digest, []).append(key)
    return [replace(one, stands_for=tuple(members.get(one.key, ()))) for one in shown]


# --- what was sent ---------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Kept:
    """One message of a case: its row, the fact of its sending if it went, and the letter as it is written from the record.

    For a message that went together with others, `letter` is the one in which they went, and `alone` what it would have been by
    itself. `is_as_sent` tells whether it is, to the letter, what was
    sent; None if it has not been sent.
    """

    row: MessageRow
    sent: Fact | None
    letter: Letter
    is_as_sent: bool | None
    alone: Letter | None = None


def message_of(engine: Engine, ref: str, key: str, council: Council, today: date, links: Links | None = None) -> Kept:
    """A message of a case, written anew from what was on record when it went; one that waits, as it would go today.

    Letters are not kept, only their hashes: the same record and the same wording give the same letter. `key` may leave out the
    reference of the case. Raises NoSuchCase, NoSuchMessage, WordingError.
    """
    whole = key if key.startswith(f"{ref}/") else f"{ref}/{key}"
    with reading(engine) as session:
        facts = read(session, ref)
        written = texts(session, ref)
        row = session.get(MessageRow, whole)
        if row is None or row.case_ref != ref:
            raise NoSuchMessage(f"{ref}: there is no message {whole}. `ehc message list {ref}` lists them.")
        session.expunge(row)
    sent = next((fact for fact in facts if fact.kind == "message_sent" and fact["key"] == whole), None)
    queued = next(fact for fact in facts if fact.kind == "message_queued" and fact["key"] == whole)
    if sent is None:
        return Kept(row, None, _letter(as_it_stands(ref, facts, today), queued, today, council, written, links), None)
    known = [fact for fact in facts if fact.number < sent.number]
    asked = next((fact for fact in facts if fact.kind == "advice_requested" and fact["key"] == whole and fact["body"]), None)
    letter = _letter(as_it_stands(ref, known, sent.on), queued, sent.on, council, written, links,
                     {"body": asked["body"]} if asked is not None else {})     # as the register had it on the day
    if sent["digest"]:
        together = _digest(engine, sent["digest"], row.to_role, sent.on, council, links)
        return Kept(row, sent, together, together.sha256 == sent["sha256"], letter)
    return Kept(row, sent, letter, letter.sha256 == sent["sha256"])


def _digest(engine: Engine, key: str, role: str, day: date, council: Council, links: Links | None) -> Letter:
    """The letter in which several reminders went, written anew from what was on record in each of their cases."""
    items = []
    with reading(engine) as session:
        rows = bulk.select(session, MessageRow.__table__, ("key", "case_ref"), ("digest", "=", key), order=("key",))
        records = read_many(session, sorted({ref for _, ref in rows}))
        for member, ref in rows:
            sent = next(fact for fact in records[ref] if fact.kind == "message_sent" and fact["key"] == member)
            queued = next(fact for fact in records[ref] if fact.kind == "message_queued" and fact["key"] == member)
            case = as_it_stands(ref, [fact for fact in records[ref] if fact.number < sent.number], day)
            fields = _fields(case, queued, day, texts(session, ref), links)
            items.append(Item(member, ref, queued["message"], fields["due_on"], fields))
    return together_in(items, role, council, day)


def _letter(case: Case, queued: Fact, day: date, council: Council, written: dict[str, str], links: Links | None,
            more: Mapping[str, Any] = MappingProxyType({})) -> Letter:
    return write(queued["message"], _fields(case, queued, day, written, links) | more, council)


def _fields(case: Case, queued: Fact, day: date, written: dict[str, str], links: Links | None) -> dict[str, Any]:
    return fill(case, queued, day, written) | {"answer_url": links.url_in(case, queued, day) if links is not None else None}
