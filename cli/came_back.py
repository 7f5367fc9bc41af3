"""`ehc message came-back`: a letter that the post returned, or of which somebody says that it never arrived."""

from typing import Annotated

import typer

from cli import here, show
from cli.clock import today
from cli.options import By, CaseRef, Json, NoNudge, option

WHY = ("returned_by_post", "not_at_this_address", "never_arrived")


def came_back(
    ref: CaseRef,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Key of the message, as `ehc message list REF` shows it.")],
    why: Annotated[str, option("--why", metavar="WHY", help=f"{', '.join(WHY)}; {WHY[0]} if left out.")] = WHY[0],
    by: By = None,
    no_nudge: NoNudge = False,
    as_json: Json = False,
) -> None:
    """Record that a letter came back, of which no mail system tells: the post returned it, or its recipient says that it never
    arrived.

    What its sending had proved stands no longer, it goes on to another contact of the same recipient where there is one, and it is
    on the work list until somebody has had it. Ends with 1 if no letter under this key is out, or it is known already.
    """
    from cli.record import nudge
    from tasks.case_file import as_it_stands, read
    from tasks.database import reading
    from tasks.delivery import Told, note
    from tasks.office import office_of
    from tasks.settings import settings

    if why not in WHY:
        raise show.WrongCall(f"--why cannot be {why!r}. Choose from {', '.join(WHY)}.")
    engine, hand, day = here.database(), here.hand(by), today()
    with reading(engine) as session:
        stage = as_it_stands(ref, read(session, ref), day).stage
    whole = key if key.startswith(f"{ref}/") else f"{ref}/{key}"
    noted = note(engine, office_of(settings()).channels, [Told(whole, "bounced", why)], hand, day)
    if not noted.bounced and not noted.problems:
        raise show.Refused(f"{ref}: no letter {whole} is out: it was never sent, or that it came back is known already."
                           f" `ehc message list {ref}` lists them.")
    nudged = None if no_nudge or not noted.bounced else nudge(ref, stage)
    if as_json:
        show.answer({"case": ref, "key": whole, "why": why, "bounced": noted.bounced, "sent_on": noted.sent_on, "problems": noted.problems,
                     "nudge": nudged})
    else:
        if noted.bounced:
            show.say(f"{whole} came back: {why}. " + (
                f"It goes on to another contact, as {', '.join(noted.sent_on)}." if noted.sent_on else
                f"Nobody else can have it in place of its recipient: put the address right and `ehc resend {ref}`."))
        if nudged:
            show.say(nudged)
    for problem in noted.problems:
        show.warn(problem)
    if noted.problems:
        raise typer.Exit(show.NO)
