"""`ehc advice` and `ehc agency board`: what an officer sees of every request, and of how agencies answer."""

import pytest

REF = "A"
PARENT = ("receive", "--requested-by", "parent", "--no-nudge")


@pytest.fixture
def asked(ehc):
    """Asked on 8 April: a trust, which says on the phone that it does not know the child, and the psychologists, who wait."""
    assert ehc(*PARENT, "--ref", REF, "--on", "2026-03-02", "--owner", "officer-1", "--name", "Ann Other", "--born", "2015-01-01",
               "--attends", "school").code == 0
    for words in (
        ("decided_to_assess", "--on", "2026-04-07", "decided_by=o-2", "reason_codes=other", "notified_on=2026-04-07"),
        ("advice_requested", "--on", "2026-04-08", "adviser=adv_c_medical", "agency=trust-a", "body=s31"),
        ("advice_delivered", "--on", "2026-04-08", "adviser=adv_c_medical", "agency=trust-a"),
        ("advice_requested", "--on", "2026-04-08", "adviser=adv_d_psychology"),
        ("advice_not_known", "--on", "2026-04-20", "adviser=adv_c_medical", "agency=trust-a", "how=phone"),
    ):
        assert ehc("record", REF, *words, "--no-nudge").code == 0
    return ehc


def test_one_case_whole(asked):
    answer = asked("advice", REF, "--on", "2026-04-21")
    assert answer.code == 1
    assert "adv_c_medical of trust-a: not known (phone)" in answer.out
    assert "held by council since Mon 20 Apr 2026; next: the advice is still required: decide how to get it" in answer.out
    assert "due: Wed 20 May 2026 (guidance); it was asked on Wed 8 Apr 2026, + 42 days (Code 9.40-9.41; guidance, not law)" in answer.out
    assert "adv_b_education of setting: not asked" in answer.out
    assert "Ann" not in answer.out


def test_all_that_somebody_holds_ranked_and_for_machines(asked):
    rows = asked("advice", "--on", "2026-05-21", "--json").json
    assert (rows[0]["adviser"], rows[0]["days_late"], rows[0]["owner"]) == ("adv_d_psychology", 1, "officer-1")
    medical = next(row for row in rows if row["adviser"] == "adv_c_medical")
    assert (medical["outcome"], medical["how"], medical["holder"], medical["held_since"]) == ("not known", "phone", "council", "2026-04-20")
    assert asked("advice", "--on", "2026-05-21", "--agency", "ep_service", "--json").json == [rows[0]]
    assert asked("advice", "--owner", "officer-9", "--json").json == []


def test_what_is_wrong_with_the_call_is_said(asked):
    assert asked("advice", "B").code == 2
    assert asked("advice", REF, "--owner", "x").code == 2
    assert asked("agency", "board", "--on", "2026-04-21", "--since", "2026-05-01").code == 2


def test_a_gap_decision_is_recorded_and_explained(asked):
    no = asked("record", REF, "advice_gap_decided", "--on", "2026-04-22", "adviser=adv_c_medical", "outcome=ask_elsewhere", "decided_by=o-2",
               "reasons=it sees him")
    assert no.code == 1 and "ask_elsewhere needs `to`" in no.err
    assert asked("record", REF, "advice_gap_decided", "--on", "2026-04-22", "adviser=adv_c_medical", "outcome=ask_elsewhere", "to=trust-b",
                 "decided_by=o-2", "reasons=it sees him", "--no-nudge").code == 0
    why = asked("why", REF, "decide_on_advice_gap", "--adviser", "adv_c_medical", "--as-of", "2026-04-22")
    assert why.code == 0 and "a working target without legal force" in why.out and "Done on Wed 22 Apr 2026, in time." in why.out
    early = asked("why", REF, "decide_on_advice_gap", "--adviser", "adv_d_psychology", "--as-of", "2026-04-22")
    assert early.code == 0 and "so by the day before: Tue 19 May 2026" in early.out, "it can be asked before it is on the list"
    assert "decide_on_advice_gap (adv_d_psychology)" in asked("case", REF, "--as-of", "2026-05-16").out
    assert "decide_on_advice_gap (adv_d_psychology)" not in asked("case", REF, "--as-of", "2026-05-14").out


def test_the_board(asked):
    answer = asked("agency", "board", "--on", "2026-05-21")
    assert answer.code == 0
    lines = {line.split()[0]: line.split() for line in answer.out.splitlines()[1:4]}
    assert lines["ep_service"][1:4] == ["1", "1", "1"] and "1 of 1 (100%)" in answer.out
    found = asked("agency", "board", "--on", "2026-05-21", "--json").json
    assert found["total"]["asked"] == 2 and [row["agency"] for row in found["agencies"]] == ["ep_service", "trust-a"]
    assert asked("agency", "board", "--on", "2026-03-01").out.startswith("No agency was asked")
