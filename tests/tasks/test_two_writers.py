"""Several writers at once: every fact gets its own number, and nothing is lost."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from threading import Barrier

import pytest
from sqlmodel import select

from models.tables.cases import CaseFile
from tasks.case_file import CaseExists, NewFact, open_case, read, record, record_many
from tasks.database import reading, writing
from tasks.rebuild import rebuild
from tasks.trail import verify
from tests.tasks.builders import REF, TODAY, a_request, day, hand, opened

EACH = 12


def together(*works):
    """Run these at once, and give what each answers or raises."""
    start = Barrier(len(works))

    def run(work):
        start.wait()
        try:
            return work()
        except CaseExists as error:
            return error

    with ThreadPoolExecutor(len(works)) as threads:
        return [done.result() for done in [threads.submit(run, work) for work in works]]


def sound(engine) -> bool:
    with reading(engine) as session:
        return verify(session).is_sound and rebuild(session, check=True).differences == ()


def test_two_writers_to_one_case(engine):
    opened(engine)

    def write(who):
        numbers = []
        for count in range(EACH):
            with writing(engine) as session:
                done = record(session, REF, "views_received", day(3), {"document": f"{who}-{count}"}, hand(by=who), TODAY)
                numbers.append(done.number)
        return numbers

    first, second = together(lambda: write("officer-1"), lambda: write("officer-2"))
    assert sorted(first + second) == list(range(2, 2 + 2 * EACH))
    with reading(engine) as session:
        facts = read(session, REF)
    assert [fact.number for fact in facts] == list(range(1, 2 + 2 * EACH))
    assert {fact["document"] for fact in facts[1:]} == {f"officer-{n}-{count}" for n in (1, 2) for count in range(EACH)}
    assert sound(engine)


def test_the_same_call_made_twice_at_once_is_recorded_once(engine):
    opened(engine)

    def write():
        with writing(engine) as session:
            return record(session, REF, "views_received", day(3), {"note": "a letter"}, hand(), TODAY, key="call-1").number

    assert together(write, write, write) == [2, 2, 2]
    assert sound(engine)


def test_writers_to_the_same_cases_in_another_order_do_not_block_each_other_for_good(engine):
    refs = [opened(engine, None) for _ in range(4)]

    def write(order):
        for _ in range(EACH // 3):
            with writing(engine) as session:
                record_many(session, [(ref, NewFact("views_received", day(3))) for ref in order], hand(), TODAY)

    together(lambda: write(refs), lambda: write(refs[::-1]))
    with reading(engine) as session:
        assert {len(read(session, ref)) for ref in refs} == {1 + 2 * (EACH // 3)}
    assert sound(engine)


def test_cases_opened_at_once_get_references_of_their_own(engine):
    def write():
        return [opened(engine, None) for _ in range(5)]

    assert sorted(chain.from_iterable(together(write, write, write))) == [f"EHC-2026-{number:04d}" for number in range(1, 16)]
    assert sound(engine)


def test_a_request_that_is_handed_in_twice_at_once_opens_one_case(engine):
    letter = NewFact("request_received", day(0), {"requested_by": "parent"}, "letter-1")
    assert set(together(*[lambda: opened(engine, None, first=letter)] * 3)) == {REF}
    assert sound(engine)


def test_of_two_who_open_a_case_under_one_reference_one_is_told_that_it_exists(engine):
    def write():
        with writing(engine) as session:
            return open_case(session, REF, None, a_request(), hand(), TODAY).number

    told = together(write, write)
    assert sorted(type(answer) for answer in told if answer != 1) == [CaseExists] and 1 in told
    assert sound(engine)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a process cannot be killed outright here")
def test_a_process_killed_in_the_middle_leaves_nothing_behind(engine, database_url):
    opened(engine)
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tasks.case_file import record
from tasks.database import engine, writing
from tests.tasks.builders import *
with writing(engine({database_url!r})) as session:
    for number in range(5):
        record(session, REF, "views_received", day(3), {{"note": "a letter"}}, hand(), TODAY)
    print("written", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    assert (done.stdout, done.returncode) == ("written\n", -signal.SIGKILL)
    with reading(engine) as session:
        assert len(read(session, REF)) == 1
        assert session.exec(select(CaseFile)).one().last_number == 1
    assert opened(engine, "EHC-2026-0002") and sound(engine)
