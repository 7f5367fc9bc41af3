"""The family hears of lateness on the day on which it is certain, and again when the day to expect has moved."""

import pytest

from models.law.plan import SECTIONS
from tests.tasks import test_visit
from tests.tasks.test_visit import on

case, office = test_visit.case, test_visit.office


def drafted(case, days: int) -> None:
    case.happens(days, "draft_plan_prepared", document="draft-1", sections=[name for name in SECTIONS if name != "I"],
                 names_setting=False, approved_by="officer-9")
    case.visited(days)


def told(case, days: int) -> list[str]:
    """The days to expect that the family has been told by the end of this day."""
    left = case.visited(days)
    return [fact["expected_on"] for fact in left.case.all("message_queued", message="lateness_to_family")]


def iso(*days: int) -> list[str]:
    return [on(one).isoformat() for one in days]


def test_without_a_draft_the_family_hears_two_weeks_before_the_limit_that_it_is_lost(case):
    case.to_draft()
    assert told(case, 125) == []
    assert told(case, 126) == iso(141)


def test_it_hears_again_when_the_day_has_moved_by_more_than_two_weeks_and_not_before(case):
    case.to_draft()
    assert told(case, 126) == told(case, 140) == iso(141)
    assert told(case, 141) == told(case, 155) == iso(141, 156)
    assert told(case, 156) == iso(141, 156, 171)


def test_after_weeks_without_the_watch_one_letter_says_where_it_stands_now(case):
    case.to_draft()
    assert told(case, 126) == iso(141)
    assert told(case, 200) == told(case, 200) == iso(141, 215)


def test_a_draft_in_time_says_nothing_until_the_limit_is_over(case):
    case.to_draft()
    drafted(case, 125)
    assert told(case, 140) == []
    assert told(case, 141) == iso(141)


def test_a_draft_after_a_letter_moves_the_day_no_further_and_is_told_once(case):
    case.to_draft()
    assert told(case, 126) == iso(141)
    drafted(case, 130)
    assert told(case, 131) == told(case, 150) == iso(141)            # day 145 is within two weeks of what was said
    drafted_late = told(case, 156)
    assert drafted_late == iso(141, 156)


@pytest.mark.parametrize("advice", ["psychological advice", "advice on social care"])
def test_the_letter_names_the_missing_advice_and_no_person(case, tmp_path, advice):
    case.visited(0)
    case.decided(30, "decided_to_assess")
    for one in ("adv_a_parent_yp", "adv_b_education", "adv_c_medical"):
        case.happens(70, "advice_received", adviser=one)
    told(case, 113)
    letter, = (tmp_path / "outbox" / "family").glob("*lateness*")
    text = " ".join(letter.read_text().split())
    assert f"- {advice}" in text and "medical advice" not in text
    assert "officer-" not in text and "Ann Other" not in text
    assert "Ombudsman" in text and "judicial review" in text


def test_an_unsent_letter_is_still_wanted_as_long_as_the_limit_is_owed(case):
    case.to_draft()
    from tasks.visit import say
    say(case.engine, [test_visit.REF], on(126), test_visit.hand(on(126)))
    case.visited(127)
    assert [row.status for row in case.messages(message="lateness_to_family")] == ["sent"]
