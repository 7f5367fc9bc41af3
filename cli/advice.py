"""`ehc advice` and `ehc agency board`: every request for advice, who holds it, what is next; and how agencies answer."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.clock import today
from cli.options import Json, LookedBy, On, day_option, option

if TYPE_CHECKING:
    from models.advice import AdviceRequest
    from models.board import Figures

Ref = Annotated[str | None, typer.Argument(
    metavar="REF", help="Reference of the case; left out, every request that somebody holds.", show_default=False)]


def advice(
    ref: Ref = None,
    on: On = None,
    owner: Annotated[str | None, option("--owner", metavar="WHO", help="Only the cases of this officer, such as officer-3.")] = None,
    agency: Annotated[str | None, option(
        "--agency", metavar="AGENCY", help="Only requests to this agency, or to a role such as rcb where none is named.")] = None,
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """The requests for advice of one case, or all that somebody holds: how far each has come, its days, who holds it and since
    when, the next step.

    The most pressing first: late against the law, late against guidance, gaps on which the council must decide, then by day.
    What a body answers by phone or mail is recorded with `ehc record REF advice_received how=phone ...` and the other facts of advice.
    Ends with 1 if a body is late against the law, or advice is missing and nobody owes it. A look at one case is noted.
    """
    from tasks.advice import Held, held
    from tasks.database import reading

    day = on or today()
    if ref is None:
        with reading(here.database()) as session:
            found = held(session, day, owner, agency)
    else:
        if owner or agency:
            raise show.WrongCall(f"{ref}: one case is shown whole; leave out --owner and --agency.")
        from models.calendar import bank_holidays
        from models.case import Case
        from tasks.case_file import read

        here.looked("ehc advice", by, ref)
        with reading(here.database()) as session:
            case = Case.of(ref, read(session, ref), day, bank_holidays())
        found = [Held(one, case.owner) for one in case.advice_requests]
    if as_json:
        show.answer_rows(_as_record(one.request) | {"owner": one.owner} for one in found)
    elif ref is None:
        _tell_all(found, day)
    else:
        _tell_one(ref, [one.request for one in found], day)
    if any(_is_amiss(one.request) for one in found):
        raise typer.Exit(show.NO)


def _is_amiss(one: "AdviceRequest") -> bool:
    return one.is_gap or (one.is_open and bool(one.days_late) and one.body == "s31" and not one.excused_by)


def _as_record(one: "AdviceRequest") -> dict[str, Any]:
    return {
        "case": one.case, "adviser": one.adviser, "agency": one.agency, "role": one.role, "body": one.body, "number": one.number,
        "round": one.round_on, "required": one.required, "needed": one.needed, "state": one.state.value,
        "outcome": one.outcome.value if one.outcome else None, "asked_on": one.asked_on, "delivered_on": one.delivered_on,
        "acknowledged_on": one.acknowledged_on, "expected_on": one.expected_on, "starts_on": one.starts_on, "due_on": one.due_on,
        "due_why": one.due_why, "ended_on": one.ended_on, "after_all_on": one.after_all_on, "how": one.how, "days": one.days,
        "days_late": one.days_late,
        "excused_by": one.excused_by, "passed_to": one.elsewhere, "decision": one.decision["outcome"] if one.decision else None,
        "holder": one.holder, "held_since": one.held_since, "next": one.next_step, "facts": [fact.number for fact in one.facts],
    }


def _stands(one: "AdviceRequest") -> str:
    how = f" ({one.how})" if one.how else ""
    again = f", {one.number}. asking" if one.number > 1 else ""
    what = one.outcome.value + how if one.outcome else one.state.value
    return what + (f" to {one.elsewhere}" if one.elsewhere and one.outcome and one.outcome.value == "passed on" else "") + again


def _due(one: "AdviceRequest") -> str:
    late = f", {show.days_late(one.days_late)} late" if one.days_late else ""
    force = "" if one.due_on is None or one.body == "s31" else " (guidance)"
    return (show.day(one.due_on) if one.due_on else "no day") + force + ("" if one.excused_by else late)


def _held(one: "AdviceRequest") -> str:
    return f"{one.holder} since {show.day(one.held_since)}" if one.holder else "-"


def _tell_all(found: list[Any], day: date) -> None:
    rows = [one.request for one in found]
    if rows:
        show.table(("case", "advice", "of", "state", "due", "held by", "officer", "next"), [
            (one.request.case, one.request.adviser, one.request.who, _stands(one.request), _due(one.request), _held(one.request),
             one.owner or "-", one.request.next_step or "-") for one in found],
            states=["overdue" if _is_amiss(one) else "" for one in rows])
    late = sum(one.is_open and bool(one.days_late) and not one.excused_by for one in rows)
    ours = sum(one.holder in ("council", "council.manager") for one in rows)
    show.say(f"{show.day(day)}: {show.count(len(rows), 'request')} in {show.count(len({one.case for one in rows}), 'case')}: {late} late,"
             f" {ours} held by the council.")


def _tell_one(ref: str, requests: "list[AdviceRequest]", day: date) -> None:
    if not requests:
        show.say(f"{ref}: no advice is asked for as of {show.day(day)}; it is, once there is a decision to assess.")
        return
    for one in requests:
        again = f", asked for the {one.number}. time" if one.number > 1 else ""
        show.say(f"{one.adviser} of {one.who}{again}: {_stands(one)}" + ("" if one.required else " (not required by reg 6(1))"))
        days = [(name, value) for name, value in (
            ("asked", one.asked_on), ("received", one.delivered_on), ("confirmed", one.acknowledged_on), ("promised", one.expected_on),
            ("ended", one.ended_on), ("advice came after all", one.after_all_on)) if value]
        if days:
            show.say("  " + ", ".join(f"{name} {show.day(value)}" for name, value in days))
        show.say(f"  due: {_due(one)}; {one.due_why}")
        if one.holder:
            show.say(f"  held by {_held(one)}; next: {one.next_step}")


# --- the board -------------------------------------------------------------------------------------------------------

def board(
    on: On = None,
    since: Annotated[date | None, day_option(
        "--since", help="Count the requests sent from this day on, YYYY-MM-DD; a year back if left out.")] = None,
    as_json: Json = False,
) -> None:
    """For each agency: requests open, on time, late, days to advice, next due. An agency sees its own figures, worked out alike,
    behind its answer link.

    On time and late are out of the requests that were answered or whose day is over: unanswered ones past their day are late.
    """
    from tasks.advice import board_of

    day = on or today()
    if since is not None and since > day:
        raise show.WrongCall(f"--since {since.isoformat()} is after {day.isoformat()}. Give an earlier day.")
    found = board_of(here.database(), day, since)
    if as_json:
        show.answer({"on": found.on, "since": found.since, "total": _figures(found.total),
                     "agencies": [{"agency": who} | _figures(row) for who, row in found.rows.items()]})
        return
    if not found.rows:
        show.say(f"No agency was asked for advice from {show.day(found.since)} to {show.day(day)}.")
        return
    show.table(("agency", "asked", "open", "open late", "on time", "late", "median days", "next due"), [
        (who, row.asked, row.open, row.open_late, _share(row.on_time, row), _share(row.late, row), _median(row),
         row.next_due or "-") for who, row in [*found.rows.items(), ("all agencies", found.total)]],
        numbers=("asked", "open", "open late"), states=["overdue" if row.open_late else "" for row in found.rows.values()])
    show.say(f"Requests sent from {show.day(found.since)} to {show.day(day)}. On time and late: out of those answered or past their"
             " last day. Median: over those that brought advice, in brackets how many.")


def _share(part: int, row: "Figures") -> str:
    return f"{part} of {row.measured}" + (f" ({round(100 * part / row.measured)}%)" if row.measured else "")


def _median(row: "Figures") -> str:
    return "-" if row.median_days is None else f"{row.median_days:g} ({row.with_advice})"


def _figures(row: "Figures") -> dict[str, Any]:
    return {name: getattr(row, name) for name in (
        "asked", "open", "open_late", "on_time", "late", "measured", "share_on_time", "no_day", "with_advice", "median_days", "next_due")}
