"""Reading a return: every form and year gives the same records; what is broken is refused with where and what to do."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.sen2 import codes
from models.sen2.layout import LAYOUTS
from models.sen2.record import CLASSES, HOLDS
from tasks.sen2_files.open import opened
from tasks.sen2_files.source import BadReturn
from tests.harness import sen2_files as made

DAY = date(2025, 3, 3)
HOUSE = Path(__file__).parents[2]
PERSONS = [
    made.person(made.new_plan(date(2025, 1, 6), date(2025, 2, 10), date(2025, 5, 20), review_meeting=date(2025, 11, 3))),
    made.person(made.open_request(DAY), made.old_plan(date(2021, 9, 1), last_review=date(2025, 7, 1)), surname="Other", upn="B123456789012"),
    made.person(made.open_request(DAY, outcome="N", outcome_date=date(2025, 4, 1)), surname="Third", upn=None, uln="1234567890"),
]


def read(path, year=None):
    with opened(str(path), year) as found:
        persons = list(found.persons())
        return found, persons, found.findings()


def write(tmp_path, text, name="return.dat"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def every_form(tmp_path, persons, year):
    head = made.header(year)
    return {
        "sen2_xml": write(tmp_path, made.xml(head, persons, year)),
        "sen2_blade": made.folder(tmp_path / "download", made.blade(head, persons, year)),
        "sen2_workbook": made.workbook(tmp_path / "pre.dat", persons, year),
        "sen2_template": made.template(tmp_path / "template.dat", head, persons, year)}


@pytest.mark.parametrize("form", ["sen2_xml", "sen2_blade", "sen2_workbook", "sen2_template"])
def test_each_form_gives_the_same_records(tmp_path, form):
    found, persons, findings = read(every_form(tmp_path, PERSONS, 2026)[form], 2026)
    assert found.form == form and found.year == 2026 and found.day == date(2026, 1, 15)
    assert persons == PERSONS
    assert findings == []
    if form != "sen2_workbook":                                   # which has no header
        assert found.header == made.header(2026)


def test_an_archive_is_read_like_a_folder(tmp_path):
    path = made.archive(tmp_path / "download.zip", made.blade(made.header(), PERSONS))
    found, persons, _ = read(path)
    assert found.form == "sen2_blade" and persons == PERSONS


def test_an_xml_in_an_archive_is_read(tmp_path):
    assert read(made.archive(tmp_path / "r.zip", {"a.xml": made.xml(made.header(), PERSONS), "readme.txt": "hello"}))[1] == PERSONS


def test_the_five_tables(tmp_path):
    persons = [made.person(made.open_request(DAY, source=None), sex=None, gender="2"),
               made.person(made.old_plan(date(2020, 2, 3), last_review=date(2022, 7, 1)), sex=None, gender="1", surname="Other", upn=None,
                           upn_unknown="UN5")]
    for one in persons[1].requests:
        one.active.placements.clear(), one.active.needs.clear(), one.plan.settings.clear()
    found, read_back, findings = read(made.folder(tmp_path / "five", made.five(persons)))
    assert (found.form, found.year, found.year_from) == ("sen2_tables", 2023, "shape")
    assert read_back == persons
    assert {(one.rule, one.tag) for one in findings} == {("X01", "newstartdate"), ("H04", "Year")}


# --- any records, through any form -------------------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", categories=["L", "Nd"]), min_size=1, max_size=12).filter(lambda t: not t.isdigit())
VALUES = {
    "text": TEXT, "moment": st.just("2026-02-02T09:30:00"), "date": st.dates(date(2001, 1, 1), date(2026, 1, 10)), "flag": st.booleans(),
    "urn": st.from_regex(r"[1-9][0-9]{5}", fullmatch=True), "ukprn": st.from_regex(r"1[0-9]{7}", fullmatch=True),
    "upn": st.from_regex(r"[A-Z][0-9]{11}[0-9A-Z]", fullmatch=True), "uln": st.from_regex(r"[1-9][0-9]{9}", fullmatch=True),
    "council": st.sampled_from(sorted(codes.COUNCILS)), "other_council": st.sampled_from(["XXX", "202"]), "serial": st.just("001")}
YEARS = st.sampled_from([2023, 2024, 2025, 2026])


@st.composite
def records(draw, block, year):
    told = {item.name: draw(st.none() | (st.sampled_from(sorted(c for c in item.codes.words if item.codes.holds(c, year)))
                                         if item.kind == "code" else VALUES[item.kind])) for item in LAYOUTS[year].items(block)}
    if all(value is None for value in told.values()):
        told[LAYOUTS[year].items(block)[0].name] = draw(VALUES[LAYOUTS[year].items(block)[0].kind]) \
            if LAYOUTS[year].items(block)[0].kind != "code" else sorted(LAYOUTS[year].items(block)[0].codes.words)[0]
    for part in LAYOUTS[year].blocks[block]:
        if hasattr(part, "element"):
            is_list = HOLDS[part.name].endswith("s")
            if is_list:
                told[HOLDS[part.name]] = draw(st.lists(records(part.name, year), max_size=2))
            else:
                told[HOLDS[part.name]] = draw(st.none() | records(part.name, year))
    return CLASSES[block](**told)


@given(YEARS.flatmap(lambda year: st.tuples(st.just(year), st.lists(records("person", year), min_size=1, max_size=3))))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_return_says_every_form_of_it_reads_alike(tmp_path_factory, told):
    year, persons = told
    for form, path in every_form(tmp_path_factory.mktemp("r"), persons, year).items():
        found, back, findings = read(path, year)
        assert (found.form, back) == (form, persons)
        assert findings == []


# --- tolerance --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("change", [str.upper, str.lower, lambda tag: f"s:{tag}"], ids=["upper", "lower", "prefix"])
def test_any_case_and_any_namespace(tmp_path, change):
    text = made.xml(made.header(), PERSONS, change=change)
    text = text.replace("<s:Message>", "<s:Message xmlns:s='urn:any'>")
    assert read(write(tmp_path, text))[1:] == (PERSONS, [])


@pytest.mark.parametrize("encoding, declared", [
    ("utf-8-sig", ""), ("utf-16", "<?xml version='1.0' encoding='UTF-16'?>"), ("cp1252", "<?xml version='1.0' encoding='windows-1252'?>"),
    ("utf-8", "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<!-- a remark -->")])
def test_marks_declarations_and_encodings(tmp_path, encoding, declared):
    zoe = [made.person(made.open_request(DAY), forename="Zoë")]
    assert read(write(tmp_path, (declared + made.xml(made.header(), zoe)).encode(encoding)))[1] == zoe


def test_order_blanks_times_and_other_spellings(tmp_path):
    text = """<Message><Persons><Person><UPN> a123456789012 </UPN><Sex>f</Sex><Surname>Example</Surname><PostCode/>
      <PersonBirthDate>2014-05-06T00:00:00Z</PersonBirthDate><Forename>Ada</Forename><Ethnicity>wbri</Ethnicity>
      <Requests><RequestOutcome>H</RequestOutcome><ActivePlans><LastReview>2025-03-31</LastReview>
        <PlacementDetail><SENsetting>OLA</SENsetting><RES>A</RES><WPB>T</WPB></PlacementDetail></ActivePlans>
        <Assessment><NamedPlan><PlanWPB>S</PlanWPB><PB>0.0</PB></NamedPlan><AssessmentOutcome>H</AssessmentOutcome></Assessment>
      </Requests></Person></Persons>
      <Header><Source><LEA>201</LEA></Source><CollectionDetails><ReferenceDate>2026-01-15</ReferenceDate><Year>2026</Year></CollectionDetails></Header>
      </Message>"""
    found, (one,), findings = read(write(tmp_path, text))
    assert found.year == 2026 and found.header.council == "201"
    assert (one.upn, one.sex, one.ethnicity, one.birth_date) == ("A123456789012", "F", "WBRI", date(2014, 5, 6))
    request, = one.requests
    placement, = request.active.placements
    assert (placement.code, placement.residential, placement.work_based) == ("OLA", "A", "T")
    assert (request.plan.work_based, request.plan.personal_budget, request.active.last_review) == ("S", False, date(2025, 3, 31))
    assert findings == []


def test_the_line_is_kept_far_into_a_long_file(tmp_path):
    text = made.xml(made.header(), [made.person(made.open_request(DAY))]).replace("<Persons>\n", "<Persons>\n" + "\n" * 70_000)
    _, (one,), _ = read(write(tmp_path, text))
    line = int(one.place.removeprefix("line "))
    assert text.split("\n")[line - 1] == "<Person>" and line > 70_000


@pytest.mark.parametrize("year, change, from_", [
    (2023, lambda t: t, "shape"), (2024, lambda t: t, "shape"), (2026, lambda t: t, None)])
def test_without_a_header_the_shape_tells_the_year_or_it_is_asked_for(tmp_path, year, change, from_):
    who = dict(sex=None, gender="2") if year == 2023 else {}
    persons = [made.person(made.open_request(DAY, **({} if year == 2026 else {"source": None})), **who)]
    path = write(tmp_path, made.xml(None, persons, year))
    if from_ is None:
        with pytest.raises(BadReturn, match="--year"):
            read(path)
        assert read(path, 2026)[0].year == 2026
    else:
        found, back, findings = read(path)
        assert (found.year, found.year_from, back) == (year, from_, persons)
        assert [one.rule for one in findings] == ["H04"]


def test_unknown_and_misplaced_and_doubled_elements_are_told_once_with_their_line(tmp_path):
    text = made.xml(made.header(), [made.person(made.open_request(DAY)), made.person(made.open_request(DAY), upn="B123456789012")])
    text = text.replace("<Requests>", "<Nick>x<B>y</B></Nick>\n<Requests>").replace("<RYA>0</RYA>", "<RYA>0</RYA><RYA>1</RYA>")
    _, persons, findings = read(write(tmp_path, text))
    assert len(persons) == 2 and persons[0].requests[0].youth_accommodation is False
    assert [(one.rule, one.tag) for one in findings] == [("X01", "Nick"), ("X04", "RYA"), ("X04", "RYA")]
    assert all(re.fullmatch(r"line \d+", one.place) for one in findings)
    assert "Nick" in text.split("\n")[int(findings[0].place.split()[1]) - 1]


def test_a_day_that_cannot_be_is_kept_as_it_was_and_the_rest_is_read(tmp_path):
    text = made.xml(made.header(), [made.person(made.open_request(DAY))]).replace("2025-03-03", "2025-02-30").replace("2014-05-06", "6th May")
    _, (one,), findings = read(write(tmp_path, text))
    assert one.requests[0].received is None and one.requests[0].bad == {"received": "2025-02-30"}
    assert one.birth_date is None and one.bad == {"birth_date": "6th May"}
    assert findings == []                                          # the rules of the return speak of it


def test_an_item_of_another_year_is_read_and_noted(tmp_path):
    text = made.xml(made.header(2024), [made.person(made.old_plan(DAY), sex="F")], 2024).replace("</ActivePlans>", "<Res>A</Res></ActivePlans>")
    _, (one,), findings = read(write(tmp_path, text))
    assert one.requests[0].active.residential == "A"
    assert [(f.rule, f.tag) for f in findings] == [("X01", "Res")]


def test_rows_that_belong_to_nobody_and_ids_that_stand_twice(tmp_path):
    files = made.blade(made.header(), PERSONS)
    name = next(name for name in files if name.endswith("_requests.csv"))
    lines = files[name].splitlines()
    columns = lines[0].split(",")
    lost = lines[1].split(",")
    lost[columns.index("persontableid")], lost[columns.index("requeststableid")] = "nobody", "request-99"
    files[name] = "\n".join([*lines, ",".join(lost), lines[1]])
    _, persons, findings = read(made.folder(tmp_path / "d", files))
    assert persons == PERSONS
    assert sorted((f.rule, f.place) for f in findings) == [("X03", "requests row 6"), ("X04", "requests row 7")]


@pytest.mark.parametrize("form", ["sen2_workbook", "sen2_template"])
def test_a_block_that_only_holds_others_needs_no_row_where_rows_are_keyed(tmp_path, form):
    from openpyxl import load_workbook

    persons = [made.person(made.new_plan(DAY, DAY, DAY))]
    path = every_form(tmp_path, persons, 2026)[form]
    with open(path, "rb") as opened_:
        book = load_workbook(opened_)
    for sheet in book:
        for row in [cell.row for cell in sheet["A"] if cell.value is not None and sheet.title == "Active Plan" and cell.row > 1]:
            sheet.delete_rows(row)
    book.save(path)
    _, back, findings = read(path, 2026)
    assert back == persons and findings == []


# --- what is refused ---------------------------------------------------------------------------------------------------

WHOLE = made.xml(made.header(), PERSONS)
BOMB = """<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "ha">""" + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]><Message><Persons><Person><Surname>&a9;</Surname></Person></Persons></Message>"
OUTSIDE = """<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><Message><Persons><Person><Surname>&x;</Surname></Person></Persons></Message>"""
PARAMETER = """<!DOCTYPE m SYSTEM "http://127.0.0.1:9/x.dtd"><Message/>"""


@pytest.mark.parametrize("text, says", [
    (BOMB, r"line 1: the file declares a document type"), (OUTSIDE, "declares a document type"), (PARAMETER, "declares a document type"),
    ("", "is empty"), ("   ", "no SEN2 return"), ("hello, world\n1,2\n", "is no SEN2 return"),
    (WHOLE[:len(WHOLE) // 2], r"line \d+: the file ends in the middle"), (WHOLE.replace("</Sex>", "</Six>", 1), r"line \d+: this is no proper XML"),
    ("<html><body/></html>", "first element is html"), ("<Message><Persons></Persons></Message>", "holds no person"),
    (WHOLE.replace("Example", "&undeclared;", 1), "no proper XML"), (WHOLE.replace("<Sex>", "<a>" * 60 + "<Sex>", 1), "more than 40 deep"),
    (WHOLE.replace("Other", "x" * 20_000), "more than 10000 characters"),
    (made.xml(made.header(), PERSONS).replace("<Year>2026", "<Year>2022").replace("2026-01-15", "2022-01-20"), "2023 to"),
    (made.xml(made.header(), PERSONS).replace("<Year>2026", "<Year>2025"), "do not go together"),
    (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old kind"), (b"PK\x03\x04" + b"x" * 100, "saved only halfway"),
])
def test_what_cannot_be_read_is_refused_with_where_and_what_to_do(tmp_path, text, says):
    with pytest.raises(BadReturn, match=says) as told:
        read(write(tmp_path, text))
    assert "return.dat" in str(told.value)


def test_a_workbook_saved_halfway(tmp_path):
    whole = made.template(tmp_path / "t.xlsx", made.header(), PERSONS).read_bytes()
    for cut in (50, len(whole) // 3, len(whole) - 30):
        with pytest.raises(BadReturn, match="halfway|damaged"):
            read(write(tmp_path, whole[:cut]))


def test_a_csv_broken_off_in_the_middle_of_a_record(tmp_path):
    files = made.blade(made.header(), PERSONS)
    name = next(name for name in files if "person" in name)
    files[name] = files[name].rstrip() + ',"unfinished'
    with pytest.raises(BadReturn, match=r"person\.csv, line \d+: the record"):
        read(made.folder(tmp_path / "d", files))


def test_a_download_without_its_requests(tmp_path):
    files = {name: text for name, text in made.blade(made.header(), PERSONS).items() if "requests" not in name}
    with pytest.raises(BadReturn, match="requests"):
        read(made.folder(tmp_path / "d", files))


def test_a_formula_that_was_never_worked_out_names_its_cell(tmp_path):
    from openpyxl import load_workbook

    path = made.template(tmp_path / "t.xlsx", made.header(), PERSONS)
    book = load_workbook(path)
    sheet = book.active
    row = next(cell.row for cell in sheet["A"] if cell.value == "Person Record") + 2
    sheet.cell(row, 6).value = "=DATE(2014,5,6)"
    book.save(path)
    with pytest.raises(BadReturn, match=rf"cell F{row} holds a formula"):
        read(path)


def test_an_archive_that_unpacks_to_far_more_than_it_is(tmp_path):
    with pytest.raises(BadReturn, match="far more"):
        read(made.archive(tmp_path / "b.zip", {"a.xml": "<Message>" + " " * 30_000_000}))


def test_a_folder_without_a_return_and_no_file_at_all(tmp_path):
    (tmp_path / "empty").mkdir()
    for path, says in ((tmp_path / "empty", "holds no file"), (tmp_path / "nowhere", "no such file")):
        with pytest.raises(BadReturn, match=says):
            read(path)


# --- memory -----------------------------------------------------------------------------------------------------------

MEASURE = """
import resource, sys
from tasks.sen2_files.open import opened
with opened(sys.argv[1]) as found:
    count = sum(1 for _ in found.persons())
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
MORE_AT_MOST = 40
"""Megabytes by which a file of twenty times the length may raise what a process holds."""


def measured(path):
    """The persons that a process of its own reads from the file, and the megabytes that it held at most."""
    told = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True, cwd=HOUSE)
    return tuple(map(int, told.stdout.split()))


@pytest.mark.parametrize("form", ["xml", "blade"])
def test_memory_does_not_grow_with_the_file(tmp_path, form):
    def write_many(times):
        persons = [made.person(*one.requests, surname=one.surname, upn=f"A{number:012d}") for number in range(times) for one in PERSONS]
        if form == "xml":
            return write(tmp_path, made.xml(made.header(), persons), f"{times}.xml")
        return made.folder(tmp_path / str(times), made.blade(made.header(), persons))
    few, many = measured(write_many(50)), measured(write_many(1_000))
    assert (few[0], many[0]) == (150, 3_000)
    assert many[1] - few[1] < MORE_AT_MOST
