"""Regs 47 and 48, ss.23, 49 and 61, SI 2014/1652: other rules with a time or a gate."""

from datetime import date

import pytest

from tests.law.told import UNMET, around, dues, happened, owed, states

PLACE = happened("assessment_place_began", "2026-05-04", setting="elm")


def test_a_plan_is_disclosed_for_higher_education_within_15_working_days():
    asked = happened("higher_education_disclosure_asked", "2026-08-10")
    assert around([asked], "2026-09-01", "he_disclosure") == UNMET                     # the bank holiday of 31 August is none
    assert owed([asked, happened("higher_education_disclosure_made", "2026-09-01")], "2026-09-01", "he_disclosure").state == "met"


def test_each_request_for_disclosure_is_one():
    facts = [happened("higher_education_disclosure_asked", "2026-03-02"), happened("higher_education_disclosure_asked", "2026-08-10"),
             happened("higher_education_disclosure_made", "2026-08-20")]
    assert states(facts, "2026-08-20", "he_disclosure") == {"2026-03-02": "overdue", "2026-08-10": "met"}


def test_a_child_may_stay_ten_days_on_which_the_special_setting_is_open():
    facts = [PLACE, happened("refused_to_issue", "2026-06-22", tenth_open_day_on="2026-07-06")]
    assert around(facts, "2026-07-06", "special_school_stay") == [("open", 0), ("open", 0), ("lapsed", 0)]
    assert "as it told = Mon 6 Jul 2026" in " ".join(owed(facts, "2026-07-06", "special_school_stay").why)


def test_the_day_is_not_guessed_where_the_setting_has_not_told_it():
    facts = [PLACE, happened("refused_to_issue", "2026-06-22")]
    stay = owed(facts, "2026-09-01", "special_school_stay")
    assert (stay.due_on, stay.state) == (None, "open")


def test_without_such_a_place_there_is_no_stay():
    assert dues([happened("refused_to_issue", "2026-06-22")], "2026-06-22", "special_school_stay") == {}
    assert owed([PLACE, happened("refused_to_issue", "2026-06-22"), happened("assessment_place_ended", "2026-06-26")], "2026-06-26",
                "special_school_stay").state == "lapsed"


@pytest.mark.parametrize(("first", "last"), [("2026-09-15", "2026-12-15"), ("2026-11-30", "2027-02-28")])
def test_direct_payments_are_reviewed_within_three_months_of_the_first(first, last):
    began = happened("direct_payment_began", first)
    assert around([began], last, "dp_review_3m") == UNMET
    assert owed([began, happened("direct_payment_reviewed", last)], last, "dp_review_3m").state == "met"


@pytest.mark.parametrize(("start", "fields", "id", "answer"), [
    ("health_view_formed", {}, "s23_health_notification", "health_notification_received"),
    ("direct_payment_requested", {}, "pb_refusal", "direct_payment_refused"),
    ("direct_payment_requested", {}, "pb_refusal", "direct_payment_agreed"),
    ("direct_payment_agreed", {}, "pb_consents", "direct_payment_consents_had"),
    ("became_young_person", {"direct_payments": True}, "pb_young_person_transition", "young_person_consent_ascertained"),
    ("provision_elsewhere_considered", {}, "eotas_consult", "family_consulted_on_provision_elsewhere")])
def test_steps_without_a_figure(start, fields, id, answer):
    before = [happened("direct_payment_requested", "2026-02-02")] if start == "direct_payment_agreed" else []
    facts = [*before, happened(start, "2026-03-02", **fields)]
    one = owed(facts, "2027-03-02", id)
    assert (one.due_on, one.state, one.days_late) == (None, "open", None)
    assert owed([*facts, happened(answer, "2026-03-10")], "2026-03-10", id).state == "met"


def test_a_refusal_of_direct_payments_opens_no_appeal():
    facts = [happened("direct_payment_requested", "2026-03-02"), happened("direct_payment_refused", "2026-03-20", reasons="r")]
    assert dues(facts, "2026-03-20", "lodge_appeal") == {}


def test_two_requests_for_direct_payments():
    facts = [happened("direct_payment_began", "2025-01-06"), happened("direct_payment_reviewed", "2025-03-03"),
             happened("direct_payment_began", "2026-09-15")]
    assert dues(facts, "2026-09-15", "dp_review_3m") == {"2025-01-06": date(2025, 4, 6), "2026-09-15": date(2026, 12, 15)}
    assert states(facts, "2026-09-15", "dp_review_3m") == {"2025-01-06": "met", "2026-09-15": "open"}
