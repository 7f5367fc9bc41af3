"""`ehc sample`: a made-up council of any size, drawn from the published figures."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, show
from cli.clock import now, today
from cli.options import Json, day_option, option

if TYPE_CHECKING:
    from models.made_up.council import Council


def sample(
    size: Annotated[str, option(
        "--la-size", metavar="SIZE", help="small, medium, large, largest, england, or a number of plans; medium if left out.")] = "medium",
    seed: Annotated[int, option("--seed", metavar="N", help="The same seed gives the same council; 1 if left out.")] = 1,
    until: Annotated[date | None, day_option("--until", help="The day on which it is looked at; today if left out.")] = None,
    to: Annotated[Path | None, option(
        "--return", metavar="FILE", help="Instead of the database: write the return that it would send, as XML, such as sen2.xml.")] = None,
    year: Annotated[int | None, option("--year", metavar="YEAR",
                                       help="Survey year of that return; the latest by --until if left out.")] = None,
    number: Annotated[str, option("--council", metavar="NUMBER", help="Number of the council in that return; 201 if left out.")] = "201",
    as_json: Json = False,
) -> None:
    """Make a council that does not exist, drawn from the figures that the DfE publishes, and put it on record in an empty database.

    Every case reference begins with MADEUP, every person is called Made-up, and nothing is ever sent about any of them. Named
    sizes are the tenth, fiftieth and ninetieth of a hundred councils, the largest one, and all of England.
    """
    from models.made_up.council import NAME, council
    from tasks.made_up import NotEmpty, fill

    day = until or today()
    if day > today():
        raise show.WrongCall(f"--until {day.isoformat()} has not come yet: a council is looked at today or before.")
    try:
        made = council(size, seed, day)
    except ValueError as wrong:
        raise show.WrongCall(f"--la-size: {wrong}") from None
    if to is not None:
        _write_return(made, to, year, number, as_json)
        return
    engine = here.database(make=True)
    about = round(made.plans + 3 * made.requests * 0.6)
    try:
        with show.progress("made-up cases") as progress:
            cases, facts = fill(engine, made, here.hand("sample"), lambda done: progress(done, max(done, about)))
    except NotEmpty as no:
        raise show.Refused(str(no)) from None
    quality = made.quality
    if as_json:
        show.answer({"name": NAME, "made_up": True, "seed": seed, "until": day, "cases": cases, "facts_written": facts,
                     "requests_a_year": made.requests, "plans": made.plans,
                     "quality": {name: round(getattr(quality, name), 4) for name in quality.__dataclass_fields__}})
        return
    show.say(f"{NAME} is made up; nobody in it exists, and nothing is sent about anybody. {show.count(cases, 'case')} on record as of"
             f" {show.day(day)} ({show.count(facts, 'fact')} written now).")
    show.say(f"Drawn for it: {quality.in_20_weeks:.0%} of plans within 20 weeks, {quality.in_6_weeks:.0%} of decisions within 6,"
             f" {quality.reviewed_in_4_weeks:.0%} of reviews decided within 4.")
    show.say("Look at it: ehc due --limit 20, ehc forecast")
    if not cases:
        raise typer.Exit(show.NO)


def _write_return(made: "Council", to: Path, year: int | None, number: str, as_json: bool) -> None:
    from models.made_up.council import NAME
    from models.sen2.codes import COUNCILS, SURVEY_DAYS
    from models.sen2.layout import LAYOUTS
    from tasks.made_up import write_return

    possible = [one for one in LAYOUTS if SURVEY_DAYS[one] <= made.until]
    chosen = max(possible, default=None) if year is None else year
    if chosen not in possible:
        raise show.WrongCall(f"--year {chosen}: name one of {', '.join(map(str, possible)) or 'none'}, whose survey day has come by"
                             f" {show.day(made.until)}.")
    if number not in COUNCILS:
        raise show.WrongCall(f"--council {number!r} is no number of a council, such as 201.")
    if to.exists():
        raise show.WrongCall(f"{to} is there already; name another file, or move it away.")
    try:
        with show.progress("made-up persons") as progress:
            persons = write_return(made, chosen, number, now().strftime("%Y-%m-%dT%H:%M:%S"), to,
                                   lambda done: progress(done, max(done, made.plans)))
    except OSError as error:
        raise show.WrongCall(f"{to} cannot be written: {error.strerror}.") from None
    if as_json:
        show.answer({"name": NAME, "made_up": True, "seed": made.seed, "year": chosen, "persons": persons, "file": str(to)})
    else:
        show.say(f"{to}: the return of {NAME} for {chosen}, made up: {show.count(persons, 'person')}, and nobody in it exists."
                 f" Read it with: ehc import sen2 {to}")
