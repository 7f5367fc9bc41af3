"""The standing record: corrections, and corrections of corrections, applied; facts in the order of their days."""

import random
from datetime import date

import pytest

from models.law.record import BadRecord, Fact, standing
from tests.law.told import A_DAY, SIX, happened, owed, recorded, request

DECIDE = "decide_whether_to_assess"


def corrected(replaces, on="2026-05-01", **data):
    return happened("fact_corrected", on, replaces=replaces, **data)


def told(*facts):
    return [(fact.number, fact.kind, fact.on.isoformat()) for fact in standing(recorded(*facts))]


def test_a_corrected_day_of_receipt_moves_every_clock_and_is_explained_by_the_corrected_fact():
    facts = [request(), corrected(1, corrected={"on": "2026-03-05"})]
    one = owed(facts, "2026-05-02", DECIDE)
    assert one.due_on == SIX + 3 * A_DAY
    assert "It was started by request_received on Thu 5 Mar 2026 (fact 1)." in one.why


@pytest.mark.parametrize("correction", [
    corrected(1, "2026-03-05"),                                                  # as its own day
    corrected(1, corrected={"on": "2026-03-05"}),                                # as the fact it should have been
    corrected(1, corrected={"fact": "request_received", "on": date(2026, 3, 5)}),
])
def test_a_correction_says_what_should_have_been_in_either_form(correction):
    fact, = standing(recorded(request(), correction))
    assert (fact.number, fact.kind, fact.on, fact["attends"]) == (1, "request_received", date(2026, 3, 5), "school")


def test_what_a_correction_does_not_say_stays():
    fact, = standing(recorded(request(attends="school", year_group=4), corrected(1, corrected={"year_group": 9})))
    assert (fact.on, fact["attends"], fact["year_group"]) == (date(2026, 3, 2), "school", 9)


def test_a_field_can_be_emptied():
    fact, = standing(recorded(request(year_group=9), corrected(1, corrected={"year_group": None})))
    assert fact["year_group"] is None


def test_a_fact_of_another_kind_keeps_none_of_the_old_fields():
    facts = recorded(happened("refused_to_assess", "2026-04-01", decided_by="x"),
                     corrected(1, corrected={"fact": "decided_to_assess", "on": "2026-04-01"}))
    fact, = standing(facts)
    assert (fact.kind, dict(fact.data)) == ("decided_to_assess", {})


def test_what_a_correction_says_about_itself_is_no_part_of_the_fact():
    fact, = standing(recorded(request(), corrected(1, "2026-03-05", because="mistyped", key="k", note="n")))
    assert set(fact.data) == {"requested_by", "attends"}


def test_a_withdrawn_fact_does_not_stand():
    assert told(request(), happened("refused_to_assess", "2026-04-01"), corrected(2, withdrawn=True)) == [
        (1, "request_received", "2026-03-02")]


def test_corrections_of_one_fact_add_up():
    fact, = standing(recorded(request(), corrected(1, corrected={"on": "2026-03-05"}), corrected(1, corrected={"year_group": 9})))
    assert (fact.on, fact["year_group"]) == (date(2026, 3, 5), 9)


def test_where_they_differ_the_last_counts():
    facts = recorded(request(), corrected(1, corrected={"on": "2026-03-05"}), corrected(1, corrected={"on": "2026-03-04"}))
    assert standing(facts)[0].on == date(2026, 3, 4)
    assert standing(reversed(facts))[0].on == date(2026, 3, 4)


def test_a_withdrawn_fact_can_be_told_again():
    assert told(request(), corrected(1, withdrawn=True), corrected(1, corrected={"on": "2026-03-05"})) == [
        (1, "request_received", "2026-03-05")]


def test_a_correction_of_a_correction_stands_in_its_place():
    facts = recorded(request(), corrected(1, corrected={"on": "2026-03-20", "year_group": 9}), corrected(2, corrected={"on": "2026-03-05"}))
    fact, = standing(facts)
    assert (fact.number, fact.on, fact["year_group"]) == (1, date(2026, 3, 5), None)


def test_a_correction_taken_back_leaves_the_fact_as_it_was():
    assert told(request(), corrected(1, corrected={"on": "2026-03-20"}), corrected(2, withdrawn=True)) == [
        (1, "request_received", "2026-03-02")]


def test_a_withdrawal_taken_back_leaves_the_fact_standing():
    assert told(request(), corrected(1, withdrawn=True), corrected(2, withdrawn=True)) == [(1, "request_received", "2026-03-02")]


def test_taking_back_what_was_taken_back_withdraws_again():
    assert told(request(), corrected(1, withdrawn=True), corrected(2, withdrawn=True), corrected(3, withdrawn=True)) == []


def test_a_correction_taken_back_leaves_the_one_before_it():
    facts = (request(), corrected(1, corrected={"on": "2026-03-05"}), corrected(1, corrected={"on": "2026-03-20"}),
             corrected(3, withdrawn=True))
    assert told(*facts) == [(1, "request_received", "2026-03-05")]
    instead = (request(), corrected(1, corrected={"on": "2026-03-05"}), corrected(2, corrected={"on": "2026-03-20"}),
               corrected(3, withdrawn=True))
    assert told(*instead) == [(1, "request_received", "2026-03-05")]


@pytest.mark.parametrize("target", [0, 9, None, 2, "1"])
def test_a_correction_of_what_is_not_there_contradicts_the_record(target):
    with pytest.raises(BadRecord, match=r"A1: fact 2 corrects fact .*, which is not on the record. Facts that can be corrected: 1"):
        standing(recorded(request(), corrected(target)))


def test_two_corrections_of_each_other_correct_nothing():
    with pytest.raises(BadRecord, match="Facts that can be corrected: none"):
        standing(recorded(corrected(2), corrected(1)))


def test_a_correction_counts_on_every_day_not_only_from_its_own():
    facts = [request(), corrected(1, "2026-05-01", corrected={"on": "2026-03-05"})]
    assert owed(facts, "2026-03-05", DECIDE).due_on == SIX + 3 * A_DAY


def test_a_fact_corrected_to_a_later_day_has_not_happened_before_it():
    facts = [request(), happened("decided_to_assess", "2026-04-10"), corrected(2, corrected={"on": "2026-04-14"})]
    assert owed(facts, "2026-04-13", DECIDE).state == "open"
    assert owed(facts, "2026-04-14", DECIDE).state == "met_late"


def test_facts_stand_in_the_order_of_their_days_and_of_the_process():
    facts = [happened("final_plan_sent", "2026-07-01"), happened("advice_requested", "2026-04-07", adviser="adv_d_psychology"),
             happened("decided_to_assess", "2026-04-07"), happened("note_taken", "2026-04-07"), request(),
             happened("advice_requested", "2026-04-07", adviser="adv_c_medical")]
    order = [(fact.kind, fact["adviser"]) for fact in standing(recorded(*facts))]
    assert order == [("request_received", None), ("decided_to_assess", None), ("advice_requested", "adv_c_medical"),
                     ("advice_requested", "adv_d_psychology"), ("note_taken", None), ("final_plan_sent", None)]


def test_the_facts_of_one_day_stand_in_the_order_of_the_process():
    process = ["request_received", "became_responsible", "family_consulted", "family_told_considering", "partner_told_considering",
               "decided_to_assess", "refused_to_assess", "advice_requested", "advice_delivered", "existing_advice_sufficed",
               "advice_received", "decided_to_issue", "refused_to_issue", "draft_plan_served", "representations_received",
               "setting_requested", "setting_proposed", "setting_consulted", "setting_answered", "final_plan_sent", "admitted",
               "child_died"]
    facts = recorded(*(happened(kind, "2026-03-02") for kind in sorted(process)))
    assert [fact.kind for fact in standing(facts)] == process


def test_the_order_in_which_a_record_is_read_does_not_matter():
    facts = recorded(request(), happened("decided_to_assess", "2026-04-07"), corrected(2, corrected={"on": "2026-04-08"}),
                     corrected(1, corrected={"year_group": 3}), happened("refused_to_issue", "2026-04-08"), corrected(5, withdrawn=True))
    expected = standing(facts)
    shuffled = random.Random(1)
    for _ in range(20):
        shuffled.shuffle(facts)
        assert standing(facts) == expected


def test_a_fact_says_what_it_is_and_answers_none_for_what_it_does_not_say():
    fact = Fact("A1", 3, "request_received", date(2026, 3, 2))
    assert str(fact) == "request_received on Mon 2 Mar 2026 (fact 3)"
    assert fact["colour"] is None
