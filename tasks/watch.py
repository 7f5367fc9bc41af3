"""A round of the watch: every case whose day has come, in batches, at a cost that follows what is due.

First the cases in which something is to be said or a period has ended; then the reminders, set by set. A case that
cannot be worked out holds up none of the others: the round goes on, and names it at the end.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col

from models.hand import Hand
from models.tables.cases import CaseFile, DutyRow
from models.tables.running import WatchRound
from tasks import bulk, orphans, reminders, rights
from tasks.database import reading, writing
from tasks.faults import FAULTS, words
from notifications.ladder import Policy
from tasks.calendars import Calendars
from tasks.outage import Outage
from tasks.policy import take_up
from tasks.policy_file import in_force
from tasks.recipients import Directory
from tasks.office import Office, Sent
from tasks.sending import send_waiting
from tasks.reminders import Ahead, Reminded
from tasks.visit import ENOUGH, say

CASES_AT_ONCE = 200
"""Cases visited in one transaction."""

REMINDED_AT_ONCE = 1000
"""Cases in which reminders are written in one transaction."""

LONG_ROUND = timedelta(hours=1)
DAY = timedelta(days=1)
CASE_FILE, DUTY = CaseFile.__table__, DutyRow.__table__


@dataclass
class Round:
    """What one round did, for the record and for people.

    `since` is the moment when the last complete round began. `reminders` counts letters, each to one recipient, and
    `late_reminders` those that the watch itself made late. `stuck` names the cases that are left for the next round,
    `faults` what was wrong with those that could not be worked out. `orphans` are the live plans that had no review ahead.
    """

    on: date
    missed_days: tuple[date, ...] = ()
    since: datetime | None = None
    cases: int = 0
    written: int = 0
    reminders: int = 0
    late_reminders: int = 0
    latest_by: int = 0
    late: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    orphans: dict[str, str] = field(default_factory=dict)
    sent: Sent = field(default_factory=Sent)

    def words(self) -> str:
        """The round in a line or two."""
        line = f"{self.cases} cases visited, {self.reminders} reminders, {self.written} other messages; {self.sent.words()}"
        if self.missed_days:
            first, last = self.missed_days[0], self.missed_days[-1]
            line += (f". The watch did not run {first.isoformat()}" + (f" to {last.isoformat()}" if last != first else "")
                     + f": {self.late_reminders} reminders went late because of it"
                     + (f", by up to {self.latest_by} days" if self.latest_by else ""))
        if self.orphans:
            line += f". Plans without a review ahead: {', '.join(f'{ref} ({what})' for ref, what in sorted(self.orphans.items()))}"
        if self.faults:
            line += f". Not worked out, and left for the next round: {', '.join(sorted(self.faults))}"
        return line

    def fails(self, ref: str, fault: Exception) -> None:
        """Note a case that could not be worked out."""
        self.faults[ref] = words(fault)
        if ref not in self.stuck:
            self.stuck.append(ref)


def missed_days(session: Session, today: date) -> tuple[date, ...]:
    """The days before today and since the last complete round on which the watch did not look."""
    return _missed(session, today)[0]


def _missed(session: Session, today: date) -> tuple[tuple[date, ...], datetime | None]:
    last = session.exec(sa.select(col(WatchRound.on), col(WatchRound.started_at)).where(
        col(WatchRound.ended_at).is_not(None), col(WatchRound.on) <= today).order_by(
            col(WatchRound.on).desc(), col(WatchRound.started_at).desc()).limit(1)).first()
    if last is None:
        return (), None
    on, began = last
    return tuple(on + DAY * n for n in range(1, (today - on).days)), began


def begin(engine: Engine, today: date, hand: Hand) -> tuple[int, Round]:
    """Leave the mark that a round has begun, and look for plans that nobody would review. Its number, and the round."""
    take_up(engine, hand)
    with writing(engine) as session:
        round = Round(today, *_missed(session, today))
        mark = WatchRound(on=today, started_at=hand.at, missed_days=len(round.missed_days), flow_run_id=hand.flow_run_id)
        session.add(mark)
        session.flush()
        number = mark.id
    for ref, fault in rights.pass_on(engine, today, hand).items():
        round.faults[ref] = fault
    round.orphans = orphans.tell(engine, today, hand)
    return number, round


def finish(engine: Engine, number: int, round: Round, ended_at: Any) -> None:
    """Leave the mark that the round is complete, with what it did."""
    with writing(engine) as session:
        mark = session.get_one(WatchRound, number)
        mark.ended_at, mark.cases, mark.reminders = ended_at, round.cases, round.reminders
        mark.late_reminders = round.late_reminders
        session.add(mark)


def is_under_way(engine: Engine, now: datetime) -> bool:
    """Whether a round has begun in the last hour and not ended. One that began earlier was killed, or sends to a slow server."""
    with reading(engine) as session:
        return session.exec(sa.select(col(WatchRound.id)).where(
            col(WatchRound.ended_at).is_(None), col(WatchRound.started_at) > now - LONG_ROUND).limit(1)).first() is not None


def due_counts(engine: Engine, today: date) -> tuple[int, int]:
    """How many cases wait for a visit, and how many duties for a reminder, on `today`."""
    with reading(engine) as session:
        duties = session.exec(sa.select(sa.func.count()).select_from(DUTY).where(DUTY.c.next_rung_on <= today))
        return len(_refs_due(session, today)), duties.scalar_one()


def visit_cases(engine: Engine, today: date, hand: Hand, round: Round,
                progress: Callable[[int], None] = lambda done: None) -> set[str]:
    """Write down what is to be said in every case whose day has come. The references of those cases.

    A case that cannot be worked out is noted in the round and left.
    """
    with reading(engine) as session:
        refs = [ref for ref in _refs_due(session, today) if ref not in round.faults]
    for batch in _batches(refs, CASES_AT_ONCE):
        try:
            written = say(engine, batch, today, hand)
        except FAULTS:
            written = [key for ref in batch for key in _say_in_one(engine, ref, today, hand, round)]
        round.written += len(written)
        progress(len(batch))
    return set(refs) - round.faults.keys()


def _refs_due(session: Session, today: date) -> list[str]:
    """The cases in which something other than a reminder is due, the longest waiting first."""
    day = today.isoformat()                           # the next visit is never later than the next event, and has the index
    return [ref for ref, in bulk.select(session, CASE_FILE, ("ref",), ("next_visit_on", "<=", day),
                                        ("next_event_on", "<=", day), order=("next_event_on", "ref"))]


def _say_in_one(engine: Engine, ref: str, today: date, hand: Hand, round: Round) -> list[str]:
    try:
        return say(engine, [ref], today, hand)
    except FAULTS as fault:
        round.fails(ref, fault)
        return []


def remind(engine: Engine, today: date, hand: Hand, round: Round, progress: Callable[[int], None] = lambda done: None,
           policy: Policy | None = None) -> None:
    """Write the reminder of every duty whose next rung has come: one for each recipient, each rung once. By the policy in force,
    or another one; a rung on a day on which its recipient is closed has come on the last open day before.

    Of several rungs that have come since the last round only the latest is written; it names those that it stands for.
    Reminders go in a case that cannot be worked out, too: somebody owes something in it all the same.
    """
    outage, calendars = Outage(round.missed_days, round.since), Calendars(policy or in_force(), Directory(today))
    with reading(engine) as session:
        refs = reminders.due(session, Ahead(session, calendars, today))
    for batch in _batches(refs, REMINDED_AT_ONCE):
        try:
            with writing(engine) as session:
                done = reminders.write(session, batch, hand, outage, Ahead(session, calendars, today))
        except FAULTS:
            done = Reminded(whole=batch)
        _count(round, done)
        progress(done.duties)
        for ref in done.whole:
            one = _remind_in_one(engine, ref, hand, outage, calendars, round)
            _count(round, one)
            progress(one.duties)


def _remind_in_one(engine: Engine, ref: str, hand: Hand, outage: Outage, calendars: Calendars, round: Round) -> Reminded:
    try:
        with writing(engine) as session:
            return reminders.write_whole(session, ref, hand, outage, Ahead(session, calendars, round.on))
    except FAULTS as fault:
        round.fails(ref, fault)
    try:
        with writing(engine) as session:
            return reminders.write(session, [ref], hand, outage, Ahead(session, calendars, round.on), even_so=True)
    except FAULTS as fault:
        round.fails(ref, fault)
        return Reminded()


def _count(round: Round, done: Reminded) -> None:
    """Add to the round what a transaction has kept."""
    round.reminders += done.letters
    round.late_reminders += done.late_letters
    round.latest_by = max(round.latest_by, done.latest_by)
    round.late += done.late


def _batches(refs: Sequence[str], most: int) -> Iterator[list[str]]:
    for start in range(0, len(refs), most):
        yield list(refs[start:start + most])


def watch(engine: Engine, office: Office, today: date, hand: Hand, clock: Callable[[], Any],
          progress: Callable[[str, int], None] = lambda what, done: None) -> Round:
    """One whole round without Prefect: visit, send, remind, send, until nothing more is due today.

    `clock` tells the moment at which the round ends. A case that never comes to rest is named in `Round.stuck`.
    """
    number, round = begin(engine, today, hand)
    visited: set[str] = set()
    for _ in range(ENOUGH):
        now = visit_cases(engine, today, hand, round, lambda n: progress("cases", n))
        visited |= now
        remind(engine, today, hand, round, lambda n: progress("reminders", n), office.policy)
        sent = send_waiting(engine, office, hand, today, progress=lambda n: progress("messages", n), clock=clock)
        round.sent.add(sent)
        if not now and not sent.refs:
            break
    else:
        round.stuck += sorted(now)
    round.cases = len(visited)
    finish(engine, number, round, clock())
    return round
