"""What a mail system sends back: what it tells of an e-mail of ours, and that nothing else is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from notifications.channels import proof_of
from notifications.returns import NotUnderstood, Returned, read_return

SECRET = SecretStr("s" * 40)
KEY = "EHC-2026-0042/refusal_to_assess/family/3"


def notification(action: str = "failed", status: str = "5.1.1", key: str = KEY, proof: str | None = None,
                 diagnostic: str = "smtp; 550 5.1.1 No such person", returned: str = "message/rfc822") -> bytes:
    """A delivery status notification as Postfix writes one (RFC 3464)."""
    status_line = f"Status: {status}\n" if status else ""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: send@wharnley.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="AbC/1"

--AbC/1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<jane.smith@home.example>: host mx.home.example said: 550 No such person

--AbC/1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4F1C
Arrival-Date: Thu, 9 Apr 2026 08:30:00 +0000 (UTC)

Final-Recipient: rfc822; jane.smith@home.example
Action: {action}
{status_line}Diagnostic-Code: {diagnostic}

--AbC/1
Content-Description: Undelivered Message
Content-Type: {returned}

From: send@wharnley.example
X-EHC-Key: {key}
X-EHC-Proof: {proof_of(key, SECRET) if proof is None else proof}
Subject: EHC-2026-0042: our decision

A letter.
--AbC/1--
""".encode()


OPENED = f"""From: jane.smith@home.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="x"

--x
Content-Type: text/plain

Read.
--x
Content-Type: message/disposition-notification

Reporting-UA: mail.example
Final-Recipient: rfc822; jane.smith@home.example
Disposition: manual-action/MDN-sent-manually; displayed

--x
Content-Type: text/rfc822-headers

X-EHC-Key: {KEY}
X-EHC-Proof: {proof_of(KEY, SECRET)}

--x--
""".encode()


@pytest.mark.parametrize(("status", "final"), [
    ("5.1.1", True), ("5.1.2", True), ("5.4.4", True), ("5.7.1", True), ("5.2.2", False), ("5.2.1", False), ("4.4.7", False),
    ("4.2.2", False)])
def test_what_came_back_says_why_and_whether_it_may_pass(status, final):
    assert read_return(notification(status=status), SECRET) == Returned(KEY, "bounced", status, final)


@pytest.mark.parametrize(("diagnostic", "why", "final"), [
    ("smtp; 550 No such person", "550", True), ("smtp; 452 Mailbox full", "452", False), ("x; gone", "undelivered", True)])
def test_a_system_that_gives_no_status_is_understood_by_its_reply(diagnostic, why, final):
    assert read_return(notification(status="", diagnostic=diagnostic), SECRET) == Returned(KEY, "bounced", why, final)


@pytest.mark.parametrize(("action", "outcome"), [
    ("delivered", "delivered"), ("expanded", "delivered"), ("delayed", "waiting"), ("relayed", "waiting"), ("Failed", "bounced")])
def test_each_action(action, outcome):
    assert read_return(notification(action), SECRET).outcome == outcome


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_headers_are_found_in_whatever_way_they_are_sent_back(returned):
    assert read_return(notification(returned=returned), SECRET).key == KEY


def test_a_long_key_that_was_folded_on_the_way_is_whole_again():
    long = "EHC-2026-0042/final_plan_partners/setting@" + "school-7" * 20 + "/76"
    folded = notification(key=long).replace(long.encode(), long[:60].encode() + b"\n " + long[60:].encode())
    assert read_return(folded, SECRET).key == long


def test_an_e_mail_that_was_opened():
    assert read_return(OPENED, SECRET) == Returned(KEY, "opened")


def test_one_that_was_deleted_unread_had_arrived():
    assert read_return(OPENED.replace(b"displayed", b"deleted"), SECRET).outcome == "delivered"


@pytest.mark.parametrize("content", [
    b"", b"\x00\xff\xfe" * 50, b"Subject: I am on holiday\n\nBack in May.\n",
    notification(proof=""), notification(proof="0" * 40), notification(key="EHC-2026-0043/refusal_to_assess/family/3", proof="0" * 40),
    notification(key="a b\x07c"), notification().replace(b"report-type=delivery-status", b"report-type=feedback-report"),
    notification().replace(b"multipart/report", b"multipart/mixed"), notification().replace(b"message/delivery-status", b"text/plain"),
    notification().replace(b"Action", b"Reaction"), notification()[:700],
    b'Content-Type: multipart/mixed; boundary="a"\n\n' + b'--a\nContent-Type: multipart/mixed; boundary="a"\n\n' * 2000,
], ids=range(13))
def test_what_is_not_shown_to_be_about_one_of_ours_is_not_believed_and_not_repeated(content):
    with pytest.raises(NotUnderstood) as error:
        read_return(content, SECRET)
    assert "jane" not in str(error.value) and error.value.__cause__ is None


def test_nobody_without_the_secret_can_make_a_notice_seem_undelivered():
    forged = notification(proof=proof_of(KEY, SecretStr("another secret of forty characters......")))
    with pytest.raises(NotUnderstood):
        read_return(forged, SECRET)


def test_a_secret_that_was_replaced_still_proves_what_it_signed():
    assert read_return(notification(), SecretStr(f"{'n' * 40},{'s' * 40}")).key == KEY


@given(st.binary(max_size=400), st.integers(0, 900))
def test_no_damage_on_the_way_is_more_than_not_understood(noise, place):
    whole = notification()
    try:
        told = read_return(whole[:place] + noise + whole[place:], SECRET)
    except NotUnderstood:
        return
    assert told.key == KEY
