"""What came back by mail: read from a folder, each file once, with a real mail server that sends letters back."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import select

from models.tables.cases import MessageRow
from notifications.channels import Channels
from tasks.case_file import NewContact, NewFact, open_case
from tasks.database import reading, writing
from tasks.returns import LARGEST, OTHER, READ, NoFolder, take_in
from tasks.office import Office
from tasks.visit import look, visit
from tests.harness.mail import drop, notification, running
from tests.tasks.builders import council
from tests.tasks.test_delivery import RECEIVED, REF, hand, on

SECRET = SecretStr("s" * 40)
TOLD = "family_told_considering"


class House:
    """A family that moved away from its e-mail address, and the mail server that says so."""

    def __init__(self, engine, post, folder: Path):
        self.engine, self.post, self.folder = engine, post, folder
        self.office = Office(Channels({"default": post.url("agency@icb.example")}, folder / "outbox", secret=SECRET), council())
        with writing(engine) as session:
            open_case(session, REF, None, NewFact("request_received", RECEIVED, {
                "requested_by": "parent", "owner": "officer-7"}), hand(0), RECEIVED,
                contacts=[NewContact("family", "Parent Other", apprise_url=post.url("moved@home.example").get_secret_value())])
        visit(engine, self.office, REF, RECEIVED, hand(0))

    def read(self, days: int = 1, secret: SecretStr = SECRET):
        return take_in(self.engine, self.office.channels, self.folder, secret, hand(days), on(days))

    def case(self, days: int = 1):
        return look(self.engine, REF, on(days))

    def outcomes(self):
        with reading(self.engine) as session:
            return {row.message: row.outcome for row in session.exec(select(MessageRow)) if row.to_role == "family"}


@pytest.fixture
def house(engine, tmp_path):
    with running(tmp_path / "returns") as post:
        yield House(engine, post, tmp_path / "returns")


def files(folder: Path) -> dict[str, int]:
    return {name: sum(1 for path in (folder / name).iterdir()) for name in ("new", "cur", READ, OTHER) if (folder / name).is_dir()}


def test_a_letter_that_a_real_server_sends_back_is_known_again(house):
    assert house.case(0).has(TOLD) and files(house.folder) == {"new": 2, "cur": 0}
    report = house.read()
    assert (report.files, report.noted.bounced, report.other) == (2, 2, {})
    assert house.outcomes() == {"request_acknowledged": "bounced", "considering_assessment": "bounced"}
    assert not house.case().has(TOLD) and house.case().all("message_bounced")[0]["why"] == "5.1.6"
    assert files(house.folder) == {"new": 0, "cur": 0, READ: 2}


def test_read_again_nothing_is_left_to_do(house):
    house.read()
    before = house.case(5).facts
    assert house.read(2).files == 0 and house.case(5).facts == before


def test_what_was_read_and_not_moved_aside_before_a_kill_is_not_written_down_twice(house):
    taken = [path.read_bytes() for path in (house.folder / "new").iterdir()]
    house.read()
    for content in taken:
        drop(house.folder, content)
    before = house.case(5).facts
    report = house.read(2)
    assert (report.files, report.noted.bounced) == (2, 0) and house.case(5).facts == before


def test_no_address_stands_in_any_fact(house):
    house.read()
    said = repr([dict(fact.data) for fact in house.case(5).facts])
    assert "home.example" not in said and "moved@" not in said


def test_what_others_drop_into_the_folder_changes_nothing(house):
    for path in (house.folder / "new").iterdir():
        path.unlink()
    headers = f"X-EHC-Key: {REF}/considering_assessment/family/1\nX-EHC-Proof: {'0' * 40}\n\n".encode()
    drop(house.folder, notification("moved@home.example", headers))
    drop(house.folder, b"Subject: Holiday\n\nBack in May.")
    drop(house.folder, b"x" * (LARGEST + 1))
    (house.folder / "new" / "link").symlink_to("/etc/hostname")
    os.mkfifo(house.folder / "new" / "pipe")
    report = house.read()
    assert (report.files, report.noted.bounced, len(report.other)) == (3, 0, 3)
    assert house.case().has(TOLD) and files(house.folder)[OTHER] == 3
    assert "megabytes" in " ".join(report.other.values())


def test_a_plain_folder_into_which_files_are_dropped_will_do(house, tmp_path):
    plain = tmp_path / "dropped"
    plain.mkdir()
    for path in (house.folder / "new").iterdir():
        path.rename(plain / f"{path.name}.eml")
    house.folder = plain
    assert house.read().noted.bounced == 2
    assert sorted(path.name for path in plain.iterdir()) == [READ]


def test_a_delayed_letter_is_still_under_way(house):
    for path in (house.folder / "new").iterdir():
        path.write_bytes(path.read_bytes().replace(b"Action: failed", b"Action: delayed"))
    report = house.read()
    assert (report.files, report.noted.bounced) == (2, 0) and house.case().has(TOLD)


def test_without_a_folder_it_says_what_to_set_up(house, tmp_path):
    house.folder = tmp_path / "nowhere"
    with pytest.raises(NoFolder, match="EHC_RETURNS_DIR"):
        house.read()
