"""What a block of requests tells as facts: real days only, and a list of what it leaves open."""

from datetime import date

import pytest

from models.calendar import bank_holidays
from models.case import Case
from models.fact_check import check
from models.law.record import Fact
from models.sen2.record import Active, Assessment, Need, Placement, Plan, Request, Setting
from models.sen2.to_facts import Origin, taken
from models.stages import Stage

SURVEY = date(2026, 1, 15)
TODAY = date(2026, 6, 1)
ORIGIN = Origin("sen2_xml", "ab" * 32, 2026, SURVEY, TODAY)
RECEIVED, DECIDED, ISSUED = date(2025, 1, 6), date(2025, 2, 10), date(2025, 5, 20)


def told(request, *kinds):
    """What a block tells: kind, day and fields of each fact, without what all of them say."""
    facts = taken(request, ORIGIN).facts
    return [(one.kind, one.on, {k: v for k, v in one.data.items() if k != "how"}) for one in facts
            if one.kind != "taken_from_return" and (not kinds or one.kind in kinds)]


def unknown(request):
    return set(taken(request, ORIGIN).unknown)


def the_return(request):
    return dict(taken(request, ORIGIN).facts[-1].data)


def case_of(request, on=TODAY):
    facts = [Fact("C", number, one.kind, one.on, dict(one.data)) for number, one in enumerate(taken(request, ORIGIN).facts, 1)]
    return Case.of("C", facts, on, bank_holidays())


def owed(request, on=TODAY):
    """What is still to be done, as the case stands."""
    case = case_of(request, on)
    return {(one.duty.id, one.state) for one in (*case.duties, *case.targets) if one.state in ("open", "overdue")
            and one.duty.type != "window"}


@pytest.mark.parametrize("source, kind, by", [
    ("1", "request_received", "family"), ("2", "request_received", "setting"), ("3", "became_responsible", "health"),
    ("4", "became_responsible", "social_care"), ("5", "became_responsible", "other"), (None, "request_received", "not_known")])
def test_who_asked(source, kind, by):
    assert told(Request(received=RECEIVED, source=source, outcome="A")) == [(kind, RECEIVED, {"requested_by": by})]


def test_a_request_from_youth_accommodation():
    assert told(Request(received=RECEIVED, source="1", youth_accommodation=True, outcome="A"))[0][2]["detained"] is True


@pytest.mark.parametrize("outcome, day, kind, open_", [
    ("Y", DECIDED, "decided_to_assess", set()), ("N", DECIDED, "refused_to_assess", set()), ("H", DECIDED, "decided_to_assess", set()),
    ("Y", None, None, {"request_decided_on"}), ("N", None, None, {"request_decided_on"}), ("H", None, None, {"request_decided_on"}),
    ("A", None, None, set()), (None, None, None, {"request_outcome"})])
def test_the_decision_whether_to_assess(outcome, day, kind, open_):
    request = Request(received=RECEIVED, source="1", outcome=outcome, outcome_date=day)
    decisions = told(request, "decided_to_assess", "refused_to_assess")
    assert decisions == ([(kind, day, {"notified_on": day.isoformat()})] if kind else [])
    assert unknown(request) == open_
    assert the_return(request).get("request_outcome") == outcome


@pytest.mark.parametrize("request_, to", [
    (Request(received=RECEIVED, source="1", outcome="W"), None),
    (Request(received=RECEIVED, source="1", outcome="A", exported="202"), "202"),
    (Request(received=RECEIVED, source="1", outcome="Y", outcome_date=DECIDED, assessment=Assessment(outcome="W")), None)])
def test_what_has_ended_ended_by_the_survey_day_and_nobody_knows_when(request_, to):
    assert told(request_, "ended_in_return") == [("ended_in_return", SURVEY, {"to": to} if to else {})]
    assert "ended_on" in unknown(request_)
    assert case_of(request_).stage is Stage.T_ENDED_IN_RETURN


def test_a_plan_of_the_year():
    request = Request(received=RECEIVED, source="1", outcome="Y", outcome_date=DECIDED, assessment=Assessment(
        outcome="Y", outcome_date=ISSUED, exception=True, mediation=False, plan=Plan(start=ISSUED, personal_budget=False)))
    assert told(request) == [
        ("request_received", RECEIVED, {"requested_by": "family"}), ("decided_to_assess", DECIDED, {"notified_on": "2025-02-10"}),
        ("final_plan_sent", ISSUED, {}), ("plan_terms_recorded", SURVEY, {"personal_budget": False})]
    assert unknown(request) == {"decided_to_issue_on"}
    said = the_return(request)
    assert (said["exception_applied"], said["assessment_mediation"], said["survey_year"]) == (True, False, 2026)
    assert owed(request) == {("first_review", "overdue")}
    assert owed(request, date(2026, 5, 19)) == {("first_review", "open")}


def test_a_plan_from_before_is_one_that_was_there_and_nothing_is_made_up_about_its_beginnings():
    request = Request(outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=date(2022, 3, 1))), active=Active(
        review_meeting=date(2025, 3, 10), review_outcome="M", last_review=date(2025, 3, 31)))
    assert told(request) == [
        ("plan_taken_over", date(2022, 3, 1), {"made_on": "2022-03-01"}), ("review_meeting_held", date(2025, 3, 10), {}),
        ("review_decision_sent", date(2025, 3, 31), {"outcome": "continue"})]
    assert unknown(request) == {"request_received_on", "requested_by", "request_decided_on", "decided_to_issue_on"}
    assert {one.duty.id: one.state for one in case_of(request).duties if one.duty.type != "window"} == {
        "next_review": "overdue", "review_decision": "met", "final_amended_plan": "lapsed"}        # and no review of 2023 that was "late"


@pytest.mark.parametrize("request_", [
    Request(received=RECEIVED, source="1", outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=ISSUED))),
    Request(received=RECEIVED, source="1", outcome="Y", assessment=Assessment(outcome="Y", outcome_date=ISSUED, plan=Plan(start=ISSUED)))])
def test_a_decision_whose_day_is_not_told_is_not_called_late(request_):
    assert {duty for duty, _ in owed(request_)} <= {"first_review", "next_review"}


def test_a_decision_to_issue_whose_plan_is_not_out_is_owed_by_twenty_weeks():
    request = Request(received=RECEIVED, source="1", outcome="Y", outcome_date=DECIDED, assessment=Assessment(outcome="Y"))
    assert owed(request) == {("finalise_plan", "overdue")}


def test_a_refusal_to_issue():
    request = Request(received=RECEIVED, source="1", outcome="Y", outcome_date=DECIDED,
                      assessment=Assessment(outcome="N", outcome_date=date(2025, 4, 1)))
    assert told(request)[-1] == ("refused_to_issue", date(2025, 4, 1), {"notified_on": "2025-04-01"})
    assert case_of(request, date(2025, 6, 1)).stage is Stage.S35_REFUSED_TO_ISSUE
    assert case_of(request).stage is Stage.T_REFUSED_ISSUE


def test_a_refusal_that_was_reversed_stays_and_the_day_of_the_reversal_is_not_known():
    request = Request(received=RECEIVED, source="1", outcome="N", outcome_date=DECIDED, tribunal=True, assessment=Assessment(
        outcome="Y", outcome_date=ISSUED, plan=Plan(start=ISSUED)))
    assert [kind for kind, _, _ in told(request)] == ["request_received", "refused_to_assess", "final_plan_sent"]
    assert "refusal_reversed_on" in unknown(request) and the_return(request)["request_tribunal"] is True


@pytest.mark.parametrize("code, kind, data", [
    ("1", "plan_ceased", {"cease_reason": "max_age"}), ("2", "plan_ceased", {"cease_reason": "needs_met"}),
    ("3", "plan_ceased", {"cease_reason": "higher_education"}), ("4", "plan_ceased", {"cease_reason": "paid_employment"}),
    ("5", "plan_transferred", {"side": "old_authority"}), ("6", "plan_ceased", {"cease_reason": "no_longer_wishes"}),
    ("7", "plan_ceased", {"cease_reason": "outside_england"}), ("8", "child_died", {}), ("9", "plan_ceased", {"cease_reason": "other"}),
    (None, "plan_ceased", {})])
def test_the_end_of_a_plan(code, kind, data):
    ended = date(2025, 8, 31)
    request = Request(outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=date(2020, 1, 7), cease_date=ended, cease_reason=code)))
    assert told(request)[-1] == (kind, ended, data)
    assert case_of(request).stage.is_terminal and not owed(request)


def test_settings_needs_placements_and_words_that_are_kept_apart():
    request = Request(outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=date(2020, 1, 7), settings=[
        Setting(urn="100000", rank="1", sen_unit=True, resourced=False), Setting(code="OTH", other="at home", rank="2")])),
        active=Active(needs=[Need(type="ASD", rank="2"), Need(type="SLCN", rank="1")], transferred_from="202", placements=[
            Placement(ukprn="10000001", rank="1", entered=date(2024, 9, 2), left=date(2025, 7, 20), residential="A")]))
    assert told(request, "plan_setting_recorded") == [
        ("plan_setting_recorded", SURVEY, {"urn": "100000", "rank": 1, "sen_unit": True, "resourced_provision": False}),
        ("plan_setting_recorded", SURVEY, {"setting_code": "OTH", "rank": 2, "note": "at home"})]
    assert told(request, "needs_recorded") == [("needs_recorded", SURVEY, {"primary": "SLCN", "secondary": "ASD"})]
    assert told(request, "placement_recorded") == [("placement_recorded", date(2024, 9, 2), {
        "ukprn": "10000001", "rank": 1, "entered_on": "2024-09-02", "left_on": "2025-07-20", "residential": "A"})]
    assert the_return(request)["transferred_from"] == "202"


@pytest.mark.parametrize("due, transfer", [
    (date(2026, 2, 15), "other"), (date(2026, 2, 14), "other"), (date(2026, 3, 31), "secondary_to_post16"),
    (date(2026, 3, 30), "secondary_to_post16")])
def test_a_phase_transfer_is_known_by_its_due_day(due, transfer):
    request = Request(outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=date(2020, 1, 7))), active=Active(transfer_due=due))
    assert told(request, "phase_transfer_identified") == [("phase_transfer_identified", SURVEY, {"transfer": transfer, "year": 2026})]
    assert any(duty.startswith("phase_transfer") for duty, _ in owed(request))
    request.active.transfer_final = date(2026, 1, 10)
    assert not any(duty.startswith("phase_transfer") for duty, _ in owed(request))


def test_another_due_day_tells_no_phase_transfer():
    request = Request(outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=date(2020, 1, 7))),
                      active=Active(place="line 9", transfer_due=date(2026, 9, 1)))
    one = taken(request, ORIGIN)
    assert "phase_transfer" in one.unknown
    assert [(f.rule, f.place, f.tag, f.value) for f in one.findings] == [("T02", "line 9", "PhaseTransferDueDate", "2026-09-01")]


def test_a_review_without_its_outcome_is_over_and_nobody_calls_an_amendment_late():
    request = Request(outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=date(2020, 1, 7))),
                      active=Active(review_meeting=date(2025, 9, 1), last_review=date(2025, 9, 20)))
    assert "review_outcome" in unknown(request) and case_of(request).stage is Stage.S60_MAINTAINED
    assert owed(request) == {("next_review", "open")}


def test_a_plan_younger_than_the_review_that_amends_it_is_the_amended_plan():
    request = Request(outcome="H", assessment=Assessment(outcome="H", plan=Plan(start=date(2025, 6, 1))), active=Active(
        review_meeting=date(2025, 3, 10), review_outcome="A", last_review=date(2025, 3, 31), review_draft=date(2025, 3, 31)))
    assert ("final_amended_plan_sent", date(2025, 6, 1), {"answers": ["review:2025-03-10"]}) in told(request)
    assert not any(duty == "final_amended_plan" for duty, _ in owed(request))
    request.plan.start = date(2021, 1, 1)                # whether it was sent, no other item tells: nobody calls it late
    assert "amended_plan_on" in unknown(request) and not any(duty == "final_amended_plan" for duty, _ in owed(request))


@pytest.mark.parametrize("day, says", [(date(2026, 6, 2), "in the future"), (date(1999, 12, 31), "too long ago")])
def test_a_day_that_cannot_be_is_left_out_and_found(day, says):
    one = taken(Request(received=day, source="1", outcome="A", place="line 4"), ORIGIN)
    assert [fact.kind for fact in one.facts] == ["taken_from_return"]
    assert [(f.rule, f.tag) for f in one.findings] == [("T01", "ReceivedDate")] and says in one.findings[0].says
    assert "request_received" in one.unknown


def test_every_fact_can_be_recorded():
    for request in (Request(received=RECEIVED, source="3", youth_accommodation=True, outcome="W", place="requests row 17"),
                    Request(outcome="H", exported="XXX", place="line 120")):
        for one in taken(request, ORIGIN).facts:
            check(one.kind, one.on, one.data, at_door=True, today=TODAY)
    assert the_return(request)["place"] == "line:120"
