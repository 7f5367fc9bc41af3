"""What became of the messages that GOV.UK Notify took: which are asked about, of whom, and what is said."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from sqlmodel import select

from models.tables.cases import MessageRow
from notifications.channels import Channels
from notifications.govuk_notify import Account
from tasks.database import reading, writing
from tasks.receipts import KEPT_FOR, read_back, take_in, taken_by_notify
from tasks.office import Office
from tasks.visit import look, visit
from tests.harness.notify import API_KEY, EMAIL, LETTER, SECRET, SERVICE, Notify, running
from tests.tasks.builders import RECEIVED, REF, TODAY, council, hand, opened

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


# --- written down --------------------------------------------------------------------------------------------------

@pytest.fixture
def house(engine, notify, tmp_path):
    """A case whose family and partners are written to through Notify."""
    urls = {"default": notify.url("email", EMAIL, "icb@icb.example"), "family": notify.url("letter", LETTER, "Ann|1 High Street|OX1 1AA")}
    office = Office(Channels({name: SecretStr(url) for name, url in urls.items()}, tmp_path), council())
    opened(engine)
    visit(engine, office, REF, RECEIVED, hand())
    return office


def outcomes(engine) -> list[tuple[str, str | None]]:
    with reading(engine) as session:
        return sorted((row.to_role, row.outcome) for row in session.exec(select(MessageRow)))


def number_of(notify: Notify, part: str) -> int:
    return next(number for number, one in enumerate(notify.notifications) if part in one["reference"])


def test_what_notify_says_becomes_a_fact_and_is_asked_no_more(engine, notify, house):
    notify.becomes("delivered", number_of(notify, "considering_partners/rcb"))
    notify.becomes("permanent-failure", number_of(notify, "considering_partners/social_care"))
    notify.becomes("received", number_of(notify, "considering_assessment/family"))
    noted = take_in(engine, house.channels, hand(), TODAY)
    assert (noted.delivered, noted.bounced, noted.problems) == (1, 1, [])
    assert ("rcb", "delivered") in outcomes(engine) and ("social_care", "bounced") in outcomes(engine)
    assert ("family", None) in outcomes(engine), "a letter that was posted has not been seen to arrive"
    asked = len(notify.asked)
    take_in(engine, house.channels, hand(), TODAY)
    assert len(notify.asked) - asked == len(outcomes(engine)) - 2
    case = look(engine, REF, TODAY)
    assert case.last("message_bounced")["why"] == "permanent_failure" and case.last("message_bounced")["final"] is True
    assert case.duty("notify_considering_partners", party="rcb").met_on == RECEIVED
    assert case.duty("notify_considering_partners", party="social_care").met_on is None


def test_a_failure_that_may_have_passed_goes_once_more_under_a_new_key(engine, notify, house):
    notify.becomes("temporary-failure", number_of(notify, "considering_partners/rcb"))
    noted = take_in(engine, house.channels, hand(), TODAY)
    assert [key.rpartition("/")[2] for key in noted.sent_on] == ["again-2"]
    visit(engine, house, REF, TODAY, hand(11))
    references = [one["reference"] for one in notify.notifications if one["reference"].startswith(f"{REF}/considering_partners/rcb")]
    assert len(references) == 2 and references[1] == f"{references[0]}/again-2"
    assert look(engine, REF, TODAY).duty("notify_considering_partners", party="rcb").met_on == TODAY


def test_without_a_service_nothing_is_asked_or_written(engine, tmp_path):
    opened(engine)
    noted = take_in(engine, Channels({}, tmp_path), hand(), TODAY)
    assert (noted.delivered, noted.bounced, noted.problems) == (0, 0, [])


def test_a_service_that_does_not_answer_is_a_problem_and_no_outcome(engine, notify, house):
    notify.secret = SERVICE
    noted = take_in(engine, house.channels, hand(), TODAY)
    assert len(noted.problems) == 1 and {outcome for _, outcome in outcomes(engine)} == {None}
