"""The register of agencies: who they are, when they are open, and whom a letter to them reaches on a day.

Facts and messages name an agency by its reference or by the role that it plays. Nothing here reads a database, and no
closure moves a date that the law sets: it only tells whether anybody is there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from pydantic import SecretStr

from models.calendar import bank_holidays
from models.case import ADVISER_ROLES
from models.facts import FIRST_DAY, LAST_DAY, REFERENCE
from models.law.dates import long

LEAD = ".lead"
"""Ends the name of an agency or role when its lead is meant, as it does in EHC_CHANNELS."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
LONGEST = {"name": 200, "channel": 2000}

ROLES: Mapping[str, str] = {
    "setting": "gives educational advice, is told and consulted",
    "early_years": "is told as an early years provider",
    "mod": "gives advice for the Secretary of State for Defence",
    "sensory_team": "is consulted on hearing or visual impairment",
    "rcb": "the responsible commissioning body: is told, and identifies who gives medical advice",
    "ep_service": "gives psychological advice",
    "social_care": "is told, and gives advice in relation to social care",
    "pfa": "gives advice on preparing for adulthood",
    "other": "gives advice that the council thinks appropriate",
    "requested": "gives advice that the family reasonably asks for",
    "mediation": "gives families information about mediation",
    "sendiass": "gives families information, advice and support",
}
"""Every role that an agency can play, as messages name it; ADVISER_ROLES says which advice each gives."""

ANYBODYS = ("pfa", "other", "requested")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organisation: the body of s.31(1) that it is, if it is one; the roles it plays usually or may play."""

    words: str
    s31: str | None = None
    usual: tuple[str, ...] = ()
    may: tuple[str, ...] = ANYBODYS


_SERVICES = ("ep_service", "social_care", "sensory_team", *ANYBODYS)

KINDS: Mapping[str, Kind] = {
    "school": Kind("a school", usual=("setting",)),
    "college": Kind("a college or other post-16 institution", usual=("setting",)),
    "early_years": Kind("an early years provider", usual=("setting", "early_years")),
    "ep_service": Kind("the council's educational psychology service", usual=("ep_service",)),
    "social_care": Kind("the council's social care", usual=("social_care",)),
    "sensory_team": Kind("the council's sensory team", usual=("sensory_team",)),
    "virtual_school": Kind("the council's virtual school", usual=("other",)),
    "icb": Kind("an integrated care board", "an integrated care board", ("rcb",)),
    "nhs_england": Kind("NHS England", "NHS England", (), ("rcb", *ANYBODYS)),
    "nhs_trust": Kind("an NHS trust or foundation trust", "an NHS trust or foundation trust", ("other",), _SERVICES),
    "health_board": Kind("a Local Health Board", "a Local Health Board", ("other",), ("rcb", *ANYBODYS)),
    "health_provider": Kind("a health provider that is no NHS trust", usual=("other",), may=_SERVICES),
    "youth_offending_team": Kind("a youth offending team", "a youth offending team", ("other",)),
    "youth_accommodation": Kind("the person in charge of relevant youth accommodation",
                                "the person in charge of relevant youth accommodation", ("other",),
                                ("setting", *ANYBODYS)),
    "other_council": Kind("another local authority", "another local authority", (), _SERVICES),
    "mod": Kind("the Ministry of Defence", usual=("mod",)),
    "mediation": Kind("a mediation service", usual=("mediation",), may=()),
    "sendiass": Kind("an information, advice and support service (SENDIASS)", usual=("sendiass",), may=()),
    "other": Kind("another organisation, or a person in practice", usual=("requested",), may=_SERVICES),
}

_HEALTH = ("icb", "nhs_england", "nhs_trust", "health_board", "health_provider")
_PLACES = ("school", "college", "early_years", "virtual_school", "youth_accommodation")


@dataclass(frozen=True, slots=True)
class ContactRole:
    """What somebody is for an organisation, and in which kinds there can be one (none given: in all)."""

    words: str
    kinds: tuple[str, ...] = ()


CONTACT_ROLES: Mapping[str, ContactRole] = {
    "contact": ContactRole("whom the organisation wants written to"),
    "dco": ContactRole("designated clinical officer", _HEALTH),
    "dmo": ContactRole("designated medical officer", _HEALTH),
    "dsco": ContactRole("designated social care officer", ("social_care", "other_council")),
    "head": ContactRole("head teacher, principal or manager", _PLACES),
    "senco": ContactRole("special educational needs co-ordinator, or SEN lead of an early years provider", _PLACES),
    "lead": ContactRole("told when advice is nearly or quite late; written to where there is nobody else"),
    "cover": ContactRole("written to only in place of another"),
}

WRITTEN_TO = ("contact", "dco", "dmo", "dsco", "head", "senco", "lead")
"""Who is written to, the first who is there: whom the organisation named itself, then the officers, then the lead."""

CLOSED_FOR = ("holiday", "training", "closure")

TABLES: Mapping[str, Mapping[str, str]] = {
    "organisations": {
        "agency": "reference, as facts name it, such as school-7 (must be there)",
        "kind": f"{', '.join(KINDS)} (must be there)",
        "name": "name of the organisation (must be there)",
        "roles": "what it is asked for, such as: setting pfa; blank for what its kind usually plays, none for nothing",
        "weekdays": "days on which it works, such as Mon-Fri or: Mon Wed; blank for Mon-Fri",
        "s31_body": "yes or no: a body within s.31(1); follows from the kind, and is refused if it says otherwise",
        "until": "last day of the organisation; blank while it goes on",
    },
    "contacts": {
        "agency": "reference of the organisation (must be there)",
        "contact": "reference of the contact within it, such as dco-1, and no name (must be there)",
        "role": f"{', '.join(CONTACT_ROLES)} (must be there)",
        "name": "name of the person or the office (must be there)",
        "channel": "e-mail address, or another address as Apprise writes it; secret",
        "from": "first day in this role (must be there)",
        "until": "last day; blank while it goes on",
        "verified_on": "day on which somebody made sure that the channel reaches this contact",
        "verified_by": "reference of who did, such as officer-3",
    },
    "covers": {
        "agency": "reference of the organisation (must be there)",
        "contact": "reference of the contact who is away (must be there)",
        "cover": "reference of the contact who stands in (must be there)",
        "from": "first day (must be there)",
        "until": "last day (must be there)",
    },
    "closures": {
        "agency": "reference of the organisation (must be there)",
        "from": "first day on which it is closed (must be there)",
        "until": "last day on which it is closed (must be there)",
        "why": f"{', '.join(CLOSED_FOR)}; blank for holiday",
    },
}
"""The four tables of the register, and what stands in each column."""

Key = tuple[str, ...]
"""A table and what makes one row of it: ("contacts", "icb-1", "dco-1")."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation, under the reference that facts carry. `until` is its last day."""

    agency: str
    kind: str
    name: str
    roles: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY
    until: date | None = None

    @property
    def key(self) -> Key:
        return ("organisations", self.agency)

    @property
    def is_s31_body(self) -> bool:
        """Whether it is a body within s.31(1), which reg 8 binds to answer in six weeks. Its kind alone tells."""
        return KINDS[self.kind].s31 is not None

    @property
    def body(self) -> str:
        """The same as a fact's field `body` says it: s31 or other."""
        return "s31" if self.is_s31_body else "other"

    @property
    def advice(self) -> tuple[str, ...]:
        """The advice of reg 6(1) for which it is asked."""
        return tuple(adviser for adviser, role in ADVISER_ROLES.items() if role in self.roles)


@dataclass(frozen=True, slots=True)
class AgencyContact:
    """Somebody at an organisation, from `since` to `until`. Name and channel show in no `repr`."""

    agency: str
    contact: str
    role: str
    name: str = field(repr=False)
    since: date
    channel: SecretStr | None = field(default=None, repr=False)
    until: date | None = None
    verified_on: date | None = None
    verified_by: str | None = None

    @property
    def key(self) -> Key:
        return ("contacts", self.agency, self.contact)

    @property
    def channel_kind(self) -> str | None:
        """The kind of channel, which is no secret: email, or the scheme of its address."""
        if self.channel is None:
            return None
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]{0,19})://", self.channel.get_secret_value())
        return scheme.group(1).lower() if scheme else "email"


@dataclass(frozen=True, slots=True)
class Cover:
    """`cover` stands in for `contact` from `since` to `until`; both are contacts of one organisation."""

    agency: str
    contact: str
    cover: str
    since: date
    until: date

    @property
    def key(self) -> Key:
        return ("covers", self.agency, self.contact, self.since.isoformat())


@dataclass(frozen=True, slots=True)
class Closure:
    """The organisation is closed from `since` to `until`."""

    agency: str
    since: date
    until: date
    why: str = CLOSED_FOR[0]

    @property
    def key(self) -> Key:
        return ("closures", self.agency, self.since.isoformat())


Item = Agency | AgencyContact | Cover | Closure
Register = Mapping[Key, Item]
"""Every row of the register under its key."""

ITEMS: Mapping[str, type[Any]] = {
    "organisations": Agency, "contacts": AgencyContact, "covers": Cover, "closures": Closure}
_KEYS = {"organisations": ("agency",), "contacts": ("agency", "contact"), "covers": ("agency", "contact", "since"),
         "closures": ("agency", "since")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One organisation with all that the register holds of it."""

    agency: Agency
    contacts: tuple[AgencyContact, ...] = ()
    covers: tuple[Cover, ...] = ()
    closures: tuple[Closure, ...] = ()


def entries(register: Register) -> list[Entry]:
    """Every organisation with what belongs to it, by reference."""
    parts: dict[str, dict[str, list[Any]]] = {}
    for key in sorted(register):
        parts.setdefault(key[1], {}).setdefault(key[0], []).append(register[key])
    return [Entry(one["organisations"][0], *(tuple(one.get(table, ())) for table in ("contacts", "covers", "closures")))
            for _, one in sorted(parts.items())]


# --- whether anybody is there ----------------------------------------------------------------------------------------

def is_open(entry: Entry, on: date) -> bool:
    """Whether it works on that day: one of its weekdays, no bank holiday in England, no closure, not ended."""
    return (on.weekday() in entry.agency.weekdays and on not in bank_holidays()
            and not any(one.since <= on <= one.until for one in entry.closures) and not _ended(entry.agency, on))


def next_open_day(entry: Entry, on: date) -> date | None:
    """The first day from `on` on which the organisation is open, that day included; None if there will be none.

    It tells when an answer can be hoped for, and moves no limit of the law.
    """
    while on <= LAST_DAY and not _ended(entry.agency, on):
        if is_open(entry, on):
            return on
        on = max((one.until for one in entry.closures if one.since <= on <= one.until), default=on) + timedelta(days=1)
    return None


def _ended(agency: Agency, on: date) -> bool:
    return agency.until is not None and agency.until < on


# --- whom a letter reaches -------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Reached:
    """The contact whom a letter reaches, and for whom that contact stands in, if for somebody."""

    contact: AgencyContact
    stands_in_for: str | None = None


@dataclass(frozen=True, slots=True)
class NotReached:
    """Why nobody can be written to, and what to do. Holds references only.

    `code` is unknown, no_organisation, several, ended, no_contact, no_channel, not_verified, wrong_recipient or wrong_role.
    """

    who: str
    code: str
    words: str

    def __str__(self) -> str:
        return f"{self.who}: {self.words}"


def whom(entry: Entry, on: date, *, lead: bool = False) -> Reached | NotReached:
    """Whom a letter to the organisation reaches on that day: the first of `ways`, or why nobody."""
    found = ways(entry, on, lead=lead)
    return found if isinstance(found, NotReached) else found[0]


def ways(entry: Entry, on: date, *, lead: bool = False) -> list[Reached] | NotReached:
    """Everybody at the organisation whom a letter may go to on that day, in the order in which they are tried: those of
    WRITTEN_TO who are in office and verified, or who stand in for one who is away. With `lead`, its lead or who stands in
    for the lead, and nobody else.

    Of several in one role the latest to begin comes first. Whoever is away is not written to.
    """
    ref, roles = entry.agency.agency, ("lead",) if lead else WRITTEN_TO
    who = ref + LEAD * lead
    if _ended(entry.agency, on):
        return NotReached(who, "ended", f"the organisation ended on {long(entry.agency.until)}. Ask whoever took over"
                          " from it.")
    current = sorted((one for one in entry.contacts if one.role in roles and _in_office(one, on)),
                     key=lambda one: (roles.index(one.role), -one.since.toordinal(), one.contact))
    reached: dict[str, Reached] = {}
    refused: list[NotReached] = []
    for one in current:
        found = _standing_in(entry, one, on)
        why = found if isinstance(found, NotReached) else _not_to_be_written_to(who, found, on)
        if why is None:
            reached.setdefault(found.contact, Reached(found, None if found is one else one.contact))
        else:
            refused.append(why)
    if reached:
        return list(reached.values())
    if refused:
        return refused[0]
    needed = "lead" if lead else "contact"
    return NotReached(who, "no_contact", f"no {needed} is in office on {long(on)}. Add one with"
                      f" `ehc agency contact {ref} ...`.")


def plays(agency: Agency, role: str) -> bool:
    """Whether it may be written to in this role: one that it plays, or that of the place that it is."""
    return role in agency.roles or role not in ROLES or (role == "setting" and agency.kind in _PLACES)


def _in_office(one: AgencyContact, on: date) -> bool:
    return one.since <= on and (one.until is None or on <= one.until)


def _standing_in(entry: Entry, one: AgencyContact, on: date) -> AgencyContact | NotReached:
    """The contact, or at the end of the chain whoever covers on that day. Validation lets no chain be a ring."""
    by_ref = {other.contact: other for other in entry.contacts}
    away = {cover.contact: cover.cover for cover in entry.covers if cover.since <= on <= cover.until}
    found = one
    while found.contact in away:
        found = by_ref[away.pop(found.contact)]
    if found is not one and not _in_office(found, on):
        return NotReached(entry.agency.agency, "no_contact", f"{one.contact} is away on {long(on)}, and"
                          f" {found.contact}, who stands in, is not in office that day. Name somebody else with"
                          " `ehc agency cover`.")
    return found


def _not_to_be_written_to(who: str, one: AgencyContact, on: date) -> NotReached | None:
    if one.channel is None:
        return NotReached(who, "no_channel", f"{one.contact} has no channel. Give one with"
                          f" `ehc agency contact {one.agency} {one.contact} --channel ...`.")
    if one.verified_on is None or one.verified_on > on:
        return NotReached(who, "not_verified", f"nobody had made sure by {long(on)} that the channel of {one.contact}"
                          " reaches them. Call them on a number known otherwise, then"
                          f" `ehc agency verify {one.agency} {one.contact}`.")
    return None


# --- what is told, and what is wrong with it -------------------------------------------------------------------------

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
    if missing := [name for name in _KEYS[told.table] if values.get(name) is None]:
        raise BadRegister(Problem(told.where, _column(name), "is blank.") for name in missing)
    key = (told.table, *(str(values[name]) for name in _KEYS[told.table]))
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


# --- as people write it ----------------------------------------------------------------------------------------------

def read_weekdays(text: str) -> tuple[int, ...]:
    """Days of the week as people write them. Raises ValueError.

    >>> read_weekdays("Mon-Wed, friday")
    (0, 1, 2, 4)
    """
    found: set[int] = set()
    for word in re.split(r"[\s,;]+", re.sub(r"\s*-\s*", "-", text.strip())):
        first, dash, last = word.partition("-")
        start, end = _weekday(first), _weekday(last if dash else first)
        if start is None or end is None or end < start:
            raise ValueError(f"{word[:40]!r} is no day of the week. Write Mon-Fri, or: Mon Wed Fri.")
        found |= set(range(start, end + 1))
    return tuple(sorted(found))


def _weekday(word: str) -> int | None:
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return next((n for n, name in enumerate(names) if len(word) >= 3 and name.startswith(word.lower())), None)


def read_roles(text: str) -> tuple[str, ...]:
    """Roles as people write them, with blanks, commas or semicolons between.

    >>> read_roles("setting; EP-service")
    ('setting', 'ep_service')
    """
    return tuple(word.lower().replace("-", "_") for word in re.split(r"[\s,;]+", text.strip()) if word)


def write_weekdays(days: Iterable[int]) -> str:
    """Days of the week for a cell.

    >>> write_weekdays((0, 1, 4))
    'Mon Tue Fri'
    """
    return " ".join(WEEKDAYS[day] for day in days)
