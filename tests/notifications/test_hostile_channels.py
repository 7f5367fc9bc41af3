"""A mail server that hangs up, addresses made to do harm, and secrets: where they must not show, whatever goes wrong."""

import logging
import traceback
from datetime import UTC, datetime
from io import StringIO

import pytest
from pydantic import SecretStr
from sqlmodel import select

from models.tables.cases import MessageRow
from notifications.channels import Channels, NotSent
from notifications.letter import write
from tasks import database
from tasks.case_file import NewContact, NewFact, open_case, read
from tasks.database import reading, writing
from tasks.office import Office
from tasks.visit import visit
from tests.harness.mail import running
from tests.notifications.samples import COUNCIL, REF, SAMPLES
from tests.tasks.builders import RECEIVED, council, hand

AT = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
LETTER = write("refusal_to_assess", SAMPLES["refusal_to_assess"], COUNCIL)
PASSWORD, PERSON = "hunter2-very-secret", "jane.smith"


def send(channels: Channels, address: SecretStr | None = None, key: str = f"{REF}/refusal_to_assess/family/3"):
    return channels.send("family", None, LETTER, key, REF, address, at=AT)


# --- a server that hangs up ----------------------------------------------------------------------------------------

def test_a_connection_that_drops_in_the_middle_is_tried_again_and_nothing_was_taken(tmp_path):
    with running() as post:
        with pytest.raises(NotSent) as error:
            send(Channels({"family": post.url("drop@home.example")}, tmp_path))
        assert (error.value.retry, error.value.why) == (True, "no_answer") and not post.took


def test_one_that_drops_once_the_letter_was_taken_is_tried_again_with_the_same_key(tmp_path):
    """Nobody can tell from outside that it was taken: this is the window in which a letter may go twice."""
    with running() as post:
        channels = Channels({"family": post.url("lost@home.example")}, tmp_path)
        for _ in range(2):
            with pytest.raises(NotSent) as error:
                send(channels)
            assert error.value.retry
        assert len(post.took) == 2 and len(set(post.keys())) == 1


def test_of_a_drop_the_round_goes_on_with_the_others(sqlite_url, tmp_path):
    engine = database.engine(sqlite_url)
    with running() as post:
        with writing(engine) as session:
            open_case(session, REF, None, NewFact("request_received", RECEIVED, {"requested_by": "parent"}), hand(), RECEIVED,
                      contacts=[NewContact("family", "Parent", apprise_url=post.url("drop@home.example").get_secret_value())])
        office = Office(Channels({"default": post.url("agency@icb.example")}, tmp_path), council())
        done = visit(engine, office, REF, RECEIVED, hand())
        assert (done.sent.sent, done.sent.later) == (len(post.took), 2) and post.took
    engine.dispose()


# --- addresses made to do harm -------------------------------------------------------------------------------------

HOSTILE = [
    "jane@home.example\r\nBcc: spy@evil.example", "jane@home.example%0d%0aBcc:spy@evil.example", "jane@home.example\nDATA\n.\nQUIT",
    "jane@home.example,spy@evil.example", "jane@home.example;spy@evil.example", "jane@home.example spy@evil.example",
    "<jane@home.example>,<spy@evil.example>", "jane@home.example?bcc=spy@evil.example", "jane@home.example&bcc=spy@evil.example",
    "jane@home.example&to=spy@evil.example", "jane@home.example#@evil.example", "\"jane@home.example\n\"@evil.example",
    "jane@home.example\x00@evil.example", "jane@home.example\u2028Bcc: spy@evil.example", "j" * 5000 + "@home.example",
    "file:///etc/passwd", "json://127.0.0.1:9/{to}", "mailto://spy@evil.example?to=jane@home.example",
]


@pytest.mark.parametrize("address", HOSTILE, ids=range(len(HOSTILE)))
def test_an_address_made_to_do_harm_reaches_nobody_else_and_adds_no_header(address, tmp_path):
    with running() as post:
        channels = Channels({"mail": post.url("{to}")}, tmp_path)
        try:
            send(channels, SecretStr(address))
        except NotSent as error:
            assert "evil.example" not in str(error) and "jane" not in str(error)
        for to, mail in post.took:
            assert len(to) == 1 and not to[0].endswith("evil.example")
            assert mail["Bcc"] is None and mail["Cc"] is None
            assert mail["Subject"] == LETTER.subject
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("key", ["a/b\r\nX-EHC-Proof: x", "a/b\nBcc: spy@evil.example", "a\x00b", "a\u2028b"])
def test_a_key_made_to_do_harm_goes_nowhere(key, tmp_path):
    with running() as post:
        with pytest.raises(NotSent, match="key"):
            send(Channels({"family": post.url("jane@home.example")}, tmp_path), key=key)
        assert not post.took


# --- secrets -------------------------------------------------------------------------------------------------------

SECRET_URLS = [
    f"mailto://clerk:{PASSWORD}@127.0.0.1:1?from=send@wharnley.example&to={PERSON}@home.example&cto=1",
    f"mailt://clerk:{PASSWORD}@127.0.0.1/{PERSON}@home.example",
    f"json://clerk:{PASSWORD}@127.0.0.1:1/{PERSON}?cto=1",
    f"{PASSWORD} {PERSON}@home.example",
]


@pytest.mark.parametrize("url", SECRET_URLS)
def test_a_secret_shows_in_no_fact_row_log_or_traceback_of_a_round(url, sqlite_url, tmp_path):
    heard, root = StringIO(), logging.getLogger()
    ear, level = logging.StreamHandler(heard), root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    engine = database.engine(sqlite_url)
    try:
        with writing(engine) as session:
            open_case(session, REF, None, NewFact("request_received", RECEIVED, {"requested_by": "parent", "owner": "o-1"}), hand(), RECEIVED,
                      contacts=[NewContact("family", "Parent", apprise_url=url)])
        office = Office(Channels({"default": SecretStr(url)}, tmp_path), council())
        done = visit(engine, office, REF, RECEIVED, hand())
        with reading(engine) as session:
            kept = repr([dict(fact.data) for fact in read(session, REF)]) + repr(
                [(row.problem, row.channel, row.contact) for row in session.exec(select(MessageRow))])
    finally:
        root.removeHandler(ear)
        root.setLevel(level)
        engine.dispose()
    assert done.sent.sent == 0 and done.sent.problems
    everything = kept + heard.getvalue() + " ".join(done.sent.problems) + repr(office) + repr(done)
    assert PASSWORD not in everything and PERSON not in everything


@pytest.mark.parametrize("url", SECRET_URLS)
def test_a_traceback_shows_none_and_hands_on_no_error_that_does(url, tmp_path):
    channels = Channels({"family": SecretStr(url)}, tmp_path)
    with pytest.raises(NotSent) as caught:
        send(channels)
    shown = "".join(traceback.TracebackException.from_exception(caught.value).format())
    assert PASSWORD not in shown and PERSON not in shown
    assert caught.value.__cause__ is None and (caught.value.__context__ is None or PASSWORD not in repr(caught.value.__context__))
