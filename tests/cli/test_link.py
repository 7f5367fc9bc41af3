"""`ehc link`, `ehc document` and `ehc portal`: what an officer sees and does of the answers that come through links."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from cli.clock import today
from cli.up import _settle_the_sample_council
from models.links import requests_of
from tasks.answering import Upload, answer
from tasks.case_file import as_it_stands, read
from tasks.database import engine, reading
from tasks.documents import store_of
from tasks.links import links_of
from tasks.settings import read_settings, settings
from tests.cli.test_doctor import COUNCIL
from tests.cli.test_receive import CHILD, PARENT, REF

LINKS = COUNCIL | {"EHC_PUBLIC_URL": "https://portal.example/ehc", "EHC_LINK_SECRET": "s" * 40}
URL = re.compile(r"https://portal\.example/ehc/answer/[\w.-]+")


@pytest.fixture
def asked(ehc, tmp_path):
    """A case in which the advisers have been asked, with links in their letters."""
    assert ehc(*PARENT, *CHILD, "--attends", "school", "--setting", "school-7", "--owner", "officer-1").code == 0
    assert ehc("record", REF, "decided_to_assess", "decided_by=officer-3", "reason_codes=plan_may_be_necessary").code == 0
    assert ehc("watch", "--without-prefect", env=LINKS).code == 0
    return ehc


def number(asked, of: str = "ep_service") -> int:
    return next(one["number"] for one in asked("link", "show", REF, "--json", env=LINKS).json if one["of"] == of)


def test_letters_carry_links_and_what_is_shown_of_them_does_not(asked, tmp_path):
    letter = next((tmp_path / "var/outbox/ep_service").glob("*advice*")).read_text().replace("=\n", "")
    assert URL.search(letter)
    key = next(one["key"] for one in asked("message", "list", REF, "--json").json if one["message"] == "advice_request"
               and one["to"] == "ep_service")
    shown = asked("message", "show", REF, key, env=LINKS)
    assert shown.code == 0 and "/answer/(the-link)" in shown.out and not URL.search(shown.out)
    assert asked("message", "show", REF, key, env=COUNCIL).code == 1, "without the secret it cannot be written as it was"
    for call in (("link", "show", REF), ("case", REF, "--json"), ("trail", "show", REF), ("message", "preview", REF)):
        assert not URL.search(asked(*call, env=LINKS).out)


def test_without_the_settings_letters_say_how_to_answer_otherwise(ehc, tmp_path):
    ehc(*PARENT, *CHILD, "--attends", "school", "--setting", "school-7", "--owner", "officer-1")
    ehc("record", REF, "decided_to_assess", "decided_by=officer-3", "reason_codes=plan_may_be_necessary")
    ehc("watch", "--without-prefect", env=COUNCIL)
    letter = next((tmp_path / "var/outbox/ep_service").glob("*advice*")).read_text()
    assert "secure route" in letter and "/answer/" not in letter
    assert "Letters carry no links" in ehc("link", "show", REF).err
    for call in (("link", "new", REF, "1", "--because", "x"), ("portal",)):
        assert ehc(*call).code == 1
    findings = {one["what"]: one for one in ehc("doctor", "--json", env=COUNCIL).json["findings"]}
    assert findings["answer links"]["state"] == "care" and "EHC_LINK_SECRET" in findings["answer links"]["found"]


def test_a_link_is_withdrawn_and_made_anew(asked):
    n = number(asked)
    first = asked("link", "new", REF, str(n), "--because", "the letter was lost", env=LINKS)
    second = asked("link", "new", REF, str(n), "--because", "read out to the wrong person", "--json", env=LINKS)
    assert first.code == second.code == 0
    one, other = URL.search(first.out).group(), second.json["url"]
    assert one != other
    shown = asked("link", "show", REF, "--json", env=LINKS).json
    assert next(row for row in shown if row["number"] == n)["links_withdrawn"] == 2
    assert one.rpartition("/")[2] not in asked("trail", "show", REF, "--texts").out
    assert asked("link", "revoke", REF, str(n), "--because", "x", env=LINKS).code == 0
    assert asked("link", "revoke", REF, "1", "--because", "x", env=LINKS).code == 2


def test_a_document_is_listed_handed_out_and_erased(asked, tmp_path, monkeypatch):
    n = number(asked)
    url = asked("link", "new", REF, str(n), "--because", "x", "--json", env=LINKS).json["url"]
    for name, value in LINKS.items():
        monkeypatch.setenv(name, value)
    ours = read_settings()
    ticket = links_of(ours).read(url.rpartition("/")[2], today())
    answer(engine(ours.database_url), store_of(ours), ticket, "advice", {}, Upload(BytesIO(b"%PDF-1.7 x %%EOF"), "../Qzarth.pdf"),
           datetime.now(UTC), today(), "a" * 16)
    (row,) = asked("document", "list", REF, "--json").json
    assert (row["kind"], row["name"], row["received_by"]) == ("pdf", "Qzarth.pdf", "ep_service")
    assert row["sha256"][:16] in asked("document", "list", REF).out
    assert asked("document", "get", REF, row["sha256"][:8]).code == 0
    assert (tmp_path / "Qzarth.pdf").read_bytes() == b"%PDF-1.7 x %%EOF"
    assert asked("document", "get", REF, row["sha256"][:8]).code == 1, "never written over"
    assert asked("link", "revoke", REF, str(n), "--because", "x").code == 1, "answered, so there is nothing to withdraw"
    assert asked("document", "erase", REF, row["sha256"]).code == 0
    assert asked("document", "get", REF, row["sha256"][:8]).code == 2 and asked("document", "list", "EHC-1").code == 2
    assert not list((tmp_path / "var/documents" / REF).iterdir())
    assert asked("trail", "verify").code == 0 and asked("rebuild", "--check").code == 0
    with reading(engine(ours.database_url)) as session:
        assert len(requests_of(as_it_stands(REF, read(session, REF), today() + timedelta(days=1)))) >= 4


def test_the_sample_council_has_links_to_this_machine_and_its_secret_is_its_own(ehc, tmp_path):
    settings.cache_clear()
    _settle_the_sample_council()
    ours = (tmp_path / ".env").read_text()
    assert "EHC_PUBLIC_URL=http://127.0.0.1:8420\n" in ours and len(re.findall(r"EHC_LINK_SECRET=[0-9a-f]{64}\n", ours)) == 1
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert links_of(read_settings()) is not None
    settings.cache_clear()
    _settle_the_sample_council()
    assert (tmp_path / ".env").read_text() == ours


def test_doctor_says_that_nothing_answers_behind_the_links(asked):
    findings = {one["what"]: one for one in asked("doctor", "--json", env=LINKS | {"EHC_PORTAL_PORT": "9"}).json["findings"]}
    assert findings["answer links"]["state"] == "well" and findings["portal"]["state"] == "ill"
    assert "s" * 40 not in str(findings)
