"""The log of all facts, read and checked: every entry against its fact, every checkpoint against the entries and its signature.

A case's chain cannot see that it was written anew as a whole, nor that its end was cut off together with the case file. The
log can: its roots are signed, kept in files, and sent elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from models.bundle import head_hash
from models.merkle import Frontier, leaf_hash
from models.note import FIRST, BadNote, Checkpoint, Key, hash_of, read_keys, verified
from models.tables.cases import FactRow
from models.tables.trail import CheckpointRow, LogLeafRow, SealKeyRow
from models.trail import Head
from tasks import bulk
from tasks.seal_files import Entry, SealFiles
from tasks.trail import Finding

FACT, LEAF, CHECKPOINT, KEY = FactRow.__table__, LogLeafRow.__table__, CheckpointRow.__table__, SealKeyRow.__table__

AT_ONCE = 10_000
"""Entries read in one statement."""


class Signed(NamedTuple):
    """A checkpoint as it is kept: its number, the exact note, and what that says (None if it cannot be read)."""

    number: int
    note: str
    says: Checkpoint | None


@dataclass
class Log:
    """The log as it was read: the tree of its entries, each case's head in it, its keys and checkpoints, and what is wrong.

    `new` are the facts that are not in it yet: case, number, hash. `gap` tells that entries do not stand one after the other.
    """

    tree: Frontier = field(default_factory=Frontier)
    heads: dict[str, Head] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    key_notes: list[str] = field(default_factory=list)
    checkpoints: list[Signed] = field(default_factory=list)
    new: list[tuple[str, int, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    gap: bool = False

    def finds(self, where: str, number: int | None, what: str) -> None:
        """Note something that is wrong."""
        self.findings.append(Finding(where, number, what))


def read_log(session: Session, files: SealFiles | None = None, held: Mapping[str, str] = {}) -> Log:
    """Read the whole log and check it: against the facts, its checkpoints, the files, and the checkpoints that somebody holds.

    `held` are notes of checkpoints from elsewhere, by the name under which they are spoken of. Chains are not checked here
    (see `tasks.trail.verify`). Names every entry that is not as it was, and the first checkpoint that does not fit.
    """
    log = Log()
    _read_keys(session, log)
    _read_checkpoints(session, log)
    outside = _read_held(log, held)
    bounds = {signed.says.size: signed for signed in log.checkpoints if signed.says is not None}
    broken = False
    for position, case, number, hash, fact_hash in _entries(session):
        _check_entry(log, position, case, number, hash, fact_hash)
        log.tree.append(_raw(hash))
        log.heads[case] = Head(number, fact_hash or "")
        size = log.tree.size
        if size in outside:
            _compare_held(log, outside.pop(size))
        if size in bounds and not broken:
            broken = _check_root(log, bounds[size])
    for signed in log.checkpoints:
        if signed.says is not None and signed.says.size > log.tree.size:
            log.finds(f"checkpoint {signed.number}", None,
                      f"it covers {signed.says.size} facts, and the log has {log.tree.size}: entries were cut off from its end.")
    for size, wanted in sorted(outside.items()):
        for name, _ in wanted:
            log.finds(name, None, f"it covers {size} facts, and the log has {log.tree.size}: the log was cut off, or written"
                                  " anew.")
    covered = max(bounds, default=0)
    if log.tree.size > covered:
        log.finds("the log", None, f"it has {log.tree.size} entries, and the last checkpoint covers {covered}: entries were put"
                                   " in, or a checkpoint was removed.")
    _find_new(session, log)
    if files is not None:
        _check_files(session, log, files)
    return log


def entries(session: Session, start: int, end: int) -> Iterator[Entry]:
    """The entries from position `start` to before `end`, as they stand."""
    for low in range(start, end, AT_ONCE):
        for row in bulk.select(session, LEAF, ("position", "case_ref", "number", "hash"), ("position", ">=", low),
                               ("position", "<", min(low + AT_ONCE, end)), order=("position",)):
            yield (row[0], row[1], row[2], row[3])


def key_notes(session: Session) -> list[str]:
    """The notes of the trail's keys, oldest first."""
    return [note for note, in bulk.select(session, KEY, ("note",), order=("number",))]


def last_checkpoint(session: Session) -> tuple[int, str] | None:
    """Number and note of the newest checkpoint; None before the first sealing."""
    found = session.connection().execute(
        sa.select(CHECKPOINT.c.number, CHECKPOINT.c.note).order_by(CHECKPOINT.c.number.desc()).limit(1)).first()
    return None if found is None else (found[0], found[1])


def root_of_heads(heads: Mapping[str, Head]) -> bytes:
    """The root of the tree of the cases' heads, sorted by case."""
    tree = Frontier()
    for case in sorted(heads):
        tree.append(head_hash(case, heads[case]))
    return tree.root()


def _entries(session: Session) -> Iterator[Sequence]:
    """Every entry in order, with the hash that its fact has now."""
    joined = LEAF.outerjoin(FACT, sa.and_(FACT.c.case_ref == LEAF.c.case_ref, FACT.c.number == LEAF.c.number))
    asked = sa.select(LEAF.c.position, LEAF.c.case_ref, LEAF.c.number, LEAF.c.hash, FACT.c.hash).select_from(joined).order_by(
        LEAF.c.position).limit(AT_ONCE)
    last: int | None = None
    while rows := session.connection().execute(asked if last is None else asked.where(LEAF.c.position > last)).fetchall():
        yield from rows
        last = rows[-1][0]


def _check_entry(log: Log, position: int, case: str, number: int, hash: str, fact_hash: str | None) -> None:
    size, before = log.tree.size, log.heads.get(case)
    expected = before.number + 1 if before else 1
    if position != size and not log.gap:
        log.gap = True                          # said once: every later entry stands out of place
        log.finds("the log", None, f"it has no entry {size}: entry {position} stands in its place. Entries were removed, put in"
                                   f" or put in another order; the next is of {case}, fact {number}.")
    if number != expected:
        log.finds(case, number, f"stands in the log as entry {position}, where fact {expected} should come: entries were"
                                " removed, put in or put in another order.")
    if fact_hash is None:
        log.finds(case, number, f"is missing: it was taken into the log as entry {position}.")
    elif leaf_hash(_raw(fact_hash)).hex() != hash:
        log.finds(case, number, f"is not the fact that was taken into the log as entry {position}: the fact was written anew, or"
                                " the entry was changed.")


def _raw(hash: str) -> bytes:
    """The bytes of a hash; something else where somebody left what is none, which then fits nothing."""
    try:
        return bytes.fromhex(hash)
    except ValueError:
        return hash.encode()


def _check_root(log: Log, signed: Signed) -> bool:
    """Whether the log up to here is not what the checkpoint says, which is then noted."""
    says = signed.says
    assert says is not None
    where = f"checkpoint {signed.number}"
    if log.tree.root() != says.root:
        start = max((one.says.size for one in log.checkpoints if one.says and one.says.size < says.size), default=0)
        log.finds(where, None, f"it has another root than the log: among entries {start} to {says.size - 1}, something was"
                               " changed, removed, put in or put in another order.")
        return True
    # Who could have signed other heads holds the key; the newest are those that proofs are made with.
    if signed is log.checkpoints[-1] and (len(log.heads) != says.cases or root_of_heads(log.heads) != says.heads):
        log.finds(where, None, "it has other last facts of the cases than the log: facts were written anew.")
        return True
    return False


def _read_keys(session: Session, log: Log) -> None:
    log.key_notes = key_notes(session)
    numbers = [number for number, in bulk.select(session, KEY, ("number",), order=("number",))]
    if numbers != list(range(1, len(numbers) + 1)):
        log.finds("the keys", None, "they are not numbered one after the other: one was removed or put in.")
    for count in range(len(log.key_notes), -1, -1):
        try:
            log.keys = read_keys(log.key_notes[:count])
            return
        except BadNote as bad:
            if count == len(log.key_notes):
                log.finds("the keys", None, f"they do not hold: {bad}.")


def _read_checkpoints(session: Session, log: Log) -> None:
    previous, size = FIRST, 0
    for number, kept_size, signed_at, note in bulk.select(
            session, CHECKPOINT, ("number", "size", "signed_at", "note"), order=("number",)):
        expected, where = len(log.checkpoints) + 1, f"checkpoint {number}"
        says: Checkpoint | None = None
        try:
            says = Checkpoint.read(verified(note, log.keys))
        except BadNote as bad:
            log.finds(where, None, f"it was altered: {bad}.")
        else:
            if says.name != log.keys[0].name:
                log.finds(where, None, "it is of another trail.")
            if (says.size, says.signed_at) != (kept_size, signed_at):
                log.finds(where, None, "it was altered: size or moment is not as it was signed.")
            if number == expected and says.previous != previous:
                log.finds(where, None, "it does not follow the checkpoint before it: one was removed, replaced or put in.")
            elif says.size <= size:
                log.finds(where, None, "it is not longer than the one before it.")
            size = says.size
        if number != expected:
            log.finds(f"checkpoint {expected}", None, f"it is missing: checkpoint {number} stands where it should be.")
        previous = hash_of(note)
        log.checkpoints.append(Signed(number, note, says))


def _read_held(log: Log, held: Mapping[str, str]) -> dict[int, list[tuple[str, Checkpoint]]]:
    outside: dict[int, list[tuple[str, Checkpoint]]] = {}
    for name, note in held.items():
        try:
            says = Checkpoint.read(verified(note, log.keys))
        except BadNote as bad:
            log.finds(name, None, f"it is no checkpoint of this trail: {bad}. Either it was changed, or the trail's keys were"
                                  " replaced.")
        else:
            outside.setdefault(says.size, []).append((name, says))
    return outside


def _compare_held(log: Log, held: Sequence[tuple[str, Checkpoint]]) -> None:
    for name, says in held:
        if says.root != log.tree.root() or says.heads != root_of_heads(log.heads):
            log.finds(name, None, f"it has another root than the log of {says.size} facts: the log was written anew since.")


def _find_new(session: Session, log: Log) -> None:
    """The facts that are not in the log: new ones, or some that were put in before the end of what was sealed."""
    joined = FACT.outerjoin(LEAF, sa.and_(FACT.c.case_ref == LEAF.c.case_ref, FACT.c.number == LEAF.c.number))
    rows = session.connection().execute(
        sa.select(FACT.c.case_ref, FACT.c.number, FACT.c.hash).select_from(joined).where(LEAF.c.position.is_(None))).fetchall()
    for case, number, hash in sorted(tuple(row) for row in rows):
        known = log.heads.get(case)
        if known is not None and number <= known.number:
            log.finds(case, number, f"is not in the log, and fact {known.number} is: it was put in, or its entry was removed.")
        else:
            log.new.append((case, number, hash))


def _check_files(session: Session, log: Log, files: SealFiles) -> None:
    log.findings += files.key_findings(log.key_notes)
    log.findings += files.missing(max((signed.number for signed in log.checkpoints), default=0))
    before, start = 0, 0
    for signed in log.checkpoints:
        added = None
        if signed.says is not None:
            if signed.number == before + 1:         # else it is not known where its entries begin
                added = entries(session, start, signed.says.size)
            before, start = signed.number, signed.says.size
        log.findings += files.differences(signed.number, signed.note, added)
