"""Whom a message may reach, and how: only who belongs to the case, through an address that somebody has made sure of.

The register of agencies and the contacts of the case decide. Where the register is not in use, and for the council's own
people, EHC_CHANNELS does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import Session, col, select

from models.agencies.reach import NotReached, plays, ways
from models.agencies.register import LEAD, MONDAY_TO_FRIDAY, ROLES, Entry, entries
from models.case import Case
from models.law.record import Fact
from models.message_key import first_key
from models.tables.agencies import AgencyClosureRow, AgencyRow
from models.tables.people import Contact
from notifications.channels import Channels
from notifications.messages import MESSAGES
from notifications.say import FAMILY
from notifications.what_follows import agency_of
from tasks.agencies import register
from tasks.people import normal

STAFF = "council."
OWNER = "council.owner"
DAY, NEXT_WEEK = timedelta(days=1), timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Destination:
    """One way to a recipient; without an `address`, the one that EHC_CHANNELS gives.

    `who` tells recipients apart: an agency, an officer, a role, or the family of one case. `contact` is the reference of the
    person written to, `entry` what the register holds of the organisation.
    """

    who: str
    role: str
    agency: str | None = None
    contact: str | None = None
    address: SecretStr | None = field(default=None, repr=False)
    entry: Entry | None = field(default=None, repr=False)

    @property
    def body(self) -> str | None:
        """s31 or other, as a fact says it, where the register knows."""
        return self.entry.agency.body if self.entry is not None else None


class Directory:
    """The register as one round of sending reads it: each organisation once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._entries: dict[str, Entry | None] = {}
        self._playing: dict[str, list[str]] = {}
        self._in_use: bool | None = None

    def entry(self, session: Session, agency: str) -> Entry | None:
        """What the register holds of an organisation, or None."""
        if agency not in self._entries:
            found = entries(register(session, agency))
            self._entries[agency] = found[0] if found else None
        return self._entries[agency]

    def playing(self, session: Session, role: str) -> list[str]:
        """The organisations that play a role on the day."""
        if role not in self._playing:
            self._playing[role] = [row.ref for row in session.exec(select(AgencyRow).order_by(col(AgencyRow.ref)))
                                   if role in row.roles.split() and (row.until is None or row.until >= self._on)]
        return self._playing[role]

    def closing(self, session: Session, today: date) -> list[str]:
        """The organisations that may be closed from tomorrow on for a reason of their own: a closure that begins then or after
        the coming weekend, or days of the week on which they do not work."""
        soon = {row.agency_ref for row in session.exec(select(AgencyClosureRow).where(
            col(AgencyClosureRow.since) > today, col(AgencyClosureRow.since) <= today + NEXT_WEEK))}
        usual = " ".join(map(str, MONDAY_TO_FRIDAY))
        some_days = {row.ref for row in session.exec(select(AgencyRow).where(col(AgencyRow.weekdays) != usual))
                     if str((today + DAY).weekday()) not in row.weekdays.split()}
        return sorted(soon | some_days)

    def in_use(self, session: Session) -> bool:
        """Whether the register holds any organisation: then letters to agencies go to nobody else."""
        if self._in_use is None:
            self._in_use = session.exec(sa.select(col(AgencyRow.ref)).limit(1)).first() is not None
        return self._in_use


def destinations(session: Session, directory: Directory, channels: Channels, case: Case, queued: Fact, on: date
                 ) -> list[Destination] | NotReached:
    """Every way to the recipient of a message, the first to be tried first; or why it may not go, and what to do."""
    role = queued["recipient"]
    if role.startswith(STAFF):
        officer = case.owner if role == OWNER else None
        return [Destination(officer or role, role, officer if officer and channels.knows(officer) else None)]
    if role == "family":
        return _family(session, case, on)
    return _agency(session, directory, channels, case, queued, on)


def untried(case: Case, key: str, found: Sequence[Destination]) -> list[Destination]:
    """The ways that this try has not used up: after a bounce first those to another contact than the one it came back from,
    and never again the one that will not take it, unless there is no other."""
    used = {fact["contact"] for fact in case.all("message_failed", key=key) if fact["contact"]}
    left = [way for way in found if way.contact is None or way.contact not in used]
    bounced = {fact["key"]: fact["final"] for fact in case.all("message_bounced") if first_key(fact["key"]) == first_key(key)}
    came_back = {fact["contact"]: bounced[fact["key"]] for fact in case.all("message_sent")
                 if fact["key"] in bounced and fact["contact"]}
    return ([way for way in left if way.contact not in came_back]
            or [way for way in left if came_back[way.contact] is False] or left)


# --- the family ------------------------------------------------------------------------------------------------------

def addressed(case: Case, recipient: str) -> tuple[str, ...]:
    """Under which roles the address for a recipient is looked for, the first first: the family's letters go to whoever holds
    its rights on the day of sending, from the end of compulsory school age the young person (s.83(2))."""
    return (case.addressee, recipient) if recipient == "family" and case.addressee != "parent" else (recipient,)


def _family(session: Session, case: Case, on: date) -> list[Destination] | NotReached:
    """The ways to the latest contact of the case whom the letters are addressed to: another way to the same person may stand
    in for one that fails, never another person."""
    for role in addressed(case, "family"):
        held = _contacts(session, case.ref, role, on)
        if not held:
            continue
        latest = held[0]
        same = [one for one in held if normal(one.name) == normal(latest.name)]
        sure = [one for one in same if one.verified_on is not None and one.verified_on <= on]
        if not sure:
            return NotReached("family", "not_verified", "nobody has made sure yet that the new address is theirs. Ask them on a"
                              f" number known before, then `ehc person {case.ref} --verify`; a second person does that.")
        return [Destination(f"family of {case.ref}", "family", None, f"contact-{one.id}", SecretStr(one.apprise_url or ""))
                for one in sure]
    return [Destination(f"family of {case.ref}", "family")]


def _contacts(session: Session, ref: str, role: str, on: date) -> Sequence[Contact]:
    """The contacts of a case with a channel, in force on the day, the latest first."""
    return session.exec(
        select(Contact).where(col(Contact.case_ref) == ref, col(Contact.role) == role, col(Contact.apprise_url).is_not(None),
                              col(Contact.since) <= on)
        .where(sa.or_(col(Contact.until).is_(None), col(Contact.until) >= on)).order_by(col(Contact.id).desc())).all()


# --- agencies --------------------------------------------------------------------------------------------------------

def _agency(session: Session, directory: Directory, channels: Channels, case: Case, queued: Fact, on: date
            ) -> list[Destination] | NotReached:
    role, agency = queued["recipient"], agency_of(case, queued)
    part, lead = role.removesuffix(LEAD), role.endswith(LEAD)
    if agency is not None and agency not in of_the_case(case):
        return NotReached(agency, "wrong_recipient", f"{agency} has nothing to do with {case.ref}: no fact of the case names it.")
    if agency is None and part in ROLES:
        playing = directory.playing(session, part)
        if len(playing) > 1:
            return NotReached(role, "several", f"{len(playing)} organisations play {part} ({', '.join(playing[:5])}), and the case"
                              f" does not say which is meant. Say which: `ehc record {case.ref} agency_named recipient={part}"
                              " agency=AGENCY`.")
        agency = playing[0] if playing else None
    entry = directory.entry(session, agency) if agency is not None else None
    if entry is None:
        named = agency is not None and (channels.knows(agency) or (lead and channels.knows(f"{agency}{LEAD}")))
        if agency is not None and not named and directory.in_use(session):
            return NotReached(agency, "unknown", f"{agency} is not in the register of agencies. Add it with `ehc agency add"
                              f" {agency}`, and a contact that is verified.")
        return [Destination(agency or role, role, agency)]
    if not plays(entry.agency, part):
        return NotReached(entry.agency.agency, "wrong_role", f"{entry.agency.agency} is {entry.agency.kind} in the register and does"
                          f" not play {part}. Correct the case, or what it is asked for with `ehc agency add --roles`.")
    found = ways(entry, on, lead=lead)
    if isinstance(found, NotReached):
        return found
    return [Destination(entry.agency.agency + LEAD * lead, role, entry.agency.agency, one.contact.contact, one.contact.channel,
                        entry) for one in found]


def of_the_case(case: Case) -> set[str]:
    """The agencies and settings that the facts of a case name; what was only written to it names nobody."""
    return {fact[name] for fact in case.facts if not fact.kind.startswith("message_")
            for name in ("agency", "setting", "to") if fact[name]}


def gateway(queued: Fact) -> str | None:
    """What in law lets a message go to its recipient; None for the family's own letters and the council's own people."""
    if queued["recipient"] == FAMILY or queued["recipient"].startswith(STAFF):
        return None
    return MESSAGES[queued["message"]].gateway
