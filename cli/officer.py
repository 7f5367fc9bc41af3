"""`ehc officer`: who has left the council, so that the cases they held are seen."""

import re
from datetime import date
from typing import Annotated

import typer

from cli import here, show
from cli.clock import today
from cli.options import By, Json, day_option, one_word

app = typer.Typer(
    no_args_is_help=True, help="Officers who have left: their cases are gaps until another officer holds them.",
    epilog=show.example("ehc officer left officer-3 --on 2026-09-30", "ehc officer list"))

Officer = Annotated[str, typer.Argument(metavar="OFFICER", parser=one_word, help="Reference of the officer, as cases name it; no name.")]


@app.command("left", epilog=show.example("ehc officer left officer-3", "ehc officer left officer-3 --on 2026-09-30"))
def left(
    officer: Officer,
    on: Annotated[date | None, day_option("--on", help="The last day, YYYY-MM-DD; today if left out.")] = None,
    by: By = None,
) -> None:
    """Note that an officer leaves or has left. From the day after, `ehc audit gaps` and `ehc audit silent` list the cases that they
    still hold; `ehc handover` gives them to another."""
    from models.fact_fields import REFERENCE
    from tasks.database import writing
    from tasks.officers import leave

    if not re.fullmatch(REFERENCE, officer):
        raise show.WrongCall(f"{officer!r} is no reference of an officer: use letters, digits and . _ : / -, and no name.")
    day = on or today()
    with writing(here.database()) as session:
        leave(session, officer, day, here.hand(by))
    show.say(f"{officer}: last day {show.day(day)}. `ehc audit silent` lists the cases that are still theirs after that day.")


@app.command("back", epilog=show.example("ehc officer back officer-3"))
def back(officer: Officer) -> None:
    """Take an officer off the list of those who left. Ends with 2 if they are not on it."""
    from tasks.database import writing
    from tasks.officers import come_back

    with writing(here.database()) as session:
        come_back(session, officer)
    show.say(f"{officer} is not on the list of those who left any more.")


@app.command("list", epilog=show.example("ehc officer list", "ehc officer list --json"))
def list_officers(as_json: Json = False) -> None:
    """Every officer who has left, the last to leave first."""
    from tasks.database import reading
    from tasks.officers import left as gone

    with reading(here.database()) as session:
        found = gone(session)
    if as_json:
        show.answer([one._asdict() for one in found])
    elif not found:
        show.say("Nobody has left, as far as was said.")
    else:
        show.table(("officer", "last day", "said by"), [(one.officer, one.left_on, one.told_by) for one in found])
