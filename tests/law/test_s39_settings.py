"""ss.39 and 40: the settings that are consulted, requested and named. Their 15 days are guidance (Code 9.83)."""

from datetime import date

import pytest

from tests.law.told import A_DAY, THE_DAY_AND_ITS_NEIGHBOURS, arisen, happened, owed, request, standing_of

ISSUING = [request(), happened("decided_to_assess", "2026-04-07"), happened("decided_to_issue", "2026-06-01"),
           happened("draft_plan_served", "2026-06-08")]
ASKED, LAST = date(2026, 6, 15), date(2026, 6, 30)
ANSWER, REQUESTED, PROPOSED, NAMED = ("setting_consult_response", "consult_requested_setting", "consult_proposed_setting",
                                      "name_requested_setting")


def said(kind, on, setting=None, **data):
    return happened(kind, on, **({"setting": setting} if setting else {}), **data)


CONSULTED = said("setting_consulted", ASKED, "oak")


@pytest.mark.parametrize(("days", "state", "late"), THE_DAY_AND_ITS_NEIGHBOURS)
def test_a_setting_has_fifteen_calendar_days_by_guidance(days, state, late):
    one = owed([*ISSUING, CONSULTED], LAST + days * A_DAY, ANSWER)
    assert (one.due_on, one.duty.kind, one.party) == (LAST, "guide", "oak")
    assert standing_of(one) == (state, late)


@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_and_answers_for_itself(days, state, late):
    facts = [*ISSUING, CONSULTED, said("setting_consulted", ASKED, "elm"), said("setting_answered", LAST + days * A_DAY, "oak")]
    assert standing_of(owed(facts, "2026-07-10", ANSWER, party="oak")) == (state, late)
    assert standing_of(owed(facts, "2026-07-10", ANSWER, party="elm")) == ("overdue", 10)


def test_a_setting_asked_with_a_newer_plan_after_its_answer_is_asked_anew():
    facts = [*ISSUING, CONSULTED, said("setting_answered", "2026-06-20", "oak"), said("setting_consulted", "2026-07-01", "oak")]
    assert owed(facts, "2026-06-30", ANSWER).state == "met"
    one = owed(facts, "2026-07-01", ANSWER)
    assert (one.state, one.due_on) == ("open", date(2026, 7, 16))
    assert [fact.kind for fact in one.earlier] == ["setting_consulted", "setting_answered"]


def test_a_setting_asked_again_before_its_answer_has_no_longer():
    facts = [*ISSUING, CONSULTED, said("setting_consulted", "2026-06-25", "oak")]
    assert owed(facts, LAST, ANSWER).due_on == LAST


def test_an_answer_to_no_question_answers_none():
    facts = [*ISSUING, said("setting_answered", ASKED - A_DAY, "oak"), CONSULTED]
    assert owed(facts, ASKED, ANSWER).state == "open"
    assert owed(facts, ASKED, ANSWER).earlier == ()


@pytest.mark.parametrize(("asked", "answered", "state"), [
    ("oak", None, "met"), (None, "oak", "met"), (None, None, "met"), ("oak", "oak", "met"), ("oak", "elm", "open")])
def test_where_one_setting_was_consulted_an_answer_that_names_none_is_its_own(asked, answered, state):
    facts = [*ISSUING, said("setting_consulted", ASKED, asked), said("setting_answered", "2026-06-20", answered)]
    assert owed(facts, "2026-06-25", ANSWER).state == state


def test_where_two_were_consulted_an_answer_that_names_none_is_nobodys():
    facts = [*ISSUING, CONSULTED, said("setting_consulted", ASKED, "elm"), said("setting_answered", "2026-06-20")]
    assert {owed(facts, "2026-06-25", ANSWER, party=who).state for who in ("oak", "elm")} == {"open"}


def test_the_setting_that_the_family_requests_is_consulted_and_so_is_each_that_the_council_considers():
    facts = [*ISSUING, said("setting_requested", "2026-06-10", "oak"), said("setting_proposed", "2026-06-11", "elm")]
    assert arisen(facts, ASKED, REQUESTED) == [(None, "oak")]
    assert arisen(facts, ASKED, PROPOSED) == [(None, "elm")]
    facts.append(CONSULTED)
    assert owed(facts, ASKED, REQUESTED).state == "met"
    assert owed(facts, ASKED, PROPOSED).state == "open"
    assert owed([*facts, said("setting_consulted", ASKED, "elm")], ASKED, PROPOSED).state == "met"
    assert owed(facts, ASKED, REQUESTED).due_on is None


def test_a_setting_consulted_before_the_family_asked_for_it_has_been_consulted():
    facts = [*ISSUING, said("setting_consulted", "2026-06-09", "oak"), said("setting_requested", "2026-06-10", "oak")]
    assert owed(facts, "2026-06-10", REQUESTED).state == "met"


def test_the_final_plan_names_the_setting_requested():
    asked = said("setting_requested", "2026-06-10", "oak")
    assert owed([*ISSUING, asked], "2026-07-01", NAMED).state == "open"
    for plan, state in ((said("final_plan_sent", "2026-07-01", "oak"), "met"), (said("final_plan_sent", "2026-07-01"), "met"),
                        (said("final_plan_sent", "2026-07-01", "elm"), "open"),
                        (said("final_plan_sent", "2026-07-01", type_only=True), "open")):
        assert owed([*ISSUING, asked, plan], "2026-07-01", NAMED).state == state


def test_or_the_family_is_told_why_not():
    facts = [*ISSUING, said("setting_requested", "2026-06-10", "oak"), said("setting_requested", "2026-06-10", "elm"),
             said("setting_request_refused", "2026-06-28", "oak", reasons="r"), said("final_plan_sent", "2026-07-01", "elm")]
    assert {owed(facts, "2026-07-01", NAMED, party=who).state for who in ("oak", "elm")} == {"met"}


def test_a_no_to_one_setting_is_none_to_another():
    facts = [*ISSUING, said("setting_requested", "2026-06-10", "oak"), said("setting_requested", "2026-06-10", "elm"),
             said("setting_request_refused", "2026-06-28", "oak", reasons="r")]
    assert [owed(facts, "2026-06-28", NAMED, party=who).state for who in ("oak", "elm")] == ["met", "open"]


def test_the_final_plan_ends_the_consulting():
    facts = [*ISSUING, CONSULTED, said("setting_proposed", "2026-06-11", "elm"), said("final_plan_sent", "2026-06-29", "oak")]
    assert owed(facts, "2026-06-29", ANSWER).state == "lapsed"
    assert owed(facts, "2026-06-29", PROPOSED).state == "lapsed"
