"""A council that the engine itself has run, day by day: the ledger finds what its plots leave undone, and nothing else."""

from datetime import date

import pytest

import cli.sample
from models.audit.answer import Asked
from models.audit.questions import QUESTIONS
from models.two_times import end_of
from notifications.channels import Channels
from tasks.audit import ask, gaps
from tasks.database import reading
from tasks.office import Office
from tasks.watching import blind_times
from tests.harness import databases
from tests.tasks.builders import council

UNTIL = date(2026, 11, 28)
PLOTS = ("nobody decides", "on time", "refused to assess", "withdrawn")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("council")
    made = databases.sqlite(folder / "ehc.sqlite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli.sample, "PLOTS", tuple(plot for name in PLOTS for plot in cli.sample.PLOTS if plot.name == name))
        patch.setattr(cli.sample, "CASES", len(PLOTS))
        patch.setattr(cli.sample, "OLDEST", 130)
        cli.sample.build(made, Office(Channels({}, folder / "outbox"), council(), None), UNTIL, seed=3)
    yield made
    made.dispose()


def test_the_ledger_finds_the_case_that_nobody_decides_and_no_other(engine):
    with reading(engine) as session:
        found = gaps(session, Asked(UNTIL))
    assert [(row.case, row.gap) for row in found.rows] == [("EHC-2026-0001", "silent")]


@pytest.mark.parametrize("day", [date(2026, 8, 15), date(2026, 9, 15), date(2026, 10, 15), date(2026, 11, 10)])
def test_nor_did_it_on_any_day_before(engine, day):
    with reading(engine) as session:
        found = gaps(session, Asked(day, known_by=day))
    assert {(row.case, row.gap) for row in found.rows} <= {("EHC-2026-0001", "silent")}, found.rows


def test_the_engine_looked_every_day(engine):
    with reading(engine) as session:
        assert blind_times(session, end_of(UNTIL)) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_over_it_and_leaves_no_case_out(engine, name):
    with reading(engine) as session:
        answer = ask(session, QUESTIONS[name], Asked(UNTIL))
    assert answer.left == () and answer.cases == len(PLOTS)
    assert all(0 <= figure.numerator <= figure.denominator for figure in answer.figures)
