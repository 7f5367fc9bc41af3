"""How long steps take: open ones count, few cases are not taken for certain, and what began long ago weighs no more than it is."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.forecast.times import DAYS, STRENGTH, Spell, Times, afresh, assumed, pooled, remaining, spell

TODAY = date(2026, 11, 28)
SPELLS = st.lists(st.builds(Spell, st.integers(0, 500), st.booleans(), st.integers(0, 40)).filter(lambda one: one.since <= one.days), max_size=60)


def test_without_cases_the_assumption_stands():
    times = Times.of((), assumed(40, 0.5))
    assert times.count == 0 and times.quantile(0.5) == pytest.approx(40, abs=1)


def test_with_many_cases_they_carry_the_answer():
    times = Times.of([Spell(90, True)] * 400, assumed(40, 0.5))
    assert times.quantile(0.5) == 90


def test_cases_still_open_make_the_times_longer():
    ended = [Spell(days, True) for days in range(20, 60)]
    with_open = Times.of([*ended, *(Spell(80, False) for _ in range(40))], assumed(40, 0.5))
    assert with_open.quantile(0.5) > Times.of(ended, assumed(40, 0.5)).quantile(0.5) + 10


def test_what_began_before_the_time_that_is_measured_counts_from_then_on():
    began = TODAY - timedelta(days=400)
    assert spell(began, TODAY - timedelta(days=20), TODAY, 365) == Spell(380, True, 35)
    assert spell(began, None, TODAY, 365) == Spell(400, False, 35)
    assert spell(began, TODAY - timedelta(days=366), TODAY, 365) is None
    assert spell(began, TODAY - timedelta(days=365), TODAY, 365) == Spell(35, True, 35)
    assert spell(TODAY + timedelta(days=1), None, TODAY, 365) is None
    at_risk = Times.of([Spell(380, True, 35)], assumed(40, 0.5)).at_risk
    assert at_risk[34] == 0 and at_risk[35] == 1 and at_risk[380] == 1 and at_risk[381] == 0


def test_a_step_that_ends_tomorrow_is_still_open_today():
    assert spell(TODAY, TODAY + timedelta(days=1), TODAY, 365) == Spell(0, False, 0)
    assert spell(TODAY - timedelta(days=3), TODAY, TODAY, 365) == Spell(3, True, 0)


@given(SPELLS)
def test_every_chance_lies_between_none_and_certain_and_the_share_that_is_open_never_grows(spells):
    times = Times.of(spells, assumed(40, 0.5))
    assert ((times.hazard >= 0) & (times.hazard <= 1)).all()
    assert (times.at_risk >= times.ended).all()
    open_after = times.open_after()
    assert (np.diff(open_after) <= 1e-12).all()


@given(SPELLS, st.integers(0, 700), st.integers(0, 2 ** 32))
def test_what_is_left_is_at_least_a_day_and_within_reach(spells, elapsed, seed):
    random = np.random.default_rng(seed)
    open_after = (times := Times.of(spells, assumed(40, 0.5))).open_after(times.draws(20, random))
    left = remaining(open_after, elapsed, random.random(20))
    assert (left >= 1).all() and (left + min(elapsed, DAYS - 2) < DAYS).all()
    assert (afresh(open_after, random.random(20)) >= 0).all()


def test_who_has_waited_long_is_given_what_the_long_waits_show():
    times = Times.of([Spell(30, True)] * 200 + [Spell(200, True)] * 200, assumed(40, 0.5))
    open_after = times.open_after(times.draws(200, np.random.default_rng(1)))
    chance = np.random.default_rng(2).random(200)
    assert np.median(remaining(open_after, 100, chance)) == pytest.approx(100, abs=5)


def test_an_agency_with_few_cases_is_drawn_towards_all_agencies():
    slow, fast = [Spell(80, True)] * 200, [Spell(20, True)] * 3
    whole, agencies = pooled({"many": slow, "few": fast}, assumed(42, 0.55))
    assert agencies["many"].quantile(0.5) == 80
    assert 3 < STRENGTH and agencies["few"].open_after()[25] > 0.3          # three fast answers prove little
    assert whole.count == 203
