"""`ehc case` and `ehc why`: one case whole, on any day, and the reason of every date."""

import sqlite3

import pytest

from tests.cli.test_doctor import COUNCIL
from tests.cli.test_receive import CHILD, PARENT, REF


@pytest.fixture
def case(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--attends", "school", "--setting", "school-7", "--owner", "o-1")
    for words in (
        ("decided_to_assess", "--on", "2026-04-10", "decided_by=o-1", "reason_codes=other", "notified_on=2026-04-10"),
        ("advice_requested", "--on", "2026-04-13", "adviser=adv_c_medical"),
        ("advice_requested", "--on", "2026-04-13", "adviser=adv_d_psychology"),
        ("advice_delivered", "--on", "2026-04-15", "adviser=adv_c_medical"),
    ):
        assert ehc("record", REF, *words, "--no-nudge").code == 0
    return ehc


def test_a_case_for_machines(case):
    told = case("case", REF, "--as-of", "2026-05-01", "--json").json
    assert (told["case"], told["stage"], told["owner"], told["day_zero"]) == (REF, "S20_ASSESSING", "o-1", "2026-03-02")
    assert told["held_by"][0] == "council" and told["held_since"] == "2026-04-10"
    medical = next(d for d in told["duties"] if d["duty"] == "coop_respond_advice")
    assert (medical["adviser"], medical["due_on"], medical["state"]) == ("adv_c_medical", "2026-05-27", "open")
    assert isinstance(medical["why"], list) and "reg 8(1)" in " ".join(medical["why"])
    assert [fact["number"] for fact in told["facts"]] == [1, 2, 3, 4, 5]
    assert told["messages"] == []


def test_a_case_as_it_stood_on_a_past_day(case):
    told = case("case", REF, "--as-of", "2026-04-12", "--json").json
    assert (told["stage"], len(told["facts"])) == ("S20_ASSESSING", 2)
    assert case("case", REF, "--as-of", "2026-04-09", "--json").json["stage"] == "S00_INTAKE"
    before = case("case", REF, "--as-of", "2026-03-01")
    assert before.code == 1 and "nothing had happened yet on Sun 1 Mar 2026" in before.err


def test_a_case_for_people(case):
    answer = case("case", REF, "--as-of", "2026-06-01")
    assert answer.code == 0
    assert "It stands at: gathering advice; held by council, rcb, ep service since Fri 10 Apr 2026." in answer.out
    assert "Officer: o-1." in answer.out
    assert "Wed 27 May 2026, 5 days late" in answer.out and "guide, not statutory" in answer.out
    assert "adviser=adv_c_medical" in answer.out


def test_no_such_case(case):
    for command in (("case",), ("trail", "show"), ("person",)):
        answer = case(*command, "EHC-2026-0002")
        assert answer.code == 2 and "Did you mean EHC-2026-0001?" in answer.err and answer.out == ""


@pytest.mark.parametrize("ref", ["", "\udcff", "a b", "a\x1b[31mb"])
def test_what_cannot_be_a_reference(case, ref):
    for command in (("case",), ("trail", "show"), ("person",)):
        answer = case(*command, ref)
        assert answer.code == 2 and "cannot be used" in answer.err and answer.out == ""


def test_why_a_date_is_what_it_is(case):
    out = case("why", REF, "finalise_plan", "--as-of", "2026-05-01").out
    assert out.startswith(f"{REF}, finalise_plan, on Fri 1 May 2026: open\n")
    assert "+ 140 days = Mon 20 Jul 2026" in out and "reg 13(2)" in out and "X_SCHOOL" in out
    told = case("why", REF, "coop_respond_advice", "--adviser", "adv_c_medical", "--json").json
    assert [row["adviser"] for row in told] == ["adv_c_medical"] and told[0]["why"]


def test_why_of_a_duty_that_is_owed_to_several_explains_each(case):
    out = case("why", REF, "notify_considering_partners").out
    assert out.count(f"{REF}, notify_considering_partners (") == 3
    assert case("why", REF, "notify_considering_partners", "--party", "rcb").out.count(f"{REF}, ") == 1


@pytest.mark.parametrize("words, code, says", [
    (("admit",), 1, "admit has not arisen as of"),
    (("admit",), 1, "It begins with final_plan_sent."),
    (("coop_respond_advice", "--adviser", "adv_e_social_care"), 1, "It stands for coop_respond_advice (adv_c_medical)"),
    (("finalise_pan",), 2, "Did you mean finalise_plan"),
])
def test_why_of_what_is_not_there(case, words, code, says):
    answer = case("why", REF, *words)
    assert answer.code == code and says in answer.err and answer.out == ""


def test_what_was_due_then_and_what_was_known_then(case):
    """Everything of the fixture was recorded today, long after it happened: by then nothing was known."""
    before = case("case", REF, "--as-of", "2026-05-01", "--known-by", "2026-05-01")
    assert before.code == 1 and "nothing had been recorded yet at the end of Fri 1 May 2026" in before.err
    spoil = "UPDATE fact SET recorded_at = '2026-04-13T22:59:59.000000Z' WHERE number <= 3"
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("DROP TRIGGER fact_is_not_changed")
        db.execute(spoil)
    now = case("case", REF, "--as-of", "2026-05-01", "--json").json
    then = case("case", REF, "--as-of", "2026-05-01", "--known-by", "2026-04-13", "--json").json
    assert [fact["number"] for fact in now["facts"]] == [1, 2, 3, 4, 5]
    assert [fact["number"] for fact in then["facts"]] == [1, 2, 3]
    assert next(d for d in then["duties"] if d["duty"] == "coop_respond_advice")["due_on"] is None
    assert case("case", REF, "--known-by", "2026-04-12").code == 1
    alone = case("case", REF, "--known-by", "2026-04-13", "--json").json
    assert (alone["on"], len(alone["facts"])) == ("2026-04-13", 3)
    why = case("why", REF, "coop_respond_advice", "--known-by", "2026-04-13")
    assert "Fri 17 Apr" not in why.out and why.code == 0


def test_a_message_is_shown_as_it_stood(case):
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("DROP TRIGGER fact_is_not_changed")
        db.execute("UPDATE fact SET recorded_at = '2026-03-02T09:00:00.000000Z'")
    assert case("watch", "--without-prefect", env=COUNCIL).code == 0
    sent = next(one for one in case("case", REF, "--json").json["messages"] if one["status"] == "sent")
    with sqlite3.connect("var/ehc.sqlite") as db:
        db.execute("UPDATE fact SET recorded_at = '2026-03-03T09:00:00.000000Z' WHERE kind = 'message_queued'")
    day = case("case", REF, "--json").json["on"]
    then = case("case", REF, "--as-of", day, "--known-by", "2026-03-04", "--json").json["messages"]
    assert next(one for one in then if one["key"] == sent["key"])["status"] == "queued"
    assert {(one["sent_at"], one["channel"]) for one in then} == {(None, None)}
