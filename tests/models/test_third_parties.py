"""Signs that a text is about somebody else too: what is found, and what is not taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.third_parties import signs

OTHERS = {"contact 1, family": "Jo Ash", "contact 2, setting": "Zoë O’Neil-Bright"}


@pytest.mark.parametrize("text, found", [
    ("Sam Ash reads well.", []),
    ("Ash was asked.", []),                                        # a name that is Sam's own, too
    ("Jo was asked.", ["the name of contact 1, family"]),
    ("JO ASH was asked.", ["the name of contact 1, family"]),
    ("Jonas was asked.", []),
    ("Ms. Bright knows.", ["the name of contact 2, setting", "a title and a name"]),
    ("Write to a.b+c@school.example.", ["an e-mail address"]),
    ("Ring 01632 960123.", ["a telephone number"]), ("Ring +44 1632 960 123 now.", ["a telephone number"]),
    ("It was 2026-03-02, fact 12345678.", []),
    ("They live at SW1A 1AA.", ["a postcode"]),
    ("Two other children and the twins.", ["speaks of: twin, other children"]),
    ("The plan is necessary.", []),
    ("", []),
])
def test_what_points_at_others_is_named(text, found):
    assert signs(text, OTHERS, ["Sam Ash"]) == found


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_and_any_name_is_an_answer(text, name):
    assert all(isinstance(one, str) for one in signs(text, {"x": name}, [name]))
