"""Sealing: take the new facts into the log, sign what it then is, and write that where the database cannot reach it.

Everything is checked first, and nothing is signed over a record that was changed. Killed at any point, the next sealing goes on
from there: entries and checkpoint come in one transaction, and the files follow from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from models.merkle import leaf_hash
from models.note import FIRST, Checkpoint, hash_of, sign
from models.trail import Head, moment
from tasks import bulk, trail
from tasks.database import Busy, reading, writing
from tasks.log import CHECKPOINT, LEAF, Log, entries, key_notes, last_checkpoint, read_log, root_of_heads
from tasks.seal_files import SealFiles
from tasks.seal_key import one_at_a_time, signing_key
from tasks.trail import Finding, Progress

TURNS = 5
"""How often a sealing begins anew because another was quicker."""


class NotSealed(RuntimeError):
    """The record is not as it was, so it was not sealed: `findings` says where."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        more = f" {len(findings) - 1} more: `ehc trail verify`." if findings[1:] else ""
        super().__init__(f"The record is not as it was, and was not sealed. {findings[0]}{more}")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Seal:
    """What a sealing did: the newest checkpoint (none if there is no fact yet), and how many facts it took in."""

    number: int | None
    note: str | None
    taken: int
    size: int


def seal(engine: Engine, folder: Path, key_file: Path | None, at: datetime, progress: Progress | None = None) -> Seal:
    """Check everything, take in what is new, sign it, and write the files. Safe to repeat, and to run twice at once.

    Where nothing is new, nothing is signed; files that are still to be written are. Raises NotSealed, NoKey, BadKey, Busy.
    """
    for _ in range(TURNS):
        files = SealFiles(folder)
        with reading(engine) as session:
            log = read_log(session, files)
            findings = [*trail.verify(session, progress).findings, *log.findings]
        if findings:
            raise NotSealed(findings)
        if _take_in(engine, log, signing_key(key_file, log.keys), at):
            return _write_files(engine, SealFiles(folder), log)
    raise Busy("Others sealed the trail meanwhile, again and again. Nothing was kept of this call; make it again.")


def _take_in(engine: Engine, log: Log, key: Ed25519PrivateKey, at: datetime) -> bool:
    """Write the new entries and the checkpoint over them, together. False if another sealing or a new key came between."""
    if not log.new:
        return True
    last = log.checkpoints[-1] if log.checkpoints else None
    known, rows = len(log.key_notes), []
    for case, number, hash in log.new:
        leaf = leaf_hash(bytes.fromhex(hash))
        rows.append((log.tree.size, case, number, leaf.hex()))
        log.tree.append(leaf)
        log.heads[case] = Head(number, hash)
    says = Checkpoint(log.keys[-1].name, log.tree.size, log.tree.root(), len(log.heads), root_of_heads(log.heads), moment(at),
                      hash_of(last.note) if last else FIRST)
    with writing(engine) as session:
        one_at_a_time(session)
        now = last_checkpoint(session)
        if now != ((last.number, last.note) if last else None) or len(key_notes(session)) != known:
            return False
        bulk.insert(session, LEAF, ("position", "case_ref", "number", "hash"), rows)
        bulk.insert(session, CHECKPOINT, ("number", "size", "signed_at", "note"), [
            (now[0] + 1 if now else 1, says.size, says.signed_at, sign(says.text(), says.name, key))])
    return True


def _write_files(engine: Engine, files: SealFiles, log: Log) -> Seal:
    """Write the files that are not there yet, and say how the log stands."""
    with reading(engine) as session:
        files.write_keys(log.key_notes)
        there = max(files.numbers, default=0)
        start = 0
        last: tuple[int, int, str] | None = None
        for number, size, note in bulk.select(session, CHECKPOINT, ("number", "size", "note"), order=("number",)):
            if number > there:
                files.write(number, note, entries(session, start, size))
            start, last = size, (number, size, note)
    if last is None:
        return Seal(None, None, 0, 0)
    return Seal(last[0], last[2], len(log.new), last[1])
