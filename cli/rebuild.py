"""`ehc rebuild`: the tables that are kept for speed, against the facts."""

from typing import Annotated

import typer

from cli import here, show
from cli.options import Json, option

SHOWN = 50


def rebuild(
    check: Annotated[bool, option("--check", help="Only compare; change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Work every case out anew from its facts and put the kept tables right; with --check, only say what differs.

    A case whose trail is broken is left alone. With --check it ends with 1 if anything differs; without, if something is
    left that a rebuild cannot put right.
    """
    from tasks.database import reading, writing
    from tasks.rebuild import rebuild as work_out

    engine = here.database()
    with (reading if check else writing)(engine) as session, show.progress("cases") as progress:
        done = work_out(session, check=check, progress=progress)
    unmended = [one for one in done.differences if not one.mendable]
    if as_json:
        show.answer({"cases": done.cases, "mended": done.mended, "differences": [
            {"case": one.case, "table": one.table, "row": one.row, "column": one.column, "kept": one.kept,
             "rebuilt": one.rebuilt, "mendable": one.mendable} for one in done.differences],
            "left": [{"case": one.case, "number": one.number, "what": one.what} for one in done.left]})
    else:
        for one in done.left:
            show.say(f"{one} Its trail is broken, so nothing is worked out from it; see `ehc trail verify`.")
        for one in done.differences[:SHOWN]:
            show.say(str(one))
        more = len(done.differences) - SHOWN
        if more > 0:
            show.say(f"... and {more} more; --json lists them all.")
        show.say(f"{show.count(done.cases - len(done.left), 'case')} worked out anew: "
                 + _summary(len(done.differences), len(unmended), check))
    if done.left or (done.differences if check else unmended):
        raise typer.Exit(show.NO)


def _summary(differences: int, unmended: int, check: bool) -> str:
    if not differences:
        return "the tables say what the facts say."
    told = show.count(differences, "difference")
    if check:
        return f"{told}. `ehc rebuild` puts right what it can."
    return f"{told}, of which {unmended} could not be put right." if unmended else f"{told}, all put right."
