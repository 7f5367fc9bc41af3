"""Servers that do not answer, and letters whose moment comes later in the day: what waits holds up nothing, and goes when it can."""

import socket
import socketserver
import ssl
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_address
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from sqlmodel import select

from models.hand import Hand
from models.tables.cases import MessageRow
from notifications.channels import PATIENCE, Channels, NotSent
from notifications.ladder import DEFAULT
from notifications.letter import write
from tasks import database, standing, watch
from tasks.case_file import NewContact, NewFact, open_case
from tasks.database import reading, writing
from tasks.office import Office
from tasks.sending import send_waiting
from tasks.visit import say
from tests.harness import mail
from tests.notifications.samples import COUNCIL, REF, SAMPLES
from tests.tasks.builders import council

RECEIVED = date(2026, 3, 2)
LONDON = ZoneInfo("Europe/London")
AT = datetime.combine(RECEIVED, time(9), UTC)
CASES = [f"EHC-2026-{number:04d}" for number in range(1, 9)]
LETTER = write("refusal_to_assess", SAMPLES["refusal_to_assess"], COUNCIL)


class Silent(socketserver.ThreadingTCPServer):
    """A server that picks up, says nothing and hangs up; `calls` is how often it was called."""

    allow_reuse_address = daemon_threads = True
    calls = 0

    def __init__(self):
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.port = self.server_address[1]

    def process_request(self, request, client_address):
        self.calls += 1
        self.shutdown_request(request)


@contextmanager
def silence():
    with Silent() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def url(port: int, to: str) -> SecretStr:
    return SecretStr(f"mailto://127.0.0.1:{port}?from=send@wharnley.example&to={to}&cto=1")


@pytest.fixture
def waiting(sqlite_url):
    """Eight cases just received: letters to each family and, by another server, to everybody else."""
    engine = database.engine(sqlite_url)
    database.upgrade(engine)
    yield engine
    engine.dispose()


def received(engine, family: SecretStr) -> None:
    with writing(engine) as session:
        for ref in CASES:
            open_case(session, ref, None, NewFact("request_received", RECEIVED, {
                "requested_by": "parent", "attends": "school", "setting": "school-1"}), Hand(AT, "officer-7"), RECEIVED,
                contacts=[NewContact("family", "Parent", apprise_url=family.get_secret_value())])
    say(engine, CASES, RECEIVED, Hand(AT, "officer-7"))


def rows(engine, *where):
    with reading(engine) as session:
        return session.exec(select(MessageRow).where(*where)).all()


def test_a_server_that_is_down_is_asked_three_times_and_holds_up_nobody_else(waiting, tmp_path):
    with silence() as down, mail.running() as post:
        received(waiting, url(down.port, "ann@home.example"))
        office = Office(Channels({"default": post.url("somebody@agency.example")}, tmp_path), council())
        sent = send_waiting(waiting, office, Hand(AT, "officer-7"), RECEIVED)
        to_families = rows(waiting, MessageRow.to_role == "family")
        assert down.calls == PATIENCE
        assert (sent.sent, sent.later) == (len(post.took), len(to_families)) and sent.sent >= len(CASES) and sent.failed == 0
        assert {row.status for row in to_families} == {"queued"}
        assert sorted(row.attempts for row in to_families) == [0] * (len(to_families) - PATIENCE) + [1] * PATIENCE
        assert len(sent.problems) == PATIENCE + 1 and "not tried" in sent.problems[-1]
        assert not any("home.example" in problem for problem in sent.problems)


def test_once_it_is_up_again_what_was_not_tried_goes_with_the_next_round(waiting, tmp_path):
    with silence() as down:
        received(waiting, url(down.port, "ann@home.example"))
        send_waiting(waiting, Office(Channels({}, tmp_path), council()), Hand(AT, "officer-7"), RECEIVED)
        port = down.port
    server = Controller(post := mail.Post(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        quarter = Hand(AT + timedelta(minutes=15), "flow:post")
        sent = send_waiting(waiting, Office(Channels({}, tmp_path), council()), quarter, RECEIVED)
    finally:
        server.stop()
    to_families = rows(waiting, MessageRow.to_role == "family")
    assert sent.sent == len(post.took) == len(to_families) and {row.status for row in to_families} == {"sent"}
    assert sorted(post.keys()) == sorted(row.key for row in to_families)


def test_a_server_that_is_down_for_days_is_the_end_only_of_letters_that_were_tried(waiting, tmp_path):
    """Each round tries three. A letter that was never tried has not failed, however often its server was down."""
    with silence() as down:
        received(waiting, url(down.port, "ann@home.example"))
        at = AT
        for _ in range(6):
            at += timedelta(hours=7)
            send_waiting(waiting, Office(Channels({}, tmp_path), council()), Hand(at, "flow:post"), RECEIVED + (at - AT))
        to_families = rows(waiting, MessageRow.to_role == "family", MessageRow.message == "request_acknowledged")
        assert {row.status for row in to_families if row.attempts < 5} == {"queued"}
        assert down.calls == sum(row.attempts for row in rows(waiting, MessageRow.to_role == "family"))


def test_what_may_pass_is_tried_five_times_after_a_minute_ten_an_hour_and_six_hours(waiting, tmp_path):
    second, at = timedelta(seconds=1), AT
    with mail.running() as post:
        with writing(waiting) as session:
            open_case(session, CASES[0], None, NewFact("request_received", RECEIVED, {"requested_by": "parent"}), Hand(AT, "officer-7"),
                      RECEIVED, contacts=[NewContact("family", "Parent", apprise_url=post.url("full@home.example").get_secret_value())])
        say(waiting, CASES[:1], RECEIVED, Hand(AT, "officer-7"))
        office = Office(Channels({}, tmp_path), council())

        def sent_at(moment: datetime) -> int:
            asked = post.asked
            send_waiting(waiting, office, Hand(moment, "flow:post"), RECEIVED)
            return post.asked - asked

        many = sent_at(at)
        assert many >= 1
        for wait in (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6)):
            at += wait
            assert (sent_at(at - second), sent_at(at)) == (0, many)
            assert not rows(waiting, MessageRow.status == "failed") or wait == timedelta(hours=6)
        assert {row.status for row in rows(waiting, MessageRow.to_role == "family")} == {"failed"}
        assert sent_at(at + timedelta(days=1)) == 0


def test_an_answer_of_any_kind_ends_the_silence(tmp_path):
    """A mailbox that is full is an answer: the server is up, and the letters to others through it are tried."""
    with mail.running() as post:
        channels = Channels({"mail": post.url("{to}")}, tmp_path)
        for to in ("drop", "drop", "full", "drop", "drop", "ann"):
            try:
                channels.send("family", None, LETTER, f"{REF}/{to}", REF, SecretStr(f"{to}@home.example"), at=AT)
            except NotSent as error:
                assert error.why == "no_answer" and error.retry
        assert len(post.took) == 1


def test_a_channel_that_cannot_be_used_is_no_silence(tmp_path):
    with mail.running() as post:
        channels = Channels({"family": SecretStr("nonsense://x"), "rcb": post.url("rcb@icb.example")}, tmp_path)
        for _ in range(PATIENCE + 1):
            with pytest.raises(NotSent) as error:
                channels.send("family", None, LETTER, f"{REF}/1", REF, at=AT)
            assert error.value.why == "no_address"
        channels.send("rcb", None, LETTER, f"{REF}/2", REF, at=AT)
        assert len(post.took) == 1


# --- certificates --------------------------------------------------------------------------------------------------

@pytest.fixture
def over_tls(tmp_path):
    """A mail server over TLS with a certificate for which only itself vouches, and the file of that certificate."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
            .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
    file = tmp_path / "server.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    post = mail.Post()
    server = Controller(post, hostname="127.0.0.1", port=port, ssl_context=context)
    server.start()
    post.port = port
    yield post, file
    server.stop()


def secure(post: mail.Post, more: str = "") -> SecretStr:
    return SecretStr(f"mailtos://127.0.0.1:{post.port}?mode=ssl&from=send@wharnley.example&to=ann@home.example&cto=2{more}")


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing_also_after_one_that_need_not_be_vouched_for(over_tls, tmp_path):
    post, _ = over_tls
    channels = Channels({"family": secure(post), "rcb": secure(post, "&verify=no")}, tmp_path)
    channels.send("rcb", None, LETTER, f"{REF}/1", REF, at=AT)
    with pytest.raises(NotSent):
        channels.send("family", None, LETTER, f"{REF}/2", REF, at=AT)
    channels.send("rcb", None, LETTER, f"{REF}/3", REF, at=AT)
    with pytest.raises(NotSent):
        channels.send("family", None, LETTER, f"{REF}/4", REF, at=AT)
    assert [key.rpartition("/")[2] for key in post.keys()] == ["1", "3"]


def test_one_that_the_system_vouches_for_is_checked_for_each_letter_by_authorities_read_once(over_tls, tmp_path, monkeypatch):
    post, file = over_tls
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    read, real = [], ssl.SSLContext.load_default_certs
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda self, *args: read.append(1) or real(self, *args))
    channels = Channels({"family": secure(post)}, tmp_path)
    for number in range(3):
        channels.send("family", None, LETTER, f"{REF}/{number}", REF, at=AT)
    assert len(post.took) == 3 and len(read) == 1


# --- later in the day ----------------------------------------------------------------------------------------------

def test_a_reminder_held_for_quiet_hours_is_not_stuck_and_goes_once_they_are_over(waiting, tmp_path):
    """The watch comes at seven; this council is quiet until eight."""
    quiet = replace(DEFAULT, quiet=(time(19), time(8)))
    received(waiting, SecretStr(""))
    office = Office(Channels({}, tmp_path), council(), policy=quiet)
    send_waiting(waiting, office, Hand(AT, "officer-7"), RECEIVED)
    day, moments = RECEIVED, []
    while not moments:
        day += timedelta(days=1)
        seven = datetime.combine(day, time(7), LONDON).astimezone(UTC)
        watch.watch(waiting, office, day, Hand(seven, "flow:watch"), lambda at=seven: at)
        moments = [row.next_attempt_at for row in rows(waiting, MessageRow.status == "queued")]
        assert day < date(2026, 5, 1), "somebody is reminded of something within two months"
    eight = seven + timedelta(hours=1)
    assert set(moments) == {eight}
    with reading(waiting) as session:
        assert standing.outbox(session, seven + timedelta(minutes=50)).waiting_long == 0
    assert send_waiting(waiting, office, Hand(eight - timedelta(seconds=1), "flow:post"), day).sent == 0
    assert send_waiting(waiting, office, Hand(eight, "flow:post"), day).sent == len(moments)
    with reading(waiting) as session:
        assert standing.outbox(session, eight + timedelta(days=1)).waiting == 0


def test_a_round_is_under_way_from_its_beginning_to_its_end_and_for_an_hour_if_it_was_killed(waiting):
    hour = timedelta(hours=1)
    assert not watch.is_under_way(waiting, AT)
    number, round = watch.begin(waiting, RECEIVED, Hand(AT, "flow:watch"))
    assert watch.is_under_way(waiting, AT) and watch.is_under_way(waiting, AT + hour - timedelta(seconds=1))
    assert not watch.is_under_way(waiting, AT + hour)
    watch.finish(waiting, number, round, AT)
    assert not watch.is_under_way(waiting, AT)
