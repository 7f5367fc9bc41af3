"""The packs: everything that one is made of, read in one go from a record that is checked first, and set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from sqlalchemy import Engine
from sqlmodel import Session

from models import bundle
from models.calendar import bank_holidays
from models.case import Case
from models.chronology import Chronology
from models.law.dates import long
from models.note import Key, hash_of
from models.trail import seal_text
from notifications.ombudsman import OMBUDSMAN, Proof, Reader, ombudsman
from notifications.paper import Paper
from tasks import bulk
from tasks.database import reading
from tasks.log import LEAF, last_checkpoint
from tasks.pack_folder import Content, file_name
from tasks.prove import VERIFIER, NotProved, prove, unsealed
from tasks.reading import TEXT, read, texts
from tasks.trail import named_texts, show
from tasks.typeset import typeset


class NotPacked(ValueError):
    """No pack can be made: the record was altered, or there is nothing to tell. The message says which case and what to do."""


@dataclass(frozen=True)
class Pack:
    """The files of a pack by their path in it, and what whoever makes it must know."""

    files: Mapping[str, Content]
    notes: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class CaseRead:
    """One case, read and checked: its chronology, its free texts, the proof and the bundle that holds it."""

    found: Chronology
    texts: Mapping[str, str]
    proof: Proof | None
    bundle: str | None


def ombudsman_pack(engine: Engine, ref: str, day: date, council: str, *, with_texts: bool = True) -> Pack:
    """The Ombudsman's chronology of a case as it stands on a day: the paper, its tables, and the proof with its verifier.

    Raises NoSuchCase, NotPacked where the record is not as it was sealed or nothing had happened yet, NotSet.
    """
    with reading(engine) as session:
        one = read_cases(session, [ref], day)[ref]
    files: dict[str, Content] = dict(case_files(one, council, with_texts=with_texts))
    if one.bundle is not None:
        files[VERIFIER.name] = VERIFIER.read_bytes()
    return Pack(files, tuple(_notes(one)))


def read_cases(session: Session, refs: Sequence[str], day: date) -> dict[str, CaseRead]:
    """These cases as they stand on a day, each checked against its seals. Raises NoSuchCase, NotPacked."""
    sealed = [ref for ref in refs if bulk.select(session, LEAF, ("position",), ("case_ref", "=", ref))] \
        if last_checkpoint(session) is not None else []
    try:
        bundles = prove(session, sealed) if sealed else {}
    except NotProved as no:
        raise NotPacked(f"No pack is made of a record that was changed. {no}") from None
    return {ref: _read(session, ref, day, bundles.get(ref)) for ref in refs}


def _read(session: Session, ref: str, day: date, proof: str | None) -> CaseRead:
    facts = read(session, ref)
    _check(session, ref)
    case = Case.of(ref, facts, day, bank_holidays())
    if not case.facts:
        first = min(fact.on for fact in facts)
        raise NotPacked(f"{ref}: nothing had happened yet on {long(day)}; its first entry is of {long(first)}.")
    return CaseRead(Chronology.of(case, facts), texts(session, ref), _proof(session, ref, proof) if proof else None, proof)


def _check(session: Session, ref: str) -> None:
    """Raise NotPacked unless the chain of a case and every text of it are as they were sealed."""
    trail = show(session, ref)
    kept = {id: (salt, body) for id, salt, body in bulk.select(session, TEXT, ("id", "salt", "body"), ("case_ref", "=", ref))}
    altered = trail.broken or next((f"{ref}: fact {fact.number} holds a text that was altered" for fact in trail.facts
                                    for id, sha256 in named_texts(fact.data) if id in kept and seal_text(*kept[id]) != sha256), None)
    if altered:
        raise NotPacked(f"No pack is made of a record that was changed. {altered}. `ehc trail verify` names everything that was.")


def _proof(session: Session, ref: str, text: str) -> Proof:
    try:
        shown = bundle.check(text)
    except bundle.BadProof as bad:
        raise NotPacked(f"No pack is made of a record that was changed. {ref} cannot be proved: {bad}. `ehc trail verify` names"
                        " what was changed.") from None
    note = bundle.checkpoint_note(text)
    key: Key = bundle.signing_key(text)
    point = shown.checkpoint
    return Proof(point.name, point.size, point.root.hex(), f"{point.signed_at[:19].replace('T', ' ')} UTC", hash_of(note), str(key),
                 key.id.hex(), shown.head.number, shown.head.hash, unsealed(session, ref), f"{file_name(ref)}.proof.json")


def case_files(one: CaseRead, council: str, *, with_texts: bool, reader: Reader = OMBUDSMAN) -> dict[str, bytes]:
    """The files about one case: the chronology as a paper, its tables as CSV, and the proof."""
    paper = ombudsman(one.found, council=council, texts=one.texts if with_texts else None, proof=one.proof, reader=reader)
    files = {"chronology.pdf": typeset(paper, moment_of(one.found)), **tables(paper)}
    if one.bundle is not None and one.proof is not None:
        files[one.proof.file] = one.bundle.encode()
    return files


def tables(paper: Paper) -> dict[str, bytes]:
    """The tables of a paper as the files that go beside it."""
    return {f"{name}.csv": table.csv().encode() for name, table in paper.tables.items()}


def moment_of(found: Chronology) -> datetime:
    """The moment by which a paper about a case is dated: that of its last entry, so that the same record gives the same paper."""
    return found.last_recorded_at or datetime.combine(found.case.on, time(), UTC)


def _notes(one: CaseRead) -> list[str]:
    if one.proof is None:
        return ["Nothing of this case has been sealed yet, so there is no proof in the pack, and it says so. Run `ehc trail seal`,"
                " and make it anew with --replace."]
    if one.proof.unsealed:
        return [f"The proof covers the first {one.proof.facts} entries; {one.proof.unsealed} came later. `ehc trail seal` takes them in."]
    return []
