"""`ehc pack`: what an outsider asks for, as a folder of papers to print and tables to work with."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, show
from cli.clock import today
from cli.options import CaseRef, Json, LookedBy, day_of_option, day_option, option

if TYPE_CHECKING:
    from tasks.packs import Pack

app = typer.Typer(
    no_args_is_help=True, help="Packs: the chronology of a case for the Ombudsman, and more, as papers and tables with their proof.",
    epilog=show.example("ehc pack ombudsman EHC-2026-0042", "ehc pack inspection --from 2026-09-01 --to 2026-11-30",
                        "ehc pack subject-access EHC-2026-0042"))

AsOf = Annotated[date | None, day_option(
    "--as-of", help="As it stood on this day, YYYY-MM-DD, by what is known now; today if left out.")]
Out = Annotated[Path | None, option("--out", metavar="FOLDER", help="The folder to make; one in this folder if left out.")]
Replace = Annotated[bool, option("--replace", help="Put it in the place of an older pack that is there.")]


@app.command("ombudsman", epilog=show.example(
    "ehc pack ombudsman EHC-2026-0042", "ehc pack ombudsman EHC-2026-0042 --as-of 2026-09-01 --out for-the-ombudsman"))
def ombudsman(
    ref: CaseRef,
    as_of: AsOf = None,
    out: Out = None,
    no_texts: Annotated[bool, option(
        "--no-texts", help="Leave out reasons and explanations in words, which may name people.")] = False,
    replace: Replace = False,
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """The chronology of a case for the Ombudsman: how late, why, who was waiting for whom, what the family was told and when.

    Makes a folder with the paper (chronology.pdf), its tables as CSV, the proof of the record with the program that checks it, and
    SHA256SUMS. The same record gives the same paper, byte for byte. No name is in it but where an officer's words hold one. A
    record that was changed gets no pack. That you made it is noted.
    """
    from tasks.packs import ombudsman_pack
    from tasks.settings import settings

    here.looked("ehc pack ombudsman", by, ref)
    made = ombudsman_pack(here.database(), ref, as_of or today(), settings().council.name, with_texts=not no_texts)
    _write(made, out or Path(f"{_safe(ref)}-ombudsman"), ("chronology.pdf",), replace=replace, as_json=as_json)


@app.command("inspection", epilog=show.example(
    "ehc pack inspection --from 2026-09-01 --to 2026-11-30",
    "ehc pack inspection --from 2026-01-01 --to 2026-06-30 --as-of 2026-06-30 --size 25 --seed 7 --out for-the-inspection"))
def inspection(
    since: Annotated[date, typer.Option("--from", parser=day_of_option, metavar="DATE", help="First day of the period, YYYY-MM-DD.")],
    until: Annotated[date, typer.Option("--to", parser=day_of_option, metavar="DATE", help="Last day of the period, YYYY-MM-DD.")],
    size: Annotated[int, option("--size", metavar="N", min=0, max=1000, help="How many cases to draw; 25 if left out.")] = 25,
    seed: Annotated[int, option("--seed", metavar="N", help="With which seed; 1 if left out.")] = 1,
    as_of: AsOf = None,
    out: Out = None,
    replace: Replace = False,
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """Lists, figures and sampled case files of a period, for an inspection.

    Makes a folder: inspection.pdf (figures with count, total and method; what is late; advice by agency), lists/ (every list as
    CSV), and sample/ (for each case that was drawn its chronology with its proof). The same record, days, size and seed give the
    same sample. That the drawn cases were read is noted.
    """
    from tasks.inspection import inspection_pack
    from tasks.settings import settings

    if since > until:
        raise show.WrongCall(f"--from {since} is after --to {until}.")
    with show.progress("cases") as progress:
        made = inspection_pack(here.database(), since, until, as_of or today(), size, seed, settings().council.name,
                               lambda refs: here.looked("ehc pack inspection", by, *refs), progress)
    _write(made, out or Path(f"inspection-{since}-to-{until}"), ("inspection.pdf",), replace=replace, as_json=as_json)


@app.command("subject-access", epilog=show.example(
    "ehc pack subject-access EHC-2026-0042", "ehc pack subject-access EHC-2026-0042 --asked-on 2026-11-02 --out export-0042"))
def subject_access(
    ref: CaseRef,
    asked_on: Annotated[date | None, day_option(
        "--asked-on", help="The day on which it was asked for, YYYY-MM-DD: tells by when it must be answered.")] = None,
    out: Out = None,
    replace: Replace = False,
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """Everything that is held about the person of a case, in all their cases: to be reviewed, and then handed out.

    Makes a folder: READ-FIRST.pdf says what must be decided before anything goes out; hand-out/ holds what names nobody else (the
    record in plain English, letters, JSON, CSV); review/ what does or may: texts, documents, contacts. That you made it is
    noted, and who looked before is in it.
    """
    from tasks.database import reading
    from tasks.settings import settings
    from tasks.subject_access import cases_about, subject_access_pack

    engine = here.database()
    with reading(engine) as session:
        refs = cases_about(session, ref)
    here.looked("ehc pack subject-access", by, *refs)
    made = subject_access_pack(engine, settings(), ref, today(), asked_on)
    _write(made, out or Path(f"{_safe(ref)}-subject-access"), ("READ-FIRST.pdf", "hand-out/record.pdf"), replace=replace, as_json=as_json)


def _safe(ref: str) -> str:
    from tasks.pack_folder import file_name

    return file_name(ref)


def _write(made: "Pack", place: Path, papers: tuple[str, ...], *, replace: bool, as_json: bool) -> None:
    """Write a pack and say what is in it: the papers by their hashes, everything else by number."""
    from tasks import pack_folder

    sums: Mapping[str, str] = pack_folder.write(place, made.files, replace=replace)
    if as_json:
        show.answer({"folder": str(place), "files": sums, "notes": list(made.notes)})
        return
    for name in papers:
        show.say(f"{place / name}\n  SHA-256 {sums[name]}")
    others = [name for name in sums if name not in papers]
    shown = ", ".join(others) if len(others) <= 8 else f"{show.count(len(others), 'file')}"
    show.say(f"Beside it: {shown}, {pack_folder.SUMS}. To check them: cd {place} && sha256sum --check {pack_folder.SUMS}")
    for note in made.notes:
        show.warn(note)
