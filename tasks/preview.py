"""What would be sent, shown before anything is: the real work, in a trial of which nothing is kept, through channels that send
nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from models.case import Case
from models.hand import Hand
from models.law.record import Fact
from models.tables import MessageRow
from notifications.fill import fill
from notifications.letter import Council, Letter, write
from notifications.say import Say
from notifications.showing import Shown, ShowingChannels
from notifications.what_follows import what_follows
from tasks.case_file import as_it_stands, read, texts
from tasks.database import reading, trial, writing
from tasks.links import Links, links_of
from tasks.sending import Office
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
    office, channels = showing_office(settings)
    with trial(engine) as connection:
        with writing(connection) as session:
            ref = first(session)
        done = visit(connection, office, ref, today, hand)
        later = [say for say in what_follows(done.case) if say.from_day > today]
    return Preview(channels.shown, done.sent.problems, later)


def preview_case(engine: Engine, settings: Settings, ref: str, today: date, hand: Hand) -> Preview:
    """Every message that a visit to the case would send today. Raises NoSuchCase."""
    def nothing(session: Session) -> str:
        read(session, ref)
        return ref

    return preview_of(engine, settings, today, hand, nothing)


def preview_watch(engine: Engine, settings: Settings, today: date, hand: Hand, clock: Callable[[], datetime]
                  ) -> tuple[Preview, Round]:
    """Every message that a round of the watch would send today, and the round as it would be reported."""
    office, channels = showing_office(settings)
    with trial(engine) as connection:
        round = watch(connection, office, today, hand, clock)
    return Preview(channels.shown, round.sent.problems), round


# --- what was sent ---------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Kept:
    """One message of a case: its row, the fact of its sending if it went, and the letter as it is written from the record.

    `letter` is None for a message that went together with others. `is_as_sent` tells whether it is, to the letter, what was
    sent; None if it has not been sent.
    """

    row: MessageRow
    sent: Fact | None
    letter: Letter | None
    is_as_sent: bool | None


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
    if sent["digest"]:
        return Kept(row, sent, None, None)
    known = [fact for fact in facts if fact.number < sent.number]
    letter = _letter(as_it_stands(ref, known, sent.on), queued, sent.on, council, written, links)
    return Kept(row, sent, letter, letter.sha256 == sent["sha256"])


def _letter(case: Case, queued: Fact, day: date, council: Council, written: dict[str, str], links: Links | None) -> Letter:
    answer_url = links.url_in(case, queued, day) if links is not None else None
    return write(queued["message"], fill(case, queued, day, written) | {"answer_url": answer_url}, council)
