"""Channels: where a letter goes, what goes wrong with real mail servers, and that nothing secret is shown or injected."""

import asyncio
import email
import json
import logging
import socket
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from notifications.channels import Channels, NotSent, Outcome
from notifications.eml import Slip, envelope, file_name, flowed
from notifications.letter import Letter, write
from tests.notifications.samples import COUNCIL, REF, SAMPLES

AT = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
KEY = f"{REF}/refusal_to_assess/family/3"
LETTER = write("refusal_to_assess", SAMPLES["refusal_to_assess"], COUNCIL)
PASSWORD = "hunter2-very-secret"


class Post:
    """What a real mail server on this machine took. Refuses for good or for now, or dawdles, by the recipient's name."""

    def __init__(self) -> None:
        self.took: list[tuple[list[str], email.message.EmailMessage]] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 No such person here"
        if address.startswith("full@"):
            return "452 4.2.2 Mailbox full"
        if address.startswith("slow@"):
            await asyncio.sleep(3)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        content = envelope.content.replace(b"\r\n", b"\n")
        self.took.append((envelope.rcpt_tos, email.message_from_bytes(content, policy=default)))
        return "250 Taken"


@pytest.fixture
def post() -> Iterator[Post]:
    handler = Post()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    handler.port = server.port
    yield handler
    server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mail(port: int, to: str, more: str = "") -> SecretStr:
    """An Apprise URL of a mail server on this machine."""
    return SecretStr(f"mailto://127.0.0.1:{port}?from=send@wharnley.example&to={to}&cto=1{more}")


def send(channels: Channels, role: str = "family", agency: str | None = None, letter: Letter = LETTER, key: str = KEY,
         address: SecretStr | None = None) -> Outcome:
    return channels.send(role, agency, letter, key, REF, address, at=AT)


def written(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def opened(path: Path) -> email.message.EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=default)


def unfolded(text: str) -> str:
    """What a mail program shows of format=flowed text (RFC 3676)."""
    lines = [line[1:] if line.startswith(" ") else line for line in text.splitlines()]
    shown = ""
    for line in lines:
        shown += line if line.endswith(" ") else f"{line}\n"
    return shown


# --- the folder of files -------------------------------------------------------------------------------------------

def test_without_channels_a_letter_is_a_file_that_can_be_read(tmp_path: Path) -> None:
    assert send(Channels({}, tmp_path, "Wharnley Council")) == Outcome("eml", LETTER.sha256)
    [path] = written(tmp_path)
    assert path.relative_to(tmp_path).as_posix() == f"family/{file_name(KEY)}.eml"
    assert path.name.startswith("EHC-2026-0042-refusal-to-assess-family-3-")
    mail = opened(path)
    assert not mail.defects
    assert not any(mail[name].defects for name in ("From", "To", "Subject", "Date", "Message-ID"))
    assert mail["Subject"] == LETTER.subject
    assert mail["From"].addresses[0].display_name == "Wharnley Council"
    assert mail["To"].addresses[0].addr_spec == "family@ehc.invalid"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"].endswith("@ehc.invalid>")
    assert unfolded(mail.get_content()) == LETTER.body
    text = path.read_text(encoding="utf-8")
    assert "You have the right to ask for mediation." in text, "the file itself must be readable"
    assert max(map(len, text.splitlines())) <= 130


def test_the_same_key_twice_is_one_file_and_the_same_one(tmp_path: Path) -> None:
    channels = Channels({}, tmp_path)
    send(channels)
    first = written(tmp_path)[0].read_bytes()
    send(channels)
    assert [path.read_bytes() for path in written(tmp_path)] == [first]
    send(channels, key=KEY + "0")
    assert len(written(tmp_path)) == 2


def test_nobody_else_on_the_machine_can_read_a_letter(tmp_path: Path) -> None:
    send(Channels({}, tmp_path / "outbox"))
    [path] = written(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_takes_nothing_is_a_failure_that_may_pass(tmp_path: Path) -> None:
    (tmp_path / "family").write_text("a file stands where the folder should be")
    with pytest.raises(NotSent) as error:
        send(Channels({}, tmp_path))
    assert error.value.retry and error.value.why == "no_answer" and REF in str(error.value)
    assert [path.name for path in written(tmp_path)] == ["family"], "nothing half-written is left"


def test_a_folder_name_with_odd_letters_is_no_trouble(tmp_path: Path) -> None:
    send(Channels({}, tmp_path / "post out & ümlaut?x=%20"))
    assert written(tmp_path / "post out & ümlaut?x=%20")


def test_an_outbox_given_as_a_relative_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    send(Channels({}, Path("var/outbox")))
    assert written(tmp_path / "var/outbox/family")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))), st.text(min_size=1, max_size=60))
def test_any_letter_survives_the_envelope(body: str, key: str) -> None:
    subject = f"{REF}: " + "".join(character for character in body[:60] if character.isprintable())
    sealed = envelope(Slip("rcb", "nhs-1", key, AT, "Wharnley Council"), subject.strip(), f"{body}\nx\n")
    content = sealed.as_bytes()
    head = content.partition(b"\n\n")[0]
    assert head.isascii() and max(map(len, head.splitlines())) < 250
    back = email.message_from_bytes(content, policy=default)
    assert back["Subject"] == subject.strip()
    shown = unfolded(back.get_content())
    assert " ".join(shown.split()) == " ".join(f"{body}\nx\n".split())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_subject_of_ours_is_one_plain_line_of_the_file(name: str, tmp_path: Path) -> None:
    letter = write(name, SAMPLES[name], COUNCIL)
    send(Channels({}, tmp_path), letter=letter)
    assert f"\nSubject: {letter.subject}\n" in written(tmp_path)[0].read_text()


def test_folding_keeps_paragraphs_and_what_looks_like_quoting() -> None:
    body = f"{'word ' * 40}end\n\n> not a quotation\nFrom now on\n- one\n"
    assert unfolded(flowed(body)) == body


# --- which channel -------------------------------------------------------------------------------------------------

def folder(path: Path) -> SecretStr:
    return SecretStr(f"eml://{path}")


@pytest.mark.parametrize("role, agency, address, taken_by", [
    pytest.param("rcb", "nhs-1", "own", "own", id="the recipient's own address comes first"),
    pytest.param("rcb", "nhs-1", None, "nhs-1", id="then the agency's"),
    pytest.param("rcb", "nhs-9", None, "rcb", id="then the role's"),
    pytest.param("mod", None, None, "default", id="then the default"),
    pytest.param("rcb.lead", "nhs-1", None, "nhs-1.lead", id="an agency's lead"),
    pytest.param("rcb.lead", "nhs-2", None, "nhs-2", id="an agency without an address for its lead"),
    pytest.param("ep_service.lead", None, None, "ep_service.lead", id="the lead of a role"),
    pytest.param("rcb", "nhs/9", None, "rcb", id="an agency may have a stroke in its reference"),
])
def test_where_a_letter_goes(role: str, agency: str | None, address: str | None, taken_by: str, tmp_path: Path) -> None:
    known = ("nhs-1", "nhs-1.lead", "nhs-2", "rcb", "ep_service.lead", "default")
    channels = Channels({name: folder(tmp_path / name) for name in known}, tmp_path / "outbox")
    send(channels, role, agency, address=folder(tmp_path / address) if address else None)
    [path] = written(tmp_path)
    assert path.relative_to(tmp_path).parts[0] == taken_by


def test_a_blank_address_is_none(tmp_path: Path) -> None:
    send(Channels({}, tmp_path), address=SecretStr("  "))
    assert written(tmp_path)


# --- mail, with a real server --------------------------------------------------------------------------------------

def test_mail_arrives_whole_as_plain_text(tmp_path: Path, post: Post) -> None:
    outcome = send(Channels({"family": mail(post.port, "parent@home.example")}, tmp_path))
    assert outcome == Outcome("mailto", LETTER.sha256)
    [(to, arrived)] = post.took
    assert to == ["parent@home.example"]
    assert arrived["Subject"] == LETTER.subject
    assert arrived["X-EHC-Key"] == KEY and arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content().strip() == LETTER.body.strip()
    assert not written(tmp_path)


@pytest.mark.parametrize("written_as", ["{to}", "", "clerk@wharnley.example"])
def test_a_plain_address_goes_through_the_councils_own_server(written_as: str, tmp_path: Path, post: Post) -> None:
    channels = Channels({"mail": mail(post.port, written_as)}, tmp_path)
    for address in ("o'neill+ehc@home.example", "ann.smith@home.example", "a&b=c%d@home.example"):
        send(channels, address=SecretStr(address))
        assert post.took[-1][0] == [address] and post.took[-1][1]["To"] == address


@pytest.mark.parametrize("to", ["o'neill@home.example", "o%27neill@home.example", "%22o'x%22@home.example", "ann@home"])
def test_an_address_that_would_be_read_as_somebody_elses_is_refused(to: str, tmp_path: Path, post: Post) -> None:
    with pytest.raises(NotSent) as error:
        send(Channels({"family": mail(post.port, to)}, tmp_path))
    assert (error.value.retry, error.value.why) == (False, "no_address") and not post.took


@pytest.mark.parametrize("urls", [{}, {"mail": SecretStr("json://127.0.0.1:1/x")}])
def test_a_plain_address_without_a_server_says_what_to_set_up(urls: dict[str, SecretStr], tmp_path: Path) -> None:
    with pytest.raises(NotSent, match="under 'mail'") as error:
        send(Channels(urls, tmp_path), address=SecretStr("parent@home.example"))
    assert not error.value.retry and "parent@home.example" not in str(error.value)


def test_a_refusal_for_good_is_not_tried_again(tmp_path: Path, post: Post) -> None:
    with pytest.raises(NotSent, match=f"^{REF}: .*refused the letter for good .code 550.") as error:
        send(Channels({"family": mail(post.port, "nobody@home.example")}, tmp_path))
    assert (error.value.retry, error.value.why, error.value.case_ref) == (False, "refused", REF)


def test_a_refusal_for_now_is_tried_again(tmp_path: Path, post: Post) -> None:
    with pytest.raises(NotSent) as error:
        send(Channels({"family": mail(post.port, "full@home.example")}, tmp_path))
    assert (error.value.retry, error.value.why) == (True, "no_answer") and "452" in str(error.value)


def test_a_server_that_is_not_there_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(NotSent) as error:
        send(Channels({"family": mail(free_port(), "parent@home.example")}, tmp_path))
    assert (error.value.retry, error.value.why) == (True, "no_answer")


def test_a_slow_server_is_given_up_and_tried_again(tmp_path: Path, post: Post) -> None:
    with pytest.raises(NotSent) as error:
        send(Channels({"family": mail(post.port, "slow@home.example")}, tmp_path))
    assert (error.value.retry, error.value.why) == (True, "no_answer")
    assert not post.took


def test_one_bad_address_does_not_stop_the_others(tmp_path: Path, post: Post) -> None:
    names = ("ann", "nobody", "ben", "slow", "full", "cat")
    channels = Channels({name: mail(post.port, f"{name}@agency.example") for name in names}
                        | {"gone": mail(free_port(), "dan@agency.example"), "typo": SecretStr("mailt://x")}, tmp_path)
    went, failed = [], {}
    for name in ("typo", "nobody", "ann", "gone", "slow", "ben", "full", "cat", "unknown"):
        try:
            went.append((name, send(channels, "other", name, key=f"{KEY}/{name}").channel))
        except NotSent as error:
            failed[name] = (error.why, error.retry)
    assert went == [("ann", "mailto"), ("ben", "mailto"), ("cat", "mailto"), ("unknown", "eml")]
    assert [to for to, _ in post.took] == [["ann@agency.example"], ["ben@agency.example"], ["cat@agency.example"]]
    assert failed == {"typo": ("no_address", False), "nobody": ("refused", False), "gone": ("no_answer", True),
                      "slow": ("no_answer", True), "full": ("no_answer", True)}


@pytest.mark.parametrize("more", [",second@home.example", "&cc=spy@home.example", "&bcc=spy@home.example"])
def test_an_address_for_several_is_refused_as_nobody_could_prove_who_was_told(more: str, tmp_path: Path, post: Post) -> None:
    with pytest.raises(NotSent, match="names 2 recipients") as error:
        send(Channels({"family": mail(post.port, f"parent@home.example{more}")}, tmp_path))
    assert not error.value.retry and not post.took


@pytest.mark.parametrize("more", ["&optional=yes", "&overflow=truncate", "&overflow=split", "&format=html"])
def test_an_address_cannot_hide_a_failure_or_cut_a_letter_short(more: str, tmp_path: Path, post: Post) -> None:
    with pytest.raises(NotSent):
        send(Channels({"family": mail(post.port, "nobody@home.example", more)}, tmp_path))
    long = Letter(f"{REF}: {'word ' * 60}end", LETTER.body, LETTER.sha256)
    send(Channels({"family": mail(post.port, "parent@home.example", more)}, tmp_path), letter=long)
    assert [(arrived["Subject"], arrived.get_content().strip()) for _, arrived in post.took] == [
        (long.subject, LETTER.body.strip())]


def test_a_letter_that_a_channel_cannot_take_whole_is_not_sent_in_part(tmp_path: Path) -> None:
    text_message = SecretStr("twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@15551112222/15553334444")
    with pytest.raises(NotSent, match="must arrive whole") as error:
        send(Channels({"family": text_message}, tmp_path))
    assert (error.value.retry, error.value.why) == (False, "too_long")
    assert "0123456789abcdef" not in str(error.value) and "15553334444" not in str(error.value)


# --- nothing secret, nothing injected ------------------------------------------------------------------------------

class Hook(BaseHTTPRequestHandler):
    """A real web hook on this machine: takes what is posted, or answers with the number that its path ends in."""

    def do_POST(self) -> None:
        self.server.took.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        last = self.path.rpartition("/")[2]
        self.send_response(int(last) if last.isdigit() else 200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.took = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_web_hook_takes_a_letter_and_no_log_keeps_its_secret_path(tmp_path: Path, hook: HTTPServer,
                                                                    every_log: StringIO) -> None:
    url = SecretStr(f"json://127.0.0.1:{hook.server_port}/{PASSWORD}")
    assert send(Channels({"family": url}, tmp_path)).channel == "json"
    assert [taken["message"].strip() for taken in hook.took] == [LETTER.body.strip()]
    assert PASSWORD not in every_log.getvalue()


@pytest.mark.parametrize("code, retry", [(404, False), (401, False), (429, True), (500, True), (503, True)])
def test_a_web_hook_that_refuses(code: int, retry: bool, tmp_path: Path, hook: HTTPServer) -> None:
    with pytest.raises(NotSent, match=f"code {code}") as error:
        send(Channels({"family": SecretStr(f"json://127.0.0.1:{hook.server_port}/{code}")}, tmp_path))
    assert error.value.retry is retry


@pytest.fixture
def every_log() -> Iterator[StringIO]:
    """All that reaches the program's own log, at its most talkative."""
    root, heard = logging.getLogger(), StringIO()
    handler, level = logging.StreamHandler(heard), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield heard
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.parametrize("url", [
    f"mailto://clerk:{PASSWORD}@127.0.0.1:1?from=send@wharnley.example&to=jane.smith@home.example&cto=1",
    f"mailt://clerk:{PASSWORD}@127.0.0.1/jane.smith@home.example",
    f"json://clerk:{PASSWORD}@127.0.0.1:1/jane.smith?cto=1",
    f"{PASSWORD} jane.smith@home.example 127.0.0.1",
])
@pytest.mark.parametrize("own", [True, False])
def test_no_failure_shows_a_secret_or_a_name(url: str, own: bool, tmp_path: Path, every_log: StringIO,
                                             capfd: pytest.CaptureFixture[str]) -> None:
    channels = Channels({} if own else {"family": SecretStr(url)}, tmp_path)
    with pytest.raises(NotSent) as error:
        send(channels, address=SecretStr(url) if own else None)
    logging.getLogger("urllib3.connectionpool").debug("still heard when nothing is sent")
    out, err = capfd.readouterr()
    assert "still heard" in every_log.getvalue()
    everything = f"{error.value!r} {error.value} {vars(error.value)} {channels!r} {every_log.getvalue()} {out} {err}"
    assert PASSWORD not in everything and "jane.smith" not in everything
    if own:
        assert "127.0.0.1" not in str(error.value), "a family's own domain can be its name"
    assert "family" in str(error.value) or "this recipient" in str(error.value), "it says whose address to look at"


@pytest.mark.parametrize("subject", [f"{REF}: x\r\nBcc: all@x.example", f"{REF}: x\nBcc: all@x.example", f"{REF}\rx",
                                     f"{REF}\u2028x", f"{REF}\x00x", f"{REF}\x85x", ""])
@pytest.mark.parametrize("kind", ["mail", "file", "web"])
def test_a_subject_with_a_line_break_goes_nowhere(subject: str, kind: str, tmp_path: Path, post: Post) -> None:
    urls = {"mail": {"family": mail(post.port, "parent@home.example")}, "file": {},
            "web": {"family": SecretStr(f"json://127.0.0.1:{post.port}")}}[kind]
    with pytest.raises(NotSent, match="subject") as error:
        send(Channels(urls, tmp_path), letter=Letter(subject, LETTER.body, LETTER.sha256))
    assert not error.value.retry and not post.took and not written(tmp_path)


@pytest.mark.parametrize("change", [
    {"role": "../../etc"}, {"role": "a/b"}, {"role": "fam\nily"}, {"role": ""}, {"role": ".."}, {"role": "."},
    {"agency": "x y"}, {"agency": "a\r\nb"}, {"key": "a\nBcc: x@y.example"}, {"key": ""},
])
def test_no_role_agency_or_key_can_leave_the_folder_or_add_a_header(change: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(NotSent) as error:
        send(Channels({}, tmp_path / "outbox"), **change)
    assert error.value.why == "bad_letter" and not written(tmp_path)


def test_the_same_letter_may_be_written_by_several_at_once(tmp_path: Path) -> None:
    channels = Channels({}, tmp_path)
    with ThreadPoolExecutor(8) as workers:
        outcomes = set(workers.map(lambda _: send(channels), range(40)))
    assert outcomes == {Outcome("eml", LETTER.sha256)}
    [path] = written(tmp_path)
    assert unfolded(opened(path).get_content()) == LETTER.body
