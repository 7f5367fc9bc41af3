"""The DfE's own data files: both spellings, the codes for no number, and what is wrong with a file."""

import pytest

from models.figures.release import BadRelease, read_release

HEAD = ("time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,old_la_code,la_name,"
        "breakdown_topic,breakdown")


def line(period, level, code="", region="", topic="All requests", breakdown="All requests", values="1"):
    return f"{period},Calendar year,{level},E92000001,England,,{region},,{code},,{topic},{breakdown},{values}"


def read(heads, *lines, name="file.csv", **options):
    return list(read_release(name, [f"\ufeff{HEAD},{heads}\n", *(f"{one}\n" for one in lines)], "R", **options))


def only(heads, *lines, **options):
    [number] = read(heads, *lines, **options)
    return number


@pytest.mark.parametrize("columns, file, column, period", [
    ("requests_received_in_year", "requests", "requests_received_in_year", "2025"),
    ("assess_in_year", "assessments", "assess_in_year", "2025"), ("plans_issued_den", "timeliness_20_week", "plans_issued_den", "2025"),
    ("new_ehc_plans", "newplans", "new_ehc_plans", "2025"), ("ehcplans", "caseload", "ehcplans", "202526"),
    ("total_ceased", "ceased_plans", "total_ceased", "2025"), ("number_plans", "phase_transfers", "number_plans", "2025"),
    ("total_ehc_plans", "annual_reviews", "total_ehc_plans", "2025"), ("Res_tot", "residential_settings", "res_tot", "202526")])
def test_a_file_is_known_by_its_columns(columns, file, column, period):
    number = only(columns, line(period, "National"))
    assert (number.file, number.column, number.value, number.period, number.who) == (file, column, 1, period, "")


@pytest.mark.parametrize("spelt, meant", [
    ("number_decsion_4weeks", "decision_4_weeks"), ("outcome_maintan", "outcome_maintained"), ("pc_decsion_4weeks", "pc_decision_4_weeks"),
    ("review_expected_2025", "review_expected"), ("review_completed_prior_2025", "review_completed_prior")])
def test_the_odd_spellings_of_both_editions_mean_the_same(spelt, meant):
    found = read(f"total_ehc_plans,{spelt}", line("2025", "National", values="9,4"))
    assert [number.column for number in found] == ["total_ehc_plans", meant]


@pytest.mark.parametrize("spelt, meant", [("due_25", "due_this_year"), ("due_26", "due_next_year"), ("final_26", "final_next_year")])
def test_the_years_of_phase_transfers_are_told_by_the_period(spelt, meant):
    assert read(f"number_plans,{spelt}", line("2025", "National", values="9,4"))[1].column == meant


def test_a_column_that_stands_twice_is_read_once():
    found = read("total_ehc_plans,review_meeting_prior_24,review_meeting_prior_24", line("2024", "National", values="9,4,5"))
    assert [(number.column, number.value) for number in found] == [("total_ehc_plans", 9), ("review_meeting_prior_24", 4)]


@pytest.mark.parametrize("text, value, missing", [("46.4", 46.4, ""), ("0", 0, ""), ("1234", 1234, ""), ("z", None, "z"), ("x", None, "x"),
                                                  ("Z", None, "z"), ("c", None, "c"), ("", None, "blank")])
def test_what_is_no_number_stays_its_code(text, value, missing):
    number = only("ehcplans", line("202526", "National", values=text))
    assert (number.value, number.missing) == (value, missing)


@pytest.mark.parametrize("topic, breakdown, columns, told", [
    ("All EHC plans", "All EHC plans", "ehcplans", ("", "")), ("New EHC plans", "New EHC plans", "new_ehc_plans", ("", "")),
    ("Sex", "Female", "new_ehc_plans", ("sex", "female")), ("Child or young persons age", "Aged 10", "requests_received_in_year", ("age", "10")),
    ("Age at time of request", "Age 10", "plans_issued_den", ("age", "10")), ("Age when plan started", "age 10", "new_ehc_plans", ("age", "10")),
    ("Age at start of academic year", "Age 10", "ehcplans", ("age", "10")),
    ("Source of request", "School or other education setting", "requests_received_in_year", ("source", "school or other education setting")),
    ("Source of request", "Parent or young person", "requests_received_in_year", ("source", "parent or young person")),
    ("Primary type of need", "Visual impairment", "plans_issued_den", ("need", "vision")),
    ("Primary type of need", "Social & emotional", "plans_issued_den", ("need", "not known"))])
def test_the_dfe_s_words_are_this_program_s(topic, breakdown, columns, told):
    number = only(columns, line("2025" if columns != "ehcplans" else "202526", "National", topic=topic, breakdown=breakdown))
    assert (number.topic, number.breakdown) == told


def test_a_topic_that_this_program_does_not_have_is_left_out():
    assert read("ehcplans", line("202526", "National", topic="Ethnicity", breakdown="Any")) == []
    assert read("ehcplans", line("202526", "National", topic="Age when plan started", breakdown="Age 3")) == []


def test_needs_that_stand_in_columns_are_rows_of_the_plans():
    found = read("ehc_plans,number_asd,number_down_syndrome", line("2025", "National", topic="All EHC plans", values="9,4,1"), name="sen_need_newplans.csv")
    assert [(one.file, one.column, one.topic, one.breakdown) for one in found[1:]] == [
        ("newplans", "new_ehc_plans", "need", "autistic spectrum"), ("newplans", "new_ehc_plans", "need", "Down syndrome")]


def test_councils_and_regions_are_told_by_number_and_name():
    council = only("ehcplans", line("202526", "Local authority", "886", "South East"))
    region = only("ehcplans", line("202526", "Regional", region="South East"))
    assert (council.who, region.who) == ("886", "South East")
    assert read("ehcplans", line("202526", "Local authority", "886"), wanted=lambda level, who, topic: who == "202") == []
    assert read("ehcplans,neet", line("202526", "National", values="1,2"), columns=frozenset({"ehcplans"}))[0].column == "ehcplans"


@pytest.mark.parametrize("lines, says", [
    (["a,b\n", "1,2\n"], "is no data file"), ([""], "is no data file"), ([f"{HEAD},other\n"], "none of its columns"),
    ([f"{HEAD},ehcplans\n", "202526,x\n"], "line 2: 2 values under 13 columns"),
    ([f"{HEAD},ehcplans\n", line("202526", "National", values="many") + "\n"], "line 2: 'many' under ehcplans is neither a number"),
    ([f"{HEAD},ehcplans\n", line("last year", "National") + "\n"], "'last year' is no time period")])
def test_a_file_that_is_damaged_or_another_is_said_to_be(lines, says):
    with pytest.raises(BadRelease, match=says):
        list(read_release("other.csv", lines, "R"))
