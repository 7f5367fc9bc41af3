"""The trail's own flow: every night every fact is checked against its seal and the log, and every kept answer against the
facts."""

from prefect import get_run_logger
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from flows.running import flow
from flows.telling import tell_of_missed_watch
from flows.visiting import now_utc, tag_run
from tasks import steps
from tasks.settings import settings

SHOWN = 200
"""Findings in one artifact: enough to see what happened, not so many that the page cannot be read."""


@flow(name="verify-trail", flow_run_name="verify the trail")
async def verify_trail() -> State:
    """Check every case's chain of facts, the log of them all with its checkpoints, and that the tables that are worked out say
    what the facts say.

    Ends as Failed, naming the first case and fact, if anything was altered, removed, inserted or cut off.
    """
    await tag_run("trail")
    us = settings()
    tell_of_missed_watch(us, now_utc())
    report = steps.verify_trail(us)
    rebuilt = steps.check_rebuild(us)
    found = [str(one) for one in (*report.findings, *steps.verify_log(us), *rebuilt.differences)]
    if FlowRunContext.get():
        await acreate_table_artifact(
            key="trail", description=f"{report.cases} cases, {report.facts} facts checked; {len(found)} findings",
            table=[{"finding": line} for line in found[:SHOWN]] or [{"finding": "none"}])
    if found:
        get_run_logger().error("%d findings; the first: %s", len(found), found[0])
        return Failed(name="Broken", message=f"{len(found)} findings. The first: {found[0]}")
    return Completed(name="Sound", message=f"{report.cases} cases and {report.facts} facts are as they were sealed.")
