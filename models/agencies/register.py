"""The register of agencies: who they are, whom they name, who stands in, and when they are closed.

Facts and messages name an agency by its reference or by the role that it plays. Nothing here reads a database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import SecretStr

from models.advice import ADVISER_ROLES

LEAD = ".lead"
"""Ends the name of an agency or role when its lead is meant, as it does in EHC_CHANNELS."""

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)

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
PLACES = ("school", "college", "early_years", "virtual_school", "youth_accommodation")


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
    "head": ContactRole("head teacher, principal or manager", PLACES),
    "senco": ContactRole("special educational needs co-ordinator, or SEN lead of an early years provider", PLACES),
    "lead": ContactRole("told when advice is nearly or quite late; written to where there is nobody else"),
    "cover": ContactRole("written to only in place of another"),
}

WRITTEN_TO = ("contact", "dco", "dmo", "dsco", "head", "senco", "lead")
"""Who is written to, the first who is there: whom the organisation named itself, then the officers, then the lead."""

CLOSED_FOR = ("holiday", "training", "closure")

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
KEYS = {"organisations": ("agency",), "contacts": ("agency", "contact"), "covers": ("agency", "contact", "since"),
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
