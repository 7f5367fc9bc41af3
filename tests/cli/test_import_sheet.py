"""`ehc import sheet`: any list, by a mapping that is guessed, looked at and confirmed once."""

import io
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
HEAD = "Surname,First name,DOB,Date received,Decision to assess,Date of decision to assess,Final plan issued,Last annual review,Primary need,Notes\n"
ROWS = ("Ash,Zoë,04/05/2017,2026-03-02,Agreed,10 Apr 2026,,,ASD,tall\n"
        "Oak,Mia,21/11/2015,02/01/2025,yes,10/02/2025,20/05/2025,01/10/2025,autistic spectrum,\n"
        "Elm,Bo,2008-09-30,,,,2021-09-01,2 Jun 2025,SLCN,\n")
COMMON = ("--mapping", "m.toml", "--on", "2026-06-01")


def facts(ehc, ref):
    return {row["fact"]: row["on"] for row in ehc("case", ref, "--json").json["facts"]}


def test_the_mapping_is_shown_written_down_and_confirmed_once(ehc, no_database, file, tmp_path):
    name = file("list.csv", "Caseload of the team\n" + HEAD + ROWS)
    first = ehc("import", "sheet", name, *COMMON)
    assert first.code == 1 and "headings in row 2, read as UTF-8" in first.err and "Date received" in first.err and "request.received" in first.err
    assert not (tmp_path / "var").exists()
    done = ehc("import", "sheet", name, *COMMON)
    assert done.code == 0 and "3 opened" in done.out
    assert facts(ehc, "LIST-2026-00001").items() >= {"request_received": "2026-03-02", "decided_to_assess": "2026-04-10",
                                                      "needs_recorded": "2026-06-01"}.items()
    assert facts(ehc, "LIST-2026-00002").items() >= {"final_plan_sent": "2025-05-20", "review_decision_sent": "2025-10-01"}.items()
    assert "final_plan_sent" in facts(ehc, "LIST-2026-00003") and "request_received" not in facts(ehc, "LIST-2026-00003")
    due = {(row["case"], row["duty"]) for row in ehc("due", "--on", "2026-06-01", "--json").json}
    assert due == {("LIST-2026-00001", "refuse_to_issue"), ("LIST-2026-00001", "finalise_plan"), ("LIST-2026-00002", "next_review"),
                   ("LIST-2026-00003", "next_review")}
    again = ehc("import", "sheet", name, *COMMON)
    assert again.code == 0 and "Nothing has changed." in again.out


def test_yes_takes_the_guess(ehc, file):
    assert ehc("import", "sheet", file("list.csv", HEAD + ROWS), *COMMON, "--yes", "--dry-run", "--json").json["cases"]["new"] == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_encodings_and_separators(ehc, file, encoding, sign):
    text = (HEAD + ROWS).replace(",", sign)
    assert ehc("import", "sheet", file("list.csv", text.encode(encoding)), *COMMON, "--yes").code == 0
    assert ehc("person", "LIST-2026-00001").out.count("Zoë Ash") >= 1


def workbook(tmp_path, rows, name="list.xlsx", change=lambda sheet: None):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    book.save(tmp_path / name)
    return name


BOOK = [["Surname", "First name", "DOB", "Date received", "Primary need"],
        ["Ash", "Sam", date(2017, 5, 4), datetime(2026, 3, 2, 9, 30), "ASD"], ["Oak", "Mia", "21/11/2015", 46083, "ASD"]]


def test_days_of_a_workbook_and_its_numbers_for_days(ehc, tmp_path):
    assert ehc("import", "sheet", workbook(tmp_path, BOOK), *COMMON, "--yes").code == 0
    assert facts(ehc, "LIST-2026-00001")["request_received"] == facts(ehc, "LIST-2026-00002")["request_received"] == "2026-03-02"


def test_merged_cells_are_read_as_people_see_them_and_that_is_said(ehc, tmp_path):
    rows = [["The team's list", None, None, None, None], *BOOK[:2], ["Oak", "Mia", "21/11/2015", None, None]]

    def merge(sheet):
        sheet.merge_cells("A1:E1")
        sheet.merge_cells("D3:D4")
        sheet.merge_cells("E3:E4")
    answer = ehc("import", "sheet", workbook(tmp_path, rows, change=merge), *COMMON, "--yes")
    assert answer.code == 0 and "X05" in answer.out and "D3:D4" in answer.out
    assert facts(ehc, "LIST-2026-00002")["request_received"] == "2026-03-02"


def test_a_formula_counts_by_its_value_and_one_without_a_value_is_named(ehc, no_database, tmp_path):
    def formula(sheet):
        sheet["D3"] = "=D2+1"
    answer = ehc("import", "sheet", workbook(tmp_path, BOOK, change=formula), *COMMON, "--yes")
    assert answer.code == 2 and "cell D3 holds a formula that was never worked out" in answer.err and not (tmp_path / "var/ehc.sqlite").exists()


def test_a_formula_with_a_value_is_read(ehc, tmp_path):
    import zipfile

    name = workbook(tmp_path, BOOK)
    with zipfile.ZipFile(tmp_path / name) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v>46083</v>", b"<f>D2-1</f><v>46084</v>")
    with zipfile.ZipFile(tmp_path / "worked.xlsx", "w") as new:
        for part, content in parts.items():
            new.writestr(part, content)
    assert ehc("import", "sheet", "worked.xlsx", *COMMON, "--yes").code == 0
    assert facts(ehc, "LIST-2026-00002")["request_received"] == "2026-03-03"


@pytest.mark.parametrize("content, says", [
    (HEAD + "Ash,Sam,04/05/2017,03/25/2026,,,,,,\n", "cell D2 holds '03/25/2026', a day written as in America"),
    (HEAD + 'Ash,"Sa\nm",04/05/2017,02/03/2026,,,,,,\nElm,Bo,04/05/2017,03/25/2026,,,,,,\n', "cell D3 holds"),         # the row, not the line
    (HEAD + "Ash,Sam,04/05/2017,2026-03-02,,,,,,,,more\n", "row 2 has more cells than there are headings"),
    (HEAD + 'Ash,"Sam,04/05/2017\n', "line 2: the record that begins here cannot be read"), (HEAD, "holds no row under its headings"),
    ("a,b\n1,2\n", "no row with headings was found"), (HEAD.encode() + b"A\0sh", "there is a byte 0"),
    ("Surname,DOB\nAsh,2017-05-04\n", "no column says when anything began")])
def test_a_list_that_cannot_be_used_ends_with_2_and_leaves_nothing(ehc, no_database, file, tmp_path, content, says):
    answer = ehc("import", "sheet", file("list.csv", content), *COMMON, "--yes")
    assert answer.code == 2 and says in answer.err
    assert not (tmp_path / "var/ehc.sqlite").exists() or ehc("due", "--json").json == []


def test_rows_of_one_person_are_one_person_with_several_cases(ehc, file):
    text = HEAD + "Ash,Sam,04/05/2017,2024-03-02,no,2024-04-02,,,,\nAsh,Sam,04/05/2017,2026-03-02,,,,,,\n"
    told = ehc("import", "sheet", file("list.csv", text), *COMMON, "--yes", "--json").json
    assert (told["persons"]["new"], told["cases"]["new"]) == (1, 2)


def test_what_cannot_be_taken_is_told_with_its_row(ehc, file):
    text = HEAD + ROWS + "Yew,Cy,32/01/2015,2026-03-02,,,,,,\n"
    answer = ehc("import", "sheet", file("list.csv", text), *COMMON, "--yes", "--json")
    assert answer.code == 1 and answer.json["persons"]["refused"] == 1
    assert [(line["rule"], line["place"]) for line in answer.json["lines"]] == [("T05", "row 5")]


def test_a_mapping_with_a_fault_is_named(ehc, file):
    file("m.toml", '[columns]\n"Surname" = "person.surnam"\n')
    answer = ehc("import", "sheet", file("list.csv", HEAD + ROWS), *COMMON)
    assert answer.code == 2 and "m.toml" in answer.err


MEASURE = """
import resource, sys
from datetime import date
from models.sen2.mapping import guess
from tasks.sen2_files.sheet import look, opened_sheet
found = look(sys.argv[1])
with opened_sheet(sys.argv[1], found, guess(filter(None, found.headings)), date(2026, 6, 1)) as anew, anew() as one:
    count = sum(1 for _ in one.persons())
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_list(tmp_path):
    def measured(rows):
        out = io.StringIO(HEAD)
        out.seek(0, io.SEEK_END)
        for number in range(rows):
            out.write(f"N{number},Sam,04/05/2017,2026-03-02,Agreed,10 Apr 2026,,,ASD,tall\n")
        (tmp_path / f"{rows}.csv").write_text(out.getvalue())
        told = subprocess.run([sys.executable, "-c", MEASURE, str(tmp_path / f"{rows}.csv")], capture_output=True, text=True, check=True, cwd=HOUSE)
        return tuple(map(int, told.stdout.split()))
    few, many = measured(500), measured(20_000)
    assert (few[0], many[0]) == (500, 20_000) and many[1] - few[1] < 45
