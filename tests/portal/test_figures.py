"""The page on which an agency sees how it answers: its own row, and all agencies only where that tells of no other."""

from datetime import timedelta

import pytest

from models.board import FEWEST
from tests.portal.conftest import ASKED, REF, House


def test_an_agency_sees_its_own_figures_and_no_other_agency(house: House):
    browser, path = house.portal(), house.path()
    assert f'href="{path.rpartition("/")[2]}/figures"' in browser.get(path).text
    found = browser.get(path + "/figures")
    assert found.status_code == 200
    assert "Requests sent</th><td>1</td>" in found.text and "Still to be answered</th><td>1</td>" in found.text
    assert "Answered on time</th><td>0 of 0</td>" in found.text
    assert REF not in found.text and "rcb" not in found.text and "school-1" not in found.text


@pytest.mark.parametrize(("days", "late"), [(42, "0 of 0"), (43, "1 of 1 (100%)")])
def test_silence_is_late_from_the_day_after_the_last_day(house: House, days: int, late: str):
    house.today = ASKED + timedelta(days=days)
    path = house.path("ep_service", house.today)
    assert f"Late</th><td>{late}</td>" in house.portal().get(path + "/figures").text


def test_all_agencies_are_shown_only_where_none_can_be_told_from_the_others(house: House):
    asked = {fact["adviser"] for fact in house.facts("advice_requested")} - {"adv_a_parent_yp"}
    assert len(asked) == 4 < FEWEST
    assert "All agencies" not in house.portal().get(house.path() + "/figures").text
    house.happens("advice_requested", adviser="adv_g_pfa", agency="pfa-1")
    assert '<th scope="col">All agencies</th>' in house.portal().get(house.path() + "/figures").text


def test_figures_are_worked_out_once_in_a_while_however_often_they_are_looked_at(house: House):
    browser, path = house.portal(), house.path() + "/figures"
    first = browser.get(path).text
    house.happens("advice_received", adviser="adv_d_psychology")
    assert browser.get(path).text == first
    house.today += timedelta(days=1)
    assert "Still to be answered</th><td>0</td>" in browser.get(house.path() + "/figures").text


@pytest.mark.parametrize("path", ["/answer/made-up/figures", "/answer//figures"])
def test_without_a_link_there_are_no_figures(house: House, path: str):
    assert house.portal().get(path).status_code == 404
