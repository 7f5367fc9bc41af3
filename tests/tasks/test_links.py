"""The token of a link: good for its days, its request and its secret; worth nothing once a single character differs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import Case
from models.law.record import Fact
from models.links import requests_of
from tasks.links import Links, NoLink, hidden, links_of, request_of
from tasks.settings import BadSettings, Settings, read_settings

REF = "EHC-2026-0001"
DAY = date(2026, 4, 1)
OLD, NEW = "o" * 40, "n" * 40
FACTS = [Fact(REF, 1, "request_received", date(2026, 3, 2), {"requested_by": "parent"}),
         Fact(REF, 2, "message_queued", DAY, {"message": "advice_request", "recipient": "ep_service", "key": f"{REF}/k",
                                              "adviser": "adv_d_psychology"})]
CASE = Case.of(REF, FACTS, DAY, frozenset())
REQUEST = requests_of(CASE)[0]
LINKS = Links("https://portal.example/", [OLD], 70)


def token_of(links: Links, on: date = DAY) -> str:
    return links.url(REQUEST, on).rpartition("/")[2]


TOKEN = token_of(LINKS)


def test_a_link_says_its_case_request_and_turn_and_its_last_day():
    ticket = LINKS.read(TOKEN, DAY)
    assert (ticket.ref, ticket.number, ticket.turn, ticket.until) == (REF, 2, 0, DAY + timedelta(days=70))
    assert LINKS.url(REQUEST, DAY) == f"https://portal.example/answer/{TOKEN}"


def test_the_same_day_gives_the_same_link_so_that_a_letter_can_be_written_again():
    assert token_of(LINKS) == TOKEN and token_of(LINKS, DAY + timedelta(days=1)) != TOKEN


@pytest.mark.parametrize("days, good", [(69, True), (70, True), (71, False)],
                         ids=["the day before", "the last day", "the day after"])
def test_it_is_good_until_its_last_day(days, good):
    if good:
        assert LINKS.read(TOKEN, DAY + timedelta(days=days)).number == 2
    else:
        with pytest.raises(NoLink) as no:
            LINKS.read(TOKEN, DAY + timedelta(days=days))
        assert no.value.why == "expired" and REF not in str(no.value)


def test_a_new_secret_signs_and_the_old_one_still_opens_until_it_is_taken_away():
    both = Links("https://portal.example", [NEW, OLD], 70)
    assert both.read(TOKEN, DAY).ref == REF
    assert Links("https://portal.example", [NEW], 70).read(token_of(both), DAY).ref == REF
    with pytest.raises(NoLink, match="unknown"):
        Links("https://portal.example", [NEW], 70).read(TOKEN, DAY)


@given(place=st.integers(0, len(TOKEN) - 1), other=st.characters(codec="utf-8"))
def test_a_token_with_another_character_anywhere_opens_nothing_else(place, other):
    altered = TOKEN[:place] + other + TOKEN[place + 1:]
    try:
        ticket = LINKS.read(altered, DAY)
    except NoLink as no:
        assert no.why == "unknown"
    else:
        assert ticket == LINKS.read(TOKEN, DAY), "the last character of a part may be written in several ways"


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_link(text):
    with pytest.raises(NoLink, match="unknown"):
        LINKS.read(text, DAY)


@pytest.mark.parametrize("told", [[REF], [REF, "2", 0], {"ref": REF}, [f"{REF} x", 2, 0], None])
def test_what_we_signed_for_something_else_is_no_link(told):
    with pytest.raises(NoLink, match="unknown"):
        LINKS.read(str(LINKS._serializer(DAY).dumps(told)), DAY)


@pytest.mark.parametrize("ref, number, why", [(REF, 1, "unknown"), (REF, 99, "unknown")])
def test_a_number_that_is_no_request_opens_nothing(ref, number, why):
    ticket = LINKS.read(TOKEN, DAY)
    with pytest.raises(NoLink, match=why):
        request_of(CASE, type(ticket)(ref, number, 0, ticket.until))


def test_a_form_is_signed_for_itself():
    assert LINKS.seal("a", "form") != LINKS.seal("b", "form") != LINKS.seal("b", "other")
    assert LINKS.seal("a", "form") != Links("https://portal.example", [NEW], 70).seal("a", "form")


def test_links_need_both_an_address_and_a_secret():
    assert links_of(Settings(_env_file=None)) is None
    assert links_of(Settings(_env_file=None, public_url="https://x.example")) is None
    assert links_of(Settings(_env_file=None, link_secret=OLD)) is None
    made = links_of(Settings(_env_file=None, public_url="https://x.example", link_secret=f"{NEW}, {OLD}"))
    assert made.read(token_of(Links("https://x.example", [OLD], 70)), DAY).ref == REF


@pytest.mark.parametrize("name, value", [
    ("EHC_LINK_SECRET", "too-short-a-secret"), ("EHC_LINK_SECRET", f"{NEW},short-secret"), ("EHC_LINK_DAYS", "0"),
    ("EHC_PUBLIC_URL", "portal.example"), ("EHC_PUBLIC_URL", "https://portal.example/?x=1")])
def test_a_setting_that_cannot_be_used_is_named_and_not_shown(monkeypatch, tmp_path, name, value):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name) as error:
        read_settings()
    assert value not in str(error.value)


def test_the_longest_link_still_fits_the_line_of_a_letter():
    longest = replace(REQUEST, case="E" * 40, number=99_999, turn=99)
    url = Links(f"https://{'x' * 44}.example", [OLD], 365).url(longest, date(2100, 12, 31))
    assert len(url) <= 200, "what a letter takes as one line"
    assert Settings(_env_file=None, public_url=f"https://{'x' * 44}.example").public_url


def test_no_secret_shows():
    ours = Settings(_env_file=None, public_url="https://x.example", link_secret=NEW)
    assert NEW not in f"{ours!r} {links_of(ours)!r}"
    assert TOKEN not in hidden(f"Answer here: {LINKS.url(REQUEST, DAY)} (or {LINKS.url(REQUEST, DAY)}/advice).")
