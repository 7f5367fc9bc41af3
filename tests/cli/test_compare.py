"""`ehc law compare`: a draft read from a file, set against a chronology, and every draft that cannot be read."""

import json
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "draft-law"
CASES = EXAMPLES / "cases.jsonl"


def test_the_example_says_what_would_change(ehc):
    answer = ehc("law", "compare", EXAMPLES / "longer-reviews.yaml", "--cases", CASES, "--on", "2026-09-14", "--json")
    assert answer.code == 1
    rows = {(row["case"], row["duty"]): row for row in answer.json["differences"]}
    assert (rows["A1", "finalise_plan"]["before"]["due_on"], rows["A1", "finalise_plan"]["after"]["due_on"]) == (
        "2026-09-21", "2026-09-07")
    assert rows["A1", "finalise_plan"]["moved_by"] == -14 and rows["B2", "review_decision"]["moved_by"] == 14
    assert rows["C3", "tell_family_of_lateness"]["before"] is None
    assert answer.json["sum"] == {"cases": 3, "cases_affected": 3, "later": 1, "earlier": 1, "begun": 2, "gone": 0,
                                  "overdue_before": answer.json["sum"]["overdue_before"],
                                  "overdue_after": answer.json["sum"]["overdue_before"] + 1}


def test_people_are_told_in_a_table_and_a_sum(ehc):
    answer = ehc("law", "compare", EXAMPLES / "longer-reviews.yaml", "--cases", CASES, "--on", "2026-09-14")
    assert answer.code == 1 and "review_decision (2026-08-03)" in answer.out
    assert "3 cases on Mon 14 Sep 2026, 3 affected: 1 duty later, 1 earlier, 2 new, 0 gone" in answer.out


@pytest.mark.parametrize("name, text", [("none.yaml", "[]"), ("same.json", json.dumps([{"id": "finalise_plan", "kind": "hard"}]))])
def test_no_difference_ends_with_0(ehc, file, name, text):
    answer = ehc("law", "compare", file(name, text), "--cases", CASES, "--on", "2026-09-14")
    assert answer.code == 0 and "0 affected" in answer.out


@pytest.mark.parametrize("name, text, says", [
    ("d.yaml", "# a draft\n- id: review_decision\n  citation: c\n- id: finalise_plan\n  limt: {function: W, n: 6}\n",
     "d.yaml, line 4: finalise_plan: there is no field 'limt'. Did you mean limit"),
    ("d.yaml", "- id: finalise_plan\n  limit: {function: X, n: 6}\n", "d.yaml, line 1: finalise_plan: limit: 'X' is no way of counting"),
    ("d.json", '[{"id": "finalise_plan", "limit": 6}]', "d.json, row 1: finalise_plan: limit is"),
    ("d.json", "[{", "d.json, line 1: this is no JSON"),
    ("d.yaml", "- id: [", "this is no YAML"), ("d.yaml", "id: finalise_plan", "is no draft"), ("d.yaml", "", "is no draft"),
    ("d.yaml", "- id: finalise_plan\n  valid_from: 2027-02-30\n", "d.yaml: "),
    ("d.yaml", "- !!python/object/apply:os.getcwd []\n", "this is no YAML"),
])
def test_a_draft_that_cannot_be_read_is_named_with_its_line(ehc, file, name, text, says):
    answer = ehc("law", "compare", file(name, text), "--cases", CASES, "--on", "2026-09-14")
    assert answer.code == 2 and says in answer.err and answer.out == ""


def test_a_draft_that_is_not_there(ehc):
    answer = ehc("law", "compare", "nowhere.yaml", "--cases", CASES)
    assert answer.code == 2 and "nowhere.yaml cannot be read" in answer.err
