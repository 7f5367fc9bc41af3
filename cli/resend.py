"""`ehc resend`: send again what failed for good."""

from typing import Annotated

import typer

from cli import here, show
from cli.clock import today
from cli.options import By, CaseRef, Json, NoNudge


def resend(
    ref: CaseRef,
    key: Annotated[str | None, typer.Argument(
        metavar="KEY", show_default=False,
        help="Key of one message, as `ehc case REF --json` shows it; every message that failed for good if left out.")] = None,
    by: By = None,
    no_nudge: NoNudge = False,
    as_json: Json = False,
) -> None:
    """Send a case's messages again that failed for good, once the address or the channel has been put right.

    Each goes to the one recipient who has not had it, under a key of its own; what the case no longer calls for stays
    unsent. Prefect sends it now, or the next watch does.

    Ends with 1 if there is nothing to be sent again.
    """
    from cli.record import nudge
    from tasks.case_file import as_it_stands, read
    from tasks.database import reading, writing
    from tasks.outbox import send_again

    engine, hand, day = here.database(), here.hand(by), today()
    with writing(engine) as session:
        keys = send_again(session, ref, hand, day, key)
    with reading(engine) as session:
        stage = as_it_stands(ref, read(session, ref), day).stage
    nudged = None if no_nudge else nudge(ref, stage)
    if as_json:
        show.answer({"case": ref, "to_be_sent": keys, "nudge": nudged})
        return
    show.say(f"{ref}: {show.count(len(keys), 'message')} to be sent again:")
    for one in keys:
        show.say(f"  {one.removeprefix(f'{ref}/')}")
    if nudged:
        show.say(nudged)
