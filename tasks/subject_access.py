"""Subject access: everything that is held about a person, in all their cases, read in one go and parted into what can be handed
out and what must be reviewed first."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from models.case import Case
from models.documents import safe_name
from models.law.record import Fact
from models.rights import who_holds
from models.tables.cases import CaseFile, FactRow, MessageRow
from models.tables.people import Contact, DocumentRow, Person, TextRow
from models.tables.trail import LogLeafRow, LookRow
from notifications.letter import WordingError
from notifications.messages import MESSAGES
from notifications.subject_access import Held, Rewritten, Text, checklist, record_paper, texts_paper
from tasks.database import reading
from tasks.documents import NoSuchDocument, Store, store_of
from tasks.links import hidden, links_of
from tasks.pack_folder import Content, file_name
from tasks.packs import CaseRead, Pack, moment_of, read_cases, tables
from tasks.people import cases_of, person_refs
from tasks.preview import message_of
from tasks.prove import VERIFIER
from tasks.reading import read
from tasks.settings import Settings
from tasks.typeset import typeset

TOLD_OTHERWISE = (CaseFile, FactRow, Person, Contact, TextRow, DocumentRow, MessageRow, LookRow, LogLeafRow)
"""The tables that stand in the export in a form of their own; every other one that names a case or a person goes out row by row."""

SECRET = "apprise_url"


def cases_about(session: Session, ref: str) -> list[str]:
    """The cases about the person whom this case is about, this one first. Raises NoSuchCase."""
    read(session, ref)
    people = person_refs(session, ref)
    return [ref, *(other for refs in cases_of(session, people).values() for other in refs if other != ref)]


def subject_access_pack(engine: Engine, settings: Settings, ref: str, day: date, asked_on: date | None = None) -> Pack:
    """The export about the person of a case. `asked_on` is the day on which the request for it was received.

    Raises NoSuchCase, NotPacked where a record is not as it was sealed, NotSet.
    """
    store = store_of(settings)
    with reading(engine) as session:
        refs = cases_about(session, ref)
        cases = read_cases(session, refs, day)
        documents = _documents(session, refs)
        held_rows = _held(session, refs, documents)
        born = held_rows[0].get("birth_date")
    letters = [letter for case in refs for letter in _letters(engine, settings, cases[case], day)]
    missing, files = _document_files(store, documents)
    texts, erased = _texts(cases)
    first = cases[ref].found.case
    held = Held(ref, held_rows[0], [cases[case].found for case in refs], texts, held_rows[1], documents, held_rows[2], letters, erased,
                _holder(first, born), missing, held_rows[3])
    return Pack(_files(held, cases, files, settings.council.name, asked_on), _notes(held, cases))


# --- reading ---------------------------------------------------------------------------------------------------------

def _held(session: Session, refs: Sequence[str], documents: Sequence[Mapping[str, Any]]
          ) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The person, the contacts, the looks, and the rows of every other table that names a case or the person."""
    people = person_refs(session, refs[0])
    person = (_rows(session, Person.__table__, "ref", people) or [{}])[0]
    contacts = [row | {SECRET: _channel(row[SECRET])} for row in _rows(session, Contact.__table__, "case_ref", refs)]
    looks = _rows(session, LookRow.__table__, "case_ref", refs)
    other = {}
    told = {model.__table__.name for model in TOLD_OTHERWISE}
    for table in SQLModel.metadata.sorted_tables:
        for column, wanted in (("case_ref", refs), ("person_ref", people)):
            if table.name not in told and column in table.c and (rows := _rows(session, table, column, wanted)):
                kept = other.setdefault(table.name, [])
                kept += [row for row in rows if row not in kept]             # a row may name both the case and the person
    return person, contacts, looks, other


def _rows(session: Session, table: sa.Table, column: str, wanted: Sequence[str]) -> list[dict[str, Any]]:
    if not wanted:
        return []
    order = list(table.primary_key.columns)
    found = session.connection().execute(sa.select(table).where(table.c[column].in_(wanted)).order_by(*order))
    return [dict(row) for row in found.mappings()]


def _documents(session: Session, refs: Sequence[str]) -> list[dict[str, Any]]:
    """The documents, each with the file in which it goes out."""
    return [row | {"file": f"review/documents/D{place}-{row['sha256'][:12]}-{safe_name(row['name'], row['kind'])}"}
            for place, row in enumerate(
        _rows(session, DocumentRow.__table__, "case_ref", refs), start=1)]


def _document_files(store: Store, documents: Sequence[Mapping[str, Any]]) -> tuple[dict[str, str], dict[str, Content]]:
    """Why each document that cannot be read cannot, and the files of the others."""
    missing: dict[str, str] = {}
    files: dict[str, Content] = {}
    for row in documents:
        kept = DocumentRow(**{name: value for name, value in row.items() if name != "file"})
        try:
            store.read(kept)
        except NoSuchDocument as gone:
            missing[kept.sha256] = str(gone)
            continue
        files[str(row["file"])] = lambda kept=kept: store.read(kept)          # not all at once in memory
    return missing, files


def _channel(url: str | None) -> str | None:
    """How somebody is written to, without what could be a password."""
    return url if url is None or "://" not in url else f"{url.partition('://')[0]}: address withheld, it can hold a password"


def _texts(cases: Mapping[str, CaseRead]) -> tuple[list[Text], int]:
    """The free texts of these cases, and how many have been erased."""
    found, erased = [], 0
    for ref, one in cases.items():
        for fact in one.found.recorded:
            for name, id in _named(fact):
                if id in one.texts:
                    found.append(Text(id, ref, fact, name, one.texts[id]))
                else:
                    erased += 1
    return found, erased


def _named(fact: Fact) -> list[tuple[str, str]]:
    """The texts that a fact names: (field, id), also those within what a correction says."""
    found = []
    for name, value in fact.data.items():
        parts = value.items() if isinstance(value, dict) and value.keys() != {"text", "sha256"} else [(name, value)]
        found += [(part, one["text"]) for part, one in parts if isinstance(one, dict) and one.keys() == {"text", "sha256"}]
    return found


def _holder(case: Case, born: date | None) -> str:
    holder = who_holds(born, case.on, case.all("capacity_recorded")) if born is not None else case.rights
    return f"{holder.who.replace('_', ' ')}: {holder.why}"


def _letters(engine: Engine, settings: Settings, one: CaseRead, day: date) -> list[Rewritten]:
    """The letters of a case that went, each written anew from what was on record then, where that is what was sent to the letter."""
    found = []
    links = links_of(settings)
    for place, letter in enumerate((letter for letter in one.found.letters if letter.sent is not None), start=1):
        ref, message = one.found.case.ref, letter.queued["message"]
        holds = message in MESSAGES and any(field in ("reasons_text", "brief")
                                            for field in (*MESSAGES[message].needs, *MESSAGES[message].may))
        name = f"{'review' if holds else 'hand-out'}/letters/{file_name(ref)}-{place:03d}-{letter.on.isoformat()}-{message}.txt"
        try:
            kept = message_of(engine, ref, letter.key, settings.council, day, links)
        except WordingError:
            found.append(Rewritten(ref, letter.key, letter.to, name, why_not="a setting or the wording that it needs is no longer there"))
            continue
        if kept.letter is None:
            found.append(Rewritten(ref, letter.key, letter.to, name, why_not="it went together with others in one letter"))
        elif not kept.is_as_sent:
            found.append(Rewritten(ref, letter.key, letter.to, name, why_not=(
                f"the wording, the council's details or a text have changed since; SHA-256 of what was sent: {letter.sent['sha256']}")))
        else:
            found.append(Rewritten(ref, letter.key, letter.to, name, kept.letter.subject, hidden(kept.letter.body), "", holds))
    return found


# --- files -----------------------------------------------------------------------------------------------------------

def _files(held: Held, cases: Mapping[str, CaseRead], documents: Mapping[str, Content], council: str, asked_on: date | None
           ) -> dict[str, Content]:
    at = max(moment_of(one.found) for one in cases.values())
    record, texts, first = record_paper(held, council), texts_paper(held), checklist(held, council, asked_on)
    files: dict[str, Content] = {
        "READ-FIRST.pdf": typeset(first, at), **tables(first),
        "hand-out/record.pdf": typeset(record, at), **_within("hand-out", tables(record)), "hand-out/record.json": _json(_hand_out(held)),
        "review/texts.pdf": typeset(texts, at), **_within("review", tables(texts)), "review/held.json": _json(_to_review(held)),
        **documents}
    for letter in held.letters:
        if letter.body is not None:
            files[letter.file] = f"Subject: {letter.subject}\n\n{letter.body}".encode()
    for one in cases.values():
        if one.bundle is not None and one.proof is not None:
            files[f"hand-out/{one.proof.file}"] = one.bundle.encode()
            files[f"hand-out/{VERIFIER.name}"] = VERIFIER.read_bytes()
    return files


def _within(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": body for name, body in files.items()}


def _hand_out(held: Held) -> dict[str, Any]:
    return {
        "person": held.person, "rights_held_by": held.holder,
        "cases": [{"case": found.case.ref, "on": found.case.on, "stage": str(found.case.stage),
                   "facts": [_fact(fact) for fact in found.recorded]} for found in held.cases],
        "looks": [{name: look[name] for name in ("case_ref", "looked_at", "looked_by", "door")} for look in held.looks]}


def _to_review(held: Held) -> dict[str, Any]:
    return {
        "contacts": held.contacts,
        "texts": [{"number": f"T{place}", "case": text.case, "entry": text.fact.number, "field": text.name, "id": text.id,
                   "text": text.body}
                  for place, text in enumerate(held.texts, start=1)],
        "documents": held.documents, "other": held.other}


def _fact(fact: Fact) -> dict[str, Any]:
    return {"entry": fact.number, "fact": fact.kind, "happened_on": fact.on, "recorded_at": fact.recorded_at, "recorded_by": fact.by,
            "flow_run": fact.flow_run_id, "data": dict(fact.data)}


def _json(told: Any) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True, default=_plain) + "\n").encode()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else list(value) if isinstance(value, tuple) else str(value)


def _notes(held: Held, cases: Mapping[str, CaseRead]) -> list[str]:
    notes = [f"To be reviewed before it is handed out: texts {len(held.texts)}, documents {len(held.documents)}, contacts"
             f" {len(held.contacts)}. READ-FIRST.pdf lists each."]
    notes += [f"Not in it: {why}" for why in held.missing.values()]
    unproved = [ref for ref, one in cases.items() if one.proof is None]
    if unproved:
        notes.append(f"Not sealed yet, so without a proof: {', '.join(unproved)}.")
    return notes
