"""When what is known about a child may be erased: the birthday that the policy names, and what stands in the way."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import SQLModel

from models.case import Case
from models.certificate import Certificate, counts, inventory
from models.law.record import Fact
from models.note import BadNote
from models.retention import KEPT, PERSONAL, Policy, due_day, named_in, open_holds, stands

POLICY = Policy(plan=31, no_plan=25)
BORN = date(2005, 9, 12)
ON = date(2036, 9, 12)
DAY = timedelta(days=1)


def case(*kinds, ref="A1", on=date(2016, 3, 1)) -> Case:
    facts = []
    for number, kind in enumerate(kinds, start=1):
        name, data = kind if isinstance(kind, tuple) else (kind, {})
        facts.append(Fact(ref, number, name, on + number * DAY, data, datetime(2016, 1, 1, tzinfo=UTC), "o-1", None))
    return Case(ref, tuple(facts), ON, frozenset())


PLAN = ("request_received", "final_plan_sent", ("plan_ceased", {"cease_reason": "needs_met"}))
NO_PLAN = ("request_received", ("withdrawal_accepted", {}))
HELD = ("legal_hold_placed", {"ground": "complaint", "decided_by": "o-3"})


@pytest.mark.parametrize("kinds, rule, years, day", [(PLAN, "plan", 31, date(2036, 9, 12)), (NO_PLAN, "no_plan", 25, date(2030, 9, 12))])
def test_the_day_is_the_birthday_on_which_the_years_are_full(kinds, rule, years, day):
    found = stands([case(*kinds)], BORN, POLICY)
    assert (found.rule, found.years, found.due_on, found.in_the_way) == (rule, years, day, ())
    assert [found.state(day - DAY), found.state(day), found.state(day + DAY)] == ["later", "due", "due"]


def test_one_plan_in_any_case_about_the_child_makes_it_the_longer_rule():
    assert stands([case(*NO_PLAN), case(*PLAN, ref="A2")], BORN, POLICY).rule == "plan"


def test_born_on_29_february_is_kept_until_the_day_is_surely_over():
    assert due_day(date(2008, 2, 29), 28) == date(2036, 2, 29)
    assert due_day(date(2008, 2, 29), 31) == date(2039, 3, 1)


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(18, 120))
def test_nobody_is_younger_than_the_years_on_the_day_and_everybody_was_the_day_before(born, years):
    from models.age import age_on
    day = due_day(born, years)
    assert age_on(born, day) == years and age_on(born, day - DAY) == years - 1


def test_a_case_that_goes_on_stands_in_the_way_of_all():
    found = stands([case(*PLAN), case("request_received", ref="A2")], BORN, POLICY)
    assert found.state(ON) == "held" and found.in_the_way[0].startswith("A2 has not ended")


def test_a_legal_hold_stands_in_the_way_until_it_is_lifted_each_ground_by_itself():
    lifted = ("legal_hold_lifted", {"ground": "complaint", "decided_by": "o-3"})
    appeal = ("legal_hold_placed", {"ground": "appeal", "decided_by": "o-4"})
    found = stands([case(*PLAN, HELD)], BORN, POLICY)
    assert found.state(ON) == "held" and "legal hold (complaint)" in found.in_the_way[0] and "o-3" in found.in_the_way[0]
    assert stands([case(*PLAN, HELD, lifted)], BORN, POLICY).state(ON) == "due"
    assert [hold["ground"] for hold in open_holds(case(*PLAN, HELD, appeal, lifted))] == ["appeal"]
    assert [hold["ground"] for hold in open_holds(case(*PLAN, HELD, lifted, HELD))] == ["complaint"]


def test_a_hold_recorded_after_a_lift_holds_whatever_day_it_gives():
    facts = list(case(*PLAN, HELD, ("legal_hold_lifted", {"ground": "complaint"}), HELD).facts)
    from dataclasses import replace
    facts[-1] = replace(facts[-1], on=facts[3].on)
    assert open_holds(Case("A1", tuple(facts), ON, frozenset()))


def test_a_longer_period_can_be_decided_and_never_a_shorter_one():
    longer = stands([case(*PLAN, ("longer_retention_decided", {"years": 75}))], BORN, POLICY)
    assert (longer.rule, longer.years, longer.due_on) == ("decision", 75, date(2080, 9, 12))
    assert stands([case(*PLAN, ("longer_retention_decided", {"years": 20}))], BORN, POLICY).rule == "plan"


def test_without_a_birth_date_or_a_policy_nothing_can_be_worked_out_and_it_is_said():
    unknown = stands([case(*PLAN)], None, POLICY)
    assert unknown.state(ON) == "unknown" and "ehc person A1 --born" in unknown.in_the_way[0]
    unset = stands([case(*PLAN)], BORN, Policy(no_plan=25))
    assert unset.state(ON) == "unknown" and "EHC_RETENTION__PLAN" in unset.in_the_way[0]
    assert not Policy().is_set and Policy(plan=31).shortest == 31


@pytest.mark.parametrize("years", [0, 17, 121, "soon"])
def test_a_policy_that_cannot_be_meant_is_refused(years):
    with pytest.raises(ValidationError):
        Policy(plan=years)


def test_every_table_is_erased_or_the_reason_why_it_stays_is_given():
    """Whoever adds a table says here what becomes of it when a child is erased."""
    ours = set(SQLModel.metadata.tables)
    assert set(PERSONAL) | set(KEPT) == ours and not set(PERSONAL) & set(KEPT)
    assert all(by in SQLModel.metadata.tables[name].columns for name, columns in PERSONAL.items() for by in columns)


@pytest.mark.parametrize("words, found", [
    ("as SAM asked", "Sam"), ("Ash's file", "Ash"), ("as the policy says", None), ("Samuel", None), ("Jo said so", None)])
def test_a_name_in_the_reason_is_found(words, found):
    assert named_in(words, ["Sam Ash", "Jo Li"]) == found


# --- the certificate -----------------------------------------------------------------------------------------------

SAYS = Certificate("a.example/ehc", 3, ("A1", "A2"), "plan", 31, "o-1", "o-2", "2036-09-12T09:00:00.000000Z",
                   "2036-09-12T09:00:05.000001Z", 9, "1" * 64, "nothing in the file", (4, "2" * 64), (5, "3" * 64))


def test_a_certificate_says_what_was_said():
    assert Certificate.read(SAYS.text()) == SAYS
    assert "2005" not in SAYS.text()


def test_no_character_of_a_certificate_can_be_changed_to_the_same_meaning():
    text = SAYS.text()
    for place in range(len(text)):
        for other in {text[:place] + new + text[place + 1:] for new in ("", " ", "0", "x", "\n")} - {text}:
            try:
                assert Certificate.read(other) != SAYS
            except BadNote:
                pass


def test_an_inventory_lists_hashes_and_counts():
    told = inventory([("A1", 3, "0" * 64)], {"person": 1, "contact": 2}, [("A1/2/note", "1" * 64)], [("A1", "2" * 64)], [("outbox/x/y.eml", "3" * 64)])
    assert counts(told) == {"person": 1, "contact": 2, "text": 1, "document": 1, "file": 1}
    assert told.endswith("\n") and told.count("\n") == 6
