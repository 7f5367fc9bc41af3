"""`ehc message`, `--dry-run`, `ehc brief` and `ehc handover`: what is shown, and that nothing is left behind."""

import sqlite3

import pytest

from tests.cli.test_doctor import COUNCIL
from tests.cli.test_receive import CHILD, PARENT, REF


@pytest.fixture
def case(ehc):
    assert ehc(*PARENT, *CHILD, "--attends", "school", "--setting", "school-7", "--owner", "officer-1").code == 0
    return ehc


def kept(tmp_path) -> list[str]:
    """Everything in the database, without who looked at it."""
    with sqlite3.connect(tmp_path / "var/ehc.sqlite") as db:
        return [line for line in db.iterdump() if not line.startswith('INSERT INTO "look"')]


def test_every_message_can_be_read_before_there_is_a_database_or_a_setting(ehc, no_database, tmp_path):
    answer = ehc("message", "preview")
    assert answer.code == 0 and "=== request_acknowledged, to the family" in answer.out
    assert "(EHC_COUNCIL__NAME is blank)" in answer.out
    assert not list(tmp_path.iterdir())
    one = ehc("message", "preview", "refusal_to_assess", "--json", env=COUNCIL).json
    assert [letter["message"] for letter in one] == ["refusal_to_assess"]


def test_a_round_a_fact_and_a_request_can_be_tried_and_leave_nothing(case, tmp_path):
    before = kept(tmp_path)
    watched = case("watch", "--dry-run", env=COUNCIL)
    assert watched.code == 0 and "5 messages would be sent. Nothing was sent, and nothing was kept." in watched.out
    recorded = case("record", REF, "decided_to_assess", "decided_by=officer-3", "reason_codes=no_sen", "--dry-run", "--json",
                    env=COUNCIL)
    assert {one["key"].split("/")[1] for one in recorded.json["would_send"]} >= {"decision_to_assess", "advice_request"}
    received = case("receive", "--requested-by", "parent", "--name", "Kim Ash", "--dry-run", env=COUNCIL)
    assert "request_acknowledged" in received.out and "Kim" not in received.out
    shown = case("message", "preview", REF, env=COUNCIL)
    assert "request_acknowledged" in shown.out and "Later, if nothing else happens:" in shown.out
    assert kept(tmp_path) == before and not (tmp_path / "var/outbox").exists()


def test_what_would_not_go_is_said_with_the_reason(case):
    answer = case("watch", "--dry-run")
    assert "0 messages would be sent" in answer.out and "Would not go:" in answer.err and "leave it blank" in answer.err


def test_messages_are_listed_with_their_wording_and_shown_as_they_went(case):
    case("watch", "--without-prefect", env=COUNCIL)
    listed = case("message", "list", REF)
    assert "request_acknowledged/family/1" in listed.out and "request_acknowledged/v" in listed.out
    shown = case("message", "show", REF, "request_acknowledged/family/1", env=COUNCIL)
    assert shown.code == 0 and shown.out.startswith("Subject: EHC-")
    changed = case("message", "show", REF, "request_acknowledged/family/1", env=COUNCIL | {"EHC_COUNCIL__PHONE": "1"})
    assert changed.code == 1 and "this is not, to the letter, what was sent" in changed.err
    assert case("message", "show", REF, "nothing/else").code == 2


def test_a_case_passes_to_another_officer_with_its_brief(case, tmp_path):
    passed = case("handover", REF, "--to", "officer-4", "--by", "officer-1", "--no-nudge")
    assert passed.code == 0 and "handover_brief" in passed.out and "new_contact" in passed.out
    assert case("handover", REF, "--to", "officer-4", "--by", "officer-1", "--no-nudge").code == 1
    refused = case("handover", REF, "--read", "--by", "officer-1", "--no-nudge")
    assert refused.code == 1 and "the case is with officer-4" in refused.err
    assert case("handover", REF, "--read", "--by", "officer-4", "--no-nudge").code == 0
    assert "handover_brief" not in case("message", "preview", REF, env=COUNCIL).out
    assert case("handover", REF, "--no-nudge").code == 2


def test_a_brief_is_written_to_a_file_or_for_machines(case, tmp_path):
    assert "Where the case stands:" in case("brief", REF).out
    assert case("brief", REF, "--out", "brief.txt").code == 0
    assert "What the family was told, and when:" in (tmp_path / "brief.txt").read_text()
    assert case("brief", REF, "--json").json["standing"][0].startswith(REF)
    assert case("brief", REF, "--out", "no/such/folder/brief.txt").code == 2


def test_a_correction_and_a_list_of_requests_can_be_tried_and_leave_nothing(case, file, tmp_path):
    before = kept(tmp_path)
    corrected = case("correct", REF, "1", "--on", "2026-04-01", "--because", "misread", "--dry-run", env=COUNCIL)
    assert corrected.code == 0 and "Nothing was sent, and nothing was kept." in corrected.out
    name = file("requests.csv", "received_on,requested_by,name,born\n2026-03-02,parent,Kim Oak,2017-05-04\n2026-03-03,parent,Lee Elm,2016-05-04\n")
    tried = case("intake", name, "--dry-run", "--json", env=COUNCIL)
    assert tried.code == 0 and tried.json["kept"] is False and len(tried.json["opened"]) == 2
    assert sum(one["key"].split("/")[1] == "request_acknowledged" for one in tried.json["would_send"]) == 2
    assert "Kim" not in tried.out and "Elm" not in tried.out
    file("bad.csv", "received_on,requested_by,name,born\n2026-03-02,parent,Kim Oak,2017-05-04\nnever,parent,Lee Elm,2016-05-04\n")
    refused = case("intake", "bad.csv", "--dry-run", env=COUNCIL)
    assert refused.code == 1 and "line 3: refused" in refused.out and "0 messages would be sent" in refused.out
    assert "request_acknowledged" in case("intake", "bad.csv", "--dry-run", "--keep-good", env=COUNCIL).out
    assert [line for line in kept(tmp_path) if "look" not in line] == [line for line in before if "look" not in line]


def test_a_letter_that_the_post_returned_is_recorded_by_the_officer_and_is_to_be_seen_to_the_same_day(case):
    case("watch", "--without-prefect", env=COUNCIL)
    key = "request_acknowledged/family/1"
    answer = case("message", "came-back", REF, key, "--by", "officer-1", "--no-nudge")
    assert answer.code == 0 and f"{REF}/{key} came back: returned_by_post." in answer.out and f"`ehc resend {REF}`" in answer.out
    assert "Messages that reached nobody" in case("due").out
    assert [row["outcome"] for row in case("message", "list", REF, "--json").json if row["key"].endswith(key)] == ["bounced"]
    case("watch", "--without-prefect", env=COUNCIL)
    assert [row["key"].split("/")[1] for row in case("message", "list", REF, "--json").json][-1] == "send_failed"
    again = case("message", "came-back", REF, key, "--no-nudge")
    assert again.code == 1 and "is known already" in again.err
    assert case("resend", REF, "--no-nudge").code == 0


def test_what_never_went_cannot_come_back(case):
    assert case("message", "came-back", REF, "request_acknowledged/family/1", "--no-nudge").code == 1
    assert case("message", "came-back", "NO-1", "request_acknowledged/family/1", "--no-nudge").code == 2
    wrong = case("message", "came-back", REF, "request_acknowledged/family/1", "--why", "lost in the wood")
    assert wrong.code == 2 and "never_arrived" in wrong.err
