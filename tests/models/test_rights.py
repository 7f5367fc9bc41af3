"""Who holds the family's rights, and from which day."""

from datetime import date

import pytest

from models.rights import holder, rights_pass_on, who_holds
from tests.law.told import case_of, happened, request

BORN = date(2010, 9, 1)                                       # compulsory school age ends on Fri 25 Jun 2027


def capacity(on, decides):
    return happened("capacity_recorded", on, decides=decides)


@pytest.mark.parametrize(("born", "day"), [(date(2010, 8, 31), date(2026, 6, 27)), (BORN, date(2027, 6, 26))])
def test_the_rights_pass_on_the_day_after_compulsory_school_age_ends(born, day):
    assert rights_pass_on(born) == day


@pytest.mark.parametrize(("day", "told", "who", "since"), [
    ("2027-06-25", [], "parent", None), ("2027-06-26", [], "young_person", "2027-06-26"),
    ("2027-06-25", [("2027-01-04", "representative")], "representative", "2027-01-04"),
    ("2027-06-25", [("2027-01-04", "representative"), ("2027-03-01", "parent")], "parent", "2027-03-01"),
    ("2027-06-25", [("2027-01-04", "young_person")], "parent", None),
    ("2027-06-26", [("2027-01-04", "representative")], "young_person", "2027-06-26"),      # of the parent, not of the young person
    ("2027-06-26", [("2027-01-04", "alternative_person")], "alternative_person", "2027-06-26"),
    ("2027-09-01", [("2027-08-02", "parent")], "parent", "2027-08-02"),
    ("2027-08-01", [("2027-08-02", "parent")], "young_person", "2027-06-26"),
    ("2027-10-01", [("2027-08-02", "representative"), ("2027-09-01", "young_person")], "young_person", "2027-09-01"),
])
def test_who_holds_them_and_since_when(day, told, who, since):
    found = who_holds(BORN, date.fromisoformat(day), [capacity(*one) for one in told])
    assert (found.who, found.since.isoformat() if found.since else None) == (who, since)
    assert found.passes_on == date(2027, 6, 26)
    assert found.why


def test_where_the_birth_date_is_not_known_the_parent_holds_them():
    assert holder(None, date(2027, 6, 26)).who == "parent"


def test_a_case_is_addressed_as_its_facts_tell_it():
    assert case_of([request()], "2026-03-02").addressee == "parent"
    assert case_of([request(requested_by="young_person")], "2026-03-02").addressee == "young_person"
    facts = [request(), happened("became_young_person", "2026-06-27"), capacity("2026-07-01", "alternative_person")]
    assert [case_of(facts, day).addressee for day in ("2026-06-26", "2026-06-27", "2026-07-01")] == [
        "parent", "young_person", "alternative_person"]
