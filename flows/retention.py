"""What is due for erasure under the council's policy: listed every month and told to operations. Erasing takes two officers."""

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.running import flow
from flows.visiting import Day, now_utc, tag_run, today
from notifications.channels import NotSent
from tasks import steps
from tasks.settings import settings


@flow(name="list-retention", flow_run_name="list what is due for erasure")
async def list_retention(on: Day | None = None) -> State:
    """List whose records are due for erasure, whose birth date is not known, and which erasure was not finished, and tell
    operations once a month. Nothing is erased: `ehc erase` does that, with two officers.

    Ends as Failed where something cannot be worked out or was not finished.

    Args:
        on: Day from which to look; leave empty for today.
    """
    day, us = on or today(), settings()
    await tag_run("trail", f"on:{day.isoformat()}")
    if not us.retention.is_set:
        return Completed(name="No policy", message="No policy is set, so nothing falls due: set EHC_RETENTION__PLAN and"
                                                   " EHC_RETENTION__NO_PLAN.")
    found = steps.list_retention(us, day)
    states = [one.state(day) for one in found]
    told = ", ".join(f"{words}: {states.count(state)}" for state, words in (
        ("due", "due"), ("held", "due and held"), ("unknown", "without a birth date or a period"), ("unfinished", "not finished")))
    get_run_logger().info(told)
    try:
        steps.tell_of_retention(us, found, day, now_utc())
    except NotSent as error:
        return Failed(name="Not sent", message=f"{told}. Operations were not told: {error}")
    if {"unknown", "unfinished"} & set(states):
        return Failed(name="To be looked into", message=f"{told}. `ehc retention` lists them.")
    return Completed(name="Due" if "due" in states else "Nothing due", message=told)
