"""Where GOV.UK Notify posts its receipts: what became of an e-mail or a text, for each as soon as it knows.

Notify repeats up to five times what was not answered with 200. What was not heard at all, the next reading of receipts asks for.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import SecretStr
from sqlalchemy import Engine
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models.hand import Hand
from models.stages import Stage
from notifications.channels import Channels
from notifications.govuk_notify import BadReceipt, Receipt, WrongToken, receipt_of
from tasks.database import Busy
from tasks.delivery import Noted, note
from tasks.receipts import told_by
from tasks.visit import look

LOG = logging.getLogger("ehc.portal")
LARGEST = 20_000
"""Bytes of a receipt; Notify's have some five hundred."""

BY = "govuk-notify"


@dataclass(frozen=True)
class Receiver:
    """What the endpoint works with. `token` is the one that was agreed with Notify; `clock` tells the moment and the civil day,
    `nudge` asks for a visit to a case at its stage."""

    engine: Engine
    channels: Channels
    token: SecretStr
    clock: Callable[[], tuple[datetime, date]]
    nudge: Callable[[str, Stage], object]


def routes() -> list[Route]:
    """The route of the endpoint, to be given to Notify with the address of the portal before it."""
    return [Route("/notify/receipt", take_receipt, methods=["POST"])]


async def take_receipt(request: Request) -> Response:
    """Write down what a receipt tells: 200 if it is on record or tells nothing new, 401 for a wrong token, 400 for no receipt,
    413 for what is too large, 503 if it cannot be written down just now."""
    receiver: Receiver | None = request.app.state.receiver
    if receiver is None:
        return PlainTextResponse("Receipts are not taken here.\n", 404)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return PlainTextResponse("This is larger than a receipt.\n", 413, {"connection": "close"})
    try:
        receipt = receipt_of(body, request.headers.get("authorization"), receiver.token)
    except WrongToken as error:
        return PlainTextResponse(f"{error}\n", 401, {"www-authenticate": "Bearer"})
    except BadReceipt as error:
        return PlainTextResponse(f"{error}\n", 400)
    try:
        noted = await run_in_threadpool(_take_in, receiver, receipt)
    except Busy:
        return PlainTextResponse("It could not be written down just now.\n", 503)
    for problem in noted.problems:
        LOG.warning("receipt: %s", problem)
    if noted.problems:
        return PlainTextResponse("It could not be written down.\n", 503)
    answer = PlainTextResponse("taken\n")
    answer.background = BackgroundTask(_visit, receiver, sorted(noted.refs))
    return answer


def _take_in(receiver: Receiver, receipt: Receipt) -> Noted:
    told = told_by(receipt)
    if told is None:
        return Noted()
    at, today = receiver.clock()
    return note(receiver.engine, receiver.channels, [told], Hand(at, BY), today)


def _visit(receiver: Receiver, refs: list[str]) -> None:
    _, today = receiver.clock()
    for ref in refs:
        receiver.nudge(ref, look(receiver.engine, ref, today).stage)
