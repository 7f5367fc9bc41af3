"""A mail server on this machine over real SMTP: takes, refuses, delays, hangs up half-way, and sends back what it took.

What it does goes by the name of the recipient: nobody@ is refused for good, full@ for now, slow@ kept waiting, drop@ hung up
on in the middle of the letter, lost@ hung up on after it was taken, and moved@ is taken and sent back into `returns`.
"""

import asyncio
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiosmtpd.controller import Controller
from pydantic import SecretStr


class Post:
    """What the server took: (recipients, e-mail), oldest first. `delay` holds up each answer to a letter, in seconds."""

    def __init__(self, returns: Path | None = None, delay: float = 0) -> None:
        self.took: list[tuple[list[str], EmailMessage]] = []
        self.returns, self.delay, self.port, self.asked = returns, delay, 0, 0

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        self.asked += 1
        if address.startswith("nobody@"):
            return "550 5.1.1 No such person here"
        if address.startswith("full@"):
            return "452 4.2.2 Mailbox full"
        if address.startswith("slow@"):
            await asyncio.sleep(3)
        if address.startswith("drop@"):
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.delay:
            await asyncio.sleep(self.delay)
        content = envelope.content.replace(b"\r\n", b"\n")
        self.took.append((envelope.rcpt_tos, email.message_from_bytes(content, policy=default)))
        if envelope.rcpt_tos[0].startswith("lost@"):
            server.transport.close()
        if envelope.rcpt_tos[0].startswith("moved@") and self.returns is not None:
            drop(self.returns, notification(envelope.rcpt_tos[0], content))
        return "250 Taken"

    def url(self, to: str, more: str = "") -> SecretStr:
        """The Apprise address of somebody behind this server."""
        return SecretStr(f"mailto://127.0.0.1:{self.port}?from=send@wharnley.example&to={to}&cto=1{more}")

    def keys(self) -> list[str]:
        """The keys of the letters that were taken, in order."""
        return ["".join(str(mail["X-EHC-Key"]).split()) for _, mail in self.took]


def notification(to: str, content: bytes, status: str = "5.1.6", action: str = "failed") -> bytes:
    """What this server's like send back to the sender (RFC 3464)."""
    report = EmailMessage(policy=SMTP.clone(max_line_length=0))
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@mx.example", "send@wharnley.example", "Undelivered"
    report.set_type("multipart/report")
    report.set_param("report-type", "delivery-status")
    for kind, text in (
            ("text/plain", f"Your letter to {to} came back.\n"),
            ("message/delivery-status", "Reporting-MTA: dns; mx.example\n\n"
             f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"),
            ("text/rfc822-headers", content.partition(b"\n\n")[0].decode() + "\n")):
        part = email.message_from_string(f"Content-Type: {kind}\n\n{text}")
        report.attach(part)
    return report.as_bytes()


def drop(folder: Path, content: bytes) -> Path:
    """Put a mail into a Maildir as a mail system does: first `tmp`, then `new`."""
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    place = folder / "tmp" / uuid4().hex
    place.write_bytes(content)
    return place.rename(folder / "new" / place.name)


@contextmanager
def running(returns: Path | None = None, delay: float = 0) -> Iterator[Post]:
    """The server, up for as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    post = Post(returns, delay)
    server = Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    post.port = server.port
    try:
        yield post
    finally:
        server.stop()
