"""How long each step takes at this council, measured from its own cases, those still open too.

A step's times are kept as a chance for each day that a step still open on that day ends then. What the council's own cases tell is
put together with what was believed before, as a beta process does it (N. L. Hjort, Annals of Statistics 18, 1990): a prior worth
STRENGTH cases, so that a council or an agency with few cases is not taken for certain. The prior of an agency is what all agencies of
that adviser show; the prior of a step is a plain assumption (`assumed`), which every answer names where it still weighs much.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.stats import lognorm

DAYS = 800
"""How far the times reach; whoever takes longer takes that long."""

STRENGTH = 8.0
"""How many cases the prior weighs."""

ENOUGH = 20
"""From how many ended cases on the council's own times carry the answer."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spell:
    """One step of one case: how many days it took, or has taken so far where it has not ended.

    `since` is the day of the step from which on it was watched: what began before the time that is measured counts from then on, so
    that long steps do not count for more than they are.
    """

    days: int
    ended: bool
    since: int = 0


def spell(began: date, ended: date | None, today: date, window: int) -> Spell | None:
    """The step that began on one day and ended on another, as the last `window` days show it; None if they show nothing of it.

    >>> spell(date(2026, 1, 1), date(2026, 3, 2), date(2026, 3, 31), 60)
    Spell(days=60, ended=True, since=29)
    """
    opens, last = today - timedelta(days=window), min(ended or today, today)
    if last < began or last < opens:
        return None
    return Spell((last - began).days, ended is not None and ended <= today, max(0, (opens - began).days))


def assumed(median: float, spread: float) -> Floats:
    """The chance for each day that a step which is still open ends on it, where times are lognormal about a median."""
    edges = np.arange(-0.5, DAYS + 0.5)
    below = lognorm.cdf(np.maximum(edges, 0.0), spread, scale=median)
    open_ = np.maximum(1.0 - below[:-1], 1e-12)
    return np.clip((below[1:] - below[:-1]) / open_, 0.0, 1.0)


@dataclass(frozen=True)
class Times:
    """The times of one step: for each day, how many ended on it and how many were open, and the prior's chance."""

    ended: Floats
    at_risk: Floats
    prior: Floats

    @classmethod
    def of(cls, spells: Iterable[Spell], prior: Floats) -> "Times":
        """What these spells tell, with that prior."""
        spells = list(spells)
        days = np.clip(np.array([spell.days for spell in spells], dtype=np.int64), 0, DAYS - 1)
        since = np.clip(np.array([spell.since for spell in spells], dtype=np.int64), 0, DAYS - 1)
        did = np.array([spell.ended for spell in spells], dtype=bool)
        ended = np.bincount(days[did], minlength=DAYS).astype(float)
        gone = np.bincount(days, minlength=DAYS).astype(float)
        came = np.bincount(since, minlength=DAYS).astype(float)
        return cls(ended, came.cumsum() - (gone.cumsum() - gone), prior)

    @property
    def count(self) -> int:
        """How many ended."""
        return int(self.ended.sum())

    @property
    def hazard(self) -> Floats:
        """The expected chance for each day that a step still open ends then."""
        return (self.ended + STRENGTH * self.prior) / (self.at_risk + STRENGTH)

    def open_after(self, hazard: Floats | None = None) -> Floats:
        """The share that is still open after each day; row by row where several hazards are given."""
        chance = self.hazard if hazard is None else hazard
        return np.cumprod(1.0 - chance, axis=-1)

    def draws(self, number: int, random: np.random.Generator) -> Floats:
        """So many hazards as the cases leave them possible: a row each."""
        one = self.ended + STRENGTH * self.prior
        other = self.at_risk - self.ended + STRENGTH * (1.0 - self.prior)
        return random.beta(np.maximum(one, 1e-9), np.maximum(other, 1e-9), size=(number, DAYS))

    def quantile(self, share: float) -> int:
        """The day by which that share has ended."""
        return int(np.searchsorted(-self.open_after(), -(1.0 - share)))


def remaining(open_after: Floats, elapsed: int, chance: Floats) -> Ints:
    """Days that a step still takes which has been open for `elapsed` days; for each row of `open_after` and its `chance` from 0 to 1.

    At least one: that it has not ended by today is known.
    """
    here = min(elapsed, DAYS - 2)
    target = chance * open_after[:, here]
    ends = (open_after[:, here + 1:] > target[:, None]).sum(axis=1) + here + 1
    return np.minimum(ends, DAYS - 1) - here


def afresh(open_after: Floats, chance: Floats) -> Ints:
    """Days that a step takes from its beginning, for each row of `open_after` and its `chance` from 0 to 1."""
    return np.minimum((open_after > chance[:, None]).sum(axis=1), DAYS - 1)


def pooled(by_agency: Mapping[str, Iterable[Spell]], prior: Floats) -> tuple[Times, dict[str, Times]]:
    """The times of one adviser over all agencies, and of each agency with those of all as its prior."""
    spells = {agency: list(found) for agency, found in by_agency.items()}
    whole = Times.of([spell for found in spells.values() for spell in found], prior)
    return whole, {agency: Times.of(found, whole.hazard) for agency, found in spells.items()}
