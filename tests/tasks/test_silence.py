"""An escalation is silenced only with a recorded reason, for a bounded time, of one duty, and never for who must act."""

import pytest

from tasks import watch
from tasks.case_file import BadFact, CannotBear
from tasks.database import reading
from tasks.silences import silences
from tests.tasks.builders import REF, day
from tests.tasks.test_watch import DECIDE, Council, hand

OWNER, LEAD, MANAGER = "council.owner", "council.lead", "council.manager"


@pytest.fixture
def house(engine, tmp_path):
    made = Council(engine, tmp_path / "outbox")
    made.open(owner="officer-7")
    return made


def silence(house, number: int, until: int, **more) -> None:
    house.happens(number, "escalation_silenced", **({
        "duty": DECIDE, "silenced_to": day(until).isoformat(), "decided_by": "officer-9",
        "reasons": "The family asked us to wait for the hospital."} | more))


def test_until_the_day_nobody_above_the_owner_is_told_and_from_the_next_rung_on_they_are(house):
    silence(house, 39, 57)
    for number in range(38, 66):
        house.round(number)
    assert house.rungs() == [
        (38, -7, OWNER), (40, -2, OWNER), (43, 1, OWNER), (50, 8, OWNER), (57, 15, OWNER),
        (64, 22, OWNER), (64, 22, LEAD), (64, 22, MANAGER)]


@pytest.mark.parametrize(("until", "told"), [(49, {OWNER, LEAD, MANAGER}), (50, {OWNER}), (51, {OWNER})])
def test_the_day_before_the_day_and_the_day_after(house, until, told):
    silence(house, 45, until)
    house.round(50)
    assert {to for _, _, to in house.rungs(rung=8)} == told


def test_it_is_of_one_duty_alone(house):
    silence(house, 100, 128)
    house.round(126)
    assert {to for _, _, to in house.rungs(duty="finalise_plan")} == {OWNER}
    house.round(138)
    assert {to for _, _, to in house.rungs(duty="finalise_plan", rung=-2)} == {OWNER, LEAD}


def test_an_adviser_and_its_lead_are_reminded_all_the_same(house):
    house.decides_to_assess(10)
    house.asks(10, "adv_c_medical")
    silence(house, 50, 70, duty="coop_respond_advice", adviser="adv_c_medical")
    house.round(60)
    assert {to for _, _, to in house.rungs(duty="coop_respond_advice")} == {"rcb", "rcb.lead"}


def test_it_can_be_ended_early_by_another_decision(house):
    silence(house, 45, 65)
    silence(house, 48, 48)
    house.round(50)
    assert {to for _, _, to in house.rungs(rung=8)} == {OWNER, LEAD, MANAGER}


def test_what_waits_in_the_outbox_for_those_above_does_not_go_either(house):
    house.round(49)
    watch.remind(house.engine, day(50), hand(day(50)), watch.Round(day(50)), policy=house.office.policy)
    silence(house, 50, 55)
    house.round(51)
    assert [row.status for row in house.messages_about(REF, "overdue") if row.to_role == MANAGER] == ["failed"]
    assert [row.status for row in house.messages_about(REF, "overdue") if row.to_role == OWNER and ":+8" in row.key] == ["sent"]


@pytest.mark.parametrize(("until", "words"), [(39 + 29, "for 28 days at most"), (38, "before the day of the decision")])
def test_it_is_bounded(house, until, words):
    with pytest.raises(CannotBear, match=words):
        silence(house, 39, until)
    silence(house, 39, 39 + 28)


def test_what_is_not_owed_cannot_be_silenced(house):
    with pytest.raises(CannotBear, match="not owed in this case"):
        silence(house, 39, 50, duty="send_draft_plan")
    house.decides_to_assess(40)
    with pytest.raises(CannotBear, match="not owed in this case"):
        silence(house, 41, 50)


@pytest.mark.parametrize("lacks", ["reasons", "decided_by", "silenced_to", "duty"])
def test_without_a_reason_and_a_name_nothing_is_silenced(house, lacks):
    with pytest.raises(BadFact, match=lacks):
        silence(house, 39, 50, **{lacks: None})


def test_it_is_listed_with_who_decided_and_until_when(house):
    silence(house, 39, 57)
    with reading(house.engine) as session:
        (owed, fact), = silences(session, day(40))
        assert (owed.case, owed.duty.id, fact["decided_by"], fact["silenced_to"]) == (REF, DECIDE, "officer-9", day(57).isoformat())
        assert silences(session, day(57)) and not silences(session, day(58)) and not silences(session, day(38))
