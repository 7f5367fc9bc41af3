"""The post, at short intervals: what became of messages is written down, and what waits and may go now is sent.

What did not go is tried again, what was held for quiet hours goes once they are over, and what came back is put before somebody
the same day.
"""

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.running import flow
from flows.visiting import hand, now_utc, tag_run, today
from tasks import steps
from tasks.database import engine
from tasks.settings import settings
from tasks.visit import ENOUGH
from tasks.watch import is_under_way

BY = "flow:post"


@flow(name="post", flow_run_name="post")
async def post() -> State:
    """Read what GOV.UK Notify and the mail system tell of messages that went, then send what waits and whose moment has come.

    What came back goes on to another contact where there is one, and its case's owner is told. While a round of the watch is
    under way it sends what waits, so that the reminders to one agency stay together in one letter. Safe to run at any time, and
    twice.
    """
    await tag_run("post")
    us, day = settings(), today()
    noted = steps.read_receipts(us, hand(BY), day)
    problems = list(noted.problems)
    for ref in sorted(noted.refs):
        for _ in range(ENOUGH):
            written = steps.say(us, ref, day, hand(BY), None)
            sent = steps.send(us, hand(BY), day, [ref], clock=now_utc)
            problems += sent.problems
            if not written and not sent.sent:
                break
    told = noted.words()
    if is_under_way(engine(us.database_url), now_utc()):
        told += "; what waits is left to the round of the watch that is under way"
    else:
        sent = steps.send(us, hand(BY), day, clock=now_utc)
        problems += sent.problems
        told += f"; {sent.words()}"
    for problem in problems[:20]:
        get_run_logger().warning(problem)
    return Completed(name="CameBack" if noted.bounced else "Done", message=told)
