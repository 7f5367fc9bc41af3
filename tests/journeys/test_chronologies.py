"""The chronologies of `examples/`: published decisions give the days that they state, the made-up ones what they are there to show."""

from datetime import date
from pathlib import Path

import pytest

from cli.chronology import Chronology, read
from models.law.dates import weeks_and_days
from models.law.deadlines import work_out
from models.law.owed import Owed
from tests.law.told import CLOSED

EXAMPLES = Path(__file__).parents[2] / "examples" / "chronologies"
FILES = sorted(EXAMPLES.glob("*.jsonl"))


def chronology(name: str) -> Chronology:
    return read(str(EXAMPLES / f"{name}.jsonl"))


def duty(name: str, case: str, on: str, id: str, adviser: str | None = None, party: str | None = None) -> Owed:
    found, = (owed for owed in work_out(chronology(name).cases[case], date.fromisoformat(on), CLOSED)
              if owed.duty.id == id and adviser in (None, owed.adviser) and party in (None, owed.party))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_chronology_says_nothing_that_a_fact_cannot_hold(file):
    found = read(str(file))
    assert found.cases
    assert found.ignored == {}


def test_every_chronology_is_in_the_list_with_its_source_and_made_up_cases_say_so():
    told = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for file in FILES:
        assert f"`{file.name}`" in told
        made_up = file.stem.startswith("made-up-")
        assert all(case.startswith("MADE-UP-") is made_up for case in read(str(file)).cases)


# --- published decisions ------------------------------------------------------------------------------------------

JSC = ("cambridgeshire-jsc-2025", "JSC")
LEEDS = ("leeds-25-018-809", "LGSCO-25-018-809")


def test_cambridgeshire_was_to_decide_by_23_july_2025_and_was_12_weeks_and_6_days_late():
    one = duty(*JSC, "2025-10-21", "refuse_to_issue")
    assert (one.due_on, one.met_on, one.state, one.days_late) == (date(2025, 7, 23), date(2025, 10, 21), "met_late", 90)
    assert weeks_and_days(one.days_late) == "12 weeks 6 days"
    assert one.why[-1] == "Done on Tue 21 Oct 2025, 12 weeks 6 days after the last day."


@pytest.mark.parametrize(("day", "state", "late"), [("2025-07-22", "open", 0), ("2025-07-23", "open", 0), ("2025-07-24", "overdue", 1),
                                                    ("2025-10-20", "overdue", 89)])
def test_cambridgeshire_day_by_day(day, state, late):
    one = duty(*JSC, day, "refuse_to_issue")
    assert (one.state, one.days_late) == (state, late)


def test_cambridgeshire_had_until_20_august_2025_for_a_plan_and_made_none():
    one = duty(*JSC, "2025-10-20", "finalise_plan")
    assert (one.due_on, one.state) == (date(2025, 8, 20), "overdue")
    assert duty(*JSC, "2025-10-21", "finalise_plan").state == "lapsed"


def test_cambridgeshire_agreed_to_assess_late_too():
    one = duty(*JSC, "2025-10-21", "decide_whether_to_assess")
    assert (one.due_on, one.state, one.days_late) == (date(2025, 5, 14), "met_late", 15)


def test_leeds_was_to_decide_by_10_september_and_to_finalise_by_8_october_2025():
    assert duty(*LEEDS, "2025-05-21", "refuse_to_issue").due_on == date(2025, 9, 10)
    assert duty(*LEEDS, "2025-05-21", "finalise_plan").due_on == date(2025, 10, 8)
    for day, late in (("2025-09-10", 0), ("2025-09-11", 1)):
        assert duty(*LEEDS, day, "refuse_to_issue").days_late == late


# --- made up ------------------------------------------------------------------------------------------------------

def test_the_school_asked_in_the_window_relieves_one_limit_and_the_one_asked_a_day_before_relieves_none():
    excused, refused = (duty("made-up-summer", case, "2026-08-11", "decide_whether_to_assess") for case in ("MADE-UP-S1", "MADE-UP-S2"))
    assert (excused.due_on, excused.state, excused.days_late) == (date(2026, 8, 10), "excused", 1)
    assert (refused.due_on, refused.state, refused.days_late) == (date(2026, 8, 10), "overdue", 1)
    assert duty("made-up-summer", "MADE-UP-S1", "2026-10-20", "refuse_to_issue").state == "overdue"


def test_a_day_of_receipt_corrected_twice_counts_as_it_was_put_right_last():
    one = duty("made-up-corrections", "MADE-UP-C1", "2026-05-07", "decide_whether_to_assess")
    assert (one.starts_on, one.due_on, one.state, one.days_late) == (date(2026, 3, 2), date(2026, 4, 13), "met_late", 2)


def test_a_refusal_recorded_in_the_wrong_case_never_ended_this_one():
    for id in ("decide_whether_to_assess", "finalise_plan"):
        assert duty("made-up-corrections", "MADE-UP-C2", "2026-04-13", id).state == "open"
    assert duty("made-up-corrections", "MADE-UP-C2", "2026-04-14", "decide_whether_to_assess").state == "overdue"


def test_each_health_body_has_a_clock_of_its_own():
    first = duty("made-up-advice", "MADE-UP-A1", "2026-09-28", "coop_respond_advice", party="trust-a")
    second = duty("made-up-advice", "MADE-UP-A1", "2026-09-28", "coop_respond_advice", party="trust-b")
    assert (first.due_on, first.state, first.lapsed_on) == (date(2026, 8, 26), "lapsed", date(2026, 7, 24))
    assert (second.due_on, second.state, second.days_late, second.excused_by) == (date(2026, 9, 21), "excused", 7, "X8_MISSED")


def test_the_ministry_has_no_figure_and_earlier_advice_ends_the_asking():
    on = "2026-09-28"
    states = {owed.adviser: owed.state for owed in work_out(chronology("made-up-advice").cases["MADE-UP-A1"], date.fromisoformat(on), CLOSED)
              if owed.duty.id == "advice_six_weeks_others"}
    assert states == {"adv_d_psychology": "overdue", "adv_e_social_care": "lapsed"}
    assert duty("made-up-advice", "MADE-UP-A1", on, "seek_advice", "adv_b_mod").state == "met"
