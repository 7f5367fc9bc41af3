"""Which column of a list says what: guessed from headings, written down, read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sen2.mapping import TARGETS, BadMapping, ColumnMap, as_toml, check, coded, from_toml, guess

GOOD = {"Surname": "person.surname", "DOB": "person.birth_date", "Received": "request.received"}


@pytest.mark.parametrize("heading, target", [
    ("Surname", "person.surname"), ("Child's surname", "person.surname"), ("First name(s)", "person.forename"), ("D.O.B.", "person.birth_date"),
    ("Date of Birth (dd/mm/yyyy)", "person.birth_date"), ("Date received", "request.received"), ("Requested by", "request.source"),
    ("Decision to assess", "request.outcome"), ("Final EHCP issued", "assessment.outcome_date"), ("EHCP start date", "plan.start"),
    ("Last annual review", "active.last_review"), ("Review meeting date", "active.review_meeting"), ("Primary need", "need.type"),
    ("Secondary need", "need2.type"), ("URN", "placement.urn"), ("ReceivedDate", "request.received"), ("Date EHC plan ceased", "plan.cease_date"),
    ("Favourite colour", ""), ("Officer notes", "")])
def test_what_a_heading_says(heading, target):
    assert guess([heading]).columns == {heading: target}


def test_what_two_headings_say_is_said_by_the_first():
    assert guess(["DOB", "Date of birth"]).columns == {"DOB": "person.birth_date", "Date of birth": ""}


@pytest.mark.parametrize("target, word, code", [
    ("request.outcome", "Agreed", "Y"), ("request.outcome", "no", "N"), ("request.source", " Parent ", "1"), ("request.source", "School", "2"),
    ("need.type", "autistic spectrum", "ASD"), ("need.type", "ASD", "ASD"), ("person.sex", "girl", "F"), ("active.review_outcome", "Maintain", "M"),
    ("need.type", "wobbly", "wobbly")])
def test_words_are_codes_where_they_are_known(target, word, code):
    assert coded(ColumnMap(GOOD).words(target), word) == code


def test_words_of_the_list_come_first():
    assert coded(ColumnMap(GOOD, {"request.outcome": {"Panel said  no": "N", "yes": "W"}}).words("request.outcome"), "panel said no") == "N"
    assert coded(ColumnMap(GOOD, {"request.outcome": {"yes": "W"}}).words("request.outcome"), "Yes") == "W"


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), st.sampled_from(["", *TARGETS]), max_size=6))
def test_a_mapping_that_is_written_is_read_again(columns):
    mapping = ColumnMap(columns, {"request.outcome": {'a "b" \\': "Y"}})
    assert from_toml(as_toml(mapping)) == mapping


@pytest.mark.parametrize("columns, values, says", [
    ({**GOOD, "Nowhere": "person.upn"}, {}, "no column 'Nowhere'"), ({**GOOD, "UPN": "person.upm"}, {}, "nothing that a column can say"),
    ({**GOOD, "UPN": "person.surname"}, {}, "said by two columns"), ({"DOB": "person.birth_date", "Received": "request.received"}, {}, "says the name"),
    ({"Surname": "person.surname", "Received": "request.received"}, {}, "known again"),
    ({"Surname": "person.surname", "DOB": "person.birth_date"}, {}, "when anything began"),
    (GOOD, {"request.outcome": {"x": "Q"}}, "'Q' is no code"), (GOOD, {"person.surname": {"x": "Q"}}, "has no codes")])
def test_a_mapping_that_cannot_do(columns, values, says):
    with pytest.raises(BadMapping, match=says):
        check(ColumnMap(columns, values), ["Surname", "DOB", "Received", "UPN"])


@pytest.mark.parametrize("text, says", [("columns = 1", "must hold"), ("[columns]\na = 1", "must hold"), ("[colums]\na = ''", "colums is not known"),
                                        ("nonsense", "no TOML")])
def test_a_file_that_is_no_mapping(text, says):
    with pytest.raises(BadMapping, match=says):
        from_toml(text)
