"""`ehc handover` and `ehc brief`: a case passes to another officer, and nothing that was promised is lost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cli import here, show
from cli.clock import today
from cli.options import By, CaseRef, Json, LookedBy, NoNudge, option

if TYPE_CHECKING:
    from models.case import Case


def handover(
    ref: CaseRef,
    to: Annotated[str | None, option(
        "--to", metavar="OFFICER", help="Reference of the officer who takes the case over.")] = None,
    read: Annotated[bool, option("--read", help="The officer of --by holds the case and has read its brief.")] = False,
    by: By = None,
    no_nudge: NoNudge = False,
    as_json: Json = False,
) -> None:
    """Give a case to another officer, or say that its brief was read.

    The family is told that its contact has changed, and the new officer has the brief. Where nobody says within three days that
    it was read, the manager is told.
    """
    from cli.record import write

    if (to is None) == (not read):
        show.fail(f"{ref}: say either to whom the case passes (--to OFFICER) or that its brief was read (--read).")
    kind, owner = ("handover_acknowledged", here.hand(by).by) if read else ("owner_named", to)
    if not read:
        held = _case(ref).owner
        if held == to:
            raise show.Refused(f"{ref}: the case is with {held} already, so nothing changes hands.")
        _check_is_there(ref, to)
    write(ref, kind, None, {"owner": owner}, by, no_nudge, as_json)


def _check_is_there(ref: str, officer: str) -> None:
    """Raise Refused where the officer who is to take a case over has left."""
    from tasks.audit import officers_left
    from tasks.database import reading

    with reading(here.database()) as session:
        last_day = officers_left(session).get(officer)
    if last_day is not None and last_day < today():
        raise show.Refused(f"{ref}: {officer} left on {show.day(last_day)}. Name another officer, or `ehc officer back {officer}`.")


def brief(
    ref: CaseRef,
    out: Annotated[str | None, option("--out", metavar="FILE", help="Write it to this file instead.")] = None,
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """What the next officer of a case must know: where it stands, what is late and due, who has not answered, which
    decisions are open, what was promised, and what the family was told and when.

    Built from the record: references, days and codes, and no name. That you looked is noted.
    """
    from dataclasses import asdict

    from models.brief import brief as built
    from models.brief import lines

    here.looked("ehc brief", by, ref)
    found = built(_case(ref))
    if as_json:
        told: dict[str, Any] = asdict(found)
        show.answer({"case": ref} | told)
        return
    text = "\n".join(lines(found)) + "\n"
    if out is None:
        show.say(text.rstrip())
        return
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise show.WrongCall(f"{out} cannot be written: {error.strerror}. Name another file.") from None
    show.say(f"The brief of {ref} was written to {out}.")


def _case(ref: str) -> "Case":
    from tasks.visit import look

    return look(here.database(), ref, today())
