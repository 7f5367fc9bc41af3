"""Reg 7: how an assessment is conducted; reg 9: support to take part in it. Neither has a figure."""

import pytest

from tests.law.told import arisen, happened, owed, request

DECIDED = happened("decided_to_assess", "2026-04-07")


@pytest.mark.parametrize(("duty", "done"), [("assessment_conduct", "assessment_conduct_recorded"),
                                            ("support_to_participate", "support_considered")])
def test_it_is_owed_during_the_assessment_and_recorded_once(duty, done):
    assert arisen([request()], "2026-04-06", duty) == []
    one = owed([request(), DECIDED], "2027-01-01", duty)
    assert (one.state, one.due_on, one.starts_on.isoformat()) == ("open", None, "2026-04-07")
    assert owed([request(), DECIDED, happened(done, "2026-05-01")], "2026-05-01", duty).state == "met"
    ended = [request(), DECIDED, happened("final_plan_sent", "2026-07-01")]
    assert owed(ended, "2026-07-01", duty).state == "lapsed"
