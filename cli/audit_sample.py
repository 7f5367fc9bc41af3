"""`ehc audit sample`: the same sample every time, each case with its proof."""

from pathlib import Path
from typing import Annotated

import typer

from cli import here, show
from cli.clock import today
from cli.options import Json, KnownBy, LookedBy, option

NAMED = 30
"""Cases that a text lists."""


def register(app: typer.Typer, since: object, until: object) -> None:
    """Add the command to the group. `since` and `until` are the group's options of a period."""

    @app.command("sample", epilog=show.example(
        "ehc audit sample --size 25 --seed 7", "ehc audit sample --size 25 --seed 7 --known-by 2026-09-30 --out autumn"))
    def sample(
        seed: Annotated[int, typer.Option("--seed", metavar="N", help="Any whole number: the same one draws the same sample.")],
        size: Annotated[int, option("--size", metavar="N", min=1, max=2000, help="How many cases; 25 if left out.")] = 25,
        out: Annotated[Path | None, option("--out", metavar="FOLDER", help="Where to write it; sample-SEED if left out. It must be empty"
                                           " or not exist.")] = None,
        since: since = None, until: until = None, known_by: KnownBy = None, by: LookedBy = None, as_json: Json = False,
    ) -> None:
        """A random sample with a seed, each case as a bundle with the proof that nothing was changed since. Question 10 of the twelve.

        The sample follows from the seed and the references alone: SHA-256 of SEED:REF orders the cases, and the first are taken. With
        --known-by only cases count that had been opened by the end of that day, so a later call draws the very same. --from and --to
        narrow it to requests whose Day 0 lies in a period. That you looked at each of these cases is noted.
        """
        from models.audit.sample import METHOD, print_of
        from tasks.database import reading
        from tasks.sample import sample as drawing
        from tasks.sample import write

        if since and until and since > until:
            raise show.WrongCall(f"--from {since} is after --to {until}.")
        folder = out or Path(f"sample-{seed}")
        with reading(here.database()) as session:
            drawn, refs = drawing(session, seed, size, since, until, known_by)
        here.looked("ehc audit sample", by, *drawn)
        period = {"from": since.isoformat() if since else None, "to": until.isoformat() if until else None}
        told = {"seed": seed, "size": size, "known_by": known_by.isoformat() if known_by else None} | period
        try:
            with reading(here.database()) as session:
                rows = write(session, folder, drawn, refs, told)
        except OSError as error:
            raise show.WrongCall(f"{error.filename} cannot be written: {error.strerror}. Say another folder with --out.") from None
        again = _again(seed, size, known_by or today(), period)
        if as_json:
            show.answer(told | {"folder": str(folder), "method": METHOD, "population": len(refs), "population_sha256": print_of(refs),
                                "rows": rows, "again": again})
            return
        show.table(("place", "case", "facts", "rank"), [
            (row["place"], row["case"], row["facts"], row["rank"][:16]) for row in rows[:NAMED]], numbers=("place", "facts"))
        if len(rows) > NAMED:
            show.say(f"... and {len(rows) - NAMED} more: {folder / 'sample.csv'}")
        show.say(f"\n{show.count(len(rows), 'case')} of {len(refs)} in {folder}, each with its proof. To check one:"
                 f" python3 {folder / 'verify.py'} {folder / rows[0]['file']}")
        show.say(f"Method: {METHOD}\nPopulation: sealed cases; SHA-256 of the list of their references {print_of(refs)}.\nThe same again:"
                 f" {again}")


def _again(seed: int, size: int, known_by: object, period: dict[str, str | None]) -> str:
    words = [f"ehc audit sample --size {size} --seed {seed} --known-by {known_by}"]
    return " ".join([*words, *(f"--{name} {value}" for name, value in period.items() if value)])
