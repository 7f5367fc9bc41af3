"""The portal as it runs: uvicorn over a socket, a real browser before it, and a client that never stops sending."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from portal.app import application
from portal.guard import Patience
from tests.portal.conftest import ASKED, CHILD, KEY, House

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@dataclass
class Running:
    """The portal on a port of its own."""

    house: House
    port: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def running(house: House) -> Iterator[Running]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(application(house.desk(), Patience(10_000)), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Running(house, listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(timeout=20)


@pytest.fixture
def page() -> Iterator[Page]:
    """A browser of the width of a phone, in which no script runs."""
    if not Path(CHROMIUM).exists() and "CI" not in os.environ:
        pytest.skip("needs chromium (apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
        browser.close()


def looked_at(page: Page, name: str) -> None:
    """Nothing is cut off on a phone; a picture is left where somebody wants to look."""
    width = page.locator("html").bounding_box()["width"]
    for box in (one.bounding_box() for one in page.locator("main *:visible").all()):
        assert box is None or box["x"] + box["width"] <= width + 1
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def test_a_psychologist_with_a_phone_confirms_errs_and_answers(running: Running, page: Page, tmp_path: Path):
    house = running.house
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("referer", "")))
    page.goto(running.url(house.path()))
    assert "psychological advice" in page.title() and CHILD not in page.content()
    looked_at(page, "request")

    page.get_by_role("link", name="Confirm that you have this request").click()
    page.get_by_label("On which day did the request reach you?").fill((ASKED + timedelta(days=1)).isoformat())
    page.get_by_label("By which day do you expect to answer?").fill((ASKED + timedelta(days=30)).isoformat())
    looked_at(page, "acknowledge")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("You expect to answer by Friday 1 May 2026")
    looked_at(page, "acknowledged")

    page.get_by_role("link", name="Decline, with reasons").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.title().startswith("Error: ")
    page.get_by_role("alert").get_by_role("link", name="Write your reasons").click()
    assert page.url.endswith("#reasons")
    looked_at(page, "problem")

    page.get_by_role("link", name="Back to the request").click()
    page.get_by_role("link", name="Send your advice").click()
    report = tmp_path / "Advice.pdf"
    report.write_bytes(b"%PDF-1.7\nadvice\n%%EOF")
    page.get_by_label("Your advice, as one document").set_input_files(report)
    looked_at(page, "advice")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
    looked_at(page, "advised")
    page.goto(running.url(house.path()))
    expect(page.get_by_role("heading", name="This request has been answered")).to_be_visible()

    page.goto(running.url("/answer/nothing"))
    looked_at(page, "no-link")
    assert set(asked) == {""}, "the address, which holds the secret, goes nowhere"
    assert len(house.facts("advice_acknowledged")) == len(house.facts("advice_received")) == 1


def test_the_command_runs_the_pages_and_its_log_keeps_the_secret(house: House, tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = {"EHC_DATABASE_URL": house.url, "EHC_PUBLIC_URL": "https://portal.example", "EHC_LINK_SECRET": KEY,
            "EHC_DOCUMENTS_DIR": str(tmp_path / "documents"), "EHC_PORTAL_PORT": str(port)}
    with (tmp_path / "log").open("w+") as log:
        command = [sys.executable, "-c", "from cli.main import main; main()", "portal"]
        process = subprocess.Popen(command, cwd=Path(__file__).parents[2], env=os.environ | ours, stdout=log, stderr=log)
        try:
            for _ in range(200):
                with suppress(httpx.HTTPError):
                    assert httpx.get(f"http://127.0.0.1:{port}/health").text == "well\n"
                    break
                assert process.poll() is None
                time.sleep(0.1)
            asked = httpx.get(f"http://127.0.0.1:{port}{house.path(on=datetime.now(UTC).date())}")
        finally:
            process.terminate()
            process.wait(timeout=20)
        log.seek(0)
        told = log.read()
    assert asked.status_code == 200 and "psychological advice" in asked.text
    assert "GET show 200" in told and "WyJ" not in told and KEY not in told


def test_whoever_never_stops_sending_is_cut_off(running: Running):
    head = (f"POST {running.house.path()}/advice HTTP/1.1\r\nhost: portal.example\r\ntransfer-encoding: chunked\r\n"
            "content-type: multipart/form-data; boundary=b\r\n\r\n")
    part = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as line:
        line.sendall(head.encode() + b"%x\r\n%s\r\n" % (len(part), part))
        sent = 0
        try:
            while sent < 50_000_000:
                line.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                sent += 65_536
        except OSError:
            pass
        try:
            answer = line.recv(100)
        except OSError:
            answer = b""
    assert sent < 50_000_000, "cut off"
    assert not answer or b" 413 " in answer
    assert not running.house.facts("advice_received")
