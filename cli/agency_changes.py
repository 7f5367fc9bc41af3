"""`ehc agency add`, `contact`, `cover`, `close`, `verify` and `end`: one row of the register at a time."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.agency_told import as_reached, counts, reached_words, tell_to_verify
from cli.clock import today
from cli.options import Agency, By, Json, On, day_option, option

if TYPE_CHECKING:
    from models.agencies.register import Key
    from tasks.agencies import Changes

Contact = Annotated[str, typer.Argument(
    metavar="CONTACT", help="Reference of the contact within it, such as dco-1; no name.")]
From = Annotated[date | None, day_option("--from", help="The first day, YYYY-MM-DD; today if left out.")]
Until = Annotated[date | None, day_option("--until", help="The last day, YYYY-MM-DD.")]


def add(
    agency: Agency,
    kind: Annotated[str | None, option(
        "--kind", metavar="KIND", help="What it is, such as school; `ehc agency load -h` lists them.")] = None,
    name: Annotated[str | None, option("--name", metavar="NAME", help="Name of the organisation.")] = None,
    roles: Annotated[str | None, option(
        "--roles", metavar="ROLES", help="What it is asked for, such as 'setting pfa'; none for nothing. What its kind"
                                         " usually plays if left out.")] = None,
    weekdays: Annotated[str | None, option(
        "--weekdays", metavar="DAYS", help="Days on which it works; Mon-Fri if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Add an organisation, or change what is said of one; what is left out stays as it is."""
    from models.agencies.written import read_roles, read_weekdays

    told: dict[str, Any] = {"kind": kind, "name": name}
    try:
        told["weekdays"] = None if weekdays is None else read_weekdays(weekdays)
    except ValueError as error:
        raise show.WrongCall(f"--weekdays: {error}") from None
    values = {column: value for column, value in told.items() if value is not None}
    if roles is not None:
        values["roles"] = None if roles.strip().lower() == "none" else read_roles(roles)
    _tell_change(_put("organisations", {"agency": agency} | values), as_json)


def contact(
    agency: Agency,
    contact: Contact,
    role: Annotated[str | None, option(
        "--role", metavar="ROLE", help="What they are there: contact, lead, dco, senco ...; `ehc agency load -h` lists"
                                       " them.")] = None,
    name: Annotated[str | None, option("--name", metavar="NAME", help="Name of the person or the office.")] = None,
    channel: Annotated[str | None, option(
        "--channel", metavar="ADDRESS", help="E-mail address, or another address as Apprise writes it; - reads it from"
                                             " the standard input, none takes it away. A new one is to be verified.",
    )] = None,
    since: From = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """Add a contact, or change what is said of one; what is left out stays as it is."""
    from tasks.agencies import register
    from tasks.database import reading

    if channel == "-":
        channel = sys.stdin.readline().strip()
    told = {"role": role, "name": name, "from": since, "until": until, "channel": channel}
    values = {column: value for column, value in told.items() if value is not None}
    if channel is not None and channel.lower() == "none":
        values["channel"] = None
    if since is None:
        with reading(here.database()) as session:
            if ("contacts", agency, contact) not in register(session, agency):
                values["from"] = today()
    _tell_change(_put("contacts", {"agency": agency, "contact": contact} | values), as_json)


def cover(
    agency: Agency,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="Reference of the contact who is away.")],
    stands_in: Annotated[str | None, typer.Argument(metavar="COVER", help="Reference of the contact who stands in.",
                                                    show_default=False)] = None,
    since: From = None,
    until: Until = None,
    take_back: Annotated[bool, option("--take-back", help="Take the cover that begins on that day out again.")] = False,
    as_json: Json = False,
) -> None:
    """Say who stands in for a contact between two days."""
    begins = since or today()
    if take_back:
        _take_back(("covers", agency, contact, begins.isoformat()), as_json)
        return
    if stands_in is None or until is None:
        raise show.WrongCall(f"{agency}: say who stands in for {contact}, and --until when.")
    told = {"agency": agency, "contact": contact, "cover": stands_in, "from": begins, "until": until}
    _tell_change(_put("covers", told), as_json)


def close(
    agency: Agency,
    since: From = None,
    until: Until = None,
    why: Annotated[str | None, option(
        "--why", metavar="WHY", help="holiday, training or closure; holiday if left out.")] = None,
    take_back: Annotated[bool, option(
        "--take-back", help="Take the closure that begins on that day out again.")] = False,
    as_json: Json = False,
) -> None:
    """Say that an organisation is closed between two days. It moves no limit of the law and keeps no letter back.

    An exception for a school's closure is claimed in the case, with `ehc record`.
    """
    begins = since or today()
    if take_back:
        _take_back(("closures", agency, begins.isoformat()), as_json)
        return
    if until is None:
        raise show.WrongCall(f"{agency}: say --until which day it is closed. If it ends for good, use"
                             f" `ehc agency end {agency}`.")
    told = {"agency": agency, "from": begins, "until": until} | ({} if why is None else {"why": why})
    _tell_change(_put("closures", told), as_json)


def verify(agency: Agency, contact: Contact, on: On = None, by: By = None, as_json: Json = False) -> None:
    """Write down that somebody made sure that the channel reaches this contact: call them on a number known otherwise.

    Nothing is disclosed to a contact before. A new channel is to be verified anew.
    """
    from tasks import agencies
    from tasks.database import writing

    day, hand = on or today(), here.hand(by)
    with writing(here.database()) as session:
        agencies.verify(session, agency, contact, day, hand.by, today())
    if as_json:
        show.answer({"agency": agency, "contact": contact, "verified_on": day, "verified_by": hand.by})
    else:
        show.say(f"{agency} {contact}: verified on {show.day(day)} by {hand.by}.")


def end(
    agency: Agency,
    contact: Annotated[str | None, typer.Argument(
        metavar="CONTACT", help="Reference of the contact who leaves; without it, the organisation ends.",
        show_default=False)] = None,
    on: Annotated[date | None, day_option("--on", help="The last day, YYYY-MM-DD; today if left out.")] = None,
    erase: Annotated[bool, option(
        "--erase", help="Take the contact's name and channel out of the register for good.")] = False,
    as_json: Json = False,
) -> None:
    """Write down the last day of a contact, or of an organisation. Afterwards nobody is written to there."""
    from tasks import agencies
    from tasks.database import writing

    day = on or today()
    if erase and (contact is None or on is not None):
        raise show.WrongCall("--erase goes with a contact and without --on: what is erased has no last day.")
    with writing(here.database()) as session:
        if contact is None:
            agencies.end_agency(session, agency, day, today())
        elif erase:
            agencies.erase_contact(session, agency, contact)
        else:
            agencies.end_contact(session, agency, contact, day, today())
        left = agencies.as_recipient(agencies.entry(session, agency), max(day, today()) if erase else _after(day))
    told = as_reached(left)
    if as_json:
        show.answer({"agency": agency, "contact": contact, "erased": erase, "until": None if erase else day,
                     "afterwards": told})
        return
    show.say(" ".join(filter(None, (agency, contact))) + (": erased." if erase else f": ends on {show.day(day)}."))
    if contact is not None:
        show.say(f"Afterwards a letter: {reached_words(told)}")


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _put(table: str, values: dict[str, Any]) -> "Changes":
    from models.agencies.told import Told
    from tasks import agencies
    from tasks.database import writing

    where = " ".join(values[name] for name in ("agency", "contact") if name in values)
    with writing(here.database()) as session:
        return agencies.load(session, [Told(table, values, where)], today())


def _take_back(key: "Key", as_json: bool) -> None:
    from tasks import agencies
    from tasks.database import writing

    with writing(here.database()) as session:
        agencies.take_back(session, key)
    if as_json:
        show.answer({"taken_back": list(key)})
    else:
        show.say(f"{' '.join(key[1:])}: taken back.")


def _tell_change(changes: "Changes", as_json: bool) -> None:
    if as_json:
        show.answer(counts(changes))
        return
    for what, keys in (("added", changes.added), ("changed", changes.changed)):
        for key in keys:
            show.say(f"{' '.join(key[1:])}: {what}.")
    if changes.same:
        show.say("Nothing has changed.")
    tell_to_verify(changes)
