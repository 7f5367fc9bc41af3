"""Reg 18: transfers between phases of education."""

import pytest

from tests.law.told import UNMET, around, happened, owed, standing_of, states


def transfer(kind, **data):
    return happened("phase_transfer_identified", "2026-09-01", transfer=kind, **data)


CASES = [("secondary_to_post16", {"year": 2027}, "phase_transfer_secondary_to_post16", "2027-03-30"),
         ("other", {"year": 2027}, "phase_transfer_other", "2027-02-14"),
         ("other", {"year": 2028}, "phase_transfer_other", "2028-02-14"),
         ("post16_to_post16", {"transfer_on": "2027-09-01"}, "post16_to_post16", "2027-04-01"),
         ("post16_to_post16", {"transfer_on": "2027-07-31"}, "post16_to_post16", "2027-02-28")]
EVERY_TRANSFER = pytest.mark.parametrize(("kind", "data", "id", "last"), CASES)


@EVERY_TRANSFER
def test_review_and_amend_by(kind, data, id, last):
    assert around([transfer(kind, **data)], last, id) == UNMET


@EVERY_TRANSFER
def test_the_amended_plan_meets_it(kind, data, id, last):
    facts = [transfer(kind, **data), happened("review_meeting_held", "2026-11-10"),
             happened("review_decision_sent", "2026-11-20", outcome="amend"), happened("amendment_notice_sent", "2026-11-20", document="d")]
    assert owed(facts, "2026-12-01", id).state == "open"                   # a review alone does not
    amended = [*facts, happened("final_amended_plan_sent", "2027-01-10", answers=["phase_transfer", "review"])]
    assert owed(amended, "2027-01-10", id).state == "met"


@EVERY_TRANSFER
def test_so_does_a_review_that_finds_the_next_setting_named_already(kind, data, id, last):
    plain = happened("review_decision_sent", "2026-12-01", outcome="continue")
    assert owed([transfer(kind, **data), plain], "2026-12-01", id).state == "open"
    named = happened("review_decision_sent", "2026-12-01", outcome="continue", names_next_setting=True)
    assert owed([transfer(kind, **data), named], "2026-12-01", id).state == "met"


def test_one_that_is_none_after_all():
    facts = [transfer("other", year=2027), happened("phase_transfer_excluded", "2026-10-01", decided_by="o", reasons="r")]
    assert standing_of(owed(facts, "2027-03-01", "phase_transfer_other")) == ("lapsed", 0)


def test_two_transfers_of_a_life_have_clocks_of_their_own():
    facts = [happened("phase_transfer_identified", "2019-09-01", transfer="other", year=2020),
             happened("final_amended_plan_sent", "2020-02-20"), transfer("other", year=2027)]
    assert states(facts, "2027-02-14", "phase_transfer_other") == {"2019-09-01": "met_late", "2026-09-01": "open"}
