"""A draft of the law: what its rows change, what is refused, and what it would do to a case."""

from datetime import date

import pytest

from models.calendar import bank_holidays
from models.facts import KINDS
from models.law.dates import Limit
from models.law.deadlines import work_out
from models.law.draft import BadDraft, compare, drafted
from models.law.record import Fact
from models.law.rulebook import RULEBOOK, as_records, branches, in_force

DAYS = {date(2026, 12, 25)}


def request(on: date, case: str = "A1") -> list[Fact]:
    return [Fact(case, 1, "request_received", on, {"requested_by": "parent"})]


def found(rows, on=date(2026, 9, 1), received=date(2026, 3, 2)):
    return compare({"A1": request(received)}, on, bank_holidays(), drafted(rows, KINDS))


def test_an_empty_draft_and_the_law_itself_change_nothing():
    whole = [row for row in as_records(in_force()) if "branches" not in row]
    assert drafted([]) == RULEBOOK
    same = drafted(whole, KINDS)
    assert same == RULEBOOK and not compare({"A1": request(date(2026, 3, 2))}, date(2026, 9, 1), DAYS, same)[0]


def test_only_the_fields_that_are_named_change():
    before, after = branches("finalise_plan")[0], branches("finalise_plan", None, drafted([
        {"id": "finalise_plan", "limit": {"function": "W", "n": 18}, "exceptions": [], "citation": "clause 1"}]))[0]
    assert (after.limit, after.exceptions, after.citation) == (Limit("W", 18), (), "clause 1")
    assert (after.words, after.met_by, after.meets) == (before.words, before.met_by, before.meets)


@pytest.mark.parametrize("received, due", [
    (date(2026, 4, 13), date(2026, 8, 31)), (date(2026, 4, 28), date(2026, 9, 1)), (date(2026, 5, 4), date(2026, 9, 7))])
def test_a_text_that_comes_into_force_on_a_day_holds_for_what_falls_due_from_that_day_on(received, due):
    """Eighteen weeks in place of twenty from 1 September: what fell due on 31 August keeps its twenty."""
    book = drafted([{"id": "finalise_plan", "limit": {"function": "W", "n": 18}, "valid_from": "2026-09-01"}])
    assert [row.valid_to for row in book if row.id == "finalise_plan"][-2:] == [date(2026, 8, 31), None]
    assert next(owed.due_on for owed in work_out(request(received), received, bank_holidays(), book)
                if owed.duty.id == "finalise_plan") == due


def test_a_longer_limit_moves_the_day_and_the_lateness():
    differences, effect = found([{"id": "decide_whether_to_assess", "limit": {"function": "W", "n": 8}}], on=date(2026, 4, 20))
    one, = [d for d in differences if d.one.duty.id == "decide_whether_to_assess"]
    assert (one.before.due_on, one.after.due_on, one.moved_by) == (date(2026, 4, 13), date(2026, 4, 27), 14)
    assert (one.before.state, one.after.state) == ("overdue", "open")
    assert (effect.later, effect.earlier, effect.cases_affected) == (1, 0, 1)
    assert effect.overdue_before == effect.overdue_after + 1


def test_a_rule_is_added_and_another_taken_out():
    new = {"id": "tell_family_of_lateness", "words": "tell the family", "owed_by": "local_authority", "owed_to": ["parent_or_young_person"],
           "starts_on": ["request_received"], "limit": {"function": "W", "n": 16}, "citation": "clause 4"}
    differences, effect = found([new, {"id": "decide_whether_to_assess", "removed": True}])
    assert {(d.before is None, d.one.duty.id) for d in differences} == {
        (True, "tell_family_of_lateness"), (False, "decide_whether_to_assess")}
    assert (effect.begun, effect.gone) == (1, 1)


def test_an_arithmetic_of_its_own_gives_way_to_a_limit():
    row = branches("phase_transfer_other", None, drafted([{"id": "phase_transfer_other", "limit": {"function": "M", "n": 3}}]))[0]
    assert row.counts is None and branches("phase_transfer_other")[0].counts is not None


@pytest.mark.parametrize("row, says", [
    ({"id": "finalise_plan", "limits": None}, "finalise_plan: there is no field 'limits'. Did you mean limit"),
    ({"id": "finalise_plan", "limit": {"function": "WEEKS", "n": 6}}, "finalise_plan: limit: 'WEEKS' is no way of counting"),
    ({"id": "finalise_plan", "limit": {"function": "W", "n": "6"}}, "n is a whole number"),
    ({"id": "finalise_plan", "limit": 6}, "limit is {"),
    ({"id": "finalise_plan", "exceptions": ["X_STAFF"]}, "exceptions: 'X_STAFF' is none of"),
    ({"id": "finalise_plan", "kind": "soft"}, "kind: 'soft' is none of hard"),
    ({"id": "finalise_plan", "valid_from": "1 September"}, "valid_from: '1 September' is no day"),
    ({"id": "finalise_plan", "valid_from": "2027-09-01", "valid_to": "2027-08-01"}, "is before valid_from"),
    ({"id": "finalise_plan", "met_by": ["final_plan_posted"]}, "met_by: there is no fact 'final_plan_posted'"),
    ({"id": "finalise_plam", "limit": None}, "finalise_plam: there is no such rule, and a new one must say words"),
    ({"id": "finalise_plam", "removed": True}, "there is no such rule to take out. Did you mean finalise_plan"),
    ({"id": "finalise_plan", "removed": "yes"}, "removed is true or false"),
    ({"id": "dp_orders", "limit": None}, "name one `branch` in each row"),
    ({"limit": None}, "names the `id`"), ("finalise_plan", "names the `id`"),
])
def test_a_row_that_is_no_rule_is_named(row, says):
    with pytest.raises(BadDraft) as bad:
        drafted([{"id": "review_decision", "citation": "as it was"}, row], KINDS)
    assert bad.value.row == 2 and says in str(bad.value)


def test_one_branch_of_several_limits_is_changed_alone():
    rows = branches("dp_orders")
    branch = rows[0].branch
    after = branches("dp_orders", None, drafted([{"id": "dp_orders", "branch": branch, "limit": {"function": "W", "n": 30}}]))
    assert {row.branch: row.limit for row in after} == {row.branch: row.limit for row in rows} | {branch: Limit("W", 30)}
