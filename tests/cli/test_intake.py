"""`ehc intake`: a list of requests as spreadsheets save it, good and bad, whole and in part, once and again."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from cli.clock import today
from cli.spreadsheet import COLUMNS, read_day
from tests.cli.test_receive import PARENT, refused_a_plan, with_plan

HEAD = "received_on,requested_by,name,born"
SAM = "2026-03-02,parent,Sam Ash,2017-05-04"
MIA = "02/03/2026,setting,Mia Oak,04/05/2016"


def sheet(*rows: str, head: str = HEAD) -> str:
    return "\n".join((head, *rows)) + "\n"


def taken(ehc, content, *options: str):
    return ehc("intake", "-", "--json", *options, input=content)


def why(answer) -> str:
    assert answer.code == 1, answer.err
    assert answer.json["kept"] is False and len(answer.json["refused"]) == 1
    return "; ".join(answer.json["refused"][0]["why"])


def test_each_row_opens_a_case_with_its_own_clock(ehc, file):
    answer = ehc("intake", file("requests.csv", sheet(SAM, MIA)))
    assert answer.code == 0
    assert answer.out.splitlines()[:2] == ["line 2: EHC-2026-0001", "line 3: EHC-2026-0002"]
    assert "requests.csv: 2 requests, 2 cases opened." in answer.out
    assert ehc("case", "EHC-2026-0002", "--json").json["day_zero"] == "2026-03-02"
    assert "Mia Oak, born Wed 4 May 2016" in ehc("person", "EHC-2026-0002").out
    assert ehc("trail", "verify").code == 0 and ehc("rebuild", "--check").code == 0


def test_the_same_list_again_changes_nothing_and_says_so(ehc):
    taken(ehc, sheet(SAM, MIA))
    facts = ehc("trail", "verify", "--json").json["facts"]
    again = ehc("intake", "-", input=sheet(SAM, MIA))
    assert again.code == 0 and "2 requests, 2 taken in before, nothing has changed." in again.out
    longer = taken(ehc, sheet(SAM, MIA, "2026-03-03,parent,Bo Elm,2015-01-01"))
    assert len(longer.json["taken_in_before"]) == 2 and longer.json["opened"] == [
        {"line": 4, "case": "EHC-2026-0003", "notes": []}]
    assert ehc("trail", "verify", "--json").json["facts"] == facts + 1


def test_every_column(ehc):
    row = ("2026-03-02,Young person,Sam Ash,2008-05-04,Post16,college-1,12,YES,no,Yes,officer-3,NORTH/7,email,\"rang, twice\n"
           "and wrote\",1 High Street,Jo Ash,2 Low Road,jo@example.org")
    answer = taken(ehc, sheet(row, head="received_on,requested_by,name,born,attends,setting,year_group,service_family,"
                              "hearing_impaired,vision_impaired,owner,ref,how,note,address,contact,contact_address,email"))
    assert answer.code == 0 and answer.json["opened"][0]["case"] == "NORTH/7"
    data = ehc("case", "NORTH/7", "--json").json["facts"][0]["data"]
    assert data.pop("note").keys() == {"text", "sha256"}
    assert data == {"requested_by": "young_person", "attends": "post16", "setting": "college-1", "year_group": 12,
                    "service_family": True, "hearing_impaired": False, "vision_impaired": True, "owner": "officer-3", "how": "email"}
    told = ehc("person", "NORTH/7", "--json").json
    assert (told["address"], told["contacts"][0]["name"], told["contacts"][0]["has_channel"]) == ("1 High Street", "Jo Ash", True)


def test_all_or_nothing_unless_the_good_ones_are_kept(ehc, no_database, tmp_path):
    mixed = sheet(SAM, "2026-02-30,parent,Bo Elm,2015-01-01", MIA)
    answer = taken(ehc, mixed)
    assert answer.code == 1 and [one["line"] for one in answer.json["refused"]] == [3]
    assert not (tmp_path / "var").exists()
    assert "--keep-good would open 2 cases" in ehc("intake", "-", input=mixed).out
    kept = taken(ehc, mixed, "--keep-good")
    assert kept.code == 1 and kept.json["kept"] and [one["line"] for one in kept.json["opened"]] == [2, 4]
    assert ehc("trail", "verify", "--json").json["cases"] == 2


def test_what_is_refused_by_the_database_takes_all_the_others_back_too(ehc):
    ehc(*PARENT, "--name", "Bo Elm", "--born", "2015-01-01", "--on", "2026-01-05", "--ref", "TAKEN")
    answer = taken(ehc, sheet(SAM + ",", "2026-03-02,parent,Lee Fir,2016-02-02,TAKEN", head=HEAD + ",ref"))
    assert answer.code == 1 and answer.json["refused"][0]["line"] == 3 and answer.json["kept"] is False
    assert ehc("trail", "verify", "--json").json["cases"] == 1


def test_checking_alone_keeps_nothing(ehc, no_database, tmp_path):
    answer = ehc("intake", "-", "--check", input=sheet(SAM, MIA))
    assert answer.code == 0 and "2 cases would be opened; nothing was kept" in answer.out
    assert not (tmp_path / "var").exists()
    taken(ehc, sheet(SAM))
    answer = ehc("intake", "-", "--check", input=sheet(SAM, MIA))
    assert "1 taken in before, 1 case would be opened" in answer.out
    assert ehc("trail", "verify", "--json").json["cases"] == 1


def test_somebody_with_another_open_case_or_a_plan_is_pointed_to_receive(ehc):
    ehc(*PARENT, "--name", "Sam Ash", "--born", "2017-05-04", "--on", "2026-02-01")
    told = why(taken(ehc, sheet(SAM.replace("Sam Ash", "ash SAM"))))
    assert "EHC-2026-0001 is open for this person" in told and "ehc receive" in told


def test_somebody_with_a_plan(ehc):
    with_plan(ehc)
    assert "A plan is maintained" in why(taken(ehc, sheet("2026-09-01,parent,Sam Ash,2017-05-04")))


def test_within_six_months_of_an_assessment_the_report_says_what_that_means(ehc):
    refused_a_plan(ehc)
    answer = taken(ehc, sheet("2026-09-01,parent,Sam Ash,2017-05-04"))
    assert "s.36(7) does not bite" in answer.json["opened"][0]["notes"][0]


@pytest.mark.parametrize("row, says", [
    ("2026-03-02,parent,Sam Ash", "has 3 cells where the first line names 4 columns"),
    ("2026-03-02,parent,Ash, Sam,2017-05-04", "has 5 cells"),
    ("2026-03-02,parent,,2017-05-04", "name is blank"),
    (",,Sam Ash,", "received_on is blank; requested_by is blank; born is blank"),
    ("2026-02-29,parent,Sam Ash,2017-05-04", "received_on: 2026-02-29 is not in the calendar"),
    ("29/02/2026,parent,Sam Ash,2017-05-04", "not in the calendar"),
    ("2026-03-02,parent,Sam Ash,03/25/2017", "looks American"),
    ("2026-03-02,parent,Sam Ash,04/05/17", "two digits"),
    ("46083,parent,Sam Ash,2017-05-04", "spreadsheet's own number"),
    ("March 2026,parent,Sam Ash,2017-05-04", "is no day"),
    ("2026-03-02,neighbour,Sam Ash,2017-05-04", "requested_by cannot be 'neighbour'"),
    ("2026-03-02,parent,Sam Ash,2001-03-02", "under 25 (s.83(2))"),
    ("2026-03-02,parent,Sam Ash,2026-03-03", "after the request"),
    (f"{today() + timedelta(days=3)},parent,Sam Ash,2017-05-04", "in the future"),
    ("1999-12-31,parent,Sam Ash,1999-01-04", "too early"),
    ("2026-03-02,parent,=HYPERLINK(1),2017-05-04", "begins with '=', as a formula does"),
    ("2026-03-02,parent,+44 1632,2017-05-04", "begins with '+'"),
    ("2026-03-02,parent,-Sam,2017-05-04", "begins with '-'"),
    ("2026-03-02,parent, @SUM(A1),2017-05-04", "begins with '@'"),
])
def test_a_row_that_is_wrong_is_refused_with_its_line_and_the_reason(ehc, row, says):
    answer = taken(ehc, sheet(MIA, row))
    assert says in why(answer)
    assert answer.json["refused"][0]["line"] == 3


@pytest.mark.parametrize("column, cell, says", [
    ("attends", "schol", "Did you mean school?"),
    ("setting", "St Mary's School", "never the name of a person"),
    ("year_group", "nine", "no number"),
    ("year_group", "16", "year_group"),
    ("year_group", "-7", "begins with '-'"),
    ("service_family", "perhaps", "yes or no"),
    ("owner", "Jo Smith", "no reference"),
    ("how", "pigeon", "how cannot be 'pigeon'"),
    ("ref", "no blanks", "case reference"),
    ("email", "jo@example.org", "contact is blank"),
    ("email", "jo @example.org", "email has a blank in it"),
    ("note", "@/etc/passwd", "begins with '@'"),
])
def test_a_cell_that_is_wrong(ehc, column, cell, says):
    assert says in why(taken(ehc, sheet(f"{SAM},{cell}", head=f"{HEAD},{column}")))


def test_a_nursery_child_is_in_a_year_below_zero(ehc):
    assert taken(ehc, sheet("2026-03-02,parent,Sam Ash,2023-05-04,-1", head=f"{HEAD},year_group")).code == 0


def test_the_same_person_twice_in_one_list(ehc):
    answer = taken(ehc, sheet(SAM, MIA, "2026-03-09,setting,ÁSH  Sam,04/05/2017"))
    assert why(answer) == "the same person (name and birth date) stands in line 2"
    assert answer.json["refused"][0]["line"] == 4


def test_lines_are_counted_as_an_editor_shows_them(ehc):
    rows = sheet('2026-03-02,parent,Sam Ash,2017-05-04,"two\nlines"', ",,,,", "", "bad,parent,Mia Oak,2016-05-04,", head=HEAD + ",note")
    answer = taken(ehc, rows)
    assert answer.json["refused"][0]["line"] == 6 and answer.json["empty_rows"] == 2


@pytest.mark.parametrize("encode, told", [
    (lambda text: text.encode("utf-8"), "UTF-8"),
    (lambda text: text.encode("utf-8-sig"), "UTF-8"),
    (lambda text: text.encode("cp1252"), "Windows-1252 (line 2 is no UTF-8)"),
    (lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"), "UTF-8"),
    (lambda text: text.replace(",", ";").encode(), "UTF-8"),
    (lambda text: text.replace(",", "\t").encode(), "UTF-8"),
])
def test_encodings_and_separators_that_spreadsheets_write(ehc, encode, told):
    answer = taken(ehc, encode(sheet("2026-03-02,parent,Zoë O’Neil,2017-05-04")))
    assert answer.code == 0 and answer.json["encoding"] == told
    assert "Zoë O’Neil" in ehc("person", "EHC-2026-0001").out


@pytest.mark.parametrize("content, says", [
    (b"", "is empty"),
    (b" \n\n", "is empty"),
    (sheet().encode(), "holds no request"),
    (sheet(",,,").encode(), "holds no request"),
    (sheet(SAM).encode("utf-16"), "UTF-16"),
    (b"PK\x03\x04 a workbook", "is a workbook"),
    ((sheet(SAM) + "2026-03-02,parent,Mi\0a,2016-05-04\n").encode(), "line 3: there is a byte 0"),
    (sheet(SAM).encode() + b"2026-03-02,parent,Mi\x81a,2016-05-04\n", "line 3: the text is neither UTF-8 nor Windows-1252"),
    (sheet(SAM, head="received_on,name,born").encode(), "columns that are missing: requested_by"),
    (sheet(SAM, head=HEAD + ",colour").encode(), "columns that are not known: colour"),
    (sheet(SAM, head=HEAD + ",").encode(), "columns that are not known: (blank)"),
    (sheet(SAM, head=HEAD + ",name").encode(), "columns that stand twice: name"),
    (sheet(SAM, '2026-03-02,parent,"Mia Oak,2016-05-04', MIA).encode(), "line 3: the record that begins here cannot be read"),
    (sheet(f"2026-03-02,parent,{'a' * 20_000},2016-05-04").encode(), "line 2: the record that begins here cannot be read"),
    (SAM.encode(), "columns that are missing"),
])
def test_a_file_that_cannot_be_used_as_a_whole(ehc, no_database, content, says, tmp_path):
    answer = taken(ehc, content)
    assert answer.code == 2 and says in answer.err and answer.out == ""
    assert not (tmp_path / "var").exists()


def test_the_file_itself(ehc):
    assert "there is no such file" in ehc("intake", "nowhere.csv").err
    assert "is a folder" in ehc("intake", ".").err


@pytest.mark.parametrize("text, day", [("2026-03-02", (2026, 3, 2)), ("02/03/2026", (2026, 3, 2)), ("2/3/2026", (2026, 3, 2)),
                                       ("29/02/2028", (2028, 2, 29))])
def test_days_as_written_in_britain(text, day):
    assert read_day(text).timetuple()[:3] == day


def test_the_help_and_the_page_describe_every_column(ehc):
    words = " ".join(ehc("intake", "-h").out.split())
    page = Path(__file__).parents[2].joinpath("docs/intake.md").read_text(encoding="utf-8")
    for column, meaning in COLUMNS.items():
        assert f"{column} {meaning}" in words
        assert f"| `{column}` | {meaning[:1].upper()}{meaning[1:]} |" in page


def test_the_example_of_the_page_can_be_taken_in(ehc):
    page = Path(__file__).parents[2].joinpath("docs/intake.md").read_text(encoding="utf-8")
    example = page.split("```csv\n")[1].split("```")[0]
    answer = taken(ehc, example)
    assert answer.code == 0 and len(answer.json["opened"]) == len(example.strip().splitlines()) - 1


def test_no_name_is_told_but_by_the_command_that_shows_persons(ehc):
    answer = ehc("intake", "-", input=sheet(SAM))
    assert "Sam" not in answer.out + answer.err and os.path.exists("var/ehc.sqlite")
