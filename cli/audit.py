"""`ehc audit`: an auditor's questions, each answered in one command, with its method."""

import typer

from cli import here, show
from cli.answers import Csv, tell
from cli.clock import today
from cli.options import CaseRef, Json, LookedBy

app = typer.Typer(
    no_args_is_help=True, help="An auditor's questions. Every answer names its method, and the call that gives it again.",
    epilog=show.example("ehc audit looks EHC-2026-0042"))


@app.command("looks", epilog=show.example("ehc audit looks EHC-2026-0042", "ehc audit looks EHC-2026-0042 --csv"))
def looks(ref: CaseRef, by: LookedBy = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """11. Who looked at this case, and when: every reading through a door, this one too."""
    from models.audit.answer import Answer, Asked
    from models.audit.looks import LOOKS, Row
    from tasks.database import reading
    from tasks.looks import looks_of

    here.looked("ehc audit looks", by, ref)
    with reading(here.database()) as session:
        rows = [Row(look.case_ref, look.looked_at, look.looked_by, look.door, look.number) for look in looks_of(session, ref)]
    tell(Answer(LOOKS, Asked(today()), rows), ["ehc", "audit", "looks", ref], as_json=as_json, as_csv=as_csv)
