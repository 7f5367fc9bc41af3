"""Reg 15: a plan moves with the child or young person to another council in England."""

from datetime import date

import pytest

from tests.law.told import UNMET, around, dues, happened, owed, standing_of, states

OLD = ("transfer_plan_on_move", "old_rcb_notify_new_rcb_move")


def known(on, moves_on, **data):
    return happened("move_known", on, moves_on=moves_on, **({"side": "old_authority"} | data))


def came(on="2026-12-11", **data):
    return happened("plan_transferred", on, **({"side": "new_authority", "made_on": "2024-01-10"} | data))


@pytest.mark.parametrize("id", OLD)
@pytest.mark.parametrize(("aware", "moves_on", "last"), [
    pytest.param("2026-09-01", "2026-12-01", "2026-12-01", id="known long before: the day of the move"),
    pytest.param("2026-11-10", "2026-12-01", "2026-12-01", id="known exactly 15 working days before"),
    pytest.param("2026-11-11", "2026-12-01", "2026-12-01", id="known 14 working days before: 15 beginning with that day"),
    pytest.param("2026-11-23", "2026-12-01", "2026-12-11", id="known 6 working days before"),
    pytest.param("2026-12-01", "2026-12-01", "2026-12-21", id="known on the day"),
    pytest.param("2026-12-05", "2026-12-01", "2026-12-29", id="known on a Saturday after: Monday is day 1, over Christmas"),
])
def test_the_plan_is_transferred_and_the_commissioning_body_told_by(id, aware, moves_on, last):
    assert around([known(aware, moves_on)], last, id) == UNMET


@pytest.mark.parametrize(("on", "state", "late"), [("2026-12-10", "met", 0), ("2026-12-11", "met", 0), ("2026-12-14", "met_late", 3)])
def test_the_transfer_meets_it(on, state, late):
    facts = [known("2026-11-23", "2026-12-01"), happened("plan_transferred", on, side="old_authority")]
    assert standing_of(owed(facts, "2026-12-31", "transfer_plan_on_move")) == (state, late)


def test_where_the_commissioning_body_stays_the_same_nobody_tells_it():
    assert dues([known("2026-11-23", "2026-12-01", same_rcb=True)], "2026-12-01", "old_rcb_notify_new_rcb_move") == {}


def test_a_move_called_off_ends_it():
    facts = [known("2026-11-23", "2026-12-01"), happened("move_called_off", "2026-11-25")]
    assert {owed(facts, "2026-12-20", id).state for id in OLD} == {"lapsed"}


def test_the_new_council_owes_nothing_of_the_old_ones_nor_the_old_one_of_the_new_ones():
    incoming = [known("2026-11-23", "2026-12-01", side="new_authority"), came()]
    assert dues(incoming, "2026-12-20", "transfer_plan_on_move") == {}
    outgoing = [known("2026-11-23", "2026-12-01"), happened("plan_transferred", "2026-12-01", side="old_authority")]
    assert dues(outgoing, "2026-12-20", "new_la_inform") == dues(outgoing, "2026-12-20", "new_la_review") == {}


def test_the_new_council_tells_the_family_within_six_weeks_of_the_transfer():
    assert around([came()], "2027-01-22", "new_la_inform") == UNMET
    assert owed([came(), happened("family_told_of_transfer", "2027-01-22")], "2027-01-22", "new_la_inform").state == "met"


@pytest.mark.parametrize(("last_reviewed", "last"), [
    pytest.param("2026-01-10", "2027-03-10", id="three months from the transfer are later"),
    pytest.param("2026-03-11", "2027-03-10", id="both end together"),
    pytest.param("2026-03-12", "2027-03-11", id="twelve months from the review are later"),
    pytest.param(None, "2027-03-10", id="never reviewed: from its making"),
])
def test_and_reviews_by_the_later_of_twelve_months_and_three(last_reviewed, last):
    assert around([came(last_reviewed_on=last_reviewed)], last, "new_la_review") == UNMET
    reviewed = happened("review_decision_sent", last, outcome="continue")
    assert owed([came(last_reviewed_on=last_reviewed), reviewed], last, "new_la_review").state == "met"


def test_another_setting_is_arranged_only_where_the_named_one_cannot_be_attended():
    assert dues([came()], "2026-12-11", "new_la_interim_place") == {}
    one = owed([came(place_impracticable=True)], "2027-06-01", "new_la_interim_place")
    assert (one.due_on, one.state) == (None, "open")


def test_the_new_commissioning_body_asks_within_15_working_days_beginning_with_the_day_it_knew():
    aware = happened("new_rcb_aware_of_move", "2026-12-14", practicable=False)
    assert around([came(), aware], "2027-01-06", "new_rcb_request_after_move") == UNMET
    assert dues([came(), happened("new_rcb_aware_of_move", "2026-12-14", practicable=True)], "2026-12-14",
                "new_rcb_request_after_move") == {}


def test_two_moves_have_clocks_of_their_own():
    facts = [known("2026-11-23", "2026-12-01"), happened("move_called_off", "2026-11-25"), known("2027-03-01", "2027-05-04")]
    assert states(facts, "2027-05-05", "transfer_plan_on_move") == {"2026-11-23": "lapsed", "2027-03-01": "overdue"}
    assert dues(facts, "2027-05-05", "transfer_plan_on_move")["2027-03-01"] == date(2027, 5, 4)
