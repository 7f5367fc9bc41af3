"""`ehc due`: what is to be done, most harmful lateness first."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, show
from cli.clock import today
from cli.options import Json, On, option

SHOWN = 100
"""Duties that are listed if no other number is asked for."""

if TYPE_CHECKING:
    from tasks.worklist import ToDo, Undelivered


def due(
    on: On = None,
    owner: Annotated[str | None, option(
        "--owner", metavar="WHO", help="Only the cases of this officer, such as officer-3.")] = None,
    within: Annotated[int | None, option(
        "--within", min=0, max=36_500, metavar="DAYS", help="Only what is late already or due within so many days.")] = None,
    limit: Annotated[int | None, option(
        "--limit", min=0, metavar="N", help="Show so many duties; 100 if left out, all with --json; 0 for the numbers alone.")] = None,
    worked_on: Annotated[bool, option("--worked-on", help="Leave out cases from returns that no officer has taken on.")] = False,
    as_json: Json = False,
) -> None:
    """What is to be done: statutory limits that are overdue first, the longest overdue first; then guidance that is
    overdue; then what is excused; then by due day. Before all that, messages that reached nobody: each is to be seen to today.

    Looks at what is on record now; `ehc case REF --as-of DATE` works out how a case stood on a past day. The family's own
    periods are not listed: nobody can be late with a right. Ends with 1 if a statutory limit is overdue.
    """
    from tasks.database import reading
    from tasks.worklist import undelivered, worklist

    day = on or today()
    first = limit if limit is not None or as_json else SHOWN
    with reading(here.database()) as session:
        todo = worklist(session, day, within, owner, first, worked_on)
        lost = undelivered(session, day, owner)
    if as_json:
        show.answer_rows([*map(_lost_record, lost), *map(_as_record, todo[:first])])
    else:
        _tell_lost(lost)
        tell(todo, day, within, owner, first)
    if any(item.is_breach for item in todo):
        raise typer.Exit(show.NO)


def _as_record(item: "ToDo") -> dict[str, object]:
    owed = item.owed
    return {
        "case": owed.case, "duty": owed.duty.id, "adviser": owed.adviser, "party": owed.party, "occasion": owed.which,
        "kind": owed.duty.kind, "owed_by": owed.duty.owed_by, "starts_on": owed.starts_on, "due_on": owed.due_on,
        "reporting_due_on": owed.reporting_due_on, "state": owed.state, "days_late": owed.days_late,
        "excused_by": owed.excused_by, "citation": owed.duty.citation, "stage": item.stage, "held_by": item.held_by,
        "held_since": item.held_since, "owner": item.owner,
    }


def _lost_record(lost: "Undelivered") -> dict[str, object]:
    """A message to be seen to, as a row beside the duties: it has `task` and no `duty`."""
    return {"task": "message_reached_nobody", "case": lost.case, "duty": None, "message": lost.message, "key": lost.key, "to": lost.to,
            "agency": lost.agency, "why": lost.why, "kind": "ops", "due_on": lost.since, "state": "open", "owner": lost.owner}


def _tell_lost(lost: "list[Undelivered]") -> None:
    if not lost:
        return
    show.say("Messages that reached nobody; put the address right and `ehc resend REF`, or reach them by other means:")
    show.table(("since", "case", "message", "to", "why", "officer"), [
        (one.since, one.case, one.message, one.to + (f" ({one.agency})" if one.agency else ""), one.why.replace("_", " "),
         one.owner or "-") for one in lost], states=["failed" for _ in lost])
    show.say()


def tell(todo: "list[ToDo]", day: date, within: int | None = None, owner: str | None = None,
         first: int | None = None) -> None:
    """The list for people, or the `first` of it, and its sum."""
    from cli.changes import named
    from models.made_up.council import is_made_up

    if first is not None and len(todo) > first:
        _sum_up(todo, day)
    if todo[:first]:
        show.table(("late or in", "due", "case", "duty", "owed by", "officer", "force"), [
            (_late(item, day), item.owed.due_on, item.owed.case, named(item.owed), item.owed.duty.owed_by.replace("_", " "),
             _officer(item), "statutory" if item.owed.duty.kind == "hard" else item.owed.duty.kind) for item in todo[:first]],
            states=[item.owed.state if item.is_breach else "" for item in todo[:first]])
        show.say(f"... and {len(todo) - first:,} more: ehc due --limit {len(todo)}\n" if first is not None and len(todo) > first else "")
    if any(is_made_up(item.owed.case) for item in todo):
        show.say(show.MADE_UP)
    breaches = sum(item.is_breach for item in todo)
    other = sum(item.owed.state == "overdue" for item in todo) - breaches
    excused = sum(item.owed.state == "excused" for item in todo)
    week = sum(item.owed.state == "open" and (item.owed.due_on - day).days <= 7 for item in todo)
    cases = len({item.owed.case for item in todo})
    whose = f" of {owner}" if owner else ""
    until = f", due by then or within {show.count(within, 'day')}" if within is not None else ""
    duties = show.count(len(todo), "duty", "duties")
    show.say(f"{show.day(day)}: {duties} in {show.count(cases, 'case')}{whose}{until}: {breaches} overdue against a statutory"
             f" limit, {other} past guidance, {excused} excused, {week} due within 7 days.")


def _sum_up(todo: "list[ToDo]", day: date) -> None:
    """How many there are of each duty: the most overdue against the law first."""
    counts: dict[str, list[int]] = {}
    for item in todo:
        of = counts.setdefault(item.owed.duty.id, [0, 0, 0, 0])
        left = (item.owed.due_on - day).days
        of[0 if item.owed.state == "overdue" else 1 if left <= 28 else 2] += 1
        of[3] = max(of[3], -left if item.owed.state == "overdue" else 0)
    show.table(("duty", "overdue", "due in 4 weeks", "later", "longest"), [
        (duty, f"{late:,}", f"{soon:,}", f"{later:,}", show.days_late(longest)) for duty, (late, soon, later, longest) in
        sorted(counts.items(), key=lambda one: (-one[1][0], -one[1][1], one[0]))], numbers=("overdue", "due in 4 weeks", "later"))
    show.say()


def _officer(item: "ToDo") -> str:
    if not item.from_return:
        return item.owner or "-"
    return f"{item.owner or '-'} (from a return, not taken on)"


def _late(item: "ToDo", day: date) -> str:
    owed = item.owed
    if owed.state == "excused":
        return "excused"
    if owed.state == "overdue":
        return f"{show.days_late(owed.days_late)} late"
    left = (owed.due_on - day).days
    return "today" if left == 0 else f"in {show.count(left, 'day')}"
