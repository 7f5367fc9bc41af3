"""Setting: whatever the record holds is text, the same paper is the same file, and a screen reader can read it."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from notifications.paper import Paper
from notifications.plain import PAPERS
from tasks import typeset as setting
from tasks.typeset import NotSet, typeset
from tests.papers.test_ombudsman import paper
from tests.papers.told import TEXTS, flat, outside, said

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
TRIAL = Paper("trial.typ", {})


@pytest.fixture(scope="module", autouse=True)
def trial(tmp_path_factory):
    """A template that shows one text, beside those of the house."""
    folder = tmp_path_factory.mktemp("papers")
    for path in PAPERS.glob("*.typ"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "trial.typ").write_text('#import "house.typ": *\n#let d = json(bytes(sys.inputs.data))\n'
                                      '#show: paper.with(title: "Trial", about: "us", foot: "foot")\n'
                                      '#sheet((1fr, 1fr), ("One", "Two"), ((d.x, (d.x, "END")),))\n')
    before, setting.PAPERS = setting.PAPERS, folder
    yield
    setting.PAPERS = before


def shown(x: str) -> str:
    return said(typeset(Paper("trial.typ", {"x": x}), AT))


@pytest.mark.parametrize("text", [
    "#panic(\"no\")", "*bold* _it_ `raw` $x$ @ref <label>", "#import \"/etc/passwd\": *", "\\ // /* */ [ ] { }", "= Heading", "- list",
    "#read(\"house.typ\")", "#{1+1}", "-- --- ... ~", "\"quotes\" 'and' more", "${7*7} {{7*7}} <b>x</b>", "https://council.example/x_y",
])
def test_markup_in_the_record_is_text(text):
    assert flat(text) in shown(text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
@example("\x00\x1b[31m\u202eabc\ufeff\U000e0041\ue000\ud7ff\u0605")
@example("漢字 😀 مرحبا שלום हिन्दी Łódź")
@example("a" * 500)
def test_any_text_can_be_set_and_nothing_after_it_is_lost(text):
    read = shown(text)
    assert "END" in read and "page 1 of 1" in read


def test_a_text_that_fonts_and_readers_know_is_read_back_as_it_is():
    text = "Zażółć gęślą jaźń; Ελληνικά, Кириллица; 50 % – “x” £1 ½ é ñ ß"
    assert flat(text) in shown(text)


def test_what_cannot_be_printed_stands_by_its_number():
    assert "[U+0000]" in shown("a\x00b") and "[U+202E]" in shown("a\u202eb") and "[U+6F22]" in shown("漢")


@pytest.mark.parametrize("word", ["a" * 500, "https://council.example/" + "x-y_z/" * 60, "ab" * 32])
def test_a_word_that_is_too_long_for_its_column_is_broken_and_can_be_copied_as_it_is(word):
    pdf = typeset(Paper("trial.typ", {"x": word}), AT)
    lines = [line for line in PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines() if line.strip()]
    assert word in "".join(lines).replace(" ", "") and all(len(line) < 130 for line in lines) and outside(pdf) == []


def test_lines_of_a_text_stay_lines():
    page = PdfReader(BytesIO(typeset(Paper("trial.typ", {"x": "one\ntwo"}), AT))).pages[0].extract_text()
    assert re.search(r"one\s*\n\s*two", page)


def test_the_same_paper_is_the_same_file_and_another_moment_is_another():
    first = typeset(paper(), AT)
    assert typeset(paper(), AT) == first
    assert typeset(paper(), AT.replace(hour=10)) != first
    assert typeset(paper(texts=TEXTS | {"t1": "Another word."}), AT) != first


def test_a_screen_reader_and_an_archive_can_read_it():
    reader = PdfReader(BytesIO(typeset(paper(), AT)))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Chronology of case EHC-2026-0042"
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1" in xmp and "<pdfaid:part>2" in xmp and "<pdfaid:conformance>A" in xmp
    roles = tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/P"} <= roles
    outline = [one["/Title"] for one in reader.outline if not isinstance(one, list)]
    assert outline[0].endswith("Time limits that were missed") and len(outline) == 10
    assert f"page 1 of {len(reader.pages)}" in flat(reader.pages[0].extract_text())


def test_a_table_that_goes_over_a_page_begins_again_with_its_header():
    pages = [flat(page.extract_text()) for page in PdfReader(BytesIO(typeset(paper(), AT))).pages]
    assert sum("Day What happened Entry" in page for page in pages) >= 2


def test_no_type_is_smaller_than_nine_and_a_half_points():
    sizes = set()

    def visit(text, cm, tm, font, size):
        if text.strip():
            sizes.add(round(size * abs(tm[3]) if tm[3] else size, 2))

    for page in PdfReader(BytesIO(typeset(paper(), AT))).pages:
        page.extract_text(visitor_text=visit)
    assert sizes and min(sizes) >= 9.5


def test_only_the_fonts_of_the_typesetter_are_used():
    fonts = {font["/BaseFont"].partition("+")[2] for page in PdfReader(BytesIO(typeset(paper(), AT))).pages
             for font in page["/Resources"]["/Font"].get_object().values() for font in [font.get_object()]}
    assert fonts and all(name.startswith(("LibertinusSerif", "NewCM", "DejaVuSansMono")) for name in fonts)


def test_a_paper_that_cannot_be_set_says_which():
    with pytest.raises(NotSet, match="The paper X: the paper cannot be set"):
        typeset(Paper("trial.typ", {"title": "The paper X"}), AT)


def test_every_template_is_packed_with_the_program():
    import tomllib
    data = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    assert "**/*.typ" in data and "**/*.json" in data


def tags(node, found=None) -> set[str]:
    found = set() if found is None else found
    node = node.get_object()
    if isinstance(node, dict):
        if "/S" in node:
            found.add(str(node["/S"]))
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            if not isinstance(child, int):
                tags(child, found)
    return found
