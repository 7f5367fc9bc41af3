"""`ehc policy`: what is in force, what differs, what would be wrong, and what is silenced."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.test_receive import PARENT


def test_the_policy_is_one_table_and_says_that_it_is_the_default(ehc):
    answer = ehc("policy")
    assert answer.code == 0 and "own_decision" in answer.out and "EHC_POLICY_FILE names a policy of your own" in answer.out
    assert ehc("policy", "--json").json["differs"] == []


def test_what_differs_is_shown_with_the_default_beside_it(ehc, file):
    file("p.toml", "[duty.finalise_plan]\ntarget = 14\n")
    answer = ehc("policy", env={"EHC_POLICY_FILE": "p.toml"})
    assert "duty.finalise_plan.target  -        14" in answer.out
    assert ehc("policy", "--file", "p.toml", "--json").json["differs"] == [
        {"what": "duty.finalise_plan.target", "default": "-", "here": "14"}]
    assert "14 days before" in ehc("policy", "--duty", "finalise_plan", "--file", "p.toml").out


def test_a_policy_that_is_written_out_can_be_read_in(ehc, file):
    file("p.toml", ehc("policy", "--toml").out)
    assert ehc("policy", "--file", "p.toml", "--json").json["differs"] == []


@pytest.mark.parametrize("words", [("--file", "bad.toml"), ("--file", "nowhere.toml"), ("--duty", "finalise_plans")])
def test_what_is_wrong_is_named_and_ends_with_2(ehc, file, words):
    file("bad.toml", "[ladder.advice]\ntarget = 0\n")
    answer = ehc("policy", *words)
    assert answer.code == 2 and answer.err.startswith("ehc: ")


def test_nothing_is_recorded_under_a_policy_that_is_wrong_and_the_doctor_says_why(ehc, file):
    file("bad.toml", "[ladder.advice]\ntarget = 0\n")
    answer = ehc(*PARENT, "--name", "Sam Ash", "--attends", "school", env={"EHC_POLICY_FILE": "bad.toml"})
    assert answer.code == 2 and "ladder.advice.target" in answer.err
    assert "ladder.advice.target" in ehc("doctor", env={"EHC_POLICY_FILE": "bad.toml"}).out


def test_a_silenced_escalation_is_shown_in_the_case_and_in_the_list(ehc):
    today = datetime.now(UTC).date()
    assert ehc(*PARENT, "--ref", "A", "--name", "Sam Ash", "--attends", "school", "--owner", "officer-1").code == 0
    until = (today + timedelta(days=10)).isoformat()
    done = ehc("record", "A", "escalation_silenced", "duty=finalise_plan", f"silenced_to={until}", "decided_by=officer-9",
               "reasons=The hospital writes next week.", "--no-nudge")
    assert done.code == 0, done.err
    assert "Of finalise_plan nobody above officer-1 is told until" in ehc("case", "A").out
    row, = ehc("policy", "--silenced", "--json").json
    assert (row["case"], row["duty"], row["silenced_to"], row["decided_by"]) == ("A", "finalise_plan", until, "officer-9")
    assert "officer-9" in ehc("policy", "--silenced").out and ehc("case", "A", "--json").json["silenced"] == [row]
    too_long = ehc("record", "A", "escalation_silenced", "duty=finalise_plan", f"silenced_to={(today + timedelta(days=60)).isoformat()}",
                   "decided_by=officer-9", "reasons=x", "--no-nudge")
    assert too_long.code == 1 and "28 days at most" in too_long.err
