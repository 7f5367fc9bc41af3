"""`ehc agency`: the register of agencies, their contacts, who stands in, and when they are closed."""

from typing import Annotated

import typer

from cli import agency_changes, agency_tables, here, show
from cli.agency_told import as_reached, as_record, as_row, reached_words, tell_open
from cli.clock import today
from cli.options import Agency, Json, On, option

app = typer.Typer(
    no_args_is_help=True,
    help="The register of agencies: who is asked and told, who there receives it, who stands in, when they are closed.",
    epilog=show.example("ehc agency list", "ehc agency show icb-1", "ehc agency load organisations.csv contacts.csv"))


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
    rows = [as_row(one, day) for one in found]
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
    told = as_record(found, day)
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
    tell_open(told, day)
    for level in ("reached", "lead"):
        show.say(f"{'A letter' if level == 'reached' else 'Its lead'}: {reached_words(told[level])}")
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
    told = as_reached(found)
    if as_json:
        show.answer({"who": who, "on": on or today()} | told)
    elif isinstance(found, NotReached):
        show.say(str(found))
    else:
        show.say(f"{who}: {found.agency} {found.contact}, {reached_words(told)}")
        tell_open(told, on or today())
    if isinstance(found, NotReached):
        raise typer.Exit(show.NO)


app.command("add", epilog=show.example(
    "ehc agency add school-7 --kind school --name 'Ash Primary School'",
    "ehc agency add icb-1 --kind icb --name 'Northshire ICB' --roles rcb --weekdays Mon-Fri"))(agency_changes.add)
app.command("contact", epilog=show.example(
    "ehc agency contact icb-1 dco-1 --role dco --name 'Jo Oak' --channel jo.oak@icb.example",
    "cat address.txt | ehc agency contact icb-1 lead-1 --role lead --name 'Mo Elm' --from 2026-09-01 --channel -"))(
        agency_changes.contact)
app.command("cover", epilog=show.example(
    "ehc agency cover icb-1 dco-1 dmo-1 --from 2026-08-03 --until 2026-08-21",
    "ehc agency cover icb-1 dco-1 --from 2026-08-03 --take-back"))(agency_changes.cover)
app.command("close", epilog=show.example(
    "ehc agency close school-7 --from 2026-07-22 --until 2026-09-01",
    "ehc agency close school-7 --from 2026-07-22 --take-back"))(agency_changes.close)
app.command("verify", epilog=show.example(
    "ehc agency verify icb-1 dco-1", "ehc agency verify icb-1 dco-1 --on 2026-09-01 --by officer-3"))(agency_changes.verify)
app.command("end", epilog=show.example(
    "ehc agency end icb-1 dco-1 --on 2026-08-31", "ehc agency end icb-1 dco-1 --erase",
    "ehc agency end school-7 --on 2026-08-31"))(agency_changes.end)
app.command("load", cls=agency_tables.ListsTheColumns, epilog=show.example(
    "ehc agency load organisations.csv contacts.csv covers.csv closures.csv", "ehc agency load closures.csv --check"))(
        agency_tables.load)
app.command("export", epilog=show.example(
    "ehc agency export register", "ehc agency export register --without-channels"))(agency_tables.export)
