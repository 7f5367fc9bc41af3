"""The records of the return: one person with the requests, assessments, plans and placements that it tells of.

The same records stand between a file and the facts in both directions, and every figure is computed from them. A value that its
file holds and that cannot be what the item asks for is kept as it was in `bad`, by the item's name; the value itself is then None.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date

Bad = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Record:
    """What every block has: the place in its file, such as "line 120" or "requests row 17", and what could not be read there."""

    place: str = field(default="", compare=False)
    bad: Bad = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Setting(Record):
    """A setting that section I of the plan names (4.7)."""

    urn: str | None = None
    ukprn: str | None = None
    code: str | None = None
    other: str | None = field(default=None, repr=False)
    rank: str | None = None
    sen_unit: bool | None = None
    resourced: bool | None = None


@dataclass(slots=True, kw_only=True)
class Placement(Setting):
    """A setting that is attended, or was (5.7)."""

    entered: date | None = None
    left: date | None = None
    attendance: str | None = None
    residential: str | None = None
    work_based: str | None = None

    def is_open_on(self, day: date) -> bool:
        """Whether it had begun by that day, as far as is known, and had not ended."""
        return (self.entered is None or self.entered <= day) and (self.left is None or self.left >= day)


@dataclass(slots=True, kw_only=True)
class Need(Record):
    """A type of need and its rank (5.8)."""

    type: str | None = None
    rank: str | None = None


@dataclass(slots=True, kw_only=True)
class Plan(Record):
    """A named plan (module 4)."""

    start: date | None = None
    residential: str | None = None
    work_based: str | None = None
    personal_budget: bool | None = None
    organised: bool | None = None
    direct_payments: str | None = None
    cease_date: date | None = None
    cease_reason: str | None = None
    settings: list[Setting] = field(default_factory=list)

    def is_open_on(self, day: date) -> bool:
        """Whether it was in force on that day."""
        return self.start is not None and self.start <= day and (self.cease_date is None or self.cease_date > day)


@dataclass(slots=True, kw_only=True)
class Assessment(Record):
    """An assessment and the decision whether to issue a plan (module 3)."""

    outcome: str | None = None
    outcome_date: date | None = None
    mediation: bool | None = None
    tribunal: bool | None = None
    other_mediation: bool | None = None
    other_tribunal: bool | None = None
    exception: bool | None = None
    plan: Plan | None = None


@dataclass(slots=True, kw_only=True)
class Active(Record):
    """How a plan stands: placements, needs, last review, phase transfer (module 5)."""

    transferred_from: str | None = None
    residential: str | None = None
    work_based: str | None = None
    review_meeting: date | None = None
    review_outcome: str | None = None
    review_draft: date | None = None
    transfer_due: date | None = None
    transfer_final: date | None = None
    last_review: date | None = None
    placements: list[Placement] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Request(Record):
    """A request and the decision whether to assess (module 2). `key` is its own in the system that it came from, if that gave one."""

    received: date | None = None
    source: str | None = None
    youth_accommodation: bool | None = None
    outcome_date: date | None = None
    outcome: str | None = None
    mediation: bool | None = None
    tribunal: bool | None = None
    exported: str | None = None
    assessment: Assessment | None = None
    active: Active | None = None
    key: str | None = field(default=None, compare=False)

    @property
    def plan(self) -> Plan | None:
        """The plan to which it led."""
        return self.assessment.plan if self.assessment else None


@dataclass(slots=True, kw_only=True)
class Person(Record):
    """One child or young person (module 1). What is shown of it for a log names nobody."""

    surname: str | None = field(default=None, repr=False)
    forename: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    gender: str | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    ethnicity: str | None = field(default=None, repr=False)
    postcode: str | None = field(default=None, repr=False)
    upn: str | None = field(default=None, repr=False)
    uln: str | None = field(default=None, repr=False)
    upn_unknown: str | None = None
    requests: list[Request] = field(default_factory=list)
    key: str | None = field(default=None, compare=False)


@dataclass(slots=True, kw_only=True)
class Header(Record):
    """Who made the file, when, for which survey (module 0)."""

    collection: str | None = None
    year: int | None = None
    reference_date: date | None = None
    source_level: str | None = None
    council: str | None = None
    software: str | None = None
    release: str | None = None
    serial: str | None = None
    made_at: str | None = None
    dmo: str | None = None
    dco: str | None = None
    dsco: str | None = None


CLASSES: dict[str, type[Record]] = {
    "header": Header, "person": Person, "request": Request, "assessment": Assessment, "plan": Plan, "setting": Setting, "active": Active,
    "placement": Placement, "need": Need}
"""The class of each block."""

HOLDS: dict[str, str] = {"request": "requests", "assessment": "assessment", "plan": "plan", "setting": "settings", "active": "active",
                         "placement": "placements", "need": "needs"}
"""The field of its parent in which a block stands: a list, or a single record."""


def within(record: Record) -> Iterator[tuple[str, Record]]:
    """Each record directly within this one, with the name of its block, in order."""
    names = type(record).__dataclass_fields__
    for block, name in HOLDS.items():
        held = getattr(record, name) if name in names else None
        for one in held if isinstance(held, list) else [held]:
            if isinstance(one, CLASSES[block]):
                yield block, one


def everything(block: str, record: Record) -> Iterator[tuple[str, Record]]:
    """This record and every one within it, each with the name of its block, outermost first."""
    yield block, record
    for name, one in within(record):
        yield from everything(name, one)


def values(record: Record) -> Iterator[tuple[str, object]]:
    """The items of a record that have a value, by name; what it holds in lists and beside the return is left out."""
    for one in fields(record):
        value = getattr(record, one.name)
        if one.name not in ("place", "bad", "key") and value is not None and not isinstance(value, list | Record):
            yield one.name, value
