"""Reg 5, s.36(8): the family is told within six weeks of the request whether there is an assessment."""

from datetime import date

import pytest

from tests.law.told import (
    A_DAY,
    RECEIVED,
    SIX,
    THE_DAY_AND_ITS_NEIGHBOURS,
    arisen,
    case_of,
    claim,
    happened,
    owed,
    request,
    standing_of,
)

DECIDE, PARTNERS = "decide_whether_to_assess", "notify_partners_of_assess_decision"


@pytest.mark.parametrize(("received", "last"), [
    pytest.param(date(2026, 3, 2), date(2026, 4, 13), id="an ordinary Monday, over Easter and half-term"),
    pytest.param(date(2026, 7, 20), date(2026, 8, 31), id="the summer holidays do not stop the clock, nor a bank holiday"),
    pytest.param(date(2027, 12, 24), date(2028, 2, 4), id="nor do Christmas and New Year"),
    pytest.param(date(2026, 2, 28), date(2026, 4, 11), id="a Saturday stays a Saturday"),
    pytest.param(date(2028, 2, 2), date(2028, 3, 15), id="29 February is just a day"),
    pytest.param(date(2028, 2, 29), date(2028, 4, 11), id="and can be the day of receipt"),
])
def test_the_family_is_told_within_six_weeks_of_the_request(received, last):
    assert owed([request(received)], received, DECIDE).due_on == last


@pytest.mark.parametrize(("days", "state", "late"), THE_DAY_AND_ITS_NEIGHBOURS)
def test_unmet(days, state, late):
    assert standing_of(owed([request()], SIX + days * A_DAY, DECIDE)) == (state, late)


@pytest.mark.parametrize("kind", ["decided_to_assess", "refused_to_assess"])
@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_either_decision_meets_it(kind, days, state, late):
    one = owed([request(), happened(kind, SIX + days * A_DAY)], "2026-06-01", DECIDE)
    assert standing_of(one) == (state, late)
    assert one.met_on == SIX + days * A_DAY


def test_a_decision_is_not_known_before_its_day():
    facts = [request(), happened("decided_to_assess", SIX + A_DAY)]
    assert standing_of(owed(facts, SIX + A_DAY, DECIDE)) == ("met_late", 1)
    assert standing_of(owed(facts, SIX, DECIDE)) == ("open", 0)


def test_becoming_responsible_starts_the_same_clock():
    assert owed([happened("became_responsible", RECEIVED)], RECEIVED, DECIDE).due_on == SIX


@pytest.mark.parametrize("facts", [
    [happened("became_responsible", RECEIVED), request("2026-03-30")],
    [request(RECEIVED), happened("became_responsible", "2026-03-30")],
    [happened("became_responsible", RECEIVED), request(RECEIVED)],
])
def test_the_earlier_of_request_and_responsibility_counts(facts):
    assert owed(facts, "2026-04-01", DECIDE).due_on == SIX


def test_a_second_request_restarts_nothing():
    facts = [request(), happened("further_request_received", "2026-03-30", requested_by="setting"), request("2026-04-01")]
    assert owed(facts, "2026-04-02", DECIDE).due_on == SIX


# --- the decision counts when the family is told ------------------------------------------------------------------

def test_a_decision_whose_notice_is_to_follow_is_met_when_the_notice_goes():
    facts = [request(), happened("decided_to_assess", "2026-04-10", notice="to_follow"),
             happened("family_told_of_decision", "2026-04-14", decision="decided_to_assess")]
    assert standing_of(owed(facts, "2026-04-13", DECIDE)) == ("open", 0)
    assert standing_of(owed(facts, "2026-04-14", DECIDE)) == ("met_late", 1)


def test_a_notice_may_go_on_the_day_of_the_decision():
    facts = [request(), happened("decided_to_assess", "2026-04-13", notice="to_follow"),
             happened("family_told_of_decision", "2026-04-13", decision="decided_to_assess")]
    assert standing_of(owed(facts, "2026-04-20", DECIDE)) == ("met", 0)


def test_a_notice_sent_twice_counts_from_the_first():
    told = [happened("family_told_of_decision", on, decision="decided_to_assess") for on in ("2026-04-13", "2026-04-14")]
    facts = [request(), happened("decided_to_assess", "2026-04-10", notice="to_follow"), *told]
    assert standing_of(owed(facts, "2026-04-20", DECIDE)) == ("met", 0)


def test_a_notice_of_something_else_is_no_notice_of_this():
    facts = [request(), happened("refused_to_assess", "2026-04-10", notice="to_follow"),
             happened("family_told_of_decision", "2026-04-11", decision="decided_to_assess"),
             happened("family_told_of_decision", "2026-04-09", decision="refused_to_assess")]
    assert standing_of(owed(facts, "2026-04-14", DECIDE)) == ("overdue", 1)


@pytest.mark.parametrize(("day", "standing"), [("2026-04-12", ("open", 0)), ("2026-04-14", ("overdue", 1)),
                                               ("2026-04-15", ("met_late", 2)), ("2026-04-16", ("met_late", 2))])
def test_a_day_of_telling_that_was_still_to_come_does_not_count_before(day, standing):
    facts = [request(), happened("decided_to_assess", "2026-04-10", notified_on="2026-04-15")]
    assert standing_of(owed(facts, day, DECIDE)) == standing


def test_nobody_was_told_before_it_was_decided():
    facts = [request(), happened("decided_to_assess", "2026-04-14", notified_on="2026-04-10")]
    assert owed(facts, "2026-04-20", DECIDE).met_on == date(2026, 4, 14)


def test_a_refusal_that_nobody_was_told_of_ends_nothing():
    facts = [request(), happened("refused_to_assess", "2026-04-10", notice="to_follow")]
    assert owed(facts, "2026-08-01", "finalise_plan").state == "overdue"
    told = [*facts, happened("family_told_of_decision", "2026-04-20", decision="refused_to_assess")]
    one = owed(told, "2026-08-01", "finalise_plan")
    assert (one.state, one.lapsed_on) == ("lapsed", date(2026, 4, 20))


# --- a refusal that is reversed -----------------------------------------------------------------------------------

REVERSED = [request(), happened("refused_to_assess", "2026-04-10"), happened("decided_to_assess", "2026-05-20")]


def test_the_original_clock_goes_on_when_a_refusal_is_reversed():
    for duty, last in (("refuse_to_issue", date(2026, 6, 22)), ("finalise_plan", date(2026, 7, 20))):
        before, after = owed(REVERSED, "2026-05-19", duty), owed(REVERSED, "2026-05-20", duty)
        assert (before.state, before.lapsed_on) == ("lapsed", date(2026, 4, 10))
        assert (after.state, after.lapsed_on) == ("open", None)
        assert before.due_on == after.due_on == last


def test_the_refusal_had_been_notified_in_time_all_the_same():
    assert standing_of(owed(REVERSED, "2026-06-01", DECIDE)) == ("met", 0)


def test_a_refusal_reversed_on_its_own_day_stops_nothing():
    facts = [request(), happened("refused_to_assess", "2026-04-10"), happened("decided_to_assess", "2026-04-10")]
    assert owed(facts, "2026-04-10", "finalise_plan").state == "open"
    assert owed(facts, "2026-04-10", "consult_on_request").state == "lapsed"
    assert case_of(facts, "2026-04-10").stage == "S20_ASSESSING"


def test_nobody_is_told_that_he_may_appeal_against_a_refusal_that_was_reversed():
    assert len(arisen(REVERSED, "2026-05-19", "lodge_appeal")) == 1
    assert arisen(REVERSED, "2026-05-20", "lodge_appeal") == []


# --- reg 5(2) -----------------------------------------------------------------------------------------------------

TOLD = [happened("partner_told_considering", "2026-03-03", recipient=who) for who in ("rcb", "setting")]


@pytest.mark.parametrize("kind", ["decided_to_assess", "refused_to_assess"])
def test_whoever_was_told_under_reg_4_2_is_told_of_either_decision(kind):
    facts = [request(), *TOLD, happened(kind, "2026-04-10"),
             happened("partner_told_of_assess_decision", "2026-04-10", recipient="rcb")]
    assert sorted(party for _, party in arisen(facts, "2026-04-10", PARTNERS)) == ["rcb", "setting"]
    assert owed(facts, "2026-04-10", PARTNERS, party="rcb").state == "met"
    assert owed(facts, "2026-04-10", PARTNERS, party="setting").state == "open"


def test_they_are_told_again_when_a_refusal_is_reversed():
    refused = happened("partner_told_of_assess_decision", "2026-04-10", recipient="rcb", decision="refused_to_assess")
    facts = [*REVERSED, *TOLD, refused]
    assert owed(facts, "2026-05-19", PARTNERS, party="rcb").state == "met"
    assert owed(facts, "2026-05-20", PARTNERS, party="rcb").state == "open"
    facts.append(happened("partner_told_of_assess_decision", "2026-05-20", recipient="rcb", decision="decided_to_assess"))
    assert owed(facts, "2026-05-20", PARTNERS, party="rcb").state == "met"


def test_no_exception_reaches_reg_5_2():
    facts = [request(), *TOLD, happened("decided_to_assess", "2026-04-10"), claim(PARTNERS, "X_PERSONAL", "2026-04-10")]
    assert owed(facts, "2026-04-10", PARTNERS, party="rcb").excused_by is None
