"""`ehc agency load` and `export`: the register in whole tables, every row of all the files or nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from cli import here, show
from cli.agency_told import counts, tell_to_verify
from cli.clock import today
from cli.options import Json, option

if TYPE_CHECKING:
    from tasks.agencies import Changes


class ListsTheColumns(TyperCommand):
    """A command whose help ends with the columns of every table."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from models.agencies.written import TABLES

        for table, columns in TABLES.items():
            with formatter.section(f"Columns of {table}.csv"):
                formatter.write_dl(list(columns.items()), col_max=24)
        super().format_epilog(ctx, formatter)


class _PutBack(Exception):
    """Ends the transaction without keeping anything."""


def load(
    files: Annotated[list[str], typer.Argument(
        metavar="FILE...", help="Tables of the register (*.csv), each known by its columns; - is the standard input.")],
    check: Annotated[bool, option(
        "--check", help="Only say what would be taken in and what is refused; keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take tables of the register in: every row of all the files, or nothing, if any cell is wrong.

    What is wrong is told with its file, line and column. A row that is there is changed; a blank cell, or a column that
    is left out, leaves what is on record as it is, and the word none takes it away. What is in no file stays. The same
    files again change nothing. Days are written YYYY-MM-DD or DD/MM/YYYY.

    Ends with 1 if a row was refused, with 2 if a file as a whole cannot be used.
    """
    from cli.agency_files import all_rows, read_sheet
    from models.agencies.told import BadRegister
    from tasks import agencies
    from tasks.database import writing

    sheets = [read_sheet(name) for name in files]
    changes: Changes | None = None
    refused: list[tuple[str, str, str]] = []
    try:
        with writing(here.database()) as session:
            changes = agencies.load(session, all_rows(sheets), today())
            if check:
                raise _PutBack
    except _PutBack:
        pass
    except BadRegister as error:
        refused = [(one.where, one.column, one.words) for one in error.problems]
    kept = changes is not None and not check
    if as_json:
        show.answer({
            "files": [{"file": one.name, "table": one.table, "encoding": one.encoding, "rows": len(one.rows)}
                      for one in sheets],
            "kept": kept, **(counts(changes) if changes else {}),
            "refused": [{"where": where, "column": column, "why": why} for where, column, why in refused]})
    else:
        for one in sheets:
            if one.encoding != "UTF-8":
                show.warn(f"{one.name} was read as {one.encoding}: look at names with accents.")
        for problem in refused:
            show.say(": ".join(filter(None, problem)))
        if changes is None:
            show.say(f"{show.count(len(refused), 'thing')} to put right; nothing was kept.")
        else:
            _tell_load(changes, check)
    if refused:
        raise typer.Exit(show.NO)


def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the four files go; made if it is not there.")],
    without_channels: Annotated[bool, option(
        "--without-channels", help="Leave the channels out, which are secret. Loading such files leaves them as they"
                                   " are.")] = False,
    as_json: Json = False,
) -> None:
    """Write the whole register to four CSV files, as `ehc agency load` reads them. They hold names and secrets."""
    from cli.agency_files import write_sheets
    from tasks.agencies import register
    from tasks.database import reading

    with reading(here.database()) as session:
        found = register(session)
    written = write_sheets(folder, found, channels=not without_channels)
    if as_json:
        show.answer({"folder": str(folder), "rows": written})
    else:
        for name, rows in written.items():
            show.say(f"{folder / name}: {show.count(rows, 'row')}")


def _tell_load(changes: "Changes", check: bool) -> None:
    show.say(f"{len(changes.added)} added, {len(changes.changed)} changed, {changes.same} there already"
             + ("; checked only, nothing was kept." if check else "."))
    tell_to_verify(changes)
