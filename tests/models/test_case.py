"""A case read whole: its stage, who holds it, what its final plan lacks, and what its record cannot bear."""

from datetime import date

import pytest

from models.advice import ADVISER_ROLES
from models.bearing import refusal
from models.final_plan import final_plan_gaps
from models.law.advisers import ADVISERS
from models.stages import ENDS, Stage
from tests.law.told import A_DAY, RECEIVED, case_of, claim, happened, request

DECIDED = happened("decided_to_assess", "2026-04-07")
ALWAYS = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care")
ASKED = [happened("advice_requested", "2026-04-08", adviser=adviser) for adviser in ALWAYS]
IN = [happened("advice_received", "2026-05-11", adviser=adviser) for adviser in ALWAYS]
ISSUING = [request(setting="oak"), DECIDED, *ASKED, *IN, happened("decided_to_issue", "2026-06-01")]
SERVED = happened("draft_plan_served", "2026-06-08")                      # the family's 15 days end on 22 June
REQUEST = [request()]


def where(facts, on):
    case = case_of(facts, on)
    return case.stage, case.stage_since.isoformat() if case.stage_since else None


def held(facts, on):
    case = case_of(facts, on)
    return case.held_by, case.held_since.isoformat() if case.held_since else None


# --- stages -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("facts", "on", "stage", "since"), [
    pytest.param([], "2026-03-02", "S00_INTAKE", None, id="nothing has happened"),
    pytest.param(REQUEST, "2026-03-02", "S00_INTAKE", "2026-03-02", id="a request came"),
    pytest.param([*REQUEST, happened("family_told_considering", "2026-03-03")], "2026-03-04", "S10_CONSIDERING", "2026-03-03",
                 id="the family was told"),
    pytest.param([*REQUEST, happened("partner_told_considering", "2026-03-05", recipient="rcb"),
                  happened("family_consulted", "2026-03-04")], "2026-03-06", "S10_CONSIDERING", "2026-03-04", id="somebody was told"),
    pytest.param([*REQUEST, happened("refused_to_assess", "2026-04-09")], "2026-06-09", "S15_REFUSED_TO_ASSESS", "2026-04-09",
                 id="the last day to appeal"),
    pytest.param([*REQUEST, happened("refused_to_assess", "2026-04-09")], "2026-06-10", "T_REFUSED_ASSESS", "2026-06-10",
                 id="the day after it"),
    pytest.param([*REQUEST, happened("refused_to_assess", "2026-04-09"), happened("appeal_lodged", "2026-06-01")], "2026-12-01",
                 "S15_REFUSED_TO_ASSESS", "2026-04-09", id="an appeal keeps it open"),
    pytest.param([*REQUEST, happened("refused_to_assess", "2026-04-09", notice="to_follow")], "2026-12-01", "S15_REFUSED_TO_ASSESS",
                 "2026-04-09", id="no time to appeal has run out before the notice went"),
    pytest.param([*REQUEST, happened("refused_to_assess", "2026-04-09"), happened("decided_to_assess", "2026-07-01")], "2026-07-01",
                 "S20_ASSESSING", "2026-07-01", id="a refusal reversed after its end"),
    pytest.param([*REQUEST, DECIDED], "2026-04-07", "S20_ASSESSING", "2026-04-07", id="decided to assess"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN[:4]], "2026-05-12", "S20_ASSESSING", "2026-04-07", id="one advice is missing"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN], "2026-05-12", "S30_DECIDING_PLAN", "2026-05-11", id="all advice is in"),
    pytest.param([*REQUEST, *IN, happened("decided_to_assess", "2026-05-20")], "2026-05-20", "S30_DECIDING_PLAN", "2026-05-20",
                 id="all advice was in before the decision"),
    pytest.param([*REQUEST, DECIDED, *IN, happened("refused_to_issue", "2026-06-09")], "2026-08-10", "S35_REFUSED_TO_ISSUE",
                 "2026-06-09", id="refused to issue"),
    pytest.param([*REQUEST, DECIDED, *IN, happened("refused_to_issue", "2026-05-20")], "2026-07-21", "T_REFUSED_ISSUE", "2026-07-21",
                 id="and nobody appealed"),
    pytest.param(ISSUING, "2026-06-01", "S40_DRAFTING", "2026-06-01", id="decided to issue"),
    pytest.param([*ISSUING, SERVED], "2026-06-22", "S45_DRAFT_ISSUED", "2026-06-08", id="the last day of the family's fifteen"),
    pytest.param([*ISSUING, SERVED], "2026-06-23", "S50_CONSULTING_SETTINGS", "2026-06-23", id="the day after it"),
    pytest.param([*ISSUING, SERVED, happened("draft_plan_served", "2026-06-30")], "2026-06-30", "S45_DRAFT_ISSUED", "2026-06-30",
                 id="a draft served again"),
    pytest.param([*ISSUING, SERVED, happened("final_plan_sent", "2026-07-01")], "2026-07-01", "S55_FINALISED", "2026-07-01",
                 id="the final plan was sent"),
    pytest.param([*REQUEST, happened("request_withdrawn", "2026-03-20")], "2026-12-01", "S00_INTAKE", "2026-03-02",
                 id="a withdrawal ends nothing by itself"),
    pytest.param([*REQUEST, happened("withdrawal_accepted", "2026-03-27")], "2026-03-27", "T_WITHDRAWN", "2026-03-27", id="accepted"),
    pytest.param([*REQUEST, happened("withdrawal_accepted", "2026-03-27"), happened("request_continued", "2026-03-27")], "2026-03-27",
                 "S00_INTAKE", "2026-03-02", id="taken up again"),
    pytest.param([*REQUEST, happened("moved_away", "2026-03-27", to="kent")], "2026-03-27", "T_MOVED_BEFORE_PLAN", "2026-03-27",
                 id="moved to another council"),
    pytest.param([*REQUEST, happened("moved_away", "2026-03-27", to="outside_england")], "2026-03-27", "T_MOVED_OUTSIDE_ENGLAND",
                 "2026-03-27", id="moved out of England"),
    pytest.param([*ISSUING, SERVED, happened("final_plan_sent", "2026-07-01"), happened("child_died", "2026-07-02")], "2026-07-02",
                 "T_DECEASED", "2026-07-02", id="the child died"),
])
def test_the_stage_and_since_when(facts, on, stage, since):
    assert where(facts, on) == (stage, since)


@pytest.mark.parametrize("end", ENDS)
def test_the_case_stands_where_it_stood_until_the_day_of_its_end(end):
    plan = [happened("final_plan_sent", "2026-06-08")] if end.startswith("plan_") else []
    facts = [*ISSUING, *plan, happened(end, "2026-06-10", to="kent")]
    assert where(facts, "2026-06-09")[0] == ("S55_FINALISED" if plan else "S40_DRAFTING")
    assert where(facts, "2026-06-10")[0].is_terminal


def test_only_ends_are_terminal_and_every_stage_has_words():
    assert {stage for stage in Stage if stage.is_terminal} == {
        Stage.T_REFUSED_ASSESS, Stage.T_REFUSED_ISSUE, Stage.T_WITHDRAWN, Stage.T_MOVED_BEFORE_PLAN,
        Stage.T_MOVED_OUTSIDE_ENGLAND, Stage.T_DECEASED, Stage.T_CEASED, Stage.T_TRANSFERRED, Stage.T_ENDED_IN_RETURN}
    assert all(stage.words for stage in Stage)


# --- who holds it -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("facts", "on", "holders", "since"), [
    pytest.param(REQUEST, "2026-03-02", ("council",), "2026-03-02", id="the council considers"),
    pytest.param([*REQUEST, DECIDED], "2026-04-07", ("council",), "2026-04-07", id="nobody is asked yet"),
    pytest.param([*REQUEST, DECIDED, *ASKED[:2]], "2026-04-08", ("council", "family", "setting"), "2026-04-07", id="some are asked"),
    pytest.param([*REQUEST, DECIDED, *ASKED], "2026-04-08", ("family", "setting", "rcb", "ep_service", "social_care"), "2026-04-08",
                 id="all are asked"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN[:3]], "2026-05-12", ("ep_service", "social_care"), "2026-04-08", id="two are awaited"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN[:3], happened("advice_declined", "2026-05-12", adviser="adv_d_psychology", reasons="r")],
                 "2026-05-12", ("council", "social_care"), "2026-04-07", id="one declined, so it is the council's turn"),
    pytest.param([*REQUEST, DECIDED, *ASKED[:4], happened("advice_requested", "2026-04-20", adviser="adv_e_social_care"), *IN[:3]],
                 "2026-05-12", ("ep_service", "social_care"), "2026-04-08", id="two are awaited, asked on different days"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN[:4], happened("advice_declined", "2026-04-08", adviser="adv_e_social_care", reasons="r")],
                 "2026-05-12", ("council",), "2026-04-07", id="one declined on the day it was asked"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN[:4], happened("advice_declined", "2026-04-09", adviser="adv_e_social_care", reasons="r"),
                  happened("advice_requested", "2026-04-10", adviser="adv_e_social_care")], "2026-05-12", ("social_care",), "2026-04-10",
                 id="one declined and was asked once more"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN], "2026-05-12", ("council",), "2026-05-11", id="all advice is in"),
    pytest.param([*REQUEST, DECIDED, *ASKED, *IN, happened("advice_requested", "2026-05-20", adviser="adv_d_psychology")], "2026-05-20",
                 ("ep_service",), "2026-05-20", id="one is asked anew"),
    pytest.param([*ISSUING, SERVED], "2026-06-22", ("family",), "2026-06-08", id="the draft is with the family"),
    pytest.param([*ISSUING, SERVED], "2026-06-23", ("council",), "2026-06-23", id="and back"),
    pytest.param([*ISSUING, SERVED, happened("setting_consulted", "2026-06-10", setting="oak")], "2026-06-25", ("oak",), "2026-06-23",
                 id="a setting may still answer"),
    pytest.param([*ISSUING, SERVED, happened("setting_consulted", "2026-06-10", setting="oak")], "2026-06-26", ("council",), "2026-06-23",
                 id="a setting that does not answer holds nothing up"),
    pytest.param([*REQUEST, happened("refused_to_assess", "2026-04-09")], "2026-04-09", ("family",), "2026-04-09", id="the family may appeal"),
    pytest.param([*REQUEST, happened("refused_to_assess", "2026-04-09", notice="to_follow")], "2026-04-09", ("council",), "2026-04-09",
                 id="the notice has yet to go"),
    pytest.param([*ISSUING, happened("final_plan_sent", "2026-07-01")], "2026-07-01", ("council",), "2026-07-01", id="the plan is kept"),
    pytest.param([*REQUEST, happened("child_died", "2026-04-09")], "2026-04-09", (), "2026-04-09", id="nobody"),
])
def test_who_holds_the_case_and_since_when(facts, on, holders, since):
    assert held(facts, on) == (holders, since)


def test_every_adviser_has_a_role():
    assert set(ADVISER_ROLES) == set(ADVISERS)


def test_the_owner_and_the_setting_are_those_named_last():
    facts = [request(owner="officer-1", setting="oak"), happened("owner_named", "2026-03-10", owner="officer-2"),
             happened("circumstances_recorded", "2026-03-12", setting="elm")]
    assert (case_of(facts, "2026-03-09").owner, case_of(facts, "2026-03-09").setting) == ("officer-1", "oak")
    assert (case_of(facts, "2026-03-12").owner, case_of(facts, "2026-03-12").setting) == ("officer-2", "elm")


def test_day_zero_is_the_earliest_of_receipt_and_responsibility():
    facts = [request("2026-03-10"), happened("became_responsible", "2026-03-02")]
    assert case_of(facts, "2026-03-10").day_zero == RECEIVED
    assert case_of([], "2026-03-10").day_zero is None


# --- advice that is outstanding -----------------------------------------------------------------------------------

def outstanding(*facts, on="2026-06-30"):
    return case_of([*REQUEST, DECIDED, *facts], on).advice_outstanding


def test_what_is_asked_for_is_outstanding_until_it_arrives_or_is_given_up():
    assert outstanding() == ALWAYS
    given_up = happened("advice_not_obtainable", "2026-05-11", adviser="adv_a_parent_yp", decided_by="x", reasons="r")
    assert outstanding(given_up, *IN[1:]) == ()
    assert outstanding(*IN[1:], on="2026-05-10") == ALWAYS


def test_earlier_advice_counts_only_if_all_three_are_satisfied():
    days = {f"{who}_satisfied_on": "2026-04-08" for who in ("adviser", "council", "family")}
    assert outstanding(*IN[:4], happened("existing_advice_sufficed", "2026-04-08", adviser="adv_e_social_care", **days)) == ()
    days["family_satisfied_on"] = None
    assert outstanding(*IN[:4], happened("existing_advice_sufficed", "2026-04-08", adviser="adv_e_social_care", **days)) == (
        "adv_e_social_care",)


def test_advice_from_two_people_is_complete_when_both_have_given_it():
    wished = [happened("adviser_requested_by_family", "2026-04-08", agency=who, reasonable=True) for who in ("dr-who", "mr-hyde")]
    first = happened("advice_received", "2026-05-11", adviser="adv_h_requested", agency="dr-who")
    unsigned = happened("advice_received", "2026-05-12", adviser="adv_h_requested")
    assert outstanding(*IN, *wished, first, unsigned) == ("adv_h_requested",)
    assert outstanding(*IN, *wished, first, happened("advice_received", "2026-05-12", adviser="adv_h_requested", agency="mr-hyde")) == ()
    given_up = happened("advice_not_obtainable", "2026-05-12", adviser="adv_h_requested", decided_by="x", reasons="r")
    assert outstanding(*IN, *wished, first, given_up) == ()


def test_where_one_agency_declines_the_advice_of_the_other_is_enough():
    asked = [happened("advice_requested", on, adviser="adv_c_medical", agency=who) for on, who in (("2026-04-08", "trust-a"),
                                                                                                   ("2026-04-22", "trust-b"))]
    declined = happened("advice_declined", "2026-04-20", adviser="adv_c_medical", agency="trust-a", reasons="r")
    others = [fact for fact in IN if fact["adviser"] != "adv_c_medical"]
    assert outstanding(*others, asked[0], declined) == ("adv_c_medical",)
    assert outstanding(*others, *asked, declined) == ("adv_c_medical",)
    answered = happened("advice_received", "2026-06-05", adviser="adv_c_medical", agency="trust-b")
    assert outstanding(*others, *asked, answered) == ("adv_c_medical",)
    assert outstanding(*others, *asked, declined, answered) == ()


def test_a_person_whom_the_family_asked_for_and_who_declines_takes_a_decision_of_the_council():
    wished = [happened("adviser_requested_by_family", "2026-04-08", agency=who, reasonable=True) for who in ("dr-who", "mr-hyde")]
    asked = [happened("advice_requested", "2026-04-09", adviser="adv_h_requested", agency=who) for who in ("dr-who", "mr-hyde")]
    declined = happened("advice_declined", "2026-04-20", adviser="adv_h_requested", agency="dr-who", reasons="r")
    answered = happened("advice_received", "2026-05-11", adviser="adv_h_requested", agency="mr-hyde")
    given_up = happened("advice_not_obtainable", "2026-05-12", adviser="adv_h_requested", agency="dr-who", decided_by="x", reasons="r")
    assert outstanding(*IN, *wished, *asked, declined, answered) == ("adv_h_requested",)
    assert outstanding(*IN, *wished, *asked, declined, answered, given_up) == ()


def test_advice_asked_for_anew_is_outstanding_again():
    again = happened("advice_requested", "2026-05-20", adviser="adv_d_psychology")
    assert outstanding(*ASKED, *IN, again) == ("adv_d_psychology",)
    assert outstanding(*ASKED, *IN, again, happened("advice_received", "2026-06-01", adviser="adv_d_psychology")) == ()
    crossed = happened("advice_requested", "2026-05-11", adviser="adv_d_psychology")
    assert outstanding(*ASKED, *IN, crossed) == ()


# --- the final plan -----------------------------------------------------------------------------------------------

SECTIONS = ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]


def prepared(on="2026-06-25", **data):
    return happened("final_plan_prepared", on, **({"sections": SECTIONS, "setting": "oak", "document": "d"} | data))


READY = [*ISSUING, happened("draft_plan_prepared", "2026-06-05", sections=[s for s in SECTIONS if s != "I"], names_setting=False), SERVED,
         happened("section_g_agreed", "2026-06-04"), happened("setting_consulted", "2026-06-09", setting="oak"),
         happened("setting_answered", "2026-06-20", setting="oak"), prepared()]


def gaps(facts, on="2026-06-25"):
    return final_plan_gaps(case_of(facts, on))


def without(kind):
    return [fact for fact in READY if fact.kind != kind]


def test_a_plan_with_everything_may_go():
    assert gaps(READY) == []


@pytest.mark.parametrize(("facts", "gap"), [
    (without("final_plan_prepared"), "no final plan is prepared: record final_plan_prepared"),
    (without("section_g_agreed"), "section G is not agreed by the responsible commissioning body (reg 12(2))"),
    (without("draft_plan_served"), "no draft plan was served on the family (s.38(2), reg 13(1))"),
    ([fact for fact in READY if not fact.kind.startswith("setting_")],
     "oak was not consulted before being named (s.39(2), s.40(3))"),
    ([*READY, happened("draft_meeting_required", "2026-06-10")],
     "the family required a meeting that has not been held (reg 13(1)(a)(ii))"),
    ([*READY, happened("setting_requested", "2026-06-10", setting="elm"), happened("setting_consulted", "2026-06-10", setting="elm")],
     "the family requested elm: name it, or record setting_request_refused with reasons (s.39(4))"),
    ([*READY, happened("draft_plan_prepared", "2026-06-06", sections=SECTIONS, names_setting=False)],
     "the draft named a setting or type, which s.38(5) forbids: serve a draft that names none"),
    ([*READY, happened("draft_plan_prepared", "2026-06-06", sections=["A"], names_setting=True)],
     "the draft named a setting or type, which s.38(5) forbids: serve a draft that names none"),
])
def test_what_is_missing_is_said_with_its_source(facts, gap):
    assert gaps(facts) == [gap]


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_must_be_there(section):
    found, = gaps([*without("final_plan_prepared"), prepared(sections=[s for s in SECTIONS if s != section])])
    assert found.startswith(f"section {section} (")
    assert "is missing (reg 12(" in found


@pytest.mark.parametrize(("day", "may_go"), [("2026-06-21", False), ("2026-06-22", False), ("2026-06-23", True)])
def test_the_familys_fifteen_days_must_be_over(day, may_go):
    found = gaps([*without("final_plan_prepared"), prepared("2026-06-20")], day)
    assert (found == []) is may_go
    assert may_go or found == ["the family's 15 days run until Mon 22 Jun 2026; the plan may be sent from the day after (reg 13(1)(a))"]


@pytest.mark.parametrize(("day", "may_go"), [("2026-06-23", False), ("2026-06-24", False), ("2026-06-25", True)])
def test_the_setting_named_answers_or_has_had_its_fifteen_days(day, may_go):
    facts = [*without("setting_answered")[:-1], prepared("2026-06-20")]
    found = gaps(facts, day)
    assert (found == []) is may_go
    assert may_go or found == ["oak may answer the consultation until Wed 24 Jun 2026 (Code 9.83)"]


def test_a_plan_that_names_only_a_type_needs_no_answer_of_a_setting():
    facts = [fact for fact in READY if not fact.kind.startswith("setting_")]
    assert gaps([*facts[:-1], prepared(setting=None, type_only=True)]) == []


def test_a_plan_prepared_before_the_draft_was_served_again_is_out_of_date():
    facts = [*READY, happened("draft_plan_served", "2026-06-26")]
    found = gaps(facts, "2026-07-11")
    assert found == ["the final plan was prepared on Thu 25 Jun 2026, before the draft that was served on Fri 26 Jun 2026: prepare it"
                     " from that draft and what the family said about it (reg 14(1))"]
    assert gaps([*facts, prepared("2026-07-11")], "2026-07-11") == []
    assert gaps([*READY[:-1], prepared("2026-06-08")]) == []              # on the day of service: from that very draft


def test_a_setting_that_the_family_asked_for_and_nobody_consulted_is_in_the_way():
    assert gaps([*READY, happened("setting_requested", "2026-06-10", setting="elm")]) == [
        "the family requested elm: consult it (s.39(2))",
        "the family requested elm: name it, or record setting_request_refused with reasons (s.39(4))"]


# --- what the record cannot bear ----------------------------------------------------------------------------------

def refused(facts, kind, on, **data):
    return refusal(case_of(facts, "2026-12-31"), kind, date.fromisoformat(on), data)


@pytest.mark.parametrize(("facts", "kind", "on"), [
    ([], "request_received", "2026-03-02"), ([], "became_responsible", "2026-03-02"),
    (REQUEST, "became_responsible", "2026-03-20"), (REQUEST, "became_responsible", "2026-02-20"),
    ([happened("became_responsible", "2026-03-02")], "request_received", "2026-03-20"),
    (REQUEST, "decided_to_assess", "2026-03-02"), (REQUEST, "refused_to_assess", "2026-04-14"),
    (REQUEST, "decided_to_issue", "2026-06-01"), ([*REQUEST, DECIDED], "refused_to_issue", "2026-06-01"),
    ([*REQUEST, happened("refused_to_assess", "2026-04-09")], "decided_to_assess", "2026-04-09"),
    ([*REQUEST, happened("refused_to_assess", "2026-04-09")], "decided_to_assess", "2026-07-01"),
    ([*REQUEST, DECIDED, happened("refused_to_issue", "2026-06-01")], "decided_to_issue", "2026-07-01"),
    ([*REQUEST, happened("request_withdrawn", "2026-03-20")], "withdrawal_accepted", "2026-03-20"),
    ([*REQUEST, happened("child_died", "2026-03-20")], "family_consulted", "2026-03-20"),
    ([*REQUEST, happened("child_died", "2026-03-20")], "message_failed", "2026-03-25"),
    ([*REQUEST, DECIDED], "advice_received", "2026-04-01"), (ISSUING, "moved_away", "2026-07-01"),
])
def test_late_and_out_of_order_facts_are_welcome(facts, kind, on):
    assert refused(facts, kind, on) is None


@pytest.mark.parametrize(("facts", "kind", "on", "why"), [
    ([], "decided_to_assess", "2026-04-07", "decided_to_assess cannot come first: no request is on record. Record request_received"),
    (REQUEST, "family_consulted", "2026-03-01", "family_consulted on Sun 1 Mar 2026 is before the request of Mon 2 Mar 2026"),
    (REQUEST, "request_received", "2026-03-02", "request_received is on record already (request_received on Mon 2 Mar 2026 (fact 1))"),
    ([*REQUEST, DECIDED], "decided_to_assess", "2026-04-08", "decided_to_assess is on record already"),
    ([*REQUEST, happened("refused_to_assess", "2026-04-07"), DECIDED], "decided_to_assess", "2026-04-08",
     "decided_to_assess is on record already"),
    ([*REQUEST, DECIDED], "refused_to_assess", "2026-04-08", "and refused_to_assess contradicts it"),
    ([*REQUEST, happened("decided_to_issue", "2026-06-01")], "refused_to_issue", "2026-06-08", "and refused_to_issue contradicts it"),
    ([*REQUEST, happened("refused_to_assess", "2026-04-09")], "decided_to_assess", "2026-04-08",
     "decided_to_assess on Wed 8 Apr 2026 cannot reverse refused_to_assess on Thu 9 Apr 2026 (fact 2): it is earlier"),
    ([*REQUEST, happened("refused_to_assess", "2026-04-09")], "decided_to_issue", "2026-06-01",
     "without an assessment there is nothing to decide on (s.36(9))"),
    (REQUEST, "withdrawal_accepted", "2026-03-20", "withdrawal_accepted answers a withdrawal, and none is on record by Fri 20 Mar 2026"),
    ([*REQUEST, happened("request_withdrawn", "2026-03-21")], "request_continued", "2026-03-20", "and none is on record by"),
    ([*REQUEST, happened("moved_away", "2026-03-20", to="kent")], "family_consulted", "2026-03-21",
     "the case ended with moved_away on Fri 20 Mar 2026 (fact 2); nothing that happened later belongs to it"),
    ([*ISSUING, happened("final_plan_sent", "2026-07-01")], "moved_away", "2026-07-02", "record plan_transferred"),
])
def test_what_contradicts_the_record_is_refused_with_what_to_do(facts, kind, on, why):
    assert why in refused(facts, kind, on, to="kent")


@pytest.mark.parametrize(("told", "why"), [
    ("2026-04-06", "the family cannot have been told on Mon 6 Apr 2026 of what was decided on Tue 7 Apr 2026"),
    ("2026-04-07", None), ("2026-12-31", None),
    ("2027-01-01", "Fri 1 Jan 2027 is still to come, so the family has not been told"),
])
@pytest.mark.parametrize("kind", ["decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue"])
def test_the_family_is_told_of_a_decision_when_it_was_made_or_later_but_not_in_the_future(kind, told, why):
    found = refused(REQUEST, kind, "2026-04-07", notified_on=told)
    assert (found is None) if why is None else (why in found)


@pytest.mark.parametrize("kind", ["decided_to_issue", "refused_to_issue"])
def test_a_decision_on_a_plan_that_is_yet_to_be_told_waits_for_the_advice(kind):
    given_up = happened("advice_not_obtainable", "2026-05-12", adviser="adv_e_social_care", decided_by="x", reasons="r")
    assert "no decision to assess is on record" in refused(REQUEST, kind, "2026-06-01", notice="to_follow")
    assert "advice is outstanding from adv_e_social_care (reg 6(1))" in refused([*REQUEST, DECIDED, *IN[:4]], kind, "2026-06-01",
                                                                                 notice="to_follow")
    assert refused([*REQUEST, DECIDED, *IN[:4], given_up], kind, "2026-06-01", notice="to_follow") is None
    assert refused([*REQUEST, DECIDED, *IN[:4]], kind, "2026-06-01") is None          # taken and told already: so it happened


def test_earlier_advice_does_not_suffice_without_the_three():
    why = refused([*REQUEST, DECIDED], "existing_advice_sufficed", "2026-04-08", adviser="adv_d_psychology",
                  adviser_satisfied_on="2026-04-08", council_satisfied_on="2026-04-08")
    assert why.endswith("not on record for family")


@pytest.mark.parametrize(("data", "why"), [
    ({"sections": [s for s in SECTIONS if s != "I"], "names_setting": False}, None),
    ({"sections": SECTIONS, "names_setting": False}, "section I stays blank (s.38(5))"),
    ({"sections": [s for s in SECTIONS if s != "I"], "names_setting": True}, "must not name a setting"),
    ({"sections": ["A", "B"], "names_setting": False}, "the draft lacks section C, D, E, F, G, H1, H2, J, K"),
])
def test_a_draft_names_no_setting_and_lacks_no_section(data, why):
    found = refused(ISSUING, "draft_plan_prepared", "2026-06-05", **data)
    assert (found is None) if why is None else (why in found)


def test_only_required_advice_can_be_given_up():
    assert refused([*REQUEST, DECIDED], "advice_not_obtainable", "2026-05-20", adviser="adv_d_psychology") is None
    assert refused([*REQUEST, DECIDED], "advice_not_obtainable", "2026-05-20", adviser="adv_b_mod") == (
        "adv_b_mod is not required in this case.")


@pytest.mark.parametrize("kind", ["advice_delivered", "advice_received", "advice_declined"])
def test_where_several_agencies_were_asked_a_fact_says_which_it_is_about(kind):
    both = [happened("advice_requested", "2026-04-08", adviser="adv_c_medical", agency=who) for who in ("trust-b", "trust-a")]
    assert refused([*REQUEST, DECIDED, *both], kind, "2026-05-01", adviser="adv_c_medical") == (
        "adv_c_medical was asked of trust-a, trust-b: say which agency this is about.")
    assert refused([*REQUEST, DECIDED, *both], kind, "2026-05-01", adviser="adv_c_medical", agency="trust-a") is None
    assert refused([*REQUEST, DECIDED, both[0]], kind, "2026-05-01", adviser="adv_c_medical") is None


# --- exceptions at the door ---------------------------------------------------------------------------------------

def test_an_exception_that_the_law_does_not_know_is_refused_and_the_clock_runs_on():
    fact = claim("notify_no_plan_need_determination", "X_PERSONAL", "2026-04-01")
    why = refused(REQUEST, "exception_claimed", "2026-04-01", **fact.data)
    assert why.startswith("X_PERSONAL refused (reg 4 has no paragraph of exceptions)")
    assert why.endswith("The clock runs on.")


@pytest.mark.parametrize(("data", "why"), [
    ({"duty": "decide_whether_to_assess", "code": "X_PERSONAL"}, None),
    ({"duty": "decide_whether_to_assess", "code": "X_PERSONAL", "adviser": "adv_b_education"}, None),
    ({"duty": "finalize_plan", "code": "X_PERSONAL"}, "There is no duty 'finalize_plan'. Did you mean finalise_plan"),
    ({"duty": "coop_respond_advice", "code": "X8_EXC"}, "coop_respond_advice has not arisen in this case, so there is no limit to relieve"),
    ({"duty": "seek_advice", "code": "X8_EXC", "adviser": "adv_c_medical"}, "seek_advice has not arisen"),
])
def test_a_claim_is_judged_at_the_door(data, why):
    found = refused(REQUEST, "exception_claimed", "2026-04-01", because="as explained", **data)
    assert (found is None) if why is None else (why in found)


def test_a_claim_about_one_of_several_says_which():
    both = [happened("advice_delivered", "2026-04-08", adviser="adv_c_medical", agency=who) for who in ("trust-a", "trust-b")]
    facts = [*REQUEST, DECIDED, *both]
    told = {"duty": "coop_respond_advice", "code": "X8_EXC", "because": "as explained", "adviser": "adv_c_medical"}
    assert refused(facts, "exception_claimed", "2026-04-20", **told) == (
        "coop_respond_advice stands for adv_c_medical trust-a, adv_c_medical trust-b: say which adviser, and which agency where one"
        " adviser has several.")
    assert refused(facts, "exception_claimed", "2026-04-20", agency="trust-a", **told) is None


# --- corrections at the door --------------------------------------------------------------------------------------

CORRECTABLE = [*REQUEST, happened("family_consulted", "2026-03-05"), happened("message_queued", "2026-03-03", key="k")]


@pytest.mark.parametrize(("data", "why"), [
    ({"replaces": 1, "corrected": {"on": "2026-03-05"}}, None),
    ({"replaces": 1, "corrected": {"on": "2026-03-06"}}, "the request would then be of Fri 6 Mar 2026, and family_consulted on Thu 5 Mar"),
    ({"replaces": 1, "corrected": {"on": "2026-02-01"}}, None),
    ({"replaces": 1, "corrected": {"year_group": 4}}, None),
    ({"replaces": 1, "withdrawn": True}, "without request_received on Mon 2 Mar 2026 (fact 1) no clock of this case would run"),
    ({"replaces": 1, "corrected": {"fact": "became_responsible", "on": "2026-03-02"}}, None),
    ({"replaces": 1, "corrected": {"fact": "family_told_considering"}}, "no clock of this case would run"),
    ({"replaces": 2, "corrected": {"on": "2026-03-02"}}, None),
    ({"replaces": 2, "corrected": {"on": "2026-03-01"}}, "Sun 1 Mar 2026 is before the request of Mon 2 Mar 2026"),
    ({"replaces": 2, "withdrawn": True}, None),
    ({"replaces": 3, "withdrawn": True}, "is the engine's own record of a message and cannot be corrected"),
    ({"replaces": 9, "withdrawn": True}, "fact 9 does not stand in this case. `ehc trail show A1` lists the facts"),
    ({"replaces": None}, "say which fact is replaced: replaces=NUMBER"), ({"replaces": "one"}, "say which fact is replaced"),
])
def test_a_correction_leaves_no_contradiction(data, why):
    found = refused(CORRECTABLE, "fact_corrected", "2026-04-01", **data)
    assert (found is None) if why is None else (why in found)


def test_the_only_fact_of_a_case_that_was_opened_by_mistake_can_be_withdrawn():
    assert refused(REQUEST, "fact_corrected", "2026-04-01", replaces=1, withdrawn=True) is None


def test_one_of_two_starts_can_be_withdrawn():
    facts = [*REQUEST, happened("became_responsible", "2026-02-01"), happened("family_consulted", "2026-03-05")]
    assert refused(facts, "fact_corrected", "2026-04-01", replaces=2, withdrawn=True) is None
    facts[-1] = happened("family_consulted", "2026-02-05")
    assert "the request would then be of Mon 2 Mar 2026" in refused(facts, "fact_corrected", "2026-04-01", replaces=2, withdrawn=True)


@pytest.mark.parametrize(("data", "why"), [
    ({"replaces": 1, "corrected": {"on": "2026-03-04"}}, None),
    ({"replaces": 1, "corrected": {"on": "2026-03-05"}}, None),
    ({"replaces": 1, "corrected": {"on": "2026-03-06"}}, "the request would then be of Fri 6 Mar 2026"),
    ({"replaces": 1, "corrected": {"on": "2026-03-25"}}, "the request would then be of Fri 20 Mar 2026"),
    ({"replaces": 3, "corrected": {"on": "2026-03-10"}}, None),
    ({"replaces": 3, "corrected": {"on": "2026-03-01"}}, "Sun 1 Mar 2026 is before the request of Mon 2 Mar 2026"),
])
def test_with_two_starts_the_earlier_counts(data, why):
    facts = [*REQUEST, happened("became_responsible", "2026-03-20"), happened("family_consulted", "2026-03-05")]
    found = refused(facts, "fact_corrected", "2026-04-01", **data)
    assert (found is None) if why is None else (why in found)


def test_a_fact_of_the_very_day_of_the_request_moves_no_further_forward_than_the_request():
    facts = [*REQUEST, happened("family_consulted", "2026-03-02")]
    assert "and family_consulted on Mon 2 Mar 2026 (fact 2) lies before it" in refused(
        facts, "fact_corrected", "2026-04-01", replaces=1, corrected={"on": "2026-03-03"})


def test_a_corrected_fact_cannot_be_corrected_under_the_number_of_its_correction():
    facts = [*REQUEST, happened("fact_corrected", "2026-03-10", replaces=1, corrected={"on": "2026-03-04"})]
    assert "to mend a correction, correct the fact itself once more" in refused(facts, "fact_corrected", "2026-04-01", replaces=2,
                                                                               withdrawn=True)


def test_a_case_is_read_as_it_stood_on_its_day():
    facts = [*REQUEST, DECIDED]
    assert [fact.kind for fact in case_of(facts, DECIDED.on - A_DAY).facts] == ["request_received"]
    assert case_of(facts, DECIDED.on).has("decided_to_assess")
    assert case_of(facts, DECIDED.on).last("refused_to_assess") is None
    assert case_of(facts, DECIDED.on).duty("finalise_plan", adviser="adv_c_medical") is None


def test_while_advice_is_gathered_and_nobody_is_waited_for_the_council_holds_the_case():
    case = case_of([happened(kind, "2026-03-02") for kind in ("request_received", "final_amended_plan_sent", "decided_to_assess")],
                   "2026-03-02")
    assert (case.stage, case.held_by) == (Stage.S20_ASSESSING, ("council",))
