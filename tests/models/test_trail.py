"""The seal on a fact and the chain of seals: what an outsider can check without our database."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.hand import Hand
from models.trail import GENESIS, BrokenChain, Head, Sealed, canonical, check_chain, moment, seal, seal_text

AT = "2026-05-01T09:30:00.000001Z"


def chain(length: int, case: str = "A1") -> list[Sealed]:
    rows, previous = [], GENESIS
    for number in range(1, length + 1):
        content = (case, number, "views_received", f"2026-03-{number:02d}", AT, "officer-7", None, f'{{"document":"d{number}"}}',
                   previous)
        previous = seal(*content)
        rows.append(Sealed(*content, previous))
    return rows


def resealed(row: Sealed, **changes) -> Sealed:
    row = row._replace(**changes)
    return row._replace(hash=seal(*row[:9]))


def head_of(rows: list[Sealed]) -> Head:
    return Head(rows[-1].number, rows[-1].hash)


def test_the_seal_is_what_the_specification_says_and_anybody_can_compute_it():
    data = '{"note":"é","year_group":9}'
    body = json.dumps(["A1", 1, "request_received", "2026-03-02", AT, "officer-7", None, data, "0" * 64],
                      sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert seal("A1", 1, "request_received", "2026-03-02", AT, "officer-7", None, data, GENESIS) \
        == hashlib.sha256(body.encode("utf-8")).hexdigest()


def test_a_salted_hash_of_a_text():
    assert seal_text("ab12", "why") == hashlib.sha256(b"ab12why").hexdigest()


def test_a_sound_chain_ends_in_its_head():
    rows = chain(5)
    assert check_chain(rows) == check_chain(iter(rows), head_of(rows)) == head_of(rows)


def test_no_facts_at_all():
    assert check_chain([]) == Head(0, GENESIS)
    with pytest.raises(BrokenChain, match="A1: fact 1 is missing from the end, and so are those up to 3"):
        check_chain([], Head(3, "f" * 64), "A1")


@pytest.mark.parametrize("column, value", [
    ("kind", "final_plan_sent"), ("happened_on", "2026-03-09"), ("recorded_at", AT.replace("1Z", "2Z")),
    ("recorded_by", "officer-8"), ("flow_run_id", "run-1"), ("data", "{}"), ("hash", "f" * 64),
    ("previous_hash", "f" * 64), ("case_ref", "A2"),
])
def test_any_column_of_any_fact_that_was_altered_is_found_and_named(column, value):
    for place in range(4):
        rows = chain(4)
        rows[place] = rows[place]._replace(**{column: value})
        with pytest.raises(BrokenChain, match="was altered") as broken:
            check_chain(rows)
        assert broken.value.number == place + 1


def test_a_fact_that_was_altered_and_sealed_anew_does_not_fit_the_one_after_it():
    rows = chain(4)
    rows[1] = resealed(rows[1], data='{"document":"forged"}')
    with pytest.raises(BrokenChain, match="fact 3 was not sealed after fact 2 as it now stands") as broken:
        check_chain(rows)
    assert (broken.value.case, broken.value.number) == ("A1", 3)


def test_a_chain_that_was_written_anew_as_a_whole_does_not_fit_its_head():
    kept = head_of(chain(3))
    with pytest.raises(BrokenChain, match="fact 3 has a hash that is not the one kept"):
        check_chain(rewritten(chain(3)), kept)


def rewritten(rows: list[Sealed]) -> list[Sealed]:
    made, previous = [], GENESIS
    for row in rows:
        made.append(resealed(row, recorded_by="forger", previous_hash=previous))
        previous = made[-1].hash
    return made


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_fact_that_was_removed_is_missed(number):
    rows = chain(5)
    kept = head_of(rows)
    del rows[number - 1]
    with pytest.raises(BrokenChain, match=f"fact {number} is missing") as broken:
        check_chain(rows, kept)
    assert broken.value.number == number


def test_a_fact_that_was_removed_and_the_rest_renumbered():
    rows = chain(4)
    del rows[1]
    rows = [rows[0], *(resealed(row, number=number) for number, row in enumerate(rows[1:], start=2))]
    with pytest.raises(BrokenChain, match="fact 2 was not sealed after fact 1"):
        check_chain(rows)


def test_facts_cut_from_the_end_are_missed_when_the_head_is_known():
    rows = chain(5)
    check_chain(rows[:3])
    with pytest.raises(BrokenChain, match="A1: fact 4 is missing from the end, and so are those up to 5") as broken:
        check_chain(rows[:3], head_of(rows))
    assert broken.value.number == 4
    with pytest.raises(BrokenChain, match="fact 5 is missing from the end: the case file says that the last fact is 5"):
        check_chain(rows[:4], head_of(rows))


def test_a_fact_inserted_in_the_middle():
    rows = chain(4)
    forged = resealed(rows[1], number=3, previous_hash=rows[1].hash, data='{"document":"forged"}')
    rows[2:] = [forged, *(resealed(row, number=row.number + 1) for row in rows[2:])]
    with pytest.raises(BrokenChain, match="fact 4 was not sealed after fact 3"):
        check_chain(rows)


def test_a_fact_inserted_at_the_end_without_the_head():
    rows = chain(3)
    forged = resealed(rows[2], number=4, previous_hash=rows[2].hash)
    with pytest.raises(BrokenChain, match="fact 4 was inserted at the end") as broken:
        check_chain([*rows, forged], head_of(rows))
    assert broken.value.number == 4


def test_a_fact_that_stands_twice():
    rows = chain(3)
    with pytest.raises(BrokenChain, match="fact 2 stands twice or out of order"):
        check_chain([rows[0], rows[1], rows[1], rows[2]])


@given(st.permutations(range(5)))
def test_facts_in_another_order_under_their_places_numbers(order):
    rows = chain(5)
    shuffled = [rows[place]._replace(number=number) for number, place in enumerate(order, start=1)]
    if list(order) == sorted(order):
        check_chain(shuffled)
    else:
        wrong = next(number for number, place in enumerate(order, start=1) if place != number - 1)
        with pytest.raises(BrokenChain) as broken:
            check_chain(shuffled)
        assert broken.value.number == wrong


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text() | st.dates(),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_one_value_has_one_text_whatever_the_order_of_its_keys(value):
    text = canonical(value)
    assert canonical(dict(reversed(value.items()))) == text
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}, "\ud800", b"bytes"])
def test_what_cannot_be_text_is_refused(value):
    with pytest.raises(ValueError):
        canonical({"a": value})


def test_a_moment_keeps_its_microseconds_and_is_told_in_utc():
    summer = timezone(timedelta(hours=1))
    assert moment(datetime(2026, 7, 1, 0, 30, 0, 7, tzinfo=summer)) == "2026-06-30T23:30:00.000007Z"
    assert canonical([datetime(2026, 7, 1, tzinfo=UTC), date(2026, 7, 1)]) == '["2026-07-01T00:00:00.000000Z","2026-07-01"]'


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        moment(datetime(2026, 7, 1))
    with pytest.raises(ValueError, match="no time zone"):
        Hand(datetime(2026, 7, 1), "officer-7")


@pytest.mark.parametrize("nobody", ["", "  ", "a\x00b", "a\nb"])
def test_a_hand_names_somebody(nobody):
    with pytest.raises(ValueError, match="Nobody is named"):
        Hand(datetime(2026, 7, 1, tzinfo=UTC), nobody)


def test_a_hand_keeps_its_moment_in_utc():
    at = datetime(2026, 7, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert Hand(at, "officer-7").at.tzinfo is UTC and Hand(at, "officer-7").at == at
