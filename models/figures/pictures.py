"""Which charts there are and what is drawn in each: bars with a label and a value in words, so that colour tells nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.figures.compare import Beside
from models.figures.period import Period
from models.figures.public import HIDDEN
from models.figures.table import BY_ID
from models.figures.tally import Figure
from models.law.advisers import ADVISERS


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, how long it is (None: hidden, or nothing to count), and its value in words."""

    label: str
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `says` is what it shows in a sentence, `unit` that of the axis; `full` the end of the axis where it is known."""

    id: str
    title: str
    says: str
    unit: str
    bars: tuple[Bar, ...]
    full: float | None = None


def charts(figures: Sequence[Figure], beside: Callable[[Figure], Beside], period: Period, who: str, region: str | None) -> list[Chart]:
    """Every chart that can be drawn from these figures."""
    by_id = {figure.id: figure for figure in figures}
    found = []
    for id, figure, title in (
        ("twenty-weeks", "plans_ex.within_20", "Plans issued within twenty weeks, without exceptions"),
        ("six-weeks", "decisions.six_weeks", "Decisions whether to assess told within six weeks"),
        ("refused", "requests.refused", "Requests refused"),
        ("reviews-four-weeks", "reviews.four_weeks", "Review decisions told within four weeks of the meeting"),
    ):
        found.append(_compared(id, title, by_id[figure], beside(by_id[figure]), period, who, region))
    for id, measure, split, title in (
        ("plans-by-time", "plans_ex", "time", "Plans by the time they took, without exceptions"),
        ("requests-by-outcome", "requests", "outcome", "Requests by what came of them"),
        ("reviews-done", "reviews_expected", "done", "Reviews that were expected, by whether they were completed"),
        ("plans-ended", "ceased", "reason", "Plans that ended, by reason"),
        ("under-way", "open", "stage", "Requests and assessments under way"),
    ):
        found.append(_split(id, title, measure, split, by_id, period))
    for id, measure, topic, title in (
        ("requests-by-source", "requests", "source", "Requests by who asked"),
        ("new-plans-by-need", "new_plans", "need", "New plans by main need"),
        ("new-plans-by-age", "new_plans", "age", "New plans by age"),
        ("plans-by-placement", "stock", "setting", "Plans in force by placement"),
    ):
        found.append(_apart(id, title, figures, measure, topic, period))
    found.append(_advice(figures, period))
    return [chart for chart in found if any(bar.value for bar in chart.bars)]


def when(period: Period, stock: bool = False) -> str:
    """The time of a figure in words.

    >>> when(Period.of_year(2025)), when(Period.of_year(2025), stock=True)
    ('2025', '15 January 2026')
    """
    if stock:
        return f"{period.stock_on.day} {period.stock_on:%B %Y}"
    return str(period.year) if period.is_whole else f"1 January to {period.until.day} {period.until:%B %Y}"


def in_words(figure: Figure) -> str:
    """A figure's value as people read it, with its base."""
    if figure.hidden:
        return f"{HIDDEN} (small number)"
    if figure.value is None:
        return "none"
    if figure.unit == "percent":
        return f"{figure.value:.1f}% ({figure.numerator:,} of {figure.denominator:,})"
    return f"{figure.value:.1f} weeks" if figure.unit == "weeks" else f"{figure.numerator:,}"


def _compared(id: str, title: str, figure: Figure, published: Beside, period: Period, who: str, region: str | None) -> Chart:
    bars = [Bar(f"{who}, {when(period)}", figure.value, in_words(figure))]
    for label, one in (("published for it", published.own), (region or "region", published.region), ("England", published.england)):
        if one is not None:
            bars.append(Bar(f"{label}, {one.when}", one.value, f"{one.value:.1f}%"))
    return Chart(id, title, f"{in_words(figure)}. {_stands(published)}".strip(), "per cent", tuple(bars), 100)


def _stands(published: Beside) -> str:
    return f"This is {published.standing}." if published.standing else ""


def _split(id: str, title: str, measure: str, split: str, by_id: Mapping[str, Figure], period: Period) -> Chart:
    base = by_id[measure]
    parts = [by_id[f"{measure}.{part.id}"] for part in BY_ID[measure].parts if part.split == split and f"{measure}.{part.id}" in by_id]
    bars = tuple(Bar(part.words, part.numerator, in_words(part)) for part in parts if part.hidden or part.numerator)
    return Chart(id, title, f"{base.words}: {in_words(base)}, {when(period, base.stock or measure == 'open')}.", "cases", bars)


def _apart(id: str, title: str, figures: Sequence[Figure], measure: str, topic: str, period: Period) -> Chart:
    base = next(figure for figure in figures if figure.id == measure)
    bars = tuple(Bar(one.breakdown or "", one.numerator, in_words(one)) for one in figures
                 if one.measure == measure and one.part is None and one.topic == topic)
    return Chart(id, title, f"{base.words}: {in_words(base)}, {when(period, base.stock)}.", "cases", bars)


def _advice(figures: Sequence[Figure], period: Period) -> Chart:
    def bars() -> Iterator[Bar]:
        for one in figures:
            if one.measure == "advice" and one.part == "six_weeks" and one.topic == "adviser":
                adviser = ADVISERS.get(one.breakdown or "")
                yield Bar(SHORT.get(one.breakdown or "", adviser.words if adviser else one.breakdown or ""), one.value, in_words(one))

    return Chart("advice", "Advice within six weeks, by kind of advice", f"Of the advice whose six weeks ended in {when(period)}.",
                 "per cent", tuple(bars()), 100)


SHORT: Mapping[str, str] = {
    "adv_b_education": "educational advice", "adv_b_mod": "Secretary of State for Defence", "adv_b_sensory": "sensory impairment",
    "adv_c_medical": "medical advice", "adv_d_psychology": "psychological advice", "adv_e_social_care": "social care",
    "adv_f_other": "other advice", "adv_g_pfa": "preparing for adulthood", "adv_h_requested": "asked for by the family",
    "adv_a_parent_yp": "the family's own"}
"""The kinds of advice in a few words, as they stand beside a bar."""
