"""What stands before every page: how often a client may ask, how much it may send, what its browser may do, and the log.

The log tells method, kind of page, answer and duration: no address, which can hold the secret of a link, and no client.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOG = logging.getLogger("ehc.portal")

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
                               " frame-ancestors 'none'",
    "referrer-policy": "no-referrer",                       # the address of a page holds the secret of its link
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}


class TooBig(Exception):
    """What a client sends is larger than may be."""


@dataclass
class Patience:
    """How many calls a client has had in its current minute. Kept in memory, for so many clients at most.

    `clock` counts seconds.
    """

    most: int = 120
    clients: int = 10_000
    clock: Callable[[], float] = time.monotonic
    _had: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def wait(self, client: str) -> int:
        """Seconds for which this client has to wait; 0 if it may go on, and then the call is counted."""
        now = self.clock()
        since, calls = self._had.pop(client, (now, 0))
        if now - since >= 60:
            since, calls = now, 0
        self._had[client] = (since, calls + 1)
        while len(self._had) > self.clients:
            self._had.popitem(last=False)
        return 0 if calls < self.most else max(1, int(60 - (now - since)) + 1)


class Guard:
    """Stands around the whole application. `most_bytes` is the largest body."""

    def __init__(self, app: ASGIApp, most_bytes: int, patience: Patience) -> None:
        self._app, self._most, self._patience = app, most_bytes, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            wait = self._patience.wait(scope["client"][0] if scope.get("client") else "")
            if wait:
                answer = PlainTextResponse(f"Too many calls. Please wait {wait} seconds, then try again.\n", 429,
                                           {"retry-after": str(wait)})
                await answer(scope, receive, sending)
            else:
                await self._app(scope, self._counting(receive), sending)
        finally:
            LOG.info("%s %s %d %.0f ms", scope["method"], getattr(scope.get("endpoint"), "__name__", "-"), status,
                     (time.monotonic() - began) * 1000)

    def _counting(self, receive: Receive) -> Receive:
        had = 0

        async def receiving() -> Message:
            nonlocal had
            message = await receive()
            had += len(message.get("body", b""))
            if had > self._most:
                raise TooBig
            return message

        return receiving
