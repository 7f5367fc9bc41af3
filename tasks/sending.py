"""Sending what waits in the outbox, and writing down what became of it.

Sending happens outside any transaction, one message and one recipient at a time; the outcome is a fact of the case. Killed
between sending and writing the outcome, a message may go a second time, once its lease is over: never is one lost. The
reminders of one day to one recipient go together, as one message.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import col

from models.agencies.reach import NotReached
from models.case import Case
from models.hand import Hand
from models.law.record import Fact, as_day
from models.message_key import NO_LONGER_WANTED
from models.tables.cases import CaseFile, MessageRow
from notifications import digest
from notifications.channels import NotSent, Outcome
from notifications.digest import Item
from notifications.fill import fill
from notifications.ladder import REMINDERS
from notifications.letter import Letter, WordingError, write
from notifications.what_follows import still_wanted
from tasks import bulk
from tasks.calendars import ENGLAND, Calendars
from tasks.case_file import BadFact, CannotBear, NewFact, as_it_stands, read, take, texts
from tasks.database import reading, writing
from tasks.faults import FAULTS, words
from tasks.office import Office, Sent
from tasks.outbox import MESSAGE, leave, take_up, waiting
from tasks.policy_file import in_force
from tasks.proving import proved
from tasks.recipients import Destination, Directory, destinations, gateway, untried

LEASE = timedelta(minutes=5)
"""How long one sender may hold a message before another takes it up."""

TRY_AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""The waits between attempts at what may pass; after the last the message has failed."""

ONCE_IT_IS_MENDED = timedelta(hours=1)
"""The wait where a person has to mend something first: a setting is blank, a wording wrong, an address not verified."""

NEXT_MORNING = time(7, tzinfo=UTC)
"""When on the day after a recipient may have the next reminders."""


def send_waiting(engine: Engine, office: Office, hand: Hand, today: date, refs: Iterable[str] | None = None,
                 progress: Callable[[int], None] = lambda done: None, clock: Callable[[], datetime] | None = None) -> Sent:
    """Send every message that waits: each by itself, and then the reminders, those to one recipient together.

    One that fails stops none of the others, nor does a case that cannot be worked out: its messages wait until it can.
    `clock` tells the moment at which each message is taken up, so that a lease taken late in a long round is not over
    when it begins; without it, the moment of `hand` stands for all.
    """
    sender = _Sender(engine, office, hand, today, clock)
    refs = None if refs is None else list(refs)
    tried: set[str] = set()
    while batch := [one for one in waiting(engine, hand.at, refs, limit=1000, reminders=False) if one.key not in tried]:
        for key, ref in batch:
            tried.add(key)
            sender.send(key, ref)
            progress(1)
    for key, ref in waiting(engine, hand.at, refs, reminders=True):
        sender.set_aside(key, ref)
        progress(1)
    sender.send_reminders()
    return sender.report


@dataclass
class _Ready:
    """A message that is wanted: what it says as its case stands, and the ways to its recipient that are left. Not the case:
    a round may set thousands aside. `attempts` counts how often it was taken up, this time too."""

    queued: Fact
    fields: dict[str, Any]
    ways: list[Destination]
    attempts: int
    number: int                                           # of the last fact by which it was wanted


@dataclass(frozen=True)
class _Done:
    """What became of one message: the facts that say so, and what else it proves as the case stands then."""

    ref: str
    key: str
    facts: Sequence[NewFact]
    proofs: Callable[[Case], list[NewFact]] = lambda case: []


class _Sender:
    """One round of sending."""

    def __init__(self, engine: Engine, office: Office, hand: Hand, today: date, clock: Callable[[], datetime] | None) -> None:
        self.engine, self.office, self.today, self._hand, self._clock = engine, office, today, hand, clock
        self.report = Sent()
        self._directory = Directory(today)
        self._calendars = Calendars(office.policy or in_force(), self._directory)
        self._aside: dict[str, list[tuple[Item, _Ready]]] = {}
        self._said_of_servers: set[str] = set()

    @property
    def hand(self) -> Hand:
        return self._hand if self._clock is None else replace(self._hand, at=self._clock())

    # --- one message -------------------------------------------------------------------------------------------------

    def send(self, key: str, ref: str) -> None:
        """Send one message by itself."""
        hand = self.hand
        try:
            if not self._lease([key], hand.at):
                return                                    # another sender has it, or it has gone
            ready = self._ready(key, ref, hand)
            if ready is not None:
                self._send(key, ref, ready, hand)
        except FAULTS as fault:
            self._put_off(key, hand.at + ONCE_IT_IS_MENDED, f"{ref} cannot be worked out: {words(fault)}")

    def _ready(self, key: str, ref: str, hand: Hand) -> _Ready | None:
        """The message as it may be sent; None if it may not, and then that is written down."""
        self.report.refs.add(ref)
        with reading(self.engine) as session:
            facts = read(session, ref)
            case = as_it_stands(ref, facts, self.today)
            queued = case.last("message_queued", key=key)
            attempts = session.get_one(MessageRow, key).attempts
            written = texts(session, ref)
            found = destinations(session, self._directory, self.office.channels, case, queued, self.today)
        if not still_wanted(case, queued):
            self._outcome([_Done(ref, key, [self._failed(key, NO_LONGER_WANTED, final=True)])], hand, "failed",
                          problem="no longer wanted")
            self.report.dropped += 1
            return None
        if isinstance(found, NotReached):
            self._hold(ref, key, hand, case, found)
            return None
        if self._is_held(key, queued, found[0], hand):
            return None
        ways = untried(case, key, found) or found[-1:]
        told = fill(case, queued, self.today, written)
        if self.office.links is not None:
            told["answer_url"] = self.office.links.url_in(case, queued, self.today)
        if queued["message"] == "advice_request" and ways[0].body:
            told["body"] = ways[0].body
        return _Ready(queued, told, ways, attempts, max(fact.number for fact in facts))

    def _is_held(self, key: str, queued: Fact, way: Destination, hand: Hand) -> bool:
        """Whether a reminder waits until its recipient works again; then it is put off until that moment. Nothing else waits for
        anybody's working hours: a notice or a request counts from its day."""
        if queued["rung"] is None or queued["due_on"] is None:
            return False
        until = self._calendars.not_before(way.role, way.entry, as_day(queued["due_on"]), self.today, hand.at)
        if until is None or until <= hand.at:
            return False
        self._put_off(key, until, None)
        self.report.later -= 1
        self.report.held += 1
        return True

    def _send(self, key: str, ref: str, ready: _Ready, hand: Hand) -> None:
        try:
            letter = write(ready.queued["message"], ready.fields, self.office.council)
        except WordingError as error:
            self._put_off(key, hand.at + ONCE_IT_IS_MENDED, str(error))
            return
        for place, way in enumerate(ready.ways):
            last = place + 1 == len(ready.ways)
            if place:
                hand = self._renewed([key])
            try:
                outcome = self._through(way, letter, key, ref, hand)
            except NotSent as error:
                if self._tried_in_vain(ref, key, hand, ready, way, error, last):
                    continue
            else:
                self._went([(key, ref, ready.queued)], hand, way, outcome, letter.wording)
            return

    def _through(self, way: Destination, letter: Letter, key: str, ref: str, hand: Hand) -> Outcome:
        return self.office.channels.send(way.role, way.agency, letter, key, ref, way.address, at=hand.at)

    def _tried_in_vain(self, ref: str, key: str, hand: Hand, ready: _Ready, way: Destination, error: NotSent, last: bool) -> bool:
        """Write down that a way did not take a message. Whether the next way is to be tried now."""
        if error.why == "not_tried":
            self._leave_untried(key, hand.at + TRY_AGAIN_AFTER[0], error)
            return False
        if error.retry and ready.attempts <= len(TRY_AGAIN_AFTER):
            self._put_off(key, hand.at + TRY_AGAIN_AFTER[ready.attempts - 1], str(error))
            return False
        self.report.problems.append(str(error))
        if last:
            self._outcome([_Done(ref, key, [self._failed(key, error.why, True, way)])], hand, "failed", problem=str(error)[:500])
            self.report.failed += 1
            return False
        self._note(ref, hand, self._failed(key, error.why, False, way))
        return True

    def _went(self, gone: Sequence[tuple[str, str, Fact]], hand: Hand, way: Destination, outcome: Outcome,
              wording: str | None, together: str | None = None) -> None:
        """Write down that messages went, each (key, case, as queued), and what that proves: of all that went in one letter at
        once."""
        agency = None if way.entry is None else way.agency
        done = []
        for key, ref, queued in gone:
            told = {"sha256": outcome.sha256, "channel": outcome.channel, "agency": agency, "contact": way.contact,
                    "gateway": gateway(queued), "wording": wording, "digest": together}

            def proofs(now: Case, queued: Fact = queued) -> list[NewFact]:
                return proved(now, queued, self.today, outcome.channel, outcome.sha256, agency, way.body)

            done.append(_Done(ref, key, [NewFact("message_sent", self.today, _said(told), key)], proofs))
        self.report.problems += self._outcome(
            done, hand, "sent", channel=outcome.channel, sha256=outcome.sha256, sent_to=way.who, contact=way.contact,
            digest=together)
        self.report.sent += len(gone)

    def _hold(self, ref: str, key: str, hand: Hand, case: Case, why: NotReached) -> None:
        """Keep back what may not go to anybody yet. The reason is on record once, and the owner is told of it."""
        if not case.has("message_failed", key=key, why=why.code, final=False):
            self._note(ref, hand, self._failed(key, why.code, final=False))
        self._put_off(key, hand.at + ONCE_IT_IS_MENDED, f"{ref}: {why}")

    # --- reminders, which go together --------------------------------------------------------------------------------

    def set_aside(self, key: str, ref: str) -> None:
        """Put a reminder to the others that go to the same recipient."""
        hand = self.hand
        try:
            ready = self._ready(key, ref, hand)
        except FAULTS as fault:
            self._put_off(key, hand.at + ONCE_IT_IS_MENDED, f"{ref} cannot be worked out: {words(fault)}")
            return
        if ready is not None:
            self._aside.setdefault(ready.ways[0].who, []).append((_item(key, ref, ready), ready))

    def send_reminders(self) -> None:
        """Send what was set aside: one letter a recipient and day. What is due today or tomorrow waits for no other day."""
        for who, aside in sorted(self._aside.items()):
            if self._had_some_today(who):
                urgent = [(item, ready) for item, ready in aside if item.is_urgent(self.today)]
                tomorrow = datetime.combine(self.today + timedelta(days=1), NEXT_MORNING)
                for item, _ in (one for one in aside if one not in urgent):
                    self._put_off(item.key, max(tomorrow, self.hand.at + LEASE), None)
                aside = urgent
            by_key = {item.key: ready for item, ready in aside}
            items = digest.in_order([item for item, _ in aside])
            for start in range(0, len(items), digest.LONGEST):
                self._send_together([(item, by_key[item.key]) for item in items[start:start + digest.LONGEST]])
        self._aside.clear()

    def _had_some_today(self, who: str) -> bool:
        begins = datetime.combine(self.today, time(), ENGLAND).astimezone(UTC)
        with reading(self.engine) as session:
            return session.exec(sa.select(col(MessageRow.key)).where(
                col(MessageRow.sent_to) == who, col(MessageRow.sent_at) >= begins,
                col(MessageRow.outcome).is_distinct_from("bounced"),
                col(MessageRow.message).in_(REMINDERS)).limit(1)).first() is not None

    def _send_together(self, aside: Sequence[tuple[Item, _Ready]]) -> None:
        hand = self.hand
        leased = self._lease([item.key for item, _ in aside], hand.at)
        aside = [(item, replace(ready, attempts=leased[item.key]))
                 for item, ready in self._as_they_are_now([one for one in aside if one[0].key in leased], hand)]
        if len(aside) < 2:
            for item, ready in aside:
                self._send(item.key, item.ref, ready, hand)
            return
        items = [item for item, _ in aside]
        try:
            letter = digest.together(items, aside[0][1].ways[0].role, self.office.council, self.today)
        except WordingError as error:
            for item in items:
                self._put_off(item.key, hand.at + ONCE_IT_IS_MENDED, str(error))
            return
        key = digest.key_of(items, self.today)
        ways = aside[0][1].ways
        for place, way in enumerate(ways):
            last = place + 1 == len(ways)
            if place:
                hand = self._renewed([item.key for item in items])
            try:
                outcome = self._through(way, letter, key, items[0].ref, hand)
            except NotSent as error:
                goes_on = [self._tried_in_vain(item.ref, item.key, hand, ready, way, error, last) for item, ready in aside]
                if all(goes_on):
                    continue
            else:
                self._went([(item.key, item.ref, ready.queued) for item, ready in aside], hand, way, outcome, letter.wording,
                           together=key)
                self.report.digests += 1
            return

    def _as_they_are_now(self, aside: Sequence[tuple[Item, _Ready]], hand: Hand) -> Iterator[tuple[Item, _Ready]]:
        """What was set aside, without what is wanted no longer: a case may have changed, or ended, while others were sent."""
        with reading(self.engine) as session:
            last = dict(bulk.select(session, CaseFile.__table__, ("ref", "last_number"),
                                    ("ref", "in", sorted({item.ref for item, _ in aside}))))
        for item, ready in aside:
            if last.get(item.ref) == ready.number:
                yield item, ready
                continue
            try:
                now = self._ready(item.key, item.ref, hand)
            except FAULTS as fault:
                self._put_off(item.key, hand.at + ONCE_IT_IS_MENDED, f"{item.ref} cannot be worked out: {words(fault)}")
                continue
            if now is not None and now.ways[0].who == ready.ways[0].who:
                yield _item(item.key, item.ref, now), now
            elif now is not None:
                self._put_off(item.key, hand.at + LEASE, None)           # it goes to somebody else by now, and with theirs

    # --- what is written down ----------------------------------------------------------------------------------------

    def _lease(self, keys: Sequence[str], now: datetime) -> dict[str, int]:
        with writing(self.engine) as session:
            return take_up(session, keys, now, now + LEASE)

    def _renewed(self, keys: Sequence[str]) -> Hand:
        """Hold messages for longer, before they are tried another way: each way may take its time to fail. The hand of now."""
        now = self.hand
        with writing(self.engine) as session:
            leave(session, keys, now.at + LEASE)
        return now

    def _put_off(self, key: str, until: datetime, problem: str | None) -> None:
        """Leave a message in the outbox until another moment; the row says why, if anything is the matter."""
        self._leave(key, until, problem)
        if problem:
            self.report.problems.append(problem)
        self.report.later += 1

    def _leave(self, key: str, until: datetime, problem: str | None, **columns: Any) -> None:
        with writing(self.engine) as session:
            leave(session, [key], until, problem=problem and problem[:500], **columns)

    def _leave_untried(self, key: str, until: datetime, error: NotSent) -> None:
        """Leave a message whose server is down: that is no try of it, and is said once for all of them."""
        self._leave(key, until, str(error), attempts=MESSAGE.c.attempts - 1)
        if error.message not in self._said_of_servers:
            self._said_of_servers.add(error.message)
            self.report.problems.append(str(error))
        self.report.later += 1

    def _failed(self, key: str, why: str, final: bool, way: Destination | None = None) -> NewFact:
        """That a message failed. Several ways may fail one after the other, so its key is no key of the fact's own."""
        return NewFact("message_failed", self.today, _said({
            "key": key, "why": why, "final": final, "contact": way.contact if way else None}))

    def _note(self, ref: str, hand: Hand, fact: NewFact) -> None:
        with writing(self.engine) as session:
            files = take(session, [ref], self.today)
            if not files.case(ref).has(fact.kind, **fact.data):         # killed after it, a sender comes this way again
                files.add(ref, fact, hand)
                files.write()

    def _outcome(self, done: Sequence[_Done], hand: Hand, status: str, **columns: Any) -> list[str]:
        """Write what became of messages: their facts, what their sending proves, and their rows, together.

        What it proves and the case cannot bear is left out, and said in the answer: the letter has gone, and going again
        would mend nothing. Where another sender has done so already, because this one outlived its lease, nothing is written.
        """
        told: list[str] = []
        with writing(self.engine) as session:
            files = take(session, {one.ref for one in done}, self.today)
            for one in done:
                if session.get_one(MessageRow, one.key).status != "queued":
                    continue
                for fact in one.facts:
                    files.add(one.ref, fact, hand)
                problems = []
                for fact in one.proofs(files.case(one.ref)):
                    try:
                        files.add(one.ref, fact, hand)
                    except (BadFact, CannotBear) as error:
                        problems.append(f"The letter {one.key} went, and {fact.kind} is not on record for it. {error}")
                if status == "sent":
                    columns |= {"sent_at": hand.at, "problem": " ".join(problems)[:500] or None}
                session.exec(sa.update(MESSAGE).where(MESSAGE.c.key == one.key).values(
                    status=status, next_attempt_at=None, **columns))
                told += problems
            files.write()
        return told


def _item(key: str, ref: str, ready: _Ready) -> Item:
    return Item(key, ref, ready.queued["message"], ready.fields["due_on"], ready.fields)


def _said(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
