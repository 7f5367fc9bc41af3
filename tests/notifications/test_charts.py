"""Charts: the same to the byte for the same figures, and whole for whoever cannot see them."""

from pathlib import Path

import pytest
from lxml import etree

from models.figures.compare import beside
from models.figures.pictures import Bar, Chart, charts
from models.figures.public import for_public
from models.figures.table import OF_ADVICE
from models.figures.tally import count
from notifications.charts import svg
from tasks.published import at_hand
from tests.models.figures.builders import YEAR, figures, issued, requested

GOLDEN = Path(__file__).with_name("chart.svg")
SVG = "{http://www.w3.org/2000/svg}"
CHART = Chart("refused", "Requests refused & more", "A < B.", "per cent", (
    Bar("Kent, 2025", 55.0, "55.0% (11 of 20)"), Bar("England, 2025", 26.6, "26.6%"), Bar("South East", None, "c (small number)")), 100)
PUBLISHED = at_hand()


def all_charts(public=False):
    persons = [issued(100 + 7 * n, f"A{n:02}") for n in range(30)] + [requested("N", 40 + n % 5, f"R{n}", source=str(1 + n % 2)) for n in range(12)]
    found = list(figures(*persons).values())
    found = for_public(found) if public else found
    return charts([*found, *count([], YEAR, OF_ADVICE)], lambda figure: beside(figure, PUBLISHED, "886", YEAR), YEAR, "Kent", "South East")


def test_a_chart_is_what_it_was():
    """Look at it before a new one takes its place: python -c "from tests.notifications.test_charts import *; GOLDEN.write_text(svg(CHART))"."""
    assert svg(CHART) == GOLDEN.read_text()


def test_a_chart_says_everything_in_words_and_has_nothing_that_runs():
    root = etree.fromstring(svg(CHART))
    title, described = root[0], root[1]
    assert (title.tag, title.text, described.tag) == (f"{SVG}title", CHART.title, f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}" and root.get("role") == "img"
    for bar in CHART.bars:
        assert f"{bar.label}: {bar.words}" in described.text
        assert bar.label in root.xpath("//*[local-name()='text']/text()") and bar.words in root.xpath("//*[local-name()='text']/text()")
    assert not root.xpath("//*[local-name()='script'] | //comment() | //@*[starts-with(name(), 'on')] | //*[local-name()='image']")


def test_colour_tells_nothing():
    """Every bar has the same."""
    root = etree.fromstring(svg(CHART))
    assert len({rect.get("class") for rect in root.iter(f"{SVG}rect") if "rect" in rect.get("class", "")}) == 1


def test_every_chart_of_a_council_can_be_drawn_and_ids_are_used_once():
    found = all_charts()
    assert {"twenty-weeks", "plans-by-time", "requests-by-source", "new-plans-by-need"} <= {chart.id for chart in found}
    assert len({chart.id for chart in found}) == len(found)
    for chart in found:
        etree.fromstring(svg(chart))


def test_what_is_hidden_is_drawn_nowhere():
    for chart in all_charts(public=True):
        for bar in chart.bars:
            assert bar.value is None or bar.value == 0 or bar.value >= 5 or chart.unit == "per cent", (chart.id, bar)
            assert bar.value is not None or bar.words in ("c (small number)", "none")


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "a & b", "ü"])
def test_words_cannot_break_a_chart(words):
    root = etree.fromstring(svg(Chart("x", words, words, "cases", (Bar(words, 3, words),))))
    assert words in root.xpath("//*[local-name()='text']/text()") and not root.xpath("//*[local-name()='script']")
