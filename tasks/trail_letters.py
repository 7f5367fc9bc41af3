"""Letters about the trail itself: they belong to no case, so they go directly, each once, and that is kept under its key."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Engine
from sqlmodel import Session

from models.note import read_keys
from models.retention import Retention
from models.tables.trail import TrailLetterRow
from models.trail import moment
from notifications.letter import Letter
from notifications.trail_letters import AUDITORS, OPERATIONS, broken_letter, checkpoint_letter, retention_letter
from tasks import bulk
from tasks.database import reading, writing
from tasks.log import key_notes, last_checkpoint
from tasks.office import Office
from tasks.trail import Finding

LETTER = TrailLetterRow.__table__
ABOUT = "the trail"
"""What an error names where a letter is about no single case."""


def tell_auditors(engine: Engine, office: Office, at: datetime) -> bool:
    """Send the newest checkpoint to the auditors, unless it has gone; it stands for those before it. Whether one went now.

    Raises NotSent; the next call tries again.
    """
    with reading(engine) as session:
        newest, notes = last_checkpoint(session), key_notes(session)
    if newest is None:
        return False
    number, note = newest
    letter = checkpoint_letter(number, note, read_keys(notes)[-1])
    return send(engine, office, AUDITORS, [_checkpoint_key(number)], letter, at)


def tell_operations(engine: Engine, office: Office, findings: Sequence[Finding], at: datetime) -> bool:
    """Send what was found wrong to operations, once for the same findings. Whether it went now. Raises NotSent."""
    told = [str(finding) for finding in findings]
    key = f"trail/broken/{sha256(chr(10).join(told).encode()).hexdigest()[:16]}"
    return send(engine, office, OPERATIONS, [key], broken_letter(told), at)


def tell_of_retention(engine: Engine, office: Office, found: Sequence[Retention], on: date, at: datetime) -> bool:
    """Tell operations what is due for erasure on a day, once a month, if there is anything to be done. Whether it went now.

    Raises NotSent.
    """
    states: dict[str, list[str]] = {"due": [], "unknown": [], "unfinished": []}
    for one in found:
        states.get(one.state(on), []).append(" ".join(one.cases))
    if not any(states.values()):
        return False
    return send(engine, office, OPERATIONS, [f"trail/retention/{on:%Y-%m}"], retention_letter(**states), at)


def has_gone(session: Session, number: int) -> bool:
    """Whether this checkpoint has gone to the auditors."""
    return bool(bulk.select(session, LETTER, ("key",), ("key", "=", _checkpoint_key(number))))


def _checkpoint_key(number: int) -> str:
    return f"trail/checkpoint/{number}"


def send(engine: Engine, office: Office, role: str, keys: Sequence[str], letter: Letter, at: datetime) -> bool:
    """Send a letter that belongs to no case, and keep that it went under each of its keys, which say what it tells; not if all of
    it has been told. Whether it went now. Raises NotSent."""
    with reading(engine) as session:
        if len(bulk.select(session, LETTER, ("key",), ("key", "in", list(keys)))) == len(keys):
            return False
    outcome = office.channels.send(role, None, letter, keys[0], ABOUT, at=at)
    with writing(engine) as session:
        bulk.insert(session, LETTER, ("key", "sent_at", "channel", "sha256"), [
            (key, moment(at), outcome.channel, outcome.sha256) for key in keys], keep_existing=True)
    return True
