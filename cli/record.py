"""`ehc record` and `ehc correct`: write a fact into a case, and say what it changes."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from cli import here, show
from cli.clock import parse_day, today
from cli.options import By, CaseRef, DryRun, Json, NoNudge, day_option, option

if TYPE_CHECKING:
    from models.facts import FactKind

DECISIONS = ("decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue")
"""Facts whose notice the engine sends, unless the council has told the family by other means."""

ANY_FIELDS = {"ignore_unknown_options": True, "allow_extra_args": True}


class ListsTheFacts(TyperCommand):
    """A command whose help ends with every fact that a person can record."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        from models.facts import BY_HAND, KINDS

        with formatter.section("Facts"):
            formatter.write_dl([(name, KINDS[name].tells) for name in BY_HAND], col_max=36)
        super().format_epilog(ctx, formatter)


Ref = Annotated[str | None, typer.Argument(
    metavar="REF", help="Reference of the case, such as EHC-2026-0042.", show_default=False)]


def record(
    ctx: typer.Context,
    ref: Ref = None,
    fact: Annotated[str | None, typer.Argument(
        metavar="FACT", help="What happened; the facts are listed below.", show_default=False)] = None,
    on: Annotated[date | None, day_option("--on", help="Day on which it happened, YYYY-MM-DD; today if left out.")] = None,
    by: By = None,
    fields: Annotated[str | None, option("--fields", metavar="FACT", help="Only list the fields of this fact.")] = None,
    no_nudge: NoNudge = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Record a fact in a case, with its fields as FIELD=VALUE or --FIELD VALUE.

    Answers what it changes: the duties that begin and end, what follows and by when, and what is sent. A fact is never
    edited: what was wrong is put right with `ehc correct`. Texts (reasons, because, note) may come from @FILE, or from -.

    Ends with 1 if the case cannot bear the fact, and says why.
    """
    if fields is not None:
        _list_fields(fields)
        return
    if ref is None or fact is None or ref.startswith("--") or fact.startswith("--"):
        show.fail("give the case and the fact first: `ehc record REF FACT FIELD=VALUE`, such as"
                  " `ehc record EHC-2026-0042 family_consulted how=phone`.")
    from cli.fields import read_fields
    from models.facts import FROM_RETURN

    kind = _kind(ref, fact)
    if not kind.by_hand:
        show.fail(f"{ref}: {fact} is the engine's own record and cannot be recorded by hand.")
    on, words = _day_among(ref, on, ctx.args)
    told = read_fields(kind, words, ref)
    if told.get("how") == FROM_RETURN:
        show.fail(f"{ref}: how={FROM_RETURN} marks what `ehc import` took from a return; say how this came: post, email, phone, hand or"
                  " meeting.")
    if fact in DECISIONS and "notified_on" not in told:
        told.setdefault("notice", "to_follow")
    if dry_run:
        _try(ref, fact, on, told, by, as_json)
        return
    write(ref, fact, on, told, by, no_nudge, as_json)


def correct(
    ctx: typer.Context,
    ref: CaseRef,
    number: Annotated[int, typer.Argument(
        metavar="NUMBER", min=1, help="Number of the wrong fact, as `ehc case REF` shows it.")],
    because: Annotated[str, option("--because", metavar="TEXT", help="Why it was wrong.")],
    happened: Annotated[date | None, day_option("--on", help="The day on which it really happened, YYYY-MM-DD.")] = None,
    fact: Annotated[str | None, option("--fact", metavar="FACT", help="The fact that it really was.")] = None,
    withdraw: Annotated[bool, option("--withdraw", help="It should not stand at all.")] = False,
    by: By = None,
    no_nudge: NoNudge = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put a wrong fact right: the old one stays on record, and the new one counts.

    Only what was wrong need be said: another day, another fact, FIELD=VALUE. Every duty is worked out anew.
    """
    happened, words = _day_among(ref, happened, ctx.args)
    if withdraw and (happened or fact or words):
        show.fail(f"{ref}: --withdraw takes fact {number} away as a whole: leave out what it should have been.")
    if not (withdraw or happened or fact or words):
        show.fail(f"{ref}: say what fact {number} should have been: --on DATE, --fact FACT or FIELD=VALUE; or --withdraw.")
    told: dict[str, Any] = {"replaces": number, "because": because}
    if withdraw:
        told["withdrawn"] = True
    else:
        told["corrected"] = _should_have_been(ref, number, happened, fact, words)
    if dry_run:
        _try(ref, "fact_corrected", None, told, by, as_json)
        return
    write(ref, "fact_corrected", None, told, by, no_nudge, as_json)


def write(ref: str, fact: str, on: date | None, told: dict[str, Any], by: str | None, no_nudge: bool, as_json: bool) -> None:
    """Record one fact, nudge the stage's flow, and say what became of it."""
    from cli.changes import as_record, tell
    from tasks.case_file import record as keep
    from tasks.database import writing

    day, hand, engine = today(), here.hand(by), here.database()
    key = told.pop("key", None)
    with writing(engine) as session:
        done = keep(session, ref, fact, on or day, told, hand, day, key=key)
    nudged = None if no_nudge or done.repeated else nudge(ref, done.case.stage)
    if as_json:
        show.answer(as_record(done, nudged=nudged))
        return
    if told.get("notice") == "to_follow" and not done.repeated:
        show.say("The notice to the family is still to go, and the decision counts from the day it goes. If the family has been"
                 f" told already: `ehc correct {ref} {done.number} notified_on=DATE --because '...'`.\n")
    tell(done, nudged=nudged, corrects=told.get("replaces"))


def _try(ref: str, fact: str, on: date | None, told: dict[str, Any], by: str | None, as_json: bool) -> None:
    """Show what would be sent if the fact were recorded."""
    from cli.message import tell
    from tasks.case_file import record as keep
    from tasks.preview import preview_of
    from tasks.settings import settings

    day, hand = today(), here.hand(by)
    key = told.pop("key", None)
    here.looked("ehc correct --dry-run" if fact == "fact_corrected" else "ehc record --dry-run", by, ref)
    tell(preview_of(here.database(), settings(), day, hand,
                    lambda session: keep(session, ref, fact, on or day, told, hand, day, key=key).case.ref), as_json=as_json)


def nudge(ref: str, stage: Any) -> str:
    """Ask Prefect to visit the case now; a sentence that says what came of it. The fact is on record in any case."""
    from tasks.nudge import nudge as ask

    return ask(here.prefect_api(), ref, stage)


def _day_among(ref: str, on: date | None, words: list[str]) -> tuple[date | None, list[str]]:
    """The day, which may be typed as on=DATE among the fields too, and the other words."""
    said = [word.removeprefix("on=") for word in words if word.startswith("on=")]
    if len(said) + (on is not None) > 1:
        show.fail(f"{ref}: the day is said twice. Say it once.")
    try:
        return parse_day(said[0]) if said else on, [word for word in words if not word.startswith("on=")]
    except ValueError as error:
        show.fail(f"{ref}: on: {error}")


def _should_have_been(ref: str, number: int, on: date | None, fact: str | None, words: list[str]) -> dict[str, Any]:
    from cli.fields import read_fields
    from models.law.record import standing
    from tasks.case_file import read
    from tasks.database import reading

    told: dict[str, Any] = {}
    if fact is not None:
        told["fact"] = _kind(ref, fact).name
    if on is not None:
        told["on"] = on.isoformat()
    if words:
        if fact is None:
            with reading(here.database()) as session:
                facts = read(session, ref)
            fact = next((known.kind for known in standing(facts) if known.number == number), None)
            if fact is None:
                show.fail(f"{ref}: fact {number} does not stand in this case. `ehc case {ref}` lists the facts.")
        told |= read_fields(_kind(ref, fact), words, ref)
    return told


def _kind(ref: str, fact: str) -> "FactKind":
    from models.facts import BadFact, kind_of

    try:
        return kind_of(fact)
    except BadFact as error:
        show.fail(f"{ref}: {error}")


def _list_fields(name: str) -> None:
    from cli.fields import describe
    from models.facts import kind_of

    kind = kind_of(name)
    show.say(f"{kind.describe()}.\n")
    show.table(("field", "write", "meaning"), describe(kind))
    show.say("\n* must be said.")
