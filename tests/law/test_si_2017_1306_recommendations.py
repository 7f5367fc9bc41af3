"""SI 2017/1306: recommendations of the Tribunal about health and social care, answered in periods that begin with their day."""

from datetime import date

import pytest

from tests.law.told import A_DAY, UNMET, around, dues, happened, owed, standing_of, states

MADE_ON = date(2027, 3, 4)
SERVICES = pytest.mark.parametrize(("service", "answer", "copy"), [
    ("health", "rec_health_response", "rec_health_copy_sos"), ("social_care", "rec_social_response", "rec_social_copy_sos")])


def made(service, **data):
    return happened("recommendation_made", MADE_ON, service=service, **data)


@SERVICES
def test_five_weeks_beginning_with_the_day_of_the_recommendation(service, answer, copy):
    last = date(2027, 4, 7)
    assert around([made(service)], last, answer) == UNMET
    for days, state, late in ((0, "met", 0), (1, "met_late", 1)):
        told = happened("recommendation_answered", last + days * A_DAY, service=service)
        assert standing_of(owed([made(service), told], "2027-05-01", answer)) == (state, late)


@SERVICES
def test_one_week_beginning_with_the_day_of_the_answer_for_the_copy(service, answer, copy):
    facts = [made(service), happened("recommendation_answered", "2027-04-07", service=service)]
    assert around(facts, "2027-04-13", copy) == UNMET
    sent = [*facts, happened("recommendation_answer_copied", "2027-04-13", service=service)]
    assert owed(sent, "2027-04-13", copy).state == "met"


@SERVICES
def test_unless_the_tribunal_directs_otherwise(service, answer, copy):
    assert around([made(service, directed_by="2027-03-25")], "2027-03-25", answer) == UNMET
    assert "The Tribunal directed Thu 25 Mar 2027." in owed([made(service, directed_by="2027-03-25")], MADE_ON, answer).why


def test_both_services_have_clocks_of_their_own_though_the_tribunal_spoke_on_one_day():
    facts = [made("health"), made("social_care"), happened("recommendation_answered", "2027-03-20", service="social_care")]
    assert owed(facts, "2027-04-08", "rec_health_response").state == "overdue"
    assert owed(facts, "2027-04-08", "rec_social_response").state == "met"
    assert dues(facts, "2027-04-08", "rec_health_copy_sos") == {}
    assert list(states(facts, "2027-04-08", "rec_social_copy_sos").values()) == ["overdue"]
