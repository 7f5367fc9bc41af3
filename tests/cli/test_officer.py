"""`ehc officer`: who has left, and that the cases they held are seen."""

import pytest

from tests.cli.test_receive import CHILD, PARENT, REF


@pytest.fixture
def case(ehc):
    assert ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--owner", "officer-3").code == 0
    return ehc


def nobody(ehc, on):
    return [row["what"] for row in ehc("audit", "silent", "--on", on, "--json").json["rows"] if "left" in row["what"]]


def test_the_cases_of_an_officer_who_left_are_seen_from_the_day_after(case):
    assert case("officer", "list").out == "Nobody has left, as far as was said.\n"
    assert case("officer", "left", "officer-3", "--on", "2026-03-05", "--by", "hr-1").code == 0
    assert case("officer", "list", "--json").json[0]["officer"] == "officer-3"
    assert "officer-3  2026-03-05  hr-1" in case("officer", "list").out
    assert nobody(case, "2026-03-05") == [] and nobody(case, "2026-03-06") == ["officer-3 has left"]
    gaps = case("audit", "gaps", "--on", "2026-03-06", "--json").json["rows"]
    assert [(row["gap"], row["owner"]) for row in gaps] == [("no_owner", "officer-3")]


def test_a_day_is_put_right_and_an_officer_comes_back(case):
    case("officer", "left", "officer-3", "--on", "2026-03-05")
    case("officer", "left", "officer-3", "--on", "2026-03-09")
    assert nobody(case, "2026-03-06") == [] and nobody(case, "2026-03-10") == ["officer-3 has left"]
    assert case("officer", "back", "officer-3").code == 0 and nobody(case, "2026-03-10") == []
    again = case("officer", "back", "officer-3")
    assert again.code == 2 and "ehc officer list" in again.err


def test_no_case_is_handed_to_an_officer_who_has_left(case):
    case("officer", "left", "officer-4", "--on", "2026-03-05")
    refused = case("handover", REF, "--to", "officer-4", "--no-nudge")
    assert refused.code == 1 and "officer-4 left on Thu 5 Mar 2026" in refused.err
    case("officer", "back", "officer-4")
    assert case("handover", REF, "--to", "officer-4", "--no-nudge").code == 0


def test_a_case_that_passed_on_is_no_gap_and_a_name_is_no_reference(case):
    case("officer", "left", "officer-3", "--on", "2026-03-05")
    assert case("record", REF, "owner_named", "owner=officer-4", "--on", "2026-03-05", "--no-nudge").code == 0
    assert nobody(case, "2026-03-10") == []
    assert case("officer", "left", "Jo-Ash!").code == 2
