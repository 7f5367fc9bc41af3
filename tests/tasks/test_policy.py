"""A policy is taken up by the next round, kept with its moment, and moves neither a day of the law nor a rung that has fired."""

import json

import pytest
from sqlmodel import select

from models.tables.cases import DutyRow
from models.tables.running import PolicyRow
from notifications.ladder import DEFAULT
from notifications.policy import BadPolicy, fingerprint
from tasks import policy_file
from tasks.database import reading
from tasks.policy import take_up
from tasks.policy_file import in_force, policy_in
from tasks.settings import settings
from tests.tasks.builders import REF, day
from tests.tasks.test_watch import DECIDE, Council, hand

OWNER, LEAD = "council.owner", "council.lead"


@pytest.fixture
def house(engine, tmp_path, monkeypatch):
    """A council whose policy is in a file; `house.sets(...)` writes it, as a process that starts later reads it."""
    made = Council(engine, tmp_path / "outbox")

    def sets(text: str) -> None:
        (tmp_path / "policy.toml").write_text(f"{text}\n[calendar]\nworking_days = false\nquiet_from = \"00:00\"\nquiet_to = \"00:00\"\n")
        monkeypatch.setenv("EHC_POLICY_FILE", str(tmp_path / "policy.toml"))
        settings.cache_clear()
        policy_file._from_file.cache_clear()
        made.office = type(made.office)(made.office.channels, made.office.council)

    made.sets = sets
    yield made
    monkeypatch.undo()
    settings.cache_clear()
    policy_file._from_file.cache_clear()


def next_rung(house) -> tuple[int, object]:
    with reading(house.engine) as session:
        row = session.exec(select(DutyRow).where(DutyRow.case_ref == REF, DutyRow.duty == DECIDE)).one()
    return row.next_rung, row.due_on


def kept(house) -> list[PolicyRow]:
    with reading(house.engine) as session:
        return list(session.exec(select(PolicyRow).order_by(PolicyRow.number)))


def test_a_rung_that_is_new_fires_in_cases_that_were_there_before_and_no_limit_moves(house):
    house.open()
    house.round(15)
    assert next_rung(house) == (-14, day(42))
    house.sets('[ladder.own_decision]\nbefore.21 = ["council.manager"]\nbefore.7 = ["council.owner"]\n')
    house.round(20)
    assert next_rung(house) == (-21, day(42))
    for number in range(21, 44):
        house.round(number)
    assert house.rungs() == [(21, -21, "council.manager"), (35, -7, OWNER), (43, 1, OWNER), (43, 1, LEAD)]


def test_what_has_fired_does_not_fire_again_under_another_policy(house):
    house.open()
    house.round(28)
    house.sets('[ladder.own_decision]\nbefore.20 = ["council.manager"]\nbefore.14 = ["council.manager"]\nbefore.13 = ["council.owner"]\n')
    for number in range(28, 31):
        house.round(number)
    assert house.rungs() == [(28, -14, OWNER), (29, -13, OWNER)]


def test_our_own_target_is_said_beside_the_day_of_the_law(house, tmp_path):
    house.sets("[duty.decide_whether_to_assess]\ntarget = 10\n")
    house.open()
    for number in range(27, 36):
        house.round(number)
    assert [(on, rung, to) for on, rung, to in house.rungs()] == [
        (28, -14, OWNER), (33, -9, OWNER), (33, -9, LEAD), (35, -7, OWNER)]
    assert {(fact["due_on"], fact["target_on"]) for fact in house.reminders()} == {(day(42).isoformat(), day(32).isoformat())}
    text = " ".join(" ".join(path.read_text().split()) for path in (tmp_path / "outbox").rglob("*reminder*.eml"))
    assert "Our own target is Friday 3 April 2026" in text and "Our own target was Friday 3 April 2026" in text
    assert "It moves no day of the law." in text


def test_each_policy_is_kept_from_the_moment_when_it_was_taken_up(house):
    house.open()
    assert take_up(house.engine, hand(day(1))) is False and kept(house) == []
    house.sets("[escalation]\nlongest_silence = 14\n")
    assert take_up(house.engine, hand(day(2))) is True and take_up(house.engine, hand(day(3))) is False
    one, = kept(house)
    assert (one.number, one.sha256, one.since) == (1, fingerprint(in_force()), hand(day(2)).at)
    assert json.loads(one.told)["escalation"] == {"longest_silence": 14}


def test_a_file_that_is_wrong_or_not_there_says_so_and_changes_nothing(house, tmp_path):
    with pytest.raises(BadPolicy, match="cannot be read"):
        policy_in(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9\n")
    with pytest.raises(BadPolicy, match="UTF-8"):
        policy_in(tmp_path / "latin.toml")
    house.sets("[ladder.own_decision]\ntarget = 0\n")
    with pytest.raises(BadPolicy, match="ladder.own_decision.target"):
        take_up(house.engine, hand(day(1)))
    assert kept(house) == []


def test_a_file_may_begin_as_some_editors_save_it(tmp_path):
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf[calendar]\nworking_days = false\n")
    assert policy_in(tmp_path / "marked.toml").working_days is False


def test_without_a_file_the_default_is_in_force():
    assert in_force() is DEFAULT
