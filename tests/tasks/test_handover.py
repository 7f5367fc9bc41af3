"""A case passes to another officer: the family has a new contact, the officer a brief, and nobody forgets to read it."""

import pytest

from models.brief import TITLES, brief, lines
from tasks.case_file import CannotBear
from tests.tasks import test_visit
from tests.tasks.test_visit import on

case, office = test_visit.case, test_visit.office


def gone(case) -> list[tuple[str, str]]:
    return [(row.message, row.to_role) for row in case.messages() if row.message.startswith(("new_contact", "handover"))]


NEW = [("handover_brief", "council.owner"), ("new_contact", "family")]


def test_a_new_officer_has_a_brief_and_the_family_a_new_contact(case, tmp_path):
    case.visited(0)
    case.happens(20, "owner_named", owner="officer-8")
    case.visited(20)
    assert sorted(gone(case)) == NEW
    letter, = (tmp_path / "outbox" / "family").glob("*new-contact*")
    assert "officer-8" not in letter.read_text() and "01632 960001" in letter.read_text()
    letter, = (tmp_path / "outbox" / "council.owner").glob("*handover-brief*")
    for title in TITLES.values():
        assert f"{title}:" in letter.read_text()
    assert "Ann Other" not in letter.read_text()


def test_naming_the_same_officer_again_tells_nobody(case):
    case.visited(0)
    case.happens(20, "owner_named", owner="officer-7")
    case.visited(20)
    assert gone(case) == []


@pytest.mark.parametrize("days, told", [(22, 0), (23, 1), (24, 1)])
def test_a_brief_that_nobody_read_is_put_before_the_manager_after_three_days(case, days, told):
    case.visited(0)
    case.happens(20, "owner_named", owner="officer-8")
    case.visited(20)
    case.visited(days)
    assert gone(case).count(("handover_unread", "council.manager")) == told


def test_a_brief_that_was_read_troubles_nobody(case):
    case.visited(0)
    case.happens(20, "owner_named", owner="officer-8")
    case.visited(20)
    case.happens(21, "handover_acknowledged", owner="officer-8")
    case.visited(30)
    assert sorted(gone(case)) == NEW


def test_only_who_holds_the_case_can_say_that_the_brief_was_read(case):
    case.visited(0)
    case.happens(20, "owner_named", owner="officer-8")
    with pytest.raises(CannotBear, match="the case is with officer-8"):
        case.happens(21, "handover_acknowledged", owner="officer-7")


def test_a_case_that_passes_twice_before_anybody_is_told_is_told_of_the_last_officer(case):
    case.visited(0)
    case.happens(20, "owner_named", owner="officer-8")
    case.happens(20, "owner_named", owner="officer-9")
    left = case.visited(20)
    assert sorted(gone(case)) == NEW and left.case.owner == "officer-9"


def test_the_brief_says_what_is_late_who_has_not_answered_and_what_was_promised(case):
    case.visited(0)
    case.decided(45, "decided_to_assess")
    case.happens(46, "advice_received", adviser="adv_b_education")
    case.happens(60, "advice_acknowledged", adviser="adv_d_psychology", expected_on=on(100).isoformat())
    found = brief(case.visited(127).case)
    text = "\n".join(lines(found))
    assert any("refuse to issue" in line and "late" in line for line in found.late)
    assert any("can no longer be met" in line for line in found.late)
    assert not any("adv_b_education" in line for line in found.unanswered)
    assert any(line.startswith("adv_d_psychology") and "has it" in line for line in found.unanswered)
    assert any(line.startswith("adv_d_psychology: promised by") for line in found.promises)
    assert any("lateness to family (finalise plan)" in line and "sent" in line for line in found.family)
    assert "decision to assess: sent" in text and "Ann" not in text
