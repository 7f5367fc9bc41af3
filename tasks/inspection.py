"""The inspection pack: one pass over the record for every list and figure, and the case files of a sample that anybody can draw again."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlalchemy import Engine
from sqlmodel import Session

from models.audit.answer import Answer, Asked
from models.audit.questions import QUESTIONS
from models.audit.sample import draw
from models.inspection import CaseRow, LateRow, by_agency, case_row, is_live_between, late_rows
from notifications.inspection import Inspected, inspection
from notifications.ombudsman import INSPECTION
from tasks import bulk
from tasks.audit import records
from tasks.database import reading
from tasks.faults import FAULTS, words
from tasks.pack_folder import Content, file_name
from tasks.packs import Pack, case_files, read_cases, tables
from tasks.prove import VERIFIER
from tasks.reading import CASE_FILE
from tasks.trail import Progress
from tasks.typeset import typeset

Looked = Callable[[Sequence[str]], None]


def inspection_pack(engine: Engine, since: date, until: date, on: date, size: int, seed: int, council: str, looked: Looked,
                    progress: Progress | None = None) -> Pack:
    """The pack of a period, cases as they stand on the day `on`. `looked` is told the cases that were drawn before they are read.

    Raises NotPacked where the record of a case that was drawn is not as it was sealed, NotSet.
    """
    with reading(engine) as session:
        found = _all(session, Asked(on, since, until), progress)
    drawn = draw([row.case for row in found.cases], seed, size)
    if drawn:
        looked(drawn)
    with reading(engine) as session:
        files = read_cases(session, drawn, on)
    found = replace(found, drawn={ref: files[ref].proof is not None for ref in drawn}, size=size, seed=seed)
    paper = inspection(found, council)
    made: dict[str, Content] = {"inspection.pdf": typeset(paper, datetime.combine(on, time(), UTC)),
                                **{f"lists/{name}": body for name, body in tables(paper).items()}}
    for ref, one in files.items():
        made |= {f"sample/{file_name(ref)}/{name}": body
                 for name, body in case_files(one, council, with_texts=False, reader=INSPECTION).items()}
    if any(one.bundle is not None for one in files.values()):
        made[VERIFIER.name] = VERIFIER.read_bytes()
    return Pack(made, _notes(found))


def _all(session: Session, asked: Asked, progress: Progress | None) -> Inspected:
    """Every list, from one pass over all cases. A case that cannot be worked out holds up none of the others, and is named."""
    rows: dict[str, list[object]] = {name: [] for name in QUESTIONS}
    seen: dict[str, Counter[str]] = {name: Counter() for name in QUESTIONS}
    cases: list[CaseRow] = []
    late: list[LateRow] = []
    failed: list[tuple[str, str]] = []
    since, until = asked.since or date.min, asked.until or asked.on
    refs = [ref for ref, in bulk.select(session, CASE_FILE, ("ref",), order=("ref",))]
    for record in records(session, refs, asked, Counter(), births=True, failed=failed, progress=progress):
        try:
            answers = {name: list(one.rows(replace(record, seen=seen[name]))) for name, one in QUESTIONS.items()}
            live, missed = is_live_between(record.case, since, until), list(late_rows(record.case, since, until))
            row = case_row(record.case)
        except FAULTS as fault:
            failed.append((record.case.ref, words(fault)))
            continue
        for name, some in answers.items():
            rows[name] += some
        cases += [row] if live else []
        late += missed
    answers_of = {name: Answer(one, asked, sorted(rows[name], key=one.order),
                               tuple(one.figures(sorted(rows[name], key=one.order), seen[name])))
                  for name, one in QUESTIONS.items()}
    late.sort(key=lambda one: (one.due_on, one.case, one.limit, one.adviser or ""))
    return Inspected(since, until, asked.on, answers_of, cases, late, by_agency(answers_of["advice"].rows), {}, 0, 0, failed)


def _notes(found: Inspected) -> list[str]:
    notes = [f"Could not be worked out, and is in no list: {ref} ({why})" for ref, why in found.left]
    if len(found.drawn) < found.size:
        notes.append(f"Only {len(found.drawn)} cases were live in the period, so all of them were taken.")
    unproved = [ref for ref, proved in found.drawn.items() if not proved]
    if unproved:
        notes.append(f"Not sealed yet, so without a proof: {', '.join(sorted(unproved))}. Run `ehc trail seal`, and make it anew with --replace.")
    return notes
