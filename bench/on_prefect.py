"""What Prefect itself costs: a flow run that does nothing, and a whole round of the watch with nothing due.

`lines` starts a local server, and this module again as the process that holds the runs: Prefect reads its settings when
it is first imported.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from bench.ground import Ground
from bench.stock import TODAY, Filled, Stock
from bench.timing import Line
from models.tables.cases import MessageRow
from tasks.database import writing
from tasks.prefect_server import CHECKOUT, LocalPrefect, environment, free_port

MESSAGE = MessageRow.__table__
OPEN = 10_000
WARMING_UP = 2


def lines(ground: Ground, stock: Stock, repetitions: int, folder: Path, told: Callable[[str], None]) -> Iterator[Line]:
    """The runs, each repeated; about a minute, most of it the first start of a server."""
    told(f"{OPEN:,} open duties, nothing due: filling")
    laid, filled = ground.lay(lambda engine: _at_rest(engine, stock))
    ours = {"EHC_DATABASE_URL": f"sqlite:///{laid}", "EHC_OUTBOX_DIR": str(folder / "outbox")}
    prefect = LocalPrefect(folder / "prefect", free_port(), extra=ours)
    try:
        prefect.start_server(told)
        told("holding the runs")
        held = subprocess.run(
            [sys.executable, "-m", "bench.on_prefect", str(repetitions)], cwd=CHECKOUT, capture_output=True, text=True,
            env=os.environ | ours | environment(prefect.home, prefect.api_url))
    finally:
        prefect.stop()
    if held.returncode:
        raise RuntimeError(f"The runs could not be held:\n{held.stderr[-2000:]}")
    for what, taken in json.loads(held.stdout.splitlines()[-1]).items():
        yield Line(what.format(open=f"{filled.open:,}"), 1, "a run", taken)


def _at_rest(engine: Engine, stock: Stock) -> Filled:
    """Open cases of which every letter has gone and been cleared away, so that a round finds nothing to do."""
    filled = stock.fill(engine, OPEN, 0)
    with writing(engine) as session:
        session.connection().execute(sa.delete(MESSAGE))
    return filled


async def _held(repetitions: int) -> dict[str, list[float]]:
    """Seconds of each run, by what was run."""
    from prefect import flow

    from flows.watch import watch as watch_flow
    from models.hand import Hand
    from tasks.database import engine
    from tasks.office import office_of
    from tasks.settings import settings
    from tasks.watch import watch

    @flow(name="nothing")
    async def nothing() -> None:
        """Does nothing."""

    async def without_prefect() -> None:
        watch(engine(settings().database_url), office_of(settings()), TODAY, Hand(datetime.now(UTC), "bench"),
              lambda: datetime.now(UTC))

    runs: dict[str, Callable[[], Awaitable[object]]] = {
        "a flow run that does nothing": nothing,
        "the watch as a flow, {open} open, nothing due": lambda: watch_flow(on=TODAY),
        "the same round without Prefect": without_prefect,
    }
    taken: dict[str, list[float]] = {what: [] for what in runs}
    for turn in range(WARMING_UP + repetitions):
        for what, run in runs.items():
            began = time.perf_counter()
            await run()
            if turn >= WARMING_UP:
                taken[what].append(time.perf_counter() - began)
    return taken


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_held(int(sys.argv[1])))))
