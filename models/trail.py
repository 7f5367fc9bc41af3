"""The seal on a fact, and the check of a chain of them. Needs no database: whoever holds the rows can check them."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

GENESIS = "0" * 64
"""What stands as the previous hash of a case's first fact."""


class Sealed(NamedTuple):
    """A fact as it is sealed: every value is the exact text (or number) that the hash was taken of."""

    case_ref: str
    number: int
    kind: str
    happened_on: str
    recorded_at: str
    recorded_by: str
    flow_run_id: str | None
    data: str
    previous_hash: str
    hash: str


class Head(NamedTuple):
    """The end of a case's chain, kept apart from it: the number and hash of the last fact."""

    number: int
    hash: str


class BrokenChain(ValueError):
    """A case's chain does not hold: `case`, the first `number` that is wrong, and `what` is wrong with it."""

    def __init__(self, case: str, number: int, what: str) -> None:
        super().__init__(f"{case}: fact {number} {what}")
        self.case, self.number, self.what = case, number, what


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys sorted, no blanks, days as ISO text.

    Raises ValueError for what JSON or a database cannot hold (NaN, half a surrogate pair, other objects).

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    try:
        text = _JSON.encode(value)
        text.encode()
    except (TypeError, UnicodeEncodeError) as error:
        raise ValueError(f"this cannot be recorded as text: {error}") from None
    return text


def moment(at: datetime) -> str:
    """A moment as it is sealed: UTC, always with microseconds. Raises ValueError without a time zone.

    >>> moment(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    '2026-03-02T09:30:00.000000Z'
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone, so it is no moment. Give it in UTC.")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def seal(case_ref: str, number: int, kind: str, happened_on: str, recorded_at: str, recorded_by: str,
         flow_run_id: str | None, data: str, previous_hash: str) -> str:
    """The hash of a fact: SHA-256, in hex, of the canonical JSON of these nine values in this order."""
    body = _encode([case_ref, number, kind, happened_on, recorded_at, recorded_by, flow_run_id, data, previous_hash])
    return hashlib.sha256(body.encode()).hexdigest()


def hashed_text(fact: Sealed) -> str:
    """The very text that the hash of a fact is taken of."""
    return _encode(list(fact[:9]))


def seal_text(salt: str, body: str) -> str:
    """The salted hash that stands in a fact for a text kept elsewhere: SHA-256, in hex, of the salt and the text.

    Once salt and text are erased, nobody can tell from the hash what the text was, not even by guessing it.
    """
    return hashlib.sha256((salt + body).encode()).hexdigest()


def check_chain(rows: Iterable[Sealed], head: Head | None = None, case: str = "") -> Head:
    """The head of one case's chain, given its facts in the order of their numbers. `case` names it should there be none.

    `head` is the end of the chain as it was kept elsewhere; without it a chain whose end was cut off, or which was
    written anew as a whole, looks sound.

    Raises BrokenChain at the first fact that was altered, is missing, was inserted, or does not follow the one before.
    """
    last = Head(0, GENESIS)
    for row in rows:
        case = row[0]
        number, previous, hash = row[1], row[8], row[9]
        expected = last.number + 1
        if number > expected:
            raise BrokenChain(case, expected, f"is missing: fact {number} stands where it should be.")
        if number < expected:
            raise BrokenChain(case, number, f"stands twice or out of order: fact {expected} should come here.")
        genuine = seal(*row[:9]) == hash
        if previous != last.hash:
            raise BrokenChain(case, number, (
                f"was not sealed after fact {last.number} as it now stands: fact {last.number} was replaced,"
                f" or facts were inserted, removed or put in another order." if genuine
                else "was altered: it matches neither its own hash nor the fact before it."))
        if not genuine:
            raise BrokenChain(case, number, "was altered: its content does not match its hash.")
        last = Head(number, hash)
    if head is None or head == last:
        return last
    if head.number > last.number:
        more = f", and so are those up to {head.number}" if head.number > last.number + 1 else ""
        raise BrokenChain(case, last.number + 1, f"is missing from the end{more}: the case file says that the last fact is"
                                                 f" {head.number}.")
    if head.number < last.number:
        raise BrokenChain(case, head.number + 1, f"was inserted at the end: the case file says that the last fact is"
                                                 f" {head.number}.")
    raise BrokenChain(case, last.number, "has a hash that is not the one kept in the case file: the chain was written anew.")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is neither text, number, day, list nor mapping")


_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
_encode = _JSON.encode
