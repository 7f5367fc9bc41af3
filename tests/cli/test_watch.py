"""`ehc watch` without Prefect: a round in this process, once for each message; and what it refuses."""

import json
from datetime import timedelta

from cli.clock import today
from tests.cli.test_doctor import COUNCIL
from tests.cli.test_receive import CHILD, PARENT, REF

IN_A_FEW_DAYS = (today() + timedelta(days=3)).isoformat()        # still to come where a test runs past midnight


def test_a_round_writes_and_sends_and_a_second_one_repeats_nothing(ehc, tmp_path):
    ehc(*PARENT, *CHILD, "--attends", "school", "--setting", "school-7")
    first = ehc("watch", "--without-prefect", env=COUNCIL)
    assert first.code == 0 and "1 cases visited" in first.out and "5 sent" in first.out
    assert len(list((tmp_path / "var/outbox").rglob("*.eml"))) == 5
    case = ehc("case", REF, "--json").json
    assert case["stage"] == "S10_CONSIDERING" and {m["status"] for m in case["messages"]} == {"sent"}
    second = ehc("watch", "--without-prefect", env=COUNCIL)
    assert second.code == 0 and "0 sent" in second.out
    assert ehc("trail", "verify").code == 0 and ehc("rebuild", "--check").code == 0
    shown = ehc("case", REF).out
    assert "Messages:" in shown and "considering_partners" in shown


def test_what_letters_need_and_do_not_have_is_told_once(ehc):
    ehc(*PARENT, *CHILD)
    answer = ehc("watch", "--without-prefect")
    assert answer.err.count("the council's 'name'") == 1 and "more like it)" in answer.err and "ehc doctor" in answer.err


def test_without_prefect_it_says_how_to_start_it(ehc):
    ehc(*PARENT, *CHILD)
    answer = ehc("watch")
    assert answer.code == 1 and "ehc up" in answer.err and "--without-prefect" in answer.err


def test_a_day_to_come_is_only_looked_ahead_to_where_no_letter_can_leave(ehc):
    ehc(*PARENT, *CHILD)
    real = COUNCIL | {"EHC_CHANNELS": json.dumps({"default": "json://127.0.0.1:9"})}
    answer = ehc("watch", "--without-prefect", "--on", IN_A_FEW_DAYS, env=real)
    assert answer.code == 1 and "--ahead" in answer.err
    trial = ehc("watch", "--without-prefect", "--on", IN_A_FEW_DAYS, env=COUNCIL)
    assert trial.code == 0 and "stays on record under that day" in trial.err
    assert ehc("watch", "--on", "someday").code == 2


def test_without_a_database(ehc, no_database):
    assert "There is no database" in ehc("watch").err
