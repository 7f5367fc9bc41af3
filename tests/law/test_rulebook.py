"""The rulebook against the law page: nothing missing, nothing invented, every row with its owner, kind and source."""

from datetime import date

import pytest

from models.law.advisers import ADVISERS
from models.law.dates import Limit
from models.law.duty import KINDS, PART_3_COMMENCED, TYPES
from models.law.exceptions import CODES
from models.law.parties import WORDS
from models.law.plan import SECTIONS
from models.law.rulebook import RULEBOOK, UnknownDuty, duty, in_force

# law page 1.1, 1.2 (both tables and seek_advice), 1.3, and the two windows of the family from 1.9
REQUEST = ("request_received", "became_responsible", "consult_on_request", "notify_no_plan_need_determination",
           "notify_considering_assessment", "notify_considering_partners", "decide_whether_to_assess",
           "notify_partners_of_assess_decision")
ADVICE_ITEMS = ("adv_a_parent_yp", "adv_b_education", "adv_b_mod", "adv_b_sensory", "adv_c_medical", "adv_d_psychology",
                "adv_e_social_care", "adv_f_other", "adv_g_pfa", "adv_h_requested")
ADVICE = ("seek_advice", *ADVICE_ITEMS, "send_evidence_with_advice_request", "no_repeat_advice", "coop_respond_advice",
          "advice_six_weeks_others", "assessment_conduct", "support_to_participate")
PLAN = ("notify_assessment_outcome", "refuse_to_issue", "prepare_plan", "consult_on_draft_content", "send_draft_plan",
        "draft_representation_window", "hold_draft_meeting", "consult_requested_setting", "consult_proposed_setting",
        "setting_consult_response", "name_requested_setting", "finalise_plan", "admit", "secure_provision")
APPEAL = ("contact_mediation_adviser", "lodge_appeal")

# law page 1.13: which exception relieves which limit
DECISIONS = ("X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4")
MATRIX = {
    "decide_whether_to_assess": (DECISIONS, "reg 5(4)"),
    "refuse_to_issue": (DECISIONS, "reg 10(4)"),
    "finalise_plan": (DECISIONS, "reg 13(3)"),
    "coop_respond_advice": (("X8_EXC", "X8_ABSENT4", "X8_MISSED"), "reg 8(2)"),
}

# law page 1.1 to 1.3 and 1.9: the limit and its force; every other row has no figure
LIMITS = {
    "notify_no_plan_need_determination": (Limit("W", 6), "hard"),
    "decide_whether_to_assess": (Limit("W", 6), "hard"),
    "coop_respond_advice": (Limit("W", 6), "hard"),
    "advice_six_weeks_others": (Limit("W", 6), "guide"),
    "refuse_to_issue": (Limit("W", 16), "hard"),
    "draft_representation_window": (Limit("DMIN", 15), "hard"),
    "setting_consult_response": (Limit("D", 15), "guide"),
    "finalise_plan": (Limit("W", 20), "hard"),
    "contact_mediation_adviser": (Limit("M", 2), "hard"),
    "lodge_appeal": (Limit("M", 2), "hard"),
}

CITATIONS = {
    "request_received": "s.36(1)", "became_responsible": "s.24", "consult_on_request": "reg 3",
    "notify_no_plan_need_determination": "reg 4(1)", "notify_considering_assessment": "s.36(7)",
    "notify_considering_partners": "reg 4(2)(a)-(d)", "decide_whether_to_assess": "reg 5(1)",
    "notify_partners_of_assess_decision": "reg 5(2)", "seek_advice": "reg 6(1)",
    "adv_a_parent_yp": "reg 6(1)(a)", "adv_b_education": "reg 6(1)(b)(i)-(iii)", "adv_b_mod": "reg 6(1)(b)(iv)",
    "adv_b_sensory": "reg 6(2)", "adv_c_medical": "reg 6(1)(c)", "adv_d_psychology": "reg 6(1)(d)",
    "adv_e_social_care": "reg 6(1)(e)", "adv_f_other": "reg 6(1)(f)", "adv_g_pfa": "reg 6(1)(g)",
    "adv_h_requested": "reg 6(1)(h)", "send_evidence_with_advice_request": "reg 6(3)", "no_repeat_advice": "reg 6(4)",
    "coop_respond_advice": "reg 8(1)", "advice_six_weeks_others": "Code 9.40-9.41", "assessment_conduct": "reg 7(a)-(e)",
    "support_to_participate": "reg 9", "notify_assessment_outcome": "s.36(9)", "refuse_to_issue": "reg 10(1)-(3)",
    "prepare_plan": "s.37(1)", "consult_on_draft_content": "s.38(1)", "send_draft_plan": "s.38(2)",
    "draft_representation_window": "reg 13(1)(a)", "hold_draft_meeting": "reg 13(1)(a)(ii)",
    "consult_requested_setting": "s.39(2)", "consult_proposed_setting": "s.39(6)", "setting_consult_response": "Code 9.83",
    "name_requested_setting": "s.39(3)-(5)", "finalise_plan": "reg 13(2)", "admit": "s.43(2)",
    "secure_provision": "s.42(2)", "contact_mediation_adviser": "reg 33", "lodge_appeal": "r.20(1)(c)",
}

# law page 1.0.3 and the rows: which notice each carries, and which appeal it opens
PACKS = {
    "notify_no_plan_need_determination": "N_APPEAL_A", "notify_considering_assessment": "N_VIEWS",
    "decide_whether_to_assess": "N_APPEAL_A", "notify_assessment_outcome": "N_REASONS", "refuse_to_issue": "N_APPEAL_B",
    "send_draft_plan": "N_DRAFT", "draft_representation_window": "N_DRAFT", "finalise_plan": "N_APPEAL_B",
}
APPEALS = {
    "notify_no_plan_need_determination": "s.51(2)(a)", "decide_whether_to_assess": "s.51(2)(a)",
    "refuse_to_issue": "s.51(2)(b)", "finalise_plan": "s.51(2)(c), s.51(3)(a)",
}

EVERY_ROW = pytest.mark.parametrize("row", RULEBOOK, ids=lambda row: row.id)


def test_every_row_of_the_law_page_is_there_and_none_is_invented():
    assert [row.id for row in RULEBOOK] == [*REQUEST, *ADVICE, *PLAN, *APPEAL]


def test_the_advice_items_are_those_of_regulation_6():
    assert tuple(ADVISERS) == ADVICE_ITEMS
    assert [adviser.id for adviser in ADVISERS.values() if adviser.body == "s31"] == ["adv_c_medical"]
    assert [adviser.id for adviser in ADVISERS.values() if not adviser.may_reuse] == ["adv_a_parent_yp"]


@EVERY_ROW
def test_the_row_says_who_owes_what_under_which_provision(row):
    assert row.words
    assert CITATIONS[row.id] in row.citation
    assert row.kind in KINDS
    assert row.type in TYPES
    if row.type == "event":                      # an event is nobody's duty
        assert (row.owed_by, row.owed_to) == ("", ())
    else:
        assert row.owed_by in WORDS
        assert row.owed_to and set(row.owed_to) <= {*WORDS, "mediation_adviser"}


@EVERY_ROW
def test_the_row_has_the_limit_and_the_force_that_the_law_gives_it_and_no_other(row):
    limit, kind = LIMITS.get(row.id, (None, "derived" if row.id == "send_draft_plan" else "hard"))
    assert row.limit == limit
    assert row.kind == kind
    assert row.limit_words


@pytest.mark.parametrize("id", ADVICE_ITEMS)
def test_an_item_of_advice_is_gathered_from_the_decision_to_assess_on(id):
    assert duty(id).type == "advice"
    assert duty(id).starts_on == ("decided_to_assess",)
    assert duty(id).met_by == ("advice_received", "existing_advice_sufficed")


@EVERY_ROW
def test_the_exceptions_are_those_of_the_matrix(row):
    codes, basis = MATRIX.get(row.id, ((), ""))
    assert row.exceptions == codes
    assert set(codes) <= set(CODES)
    assert basis in row.exception_basis


@EVERY_ROW
def test_the_row_carries_its_notice_pack_and_its_appeal(row):
    assert row.notice_pack == PACKS.get(row.id)
    assert row.appeal == APPEALS.get(row.id)


@EVERY_ROW
def test_the_row_is_law_from_the_day_on_which_part_3_commenced(row):
    assert row.valid_from == PART_3_COMMENCED == date(2014, 9, 1)
    assert row.valid_to is None
    assert [row.in_force(day) for day in (date(2014, 8, 31), date(2014, 9, 1), date(2026, 11, 23))] == [False, True, True]


@EVERY_ROW
def test_only_a_hard_row_calls_itself_statutory(row):
    said = " ".join((row.words, row.timing, row.limit_words))
    if row.kind == "hard":
        return
    for denied in ("no statutory date", "is not statutory"):
        said = said.replace(denied, "")
    assert "statutory" not in said
    assert "not" in KINDS[row.kind] or "without" in KINDS[row.kind]


@EVERY_ROW
def test_the_reporting_count_is_the_day_1_count_of_the_three_clocks_and_of_nothing_else(row):
    clocks = {"decide_whether_to_assess": 6, "refuse_to_issue": 16, "finalise_plan": 20}
    assert row.reporting_limit == (Limit("WB", clocks[row.id]) if row.id in clocks else None)


@EVERY_ROW
def test_the_row_as_plain_data(row):
    record = row.as_record()
    assert record["id"] == row.id
    assert record["limit"] == ({"function": row.limit.function, "n": row.limit.n} if row.limit else None)
    assert record["valid_from"] == "2014-09-01"
    assert record["valid_to"] is None


@pytest.mark.parametrize("id", ["decide_whether_to_assess", "notify_no_plan_need_determination", "refuse_to_issue",
                                "finalise_plan", "coop_respond_advice", "consult_on_request"])
def test_where_the_law_says_as_soon_as_practicable_it_goes_on_to_bind(id):
    assert duty(id).residual == "as soon as practicable"


@pytest.mark.parametrize("id", ["decide_whether_to_assess", "notify_no_plan_need_determination", "refuse_to_issue",
                                "finalise_plan"])
def test_every_long_clock_starts_at_day_zero_and_never_at_a_later_step(id):
    assert duty(id).starts_on == ("request_received", "became_responsible")


def test_the_example_record_of_the_law_page_is_the_row():
    record = duty("finalise_plan").as_record()
    assert record["kind"] == "hard"
    assert record["owed_by"] == "local_authority"
    assert record["owed_to"] == ["parent_or_young_person", "named_setting", "responsible_commissioning_body"]
    assert record["starts_on"] == ["request_received", "became_responsible"]
    assert record["limit"] == {"function": "W", "n": 20}
    assert record["reporting_limit"] == {"function": "WB", "n": 20}
    assert record["residual"] == "as soon as practicable"
    assert record["exceptions"] == list(DECISIONS)
    assert record["exception_basis"] == "reg 13(3), which imports reg 10(4)(a)-(d)"
    assert record["notice_pack"] == "N_APPEAL_B"
    assert record["selector"] == "due_date"
    assert record["citation"] == "s.39(8), s.40(5), reg 13(2), 14"


def test_the_codes_are_those_of_the_law_page_without_those_that_relieve_nothing_here():
    assert set(CODES) == {"X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4", "X_ABSENT2", "X8_EXC", "X8_ABSENT4", "X8_MISSED",
                          "X_CV"}
    relieving = {code for row in RULEBOOK for code in row.exceptions}
    assert set(CODES) - relieving == {"X_ABSENT2", "X_CV"}       # regs 44(3) and 45(7); 2020 only


def test_the_sections_of_a_plan_are_those_of_regulation_12():
    assert list(SECTIONS) == ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]
    assert all(source.startswith("reg 12(") for _, source in SECTIONS.values())
    assert "agreed by the responsible commissioning body" in SECTIONS["G"][0]


def test_the_parties_are_those_of_the_law_page():
    assert set(WORDS) == {"local_authority", "parent_or_young_person", "responsible_commissioning_body", "social_care_officers", "setting",
                          "named_setting", "maintaining_authority", "adviser", "s31_body", "tribunal"}


def test_a_row_is_found_by_its_id_as_it_stands_or_as_it_stood():
    assert duty("finalise_plan") is duty("finalise_plan", date(2020, 1, 1))
    assert in_force() == in_force(date(2026, 11, 23)) == RULEBOOK
    assert in_force(date(2014, 8, 31)) == ()


def test_a_row_that_was_not_law_yet_says_when_it_became_law():
    with pytest.raises(UnknownDuty, match="was not law on 2014-08-31; it is law from 2014-09-01"):
        duty("finalise_plan", date(2014, 8, 31))


def test_a_wrong_id_is_answered_with_the_nearest():
    with pytest.raises(UnknownDuty, match="Did you mean finalise_plan"):
        duty("finalize_plan")
    with pytest.raises(UnknownDuty, match="There is no duty 'xyzzy'"):
        duty("xyzzy")
