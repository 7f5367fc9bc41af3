"""What is shown to the public: no small number, and none that could be worked out. The attacker of these tests tries every possibility."""

import random
from datetime import date, timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.figures.entry import Entry
from models.figures.public import SMALL, Equation, Table, for_public, protect, table_of
from models.figures.table import WITHIN
from models.figures.tally import count
from models.sen2.record import Active, Assessment, Person, Plan, Request
from tests.models.figures.builders import YEAR, days, figures, issued, requested


def a_table(*cells, equations=()):
    values = dict(cells)
    return Table(values, set(values), [Equation(total, tuple(parts)) for total, *parts in equations])


SQUARE = (("ab", "a", "b"), ("cd", "c", "d"), ("ac", "a", "c"), ("bd", "b", "d"), ("all", "ab", "cd"), ("all", "ac", "bd"))
A, B, C, D = np.indices((14,) * 4)
EVERY_POSSIBILITY = {"a": A, "b": B, "c": C, "d": D, "ab": A + B, "cd": C + D, "ac": A + C, "bd": B + D, "all": A + B + C + D}


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[st.integers(0, 7)] * 4))
def test_whoever_tries_everything_learns_no_small_number(numbers):
    """Two rows of two numbers with all their sums. Every four numbers are tried that agree with what is shown."""
    values = {name: int(tried[numbers]) for name, tried in EVERY_POSSIBILITY.items()}
    table = a_table(*values.items(), equations=SQUARE)
    protect(table)
    agrees = np.logical_and.reduce([EVERY_POSSIBILITY[name] == values[name] for name in table.shown] or [A >= 0])
    for name, value in values.items():
        if 0 < value < SMALL:
            could_be = EVERY_POSSIBILITY[name][agrees]
            assert name not in table.shown and could_be.min() <= 1 and could_be.max() >= SMALL, (name, table.shown)


def test_one_hidden_number_takes_another_with_it():
    table = a_table(("all", 30), ("girls", 3), ("boys", 27), equations=(("all", "girls", "boys"),))
    protect(table)
    assert table.shown == {"all"}


def test_two_that_are_hidden_are_not_enough_where_their_sum_gives_them_away():
    table = a_table(("all", 22), ("a", 1), ("b", 1), ("c", 20), equations=(("all", "a", "b", "c"),))
    protect(table)
    assert not table.shown & {"a", "b", "c"} and "all" in table.shown


def test_many_that_are_hidden_are_not_enough_where_each_is_known_to_be_one_at_least():
    """Zeros are shown: five hidden numbers that add up to five are all ones."""
    table = a_table(("all", 25), *((name, 1) for name in "abcde"), ("f", 20), ("g", 0), equations=(("all", *"abcdefg"),))
    protect(table)
    assert "f" not in table.shown and {"all", "g"} <= table.shown


@pytest.mark.parametrize("value, shown", [(0, True), (1, False), (4, False), (5, True)])
def test_a_number_below_five_is_hidden(value, shown):
    table = a_table(("all", value))
    protect(table)
    assert ("all" in table.shown) is shown


def test_a_figure_whose_rest_is_small_is_hidden_with_its_percentage():
    persons = [issued(150 if n < 3 else 100, f"C{n:02}") for n in range(40)]
    found = {figure.id: figure for figure in for_public(figures(*persons).values())}
    hidden = found["plans_ex.within_20"]
    assert hidden.hidden and hidden.numerator is hidden.value is hidden.denominator is None and hidden.cases == ()
    assert found["plans_ex"].numerator == 40                 # the base is shown: who is in time is not


def test_nothing_that_is_published_names_a_case_and_what_is_close_to_another_stays_inside():
    found = for_public(figures(*(issued(100 + n, f"C{n:02}") for n in range(60))).values())
    assert not any(figure.cases for figure in found)
    assert not {"plans_ex.last_day", "plans_ex.within_139", "all_plans", "decisions.last_day"} & {figure.id for figure in found}


def test_no_count_of_a_small_council_is_small():
    persons = [issued(100 + 9 * n, f"C{n:02}", exception=n % 7 == 0, sex="MF"[n % 2]) for n in range(20)]
    persons += [requested("N", 20 + 3 * n, f"R{n:02}", source=str(1 + n % 5), mediation=n == 3) for n in range(14)]
    for figure in (shown := for_public(figures(*persons).values())):
        if figure.unit != "weeks" and not figure.hidden:
            assert figure.numerator == 0 or figure.numerator >= SMALL, figure.id
            assert figure.denominator is None or figure.denominator - figure.numerator == 0 or figure.denominator - figure.numerator >= SMALL
    assert any(figure.hidden for figure in shown) and any(not figure.hidden and figure.numerator for figure in shown)


def test_averages_go_with_their_base_and_tell_no_sum():
    few = {figure.id: figure for figure in for_public(figures(*(issued(100, f"C{n}") for n in range(4))).values())}
    many = {figure.id: figure for figure in for_public(figures(*(issued(100, f"C{n}") for n in range(5))).values())}
    assert few["plans_ex.mean"].hidden and many["plans_ex.mean"].value == pytest.approx(100 / 7) and many["plans_ex.mean"].numerator is None


# --- that every way by which one number follows from others is known -----------------------------------------------------------

def _any_records(chance: random.Random, many: int) -> list[Entry]:
    def day(missing=.25):
        return None if chance.random() < missing else date(2024, 3, 1) + timedelta(chance.randrange(760))

    def code(codes):
        return chance.choice((None, *codes))

    def flag():
        return chance.choice((None, False, True))

    def one(number):
        plan = Plan(start=day(), cease_date=day(.7), cease_reason=code("123456789"), personal_budget=flag(), organised=flag(),
                    residential=code("AB"), work_based=code("ATS")) if chance.random() < .7 else None
        assessment = Assessment(outcome=code("YYYNAWH"), outcome_date=day(), mediation=flag(), tribunal=flag(), other_mediation=flag(),
                                other_tribunal=flag(), exception=flag(), plan=plan) if chance.random() < .8 else None
        active = Active(transferred_from=chance.choice((None, "201")), review_meeting=day(), review_outcome=code("MCA"), last_review=day(),
                        transfer_due=day(), transfer_final=day()) if chance.random() < .8 else None
        return Entry(f"{number}", Person(sex=code("MF")), Request(
            received=day(), source=code("12345"), youth_accommodation=flag(), outcome=code("YYNAWH"), outcome_date=day(), mediation=flag(),
            tribunal=flag(), assessment=assessment, active=active, exported=chance.choice((None, None, "202"))))

    return [one(number) for number in range(many)]


def test_whatever_always_lies_within_another_is_known_to():
    """Of many records of every kind: one public figure's cases all among another's, and nothing said of it, would be a way round."""
    found = [one for one in count(_any_records(random.Random(7), 10_000), YEAR) if one.is_whole and one.public and one.unit != "weeks"]
    cases = {figure.id: set(figure.cases) for figure in found}
    above: dict[str, set[str]] = {figure.id: {figure.measure} if figure.part else set() for figure in found}
    for small, large in WITHIN:
        above[small].add(large)

    def said(id, seen=()):
        return set(above[id]) | {one for up in above[id] - set(seen) for one in said(up, (*seen, id))}

    assert all(cases.values())
    unsaid = {(small, large) for small, large in permutations(cases, 2) if cases[small] <= cases[large] and large not in said(small)}
    assert unsaid <= {("transfers.due", "transfers_due")}        # one number for a whole year; then the difference is taken as known


def test_a_difference_of_nothing_is_taken_as_known():
    table = table_of([figure for figure in figures(requested("A", days(1) and None)).values() if figure.public])
    assert "transfers.due - transfers_due" in table.known
