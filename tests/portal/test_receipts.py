"""Where GOV.UK Notify posts its receipts: who may, what is taken, and that the same one twice is one."""

import json
from uuid import uuid4

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from portal.app import application
from portal.guard import Patience
from portal.receipts import LARGEST, Receiver
from tests.portal.conftest import REF

TOKEN = "t" * 40
PATH = "/notify/receipt"


@pytest.fixture
def post(house):
    """`post(...)` sends what Notify would."""
    channels = house.sending().channels
    receiver = Receiver(house.engine, channels, SecretStr(TOKEN), house.desk().now, lambda ref, stage: house.nudged.append(ref))
    browser = TestClient(application(house.desk(), Patience(30), receiver), base_url="https://portal.example")

    def send(status: str = "permanent-failure", key: str = f"{REF}/advice_request/ep_service/adv_d_psychology",
             token: str = TOKEN, **more):
        return browser.post(PATH, content=receipt(status, key, **more), headers={"authorization": f"Bearer {token}".encode()})

    send.browser = browser
    return send


def receipt(status: str, key: str, **more) -> bytes:
    return json.dumps({"id": str(uuid4()), "reference": key, "to": "jane.smith@home.example", "status": status,
                       "created_at": "2026-04-09T08:30:00.000000Z", "completed_at": "2026-04-09T08:31:00.000000Z",
                       "sent_at": "2026-04-09T08:30:00.000000Z", "notification_type": "email",
                       "template_id": str(uuid4()), "template_version": 1} | more).encode()


def test_a_bounce_is_on_record_before_it_is_answered_and_the_case_is_visited(house, post):
    assert house.case().duty("seek_advice", adviser="adv_d_psychology").met_on is not None
    answer = post()
    assert (answer.status_code, answer.text) == (200, "taken\n")
    [fact] = house.facts("message_bounced")
    assert (fact["why"], fact["final"], fact.by) == ("permanent_failure", True, "govuk-notify")
    assert house.nudged == [REF] and house.case().duty("seek_advice", adviser="adv_d_psychology").met_on is None


def test_a_delivery_is_on_record(house, post):
    assert post("delivered").status_code == 200
    assert len(house.facts("message_delivered")) == 1 and not house.nudged


def test_the_same_receipt_up_to_six_times_is_one(house, post):
    for _ in range(6):
        assert post().status_code == 200
    assert len(house.facts("message_bounced")) == 1 and house.nudged == [REF]


@pytest.mark.parametrize("status", ["created", "sending", "pending", "something-new"])
def test_what_is_no_end_changes_nothing(house, post, status):
    assert post(status).status_code == 200
    assert not house.facts("message_bounced", "message_delivered")


def test_of_a_message_that_is_none_of_ours_nothing_is_kept(house, post):
    assert post(key="EHC-2026-0099/reminder/rcb/-2").status_code == 200
    assert not house.facts("message_bounced")


@pytest.mark.parametrize("token", ["", "wrong", "t" * 39, "t" * 41, "ü"])
def test_without_the_token_nobody_is_heard(house, post, token):
    answer = post(token=token)
    assert answer.status_code == 401 and not house.facts("message_bounced")
    assert "jane" not in answer.text and TOKEN not in answer.text


def test_a_header_of_another_kind_is_none(house, post):
    for header in ({}, {"authorization": TOKEN}, {"authorization": f"Basic {TOKEN}"}):
        assert post.browser.post(PATH, content=receipt("delivered", "x"), headers=header).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b'{"id": 1}', b"[" * 5000, b"\xff\xfe"])
def test_what_is_no_receipt_is_refused_and_not_repeated(house, post, body):
    answer = post.browser.post(PATH, content=body, headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 400 and "no delivery receipt" in answer.text


def test_what_is_too_large_is_not_read_to_its_end(house, post):
    answer = post.browser.post(PATH, content=b"x" * (LARGEST + 1), headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 413


def test_it_is_rate_limited_like_every_page(house, post):
    codes = [post(token="wrong").status_code for _ in range(31)]
    assert codes == [401] * 30 + [429]


def test_nothing_can_be_looked_at_there(house, post):
    assert post.browser.get(PATH).status_code == 405


def test_without_a_token_agreed_no_receipts_are_taken(house):
    browser = TestClient(application(house.desk()), base_url="https://portal.example")
    assert browser.post(PATH, content=receipt("delivered", "x"), headers={"authorization": "Bearer "}).status_code == 404


def test_the_log_holds_neither_token_nor_recipient(house, post, caplog):
    with caplog.at_level("DEBUG"):
        post()
    assert "jane" not in caplog.text and TOKEN not in caplog.text
