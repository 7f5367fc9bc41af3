"""`ehc whatif`: what a change would do in the year ahead."""

import math
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.clock import today
from cli.options import Json, On, option

if TYPE_CHECKING:
    from datetime import date

    from models.forecast.whatif import Pace, Row, Span
    from models.forecast.year import Change

METHOD = ("The year is gone through 200 times without the change and with it, with the same chances: requests come as in the last year, each"
          " step lasts as this council's own of the last 365 days did, and who waits for a psychologist waits longer or shorter as the"
          " queue and the reports a week are. Ranges hold 80 of 100. Other causes of delay stay as they are.")


def whatif(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The scenario, in TOML: requests, psychologists, times, rulebook.")],
    on: On = None,
    seed: Annotated[int, option("--seed", metavar="N", help="The same seed gives the same answer; 1 if left out.")] = 1,
    as_json: Json = False,
) -> None:
    """What two more psychologists, 15 per cent more requests, faster drafting or a draft law would do in the year ahead.

    A scenario names one or several of: requests = "+15%"; psychologists = {now = 6, more = 2}; under [times] a step and its change, such as
    draft = "-30%"; rulebook = "draft.yaml", a draft law as `ehc law compare` reads it. Nothing is recorded.
    """
    from models.forecast.whatif import change_of
    from tasks.database import reading
    from tasks.forecasting import what_if
    from tasks.made_up_cases import holds_made_up

    day = on or today()
    if day > today():
        raise show.WrongCall(f"--on {day.isoformat()} has not come yet: a scenario starts from what has happened.")
    told = _read(file)
    change = change_of(told, _limit(file, told, day))
    with reading(here.database()) as session:
        (rows, pace), made_up = what_if(session, day, change, seed), holds_made_up(session)
    if as_json:
        show.answer({"on": day, "made_up": made_up, "title": change.title, "method": METHOD, "pace": _paced(pace),
                     "limit_days": change.limit or 140,
                     "rows": [{"measure": one.words, "without": _ends(one.without), "with": _ends(one.with_it),
                               "difference": _ends(one.difference)} for one in rows]})
        return
    _tell(change, day, rows, pace, made_up)


def _read(file: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(Path(file).read_text("utf-8"))
    except OSError as error:
        raise show.WrongCall(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise show.WrongCall(f"{file} is no text in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise show.WrongCall(f"{file} is no TOML: {error}. `ehc whatif -h` shows what a scenario may say.") from None


def _limit(file: str, told: dict[str, Any], day: "date") -> int | None:
    """The limit of the final plan in days under the draft law that the scenario names; None where it names none.

    Raises WrongCall where the draft leaves no limit, or none that can be counted from the request alone.
    """
    if "rulebook" not in told:
        return None
    from cli.compare import rulebook_of
    from models.calendar import bank_holidays
    from models.law.dates import CannotCount
    from models.law.deadlines import last_day

    if not isinstance(told["rulebook"], str):
        raise show.WrongCall(f"{file}: rulebook: name the file of a draft law in quotes.")
    book = rulebook_of(str(Path(file).parent / told["rulebook"]))
    later = day + timedelta(days=180)
    rule = next((one for one in book if one.id == "finalise_plan" and one.in_force(later)), None)
    try:
        last = last_day(rule, later, bank_holidays())[0] if rule is not None else None
    except CannotCount:
        last = None
    if last is None:
        raise show.WrongCall(f"{told['rulebook']}: under this draft the final plan has no limit that counts from the request, so lateness cannot be"
                             " told. Give finalise_plan a limit.")
    return (last - later).days


def _paced(pace: "Pace") -> dict[str, Any]:
    return {"reports_a_week": round(pace.average, 2), "in_best_weeks": round(pace.best, 2), "outstanding": pace.outstanding,
            "waiting_over_six_weeks": round(pace.share_waiting, 3), "reckoned": round(pace.reckoned, 2), "is_full": pace.is_full}


def _ends(one: "Span") -> dict[str, float | None]:
    return {name: None if math.isnan(value := getattr(one, name)) else round(value, 1) for name in ("middle", "low", "high")}


def _tell(change: "Change", day: "date", rows: "list[Row]", pace: "Pace", made_up: bool) -> None:
    show.say(f"{change.title}: the year from {show.day(day)}." + (f" {show.MADE_UP}" if made_up else "") + "\n")
    show.table(("", "as it is", "with the change", "difference"), [
        (one.words, _number(one.without), _number(one.with_it), _number(one.difference, sign=True)) for one in rows])
    show.say(f"\nThe limit is {change.limit or 140} days from the request." if change.limit else "")
    show.say(f"Psychologists delivered {pace.average:.1f} reports a week in the last 26 weeks, {pace.best:.1f} in their best four;"
             f" {pace.outstanding} are outstanding, {pace.share_waiting:.0%} of them for more than six weeks. So the service counts as "
             + ("full: more of them shorten the wait." if pace.is_full else "not full: more of them would change little."))
    show.say(METHOD)


def _number(one: "Span", sign: bool = False) -> str:
    if math.isnan(one.middle):
        return "-"
    form = "{:+.1f}" if sign else "{:.1f}"
    return f"{form.format(one.middle)} ({form.format(one.low)} to {form.format(one.high)})"
