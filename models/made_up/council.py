"""A made-up council: its size, how well it does, and the lives of its children and young people. The same seed gives the same one."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from models.made_up import shape
from models.made_up.life import Draw, Life
from models.made_up.shape import Quality, Spread

NAME = "Madeupshire"
REFERENCE = "MADEUP"
"""With which every case reference of a made-up council begins, so that none is ever taken for a real one."""

YEARS_BACK = 3
"""For how many years before its day a council's requests are lived through: a plan may take more than two."""


def is_made_up(ref: str) -> bool:
    """Whether a case is made up, by its reference.

    >>> is_made_up("MADEUP-000012"), is_made_up("SEN2-2026-00001")
    (True, False)
    """
    return ref.startswith(f"{REFERENCE}-")


@dataclass(frozen=True, slots=True)
class Council:
    """A made-up council as it stands on `until`: requests a year, plans in force, and how well it does."""

    seed: int
    until: date
    requests: int
    plans: int
    quality: Quality


def council(size: str | int, seed: int, until: date, quality: Quality | None = None) -> Council:
    """A council of that size: a name of `shape.SIZES`, or a number of plans. Raises ValueError for another word or less than 20.

    Its quality is drawn from the spread between councils, unless it is given.
    """
    if isinstance(size, str) and not size.isdigit():
        if size not in shape.SIZES:
            raise ValueError(f"there is no size {size!r}: name {', '.join(shape.SIZES)}, or give a number of plans.")
        requests, plans = shape.SIZES[size]
    else:
        plans = int(size)
        if not 20 <= plans <= 1_000_000:
            raise ValueError(f"{plans} plans: give a number from 20 to 1,000,000.")
        requests = max(4, round(plans * shape.REQUESTS_TO_PLANS))
    return Council(seed, until, requests, plans, quality or _quality(Random(f"{seed}/quality")))


def lives(council: Council) -> Iterator[Life]:
    """Every life of the council, one at a time: those who asked in the last years, then those who held a plan before."""
    began = council.until - timedelta(days=365 * YEARS_BACK)
    draw = Draw(council.quality, council.until, Random(f"{council.seed}/lives"))
    number = in_force = 0
    for day in _days_of_requests(council, began, Random(f"{council.seed}/requests")):
        number += 1
        life = draw.asked(number, day)
        in_force += life.has_plan_on(council.until)
        yield life
    while in_force < council.plans:
        number += 1
        life = draw.held(number, began)
        in_force += life.has_plan_on(council.until)
        yield life


def _days_of_requests(council: Council, began: date, chance: Random) -> Iterator[date]:
    """The days on which requests came, from the first on: by month, and on working days."""
    day, mean = began, council.requests / 12
    open_ = 0.0
    while day <= council.until:
        in_month = [day + timedelta(days=n) for n in range(31) if (day + timedelta(days=n)).month == day.month]
        open_ += mean * shape.MONTHS[day.month - 1] * len(in_month) / 30.4
        count, open_ = int(open_), open_ - int(open_)
        working = [one for one in in_month if one.weekday() < 5 and one <= council.until]
        if working:
            yield from sorted(chance.choice(working) for _ in range(round(count * len(working) / sum(d.weekday() < 5 for d in in_month))))
        day = in_month[-1] + timedelta(days=1)


def _quality(chance: Random) -> Quality:
    one, other = chance.gauss(0, 1), chance.gauss(0, 1)
    tied = shape.LOOSELY_TIED * one + math.sqrt(1 - shape.LOOSELY_TIED ** 2) * other
    return Quality(
        in_20_weeks=_share(shape.IN_20_WEEKS, one), in_6_weeks=_share(shape.IN_6_WEEKS, tied),
        refused=_share(shape.REFUSED, chance.gauss(0, 1)), not_issued=_share(shape.NOT_ISSUED, chance.gauss(0, 1)),
        with_exception=_share(shape.WITH_EXCEPTION, chance.gauss(0, 1)),
        reviewed_in_4_weeks=_share(shape.REVIEWED_IN_4_WEEKS, chance.gauss(0, 1)), spread=0.18 + chance.expovariate(1 / 0.2))


def _share(spread: Spread, z: float) -> float:
    middle, scale = spread
    return 1 / (1 + math.exp(-(middle + scale * z)))
