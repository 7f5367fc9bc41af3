"""Whether anybody is at an agency on a day, and whom a letter to it reaches.

No closure moves a date that the law sets: it only tells whether anybody is there.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from models.agencies.register import LEAD, PLACES, ROLES, WRITTEN_TO, Agency, AgencyContact, Entry
from models.calendar import bank_holidays
from models.facts import LAST_DAY
from models.law.dates import long


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
    return role in agency.roles or role not in ROLES or (role == "setting" and agency.kind in PLACES)


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
