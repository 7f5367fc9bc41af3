"""Whom a message reaches once the register is in use: a verified contact of an organisation that belongs to the case, or nobody."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from models.agencies.told import Told
from models.hand import Hand
from models.tables.cases import MessageRow
from notifications.channels import Channels
from tasks import agencies
from tasks.case_file import CannotBear, NewFact, open_case, read, record
from tasks.database import reading, writing
from tasks.office import Office
from tasks.visit import visit
from tests.tasks.builders import REASONS, REF, council

RECEIVED, LONG_AGO = date(2026, 3, 2), date(2025, 1, 6)
PARTNERS = "considering_partners"


def on(days: int) -> date:
    return RECEIVED + timedelta(days=days)


class House:
    """A case of a council whose register holds two integrated care boards, two services of psychologists, and a school."""

    def __init__(self, engine, folder):
        self.engine, self.folder = engine, folder
        self.office = Office(Channels({}, folder / "outbox"), council())
        with writing(engine) as session:
            open_case(session, REF, None, NewFact("request_received", RECEIVED, {
                "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}), self.hand(0), RECEIVED)
        self.told(*(Told("organisations", {"agency": ref, "kind": kind, "name": "A name"}) for ref, kind in (
            ("school-1", "school"), ("icb-1", "icb"), ("icb-2", "icb"), ("ep-1", "ep_service"), ("ep-2", "ep_service"),
            ("care-1", "social_care"))))
        for ref in ("school-1", "icb-2", "ep-1", "ep-2", "care-1"):
            self.contact(ref, "one", verified_on=LONG_AGO, verified_by="officer-9")

    def hand(self, days: int) -> Hand:
        return Hand(datetime.combine(on(days), time(9), UTC), "officer-7")

    def told(self, *rows: Told, days: int = 0) -> None:
        with writing(self.engine) as session:
            agencies.load(session, rows, on(days))

    def contact(self, agency: str, ref: str, role: str = "contact", days: int = 0, **more) -> None:
        self.told(Told("contacts", {"agency": agency, "contact": ref, "role": role, "name": "A name", "from": LONG_AGO,
                                    "channel": f"eml://{self.folder}/{agency}-{ref}"} | more), days=days)

    def happens(self, days: int, kind: str, **data) -> None:
        with writing(self.engine) as session:
            record(session, REF, kind, on(days), data, self.hand(days), on(days))

    def visited(self, days: int):
        return visit(self.engine, self.office, REF, on(days), self.hand(days))

    def row(self, message: str, to: str, days: int = 0) -> MessageRow:
        with reading(self.engine) as session:
            return next(row for row in session.exec(select(MessageRow).order_by(MessageRow.fact_number.desc()))
                        if row.message == message and to in (row.to_role, row.to_agency))

    def facts(self, kind: str):
        with reading(self.engine) as session:
            return [fact for fact in read(session, REF) if fact.kind == kind]

    def letters(self, agency: str, contact: str = "one") -> int:
        return len(list((self.folder / f"{agency}-{contact}").rglob("*.eml")))


@pytest.fixture
def house(engine, tmp_path):
    return House(engine, tmp_path)


def test_where_several_play_a_role_nothing_goes_until_the_case_says_which_and_then_to_that_one(house):
    house.visited(0)
    held = house.row(PARTNERS, "rcb")
    assert held.status == "queued" and f"`ehc record {REF} agency_named recipient=rcb agency=AGENCY`" in held.problem
    assert [fact["why"] for fact in house.facts("message_failed") if fact["key"] == held.key] == ["several"]
    house.happens(1, "agency_named", recipient="rcb", agency="icb-2")
    house.visited(1)
    went = house.row(PARTNERS, "rcb")
    assert (went.key, went.status, went.sent_to, went.contact) == (held.key, "sent", "icb-2", "one")
    assert (house.letters("icb-2"), house.letters("icb-1")) == (1, 0)
    assert len([fact for fact in house.facts("message_sent") if fact["agency"] == "icb-2"]) == 1


def test_whoever_was_named_is_asked_for_the_advice_of_its_role(house):
    house.happens(0, "agency_named", recipient="rcb", agency="icb-2")
    house.happens(0, "agency_named", recipient="ep_service", agency="ep-1")
    house.happens(1, "agency_named", recipient="ep_service", agency="ep-2")        # what was said last counts
    house.happens(1, "decided_to_assess", notified_on=on(1).isoformat(), **REASONS)
    house.visited(1)
    asked = {fact["adviser"]: fact["agency"] for fact in house.facts("advice_requested")}
    assert (asked["adv_c_medical"], asked["adv_d_psychology"]) == ("icb-2", "ep-2")
    assert house.letters("ep-1") == 0


def test_only_a_role_can_be_named_for(house):
    with pytest.raises(CannotBear, match="parent is no role"):
        house.happens(0, "agency_named", recipient="parent", agency="icb-2")


def test_a_contact_whom_nobody_verified_gets_nothing_and_the_owner_is_told_until_somebody_has(house):
    house.contact("icb-1", "dco-1", role="dco")
    house.happens(0, "agency_named", recipient="rcb", agency="icb-1")
    house.visited(0)
    held = house.row(PARTNERS, "rcb")
    assert held.status == "queued" and "ehc agency verify icb-1 dco-1" in held.problem
    assert house.row("send_failed", "council.owner").status == "sent"
    with writing(house.engine) as session:
        agencies.verify(session, "icb-1", "dco-1", on(1), "officer-9", on(1))
    house.visited(1)
    assert house.row(PARTNERS, "rcb").contact == "dco-1" and house.letters("icb-1", "dco-1") == 1


def test_an_agency_of_which_no_fact_of_the_case_tells_is_never_written_to(house):
    house.happens(0, "agency_named", recipient="rcb", agency="icb-2")
    house.happens(1, "decided_to_assess", notified_on=on(1).isoformat(), **REASONS)
    house.happens(1, "adviser_thought_appropriate", agency="ep-2")
    house.happens(1, "fact_corrected", replaces=house.facts("adviser_thought_appropriate")[0].number, withdrawn=True, because="Another child.")
    house.visited(1)
    assert house.letters("ep-2") == 0


def test_of_an_organisation_in_another_role_than_it_plays_nothing_is_asked(house):
    house.happens(0, "agency_named", recipient="ep_service", agency="school-1")
    house.happens(1, "decided_to_assess", notified_on=on(1).isoformat(), **REASONS)
    house.visited(1)
    held = house.row("advice_request", "ep_service")
    assert held.status == "queued" and "does not play ep_service" in held.problem
    assert [fact["adviser"] for fact in house.facts("advice_requested") if fact["adviser"] == "adv_d_psychology"] == []


def test_every_share_with_an_organisation_says_what_lets_it_go_there(house):
    house.happens(0, "agency_named", recipient="rcb", agency="icb-2")
    house.happens(0, "agency_named", recipient="ep_service", agency="ep-1")
    house.happens(1, "decided_to_assess", notified_on=on(1).isoformat(), **REASONS)
    house.visited(1)
    shared = [fact for fact in house.facts("message_sent") if fact["agency"]]
    assert {fact["agency"] for fact in shared} == {"school-1", "icb-2", "ep-1", "care-1"}
    assert all(fact["gateway"] and fact["contact"] == "one" for fact in shared)


def test_a_contact_who_left_mid_way_is_followed_by_the_next_and_after_the_last_the_owner_is_told(house):
    house.happens(0, "agency_named", recipient="ep_service", agency="ep-1")
    house.happens(1, "decided_to_assess", notified_on=on(1).isoformat(), **REASONS)
    house.visited(1)
    house.contact("ep-1", "two", role="lead", verified_on=LONG_AGO, verified_by="officer-9")
    with writing(house.engine) as session:
        agencies.end_contact(session, "ep-1", "one", on(2), on(2))
    house.happens(3, "advice_received", adviser="adv_d_psychology", agency="ep-1")
    house.happens(4, "advice_found_incomplete", adviser="adv_d_psychology", sought=["outcomes"], decided_by="officer-7")
    house.visited(4)
    assert house.row("advice_request", "ep-1").contact == "two"
    with writing(house.engine) as session:
        agencies.end_agency(session, "ep-1", on(5), on(5))
    house.happens(6, "advice_received", adviser="adv_d_psychology", agency="ep-1")
    house.happens(7, "advice_found_incomplete", adviser="adv_d_psychology", sought=["outcomes"], decided_by="officer-7")
    house.visited(7)
    held = house.row("advice_request", "ep-1")
    assert held.status == "queued" and "the organisation ended" in held.problem
    house.happens(8, "advice_gap_decided", adviser="adv_d_psychology", outcome="ask_elsewhere", to="ep-2", decided_by="officer-7",
                  reasons="It took over from ep-1.")
    house.visited(8)
    assert house.row("advice_request", "ep-2").status == "sent" and house.row("advice_request", "ep-1").status == "failed"
