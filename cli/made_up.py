"""`ehc sample`: a made-up council of any size, drawn from the published figures."""

from datetime import date
from typing import Annotated

import typer

from cli import here, show
from cli.clock import today
from cli.options import Json, day_option, option


def sample(
    size: Annotated[str, option(
        "--la-size", metavar="SIZE", help="small, medium, large, largest, england, or a number of plans; medium if left out.")] = "medium",
    seed: Annotated[int, option("--seed", metavar="N", help="The same seed gives the same council; 1 if left out.")] = 1,
    until: Annotated[date | None, day_option("--until", help="The day on which it is looked at; today if left out.")] = None,
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
