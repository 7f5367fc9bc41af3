"""The same sample every time, whoever draws it, and fair to every case."""

from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from models.audit.sample import draw, print_of, rank

REFS = [f"EHC-2026-{number:04d}" for number in range(1, 201)]
SETS = st.sets(st.sampled_from(REFS), min_size=1)


def test_the_sample_is_what_the_docs_say_and_can_be_drawn_by_hand():
    ranks = sorted((sha256(f"7:{ref}".encode()).hexdigest(), ref) for ref in REFS)
    assert draw(REFS, 7, 25) == [ref for _, ref in ranks[:25]]
    assert draw(REFS, 7, 3) == ["EHC-2026-0159", "EHC-2026-0093", "EHC-2026-0108"]


@given(SETS, st.integers(), st.integers(1, 60))
def test_the_order_in_which_cases_come_changes_nothing(refs, seed, size):
    drawn = draw(sorted(refs), seed, size)
    assert drawn == draw(sorted(refs, reverse=True), seed, size) == draw([*refs, *refs], seed, size)
    assert len(drawn) == min(size, len(refs)) == len(set(drawn)) and set(drawn) <= refs


@given(SETS, st.sampled_from(REFS), st.integers(), st.integers(1, 60))
def test_one_more_case_takes_at_most_one_place(refs, more, seed, size):
    before, after = set(draw(refs, seed, size)), set(draw(refs | {more}, seed, size))
    assert after - before <= {more} and len(before - after) <= 1


def test_every_case_has_its_chance():
    drawn = Counter(ref for seed in range(2000) for ref in draw(REFS, seed, 20))
    assert set(drawn) == set(REFS)
    assert 130 < min(drawn.values()) and max(drawn.values()) < 270           # 200 expected, and four deviations either way are 54


def test_populations_are_told_apart():
    assert print_of(REFS) == print_of(list(reversed(REFS))) != print_of(REFS[1:])
    assert rank(1, "A") != rank(2, "A") != rank(2, "B")
