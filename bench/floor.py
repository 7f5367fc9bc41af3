"""The bare floor: sqlite3 and hand-written SQL on the same tables, indexes and triggers, with the same durability.

It works out nothing that the law demands: what follows from a fact is handed to it, and it seals and writes the rows.
Of the reminders it knows by heart what the ladder says, and does everything else itself: finds what is due, seals each
fact to the one before, and writes.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]
Ladder = Mapping[tuple[str, str, int], tuple[str, tuple[str, ...], int, str]]
"""By duty, adviser and rung: the message, its recipients, the rung that follows, and the days to it as SQLite says them."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection with the settings of the engine's own."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
    connection.execute("SELECT count(*) FROM watch_round").fetchall()
    return connection


canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
plain = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


def seal(*content: Any) -> str:
    """The hash of a fact."""
    return hashlib.sha256(plain(content).encode()).hexdigest()


INSERT_FACT = "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_FILE = "INSERT INTO case_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_DUTY = "INSERT INTO duty VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_MESSAGE = """INSERT INTO message (key, case_ref, message, to_role, to_agency, data, fact_number, queued_at, status, attempts)
                    VALUES (?, ?, ?, ?, ?, '{}', ?, ?, 'queued', 0)"""

DUE = """SELECT d.case_ref, d.duty, d.adviser, d.party, d.occasion, d.due_on, d.next_rung, c.last_number, c.last_hash
         FROM duty d INDEXED BY ix_duty_next_rung_on JOIN case_file c ON c.ref = d.case_ref
         WHERE d.next_rung_on <= ? ORDER BY d.case_ref, d.duty, d.adviser, d.party, d.occasion"""
CLIMB = """UPDATE duty SET next_rung = ?, next_rung_on = date(due_on, ?)
           WHERE case_ref = ? AND duty = ? AND adviser = ? AND party = ? AND occasion = ?"""
MOVE_HEAD = """UPDATE case_file SET last_number = ?, last_hash = ?, worked_out_on = ?, next_visit_on = min(
               coalesce(next_event_on, '9999'), (SELECT min(next_rung_on) FROM duty WHERE case_ref = ref)) WHERE ref = ?"""


def remind(connection: sqlite3.Connection, day: str, at: str, by: str, ladder: Ladder) -> int:
    """Write every reminder that is due on `day`, in one transaction. How many."""
    facts: list[Row] = []
    messages: list[Row] = []
    duties: list[Row] = []
    heads: dict[str, tuple[int, str]] = {}
    connection.execute("BEGIN IMMEDIATE")
    for ref, duty, adviser, party, occasion, due_on, rung, number, last in connection.execute(DUE, (day,)).fetchall():
        number, last = heads.get(ref, (number, last))
        message, recipients, following, days = ladder[duty, adviser, rung]
        about = ":".join(filter(None, (duty, adviser, party, occasion, due_on, f"{rung:+d}")))
        told = {"message": message, "about": about, "duty": duty, "due_on": due_on, "rung": rung}
        if adviser:
            told["adviser"] = adviser
        for to in recipients:
            number += 1
            key = f"{ref}/{message}/{to}/{about}"
            data = canonical(told | {"recipient": to, "key": key})
            content = (ref, number, "message_queued", day, at, by, None, data, last)
            last = seal(*content)
            facts.append((*content, last))
            messages.append((key, ref, message, to, None, number, at))
        heads[ref] = number, last
        duties.append((following, days, ref, duty, adviser, party, occasion))
    connection.executemany(INSERT_FACT, facts)
    connection.executemany(INSERT_MESSAGE, messages)
    connection.executemany(CLIMB, duties)
    connection.executemany(MOVE_HEAD, [(number, last, day, ref) for ref, (number, last) in heads.items()])
    connection.execute("COMMIT")
    return len(facts)


@dataclass
class Change:
    """What is to be written in one case: the facts without their seals, and the rows that follow from them.

    A fact is (kind, day, moment, by, data). A case that is not there yet has a `file`: the columns of its row after the
    head. Of one that is there, `columns` of that row change, and duties come, go and change.
    """

    ref: str
    facts: list[tuple[str, str, str, str, Mapping[str, Any]]]
    file: Row | None = None
    columns: Row = ()
    new_duties: list[Row] = field(default_factory=list)
    changed_duties: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)


HEAD = "SELECT last_number, last_hash FROM case_file WHERE ref = ?"
FILE_COLUMNS = ("day_zero", "stage", "held_by", "held_since", "next_visit_on", "next_event_on", "worked_out_on")
DUTY_COLUMNS = ("kind", "owed_by", "starts_on", "due_on", "reporting_due_on", "met_on", "lapsed_on", "excused_by", "next_rung",
                "next_rung_on", "agency", "silenced_to")
UPDATE_FILE = f"UPDATE case_file SET last_number = ?, last_hash = ?, {', '.join(f'{c} = ?' for c in FILE_COLUMNS)} WHERE ref = ?"
UPDATE_DUTY = f"""UPDATE duty SET {', '.join(f'{c} = ?' for c in DUTY_COLUMNS)}
                  WHERE case_ref = ? AND duty = ? AND adviser = ? AND party = ? AND occasion = ?"""


def write(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Write what changes in these cases, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    facts: list[Row] = []
    new_files: list[Row] = []
    files: list[Row] = []
    duties: list[Row] = []
    changed: list[Row] = []
    messages: list[Row] = []
    for change in changes:
        number, last = (0, "0" * 64) if change.file is not None else connection.execute(HEAD, (change.ref,)).fetchone()
        for kind, on, at, by, told in change.facts:
            number += 1
            data = canonical(told)
            content = (change.ref, number, kind, on, at, by, None, data, last)
            last = seal(*content)
            facts.append((*content, last))
        if change.file is not None:
            new_files.append((change.ref, None, number, last, *change.file))
        else:
            files.append((number, last, *change.columns, change.ref))
        duties += change.new_duties
        changed += change.changed_duties
        messages += change.messages
    connection.executemany(INSERT_FILE, new_files)
    connection.executemany(UPDATE_FILE, files)
    connection.executemany(INSERT_FACT, facts)
    connection.executemany(UPDATE_DUTY, changed)
    connection.executemany(INSERT_DUTY, duties)
    connection.executemany(INSERT_MESSAGE, messages)
    connection.execute("COMMIT")


def differences(path: Path, other: Path, tables: Sequence[str]) -> list[str]:
    """The tables in which two databases do not hold the same rows."""
    connection = sqlite3.connect(path)
    connection.execute("ATTACH ? AS other", (str(other),))
    found = [table for table in tables for one, two in (("main", "other"), ("other", "main")) if connection.execute(
        f"SELECT EXISTS (SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {two}.{table})").fetchone()[0]]
    connection.close()
    return sorted(set(found))
