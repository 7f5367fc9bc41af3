"""Workbooks as councils save them, and as nobody should: what is read, what is refused, and with how much memory."""

import re
import tracemalloc
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from tasks.sen2_files.lists import NO_VALUE
from tasks.sen2_files.source import BadReturn, members
from tasks.sen2_files.workbook import workbook_tables

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@pytest.fixture
def book(tmp_path):
    """`book(rows, change)` saves a workbook with shared texts, as Excel does, changes its parts, and answers its path."""
    def made(rows=(("Surname", "DOB"), ("Ash", datetime(2017, 5, 4))), change=lambda parts: None):
        path = tmp_path / "list.xlsx"
        whole = Workbook()
        for row in rows:
            whole.active.append(row)
        whole.save(path)
        with zipfile.ZipFile(path) as old:
            parts = {info.filename: old.read(info).decode() for info in old.infolist()}
        _share(parts)
        change(parts)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for part, content in parts.items():
                new.writestr(part, content)
        return path
    return made


def _share(parts):
    """Put the texts of cells into the table of texts, where openpyxl leaves them in the cells."""
    if TEXTS in parts:
        return
    texts = []

    def shared(found):
        texts.append(found[3])
        return f'<c r="{found[1]}"{found[2]} t="s"><v>{len(texts) - 1}</v></c>'
    parts[SHEET] = re.sub(r'<c r="(\w+)"([^>]*?) t="inlineStr"><is><t[^>]*>([^<]*)</t></is></c>', shared, parts[SHEET])
    parts[TEXTS] = f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>'
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", f'<Relationship Id="texts" Type="{KIND}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')


def rows(path):
    table, = workbook_tables(members(str(path))[0])
    return list(table.rows())


def in_sheet(old, new):
    def change(parts):
        assert re.search(old, parts[SHEET])
        parts[SHEET] = re.sub(old, new, parts[SHEET], count=1)
    return change


def test_texts_numbers_days_and_truth_as_they_are_shown(book):
    path = book([("Ash", 12, 1.5, datetime(2017, 5, 4), datetime(2026, 3, 2, 9, 30), True), (None, None, "x")])
    assert rows(path) == [(1, ["Ash", 12, 1.5, datetime(2017, 5, 4), datetime(2026, 3, 2, 9, 30), True]), (2, [None, None, "x"])]


def test_a_text_in_several_fonts_is_one_and_how_it_is_spoken_is_left_out(book):
    def change(parts):
        parts[TEXTS] = parts[TEXTS].replace("<si><t>Ash</t></si>", "<si><r><t>A</t></r><r><t>sh</t></r><rPh sb='0' eb='1'><t>esh</t></rPh></si>")
    assert rows(book([("Ash", "Oak")], change)) == [(1, ["Ash", "Oak"])]


def test_days_of_a_workbook_that_counts_from_1904(book):
    def change(parts):
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<workbookPr/>", "<workbookPr date1904='1'/>")
    (_, (day,)), = rows(book([(datetime(2017, 5, 4),)], change))
    assert day == datetime(2021, 5, 5)


@pytest.mark.parametrize("cell, value", [
    ('<c r="B2"><f>A1</f><v/></c>', NO_VALUE), ('<c r="B2"><f>A1</f></c>', NO_VALUE), ('<c r="B2" t="str"><f>IF(A1="","",A1)</f><v></v></c>', None),
    ('<c r="B2" t="str"><f>A2</f><v>Ash</v></c>', "Ash"), ('<c r="B2"><f>6*7</f><v>42</v></c>', 42), ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
    ('<c r="B2" t="inlineStr"><is><t>Oak</t></is></c>', "Oak"), ('<c r="B2" t="d"><v>2026-03-02</v></c>', "2026-03-02")])
def test_what_a_cell_holds_that_a_program_worked_out(book, cell, value):
    (_, found), = rows(book(change=in_sheet(r'<c r="B2".*?</c>', cell)))[1:]
    assert (found[1] if len(found) > 1 else None) is value or found[1] == value


def test_what_a_sheet_says_of_its_own_size_does_not_count(book):
    for said in ("A1:A1", "A1:XFD1048576", "nonsense"):
        assert [number for number, _ in rows(book(change=in_sheet(r'<dimension ref="[^"]*"', f'<dimension ref="{said}"')))] == [1, 2]


def test_the_numbers_are_those_of_the_sheet_where_rows_are_left_out(book):
    assert rows(book(change=in_sheet(r'<row r="2"(.*)r="A2"(.*)r="B2"', r'<row r="90"\1r="A90"\2r="B90"')))[1][0] == 90


@pytest.mark.parametrize("old, new", [
    ('<row r="2"', '<row r="1"'), ('<row r="2"', '<row r="1048577"'), ('<row r="2"', '<row r="two"'), ('r="B2"', 'r="A2"'), ('r="B2"', 'r="B7"'),
    ('r="B2"', 'r="ZZZ2"'), ("</row></sheetData>", "</sheetData>"), ("</worksheet>", "")])
def test_a_sheet_that_does_not_hold_together_is_refused_and_says_after_which_row(book, old, new):
    with pytest.raises(BadReturn, match="list.xlsx, sheet Sheet, after row [12]: .* halfway or is damaged"):
        rows(book(change=in_sheet(old, new)))


def test_a_text_that_is_not_there(book):
    with pytest.raises(BadReturn, match="after row 1: .* halfway"):
        rows(book(change=in_sheet('t="s"><v>0<', 't="s"><v>9<')))


@pytest.mark.parametrize("part", [SHEET, TEXTS, "xl/workbook.xml", "xl/styles.xml"])
def test_a_part_with_a_document_type_is_refused(book, part):
    laughs = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' if n == 0 else f'&a{n - 1};' * 10}'>" for n in range(9)) + "]>"

    def change(parts):
        parts[part] = laughs + parts[part].partition("?>")[2] if parts[part].startswith("<?") else laughs + parts[part]
    with pytest.raises(BadReturn, match="declares a document type"):
        rows(book(change=change))


@pytest.mark.parametrize("change", [
    lambda parts: parts.pop("xl/workbook.xml"), lambda parts: parts.pop(SHEET), lambda parts: parts.update({"xl/workbook.xml": "<workbook"}),
    lambda parts: parts.update({"xl/_rels/workbook.xml.rels": ""})])
def test_a_workbook_without_one_of_its_parts(book, change):
    with pytest.raises(BadReturn, match="halfway|no sheet that can be seen"):
        rows(book(change=change))


def test_a_workbook_of_the_binary_kind(book):
    def change(parts):
        parts["_rels/.rels"] = parts["_rels/.rels"].replace("workbook.xml", "workbook.bin")
    with pytest.raises(BadReturn, match="binary kind .* Save it as .xlsx"):
        rows(book(change=change))


def test_a_cell_without_end(book):
    with pytest.raises(BadReturn, match="sheet Sheet, row 2: a cell holds more than 100,000 characters"):
        rows(book(change=in_sheet(r'<c r="B2".*?</c>', f'<c r="B2" t="inlineStr"><is><t>{"Ash " * 30_000}</t></is></c>')))


def test_a_sheet_that_unpacks_to_far_more_than_it_is(book):
    path = book(change=in_sheet("</sheetData>", " " * 30_000_000 + "</sheetData>"))
    with pytest.raises(BadReturn, match="far more"):
        rows(path)


def test_memory_does_not_grow_with_empty_rows_that_are_formatted_nor_with_shared_texts(book):
    def most(empty, texts):
        def change(parts):
            more = "".join(f'<row r="{n}" s="1" customFormat="1" ht="15.75"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(3, empty))
            parts[SHEET] = parts[SHEET].replace("</sheetData>", more + f'<row r="{empty}"><c r="A{empty}" t="s"><v>{texts}</v></c></row></sheetData>')
            parts[TEXTS] = parts[TEXTS].replace("</sst>", "".join(f"<si><t>A text that stands in no other row, number {n}</t></si>"
                                                                  for n in range(texts)) + "</sst>")
        path = book([("Surname", "DOB"), ("Ash", 1)], change)
        table, = workbook_tables(members(str(path))[0])
        tracemalloc.start()
        try:
            assert [number for number, _ in table.rows()] == [1, 2, empty]
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    few, many = most(500, 500), most(6_000, 6_000)
    assert many - few < 6_000 * 16 + 400_000            # a number each for where a text stands; one piece of the file at a time
