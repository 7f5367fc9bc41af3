"""Reg 13 and 14, s.38: the draft with the family for at least 15 days, and the final plan within twenty weeks of the request."""

from datetime import date

import pytest

from tests.law.told import (
    A_DAY,
    SIXTEEN,
    THE_DAY_AND_ITS_NEIGHBOURS,
    TWENTY,
    arisen,
    happened,
    owed,
    request,
    standing_of,
)

FINAL, WINDOW, MEETING = "finalise_plan", "draft_representation_window", "hold_draft_meeting"
ISSUING = [request(), happened("decided_to_assess", "2026-04-07"), happened("decided_to_issue", "2026-06-15")]
SERVED, CLOSES = date(2026, 6, 22), date(2026, 7, 6)
DRAFT = happened("draft_plan_served", SERVED)


def sent(on, *to, **data):
    return happened("final_plan_sent", on, **({"sent_to": list(to)} if to else {}), **data)


# --- reg 13(2): twenty weeks --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("days", "state", "late"), THE_DAY_AND_ITS_NEIGHBOURS)
def test_unsent(days, state, late):
    one = owed(ISSUING, TWENTY + days * A_DAY, FINAL)
    assert (one.due_on, one.reporting_due_on) == (TWENTY, TWENTY - A_DAY)
    assert standing_of(one) == (state, late)


@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_sent(days, state, late):
    assert standing_of(owed([*ISSUING, sent(TWENTY + days * A_DAY)], "2026-12-01", FINAL)) == (state, late)


@pytest.mark.parametrize("to", [("family",), ("family", "setting"), ("family", "rcb"), ("setting", "rcb")])
def test_a_plan_that_did_not_go_to_all_three_is_not_sent(to):
    assert standing_of(owed([*ISSUING, sent(TWENTY, *to)], TWENTY + A_DAY, FINAL)) == ("overdue", 1)


@pytest.mark.parametrize("place", ["setting", "early_years"])
def test_it_goes_to_the_family_the_place_named_and_the_commissioning_body(place):
    assert owed([*ISSUING, sent(TWENTY, "rcb", place, "family")], TWENTY, FINAL).state == "met"


def test_a_plan_that_names_only_a_type_of_place_goes_to_two():
    assert owed([*ISSUING, sent(TWENTY, "family", "rcb", type_only=True)], TWENTY, FINAL).state == "met"


def test_sent_to_one_after_the_other_it_is_sent_when_the_last_has_it():
    facts = [*ISSUING, sent(TWENTY - A_DAY, "family"), sent(TWENTY, "rcb"), sent(TWENTY + A_DAY, "setting")]
    assert standing_of(owed(facts, TWENTY, FINAL)) == ("open", 0)
    assert standing_of(owed(facts, TWENTY + A_DAY, FINAL)) == ("met_late", 1)


def test_a_record_that_does_not_say_to_whom_is_taken_at_its_word():
    assert owed([*ISSUING, sent(TWENTY)], TWENTY, FINAL).state == "met"


@pytest.mark.parametrize("end", ["withdrawal_accepted", "moved_away", "child_died"])
def test_the_end_of_the_case_is_the_end_of_the_duty_and_does_not_undo_lateness(end):
    facts = [*ISSUING, happened(end, TWENTY + 5 * A_DAY)]
    assert standing_of(owed(facts, TWENTY + 4 * A_DAY, FINAL)) == ("overdue", 4)
    assert standing_of(owed(facts, TWENTY + 50 * A_DAY, FINAL)) == ("lapsed", 5)


def test_of_two_ends_the_first_is_the_end():
    facts = [*ISSUING, happened("moved_away", TWENTY + A_DAY, to="kent"), happened("child_died", TWENTY + 9 * A_DAY)]
    one = owed(facts, TWENTY + 30 * A_DAY, FINAL)
    assert (one.lapsed_on, one.days_late, one.lapsed_by.kind) == (TWENTY + A_DAY, 1, "moved_away")


def test_sent_on_the_very_day_of_the_end_it_was_sent():
    facts = [*ISSUING, sent(TWENTY), happened("child_died", TWENTY)]
    assert owed(facts, TWENTY, FINAL).state == "met"
    assert owed([*ISSUING, sent(TWENTY), happened("child_died", TWENTY - A_DAY)], TWENTY, FINAL).state == "lapsed"


# --- s.38, reg 13(1): the draft -----------------------------------------------------------------------------------

def test_the_draft_has_no_date_of_its_own_not_even_at_sixteen_weeks():
    one = owed(ISSUING, TWENTY, "send_draft_plan")
    assert (one.due_on, one.state, one.duty.kind) == (None, "open", "derived")
    assert owed([*ISSUING, DRAFT], SIXTEEN, "send_draft_plan").state == "met"


@pytest.mark.parametrize(("served", "last"), [
    pytest.param(date(2026, 10, 12), date(2026, 10, 26), id="the day of service is day 1"),
    pytest.param(date(2026, 12, 18), date(2027, 1, 1), id="bank holidays count"),
    pytest.param(date(2028, 2, 20), date(2028, 3, 5), id="29 February counts"),
])
def test_the_window_is_fifteen_calendar_days_beginning_with_service(served, last):
    facts = [request("2026-09-01"), happened("draft_plan_served", served)]
    assert owed(facts, served, WINDOW).due_on == last


@pytest.mark.parametrize(("days", "state"), [(-1, "open"), (0, "open"), (1, "met")])
def test_it_is_a_floor_for_the_family_and_no_deadline_for_the_council(days, state):
    one = owed([*ISSUING, DRAFT], CLOSES + days * A_DAY, WINDOW)
    assert (one.due_on, standing_of(one)) == (CLOSES, (state, 0))
    assert "The next step may be taken from the day after Mon 6 Jul 2026." in one.why


@pytest.mark.parametrize(("days", "state"), [(-1, "lapsed"), (0, "lapsed"), (1, "met")])
def test_a_plan_sent_within_the_window_cuts_it_short(days, state):
    facts = [*ISSUING, DRAFT, sent(CLOSES + days * A_DAY)]
    one = owed(facts, "2026-08-01", WINDOW)
    assert standing_of(one) == (state, 0)
    assert (one.why[-1] == "The period was cut short.") is (state == "lapsed")


def test_representations_do_not_end_the_window():
    facts = [*ISSUING, DRAFT, happened("representations_received", SERVED + 3 * A_DAY)]
    assert owed(facts, SERVED + 3 * A_DAY, WINDOW).state == "open"


def test_a_draft_served_again_opens_fifteen_new_days():
    facts = [*ISSUING, DRAFT, happened("draft_plan_served", CLOSES)]
    assert owed(facts, CLOSES - A_DAY, WINDOW).due_on == CLOSES
    one = owed(facts, CLOSES, WINDOW)
    assert (one.due_on, one.state) == (CLOSES + 14 * A_DAY, "open")


def test_and_moves_the_twenty_weeks_not_at_all():
    facts = [*ISSUING, DRAFT, happened("draft_plan_served", TWENTY - A_DAY)]
    assert owed(facts, TWENTY + A_DAY, FINAL).state == "overdue"


# --- reg 13(1)(a)(ii): the meeting --------------------------------------------------------------------------------

def test_a_meeting_is_owed_only_where_the_family_requires_one():
    assert arisen([*ISSUING, DRAFT], CLOSES, MEETING) == []
    facts = [*ISSUING, DRAFT, happened("draft_meeting_required", "2026-06-25")]
    assert (owed(facts, CLOSES, MEETING).state, owed(facts, CLOSES, MEETING).due_on) == ("open", None)
    assert owed([*facts, happened("draft_meeting_held", "2026-07-01")], CLOSES, MEETING).state == "met"


def test_a_meeting_held_before_it_was_required_is_another():
    facts = [*ISSUING, DRAFT, happened("draft_meeting_held", "2026-06-24"), happened("draft_meeting_required", "2026-06-25")]
    assert owed(facts, CLOSES, MEETING).state == "open"


def test_a_meeting_required_about_the_draft_served_again_is_owed_again():
    facts = [*ISSUING, DRAFT, happened("draft_meeting_required", "2026-06-25"), happened("draft_meeting_held", "2026-07-01"),
             happened("draft_plan_served", "2026-07-03"), happened("draft_meeting_required", "2026-07-05")]
    assert owed(facts, "2026-07-04", MEETING).state == "met"
    assert owed(facts, "2026-07-05", MEETING).state == "open"


# --- steps without a figure ---------------------------------------------------------------------------------------

@pytest.mark.parametrize(("duty", "done"), [("prepare_plan", "final_plan_sent"),
                                            ("consult_on_draft_content", "family_consulted_on_draft")])
def test_steps_of_drafting_have_no_date(duty, done):
    assert arisen(ISSUING[:2], "2026-06-14", duty) == []
    assert (owed(ISSUING, "2027-01-01", duty).state, owed(ISSUING, "2027-01-01", duty).due_on) == ("open", None)
    assert owed([*ISSUING, happened(done, "2026-07-01")], "2026-07-01", duty).state == "met"


@pytest.mark.parametrize("end", ["refused_to_issue", "withdrawal_accepted", "moved_away", "child_died"])
def test_where_no_plan_is_made_after_all_nothing_of_it_is_owed(end):
    asked = [happened(kind, "2026-06-25", setting="oak") for kind in ("draft_meeting_required", "setting_requested", "setting_proposed",
                                                                       "setting_consulted")]
    facts = [*ISSUING, *asked, happened(end, "2026-06-30")]
    for duty in ("prepare_plan", "consult_on_draft_content", "send_draft_plan", MEETING, "name_requested_setting",
                 "setting_consult_response", FINAL):
        assert owed(facts, "2026-06-29", duty).state == "open"
        assert owed(facts, "2026-06-30", duty).state == "lapsed"


def test_after_the_plan_the_setting_admits_and_the_council_secures_the_provision():
    facts = [*ISSUING, sent("2026-07-15")]
    assert [owed(facts, "2026-07-15", duty).state for duty in ("admit", "secure_provision")] == ["open", "open"]
    assert owed([*facts, happened("admitted", "2026-09-02")], "2026-09-02", "admit").state == "met"
    assert owed([*facts, happened("admitted", "2026-09-02")], "2030-09-02", "secure_provision").state == "open"
