"""`ehc link`: the links with which agencies answer, shown, withdrawn and made anew."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.clock import today
from cli.options import By, CaseRef, Json, LookedBy, option

if TYPE_CHECKING:
    from models.links import Request
    from tasks.links import Links

app = typer.Typer(
    no_args_is_help=True, help="The links with which agencies answer a request without an account.",
    epilog=show.example("ehc link show EHC-2026-0042", "ehc link new EHC-2026-0042 17 --because 'the letter was lost'"))

Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="Number of the request, as `ehc link show REF` lists it.")]
Because = Annotated[str, option("--because", metavar="TEXT", help="Why; kept where it can be erased.")]


@app.command("show", epilog=show.example("ehc link show EHC-2026-0042", "ehc link show EHC-2026-0042 --json"))
def show_links(ref: CaseRef, by: LookedBy = None, as_json: Json = False) -> None:
    """Every request to an agency in a case, how its link stands, and what was answered. Never the links themselves: whoever has
    one can answer. `ehc link new` gives out one. That you looked is noted."""
    from models.links import requests_of, stands

    here.looked("ehc link show", by, ref)
    case = _case(ref)
    rows = [(one, *stands(case, one)) for one in requests_of(case)]
    if as_json:
        show.answer([_as_record(one) | {"state": state.value, "answers": [
            {"fact": fact.kind, "on": fact.on, "number": fact.number, "how": fact["how"]} for fact in said]}
            for one, state, said in rows])
        return
    if not rows:
        show.say(f"{ref}: no agency has been asked for anything that a link can answer.")
        return
    show.table(("number", "asked for", "of", "sent", "due", "state", "answered"), [
        (one.number, one.adviser or one.message, one.by, show.day(one.sent_on), show.day(one.due_on), state.value,
         ", ".join(f"{fact.kind} {show.day(fact.on)}" for fact in said)) for one, state, said in rows], numbers=("number",))
    if _links() is None:
        show.warn("Letters carry no links: EHC_PUBLIC_URL and EHC_LINK_SECRET are not both set (`ehc doctor`).")


@app.command("revoke", epilog=show.example("ehc link revoke EHC-2026-0042 17 --because 'sent to the wrong desk'"))
def revoke(ref: CaseRef, number: Number, because: Because, by: By = None, as_json: Json = False) -> None:
    """Make every link of a request useless that has been given out so far. The next letter or reminder carries a new one.

    Ends with 1 if nothing could be answered through it any more.
    """
    _revoke(ref, number, because, by)
    if as_json:
        show.answer({"case": ref, "number": number, "revoked": True})
        return
    show.say(f"{ref}: the links of request {number} no longer work. The next reminder carries a new one;"
             " `ehc link new` gives one out now.")


@app.command("new", epilog=show.example("ehc link new EHC-2026-0042 17 --because 'the letter was lost'"))
def new(ref: CaseRef, number: Number, because: Because, by: By = None, as_json: Json = False) -> None:
    """Withdraw the links of a request that were given out, and show a new one: to be read out or sent by a safe way.

    Whoever has it can answer for the agency. Ends with 1 if the request cannot be answered any more.
    """
    links = _links()
    if links is None:
        raise show.Refused("links are not set up: set EHC_PUBLIC_URL, where agencies reach the portal, and EHC_LINK_SECRET.")
    request = _revoke(ref, number, because, by)
    url = links.url(request, today())
    if as_json:
        show.answer({"case": ref, "number": number, "url": url})
        return
    show.say(f"{ref}: the new link of request {number}, for {request.by} alone:\n{url}")


def _revoke(ref: str, number: int, because: str, by: str | None) -> "Request":
    """Record that the links of a request were withdrawn. The request as it stands then."""
    from models.links import State, requests_of, stands
    from tasks.case_file import NewFact, take
    from tasks.database import writing

    day, hand = today(), here.hand(by)
    with writing(here.database()) as session:
        files = take(session, [ref], day)
        case = files.case(ref)
        found = next((one for one in requests_of(case) if one.number == number), None)
        if found is None:
            show.fail(f"{ref}: no request has the number {number}. `ehc link show {ref}` lists them.")
        state, _ = stands(case, found)
        if state is not State.OPEN:
            raise show.Refused(f"{ref}: request {number} is {state.value}: nothing can be answered through its link.")
        files.add(ref, NewFact("answer_link_revoked", day, {"link": str(number), "because": because}), hand)
        files.write()
        return next(one for one in requests_of(files.case(ref)) if one.number == number)


def _case(ref: str) -> Any:
    from tasks.case_file import as_it_stands, read
    from tasks.database import reading

    with reading(here.database()) as session:
        return as_it_stands(ref, read(session, ref), today())


def _links() -> "Links | None":
    from tasks.links import links_of
    from tasks.settings import settings

    return links_of(settings())


def _as_record(one: "Request") -> dict[str, Any]:
    return {"number": one.number, "message": one.message, "adviser": one.adviser, "of": one.by, "body": one.body,
            "sent_on": one.sent_on, "due_on": one.due_on, "links_withdrawn": one.turn}
