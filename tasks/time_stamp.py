"""Time stamps (RFC 3161) on checkpoints: asked of an authority when one is set up, kept beside the checkpoint, and checked.

Sealing never waits for it: what the authority does not stamp now, it stamps with the next checkpoint, which holds the hash of
this one.
"""

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import httpx
from cryptography import x509
from sqlalchemy import Engine
from sqlmodel import Session

from models.note import BadNote, Checkpoint, hash_of, text_of
from models.tables.trail import TimeStampRow
from models.time_stamp import BadStamp, Stamp, check, request
from models.trail import moment
from tasks import bulk
from tasks.database import reading, writing
from tasks.files import Chance
from tasks.log import CHECKPOINT, last_checkpoint
from tasks.settings import Settings
from tasks.trail import Finding

STAMP = TimeStampRow.__table__
PATIENCE = 15
LONGEST = 100_000
"""Bytes of an answer; one has a few thousand."""

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far the authority's clock may be behind ours."""


class NotStamped(RuntimeError):
    """A checkpoint got no time stamp; the message says why and what to do. It is sealed all the same."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """What a look at the time stamps found: those that hold, by the number of their checkpoint, and what is wrong. `unchecked`
    are those that there are, where no authority is trusted."""

    good: dict[int, Stamp]
    findings: list[Finding]
    unchecked: int


def stamp(engine: Engine, us: Settings, chance: Chance = secrets.token_bytes) -> Stamp | None:
    """Have the newest checkpoint stamped, unless it is, or no authority is set up. What was stamped now. Raises NotStamped."""
    url = us.timestamp_url.get_secret_value()
    if not url:
        return None
    with reading(engine) as session:
        newest = last_checkpoint(session)
        there = newest and bulk.select(session, STAMP, ("reply",), ("number", "=", newest[0]))
    if newest is None:
        return None
    if there:
        _write(us.seal_dir, newest[0], b64decode(there[0][0]))
        return None
    number, note = newest
    digest, nonce = bytes.fromhex(hash_of(note)), int.from_bytes(chance(8), "big")
    trusted = authorities(us)
    reply = _asked(url, request(digest, nonce))
    try:
        found = check(reply, digest, trusted, nonce)
    except BadStamp as bad:
        raise NotStamped(f"Checkpoint {number} got no time stamp: what the authority answered was not accepted: {bad}. Check"
                         " EHC_TIMESTAMP_URL and EHC_TIMESTAMP_CA.") from None
    with writing(engine) as session:
        bulk.insert(session, STAMP, ("number", "stamped_at", "reply"), [(number, moment(found.at), b64encode(reply).decode())],
                    keep_existing=True)
    _write(us.seal_dir, number, reply)
    return found


def authorities(us: Settings) -> list[x509.Certificate]:
    """The certificates that are trusted to issue those of time stamps. Raises NotStamped if there is none to be read."""
    if us.timestamp_ca is None:
        raise NotStamped("Whose time stamps are trusted is not said. Set EHC_TIMESTAMP_CA to a PEM file with the certificate of the"
                         " authority, which you got from it by a safe way.")
    try:
        return x509.load_pem_x509_certificates(us.timestamp_ca.read_bytes())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds no certificate in PEM"
        raise NotStamped(f"EHC_TIMESTAMP_CA: {us.timestamp_ca} cannot be read: {why}.") from None


def stamps(session: Session, folder: Path, trusted: Sequence[x509.Certificate]) -> Stamps:
    """Check every time stamp on record against its checkpoint, the file beside it, and who is trusted."""
    notes = {number: note for number, note in bulk.select(session, CHECKPOINT, ("number", "note"))}
    rows = bulk.select(session, STAMP, ("number", "stamped_at", "reply"), order=("number",))
    newest = max(notes, default=0)                      # which may be stamped at this moment
    found = Stamps({}, list(_without_row(folder, {row[0] for row in rows}, newest)), len(rows) if not trusted else 0)
    for number, stamped_at, reply in rows:
        where = f"time stamp {number}"
        path = place(folder, number)
        if path.exists() and b64encode(path.read_bytes()).decode() != reply:
            found.findings.append(Finding(where, None, f"it is not what its file says ({path}): one of the two was changed."))
        if number not in notes:
            found.findings.append(Finding(where, None, "it is of a checkpoint that is not there: it was removed."))
        elif trusted:
            try:
                good = check(b64decode(reply), bytes.fromhex(hash_of(notes[number])), trusted)
                _fits(good, notes[number], stamped_at)
            except (BadStamp, BadNote, ValueError) as bad:
                found.findings.append(Finding(where, None, f"it does not hold: {bad}."))
            else:
                found.good[number] = good
    return found


def place(folder: Path, number: int) -> Path:
    """Where the answer of the authority about a checkpoint is, in the form in which other programs check it."""
    return folder / f"{number:06d}.tsr"


def _fits(stamp: Stamp, note: str, stamped_at: str) -> None:
    if moment(stamp.at) != stamped_at:
        raise BadStamp("its moment is not the one that is kept beside it")
    signed_at = Checkpoint.read(text_of(note)).signed_at
    if moment(stamp.at + CLOCKS_DIFFER) < signed_at:
        raise BadStamp(f"it is of {moment(stamp.at)}, and the checkpoint says that it was signed later, at {signed_at}")


def _without_row(folder: Path, numbers: set[int], newest: int) -> Iterator[Finding]:
    for path in sorted(folder.glob("*.tsr")):
        if path.stem.isdigit() and int(path.stem) < newest and int(path.stem) not in numbers:
            yield Finding(f"time stamp {int(path.stem)}", None, f"it is not in the database, and its file is there ({path}): it was"
                                                                " removed, or the file was put in.")


def _asked(url: str, query: bytes) -> bytes:
    """What the authority answers. Errors never show the address, which can hold a password."""
    try:
        with httpx.stream("POST", url, content=query, timeout=PATIENCE, headers={
                "Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}) as answer:
            if answer.status_code != httpx.codes.OK:
                raise NotStamped(f"The time stamp authority answered {answer.status_code}. The next sealing asks again; if that goes"
                                 " on, check EHC_TIMESTAMP_URL.")
            if answer.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/timestamp-reply":
                raise NotStamped("What answers at EHC_TIMESTAMP_URL is no time stamp authority. Check the address.")
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > LONGEST:
                    raise NotStamped("The time stamp authority's answer is too long to be one. Check EHC_TIMESTAMP_URL.")
            return body
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise NotStamped(f"The time stamp authority could not be asked ({type(error).__name__}). The next sealing asks again; if that"
                         " goes on, check EHC_TIMESTAMP_URL.") from None


def _write(folder: Path, number: int, reply: bytes) -> None:
    path = place(folder, number)
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("wb", dir=folder, prefix=".", suffix=".new", delete=False) as file:
        file.write(reply)
        file.flush()
        os.fsync(file.fileno())
        os.chmod(file.fileno(), 0o644)
    os.replace(file.name, path)
