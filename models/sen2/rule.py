"""One rule of the return: what it looks at, how grave a breach is, what it says and how it is put right.

The DfE's own numbers are not public where these rules were taken from: the ids are this project's, and `dfe` stays empty until
the DfE's workbook is at hand.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.sen2.finding import Level
from models.sen2.layout import FIRST_YEAR, LAST_YEAR, LAYOUTS, Item
from models.sen2.record import Active, Assessment, Header, Person, Plan, Record, Request

BASES = {
    "S": "shape and codes, as public schemas have them",
    "G": "the DfE's guide, as public sources quote it",
    "Q": "checks that analysts run on returns",
    "M": "the item is mandatory in the guide's list of items",
    "O": "a sense check of this project, without a source",
}

MODULES = {"H": 0, "X": 0, "P": 1, "R": 2, "A": 3, "N": 4, "S": 4, "L": 5}
"""The module of the return by the first letter of a rule."""

EVERY = "every"
"""Stands for the block of a rule that looks at every record within a person."""


@dataclass(frozen=True, slots=True)
class School:
    """One establishment of the register of schools: the code of its type, when it was open, and whether it has a SEN unit or
    resourced provision (None: the register file does not say)."""

    type: str = ""
    opened: date | None = None
    closed: date | None = None
    sen_unit: bool | None = None
    resourced: bool | None = None


Register = Mapping[str, School]
"""Establishments by URN, without leading noughts."""


@dataclass(frozen=True, slots=True)
class World:
    """What holds for the whole return. `last` is the last day on which anything in it can have happened."""

    year: int
    survey: date
    last: date
    council: str | None = None
    register: Register | None = None

    @property
    def opens(self) -> date:
        """1 January of the collection year."""
        return date(self.year - 1, 1, 1)

    @property
    def closes(self) -> date:
        """31 December of the collection year."""
        return date(self.year - 1, 12, 31)

    def is_in_year(self, day: date | None) -> bool:
        """Whether a day lies in the collection year."""
        return day is not None and self.opens <= day <= self.closes


@dataclass(frozen=True, slots=True)
class Here:
    """Where a record stands: in which return, of whom, under which request."""

    world: World
    header: Header
    person: Person | None = None
    request: Request | None = None

    @property
    def assessment(self) -> Assessment | None:
        """The assessment of the request."""
        return self.request.assessment if self.request else None

    @property
    def plan(self) -> Plan | None:
        """The plan of the request."""
        return self.request.plan if self.request else None

    @property
    def active(self) -> Active | None:
        """How the plan of the request stands."""
        return self.request.active if self.request else None

    @property
    def plan_is_open(self) -> bool:
        """Whether the plan is in force on the survey day."""
        return self.plan is not None and self.plan.is_open_on(self.world.survey)


@dataclass(frozen=True, slots=True)
class Hit:
    """One breach: at which item, of which record if not the one that was looked at, and what else is to be said."""

    name: str = ""
    more: str = ""
    record: Record | None = None


Look = Callable[[Here, Any], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `since` and `until` are survey years; `block` the record that it looks at, and `fields` the items concerned.

    `says` tells what is wrong and `do` what to do about it; `command` is the call that does it in this engine, the same for all items or
    by item, where `{case}` is the reference of the case and `{day}` the survey day, from which on it then holds.
    `by_reader` rules are seen only where a file is read, `needs_register` only with the register of schools.
    """

    id: str
    level: Level
    block: str
    fields: tuple[str, ...]
    basis: str
    says: str
    do: str
    look: Look
    command: str | Mapping[str, str] = ""
    since: int = FIRST_YEAR
    until: int | None = None
    dfe: str = ""
    needs_register: bool = False
    by_reader: bool = False

    def command_for(self, name: str) -> str:
        """The call that puts this item right; blank where there is none."""
        return self.command if isinstance(self.command, str) else self.command.get(name, "")

    @property
    def module(self) -> int:
        """The module of the return to which it belongs."""
        return MODULES[self.id[0]]

    def is_in(self, year: int) -> bool:
        """Whether it holds for the return of that year."""
        return self.since <= year and (self.until is None or year <= self.until)


@dataclass(slots=True)
class Book:
    """Rules as they are written down, one after the other."""

    rules: list[Rule] = field(default_factory=list)

    def rule(self, id: str, level: Level, block: str, fields: str, basis: str, says: str, do: str, command: str | Mapping[str, str] = "",
             **more: Any) -> Callable[[Look], Look]:
        """Write down the rule whose logic is the function that follows. `fields` stand with blanks between."""
        def write(look: Look) -> Look:
            self.rules.append(Rule(id, level, block, tuple(fields.split()), basis, says, do, look, command, **more))
            return look
        return write


# --- what the rules ask of a record -------------------------------------------------------------------------------

_ITEMS: Mapping[int, Mapping[tuple[str, str], Item]] = {
    year: {(item.block, item.name): item for block in layout.blocks for item in layout.items(block)} for year,
    layout in LAYOUTS.items()}


def item_of(year: int, block: str, name: str) -> Item | None:
    """The item as that year has it, None where the year has none. A year whose layout is not known has the nearest one's."""
    return _ITEMS[min(max(year, FIRST_YEAR), LAST_YEAR)].get((block, name))


def absent(record: Record, *names: str) -> list[str]:
    """Those of the items that are not there at all. One that could not be read is there."""
    return [name for name in names if getattr(record, name) is None and name not in record.bad]


def shown(record: Record, name: str) -> str | None:
    """What stands at an item, as it may be shown: a code or a day, never words."""
    value = record.bad.get(name, getattr(record, name, None))
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or isinstance(record, Person):       # what stands with a person may be a name in the wrong place
        return None
    return value if len(value) <= 4 or re.fullmatch(r"(?=.*\d)[\w:./ +-]{1,30}", value) else None


def code_at(here: Here, block: str, record: Record, name: str) -> tuple[str | None, str]:
    """The code at an item, readable or not, and how it is: ok, absent, early (known, but not yet in that year) or unknown."""
    raw = record.bad.get(name)
    value = getattr(record, name)
    code = raw if raw is not None else None if value is None else str(int(value)) if isinstance(value, bool) else str(value)
    if code is None:
        return None, "absent"
    item = item_of(here.world.year, block, name)
    known = item.codes if item else None
    if known is None:
        return code, "ok" if raw is None else "unknown"
    if known.holds(code, here.world.year):
        return code, "ok"
    return code, "early" if code in known.words else "unknown"


def in_their_sets(block: str, *names: str) -> Look:
    """The logic of a rule that asks of items that each holds a code of its set; a code that came only later is another rule's."""
    def look(here: Here, record: Record) -> Iterator[Hit]:
        for name in names:
            if item_of(here.world.year, block, name) and code_at(here, block, record, name)[1] == "unknown":
                yield Hit(name)
    return look


def age(born: date, day: date) -> int:
    """Age in full years, as a birthday counts it."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The letters of a UPN: I, O and S are not used."""


def upn_letter(upn: str) -> str:
    """The check letter that the twelve characters after it call for: their weights are 2 to 13, the sum counts modulo 23; the letter
    that ends a temporary UPN counts by its place. Source: the government's data standard of the UPN.

    >>> upn_letter("B801200005001"), upn_letter("A80120000500A")
    ('B', 'M')
    """
    values = [int(c) if c.isdigit() else UPN_LETTERS.index(c) for c in upn[1:]]
    return UPN_LETTERS[sum(weight * value for weight, value in enumerate(values, 2)) % 23]


def uln_is_right(uln: str) -> bool:
    """Whether the check digit of a ULN is right: weights 10 to 1, the sum leaves 10 when divided by 11; the first digit is not 0.
    Source: the field ULN in HESA's student record.

    >>> uln_is_right("9276308686"), uln_is_right("9276308685"), uln_is_right("9999999999")
    (True, False, False)
    """
    return uln[0] != "0" and sum(weight * int(c) for weight, c in zip(range(10, 0, -1), uln, strict=True)) % 11 == 10


UPN_FORM = re.compile(rf"[{UPN_LETTERS}]\d{{11}}[\d{UPN_LETTERS}]")
ULN_FORM = re.compile(r"\d{10}")
NOT_IN_EDUCATION = ("NEET", "NIEC", "NIEO")
IN_WORDS = ("OTH", "NIEO")
"""The codes of a setting that ask for words beside them (4.7c(i), 5.7c(i))."""
