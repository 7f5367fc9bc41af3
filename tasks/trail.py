"""The audit trail: whether every fact is as it was sealed, and one case's facts with their seals."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.tables.cases import CaseFile, FactRow
from models.tables.people import TextRow
from models.trail import BrokenChain, Head, Sealed, check_chain, seal_text
from tasks import bulk
from tasks.reading import no_such_case, texts

CASE_FILE, FACT, TEXT = CaseFile.__table__, FactRow.__table__, TextRow.__table__

Progress = Callable[[int, int], None]
"""Told from time to time: cases done, and cases in all."""

BATCH = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a case's trail: the first fact that is, if it is a fact, and what.

    Where it is the log of all facts that is wrong, `case` names what of it: a checkpoint, a key or a file.
    """

    case: str
    number: int | None
    what: str

    def __str__(self) -> str:
        return f"{self.case}: {'' if self.number is None else f'fact {self.number} '}{self.what}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification read and found. `erased` counts the texts that facts name and that are no longer there."""

    cases: int
    facts: int
    texts: int
    erased: int
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found to be wrong."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Shown:
    """One case's trail: every fact as sealed, the texts not erased by id, the head that is kept, and what is wrong, if any."""

    case: str
    facts: tuple[Sealed, ...]
    texts: Mapping[str, str]
    head: Head
    broken: str | None


def verify(session: Session, progress: Progress | None = None) -> Report:
    """Check every case: its chain, the head kept in its file, and the texts that still exist against their hashes.

    Reads in batches, and every case to the end. Says the first thing that is wrong in each chain.
    """
    heads = {ref: Head(*head) for ref, *head in bulk.select(
        session, CASE_FILE, ("ref", "last_number", "last_hash"), order=("ref",))}
    refs = list(heads)
    facts = kept_texts = erased = 0
    findings: list[Finding] = []
    for start, upto in _stretches(refs):
        cases: dict[str, list[Sealed]] = {ref: [] for ref in refs[start:start + BATCH]}
        where = _between(refs[start - 1] if start else None, upto)
        for row in bulk.select(session, FACT, Sealed._fields, *where, order=("case_ref", "number")):
            cases.setdefault(row[0], []).append(row)
        bodies = {id: (ref, salt, body) for id, ref, salt, body in bulk.select(
            session, TEXT, ("id", "case_ref", "salt", "body"), *where)}
        kept_texts += len(bodies)
        for ref, rows in cases.items():
            facts += len(rows)
            findings += chain_findings(ref, rows, heads.get(ref))
            for row in rows:
                named = list(named_texts(row[7]))
                gone = [id for id, _ in named if id not in bodies]
                erased += len(gone)
                findings += [Finding(ref, row[1], f"holds a text ({id}) that was altered: it does not match its salted hash.")
                             for id, sha256 in named if id in bodies and seal_text(*bodies.pop(id)[1:]) != sha256]
        findings += [Finding(ref, None, f"the text {id} belongs to no fact.") for id, (ref, _, _) in bodies.items()]
        if progress is not None:
            progress(min(start + BATCH, len(refs)), len(refs))
    return Report(len(refs), facts, kept_texts, erased, tuple(findings))


def show(session: Session, ref: str) -> Shown:
    """The trail of one case. Raises NoSuchCase."""
    rows = tuple(Sealed(*row) for row in bulk.select(
        session, FACT, Sealed._fields, ("case_ref", "=", ref), order=("number",)))
    heads = bulk.select(session, CASE_FILE, ("last_number", "last_hash"), ("ref", "=", ref))
    if not heads:
        raise no_such_case(session, ref)
    head = Head(*heads[0])
    found = chain_findings(ref, rows, head)
    return Shown(ref, rows, texts(session, ref), head, str(found[0]) if found else None)


def named_texts(data: str) -> Iterator[tuple[str, str]]:
    """The texts that a fact's data names: (id, salted hash). Data that was altered until nobody can read it names none."""
    if '"text":' in data:
        with suppress(json.JSONDecodeError):
            yield from _named(json.loads(data))


def _named(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if value.keys() == {"text", "sha256"} and all(isinstance(part, str) for part in value.values()):
            yield value["text"], value["sha256"]
        else:
            for part in value.values():
                yield from _named(part)


def chain_findings(ref: str, rows: Sequence[Sealed], head: Head | None) -> list[Finding]:
    """What is wrong with a case's chain: the first thing, or nothing."""
    if head is None:
        return [Finding(ref, None, f"there are {len(rows)} facts and no case file.")]
    try:
        check_chain(rows, head, ref)
    except BrokenChain as broken:
        return [Finding(ref, broken.number, broken.what)]
    return []


def _stretches(refs: Sequence[str]) -> Iterator[tuple[int, str | None]]:
    """Where each batch starts, and the reference up to which it goes; the last has no end, so that no row is passed over."""
    for start in range(0, max(len(refs), 1), BATCH):
        end = start + BATCH
        yield start, refs[end - 1] if end < len(refs) else None


def _between(after: str | None, upto: str | None) -> list[bulk.Condition]:
    return [condition for condition in (("case_ref", ">", after), ("case_ref", "<=", upto)) if condition[2] is not None]
