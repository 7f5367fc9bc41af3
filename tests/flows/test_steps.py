"""A step is tried again only where another writer was in the way: every other fault would only be repeated."""

import pytest

from tasks.database import Busy
from tasks.steps import step

pytestmark = pytest.mark.prefect


def failing(error: Exception, times: int):
    calls = []

    @step(name="a step", retries=2, retry_delay_seconds=0)
    def work():
        calls.append(error)
        if len(calls) <= times:
            raise error
        return len(calls)

    return work, calls


async def in_a_flow(work):
    from prefect import flow

    @flow(name="a flow of one step")
    async def one_step():
        return work()

    return await one_step()


async def test_a_busy_database_is_asked_again(prefect_server):
    work, calls = failing(Busy("Another writer was in the way."), times=1)
    assert await in_a_flow(work) == 2 and len(calls) == 2


async def test_any_other_fault_is_final(prefect_server):
    work, calls = failing(ValueError("decided_to_assess is on record already"), times=9)
    with pytest.raises(ValueError, match="on record already"):
        await in_a_flow(work)
    assert len(calls) == 1
