"""`ehc record` and `ehc correct`: facts with their fields as people type them, and what recording changes."""

from datetime import timedelta

import pytest

from cli.clock import today

REF = "EHC-2026-0001"
DECIDED = ("decided_by=officer-3", "reason_codes=plan_may_be_necessary")


@pytest.fixture
def case(ehc):
    """A request of Monday 2 March 2026."""
    assert ehc("receive", "--no-nudge", "--requested-by", "parent", "--name", "Sam Ash", "--born", "2017-05-04",
               "--attends", "school", "--setting", "school-7", "--on", "2026-03-02").code == 0

    def record(*words: str, **more: object):
        return ehc("record", REF, *words, "--no-nudge", **more)

    record.ehc = ehc
    return record


def facts(case) -> list[dict]:
    return case.ehc("case", REF, "--json").json["facts"]


def test_a_decision_whose_notice_is_to_follow_meets_nothing_yet_and_says_so(case):
    answer = case("decided_to_assess", "--on", "2026-04-10", *DECIDED)
    assert answer.code == 0
    assert "The notice to the family is still to go" in answer.out and f"ehc correct {REF} 2 notified_on=DATE" in answer.out
    assert facts(case)[-1]["data"]["notice"] == "to_follow"
    assert "Done:" not in answer.out
    assert "seek_advice (adv_c_medical)" in answer.out and "advice_request" in answer.out


def test_a_decision_that_was_told_meets_the_duty_on_that_day(case):
    answer = case("decided_to_assess", "--on", "2026-04-10", *DECIDED, "--notified-on", "2026-04-14", "--json")
    changed = {row["duty"]: row for row in answer.json["changed"] if row["adviser"] is None}
    assert (changed["decide_whether_to_assess"]["met_on"], changed["decide_whether_to_assess"]["state"]) == ("2026-04-14", "met_late")
    assert "notice" not in facts(case)[-1]["data"]
    out = case("family_consulted", "--on", "2026-03-05").out
    assert "Done:" in out and "consult_on_request" in out and "What follows:" in out and "Mon 22 Jun 2026" in out


@pytest.mark.parametrize("words", [
    ("adviser=adv_c_medical", "document=doc-1"),
    ("--adviser", "adv_c_medical", "--document", "doc-1"),
    ("--adviser=adv_c_medical", "document=doc-1"),
])
def test_fields_can_be_written_in_each_of_three_ways(case, words):
    assert case("advice_received", "--on", "2026-03-20", *words).code == 0
    assert facts(case)[-1]["data"] == {"adviser": "adv_c_medical", "document": "doc-1"}


def test_flags_lists_numbers_and_texts_have_their_own_kinds(case):
    assert case("circumstances_recorded", "--service-family", "--no-hearing-impaired", "--year-group", "9",
                "note=a = b, really").code == 0
    assert facts(case)[-1]["data"] | {"note": None} == {
        "service_family": True, "hearing_impaired": False, "year_group": 9, "note": None}
    assert case("circumstances_recorded", "--service-family", "no").code == 0
    assert facts(case)[-1]["data"] == {"service_family": False}
    assert case("refused_to_assess", "decided_by=o-1", "reason_codes=no_sen,other", "--reason-codes", "needs_met").code == 0
    assert facts(case)[-1]["data"]["reason_codes"] == ["no_sen", "other", "needs_met"]


def test_a_text_comes_from_a_file_or_the_standard_input_and_stays_out_of_the_trail(case, file):
    file("reasons.txt", b"\xef\xbb\xbfThe child's needs are met.\r\n")
    assert case("refused_to_assess", "decided_by=o-1", "reasons=@reasons.txt").code == 0
    assert case("views_received", "note=-", input="She likes trains.\n").code == 0
    shown = case.ehc("trail", "show", REF, "--texts")
    assert "The child's needs are met." in shown.out and "She likes trains." in shown.out
    assert "trains" not in case.ehc("trail", "show", REF, "--json").out


def test_the_fact_of_today_if_no_day_is_said(case):
    case("family_consulted")
    assert facts(case)[-1]["on"] == today().isoformat()


def test_the_same_key_twice_is_recorded_once(case):
    case("family_consulted", "--on", "2026-03-05", "key=call-9")
    again = case("family_consulted", "--on", "2026-03-05", "key=call-9")
    assert again.code == 0 and "was on record already" in again.out
    assert len(facts(case)) == 2


@pytest.mark.parametrize("words, says", [
    (("family_consluted",), "Did you mean family_consulted"),
    (("advice_received",), "must say adviser"),
    (("advice_received", "adviser=adv_d"), "Did you mean adv_d_psychology?"),
    (("advice_received", "adviser=adv_d_psychology", "colour=red"), "no field 'colour'"),
    (("advice_received", "--advisor", "adv_d_psychology"), "Did you mean adviser?"),
    (("advice_received", "adv_d_psychology"), "belongs to no field"),
    (("advice_received", "--adviser"), "has no value"),
    (("advice_received", "adviser=adv_c_medical", "adviser=adv_d_psychology"), "said twice"),
    (("decided_to_assess", "decided_by=Jo Smith", "reason_codes=other"), "never the name of a person"),
    (("decided_to_assess", "decided_by=o-1"), "reasons or reason_codes"),
    (("decided_to_assess", *DECIDED, "notified_on=10/04/2026"), "YYYY-MM-DD"),
    (("decided_to_assess", *DECIDED, "notified_on=1744243200"), "YYYY-MM-DD"),
    (("circumstances_recorded", "service_family=perhaps"), "yes or no"),
    (("circumstances_recorded", "year_group=nine"), "no number"),
    (("circumstances_recorded", "year_group=99"), "year_group"),
    (("refused_to_assess", "decided_by=o-1", "reasons=@nowhere.txt"), "nowhere.txt cannot be read"),
    (("fact_corrected", "replaces=1", "corrected={"), "no JSON"),
    (("family_consulted", "--on", (today() + timedelta(days=3)).isoformat()), "future"),
    (("message_sent", "key=x"), "the engine's own record"),
])
def test_a_wrong_call_names_the_case_and_leaves_everything_as_it_was(case, words, says):
    answer = case(*words)
    assert answer.code == 2
    assert answer.err.startswith(f"ehc: {REF}: ") and says in answer.err
    assert answer.out == "" and len(facts(case)) == 1


@pytest.mark.parametrize("words, says", [
    (("request_received", "requested_by=parent"), "on record already"),
    (("family_consulted", "--on", "2026-03-01"), "before the request"),
    (("withdrawal_accepted", "decided_by=o-1", "reason_codes=other"), "record request_withdrawn first"),
    (("exception_claimed", "duty=decide_whether_to_assess", "code=X_ABSENT4", "because=away", "approved_by=o-1",
      "absent_from=2026-03-10", "absent_to=2026-03-20"), "The clock runs on"),
])
def test_what_the_case_cannot_bear_is_refused_with_the_reason(case, words, says):
    answer = case(*words)
    assert answer.code == 1
    assert answer.err.startswith(f"ehc: {REF}: ") and says in answer.err
    assert len(facts(case)) == 1


def test_no_such_case(ehc, case):
    answer = ehc("record", "EHC-2026-0009", "family_consulted")
    assert answer.code == 2 and "Did you mean EHC-2026-0001?" in answer.err
    assert ehc("record", "family_consulted").code == 2
    assert ehc("record").code == 2
    assert ehc("record", "--adviser", "adv_c_medical", REF, "advice_received").code == 2


def test_without_a_database_nothing_is_made(ehc, no_database, tmp_path):
    answer = ehc("record", REF, "family_consulted")
    assert answer.code == 2 and "There is no database" in answer.err and "ehc receive" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_the_fields_of_a_fact_are_listed(ehc):
    out = ehc("record", "--fields", "decided_to_assess").out
    assert "decided_by *" in out and "plan_may_be_necessary" in out and "@file" in out
    assert "one of reasons, reason_codes must be said" in out
    assert ehc("record", "--fields", "nothing").code == 2


def test_the_help_lists_every_fact_that_a_person_records(ehc):
    from models.facts import BY_HAND

    out = ehc("record", "-h").out
    assert all(f"  {name}" in out for name in BY_HAND) and "message_sent" not in out


def test_a_wrong_day_is_corrected_and_every_duty_worked_out_anew(case):
    case("decided_to_assess", "--on", "2026-04-20", *DECIDED, "notified_on=2026-04-20")
    answer = case.ehc("correct", REF, "2", "--on", "2026-04-13", "notified_on=2026-04-13", "--because", "misread", "--no-nudge")
    assert answer.code == 0
    assert "fact 2 now stands as decided_to_assess on Mon 13 Apr 2026 (corrected by fact 3)" in answer.out
    shown = case.ehc("case", REF).out
    assert "(corrected: decided_to_assess on 2026-04-13)" in shown
    why = case.ehc("why", REF, "decide_whether_to_assess").out
    assert "Done on Mon 13 Apr 2026, in time." in why


def test_the_day_may_be_typed_among_the_fields(case):
    assert case("family_consulted", "on=2026-03-05", "how=phone").code == 0
    assert case.ehc("correct", REF, "2", "on=2026-03-06", "--because", "misread", "--no-nudge").code == 0
    assert (facts(case)[1]["on"], facts(case)[1]["now"]["on"]) == ("2026-03-05", "2026-03-06")
    for words in (("on=2026-03-07", "--on", "2026-03-08"), ("on=7/3/2026",)):
        assert case("family_consulted", *words).code == 2
    assert len(facts(case)) == 3


def test_a_fact_is_taken_away_or_becomes_another(case):
    case("family_consulted", "--on", "2026-03-05")
    assert "no longer stands" in case.ehc("correct", REF, "2", "--withdraw", "--because", "wrong case", "--no-nudge").out
    assert [f["stands"] for f in facts(case)] == ["yes", "no", "correction"]
    case("views_received", "--on", "2026-03-06")
    assert case.ehc("correct", REF, "4", "--fact", "family_consulted", "--because", "it was a call", "--no-nudge").code == 0
    assert facts(case)[3]["now"]["fact"] == "family_consulted"


@pytest.mark.parametrize("words, code, says", [
    (("2",), 2, "--because"),
    (("1", "--because", "x"), 2, "say what fact 1 should have been"),
    (("1", "--withdraw", "--on", "2026-03-03", "--because", "x"), 2, "leave out"),
    (("1", "--because", "x", "colour=red"), 2, "no field 'colour'"),
    (("7", "--because", "x", "setting=s-1"), 2, "fact 7 does not stand"),
    (("7", "--withdraw", "--because", "x"), 1, "fact 7 does not stand"),
    (("1", "--fact", "nothing", "--because", "x"), 2, "no fact 'nothing'"),
    (("0", "--withdraw", "--because", "x"), 2, "NUMBER"),
    (("1", "--because", " ", "--on", "2026-03-03"), 2, "because"),
])
def test_a_wrong_correction_leaves_everything_as_it_was(case, words, code, says):
    answer = case.ehc("correct", REF, *words, "--no-nudge")
    assert answer.code == code
    assert says in answer.err
    assert len(facts(case)) == 1
