"""`ehc import`: what other systems know, taken in: a council's return to the DfE, any list, and the cases from them taken on."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.clock import today
from cli.options import By, Json, option

if TYPE_CHECKING:
    from tasks.sen2_import import Imported, Lines

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Take in what other systems know: the return to the DfE, or any list.",
                  epilog=show.example("ehc import sen2 SEN2_201_2026.xml --dry-run", "ehc import ledger"))

Dry = Annotated[bool, option("--dry-run", help="Only look: say what would be taken, and keep nothing.")]
Apply = Annotated[bool, option("--apply", help="Write it although it changes what is on record.")]
Correct = Annotated[bool, option(
    "--correct", help="Where the return contradicts an earlier one, take its word: the earlier fact is corrected. With --apply.")]
Report = Annotated[Path | None, option("--report", metavar="FILE",
                                       help="Write every line of the report to a file: .csv, or .html for a page.")]
Owner = Annotated[str | None, option("--owner", metavar="WHO", help="The officer who sees to what is found, and holds the cases.")]


def sen2(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The return: an XML file, a workbook, or a folder or archive of CSV files.")],
    dry_run: Dry = False,
    apply: Apply = False,
    correct: Correct = False,
    council: Annotated[str | None, option("--council", metavar="NNN",
                                          help="Number of the council whose return it is, such as 201.")] = None,
    year: Annotated[int | None, option("--year", metavar="YEAR", help="Year of the survey, where the file does not say it.")] = None,
    owner: Owner = None,
    report: Report = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take in a council's return to the DfE (SEN2, person level, 2023 to 2026): a case for each request or plan, with its real days.

    The form is told by what is in the file. What the return does not say is listed and not guessed; what contradicts itself goes into
    the ledger of data quality. No letter is sent about these cases before an officer takes them on. The same file again changes
    nothing. Where a file changes what is on record, the difference is shown, and written only with --apply.

    Ends with 1 if somebody could not be taken in or --apply is asked for, with 2 if the file as a whole cannot be used.
    """
    from tasks.sen2_files.open import opened
    from tasks.sen2_import import Lines, Wish, import_return

    report_to(report)
    if not here.is_there():
        with opened(file, year):                       # no database is made for a file that cannot be read
            pass
    lines = Lines()
    with whole_or_not_at_all() as bars:
        done = import_return(database(dry_run), file, Wish(dry_run, apply, correct, council, officer(owner)), here.hand(by), today(),
                             year=year, own=_own_council(), lines=lines, progress=bars)
    finish(file, done, lines, report, as_json, dry_run)


BROKEN_OFF = 130
"""How a call ends that Ctrl-C broke off."""


@contextmanager
def whole_or_not_at_all() -> Iterator[Callable[[str], AbstractContextManager[Callable[[int, int], None]]]]:
    """Bars for an import that Ctrl-C breaks off. Where that falls on code that swallows it, the next tick of a bar breaks off."""
    asked = False

    def note(*_: object) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    @contextmanager
    def bars(what: str) -> Iterator[Callable[[int, int], None]]:
        with show.progress(what) as bar:
            def told(done: int, of: int) -> None:
                if asked:
                    raise KeyboardInterrupt
                bar(done, of)
            yield told
    mine = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, note) if mine else None
    try:
        yield bars
    except KeyboardInterrupt:
        show.fail("broken off. Nothing is half taken in: the same call does it, or says that nothing has changed.", BROKEN_OFF)
    finally:
        if mine:
            signal.signal(signal.SIGINT, before)


def finish(file: str, done: "Imported", lines: "Lines", report: Path | None, as_json: bool, dry_run: bool) -> None:
    """Say what came of an import, and write the report."""
    from cli.bring_report import as_record, tell, write_report

    if report is not None:
        write_report(report, file, done, lines)
    if as_json:
        show.answer(as_record(done, lines))
    else:
        tell(file, done, lines, dry_run)
        if report is not None:
            show.say(f"Every line of it: {report}")
    if done.brought.refused or done.asks_to_apply:
        raise typer.Exit(show.NO)


def take_on(
    refs: Annotated[list[str] | None, typer.Argument(metavar="REF...", help="The cases, such as SEN2-2026-00042.")] = None,
    owner: Annotated[str | None, option("--owner", metavar="WHO", help="The officer who works on them from now on.")] = None,
    stage: Annotated[str | None, option("--stage", metavar="STAGE",
                                        help="All cases from returns that stand at this stage, such as S20_ASSESSING.")] = None,
    duty: Annotated[str | None, option("--duty", metavar="DUTY",
                                       help="All cases from returns in which this duty is open, such as next_review.")] = None,
    within: Annotated[int | None, option("--within", min=0, max=36_500, metavar="DAYS",
                                         help="With --duty: only if overdue or due within so many days.")] = None,
    limit: Annotated[int | None, option("--limit", min=1, metavar="N", help="So many at most, the most overdue first.")] = None,
    dry_run: Dry = False,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Take on cases that came from a return: from now on an officer works on them, and letters go out.

    Nothing about the past goes to families, and no reminder of what was due before. Ends with 1 if there was nothing to take on.
    """
    from tasks.taking_on import chosen, take_on as take

    who = officer(owner)
    if who is None:
        raise show.WrongCall("say who takes them on: --owner WHO, such as --owner officer-3.")
    if not refs and stage is None and duty is None:
        raise show.WrongCall("name the cases, or choose them by --stage or --duty.")
    day, hand, engine = today(), here.hand(by), here.database()
    wanted = chosen(engine, refs or [], stage, duty, day, within, limit)
    with show.progress("cases") as progress:
        taken = [] if dry_run else take(engine, wanted, who, hand, day, progress)
    if as_json:
        show.answer({"chosen": wanted, "taken_on": taken})
    elif dry_run:
        show.say(f"{show.count(len(wanted), 'case')} would be taken on by {who}: {', '.join(wanted[:20])}{' ...' if len(wanted) > 20 else ''}")
    else:
        show.say(f"{show.count(len(taken), 'case')} taken on by {who}. From today on letters go out about {'it' if len(taken) == 1 else 'them'};"
                 " nothing is sent about what was before.")
    if not (wanted if dry_run else taken):
        raise typer.Exit(show.NO)


def ledger(
    numbers: Annotated[list[int] | None, typer.Argument(metavar="NUMBER...", help="Entries to assign or to close.")] = None,
    assign: Annotated[str | None, option("--assign", metavar="WHO", help="Give these entries to an officer.")] = None,
    close: Annotated[bool, option("--close", help="Close these entries: they have been seen to.")] = False,
    owner: Annotated[str | None, option("--owner", metavar="WHO", help="Only what this officer sees to.")] = None,
    rule: Annotated[str | None, option("--rule", metavar="RULE", help="Only this rule, such as L14.")] = None,
    case: Annotated[str | None, option("--case", metavar="REF", help="Only this case.")] = None,
    everything: Annotated[bool, option("--all", help="What is closed, too.")] = False,
    limit: Annotated[int, option("--limit", min=1, metavar="N", help="So many entries at most; 50 if left out.")] = 50,
    by: By = None,
    as_json: Json = False,
) -> None:
    """The ledger of data quality: what returns leave wrong or in doubt, who sees to it, and what to do.

    Without NUMBER it lists what is open, after a summary by rule. Ends with 1 if an error is open.
    """
    from tasks import ledger as book
    from tasks.database import reading, writing

    engine = here.database()
    if numbers or assign is not None or close:
        if not numbers or (assign is None) == (not close):
            raise show.WrongCall("name the entries by their numbers, and say either --assign WHO or --close.")
        with writing(engine) as session:
            if close:
                done = book.close(session, numbers, here.hand(by).by, today())
            else:
                done = book.assign(session, numbers, officer(assign) or "")
        show.say(f"{show.count(done, 'entry', 'entries')} {'closed' if close else f'given to {assign}'}.")
        return
    if case is not None:
        here.looked("ehc import ledger", by, case)
    with reading(engine) as session:
        counts = book.counts(session)
        found = book.entries(session, owner=owner, rule=rule, case=case, closed=everything, limit=limit)
    _tell_ledger(counts, found, as_json, one=any((owner, rule, case)))
    if any(level == "error" for _, level, _, _ in counts):
        raise typer.Exit(show.NO)


def _tell_ledger(counts: Any, found: Any, as_json: bool, one: bool) -> None:
    columns = ("number", "rule", "level", "case_ref", "person_ref", "place", "tag", "value", "says", "do", "found_on", "owner", "closed_on",
               "closed_by")
    if as_json:
        show.answer({"open": [{"rule": rule, "level": level, "open": count, "without_owner": nobody}
                              for rule, level, count, nobody in counts],
                     "entries": [{name: getattr(row, name) for name in columns} for row in found]})
        return
    if counts and not one:
        show.table(("rule", "level", "open", "without owner"), counts, numbers=("open", "without owner"))
        show.say()
    if found:
        show.table(("no", "rule", "level", "case", "place", "field", "what is wrong", "what to do", "officer"), [
            (row.number, row.rule, row.level, row.case_ref or "-", row.place, row.tag or "", row.says, row.do, row.owner or "-")
            for row in found], numbers=("no",))
    total = sum(count for _, _, count, _ in counts)
    show.say(f"{show.count(total, 'entry', 'entries')} open." + (f" {len(found)} shown." if found else ""))


# --- what the commands share --------------------------------------------------------------------------------------------

def database(dry_run: bool) -> Any:
    """The council's database; for a look where there is none yet, one in memory."""
    if not dry_run or here.is_there():
        return here.database(make=True)
    from tasks.database import engine, upgrade

    empty = engine("sqlite://")
    upgrade(empty)
    return empty


def officer(who: str | None) -> str | None:
    return here.hand(who).by if who is not None else None


def _own_council() -> str:
    from tasks.settings import settings

    return settings().sen2.council


def report_to(path: Path | None) -> None:
    if path is not None and path.suffix.lower() not in (".csv", ".html"):
        raise show.WrongCall(f"--report {path}: name a file that ends in .csv or .html.")
