"""Reg 16: another commissioning body becomes responsible, and the council stays the same."""

import pytest

from tests.law.told import UNMET, around, dues, happened, owed, standing_of, states


@pytest.mark.parametrize(("kind", "id", "answer"), [
    ("rcb_change_known", "old_rcb_notify_change", "new_rcb_told_of_change"),
    ("new_rcb_aware_of_change", "new_rcb_request_change", "new_rcb_asked_after_change")])
@pytest.mark.parametrize(("aware", "last"), [
    pytest.param("2026-09-01", "2026-09-21", id="a Tuesday is day 1"),
    pytest.param("2026-09-05", "2026-09-25", id="a Saturday is none"),
    pytest.param("2026-12-18", "2027-01-12", id="over Christmas and New Year"),
])
def test_fifteen_working_days_beginning_with_the_day_of_becoming_aware(kind, id, answer, aware, last):
    facts = [happened(kind, aware)]
    assert around(facts, last, id) == UNMET
    assert standing_of(owed([*facts, happened(answer, last)], last, id)) == ("met", 0)


def test_the_new_body_asks_only_where_it_cannot_arrange_the_health_care():
    facts = [happened("new_rcb_aware_of_change", "2026-09-01", practicable=True)]
    assert dues(facts, "2026-09-01", "new_rcb_request_change") == {}


def test_two_changes_have_clocks_of_their_own():
    facts = [happened("rcb_change_known", "2026-03-02"), happened("rcb_change_known", "2026-09-01"),
             happened("new_rcb_told_of_change", "2026-09-10")]
    assert states(facts, "2026-09-10", "old_rcb_notify_change") == {"2026-03-02": "overdue", "2026-09-01": "met"}
