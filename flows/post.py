"""The post, at short intervals: what became of messages is written down, and what waits and may go now is sent.

What did not go is tried again, what was held for quiet hours goes once they are over, and what came back is put before somebody
the same day.
"""

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed
from sqlalchemy import Engine

from flows.running import flow
from flows.visiting import hand, now_utc, tag_run, today
from tasks import steps
from tasks.calendars import is_night
from tasks.database import engine
from tasks.policy_file import in_force
from tasks.office import Sent
from tasks.settings import settings
from tasks.visit import ENOUGH
from tasks.watch import is_under_way

BY = "flow:post"


@flow(name="post", flow_run_name="post")
async def post() -> State:
    """Read what GOV.UK Notify and the mail system tell of messages that went, then send what waits and whose moment has come.

    What came back goes on to another contact where there is one, and its case's owner is told. While a round of the watch is
    under way it sends what waits, so that the reminders to one agency stay together in one letter; and between midnight and the
    end of the quiet hours nobody is woken for what can go later on the same day. Safe to run at any time, and twice.
    """
    await tag_run("post")
    us, day = settings(), today()
    noted = steps.read_receipts(us, hand(BY), day)
    sent, waits = Sent(), _why_it_waits(engine(us.database_url))
    for _ in range(ENOUGH):
        written = [key for ref in sorted(noted.refs) for key in steps.say(us, ref, day, hand(BY), None)]
        went = Sent() if waits else steps.send(us, hand(BY), day, clock=now_utc)
        sent.add(went)
        if not written and not went.sent:
            break
    problems = [*noted.problems, *sent.problems]
    for problem in problems[:20]:
        get_run_logger().warning(problem)
    return Completed(name="CameBack" if noted.bounced else "Done", message=f"{noted.words()}; {waits or sent.words()}")


def _why_it_waits(engine: Engine) -> str | None:
    """Why nothing is to be sent now; None if it is."""
    if is_under_way(engine, now_utc()):
        return "what waits is left to the round of the watch that is under way"
    if is_night(in_force(), now_utc()):
        return "what waits goes once the quiet hours are over"
    return None
