"""`ehc figures`: the council's figures by the DfE's method, beside the published ones, for a year or any day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cli import here, show
from cli.clock import today
from cli.options import Json, day_option, option

if TYPE_CHECKING:
    from models.figures.compare import Beside, Check
    from models.figures.period import Period
    from models.figures.published import Published
    from models.figures.tally import Figure
    from tasks.figures import Counted

WHOSE = "this council"


@dataclass(frozen=True)
class Report:
    """Everything that an answer may hold: the figures, what is published beside them, and how far they reconcile."""

    counted: "Counted"
    figures: "list[Figure]"
    published: "Published"
    council: str | None
    public: bool
    checks: "list[Check]"
    equal: set[str]
    loaded: list[str]

    @property
    def period(self) -> "Period":
        """The time of the figures."""
        return self.counted.period

    @property
    def is_made_up(self) -> bool:
        """Whether the cases are those of a made-up council."""
        return self.counted.made_up

    def beside(self, figure: "Figure") -> "Beside":
        """What is published beside a figure."""
        from models.figures.compare import beside

        return beside(figure, self.published, self.council, self.period)


def figures(
    year: Annotated[int | None, option("--year", metavar="YEAR", help="Calendar year of what happened; plans as on the survey day after it."
                                       " The running year, so far, if neither this nor --on is given.")] = None,
    on: Annotated[date | None, day_option("--on", help="As they stood on any day: from 1 January of its year to that day.")] = None,
    file: Annotated[str | None, option("--return", metavar="FILE",
                                       help="Of a return to the DfE (SEN2) in a file or folder instead of what is"
                                       " on record: its own year, and no database is needed.")] = None,
    published: Annotated[Path | None, option(
        "--published", metavar="DIR", help="The folder of a release of the DfE's data files: compares with every council's figures.")] = None,
    council: Annotated[str | None, option("--council", metavar="NNN", help="The council's number, such as 886, by which its region and its"
                                          " own published figures are found; EHC_SEN2__COUNCIL if left out.")] = None,
    public: Annotated[bool, option("--public", help="For publication: small numbers hidden so that none can be worked out.")] = False,
    cases: Annotated[str | None, option("--cases", metavar="FIGURE", help="The references of the cases behind one figure.")] = None,
    foi: Annotated[bool, option("--foi", help="Answer what Freedom of Information requests ask most often; always as with --public.")] = False,
    apart: Annotated[bool, option("--apart", help="Tell the figures apart as well: by source, sex, age, need, setting, agency.")] = False,
    method: Annotated[bool, option("--method", help="Say how each figure is counted, and how firm it is that the DfE counts so.")] = False,
    as_csv: Annotated[bool, option("--csv", help="Every figure as a line of CSV.")] = False,
    chart: Annotated[Path | None, option("--chart", metavar="DIR",
                                         help="Write charts as SVG, and a page with a table beside each.")] = None,
    as_json: Json = False,
) -> None:
    """The council's figures as the DfE would count them, each with its numerator, its denominator and the cases behind it.

    The 20-week rate with and without exceptions and on both counts of days; decisions in 6 and 16 weeks; requests, refusals, new plans,
    plans in force, ended, reviewed and in transfer; work under way; advice in six weeks by agency. Beside each stand England, the region,
    the council's own published figure and its place among councils, where these are published.
    """
    told = [name for name, given in (("--csv", as_csv), ("--json", as_json), ("--chart", chart is not None)) if given]
    if len(told) > 1:
        raise show.WrongCall(f"{' and '.join(told)} are two forms of one answer. Give one of them.")
    if cases is not None and (public or foi):
        raise show.WrongCall("--cases names cases, which are never published. Leave out --public and --foi, or --cases.")
    if file is not None and (year is not None or on is not None):
        raise show.WrongCall("A return is about its own year. Leave out --year and --on, or --return.")
    own = None if file and not council else _number(council)             # a return says itself whose it is
    report = _report(None if file else _period(year, on), file, published, own, public or foi)
    for ref, why in report.counted.left_out.items():
        show.warn(f"{ref} is in no figure, because it cannot be worked out: {why}. See `ehc case {ref}`.")
    from cli import figures_told

    if cases is not None:
        figures_told.tell_cases(report, cases, as_json)
    elif chart is not None:
        _draw(report, chart)
    else:
        form: Callable[..., None] = figures_told.as_csv if as_csv else figures_told.as_json if as_json else figures_told.tell
        form(report, foi=foi, apart=apart, method=method)


def _period(year: int | None, on: date | None) -> "Period":
    from models.figures.period import Period

    if year is not None and on is not None:
        raise show.WrongCall("--year and --on are two ways to name a time. Give one of them.")
    day = today()
    if on is not None:
        if on > day:
            raise show.WrongCall(f"{show.day(on)} is in the future: its figures are not known. `ehc forecast` tells what to expect.")
        return Period.up_to(on)
    if year is not None and not 2014 <= year <= day.year:
        raise show.WrongCall(f"--year {year}: give a year from 2014, when the law began, to {day.year}.")
    return Period.of_year(year or day.year, day)


def _number(council: str | None) -> str | None:
    from models.sen2.codes import COUNCILS
    from tasks.settings import settings

    number = council or settings().sen2.council or None
    if number is not None and number not in COUNCILS:
        names = {words.casefold(): code for code, words in COUNCILS.items()}
        if number.casefold() in names:
            return names[number.casefold()]
        raise show.WrongCall(f"{number!r} is no number of a council in England, such as 886 for Kent."
                             + show.did_you_mean(number.title(), COUNCILS.values()))
    return number


def _report(period: "Period | None", file: str | None, folder: Path | None, council: str | None, public: bool) -> Report:
    from models.figures.compare import equal_to_dfe, reconcile
    from models.figures.public import for_public
    from models.figures.release import BadRelease
    from tasks.published import at_hand, load_release

    counted, whose = _of_return(file) if file else _on_record(period, council)
    council = council or whose
    published = at_hand()
    try:
        loaded = load_release(published, folder, council) if folder else []
    except BadRelease as bad:
        raise show.WrongCall(str(bad)) from None
    checks = reconcile(counted.figures, published, council, counted.period) if council else []
    shown = for_public(counted.figures) if public else counted.figures
    return Report(counted, shown, published, council, public, checks, equal_to_dfe(checks, counted.period), loaded)


def _on_record(period: "Period", council: str | None) -> "tuple[Counted, None]":
    from tasks.database import reading
    from tasks.figures import figures_of
    from tasks.settings import settings

    with reading(here.database()) as session, show.progress("cases") as progress:
        return figures_of(session, period, council, settings().sen2.ends_until, progress), None


def _of_return(file: str) -> "tuple[Counted, str | None]":
    from models.sen2.codes import COUNCILS
    from tasks.figures import figures_of_return

    with show.progress("persons") as progress:
        counted, whose = figures_of_return(file, None, progress)
    return counted, whose if whose in COUNCILS else None


def _draw(report: Report, folder: Path) -> None:
    from models.figures.pictures import charts
    from models.sen2.codes import COUNCILS
    from tasks.figure_files import write_charts

    region = report.published.region_of.get(report.council or "")
    who = COUNCILS.get(report.council or "", WHOSE) + (" (made-up cases)" if report.is_made_up else "")
    drawn = charts(report.figures, report.beside, report.period, who, region)
    if report.is_made_up:                       # a chart is copied out of its page
        drawn = [replace(one, title=f"{one.title} (made-up cases)") for one in drawn]
    try:
        page = write_charts(folder, drawn, report.figures, report.period, who, report.public, report.published)
    except OSError as error:
        raise show.WrongCall(f"{error.filename or folder} cannot be written: {error.strerror}. Name a folder that can be.") from None
    show.say(f"{show.count(len(drawn), 'chart')}, each with a table beside it: {page}")
