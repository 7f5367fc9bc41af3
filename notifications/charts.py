"""Charts as SVG: the same figures give the same file to the byte, and whoever cannot see it hears a title and a description."""

from lxml import etree
from pygal import Config, HorizontalBar
from pygal.style import Style

from models.figures.pictures import Chart

WIDTH, ROW, FRAME = 860, 34, 130
INK, GROUND, BAR = "#0b0c0c", "#ffffff", "#1d4e89"
ROOM = 1.45
"""How much longer the axis is than the longest bar, so that the words beside it have room."""

_CSS = f"""
svg {{ background: {GROUND}; font-family: Arial, Helvetica, sans-serif; }}
text {{ fill: {INK}; font-size: 14px; }} .title {{ text-anchor: middle; }} .plot_title {{ font-size: 17px; font-weight: bold; }}
.background {{ fill: {GROUND}; }} .axis path {{ stroke: #6b7276; stroke-width: 1; fill: none; }} .axis .guide.line {{ stroke-dasharray: 2 4; }}
.axis.y text {{ text-anchor: end; }} .axis.x text {{ text-anchor: middle; }} .rect {{ fill: {BAR}; stroke: {BAR}; }}
"""
_SVG = "{http://www.w3.org/2000/svg}"


def svg(chart: Chart) -> str:
    """The chart as a whole SVG file, in one colour: every bar has its label on the left and its value in words at its end."""
    drawn = HorizontalBar(Config(
        css=[], js=[], style=Style(label_font_size=14, major_label_font_size=14, title_font_size=17), explicit_size=True, width=WIDTH,
        height=FRAME + ROW * len(chart.bars), show_legend=False,
        print_values=True, print_values_position="top", truncate_label=-1, margin=18, spacing=12, show_x_guides=False, no_prefix=True,
        range=(0, _end(chart)), title=chart.title, x_title=chart.unit, pretty_print=True, disable_xml_declaration=True,
        y_labels=[0, 20, 40, 60, 80, 100] if chart.full == 100 else None,
        value_formatter=lambda value: f"{value:,.0f}", x_labels=[bar.label for bar in reversed(chart.bars)]))
    drawn.add("", [{"value": bar.value or 0, "formatter": lambda _, words=bar.words: words} for bar in reversed(chart.bars)])
    return _finished(etree.fromstring(drawn.render()), chart)


def _end(chart: Chart) -> float:
    return (chart.full or max((bar.value or 0 for bar in chart.bars), default=0) or 1) * ROOM


def _finished(root: etree._Element, chart: Chart) -> str:
    """Without what differs from day to day, and with what a screen reader says."""
    for comment in root.xpath("//comment()"):
        comment.getparent().remove(comment)
    for unseen in root.xpath("//*[local-name()='title'] | //*[local-name()='script'] | //*[local-name()='desc'] | "
                             "//*[contains(@class, 'tooltip-overlay')]"):
        unseen.getparent().remove(unseen)
    root.find(f".//{_SVG}style").text = _CSS
    root.attrib.pop("id", None)
    for value in root.xpath("//*[local-name()='text'][contains(@class, 'value')]"):
        value.set("text-anchor", "start")
        value.set("x", f"{float(value.get('x')) + 8:.3f}")
    root.set("role", "img")
    root.set("aria-labelledby", f"{chart.id}-title {chart.id}-desc")
    for place, (tag, text) in enumerate((("title", chart.title), ("desc", f"{chart.says} {'; '.join(_said(chart))}."))):
        said = etree.Element(f"{_SVG}{tag}", id=f"{chart.id}-{tag}")
        said.text = text
        root.insert(place, said)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _said(chart: Chart) -> list[str]:
    return [f"{bar.label}: {bar.words}" for bar in chart.bars]
