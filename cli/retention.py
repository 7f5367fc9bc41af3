"""`ehc retention` and `ehc erase`: what is due for erasure and what stands in the way; and erasing it, by two persons."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, show
from cli.clock import now, today
from cli.options import By, CaseRef, Json, On, option

if TYPE_CHECKING:
    from models.retention import Retention


def retention(
    on: On = None,
    within: Annotated[int, option("--within", metavar="DAYS", help="Also what falls due in so many days.", min=0)] = 0,
    as_json: Json = False,
) -> None:
    """What is due for erasure under the council's policy, by which rule and since when, and what stands in the way: a case that
    has not ended, a legal hold. Also every case whose birth date is not known, and each erasure that was not finished. Erases
    nothing.

    The policy is EHC_RETENTION__PLAN and EHC_RETENTION__NO_PLAN, in years from birth. A legal hold is recorded with
    `ehc record REF legal_hold_placed` and ends with `legal_hold_lifted`. Ends with 1 if anything is to be done: erased, found out,
    or finished.
    """
    from tasks.database import reading
    from tasks.retention import listed
    from tasks.settings import settings

    policy, on = settings().retention, on or today()
    with reading(here.database()) as session:
        found = listed(session, policy, on, within)
    if as_json:
        show.answer({"policy": {"plan": policy.plan, "no_plan": policy.no_plan}, "on": on, "cases": [
            {"cases": list(one.cases), "state": one.state(on), "rule": one.rule, "years": one.years, "due_on": one.due_on,
             "in_the_way": list(one.in_the_way)} for one in found]})
    else:
        _tell(found, on, policy.is_set)
    if not policy.is_set or any(one.state(on) in ("due", "unknown", "unfinished") for one in found):
        raise typer.Exit(show.NO)


def _tell(found: "list[Retention]", on: date, is_set: bool) -> None:
    if found:
        show.table(("state", "due since", "cases", "rule", "in the way"), [
            (one.state(on), one.due_on or "-", " ".join(one.cases), one.told if one.rule else "-", "; ".join(one.in_the_way))
            for one in found], states=[_STATES[one.state(on)] for one in found])
        show.say()
    states = [one.state(on) for one in found]
    parts = [f"{states.count(state)} {words}" for state, words in _WORDS.items() if state in states]
    show.say(", ".join(parts) + "." if parts else "Nothing is due for erasure.")
    if "due" in states:
        show.say("To see what would go: ehc erase REF --dry-run. Nothing is erased by itself.")
    if not is_set:
        show.say("No policy is set, so nothing falls due: decide how long to keep, then set EHC_RETENTION__PLAN and EHC_RETENTION__NO_PLAN"
                 " (years from birth, such as 31 and 25).")


_STATES = {"unfinished": "ill", "unknown": "ill", "due": "care", "held": "", "later": ""}
_WORDS = {"unfinished": "not finished", "unknown": "without a birth date", "due": "due", "held": "due and held", "later": "due later"}


def erase(
    ref: CaseRef,
    by: By = None,
    approved_by: Annotated[str | None, option(
        "--approved-by", metavar="WHO", help="Reference of the second officer, who approved the erasure.")] = None,
    because: Annotated[str | None, option(
        "--because", metavar="TEXT", help="The reason, without any name: it stays on record.")] = None,
    dry_run: Annotated[bool, option("--dry-run", help="Only show what would be erased, and what stands in the way.")] = False,
    as_json: Json = False,
) -> None:
    """Erase everything that names the child of a case: person, contacts, texts, documents and letters kept as files, in every
    case about the same child. The facts stay, hold no name, and still verify. For good: there is no way back.

    It must be due under the policy, with nothing in the way, and take two officers. The trail is sealed before and after, and a
    certificate is written and signed with its key. If a call was cut short, the same call goes on. See it first with --dry-run;
    that you looked is noted.
    """
    from models.certificate import counts
    from notifications.channels import NotSent
    from tasks import erasing, trail_letters
    from tasks.database import reading
    from tasks.office import office_of
    from tasks.settings import settings

    us, engine = settings(), here.database()
    if dry_run:
        _preview(ref, by, as_json)
        return
    with reading(engine) as session:
        going_on = erasing.begun(session, ref) is not None
    if not going_on and not (by and approved_by and because and because.strip()):
        raise show.WrongCall(f"An erasure needs two officers and a reason: ehc erase {ref} --by WHO --approved-by WHO --because TEXT."
                             " With --dry-run it only shows what would go.")
    hand, second = here.hand(by), here.hand(approved_by or "nobody").by
    with show.progress("cases") as progress:
        done = erasing.erase(engine, us, ref, hand, second, because or "", today(), now, progress)
    try:
        trail_letters.tell_auditors(engine, office_of(us), now())
    except NotSent as error:
        show.warn(f"ehc: the checkpoint after it did not reach the auditors. {error} `ehc trail seal` tries again.")
    if as_json:
        show.answer({"certificate": done.number, "cases": list(done.cases), "erased": counts(done.inventory), "file": str(done.path),
                     "note": done.certificate, "again": done.again})
        return
    if done.again:
        show.say(f"{', '.join(done.cases)}: erased already. The certificate is {done.path}.")
        return
    show.say(f"{', '.join(done.cases)}: erased. {_in_words(counts(done.inventory))}")
    show.say(f"Certificate {done.number}: {done.path}")
    show.say("Erase it from backups too, or when they are put in again: the certificate says which cases.")


def _preview(ref: str, by: str | None, as_json: bool) -> None:
    from models.certificate import counts
    from tasks import erasing
    from tasks.database import reading
    from tasks.settings import settings

    us, on = settings(), today()
    here.looked("ehc erase --dry-run", by, ref)
    with reading(here.database()) as session:
        if (number := erasing.begun(session, ref)) is not None:
            raise show.Refused(f"{ref}: it was erased, or that was begun: certificate {number}. `ehc retention` lists what was not"
                               " finished.")
        would = erasing.preview(session, us, ref, on)
    stands = would.stands
    if as_json:
        show.answer({"cases": list(stands.cases), "state": stands.state(on), "rule": stands.rule, "years": stands.years,
                     "due_on": stands.due_on, "in_the_way": list(stands.in_the_way), "would_erase": counts(would.inventory),
                     "inventory": would.inventory.splitlines()})
    else:
        show.say(f"About one child: {', '.join(stands.cases)}.")
        show.say(f"Rule: {stands.told}; may be erased from {show.day(stands.due_on)}." if stands.due_on else "It cannot be worked out"
                 " from when it may be erased.")
        for one in stands.in_the_way:
            show.say(f"In the way: {one}.")
        show.say(f"Would be erased: {_in_words(counts(would.inventory))}")
        for line in would.inventory.splitlines():
            if line.startswith(("text ", "document ", "file ")):
                show.say(f"  {' '.join(line.split(' ')[:-1])}")
    if stands.state(on) != "due":
        raise typer.Exit(show.NO)


def _in_words(many: dict[str, int]) -> str:
    words = {"particulars": ("record of particulars", "records of particulars"),
             "return_note": ("note on the return", "notes on the return"),
             "data_quality": ("line of what is in doubt", "lines of what is in doubt")}
    return ", ".join(show.count(number, *words.get(name, (name, ""))) for name, number in many.items() if number) + "."
