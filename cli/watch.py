"""`ehc watch`: one round of the watch, through Prefect."""

from datetime import date
from typing import Annotated

import typer

from cli import here, show
from cli.clock import now, today
from cli.options import DryRun, Json, On, option


def watch(
    on: On = None,
    ahead: Annotated[bool, option(
        "--ahead", help="Allow a day that has not come yet, although letters would really go.")] = False,
    without_prefect: Annotated[bool, option(
        "--without-prefect", help="Do the round in this process: for when Prefect is down.")] = False,
    dry_run: DryRun = False,
    each: Annotated[bool, option(
        "--each", help="With --dry-run: show each reminder of a digest also as the letter that it would be by itself.")] = False,
    as_json: Json = False,
) -> None:
    """Visit every case whose day has come, write the reminders that are due, and send what waits.

    Safe to run twice, late, or after days without it: each message goes once. Ends with 1 if Prefect does not answer, if a
    message failed, or if a case did not come to rest.
    """
    day = on or today()
    if dry_run:
        _try(day, each, as_json)
        return
    if as_json:
        show.fail("--json goes with --dry-run: a round that is really done is told in words, and is on record.")
    if day > today():
        _look_ahead(day, ahead)
    here.database()
    if without_prefect:
        _alone(day)
    else:
        _through_prefect(day)


def _try(day: date, each: bool, as_json: bool) -> None:
    from cli.message import tell
    from tasks.preview import preview_watch
    from tasks.settings import settings

    found, round = preview_watch(here.database(), settings(), day, here.hand("door:watch"), now, each)
    tell(found, as_json=as_json)
    for ref, fault in sorted(round.faults.items()):
        show.warn(f"{ref}: {fault}")


def _look_ahead(day: date, ahead: bool) -> None:
    from tasks.settings import settings

    if settings().channels and not ahead:
        raise show.Refused(f"{show.day(day)} has not come yet: letters of that day would go to real people now. If that is"
                           " meant, say --ahead.")
    show.warn(f"{show.day(day)} has not come yet: what this round writes stays on record under that day.")


def _alone(day: date) -> None:
    from tasks.office import office_of
    from tasks.outcomes import read_all
    from tasks.settings import settings
    from tasks.watch import watch as work

    office = office_of(settings())
    with show.counted("cases, reminders and messages") as tick:
        received = read_all(here.database(), office.channels, settings(), here.hand("door:watch"), today())
        round = work(here.database(), office, day, here.hand("door:watch"), now, lambda _, more: tick(more))
    here.tell_of_missed_watch(office)
    show.say(f"{show.day(day)}: {round.words()}.")
    for words in [*received.problems, *show.alike(round.sent.problems)]:
        show.warn(words)
    for ref in round.stuck:
        show.warn(f"{ref} did not come to rest; the next round takes it up again.")
    if round.stuck or round.sent.failed:
        raise typer.Exit(show.NO)
    if round.sent.later:
        show.warn("What did not go is tried again, every quarter of an hour by Prefect, or by `ehc message send`. `ehc doctor`"
                  " looks at what letters need.")


def _through_prefect(day: date) -> None:
    import asyncio

    from tasks.prefect_server import healthy

    api = here.prefect_api()
    if not healthy(api):
        raise show.Refused(f"Prefect does not answer at {api}. Start it with `ehc up`, or set PREFECT_API_URL to where yours is;"
                           " `ehc watch --without-prefect` does the round in this process.")
    here.set_up_prefect(api)
    from flows.watch import watch as flow

    state = asyncio.run(flow(on=day, return_state=True))
    if not state.is_completed():
        raise show.Refused(f"The round of {show.day(day)} did not end well: {state.message or state.name}. Its flow run"
                           " in Prefect tells more; a next round finishes the work and repeats nothing.")
    show.say(f"{show.day(day)}: {state.message}.")
