"""What the facts of a person's cases put into the return of a year: the eight rules of export, who is returned, and each item."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest

from models.calendar import bank_holidays
from models.case import Case
from models.fact_check import check
from models.law.record import Fact
from models.sen2.from_facts import Who, as_of, returned, world_of
from models.sen2.rules import check as look_through
from models.sen2.rules import own_keys
from tests.models.sen2 import clean

YEAR = 2027
WORLD = world_of(YEAR, "201")
OPENS, CLOSES, SURVEY = date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 21)
ONE_DAY = timedelta(days=1)
SAM = Who("P-1", "Sam Ash", date(2016, 5, 4), sex="F", ethnicity="WBRI", upn="B801200005001")
CLOSED = bank_holidays()


def case(*facts, ref="A1", on=SURVEY):
    """The case with these facts, each (day, kind, fields), as it stands on the survey day."""
    told = [Fact(ref, number, kind, day, MappingProxyType(check(kind, day, dict(data[0]) if data else {}, at_door=False)))
            for number, (day, kind, *data) in enumerate(facts, start=1)]
    return as_of(ref, told, WORLD, CLOSED) if on == SURVEY else Case.of(ref, told, on, CLOSED)


def record(*facts, year=YEAR, **more):
    """The block of requests that these facts put into a return; None where they put nothing."""
    world = world_of(year, "201")
    person = returned(SAM, [case(*facts, on=world.survey)], world, **more).person
    return person.requests[0] if person else None


def day(month, of, year=2026):
    return date(year, month, of)


ASKED = (day(2, 3), "request_received", {"requested_by": "parent", "attends": "school"})
YES = (day(3, 10), "decided_to_assess", {"decided_by": "officer-1"})
NO = (day(3, 10), "refused_to_assess", {"decided_by": "officer-1"})
WILL_ISSUE = (day(5, 20), "decided_to_issue", {"decided_by": "officer-1"})
WILL_NOT = (day(5, 20), "refused_to_issue", {"decided_by": "officer-1"})
ISSUED = (day(6, 20), "final_plan_sent")
SETTING = (day(6, 20), "plan_setting_recorded", {"rank": 1, "urn": "100001", "sen_unit": False, "resourced_provision": True})
PLACED = (day(9, 1), "placement_recorded", {"rank": 1, "urn": "100001", "entered_on": day(9, 1), "sen_unit": False,
                                            "resourced_provision": True})
NEEDS = (day(6, 20), "needs_recorded", {"primary": "ASD", "secondary": "SLCN"})
TERMS = (day(6, 20), "plan_terms_recorded", {"personal_budget": False})
PLANNED = (ASKED, YES, WILL_ISSUE, ISSUED, SETTING, PLACED, NEEDS, TERMS)
TAKEN_OVER = (day(3, 1, 2022), "plan_taken_over", {"made_on": day(3, 1, 2022)})
FROM_RETURN = {"source": "sen2_xml", "sha256": "ab" * 32, "how": "return"}


# --- the eight rules of export ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("decided, outcome", [(OPENS - ONE_DAY, "H"), (OPENS, "Y"), (OPENS + ONE_DAY, "Y")])
def test_1_yes_becomes_h_once_it_was_decided_before_the_collection_year(decided, outcome):
    request = record((day(11, 3, 2025), "request_received", {"requested_by": "parent"}), (decided, "decided_to_assess"))
    assert (request.outcome, request.outcome_date) == (outcome, None if outcome == "H" else decided)
    assert request.received == day(11, 3, 2025)                     # sent when it is known, with H too


@pytest.mark.parametrize("issued, outcome", [(OPENS - ONE_DAY, "H"), (OPENS, "Y"), (OPENS + ONE_DAY, "Y")])
def test_1_a_plan_that_was_issued_before_the_collection_year_is_h(issued, outcome):
    early = [(day(8, 3, 2025), "request_received", {"requested_by": "parent"}), (day(9, 10, 2025), "decided_to_assess"),
             (day(11, 20, 2025), "decided_to_issue")]
    assessment = record(*early, (issued, "final_plan_sent")).assessment
    assert (assessment.outcome, assessment.outcome_date) == (outcome, None if outcome == "H" else issued)
    assert assessment.plan.start == issued


def test_1_the_true_outcome_stays_in_the_record():
    facts = [(day(8, 3, 2025), "request_received", {"requested_by": "parent"}), (day(9, 10, 2025), "decided_to_assess")]
    assert record(*facts, year=2026).outcome == "Y" and record(*facts, year=2027).outcome == "H"


@pytest.mark.parametrize("made", [day(1, 10, 2020), day(5, 1)])
def test_2_the_assessment_is_h_where_the_plan_came_from_another_council_whatever_the_days(made):
    request = record((day(9, 1), "plan_transferred", {"side": "new_authority", "made_on": made, "to": "kent"}))
    assert (request.outcome, request.assessment.outcome, request.active.transferred_from) == ("H", "H", "886")
    assert request.plan.start == made


def test_3_what_has_no_value_is_none_so_that_no_empty_element_is_written():
    request = record(ASKED, YES)
    assert request.exported is None and request.active is None and request.assessment.plan is None
    assert request.assessment.mediation is None and request.assessment.outcome_date is None


def test_4_only_the_last_review_and_its_letter():
    reviews = [(day(2, 1, 2025), "review_meeting_held"), (day(2, 20, 2025), "review_decision_sent", {"outcome": "amend"}),
               (day(2, 20, 2025), "amendment_notice_sent"), (day(4, 1, 2025), "final_amended_plan_sent"),
               (day(2, 3), "review_meeting_held"), (day(2, 27), "review_decision_sent", {"outcome": "continue"})]
    active = record(TAKEN_OVER, *reviews).active
    assert (active.review_meeting, active.last_review, active.review_outcome, active.review_draft) == (
        day(2, 3), day(2, 27), "M", None)
    amended = record(TAKEN_OVER, *reviews[:4]).active
    assert (amended.review_outcome, amended.review_draft) == ("A", day(2, 20, 2025))


def test_4_a_review_that_is_not_decided_has_no_letter():
    active = record(TAKEN_OVER, (day(2, 3), "review_meeting_held"), (day(2, 27), "review_decision_sent", {"outcome": "cease"}),
                    (day(1, 11, 2027), "review_meeting_held")).active
    assert (active.review_meeting, active.last_review, active.review_outcome) == (day(1, 11, 2027), None, None)


def test_5_the_plan_ends_when_the_duty_ends_and_not_when_that_is_decided():
    plan = record(*PLANNED, (day(9, 15), "cease_proposed", {"cease_reason": "needs_met"}),
                  (day(10, 1), "cease_notice_sent", {"cease_reason": "needs_met"}),
                  (day(12, 2), "plan_ceased", {"cease_reason": "needs_met"})).plan
    assert (plan.cease_date, plan.cease_reason) == (day(12, 2), "2")
    notified = record(*PLANNED, (day(10, 1), "cease_notice_sent", {"cease_reason": "needs_met"})).plan
    assert (notified.cease_date, notified.cease_reason) == (None, None)


@pytest.mark.parametrize("came, other", [(OPENS - ONE_DAY, None), (OPENS, "202"), (CLOSES, "202"), (CLOSES + ONE_DAY, None)])
def test_6_the_other_council_is_named_only_in_the_year_of_the_transfer(came, other):
    request = record((came, "plan_transferred", {"side": "new_authority", "made_on": day(1, 10, 2020), "to": "202"}))
    assert request.active.transferred_from == other and request.assessment.outcome == "H"


@pytest.mark.parametrize("facts, outcome, assessment", [
    ((ASKED, NO), "N", None), ((ASKED,), "A", None), ((ASKED, YES), "Y", "A"), ((ASKED, YES, WILL_NOT), "Y", "N"),
    ((ASKED, YES, WILL_ISSUE), "Y", "Y"),
    ((ASKED, (day(2, 20), "request_withdrawn"), (day(3, 1), "withdrawal_accepted")), "W", None),
    ((ASKED, YES, (day(4, 1), "withdrawal_accepted")), "Y", "W"), ((ASKED, (day(4, 1), "child_died")), "W", None),
    ((ASKED, YES, (day(4, 1), "child_died")), "Y", "W")])
def test_7_people_with_only_a_refused_a_withdrawn_or_an_open_request_are_returned(facts, outcome, assessment):
    request = record(*facts)
    assert request.outcome == outcome and (request.assessment and request.assessment.outcome) == assessment
    assert request.plan is None and request.active is None


@pytest.mark.parametrize("ended, returned_", [(OPENS - ONE_DAY, False), (OPENS, True), (OPENS + ONE_DAY, True)])
@pytest.mark.parametrize("kind, data", [("plan_ceased", {"cease_reason": "other"}), ("child_died", {}),
                                        ("plan_transferred", {"side": "old_authority", "to": "kent"})])
def test_8_plans_that_ended_before_the_collection_year_are_left_out(ended, returned_, kind, data):
    assert (record(TAKEN_OVER, (ended, kind, data)) is not None) is returned_


# --- who is returned -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["refused_to_assess", "withdrawal_accepted", "moved_away"])
def test_what_ended_before_the_collection_year_is_left_out(kind):
    asked = (day(11, 3, 2025), "request_received", {"requested_by": "parent"})
    told = {"to": "202"} if kind == "moved_away" else {}
    assert record(asked, (OPENS - ONE_DAY, kind, told)) is None
    assert record(asked, (OPENS, kind, told)) is not None


def test_a_refusal_counts_from_the_day_the_family_was_told():
    asked = (day(11, 3, 2025), "request_received", {"requested_by": "parent"})
    request = record(asked, (day(12, 29, 2025), "refused_to_assess", {"notified_on": day(1, 2)}))
    assert (request.outcome, request.outcome_date) == ("N", day(1, 2))
    waiting = record(asked, (day(12, 29, 2025), "refused_to_assess", {"notice": "to_follow"}))
    assert waiting.outcome == "A"


def test_what_ends_after_31_december_belongs_to_the_next_return():
    late = (ASKED, (day(1, 5, 2027), "refused_to_assess"))
    assert record(*late).outcome == "A"
    assert record(*late, ends_until="survey_day").outcome == "N"
    assert record(*late, year=2027, ends_until="survey_day").outcome_date == day(1, 5, 2027)


@pytest.mark.parametrize("kind, said, outcomes", [
    ("refused_to_assess", {"request_outcome": "N"}, ("A", None)),
    ("refused_to_issue", {"request_outcome": "Y", "assessment_outcome": "N"}, ("Y", "A"))])
def test_so_it_does_where_a_return_of_that_year_has_told_it_already(kind, said, outcomes):
    one = record(ASKED, (day(1, 5, 2027), kind), taken(2027, **said))
    assert (one.outcome, one.assessment and one.assessment.outcome) == outcomes and one.outcome_date is None


def test_what_happens_after_the_survey_day_is_not_told():
    assert record(*PLANNED, (SURVEY + ONE_DAY, "plan_ceased", {"cease_reason": "other"})).plan.cease_date is None
    assert record(*PLANNED, (SURVEY, "plan_ceased", {"cease_reason": "other"})).plan.cease_date == SURVEY


def test_a_refusal_that_was_reversed_stays_a_refusal_with_its_day():
    request = record(ASKED, NO, (day(4, 20), "mediation_held"), (day(5, 1), "decided_to_assess"))
    assert (request.outcome, request.outcome_date, request.mediation, request.tribunal) == ("N", day(3, 10), True, False)
    assert request.assessment.outcome == "A"


def test_a_refusal_of_an_earlier_year_is_returned_while_the_assessment_goes_on():
    request = record((day(8, 3, 2025), "request_received", {"requested_by": "parent"}), (day(9, 10, 2025), "refused_to_assess"),
                     (day(5, 1), "decided_to_assess"))
    assert (request.outcome, request.outcome_date) == ("N", day(9, 10, 2025))


def test_a_refusal_to_issue_that_was_reversed_stays_one():
    assessment = record(ASKED, YES, WILL_NOT, (day(6, 2), "appeal_registered"), (day(7, 1), "decided_to_issue"),
                        (day(8, 1), "final_plan_sent")).assessment
    assert (assessment.outcome, assessment.outcome_date, assessment.tribunal) == ("N", day(5, 20), True)
    assert assessment.plan.start == day(8, 1)


def test_who_moved_before_the_assessment_ended_is_exported_and_nothing_follows():
    request = record(ASKED, YES, (day(4, 1), "moved_away", {"to": "kent"}))
    assert (request.outcome, request.exported, request.assessment) == ("Y", "886", None)
    assert record(ASKED, (day(4, 1), "moved_away", {"to": "outside_england"})).exported == "XXX"
    found = returned(SAM, [case(ASKED, (day(4, 1), "moved_away", {"to": "atlantis"}))], WORLD)
    assert found.person.requests[0].exported == "XXX" and [one.rule for one in found.findings] == ["F02"]


def test_one_person_with_several_cases_has_several_blocks_in_the_order_of_their_days():
    second = case((day(9, 3), "request_received", {"requested_by": "setting"}), ref="A2")
    person = returned(SAM, [second, case(ASKED, NO)], WORLD).person
    assert [(one.key, one.outcome, one.source) for one in person.requests] == [("A1", "N", "1"), ("A2", "A", "2")]


def test_a_case_without_a_person_is_found_and_named():
    found = returned(None, [case(ASKED, YES), case((day(2, 3, 2024), "request_received"), (day(3, 3, 2024), "refused_to_assess"),
    ref="A2")], WORLD)
    assert found.person is None
    assert [(one.rule, one.case_ref) for one in found.findings] == [("F01", "A1")] and "ehc person A1 --name" in found.findings[0].do
    erased = returned(None, [case(ASKED, YES)], WORLD, erased=True)
    assert erased.person is None and [(one.rule, one.level) for one in erased.findings] == [("F04", "query")]


# --- the person ----------------------------------------------------------------------------------------------------

def test_a_name_of_two_words_is_split_and_no_other():
    def names(name, **more):
        person = returned(Who("P-1", name, **more), [case(ASKED)], WORLD).person
        return person.forename, person.surname
    assert names("Sam Ash") == ("Sam", "Ash")
    assert names("Ana de la Cruz") == (None, None)
    assert names("Ana de la Cruz", forename="Ana", surname="de la Cruz") == ("Ana", "de la Cruz")


def test_sex_is_gender_in_2023():
    early = returned(SAM, [case((day(2, 3, 2022), "request_received"), on=date(2023, 1, 19))], world_of(2023)).person
    assert (early.sex, early.gender) == (None, "2")


# --- the items -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("who, kind, code", [
    ("parent", "request_received", "1"), ("young_person", "request_received", "1"), ("family", "request_received", "1"),
    ("setting", "request_received", "2"), ("health", "became_responsible", "3"), ("social_care", "became_responsible", "4"),
    ("other", "became_responsible", "5"), ("not_known", "request_received", None)])
def test_who_asked(who, kind, code):
    assert record((day(2, 3), kind, {"requested_by": who})).source == code


def test_whether_it_was_asked_in_youth_accommodation():
    assert record(ASKED).youth_accommodation is False
    assert record((day(2, 3), "request_received", {"detained": True})).youth_accommodation is True
    assert record((day(2, 3), "request_received", {"how": "return"})).youth_accommodation is None


def test_a_plan_with_all_its_items():
    request = record(*PLANNED)
    assert (request.received, request.outcome, request.outcome_date) == (day(2, 3), "Y", day(3, 10))
    assert (request.mediation, request.tribunal) == (False, False)
    assessment, plan, active = request.assessment, request.plan, request.active
    assert (assessment.outcome, assessment.outcome_date, assessment.exception) == ("Y", day(6, 20), False)
    assert (plan.start, plan.personal_budget, plan.cease_date) == (day(6, 20), False, None)
    setting, = plan.settings
    assert (setting.urn, setting.rank, setting.sen_unit, setting.resourced) == ("100001", "1", False, True)
    placement, = active.placements
    assert (placement.urn, placement.entered, placement.left) == ("100001", day(9, 1), None)
    assert [(need.type, need.rank) for need in active.needs] == [("ASD", "1"), ("SLCN", "2")]


def test_the_day_of_issue_is_that_on_which_the_family_got_the_plan():
    facts = [ASKED, YES, WILL_ISSUE, (day(6, 18), "final_plan_sent", {"sent_to": ["setting"]}),
             (day(6, 20), "final_plan_sent", {"sent_to": ["family", "rcb"]})]
    assert record(*facts).assessment.outcome_date == day(6, 20)


def test_an_exception_is_one_that_the_law_allows():
    closed = {"duty": "finalise_plan", "code": "X_SCHOOL", "because": "closed", "approved_by": "officer-1",
              "advice_requested_on": day(8, 3), "closed_from": day(7, 22), "reopens_on": day(9, 3)}
    late = [(day(4, 1), "request_received"), (day(5, 6), "decided_to_assess"), (day(7, 20), "decided_to_issue"), (day(9, 10),
    "final_plan_sent")]
    assert record(*late).assessment.exception is False
    assert record(*late, (day(8, 20), "exception_claimed", closed)).assessment.exception is True
    short = closed | {"reopens_on": day(8, 10)}
    assert record(*late, (day(8, 20), "exception_claimed", short)).assessment.exception is False


@pytest.mark.parametrize("kind, way", [("mediation_held", "mediation"), ("appeal_lodged", "tribunal"), ("appeal_registered",
"tribunal")])
def test_mediation_and_appeals_stand_with_the_decision_that_they_were_about(kind, way):
    def flags(*facts):
        request = record(*facts)
        assessment = request.assessment
        return (getattr(request, way), assessment and getattr(assessment, way), assessment and getattr(assessment, f"other_{way}"))
    assert flags(ASKED, NO, (day(4, 20), kind)) == (True, None, None)
    assert flags(ASKED, YES, WILL_NOT, (day(6, 20), kind)) == (False, True, False)
    assert flags(ASKED, YES, WILL_ISSUE, ISSUED, (day(7, 20), kind)) == (False, False, True)
    named = {"answers": [f"decision:{NO[0].isoformat()}"]}
    assert flags(ASKED, NO, (day(4, 1), "decided_to_assess"), WILL_NOT, (day(6, 20), kind, named)) == (True, False, False)


@pytest.mark.parametrize("reason, code", [
    ("max_age", "1"), ("needs_met", "2"), ("higher_education", "3"), ("paid_employment", "4"), ("no_longer_wishes", "6"),
    ("outside_england", "7"), ("other", "9")])
def test_why_a_plan_ceased(reason, code):
    plan = record(TAKEN_OVER, (day(7, 1), "plan_ceased", {"cease_reason": reason})).plan
    assert (plan.cease_date, plan.cease_reason) == (day(7, 1), code)


def test_death_and_a_move_end_a_plan_too():
    assert record(TAKEN_OVER, (day(7, 1), "child_died")).plan.cease_reason == "8"
    assert record(TAKEN_OVER, (day(7, 1), "plan_transferred", {"side": "old_authority", "to": "kent"})).plan.cease_reason == "5"


def test_the_settings_of_the_plan_are_those_of_its_last_writing():
    again = (day(10, 1), "plan_setting_recorded", {"rank": 1, "ukprn": "10000001"})
    second = (day(6, 20), "plan_setting_recorded", {"rank": 2, "setting_code": "OTH", "note": "at the hospital"})
    both = record(*PLANNED, second).plan.settings
    assert [(one.rank, one.urn, one.code, one.other) for one in both] == [
        ("1", "100001", None, None), ("2", None, "OTH", "at the hospital")]
    assert [(one.rank, one.ukprn) for one in record(*PLANNED, second, again).plan.settings] == [("1", "10000001")]


def test_words_that_were_erased_are_missing_and_those_on_record_are_found_by_their_id():
    facts = [*PLANNED[:4], (day(6, 20), "plan_setting_recorded", {"rank": 1, "setting_code": "OTH", "note": "x"})]
    told = case(*facts)
    kept = {"text": "A1/5/note", "sha256": "0" * 64}
    told = Case.of("A1", [*told.facts[:-1], Fact("A1", 5, "plan_setting_recorded", day(6, 20), {"rank": 1, "setting_code": "OTH",
    "note": kept})],
                   SURVEY, CLOSED)
    with_words = returned(SAM, [told], WORLD, texts={"A1/5/note": "at the hospital"}).person.requests[0].plan.settings[0]
    erased = returned(SAM, [told], WORLD).person.requests[0].plan.settings[0]
    assert (with_words.other, erased.other) == ("at the hospital", None)


@pytest.mark.parametrize("left, told", [(OPENS - ONE_DAY, False), (OPENS, True), (None, True)])
def test_placements_of_the_collection_year_and_of_the_survey_day(left, told):
    at = {"rank": 1, "urn": "100000", "entered_on": day(9, 1, 2024)} | ({"left_on": left} if left else {})
    placements = record(TAKEN_OVER, (day(9, 1, 2024), "placement_recorded", at)).active.placements
    assert bool(placements) is told


def test_what_is_recorded_later_of_the_same_placement_counts():
    at = {"rank": 1, "urn": "100000", "entered_on": day(9, 1, 2024)}
    placement, = record(TAKEN_OVER, (day(9, 1, 2024), "placement_recorded", at),
                        (day(7, 20), "placement_recorded", at | {"left_on": day(7, 20)})).active.placements
    assert placement.left == day(7, 20)


@pytest.mark.parametrize("transfer, year, due", [
    ("secondary_to_post16", 2027, day(3, 31, 2027)), ("other", 2027, day(2, 15, 2027)), ("other", 2026, day(2, 15)), ("other", 2025,
    None)])
def test_the_phase_transfer_of_the_collection_year_or_the_year_after(transfer, year, due):
    active = record(TAKEN_OVER, (date(year - 1, 9, 10), "phase_transfer_identified", {"transfer": transfer, "year": year})).active
    assert (active.transfer_due, active.transfer_final) == (due, None)


def test_the_final_plan_of_a_phase_transfer_and_one_that_was_excluded():
    known = (day(9, 10), "phase_transfer_identified", {"transfer": "other", "year": 2027})
    active = record(TAKEN_OVER, known, (day(1, 11, 2027), "final_amended_plan_sent", {"answers": ["phase_transfer"]})).active
    assert (active.transfer_due, active.transfer_final) == (day(2, 15, 2027), day(1, 11, 2027))
    none = record(TAKEN_OVER, known, (day(10, 1), "phase_transfer_excluded")).active
    assert none.transfer_due is None


def test_in_2023_residential_and_work_based_stand_beside_the_placements():
    at = {"rank": 1, "urn": "100000", "entered_on": day(9, 1, 2021), "residential": "A", "work_based": "S"}
    active = record((day(3, 1, 2021), "plan_taken_over", {"made_on": day(3, 1, 2021)}), (day(9, 1, 2021), "placement_recorded", at),
                    year=2023).active
    assert (active.residential, active.work_based, active.placements[0].residential) == ("A", "S", None)
    later = record((day(3, 1, 2021), "plan_taken_over", {"made_on": day(3, 1, 2021)}), (day(9, 1, 2021), "placement_recorded",
    at)).active
    assert (later.residential, later.placements[0].residential, later.placements[0].work_based) == (None, "A", "S")


# --- cases that came from a return ---------------------------------------------------------------------------------

def taken(year=2027, **said):
    return (world_of(year).survey, "taken_from_return", FROM_RETURN | {"survey_year": year} | said)


def test_what_no_dated_fact_can_hold_comes_back_as_the_return_said_it():
    made = (day(3, 1, 2022), "plan_taken_over", {"made_on": day(3, 1, 2022), "how": "return"})
    request = record(made, taken(request_outcome="H", assessment_outcome="H", transferred_from="202", other_mediation=True))
    assert (request.outcome, request.assessment.outcome, request.active.transferred_from) == ("H", "H", "202")
    assert (request.assessment.other_mediation, request.assessment.other_tribunal) == (True, None)
    later = record(made, taken(2026, request_outcome="H", assessment_outcome="H", transferred_from="202"))
    assert later.active.transferred_from is None


def test_flags_that_a_return_left_open_stay_open_until_something_is_decided_here():
    asked = (day(2, 3), "request_received", {"how": "return", "requested_by": "family"})
    foreign = record(asked, (day(3, 10), "decided_to_assess", {"how": "return"}), taken(request_outcome="Y", assessment_outcome="A"))
    assert (foreign.mediation, foreign.tribunal) == (None, None)
    own = record(asked, taken(2026, request_outcome="A"), (day(3, 10), "decided_to_assess", {"decided_by": "officer-1"}))
    assert (own.mediation, own.tribunal) == (False, False)
    said = record(asked, (day(3, 10), "decided_to_assess", {"how": "return"}), taken(request_outcome="Y", request_mediation=True,
                                                                                   request_tribunal=False))
    assert (said.mediation, said.tribunal) == (True, False)


def test_what_an_officer_found_out_for_the_return_comes_before_what_a_return_said_whenever_it_was_recorded():
    asked = (day(2, 3), "request_received", {"how": "return"})
    said = taken(request_outcome="Y", request_mediation=True)
    found = (day(2, 25, 2027), "return_items_recorded", {"request_mediation": False, "request_tribunal": False, "youth_accommodation": False})
    request = record(asked, (day(3, 10), "decided_to_assess", {"how": "return"}), said, found)
    assert (request.mediation, request.tribunal, request.youth_accommodation) == (False, False, False)
    moved = (day(4, 1), "moved_away", {"to": "atlantis"})
    assert record(ASKED, moved, (day(2, 25, 2027), "return_items_recorded", {"exported": "202"})).exported == "202"
    came = (day(9, 1), "plan_transferred", {"side": "new_authority", "made_on": day(1, 10, 2020)})
    assert record(came).active.transferred_from == "XXX"
    assert record(came, (day(2, 25, 2027), "return_items_recorded", {"transferred_from": "202"})).active.transferred_from == "202"


def test_an_undated_plan_decision_stays_undated_and_what_ended_is_returned_once():
    asked = (day(2, 3), "request_received", {"how": "return"})
    pending = record(asked, (day(3, 10), "decided_to_assess", {"how": "return"}), taken(request_outcome="Y", assessment_outcome="Y"))
    assert (pending.assessment.outcome, pending.assessment.outcome_date) == ("Y", None)
    ended = [(day(2, 3, 2025), "request_received", {"how": "return"}), (world_of(2026).survey, "ended_in_return", {"how": "return"}),
             taken(2026, request_outcome="W")]
    assert record(*ended, year=2026).outcome == "W" and record(*ended, year=2027) is None


# --- as a whole -------------------------------------------------------------------------------------------------------

def test_a_case_with_everything_recorded_breaks_no_rule():
    found = returned(SAM, [case(*PLANNED)], WORLD)
    assert found.findings == ()
    assert list(look_through(clean.header(2027), [found.person], date(2027, 2, 20), refs=own_keys)) == []


def test_a_case_with_nothing_but_its_plan_is_told_what_is_missing_and_what_to_type():
    found = returned(Who("P-1"), [case(ASKED, YES, WILL_ISSUE, ISSUED)], WORLD)
    missing = {one.rule: one for one in look_through(clean.header(2027), [found.person], date(2027, 2, 20), refs=own_keys)}
    assert missing.keys() == {"P01", "P10", "N03", "N19", "L11", "L21"}
    assert all(one.case_ref == "A1" and "`ehc " in one.do and "A1" in one.do for one in missing.values())
