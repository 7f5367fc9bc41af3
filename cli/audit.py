"""`ehc audit`: an auditor's questions, each answered in one command, with its method."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from cli import audit_sample, here, show
from cli.answers import Csv, tell
from cli.clock import now, today
from cli.options import CaseRef, Json, KnownBy, LookedBy, day_option, one_word, option
from models.audit.names import NAMES, NUMBERS

if TYPE_CHECKING:
    from models.audit.answer import Asked


class ByNumber(TyperGroup):
    """A group whose commands are called by the number of the question, too."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, NUMBERS.get(cmd_name, cmd_name))


app = typer.Typer(
    cls=ByNumber, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]},
    help="An auditor's questions, by name or by number (ehc audit 9). Every answer names its method, and the call that gives it again.",
    epilog=show.example("ehc audit requests --from 2026-09-01 --to 2026-11-30", "ehc audit backdated --days 8 --csv"))

Since = Annotated[date | None, day_option("--from", help="First day of the period, YYYY-MM-DD; from the beginning if left out.")]
Until = Annotated[date | None, day_option("--to", help="Last day of the period, YYYY-MM-DD; to the end if left out.")]
AsOn = Annotated[date | None, day_option("--on", help="As the cases stood on this day; today if left out, or the day of --known-by.")]
Owner = Annotated[str | None, option("--owner", metavar="OFFICER", parser=one_word, help="Only the cases of this officer.")]
Agency = Annotated[str | None, option(
    "--agency", metavar="AGENCY", parser=one_word, help="Only what this agency was asked for, or this role, such as rcb.")]
Days = Annotated[int | None, option("--days", metavar="N", min=1, help="From how many days on: N, and for silence more than N.")]
OneCase = Annotated[str | None, typer.Argument(
    metavar="[REF]", parser=one_word, show_default=False, help="One case; all cases if left out.")]


def asked_for(since: date | None, until: date | None, on: date | None, known_by: date | None, owner: str | None = None,
              agency: str | None = None, days: int | None = None) -> "Asked":
    """What was asked for, checked. Raises WrongCall."""
    from models.audit.answer import Asked

    if since and until and since > until:
        raise show.WrongCall(f"--from {since} is after --to {until}.")
    return Asked(on or known_by or today(), since, until, known_by, owner, agency, days)


def again(name: str, asked: "Asked", *first: str) -> list[str]:
    """The words of the call that gives the same answer again, whatever is recorded after today."""
    told = {"--from": asked.since, "--to": asked.until, "--on": asked.on, "--known-by": asked.known_by or today(),
            "--owner": asked.owner, "--agency": asked.agency, "--days": asked.days}
    return ["ehc", "audit", name, *first, *(word for option, value in told.items() if value is not None for word in (option, str(value)))]


def _answer(name: str, asked: "Asked", as_json: bool, as_csv: bool, ref: str | None = None) -> None:
    from models.audit.questions import QUESTIONS
    from tasks.audit import ask
    from tasks.database import reading

    with reading(here.database()) as session, show.progress("cases") as progress:
        found = ask(session, QUESTIONS[name], asked, ref, progress)
    tell(found, again(name, asked, *([ref] if ref else [])), as_json=as_json, as_csv=as_csv)


def _plain(name: str) -> Callable[..., None]:
    def command(since: Since = None, until: Until = None, on: AsOn = None, known_by: KnownBy = None, owner: Owner = None,
                as_json: Json = False, as_csv: Csv = False) -> None:
        _answer(name, asked_for(since, until, on, known_by, owner), as_json, as_csv)
    return command


def _with_days(name: str) -> Callable[..., None]:
    def command(since: Since = None, until: Until = None, on: AsOn = None, known_by: KnownBy = None, owner: Owner = None,
                days: Days = None, as_json: Json = False, as_csv: Csv = False) -> None:
        _answer(name, asked_for(since, until, on, known_by, owner, None, days), as_json, as_csv)
    return command


def _of_agencies(name: str) -> Callable[..., None]:
    def command(since: Since = None, until: Until = None, on: AsOn = None, known_by: KnownBy = None, owner: Owner = None,
                agency: Agency = None, as_json: Json = False, as_csv: Csv = False) -> None:
        _answer(name, asked_for(since, until, on, known_by, owner, agency), as_json, as_csv)
    return command


def _of_one_case(name: str) -> Callable[..., None]:
    def command(ref: OneCase = None, since: Since = None, until: Until = None, on: AsOn = None, known_by: KnownBy = None,
                owner: Owner = None, by: LookedBy = None, as_json: Json = False, as_csv: Csv = False) -> None:
        if ref is not None:
            here.looked(f"ehc audit {name}", by, ref)
        _answer(name, asked_for(since, until, on, known_by, owner), as_json, as_csv, ref)
    return command


_SHAPES = {"advice": _of_agencies, "silent": _with_days, "backdated": _with_days, "told": _of_one_case}
_EXAMPLES: dict[str, Sequence[str]] = {
    "advice": ("ehc audit advice --from 2026-09-01 --to 2026-11-30 --agency rcb", "ehc audit advice --csv"),
    "silent": ("ehc audit silent --days 28",),
    "backdated": ("ehc audit backdated --days 8", "ehc audit backdated --from 2026-09-01 --json"),
    "told": ("ehc audit told EHC-2026-0042", "ehc audit told --from 2026-09-01 --csv")}

for _name, _one in NAMES.items():
    _command = _SHAPES.get(_name, _plain)(_name)
    _command.__doc__ = f"{_one.asks} Question {_one.number} of the twelve."
    app.command(_name, epilog=show.example(*_EXAMPLES.get(_name, (
        f"ehc audit {_name}", f"ehc audit {_name} --from 2026-09-01 --to 2026-11-30 --json"))))(_command)


@app.command("gaps", epilog=show.example("ehc audit gaps", "ehc audit gaps --owner officer-3", "ehc audit gaps --days 28 --csv"))
def gaps(on: AsOn = None, known_by: KnownBy = None, owner: Owner = None, days: Annotated[int | None, option(
             "--days", metavar="N", min=1, help="A case under way is silent after more than N days; 42 if left out.")] = None,
         as_json: Json = False, as_csv: Csv = False) -> None:
    """The gap ledger: decision without letter, request without receipt, notice without dispatch, advice required and not asked for, case
    without an owner, silent case, contradictory facts; each with its owner and its age.

    Ends with 1 if there is any gap.
    """
    from tasks.audit import gaps as ledger
    from tasks.database import reading

    asked = asked_for(None, None, on, known_by, owner, None, days)
    with reading(here.database()) as session, show.progress("cases") as progress:
        found = ledger(session, asked, progress)
    tell(found, again("gaps", asked), as_json=as_json, as_csv=as_csv)
    if found.rows:
        raise typer.Exit(show.NO)


@app.command("watch", epilog=show.example("ehc audit watch", "ehc audit watch --from 2026-09-01 --to 2026-11-30 --json"))
def watch(since: Since = None, until: Until = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """When the engine did not look: between which rounds of the daily watch a day had none, and what went late because of it.

    Ends with 1 if there is any such time.
    """
    from models.audit.answer import Answer
    from models.audit.watched import WATCHED, figures, rows
    from tasks.database import reading
    from tasks.watching import blind_times, marks

    asked, at = asked_for(since, until, None, None), now()
    with reading(here.database()) as session:
        times, left = blind_times(session, at), marks(session)
    found = list(rows(times, left, at, asked))
    call = ["ehc", "audit", "watch", *(word for name, day in (("--from", since), ("--to", until)) if day for word in (name, str(day)))]
    tell(Answer(WATCHED, asked, found, figures(times, left, asked)), call, as_json=as_json, as_csv=as_csv)
    if found:
        raise typer.Exit(show.NO)


@app.command("looks", epilog=show.example("ehc audit looks EHC-2026-0042", "ehc audit looks EHC-2026-0042 --csv"))
def looks(ref: CaseRef, by: LookedBy = None, as_json: Json = False, as_csv: Csv = False) -> None:
    """Who looked at this case, and when: every reading through a door, this one too. Question 11 of the twelve."""
    from models.audit.answer import Answer, Asked
    from models.audit.looks import LOOKS, Row
    from tasks.database import reading
    from tasks.looks import looks_of

    here.looked("ehc audit looks", by, ref)
    with reading(here.database()) as session:
        rows = [Row(look.case_ref, look.looked_at, look.looked_by, look.door, look.number) for look in looks_of(session, ref)]
    tell(Answer(LOOKS, Asked(today()), rows), ["ehc", "audit", "looks", ref], as_json=as_json, as_csv=as_csv)


audit_sample.register(app, Since, Until)
