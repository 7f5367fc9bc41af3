"""`ehc doctor`: what is set up, what is not, and what to do, without changing anything."""

import json
import sqlite3

import pytest

from cli.up import MADE_UP
from tests.cli.test_receive import CHILD, PARENT

COUNCIL = {f"EHC_COUNCIL__{name.upper()}": value for name, value in MADE_UP.items()}


def found(answer) -> dict[str, dict]:
    return {one["what"]: one for one in answer.json["findings"]}


def test_on_a_fresh_machine_it_says_what_to_do_and_makes_nothing(ehc, no_database, tmp_path):
    answer = ehc("doctor", "--json")
    told = found(answer)
    assert answer.code == 1 and answer.json["well"] is False
    assert told["database"]["state"] == "ill" and "ehc up" in told["database"]["do"]
    assert told["outbox folder"]["state"] == "well"
    assert told["channels"]["state"] == "care"
    assert "mediation_adviser" in told["council's details"]["found"] and "EHC_COUNCIL__NAME" in told["council's details"]["do"]
    assert told["Prefect server"]["state"] == "ill"
    assert list(tmp_path.iterdir()) == []


def test_what_is_well_needs_nothing(ehc):
    ehc(*PARENT, *CHILD)
    told = found(ehc("doctor", "--json", env=COUNCIL))
    assert told["database"]["state"] == "well" and "1 case" in told["database"]["found"]
    assert told["council's details"] == {"what": "council's details", "state": "well", "found": MADE_UP["name"], "do": ""}
    assert told["watch"]["state"] == "care" and "has not run yet" in told["watch"]["found"]
    assert ehc("watch", "--without-prefect", env=COUNCIL).code == 0
    told = found(ehc("doctor", "--json", env=COUNCIL))
    assert told["watch"]["state"] == "well" and told["messages"]["found"] == "0 waiting"


def test_a_watch_that_stopped_days_ago_is_ill(ehc):
    ehc(*PARENT, *CHILD)
    ehc("watch", "--without-prefect", env=COUNCIL)
    with sqlite3.connect("var/ehc.sqlite") as connection:
        connection.execute("DROP TRIGGER watch_round_is_not_changed")
        connection.execute("UPDATE watch_round SET \"on\" = '2026-03-01'")
    connection.close()
    watch = found(ehc("doctor", "--json"))["watch"]
    assert watch["state"] == "ill" and "Sun 1 Mar 2026" in watch["found"] and "ehc watch" in watch["do"]


def test_letters_that_wait_or_failed_are_named_with_their_case(ehc):
    ehc(*PARENT, *CHILD)
    ehc("watch", "--without-prefect", env=COUNCIL)
    with sqlite3.connect("var/ehc.sqlite") as connection:
        connection.execute("UPDATE message SET status = 'queued', queued_at = '2026-03-02T09:00:00.000000Z' WHERE to_role = 'rcb'")
        connection.execute("UPDATE message SET status = 'failed', problem = 'refused' WHERE to_role = 'social_care'")
        connection.execute("UPDATE message SET status = 'failed', problem = 'no longer wanted' WHERE to_role = 'family'")
    connection.close()
    told = found(ehc("doctor", "--json"))
    assert told["messages"]["state"] == "ill" and "for more than two hours" in told["messages"]["found"]
    assert told["messages that failed"]["found"] == "in 1 case: " + ehc("due", "--json").json[0]["case"]


@pytest.mark.parametrize("channels, name, says", [
    ({"rcb": "nonsense://secret-host"}, "channel rcb", "no address that Apprise understands"),
    ({"rcb": "mailto://u:secret@example.org?to=a@example.org,b@example.org"}, "channel rcb", "names 2 recipients"),
    ({"mail": "mailtos://u:secret@smtp.example.org"}, "channel mail", "{to}"),
])
def test_a_channel_that_cannot_be_used_is_named_without_its_address(ehc, channels, name, says):
    answer = ehc("doctor", "--json", env={"EHC_CHANNELS": json.dumps(channels)})
    one = found(answer)[name]
    assert one["state"] == "ill" and says in one["found"] and "secret" not in answer.out + answer.err


def test_channels_that_can_be_used(ehc):
    channels = {"mail": "mailtos://u:p@smtp.example.org?to={to}", "rcb": "json://localhost/in"}
    assert found(ehc("doctor", "--json", env={"EHC_CHANNELS": json.dumps(channels)}))["channels"]["state"] == "well"


def test_an_outbox_that_is_no_folder(ehc, file):
    file("outbox", "a file")
    assert found(ehc("doctor", "--json", env={"EHC_OUTBOX_DIR": "outbox"}))["outbox folder"]["state"] == "ill"


def test_people_read_a_table_and_what_to_do(ehc, no_database):
    out = ehc("doctor").out
    assert "what               state  found" in out and "\nTo do:\n- database: Run `ehc up`" in out


def test_bad_settings_are_an_answer(ehc):
    answer = ehc("doctor", env={"EHC_PREFECT_PORT": "many"})
    assert answer.code == 2 and "EHC_PREFECT_PORT" in answer.err


def test_no_secret_of_any_setting_is_shown(ehc):
    secret = "hunter2-very-secret-and-long-enough-for-a-token"
    env = {"EHC_CHANNELS": '{"rcb": "mailto://u:%s@smtp.example?to=jo@icb.example", "pfa": "nothing://%s", "mail": "mailto://u:%s@smtp.example"}'
           % (secret, secret, secret), "EHC_LINK_SECRET": secret, "EHC_NOTIFY_TOKEN": secret, "EHC_PUBLIC_URL": "https://portal.example",
           "EHC_DATABASE_URL": f"postgresql://ehc:{secret}@127.0.0.1:9/ehc"}
    for words in (("doctor",), ("doctor", "--json"), ("due",), ("message", "receipts")):
        answer = ehc(*words, env=env)
        assert secret not in answer.out + answer.err
