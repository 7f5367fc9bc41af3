"""Writing charts: an SVG file each, and a page that holds every chart with a table beside it."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.figures.period import Period
from models.figures.pictures import Chart, when
from models.figures.public import HIDDEN
from models.figures.published import Published
from models.figures.tally import Figure
from notifications import charts as drawing

PAGES = Path(drawing.__file__).parent / "pages"
PAGE = "index.html"


def write_charts(folder: Path, charts: Sequence[Chart], figures: Sequence[Figure], period: Period, who: str, public: bool,
                 published: Published) -> Path:
    """Write the charts and their page into a folder, which is made; files of these names are replaced. The page's path.

    The same figures give the same files to the byte. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [(chart, drawing.svg(chart)) for chart in charts]
    for chart, text in drawn:
        (folder / f"{chart.id}.svg").write_text(text, encoding="utf-8")
    page = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
                       ).get_template("figures.html").render(
        charts=[(chart, Markup(text)) for chart, text in drawn], who=who, when=when(period), plans_on=when(period, stock=True),
        whole=period.is_whole, public=public, hidden=HIDDEN, sources=[published.editions[letter] for letter in sorted(published.editions)],
        methods=[figure for figure in figures if figure.is_whole])
    path = folder / PAGE
    path.write_text(page, encoding="utf-8")
    return path
