"""Reg 3, s.36(4): the family is consulted before it is determined whether a plan may be necessary. No figure."""

from tests.law.told import happened, owed, request


def test_it_is_owed_from_the_request_and_has_no_date():
    one = owed([request()], "2026-03-02", "consult_on_request")
    assert (one.state, one.due_on, one.days_late) == ("open", None, None)
    assert "as soon as practicable, and before the determination" in " ".join(one.why)


def test_it_never_becomes_overdue():
    assert owed([request()], "2027-03-02", "consult_on_request").state == "open"


def test_consulting_meets_it():
    one = owed([request(), happened("family_consulted", "2026-03-05")], "2026-03-05", "consult_on_request")
    assert (one.state, one.met_on.isoformat()) == ("met", "2026-03-05")


def test_a_determination_without_it_shows_that_it_was_not_done():
    facts = [request(), happened("refused_to_assess", "2026-03-20")]
    assert owed(facts, "2026-03-19", "consult_on_request").state == "open"
    one = owed(facts, "2026-03-20", "consult_on_request")
    assert one.state == "lapsed"
    assert one.why[-1] == "Not on record as done, and no longer owed since refused_to_assess on Fri 20 Mar 2026 (fact 2)."


def test_consulting_after_the_determination_is_too_late_and_on_its_day_is_not():
    decided = happened("decided_to_assess", "2026-03-20")
    for day, state in (("2026-03-19", "met"), ("2026-03-20", "met"), ("2026-03-21", "lapsed")):
        assert owed([request(), decided, happened("family_consulted", day)], "2026-04-01", "consult_on_request").state == state
