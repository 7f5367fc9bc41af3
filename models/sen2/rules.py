"""Every rule of the return, and the one pass over a return that runs them.

A return is looked at person by person, as it comes: what must be compared over the whole of it is remembered as hashes and counts.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from types import MappingProxyType

from models.sen2.codes import SURVEY_DAYS
from models.sen2.finding import Finding, Level
from models.sen2.layout import LAST_YEAR
from models.sen2.record import Header, Person, Placement, Record, Request, everything
from models.sen2.rule import EVERY, Book, Here, Hit, Register, Rule, World, item_of, shown
from models.sen2.rules_active import BOOK as ACTIVE
from models.sen2.rules_person import BOOK as PERSON
from models.sen2.rules_plan import BOOK as PLAN
from models.sen2.rules_request import BOOK as REQUEST

FILE = Book()


def _elsewhere(here: Here, record: Record) -> Iterator[Hit]:
    """Seen over the whole return (`Check`), or where a file is read."""
    return iter(())


FILE.rule("P15", Level.ERROR, "person", "upn", "Q", "The same UPN stands with two persons.",
          "Find out whose it is, or whether both are one person.",
          "ehc person {case} --upn ...")(_elsewhere)
FILE.rule("P16", Level.QUERY, "person", "surname forename birth_date", "O", "Two persons have the same name and birth date.",
          "Find out whether both are one person.", "ehc person {case}")(_elsewhere)
FILE.rule("R22", Level.QUERY, "request", "source cease_reason code", "G", "Many are coded as other.",
          "The DfE asks about it: look through these and use the code that fits, or say in a note why not.")(_elsewhere)
FILE.rule("X01", Level.ERROR, "header", "", "S", "An element is unknown, or not where that year's layout has it.",
          "Write the elements in the order of the year's layout.", by_reader=True)(_elsewhere)


@FILE.rule("X02", Level.ERROR, EVERY, "", "S", "A day is no real day.", "Give it as ccyy-mm-dd.")
def _no_day(here: Here, record: Record) -> Iterator[Hit]:
    block = _BLOCK_OF[type(record).__name__]
    for name in record.bad:
        item = item_of(here.world.year, block, name)
        if item is not None and item.kind == "date":
            yield Hit(name)


_BLOCK_OF = {"Header": "header", "Person": "person", "Request": "request", "Assessment": "assessment", "Plan": "plan",
"Setting": "setting",
             "Active": "active", "Placement": "placement", "Need": "need"}

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for book in (PERSON, REQUEST, PLAN, ACTIVE, FILE) for rule in book.rules})
"""Every rule by its id."""

_BY_BLOCK: Mapping[str, tuple[Rule, ...]] = MappingProxyType({
    block: tuple(rule for rule in RULES.values() if rule.block == block and rule.look is not _elsewhere)
    for block in (*_BLOCK_OF.values(), EVERY)})
_ON = {"placement": ("setting", "placement")}
"""A placement is a setting too: whose rules hold for a block, where it is not its own alone."""

ASKED_ABOUT: Mapping[str, tuple[str, str]] = MappingProxyType({
    "RequestSource": ("5", "requests"), "CeaseReason": ("9", "plans that ceased"), "SENSetting": ("OTH", "settings without a number"),
    "NIEO": ("NIEO", "placements")})
"""What R22 counts: the code that draws a question, and among what."""

LARGE_SHARE, ENOUGH = 0.10, 10
"""From which share on R22 speaks, and from which number: the DfE's own limits are not public, so these are this project's."""

Refs = Callable[[Person, Request | None], tuple[str | None, str | None]]
"""Says of a person, and of one request, the references of the case and of the person."""


def nobody(person: Person, request: Request | None) -> tuple[str | None, str | None]:
    """No references: the return is not this council's own, or not matched yet."""
    return None, None


def own_keys(person: Person, request: Request | None) -> tuple[str | None, str | None]:
    """The keys of the records are this engine's references: that of the request names the case, that of the person the person."""
    first = request or next(iter(person.requests), None)
    return first.key if first else None, person.key


@dataclass
class Check:
    """One pass over one return. `last` is the day on which it is looked at: nothing in it can have happened later, nor after the day
    on which the file says that it was made. Without `register` the rules in `not_run` are left out; with `only`, all but these."""

    header: Header
    last: date
    register: Register | None = None
    refs: Refs = nobody
    only: Collection[str] | None = None
    year: int = field(init=False)
    _seen: dict[bytes, str] = field(default_factory=dict, init=False, repr=False)
    _counts: Counter[str] = field(default_factory=Counter, init=False, repr=False)

    def __post_init__(self) -> None:
        header = self.header
        self.year = header.year or (header.reference_date.year if header.reference_date else LAST_YEAR)
        survey = header.reference_date or SURVEY_DAYS.get(self.year) or date(self.year, 1, 15)
        made = _day_of(header.made_at)
        last = min(made, self.last) if made else self.last
        self._world = World(self.year, survey, last, header.council, self.register)
        self._rules = {block: tuple(rule for of in (*_ON.get(block, (block,)), *(() if block == "header" else (EVERY,)))
                                    for rule in _BY_BLOCK[of] if self._runs(rule)) for block in _BLOCK_OF.values()}

    def _runs(self, rule: Rule) -> bool:
        return rule.is_in(self.year) and not rule.by_reader and not (rule.needs_register and self.register is None) and self._asked(rule.id)

    def _asked(self, id: str) -> bool:
        return self.only is None or id in self.only

    @property
    def not_run(self) -> tuple[Rule, ...]:
        """The rules of this year that could not be run for want of the register of schools."""
        return tuple(rule for rule in RULES.values() if rule.is_in(self.year) and rule.needs_register and self.register is None)

    def of_header(self) -> Iterator[Finding]:
        """What is wrong in the header."""
        here = Here(self._world, self.header)
        for rule in self._rules["header"]:
            yield from (self._finding(rule, here, self.header, hit) for hit in rule.look(here, self.header))

    def of_person(self, person: Person) -> Iterator[Finding]:
        """What is wrong with one person and everything within."""
        here = Here(self._world, self.header, person)
        yield from self._look("person", here, person)
        yield from self._twice(here, person)
        for request in person.requests:
            within = Here(self._world, self.header, person, request)
            for block, record in everything("request", request):
                self._count(block, record)
                yield from self._look(block, within, record)

    def at_the_end(self) -> Iterator[Finding]:
        """What shows only over the whole return."""
        rule = RULES["R22"]
        for tag, (code, among) in ASKED_ABOUT.items():
            count, base = self._counts[tag], self._counts[f"all {tag}"]
            if count >= ENOUGH and count > LARGE_SHARE * base:
                yield Finding(rule.id, rule.level, "whole return",
                              f"{rule.says} {count} of {base} {among} have {tag if tag != 'NIEO' else 'SENSetting'} {code}.", rule.do,
                              tag if tag != "NIEO" else "SENSetting", code)

    def _look(self, block: str, here: Here, record: Record) -> Iterator[Finding]:
        for rule in self._rules[block]:
            yield from (self._finding(rule, here, record, hit) for hit in rule.look(here, record))

    def _finding(self, rule: Rule, here: Here, looked_at: Record, hit: Hit) -> Finding:
        record = hit.record or looked_at
        item = item_of(self.year, _BLOCK_OF[type(record).__name__], hit.name) if hit.name else None
        request = looked_at if isinstance(looked_at, Request) else record if isinstance(record, Request) else here.request
        case, person = self.refs(here.person, request) if here.person else (None, None)
        do = rule.do
        command = rule.command_for(hit.name)
        if command and self.refs is not nobody and (case or here.person is None):
            do = f"{do} `{command.format(case=case or '', day=min(self._world.survey, self.last).isoformat())}`"
        says = f"{rule.says} {hit.more}" if hit.more else rule.says
        return Finding(rule.id, rule.level, record.place or looked_at.place or (here.person.place if here.person else ""), says, do,
        item.tag if item else None, shown(record, hit.name)
                       if hit.name else None, case, person)

    def _twice(self, here: Here, person: Person) -> Iterator[Finding]:
        marks = {"P15": person.upn, "P16": "\0".join((person.surname.casefold(), person.forename.casefold(),
        person.birth_date.isoformat()))
                 if person.surname and person.forename and person.birth_date else None}
        for id, mark in marks.items():
            if mark is None or not self._asked(id):
                continue
            key = blake2b(f"{id}\0{mark}".encode(), digest_size=10).digest()
            if key in self._seen:
                yield self._finding(RULES[id], here, person, Hit(RULES[id].fields[0], f"The other: {self._seen[key]}."))
            else:
                self._seen[key] = self.refs(person, None)[1] or person.place

    def _count(self, block: str, record: Record) -> None:
        for tag, value in _countable(block, record):
            self._counts[f"all {tag}"] += 1
            self._counts[tag] += value == ASKED_ABOUT[tag][0]


def _countable(block: str, record: Record) -> Iterator[tuple[str, str | None]]:
    if block == "request" and record.source is not None:
        yield "RequestSource", record.source
    elif block == "plan" and record.cease_reason is not None:
        yield "CeaseReason", record.cease_reason
    elif block in ("setting", "placement"):
        if record.code is not None:
            yield "SENSetting", record.code
        if isinstance(record, Placement):
            yield "NIEO", record.code


def _day_of(moment: str | None) -> date | None:
    try:
        return date.fromisoformat((moment or "")[:10])
    except ValueError:
        return None


def check(header: Header, persons: Iterable[Person], last: date, *, register: Register | None = None,
refs: Refs = nobody) -> Iterator[Finding]:
    """Everything that is wrong or doubtful in a return, in its order, as the persons come; memory stays bounded.

    `last` is the day on which it is looked at. What the rules of the file's own shape (X01) find comes from whoever reads the file.
    """
    looking = Check(header, last, register, refs)
    yield from looking.of_header()
    for person in persons:
        yield from looking.of_person(person)
    yield from looking.at_the_end()
