"""`ehc export` and `ehc import-export`, as they are called."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def exported(ehc):
    """A folder with one case and its export; and where it is read in."""
    assert ehc("receive", "--name", "Sam Ash", "--born", "2017-05-04", "--requested-by", "parent", "--attends", "school",
               "--on", "2026-03-02", "--contact", "Jo Ash", "--email", "jo@example.org", "--no-nudge").code == 0
    answer = ehc("export", "out", "--json")
    assert answer.code == 0, answer.err
    return answer.json


ELSEWHERE = {"EHC_DATABASE_URL": "sqlite:///./there/ehc.sqlite", "EHC_OUTBOX_DIR": "there/outbox", "EHC_SEAL_DIR": "there/seals",
             "EHC_DOCUMENTS_DIR": "there/documents"}


def test_out_and_in_again_in_two_calls(ehc, exported):
    answer = ehc("import-export", "out", "--expect", exported["sha256"], env=ELSEWHERE)
    assert answer.code == 0 and "2 facts" not in answer.out and "every seal holds" in answer.out
    shown = ("trail", "show", "EHC-2026-0001", "--json")
    assert ehc(*shown, env=ELSEWHERE).json == ehc(*shown).json
    assert "Sam Ash" in ehc("person", "EHC-2026-0001", env=ELSEWHERE).out
    again = ehc("import-export", "out", env=ELSEWHERE)
    assert again.code == 2 and "not empty" in again.err


@pytest.mark.parametrize("words", [("export", "all", "more"), ("export", "more"), ("export", "./more", "--with-channels"),
                                   ("export", "--with-channels", "more")])
def test_a_word_that_is_no_command_is_a_folder(ehc, exported, words):
    answer = ehc(*words)
    assert answer.code == 0 and "ehc import-export more --expect" in answer.out
    assert (Path("more") / "manifest.json").exists()


def test_a_mistyped_command_is_not_taken_for_a_folder(ehc, exported):
    answer = ehc("export", "al")
    assert answer.code == 2 and "ehc export all" in answer.err and "./al" in answer.err and not Path("al").exists()


def test_what_was_changed_on_the_way_is_refused_and_makes_no_database_of_it(ehc, exported):
    path = Path("out/tables/person.jsonl")
    path.write_text(path.read_text().replace("Sam", "Tom"))
    answer = ehc("import-export", "out", env=ELSEWHERE)
    assert answer.code == 1 and "tables/person.jsonl, line 1" in answer.err
    assert "no case" in ehc("due", env=ELSEWHERE).out.lower() or ehc("case", "EHC-2026-0001", env=ELSEWHERE).code == 2


def test_what_is_no_export_or_another_makes_no_database(ehc, exported):
    assert ehc("import-export", "nowhere", env=ELSEWHERE).code == 1
    other = ehc("import-export", "out", "--expect", "0" * 64, env=ELSEWHERE)
    assert other.code == 1 and exported["sha256"] in other.err
    assert not Path("there").exists()


def test_an_export_names_every_table(ehc, exported):
    assert exported["tables"]["person"] == 1 and exported["facts"] == exported["tables"]["fact"]
    assert json.loads(Path("out/manifest.json").read_text())["form"] == "ehc-export/1"
    assert ehc("export", "out").code == 2
