"""The layout of the return: each year's elements in their order, each item once, every one with a place in the records."""

from dataclasses import fields

import pytest

from models.sen2 import codes
from models.sen2.layout import BLOCKS, ITEMS, LAYOUTS, Block, item
from models.sen2.record import CLASSES, HOLDS


def order(year, block):
    return [part.element if isinstance(part, Block) else part.tag for part in LAYOUTS[year].blocks[block]]


@pytest.mark.parametrize("year, last", [
    (2023, ["TransferLA", "PlacementDetail", "Res", "WBP", "SENneed", "LastReview"]),
    (2024, ["TransferLA", "PlacementDetail", "SENneed", "ReviewMeeting", "ReviewOutcome", "LastReview"]),
    (2025, ["TransferLA", "PlacementDetail", "SENneed", "ReviewMeeting", "LastReview", "ReviewOutcome", "ReviewDraft",
            "PhaseTransferDueDate", "PhaseTransferFinalDate"]),
    (2026, ["TransferLA", "PlacementDetail", "SENneed", "ReviewMeeting", "ReviewOutcome", "ReviewDraft", "PhaseTransferDueDate",
            "PhaseTransferFinalDate", "LastReview"]),
])
def test_the_active_plan_ends_differently_each_year(year, last):
    assert order(year, "active") == last


def test_what_came_and_went():
    assert "GenderCurrent" in order(2023, "person") and "Sex" not in order(2023, "person")
    assert "Sex" in order(2024, "person") and "GenderCurrent" not in order(2024, "person")
    assert "AttendancePattern" in order(2023, "placement") and "AttendancePattern" not in order(2024, "placement")
    assert order(2024, "placement")[-2:] == ["Res", "WBP"] and "Res" not in order(2023, "placement")
    assert "RequestSource" not in order(2024, "request") and order(2025, "request")[1] == "RequestSource"
    assert order(2024, "header")[-1] == "DCO" and order(2025, "header")[-1] == "DSCO"


@pytest.mark.parametrize("block, name, needs", [
    ("active", "review_meeting", {2024: "V", 2025: "M", 2026: "M"}), ("request", "source", {2025: "V", 2026: "M"}),
    ("header", "dsco", {2025: "V", 2026: "M"}), ("active", "review_draft", {2025: "V", 2026: "M"}),
])
def test_an_item_is_voluntary_first_and_then_mandatory(block, name, needs):
    assert {year: item(block, name, year).need_in(year) for year in needs} == needs


def test_codes_are_not_used_before_they_came():
    assert not codes.NEED.holds("DS", 2024) and codes.NEED.holds("DS", 2025)
    assert not codes.PLACEMENT.holds("NEET", 2023) and codes.PLACEMENT.holds("NEET", 2024)
    assert not codes.PLAN_SETTING.holds("NEET", 2026)


def test_every_item_has_its_place_in_a_record_and_none_stands_twice():
    assert len({(one.block, one.name) for one in ITEMS}) == len(ITEMS)
    for one in ITEMS:
        assert one.name in {field.name for field in fields(CLASSES[one.block])}, one
    assert BLOCKS.keys() == CLASSES.keys() and HOLDS.keys() == CLASSES.keys() - {"header", "person"}


def test_all_councils_and_ethnic_groups_are_there():
    assert len(codes.COUNCILS) == 153 and codes.COUNCILS["201"] == "City of London" and codes.COUNCILS["943"] == "Westmorland and Furness"
    assert len(codes.ETHNICITY.words) == 108
    assert codes.OTHER_COUNCIL.holds("XXX", 2026) and not codes.COUNCIL.holds("XXX", 2026)
