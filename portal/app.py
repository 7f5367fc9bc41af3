"""The portal as one application. A route more is one line in `application`."""

import logging
import os
from datetime import UTC, datetime
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal import answers, receipts
from portal.answers import Desk
from portal.guard import Guard, Patience, TooBig
from portal.pages import PAGES, page
from portal.receipts import Receiver
from tasks.database import engine
from tasks.documents import store_of
from tasks.links import links_of
from tasks.nudge import nudge
from tasks.prefect_server import api_url
from tasks.office import office_of
from tasks.settings import BadSettings, settings

BESIDE_THE_FILE = 1_000_000
"""Bytes that a form may hold beside its document."""


def application(desk: Desk, patience: Patience | None = None, receiver: Receiver | None = None) -> Starlette:
    """The portal. Without a `receiver` it takes no receipts of GOV.UK Notify."""
    made = Starlette(
        routes=[
            *answers.routes(),
            *receipts.routes(),
            Route("/style.css", style, methods=["GET"]),
            Route("/health", health, methods=["GET"]),
        ],
        middleware=[Middleware(Guard, most_bytes=desk.store.most + BESIDE_THE_FILE, patience=patience or Patience())],
        exception_handlers={TooBig: too_big, HTTPException: refused})
    made.state.desk, made.state.receiver = desk, receiver
    return made


def from_settings() -> Starlette:
    """The portal as the settings describe it. Raises BadSettings where links are not set up."""
    ours = settings()
    links = links_of(ours)
    if links is None:
        raise BadSettings("The portal needs EHC_PUBLIC_URL, where agencies reach it, and EHC_LINK_SECRET, which signs their"
                          " links.")
    _log_to_the_terminal()
    prefect = os.environ.get("PREFECT_API_URL") or api_url(ours.prefect_port)
    desk = Desk(engine(ours.database_url), links, store_of(ours), ours.council, lambda: datetime.now(UTC),
                partial(nudge, prefect))
    takes_receipts = bool(ours.notify_token.get_secret_value())
    receiver = Receiver(desk.engine, office_of(ours).channels, ours.notify_token, desk.now, desk.nudge) if takes_receipts else None
    return application(desk, receiver=receiver)


def _log_to_the_terminal() -> None:
    log, terminal = logging.getLogger("ehc.portal"), logging.StreamHandler()
    terminal.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(terminal)
    log.setLevel(logging.INFO)


async def health(_request: Request) -> Response:
    """Whether the portal runs."""
    return PlainTextResponse("well\n")


async def style(_request: Request) -> Response:
    """How the pages look."""
    return FileResponse(PAGES / "style.css", media_type="text/css")


async def too_big(request: Request, _error: Exception) -> Response:
    """Somebody sends more than may be."""
    desk: Desk = request.app.state.desk
    answer = page(request.scope, "error", desk.council, 413, title="The file is too large",
                  words=f"We take at most {desk.store.most // 1_000_000} megabytes. Nothing was recorded. Go back, and send a"
                        " smaller file, or ask us how to send it.")
    answer.headers["connection"] = "close"                  # or the rest of it would be read for as long as it comes
    return answer


async def refused(request: Request, error: Exception) -> Response:
    """There is no such page, or it cannot be asked so."""
    assert isinstance(error, HTTPException)
    words = {404: "There is no such page.", 405: "This page cannot be used in that way."}.get(
        error.status_code, "What was sent could not be read. Nothing was recorded. Go back and send it again.")
    desk: Desk = request.app.state.desk
    answer = page(request.scope, "error", desk.council, error.status_code, title="This did not work", words=words)
    answer.headers.update(error.headers or {})
    return answer
