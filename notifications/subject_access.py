"""A subject access export as papers: what is held about a person in plain English, the texts that must be read before they are
handed out, and for the officer the list of what must be reviewed and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.chronology import Chronology
from models.law.dates import Limit, long
from models.law.record import Fact
from models.summary import standing_line
from models.third_parties import signs
from notifications import plain
from notifications.entries import chronology_rows, chronology_table, letter_rows, letters_table, limits_table
from notifications.paper import Paper, Table
from notifications.plain import day, moment, role, sentence, tells

ANSWER = Limit("M", 1)
"""UK GDPR art 12(3): one month of receiving the request."""


@dataclass(frozen=True, slots=True)
class Text:
    """One free text on record, with the fact and the field that it belongs to."""

    id: str
    case: str
    fact: Fact
    name: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The text of a letter as it went, or why it cannot be shown. `holds_text` tells that an officer's words are in it."""

    case: str
    key: str
    to: str
    file: str
    subject: str | None = field(default=None, repr=False)
    body: str | None = field(default=None, repr=False)
    why_not: str = ""
    holds_text: bool = False


@dataclass(frozen=True)
class Held:
    """Everything that is held about a person: what stands about them, their cases, and what names or may name others.

    `contacts`, `documents`, `looks` and each of `other` are rows as they stand; `missing` says of each document that cannot be
    read why. `others` are the names of other people by who they are.
    """

    ref: str
    person: Mapping[str, Any]
    cases: Sequence[Chronology]
    texts: Sequence[Text]
    contacts: Sequence[Mapping[str, Any]]
    documents: Sequence[Mapping[str, Any]]
    looks: Sequence[Mapping[str, Any]]
    letters: Sequence[Rewritten]
    erased_texts: int
    holder: str
    missing: Mapping[str, str] = field(default_factory=dict)
    other: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def others(self) -> dict[str, str]:
        """The names of other people that are on record with the case, by who they are."""
        return {f"contact {place}, {contact['role']}": str(contact["name"]) for place, contact in enumerate(self.contacts, start=1)}

    @property
    def own(self) -> list[str]:
        """The name of the person."""
        return [str(self.person["name"])] if self.person.get("name") else []

    def signs(self, text: str) -> list[str]:
        """What in a text points at other people."""
        return signs(text, self.others, self.own)


def record_paper(held: Held, council: str) -> Paper:
    """What is held, in plain English, without what names or may name others: for the person who asked."""
    data = {
        "title": f"What is held about you: case {held.ref}", "ref": held.ref, "council": council or "the council", "on": _on(held),
        "person": [[sentence(name.replace("_", " ")), _value(value)] for name, value in held.person.items() if value not in (None, "")],
        "other_person": [[sentence(table.replace("_", " ")), f"{len(rows)}"] for table, rows in held.other.items()],
        "cases": [_case(found) for found in held.cases],
        "looks": [[moment(_at(look["looked_at"])), str(look["looked_by"]), str(look["door"]), str(look["case_ref"])]
                  for look in held.looks],
        "counts": [["Texts in officers' or agencies' words", str(len(held.texts)), "after they have been read for what is about others"],
                   ["Documents", str(len(held.documents)), "after they have been read for what is about others"],
                   ["People to write to", str(len(held.contacts)), "your own, and others where that is right"],
                   ["Texts that have been erased", str(held.erased_texts), "they are gone; that there was a text stays on record"]],
    }
    tables = {}
    for found in held.cases:
        name = found.case.ref.replace("/", "-")
        tables |= {f"{name}-entries": chronology_table(found, None), f"{name}-limits": limits_table(found.case.ref, found.limits),
                   f"{name}-letters": letters_table(found.case.ref, found.letters)}
    tables["who-looked"] = Table(("case", "looked_at", "looked_by", "door"), [
        (look["case_ref"], look["looked_at"], look["looked_by"], look["door"]) for look in held.looks])
    return Paper("subject-access.typ", data, tables)


def _case(found: Chronology) -> dict[str, Any]:
    case = found.case
    return {"ref": case.ref, "standing": f"{standing_line(case)}.", "entries": chronology_rows(found, None),
            "letters": letter_rows(found.to_family), "officers": [[officer, day(since)] for officer, since in found.officers],
            "holdings": [[day(one.since), sentence(plain.listed([plain.holder(who) for who in one.held_by])), sentence(one.stage.words)]
                         for one in found.holdings]}


def texts_paper(held: Held) -> Paper:
    """The free texts, each with its number in the list of what must be reviewed."""
    rows = [{"number": f"T{place}", "head": f"{text.case}, entry {text.fact.number}: {tells(text.fact.kind)}",
             "about": f"{sentence(plain.word('fields', text.name))}, {long(text.fact.on)}, recorded by {text.fact.by or 'nobody named'}",
             "body": text.body, "signs": _signed(held.signs(text.body))} for place, text in enumerate(held.texts, start=1)]
    table = Table(("number", "case", "entry", "happened", "what", "field", "recorded_by", "signs", "text"), [
        (f"T{place}", text.case, text.fact.number, text.fact.on, tells(text.fact.kind), text.name, text.fact.by,
         "; ".join(held.signs(text.body)), text.body) for place, text in enumerate(held.texts, start=1)])
    contacts = Table(("number", "case", "role", "name", "address", "channel", "since", "until"), [
        (f"P{place}", one["case_ref"], one["role"], one["name"], one["address"], one["apprise_url"], one["since"], one["until"])
        for place, one in enumerate(held.contacts, start=1)])
    return Paper("subject-access-texts.typ", {
        "title": f"Texts on case {held.ref}, to be reviewed before they are handed out", "ref": held.ref, "on": _on(held), "texts": rows},
        {"texts": table, "contacts": contacts})


def checklist(held: Held, council: str, asked_on: date | None) -> Paper:
    """For the officer: what must be decided before anything is handed out, item by item."""
    items = [*_text_items(held), *_document_items(held), *_contact_items(held), *_letter_items(held), *_other_items(held)]
    data = {
        "title": f"Subject access, case {held.ref}: read this first", "ref": held.ref, "council": council or "the council",
        "on": _on(held), "cases": ", ".join(found.case.ref for found in held.cases), "holder": held.holder,
        "asked_on": long(asked_on) if asked_on else "", "answer_by": long(ANSWER.last_day(asked_on)) if asked_on else "",
        "items": [[item[0], item[1], item[2], _signed(item[3]), ""] for item in items], "count": len(items),
        "marked": sum(bool(item[3]) for item in items),
        "missing": [[sha256[:16], why] for sha256, why in held.missing.items()],
        "not_shown": [[letter.key, letter.why_not] for letter in held.letters if letter.why_not],
    }
    return Paper("subject-access-checklist.typ", data, {"review": Table(("number", "what", "file", "signs", "decision", "decided_by"), [
        (item[0], item[1], item[2], "; ".join(item[3]), "", "") for item in items])})


Item = tuple[str, str, str, list[str]]


def _text_items(held: Held) -> list[Item]:
    return [(f"T{place}", f"{sentence(plain.word('fields', text.name))} in entry {text.fact.number} of {text.case}: {tells(text.fact.kind)}",
             "review/texts.pdf", held.signs(text.body)) for place, text in enumerate(held.texts, start=1)]


def _document_items(held: Held) -> list[Item]:
    return [(f"D{place}", f"{one['kind']}, {one['size']:,} bytes, sent by {one['received_by']} on {moment(_at(one['received_at']))}",
             str(one["file"]), held.signs(str(one["name"]))) for place, one in enumerate(held.documents, start=1)]


def _contact_items(held: Held) -> list[Item]:
    return [(f"P{place}", f"{sentence(role(str(one['role'])))}, of {one['case_ref']}, since {one['since']}", "review/contacts.csv",
             ["another person's name" + (" and address" if one["address"] or one["apprise_url"] else "")])
            for place, one in enumerate(held.contacts, start=1)]


def _letter_items(held: Held) -> list[Item]:
    letters = [letter for letter in held.letters if letter.holds_text and letter.body is not None]
    return [(f"L{place}", f"Letter to {role(letter.to)} with an officer's words: {letter.key}", letter.file, held.signs(letter.body or ""))
            for place, letter in enumerate(letters, start=1)]


def _other_items(held: Held) -> list[Item]:
    return [(f"O{place}", f"{len(rows)} row{'' if len(rows) == 1 else 's'} of “{table.replace('_', ' ')}”", "review/held.json", [])
            for place, (table, rows) in enumerate(held.other.items(), start=1)]


def _signed(found: Sequence[str]) -> str:
    return sentence("; ".join(found)) if found else "no sign; read it all the same"


def _on(held: Held) -> str:
    return long(held.cases[0].case.on)


def _value(value: Any) -> str:
    return long(value) if isinstance(value, date) else str(value)


def _at(value: Any) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(value) if isinstance(value, str) else value
