"""Drawing an auditor's sample, and writing the proof of each case in it."""

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from models import bundle
from models.audit.sample import METHOD, draw, print_of, rank
from models.trail import moment
from models.two_times import end_of
from tasks.log import FACT, LEAF
from tasks.prove import VERIFIER, NotProved, prove
from tasks.reading import CASE_FILE


def population(session: Session, since: date | None, until: date | None, known_by: date | None) -> list[str]:
    """The cases from which a sample is drawn: those whose first fact is in the log of all facts, whose Day 0 lies in the period if
    one is given, and that had been opened by the end of a day if one is given."""
    first = sa.and_(FACT.c.case_ref == CASE_FILE.c.ref, FACT.c.number == 1)
    sealed = sa.and_(LEAF.c.case_ref == CASE_FILE.c.ref, LEAF.c.number == 1)
    asked = sa.select(CASE_FILE.c.ref, CASE_FILE.c.day_zero, FACT.c.recorded_at).select_from(
        CASE_FILE.join(LEAF, sealed).join(FACT, first)).order_by(CASE_FILE.c.ref)
    latest = moment(end_of(known_by)) if known_by else None
    return [ref for ref, day_zero, at in session.connection().execute(asked)
            if (since is None or (day_zero is not None and day_zero >= since))
            and (until is None or (day_zero is not None and day_zero <= until))
            and (latest is None or moment(at) <= latest)]


def sample(session: Session, seed: int, size: int, since: date | None = None, until: date | None = None,
           known_by: date | None = None) -> tuple[list[str], list[str]]:
    """The sample, and the population from which it was drawn. Raises NotProved if there is none."""
    refs = population(session, since, until, known_by)
    if not refs:
        raise NotProved("There is no sealed case to draw from. Run `ehc trail seal` first, or ask for another period.")
    return draw(refs, seed, size), refs


def write(session: Session, folder: Path, drawn: Sequence[str], refs: Sequence[str], told: dict[str, Any]) -> list[dict[str, Any]]:
    """Write the proof of each case drawn into `folder`, with the verifier and the list; what the list says of each.

    `told` is how the sample was asked for. Raises NotProved, and OSError where the folder cannot be written or holds something.
    """
    proofs = prove(session, drawn)
    rows: list[dict[str, Any]] = []
    for place, ref in enumerate(drawn, start=1):
        try:
            shown = bundle.check(proofs[ref])
        except bundle.BadProof as bad:
            raise NotProved(f"{ref} cannot be proved: {bad}. The record is not as it was sealed; `ehc trail verify` names what was"
                            " changed.") from None
        rows.append({"place": place, "case": ref, "rank": rank(told["seed"], ref), "facts": shown.head.number, "head": shown.head.hash,
                     "file": f"{ref.replace('/', '-')}.proof.json"})
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "it holds something already", str(folder))
    for row in rows:
        (folder / row["file"]).write_text(proofs[row["case"]], encoding="utf-8", newline="")
    (folder / VERIFIER.name).write_bytes(VERIFIER.read_bytes())
    with (folder / "sample.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    about = told | {"method": METHOD, "population": len(refs), "population_sha256": print_of(refs), "cases": list(drawn)}
    (folder / "sample.json").write_text(json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return rows
