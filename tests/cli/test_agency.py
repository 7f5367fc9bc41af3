"""`ehc agency`: the register filled by hand and from spreadsheets, exported, and asked whom a letter reaches."""

import csv
import io
import stat
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from cli.agency_files import MUST, read_sheet, write_sheets
from models.agencies.told import BadRegister, amended
from models.agencies.written import TABLES
from tests.tasks.test_agencies import rows

ORGANISATIONS = """agency,kind,name,roles,weekdays,s31_body,until
school-7,School,Ash Primary School,,,no,
icb-1,icb,"Made-up ICB, North",,Mon-Thu,yes,
"""
CONTACTS = """agency,contact,role,name,channel,from,until,verified_on,verified_by
icb-1,dco-1,DCO,Zoë Quillfeather,zoe@icb.example,05/01/2026,,2026-01-06,officer-3
icb-1,dmo-1,cover,Lee Fir,mailto://u:marmalade@smtp.example?to=lee@icb.example,2026-01-05,,2026-01-06,officer-3
school-7,head,head,Jo Ash,head@ash.example,2026-01-05,,,
"""
COVERS = "agency,contact,cover,from,until\nicb-1,dco-1,dmo-1,03/08/2026,21/08/2026\n"
CLOSURES = "Agency;From;Until;Why\nschool-7;22/07/2026;01/09/2026;Holiday\n"
FILES = {"organisations.csv": ORGANISATIONS, "contacts.csv": CONTACTS, "covers.csv": COVERS, "closures.csv": CLOSURES}


@pytest.fixture
def council(ehc, file):
    """A database with its tables, and the four files of a register."""
    ehc("upgrade")
    return [file(name, content) for name, content in FILES.items()]


def load(ehc, *names, input=None):
    return ehc("agency", "load", *names, "--json", input=input)


# --- files ---------------------------------------------------------------------------------------------------------------

def test_four_files_are_taken_in_and_the_same_again_change_nothing(ehc, council):
    answer = load(ehc, *council)
    assert answer.code == 0 and answer.err == ""
    told = answer.json
    assert (told["kept"], told["added"], told["changed"], told["same"]) == (True, 7, 0, 0)
    assert told["to_verify"] == ["school-7 head"] and told["refused"] == []
    assert [one["table"] for one in told["files"]] == ["organisations", "contacts", "covers", "closures"]
    assert "0 added, 0 changed, 7 there already." in ehc("agency", "load", *council).out


def test_a_list_of_what_was_taken_in(ehc, council):
    load(ehc, *council)
    rows = ehc("agency", "list", "--on", "2026-08-03", "--json").json
    assert [(row["agency"], row["s31_body"], row["roles"], row["reached"], row["why_not"], row["next_open_on"]) for row in rows] == [
        ("icb-1", True, ["rcb"], "dmo-1", None, "2026-08-03"),
        ("school-7", False, ["setting"], None, "not_verified", "2026-09-02")]
    out = ehc("agency", "list", "--kind", "school", "--on", "2026-08-03").out
    assert "Ash Primary School" in out and "nobody: not_verified" in out and "next 2026-09-02" in out and "icb-1" not in out
    assert [row["agency"] for row in ehc("agency", "list", "--role", "rcb", "--json").json] == ["icb-1"]
    assert "No organisation of that sort" in ehc("agency", "list", "--role", "mod").out
    assert "Did you mean school?" in ehc("agency", "list", "--kind", "scool").err


def test_one_organisation_without_its_channels(ehc, council):
    load(ehc, *council)
    out = ehc("agency", "show", "icb-1", "--on", "2026-08-07").out
    for words in ("a body within s.31(1)", "Works Mon Tue Wed Thu,", "next open on Mon 10 Aug 2026", "reaches Lee Fir (cover), for dco-1.",
                  "icb-1.lead: no lead is in office", "Zoë Quillfeather", "email", "2026-01-06 by officer-3", "dmo-1"):
        assert words in out
    told = ehc("agency", "show", "icb-1", "--on", "2026-08-22", "--json")
    assert told.json["reached"]["contact"] == "dco-1" and told.json["lead"]["code"] == "no_contact"
    assert [one["channel"] for one in told.json["contacts"]] == ["email", "mailto"]
    assert "@" not in out + told.out and "marmalade" not in out + told.out
    assert "holiday" in ehc("agency", "show", "school-7").out


def test_a_wrong_cell_keeps_everything_out_and_is_named_by_file_line_and_column(ehc, council, file):
    contacts = file("contacts.csv", CONTACTS.replace(",head,Jo", ",boss,Jo").replace("05/01/2026", "Quillfeather"))
    answer = load(ehc, "organisations.csv", contacts, "covers.csv", "closures.csv")
    assert answer.code == 1 and answer.json["kept"] is False
    assert [(one["where"], one["column"]) for one in answer.json["refused"]] == [
        ("contacts.csv, line 2", "from"), ("contacts.csv, line 4", "role")]
    assert ehc("agency", "list", "--json").json == []
    words = ehc("agency", "load", "organisations.csv", contacts)
    assert words.code == 1 and "contacts.csv, line 2: from: is no day." in words.out and "2 things to put right; nothing was kept." in words.out
    for secret in ("Quillfeather", "marmalade", "@", "Jo Ash"):
        assert secret not in answer.out + words.out + words.err


@pytest.mark.parametrize("cell, becomes, column, words", [
    ("School", "hospital", "kind", "Choose from school"),
    (",no,", ",yes,", "s31_body", "a school is none of the bodies"),
    (",no,", ",perhaps,", "s31_body", "must be yes or no"),
    ("Mon-Thu", "Fridays", "weekdays", "is no day of the week"),
    ("school-7", "setting", "agency", "would be taken for a role"),
    ("School,,,", "School,rcb,,", "roles", "cannot play rcb"),
    (",yes,", ",yes,07/13/2026", "until", "looks American"),
    (",yes,", ",yes,46083", "until", "spreadsheet's own number"),
    (",yes,", ",yes,,", "", "has 8 cells where the first line names 7 columns"),
    ("Ash Primary", "=Ash Primary", "name", "as a formula does"),
])
def test_what_is_refused(ehc, council, cell, becomes, column, words):
    answer = load(ehc, "-", input=ORGANISATIONS.replace(cell, becomes, 1))
    assert answer.code == 1
    [one] = answer.json["refused"]
    assert one["where"].startswith("standard input, line ") and one["column"] == column and words in one["why"]


@pytest.mark.parametrize("content, words", [
    ("", "is empty"),
    ("agency,kind,name\n", "has no row"),
    ("agency,kind,name,colour\nx,school,X,red\n", "As organisations: not known: column number 4."),
    ("agency,contact,role,from\nx,y,lead,2026-01-01\n", "As contacts: missing: name."),
    ("agency,agency,kind,name\nx,x,school,X\n", "columns that stand twice: agency"),
    ("icb-1,dco-1,dco,Zoe Quillfeather,zoe@icb.example,2026-01-05\n", "are the columns of no table"),
    ('agency,kind,name\nx,school,"X\n', "A quotation mark is missing"),
    (b"\xff\xfea\0", "is UTF-16"), (b"PK\x03\x04", "is a workbook"),
])
def test_a_file_that_cannot_be_used_as_a_whole(ehc, council, file, content, words):
    answer = load(ehc, "organisations.csv", file("broken.csv", content))
    assert answer.code == 2 and answer.out == "" and words in answer.err
    assert "Quillfeather" not in answer.err and "zoe@" not in answer.err
    assert ehc("agency", "list", "--json").json == []


def test_checking_alone_keeps_nothing(ehc, council):
    answer = ehc("agency", "load", *council, "--check")
    assert answer.code == 0 and "7 added, 0 changed, 0 there already; checked only, nothing was kept." in answer.out
    assert load(ehc, *council, "--check").json["kept"] is False
    assert ehc("agency", "list", "--json").json == []


def test_a_blank_cell_changes_nothing_and_none_takes_away(ehc, council, file):
    load(ehc, *council)
    ehc("agency", "end", "icb-1", "dmo-1", "--on", "2030-08-31")
    ehc("agency", "verify", "school-7", "head")
    told = load(ehc, *council).json
    assert (told["changed"], told["to_verify"]) == (0, [])
    answer = load(ehc, "-", input="agency,contact,role,name,from,until,channel\nicb-1,dmo-1,cover,Lee Fir,2026-01-05,none,None\n")
    assert answer.json["changed"] == 1
    assert ehc("agency", "show", "icb-1", "--json").json["contacts"][1] | {"channel": None, "until": None, "verified_on": None} == (
        ehc("agency", "show", "icb-1", "--json").json["contacts"][1])


def test_windows_text_with_semicolons_is_read(ehc, council):
    answer = load(ehc, "-", input="agency;kind;name\nschool-8;school;École\n".encode("cp1252"))
    assert answer.code == 0 and answer.json["files"][0]["encoding"].startswith("Windows-1252")
    assert ehc("agency", "list", "--kind", "school", "--json").json[0]["name"] == "École"
    assert "look at names with accents" in ehc("agency", "load", "-", input="agency;kind;name\ns;school;É\n".encode("cp1252")).err


# --- export --------------------------------------------------------------------------------------------------------------

def test_an_exported_register_loaded_elsewhere_is_the_same(ehc, council, tmp_path):
    load(ehc, *council)
    answer = ehc("agency", "export", "out", "--json")
    assert answer.json["rows"] == {"organisations.csv": 2, "contacts.csv": 3, "covers.csv": 1, "closures.csv": 1}
    files = sorted((tmp_path / "out").iterdir())
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    elsewhere = {"EHC_DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere.sqlite"}
    ehc("upgrade", env=elsewhere)
    assert ehc("agency", "load", *files, env=elsewhere).code == 0
    ehc("agency", "export", "again", env=elsewhere)
    assert [path.read_bytes() for path in files] == [path.read_bytes() for path in sorted((tmp_path / "again").iterdir())]
    assert "0 added, 0 changed, 7 there already" in ehc("agency", "load", *files).out


def test_an_export_overwrites_nothing(ehc, council):
    load(ehc, *council)
    ehc("agency", "export", "out")
    answer = ehc("agency", "export", "out")
    assert answer.code == 2 and "holds organisations.csv" in answer.err


def test_without_channels_nothing_secret_is_written_and_nothing_is_lost_when_it_comes_back(ehc, council, tmp_path):
    load(ehc, *council)
    ehc("agency", "export", "out", "--without-channels")
    text = (tmp_path / "out" / "contacts.csv").read_text("utf-8-sig")
    assert "marmalade" not in text and "@" not in text and "Zoë" in text
    assert load(ehc, *(tmp_path / "out").iterdir()).json["same"] == 7
    assert ehc("agency", "reach", "rcb", "--on", "2026-08-22").code == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(told=rows())
def test_any_register_comes_back_from_its_files_as_it_was(told):
    day = date(2027, 1, 1)
    try:
        register = amended({}, told, day)
    except BadRegister:
        return
    with tempfile.TemporaryDirectory() as folder:
        written = write_sheets(Path(folder), register)
        read = [row for name, count in written.items() if count for row in read_sheet(f"{folder}/{name}").rows]
    assert amended({}, read, day) == register
    assert amended(register, read, day) == register


def test_every_column_is_known_by_the_help_and_written_by_the_export(ehc, council):
    load(ehc, *council)
    ehc("agency", "export", "out")
    help_text = ehc("agency", "load", "-h").out
    for table, columns in TABLES.items():
        assert next(csv.reader(io.StringIO(Path("out", f"{table}.csv").read_text("utf-8-sig")))) == list(columns)
        assert set(MUST[table]) <= columns.keys() and f"Columns of {table}.csv" in help_text
        assert all(f"\n  {column} " in help_text for column in columns)


def test_the_files_in_the_documentation_can_be_loaded(ehc, file):
    text = (Path(__file__).parents[2] / "docs" / "agencies.md").read_text()
    names = [file(f"{n}.csv", part.partition("```")[0]) for n, part in enumerate(text.split("```csv\n")[1:])]
    ehc("upgrade")
    answer = load(ehc, *names)
    assert answer.code == 0 and {one["table"] for one in answer.json["files"]} == TABLES.keys()


# --- one at a time -------------------------------------------------------------------------------------------------------

def test_a_days_work_on_the_register(ehc, postgresql_url):
    env = {"EHC_DATABASE_URL": postgresql_url}
    ehc("upgrade", env=env)

    def agency(*arguments, code=0, **more):
        answer = ehc("agency", *arguments, env=env, **more)
        assert answer.code == code, answer
        return answer.out + answer.err

    assert "icb-1: added." in agency("add", "icb-1", "--kind", "icb", "--name", "Made-up ICB")
    assert "Nothing has changed." in agency("add", "icb-1", "--kind", "icb")
    assert "icb-1: changed." in agency("add", "icb-1", "--roles", "rcb pfa", "--weekdays", "Mon Tue")
    assert "no contact is in office" in agency("reach", "rcb", code=1)
    said = agency("contact", "icb-1", "dco-1", "--role", "dco", "--name", "Zoe", "--channel", "-", "--from", "2026-01-05",
                  input="zoe@icb.example\n")
    assert "To be verified before anything is sent" in said and "icb-1 dco-1" in said
    assert "not_verified" in agency("list")
    assert "verified on Tue 6 Jan 2026 by officer-3" in agency("verify", "icb-1", "dco-1", "--on", "2026-01-06", "--by", "officer-3")
    assert "reaches Zoe (dco)" in agency("reach", "rcb", "--on", "2026-01-06")
    agency("contact", "icb-1", "dmo-1", "--role", "dmo", "--name", "Lee", "--channel", "lee@icb.example", "--from", "2026-01-05")
    agency("verify", "icb-1", "dmo-1", "--on", "2026-01-06")
    assert "added" in agency("cover", "icb-1", "dco-1", "dmo-1", "--from", "2026-02-02", "--until", "2026-02-06")
    assert "reaches Lee (dmo), for dco-1." in agency("reach", "icb-1", "--on", "2026-02-06")
    assert "taken back" in agency("cover", "icb-1", "dco-1", "--from", "2026-02-02", "--take-back")
    assert "reaches Zoe" in agency("reach", "icb-1", "--on", "2026-02-06")
    agency("close", "icb-1", "--from", "2026-02-02", "--until", "2026-02-09", "--why", "training")
    assert "next open on Tue 10 Feb 2026" in agency("reach", "icb-1", "--on", "2026-02-06")
    assert "taken back" in agency("close", "icb-1", "--from", "2026-02-02", "--take-back")
    assert "Afterwards a letter: reaches Lee" in agency("end", "icb-1", "dco-1", "--on", "2026-03-31")
    assert "erased" in agency("end", "icb-1", "dco-1", "--erase")
    assert "Zoe" not in agency("show", "icb-1")
    assert "changed" in agency("contact", "icb-1", "dmo-1", "--channel", "none")
    assert "has no channel" in agency("reach", "rcb", code=1)
    assert "icb-1: ends on Tue 31 Mar 2026." in agency("end", "icb-1", "--on", "2026-03-31")
    assert "the organisation ended on Tue 31 Mar 2026" in agency("reach", "icb-1", "--on", "2026-04-01", code=1)


def test_for_machines(ehc, council):
    load(ehc, *council)
    assert ehc("agency", "add", "mod-1", "--kind", "mod", "--name", "Made-up", "--json").json == {
        "added": 1, "changed": 0, "same": 0, "to_verify": []}
    told = ehc("agency", "reach", "rcb", "--on", "2026-08-03", "--json").json
    assert (told["reached"], told["contact"], told["stands_in_for"], told["open"]) == (True, "dmo-1", "dco-1", True)
    answer = ehc("agency", "reach", "setting", "--json")
    assert answer.code == 1 and (answer.json["reached"], answer.json["code"]) == (False, "not_verified")
    verified = ehc("agency", "verify", "school-7", "head", "--on", "2026-01-06", "--by", "officer-3", "--json").json
    assert verified == {"agency": "school-7", "contact": "head", "verified_on": "2026-01-06", "verified_by": "officer-3"}
    ended = ehc("agency", "end", "school-7", "head", "--on", "2026-01-09", "--json").json
    assert ended["until"] == "2026-01-09" and ended["afterwards"]["code"] == "no_contact"
    assert ehc("agency", "close", "school-7", "--from", "2026-07-22", "--take-back", "--json").json == {
        "taken_back": ["closures", "school-7", "2026-07-22"]}


@pytest.mark.parametrize("arguments, words", [
    (("show", "nobody"), "there is no such organisation"),
    (("verify", "icb-1", "boss"), "icb-1 has no contact boss"),
    (("verify", "icb-1", "dco-1", "--on", "2099-01-01"), "has not come yet"),
    (("add", "school-8", "--kind", "school"), "school-8: name: is blank"),
    (("add", "school-8", "--kind", "hospital", "--name", "X"), "kind: cannot be 'hospital'"),
    (("add", "icb-1", "--weekdays", "now"), "--weekdays: 'now' is no day of the week"),
    (("contact", "icb-1", "lead-1", "--role", "lead", "--name", "X", "--channel", "marmalade"), "icb-1 lead-1: channel: is neither"),
    (("cover", "icb-1", "dco-1"), "say who stands in for dco-1"),
    (("cover", "icb-1", "dco-1", "dco-1", "--until", "2099-01-01"), "is the contact who is away"),
    (("close", "school-7"), "say --until which day"),
    (("close", "school-7", "--from", "2026-01-01", "--take-back"), "has no closure that begins on 2026-01-01"),
    (("end", "icb-1", "--erase"), "--erase goes with a contact"),
])
def test_a_wrong_call_says_what_to_do_and_keeps_nothing(ehc, council, arguments, words):
    load(ehc, *council)
    before = ehc("agency", "show", "icb-1", "--json").json
    answer = ehc("agency", *arguments)
    assert answer.code == 2 and words in answer.err and "marmalade" not in answer.err.partition("--channel")[0]
    assert ehc("agency", "show", "icb-1", "--json").json == before


def test_without_a_database_nothing_is_made(ehc, no_database, file, tmp_path):
    answer = load(ehc, file("organisations.csv", ORGANISATIONS))
    assert answer.code == 2 and "There is no database" in answer.err and not (tmp_path / "var").exists()


def test_who_is_erased_leaves_no_cover_behind(ehc, council):
    load(ehc, *council)
    ehc("agency", "end", "icb-1", "dmo-1", "--erase")
    told = ehc("agency", "show", "icb-1", "--json").json
    assert [one["contact"] for one in told["contacts"]] == ["dco-1"] and told["covers"] == []
