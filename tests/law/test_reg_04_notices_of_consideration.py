"""Reg 4 and s.36(5), (7): the six weeks for "no plan need be made", and who is told that an assessment is considered."""

import pytest

from models.law.parties import partners
from tests.law.told import SIX, THE_DAY_AND_ITS_NEIGHBOURS, A_DAY, arisen, claim, happened, owed, request, standing_of

DETERMINATION = "notify_no_plan_need_determination"


@pytest.mark.parametrize(("days", "state", "late"), THE_DAY_AND_ITS_NEIGHBOURS)
def test_reg_4_1_is_six_weeks_from_the_request(days, state, late):
    one = owed([request()], SIX + days * A_DAY, DETERMINATION)
    assert one.due_on == SIX
    assert standing_of(one) == (state, late)


@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_a_refusal_meets_it(days, state, late):
    facts = [request(), happened("refused_to_assess", SIX + days * A_DAY)]
    assert standing_of(owed(facts, "2026-06-01", DETERMINATION)) == (state, late)


def test_a_decision_to_assess_shows_that_no_such_determination_was_made_even_when_it_comes_late():
    facts = [request(), happened("decided_to_assess", SIX + 10 * A_DAY)]
    assert standing_of(owed(facts, SIX + 9 * A_DAY, DETERMINATION)) == ("overdue", 9)
    assert standing_of(owed(facts, SIX + 10 * A_DAY, DETERMINATION)) == ("lapsed", 0)


@pytest.mark.parametrize("code", ["X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4", "X_CV"])
def test_no_exception_relieves_reg_4_1(code):
    facts = [request(), claim(DETERMINATION, code, "2026-04-01", absent_from="2026-03-02", absent_to="2026-04-13",
                              advice_requested_on="2026-03-10", closed_from="2026-03-10", reopens_on="2026-04-20")]
    one = owed(facts, SIX + A_DAY, DETERMINATION)
    assert (one.state, one.excused_by) == ("overdue", None)
    assert "reg 4 has no paragraph of exceptions" in " ".join(one.why)


def test_the_family_is_told_that_an_assessment_is_considered_without_any_figure():
    one = owed([request()], "2026-12-31", "notify_considering_assessment")
    assert (one.state, one.due_on, one.duty.notice_pack) == ("open", None, "N_VIEWS")
    facts = [request(), happened("family_told_considering", "2026-03-03")]
    assert owed(facts, "2026-03-03", "notify_considering_assessment").state == "met"


def test_s_36_7_does_not_bite_where_the_child_was_assessed_within_six_months():
    assert arisen([request(assessed_within_6_months=True)], "2026-03-02", "notify_considering_assessment") == []
    assert len(arisen([request(assessed_within_6_months=False)], "2026-03-02", "notify_considering_assessment")) == 1


@pytest.mark.parametrize(("attends", "who"), [
    ("school", ["rcb", "setting", "social_care"]), ("post16", ["rcb", "setting", "social_care"]),
    ("early_years", ["early_years", "rcb", "social_care"]), (None, ["rcb", "social_care"]),
])
def test_the_partners_depend_on_where_the_child_is(attends, who):
    assert sorted(partners(attends)) == who
    facts = [request(attends=attends)]
    assert sorted(party for _, party in arisen(facts, "2026-03-02", "notify_considering_partners")) == who


def test_each_partner_is_told_for_itself():
    facts = [request(), happened("partner_told_considering", "2026-03-03", recipient="rcb")]
    states = {party: owed(facts, "2026-03-03", "notify_considering_partners", party=party).state
              for party in ("rcb", "setting", "social_care")}
    assert states == {"rcb": "met", "setting": "open", "social_care": "open"}


def test_telling_nobody_in_particular_tells_nobody():
    facts = [request(), happened("partner_told_considering", "2026-03-03")]
    assert owed(facts, "2026-03-03", "notify_considering_partners", party="rcb").state == "open"


def test_once_it_is_decided_nothing_is_being_considered_any_more():
    facts = [request(), happened("refused_to_assess", "2026-03-20")]
    for duty in ("notify_considering_partners", "notify_considering_assessment"):
        parties = {party for _, party in arisen(facts, "2026-03-20", duty)}
        assert {owed(facts, "2026-03-20", duty, party=party).state for party in parties} == {"lapsed"}


def test_a_setting_that_becomes_known_later_is_told_too():
    facts = [request(attends=None), happened("circumstances_recorded", "2026-03-05", attends="school")]
    assert len(arisen(facts, "2026-03-04", "notify_considering_partners")) == 2
    assert len(arisen(facts, "2026-03-05", "notify_considering_partners")) == 3
