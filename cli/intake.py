"""`ehc intake`: many requests at once, from a spreadsheet saved as CSV."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from cli import here, show
from cli.clock import today
from cli.options import By, DryRun, Json, option

if TYPE_CHECKING:
    from sqlmodel import Session

    from cli.spreadsheet import Sheet
    from models.hand import Hand


class ListsTheColumns(TyperCommand):
    """A command whose help ends with every column that a list may have."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from cli.spreadsheet import COLUMNS

        with formatter.section("Columns"):
            formatter.write_dl(list(COLUMNS.items()), col_max=24)
        super().format_epilog(ctx, formatter)


@dataclass(slots=True)
class Outcome:
    """What became of the rows, by line: the new cases, those taken in before, those refused; and what should be known."""

    opened: dict[int, str] = field(default_factory=dict)
    before: dict[int, str] = field(default_factory=dict)
    refused: dict[int, tuple[str, ...]] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)


class _PutBack(Exception):
    """Ends the transaction without keeping anything."""


def intake(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The list (*.csv), one request a row; - is the standard input.")],
    keep_good: Annotated[bool, option(
        "--keep-good", help="Take in the rows that are right although others are refused.")] = False,
    check: Annotated[bool, option(
        "--check", help="Only say what would be taken in and what is refused; keep nothing.")] = False,
    dry_run: DryRun = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take in a list of requests: opens a case for each row, or for none, if any row is refused.

    Every cell is checked, and what is refused is told with its line and the reason. The same list again changes nothing: a
    person whose case began with a request of that day was taken in before. A person with another open case or with a plan
    is refused here; `ehc receive` puts such a request where the law does. The first line names the columns, in any order.
    Days are written YYYY-MM-DD or DD/MM/YYYY. The text is UTF-8 or Windows-1252, with commas, semicolons or tabs.

    Ends with 1 if a row was refused, with 2 if the file as a whole cannot be used.
    """
    from cli.spreadsheet import read_sheet

    day, hand = today(), here.hand(by)
    sheet = read_sheet(file, day)
    outcome = Outcome(refused={row.line: row.wrong for row in sheet.rows if row.wrong})
    if dry_run:
        _try(file, sheet, outcome, hand, day, keep_good, as_json)
        return
    nothing_to_keep = check or bool(outcome.refused and not keep_good)
    if nothing_to_keep and not here.is_there():
        outcome.opened = {row.line: "" for row in sheet.rows if row.request}
        kept = False
    else:
        kept = _in_one_transaction(sheet, outcome, hand, day, check, keep_good)
    if as_json:
        show.answer(_as_record(sheet, outcome, kept))
    else:
        _tell(file, sheet, outcome, kept, check)
    if outcome.refused:
        raise typer.Exit(show.NO)


def _try(name: str, sheet: "Sheet", outcome: Outcome, hand: "Hand", day: date, keep_good: bool, as_json: bool) -> None:
    """Show every letter that would go if the list were taken in now and its cases were visited."""
    from cli.message import as_record, tell
    from tasks.preview import preview_of_many
    from tasks.settings import settings

    def first(session: "Session") -> list[str]:
        _take_in(session, sheet, outcome, hand, day, lambda done, of: None)
        return [] if outcome.refused and not keep_good else list(outcome.opened.values())

    found = preview_of_many(here.database(), settings(), day, hand, first)
    if as_json:
        show.answer(_as_record(sheet, outcome, False) | as_record(found))
    else:
        _tell(name, sheet, outcome, False, True)
        tell(found, as_json=False)
    if outcome.refused:
        raise typer.Exit(show.NO)


def _in_one_transaction(sheet: "Sheet", outcome: Outcome, hand: "Hand", day: date, check: bool, keep_good: bool) -> bool:
    """Take the rows in, all of them or only the right ones or none; whether anything was kept."""
    from tasks.database import writing

    try:
        with writing(here.database(make=True)) as session, show.progress("requests") as progress:
            _take_in(session, sheet, outcome, hand, day, progress)
            if check or (outcome.refused and not keep_good):
                raise _PutBack
    except _PutBack:
        return False
    return bool(outcome.opened)


def _take_in(session: "Session", sheet: "Sheet", outcome: Outcome, hand: "Hand", day: date,
             progress: Callable[[int, int], None]) -> None:
    from models.facts import BadFact
    from tasks.case_file import CannotBear, CaseExists
    from tasks.intake import BelongsElsewhere, NotToBeRecorded, take_in
    from tasks.people import known

    people = known(session, (row.request.born for row in sheet.rows if row.request))
    for done, row in enumerate(sheet.rows, start=1):
        if row.request is not None:
            try:
                taken = take_in(session, row.request, hand, day, people=people, only_new=True)
            except (BadFact, BelongsElsewhere, CannotBear, CaseExists, NotToBeRecorded) as error:
                outcome.refused[row.line] = (str(error),)
            else:
                where = outcome.before if taken.recorded.repeated else outcome.opened
                where[row.line] = taken.recorded.case.ref
                if taken.route.words:
                    outcome.notes[row.line] = [taken.route.words]
        progress(done, len(sheet.rows))


def _as_record(sheet: "Sheet", outcome: Outcome, kept: bool) -> dict[str, Any]:
    return {
        "encoding": sheet.encoding, "rows": len(sheet.rows), "empty_rows": sheet.empty, "kept": kept,
        "opened": [{"line": line, "case": ref, "notes": outcome.notes.get(line, [])} for line, ref in outcome.opened.items()],
        "taken_in_before": [{"line": line, "case": ref} for line, ref in outcome.before.items()],
        "refused": [{"line": line, "why": list(why)} for line, why in sorted(outcome.refused.items())],
    }


def _tell(name: str, sheet: "Sheet", outcome: Outcome, kept: bool, check: bool) -> None:
    if sheet.encoding != "UTF-8":
        show.warn(f"{name} was read as {sheet.encoding}: look at names with accents.")
    for line, why in sorted(outcome.refused.items()):
        show.say(f"line {line}: refused: {'; '.join(words.rstrip('.') for words in why)}.")
    for line, ref in outcome.opened.items() if kept else ():
        show.say(f"line {line}: {ref}" + "".join(f"\n  {note}" for note in outcome.notes.get(line, ())))
    told = [show.count(len(sheet.rows), "request")]
    if outcome.refused:
        told.append(f"{len(outcome.refused)} refused")
    if outcome.before:
        told.append(f"{len(outcome.before)} taken in before")
    opens = show.count(len(outcome.opened), "case")
    if kept:
        told.append(f"{opens} opened")
    elif check:
        told.append(f"{opens} would be opened; nothing was kept")
    elif outcome.refused:
        told.append("nothing was kept" + (f"; --keep-good would open {opens}" if outcome.opened else ""))
    else:
        told.append("nothing has changed")
    show.say(f"{name}: {', '.join(told)}.")
    if kept:
        show.say("The next watch visits them; `ehc watch` does so now.")
