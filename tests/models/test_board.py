"""The figures of agencies: what is counted, out of what, and that silence is late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.advice import AdviceRequest, Outcome
from models.board import FEWEST, board, figures

ASKED, DUE = date(2026, 4, 8), date(2026, 5, 20)
DAY = timedelta(days=1)


def request(on: date = DUE, **more) -> AdviceRequest:
    said = {"asked_on": ASKED, "starts_on": ASKED, "due_on": DUE, "agency": "ep-1"} | more
    return AdviceRequest("A1", "adv_d_psychology", said.pop("agency"), None, "other", True, True, 1, None, ASKED, on, **said)


def ended(day: date, outcome: Outcome) -> AdviceRequest:
    return request(on=day, ended_on=day, outcome=outcome)


@pytest.mark.parametrize("outcome", [Outcome.GIVEN, Outcome.INCOMPLETE, Outcome.DECLINED, Outcome.NOT_KNOWN])
@pytest.mark.parametrize(("days", "on_time", "late"), [(-1, 1, 0), (0, 1, 0), (1, 0, 1)])
def test_an_answer_is_on_time_until_its_last_day(outcome, days, on_time, late):
    found = figures([ended(DUE + days * DAY, outcome)], DUE + 30 * DAY)
    assert (found.on_time, found.late, found.measured, found.open) == (on_time, late, 1, 0)


@pytest.mark.parametrize(("days", "late"), [(-1, 0), (0, 0), (1, 1)])
def test_no_answer_is_late_from_the_day_after(days, late):
    found = figures([request(on=DUE + days * DAY)], DUE + days * DAY)
    assert (found.late, found.open_late, found.open) == (late, late, 1)
    assert found.next_due == (None if late else DUE)


@pytest.mark.parametrize("outcome", [Outcome.PASSED_ON, Outcome.ELSEWHERE, Outcome.EXISTING, Outcome.OVER])
def test_what_ended_otherwise_by_its_day_is_neither_and_after_it_is_late(outcome):
    assert figures([ended(DUE, outcome)], DUE).measured == 0
    assert figures([ended(DUE + DAY, outcome)], DUE + DAY).late == 1


def test_what_is_excused_and_what_has_no_day_are_not_measured():
    assert figures([request(on=DUE + DAY, excused_by="X8_EXC")], DUE + DAY).measured == 0
    found = figures([request(due_on=None, starts_on=None)], DUE)
    assert (found.no_day, found.open, found.measured, found.share_on_time) == (1, 1, 0, None)


def test_the_median_is_over_the_requests_that_brought_advice():
    found = figures([ended(ASKED + n * DAY, Outcome.GIVEN) for n in (10, 20, 40)] + [ended(ASKED, Outcome.DECLINED), request()], DUE)
    assert (found.median_days, found.with_advice, found.asked) == (20, 3, 5)


def test_the_family_and_what_was_sent_before_are_not_counted_and_the_worst_come_first():
    family = replace(request(), adviser="adv_a_parent_yp", agency=None)
    old = request(asked_on=DUE - timedelta(days=366))
    bad = request(agency="trust-a", due_on=DUE - DAY)
    found = board([family, old, request(), bad], DUE)
    assert list(found.rows) == ["trust-a", "ep-1"] and found.total.asked == 2
    assert found.without_names is None
    assert board([request(agency=f"s-{n}") for n in range(FEWEST)], DUE).without_names.asked == FEWEST
