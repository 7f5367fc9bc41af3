"""The register of agencies in the database: taken in whole or not at all, and asked whom a letter reaches.

Names and channels of contacts stand here alone, in tables that can be erased; errors name references.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import Session, col, select

from models.agencies.reach import NotReached, is_open, next_open_day, whom
from models.agencies.register import LEAD, ROLES, Agency, AgencyContact, Closure, Cover, Entry, Item, Key, entries
from models.agencies.told import Told, amended
from models.tables.agencies import AgencyClosureRow, AgencyContactRow, AgencyCoverRow, AgencyRow

Row = AgencyRow | AgencyContactRow | AgencyCoverRow | AgencyClosureRow
ROWS: Mapping[str, type[Row]] = {
    "organisations": AgencyRow, "contacts": AgencyContactRow, "covers": AgencyCoverRow, "closures": AgencyClosureRow}
"""The tables, each after those that it refers to."""

_ONE_AT_A_TIME = 0x454843_07           # of an advisory lock


class NoSuchAgency(LookupError):
    """What was named is not in the register; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who at which agency receives a letter on a day, and through which channel.

    `channel` is an e-mail address or an Apprise URL, for `Channels.send(..., address=channel)`. `stands_in_for` is the
    contact who is away. `next_open_on` is the first day on which the agency is open, from the day asked for.
    """

    agency: str
    contact: str
    role: str
    name: str = field(repr=False)
    channel: SecretStr = field(repr=False)
    stands_in_for: str | None
    is_open: bool
    next_open_on: date | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a load did: the rows that it added and changed, how many were there already; of those that it added or
    changed, the contacts whom nobody has verified."""

    added: tuple[Key, ...]
    changed: tuple[Key, ...]
    same: int
    to_verify: tuple[Key, ...]


# --- reading ---------------------------------------------------------------------------------------------------------

def register(session: Session, agency: str | None = None) -> dict[Key, Item]:
    """The whole register, or what it holds of one organisation."""
    found: dict[Key, Item] = {}
    for table, kind in ROWS.items():
        asked = select(kind)
        if agency is not None:
            asked = asked.where(col(kind.ref if kind is AgencyRow else kind.agency_ref) == agency)
        for row in session.exec(asked):
            item = _item(row)
            found[item.key] = item
    return found


def entry(session: Session, agency: str) -> Entry:
    """What the register holds of one organisation. Raises NoSuchAgency."""
    found = entries(register(session, agency))
    if not found:
        raise NoSuchAgency(f"{agency}: there is no such organisation in the register. `ehc agency list` names them.")
    return found[0]


def reach(session: Session, agency_or_role: str, on: date) -> Recipient | NotReached:
    """Who receives a letter to this agency, or to the one agency that plays this role, on that day; or why nobody does.

    The name may end with ".lead", as in EHC_CHANNELS. Only a contact in office whose channel has been verified by that
    day is answered, or who stands in for one and is verified: nothing is disclosed to an address that nobody has tried.
    Closures never keep a letter back; `is_open` and `next_open_on` tell whether anybody is there to read it.
    """
    who = agency_or_role.removesuffix(LEAD)
    lead = who != agency_or_role
    if who in ROLES:
        playing = [row.ref for row in session.exec(select(AgencyRow).order_by(col(AgencyRow.ref)))
                   if who in row.roles.split() and (row.until is None or row.until >= on)]
        if not playing:
            return NotReached(agency_or_role, "no_organisation", f"no organisation in the register plays {who}. Add it"
                              " with `ehc agency add`.")
        if len(playing) > 1:
            names = ", ".join(playing[:5]) + (" ..." if playing[5:] else "")
            return NotReached(agency_or_role, "several", f"{len(playing)} organisations play {who} ({names}). Name one"
                              " of them.")
        who = playing[0]
    found = entries(register(session, who))
    if not found:
        return NotReached(agency_or_role, "unknown", "neither an organisation of the register nor a role. Add it with"
                          " `ehc agency add`.")
    return as_recipient(found[0], on, lead=lead)


def as_recipient(found: Entry, on: date, *, lead: bool = False) -> Recipient | NotReached:
    """The same as `reach` answers, of an organisation that has been read."""
    reached = whom(found, on, lead=lead)
    if isinstance(reached, NotReached):
        return reached
    one = reached.contact
    assert one.channel is not None
    return Recipient(one.agency, one.contact, one.role, one.name, one.channel, reached.stands_in_for,
                     is_open(found, on), next_open_day(found, on))


# --- writing ---------------------------------------------------------------------------------------------------------

def load(session: Session, told: Iterable[Told], today: date) -> Changes:
    """Take rows into the register: all of them, or none if anything is wrong. What is not told stays as it is.

    The same rows again change nothing. Raises BadRegister, which names place and column of everything that is wrong.
    """
    if session.get_bind().dialect.name == "postgresql":    # two loads at once could each be right and both be wrong
        session.exec(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    told = list(told)
    before = register(session)
    after = amended(before, told, today, unusable)
    added = [key for key in after if key not in before]
    changed = [key for key in after if key in before and after[key] != before[key]]
    for table, kind in ROWS.items():
        rows = [_row(after[key]) for key in added if key[0] == table]
        if rows:
            session.exec(sa.insert(kind), params=rows)
        for key in changed:
            if key[0] == table:
                session.exec(sa.update(kind).where(*_is(key)).values(_row(after[key])))
    new = (after[key] for key in (*added, *changed))
    return Changes(tuple(added), tuple(changed), len(told) - len(added) - len(changed), tuple(
        one.key for one in new if isinstance(one, AgencyContact) and one.verified_on is None
        and (one.until is None or one.until >= today)))


def verify(session: Session, agency: str, contact: str, on: date, by: str, today: date) -> None:
    """Write down that `by` made sure on that day that the channel reaches this contact.

    Raises NoSuchAgency, and BadRegister if there is no channel or the day has not come.
    """
    _must_be_there(session, ("contacts", agency, contact))
    load(session, [
        Told("contacts", {"agency": agency, "contact": contact, "verified_on": on, "verified_by": by})], today)


def end_contact(session: Session, agency: str, contact: str, on: date, today: date) -> None:
    """Write down the last day of a contact. Raises NoSuchAgency, and BadRegister if it is before the first."""
    _must_be_there(session, ("contacts", agency, contact))
    load(session, [Told("contacts", {"agency": agency, "contact": contact, "until": on})], today)


def end_agency(session: Session, agency: str, on: date, today: date) -> None:
    """Write down the last day of an organisation. Raises NoSuchAgency."""
    _must_be_there(session, ("organisations", agency))
    load(session, [Told("organisations", {"agency": agency, "until": on})], today)


def take_back(session: Session, key: Key) -> None:
    """Take a closure or a cover out of the register. Raises NoSuchAgency."""
    _must_be_there(session, key)
    session.exec(sa.delete(ROWS[key[0]]).where(*_is(key)))


def erase_contact(session: Session, agency: str, contact: str) -> None:
    """Take a contact out of the register, with every cover by or for them, so that nothing tells who it was.

    Raises NoSuchAgency.
    """
    key = ("contacts", agency, contact)
    _must_be_there(session, key)
    session.exec(sa.delete(AgencyCoverRow).where(
        col(AgencyCoverRow.agency_ref) == agency,
        sa.or_(col(AgencyCoverRow.contact_ref) == contact, col(AgencyCoverRow.cover_ref) == contact)))
    session.exec(sa.delete(AgencyContactRow).where(*_is(key)))


def unusable(channel: str) -> str | None:
    """Why an address cannot be a contact's channel, without showing it; None if it can: an e-mail address, or an
    Apprise URL that names one recipient."""
    from apprise import Apprise

    from notifications import eml, govuk_notify
    from notifications.channels import E_MAIL             # it also keeps what Apprise says of addresses out of logs

    if E_MAIL.fullmatch(channel):
        return None
    eml.make_known()
    govuk_notify.make_known()
    plugin = Apprise.instantiate(channel)
    if plugin is None:
        return ("is neither an e-mail address nor another that Apprise understands; https://appriseit.com says how they"
                " are written.")
    recipients = len(plugin) + len(getattr(plugin, "cc", ())) + len(getattr(plugin, "bcc", ()))
    if recipients != 1:
        return f"names {recipients} recipients. Give it one: it must be possible to prove who was told."
    return None


# --- between rows and what they tell ---------------------------------------------------------------------------------

def _must_be_there(session: Session, key: Key) -> None:
    """Raise NoSuchAgency unless there is such a row."""
    if key in register(session, key[1]):
        return
    if key[0] == "contacts":
        raise NoSuchAgency(f"{key[1]} has no contact {key[2]}. `ehc agency show {key[1]}` names them.")
    if key[0] in ("covers", "closures"):
        what = "closure" if key[0] == "closures" else f"cover for {key[2]}"
        raise NoSuchAgency(f"{key[1]} has no {what} that begins on {key[-1]}. `ehc agency show {key[1]}` names them.")
    raise NoSuchAgency(f"{key[1]}: there is no such organisation in the register. `ehc agency list` names them all.")


def _item(row: Row) -> Item:
    match row:
        case AgencyRow():
            return Agency(row.ref, row.kind, row.name, tuple(row.roles.split()),
                          tuple(map(int, row.weekdays.split())), row.until)
        case AgencyContactRow():
            return AgencyContact(row.agency_ref, row.ref, row.role, row.name, row.since,
                                 None if row.channel is None else SecretStr(row.channel), row.until, row.verified_on,
                                 row.verified_by)
        case AgencyCoverRow():
            return Cover(row.agency_ref, row.contact_ref, row.cover_ref, row.since, row.until)
        case AgencyClosureRow():
            return Closure(row.agency_ref, row.since, row.until, row.why)


def _row(item: Item) -> dict[str, Any]:
    match item:
        case Agency():
            return {"ref": item.agency, "kind": item.kind, "name": item.name, "roles": " ".join(item.roles),
                    "weekdays": " ".join(map(str, item.weekdays)), "until": item.until}
        case AgencyContact():
            return {"agency_ref": item.agency, "ref": item.contact, "role": item.role, "name": item.name,
                    "channel": None if item.channel is None else item.channel.get_secret_value(), "since": item.since,
                    "until": item.until, "verified_on": item.verified_on, "verified_by": item.verified_by}
        case Cover():
            return {"agency_ref": item.agency, "contact_ref": item.contact, "cover_ref": item.cover,
                    "since": item.since, "until": item.until}
        case Closure():
            return {"agency_ref": item.agency, "since": item.since, "until": item.until, "why": item.why}


def _is(key: Key) -> list[Any]:
    """The conditions that pick the row of a key."""
    match key:
        case ("organisations", agency):
            return [col(AgencyRow.ref) == agency]
        case ("contacts", agency, contact):
            return [col(AgencyContactRow.agency_ref) == agency, col(AgencyContactRow.ref) == contact]
        case ("covers", agency, contact, since):
            return [col(AgencyCoverRow.agency_ref) == agency, col(AgencyCoverRow.contact_ref) == contact,
                    col(AgencyCoverRow.since) == date.fromisoformat(since)]
        case (_, agency, since):
            return [col(AgencyClosureRow.agency_ref) == agency,
                    col(AgencyClosureRow.since) == date.fromisoformat(since)]
    raise AssertionError(key)
