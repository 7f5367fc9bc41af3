"""What is told of agencies, and what is wrong with it: the register with it is checked as a whole."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from typing import Any

from pydantic import SecretStr

from models.agencies.register import (
    CLOSED_FOR, CONTACT_ROLES, ITEMS, KEYS, KINDS, LEAD, ROLES, Agency, AgencyContact, Closure, Cover, Item, Key, Register)
from models.fact_fields import REFERENCE
from models.facts import FIRST_DAY, LAST_DAY
from models.law.dates import long

LONGEST = {"name": 200, "channel": 2000}


@dataclass(frozen=True, slots=True)
class Told:
    """One row as it was told: its table, the columns that were said, and where (a line of a file).

    A column that is left out stays as it is on record; None takes away what is there. `wrong` are the columns that
    could not be read, and why.
    """

    table: str
    values: Mapping[str, Any] = field(repr=False)
    where: str = ""
    wrong: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: where it was told, in which column, and what to do. Holds no name and no channel."""

    where: str
    column: str
    words: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.where, self.column, self.words)))


class BadRegister(ValueError):
    """What was told cannot stand in the register. `problems` says each thing that is wrong."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(map(str, self.problems)))


def amended(register: Register, told: Iterable[Told], today: date,
            unusable: Callable[[str], str | None] = lambda channel: None) -> dict[Key, Item]:
    """The register with what was told, checked as a whole. `unusable` says why a new channel cannot be used.

    A verification belongs to the channel: where that changes, the contact is to be verified anew.

    Raises BadRegister with everything that is wrong.
    """
    made, lines, problems = dict(register), dict[Key, str](), list[Problem]()
    for one in told:
        try:
            item = _item(one, register, today, unusable)
        except BadRegister as error:
            problems += error.problems
            continue
        if item.key in lines:
            problems.append(Problem(one.where, "", f"the same is told in {lines[item.key]} already."))
        made[item.key], lines[item.key] = item, one.where
    if not problems:
        # Somebody may have written into the tables by other means: what is wrong there stands in the way, too.
        stored = [(key, _column(name), words) for key, item in register.items() if key not in lines
                  for name, words in _wrong(item, LAST_DAY)]
        problems += (Problem(lines.get(key, f"on record, {' '.join(key)}"), column, words)
                     for key, column, words in stored or _contradictions(made))
    if problems:
        raise BadRegister(problems)
    return made


def _item(told: Told, register: Register, today: date, unusable: Callable[[str], str | None]) -> Item:
    """The row that was told, over what is on record of it. Raises BadRegister."""
    if told.wrong:
        raise BadRegister(Problem(told.where, column, words) for column, words in told.wrong)
    values = {("since" if column == "from" else column): value for column, value in told.values.items()}
    says_s31 = values.pop("s31_body", None)
    made = ITEMS[told.table]
    needed = {one.name for one in fields(made) if one.default is MISSING}
    if missing := [name for name in KEYS[told.table] if values.get(name) is None]:
        raise BadRegister(Problem(told.where, _column(name), "is blank.") for name in missing)
    key = (told.table, *(str(values[name]) for name in KEYS[told.table]))
    before = register.get(key)
    taken = sorted(name for name in needed if name in values and values[name] is None)
    missing = sorted(needed - values.keys()) if before is None else []
    if missing or taken:
        raise BadRegister([Problem(told.where, _column(name), "is blank.") for name in missing]
                          + [Problem(told.where, _column(name), "cannot be taken away.") for name in taken])
    for name in ("name", "channel"):
        if isinstance(values.get(name), str):
            values[name] = values[name].strip()
    if values.get("channel") is not None:
        values["channel"] = SecretStr(values["channel"])
    if told.table == "organisations":
        if "roles" not in values and before is None and values["kind"] in KINDS:
            values["roles"] = KINDS[values["kind"]].usual
        values |= {name: tuple(values[name] or ()) for name in ("roles", "weekdays") if name in values}
    if isinstance(before, AgencyContact) and values.get("channel", before.channel) != before.channel:
        verified = before.verified_on, before.verified_by
        if before.verified_on and (values.get("verified_on"), values.get("verified_by")) == verified:
            raise BadRegister([Problem(told.where, "verified_on", "the channel has changed since it was verified on"
                                       f" {long(before.verified_on)}. Leave verified_on and verified_by blank until"
                                       " somebody has verified the new one.")])
        values = {"verified_on": None, "verified_by": None} | values
    if made is Closure and values.get("why", "") is None:
        values["why"] = CLOSED_FOR[0]
    item: Item = made(**values) if before is None else replace(before, **values)
    problems = [Problem(told.where, _column(name), words) for name, words in _wrong(item, today)]
    if says_s31 is not None and isinstance(item, Agency) and item.kind in KINDS and says_s31 != item.is_s31_body:
        problems.append(Problem(told.where, "s31_body", _s31_words(item)))
    if not problems and isinstance(item, AgencyContact) and item.channel is not None and (
            before is None or item.channel != before.channel):
        if why := unusable(item.channel.get_secret_value()):
            problems.append(Problem(told.where, "channel", why))
    if problems:
        raise BadRegister(problems)
    return item


def _column(name: str) -> str:
    return "from" if name == "since" else name


def _s31_words(agency: Agency) -> str:
    kind = KINDS[agency.kind]
    if kind.s31:
        return f"says no, and {kind.words} is a body within s.31(1). Leave it blank, or correct the kind."
    return (f"says yes, and {kind.words} is none of the bodies of s.31(1). Leave it blank, or correct the kind"
            " (a trust is nhs_trust, another council's service other_council).")


def _wrong(item: Item, today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with a row by itself: the field and the words. What a contact's cell holds is never shown: where a
    cell has slipped, it is a name or a secret."""
    for name in ("agency", "contact", "cover", "verified_by"):
        value = getattr(item, name, None)
        if value is not None and not re.fullmatch(REFERENCE, value):
            yield name, "is no reference: use letters, digits and . _ : / - without blanks, and no name of a person."
    for name in ("since", "until", "verified_on"):
        value = getattr(item, name, None)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            yield name, f"{value} is not between {FIRST_DAY} and {LAST_DAY}. Check the year."
    if not isinstance(item, Agency) and item.until is not None and item.until < item.since:
        yield "until", f"{long(item.until)} is before {long(item.since)}, the first day. Check both."
    match item:
        case Agency():
            yield from _wrong_agency(item)
        case AgencyContact():
            yield from _wrong_contact(item, today)
        case Cover() if item.cover == item.contact:
            yield "cover", "is the contact who is away. Name somebody else."
        case Closure() if item.why not in CLOSED_FOR:
            yield "why", f"cannot be {item.why[:80]!r}. Choose from {', '.join(CLOSED_FOR)}."


def _wrong_agency(item: Agency) -> Iterator[tuple[str, str]]:
    if item.agency in ROLES or item.agency.endswith(LEAD):
        yield "agency", (f"{item.agency} would be taken for a role. Add something to it, such as"
                         f" {item.agency.replace('.', '-')}-1.")
    if why := _unfit("name", item.name):
        yield "name", why
    if item.kind not in KINDS:
        yield "kind", f"cannot be {item.kind[:80]!r}. Choose from {', '.join(KINDS)}."
        return
    kind = KINDS[item.kind]
    for role in item.roles:
        if role not in ROLES:
            yield "roles", f"{role[:80]!r} is no role. Choose from {', '.join(ROLES)}."
        elif role not in (*kind.usual, *kind.may):
            allowed = ", ".join(dict.fromkeys((*kind.usual, *kind.may)))
            yield "roles", f"{kind.words} cannot play {role}. It can play {allowed}."
    if len(set(item.roles)) < len(item.roles):
        yield "roles", "names a role twice."
    if not item.weekdays or item.weekdays != tuple(day for day in range(7) if day in item.weekdays):
        yield "weekdays", "must name at least one day of the week, each once, such as Mon-Fri."


def _wrong_contact(item: AgencyContact, today: date) -> Iterator[tuple[str, str]]:
    if why := _unfit("name", item.name):
        yield "name", why
    if item.role not in CONTACT_ROLES:
        yield "role", f"is none that a contact can have. Choose from {', '.join(CONTACT_ROLES)}."
    if item.channel is not None:
        channel = item.channel.get_secret_value()
        why = _unfit("channel", channel) or ("has a blank in it." if re.search(r"\s", channel) else None)
        if why:
            yield "channel", why
    if (item.verified_on is None) != (item.verified_by is None):
        yield "verified_on", "and verified_by belong together: say both or neither."
    elif item.verified_on is not None:
        if item.verified_on > today:
            yield "verified_on", f"{long(item.verified_on)} has not come yet."
        if item.channel is None:
            yield "verified_on", "there is no channel that could have been verified. Give one, or leave it blank."


def _unfit(what: str, text: str) -> str | None:
    """Why a text cannot be kept, or would be read back from a spreadsheet as something else; it is never shown."""
    if not text:
        return "is blank."
    if len(text) > LONGEST[what]:
        return f"has more than {LONGEST[what]} characters."
    if text[0] in "=+-@":
        return f"begins with {text[0]!r}, as a formula does. Take that away."
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", text):
        return "has a line break or another character in it that cannot be kept. Type it anew."
    return None


def _contradictions(register: Register) -> Iterator[tuple[Key, str, str]]:
    """What is wrong between rows: the key of one of them, the column, the words."""
    refs: dict[str, str] = {}
    for key, item in register.items():
        agency = register.get(("organisations", item.agency))
        if agency is None:
            yield key, "agency", (f"there is no organisation {item.agency} in the register. Add it first, or in the"
                                  " same load.")
            continue
        if item is agency:
            other = refs.setdefault(item.agency.casefold(), item.agency)
            if other != item.agency:
                yield key, "agency", f"differs from {other} in capitals alone. Give one of them another reference."
        elif isinstance(item, AgencyContact):
            kinds = CONTACT_ROLES[item.role].kinds
            if kinds and agency.kind not in kinds:
                yield key, "role", (f"there is no {item.role} at {KINDS[agency.kind].words}, but at these kinds:"
                                    f" {', '.join(kinds)}.")
        elif isinstance(item, Cover):
            for column in ("contact", "cover"):
                ref = getattr(item, column)
                if ("contacts", item.agency, ref) not in register:
                    yield key, column, f"{item.agency} has no contact {ref}. Add it first, or in the same load."
    yield from _covers_at_odds([item for item in register.values() if isinstance(item, Cover)])


def _covers_at_odds(covers: list[Cover]) -> Iterator[tuple[Key, str, str]]:
    by_agency: dict[str, list[Cover]] = {}
    for cover in covers:
        by_agency.setdefault(cover.agency, []).append(cover)
    for theirs in by_agency.values():
        for one in theirs:
            if any(other is not one and other.contact == one.contact and other.since <= one.since <= other.until
                   for other in theirs):
                yield one.key, "from", f"somebody else stands in for {one.contact} on {long(one.since)} already."
                continue
            # Who is away changes on first and last days only: a ring would be there on the latest first day in it.
            away = {other.contact: other.cover for other in theirs if other.since <= one.since <= other.until}
            at = away.pop(one.contact)
            while at in away:
                at = away.pop(at)
            if at == one.contact:
                yield one.key, "cover", (f"on {long(one.since)} those who stand in for each other are all away. Name"
                                         " somebody else.")
