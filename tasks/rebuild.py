"""Whether the derived tables say what the facts say; and making them say it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Engine
from sqlmodel import Session

from models.delivery import OUTCOMES
from models.law.record import Fact
from models.tables.cases import CaseFile, MessageRow
from models.trail import Head, Sealed
from tasks import bulk
from tasks.database import upgrade, version_of, writing
from tasks.derived import DUTY_COLUMNS, FILE_COLUMNS, Derived, DutyKey, as_it_stands, derive
from tasks.files import kept_duties, write_duties
from tasks.migrations import HEAD
from tasks.reading import FACT, FACT_COLUMNS, as_fact
from tasks.trail import Finding, Progress, chain_findings

CASE_FILE, MESSAGE = CaseFile.__table__, MessageRow.__table__

BATCH = 500


class Became(NamedTuple):
    """What became of a message, as its row keeps it."""

    status: str
    sha256: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what the facts say: `kept` is what the table holds, `rebuilt` what follows from the facts.

    `row` tells rows of one case apart: the duty, adviser and party, or the key of a message. Not `mendable` is what a
    rebuild leaves alone, because the facts do not tell the whole of it.
    """

    case: str
    table: str
    row: str
    column: str
    kept: Any
    rebuilt: Any
    mendable: bool = True

    def __str__(self) -> str:
        row = f" {self.row}" if self.row else ""
        return f"{self.case}: {self.table}{row}: {self.column} is {_shown(self.kept)}, the facts say {_shown(self.rebuilt)}"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many cases there are, every difference that was found, and whether the tables were put right.

    `left` are the cases whose trail is broken: their facts are in doubt, so nothing was worked out from them.
    """

    cases: int
    differences: tuple[Difference, ...]
    left: tuple[Finding, ...]
    mended: bool

    @property
    def is_right(self) -> bool:
        """Whether every table was found to say what the facts say."""
        return not self.differences and not self.left


def rebuild(session: Session, check: bool = False, progress: Progress | None = None) -> Rebuilt:
    """Work out every derived row from the facts and compare it with what is kept; unless `check`, put it right.

    Each case is worked out for the day for which its file was. A case whose trail is broken is left alone.
    """
    refs = [row[0] for row in bulk.select(session, CASE_FILE, ("ref",), order=("ref",))]
    found: list[Difference] = []
    left: list[Finding] = []
    for start in range(0, len(refs), BATCH):
        _rebuild(session, refs[start:start + BATCH], check, found, left)
        if progress is not None:
            progress(min(start + BATCH, len(refs)), len(refs))
    return Rebuilt(len(refs), tuple(found), tuple(left), mended=not check)


def bring_up(engine: Engine, progress: Progress | None = None) -> Rebuilt | None:
    """Bring the database to this program's version, and what it keeps worked out with it: a new version reads more in the
    same facts. None where it had this version already, or was empty. Raises NotReady if a newer program wrote it.
    """
    with engine.connect() as connection:
        before = version_of(connection)
    upgrade(engine)
    if before in (None, HEAD):
        return None
    with writing(engine) as session:
        return rebuild(session, progress=progress)


def _rebuild(session: Session, refs: list[str], check: bool, found: list[Difference], left: list[Finding]) -> None:
    files = bulk.select(session, CASE_FILE, ("ref", "last_number", "last_hash", *FILE_COLUMNS), ("ref", "in", refs),
                        order=("ref",), lock=not check)
    facts: dict[str, list[Sealed]] = {ref: [] for ref in refs}
    for row in bulk.select(session, FACT, Sealed._fields, ("case_ref", "in", refs), order=("case_ref", "number")):
        facts[row[0]].append(Sealed(*row))
    duties = kept_duties(session, refs)
    messages: dict[str, dict[str, Became]] = {ref: {} for ref in refs}
    for key, ref, *became in bulk.select(session, MESSAGE, ("key", "case_ref", *Became._fields), ("case_ref", "in", refs)):
        messages[ref][key] = Became(*became)
    differences: list[Difference] = []
    right: dict[str, Derived] = {}
    for ref, number, hash, *kept in files:
        broken = chain_findings(ref, facts[ref], Head(number, hash))
        if broken:
            left += broken
            continue
        record = [as_fact([getattr(row, name) for name in FACT_COLUMNS]) for row in facts[ref]]
        worked_out_on = date.fromisoformat(kept[FILE_COLUMNS.index("worked_out_on")])
        derived = right[ref] = derive(as_it_stands(ref, record, worked_out_on))
        differences += _compared(ref, "case_file", "", FILE_COLUMNS, kept, derived.file)
        differences += _compared_duties(ref, duties[ref], derived.duties)
        differences += _compared_messages(ref, messages[ref], record)
    if not check:
        _mend(session, differences, right, duties)
    found += differences


def _mend(session: Session, found: Sequence[Difference], right: Mapping[str, Derived],
          kept: Mapping[str, Mapping[DutyKey, tuple[Any, ...]]]) -> None:
    wrong = {d.case for d in found if d.table == "case_file" and d.mendable}
    bulk.update(session, CASE_FILE, FILE_COLUMNS, ("ref",), [(*right[ref].file, ref) for ref in sorted(wrong)])
    write_duties(session, {ref: (kept[ref], derived.duties) for ref, derived in right.items()})
    for column in Became._fields:
        bulk.update(session, MESSAGE, (column,), ("key",), [
            (d.rebuilt, d.row) for d in found if d.table == "message" and d.column == column and d.mendable])


def _compared(ref: str, table: str, row: str, columns: Sequence[str], kept: Sequence[Any], rebuilt: Sequence[Any]
              ) -> Iterator[Difference]:
    for column, was, should in zip(columns, kept, rebuilt, strict=True):
        if was != should:
            yield Difference(ref, table, row, column, was, should)


def _compared_duties(ref: str, kept: Mapping[DutyKey, tuple[Any, ...]], rebuilt: Mapping[DutyKey, tuple[Any, ...]]
                     ) -> Iterator[Difference]:
    for key in sorted(kept.keys() | rebuilt.keys()):
        row = " ".join(part for part in key if part)
        if key not in rebuilt:
            yield Difference(ref, "duty", row, "duty", key[0], None)
        elif key not in kept:
            yield Difference(ref, "duty", row, "duty", None, key[0])
        else:
            yield from _compared(ref, "duty", row, DUTY_COLUMNS, kept[key], rebuilt[key])


def _compared_messages(ref: str, kept: Mapping[str, Became], facts: Sequence[Fact]) -> Iterator[Difference]:
    """The outbox against the facts about it. A row that was sent or given up may have been cleared away; a queued one not."""
    told: dict[str, Became] = {}
    for fact in facts:
        if fact.kind == "message_queued":
            told.setdefault(fact["key"], Became("queued"))
        elif fact.kind == "message_sent":
            told[fact["key"]] = Became("sent", fact["sha256"])
        elif fact.kind == "message_failed" and fact["final"]:
            told[fact["key"]] = Became("failed")
        elif (outcome := fact.kind.removeprefix("message_")) in OUTCOMES and (was := told.get(fact["key"])) is not None:
            told[fact["key"]] = was._replace(outcome=max(filter(None, (was.outcome, outcome)), key=OUTCOMES.index))
    for key in sorted(kept.keys() | told.keys()):
        if key not in told:
            yield Difference(ref, "message", key, "key", key, None, mendable=False)
        elif key not in kept:
            if told[key].status == "queued":
                yield Difference(ref, "message", key, "key", None, key, mendable=False)
        else:
            columns = Became._fields if told[key].status == "sent" else Became._fields[:1]
            yield from _compared(ref, "message", key, columns, kept[key][:len(columns)], told[key][:len(columns)])


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
