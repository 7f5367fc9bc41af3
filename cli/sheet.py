"""`ehc import sheet`: any list, by a mapping of its columns that was confirmed once."""

import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import bring, here, show
from cli.clock import today
from cli.options import By, Json, day_option, option

if TYPE_CHECKING:
    from models.sen2.mapping import ColumnMap
    from tasks.sen2_files.sheet import Sheet


def sheet(
    file: Annotated[str, typer.Argument(metavar="FILE",
                                        help="The list: a CSV file or a workbook (.xlsx), a row for each request or plan.")],
    mapping: Annotated[Path, option(
        "--mapping", metavar="FILE.toml", help="Where it stands which column says what; made where there is none yet.")],
    sheet: Annotated[str | None, option("--sheet", metavar="NAME", help="Which sheet of the workbook.")] = None,
    on: Annotated[date | None, day_option("--on", help="The day that the list describes, YYYY-MM-DD; today if left out.")] = None,
    yes: Annotated[bool, option("--yes", help="Take the mapping as it was guessed.")] = False,
    dry_run: bring.Dry = False,
    apply: bring.Apply = False,
    correct: bring.Correct = False,
    owner: bring.Owner = None,
    report: bring.Report = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take in any list of requests and plans, as `ehc import sen2` takes in a return: the same report, the same ledger.

    The first time, what each column says is guessed from the headings, shown, and written to the mapping, which can be changed. Days
    are written YYYY-MM-DD, DD/MM/YYYY or 2 Mar 2026, or are days of a workbook; American ones are refused. The text is UTF-8,
    UTF-16 or Windows-1252, with commas, semicolons or tabs.

    Ends with 1 if the mapping is still to be confirmed, somebody could not be taken in, or --apply is asked for.
    """
    from models.sen2.mapping import BadMapping
    from tasks.sen2_files.sheet import look, opened_sheet
    from tasks.sen2_import import Lines, Wish, import_return

    bring.report_to(report)
    day = on or today()
    if day > today():
        raise show.WrongCall(f"--on {day.isoformat()} has not come yet: a list describes today or a day before.")
    try:
        chosen = _read(mapping) if mapping.exists() else None
        found = look(file, sheet, chosen)
        if chosen is None and (chosen := _confirmed(found, mapping, yes)) is None:
            raise typer.Exit(show.NO)
        lines, wish, hand = Lines(), Wish(dry_run, apply, correct, None, bring.officer(owner)), here.hand(by)
        with bring.whole_or_not_at_all() as bars, ExitStack() as stack:
            with bars("reading") as reading:                    # before a database is made: none is for a list that cannot be read
                anew = stack.enter_context(opened_sheet(file, found, chosen, day, reading))
            done = import_return(bring.database(dry_run), file, wish, hand, today(), own="", lines=lines, progress=bars, source=anew)
    except BadMapping as wrong:
        raise show.WrongCall(f"{mapping}: {wrong}. Put it right there, or remove the file to have it guessed anew.") from None
    bring.finish(file, done, lines, report, as_json, dry_run)


def _read(path: Path) -> "ColumnMap":
    from models.sen2.mapping import from_toml

    try:
        return from_toml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise show.WrongCall(f"{path} cannot be read: {error}.") from None


def _confirmed(found: "Sheet", path: Path, yes: bool) -> "ColumnMap | None":
    """The mapping as it is guessed, written down; None where somebody has still to look at it."""
    from models.sen2.mapping import as_toml, check, guess

    guessed = guess([heading for heading in found.headings if heading])
    show.warn(f"{found.table.name}: headings in row {found.row}" + (
        f", read as {found.table.encoding}" if found.table.encoding else "") + ".")
    width = max(map(len, guessed.columns), default=0)
    for heading, target in guessed.columns.items():
        show.warn(f"  {heading.ljust(width)}  {target or '(not taken)'}")
    try:
        path.write_text(as_toml(guessed), encoding="utf-8")
    except OSError as error:
        raise show.WrongCall(f"--mapping {path}: it cannot be written: {error.strerror}.") from None
    check(guessed, found.headings)
    if yes or (sys.stdin.isatty() and typer.confirm("Is that right?", err=True)):
        return guessed
    show.warn(f"That is a guess, written to {path}. Look at it, change what is wrong, and make the same call again; or say --yes.")
    return None
