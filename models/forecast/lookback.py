"""Looking back: what would have been forecast on a past day, held against what came. So that whoever reads a forecast can see how far
to trust it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.forecast.breach import Forecast

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The forecasts that named a chance between `low` and `high`: how many, the mean of the chances, and how many were late."""

    low: float
    high: float
    forecasts: int
    named: float
    late: int

    @property
    def came(self) -> float:
        """The share that was late."""
        return self.late / self.forecasts


@dataclass(frozen=True, slots=True)
class Calibration:
    """How forecasts fared: by named chance; the mean squared error (Brier) beside that of always naming the share that came; and in how
    many of the counts the true one lay within the ranges."""

    bins: tuple[Bin, ...]
    forecasts: int
    brier: float
    brier_of_the_share: float
    counts: int
    in_80: int
    in_95: int


def calibrated(forecasts: Iterable[tuple[Forecast, dict[str, bool]]]) -> Calibration:
    """How these forecasts fared. Each comes with what came of its cases: whether each was late, by reference.

    A case without a known end is left out. Raises ValueError where there is nothing to compare.
    """
    pairs: list[tuple[float, bool]] = []
    counts = in_80 = in_95 = 0
    for made, came in forecasts:
        for outlook in made.outlooks:
            until = made.on + timedelta(weeks=outlook.weeks)
            among = [one for one in made.prospects if made.on <= one.due_on <= until]
            if all(one.ref in came for one in among) and among:
                true = sum(came[one.ref] for one in among)
                counts += 1
                in_80 += outlook.within_80[0] <= true <= outlook.within_80[1]
                in_95 += outlook.within_95[0] <= true <= outlook.within_95[1]
        last = made.on + timedelta(weeks=max((one.weeks for one in made.outlooks), default=0))
        pairs += [(one.late, came[one.ref]) for one in made.prospects if made.on <= one.due_on <= last and one.ref in came]
    if not pairs:
        raise ValueError("no forecast was made of a case whose end is known")
    share = sum(late for _, late in pairs) / len(pairs)
    return Calibration(
        tuple(_bins(pairs)), len(pairs), sum((chance - late) ** 2 for chance, late in pairs) / len(pairs), share * (1 - share),
        counts, in_80, in_95)


def _bins(pairs: Sequence[tuple[float, bool]]) -> Iterable[Bin]:
    for number in range(BINS):
        inside = [(chance, late) for chance, late in pairs if min(int(chance * BINS), BINS - 1) == number]
        if inside:
            yield Bin(number / BINS, (number + 1) / BINS, len(inside), sum(chance for chance, _ in inside) / len(inside),
                      sum(late for _, late in inside))


def past_days(today: date, weeks: int, times: int) -> list[date]:
    """The days from which a look back forecasts so many weeks, all of which have passed, one after the other.

    >>> past_days(date(2026, 11, 28), 12, 2)
    [datetime.date(2026, 9, 5), datetime.date(2026, 6, 13)]
    """
    return [today - timedelta(weeks=weeks * number) for number in range(1, times + 1)]
