"""Question 10: a random sample that anybody can draw again: the seed and the references of the cases decide, and nothing else.

Each case has a rank, the SHA-256 of the seed, a colon and its reference, as hex. The sample is the `size` cases with the lowest
ranks. It depends on no program's random numbers, and a case that is opened later takes a place only if its rank is among the lowest.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

METHOD = ("Each case of the population has a rank: SHA-256 of SEED:REF (UTF-8), in hex. The sample is the SIZE cases with the lowest"
          " ranks, in the order of their ranks.")


def rank(seed: int, ref: str) -> str:
    """The rank of a case in the sample with this seed.

    >>> rank(7, "EHC-2026-0042")[:16]
    'aae35d0be7b3cc76'
    """
    return sha256(f"{seed}:{ref}".encode()).hexdigest()


def draw(refs: Iterable[str], seed: int, size: int) -> list[str]:
    """The sample: the `size` cases of lowest rank, in that order; all of them where there are no more."""
    return sorted(set(refs), key=lambda ref: rank(seed, ref))[:size]


def print_of(refs: Sequence[str]) -> str:
    """What tells one population from another: SHA-256 of its references, sorted, one a line, in hex."""
    return sha256("".join(f"{ref}\n" for ref in sorted(refs)).encode()).hexdigest()
