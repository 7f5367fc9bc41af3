"""`ehc export` and `ehc import-export`: everything on record, out in open formats and in again.

`ehc export DIR` is short for `ehc export all DIR`. To add another kind of export, write its function in a file of its own and
register it beside `all` with `app.command("NAME", epilog=...)(function)`, as cli/trail.py does with its commands: whatever is
not the name of a command of this group is taken for a folder.
"""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import click
import typer
from typer.core import TyperGroup

from cli import export_sen2, here, show
from cli.clock import now
from cli.options import Json, option


class OrFolder(TyperGroup):
    """A group whose first word may be a folder: then everything is exported into it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            near = get_close_matches(args[0], self.commands, n=1, cutoff=0.7)
            if near and not args[0].startswith(("-", ".", "/")):
                raise show.WrongCall(f"There is no export {args[0]!r}. Did you mean `ehc export {near[0]}`? For a folder of that"
                                     f" name write ./{args[0]}.")
            args = ["all", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=OrFolder, no_args_is_help=True, epilog=show.example("ehc export all var/export-2026-11"),
                  help="Write what is on record in open formats. `ehc export DIR` writes everything into the folder DIR.")

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the export.")]


app.command("sen2", epilog=show.example(
    "ehc export sen2 --year 2027 --check --report found.csv", "ehc export sen2 --year 2027 --to return --gias edubasealldata.csv",
    "ehc export sen2 --year 2027 --format csv --serial 002 --council 201"))(export_sen2.sen2)
app.command("note", epilog=show.example(
    "ehc export note EHC-2026-0042 L14 'the review is put off, the young person is abroad' --year 2027",
    "ehc export note return R22 'most requests come through one hospital school' --year 2027"))(export_sen2.note)


@app.callback()
def export() -> None:
    pass


@app.command("all", epilog=show.example(
    "ehc export all var/export-2026-11", "ehc export all /mnt/backup/export-2026-11 --with-channels"))
def everything(
    folder: Folder,
    with_channels: Annotated[bool, option(
        "--with-channels", help="With the URLs of channels, which can hold passwords and tokens.")] = False,
    as_json: Json = False,
) -> None:
    """Write everything into a new folder: each table as JSON lines, the documents, the letters and the files of checkpoints, and
    a manifest of hashes last. `ehc import-export` reads it into an empty database, on SQLite or PostgreSQL.

    It holds names, addresses and texts: only this user can read it. The private key of the trail is never in it, and neither is
    what EHC_... sets.
    """
    from tasks.export import export as write
    from tasks.export import how_many, roots_of
    from tasks.settings import settings

    engine = here.database()
    try:
        with show.progress("rows and files") as progress:
            done = write(engine, roots_of(settings()), folder, now(), channels=with_channels, progress=progress)
    except OSError as error:
        raise show.Refused(f"{error.filename or folder} could not be written: {error.strerror}. The export is not finished; remove"
                           f" {folder} and make room.") from None
    manifest = done.manifest
    rows = sum(part.rows for part in manifest.tables.values())
    if as_json:
        show.answer({"folder": str(folder), "sha256": done.sha256, "facts": how_many(manifest), "rows": rows,
                     "tables": {name: part.rows for name, part in manifest.tables.items()}, "files": manifest.files.rows,
                     "missing": list(manifest.missing), "channels_left_out": done.left_out})
        return
    show.say(f"{folder}: {show.count(how_many(manifest), 'fact')}, {show.count(rows, 'row')} in"
             f" {show.count(len(manifest.tables), 'table')}, {show.count(manifest.files.rows, 'file')}.")
    show.say(f"SHA-256 of its manifest.json: {done.sha256}")
    if done.left_out:
        show.say(f"{show.count(done.left_out, 'channel')} left out, as addresses can hold passwords: --with-channels takes them along.")
    for path in manifest.missing:
        show.warn(f"ehc: the file of the document {path} is not in EHC_DOCUMENTS_DIR, so it is not in the export.")
    show.say(f"To read it in elsewhere: ehc import-export {folder} --expect {done.sha256}")


def import_export(
    folder: Folder,
    expect: Annotated[str | None, option(
        "--expect", metavar="SHA256", help="Only if the manifest has this SHA-256, which the export told.")] = None,
    as_json: Json = False,
) -> None:
    """Read an export of everything into an empty database: the same facts, seals, checkpoints and files, or nothing at all.

    Each line and each file is held against its hash, then the whole trail is checked, and what is worked out from the facts is
    worked out anew. Ends with 1, keeping nothing, if anything is not as it was exported, and names the file and line.
    """
    from tasks.export import roots_of
    from tasks.import_export import import_export as read_in
    from tasks.import_export import manifest_of
    from tasks.settings import settings

    manifest_of(folder, expect)                         # before a new database is made
    engine = here.database(make=True)
    with show.progress("rows and files") as progress:
        done = read_in(engine, roots_of(settings()), folder, expected=expect, progress=progress)
    if as_json:
        show.answer({"rows": done.rows, "files": done.files, "facts": done.facts, "cases": done.cases,
                     "checkpoint": done.checkpoint, "put_right": done.put_right})
        return
    show.say(f"{show.count(done.facts, 'fact')} in {show.count(done.cases, 'case')}, {show.count(done.rows, 'row')},"
             f" {show.count(done.files, 'file')}: every seal holds"
             + (f", up to checkpoint {done.checkpoint}." if done.checkpoint else "."))
    if done.put_right:
        show.say(f"{show.count(done.put_right, 'value')} worked out from the facts came out otherwise here and were put right.")
    show.say("Put the private key of the trail where EHC_SEAL_KEY says, and set channels that were left out: `ehc doctor` tells.")
