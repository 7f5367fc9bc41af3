"""Sending what waits to a slow mail server: what the engine adds to the bare posting of the same letters, and its memory."""

import asyncio
import resource
import smtplib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from pydantic import SecretStr
from sqlalchemy import Engine

from bench.ground import Ground
from bench.recording import HAND, TODAY, a_request
from bench.timing import Line, turn_by_turn
from notifications.channels import Channels
from notifications.letter import Council
from tasks import visit
from tasks.case_file import open_case
from tasks.database import writing
from tasks.office import Office
from tasks.sending import send_waiting

DELAY = 0.005
"""Seconds that the server takes for each letter."""

OF_A_CASE = 5
"""Letters that wait once a request has arrived."""


class Slow:
    """A mail server that takes its time and keeps nothing but the count."""

    def __init__(self) -> None:
        self.took = 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:
        await asyncio.sleep(DELAY)
        self.took += 1
        return "250 Taken"


@contextmanager
def slow_server() -> Iterator[tuple[Slow, int]]:
    """The server, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    slow = Slow()
    server = Controller(slow, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield slow, port
    finally:
        server.stop()


def lines(ground: Ground, repetitions: int, many: int, folder: Path, told: Callable[[str], None]) -> Iterator[Line]:
    """So many letters that wait, sent by the engine, and posted one by one over plain SMTP."""
    told(f"{many:,} letters: writing them")
    laid, _ = ground.lay(lambda engine: _queue(engine, many // OF_A_CASE))
    with slow_server() as (slow, port):
        told(f"{many:,} letters to a server that takes {DELAY * 1000:.0f} ms for each: sending")
        before = _peak()
        by_engine = ground.by_engine(laid, lambda engine: _send(engine, port, folder, slow, many))
        line = turn_by_turn(Line(f"{many:>6,} letters to a slow server", many, "a letter"), repetitions, by_engine,
                            lambda: _post(port, many))
        line.what += f" (peak memory +{max(0, _peak() - before):,} MB)"
    yield line


def _queue(engine: Engine, cases: int) -> None:
    refs = [f"EHC-2026-{number:05d}" for number in range(cases)]
    with writing(engine) as session:
        for ref in refs:
            open_case(session, ref, None, a_request(TODAY), HAND, TODAY)
    for start in range(0, cases, 200):
        visit.say(engine, refs[start:start + 200], TODAY, HAND)


def _send(engine: Engine, port: int, folder: Path, slow: Slow, many: int) -> None:
    council = Council(**{name: "01632 960001" for name in Council.model_fields})
    office = Office(Channels({"default": SecretStr(f"mailto://127.0.0.1:{port}?from=send@council.example&to=a@agency.example")},
                             folder), council)
    before = slow.took
    sent = send_waiting(engine, office, HAND, TODAY, clock=lambda: HAND.at)
    if sent.sent != many or slow.took - before != many:
        raise RuntimeError(f"{sent.words()}, and the server took {slow.took - before}, where {many} wait.")


def _post(port: int, many: int) -> float:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "send@council.example", "a@agency.example", "EHC-2026-00001: a letter"
    mail.set_content("A line of a letter of ours, as long as such a line is.\n" * 30)
    began = time.perf_counter()
    for _ in range(many):
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(mail)
    return time.perf_counter() - began


def _peak() -> int:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
