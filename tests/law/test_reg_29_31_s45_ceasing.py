"""Regs 29 to 31, s.45: ceasing to maintain a plan, which stays in force while an appeal may come or is not determined."""

from datetime import date

import pytest

from tests.law.told import around, dues, happened, owed, standing_of, states

MADE = happened("final_plan_sent", "2025-09-01")
PROPOSED = happened("cease_proposed", "2026-03-02", cease_reason="needs_met", decided_by="o")
CONSULTED = happened("cease_consulted", "2026-03-16")
NOTICE = happened("cease_notice_sent", "2026-04-09", cease_reason="needs_met", decided_by="o")
CEASING = [MADE, PROPOSED, CONSULTED, NOTICE]
HELD = [("open", 0), ("open", 0), ("lapsed", 0)]


def test_the_family_and_the_setting_are_consulted_before_and_no_figure_is_given():
    one = owed([MADE, PROPOSED], "2026-06-01", "propose_cease")
    assert (one.state, one.due_on) == ("open", None)
    assert owed([MADE, PROPOSED, CONSULTED], "2026-06-01", "propose_cease").state == "met"
    assert owed([MADE, NOTICE], "2026-06-01", "propose_cease").state == "open"                 # a notice without it mends nothing


def test_the_notice_has_no_figure_and_opens_the_time_to_appeal():
    assert owed([MADE, PROPOSED, CONSULTED], "2026-06-01", "cease_decision_notice").due_on is None
    assert owed(CEASING, "2026-04-09", "cease_decision_notice").state == "met"
    assert owed(CEASING, "2026-04-09", "lodge_appeal", occasion="2026-04-09").due_on == date(2026, 6, 9)


def test_the_plan_is_held_until_the_time_to_appeal_is_over():
    assert around(CEASING, "2026-06-09", "cease_hold") == HELD


def test_a_certificate_lengthens_the_hold():
    facts = [*CEASING, happened("mediation_certificate_issued", "2026-05-20")]
    assert around(facts, "2026-06-22", "cease_hold") == HELD                                   # 20 June is a Saturday


@pytest.mark.parametrize("ended", ["appeal_withdrawn", "appeal_finally_determined"])
def test_an_appeal_in_time_holds_it_until_that_has_ended(ended):
    facts = [*CEASING, happened("appeal_lodged", "2026-06-09")]
    for day in ("2026-06-09", "2026-06-10", "2027-06-01"):
        assert standing_of(owed(facts, day, "cease_hold")) == ("open", None)
    assert "finally determined (s.45(4)(b))" in " ".join(owed(facts, "2026-06-10", "cease_hold").why)
    assert around([*facts, happened(ended, "2026-12-01")], "2026-12-01", "cease_hold")[1:] == HELD[1:]


def test_one_that_comes_too_late_does_not():
    facts = [*CEASING, happened("appeal_lodged", "2026-06-10")]
    assert owed(facts, "2026-06-10", "cease_hold").due_on == date(2026, 6, 9)


@pytest.mark.parametrize(("kind", "fields"), [
    ("tribunal_order_made", {"order": "continue"}), ("tribunal_order_made", {"order": "continue_amend"}),
    ("appeal_unopposed", {"about": "cease"}), ("cease_not_pursued", {"decided_by": "o"})])
def test_a_plan_that_is_kept_is_held_no_more(kind, fields):
    facts = [*CEASING, happened("appeal_lodged", "2026-05-01"), happened(kind, "2026-09-01", **fields)]
    assert owed(facts, "2026-09-01", "cease_hold").state == "lapsed"


def test_after_a_dismissal_it_ceases_at_once():
    facts = [*CEASING, happened("appeal_lodged", "2026-05-01"), happened("tribunal_order_made", "2026-09-01", order="dismiss_cease")]
    for id in ("cease_immediately_after_dismissal", "ord_dismiss_cease"):
        one = owed(facts, "2026-09-02", id)
        assert (one.state, one.due_on) == ("open", None)
        assert owed([*facts, happened("plan_ceased", "2026-09-30", cease_reason="needs_met")], "2026-09-30", id).state == "met"
    assert owed(facts, "2026-09-02", "cease_hold").state == "open"                             # an onward appeal may be open


def test_what_arises_from_a_review_has_the_four_weeks_of_the_review():
    facts = [MADE, happened("review_meeting_held", "2026-03-02"), happened("review_decision_sent", "2026-03-30", outcome="cease")]
    assert owed(facts, "2026-03-30", "review_decision").state == "met"
    assert owed(facts, "2026-03-30", "cease_hold").due_on == date(2026, 6, 1)                  # 30 May is a Saturday


def test_two_attempts_have_clocks_of_their_own():
    again = happened("cease_notice_sent", "2027-02-01", cease_reason="needs_met", decided_by="o")
    facts = [*CEASING, happened("cease_not_pursued", "2026-05-01", decided_by="o"), again]
    assert states(facts, "2027-02-01", "cease_hold") == {"2026-03-02": "lapsed", "2027-02-01": "open"}
    assert dues(facts, "2027-02-01", "cease_hold")["2027-02-01"] == date(2027, 4, 1)
    assert states(facts, "2027-02-01", "propose_cease") == {"2026-03-02": "met", "2027-02-01": "open"}


def test_provision_ends_with_the_plan_and_not_with_the_notice():
    assert owed(CEASING, "2026-06-30", "secure_provision").state == "open"
    ceased = [*CEASING, happened("plan_ceased", "2026-07-01", cease_reason="needs_met")]
    assert owed(ceased, "2026-07-01", "secure_provision").state == "lapsed"
