"""Every run names its facts and every fact its run, and our record of both does not need Prefect's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tasks.case_file import NoSuchCase, read, record
from tasks.database import reading, writing
from tasks.runs import NoSuchRun, begin, end, of_case, of_run
from tests.tasks.builders import REF, TODAY, day, hand, opened

AT = hand().at


def by_run(engine, run: str, number: int) -> None:
    with writing(engine) as session:
        record(session, REF, "views_received", day(number), {"document": f"d{number}"}, replace(hand(), flow_run_id=run), TODAY)


def test_both_ways(engine):
    opened(engine)
    begin(engine, "run-1", "gather-advice", "gather-advice", REF, AT)
    by_run(engine, "run-1", 3)
    by_run(engine, "run-1", 4)
    end(engine, "run-1", "Completed", AT + timedelta(seconds=3))
    begin(engine, "run-2", "watch", None, None, AT + timedelta(hours=1))
    by_run(engine, "run-2", 5)
    begin(engine, "run-3", "gather-advice", None, REF, AT + timedelta(hours=2))
    with reading(engine) as session:
        first, second, third, at_doors = of_case(session, REF)
        assert (first.id, first.flow, first.deployment, first.state) == ("run-1", "gather-advice", "gather-advice", "Completed")
        assert first.facts == ((REF, 2), (REF, 3)) and first.ended_at == "2026-05-01T09:30:03.123456Z"
        assert (second.id, second.case_ref, second.facts) == ("run-2", None, ((REF, 4),))
        assert (third.id, third.ended_at, third.facts) == ("run-3", None, ())
        assert (at_doors.id, at_doors.flow, at_doors.facts) == (None, None, ((REF, 1),))
        told = [fact for run in (first, second, third, at_doors) for fact in run.facts]
        assert sorted(told) == [(fact.case, fact.number) for fact in read(session, REF)]        # every fact, and each once
        run, facts = of_run(session, "run-1")
        assert run == first and [fact.number for fact in facts] == [2, 3]
        with pytest.raises(NoSuchRun, match="no run run-9"):
            of_run(session, "run-9")
        with pytest.raises(NoSuchCase):
            of_case(session, "A9")


def test_a_run_that_only_its_facts_name_is_listed_all_the_same(engine):
    opened(engine)
    by_run(engine, "of-before", 3)
    with reading(engine) as session:
        assert [(run.id, run.flow, run.facts) for run in of_case(session, REF)] == [
            ("of-before", None, ((REF, 2),)), (None, None, ((REF, 1),))]
        assert of_run(session, "of-before")[0].flow is None


def test_a_run_that_begins_again_keeps_its_first_beginning(engine):
    opened(engine)
    begin(engine, "run-1", "watch", None, REF, AT)
    begin(engine, "run-1", "watch", None, REF, AT + timedelta(hours=1))
    end(engine, "run-1", "Failed", AT + timedelta(hours=2))
    with reading(engine) as session:
        run, _ = of_case(session, REF)
    assert (run.started_at, run.state) == ("2026-05-01T09:30:00.123456Z", "Failed")
