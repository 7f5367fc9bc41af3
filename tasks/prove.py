"""Proofs about single cases, for those who do not trust us: made from the log, for one case or many in one pass."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from models import bundle
from models.merkle import Range, consistency_ranges, hash_ranges, inclusion_ranges
from models.note import BadNote, Checkpoint, read_keys, text_of, verified
from models.trail import Head, Sealed, hashed_text
from tasks import bulk
from tasks.log import FACT, LEAF, entries, key_notes, last_checkpoint
from tasks.reading import CASE_FILE, no_such_case

VERIFIER = Path(__file__).with_name("verify.py")
"""The stand-alone program that checks a proof: one file, to be handed out with it."""


class NotProved(ValueError):
    """There is nothing to prove yet, or it cannot be proved; the message says why and what to do."""


def prove(session: Session, refs: Sequence[str], since: str | None = None) -> Mapping[str, str]:
    """The proof of each case as the text of a file, as the newest checkpoint has it.

    `since` is the note of an older checkpoint that the reader holds; the proofs then show that the log only grew from there.
    Nothing is checked here: `models.bundle.check` says whether a proof holds.

    Raises NoSuchCase, and NotProved if a case has no fact in the log yet or `since` is none of this trail.
    """
    newest = last_checkpoint(session)
    if newest is None:
        raise NotProved("Nothing has been sealed yet, so nothing can be proved. Run `ehc trail seal` first.")
    notes, says = key_notes(session), _newest(newest[1])
    old = _older(since, notes, says)
    places, heads = _places(session, refs, says.size)
    order = {case: index for index, case in enumerate(sorted(heads))}
    by_head = {ref: inclusion_ranges(order[ref], len(order)) for ref in refs}
    by_entry = {ref: [inclusion_ranges(position, says.size) for position in places[ref]] for ref in refs}
    growth = consistency_ranges(old.size, says.size) if old else []
    wanted: set[Range] = {*growth, *chain.from_iterable(chain.from_iterable(by_entry.values()))}
    hashes = hash_ranges((bytes.fromhex(entry[3]) for entry in entries(session, 0, says.size)), wanted)
    among = hash_ranges((bundle.head_hash(case, heads[case]) for case in order), set(chain.from_iterable(by_head.values())))
    proofs = {}
    for ref in refs:
        facts = [Sealed(*row) for row in bulk.select(session, FACT, Sealed._fields, ("case_ref", "=", ref), (
            "number", "<=", len(places[ref])), order=("number",))]
        proofs[ref] = bundle.write(
            ref, [hashed_text(fact) for fact in facts],
            [(position, [hashes[one] for one in ranges]) for position, ranges in zip(places[ref], by_entry[ref], strict=True)],
            (order[ref], [among[one] for one in by_head[ref]]), newest[1], notes,
            None if since is None else (since, [hashes[one] for one in growth]))
    return proofs


def unsealed(session: Session, ref: str) -> int:
    """How many facts of a case are not in the log yet."""
    facts, sealed = (len(bulk.select(session, table, ("number",), ("case_ref", "=", ref))) for table in (FACT, LEAF))
    return facts - sealed


def _newest(note: str) -> Checkpoint:
    try:
        return Checkpoint.read(text_of(note))
    except BadNote as bad:
        raise NotProved(f"Nothing can be proved by the newest checkpoint: {bad}. `ehc trail verify` names what was changed.") from None


def _older(since: str | None, notes: Sequence[str], newest: Checkpoint) -> Checkpoint | None:
    if since is None:
        return None
    try:
        found = Checkpoint.read(verified(since, read_keys(notes)))
    except BadNote as bad:
        raise NotProved(f"The checkpoint that you hold is none of this trail: {bad}. Either it was changed, or the trail's keys"
                        " were replaced. `ehc trail verify --against` tells more.") from None
    if found.size > newest.size:
        raise NotProved(f"The checkpoint that you hold covers {found.size} facts, and the newest here {newest.size}: the log"
                        " was cut off, or written anew. `ehc trail verify --against` tells more.")
    return found


def _places(session: Session, refs: Sequence[str], size: int) -> tuple[dict[str, list[int]], dict[str, Head]]:
    """Where the facts of these cases stand in the log, and the heads of all cases in it."""
    places = {ref: [position for position, in bulk.select(
        session, LEAF, ("position",), ("case_ref", "=", ref), ("position", "<", size), order=("position",))] for ref in refs}
    for ref in refs:
        if not places[ref]:
            if not bulk.select(session, CASE_FILE, ("ref",), ("ref", "=", ref)):
                raise no_such_case(session, ref)
            raise NotProved(f"{ref}: none of its facts has been sealed yet. Run `ehc trail seal` first.")
    ends = sa.select(LEAF.c.case_ref, sa.func.max(LEAF.c.number).label("number")).where(
        LEAF.c.position < size).group_by(LEAF.c.case_ref).subquery()
    heads = session.connection().execute(sa.select(ends.c.case_ref, ends.c.number, FACT.c.hash).select_from(
        ends.outerjoin(FACT, sa.and_(FACT.c.case_ref == ends.c.case_ref, FACT.c.number == ends.c.number))))
    return places, {case: Head(number, hash or "") for case, number, hash in heads}
