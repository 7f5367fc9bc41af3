"""`ehc law`: the rulebook and the last day of a duty, for people and machines, one at a time and in bulk."""

import json

import pytest

COLUMNS = {"id", "owed_by", "owed_to", "starts_on", "limit", "citation", "kind", "exceptions", "valid_from", "valid_to"}


def test_the_list_for_machines_holds_every_duty_with_the_columns_that_others_read(ehc):
    rows = ehc("law", "list", "--json").json
    assert all(COLUMNS <= row.keys() for row in rows)
    found = {row["id"]: row for row in rows}
    assert found["decide_whether_to_assess"]["limit"] == {"function": "W", "n": 6}
    assert found["decide_whether_to_assess"]["exceptions"] == ["X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4"]
    assert found["notify_no_plan_need_determination"]["exceptions"] == []
    assert found["send_draft_plan"]["limit"] is None


def test_the_list_for_people_is_aligned_and_cuts_nothing_off(ehc):
    lines = ehc("law", "list").out.splitlines()
    place = lines[0].index("citation")
    assert all(line[place - 2:place] == "  " for line in lines)
    assert any("no statutory date: it must leave the 15 days, consultation and finalising inside 20 weeks" in line
               for line in lines)


def test_before_part_3_commenced_nothing_was_law(ehc):
    assert ehc("law", "list", "--on", "2014-08-31", "--json").json == []
    assert len(ehc("law", "list", "--on", "2014-09-01", "--json").json) > 30
    assert "1 September 2014" in ehc("law", "list", "--on", "2014-08-31").out


@pytest.mark.parametrize("duty, start, due_on", [
    ("decide_whether_to_assess", "2026-03-02", "2026-04-13"),
    ("refuse_to_issue", "2026-03-02", "2026-06-22"),
    ("finalise_plan", "2026-11-06", "2027-03-26"),                    # Good Friday: not extended
    ("coop_respond_advice", "2026-08-10", "2026-09-21"),
    ("draft_representation_window", "2026-12-18", "2027-01-01"),      # that day is day 1
    ("lodge_appeal", "2026-06-10", "2026-09-01"),                     # August and a bank holiday rolled forward
    ("seek_advice", "2026-03-02", None),                              # the law gives no figure
    ("request_received", "2026-03-02", None),
])
def test_the_last_day_of_a_duty(ehc, duty, start, due_on):
    answer = ehc("law", "due", duty, "--from", start, "--json")
    assert answer.code == 0
    assert {"duty", "from", "due_on", "citation", "working", "kind", "reporting_due_on"} <= answer.json.keys()
    assert (answer.json["duty"], answer.json["from"], answer.json["due_on"]) == (duty, start, due_on)
    assert answer.json["working"]


def test_people_read_the_day_the_arithmetic_and_the_source(ehc):
    out = ehc("law", "due", "finalise_plan", "--from", "2026-03-02").out
    assert "finalise_plan: Mon 20 Jul 2026" in out
    assert "+ 140 days" in out and "reg 13(2)" in out and "Sun 19 Jul 2026" in out
    assert "not a statutory limit" in ehc("law", "due", "setting_consult_response", "--from", "2026-03-02").out
    assert "no last day" in ehc("law", "due", "seek_advice", "--from", "2026-03-02").out


@pytest.mark.parametrize("arguments, says", [
    (("law", "due", "finalise_pln", "--from", "2026-03-02"), "Did you mean finalise_plan"),
    (("law", "due", "finalise_plan", "--from", "2026-02-30"), "not in the calendar"),
    (("law", "due", "finalise_plan", "--from", "02/03/2026"), "YYYY-MM-DD"),
    (("law", "due", "finalise_plan", "--from", "20260302"), "YYYY-MM-DD"),
    (("law", "due", "finalise_plan", "--from", "2014-08-31"), "law from 2014-09-01"),
    (("law", "due", "finalise_plan", "--from", "9999-12-01"), "runs off the calendar"),
    (("law", "due", "lodge_appeal", "--from", "9999-12-01"), "runs off the calendar"),
    (("law", "due", "finalise_plan"), "give --from"),
    (("law", "due"), "give DUTY and --from"),
    (("law", "due", "finalise_plan", "--batch", "x"), "leave out DUTY"),
    (("law", "due", "--batch", "nowhere.txt"), "there is no such file"),
    (("law", "due", "--batch", "."), "folder"),
    (("law", "show", "nothing"), "There is no duty 'nothing'"),
    (("law", "list", "--on", "yesterday"), "YYYY-MM-DD"),
])
def test_a_wrong_call_ends_with_2_and_says_what_to_do(ehc, arguments, says):
    answer = ehc(*arguments)
    assert answer.code == 2
    assert says in answer.err
    assert answer.out == ""


def test_a_batch_answers_each_line_in_its_place(ehc, file):
    name = file("lines.txt", b"\xef\xbb\xbffinalise_plan 2026-03-02\r\nnonsense\n\nfinalise_plan 2026-02-30\n\xff\xfe 1\n"
                             b"seek_advice 2026-03-02\nlodge_appeal 9999-12-01")
    answer = ehc("law", "due", "--batch", name, "--json")
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert answer.code == 2
    assert [row.get("line") for row in rows] == [None, 2, 3, 4, 5, None, 7]
    assert rows[0]["due_on"] == "2026-07-20" and rows[5]["due_on"] is None
    assert "nonsense" in rows[1]["error"] and "blank" in rows[2]["error"]
    assert "5 lines could not be answered" in answer.err


def test_a_batch_from_the_standard_input_for_people(ehc):
    answer = ehc("law", "due", "--batch", "-", input="finalise_plan 2026-03-02\nseek_advice 2026-03-02\n")
    assert (answer.code, answer.out) == (0, "finalise_plan 2026-03-02 2026-07-20\nseek_advice 2026-03-02 -\n")
    answer = ehc("law", "due", "--batch", "-", input="finalise_plan\n")
    assert (answer.code, answer.out) == (2, "")
    assert "line 1: a line is `DUTY DATE`" in answer.err


def test_an_empty_batch_is_answered_with_nothing(ehc):
    answer = ehc("law", "due", "--batch", "-", "--json", input="")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_one_duty_in_full(ehc):
    out = ehc("law", "show", "decide_whether_to_assess").out
    assert "within 6 weeks of" in out and "reg 5(4)" in out and "s.51(2)(a)" in out
    assert ehc("law", "show", "decide_whether_to_assess", "--json").json["notice_pack"] == "N_APPEAL_A"
