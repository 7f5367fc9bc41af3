"""`ehc replay`: a chronology read without a database, and every line of it that is no fact."""

import json

import pytest

ROW = {"case", "duty", "adviser", "party", "occasion", "starts_on", "due_on", "reporting_due_on", "met_on", "days_late", "state", "kind",
       "citation", "why"}
REQUEST = {"case": "A1", "fact": "request_received", "on": "2026-03-02", "requested_by": "parent", "attends": "school"}


def lines(*facts: dict) -> str:
    return "".join(json.dumps(fact) + "\n" for fact in facts)


def fact(kind: str, on: str, case: str = "A1", **fields: object) -> dict:
    return {"case": case, "fact": kind, "on": on, **fields}


def duties(answer) -> dict:
    return {(row["case"], row["duty"], row["adviser"]): row for row in answer.json}


@pytest.mark.parametrize("day, state, late, code", [
    ("2026-04-12", "open", 0, 0), ("2026-04-13", "open", 0, 0), ("2026-04-14", "overdue", 1, 1),
])
def test_the_day_before_the_day_and_the_day_after(ehc, day, state, late, code):
    answer = ehc("replay", "-", "--as-of", day, "--json", input=lines(REQUEST))
    row = duties(answer)["A1", "decide_whether_to_assess", None]
    assert (row["state"], row["days_late"], answer.code) == (state, late, code)
    assert row.keys() == ROW and isinstance(row["why"], str) and "42 days" in row["why"]


def test_cases_are_sorted_and_within_a_case_what_is_due_first_comes_first(ehc):
    answer = ehc("replay", "-", "--as-of", "2026-03-05", "--json",
                 input=lines(REQUEST | {"case": "B"}, REQUEST | {"case": "A"}))
    cases = [row["case"] for row in answer.json]
    assert cases == sorted(cases) and set(cases) == {"A", "B"}
    due = [row["due_on"] or "9999" for row in answer.json if row["case"] == "A"]
    assert due == sorted(due)


def test_a_guide_that_is_overdue_is_not_a_no(ehc):
    facts = [REQUEST, fact("decided_to_assess", "2026-03-10", decided_by="o"),
             fact("advice_requested", "2026-03-10", adviser="adv_b_education")]
    answer = ehc("replay", "-", "--as-of", "2026-05-01", "--json", input=lines(*facts))
    assert duties(answer)["A1", "advice_six_weeks_others", "adv_b_education"]["state"] == "overdue"
    assert answer.code == 0


def test_facts_after_the_day_are_left_out(ehc):
    facts = [REQUEST, fact("decided_to_assess", "2026-04-13", decided_by="o")]
    before = duties(ehc("replay", "-", "--as-of", "2026-04-12", "--json", input=lines(*facts)))
    after = duties(ehc("replay", "-", "--as-of", "2026-04-13", "--json", input=lines(*facts)))
    assert before["A1", "decide_whether_to_assess", None]["met_on"] is None
    assert after["A1", "decide_whether_to_assess", None]["met_on"] == "2026-04-13"


@pytest.mark.parametrize("correction", [
    {"corrected": {"fact": "decided_to_assess", "on": "2026-04-13"}},
    {"corrected": {"on": "2026-04-13"}},
    {"on": "2026-04-13"},
])
def test_a_correction_replaces_the_fact_that_it_names(ehc, correction):
    facts = [REQUEST, fact("decided_to_assess", "2026-04-20", decided_by="o"),
             fact("fact_corrected", "2026-04-21", replaces=2) | correction]
    row = duties(ehc("replay", "-", "--as-of", "2026-05-01", "--json", input=lines(*facts)))["A1", "decide_whether_to_assess", None]
    assert (row["met_on"], row["state"]) == ("2026-04-13", "met")


def test_a_fact_can_be_withdrawn(ehc):
    facts = [REQUEST, fact("decided_to_assess", "2026-04-10"), fact("fact_corrected", "2026-04-11", replaces=2, withdrawn=True)]
    row = duties(ehc("replay", "-", "--as-of", "2026-04-20", "--json", input=lines(*facts)))["A1", "decide_whether_to_assess", None]
    assert row["state"] == "overdue"


def test_a_correction_can_itself_be_corrected(ehc):
    facts = [REQUEST, fact("decided_to_assess", "2026-04-20"),
             fact("fact_corrected", "2026-04-21", replaces=2, corrected={"on": "2026-04-09"}),
             fact("fact_corrected", "2026-04-22", replaces=3, corrected={"on": "2026-04-13"})]
    row = duties(ehc("replay", "-", "--as-of", "2026-05-01", "--json", input=lines(*facts)))["A1", "decide_whether_to_assess", None]
    assert row["met_on"] == "2026-04-13"
    facts[3]["corrected"]["on"] = "soon"
    assert "line 4: A1: 'soon' is no day" in ehc("replay", "-", "--as-of", "2026-05-01", input=lines(*facts)).err
    facts[2]["replaces"], facts[3]["corrected"]["on"] = 4, "2026-04-13"
    assert "line 3: A1: fact_corrected must say" in ehc("replay", "-", "--as-of", "2026-05-01", input=lines(*facts)).err


def test_unknown_fields_are_left_out_and_named_once(ehc, file):
    name = file("c.jsonl", lines(REQUEST | {"colour": "red"}, fact("family_consulted", "2026-03-03", colour="red"),
                                 REQUEST | {"case": "A2", "colour": "blue"}))
    answer = ehc("replay", name, "--as-of", "2026-03-05", "--json")
    assert answer.code == 0
    assert answer.err.strip().splitlines() == [
        "c.jsonl: fields that no such fact has are left out: colour of request_received (line 1),"
        " colour of family_consulted (line 2)."]


def test_a_byte_order_mark_and_windows_line_ends_carry_no_meaning(ehc):
    plain = ehc("replay", "-", "--as-of", "2026-03-05", "--json", input=lines(REQUEST))
    windows = ehc("replay", "-", "--as-of", "2026-03-05", "--json",
                  input=b"\xef\xbb\xbf" + lines(REQUEST).replace("\n", "\r\n").encode())
    assert windows == plain


def test_when_and_by_whom_a_fact_was_recorded_may_be_told(ehc):
    told = REQUEST | {"recorded_at": "2026-03-04T09:00:00Z", "by": "officer-3"}
    answer = ehc("replay", "-", "--as-of", "2026-03-05", "--json", input=lines(told))
    assert (answer.code, answer.err) == (0, "")


def test_a_moment_without_a_time_zone_is_one_of_utc(ehc):
    plain = ehc("replay", "-", "--as-of", "2026-03-05", "--json", input=lines(REQUEST))
    told = ehc("replay", "-", "--as-of", "2026-03-05", "--json", input=lines(REQUEST | {"recorded_at": "2026-03-04T09:00:00"}))
    assert told == plain


def test_blank_lines_carry_no_meaning(ehc):
    plain = ehc("replay", "-", "--as-of", "2026-03-05", "--json", input=lines(REQUEST))
    assert ehc("replay", "-", "--as-of", "2026-03-05", "--json", input="\n" + lines(REQUEST) + "\n  \n") == plain


@pytest.mark.parametrize("as_it_should_have_been", [
    {"on": "2026-03-03"},
    {"on": "2026-03-20", "corrected": {"on": "2026-03-03"}},
    {"on": "2026-03-20", "corrected": {"fact": "request_received", "on": "2026-03-03", "requested_by": "parent"}},
    {"on": "2026-03-20", "should_have_been": {"fact": "request_received", "on": "2026-03-03"}},
])
def test_a_correction_may_say_the_fact_as_it_should_have_been_in_each_of_these_ways(ehc, as_it_should_have_been):
    correction = {"case": "A1", "fact": "fact_corrected", "replaces": 1} | as_it_should_have_been
    answer = ehc("replay", "-", "--as-of", "2026-04-01", "--json", input=lines(REQUEST, correction))
    due = {row["duty"]: row["due_on"] for row in answer.json}
    assert due["decide_whether_to_assess"] == "2026-04-14"


def test_what_a_review_meeting_brings_about(ehc):
    answer = ehc("replay", "-", "--as-of", "2026-10-29", "--json", input=lines(fact("review_meeting_held", "2026-10-01")))
    due = {row["duty"]: (row["due_on"], row["occasion"]) for row in answer.json}
    assert due["review_report"] == ("2026-10-15", "2026-10-01") and due["review_decision"] == ("2026-10-29", "2026-10-01")
    assert due["amendment_notice"][0] == "2026-10-29" and due["final_amended_plan"][0] == "2026-12-24"
    assert due["invite_to_review"][0] == "2026-09-17" and answer.code == 1


def test_a_transfer_between_colleges_is_told_by_the_day_of_the_transfer(ehc):
    line = fact("phase_transfer_identified", "2027-09-01", transfer="post16_to_post16")
    row, = ehc("replay", "-", "--as-of", "2026-12-01", "--json", input=lines(line)).json
    assert (row["duty"], row["due_on"], row["state"]) == ("post16_to_post16", "2027-04-01", "open")


def test_what_a_correction_says_in_vain_is_named(ehc, file):
    name = file("c.jsonl", lines(REQUEST, fact("fact_corrected", "2026-03-20", replaces=1, corrected={"happened_on": "2026-03-03"}),
                                 fact("fact_corrected", "2026-03-21", replaces=1, corrected_on="2026-03-03")))
    answer = ehc("replay", name, "--as-of", "2026-03-25", "--json")
    assert answer.err.strip() == ("c.jsonl: fields that no such fact has are left out: happened_on of fact_corrected (line 2),"
                                  " corrected_on of fact_corrected (line 3).")


@pytest.mark.parametrize("line, says", [
    ('{"case": "A1"', "no JSON"),
    ("[]", "no fact"),
    ("null", "no fact"),
    ('"A1"', "no fact"),
    ("[" * 100_000, "nested too deeply"),
    ('{"case": "A1", "fact": "request_received"}', "'on' is missing"),
    ('{"fact": "request_received", "on": "2026-03-02"}', "'case' is missing"),
    ('{"case": 7, "fact": "request_received", "on": "2026-03-02"}', "'case' is missing or no text"),
    ('{"case": "A1", "case": "A2", "fact": "request_received", "on": "2026-03-02"}', "said twice"),
    ('{"case": "A 1", "fact": "request_received", "on": "2026-03-02"}', "case reference"),
    ('{"case": "A1", "fact": "request_recieved", "on": "2026-03-02"}', "Did you mean request_received"),
    ('{"case": "A1", "fact": "request_received", "on": "2026-02-30"}', "not in the calendar"),
    ('{"case": "A1", "fact": "request_received", "on": "2/3/2026"}', "YYYY-MM-DD"),
    ('{"case": "A1", "fact": "request_received", "on": "1026-03-02"}', "too early"),
    ('{"case": "A1", "fact": "advice_received", "on": "2026-03-02", "adviser": "adv_x"}', "adviser"),
    ('{"case": "A1", "fact": "request_received", "on": "2026-03-02", "year_group": NaN}', "NaN"),
    ('{"case": "A1", "fact": "request_received", "on": "2026-03-02", "recorded_at": "noon"}', "no moment"),
    ('{"case": "A1", "fact": "request_received", "on": "2026-03-02", "by": 4}', "'by'"),
    ('{"case": "A1", "fact": "fact_corrected", "on": "2026-03-02", "replaces": 9, "withdrawn": true}', "says 9"),
    ('{"case": "A1", "fact": "fact_corrected", "on": "2026-03-02", "withdrawn": true}', "says None"),
    ('{"case": "A1", "fact": "fact_corrected", "on": "2026-03-02", "replaces": 1, "corrected": {"on": "soon"}}', "YYYY-MM-DD"),
    ('{"case": "A1", "fact": "fact_corrected", "on": "2026-03-02", "replaces": 1, "corrected": {"fact": "x"}}', "no fact 'x'"),
    ('{"case": "A1", "fact": "fact_corrected", "on": "2026-03-02", "replaces": 1, "corrected": {"attends": "x"}}', "attends"),
    ('{"case": "A1", "fact": "fact_corrected", "on": "2026-03-02", "replaces": 1, "corrected": {"fact": "fact_corrected"}}',
     "into a correction"),
    ('{"case": "A1", "fact": "fact_corrected", "on": "2026-03-02", "replaces": 1, "old": {"on": "2026-03-02"},'
     ' "new": {"on": "2026-03-03"}}', "several objects"),
    ('{"case": "A1", "fact": "request_received", "on": "2026-03-02", "year_group": ' + "9" * 5000 + "}", "too long"),
    (b"\xff\xfe\x00", "UTF-8"),
    ('{"case": "A1", "fact": "request_received", "on": "2026-03-02"}\x00', "no JSON"),
])
def test_a_line_that_is_no_fact_stops_everything_with_its_number(ehc, line, says):
    good = lines(REQUEST).encode()
    bad = line if isinstance(line, bytes) else line.encode()
    answer = ehc("replay", "-", "--as-of", "2026-05-01", input=good + bad + b"\n" + good.replace(b"A1", b"A2"))
    assert answer.code == 2
    assert answer.out == ""
    assert "line 2:" in answer.err and says in answer.err


def test_the_call_itself_can_be_wrong(ehc):
    assert ehc("replay", "-", input=lines(REQUEST)).code == 2                        # no --as-of
    assert ehc("replay", "-", "--as-of", "soon", input=lines(REQUEST)).code == 2
    assert "no such file" in ehc("replay", "nowhere.jsonl", "--as-of", "2026-03-02").err


def test_an_empty_chronology_has_no_rows_and_says_so(ehc):
    answer = ehc("replay", "-", "--as-of", "2026-03-05", "--json", input="")
    assert (answer.code, answer.json) == (0, [])
    assert "holds no facts" in answer.err


def test_people_see_a_table_a_sum_and_on_demand_the_reasons(ehc):
    table = ehc("replay", "-", "--as-of", "2026-04-14", input=lines(REQUEST)).out
    assert "decide_whether_to_assess" in table and "1 day" in table
    assert "2 overdue against a statutory limit." in table and "1 case," in table
    why = ehc("replay", "-", "--as-of", "2026-04-14", "--why", input=lines(REQUEST)).out
    assert "A1: decide_whether_to_assess: overdue\n  The council must" in why


def test_no_database_is_touched(ehc, no_database, tmp_path):
    ehc("replay", "-", "--as-of", "2026-04-14", input=lines(REQUEST))
    assert list(tmp_path.iterdir()) == []
