"""A round of the watch: every case whose day has come, in batches, at a cost that follows what is due.

First the cases in which something is to be said or a period has ended; then the reminders, set by set and without
reading the cases: their next rung stands ready beside each duty.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col

from models.hand import Hand
from models.law.deadlines import TWO_OF_A_KIND
from models.tables import CaseFile, DutyRow, FactRow, MessageRow, WatchRound
from models.trail import Sealed, canonical, moment, seal
from notifications.ladder import message_for, next_rung, recipients
from tasks import bulk
from tasks.database import reading, writing
from tasks.outbox import COLUMNS as MESSAGE_COLUMNS
from tasks.outbox import Office, Sent, send_waiting
from tasks.visit import ENOUGH, say

CASES_AT_ONCE = 200
"""Cases visited in one transaction."""

REMINDERS_AT_ONCE = 5000
"""Duties reminded of in one transaction."""

DAY = timedelta(days=1)
CASE_FILE, DUTY, FACT, MESSAGE = CaseFile.__table__, DutyRow.__table__, FactRow.__table__, MessageRow.__table__


@dataclass
class Round:
    """What one round did, for the record and for people."""

    on: date
    missed_days: tuple[date, ...] = ()
    cases: int = 0
    written: int = 0
    reminders: int = 0
    late_reminders: int = 0
    latest_by: int = 0
    late: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    sent: Sent = field(default_factory=Sent)

    def words(self) -> str:
        """The round in one line."""
        line = f"{self.cases} cases visited, {self.reminders} reminders, {self.written} other messages; {self.sent.words()}"
        if self.missed_days:
            first, last = self.missed_days[0], self.missed_days[-1]
            line += (f". The watch did not run {first.isoformat()}" + (f" to {last.isoformat()}" if last != first else "")
                     + f": {self.late_reminders} reminders went late because of it"
                     + (f", by up to {self.latest_by} days" if self.latest_by else ""))
        return line


def missed_days(session: Session, today: date) -> tuple[date, ...]:
    """The days since the last complete round on which the watch did not look."""
    last = session.exec(sa.select(sa.func.max(col(WatchRound.on))).where(
        col(WatchRound.ended_at).is_not(None), col(WatchRound.on) < today)).scalar()
    return () if last is None else tuple(last + DAY * n for n in range(1, (today - last).days))


def begin(engine: Engine, today: date, hand: Hand) -> tuple[int, Round]:
    """Leave the mark that a round has begun. Its number, and the round."""
    with writing(engine) as session:
        round = Round(today, missed_days(session, today))
        mark = WatchRound(on=today, started_at=hand.at, missed_days=len(round.missed_days), flow_run_id=hand.flow_run_id)
        session.add(mark)
        session.flush()
        return mark.id, round


def finish(engine: Engine, number: int, round: Round, ended_at: Any) -> None:
    """Leave the mark that the round is complete, with what it did."""
    with writing(engine) as session:
        mark = session.get_one(WatchRound, number)
        mark.ended_at, mark.cases, mark.reminders = ended_at, round.cases, round.reminders
        mark.late_reminders = round.late_reminders
        session.add(mark)


def due_counts(engine: Engine, today: date) -> tuple[int, int]:
    """How many cases wait for a visit, and how many duties for a reminder, on `today`."""
    with reading(engine) as session:
        cases = session.exec(sa.select(sa.func.count()).select_from(CASE_FILE).where(CASE_FILE.c.next_event_on <= today))
        duties = session.exec(sa.select(sa.func.count()).select_from(DUTY).where(DUTY.c.next_rung_on <= today))
        return cases.scalar_one(), duties.scalar_one()


def visit_cases(engine: Engine, today: date, hand: Hand, round: Round,
                progress: Callable[[int], None] = lambda done: None) -> set[str]:
    """Write down what is to be said in every case whose day has come. The references of those cases."""
    seen: set[str] = set()
    while refs := _refs_due(engine, today, seen):
        written = say(engine, refs, today, hand)
        seen.update(refs)
        round.written += len(written)
        progress(len(refs))
    return seen


def _refs_due(engine: Engine, today: date, seen: set[str]) -> list[str]:
    with reading(engine) as session:
        rows = bulk.select(session, CASE_FILE, ("ref",), ("next_event_on", "<=", today.isoformat()),
                           order=("next_event_on", "ref"), limit=CASES_AT_ONCE + len(seen))
    return [ref for ref, in rows if ref not in seen][:CASES_AT_ONCE]


def remind(engine: Engine, today: date, hand: Hand, round: Round,
           progress: Callable[[int], None] = lambda done: None) -> None:
    """Write the reminder of every duty whose next rung has come: one for each recipient, each rung once.

    Of several rungs that have come since the last round only the latest is written; it names those it stands for.
    """
    while True:
        with writing(engine) as session:
            rows = _duties_due(session, today)
            if rows:
                _write_reminders(session, rows, today, hand, round)
        if not rows:
            return
        progress(len(rows))


_DUE_SQL = """
SELECT d.case_ref, d.duty, d.adviser, d.party, {due_on}, d.excused_by, d.next_rung, c.last_number, c.last_hash
FROM duty d JOIN case_file c ON c.ref = d.case_ref
WHERE d.case_ref IN (SELECT case_ref FROM duty WHERE next_rung_on <= {day} ORDER BY next_rung_on, case_ref LIMIT {most})
AND d.next_rung_on <= {day}
ORDER BY d.case_ref, d.duty, d.adviser, d.party{lock}
"""


def _duties_due(session: Session, today: date) -> list[tuple[Any, ...]]:
    postgresql = session.get_bind().dialect.name == "postgresql"
    sql = _DUE_SQL.format(day="%s" if postgresql else "?", most=REMINDERS_AT_ONCE,
                          due_on="d.due_on::text" if postgresql else "d.due_on", lock=" FOR UPDATE OF c" if postgresql else "")
    return list(session.connection().exec_driver_sql(sql, (today.isoformat(), today.isoformat())).fetchall())


def _write_reminders(session: Session, rows: Iterable[tuple[Any, ...]], today: date, hand: Hand, round: Round) -> None:
    facts: list[Sealed] = []
    messages: list[tuple[Any, ...]] = []
    duties: list[tuple[Any, ...]] = []
    heads: list[tuple[Any, ...]] = []
    day, at, by, run = today.isoformat(), moment(hand.at), hand.by, hand.flow_run_id
    outage = frozenset(round.missed_days)
    for ref, of_case in groupby(rows, key=itemgetter(0)):
        for _, duty, adviser, party, due, excused, rung, number, last in of_case:
            if duties and duties[-1][2] == ref:
                number, last = heads[-1][0], heads[-1][1]
                heads.pop()
            rung, missed, following = _reached(duty, date.fromisoformat(due), rung, today)
            should_have_gone = date.fromisoformat(due) + timedelta(days=rung)
            late = (today - should_have_gone).days if should_have_gone in outage else 0
            told: dict[str, Any] = {"about": f"{duty}:{adviser or party}:{rung:+d}", "duty": duty, "rung": rung}
            told["message"] = message = message_for(duty, rung, excused is not None)
            if adviser:
                told["adviser"] = adviser
            if party:
                told["agency" if adviser in TWO_OF_A_KIND else "setting"] = party
            if missed:
                told["missed"] = missed
            if late:
                told["late_days"] = late
                round.late_reminders += 1
                round.latest_by = max(round.latest_by, late)
                round.late.append(f"{ref} {duty}{f' {adviser or party}' if adviser or party else ''}: {late} days")
            for to in recipients(duty, rung, adviser or None, party or None):
                number += 1
                told["recipient"] = to
                told["key"] = key = f"{ref}/{message}/{to}/{told['about']}"
                data = canonical(told)
                content = (ref, number, "message_queued", day, at, by, run, data, last)
                last = seal(*content)
                facts.append(Sealed(*content, last))
                messages.append((key, ref, message, to, told.get("agency"), "{}", number, at, "queued", 0))
                round.reminders += 1
            rung_on = None if following is None else (date.fromisoformat(due) + timedelta(days=following)).isoformat()
            duties.append((following, rung_on, ref, duty, adviser, party))
            heads.append((number, last, day, ref))
    bulk.insert(session, FACT, Sealed._fields, facts)
    bulk.insert(session, MESSAGE, MESSAGE_COLUMNS, messages)
    bulk.update(session, DUTY, ("next_rung", "next_rung_on"), ("case_ref", "duty", "adviser", "party"), duties)
    _move_heads(session, heads)


def _reached(duty: str, due: date, rung: int, today: date) -> tuple[int, list[int], int | None]:
    """The latest rung that has come by `today`, those passed over on the way, and the one that follows."""
    missed: list[int] = []
    following = next_rung(duty, rung)
    while following is not None and due + timedelta(days=following) <= today:
        missed.append(rung)
        rung, following = following, next_rung(duty, following)
    return rung, missed, following


def _move_heads(session: Session, heads: list[tuple[Any, ...]]) -> None:
    """The new end of each case's chain, and the day of its next visit: its next event or its next rung."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    place = "%s" if postgresql else "?"
    rungs = "(SELECT min(next_rung_on) FROM duty WHERE case_ref = ref)"
    soonest = (f"LEAST(next_event_on, {rungs})" if postgresql
               else f"min(coalesce(next_event_on, '9999'), coalesce({rungs}, '9999'))")
    session.connection().exec_driver_sql(
        f"UPDATE case_file SET last_number = {place}, last_hash = {place}, worked_out_on = {place},"
        f" next_visit_on = {soonest} WHERE ref = {place}", heads)


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
        remind(engine, today, hand, round, lambda n: progress("reminders", n))
        sent = send_waiting(engine, office, hand, today, progress=lambda n: progress("messages", n))
        add_up(round.sent, sent)
        if not now and not sent.refs:
            break
    else:
        round.stuck = sorted(now)
    round.cases = len(visited)
    finish(engine, number, round, clock())
    return round


def add_up(total: Sent, more: Sent) -> None:
    """Add what one round of sending did to a total."""
    total.sent += more.sent
    total.later += more.later
    total.failed += more.failed
    total.dropped += more.dropped
    total.refs |= more.refs
    total.problems += more.problems
