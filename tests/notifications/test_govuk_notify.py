"""GOV.UK Notify, with a stand-in over real HTTP: each channel and fault, nothing twice, receipts, no secret shown."""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from apprise import Apprise
from pydantic import SecretStr

from notifications.channels import Channels, NotSent, Outcome
from notifications.govuk_notify import (
    LIVE, Account, BadReceipt, GovUkNotify, NotTaken, WrongToken, account_of, make_known, receipt_of,
)
from notifications.letter import Letter
from tests.harness.notify import (
    API_KEY, EMAIL, LETTER, SECRET, SERVICE, SMS, UNKNOWN, WANTS_MORE, WITHOUT_BODY, Notify, running,
)

AT = datetime(2026, 4, 9, 8, 30, tzinfo=UTC)
REF = "EHC-2026-0042"
KEY = f"{REF}/reminder/rcb/-2"
NEWS = Letter(f"{REF}: please send advice", "The advice is due.\n\n- one\n- two\n\n((this)) is no hole.\n", "c0ffee")
ADDRESS = "Ann Other|1 High Street|Oldtown|OX1 1AA"
TO = {"email": "jane.smith@home.example", "sms": "%2B447700900123", "letter": ADDRESS}
TEMPLATE = {"email": EMAIL, "sms": SMS, "letter": LETTER}
TOKEN = SecretStr("agreed-with-notify-4711")
FAST = "&cto=5&rto=5"


@pytest.fixture
def notify() -> Iterator[Notify]:
    with running() as stand_in:
        yield stand_in


def send(url: str, letter: Letter = NEWS, key: str = KEY, own: str | None = None) -> Outcome:
    """Through Channels, as every letter goes."""
    channels = Channels({"mail" if own else "family": SecretStr(url)}, Path("nowhere"))
    return channels.send("family", None, letter, key, REF, SecretStr(own) if own else None, at=AT)


def failed(url: str, letter: Letter = NEWS, key: str = KEY) -> NotSent:
    with pytest.raises(NotSent) as error:
        send(url, letter, key)
    return error.value


def to(notify: Notify, kind: str = "email", more: str = FAST) -> str:
    return notify.url(kind, TEMPLATE[kind], TO[kind], more)


# --- each channel --------------------------------------------------------------------------------------------------

def test_an_e_mail_arrives_whole_under_our_key(notify: Notify) -> None:
    assert send(to(notify)) == Outcome("govuknotify-email", NEWS.sha256)
    [taken] = notify.notifications
    assert (taken["type"], taken["email_address"], taken["reference"]) == ("email", TO["email"], KEY)
    assert taken["subject"] == NEWS.subject
    assert taken["body"] == f"{NEWS.body.strip()}\n\nOur key: {KEY}"


def test_a_text_holds_its_subject_too(notify: Notify) -> None:
    assert send(to(notify, "sms")).channel == "govuknotify-sms"
    [taken] = notify.notifications
    assert (taken["phone_number"], taken["reference"]) == ("+447700900123", KEY)
    assert taken["body"] == f"{NEWS.subject}\n{NEWS.body.strip()}"


def test_a_letter_goes_to_a_postal_address(notify: Notify) -> None:
    assert send(to(notify, "letter")).channel == "govuknotify-letter"
    [taken] = notify.notifications
    assert [taken[f"line_{number}"] for number in range(1, 6)] == [*ADDRESS.split("|"), None]
    assert (taken["subject"], taken["body"]) == (NEWS.subject, NEWS.body.strip())


@pytest.mark.parametrize("written", ["07700 900 123", "%2B44 (0)7700-900.123", "+447700900123"])
def test_a_number_may_be_written_as_people_write_it(written: str) -> None:
    make_known()
    number = Apprise.instantiate(f"govuknotify://{API_KEY}@sms/{SMS}?to={written}").recipient.get_secret_value()
    assert re.fullmatch(r"\+?\d+", number) and number.endswith("7700900123")


def test_a_plain_address_goes_through_the_councils_service(notify: Notify) -> None:
    for address in ("o'neill+ehc@home.example", "ann.smith@home.example", "a&b=c%d@home.example"):
        send(notify.url("email", EMAIL, "{to}", FAST), key=f"{KEY}/{address}", own=address)
        assert notify.notifications[-1]["email_address"] == address


def test_a_letter_too_long_for_a_text_is_not_sent_in_part(notify: Notify) -> None:
    error = failed(to(notify, "sms"), Letter(NEWS.subject, "word " * 190, "x"))
    assert (error.why, error.retry) == ("too_long", False) and not notify.asked


def test_the_longest_text_still_goes(notify: Notify) -> None:
    body = "w" * (918 - len(NEWS.subject) - 2)
    send(to(notify, "sms"), Letter(NEWS.subject, body, "x"))
    assert notify.notifications[0]["body"].endswith(body)


# --- the address ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("key", [API_KEY, f"{SERVICE}:{SECRET}", f"my_key-2-{SERVICE}-{SECRET}", API_KEY.upper()])
def test_the_key_is_taken_as_notify_shows_it(key: str) -> None:
    account = account_of(f"govuknotify://{key}@email/{EMAIL}?to=ann@home.example")
    assert account and account.base == LIVE
    assert account.key.get_secret_value().lower() == f"{SERVICE}-{SECRET}"


@pytest.mark.parametrize("url", ["mailto://a@b.example", "govuknotify://email", f"govuknotify://{SECRET}@email/{EMAIL}",
                                 f"govuknotify://{API_KEY}@email/{EMAIL}?base=http://notify.example", "no URL", ""])
def test_another_address_is_no_account(url: str) -> None:
    assert account_of(url) is None


def test_an_address_written_out_is_read_back_the_same() -> None:
    make_known()
    for kind in TO:
        url = f"govuknotify://{API_KEY}@{kind}/{TEMPLATE[kind]}?to={TO[kind]}&base=http://localhost:8&reference=a/b"
        first = Apprise.instantiate(url)
        again = Apprise.instantiate(first.url())
        for name in ("account", "channel", "template", "recipient", "reference"):
            assert getattr(first, name) == getattr(again, name)


@pytest.mark.parametrize("kind, recipient", [
    ("email", ""), ("email", "ann"), ("email", "ann@home"), ("email", "ann@home.example,ben@home.example"),
    ("email", "ann@home.example;ben@home.example"), ("email", "ann@home.example ben@home.example"),
    ("email", "ann@home.example%0D%0ABcc: ben@home.example"), ("email", "ann@home.example%00"),
    ("email", "Ann <ann@home.example>"), ("email", "ann@home.example%E2%80%A8.uk"), ("sms", "ann"), ("sms", "12"),
    ("sms", "07700900123,07700900124"), ("sms", "07700900123%0A07700900124"), ("sms", "+44+7700900123"),
    ("letter", "Ann|OX1 1AA"), ("letter", "|".join("12345678")), ("letter", "Ann||OX1 1AA"),
    ("letter", "Ann%0D%0AX|1 High Street|OX1 1AA"), ("fax", "07700900123"),
])
def test_a_recipient_that_is_none_or_several_goes_nowhere(kind: str, recipient: str, notify: Notify) -> None:
    error = failed(notify.url(kind, EMAIL, recipient))
    assert (error.why, error.retry) == ("no_address", False) and not notify.asked
    assert "ann@" not in str(error) and "07700" not in str(error)


@pytest.mark.parametrize("url", [
    f"govuknotify://email/{EMAIL}?to=a@b.example", f"govuknotify://{SECRET}@email/{EMAIL}?to=a@b.example",
    f"govuknotify://{API_KEY}@email?to=a@b.example", f"govuknotify://{API_KEY}@email/../{EMAIL}?to=a@b.example",
    f"govuknotify://{API_KEY}@email/{EMAIL}%3Fx?to=a@b.example",
    f"govuknotify://{API_KEY}@email/{EMAIL}/x?to=a@b.example",
    f"govuknotify://{API_KEY}@email/{EMAIL}?to=a@b.example&base=http://notify.example",
    f"govuknotify://{API_KEY}@email/{EMAIL}?to=a@b.example&base=https://x@notify.example",
    f"govuknotify://{API_KEY}@email/{EMAIL}?to=a@b.example&base=https://notify.example/v3?x=",
    f"govuknotify://{API_KEY}@email/{EMAIL}?to=a@b.example&base=http://127.0.0.1.evil.example",
    f"govuknotify://{API_KEY}@email/{EMAIL}?to=a@b.example&basis=http://127.0.0.1:8",
])
def test_an_address_without_a_key_a_template_or_a_safe_base_is_refused(url: str) -> None:
    assert failed(url).why == "no_address"


@pytest.mark.parametrize("subject", [f"{REF}: x\r\nBcc: all@x.example", f"{REF}\u2028x"])
def test_a_subject_with_a_line_break_goes_nowhere(subject: str, notify: Notify) -> None:
    assert failed(to(notify), Letter(subject, NEWS.body, "x")).why == "bad_letter" and not notify.asked


@pytest.mark.parametrize("key", [f"{REF}/a&reference=b", f"{REF}/ü?/#%0A", f"{REF}/" + "k" * 180])
def test_any_key_is_asked_for_as_it_is(key: str, notify: Notify) -> None:
    send(to(notify), key=f"{REF}/a")
    send(to(notify), key=key)
    send(to(notify), key=key)
    assert [one["reference"] for one in notify.notifications] == [f"{REF}/a", key]


def test_without_a_key_nothing_is_sent(notify: Notify) -> None:
    make_known()
    plugin = Apprise.instantiate(to(notify))
    assert plugin.send("body", "title") is False
    assert "key" in str(plugin.fault) and not notify.asked


def test_an_address_with_its_own_key_serves_whoever_builds_apprise_objects(notify: Notify) -> None:
    make_known()
    for _ in range(2):
        anybody = Apprise()
        assert anybody.add(to(notify, more=f"{FAST}&reference={KEY}"))
        assert anybody.notify(title="title", body="body")
    assert [one["reference"] for one in notify.notifications] == [KEY]


# --- each fault ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("code, retry, says", [
    (400, False, "Check the recipient"), (401, True, "API key"), (403, True, "API key"), (404, False, "template"),
    (410, False, "refused"), (408, True, "did not answer"), (429, True, "more from this service"),
    (500, True, "did not answer"), (502, True, "did not answer"), (503, True, "did not answer"),
])
def test_what_never_passes_is_final_and_the_rest_is_tried_again(code: int, retry: bool, says: str, method: str,
                                                                notify: Notify) -> None:
    notify.mishaps.append((method, code))
    error = failed(to(notify))
    assert (error.retry, error.why) == (retry, "no_answer" if retry else "refused")
    assert says in str(error) and str(code) in str(error) and "{" not in str(error)
    assert not notify.notifications
    if retry:
        send(to(notify))
        assert len(notify.notifications) == 1


@pytest.mark.parametrize("template, says", [
    (UNKNOWN, "does not know the template"), (SMS, "another channel"), (WITHOUT_BODY, r"\(\(body\)\)"),
    (WANTS_MORE, "refused the message"),
])
def test_a_wrong_template_sends_nothing_and_says_so(template: str, says: str, notify: Notify) -> None:
    error = failed(notify.url("email", template, TO["email"]))
    assert (error.retry, error.why) == (False, "refused") and re.search(says, str(error))
    assert "the address of 'family' in EHC_CHANNELS" in str(error) and not notify.notifications


@pytest.mark.parametrize("kind, recipient", [("email", "stranger@home.example"), ("sms", "%2B15550001111"),
                                             ("letter", "Ann|1 High Street|Nowhere")])
def test_a_recipient_whom_notify_refuses_is_final(kind: str, recipient: str, notify: Notify) -> None:
    error = failed(notify.url(kind, TEMPLATE[kind], recipient))
    assert (error.retry, error.why) == (False, "refused") and recipient.partition("@")[0] not in str(error)


def test_a_key_that_notify_does_not_know_and_a_wrong_clock_may_pass(notify: Notify) -> None:
    notify.secret = SERVICE
    assert failed(to(notify)).retry
    notify.secret, notify.clock_is_off_by = SECRET, 3600
    assert failed(to(notify)).retry
    notify.clock_is_off_by = 0
    assert send(to(notify)) and len(notify.notifications) == 1


def test_nobody_there_may_pass() -> None:
    with running() as gone:
        url = to(gone)
    error = failed(url)
    assert (error.retry, error.why) == (True, "no_answer") and "did not answer" in str(error)


@pytest.mark.parametrize("answer", [None, [], {}, {"notifications": None}, {"notifications": [{}]},
                                    {"notifications": [{"reference": KEY, "status": "sent"}]}])
def test_an_answer_that_is_none_of_notifys_sends_nothing(answer: Any, notify: Notify,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Notify, "answer", lambda *_: (200, answer))
    assert failed(to(notify)).retry and not notify.posts()


# --- no message twice ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", TO)
def test_a_message_that_went_is_known_again_by_its_key(kind: str, notify: Notify) -> None:
    assert send(to(notify, kind)) == send(to(notify, kind))
    assert len(notify.notifications) == 1 and notify.posts() == 1
    send(to(notify, kind), key=f"{KEY}/again")
    assert len(notify.notifications) == 2


@pytest.mark.parametrize("kind", TO)
def test_a_connection_that_drops_after_acceptance_is_no_failure(kind: str, notify: Notify) -> None:
    notify.mishaps.append(("POST", "drop"))
    assert send(to(notify, kind)).sha256 == NEWS.sha256
    assert len(notify.notifications) == 1 and notify.posts() == 1


@pytest.mark.parametrize("lost", ["drop", "junk", 500])
def test_an_unknown_outcome_is_asked_about_before_anything_is_sent_again(lost: str | int, notify: Notify) -> None:
    notify.mishaps.extend([("POST", lost), ("GET", 503)])
    assert failed(to(notify)).retry
    came = len(notify.notifications)
    assert send(to(notify))
    assert len(notify.notifications) == 1 and notify.posts() == (1 if came else 2)


def test_an_answer_that_does_not_come_is_given_up_and_asked_about(notify: Notify) -> None:
    notify.mishaps.append(("POST", "hold"))
    assert send(to(notify, more="&cto=5&rto=0.3"))
    assert len(notify.notifications) == 1 and notify.asked[-1] == ("GET", "/v2/notifications")


def test_where_notify_cannot_be_asked_nothing_is_sent(notify: Notify) -> None:
    notify.mishaps.append(("GET", "junk"))
    assert failed(to(notify)).retry and notify.posts() == 0


def test_one_whom_it_did_not_reach_is_not_written_to_again_under_the_same_key(notify: Notify) -> None:
    send(to(notify))
    notify.becomes("permanent-failure")
    send(to(notify))
    assert notify.posts() == 1, "the receipt tells of it, as it would have had the answer not been lost"


# --- receipts ------------------------------------------------------------------------------------------------------

STATES = [
    ("created", "waiting", False), ("sending", "waiting", False), ("pending", "waiting", False),
    ("sent", "unproven", False), ("delivered", "delivered", False), ("permanent-failure", "failed", False),
    ("temporary-failure", "failed", True), ("technical-failure", "failed", True), ("accepted", "waiting", False), ("received", "posted", False),
    ("cancelled", "failed", False), ("pending-virus-check", "waiting", False), ("virus-scan-failed", "failed", False),
    ("validation-failed", "failed", False), ("a-status-to-come", "waiting", False),
]


@pytest.mark.parametrize("kind", TO)
@pytest.mark.parametrize("status, state, again", STATES)
def test_a_receipt_by_polling_and_by_callback_is_the_same(status: str, state: str, again: bool, kind: str,
                                                          notify: Notify) -> None:
    send(to(notify, kind))
    notify.becomes(status)
    polled = Account(SecretStr(API_KEY), notify.base).receipt(KEY)
    assert polled == receipt_of(notify.callback(), f"Bearer {TOKEN.get_secret_value()}", TOKEN)
    assert polled and (polled.key, polled.channel, polled.status) == (KEY, kind, status)
    assert (polled.state, polled.again) == (state, again)
    assert polled.at == datetime(2026, 4, 9, 8, 31, tzinfo=UTC)


def test_a_message_that_notify_does_not_know_has_no_receipt(notify: Notify) -> None:
    assert Account(SecretStr(API_KEY), notify.base).receipt(KEY) is None


def test_asking_for_a_receipt_in_vain_says_why(notify: Notify) -> None:
    notify.secret = SERVICE
    with pytest.raises(NotTaken, match="API key") as error:
        Account(SecretStr(API_KEY), notify.base).receipt(KEY)
    assert error.value.retry


def test_a_receipt_leaves_out_the_recipient(notify: Notify) -> None:
    send(to(notify))
    receipt = receipt_of(notify.callback(), f"Bearer {TOKEN.get_secret_value()}", TOKEN)
    assert "jane" not in repr(receipt) and receipt.at is None
    with pytest.raises(ValueError):
        receipt.status = "delivered"


@pytest.mark.parametrize("header", [
    None, "", "Bearer", "Bearer ", "Bearer agreed-with-notify-471", "Bearer agreed-with-notify-47111", "bearer",
    "agreed-with-notify-4711", "Basic agreed-with-notify-4711", "Bearer  agreed-with-notify-4711", "Bearer \udcff",
    "Bearer ü",
])
def test_a_callback_without_the_token_is_not_read(header: str | None) -> None:
    with pytest.raises(WrongToken) as error:
        receipt_of(b"not even JSON", header, TOKEN)
    assert "4711" not in str(error.value) and error.value.__context__ is None


@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_token_lets_nobody_in(blank: str, notify: Notify) -> None:
    send(to(notify))
    with pytest.raises(WrongToken):
        receipt_of(notify.callback(), f"Bearer {blank}", SecretStr(blank))


@pytest.mark.parametrize("change", [
    {"id": "7"}, {"id": None}, {"reference": 7}, {"reference": "a\nb"}, {"reference": ""}, {"reference": "k" * 1001},
    {"status": None}, {"status": ""}, {"status": "delivered\n"}, {"status": "<b>"}, {"notification_type": "fax"},
    {"completed_at": "yesterday"}, {"completed_at": "2026-04-09T08:30:00"},
])
def test_a_callback_that_is_no_receipt_is_refused_without_showing_it(change: dict[str, Any], notify: Notify) -> None:
    send(to(notify))
    with pytest.raises(BadReceipt) as error:
        receipt_of(notify.callback(**change), f"Bearer {TOKEN.get_secret_value()}", TOKEN)
    shown = "".join(traceback.format_exception(error.value)).partition("BadReceipt: ")[2]
    assert "jane.smith" not in shown and error.value.__context__ is None
    assert next(iter(change)) in shown


@pytest.mark.parametrize("body", [b"", b"\xff", b"null", b"7", b"[]", b"{}", b'"x"', b"[" * 100_000, b'{"id": NaN}'])
def test_a_body_of_any_kind_is_no_receipt(body: bytes) -> None:
    with pytest.raises(BadReceipt):
        receipt_of(body, f"Bearer {TOKEN.get_secret_value()}", TOKEN)


def test_a_receipt_of_a_message_without_a_key_can_be_read(notify: Notify) -> None:
    send(to(notify))
    assert receipt_of(notify.callback(reference=None), f"Bearer {TOKEN.get_secret_value()}", TOKEN).key is None


# --- nothing secret ------------------------------------------------------------------------------------------------

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


def everything_of(error: BaseException) -> str:
    """An error as the most talkative of tools would show it, with all that it holds on to."""
    chain, seen = [error], []
    while chain:
        one = chain.pop()
        seen.append(f"{one!r} {one} {vars(one)}")
        chain += [linked for linked in (one.__cause__, one.__context__) if linked]
    return " ".join(seen) + "".join(traceback.format_exception(error))


@pytest.mark.parametrize("mishap", [("POST", 400), ("POST", 403), ("POST", 500), ("GET", 403), ("GET", "junk")])
@pytest.mark.parametrize("kind", TO)
def test_no_failure_shows_the_key_or_the_recipient(kind: str, mishap: tuple[str, int | str], notify: Notify,
                                                   every_log: StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    notify.mishaps.append(mishap)
    error = failed(to(notify, kind))
    logging.getLogger("ours").debug("still heard")
    out, err = capfd.readouterr()
    assert "still heard" in every_log.getvalue()
    shown = f"{everything_of(error)} {every_log.getvalue()} {out} {err}"
    for secret in (SECRET, SERVICE, "jane.smith", "7700900123", "High Street", "The advice is due"):
        assert secret not in shown


def test_polling_logs_neither_key_nor_recipient(notify: Notify, every_log: StringIO) -> None:
    send(to(notify))
    notify.mishaps.append(("GET", 500))
    account = Account(SecretStr(API_KEY), notify.base)
    with pytest.raises(NotTaken) as error:
        account.receipt(KEY)
    assert error.value.__context__ is None, "the client's own error holds the token and what was sent"
    account.receipt(KEY)
    for secret in (SECRET, SERVICE, "jane.smith"):
        assert secret not in f"{every_log.getvalue()} {everything_of(error.value)} {account!r}"


def test_a_channel_does_not_show_its_secrets(notify: Notify) -> None:
    make_known()
    for kind in TO:
        plugin = Apprise.instantiate(to(notify, kind))
        shown = f"{plugin!r} {plugin} {plugin.url(privacy=True)} {vars(plugin)}"
        for secret in (SECRET, SERVICE, "jane.smith", "7700900123", "High Street"):
            assert secret not in shown


def test_an_address_that_cannot_be_used_is_not_shown(every_log: StringIO) -> None:
    with pytest.raises(TypeError) as error:
        GovUkNotify(SecretStr(API_KEY), "fax", "jane.smith", "jane.smith")
    assert "jane" not in str(error.value) and "channel" in str(error.value) and "template id" in str(error.value)
    failed(f"govuknotify://{API_KEY}@email/{EMAIL}?to=jane.smith")
    assert SECRET not in every_log.getvalue() and "jane.smith" not in every_log.getvalue()


def test_what_is_sent_is_json_and_nothing_of_it_reaches_a_header_or_a_path(notify: Notify) -> None:
    hostile = Letter(NEWS.subject, 'x", "reference": "y"}\r\nBcc: all@x.example\r\n\r\n((name))', "x")
    send(to(notify), hostile)
    [taken] = notify.notifications
    assert json.loads(json.dumps(taken["body"])).startswith('x", "reference": "y"}\nBcc: all@x.example\n\n((name))')
    assert taken["reference"] == KEY
    assert notify.asked == [("GET", "/v2/notifications"), ("GET", f"/v2/template/{EMAIL}"),
                            ("POST", "/v2/notifications/email")]
