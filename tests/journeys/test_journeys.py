"""Whole cases as files: what happened, and how the case stands on the days that matter. See README.md beside this file."""

from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from models.bearing import refusal
from models.calendar import bank_holidays
from models.case import Case
from models.fact_check import check
from models.final_plan import final_plan_gaps
from models.law.record import Fact
from models.stages import Stage

HERE = Path(__file__).parent
JOURNEYS = sorted(HERE.glob("*.yaml"))
CLOSED = bank_holidays()
ABOUT_A_DUTY = {"starts": "starts_on", "due": "due_on", "dfe_count": "reporting_due_on", "met": "met_on", "lapsed": "lapsed_on",
                "excused_by": "excused_by", "late": "days_late", "work_to": "work_to"}
ABOUT_A_REQUEST = {"state": "state", "outcome": "outcome", "due": "due_on", "late": "days_late", "holder": "holder", "since": "held_since"}
ABOUT_THE_CASE = ("stage", "held_by", "held_since", "outstanding", "gaps", "alongside", "addressee")


def told(journey: Path) -> dict[str, Any]:
    return yaml.safe_load(journey.read_text(encoding="utf-8"))


def fact(number: int, line: dict[str, Any]) -> Fact:
    said = dict(line)
    kind, on = said.pop("what"), said.pop("day")
    if "corrected" in said:
        said["corrected"] = {{"what": "fact", "day": "on"}.get(name, name): value for name, value in said["corrected"].items()}
    data = check(kind, on, said, at_door=False)
    assert data.keys() == said.keys(), f"{kind} has no field {sorted(said.keys() - data.keys())}"
    return Fact("A1", number, kind, on, MappingProxyType(data))


def case_on(facts: list[Fact], day: date) -> Case:
    return Case.of("A1", facts, day, CLOSED)


@pytest.fixture(params=JOURNEYS, ids=lambda journey: journey.stem)
def journey(request):
    return told(request.param)


def test_the_record_can_bear_every_fact_in_the_order_in_which_it_is_written(journey):
    facts: list[Fact] = []
    for number, line in enumerate(journey["facts"], start=1):
        new = fact(number, line)
        today = max([new.on, *(known.on for known in facts)])
        assert refusal(case_on(facts, today), new.kind, new.on, new.data) is None, line
        facts.append(new)


def test_what_the_door_refuses_it_refuses_with_the_reason(journey):
    facts = [fact(number, line) for number, line in enumerate(journey["facts"], start=1)]
    for line in journey.get("refused", ()):
        answer = line.pop("answer")
        new = fact(len(facts) + 1, line)
        today = max([new.on, *(known.on for known in facts)])
        why = refusal(case_on(facts, today), new.kind, new.on, new.data)
        assert why is not None, f"{line} was let in"
        assert answer in why


def test_the_case_stands_as_expected(journey):
    facts = [fact(number, line) for number, line in enumerate(journey["facts"], start=1)]
    assert journey["expect"]
    for line in journey["expect"]:
        expected = dict(line)
        case = case_on(facts, expected.pop("day"))
        if "duty" in expected:
            the_duty_stands(case, expected, line)
        elif "request" in expected:
            the_request_stands(case, expected, line)
        else:
            the_case_stands(case, expected, line)


def the_duty_stands(case: Case, expected: dict[str, Any], line: dict[str, Any]) -> None:
    id, adviser, party = expected.pop("duty"), expected.pop("adviser", None), expected.pop("party", None)
    branch, occasion = expected.pop("branch", None), expected.pop("occasion", None)
    found = [owed for owed in (*case.duties, *(target.on(case.on) for target in case.targets)) if owed.duty.id == id and adviser in (None, owed.adviser) and party in (None, owed.party)
             and branch in (None, owed.branch) and (occasion is None or str(occasion) == owed.occasion)]
    stands = expected.pop("stands", None)
    if stands == "not arisen":
        assert found == [], line
        return
    assert len(found) == 1, f"{line}: {id} stands {len(found)} times"
    if stands is not None:
        assert found[0].state.replace("_", " ") == stands, line
    why = expected.pop("why", None)
    assert why is None or why in " ".join(found[0].why), f"{line}: {found[0].why}"
    assert {name: getattr(found[0], ABOUT_A_DUTY[name]) for name in expected} == expected, line


def the_request_stands(case: Case, expected: dict[str, Any], line: dict[str, Any]) -> None:
    adviser, party, number = expected.pop("request"), expected.pop("party", None), expected.pop("number", None)
    found = [one for one in case.advice_requests if one.adviser == adviser and party in (None, one.party) and number in (None, one.number)]
    assert len(found) == 1, f"{line}: {len(found)} such requests"
    step = expected.pop("next", None)
    assert step is None or step in (found[0].next_step or ""), f"{line}: {found[0].next_step}"
    assert {name: getattr(found[0], ABOUT_A_REQUEST[name]) for name in expected} == expected, line


def the_case_stands(case: Case, expected: dict[str, Any], line: dict[str, Any]) -> None:
    stands = {"stage": case.stage, "held_by": list(case.held_by), "held_since": case.held_since,
              "outstanding": list(case.advice_outstanding), "gaps": final_plan_gaps(case) if "gaps" in expected else None,
              "alongside": [one.stage for one in case.alongside], "addressee": case.addressee}
    assert set(expected) <= set(ABOUT_THE_CASE), line
    assert {name: stands[name] for name in expected} == expected, line


def test_between_them_the_journeys_come_to_every_stage():
    lines = [line for file in JOURNEYS for line in told(file)["expect"]]
    reached = {stage for line in lines for stage in (line.get("stage"), *line.get("alongside", ())) if stage}
    assert reached == {stage.value for stage in Stage}


def test_every_journey_has_a_name_of_its_own_and_says_what_it_shows():
    names = [told(file)["name"] for file in JOURNEYS]
    assert len(set(names)) == len(names)
    assert all(told(file)["shows"].strip() for file in JOURNEYS)
    assert all(set(told(file)) <= {"name", "shows", "facts", "refused", "expect"} for file in JOURNEYS)
