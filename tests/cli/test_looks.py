"""Whoever reads a case through a command is noted: every command that takes a case is in one of the two lists below."""

import sqlite3
from hashlib import sha256

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from cli.main import app
from tests.cli.test_doctor import COUNCIL
from tests.cli.test_receive import CHILD, PARENT, REF

BODY = b"%PDF-1.4 made up %%EOF"
SHOWS = {
    "case": (REF,), "why": (REF, "decide_whether_to_assess"), "brief": (REF,), "person": (REF,), "trail show": (REF,),
    "trail prove": (REF,), "trail runs": (REF,), "message list": (REF,), "message show": (REF, "request_acknowledged/family/1"),
    "message preview": (REF,), "link show": (REF,), "document list": (REF,), "document get": (REF, sha256(BODY).hexdigest()[:12]),
    "audit looks": (REF,), "audit told": (REF,), "pack ombudsman": (REF,), "pack subject-access": (REF,),
    "record": (REF, "family_consulted", "--dry-run"), "erase": (REF, "--dry-run"),
    "import ledger": ("--case", REF), "advice": (REF,),
}
"""Commands that show a case, each with a call of it."""

WRITES = {"receive", "correct", "resend", "message came-back", "handover", "link revoke", "link new", "document erase", "export note"}
"""Commands that record a fact of the case, or keep a note, which says who and when. What they show is what that changed."""

NAMES_NONE = {"trail run"}
"""Shows facts of whatever cases a run wrote in: tested below."""

DOOR = {"record": "ehc record --dry-run", "erase": "ehc erase --dry-run"}
SAYS_NO = {"erase"}


def commands(command=None, path=()):
    command = command or get_command(app)
    if isinstance(command, TyperGroup):
        for name, sub in command.commands.items():
            yield from commands(sub, (*path, name))
    else:
        yield " ".join(path), command


def takes_a_case(command) -> bool:
    return any((one.metavar or "").strip("[]").split("|")[0] == "REF" for one in command.params)


@pytest.fixture
def case(ehc):
    assert ehc(*PARENT, *CHILD, "--attends", "school", "--setting", "school-7", "--owner", "officer-1").code == 0
    assert ehc("watch", "--without-prefect", env=COUNCIL).code == 0
    return ehc


def noted(ehc, by="auditor-1"):
    return [(row["by"], row["door"]) for row in ehc("audit", "looks", REF, "--json").json["rows"] if row["by"] == by]


def test_every_command_that_takes_a_case_is_known_to_show_it_or_to_write_in_it():
    assert {name for name, command in commands() if takes_a_case(command)} == SHOWS.keys() | WRITES


@pytest.mark.parametrize("name", SHOWS)
def test_whoever_is_shown_a_case_is_noted_by_that_door(case, name, tmp_path):
    if name == "document get":
        _keep_a_document(tmp_path)
    if name == "trail prove":
        env = {"EHC_SEAL_KEY": str(tmp_path / "key.pem")}
        assert case("trail", "key", "new", env=env).code == case("trail", "seal", env=env).code == 0
    answer = case(*name.split(), *SHOWS[name], "--by", "auditor-1", env=COUNCIL)
    assert answer.code == (name in SAYS_NO), answer.err
    assert noted(case) == [("auditor-1", DOOR.get(name, f"ehc {name}"))]


def _keep_a_document(folder) -> None:
    """A document of the case, as the portal would have kept it."""
    place = folder / "var/documents" / REF / sha256(BODY).hexdigest()
    place.parent.mkdir(parents=True)
    place.write_bytes(BODY)
    with sqlite3.connect(folder / "var/ehc.sqlite") as db:
        db.execute("INSERT INTO document VALUES (?, ?, 'pdf', ?, 'a.pdf', '2026-05-01T09:30:00.000000Z', 'school-7')",
                   (REF, place.name, len(BODY)))


def test_a_run_that_is_shown_is_a_look_at_every_case_in_which_it_wrote(case):
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("DROP TRIGGER fact_is_not_changed")
        db.execute("UPDATE fact SET flow_run_id = 'run-1'")
    assert case("trail", "run", "run-1", "--by", "auditor-1").code == 0
    assert noted(case) == [("auditor-1", "ehc trail run")]


def test_who_looks_is_whom_the_call_or_the_setting_names_or_who_is_logged_in(case):
    case("case", REF, env={"EHC_OFFICER": "officer-5"})
    case("case", REF, "--by", "officer-6", env={"EHC_OFFICER": "officer-5"})
    case("case", REF)
    by = [row["by"] for row in case("audit", "looks", REF, "--json").json["rows"]]
    assert by[:2] == ["officer-5", "officer-6"] and by[2] not in ("officer-5", "officer-6") and len(by) == 4
    assert case("case", REF, "--by", "Jo Ash").code == 2
    assert case("case", REF, env={"EHC_OFFICER": "Jo Ash"}).code == 2


def test_what_could_not_be_noted_is_not_shown(case):
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("ALTER TABLE look RENAME TO elsewhere")
    answer = case("case", REF)
    assert answer.code == 2 and answer.out == ""


def test_a_list_of_many_cases_is_no_look(case):
    case("due")
    assert len(case("audit", "looks", REF, "--json").json["rows"]) == 1


def test_looks_as_text_and_as_csv(case):
    case("case", REF, "--by", "officer-3")
    told = case("audit", "looks", REF, "--by", "auditor-1")
    assert told.code == 0 and "11. Who looked at this case, and when?" in told.out and "officer-3  ehc case" in told.out
    assert "Method: " in told.out and f"The same again: ehc audit looks {REF}" in told.out
    lines = case("audit", "looks", REF, "--csv").out.splitlines()
    assert lines[0] == "case,looked_at,by,door,look" and lines[1].endswith(",officer-3,ehc case,1")
    assert case("audit", "looks", REF, "--csv", "--json").code == 2


def test_an_altered_look_is_named_by_the_trail(case):
    case("case", REF, "--by", "officer-3")
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("DROP TRIGGER look_is_not_changed")
        db.execute("UPDATE look SET looked_by = 'officer-4'")
    answer = case("trail", "verify")
    assert answer.code == 1 and "look 1 was altered" in answer.out
