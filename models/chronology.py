"""The chronology of one case for an outsider: what was late, who held the case when, what was told to whom, what was claimed.

Everything here follows from the facts, in codes, days and numbers; the words for it are `notifications.plain`'s.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from models.case import Case
from models.expectation import ADVICE_LIMITS
from models.law.exceptions import Ruling, judge
from models.law.owed import Owed
from models.law.record import Fact
from models.message_key import NO_LONGER_WANTED
from models.stages import Stage
from models.two_times import Backdated, backdated, day_of

OF_MESSAGES = "message_"
"""How the kinds of the facts about messages begin."""

DAY = timedelta(days=1)


def days_after(fact: Fact) -> int:
    """By how many days a fact was recorded after it had happened; 0 where it was recorded the same day."""
    return 0 if fact.recorded_at is None else max(0, (day_of(fact.recorded_at) - fact.on).days)


def is_late(owed: Owed) -> bool:
    """Whether a limit in law was not kept, and no exception relieves it: done late, not done, or ended undone. The family's own
    periods are no such limits."""
    return (owed.duty.kind == "hard" and owed.duty.type != "window" and bool(owed.days_late)
            and owed.state in ("overdue", "met_late", "lapsed"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact as it was recorded, and what became of it: `stands` is yes, no (withdrawn), corrected (then `now` is how it
    stands) or correction."""

    fact: Fact
    stands: str
    now: Fact | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One message and what became of it; facts that there are not are None. `state` is the furthest it got: opened, delivered,
    sent, bounced, failed, dropped (no longer wanted when its turn came) or waiting."""

    queued: Fact
    sent: Fact | None = None
    delivered: Fact | None = None
    opened: Fact | None = None
    bounced: Fact | None = None
    failed: Fact | None = None

    @property
    def key(self) -> str:
        return str(self.queued["key"])

    @property
    def to(self) -> str:
        """The role that it is for."""
        return str(self.queued["recipient"])

    @property
    def on(self) -> date:
        """The day it went, or that on which it was written where it has not gone."""
        return (self.sent or self.queued).on

    @property
    def state(self) -> str:
        for name in ("bounced", "opened", "delivered", "sent"):
            if getattr(self, name) is not None:
                return name
        if self.failed is not None:
            return "dropped" if self.failed["why"] == NO_LONGER_WANTED else "failed" if self.failed["final"] else "waiting"
        return "waiting"


@dataclass(frozen=True, slots=True)
class Holding:
    """Who held the case from `since` until the day before `until` (None: it goes on), at which stage."""

    held_by: tuple[str, ...]
    stage: Stage
    since: date
    until: date | None

    def days(self, end: date) -> int:
        """How many days it lasted, up to `end` where it goes on."""
        return max(0, ((self.until or end) - self.since).days)


@dataclass(frozen=True, slots=True)
class Claim:
    """An exception that was claimed, against which duty, and what the law makes of it; `owed` and `ruling` are None where it
    names no limit that had begun. `days_after_limit`: by how many days it was recorded after the limit had passed."""

    fact: Fact
    owed: Owed | None
    ruling: Ruling | None

    @property
    def days_after_limit(self) -> int:
        if self.owed is None or self.owed.due_on is None or self.fact.recorded_at is None:
            return 0
        return max(0, (day_of(self.fact.recorded_at) - self.owed.due_on).days)


@dataclass(frozen=True, slots=True)
class Asked:
    """One advice: when it was asked for, when the request is known to have arrived, by when it was due under which rule, when it
    came, by how many days late. `reminders` counts those that went. None where there is no such day."""

    adviser: str
    agency: str | None
    asked_on: date | None
    arrived_on: date | None
    owed: Owed | None
    received_on: date | None
    reminders: int

    @property
    def days_late(self) -> int:
        return (self.owed.days_late or 0) if self.owed is not None else 0


@dataclass(frozen=True)
class Chronology:
    """One case on a day, by what is known now. `recorded` are its facts as they were recorded, corrections among them."""

    case: Case
    recorded: tuple[Fact, ...]

    @classmethod
    def of(cls, case: Case, facts: Iterable[Fact]) -> "Chronology":
        """The chronology of a case from all its facts; what happened after the case's day is left out, unless it stands as
        corrected on a day up to it."""
        standing = {fact.number for fact in case.facts}
        kept: set[int] = set()
        chosen = []
        for fact in facts:
            about = fact["replaces"] if fact.kind == "fact_corrected" else fact.number
            if about in standing or about in kept or fact.on <= case.on:
                kept.add(fact.number)
                chosen.append(fact)
        return cls(case, tuple(chosen))

    # --- what happened -----------------------------------------------------------------------------------------------

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every fact but those about messages, in the order in which they happened, as they stand; then by number."""
        standing = {fact.number: fact for fact in self.case.facts}
        found = [_entry(fact, standing) for fact in self.recorded if not fact.kind.startswith(OF_MESSAGES)]
        return tuple(sorted(found, key=lambda entry: ((entry.now or entry.fact).on, entry.fact.number)))

    @cached_property
    def recorded_late(self) -> tuple[Backdated, ...]:
        """The entries that were recorded on a later day than they happened, those furthest back first; those about messages
        are not among them."""
        late = [one for one in backdated(self.recorded) if not one.kind.startswith(OF_MESSAGES)]
        return tuple(sorted(late, key=lambda one: (-one.days, one.fact.number)))

    @cached_property
    def changed(self) -> tuple[Entry, ...]:
        """The corrections, and the facts that they changed, in the order in which they were recorded."""
        return tuple(sorted((entry for entry in self.entries if entry.stands != "yes"), key=lambda entry: entry.fact.number))

    # --- what was due ------------------------------------------------------------------------------------------------

    @cached_property
    def limits(self) -> tuple[Owed, ...]:
        """Every duty with a last day, by that day; the family's own periods are not among them."""
        found = [owed for owed in self.case.duties if owed.due_on is not None and owed.duty.type != "window"]
        return tuple(sorted(found, key=lambda owed: (owed.due_on, owed.instance)))

    @cached_property
    def late(self) -> tuple[Owed, ...]:
        """The limits in law that were not kept and from which no exception relieves: done late, not done, or ended undone."""
        return tuple(owed for owed in self.limits if is_late(owed))

    @cached_property
    def windows(self) -> tuple[Owed, ...]:
        """The family's own periods, such as the time to appeal."""
        found = [owed for owed in self.case.duties if owed.due_on is not None and owed.duty.type == "window"]
        return tuple(sorted(found, key=lambda owed: (owed.due_on, owed.instance)))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every exception that was claimed, in order of the days."""
        return tuple(_claim(fact, self.case) for fact in self.case.all("exception_claimed"))

    # --- who was waiting for whom ------------------------------------------------------------------------------------

    @cached_property
    def holdings(self) -> tuple[Holding, ...]:
        """Who held the case, one after the other, from its first day to its end or to the case's day."""
        found: list[Holding] = []
        for day in self._turning_days():
            now = Case(self.case.ref, tuple(fact for fact in self.case.facts if fact.on <= day), day, self.case.bank_holidays)
            if found and (found[-1].held_by, found[-1].stage) == (now.held_by, now.stage):
                continue
            if found:
                found[-1] = replace(found[-1], until=day)
            found.append(Holding(now.held_by, now.stage, day, None))
        return tuple(one for one in found if one.held_by)

    def holding_on(self, day: date) -> tuple[Holding, date] | None:
        """Who held the case on a day, and since when they did, through whatever stages; None where nobody did."""
        place = next((place for place, one in enumerate(self.holdings)
                      if one.since <= day and (one.until is None or day < one.until)), None)
        if place is None:
            return None
        held, since = self.holdings[place], self.holdings[place].since
        for before in reversed(self.holdings[:place]):
            if (before.held_by, before.until) != (held.held_by, since):
                break
            since = before.since
        return held, since

    def _turning_days(self) -> list[date]:
        days = {fact.on for fact in self.case.facts if not fact.kind.startswith(OF_MESSAGES)}
        days |= {owed.due_on + DAY for owed in self.case.terms if owed.due_on is not None
                 and (owed.duty.type == "window" or owed.duty.id == "setting_consult_response")}
        return sorted(day for day in days if day <= self.case.on)

    @cached_property
    def first_road_ends(self) -> date:
        """The day up to which the way from the request to its answer is counted: that of the final plan, of the end of the case,
        of a refusal that stands, or the case's day."""
        sent = min((fact.on for fact in self.case.all("final_plan_sent")), default=None)
        refused = next((fact.on for fact in reversed(self.case.all("refused_to_assess", "refused_to_issue"))), None)
        ended = self.case.ended.on if self.case.ended is not None else None
        if sent is None and refused is not None and any(fact.on > refused for fact in self.case.all(
                "decided_to_assess", "decided_to_issue", "tribunal_order_made", "mediation_agreed", "appeal_unopposed")):
            refused = None
        return min(day for day in (sent, refused, ended, self.case.on) if day is not None)

    @cached_property
    def waited(self) -> dict[str, int]:
        """How many days each held the case on the way from the request to its answer, most first. Days on which several held
        it count for each."""
        totals: dict[str, int] = {}
        end = self.first_road_ends
        for one in self.holdings:
            days = max(0, (min(one.until or end, end) - one.since).days)
            for role in one.held_by if days else ():
                totals[role] = totals.get(role, 0) + days
        return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def officers(self) -> tuple[tuple[str, date], ...]:
        """The officers who held the case, with the first day of each."""
        found: list[tuple[str, date]] = []
        for fact in self.case.facts:
            if fact["owner"] and fact.kind != "handover_acknowledged" and (not found or found[-1][0] != fact["owner"]):
                found.append((fact["owner"], fact.on))
        return tuple(found)

    @cached_property
    def advice(self) -> tuple[Asked, ...]:
        """Every advice that the law requires or that was asked for, as it was asked, reminded and answered."""
        required = [need.adviser for need in self.case.advisers] if self.case.has("decided_to_assess", "advice_requested") else []
        names = dict.fromkeys([*required, *(fact["adviser"] for fact in self.case.all("advice_requested"))])
        return tuple(one for adviser in names for one in self._asked(adviser))

    def _asked(self, adviser: str) -> Iterator[Asked]:
        requests = self.case.all("advice_requested", adviser=adviser)
        for agency in dict.fromkeys(fact["agency"] for fact in requests) or (None,):
            asked = [fact for fact in requests if fact["agency"] == agency]
            done = [fact for fact in self.case.all("advice_received", "existing_advice_sufficed", adviser=adviser)
                    if fact["agency"] in (agency, None) or agency is None]
            arrived = [fact for fact in self.case.all("advice_delivered", adviser=adviser) if fact["agency"] in (agency, None)]
            owed = [one for one in self.case.duties if one.duty.id in ADVICE_LIMITS and one.adviser == adviser
                    and one.due_on is not None and one.party in (agency, None)]
            reminders = [letter for letter in self.letters if letter.queued["message"] in ("reminder", "overdue")
                         and letter.queued["adviser"] == adviser and letter.sent is not None]
            yield Asked(adviser, agency, min((fact.on for fact in asked), default=None),
                        min((fact.on for fact in arrived), default=None),
                        max(owed, key=lambda one: one.due_on, default=None), max((fact.on for fact in done), default=None),
                        len(reminders))

    # --- what was told -----------------------------------------------------------------------------------------------

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        """Every message that was written, by the day it went."""
        found: dict[str, dict[str, Fact]] = {}
        for fact in self.recorded:
            if fact.kind.startswith(OF_MESSAGES) and fact["key"]:
                # Of several attempts that failed the last one counts, of all else the first.
                parts = found.setdefault(fact["key"], {})
                part = fact.kind.removeprefix(OF_MESSAGES)
                if part == "failed" or part not in parts:
                    parts[part] = fact
        letters = [Letter(**parts) for parts in found.values() if "queued" in parts]
        return tuple(sorted(letters, key=lambda one: (one.on, one.queued.number)))

    @cached_property
    def to_family(self) -> tuple[Letter, ...]:
        """The letters to the family."""
        return tuple(letter for letter in self.letters if letter.to == "family" and letter.state != "dropped")

    @cached_property
    def told_of_lateness(self) -> tuple[Letter, ...]:
        """The letters that told the family of a limit that could not be, or had not been, kept, and that went."""
        return tuple(letter for letter in self.to_family
                     if letter.queued["message"] == "lateness_to_family" and letter.sent is not None)

    @cached_property
    def last_recorded_at(self) -> datetime | None:
        """When the last fact of the record was written down."""
        return max((fact.recorded_at for fact in self.recorded if fact.recorded_at is not None), default=None)


def _entry(fact: Fact, standing: dict[int, Fact]) -> Entry:
    if fact.kind == "fact_corrected":
        return Entry(fact, "correction")
    now = standing.get(fact.number)
    if now is None:
        return Entry(fact, "no")
    same = (now.kind, now.on, dict(now.data)) == (fact.kind, fact.on, dict(fact.data))
    return Entry(fact, "yes") if same else Entry(fact, "corrected", now)


def _claim(fact: Fact, case: Case) -> Claim:
    """The claim with the duty that it was judged against: the same claim judged again gives the ruling that stands there."""
    against = [owed for owed in case.duties if owed.duty.id == fact["duty"] and owed.rulings]
    for owed in against:
        ruling = judge(fact, owed.duty, owed.starts_on, owed.due_on, case.facts)
        if ruling in owed.rulings:
            return Claim(fact, owed, ruling)
    return Claim(fact, *_by_code(fact, against))


def _by_code(fact: Fact, against: Sequence[Owed]) -> tuple[Owed | None, Ruling | None]:
    found = [(owed, ruling) for owed in against for ruling in owed.rulings if ruling.code == fact["code"]]
    return found[0] if len(found) == 1 else (None, None)
