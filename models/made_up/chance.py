"""Drawing from tables of weights."""

from collections.abc import Mapping, Sequence
from random import Random
from statistics import NormalDist


def quantile(share: float) -> float:
    """The point of the standard normal below which that share lies, kept from running away.

    >>> round(quantile(0.5), 3), round(quantile(1.0), 2)
    (0.0, 3.09)
    """
    return NormalDist().inv_cdf(min(max(share, 0.001), 0.999))


def nearest(table: Mapping[int, Mapping[str, float]], age: int) -> Mapping[str, float]:
    """The row of the nearest lower age, or the first.

    >>> nearest({3: {"a": 1}, 8: {"b": 1}}, 7)
    {'a': 1}
    """
    return table[max((row for row in table if row <= age), default=min(table))]


def pick(chance: Random, weights: Mapping[str, float]) -> str:
    """One of the names, as likely as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]


def pick_age(chance: Random, weights: Sequence[int]) -> int:
    """One of the ages, which are the places in the list."""
    return chance.choices(range(len(weights)), weights)[0]
