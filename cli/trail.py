"""`ehc trail`: the audit trail, checked and shown."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, show
from cli.options import CaseRef, Json, option

if TYPE_CHECKING:
    from tasks.trail import Shown

app = typer.Typer(no_args_is_help=True, help="The audit trail: whether every fact is as it was sealed.",
                  epilog=show.example("ehc trail verify", "ehc trail show EHC-2026-0042"))


@app.command("verify", epilog=show.example("ehc trail verify", "ehc trail verify --json"))
def verify(as_json: Json = False) -> None:
    """Check every fact of every case against its seal, each chain against its head, and each text against its hash.

    Ends with 1 if anything was altered, removed or inserted, and names the first fact of each case that is.
    """
    from tasks import trail
    from tasks.database import reading

    with reading(here.database()) as session, show.progress("cases") as progress:
        report = trail.verify(session, progress)
    if as_json:
        show.answer({"sound": report.is_sound, "cases": report.cases, "facts": report.facts, "texts": report.texts,
                     "erased_texts": report.erased, "findings": [
                         {"case": one.case, "number": one.number, "what": one.what} for one in report.findings]})
    else:
        for finding in report.findings:
            show.say(str(finding))
        show.say(f"{show.count(report.facts, 'fact')} in {show.count(report.cases, 'case')}, {show.count(report.texts, 'text')}"
                 + (f" and {report.erased} erased" if report.erased else "") + ": " + (
                     "every seal holds." if report.is_sound else
                     f"{show.count(len(report.findings), 'finding')}; the trail does not hold. Keep the database as it is, and"
                     " ask whoever may change it."))
    if not report.is_sound:
        raise typer.Exit(show.NO)


@app.command("show", epilog=show.example("ehc trail show EHC-2026-0042", "ehc trail show EHC-2026-0042 --json"))
def show_trail(
    ref: CaseRef,
    texts: Annotated[bool, option("--texts", help="With the free texts that have not been erased.")] = False,
    as_json: Json = False,
) -> None:
    """Every fact of a case exactly as it was sealed, with its hash, and whether the chain holds.

    As JSON it holds all that is needed to work the hashes out again elsewhere: each is the SHA-256 of the canonical JSON
    of the nine values before it. Ends with 1 if the chain does not hold.
    """
    from tasks import trail
    from tasks.database import reading

    with reading(here.database()) as session:
        found = trail.show(session, ref)
    if as_json:
        show.answer({
            "case": found.case, "sound": found.broken is None, "broken": found.broken,
            "head": {"number": found.head.number, "hash": found.head.hash},
            "facts": [fact._asdict() for fact in found.facts], "texts": dict(found.texts) if texts else {},
        })
    else:
        show.table(("no.", "happened", "recorded (UTC)", "by", "fact", "hash"), [
            (fact.number, fact.happened_on, fact.recorded_at[:19].replace("T", " "), fact.recorded_by, fact.kind, fact.hash)
            for fact in found.facts], numbers=("no.",))
        if texts:
            _tell_texts(found)
        show.say()
        facts = show.count(len(found.facts), "fact")
        show.say(found.broken or f"{found.case}: {facts}, every seal holds; head {found.head.hash}.")
    if found.broken is not None:
        raise typer.Exit(show.NO)


def _tell_texts(found: "Shown") -> None:
    show.say()
    for fact in found.facts:
        for name, value in json.loads(fact.data).items():
            if isinstance(value, dict) and "text" in value:
                show.say(f"{fact.number} {name}: {found.texts.get(value['text'], '(erased)')}")
