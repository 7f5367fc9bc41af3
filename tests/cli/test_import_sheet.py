"""`ehc import sheet`: any list, by a mapping that is guessed, looked at and confirmed once."""

import os
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer

from cli import bring
from models.hand import Hand
from models.sen2.mapping import guess
from tasks.database import engine, upgrade
from tasks.sen2_files.sheet import look, opened_sheet
from tasks.sen2_import import Wish, import_return

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
import sys
from datetime import date
from bench.memory import most
from models.sen2.mapping import guess
from tasks.sen2_files.sheet import look, opened_sheet
found = look(sys.argv[1])
with opened_sheet(sys.argv[1], found, guess(filter(None, found.headings)), date(2026, 6, 1)) as anew, anew() as one:
    count = sum(1 for _ in one.persons())
print(count, most())
"""


def long_list(tmp_path, form, rows):
    told = [["Surname", "First name", "DOB", "Date received", "Decision to assess", "Date of decision to assess", "Notes"],
            *([f"N{number}", "Sam", "04/05/2017", "2026-03-02", "Agreed", "10 Apr 2026", f"tall, {number}" * 20] for number in range(rows))]
    name = tmp_path / f"{rows}.{form}"
    if form == "xlsx":
        workbook(tmp_path, told, name.name)
    else:
        name.write_text("".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in told))
    return str(name)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_list_that_is_read(tmp_path, form):
    def measured(rows):
        told = subprocess.run([sys.executable, "-c", MEASURE, long_list(tmp_path, form, rows)], capture_output=True, text=True, check=True, cwd=HOUSE)
        return tuple(map(int, told.stdout.split()))
    few, many = measured(500), measured(6_000)
    assert (few[0], many[0]) == (500, 6_000) and many[1] - few[1] < 14        # 8 of them are what SQLite keeps at hand at most


def test_of_somebody_taken_in_less_than_a_kilobyte_stays_in_memory(tmp_path):
    name, base, kept = long_list(tmp_path, "csv", 1_500), engine(f"sqlite:///{tmp_path / 'ehc.sqlite'}"), {}
    upgrade(base)

    @contextmanager
    def bars(_what):
        yield lambda done, of: kept.update({done: tracemalloc.get_traced_memory()[0]})
    found = look(name)
    with opened_sheet(name, found, guess(filter(None, found.headings)), date(2026, 6, 1)) as anew:
        tracemalloc.start()
        try:
            import_return(base, name, Wish(dry_run=True), Hand(datetime(2026, 6, 1, tzinfo=UTC), "test"), date(2026, 6, 1), progress=bars, source=anew)
        finally:
            tracemalloc.stop()
    assert kept.keys() == {500, 1_000, 1_500} and kept[1_500] - kept[500] < 1_000 * 1_024


def test_a_hostile_row_at_the_end_of_a_long_list_is_named_and_nothing_is_kept(ehc, file):
    rows = "".join(f"N{number},Sam,04/05/2017,2026-03-02,,,,,,\n" for number in range(1_200))
    answer = ehc("import", "sheet", file("list.csv", HEAD + rows + "Ash,Sam,04/05/2017,03/25/2026,,,,,,\n"), *COMMON, "--yes")
    assert answer.code == 2 and "cell D1202 holds '03/25/2026'" in answer.err and ehc("due", "--json").json == []


def test_two_columns_of_one_heading_are_the_list_s_fault_and_not_the_mapping_s(ehc, file):
    answer = ehc("import", "sheet", file("list.csv", HEAD.replace("Notes", "Surname") + ROWS), *COMMON, "--yes")
    assert answer.code == 2 and "list.csv: two columns have the heading 'Surname'" in answer.err and "(row 1)" in answer.err


# --- broken off ------------------------------------------------------------------------------------------------------

LIST = HEAD + "".join(f"N{number},Sam,04/05/2017,2026-03-02,Agreed,10 Apr 2026,,,ASD,\n" for number in range(1_000))


def is_taking_in(base):
    """Whether somebody writes to the database, whose tables are there: that lasts as long as a list is taken in."""
    if not base.exists():
        return False
    with closing(sqlite3.connect(base, timeout=0, isolation_level=None)) as look:
        try:
            look.execute("SELECT 1 FROM case_file")
            look.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return "locked" in str(error) and look.execute("SELECT count(*) FROM sqlite_master WHERE name = 'case_file'").fetchone() == (1,)
        look.execute("ROLLBACK")
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_broken_off_in_the_middle_nothing_is_there_and_the_same_call_does_it(ehc, file, tmp_path, how):
    file("list.csv", LIST)
    call = [Path(sys.executable).with_name("ehc"), "import", "sheet", "list.csv", *COMMON, "--yes"]
    with subprocess.Popen(call, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None and not is_taking_in(tmp_path / "var/ehc.sqlite"):
            pass
        running.send_signal(how)
        _, err = running.communicate(timeout=120)
    assert running.returncode == (130 if how is signal.SIGINT else -how)
    if how is signal.SIGINT:
        assert "ehc: broken off. Nothing is half taken in" in err
    assert ehc("due", "--json").json == []
    with closing(sqlite3.connect(tmp_path / "var/ehc.sqlite")) as look:
        assert [look.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("case_file", "fact", "person", "duty")] == [(0,)] * 4
    assert ehc("import", "sheet", file("list.csv", HEAD + ROWS), *COMMON, "--json").json["persons"]["new"] == 3


def test_ctrl_c_that_something_swallows_breaks_off_at_the_next_tick():
    with pytest.raises(typer.Exit) as ended, bring.whole_or_not_at_all() as bars, bars("rows") as bar:
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        bar(1, 2)
        pytest.fail("it went on")
    assert ended.value.exit_code == 130 and signal.getsignal(signal.SIGINT) is signal.default_int_handler
