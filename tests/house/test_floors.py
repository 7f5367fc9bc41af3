"""The floors of the house: who may import whom, and who may look at the clock."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]

FLOORS = {
    "models": {"models"},
    "notifications": {"models", "notifications"},
    "tasks": {"models", "notifications", "tasks"},
    "flows": {"models", "notifications", "tasks", "flows"},
    "cli": {"models", "notifications", "tasks", "flows", "cli"},
    "portal": {"models", "notifications", "tasks", "flows", "portal"},
}
"""Each floor, and those that it may use: itself and the ones below."""

MAY_READ_THE_CLOCK = {"cli", "flows", "portal"}

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "pendulum": {"now", "today", "yesterday", "tomorrow"},
    "DateTime": {"now", "utcnow", "today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}
"""What tells the time of day. Counting seconds (`time.monotonic`, `time.sleep`) tells none."""


@cache
def floor_of(floor: str) -> dict[str, ast.Module]:
    """The files of a floor, read once."""
    return {str(path.relative_to(HOUSE)): ast.parse(path.read_text()) for path in sorted((HOUSE / floor).rglob("*.py"))}


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that a file imports, wherever in the file it does. Relative imports stay on their floor."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def top(modules: Iterator[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def clock_reads(tree: ast.Module) -> Iterator[str]:
    """Every place where a file asks what time it is, or hands on who can tell: `line: what`."""
    real = {alias.asname: alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names if alias.asname}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in CLOCKS.get(real.get(owner, owner), ()):
                yield f"{node.lineno}: {owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in {"pendulum", "time"}:
            yield from (f"{node.lineno}: {alias.name}" for alias in node.names if alias.name in CLOCKS[node.module])


@pytest.mark.parametrize("floor", FLOORS)
def test_nobody_imports_upwards(floor):
    for name, tree in floor_of(floor).items():
        upwards = top(imported(tree)) & FLOORS.keys() - FLOORS[floor]
        assert not upwards, f"{name} imports {upwards}; move the shared part down a floor"


@pytest.mark.parametrize("floor", FLOORS)
def test_nobody_imports_a_test(floor):
    for name, tree in floor_of(floor).items():
        assert not top(imported(tree)) & {"tests", "bench"}, name


def test_the_law_needs_nothing_but_itself_and_the_standard_library():
    for name, tree in floor_of("models/law").items():
        foreign = {module for module in imported(tree)
                   if module.partition(".")[0] not in sys.stdlib_module_names and not f"{module}.".startswith("models.law.")}
        assert not foreign, f"{name} imports {foreign}"


def test_no_flow_file_hides_a_module():
    hidden = {Path(name).stem for name in floor_of("flows")} & (FLOORS.keys() | sys.stdlib_module_names)
    assert not hidden, f"flows/{hidden} would be imported in place of the real module where flows/ comes first"


@pytest.mark.parametrize("floor", sorted(FLOORS.keys() - MAY_READ_THE_CLOCK))
def test_only_a_door_or_a_flow_reads_the_clock(floor):
    found = [f"{name}:{read}" for name, tree in floor_of(floor).items() for read in clock_reads(tree)]
    assert not found, f"Pass the day or the moment in instead: {found}"


@pytest.mark.parametrize("source", [
    "import datetime\ndatetime.datetime.now()", "from datetime import datetime as d\nd.utcnow()", "import pendulum as p\np.today()",
    "from datetime import date\nx = date.today", "from time import time\ntime()", "import pendulum\npendulum.DateTime.now()",
])
def test_a_look_at_the_clock_is_found(source):
    assert list(clock_reads(ast.parse(source)))


@pytest.mark.parametrize("source", ["from datetime import date\ndate(2026, 3, 2)", "import time\ntime.monotonic()", "case.today"])
def test_a_day_that_is_handed_in_is_none(source):
    assert not list(clock_reads(ast.parse(source)))
