"""`ehc due`: the work list, most harmful lateness first."""

import pytest

from tests.cli.test_receive import PARENT


@pytest.fixture
def three_cases(ehc):
    """A of 2 March, whose officer is o-1; B of 1 April, whose setting is late with its advice; C of 1 June, excused."""
    for ref, on, owner, born in (("A", "2026-03-02", "o-1", "2015-01-01"), ("B", "2026-04-01", "o-2", "2015-02-02"),
                                 ("C", "2026-06-01", "o-2", "2015-03-03")):
        assert ehc(*PARENT, "--ref", ref, "--on", on, "--owner", owner, "--name", ref, "--born", born, "--attends", "school").code == 0
    for words in (
        ("B", "decided_to_assess", "--on", "2026-04-20", "decided_by=o-2", "reason_codes=other", "notified_on=2026-04-20"),
        ("B", "advice_requested", "--on", "2026-04-20", "adviser=adv_b_education"),
        ("C", "exception_claimed", "--on", "2026-07-01", "duty=decide_whether_to_assess", "code=X_PERSONAL",
         "because=bereavement", "approved_by=o-9"),
    ):
        assert ehc("record", *words, "--no-nudge").code == 0
    return ehc


def rows(answer) -> list[tuple]:
    return [(row["case"], row["duty"], row["state"]) for row in answer.json]


def test_hard_before_guide_longest_overdue_first_then_excused_then_soonest_due(three_cases):
    answer = three_cases("due", "--on", "2026-07-21", "--json")
    assert answer.code == 1
    found = rows(answer)
    assert found[0] == ("A", "decide_whether_to_assess", "overdue")
    assert ("A", "notify_no_plan_need_determination", "overdue") not in found, "one decision does both"
    assert ("C", "notify_no_plan_need_determination", "overdue") in found, "no exception relieves reg 4(1)"
    kinds = [row["kind"] for row in answer.json if row["state"] == "overdue"]
    assert "ops" in kinds and "hard" not in kinds[kinds.index("ops"):], "a target of our own is no breach of the law"
    law = [row for row in answer.json if row["kind"] != "ops"]
    states = [(row["state"], row["kind"]) for row in law]
    first_guide = states.index(("overdue", "guide"))
    assert all(state == ("overdue", "hard") for state in states[:first_guide])
    assert states[first_guide + 1][0] == "excused"
    assert {state for state, _ in states[first_guide + 2:]} == {"open"}
    late = [row["days_late"] for row in law[:first_guide]]
    assert late == sorted(late, reverse=True)
    due = [row["due_on"] for row in law[first_guide + 2:]]
    assert due == sorted(due)


@pytest.mark.parametrize("on, code", [("2026-04-13", 0), ("2026-04-14", 1)])
def test_the_day_and_the_day_after(three_cases, on, code):
    answer = three_cases("due", "--on", on, "--json")
    assert answer.code == code
    assert (("A", "decide_whether_to_assess", "overdue") in rows(answer)) is bool(code)


def test_what_was_done_later_was_still_to_be_done_then(three_cases):
    assert ("B", "decide_whether_to_assess", "open") in rows(three_cases("due", "--on", "2026-04-19", "--json"))
    assert ("B", "decide_whether_to_assess", "open") not in rows(three_cases("due", "--on", "2026-04-20", "--json"))
    assert not any(case == "C" for case, *_ in rows(three_cases("due", "--on", "2026-05-31", "--json")))


def test_only_what_is_due_within_some_days_and_only_of_one_officer(three_cases):
    within = three_cases("due", "--on", "2026-04-10", "--within", "3", "--json")
    assert rows(within) == [("A", "decide_whether_to_assess", "open")]
    assert rows(three_cases("due", "--on", "2026-04-10", "--within", "2", "--json")) == []
    mine = three_cases("due", "--on", "2026-07-21", "--owner", "o-2", "--json").json
    assert {row["case"] for row in mine} == {"B", "C"} and {row["owner"] for row in mine} == {"o-2"}
    assert three_cases("due", "--on", "2026-07-21", "--owner", "nobody", "--json").json == []


def test_the_officer_is_the_one_who_took_over_last_also_by_correction(three_cases):
    three_cases("record", "A", "owner_named", "--on", "2026-03-05", "owner=o-7", "--no-nudge")
    assert {row["owner"] for row in three_cases("due", "--json").json if row["case"] == "A"} == {"o-7"}
    three_cases("correct", "A", "2", "owner=o-8", "--because", "misheard", "--no-nudge")
    assert {row["owner"] for row in three_cases("due", "--json").json if row["case"] == "A"} == {"o-8"}


def test_the_familys_own_periods_are_not_on_the_list(three_cases):
    three_cases("record", "A", "refused_to_assess", "--on", "2026-04-10", "decided_by=o-1", "reason_codes=no_sen",
                "notified_on=2026-04-10", "--no-nudge")
    assert not any(row["duty"] in ("lodge_appeal", "contact_mediation_adviser") for row in three_cases("due", "--on", "2026-04-20", "--json").json)


def test_people_see_how_late_whose_and_a_sum(three_cases):
    answer = three_cases("due", "--on", "2026-07-21")
    lines = answer.out.splitlines()
    assert lines[0].split()[:2] == ["late", "or"]
    assert lines[1].startswith("14 weeks 1 day late  2026-04-13  A")
    assert "excused" in answer.out and "in 62 days" in answer.out
    assert lines[-1].startswith("Tue 21 Jul 2026: ") and "overdue against a statutory limit" in lines[-1]
    assert "today" in three_cases("due", "--on", "2026-04-13").out


def test_an_empty_list_is_no_error(ehc):
    ehc("upgrade")
    assert ehc("due", "--json").json == []
    assert "0 duties in 0 cases" in ehc("due").out


def test_without_a_database(ehc, no_database):
    answer = ehc("due")
    assert answer.code == 2 and "There is no database ./var/ehc.sqlite yet" in answer.err


@pytest.mark.parametrize("arguments", [("--on", "tomorrow"), ("--within", "-1"), ("--within", "many")])
def test_a_wrong_call(ehc, arguments):
    assert ehc("due", *arguments).code == 2


# --- messages that reached nobody ------------------------------------------------------------------------------------

@pytest.fixture
def came_back(ehc, file, tmp_path):
    """A case whose notices went to a mail server, and a folder in which one of them came back."""
    from tests.cli.test_doctor import COUNCIL
    from tests.harness.mail import notification, running

    with running() as post:
        env = COUNCIL | {"EHC_CHANNELS": '{"default": "%s"}' % post.url("somebody@agency.example").get_secret_value()}
        assert ehc(*PARENT, "--ref", "A", "--owner", "o-1", "--name", "A", "--attends", "school", env=env).code == 0
        ehc("watch", "--without-prefect", env=env)
        mail = next(mail for _, mail in post.took if mail["X-EHC-Key"] == "A/considering_assessment/family/1")
    (tmp_path / "returns").mkdir()
    (tmp_path / "returns" / "one.eml").write_bytes(notification("somebody@agency.example", mail.as_bytes()))
    return lambda *words: ehc(*words, env=env)


def test_what_came_back_is_read_and_is_the_first_thing_to_be_seen_to(came_back):
    read = came_back("message", "bounces", "returns")
    assert read.code == 0 and "1 came back" in read.out and "A" in read.out
    shown = came_back("due")
    assert shown.out.splitlines()[0].startswith("Messages that reached nobody")
    assert "considering_assessment" in shown.out and "o-1" in shown.out
    row, *rest = came_back("due", "--json").json
    assert (row["task"], row["case"], row["message"], row["why"], row["owner"]) == (
        "message_reached_nobody", "A", "considering_assessment", "5.1.6", "o-1")
    assert all("task" not in one for one in rest)
    assert "bounced" in came_back("message", "list", "A").out and "bounced" in came_back("case", "A").out
    assert [one["outcome"] for one in came_back("message", "list", "A", "--json").json].count("bounced") == 1


def test_a_file_that_says_nothing_is_named_and_kept(came_back, tmp_path):
    (tmp_path / "returns" / "two.eml").write_text("Subject: On leave\n\nBack in May.\n")
    answer = came_back("message", "bounces", "returns")
    assert answer.code == 1 and "two.eml: it is no report" in answer.out
    assert (tmp_path / "returns/not-understood/two.eml").exists()


def test_without_a_folder_the_call_is_wrong(came_back):
    assert came_back("message", "bounces").code == 2
    assert came_back("message", "bounces", "nowhere").code == 2
    assert came_back("message", "receipts").code == 0
