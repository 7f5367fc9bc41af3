"""`ehc forecast`: who will be late in the coming weeks, with how far to trust it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.clock import today
from cli.options import Json, On, option

if TYPE_CHECKING:
    from models.forecast.breach import Outlook, Prospect
    from models.forecast.lookback import Calibration
    from tasks.forecasting import Ahead

SHOWN = 20
STEPS = {"decide": "deciding whether to assess", "gather": "gathering advice", "issue": "deciding whether to issue",
         "draft": "drafting", "final": "finalising"}


def forecast(
    on: On = None,
    owner: Annotated[str | None, option("--owner", metavar="WHO", help="List only the cases of this officer.")] = None,
    limit: Annotated[int, option("--limit", min=0, metavar="N", help=f"List so many cases; {SHOWN} if left out, 0 for all.")] = SHOWN,
    seed: Annotated[int, option("--seed", metavar="N", help="The same seed gives the same answer; 1 if left out.")] = 1,
    look_back: Annotated[bool, option(
        "--look-back", help="Instead: what would have been forecast on three past days, held against what came.")] = False,
    as_json: Json = False,
    as_csv: Annotated[bool, option("--csv", help="Every case as CSV.")] = False,
) -> None:
    """Who will likely miss the 20 weeks, and the other limits, in the next 2, 4, 6 and 12 weeks: from where each case stands, how long each
    step takes at this council, each agency's own measured times, and when it is closed.

    Each number comes with the range in which 80, and 95, of a hundred such forecasts should lie. `--look-back` shows how such
    forecasts would have fared here. A forecast is a help for planning and says nothing certain about one child.
    """
    from tasks.database import reading
    from tasks.forecasting import look_ahead
    from tasks.forecasting import look_back as fared
    from tasks.made_up_cases import holds_made_up

    day = on or today()
    if day > today():
        raise show.WrongCall(f"--on {day.isoformat()} has not come yet: a forecast is made from what has happened.")
    with reading(here.database()) as session:
        if look_back:
            try:
                found, days = fared(session, day, seed)
            except ValueError as error:
                raise show.Refused(f"There is nothing to look back on: {error}.") from None
            _tell_back(found, days, as_json, holds_made_up(session))
            return
        ahead, made_up = look_ahead(session, day, seed), holds_made_up(session)
    if as_json:
        show.answer(_record(ahead, owner, made_up))
    elif as_csv:
        _csv(ahead, owner)
    else:
        _tell(ahead, owner, limit, made_up)


def _of(ahead: "Ahead", owner: str | None) -> "list[Prospect]":
    return [one for one in ahead.plans.prospects if owner is None or ahead.owners.get(one.ref) == owner]


def _record(ahead: "Ahead", owner: str | None, made_up: bool) -> dict[str, Any]:
    def told(one: "Outlook") -> dict[str, Any]:
        return {"weeks": one.weeks, "due": one.due, "expected_late": round(one.expected, 2), "range_80": list(one.within_80),
                "range_95": list(one.within_95)}
    return {
        "on": ahead.plans.on, "made_up": made_up, "newest_fact_on": ahead.newest, "assessments": ahead.courses, "method": METHOD,
        "assumed": ahead.measured.thin,
        "without_advice": ahead.measured.without_advice, "outlook": [told(one) for one in ahead.plans.outlooks],
        "cases": [_row(one, ahead) for one in sorted(_of(ahead, owner), key=lambda one: (one.due_on, one.ref))],
        "other_duties": [{"duty": one.duty, "late_already": one.late_already, "measured_from": one.measured,
                          "outlook": [told(two) for two in one.outlooks]} for one in ahead.others]}


def _row(one: "Prospect", ahead: "Ahead") -> dict[str, Any]:
    return {"case": one.ref, "duty": "finalise_plan", "due_on": one.due_on, "late": round(one.late, 3), "late_already": one.is_late and
            one.due_on < ahead.plans.on, "soonest": one.soonest, "likely": one.likely, "latest": one.latest, "step": one.step,
            "waits_for": one.waits_for, "excused_by": one.excused_by, "owner": ahead.owners.get(one.ref)}


def _csv(ahead: "Ahead", owner: str | None) -> None:
    import csv
    import sys

    rows = [_row(one, ahead) for one in sorted(_of(ahead, owner), key=lambda one: (one.due_on, one.ref))]
    names = ("case", "duty", "due_on", "late", "late_already", "soonest", "likely", "latest", "step", "waits_for", "excused_by", "owner")
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


METHOD = ("Every open case goes on from where it stands, 400 times: each step lasts a time drawn from this council's own of the last 365"
          " days (open ones count too), given how long it has lasted already; what few cases leave uncertain is drawn as well.")


def _tell(ahead: "Ahead", owner: str | None, limit: int, made_up: bool) -> None:
    plans = ahead.plans
    show.say(f"Forecast of {show.day(plans.on)}, from {show.count(ahead.courses, 'assessment')} on record."
             + (f" {show.MADE_UP}" if made_up else "") + "\n")
    if not plans.prospects:
        show.say("No assessment is open that has a 20-week limit, so there is nothing to forecast.")
    else:
        show.say("Final plans within 20 weeks (s.39(8), reg 13(2)):")
        _outlooks(plans.outlooks)
    passed = [one for one in plans.prospects if one.due_on < plans.on]
    if passed:
        show.say(f"\n{show.count(len(passed), 'open case')} {'is' if len(passed) == 1 else 'are'} past the 20 weeks already and not counted here"
                 " (`ehc due` lists them).")
    _others(ahead)
    ranked = sorted((one for one in _of(ahead, owner) if one.due_on >= plans.on),
                    key=lambda one: (-round(one.late, 2), one.due_on, one.ref))
    shown = ranked[:limit] if limit else ranked
    if shown:
        show.say(f"\nMost likely late{f', of {owner}' if owner else ''}:")
        show.table(("chance", "due", "case", "likely done", "one in ten by", "nine in ten by", "step", "waits for", "officer"), [
            (_chance(one.late), one.due_on, one.ref, _day(one.likely), _day(one.soonest), _day(one.latest),
             STEPS[one.step] + (f", excused by {one.excused_by}" if one.excused_by else ""), one.waits_for or "-",
             ahead.owners.get(one.ref) or "-") for one in shown], numbers=("chance",),
            states=["overdue" if one.late >= 0.5 else "" for one in shown])
        if len(ranked) > len(shown):
            show.say(f"... and {len(ranked) - len(shown):,} more: --limit 0")
    show.say(f"\n{METHOD}")
    _warn_where_thin(ahead)


STALE = timedelta(days=28)
"""Without a fact for longer than this, a forecast says how old its ground is."""


def _warn_where_thin(ahead: "Ahead") -> None:
    from models.forecast.measured import STEP_WORDS

    if ahead.newest is not None and ahead.plans.on - ahead.newest > STALE:
        show.say(f"Nothing on record happened after {show.day(ahead.newest)}: what has been done since is not known here, so open cases look later"
                 f" than they may be. Bring the record up to date, or look from then: --on {ahead.newest.isoformat()}")
    if ahead.measured.without_advice:
        show.say("The record tells nothing of the advice (as after an import of a return), so the way from the decision to assess to the"
                 " final plan is measured as a whole.")
    if ahead.measured.thin:
        show.say("Too few of this council's own cases have ended to measure: " + ", ".join(STEP_WORDS[name] for name in ahead.measured.thin)
                 + ". There an assumption still weighs much; take the numbers as rough.")


def _outlooks(outlooks: "tuple[Outlook, ...]") -> None:
    show.table(("in the next", "fall due", "likely late", "80 in 100", "95 in 100"), [
        (f"{one.weeks} weeks", one.due, f"{one.expected:.0f}", _range(one.within_80), _range(one.within_95)) for one in outlooks],
        numbers=("fall due", "likely late"))


def _others(ahead: "Ahead") -> None:
    if not ahead.others:
        return
    show.say("\nThe other limits, in the next 12 weeks:")
    show.table(("duty", "fall due", "likely late", "80 in 100", "95 in 100", "late already", "measured from"), [
        (one.duty, one.outlooks[-1].due, f"{one.outlooks[-1].expected:.0f}", _range(one.outlooks[-1].within_80),
         _range(one.outlooks[-1].within_95), one.late_already, f"{one.measured:,}" + (", thin" if one.is_thin else ""))
        for one in ahead.others], numbers=("fall due", "likely late", "late already", "measured from"))


def _chance(late: float) -> str:
    """A chance as people read it: never quite certain, and never quite impossible."""
    return ">99%" if late > 0.995 else "<1%" if late < 0.005 else f"{late:.0%}"


def _range(ends: tuple[int, int]) -> str:
    return f"{ends[0]} to {ends[1]}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "beyond 2 years"


def _tell_back(found: "Calibration", days: list[date], as_json: bool, made_up: bool) -> None:
    if as_json:
        show.answer({"from": days, "forecasts": found.forecasts, "brier": round(found.brier, 4),
                     "brier_of_the_share": round(found.brier_of_the_share, 4), "counts": found.counts, "in_80": found.in_80,
                     "in_95": found.in_95, "made_up": made_up,
                     "bins": [{"low": one.low, "high": one.high, "forecasts": one.forecasts, "named": round(one.named, 4),
                                                     "came": round(one.came, 4)} for one in found.bins]})
        return
    show.say("What would have been forecast on " + ", ".join(show.day(day) for day in days)
             + ", from what had happened by then, and what came"
             + (f". {show.MADE_UP}" if made_up else ":") + "\n")
    show.table(("chance named", "forecasts", "on average", "were late"), [
        (f"{one.low:.0%} to {one.high:.0%}", one.forecasts, f"{one.named:.0%}", f"{one.came:.0%}") for one in found.bins],
        numbers=("forecasts", "on average", "were late"))
    show.say(f"\nOf {found.counts} counts, {found.in_80} lay in the range meant to hold 80 in 100, {found.in_95} in that meant to hold 95.")
    show.say(f"Mean squared error {found.brier:.3f}; who always names the share that came has {found.brier_of_the_share:.3f}.")
    if found.brier >= found.brier_of_the_share:
        show.say("These forecasts would have been no better than the share alone: do not rely on them here.")
        raise typer.Exit(show.NO)
