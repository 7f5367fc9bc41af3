"""`ehc trail`: the audit trail, checked and shown."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, runs, seal, show
from cli.options import CaseRef, Json, LookedBy, option
from cli.seal import checkpoint_of

if TYPE_CHECKING:
    from tasks.trail import Shown

app = typer.Typer(no_args_is_help=True, help="The audit trail: whether every fact is as it was sealed.",
                  epilog=show.example("ehc trail verify", "ehc trail show EHC-2026-0042", "ehc trail prove EHC-2026-0042"))
app.add_typer(seal.key, name="key")
app.command("seal", epilog=show.example("ehc trail seal"))(seal.seal)
app.command("prove", epilog=show.example(
    "ehc trail prove EHC-2026-0042", "ehc trail prove EHC-2026-0042 --since checkpoint.txt --out proof.json"))(seal.prove)
app.command("runs", epilog=show.example("ehc trail runs EHC-2026-0042"))(runs.runs)
app.command("run", epilog=show.example("ehc trail run 0190a5c7-2f3b-7c1e-9d0a-5b8e6f7a1c2d"))(runs.run)


@app.command("verify", epilog=show.example(
    "ehc trail verify", "ehc trail verify --against checkpoint.txt", "ehc trail verify --proof EHC-2026-0042.proof.json",
    "ehc trail verify --json"))
def verify(
    against: Annotated[list[Path] | None, option(
        "--against", metavar="FILE",
        help="A checkpoint that was kept elsewhere, such as a message to the auditors; may be repeated.")] = None,
    proof: Annotated[Path | None, option(
        "--proof", metavar="FILE", help="Check a proof that `ehc trail prove` wrote, and nothing else.")] = None,
    as_json: Json = False,
) -> None:
    """Check every fact against its seal, each chain against its head, each text against its hash, the record of who looked,
    the certificates of erasures, and the log of all facts against its signed checkpoints, the files in EHC_SEAL_DIR, and the
    checkpoints that you hold.

    Ends with 1 if anything was altered, removed, inserted, put in another order or cut off, and names each fact and checkpoint
    that is. Only a checkpoint from elsewhere (--against) can show that everything was written anew.
    """
    if proof is not None:
        _verify_proof(proof, as_json)
        return
    from models.trail import moment
    from tasks import erased, looks, time_stamp, trail
    from tasks.database import reading
    from tasks.log import read_log
    from tasks.seal_files import SealFiles
    from tasks.settings import settings

    held, us = {str(path): checkpoint_of(path) for path in against or ()}, settings()
    trusted = time_stamp.authorities(us) if us.timestamp_ca else []
    engine, files = here.database(), SealFiles(us.seal_dir)
    with reading(engine) as session, show.progress("cases") as progress:
        report = trail.verify(session, progress)
        log = read_log(session, files, held)
        stamps = time_stamp.stamps(session, us.seal_dir, trusted)
        findings = [*report.findings, *log.findings, *looks.findings(session), *erased.findings(session, log.keys), *stamps.findings]
    if as_json:
        show.answer({"sound": not findings, "cases": report.cases, "facts": report.facts, "texts": report.texts,
                     "erased_texts": report.erased, "sealed_facts": log.tree.size, "checkpoints": len(log.checkpoints),
                     "time_stamps": len(stamps.good), "time_stamps_unchecked": stamps.unchecked,
                     "findings": [{"case": one.case, "number": one.number, "what": one.what} for one in findings]})
    else:
        for finding in findings:
            show.say(str(finding))
        show.say(f"{show.count(report.facts, 'fact')} in {show.count(report.cases, 'case')}, {show.count(report.texts, 'text')}"
                 + (f" and {report.erased} erased" if report.erased else "") + (
                     f", {show.count(len(log.checkpoints), 'checkpoint')} over {show.count(log.tree.size, 'fact')}"
                     if log.checkpoints else "") + ": " + (
                     "every seal holds." if not findings else
                     f"{show.count(len(findings), 'finding')}; the trail does not hold. Keep the database as it is, and"
                     " ask whoever may change it."))
        if stamps.good:
            last = stamps.good[max(stamps.good)]
            show.say(f"{show.count(len(stamps.good), 'time stamp')} of a third party; the last on checkpoint {max(stamps.good)},"
                     f" {moment(last.at)[:19].replace('T', ' ')} UTC by {last.by}.")
        if stamps.unchecked:
            show.say(f"{show.count(stamps.unchecked, 'time stamp')} not checked: set EHC_TIMESTAMP_CA to the certificate of the authority.")
    if findings:
        raise typer.Exit(show.NO)


def _verify_proof(path: Path, as_json: bool) -> None:
    from models.bundle import BadProof, check

    try:
        shown = check(path.read_bytes().decode())
    except OSError as error:
        raise show.WrongCall(f"{path} cannot be read: {error.strerror}.") from None
    except (BadProof, UnicodeDecodeError) as bad:
        raise show.Refused(f"{path}: the proof does not hold: {bad}.") from None
    if as_json:
        show.answer({"case": shown.case, "facts": shown.head.number, "head": shown.head.hash, "size": shown.checkpoint.size,
                     "signed_at": shown.checkpoint.signed_at, "since": shown.since.size if shown.since else None})
    else:
        show.say(f"{shown.case}: the proof holds. {show.count(shown.head.number, 'fact')}, by the checkpoint over"
                 f" {show.count(shown.checkpoint.size, 'fact')}, signed {shown.checkpoint.signed_at}.")


@app.command("show", epilog=show.example("ehc trail show EHC-2026-0042", "ehc trail show EHC-2026-0042 --json"))
def show_trail(
    ref: CaseRef,
    texts: Annotated[bool, option("--texts", help="With the free texts that have not been erased.")] = False,
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """Every fact of a case exactly as it was sealed, with its hash, and whether the chain holds.

    As JSON it holds all that is needed to work the hashes out again elsewhere: each is the SHA-256 of the canonical JSON
    of the nine values before it. Ends with 1 if the chain does not hold.
    """
    from tasks import trail
    from tasks.database import reading

    here.looked("ehc trail show", by, ref)
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
