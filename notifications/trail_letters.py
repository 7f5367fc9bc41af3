"""What is told about the trail as a whole: each checkpoint to the auditors; to operations what was found wrong, what is due for
erasure, and when the watch did not look."""

from collections.abc import Sequence

from models.note import Checkpoint, Key, text_of
from models.watching import Blind
from notifications.letter import Letter, WordingError, write_about_trail

AUDITORS, OPERATIONS = "auditors", "operations"
"""The roles to which these letters go: names in EHC_CHANNELS."""

MOST = 20
"""Findings that one letter lists."""


def checkpoint_letter(number: int, note: str, key: Key) -> Letter:
    """The letter that takes a checkpoint elsewhere. Raises WordingError, also if the wording leaves the checkpoint out."""
    says = Checkpoint.read(text_of(note))
    letter = write_about_trail("trail/checkpoint", {
        "number": number, "note": note, "key": str(key), "size": f"{says.size:,}"})
    if note not in letter.body:
        raise WordingError("the trail: the wording of 'trail/checkpoint' leaves out the checkpoint.")
    return letter


def broken_letter(findings: Sequence[str]) -> Letter:
    """The letter that says what was found. Raises WordingError."""
    return write_about_trail("trail/broken", {"count": len(findings), "findings": findings[:MOST]})


def retention_letter(due: Sequence[str], unknown: Sequence[str], unfinished: Sequence[str]) -> Letter:
    """The monthly letter about what is due for erasure: references of cases, and no day, which would tell a birth date. Raises
    WordingError."""
    return write_about_trail("trail/retention", {"due": due, "unknown": unknown, "unfinished": unfinished, "most": MOST})


def watch_letter(times: Sequence[Blind]) -> Letter:
    """The letter that says when the watch did not look. Raises WordingError."""
    return write_about_trail("trail/watch_missed", {
        "days": sum(len(one.days) for one in times), "still": times[-1].until is None,
        "times": [f"{one.words()} {_days(one)}" for one in times[-MOST:]]})


def _days(one: Blind) -> str:
    first, last = one.days[0].isoformat(), one.days[-1].isoformat()
    return f"Days: {first}." if first == last else f"Days: {first} to {last}, {len(one.days)} in all."
