"""The benchmarks measure what they say: real cases, the same rows both ways, and a door that answers."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import figures, floor, importing, recording, sealing, sending, watching
from bench.ground import Ground, NotTheSame
from bench.stock import TODAY, Stock
from bench.timing import Line, table, turn_by_turn
from tasks import database
from tasks.database import reading
from tasks.rebuild import rebuild
from tasks.trail import verify
from tasks.watch import due_counts


@pytest.fixture(scope="module")
def stock() -> Stock:
    return Stock()


def silent(words: str) -> None:
    """Says nothing."""


def test_copied_cases_are_sealed_and_are_as_their_facts_say(database_url, stock):
    engine = database.engine(database_url)
    filled = stock.fill(engine, 400, 50)
    assert filled.due == 50 and 400 <= filled.open < 420
    assert due_counts(engine, TODAY) == (0, 50)
    with reading(engine) as session:
        assert verify(session).is_sound and verify(session).cases == filled.cases
        assert rebuild(session, check=True).differences == ()


def test_engine_and_floor_leave_the_same_rows_in_everything_that_is_compared(tmp_path, stock):
    ground = Ground(tmp_path)
    lines = [*watching.lines(ground, stock, 1, (300,), 40, (0,), silent), *recording.lines(ground, stock, 1, 8, 4, silent)]
    assert len(lines) == 6 and all(len(line.engine) == len(line.floor) == 1 for line in lines)
    assert table(lines).count("\n") == 7


def test_sealing_and_its_floor_write_the_same_entries(tmp_path, stock):
    lines = list(sealing.lines(Ground(tmp_path), stock, 1, 300, tmp_path, silent))
    assert len(lines) == 5 and all(len(line.engine) == 1 for line in lines) and [len(line.floor) for line in lines] == [1, 1, 1, 0, 0]


def test_the_figures_and_their_floor_count_the_same():
    everything = list(figures.entries(figures.made_up(300)))
    found = {figure.id: figure.numerator for figure in figures.count(everything, figures.YEAR)}
    assert figures.bare(everything) == (found["plans"], found["plans.within_20"]) and found["plans"] > 50
    assert [len(line.floor) for line in figures.lines(1, 100, silent)] == [1, 0]


def test_a_return_is_imported_and_its_floor_sees_the_same_persons(tmp_path):
    lines = list(importing.lines(1, 60, tmp_path, silent))
    assert [(len(line.engine), len(line.floor)) for line in lines] == [(1, 1), (1, 1)]
    assert "60 persons imported (" in lines[1].what


def test_a_list_is_imported_in_both_forms_and_its_memory_is_told(tmp_path):
    lines = list(importing.sheets(60, tmp_path, silent))
    assert [(len(line.engine), len(line.floor)) for line in lines] == [(1, 1), (1, 1)]
    assert ["60 rows imported (csv" in lines[0].what, "60 rows imported (xlsx" in lines[1].what] == [True, True]
    assert all(0 < int(line.what.rpartition(" MB of")[0].rpartition(" ")[2]) < 500 for line in lines)


def test_a_floor_that_does_less_is_found_out(tmp_path, stock):
    ground = Ground(tmp_path)
    laid, _ = ground.lay(lambda engine: stock.fill(engine, 100, 10))
    with pytest.raises(NotTheSame, match=r"case_file.*fact"):
        ground.compare(laid, watching._by_engine, lambda connection: floor.write(connection, []))


def test_engine_and_floor_take_turns_and_the_one_that_begins_changes():
    order: list[str] = []

    def by(name: str):
        return lambda: order.append(name) or 0.001

    line = turn_by_turn(Line("what", 10, "a thing"), 3, by("engine"), by("floor"))
    assert order == ["floor", "engine", "engine", "floor", "floor", "engine"]
    assert line.cells() == ("what", "a thing", "100", "100", "100", "100", "1.0", "1.0")


def test_the_door_says_how_it_is_called():
    called = subprocess.run([sys.executable, "-m", "bench", "-h"], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert called.returncode == 0 and "--brief" in called.stdout


def test_as_many_letters_are_sent_as_wait_and_both_ways_are_measured(tmp_path):
    line, = sending.lines(Ground(tmp_path), 1, 20, tmp_path, silent)
    assert line.times == 20 and len(line.engine) == len(line.floor) == 1 and "MB" in line.what
