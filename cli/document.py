"""`ehc document`: what agencies have sent, listed, handed out and erased."""

from pathlib import Path
from typing import Annotated

import typer

from cli import here, show
from cli.options import CaseRef, Json, LookedBy, option

app = typer.Typer(
    no_args_is_help=True, help="The documents that agencies have sent with their answers.",
    epilog=show.example("ehc document list EHC-2026-0042", "ehc document get EHC-2026-0042 3f8a1c02"))

Sha = Annotated[str, typer.Argument(metavar="SHA", help="The document's SHA-256, or its first 8 characters or more.")]


@app.command("list", epilog=show.example("ehc document list EHC-2026-0042", "ehc document list EHC-2026-0042 --json"))
def list_documents(ref: CaseRef, by: LookedBy = None, as_json: Json = False) -> None:
    """The documents of a case that have not been erased. That you looked is noted."""
    from tasks.database import reading
    from tasks.documents import documents_of

    here.looked("ehc document list", by, ref)
    with reading(here.database()) as session:
        rows = list(documents_of(session, ref))
    if as_json:
        show.answer([{"sha256": row.sha256, "kind": row.kind, "size": row.size, "name": row.name,
                      "received_at": row.received_at.isoformat(), "received_by": row.received_by} for row in rows])
        return
    if not rows:
        show.say(f"{ref}: no document has come through a link, or all have been erased.")
        return
    show.table(("document", "kind", "bytes", "received", "from", "name"), [
        (row.sha256[:16], row.kind, f"{row.size:,}", show.moment(row.received_at), row.received_by, row.name) for row in rows],
        numbers=("bytes",))


@app.command("get", epilog=show.example(
    "ehc document get EHC-2026-0042 3f8a1c02", "ehc document get EHC-2026-0042 3f8a1c02 --out advice.pdf"))
def get(
    ref: CaseRef,
    sha: Sha,
    out: Annotated[Path | None, option("--out", metavar="FILE", help="Where to write it; its own name in this folder if left"
                                       " out. A file that is there is not written over.")] = None,
    by: LookedBy = None,
) -> None:
    """Write a document to a file, checked against its hash. It came from outside: open it as you would an attachment. That you
    took it out is noted."""
    from tasks.database import reading
    from tasks.documents import find, store_of
    from tasks.settings import settings

    with reading(here.database()) as session:
        row = find(session, ref, sha)
        body = store_of(settings()).read(row)
        place = out or Path(row.name)
    here.looked("ehc document get", by, ref)
    try:
        with place.open("xb") as file:
            file.write(body)
    except FileExistsError:
        raise show.Refused(f"{ref}: {place} is there already. Say another with --out.") from None
    except OSError as error:
        show.fail(f"{ref}: {place} cannot be written: {error.strerror}. Say another place with --out.")
    show.say(f"{ref}: {place} ({row.kind}, {len(body):,} bytes, SHA-256 {row.sha256}).")


@app.command("erase", epilog=show.example("ehc document erase EHC-2026-0042 3f8a1c02"))
def erase(ref: CaseRef, sha: Sha) -> None:
    """Erase a document, its file and its name. The fact that it was received stays, with the hash, and every seal holds."""
    from tasks.documents import store_of
    from tasks.settings import settings

    gone = store_of(settings()).erase(here.database(), ref, sha)
    show.say(f"{ref}: the document {gone} is erased.")
