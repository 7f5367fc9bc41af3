"""How figures are told: as a table for people, as CSV or JSON for machines, and the cases behind one of them."""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cli import show

if TYPE_CHECKING:
    from cli.figures import Report
    from models.figures.compare import Beside, Value
    from models.figures.tally import Figure

MARKS = {"verified": "as the DfE says", "inferred": "as its published figures show", "ours": "our own; the DfE publishes none"}
CSV_COLUMNS = ("id", "words", "topic", "breakdown", "numerator", "denominator", "value", "unit", "hidden", "mark", "file", "column",
               "england",
               "england_period", "region", "region_period", "published", "published_period", "standing", "method", "made_up")


def tell(report: "Report", *, foi: bool, apart: bool, method: bool) -> None:
    """The figures for people."""
    _head(report)
    if foi:
        _tell_foi(report)
    else:
        for measure, told in _by_measure(report.figures):
            base = told[0]
            if not base.numerator and not base.hidden:
                continue
            show.say(f"\n{base.words[0].upper()}{base.words[1:]}{_equal(report, measure)}")
            if method:
                show.say(f"  {base.id}: {base.method} ({MARKS[base.mark]}).")
            show.table(*_table(report, [one for one in told if apart or one.is_whole]), numbers=("cases", "of", "value"))
            if method:
                for one in told[1:]:
                    if one.is_whole:
                        show.say(f"  {one.id}: {one.method} ({MARKS[one.mark]}).")
    _foot(report)


def _head(report: "Report") -> None:
    from models.figures.pictures import when
    from models.sen2.codes import COUNCILS

    period = report.period
    who = f"{COUNCILS[report.council]}: " if report.council else ""
    so_far = "" if period.is_whole else ", so far: they cannot equal the DfE's before the year is over"
    show.say(f"{who}figures of {when(period)} by the DfE's method, plans as on {when(period, stock=True)}{so_far}."
             f" {show.count(report.counted.cases, 'case')} read.")
    if report.is_made_up:
        show.say(show.MADE_UP)
    for line in report.loaded:
        show.say(line)
    if not any(figure.numerator or figure.hidden for figure in report.figures):
        show.say("Nothing on record happened in that time, and no plan was in force. `ehc figures -h` tells how to name another.")


def _equal(report: "Report", measure: str) -> str:
    checked = [check for check in report.checks if check.measure == measure]
    if not checked or report.public:
        return ""
    if measure in report.equal:
        return ": equal to the DfE's"
    off = [check for check in checked if not check.is_equal]
    if not off or not report.period.is_whole:
        return ""
    said = "; ".join(f"{check.column} {check.ours:,}, published {_published(check.theirs, check.missing)}" for check in off[:3])
    return f": not equal to the DfE's ({said})"


def _published(value: float | None, missing: str) -> str:
    from models.figures.release import NO_NUMBER

    return f"{value:,.0f}" if value is not None else NO_NUMBER.get(missing, missing)


def _by_measure(figures: Sequence["Figure"]) -> Iterator[tuple[str, list["Figure"]]]:
    told: dict[str, list[Figure]] = {}
    for figure in figures:
        told.setdefault(figure.measure, []).append(figure)
    return iter(told.items())


def _table(report: "Report", figures: Sequence["Figure"]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    besides = [report.beside(figure) for figure in figures]
    region = report.published.region_of.get(report.council or "")
    there: list[tuple[str, Any]] = [
        (heading, one) for heading, one, some in (
            ("England", lambda b: b.england, any(b.england for b in besides)),
            (region or "", lambda b: b.region, any(b.region for b in besides)),
            ("published for it", lambda b: b.own, any(b.own for b in besides))) if some]
    standing = any(b.standing for b in besides)
    rows = []
    for figure, published in zip(figures, besides, strict=True):
        row: list[object] = [figure.id, _words(figure), _count(figure), _of(figure), _value(figure)]
        row += [_beside(figure, one(published)) for _, one in there]
        rows.append((*row, published.standing or "") if standing else tuple(row))
    return ("figure", "", "cases", "of", "value", *(heading for heading, _ in there), *(("among councils",) if standing else ())), rows


def _words(figure: "Figure") -> str:
    if figure.topic is None:
        return figure.words
    return f"{figure.words}, {figure.topic}: {figure.breakdown}" if figure.part else f"{figure.topic}: {figure.breakdown}"


def _count(figure: "Figure") -> str:
    from models.figures.public import HIDDEN

    if figure.hidden:
        return HIDDEN
    return "" if figure.numerator is None or figure.unit == "weeks" else f"{figure.numerator:,}"


def _of(figure: "Figure") -> str:
    return "" if figure.denominator is None else f"{figure.denominator:,}"


def _value(figure: "Figure") -> str:
    if figure.value is None or figure.unit == "cases":
        return ""
    return f"{figure.value:.1f}%" if figure.unit == "percent" else f"{figure.value:.1f} wk"


def _beside(figure: "Figure", value: "Value | None") -> str:
    if value is None:
        return ""
    number = f"{value.value:,.0f}" if figure.unit == "cases" else f"{value.value:.1f}{'%' if figure.unit == 'percent' else ' wk'}"
    return f"{number} ({value.when})"


def _tell_foi(report: "Report") -> None:
    from models.figures.foi import answers
    from models.figures.pictures import in_words

    for number, (question, figures) in enumerate(answers(report.figures), start=1):
        show.say(f"\n{number}. {question.asks}")
        for figure in figures:
            show.say(f"   {_words(figure)}: {in_words(figure)}")


def _foot(report: "Report") -> None:
    from models.figures.public import HIDDEN

    show.say()
    if report.public:
        show.say(f"{HIDDEN}: hidden, because it is 1 to 4, or because such a number would follow from it. Publish at fixed, rare days: the"
                 " difference between two days is a number too.")
    notes = dict.fromkeys(note for figure in report.figures for note in report.beside(figure).notes)
    for note in notes:
        show.say(f"Known of the published figures: {note}.")
    for one in report.published.editions.values():
        show.say(f"Published figures {one.letter}: {one.publisher}, \"{one.title}\", {one.edition}. {one.licence}.")
    if not report.public:
        show.say("The cases behind a figure: ehc figures --cases FIGURE. How it is counted: ehc figures --method.")


# --- for machines ------------------------------------------------------------------------------------------------------------

def _chosen(report: "Report", foi: bool) -> Iterable["Figure"]:
    if not foi:
        return report.figures
    from models.figures.foi import answers

    return dict.fromkeys(figure for _, figures in answers(report.figures) for figure in figures)


def as_csv(report: "Report", *, foi: bool, apart: bool, method: bool) -> None:
    """Every figure as a line, told apart or not."""
    writer = csv.DictWriter(sys.stdout, CSV_COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for figure in _chosen(report, foi):
        writer.writerow({**_record(figure, report.beside(figure)), "made_up": report.is_made_up})


def as_json(report: "Report", *, foi: bool, apart: bool, method: bool) -> None:
    """Every figure with all that belongs to it."""
    period = report.period
    show.answer({
        "since": period.since, "until": period.until, "plans_on": period.stock_on, "is_whole_year": period.is_whole,
        "council": report.council, "public": report.public, "made_up": report.is_made_up, "cases_read": report.counted.cases,
        "left_out": {} if report.public else report.counted.left_out,
        "figures": [_record(figure, report.beside(figure)) for figure in _chosen(report, foi)],
        "reconciled": [] if report.public else [{
            "figure": check.figure, "file": check.file, "column": check.column, "ours": check.ours, "published": check.theirs,
            "missing": check.missing or None, "equal": check.is_equal} for check in report.checks],
        "equal_to_dfe": [] if report.public else sorted(report.equal),
        "sources": [{"letter": one.letter, "publisher": one.publisher, "title": one.title, "edition": one.edition,
                     "published_on": one.published_on or None, "licence": one.licence} for one in report.published.editions.values()]})


def _record(figure: "Figure", published: "Beside") -> dict[str, object]:
    def value(one: "Value | None") -> float | None:
        return None if one is None else round(one.value, 4)

    return {
        "id": figure.id, "words": figure.words, "topic": figure.topic, "breakdown": figure.breakdown, "numerator": figure.numerator,
        "denominator": figure.denominator, "value": None if figure.value is None else round(figure.value, 4), "unit": figure.unit,
        "hidden": figure.hidden, "mark": str(figure.mark), "file": figure.file, "column": figure.column,
        "england": value(published.england),
        "england_period": published.england and published.england.period, "region": value(published.region),
        "region_period": published.region and published.region.period, "published": value(published.own),
        "published_period": published.own and published.own.period, "standing": published.standing, "notes": list(published.notes),
        "method": figure.method}


def tell_cases(report: "Report", id: str, as_json: bool) -> None:
    """The references behind one figure, a line each."""
    from models.figures.tally import NoSuchFigure, find

    try:
        figure = find(report.figures, id)
    except NoSuchFigure as unknown:
        raise show.WrongCall(str(unknown)) from None
    if as_json:
        show.answer({"figure": figure.id, "words": figure.words, "numerator": figure.numerator, "denominator": figure.denominator,
                     "cases": figure.cases})
        return
    for ref in figure.cases:
        show.say(ref)
    show.warn(f"{figure.id}: {figure.words}: {show.count(len(figure.cases), 'case')}.")
