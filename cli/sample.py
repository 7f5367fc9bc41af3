"""A sample council: made-up cases over every stage, lived through day by day by the engine's own facts and visits.

The same day and seed give the same council. Nobody in it exists.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine

from models.hand import Hand
from models.law.advisers import required_advisers
from models.law.plan import SECTIONS
from tasks.case_file import NewContact, NewFact, NewPerson, open_case, record
from tasks.database import reading, writing
from tasks.office import Office
from tasks.watch import watch

BY = "sample"
CASES = 72
OLDEST = 230
"""Age in days of the oldest request on the last day."""


@dataclass(frozen=True)
class Plot:
    """What happens in one made-up case, in days from its request; missing things do not happen.

    `advice` gives the days by which each adviser answers after being asked; `never` those who do not.
    """

    name: str
    child: Mapping[str, Any] = field(default_factory=dict)
    assess: int = 30
    refuse_to_assess: bool = False
    advice: Mapping[str, int] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    reuse: tuple[str, ...] = ()
    issue_after: int = 6
    refuse_to_issue: bool = False
    draft_after: int = 6
    final_after: int = 24
    absent_from: int | None = None
    withdrawn: int | None = None
    withdrawal_accepted: int | None = None
    moved: int | None = None
    died: int | None = None


SCHOOL = {"attends": "school", "requested_by": "parent"}
PLOTS = (
    Plot("on time", SCHOOL),
    Plot("on time, asked by the school", SCHOOL | {"requested_by": "setting"}),
    Plot("decided late", SCHOOL, assess=53),
    Plot("psychologist late", SCHOOL, advice={"adv_d_psychology": 78}),
    Plot("psychologist never", SCHOOL, never=("adv_d_psychology",)),
    Plot("health late", SCHOOL, advice={"adv_c_medical": 67}),
    Plot("refused to assess", SCHOOL, assess=38, refuse_to_assess=True),
    Plot("refused to assess late", SCHOOL, assess=57, refuse_to_assess=True),
    Plot("refused to issue", SCHOOL, refuse_to_issue=True),
    Plot("refused to issue late", SCHOOL, advice={"adv_d_psychology": 84}, refuse_to_issue=True),
    Plot("service family", SCHOOL | {"service_family": True}),
    Plot("hearing impairment", SCHOOL | {"hearing_impaired": True}),
    Plot("year 10", SCHOOL | {"year_group": 10}),
    Plot("early years", {"attends": "early_years", "requested_by": "parent"}),
    Plot("college", {"attends": "post16", "requested_by": "young_person", "year_group": 12}),
    Plot("earlier advice reused", SCHOOL, reuse=("adv_d_psychology",)),
    Plot("away for five weeks", SCHOOL, assess=55, absent_from=5),
    Plot("withdrawal not decided", SCHOOL, withdrawn=60),
    Plot("withdrawn", SCHOOL, withdrawn=50, withdrawal_accepted=58),
    Plot("moved away", SCHOOL, moved=64),
    Plot("died", SCHOOL, died=70),
    Plot("draft late", SCHOOL, draft_after=46),
    Plot("nobody decides", SCHOOL, assess=400),
    Plot("not at school", {"requested_by": "parent"}),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a person records on a day."""

    on: date
    kind: str
    data: Mapping[str, Any]
    recorded_on: date | None = None


def build(engine: Engine, office: Office, until: date, seed: int = 1,
          progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Make the sample council as it stands on `until`. The number of its cases.

    `progress` is told the days lived through and their number.
    """
    chance = random.Random(seed)
    days = OLDEST + 1
    first = until - timedelta(days=OLDEST)
    lives = [_Life(number, PLOTS[number % len(PLOTS)], first, chance) for number in range(CASES)]
    for n in range(days):
        day = first + timedelta(days=n)
        for life in lives:
            life.live(engine, day, chance)
        watch(engine, office, day, _hand(day, 17), lambda: _hand(day, 17).at)
        progress(n + 1, days)
    return len(lives)


def _hand(day: date, hour: int) -> Hand:
    return Hand(datetime.combine(day, time(hour), UTC), BY)


class _Life:
    """One made-up case: its reference, its plot, and what is still to come."""

    def __init__(self, number: int, plot: Plot, first: date, chance: random.Random) -> None:
        self.number, self.plot = number, plot
        self.begins = first + timedelta(days=(number * OLDEST) // CASES + chance.randrange(3))
        self.ref = f"EHC-{self.begins.year}-{number + 1:04d}"
        self.setting = f"school-{number % 7 + 1}"
        self.events = sorted(self._events(chance), key=lambda event: event.recorded_on or event.on)

    def live(self, engine: Engine, day: date, chance: random.Random) -> None:
        """Record what a person records on this day."""
        if day == self.begins:
            self._open(engine, chance)
        while self.events and (self.events[0].recorded_on or self.events[0].on) <= day:
            event = self.events.pop(0)
            with writing(engine) as session:
                record(session, self.ref, event.kind, event.on, event.data, _hand(day, 10), day, chance=chance.randbytes)

    def _open(self, engine: Engine, chance: random.Random) -> None:
        child = dict(self.plot.child) | {"owner": f"officer-{self.number % 5 + 1}"}
        if child.get("attends"):
            child["setting"] = self.setting
        age = 3 if child.get("attends") == "early_years" else 16 if child.get("attends") == "post16" else 6 + self.number % 8
        born = date(self.begins.year - age, 1 + self.number % 12, 1 + self.number % 28)
        with writing(engine) as session:
            open_case(session, self.ref, NewPerson(f"Made-up Child {self.number + 1}", born, "1 Sample Street"),
                      NewFact("request_received", self.begins, child), _hand(self.begins, 9), self.begins,
                      contacts=[NewContact("family", f"Made-up Parent {self.number + 1}")], chance=chance.randbytes)

    def _day(self, days: int) -> date:
        return self.begins + timedelta(days=days)

    def _events(self, chance: random.Random) -> Iterator[Event]:
        plot = self.plot
        stops = min((day for day in (plot.withdrawal_accepted, plot.moved, plot.died) if day is not None), default=10_000)
        for event in self._planned(chance):
            if event.on < self._day(stops):
                yield event
        if plot.withdrawn is not None:
            yield Event(self._day(plot.withdrawn), "request_withdrawn", {"how": "phone"})
        if plot.withdrawal_accepted is not None:
            yield Event(self._day(plot.withdrawal_accepted), "withdrawal_accepted",
                        {"decided_by": "officer-9", "reason_codes": ["provision_without_plan_suffices"]})
        if plot.moved is not None:
            yield Event(self._day(plot.moved), "moved_away", {"to": "council-northshire"}, self._day(plot.moved + 4))
        if plot.died is not None:
            yield Event(self._day(plot.died), "child_died", {})

    def _planned(self, chance: random.Random) -> Iterator[Event]:
        plot = self.plot
        yield Event(self._day(4), "family_consulted", {"how": "phone"})
        decided = plot.assess + chance.randrange(-3, 4)
        if plot.absent_from is not None:
            yield Event(self._day(decided - 2), "exception_claimed", {
                "duty": "decide_whether_to_assess", "code": "X_ABSENT4", "approved_by": "officer-9",
                "because": "The family was abroad and could not be consulted before the decision.",
                "absent_from": self._day(plot.absent_from).isoformat(),
                "absent_to": self._day(plot.absent_from + 35).isoformat()})
        decision = {"decided_by": f"officer-{chance.randrange(6, 9)}", "notice": "to_follow"}
        if plot.refuse_to_assess:
            yield Event(self._day(decided), "refused_to_assess", decision | {
                "reason_codes": ["provision_without_plan_suffices"], "reasons": "Made-up reasons for a made-up case."})
            return
        yield Event(self._day(decided), "decided_to_assess", decision | {"reason_codes": ["plan_may_be_necessary"]})
        complete = decided
        for need in required_advisers(plot.child):
            adviser = need.adviser
            if adviser in plot.reuse:
                yield Event(self._day(decided), "existing_advice_sufficed", {
                    "adviser": adviser, "document": f"doc-{self.number}-{adviser}",
                    **{f"{who}_satisfied_on": self._day(decided).isoformat() for who in ("adviser", "council", "family")}})
            elif adviser not in plot.never:
                arrives = decided + plot.advice.get(adviser, chance.randrange(18, 41))
                complete = max(complete, arrives)
                yield Event(self._day(arrives), "advice_received", {"adviser": adviser, "document": f"doc-{self.number}-{adviser}"},
                            self._day(arrives + chance.choice((0, 0, 0, 1, 3))))
        if plot.never:
            return
        issued = complete + plot.issue_after
        if plot.refuse_to_issue:
            yield Event(self._day(issued), "refused_to_issue", decision | {
                "reason_codes": ["plan_not_necessary"], "reasons": "Made-up reasons for a made-up case."})
            return
        yield Event(self._day(issued), "decided_to_issue", decision | {"reason_codes": ["plan_necessary"]})
        drafted = issued + plot.draft_after
        yield Event(self._day(drafted), "draft_plan_prepared", {
            "document": f"draft-{self.number}", "approved_by": "officer-9", "names_setting": False,
            "sections": [section for section in SECTIONS if section != "I"]})
        yield Event(self._day(drafted + 5), "setting_requested", {"setting": self.setting})
        yield Event(self._day(drafted + 9), "representations_received", {"how": "email"})
        yield Event(self._day(drafted + 16), "setting_answered", {"setting": self.setting, "reply": "can_meet_needs"})
        yield Event(self._day(drafted + 18), "section_g_agreed", {"agency": "icb"})
        yield Event(self._day(drafted + plot.final_after), "final_plan_prepared", {
            "document": f"plan-{self.number}", "approved_by": "officer-9", "setting": self.setting, "sections": list(SECTIONS)})


def is_empty(engine: Engine) -> bool:
    """Whether the database holds no case yet."""
    from sqlmodel import select

    from models.tables.cases import CaseFile

    with reading(engine) as session:
        return session.exec(select(CaseFile.ref).limit(1)).first() is None
