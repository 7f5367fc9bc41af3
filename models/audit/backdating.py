"""Question 9: entries whose recorded date is later than the day on which they say that they happened, and by how much."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.audit.answer import Figure, OfCases, Record, figure
from models.audit.names import NAMES
from models.two_times import Backdated, backdated

FROM_A_RETURN = "return"
"""How a fact came that was taken in from a return or a list: it is recorded later by its nature."""


@dataclass(frozen=True, slots=True)
class BackdatedRow:
    """One backdated entry. `in_time_only_by_it` names the limits that it met within their time, though it was recorded after it."""

    case: str
    fact: int
    kind: str
    happened_on: date
    recorded_on: date
    days: int
    recorded_by: str | None
    run: str | None
    corrects: int | None
    said_before: date | None
    in_time_only_by_it: tuple[str, ...]
    owner: str | None


def _rows(record: Record) -> Iterator[BackdatedRow]:
    case = record.case
    entries = [fact for fact in record.facts if not fact.kind.startswith("message_") and fact["how"] != FROM_A_RETURN]
    record.seen["entries"] += sum(record.asked.covers(fact.on) for fact in entries)
    for one in backdated(entries):
        if record.asked.covers(one.recorded_on) and one.days >= (record.asked.days or 1):
            yield BackdatedRow(case.ref, one.fact.number, one.kind, one.happened_on, one.recorded_on, one.days, one.fact.by,
                               one.fact.flow_run_id, one.corrects, one.before, tuple(_only_by(record, one)), case.owner)


def _only_by(record: Record, entry: Backdated) -> Iterator[str]:
    for owed in record.case.duties:
        if (owed.met_by is not None and owed.met_by.number == entry.number and owed.due_on is not None
                and owed.met_on <= owed.due_on < entry.recorded_on and owed.duty.type != "window"):
            yield owed.duty.id


def _figures(rows: Sequence[BackdatedRow], seen: Counter[str]) -> list[Figure]:
    return [Figure("entries recorded on a later day than they happened", len(rows), seen["entries"],
                   tuple(sorted({row.case for row in rows})), (), True),
            figure("of these by more than seven days", rows, lambda row: row.days > 7, of_faults=True),
            figure("of these: a limit was kept only by an entry recorded after it was over", rows,
                   lambda row: bool(row.in_time_only_by_it), of_faults=True)]


BACKDATED = OfCases(
    name="backdated", row=BackdatedRow, number=NAMES["backdated"].number, asks=NAMES["backdated"].asks,
    definition="One row for each entry that was recorded in the period on a later civil day (Europe/London) than the one on"
               " which it says that it happened, and for each correction that moves an entry to a day before the correction"
               " itself. `days` lie between. `in_time_only_by_it` names each limit that counts as kept because of this entry,"
               " though it was recorded after the last day.",
    uses="happened_on, recorded_at, recorded_by, flow_run_id, fact_corrected (replaces, corrected)",
    excluded="facts about messages, which the engine records as they happen; facts taken in from a return or a list (how=return)",
    citation="no rule of law; the two times are sealed with every fact (docs/proof.md)",
    rows=_rows, figures=_figures, order=lambda row: (-row.days, row.case, row.fact))
