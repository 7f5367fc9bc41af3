"""What became of the messages that GOV.UK Notify took: which are asked about, of whom, and what is said."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from models.tables import MessageRow
from notifications.govuk_notify import Account
from tasks.database import writing
from tasks.receipts import KEPT_FOR, read_back, taken_by_notify
from tests.harness.notify import API_KEY, EMAIL, SECRET, SERVICE, Notify, running
from tests.tasks.builders import REF, hand, opened

NOW = hand().at


@pytest.fixture
def notify() -> Iterator[Notify]:
    with running() as stand_in:
        yield stand_in


def sent(notify: Notify, *keys: str) -> None:
    for key in keys:
        Account(SecretStr(API_KEY), notify.base).ask(lambda client, key=key: client.send_email_notification(
            "ann@home.example", EMAIL, {"subject": "s", "body": "b", "reference": key}, key))


def channels(notify: Notify, **more: str) -> dict[str, SecretStr]:
    return {name: SecretStr(url) for name, url in (more | {
        "rcb": notify.url("email", EMAIL, "rcb@icb.example"), "mail": notify.url("email", EMAIL, "{to}"),
        "default": "mailto://a@b.example"}).items()}


def test_what_notify_took_in_the_last_days_is_asked_about(engine):
    opened(engine)
    with writing(engine) as session:
        for key, status, channel, age in (
                ("b", "sent", "govuknotify-email", timedelta(days=6)),
                ("a", "sent", "govuknotify-letter", timedelta(hours=1)),
                ("old", "sent", "govuknotify-sms", KEPT_FOR), ("other", "sent", "mailto", timedelta(hours=1)),
                ("queued", "queued", None, None), ("failed", "failed", None, None)):
            session.add(MessageRow(key=key, case_ref=REF, message="reminder", to_role="rcb", fact_number=1,
                                   queued_at=NOW, status=status, channel=channel, sent_at=NOW - age if age else None))
    assert taken_by_notify(engine, NOW) == ["b", "a"]


def test_each_message_is_asked_about_once_of_each_service(notify):
    sent(notify, "a", "b")
    notify.becomes("delivered", 0)
    before, steps = len(notify.asked), []
    report = read_back(channels(notify), ["a", "b", "gone"], steps.append)
    assert {key: (one.status, one.state) for key, one in report.receipts.items()} == {
        "a": ("delivered", "delivered"), "b": ("created", "waiting")}
    assert (report.unknown, report.problems, steps) == (["gone"], [], [1, 1, 1])
    assert len(notify.asked) - before == 3


def test_a_second_service_is_asked_for_what_the_first_does_not_know(notify):
    with running() as other:
        sent(other, "theirs")
        report = read_back(channels(notify, ours=other.url("email", EMAIL, "a@b.example")), ["theirs"])
    assert report.receipts["theirs"].key == "theirs" and not report.unknown


def test_a_service_that_does_not_answer_is_named_once_and_asked_no_more(notify):
    notify.secret = SERVICE
    report = read_back(channels(notify), ["a", "b"])
    [problem] = report.problems
    assert "the address of 'rcb' in EHC_CHANNELS" in problem and "API key" in problem and SECRET not in problem
    assert len(notify.asked) == 1 and not report.unknown and not report.receipts


def test_without_a_service_nobody_is_asked():
    report = read_back({"default": SecretStr("mailto://a@b.example")}, ["a"])
    assert report.unknown == ["a"]
