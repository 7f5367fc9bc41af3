"""What the chronology of a case works out: who held it, what was late, what was claimed, told, corrected and recorded late."""

from datetime import date

import pytest

from models.chronology import Chronology, days_after
from tests.papers.told import JOURNEYS, chronology, fact, journey, last_day, letter, whole

DAY = date(2026, 7, 1)


@pytest.fixture(scope="module")
def found() -> Chronology:
    return chronology(whole(), DAY)


def test_what_was_late_is_counted_from_the_last_day(found):
    late = {(owed.duty.id, owed.adviser): (owed.due_on, owed.days_late) for owed in found.late}
    assert late[("decide_whether_to_assess", None)] == (date(2026, 4, 13), 21)
    assert late[("refuse_to_issue", None)] == (date(2026, 6, 22), 9)
    assert ("advice_six_weeks_others", "adv_d_psychology") not in late           # the Code's, no law


@pytest.mark.parametrize("day, late", [(date(2026, 6, 21), 0), (date(2026, 6, 22), 0), (date(2026, 6, 23), 1)])
def test_the_day_before_the_last_day_the_last_day_and_the_day_after(day, late):
    owed = [one for one in chronology(whole(), day).late if one.duty.id == "refuse_to_issue"]
    assert [one.days_late for one in owed] == ([late] if late else [])


def test_who_held_the_case_follows_its_facts_and_leaves_no_day_out(found):
    assert [(one.held_by[0], one.since) for one in found.holdings][:3] == [
        ("council", date(2026, 3, 2)), ("council", date(2026, 3, 5)), ("family", date(2026, 5, 4))]
    assert found.holding_on(date(2026, 5, 3))[1] == date(2026, 3, 2) and found.holding_on(date(2026, 3, 1)) is None
    for one, after in zip(found.holdings, found.holdings[1:], strict=False):
        assert one.until == after.since
    assert found.waited["council"] == (date(2026, 5, 4) - date(2026, 3, 2)).days
    assert found.waited["ep_service"] == (DAY - date(2026, 5, 4)).days
    assert found.waited["rcb"] == (date(2026, 6, 2) - date(2026, 5, 4)).days
    assert found.officers == (("officer-1", date(2026, 3, 2)), ("officer-2", date(2026, 4, 20)))


def test_a_claim_stands_with_its_ruling_and_says_that_it_came_after_the_limit(found):
    claim, = found.claims
    assert claim.ruling is not None and not claim.ruling.accepted and "27 days of it fall in the period" in claim.ruling.because
    assert claim.owed is not None and claim.owed.duty.id == "decide_whether_to_assess" and claim.days_after_limit == 2


def test_of_two_claims_for_one_limit_each_stands_with_its_own_ruling():
    facts = [*whole()[:7], fact(27, "2026-04-10", "exception_claimed", duty="decide_whether_to_assess", code="X_ABSENT4",
                                because="abroad", approved_by="officer-9", absent_from="2026-03-10", absent_to="2026-04-10")]
    claims = chronology(facts, DAY).claims
    assert [(claim.fact.number, claim.ruling.accepted) for claim in claims] == [(27, True), (7, False)]
    assert "decide_whether_to_assess" not in {owed.duty.id for owed in chronology(facts, DAY).late}


def test_a_claim_for_a_limit_that_never_began_is_not_judged():
    facts = [*whole()[:2], fact(9, "2026-03-09", "exception_claimed", duty="review_decision", code="X_PERSONAL", because="x",
                                approved_by="officer-9")]
    claim, = chronology(facts, DAY).claims
    assert (claim.owed, claim.ruling, claim.days_after_limit) == (None, None, 0)


def test_advice_is_shown_as_it_was_asked_reminded_and_answered(found):
    by = {one.adviser: one for one in found.advice}
    assert list(by) == ["adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care"]
    assert (by["adv_d_psychology"].reminders, by["adv_d_psychology"].days_late, by["adv_d_psychology"].received_on) == (1, 15, None)
    assert (by["adv_c_medical"].arrived_on, by["adv_c_medical"].days_late) == (date(2026, 5, 5), 0)


def test_a_letter_is_as_far_as_the_record_says(found):
    states = [(one.queued["message"], one.state) for one in found.to_family]
    assert states == [("request_acknowledged", "sent"), ("lateness_to_family", "sent"), ("decision_to_assess", "delivered")]
    assert [one.on for one in found.told_of_lateness] == [date(2026, 4, 14)]


@pytest.mark.parametrize("more, state", [
    ((), "waiting"),
    ((("message_failed", {"why": "no_answer", "final": False}),), "waiting"),
    ((("message_failed", {"why": "no_answer", "final": False}), ("message_failed", {"why": "no_answer", "final": True})), "failed"),
    ((("message_failed", {"why": "no_longer_wanted", "final": True}),), "dropped"),
    ((("message_failed", {"why": "no_answer", "final": False}), ("message_sent", {"sha256": "0" * 64})), "sent"),
    ((("message_sent", {"sha256": "0" * 64}), ("message_bounced", {"why": "no_such_address"})), "bounced"),
    ((("message_sent", {"sha256": "0" * 64}), ("message_delivered", {}), ("message_opened", {})), "opened"),
])
def test_a_letter_has_gone_only_where_a_fact_says_so(more, state):
    queued = letter(2, "2026-03-02", "request_acknowledged", about="1")[0]
    facts = [whole()[0], queued, *(fact(3 + place, "2026-03-03", kind, key=queued["key"], **data) for place, (kind, data) in enumerate(more))]
    one, = chronology(facts, DAY).letters
    assert one.state == state


def test_what_was_recorded_later_than_it_happened_is_marked_by_how_much(found):
    assert [(one.fact.number, one.days, one.corrects) for one in found.recorded_late] == [(4, 15, None), (9, 2, None), (10, 1, 9)]


def test_a_fact_recorded_before_midnight_in_england_was_recorded_that_day():
    summer = fact(1, "2026-07-01", "request_received")
    late_evening = fact(1, "2026-07-01", "request_received").recorded_at.replace(hour=22, minute=59)
    after_midnight = late_evening.replace(hour=23)
    from dataclasses import replace
    assert days_after(replace(summer, recorded_at=late_evening)) == 0
    assert days_after(replace(summer, recorded_at=after_midnight)) == 1


def test_what_was_corrected_stays_in_sight(found):
    assert [(entry.fact.number, entry.stands) for entry in found.changed] == [(9, "corrected"), (10, "correction")]
    taken_back = [*whole(), fact(28, "2026-06-20", "fact_corrected", replaces=4, withdrawn=True)]
    entries = {entry.fact.number: entry.stands for entry in chronology(taken_back, DAY).entries}
    assert entries[4] == "no" and entries[28] == "correction"


def test_on_an_earlier_day_nothing_that_happened_later_is_told():
    found = chronology(whole(), date(2026, 4, 10))
    assert [entry.fact.number for entry in found.entries] == [1, 4] and found.late == () and found.claims == ()
    assert [one.queued["message"] for one in found.letters] == ["request_acknowledged"]


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda path: path.stem)
def test_in_every_journey_the_holders_follow_one_another_and_agree_with_the_case(path):
    facts = journey(path)
    found = chronology(facts, last_day(facts))
    for one, after in zip(found.holdings, found.holdings[1:], strict=False):
        assert one.since < one.until <= after.since
    if found.case.held_by:
        assert (found.holdings[-1].held_by, found.holdings[-1].until) == (found.case.held_by, None)
    assert {entry.fact.number for entry in found.entries} == {one.number for one in facts}
    assert all(owed.days_late and owed.duty.kind == "hard" for owed in found.late)
