"""The reminders that are due, written set by set: the next rung stands ready beside each duty, so that no case is read.

Only a case in which something else is to be done that day is worked out as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlmodel import Session

from models.hand import Hand
from models.tables.cases import CaseFile, DutyRow, FactRow, MessageRow
from models.trail import Sealed, canonical, moment, seal
from notifications.ladder import OVERDUE, Policy, message_for
from tasks import bulk
from tasks.calendars import Calendars
from tasks.case_file import NewFact, take
from tasks.derived import DUTY_COLUMNS, DUTY_KEY, DutyKey, derive
from tasks.outage import FirstRound, Outage
from tasks.outbox import COLUMNS as MESSAGE_COLUMNS
from tasks.recipients import STAFF

CASE_FILE, DUTY, FACT, MESSAGE = CaseFile.__table__, DutyRow.__table__, FactRow.__table__, MessageRow.__table__
AT_HAND = 4096
"""Kinds of reminder that are kept ready; what differs between cases of one kind is the reference alone."""


class Waits(NamedTuple):
    """A duty that waits for a rung of its ladder, as its row tells it: days as ISO text."""

    duty: str
    adviser: str
    party: str
    occasion: str
    due_on: str
    excused_by: str | None
    agency: str | None
    silenced_to: str | None
    next_rung: int
    next_rung_on: str

    @property
    def key(self) -> DutyKey:
        """The key of the duty's row within its case."""
        return self.duty, self.adviser, self.party, self.occasion

    def __str__(self) -> str:
        return " ".join(part for part in self.key if part)


class Firing(NamedTuple):
    """The rung that is to fire: the latest that has come. Also those passed over on the way to it, and the one that follows."""

    rung: int
    passed: tuple[int, ...]
    following: int
    following_on: str


class Letter(NamedTuple):
    """One reminder to one recipient, whole but for the reference of the case, with which its key begins.

    `before` and `after` are the text of its fact around that reference.
    """

    message: str
    to: str
    agency: str | None
    about: str
    told: Mapping[str, Any]
    before: str
    after: str

    def key(self, ref: str) -> str:
        """The key under which it is never written twice."""
        return f"{ref}/{self.message}/{self.to}/{self.about}"


@dataclass
class Reminded:
    """What was written: for how many duties, how many letters, and what of it went late because of an outage.

    `whole` names the cases that were left out, since they must be worked out as a whole.
    """

    duties: int = 0
    letters: int = 0
    late_letters: int = 0
    latest_by: int = 0
    late: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)

    def add(self, ref: str, waits: Waits, letters: int, late_days: int) -> None:
        """Count what was written about one duty."""
        self.duties += 1
        self.letters += letters
        if late_days:
            self.late_letters += letters
            self.latest_by = max(self.latest_by, late_days)
            self.late.append(f"{ref} {waits}: {late_days} days")


@dataclass
class Ahead:
    """Which rungs are to fire before their day, because nobody will be there on it: looked up once a round for each recipient."""

    session: Session
    calendars: Calendars
    today: date
    closures: list[date] = field(default_factory=list)
    _until: dict[tuple[str, str | None], date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.calendars.policy.working_days:
            self.closures = [self._of(STAFF, None), self._of("", None)]
            self.closures += [self._of("", ref) for ref in self.calendars.directory.closing(self.session, self.today)]

    @property
    def farthest(self) -> date:
        """The last day of any closure that begins tomorrow; today if none does."""
        return max(self.closures, default=self.today)

    def until(self, waits: Waits) -> date:
        """The last day of the closure, beginning tomorrow, of whoever the next rung of this duty goes to first."""
        if self.farthest == self.today:
            return self.today
        try:
            told = self.calendars.policy.recipients(waits.duty, waits.next_rung, waits.adviser or None, waits.party or None)
        except ValueError:
            return self.today
        return self._of(told[0], waits.agency) if told else self.today

    def _of(self, role: str, agency: str | None) -> date:
        which = (role, None if role.startswith(STAFF) else agency)
        if which not in self._until:
            entry = None if role.startswith(STAFF) else self.calendars.entry_of(self.session, role, agency)
            self._until[which] = self.calendars.closed_until(role, entry, self.today)
        return self._until[which]


def due(session: Session, ahead: Ahead) -> list[str]:
    """The cases in which a reminder is due, or falls into a closure that begins tomorrow."""
    come = {ref for ref, in bulk.select(session, DUTY, ("case_ref",), ("next_rung_on", "<=", ahead.today.isoformat()))}
    return sorted(come | set(_early(session, ahead, None)))


def _early(session: Session, ahead: Ahead, refs: Sequence[str] | None) -> dict[str, list[Waits]]:
    """The duties, by case, whose next rung falls into a closure that begins tomorrow: of some cases, or of all."""
    found: dict[str, list[Waits]] = {}
    if ahead.farthest == ahead.today:
        return found
    of = () if refs is None else (("case_ref", "in", refs),)
    for ref, *row in bulk.select(
            session, DUTY, ("case_ref", *Waits._fields), ("next_rung_on", ">", ahead.today.isoformat()),
            ("next_rung_on", "<=", ahead.farthest.isoformat()), ("next_rung", "<", OVERDUE), *of, order=("case_ref", *DUTY_KEY)):
        waits = Waits(*row)
        if waits.next_rung_on <= ahead.until(waits).isoformat():
            found.setdefault(ref, []).append(waits)
    return found


def write(session: Session, refs: Sequence[str], hand: Hand, outage: Outage, ahead: Ahead, even_so: bool = False) -> Reminded:
    """Write the reminders that are due in these cases, from the rows of their duties alone.

    A case that has not come to rest, because something else is to be said or ends today, is left out and named; so is one
    that waits for a rung which its ladder no longer has. `even_so`: they get what can be written for them all the same.
    """
    today, policy = ahead.today, ahead.calendars.policy
    done, day = Reminded(), today.isoformat()
    writer = _Writer(day, hand)
    heads = bulk.select(session, CASE_FILE, ("ref", "last_number", "last_hash", "next_event_on", "worked_out_on"),
                        ("ref", "in", refs), order=("ref",), lock=True)
    waiting: dict[str, list[Waits]] = {ref: [] for ref in refs}
    for ref, *row in bulk.select(session, DUTY, ("case_ref", *Waits._fields), ("case_ref", "in", refs),
                                 ("next_rung_on", "<=", day), order=("case_ref", *DUTY_KEY)):
        waiting[ref].append(Waits(*row))
    for ref, early in _early(session, ahead, refs).items():
        waiting[ref] += early
    first_round = outage.first_round(session, refs)
    for ref, number, hash, event, worked_out_on in heads:
        come = {waits: firing(policy, waits, today, ahead.until(waits)) for waits in waiting[ref]}
        if not come:
            continue                                      # another round was quicker
        worked_out_on = max(worked_out_on, day)
        at_rest = event is None or event > worked_out_on
        if not even_so and (not at_rest or None in come.values()):
            done.whole.append(ref)
            continue
        writer.begin(ref, number, hash)
        for waits, found in come.items():
            if found is None:
                continue
            late, missed = _late(ref, waits, found, today, first_round)
            letters = letters_of(policy, waits, found.rung, late, missed, _is_silenced(waits, day))
            for letter in letters:
                writer.add(letter)
            writer.duties.append((found.following, found.following_on, ref, *waits.key))
            done.add(ref, waits, len(letters), late)
        writer.end(worked_out_on)
    writer.write(session)
    return done


def write_whole(session: Session, ref: str, hand: Hand, outage: Outage, ahead: Ahead) -> Reminded:
    """Write the reminders that are due in one case, working it out as a whole. Raises as recording a fact does."""
    today, policy = ahead.today, ahead.calendars.policy
    done, day = Reminded(), today.isoformat()
    files = take(session, [ref], today)
    columns = [DUTY_COLUMNS.index(name) for name in Waits._fields[len(DUTY_KEY):]]
    waiting = [Waits(*key, *(row[place] for place in columns))
               for key, row in sorted(derive(files.case(ref), policy).duties.items())]
    first_round = outage.first_round(session, [ref])
    messages = []
    for waits in waiting:
        if waits.next_rung_on is None:
            continue
        comes_early = waits.next_rung < OVERDUE and waits.next_rung_on <= ahead.until(waits).isoformat()
        if not (waits.next_rung_on <= day or comes_early) or (found := firing(policy, waits, today, ahead.until(waits))) is None:
            continue
        late, missed = _late(ref, waits, found, today, first_round)
        letters = letters_of(policy, waits, found.rung, late, missed, _is_silenced(waits, day))
        for letter in letters:
            number, repeated = files.add(ref, NewFact("message_queued", today, letter.told, letter.key(ref)), hand)
            if not repeated:
                messages.append(_message(letter, ref, number, moment(hand.at)))
        done.add(ref, waits, len(letters), late)
    files.write()
    bulk.insert(session, MESSAGE, MESSAGE_COLUMNS, messages)
    return done


def _is_silenced(waits: Waits, day: str) -> bool:
    return waits.silenced_to is not None and waits.silenced_to >= day


@lru_cache(maxsize=AT_HAND)
def firing(policy: Policy, waits: Waits, today: date, until: date) -> Firing | None:
    """Which rung of a duty's ladder is to fire today; None if the ladder no longer has the one that it waits for.

    Of those before the due day it is the last that falls no later than `until`, the end of a closure that begins tomorrow.
    """
    due_on = date.fromisoformat(waits.due_on)
    ago, in_closure = (today - due_on).days, min((until - due_on).days, OVERDUE - 1)
    rung, passed, adviser = waits.next_rung, [], waits.adviser or None
    following = policy.next_rung(waits.duty, rung, adviser=adviser)
    while following is not None and following <= max(ago, in_closure):
        passed.append(rung)
        rung, following = following, policy.next_rung(waits.duty, following, adviser=adviser)
    try:
        told = policy.recipients(waits.duty, rung, adviser, waits.party or None)
    except ValueError:
        return None
    if following is None or not told:
        return None
    return Firing(rung, tuple(passed), following, (due_on + timedelta(days=following)).isoformat())


@lru_cache(maxsize=AT_HAND)
def letters_of(policy: Policy, waits: Waits, rung: int, late_days: int = 0, missed: tuple[int, ...] = (), silenced: bool = False
               ) -> tuple[Letter, ...]:
    """The letters of a rung, one to each recipient. The same for every case: only the reference is wanting."""
    duty, adviser, party, occasion, due_on = waits[:5]
    message = message_for(duty, rung, waits.excused_by is not None)
    about = ":".join(filter(None, (duty, adviser, party, occasion.replace(" ", "@"), due_on, f"{rung:+d}")))
    told = {"message": message, "about": about, "duty": duty, "due_on": due_on, "rung": rung}
    if adviser:
        told["adviser"] = adviser
    if party:
        told["agency" if adviser else "setting"] = party
    if occasion:
        told["occasion"] = occasion
    if late_days:
        told["late_days"] = late_days
    if missed:
        told["missed"] = list(missed)
    target = policy.target(duty, adviser or None)
    if target is not None:
        told["target_on"] = (date.fromisoformat(due_on) - timedelta(days=target)).isoformat()
    found = []
    for to in policy.recipients(duty, rung, adviser or None, party or None, silenced):
        mine = told | {"recipient": to}
        agency = None if to.startswith("council.") else told.get("agency")
        letter = Letter(message, to, agency, about, MappingProxyType(mine), "", "")
        before, after = canonical(mine | {"key": letter.key("")}).split('"key":"')
        found.append(letter._replace(before=f'{before}"key":"', after=after))
    return tuple(found)


def _late(ref: str, waits: Waits, found: Firing, today: date, first_round: FirstRound) -> tuple[int, tuple[int, ...]]:
    """By how many days a rung goes late because of the outage, and which earlier ones did not go because of it."""
    due_on = date.fromisoformat(waits.due_on)

    def would_have_gone(rung: int) -> date | None:
        return first_round(ref, waits.key, due_on, due_on + timedelta(days=rung))

    went = would_have_gone(found.rung)
    if went is None and not found.passed:
        return 0, ()
    rungs = (*found.passed, found.rung)
    missed = tuple(rung for rung, later in zip(rungs, rungs[1:], strict=False)
                   if (day := would_have_gone(rung)) is not None and day < due_on + timedelta(days=later))
    return 0 if went is None else (today - went).days, missed


def _message(letter: Letter, ref: str, number: int, at: str) -> tuple[Any, ...]:
    return letter.key(ref), ref, letter.message, letter.to, letter.agency, "{}", number, at, "queued", 0


_MOVE_HEAD = """UPDATE case_file SET last_number = {0}, last_hash = {0}, worked_out_on = {0}, next_visit_on = (
    SELECT min(day) FROM (SELECT next_event_on AS day UNION ALL SELECT next_rung_on FROM duty WHERE case_ref = ref) AS days)
    WHERE ref = {0}"""


class _Writer:
    """Collects the rows of many cases, sealing each case's chain onwards, and writes them at once."""

    def __init__(self, day: str, hand: Hand) -> None:
        self._day, self._at, self._by, self._run = day, moment(hand.at), hand.by, hand.flow_run_id
        self.duties: list[tuple[Any, ...]] = []
        self._facts: list[tuple[Any, ...]] = []
        self._messages: list[tuple[Any, ...]] = []
        self._heads: list[tuple[Any, ...]] = []

    def begin(self, ref: str, number: int, hash: str) -> None:
        """The case to which what is added next belongs, and the end of its chain."""
        self._ref, self._number, self._hash = ref, number, hash
        self._written = canonical(ref)[1:-1]

    def add(self, letter: Letter) -> None:
        """One more reminder in this case."""
        self._number += 1
        content = (self._ref, self._number, "message_queued", self._day, self._at, self._by, self._run,
                   f"{letter.before}{self._written}{letter.after}", self._hash)
        self._hash = seal(*content)
        self._facts.append((*content, self._hash))
        self._messages.append(_message(letter, self._ref, self._number, self._at))

    def end(self, worked_out_on: str) -> None:
        """That was all in this case."""
        self._heads.append((self._number, self._hash, worked_out_on, self._ref))

    def write(self, session: Session) -> None:
        """Write everything that was collected."""
        bulk.insert(session, FACT, Sealed._fields, self._facts)
        bulk.insert(session, MESSAGE, MESSAGE_COLUMNS, self._messages)
        bulk.update(session, DUTY, ("next_rung", "next_rung_on"), ("case_ref", *DUTY_KEY), self.duties)
        if self._heads:
            place = "%s" if session.get_bind().dialect.name == "postgresql" else "?"
            session.connection().exec_driver_sql(_MOVE_HEAD.format(place), self._heads)
