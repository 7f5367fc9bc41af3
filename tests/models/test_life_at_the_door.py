"""What a case cannot bear in the life of its plan, and what it is told to do instead; where a request belongs then."""

from datetime import date

import pytest

from models.bearing import refusal
from models.routing import route
from models.stages import Stage
from models.summary import progress, standing_line
from tests.law.told import case_of, happened, request

PLAN = [happened("final_plan_sent", "2025-11-10", document="plan-1", setting="oak")]
TAKEN = [happened("plan_taken_over", "2026-01-15", made_on="2024-03-04", last_reviewed_on="2025-12-01")]
CAME = [happened("plan_transferred", "2026-01-15", side="new_authority", made_on="2024-03-04")]
MET = happened("review_meeting_held", "2026-10-01")
NOTICE = happened("amendment_notice_sent", "2026-10-29", document="a")
PROPOSED, CONSULTED = happened("cease_proposed", "2026-02-02", cease_reason="needs_met"), happened("cease_consulted", "2026-02-16")
TOLD = happened("cease_notice_sent", "2026-03-02", cease_reason="needs_met")                # may be appealed until 5 May 2026


def refused(facts, kind, on, beside=(), **data):
    return refusal(case_of(facts, "2027-12-31"), kind, date.fromisoformat(on), data, beside)


@pytest.mark.parametrize("first", [PLAN, TAKEN, CAME])
def test_a_case_may_begin_with_a_plan(first):
    fact, = first
    assert refused([], fact.kind, fact.on.isoformat(), **fact.data) is None
    case = case_of(first, "2026-02-01")
    assert case.has_plan and case.day_zero is None and case.begun_on is not None
    assert case.stage in (Stage.S55_FINALISED, Stage.S60_MAINTAINED)
    assert {owed.duty.id for owed in case.duties} & {"finalise_plan", "decide_whether_to_assess", "refuse_to_issue"} == set()
    assert "record reassessment_requested" in refused(first, "request_received", "2026-03-02", requested_by="parent")
    assert "is before the plan of" in refused(first, "review_asked_for", "2024-01-01")
    assert refused(first, "family_consulted", "2026-02-01") is None
    assert progress(case).days == 0 and standing_line(case)


def test_a_case_cannot_begin_with_a_plan_that_goes_away():
    assert "cannot come first" in refused([], "plan_transferred", "2026-03-02", side="old_authority", to="kent")


def test_what_happened_since_a_plan_taken_over_was_made_belongs_to_it():
    assert refused(TAKEN, "review_meeting_held", "2025-11-03") is None


@pytest.mark.parametrize("kind", ["review_meeting_held", "cease_proposed", "reassessment_requested", "final_amended_plan_sent", "move_known"])
def test_without_a_plan_nothing_happens_to_one(kind):
    assert f"{kind} is about a plan, and none is on record by Mon 1 Jun 2026" in refused([request()], kind, "2026-06-01")


def test_a_decision_to_amend_goes_with_the_amendments():
    told = {"outcome": "amend", "decided_by": "officer-1"}
    why = refused([*PLAN, MET], "review_decision_sent", "2026-10-29", **told)
    assert "no amendment_notice_sent of the review of Thu 1 Oct 2026 is on record (reg 22(2)" in why
    assert "record amendment_notice_sent, then this" in why
    assert refused([*PLAN, MET, NOTICE], "review_decision_sent", "2026-10-29", **told) is None
    together = [("amendment_notice_sent", date(2026, 10, 29), {"document": "a"})]
    assert refused([*PLAN, MET], "review_decision_sent", "2026-10-29", together, **told) is None
    assert refused([*PLAN, MET], "review_decision_sent", "2026-10-29", outcome="continue", decided_by="officer-1") is None
    of_another = happened("amendment_notice_sent", "2026-03-02", document="a")
    assert refused([*PLAN, of_another, MET], "review_decision_sent", "2026-10-29", **told) is not None


@pytest.mark.parametrize(("facts", "on", "why"), [
    ([], "2026-06-01", "have not been consulted on ceasing (reg 31(1))"),
    ([PROPOSED], "2026-06-01", "have not been consulted"),
    ([PROPOSED, CONSULTED], "2026-06-01", "the decision to cease has not been sent (reg 31(2), (3))"),
    ([PROPOSED, TOLD, happened("cease_consulted", "2026-03-09")], "2026-06-01", "the consultation on ceasing came only after the decision"),
    ([PROPOSED, CONSULTED, TOLD], "2026-05-02", "the plan stays in force until"),
    ([PROPOSED, CONSULTED, TOLD], "2026-06-01", None),
    ([PROPOSED, CONSULTED, TOLD, happened("appeal_lodged", "2026-04-20")], "2026-06-01", "an appeal was brought in time"),
    ([PROPOSED, CONSULTED, TOLD, happened("appeal_lodged", "2026-04-20"), happened("tribunal_order_made", "2026-09-14", order="dismiss_cease")],
     "2026-09-15", "record appeal_finally_determined"),
    ([PROPOSED, CONSULTED, TOLD, happened("appeal_lodged", "2026-04-20"), happened("tribunal_order_made", "2026-09-14", order="dismiss_cease"),
      happened("appeal_finally_determined", "2026-10-13")], "2026-10-13", None),
])
def test_a_plan_ceases_after_consultation_notice_and_the_time_to_appeal(facts, on, why):
    found = refused([*PLAN, *facts], "plan_ceased", on, cease_reason="needs_met")
    assert (found is None) if why is None else (why in found)


def test_nothing_holds_up_that_somebody_died():
    assert refused([*PLAN, PROPOSED, CONSULTED, TOLD], "child_died", "2026-03-03") is None
    assert refused(PLAN, "plan_ceased", "2026-03-03", cease_reason="deceased") is None


def test_what_is_no_ground_for_a_child_is_refused():
    child = [request(year_group=6), *[happened("final_plan_sent", "2026-07-01")]]
    assert "(needs_met; reg 29(1))" in refused(child, "cease_proposed", "2026-09-01", cease_reason="paid_employment")
    grown = [*child, happened("became_young_person", "2026-08-01")]
    assert refused(grown, "cease_proposed", "2026-09-01", cease_reason="paid_employment") is None


def test_where_several_wait_for_a_document_the_door_asks_which():
    order = happened("tribunal_order_made", "2026-10-05", order="amend_provision")
    facts = [*PLAN, MET, order, NOTICE, happened("review_decision_sent", "2026-10-29", outcome="amend")]
    why = refused(facts, "final_amended_plan_sent", "2026-11-20", document="p")
    assert "review (a review of the plan of Thu 1 Oct 2026), order (an order of the Tribunal of Mon 5 Oct 2026)" in why
    assert "say in `answers` which it answers, one or several" in why
    for answers in (["review"], ["order"], ["review", "order"], ["order:2026-10-05"]):
        assert refused(facts, "final_amended_plan_sent", "2026-11-20", document="p", answers=answers) is None
    assert "no concession waits for final_amended_plan_sent" in refused(facts, "final_amended_plan_sent", "2026-11-20", answers=["concession"])
    two = [*facts, happened("tribunal_order_made", "2026-11-02", order="amend_setting")]
    assert "such as answers=order:2026-11-02" in refused(two, "final_amended_plan_sent", "2026-11-20", answers=["order"])


def test_of_two_reviews_the_door_asks_which_was_reported():
    facts = [*PLAN, MET, happened("review_meeting_held", "2026-10-20")]
    assert "answers=review:2026-10-20" in refused(facts, "review_report_sent", "2026-10-22", document="r")
    assert refused(facts, "review_report_sent", "2026-10-22", document="r", answers=["review:2026-10-01"]) is None


def test_after_an_order_the_same_is_decided_once_more():
    facts = [request(), happened("decided_to_assess", "2026-04-07"), happened("refused_to_issue", "2026-06-15")]
    remit = happened("tribunal_order_made", "2027-03-04", order="remit")
    assert "is on record already" in refused(facts, "refused_to_issue", "2027-03-18")
    assert refused([*facts, remit], "refused_to_issue", "2027-03-18") is None
    assert refused([*facts, remit], "tribunal_order_made", "2027-05-03", order="make_plan") is None


def test_a_plan_with_which_the_case_began_cannot_be_taken_from_under_it():
    facts = [*PLAN, happened("review_asked_for", "2026-02-02")]
    assert "neither a request nor a plan" in refused(facts, "fact_corrected", "2026-03-01", replaces=1, withdrawn=True)
    assert "lies before it" in refused(facts, "fact_corrected", "2026-03-01", replaces=1, corrected={"on": "2026-02-03"})
    assert refused(facts, "fact_corrected", "2026-03-01", replaces=1, corrected={"on": "2026-02-02"}) is None


@pytest.mark.parametrize("more", [[], [MET], [happened("reassessment_requested", "2026-03-02", requested_by="parent")], [PROPOSED, CONSULTED, TOLD]])
@pytest.mark.parametrize("first", [PLAN, TAKEN, CAME])
def test_a_request_while_a_plan_is_maintained_is_for_a_re_assessment(first, more):
    case = case_of([*first, *more], "2026-11-01")
    found = route("request_received", date(2026, 11, 1), [case])
    assert (found.fact, found.case) == ("reassessment_requested", "A1")
    assert "s.44(2)" in found.words
    assert route("became_responsible", date(2026, 11, 1), [case]).fact is None


def test_a_request_after_a_plan_has_ceased_is_a_new_case():
    case = case_of([*PLAN, PROPOSED, CONSULTED, TOLD, happened("plan_ceased", "2026-06-01", cease_reason="needs_met")], "2026-11-01")
    assert case.stage is Stage.T_CEASED
    found = route("request_received", date(2026, 11, 1), [case])
    assert (found.fact, found.case) == ("request_received", None)
