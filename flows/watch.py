"""The watch: every case whose day has come, once a day, for any day; what was missed is made good and said."""

import sys

from prefect import get_run_logger
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from flows.running import flow
from flows.telling import tell_of_missed_watch
from flows.visiting import Day, hand, now_utc, tag_run, today
from tasks import steps
from tasks.database import engine
from tasks.settings import settings
from tasks.visit import ENOUGH
from tasks.watch import Round, due_counts

BY = "flow:watch"


@flow(name="watch", flow_run_name="watch")
async def watch(on: Day | None = None) -> State:
    """Visit every case whose next visit has come, write the reminders that are due, and send what waits.

    Safe to run twice, late, or after missed days: each message has one key, and of several reminders that were missed
    only the latest goes, saying which it stands for.

    Args:
        on: Day of the round; leave empty for today.
    """
    day = on or today()
    us = settings()
    await tag_run("watch", f"on:{day.isoformat()}")
    received = steps.read_receipts(us, hand(BY), today())
    number, round = steps.begin_round(us, day, hand(BY))
    cases, duties = due_counts(engine(us.database_url), day)
    shown = await acreate_progress_artifact(
        key="watch-progress", progress=0.0, description=f"{cases} cases and {duties} reminders due on {day.isoformat()}"
    ) if FlowRunContext.get() else None
    visited: set[str] = set()
    now: set[str] = set()
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                  console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        case_bar = bars.add_task("cases visited", total=cases or None)
        reminder_bar = bars.add_task("duties reminded of", total=duties or None)
        message_bar = bars.add_task("messages sent", total=None)
        for turn in range(ENOUGH):
            now = steps.visit_cases(us, day, hand(BY), round, lambda n: bars.advance(case_bar, n))
            visited |= now
            steps.remind(us, day, hand(BY), round, lambda n: bars.advance(reminder_bar, n))
            sent = steps.send(us, hand(BY), day, None, lambda n: bars.advance(message_bar, n), now_utc)
            round.sent.add(sent)
            if shown:
                await aupdate_progress_artifact(shown, progress=min(99.0, 50.0 + 10 * turn))
            if not now and not sent.refs:
                break
        else:
            round.stuck += sorted(now)
    round.cases = len(visited)
    steps.finish_round(us, number, round, hand(BY))
    tell_of_missed_watch(us, now_utc())
    if shown:
        await aupdate_progress_artifact(shown, progress=100.0)
        await _leave_table(round)
    for problem in [*received.problems, *round.sent.problems][:20]:
        get_run_logger().warning(problem)
    for ref, found in sorted(round.orphans.items()):
        get_run_logger().error("%s had no review ahead: %s", ref, found)
    for ref, fault in sorted(round.faults.items()):
        get_run_logger().error("%s could not be worked out: %s", ref, fault)
    get_run_logger().info(round.words())
    if round.stuck:
        for ref in sorted(round.stuck):
            get_run_logger().error("%s: left for the next round: %s", ref, round.faults.get(ref, "it did not come to rest"))
        return Failed(name="Incomplete", message=f"{round.words()}. Left for the next round: {', '.join(sorted(round.stuck))}")
    return Completed(name="Late" if round.late_reminders else "Watched", message=round.words())


async def _leave_table(round: Round) -> None:
    rows = [{"what": "cases visited", "number": round.cases}, {"what": "reminders written", "number": round.reminders},
            {"what": "other messages written", "number": round.written}, {"what": "messages sent", "number": round.sent.sent},
            {"what": "messages to be tried again", "number": round.sent.later},
            {"what": "messages failed", "number": round.sent.failed},
            {"what": "days on which the watch did not run", "number": len(round.missed_days)},
            {"what": "reminders late because of that", "number": round.late_reminders},
            {"what": "plans without a review ahead", "number": len(round.orphans)}]
    rows += [{"what": f"no review ahead: {ref}: {found}", "number": 1} for ref, found in sorted(round.orphans.items())[:200]]
    rows += [{"what": f"late: {line}", "number": 1} for line in round.late[:200]]
    await acreate_table_artifact(key="watch-round", table=rows, description=f"The watch on {round.on.isoformat()}")
