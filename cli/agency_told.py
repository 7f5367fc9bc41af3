"""What `ehc agency` says: an organisation and whom a letter to it reaches, what a change did, as words and as JSON."""

from datetime import date
from typing import TYPE_CHECKING, Any

from cli import show

if TYPE_CHECKING:
    from models.agencies.register import AgencyContact, Entry, Key
    from tasks.agencies import Changes


def as_row(one: "Entry", day: date) -> dict[str, Any]:
    """An organisation in short: whether a letter reaches somebody there on that day, and whether it is open."""
    from models.agencies.reach import NotReached, is_open, next_open_day, whom

    reached = whom(one, day)
    nobody = isinstance(reached, NotReached)
    return {"agency": one.agency.agency, "kind": one.agency.kind, "name": one.agency.name,
            "roles": list(one.agency.roles), "advice": list(one.agency.advice), "s31_body": one.agency.is_s31_body,
            "until": one.agency.until,
            "reached": None if nobody else reached.contact.contact, "why_not": reached.code if nobody else None,
            "open": is_open(one, day), "next_open_on": next_open_day(one, day)}


def as_record(found: "Entry", day: date) -> dict[str, Any]:
    """An organisation with its contacts, covers and closures. Of a channel only the kind is told."""
    from models.agencies.written import write_weekdays
    from tasks.agencies import as_recipient

    return as_row(found, day) | {
        "on": day, "weekdays": write_weekdays(found.agency.weekdays).split(),
        "reached": as_reached(as_recipient(found, day)), "lead": as_reached(as_recipient(found, day, lead=True)),
        "contacts": [_as_contact(one) for one in found.contacts],
        "covers": [{"contact": one.contact, "cover": one.cover, "from": one.since, "until": one.until}
                   for one in found.covers],
        "closures": [{"from": one.since, "until": one.until, "why": one.why} for one in found.closures]}


def _as_contact(one: "AgencyContact") -> dict[str, Any]:
    return {"contact": one.contact, "role": one.role, "name": one.name, "from": one.since, "until": one.until,
            "channel": one.channel_kind, "verified_on": one.verified_on, "verified_by": one.verified_by}


def as_reached(found: Any) -> dict[str, Any]:
    """Whom a letter reaches, or why nobody."""
    from models.agencies.reach import NotReached

    if isinstance(found, NotReached):
        return {"reached": False, "code": found.code, "why": str(found)}
    return {"reached": True, "agency": found.agency, "contact": found.contact, "role": found.role, "name": found.name,
            "stands_in_for": found.stands_in_for, "open": found.is_open, "next_open_on": found.next_open_on}


def reached_words(told: dict[str, Any]) -> str:
    """The same in words."""
    if not told["reached"]:
        return f"reaches nobody. {told['why']}"
    stands_in = f", for {told['stands_in_for']}" if told["stands_in_for"] else ""
    return f"reaches {told['name']} ({told['role']}){stands_in}."


def tell_open(told: dict[str, Any], day: date) -> None:
    """Say whether it is open on that day, or when next."""
    if told["open"]:
        show.say(f"Open on {show.day(day)}.")
    else:
        show.say(f"Closed on {show.day(day)}; " + (
            f"next open on {show.day(told['next_open_on'])}." if told["next_open_on"] else "it does not open again."))


def counts(changes: "Changes") -> dict[str, Any]:
    """What a change did, in figures, and whom it leaves to be verified."""
    return {"added": len(changes.added), "changed": len(changes.changed), "same": changes.same,
            "to_verify": _names(changes.to_verify)}


def tell_to_verify(changes: "Changes") -> None:
    """Name the contacts who are to be verified before anything goes to them."""
    if changes.to_verify:
        show.say("To be verified before anything is sent to them (`ehc agency verify AGENCY CONTACT`):")
        for name in _names(changes.to_verify):
            show.say(f"  {name}")


def _names(keys: tuple["Key", ...]) -> list[str]:
    return [" ".join(key[1:]) for key in keys]
