"""What must always hold of the figures, whatever the records say."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from models.figures.period import Period
from models.figures.table import BY_ID, MEASURES, WITHIN
from models.figures.tally import count, find
from tests.models.figures.builders import YEAR, anybody, numbered

people = st.lists(anybody, max_size=6)
some = settings(max_examples=30, deadline=None)


@some
@given(people)
def test_what_splits_a_base_adds_up_to_it(persons):
    for figure in (found := count(numbered(persons), YEAR)):
        if figure.part is not None:
            continue
        measure = BY_ID[figure.measure]
        for split in measure.splits:
            parts = [find(found, figure.id.replace(measure.id, f"{measure.id}.{part.id}", 1)) for part in measure.parts if part.split == split]
            assert sum(part.numerator for part in parts) == figure.numerator, (figure.id, split)
            assert sorted(ref for part in parts for ref in part.cases) == list(figure.cases), (figure.id, split)


@some
@given(people)
def test_what_is_told_apart_adds_up_to_the_whole(persons):
    found = count(numbered(persons), YEAR)
    for whole in (figure for figure in found if figure.is_whole and figure.unit != "weeks"):
        for topic in BY_ID[whole.measure].topics:
            apart = [one for one in found if (one.measure, one.part, one.topic) == (whole.measure, whole.part, topic.id)]
            assert sum(one.numerator for one in apart) == whole.numerator, (whole.id, topic.id)


@some
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(persons, chance: random.Random):
    items = numbered(persons)
    mixed = items[:]
    chance.shuffle(mixed)
    assert count(items, YEAR) == count(mixed, YEAR)


@some
@given(people, st.dates(YEAR.since, YEAR.until))
def test_every_figure_can_be_traced_to_its_cases(persons, day):
    items = numbered(persons)
    refs = {item.ref for item in items}
    for figure in count(items, Period.up_to(day)):
        assert set(figure.cases) <= refs and list(figure.cases) == sorted(figure.cases)
        if figure.unit != "weeks":
            assert figure.numerator == len(figure.cases)
            assert figure.denominator is None or figure.numerator <= figure.denominator
        assert figure.value is None or figure.unit != "percent" or 0 <= figure.value <= 100


@some
@given(people, st.dates(YEAR.since, YEAR.until))
def test_what_is_said_to_lie_within_another_always_does(persons, day):
    for period in (YEAR, Period.up_to(day)):
        found = count(numbered(persons), period)
        for small, large in WITHIN:
            assert set(find(found, small).cases) <= set(find(found, large).cases), (small, large)


def test_every_figure_says_what_it_is_and_ids_are_used_once():
    found = count([], YEAR)
    assert len({figure.id for figure in found}) == len(found) and {figure.measure for figure in found} == {one.id for one in MEASURES}
    for figure in found:
        assert figure.words and figure.method and figure.mark, figure.id
        assert figure.value in (0, None) and figure.cases == ()
