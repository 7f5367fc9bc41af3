"""Reg 6: whose advice an assessment must gather, and when earlier advice stands in for it."""

import pytest

from models.law.advisers import education_adviser, fact_about_child, may_reuse, required_advisers
from tests.law.told import arisen, happened, owed, request

ALWAYS = ["adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care"]
DECIDED = happened("decided_to_assess", "2026-04-07")
ALL_SATISFIED = {f"{who}_satisfied_on": "2026-04-08" for who in ("adviser", "council", "family")}


def asked_of(**child):
    return [need.adviser for need in required_advisers(child)]


def test_five_are_asked_always():
    assert asked_of(attends="school") == ALWAYS


@pytest.mark.parametrize(("child", "more"), [
    ({"service_family": True}, "adv_b_mod"),
    ({"hearing_impaired": True}, "adv_b_sensory"),
    ({"vision_impaired": True}, "adv_b_sensory"),
    ({"hearing_impaired": True, "vision_impaired": True}, "adv_b_sensory"),
    ({"year_group": 9}, "adv_g_pfa"),
    ({"year_group": 13}, "adv_g_pfa"),
    ({"attends": "post16"}, "adv_g_pfa"),
    ({"is_young_person": True}, "adv_g_pfa"),
    ({"others_thought_appropriate": ("virtual-school",)}, "adv_f_other"),
    ({"reasonable_requests": ("dr-who",)}, "adv_h_requested"),
])
def test_one_more_where_the_case_calls_for_it(child, more):
    assert asked_of(**child) == [*ALWAYS, more]


@pytest.mark.parametrize("child", [
    {"service_family": False}, {"hearing_impaired": True, "educator_is_sensory_qualified": True}, {"year_group": 8},
    {"year_group": 0}, {"year_group": -1}, {"reasonable_requests": ()}, {"attends": "early_years"},
])
def test_and_no_more_where_it_does_not(child):
    assert asked_of(**child) == ALWAYS


def test_every_need_says_why():
    assert all(need.because.startswith("reg 6(") for need in required_advisers(
        {"service_family": True, "hearing_impaired": True, "year_group": 9, "reasonable_requests": ("x",),
         "others_thought_appropriate": ("y",)}))


@pytest.mark.parametrize(("child", "paragraph"), [
    ({"attends": "school"}, "reg 6(1)(b)(i)"), ({"attends": "post16"}, "reg 6(1)(b)(i)"),
    ({"attends": None}, "reg 6(1)(b)(ii)"), ({"experienced_teacher_available": True}, "reg 6(1)(b)(ii)"),
    ({"experienced_teacher_available": False}, "reg 6(1)(b)(iii)"),
    ({"attends": "school", "experienced_teacher_available": False}, "reg 6(1)(b)(i)"),
])
def test_the_educational_adviser_is_found_in_the_order_of_the_regulation(child, paragraph):
    assert education_adviser(child)[1] == paragraph


@pytest.mark.parametrize("kind", ["request_received", "became_responsible", "circumstances_recorded"])
def test_what_the_law_asks_about_the_child_is_read_from_each_fact_that_tells_it(kind):
    told = {"attends": "school", "service_family": True, "hearing_impaired": True, "vision_impaired": False,
            "educator_is_sensory_qualified": True, "year_group": 9, "experienced_teacher_available": False}
    assert fact_about_child([happened(kind, "2026-03-02", **told)]) == told


def test_later_facts_about_the_child_count_over_earlier_ones_and_silence_does_not():
    facts = [request(year_group=8, service_family=True), happened("circumstances_recorded", "2026-09-01", year_group=9)]
    known = fact_about_child(facts)
    assert (known["year_group"], known["service_family"], known["attends"]) == (9, True, "school")


def test_whom_the_council_and_the_family_add_is_read_with_the_agency():
    facts = [happened("adviser_thought_appropriate", "2026-04-08", agency=who) for who in ("virtual-school", "camhs")]
    facts += [happened("adviser_requested_by_family", "2026-04-08", agency=who, reasonable=True) for who in ("dr-who", "mr-hyde")]
    assert fact_about_child(facts) == {"others_thought_appropriate": ("virtual-school", "camhs"),
                                       "reasonable_requests": ("dr-who", "mr-hyde")}


def test_everybody_whom_the_council_thinks_appropriate_is_asked():
    facts = [request(), DECIDED, *(happened("adviser_thought_appropriate", "2026-04-08", agency=who) for who in ("camhs", "virtual-school")),
             happened("advice_requested", "2026-04-09", adviser="adv_f_other", agency="camhs")]
    assert seeking(facts)["adv_f_other"] == "open"
    assert seeking([*facts, happened("advice_requested", "2026-04-09", adviser="adv_f_other", agency="virtual-school")])["adv_f_other"] == "met"


# --- reg 6(1): seeking --------------------------------------------------------------------------------------------

def seeking(facts, day="2026-04-30"):
    return {adviser: owed(facts, day, "seek_advice", adviser).state for adviser, _ in arisen(facts, day, "seek_advice")}


def test_nobody_need_be_asked_before_it_is_decided_to_assess():
    assert seeking([request()]) == {}


def test_each_required_adviser_is_to_be_asked_without_any_figure():
    facts = [request(service_family=True, year_group=10), DECIDED]
    assert seeking(facts) == dict.fromkeys([*ALWAYS, "adv_b_mod", "adv_g_pfa"], "open")
    assert owed(facts, "2027-01-01", "seek_advice", "adv_b_mod").due_on is None


def test_asking_meets_it_for_that_adviser_alone():
    states = seeking([request(), DECIDED, happened("advice_requested", "2026-04-08", adviser="adv_c_medical")])
    assert states == dict.fromkeys(ALWAYS, "open") | {"adv_c_medical": "met"}


def test_whoever_else_was_asked_is_in_the_list_too():
    states = seeking([request(), DECIDED, happened("advice_requested", "2026-04-08", adviser="adv_f_other", agency="camhs")])
    assert states == dict.fromkeys(ALWAYS, "open") | {"adv_f_other": "met"}


def test_advice_may_be_sought_while_the_request_is_still_considered():
    facts = [request(), happened("advice_requested", "2026-03-04", adviser="adv_b_education"), DECIDED]
    assert seeking(facts)["adv_b_education"] == "met"


def test_advice_that_is_there_need_not_be_sought_though_nobody_wrote_down_the_asking():
    one = owed([request(), DECIDED, happened("advice_received", "2026-04-20", adviser="adv_d_psychology")], "2026-04-20",
               "seek_advice", "adv_d_psychology")
    assert (one.state, one.met_on.isoformat()) == ("met", "2026-04-20")
    both = [request(), DECIDED, happened("advice_received", "2026-04-20", adviser="adv_d_psychology"),
            happened("advice_requested", "2026-04-08", adviser="adv_d_psychology")]
    assert owed(both, "2026-04-20", "seek_advice", "adv_d_psychology").met_on.isoformat() == "2026-04-08"


def test_what_becomes_known_later_brings_its_adviser_later():
    facts = [request(), DECIDED, happened("circumstances_recorded", "2026-04-20", service_family=True)]
    assert "adv_b_mod" not in seeking(facts, "2026-04-19")
    assert seeking(facts, "2026-04-20")["adv_b_mod"] == "open"


def test_an_unreasonable_request_for_an_adviser_brings_none():
    asked = [happened("adviser_requested_by_family", "2026-04-08", agency="dr-who", reasonable=answer) for answer in (True, False)]
    assert "adv_h_requested" in seeking([request(), DECIDED, asked[0]])
    assert "adv_h_requested" not in seeking([request(), DECIDED, asked[1]])


def test_every_person_whom_the_family_reasonably_asks_for_is_asked():
    facts = [request(), DECIDED, *(happened("adviser_requested_by_family", "2026-04-08", agency=who, reasonable=True)
                                   for who in ("dr-who", "mr-hyde")),
             happened("advice_requested", "2026-04-09", adviser="adv_h_requested", agency="dr-who")]
    assert seeking(facts)["adv_h_requested"] == "open"
    facts.append(happened("advice_requested", "2026-04-20", adviser="adv_h_requested", agency="mr-hyde"))
    one = owed(facts, "2026-04-30", "seek_advice", "adv_h_requested")
    assert (one.state, one.met_on.isoformat()) == ("met", "2026-04-20")


def test_whom_the_family_asks_for_keeps_nobody_else_waiting():
    facts = [request(), DECIDED, *(happened("adviser_requested_by_family", "2026-04-08", agency=who, reasonable=True)
                                   for who in ("dr-who", "mr-hyde")),
             happened("advice_requested", "2026-04-09", adviser="adv_c_medical")]
    assert seeking(facts)["adv_c_medical"] == "met"


def test_a_single_person_asked_without_a_name_has_been_asked():
    facts = [request(), DECIDED, happened("adviser_requested_by_family", "2026-04-08", agency="dr-who", reasonable=True),
             happened("advice_requested", "2026-04-09", adviser="adv_h_requested")]
    assert seeking(facts)["adv_h_requested"] == "met"


def test_a_young_person_has_advice_on_preparing_for_adulthood():
    assert "adv_g_pfa" in seeking([request(requested_by="young_person", attends=None), DECIDED])


def test_the_end_of_the_assessment_ends_the_seeking():
    facts = [request(), DECIDED, happened("refused_to_issue", "2026-05-20")]
    assert set(seeking(facts, "2026-05-20").values()) == {"lapsed"}


# --- reg 6(3): enclosures -----------------------------------------------------------------------------------------

def test_each_request_encloses_the_familys_evidence_except_the_familys_own():
    facts = [request(), DECIDED, *(happened("advice_requested", "2026-04-08", adviser=adviser) for adviser in ALWAYS)]
    assert sorted(adviser for adviser, _ in arisen(facts, "2026-04-08", "send_evidence_with_advice_request")) == ALWAYS[1:]


def test_the_enclosure_is_proved_adviser_by_adviser():
    facts = [request(), DECIDED, *(happened("advice_requested", "2026-04-08", adviser=adviser) for adviser in ALWAYS),
             happened("evidence_sent_to_adviser", "2026-04-08", adviser="adv_c_medical")]
    assert owed(facts, "2026-04-08", "send_evidence_with_advice_request", "adv_c_medical").state == "met"
    assert owed(facts, "2026-04-08", "send_evidence_with_advice_request", "adv_d_psychology").state == "open"


# --- reg 6(4): earlier advice -------------------------------------------------------------------------------------

def reused(adviser="adv_d_psychology", on="2026-04-08", **satisfied):
    return happened("existing_advice_sufficed", on, adviser=adviser, **(ALL_SATISFIED | satisfied))


def test_earlier_advice_suffices_if_all_three_are_satisfied():
    assert may_reuse(reused()) is None
    assert seeking([request(), DECIDED, reused()])["adv_d_psychology"] == "met"


@pytest.mark.parametrize("who", ["adviser", "council", "family"])
def test_each_of_the_three_must_be_satisfied(who):
    one = reused(**{f"{who}_satisfied_on": None})
    assert f"not on record for {who}" in may_reuse(one)
    assert seeking([request(), DECIDED, one])["adv_d_psychology"] == "open"


@pytest.mark.parametrize(("day", "suffices"), [("2026-04-07", True), ("2026-04-08", True), ("2026-04-09", False)])
def test_and_by_the_day_from_which_it_is_to_stand_in(day, suffices):
    one = reused(family_satisfied_on=day)
    assert (may_reuse(one) is None) is suffices
    assert seeking([request(), DECIDED, one])["adv_d_psychology"] == ("met" if suffices else "open")


def test_the_familys_own_advice_is_never_waived():
    one = reused("adv_a_parent_yp")
    assert "reg 6(4) does not reach it" in may_reuse(one)
    assert seeking([request(), DECIDED, one])["adv_a_parent_yp"] == "open"


def test_no_adviser_outside_the_regulation_is_waived():
    assert "is no adviser of reg 6(1)" in may_reuse(reused("adv_x"))


def test_where_earlier_advice_suffices_nobody_owes_an_answer_any_more():
    asked = happened("advice_delivered", "2026-04-08", adviser="adv_c_medical")
    facts = [request(), DECIDED, asked, reused("adv_c_medical", "2026-04-20", family_satisfied_on="2026-04-20")]
    assert owed(facts, "2026-04-19", "coop_respond_advice").state == "open"
    assert owed(facts, "2026-04-20", "coop_respond_advice").state == "lapsed"


def test_no_row_is_made_of_the_prohibition_or_of_the_items_themselves():
    facts = [request(), DECIDED, reused()]
    for duty in ("no_repeat_advice", *ALWAYS, "request_received", "became_responsible"):
        assert arisen(facts, "2026-04-30", duty) == []
