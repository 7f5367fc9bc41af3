"""The rulebook against the law page: nothing missing, nothing invented, every row with its owner, kind and source."""

from datetime import date

import pytest

from models.law.advisers import ADVISERS
from models.law.dates import Limit
from models.law.duty import KINDS, PART_3_COMMENCED, TYPES
from models.law.exceptions import CODES
from models.law.parties import WORDS
from models.law.plan import SECTIONS
from models.law.rulebook import RULEBOOK, UnknownDuty, as_records, branches, duty, in_force
from tests.law.table import DECISION, IDS, LAW, UNTIMED
from tests.law.told import A_DAY

ADVICE_ITEMS = ("adv_a_parent_yp", "adv_b_education", "adv_b_mod", "adv_b_sensory", "adv_c_medical", "adv_d_psychology",
                "adv_e_social_care", "adv_f_other", "adv_g_pfa", "adv_h_requested")
TODAY = date(2026, 11, 23)                                     # the day as at which the law page states the law
AS_IT_STANDS = in_force(TODAY)


def name_of(row):
    """The id, and the branch where one provision sets several limits."""
    return f"{row.id} {row.branch}" if row.branch else row.id


def version_of(row):
    """The name of the row and its first day."""
    return f"{name_of(row)} {row.valid_from}"


EVERY_ROW = pytest.mark.parametrize("row", RULEBOOK, ids=version_of)
EVERY_ROW_AS_IT_STANDS = pytest.mark.parametrize("row", AS_IT_STANDS, ids=name_of)


def test_the_law_page_has_149_ids():
    assert len(IDS) == len(set(IDS)) == 149


def test_every_id_of_the_law_page_is_law_today_in_its_order_and_none_is_invented():
    assert tuple(dict.fromkeys(row.id for row in AS_IT_STANDS)) == IDS
    assert RULEBOOK.ids == IDS
    assert in_force(date.today()) == AS_IT_STANDS


def test_every_branch_of_the_law_page_is_law_today_and_none_is_invented():
    assert [name_of(row) for row in AS_IT_STANDS] == list(LAW)


@pytest.mark.parametrize("id", UNTIMED)
def test_no_limit_is_invented_for_a_step_that_has_none(id):
    for row in RULEBOOK:
        if row.id == id:
            assert (row.limit, row.counts, row.type) == (None, None, "step")


def test_the_advice_items_are_those_of_regulation_6():
    assert tuple(ADVISERS) == ADVICE_ITEMS
    assert [adviser.id for adviser in ADVISERS.values() if adviser.body == "s31"] == ["adv_c_medical"]
    assert [adviser.id for adviser in ADVISERS.values() if not adviser.may_reuse] == ["adv_a_parent_yp"]


@EVERY_ROW
def test_the_row_says_who_owes_what_under_which_provision(row):
    assert row.words
    assert row.kind in KINDS
    assert row.type in TYPES
    if row.type == "event":                      # an event is nobody's duty
        assert (row.owed_by, row.owed_to) == ("", ())
    else:
        assert row.owed_by in WORDS
        assert row.owed_to and set(row.owed_to) <= set(WORDS)


@EVERY_ROW_AS_IT_STANDS
def test_the_row_has_the_limit_and_the_force_that_the_law_gives_it_and_no_other(row):
    line = LAW[name_of(row)]
    assert (f"{row.limit.function} {row.limit.n}" if row.limit else None) == line.limit
    assert row.kind == line.kind
    assert row.limit_words


@EVERY_ROW_AS_IT_STANDS
def test_the_row_cites_where_it_is_enacted(row):
    assert LAW[name_of(row)].cites in row.citation


@pytest.mark.parametrize("id", ADVICE_ITEMS)
def test_an_item_of_advice_is_gathered_from_the_decision_to_assess_on(id):
    assert duty(id).type == "advice"
    assert duty(id).starts_on == ("decided_to_assess",)
    assert duty(id).met_by == ("advice_received", "existing_advice_sufficed")


@EVERY_ROW_AS_IT_STANDS
def test_the_exceptions_are_those_of_the_matrix(row):
    assert row.exceptions == LAW[name_of(row)].exceptions
    assert set(row.exceptions) <= set(CODES)
    assert row.exception_basis or not row.exceptions


@EVERY_ROW_AS_IT_STANDS
def test_the_row_carries_its_notice_pack_and_its_appeal(row):
    line = LAW[name_of(row)]
    assert (row.notice_pack, row.appeal) == (line.pack, line.appeal)


def test_nothing_was_law_before_part_3_commenced():
    assert min(row.valid_from for row in RULEBOOK) == PART_3_COMMENCED == date(2014, 9, 1)
    assert in_force(date(2014, 8, 31)) == ()


@EVERY_ROW
def test_the_row_is_law_on_its_first_day_and_its_last_and_not_beside_them(row):
    last = row.valid_to or TODAY
    assert [row.in_force(day) for day in (row.valid_from - A_DAY, row.valid_from, last)] == [False, True, True]
    assert row.in_force(last + A_DAY) is (row.valid_to is None)


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
    clocks = {"decide_whether_to_assess": 6, "refuse_to_issue": 16, "finalise_plan": 20,
              "dp_decide_assess": 6, "dp_refuse_issue": 16, "dp_finalise": 20}
    assert row.reporting_limit == (Limit("WB", clocks[row.id]) if row.id in clocks else None)


@EVERY_ROW
def test_the_row_as_plain_data(row):
    record = row.as_record()
    assert record["id"] == row.id
    assert record["limit"] == ({"function": row.limit.function, "n": row.limit.n} if row.limit else None)
    assert record["valid_from"] == row.valid_from.isoformat()
    assert record["valid_to"] == (row.valid_to.isoformat() if row.valid_to else None)
    assert (record["branch"], record["regime"], record["text"]) == (row.branch, row.regime, row.text)


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
    assert record["exceptions"] == list(DECISION)
    assert record["exception_basis"] == "reg 13(3), which imports reg 10(4)(a)-(d)"
    assert record["notice_pack"] == "N_APPEAL_B"
    assert record["selector"] == "due_date"
    assert record["citation"] == "s.39(8), s.40(5), reg 13(2), 14"


def test_the_codes_are_those_of_the_law_page_and_each_relieves_something():
    assert set(CODES) == {"X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4", "X_ABSENT2", "X8_EXC", "X8_ABSENT4", "X8_MISSED",
                          "X_CV"}
    assert {code for row in RULEBOOK for code in row.exceptions} == set(CODES)
    assert set(CODES) - {code for row in AS_IT_STANDS for code in row.exceptions} == {"X_CV"}                   # 2020 only


def test_the_sections_of_a_plan_are_those_of_regulation_12():
    assert list(SECTIONS) == ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]
    assert all(source.startswith("reg 12(") for _, source in SECTIONS.values())
    assert "agreed by the responsible commissioning body" in SECTIONS["G"][0]


def test_every_party_owes_or_is_owed_something():
    assert {party for row in RULEBOOK for party in (row.owed_by, *row.owed_to) if party} == set(WORDS)


def test_a_row_is_found_by_its_id_as_it_stands_or_as_it_stood():
    assert duty("finalise_plan").valid_from == date(2020, 9, 26)
    assert "X_CV" in duty("finalise_plan", date(2020, 6, 1)).exceptions
    assert duty("finalise_plan", date(2016, 1, 1)).notice_pack == "N_APPEAL_A"
    assert in_force() == in_force(TODAY) == AS_IT_STANDS


def test_an_id_with_several_limits_is_found_with_all_of_them():
    assert [row.branch for row in branches("dp_certificates")] == ["no_mediation", "after_mediation", "deemed"]
    assert len(branches("dp_orders", date(2016, 1, 1))) == 7
    record = next(record for record in as_records(branches("dp_unopposed")))
    assert (record["limit"], [one["limit"]["n"] for one in record["branches"]]) == (None, [2, 10, 14, 5, 11, 2])


def test_a_row_that_was_not_law_yet_says_when_it_became_law():
    with pytest.raises(UnknownDuty, match="was not law on 2014-08-31; it is law from 2014-09-01"):
        duty("finalise_plan", date(2014, 8, 31))


def test_a_wrong_id_is_answered_with_the_nearest():
    with pytest.raises(UnknownDuty, match="Did you mean finalise_plan"):
        duty("finalize_plan")
    with pytest.raises(UnknownDuty, match="There is no duty 'xyzzy'"):
        duty("xyzzy")
