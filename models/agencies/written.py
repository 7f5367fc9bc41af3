"""The register as people write it in tables: what stands in each column, days of the week, roles."""

import re
from collections.abc import Iterable, Mapping

from models.agencies.register import CLOSED_FOR, CONTACT_ROLES, KINDS

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

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
