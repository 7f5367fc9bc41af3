"""`ehc agency`: the register of agencies, their contacts, who stands in, and when they are closed."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from cli import here, show
from cli.clock import today
from cli.options import By, Json, On, day_option, option

if TYPE_CHECKING:
    from models.agencies.register import AgencyContact, Entry, Key
    from tasks.agencies import Changes

app = typer.Typer(
    no_args_is_help=True,
    help="The register of agencies: who is asked and told, who there receives it, who stands in, when they are closed.",
    epilog=show.example("ehc agency list", "ehc agency show icb-1", "ehc agency load organisations.csv contacts.csv"))

Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="Reference of the organisation, such as school-7.")]
Contact = Annotated[str, typer.Argument(
    metavar="CONTACT", help="Reference of the contact within it, such as dco-1; no name.")]
From = Annotated[date | None, day_option("--from", help="The first day, YYYY-MM-DD; today if left out.")]
Until = Annotated[date | None, day_option("--until", help="The last day, YYYY-MM-DD.")]


class ListsTheColumns(TyperCommand):
    """A command whose help ends with the columns of every table."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from models.agencies.written import TABLES

        for table, columns in TABLES.items():
            with formatter.section(f"Columns of {table}.csv"):
                formatter.write_dl(list(columns.items()), col_max=24)
        super().format_epilog(ctx, formatter)


class _PutBack(Exception):
    """Ends the transaction without keeping anything."""


# --- looking ---------------------------------------------------------------------------------------------------------

@app.command("list", epilog=show.example(
    "ehc agency list", "ehc agency list --kind school --on 2026-08-03", "ehc agency list --json"))
def list_agencies(
    kind: Annotated[str | None, option(
        "--kind", metavar="KIND", help="Only organisations of this kind, such as school.")] = None,
    role: Annotated[str | None, option(
        "--role", metavar="ROLE", help="Only those that play this role, such as rcb.")] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Every organisation of the register: whether a letter reaches somebody there, and whether it is open."""
    from models.agencies.register import KINDS, ROLES, entries
    from tasks.agencies import register
    from tasks.database import reading

    for what, word, known in (("kind", kind, KINDS), ("role", role, ROLES)):
        if word is not None and word not in known:
            raise show.WrongCall(f"--{what} cannot be {word!r}. Choose from {', '.join(known)}."
                                 f"{show.did_you_mean(word, known)}")
    day = on or today()
    with reading(here.database()) as session:
        found = [one for one in entries(register(session)) if kind in (None, one.agency.kind)
                 and (role is None or role in one.agency.roles)]
    rows = [_as_row(one, day) for one in found]
    if as_json:
        show.answer_rows(rows)
    elif rows:
        show.table(("agency", "kind", "name", "roles", "s.31", "reached", "open"), [
            (row["agency"], row["kind"], row["name"], " ".join(row["roles"]) or "-", "yes" if row["s31_body"] else "no",
             row["reached"] or f"nobody: {row['why_not']}",
             "yes" if row["open"] else f"next {row['next_open_on'] or 'never'}")
            for row in rows], states=["care" if row["reached"] is None else "" for row in rows])
    else:
        show.say("No organisation of that sort is in the register. `ehc agency load -h` says how to fill it.")


@app.command("show", epilog=show.example("ehc agency show icb-1", "ehc agency show school-7 --on 2026-08-03 --json"))
def show_agency(agency: Agency, on: On = None, as_json: Json = False) -> None:
    """One organisation: its contacts, who stands in, its closures, whom a letter reaches. Channels are not shown."""
    from models.agencies.register import CONTACT_ROLES, KINDS, ROLES
    from models.agencies.written import write_weekdays
    from tasks.agencies import entry
    from tasks.database import reading

    day = on or today()
    with reading(here.database()) as session:
        found = entry(session, agency)
    told = _as_record(found, day)
    if as_json:
        show.answer(told)
        return
    one = found.agency
    body = "a body within s.31(1), bound by reg 8" if one.is_s31_body else "no body within s.31(1)"
    show.say(f"{one.agency}: {one.name}, {KINDS[one.kind].words}; {body}")
    for role in one.roles:
        show.say(f"  {role}: {ROLES[role]}")
    show.say(f"Works {write_weekdays(one.weekdays)}, bank holidays aside."
             + (f" Its last day: {show.day(one.until)}." if one.until else ""))
    _tell_open(told, day)
    for level in ("reached", "lead"):
        show.say(f"{'A letter' if level == 'reached' else 'Its lead'}: {_reached_words(told[level])}")
    if found.contacts:
        show.say()
        show.table(("contact", "role", "name", "from", "until", "channel", "verified"), [
            (c.contact, c.role, c.name, c.since, c.until or "-", c.channel_kind or "-",
             f"{c.verified_on} by {c.verified_by}" if c.verified_on else "no") for c in found.contacts])
        for role in dict.fromkeys(c.role for c in found.contacts):
            show.say(f"  {role}: {CONTACT_ROLES[role].words}")
    if found.covers:
        show.say()
        show.table(("away", "stands in", "from", "until"), [
            (c.contact, c.cover, c.since, c.until) for c in found.covers])
    if found.closures:
        show.say()
        show.table(("closed from", "until", "why"), [(c.since, c.until, c.why) for c in found.closures])


@app.command("reach", epilog=show.example("ehc agency reach rcb", "ehc agency reach school-7.lead --on 2026-08-03"))
def reach(
    who: Annotated[str, typer.Argument(
        metavar="WHO", help="An organisation such as school-7 or a role such as rcb; its lead with .lead at the end.")],
    on: On = None,
    as_json: Json = False,
) -> None:
    """Whom a letter reaches on that day: a contact in office and verified, or who stands in. Ends with 1 if nobody."""
    from models.agencies.reach import NotReached
    from tasks import agencies
    from tasks.database import reading

    with reading(here.database()) as session:
        found = agencies.reach(session, who, on or today())
    told = _as_reached(found)
    if as_json:
        show.answer({"who": who, "on": on or today()} | told)
    elif isinstance(found, NotReached):
        show.say(str(found))
    else:
        show.say(f"{who}: {found.agency} {found.contact}, {_reached_words(told)}")
        _tell_open(told, on or today())
    if isinstance(found, NotReached):
        raise typer.Exit(show.NO)


# --- changing --------------------------------------------------------------------------------------------------------

@app.command("add", epilog=show.example(
    "ehc agency add school-7 --kind school --name 'Ash Primary School'",
    "ehc agency add icb-1 --kind icb --name 'Northshire ICB' --roles rcb --weekdays Mon-Fri"))
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


@app.command("contact", epilog=show.example(
    "ehc agency contact icb-1 dco-1 --role dco --name 'Jo Oak' --channel jo.oak@icb.example",
    "cat address.txt | ehc agency contact icb-1 lead-1 --role lead --name 'Mo Elm' --from 2026-09-01 --channel -"))
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


@app.command("cover", epilog=show.example(
    "ehc agency cover icb-1 dco-1 dmo-1 --from 2026-08-03 --until 2026-08-21",
    "ehc agency cover icb-1 dco-1 --from 2026-08-03 --take-back"))
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


@app.command("close", epilog=show.example(
    "ehc agency close school-7 --from 2026-07-22 --until 2026-09-01",
    "ehc agency close school-7 --from 2026-07-22 --take-back"))
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


@app.command("verify", epilog=show.example(
    "ehc agency verify icb-1 dco-1", "ehc agency verify icb-1 dco-1 --on 2026-09-01 --by officer-3"))
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


@app.command("end", epilog=show.example(
    "ehc agency end icb-1 dco-1 --on 2026-08-31", "ehc agency end icb-1 dco-1 --erase",
    "ehc agency end school-7 --on 2026-08-31"))
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
    told = _as_reached(left)
    if as_json:
        show.answer({"agency": agency, "contact": contact, "erased": erase, "until": None if erase else day,
                     "afterwards": told})
        return
    show.say(" ".join(filter(None, (agency, contact))) + (": erased." if erase else f": ends on {show.day(day)}."))
    if contact is not None:
        show.say(f"Afterwards a letter: {_reached_words(told)}")


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


# --- many at once ----------------------------------------------------------------------------------------------------

@app.command("load", cls=ListsTheColumns, epilog=show.example(
    "ehc agency load organisations.csv contacts.csv covers.csv closures.csv", "ehc agency load closures.csv --check"))
def load(
    files: Annotated[list[str], typer.Argument(
        metavar="FILE...", help="Tables of the register (*.csv), each known by its columns; - is the standard input.")],
    check: Annotated[bool, option(
        "--check", help="Only say what would be taken in and what is refused; keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take tables of the register in: every row of all the files, or nothing, if any cell is wrong.

    What is wrong is told with its file, line and column. A row that is there is changed; a blank cell, or a column that
    is left out, leaves what is on record as it is, and the word none takes it away. What is in no file stays. The same
    files again change nothing. Days are written YYYY-MM-DD or DD/MM/YYYY.

    Ends with 1 if a row was refused, with 2 if a file as a whole cannot be used.
    """
    from cli.agency_files import all_rows, read_sheet
    from models.agencies.told import BadRegister
    from tasks import agencies
    from tasks.database import writing

    sheets = [read_sheet(name) for name in files]
    changes: Changes | None = None
    refused: list[tuple[str, str, str]] = []
    try:
        with writing(here.database()) as session:
            changes = agencies.load(session, all_rows(sheets), today())
            if check:
                raise _PutBack
    except _PutBack:
        pass
    except BadRegister as error:
        refused = [(one.where, one.column, one.words) for one in error.problems]
    kept = changes is not None and not check
    if as_json:
        show.answer({
            "files": [{"file": one.name, "table": one.table, "encoding": one.encoding, "rows": len(one.rows)}
                      for one in sheets],
            "kept": kept, **(_counts(changes) if changes else {}),
            "refused": [{"where": where, "column": column, "why": why} for where, column, why in refused]})
    else:
        for one in sheets:
            if one.encoding != "UTF-8":
                show.warn(f"{one.name} was read as {one.encoding}: look at names with accents.")
        for problem in refused:
            show.say(": ".join(filter(None, problem)))
        if changes is None:
            show.say(f"{show.count(len(refused), 'thing')} to put right; nothing was kept.")
        else:
            _tell_load(changes, check)
    if refused:
        raise typer.Exit(show.NO)


@app.command("export", epilog=show.example(
    "ehc agency export register", "ehc agency export register --without-channels"))
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the four files go; made if it is not there.")],
    without_channels: Annotated[bool, option(
        "--without-channels", help="Leave the channels out, which are secret. Loading such files leaves them as they"
                                   " are.")] = False,
    as_json: Json = False,
) -> None:
    """Write the whole register to four CSV files, as `ehc agency load` reads them. They hold names and secrets."""
    from cli.agency_files import write_sheets
    from tasks.agencies import register
    from tasks.database import reading

    with reading(here.database()) as session:
        found = register(session)
    written = write_sheets(folder, found, channels=not without_channels)
    if as_json:
        show.answer({"folder": str(folder), "rows": written})
    else:
        for name, rows in written.items():
            show.say(f"{folder / name}: {show.count(rows, 'row')}")


# --- saying it -------------------------------------------------------------------------------------------------------

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
        show.answer(_counts(changes))
        return
    for what, keys in (("added", changes.added), ("changed", changes.changed)):
        for key in keys:
            show.say(f"{' '.join(key[1:])}: {what}.")
    if changes.same:
        show.say("Nothing has changed.")
    _tell_to_verify(changes)


def _counts(changes: "Changes") -> dict[str, Any]:
    return {"added": len(changes.added), "changed": len(changes.changed), "same": changes.same,
            "to_verify": _names(changes.to_verify)}


def _tell_load(changes: "Changes", check: bool) -> None:
    show.say(f"{len(changes.added)} added, {len(changes.changed)} changed, {changes.same} there already"
             + ("; checked only, nothing was kept." if check else "."))
    _tell_to_verify(changes)


def _tell_to_verify(changes: "Changes") -> None:
    if changes.to_verify:
        show.say("To be verified before anything is sent to them (`ehc agency verify AGENCY CONTACT`):")
        for name in _names(changes.to_verify):
            show.say(f"  {name}")


def _names(keys: tuple["Key", ...]) -> list[str]:
    return [" ".join(key[1:]) for key in keys]


def _tell_open(told: dict[str, Any], day: date) -> None:
    if told["open"]:
        show.say(f"Open on {show.day(day)}.")
    else:
        show.say(f"Closed on {show.day(day)}; " + (
            f"next open on {show.day(told['next_open_on'])}." if told["next_open_on"] else "it does not open again."))


def _as_row(one: "Entry", day: date) -> dict[str, Any]:
    from models.agencies.reach import NotReached, is_open, next_open_day, whom

    reached = whom(one, day)
    nobody = isinstance(reached, NotReached)
    return {"agency": one.agency.agency, "kind": one.agency.kind, "name": one.agency.name,
            "roles": list(one.agency.roles), "advice": list(one.agency.advice), "s31_body": one.agency.is_s31_body,
            "until": one.agency.until,
            "reached": None if nobody else reached.contact.contact, "why_not": reached.code if nobody else None,
            "open": is_open(one, day), "next_open_on": next_open_day(one, day)}


def _as_record(found: "Entry", day: date) -> dict[str, Any]:
    from models.agencies.written import write_weekdays
    from tasks.agencies import as_recipient

    return _as_row(found, day) | {
        "on": day, "weekdays": write_weekdays(found.agency.weekdays).split(),
        "reached": _as_reached(as_recipient(found, day)), "lead": _as_reached(as_recipient(found, day, lead=True)),
        "contacts": [_as_contact(one) for one in found.contacts],
        "covers": [{"contact": one.contact, "cover": one.cover, "from": one.since, "until": one.until}
                   for one in found.covers],
        "closures": [{"from": one.since, "until": one.until, "why": one.why} for one in found.closures]}


def _as_contact(one: "AgencyContact") -> dict[str, Any]:
    return {"contact": one.contact, "role": one.role, "name": one.name, "from": one.since, "until": one.until,
            "channel": one.channel_kind, "verified_on": one.verified_on, "verified_by": one.verified_by}


def _as_reached(found: Any) -> dict[str, Any]:
    from models.agencies.reach import NotReached

    if isinstance(found, NotReached):
        return {"reached": False, "code": found.code, "why": str(found)}
    return {"reached": True, "agency": found.agency, "contact": found.contact, "role": found.role, "name": found.name,
            "stands_in_for": found.stands_in_for, "open": found.is_open, "next_open_on": found.next_open_on}


def _reached_words(told: dict[str, Any]) -> str:
    if not told["reached"]:
        return f"reaches nobody. {told['why']}"
    stands_in = f", for {told['stands_in_for']}" if told["stands_in_for"] else ""
    return f"reaches {told['name']} ({told['role']}){stands_in}."
