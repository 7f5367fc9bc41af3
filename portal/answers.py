"""The pages behind the link in a request: what was asked, how to answer, and what has been answered.

To look changes nothing in the case, however often a mail scanner does it; that the link was opened is noted beside it. What is
sent is recorded once, by the same task and with the same checks as anything else.
"""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.hand import Hand
from models.links import ANSWERS, GROUNDS, NotAnswered, State
from models.stages import Stage
from notifications.letter import Council
from portal.figures import Figures, asked_of
from portal.pages import page
from tasks.answering import Asked, Upload, answer, look
from tasks.case_file import BadFact, CannotBear
from tasks.database import Busy
from tasks.documents import Store
from tasks.links import Links, NoLink, Ticket
from tasks.looks import looked

LOG = logging.getLogger("ehc.portal")
ONCE = re.compile(r"[A-Za-z0-9]{16}")
TOO_LATE = "too-late"
"""Says to the page of the request that what was just sent came after somebody else's last word."""
GONE = ("expired", "replaced", "revoked", "ended")


@dataclass(frozen=True)
class Desk:
    """What the pages work with. `clock` tells the moment, `nudge` asks for a visit to a case at its stage."""

    engine: Engine
    links: Links
    store: Store
    council: Council
    clock: Callable[[], datetime]
    nudge: Callable[[str, Stage], object]
    figures: Figures = field(default_factory=Figures)

    def now(self) -> tuple[datetime, date]:
        """This moment, and the civil day in England."""
        at = self.clock()
        return at.astimezone(UTC), at.astimezone(ZoneInfo("Europe/London")).date()


def routes() -> list[Route]:
    """The routes of these pages."""
    return [Route("/answer/{token}", show, methods=["GET"]),
            Route("/answer/{token}/figures", show_figures, methods=["GET"]),
            Route("/answer/{token}/{answer}", show_form, methods=["GET"]),
            Route("/answer/{token}/{answer}", take, methods=["POST"])]


async def show(request: Request) -> Response:
    """What was asked and what has been answered, with the ways to answer."""
    desk: Desk = request.app.state.desk
    try:
        asked, _ = await run_in_threadpool(_look, desk, request.path_params["token"])
    except NoLink as no:
        return _no_link(desk, request, no)
    return page(request.scope, "request", desk.council, asked=asked, request=asked.request,
                token=request.path_params["token"], done=request.query_params.get("done"), is_open=asked.state is State.OPEN)


async def show_figures(request: Request) -> Response:
    """How the agency behind the link answers requests for advice, as the council sees it."""
    desk: Desk = request.app.state.desk
    try:
        asked, _ = await run_in_threadpool(_look, desk, request.path_params["token"])
    except NoLink as no:
        return _no_link(desk, request, no)
    if asked.request.adviser is None:
        return _no_link(desk, request, NoLink("unknown"))
    board = await run_in_threadpool(desk.figures.on, desk.engine, *desk.now())
    who = asked_of(asked.request)
    return page(request.scope, "figures", desk.council, token=request.path_params["token"], who=who, board=board,
                mine=board.rows.get(who), total=board.without_names)


async def show_form(request: Request) -> Response:
    """The form of one answer."""
    desk: Desk = request.app.state.desk
    try:
        asked, _ = await run_in_threadpool(_look, desk, request.path_params["token"])
    except NoLink as no:
        return _no_link(desk, request, no)
    if request.path_params["answer"] not in [one.name for one in asked.request.answers]:
        return _no_link(desk, request, NoLink("unknown"))
    if asked.state is State.ANSWERED:
        return _to_the_request(request)
    return _form(desk, request, asked, {}, {})


async def take(request: Request) -> Response:
    """Record what was sent with a form, once, and show what is on record then."""
    desk: Desk = request.app.state.desk
    token, name = request.path_params["token"], request.path_params["answer"]
    try:
        asked, ticket = await run_in_threadpool(_look, desk, token)
    except NoLink as no:
        return _no_link(desk, request, no)
    if name not in [one.name for one in asked.request.answers]:
        return _no_link(desk, request, NoLink("unknown"))
    async with request.form(max_files=1, max_fields=12, max_part_size=200_000) as form:
        once = _once(desk, request, form)
        given = {key: value for key, value in form.items() if isinstance(value, str)}
        if once is None:
            return _form(desk, request, asked, given, {
                "answer": "This form was not sent from this page, or is too old. Check what it says, and send it again."}, 403)
        file = form.get("file")
        upload = Upload(file.file, file.filename or "") if isinstance(file, UploadFile) and file.filename else None
        try:
            stands = await run_in_threadpool(_record, desk, ticket, name, given, upload, once)
        except NoLink as no:
            return _no_link(desk, request, no)
        except NotAnswered as no:
            return _form(desk, request, asked, given, no.problems, 422)
        except (BadFact, CannotBear) as error:
            LOG.warning("not recorded: %s", error)
            return _form(desk, request, asked, given, {
                "answer": "Our record of this case cannot take this answer as it stands. Nothing was recorded. Please tell us"
                          " by e-mail or phone; we have noted that you tried."}, 409)
        except Busy:
            return _form(desk, request, asked, given, {
                "answer": "We could not record this just now. Nothing was recorded. Please send it again in a minute."}, 503)
    back = _to_the_request(request, name if stands.holds(name, once) else TOO_LATE)
    back.background = BackgroundTask(desk.nudge, ticket.ref, stands.stage)
    return back


def _look(desk: Desk, token: str) -> tuple[Asked, Ticket]:
    """What the link shows, and the link. That the agency looked is noted, in a record that is no part of the case."""
    at, today = desk.now()
    ticket = desk.links.read(token, today)
    asked = look(desk.engine, ticket, today)
    looked(desk.engine, [ticket.ref], Hand(at, asked.request.by), "portal")
    return asked, ticket


def _record(desk: Desk, ticket: Ticket, name: str, given: dict[str, str], upload: Upload | None, once: str) -> Asked:
    at, today = desk.now()
    return answer(desk.engine, desk.store, ticket, name, given, upload, at, today, once)


def _to_the_request(request: Request, done: str = "") -> RedirectResponse:
    """Back to the page of the request, by an address that holds wherever the portal is mounted."""
    token = quote(request.path_params["token"], safe="")
    return RedirectResponse(f"../{token}" + (f"?done={done}" if done else ""), 303)


def _form(desk: Desk, request: Request, asked: Asked, given: dict[str, str], problems: dict[str, str], status: int = 200
          ) -> Response:
    once = secrets.token_hex(8)
    token, name = request.path_params["token"], request.path_params["answer"]
    _, today = desk.now()
    return page(request.scope, "form", desk.council, status, asked=asked, request=asked.request, token=token,
                answer=ANSWERS[name], given=given, problems=problems, today=today, grounds=GROUNDS,
                most=desk.store.most // 1_000_000, seal=f"{once}.{_seal(desk, token, name, once)}")


def _once(desk: Desk, request: Request, form: FormData) -> str | None:
    """What tells this form from every other; None unless we gave it out for this very link and answer."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return None
    once, _, seal = str(form.get("seal") or "").partition(".")
    expected = _seal(desk, request.path_params["token"], request.path_params["answer"], once)
    return once if ONCE.fullmatch(once) and secrets.compare_digest(seal.encode(), expected.encode()) else None


def _seal(desk: Desk, token: str, name: str, once: str) -> str:
    return desk.links.seal(f"{token}/{name}/{once}", "form")


def _no_link(desk: Desk, request: Request, no: NoLink) -> Response:
    return page(request.scope, "no_link", desk.council, 410 if no.why in GONE else 404, why=no.why)
