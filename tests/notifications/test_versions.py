"""Which words a letter was written with can be told: no wording changes without a new version."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from notifications.letter import write
from notifications.versions import KEPT, WORDING, kept, now, raise_what_changed, version_in
from tests.notifications.samples import COUNCIL, SAMPLES


def test_no_wording_has_changed_without_a_new_version() -> None:
    assert now() == kept(), "A wording has changed: run `python -m notifications.versions`, and commit what it writes."
    assert all(one["version"] >= 1 for one in kept().values())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(WORDING, tmp_path / "wording"))


def version_of(folder: Path, name: str) -> int | None:
    return version_in((folder / name).read_text())


def change(folder: Path, name: str) -> None:
    place = folder / name
    place.write_text(place.read_text() + "One more line.\n")


def test_a_changed_wording_gets_the_next_version_and_the_others_keep_theirs(folder: Path) -> None:
    before = kept(folder)
    change(folder, "reminder.txt")
    assert now(folder) != kept(folder)
    assert raise_what_changed(folder) == ["reminder.txt"]
    assert version_of(folder, "reminder.txt") == before["reminder.txt"]["version"] + 1
    assert now(folder) == kept(folder)
    assert raise_what_changed(folder) == []


def test_a_changed_part_is_a_new_version_of_every_letter_that_takes_it_in(folder: Path) -> None:
    change(folder, "parts/appeal.txt")
    raised = raise_what_changed(folder)
    assert {"parts/appeal.txt", "refusal_to_assess.txt"} <= set(raised) and "reminder.txt" not in raised


def test_a_version_that_was_raised_by_hand_is_left(folder: Path) -> None:
    before = version_of(folder, "reminder.txt")
    place = folder / "reminder.txt"
    place.write_text(place.read_text().replace(f"version {before}", "version 90") + "More.\n")
    raise_what_changed(folder)
    assert version_of(folder, "reminder.txt") == 90


def test_a_new_wording_begins_with_version_1(folder: Path) -> None:
    (folder / "brand_new.txt").write_text("Subject: new\n\nText\n")
    assert raise_what_changed(folder) == ["brand_new.txt"]
    assert version_of(folder, "brand_new.txt") == 1
    assert json.loads((folder / KEPT).read_text())["brand_new.txt"]["version"] == 1


def test_a_letter_says_which_wording_it_was_written_with() -> None:
    version = kept()["decision_to_assess.txt"]["version"]
    letter = write("decision_to_assess", SAMPLES["decision_to_assess"], COUNCIL)
    assert letter.wording == f"decision_to_assess/v{version}"
    assert "version" not in letter.body


def test_a_councils_own_wording_that_gives_no_version_is_told_as_its_own(tmp_path: Path) -> None:
    own = (WORDING / "decision_to_assess.txt").read_text().partition("\n")[2]
    (tmp_path / "decision_to_assess.txt").write_text(own)
    assert write("decision_to_assess", SAMPLES["decision_to_assess"], COUNCIL, tmp_path).wording == "decision_to_assess/own"
