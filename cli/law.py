"""`ehc law`: the rulebook, and the last day of a duty without any case."""

import json
import sys
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import typer

from cli import compare, show
from cli.clock import parse_day
from cli.lines import lines_of
from cli.options import day_option, option

if TYPE_CHECKING:
    from models.law.duty import Duty

app = typer.Typer(no_args_is_help=True, help="The law as a table, and the arithmetic of its days.",
                  epilog=show.example("ehc law list", "ehc law due decide_whether_to_assess --from 2026-03-02"))


app.command("compare", epilog=show.example(
    "ehc law compare draft.yaml --cases chronology.jsonl",
    "ehc law compare draft.yaml --cases chronology.jsonl --on 2027-09-01 --json"))(compare.compare)


@app.command("list", epilog=show.example("ehc law list", "ehc law list --on 2020-06-01 --json"))
def list_duties(
    on: Annotated[date | None, day_option("--on", help="Only what was law on this day, YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, option("--json", help="Every column, for machines.")] = False,
) -> None:
    """Every duty in force: who owes what to whom, within what time, and where the law says so.

    hard: in an Act or regulations. guide: only in the Code of Practice. derived: worked out from hard limits.
    """
    from models.law.rulebook import as_records, in_force

    duties = in_force(on)
    if as_json:
        show.answer(as_records(duties))
        return
    show.table(("duty", "kind", "owed by", "citation", "limit"),
               [(duty.id, duty.kind, duty.owed_by, duty.citation,
                 f"{duty.branch.replace('_', ' ')}: {duty.limit_words}" if duty.branch else duty.limit_words) for duty in duties])
    if not duties:
        show.say(f"No row of the rulebook was law on {show.day(on)}: Part 3 of the Act commenced on 1 September 2014.")


@app.command("due", epilog=show.example(
    "ehc law due decide_whether_to_assess --from 2026-03-02",
    "ehc law due finalise_plan --from 2026-03-02 --json",
    "echo 'finalise_plan 2026-03-02' | ehc law due --batch - --json"))
def due(
    duty: Annotated[str | None, typer.Argument(
        metavar="DUTY", help="Id of the duty, as `ehc law list` shows it.", show_default=False)] = None,
    start: Annotated[date | None, day_option("--from", help="Day on which its clock starts, YYYY-MM-DD.")] = None,
    on: Annotated[date | None, day_option("--on", help="By the law as it was on this day, YYYY-MM-DD, and not by that of the"
                                                       " day on which the limit falls due.")] = None,
    batch: Annotated[str | None, typer.Option(
        "--batch", metavar="FILE", show_default=False,
        help="Answer every line `DUTY DATE` of FILE (- is the standard input), one line each.")] = None,
    as_json: Annotated[bool, option("--json", help="For machines.")] = False,
) -> None:
    """The last day on which a duty can still be done in time, and the arithmetic.

    A step for which the law gives no figure has no such day, and the answer says so. In a batch a line that cannot
    be answered has its error in its place; the other lines are answered, and the command ends with 2.
    """
    if batch is not None:
        if duty is not None or start is not None:
            show.fail("--batch reads duties and days from its file: leave out DUTY and --from.")
        _answer_batch(batch, as_json, on)
        return
    if duty is None or start is None:
        missing = " and ".join(name for name, value in (("DUTY", duty), ("--from", start)) if value is None)
        show.fail(f"give {missing}, such as `ehc law due decide_whether_to_assess --from 2026-03-02`.")
    found = last_day_of()(duty, start, on)
    if as_json:
        show.answer(found)
        return
    due_on = found["due_on"]
    show.say(f"{duty}: {show.day(date.fromisoformat(due_on))}" if due_on else f"{duty}: no last day")
    show.say(f"{found['working']} ({found['citation']})")
    for one in found.get("branches", ()):
        show.say(f"  {one['branch']:20} {show.day(date.fromisoformat(one['due_on']))}  {one['working']} ({one['citation']})")
    if found["kind"] != "hard":
        show.say(f"This is {found['kind']}, not a statutory limit.")
    if found["reporting_due_on"]:
        show.say("On the DfE's count, where the day of receipt is day 1:"
                 f" {show.day(date.fromisoformat(found['reporting_due_on']))}")


@app.command("show", epilog=show.example("ehc law show finalise_plan"))
def show_duty(
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="Id of the duty, as `ehc law list` shows it.")],
    on: Annotated[date | None, day_option("--on", help="As it was law on this day, YYYY-MM-DD.")] = None,
    as_json: Annotated[bool, option("--json", help="For machines.")] = False,
) -> None:
    """One duty in full: its words, what starts and meets it, its limit, its exceptions, its source."""
    from models.law.rulebook import as_records
    from models.law.rulebook import branches as rows

    found = as_records(rows(duty, on))[0]
    if as_json:
        show.answer(found)
        return
    found["limit"], found["reporting_limit"] = found.pop("limit_words"), None
    for name, value in found.items():
        if name == "branches":
            for one in value:
                show.say(f"  {one['branch']:20} {one['limit_words']} ({one['citation']})")
            continue
        told = ", ".join(value) if isinstance(value, list) else value
        if told:
            show.say(f"{name.replace('_', ' '):16} {told}")


def last_day_of() -> Callable[..., dict[str, object]]:
    """A function from a duty's id and a starting day to the answer; it remembers what it has answered.

    Raises UnknownDuty where there is no such duty, or it was not law on that day, CannotCount where a day runs off
    the calendar.
    """
    from models.calendar import bank_holidays
    from models.law.dates import CannotCount
    from models.law.deadlines import last_day
    from models.law.duty import PART_3_COMMENCED
    from models.law.rulebook import UnknownDuty, branches

    closed = bank_holidays()

    @lru_cache(maxsize=100_000)
    def find(id: str, start: date, on: date | None = None) -> dict[str, object]:
        rows = as_it_was(id, start, on)
        found: dict[str, object] = {"duty": id, "from": start.isoformat()} | answer(rows[0], start)
        if rows[0].branch is not None:
            found |= {"due_on": None, "working": "several limits, one for each case: see branches",
                      "branches": [{"branch": row.branch} | answer(row, start) for row in rows]}
        return found

    def as_it_was(id: str, start: date, on: date | None) -> "list[Duty]":
        """The rows by the law of `on`; otherwise by that of the day which the rule's own selector names."""
        if on is not None:
            return branches(id, on)
        try:
            now = branches(id, start)
        except UnknownDuty:
            now = branches(id, None) if start >= PART_3_COMMENCED else branches(id, start)
        if now[0].selector == "start_date":
            return branches(id, start)
        due_on = date.fromisoformat(due) if (due := answer(now[0], start)["due_on"]) else start
        return branches(id, max(due_on, PART_3_COMMENCED)) if start >= PART_3_COMMENCED else branches(id, start)

    def answer(row: "Duty", start: date) -> dict[str, str | None]:
        try:
            due_on, working = last_day(row, start, closed)
            reporting = row.reporting_limit.last_day(start, closed) if row.reporting_limit else None
        except (OverflowError, ValueError) as error:
            raise CannotCount(f"{row.id} from {start.isoformat()} runs off the calendar.") from error
        return {"due_on": due_on.isoformat() if due_on else None, "citation": row.citation, "working": working, "kind": row.kind,
                "reporting_due_on": reporting.isoformat() if reporting else None}

    return find


def _answer_batch(name: str, as_json: bool, on: date | None) -> None:
    from models.law.rulebook import UnknownDuty

    find, bad, write = last_day_of(), 0, sys.stdout.write
    for number, line in lines_of(name):
        try:
            found = find(*_duty_and_day(line), on)
        except (ValueError, UnknownDuty) as error:
            bad += 1
            found = {"line": number, "error": str(error)}
        if as_json:
            write(json.dumps(found, ensure_ascii=False) + "\n")
        elif "error" in found:
            show.warn(f"{name}, line {number}: {found['error']}")
        else:
            write(f"{found['duty']} {found['from']} {found['due_on'] or '-'}\n")
    if bad:
        show.fail(f"{name}: {show.count(bad, 'line')} could not be answered; each is named above.")


def _duty_and_day(line: str | ValueError) -> tuple[str, date]:
    if isinstance(line, ValueError):
        raise line
    words = line.split()
    if len(words) != 2:
        raise ValueError("a line is `DUTY DATE`, such as `finalise_plan 2026-03-02`; this one is "
                         + (repr(line[:80]) if words else "blank") + ".")
    return words[0], _day(words[1])


_day: Callable[[str], date] = lru_cache(maxsize=20_000)(parse_day)
