"""What became of messages: read at short intervals, written down, and what came back put before somebody the same day."""

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.running import flow
from flows.visiting import hand, now_utc, tag_run, today
from tasks import steps
from tasks.settings import settings
from tasks.visit import ENOUGH

BY = "flow:read-receipts"


@flow(name="read-receipts", flow_run_name="read receipts")
async def read_receipts() -> State:
    """Read the receipts of GOV.UK Notify and what the mail system sent back, and write down what became of each message.

    What came back goes on to another contact where there is one, and its case's owner is told. Safe to run at any time, and
    twice.
    """
    await tag_run("receipts")
    us, day = settings(), today()
    noted = steps.read_receipts(us, hand(BY), day)
    for ref in sorted(noted.refs):
        for _ in range(ENOUGH):
            written = steps.say(us, ref, day, hand(BY), None)
            sent = steps.send(us, hand(BY), day, [ref], clock=now_utc)
            noted.problems += sent.problems
            if not written and not sent.sent:
                break
    for problem in noted.problems:
        get_run_logger().warning(problem)
    return Completed(name="CameBack" if noted.bounced else "Read", message=noted.words())
