"""Who looked at which case: the seal on a look, and the check of the chain of all of them."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from models.trail import GENESIS, canonical


class Look(NamedTuple):
    """A look as it is sealed: its number among all looks, the case, the moment (UTC), who, and through which door."""

    number: int
    case_ref: str
    looked_at: str
    looked_by: str
    door: str
    previous_hash: str
    hash: str


def sealed(number: int, case_ref: str, looked_at: str, looked_by: str, door: str, previous_hash: str) -> Look:
    """The look with its hash: SHA-256, in hex, of the canonical JSON of these six values in this order."""
    body = canonical([number, case_ref, looked_at, looked_by, door, previous_hash])
    return Look(number, case_ref, looked_at, looked_by, door, previous_hash, hashlib.sha256(body.encode()).hexdigest())


def chained(last: Look | None, refs: Iterable[str], looked_at: str, looked_by: str, door: str) -> Iterator[Look]:
    """One look at each of these cases, in a chain that goes on from `last`."""
    number, hash = (last.number, last.hash) if last else (0, GENESIS)
    for ref in refs:
        look = sealed(number + 1, ref, looked_at, looked_by, door, hash)
        number, hash = look.number, look.hash
        yield look


def wrong(looks: Iterable[Look]) -> tuple[int, str] | None:
    """The number of the first look that is not as it was sealed and what is wrong with it; None if the chain holds.

    That the last looks were cut off cannot be seen in the chain itself.
    """
    number, hash = 0, GENESIS
    for look in looks:
        if look.number != number + 1:
            return number + 1, f"is missing: look {look.number} stands where it should be."
        if look.previous_hash != hash:
            return look.number, f"was not sealed after look {number} as that now stands: one of them was put in or changed."
        if sealed(*look[:6]) != look:
            return look.number, "was altered: its content does not match its hash."
        number, hash = look.number, look.hash
    return None
