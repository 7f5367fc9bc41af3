"""A council's own figures beside England's, its region's, its own published ones and all councils', and whether they reconcile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.figures.period import Period
from models.figures.published import Published, decile
from models.figures.release import COUNCIL, NATIONAL, REGIONAL, Number
from models.figures.tally import Figure

FEWEST_COUNCILS = 100
"""How many councils must have a number before its tenths are told from it."""


@dataclass(frozen=True, slots=True)
class Value:
    """A published value to put beside a figure, in the figure's own unit."""

    value: float
    period: str
    letter: str

    @property
    def when(self) -> str:
        """Its time in words: a calendar year, or the January of a survey.

        >>> Value(1, "202526", "B").when, Value(1, "2025", "B").when
        ('January 2026', '2025')
        """
        return f"January {int(self.period[:4]) + 1}" if len(self.period) == 6 else self.period


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a figure; None where nothing is published. `standing` is in words, with its year; `notes` are known faults."""

    england: Value | None = None
    region: Value | None = None
    own: Value | None = None
    standing: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to compare with."""
        return self == Beside()


def beside(figure: Figure, published: Published, council: str | None, period: Period) -> Beside:
    """What is published beside a figure: of its year, or of the latest before it."""
    if figure.file is None or figure.hidden:
        return Beside()
    when = _period(figure, period)
    region = published.region_of.get(council or "")
    own = _value(figure, published, COUNCIL, council, when) if council else None
    return Beside(
        _value(figure, published, NATIONAL, "", when), _value(figure, published, REGIONAL, region, when) if region else None, own,
        _standing(figure, published, when) if figure.is_whole else None,
        tuple(fault.note for fault in published.faults_of(council, figure.file, own.period)) if council and own else ())


def _period(figure: Figure, period: Period) -> str:
    return period.school_year if figure.stock else str(period.year)


def _value(figure: Figure, published: Published, level: str, who: str, when: str) -> Value | None:
    def number(column: str | None, file: str | None = figure.file) -> Number | None:
        found = published.number(level, who, file, column, when, figure.topic or "", figure.breakdown or "") if column and file else None
        return found if found and found.value is not None else None

    if figure.unit == "percent":
        if share := number(figure.pc):
            return Value(share.value, share.period, share.letter)
        part, base = number(figure.column), number(figure.base_column, figure.base_file)
        if part and base and part.period == base.period and base.value:
            return Value(100 * part.value / base.value, part.period, part.letter)
        return None
    found = number(figure.column)
    return Value(found.value, found.period, found.letter) if found else None


def _standing(figure: Figure, published: Published, when: str) -> str | None:
    column = figure.pc if figure.unit == "percent" else figure.column
    if column is None or figure.value is None:
        return None
    councils = published.councils(figure.file, column, when)
    if len(councils) >= FEWEST_COUNCILS:
        return f"tenth {decile(figure.value, list(councils.values()))} of 10 among {len(councils)} councils in {when[:4]}"
    spread = published.spread(figure.file, column, when)
    where = spread.place_of(figure.value) if spread else ""
    return f"{where} of councils in {spread.period[:4]}" if where else None


# --- reconciling with the council's own published row -------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Check:
    """One count beside the DfE's of the same council and year."""

    figure: str
    measure: str
    file: str
    column: str
    ours: int
    theirs: float | None
    missing: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether both are the same number."""
        return self.theirs is not None and self.ours == self.theirs


def reconcile(figures: Iterable[Figure], published: Published, council: str, period: Period) -> list[Check]:
    """Every count of which the DfE published the council's own for this very year, beside it."""
    found = []
    for figure in figures:
        if not figure.is_whole or figure.column is None or figure.unit == "weeks" or figure.file is None or figure.hidden:
            continue
        when = _period(figure, period)
        number = published.number(COUNCIL, council, figure.file, figure.column, when)
        if number is not None and number.period == when:
            found.append(Check(figure.id, figure.measure, figure.file, figure.column, figure.numerator, number.value, number.missing))
    return found


def equal_to_dfe(checks: Sequence[Check], period: Period) -> set[str]:
    """The measures that may be called equal to the DfE's: the year is over, the base is published, and every count is the same."""
    if not period.is_whole:
        return set()
    bases = {check.measure for check in checks if check.figure == check.measure}
    return bases - {check.measure for check in checks if not check.is_equal}
