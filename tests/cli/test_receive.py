"""`ehc receive`: a request opens a case, or goes where the law puts it; the same person is known again."""

from datetime import date, timedelta

import pytest

from cli.clock import today

CHILD = ("--name", "Sam Ash", "--born", "2017-05-04")
PARENT = ("receive", "--requested-by", "parent", "--no-nudge")
REF = "EHC-2026-0001"


def recorded(ehc, *words: str):
    answer = ehc("record", *words, "--no-nudge")
    assert answer.code == 0, answer.err


def with_plan(ehc):
    """A case with a plan: requested, assessed, drafted and finalised in spring 2026."""
    ehc(*PARENT, *CHILD, "--on", "2026-01-05")
    for fact, on, *fields in (
        ("decided_to_assess", "2026-02-02", "decided_by=o-1", "reason_codes=plan_may_be_necessary", "notified_on=2026-02-02"),
        ("decided_to_issue", "2026-04-01", "decided_by=o-1", "reason_codes=plan_necessary", "notified_on=2026-04-01"),
        ("final_plan_sent", "2026-05-20", "sent_to=family,setting,rcb"),
    ):
        recorded(ehc, REF, fact, "--on", on, *fields)


def refused_a_plan(ehc, on: str = "2026-04-01"):
    ehc(*PARENT, *CHILD, "--on", "2026-01-05")
    recorded(ehc, REF, "decided_to_assess", "--on", "2026-02-02", "decided_by=o-1", "reason_codes=other", "notified_on=2026-02-02")
    recorded(ehc, REF, "refused_to_issue", "--on", on, "decided_by=o-1", "reason_codes=plan_not_necessary", f"notified_on={on}")


def test_a_request_opens_a_case_and_says_what_follows_by_when(ehc, no_database):
    answer = ehc("receive", "--requested-by", "parent", *CHILD, "--attends", "school", "--setting", "school-7", "--on", "2026-03-02")
    assert answer.code == 0
    assert f"{REF}: request_received on Mon 2 Mar 2026 (fact 1) is recorded." in answer.out
    assert "Mon 13 Apr 2026" in answer.out and "Mon 20 Jul 2026" in answer.out
    assert "notify_considering_partners (setting)" in answer.out
    assert "Prefect was not reached; the next watch will visit the case." in answer.out
    assert "A new database was made: ./var/ehc.sqlite" in answer.err


def test_for_machines(ehc):
    answer = ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--owner", "officer-3", "--json")
    told = answer.json
    assert (told["case"], told["fact"], told["stage"], told["recorded_as"]) == (REF, 1, "S00_INTAKE", "request_received")
    due = {row["duty"]: row["due_on"] for row in told["next"]}
    assert due["decide_whether_to_assess"] == "2026-04-13" and due["finalise_plan"] == "2026-07-20"
    assert "request_acknowledged" in {say["message"] for say in told["to_send"]}


def test_neither_name_nor_birth_date_reach_the_facts_or_the_lists(ehc):
    ehc(*PARENT, *CHILD, "--address", "1 High Street", "--on", "2026-03-02")
    shown = ehc("case", REF).out + ehc("case", REF, "--json").out + ehc("due").out + ehc("trail", "show", REF, "--json").out
    assert not any(secret in shown for secret in ("Sam", "Ash", "2017-05-04", "High Street"))
    assert "Sam Ash" in ehc("person", REF).out


def test_a_reference_of_ones_own_and_one_that_is_taken(ehc):
    assert ehc(*PARENT, *CHILD, "--ref", "NORTH/12").code == 0
    taken = ehc(*PARENT, "--name", "Mia Oak", "--born", "2016-01-01", "--ref", "NORTH/12")
    assert taken.code == 2 and "NORTH/12: there is a case with this reference already" in taken.err
    bad = ehc(*PARENT, "--ref", "no blanks allowed")
    assert bad.code == 2 and "case reference" in bad.err


@pytest.mark.parametrize("born, on, code", [
    ("2001-03-03", "2026-03-02", 0),            # 25 tomorrow
    ("2001-03-02", "2026-03-02", 1),            # 25 today
    ("1990-01-01", "2026-03-02", 1),
    ("2026-03-03", "2026-03-02", 2),            # not born yet
])
def test_a_person_of_25_is_refused_with_the_rule(ehc, born, on, code):
    answer = ehc(*PARENT, "--name", "Sam Ash", "--born", born, "--on", on)
    assert answer.code == code
    if code == 1:
        assert "under 25 (s.83(2))" in answer.err and answer.out == ""
        assert ehc("due").out.count("EHC-") == 0


def test_a_second_request_while_one_is_open_is_recorded_there(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-03-02")
    answer = ehc("receive", "--no-nudge", "--requested-by", "setting", "--name", "ASH, Sám", "--born", "2017-05-04", "--on", "2026-03-20")
    assert answer.code == 0
    assert f"{REF} is open for this person" in answer.out and "none begins anew" in answer.out
    case = ehc("case", REF, "--json").json
    assert [fact["fact"] for fact in case["facts"]] == ["request_received", "further_request_received"]
    assert case["day_zero"] == "2026-03-02"


def test_another_person_with_the_same_name_or_birth_date_has_a_case_of_their_own(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-03-02")
    twin = ehc(*PARENT, "--name", "Mia Ash", "--born", "2017-05-04", "--json").json
    namesake = ehc(*PARENT, "--name", "Sam Ash", "--born", "2012-05-04", "--json").json
    assert len({REF, twin["case"], namesake["case"]}) == 3


def test_a_request_for_somebody_with_a_plan_is_one_for_re_assessment(ehc):
    with_plan(ehc)
    answer = ehc(*PARENT, *CHILD, "--on", "2026-09-01")
    assert answer.code == 0
    assert "no request under s.36" in answer.out and "s.44(2)" in answer.out
    assert ehc("case", REF, "--json").json["facts"][-1]["fact"] == "reassessment_requested"


@pytest.mark.parametrize("on, within", [("2026-09-30", True), ("2026-10-01", True), ("2026-10-02", False)])
def test_within_six_months_of_an_assessment_a_case_is_opened_and_s_36_7_does_not_bite(ehc, on, within):
    refused_a_plan(ehc, "2026-04-01")
    answer = ehc(*PARENT, *CHILD, "--on", on, "--json")
    assert answer.code == 0
    told = answer.json
    assert told["case"] == "EHC-2026-0002"
    data = ehc("case", told["case"], "--json").json["facts"][0]["data"]
    assert data["for_case"] == REF and data.get("assessed_within_6_months", False) is within
    notes = " ".join(told["notes"])
    assert ("s.36(7) does not bite" in notes and "pack A" in notes) is within


def test_after_a_refusal_to_assess_the_family_may_ask_again(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-01-05")
    recorded(ehc, REF, "refused_to_assess", "--on", "2026-02-02", "decided_by=o-1", "reason_codes=no_sen", "notified_on=2026-02-02")
    told = ehc(*PARENT, *CHILD, "--on", "2026-03-01", "--json").json
    assert told["case"] == "EHC-2026-0002" and told["recorded_as"] == "request_received"


def test_whoever_cannot_make_a_request_makes_the_council_responsible(ehc):
    answer = ehc("receive", "--no-nudge", "--requested-by", "health", *CHILD, "--on", "2026-03-02")
    assert "became_responsible on Mon 2 Mar 2026" in answer.out and "s.24" in answer.out and "Mon 20 Jul 2026" in answer.out


def test_responsible_without_any_request(ehc):
    assert "became_responsible" in ehc("receive", "--no-nudge", "--responsible", *CHILD, "--on", "2026-03-02").out
    with_again = ehc("receive", "--no-nudge", "--responsible", *CHILD, "--on", "2026-03-09")
    assert with_again.code == 1 and "on record already" in with_again.err


def test_a_council_that_maintains_a_plan_is_responsible_already(ehc):
    with_plan(ehc)
    answer = ehc("receive", "--no-nudge", "--responsible", *CHILD, "--on", "2026-09-01")
    assert answer.code == 1 and "responsible already" in answer.err


def test_what_is_not_known_yet_holds_nothing_up(ehc):
    answer = ehc(*PARENT, "--on", "2026-03-02")
    assert answer.code == 0
    assert "The name and the birth date of the person are not known yet" in answer.out
    assert "nobody is named yet" in ehc("person", REF).out
    assert ehc("person", REF, "--born", "2017-05-04").code == 2
    assert "Sam Ash, born Thu 4 May 2017" in ehc("person", REF, *CHILD).out
    assert "is open for this person" in ehc(*PARENT, *CHILD, "--on", "2026-03-04").out


def test_the_right_to_ask_passes_to_the_young_person(ehc):
    assert "the young person's own" in ehc(*PARENT, "--name", "A", "--born", "2009-01-01", "--on", "2026-03-02").out
    assert "the right to ask is the parent's" in ehc(
        "receive", "--no-nudge", "--requested-by", "young_person", "--name", "B", "--born", "2012-01-01", "--on", "2026-03-02").out


def test_the_same_call_twice_under_one_key(ehc):
    call = (*PARENT, *CHILD, "--on", "2026-03-02", "--key", "letter-17")
    first, again = ehc(*call, "--json").json, ehc(*call, "--json").json
    assert (first["case"], first["repeated"]) == (again["case"], not again["repeated"]) == (REF, False)
    assert len(ehc("case", REF, "--json").json["facts"]) == 1
    other = ehc(*PARENT, "--name", "Mia Oak", "--born", "2016-01-01", "--on", "2026-03-03", "--key", "letter-17")
    assert other.code == 2 and "was used already" in other.err


@pytest.mark.parametrize("arguments, says", [
    (("receive",), "say who asked"),
    (("receive", "--requested-by", "neighbour"), "neighbour"),
    ((*PARENT, "--born", "04/05/2017"), "YYYY-MM-DD"),
    ((*PARENT, "--on", (today() + timedelta(days=3)).isoformat()), "future"),
    ((*PARENT, "--on", "1999-12-31"), "too early"),
    ((*PARENT, "--setting", "St Mary's School"), "no reference"),
    ((*PARENT, "--owner", "Jo Smith"), "no reference"),
    ((*PARENT, "--year-group", "16"), "--year-group"),
    ((*PARENT, "--email", "jo@example.org"), "--contact NAME"),
    ((*PARENT, "--contact", "Jo", "--email", "jo @example.org"), "blanks"),
    ((*PARENT, "--contact", "Jo", "--email", "\udcff"), "unprintable"),
    ((*PARENT, "--name", "\udcff"), "half a character"),
    ((*PARENT, "--how", "pigeon"), "post, email"),
    ((*PARENT, "--name", " "), "blank"),
    ((*PARENT, "--name", ""), "blank"),
    ((*PARENT, "--by", "Jo Smith"), "no reference of an officer"),
    ((*PARENT, "--note", "@nowhere.txt"), "cannot be read"),
])
def test_a_wrong_call_is_refused_and_nothing_is_kept(ehc, arguments, says):
    answer = ehc(*arguments)
    assert answer.code == 2
    assert says in answer.err
    assert answer.out == ""
    assert ehc("case", REF).code == 2


def test_the_day_of_receipt_is_today_if_none_is_said(ehc):
    assert ehc(*PARENT, *CHILD, "--json").json["next"][0]["starts_on"] == today().isoformat()


def test_a_note_from_the_standard_input_is_kept_where_it_can_be_erased(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--note", "-", input="the mother rang\n")
    assert "the mother rang" not in ehc("trail", "show", REF, "--json").out
    assert "the mother rang" in ehc("trail", "show", REF, "--texts").out


def test_whom_the_council_writes_to(ehc):
    ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--contact", "Jo Ash", "--email", "jo@example.org")
    shown = ehc("person", REF, "--json").json
    assert [(one["role"], one["name"], one["has_channel"]) for one in shown["contacts"]] == [("family", "Jo Ash", True)]
    assert "Kim Ash" in ehc("person", REF, "--contact", "Kim Ash").out
    assert date.fromisoformat(shown["contacts"][0]["since"]) == date(2026, 3, 2)
