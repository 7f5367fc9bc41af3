"""A portal over a case in which a psychologist, the health body and a setting have been asked."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from models.hand import Hand
from models.law.record import Fact
from models.links import requests_of
from models.tables.people import DocumentRow
from notifications.channels import Channels
from portal.answers import Desk
from portal.app import application
from portal.guard import Patience
from tasks.case_file import NewFact, NewPerson, as_it_stands, open_case, read, record
from tasks.database import engine as engine_of
from tasks.database import reading, writing
from tasks.documents import Store
from tasks.links import Links
from tasks.office import Office
from tasks.visit import visit
from tests.tasks.builders import council

REF = "EHC-2026-0001"
RECEIVED = date(2026, 3, 2)
ASKED = date(2026, 4, 1)
KEY = "k" * 40
DAYS = 70
CHILD = "Qzarth Ash"


@dataclass
class House:
    """A case, and the portal to it, on a day that the test sets."""

    folder: Path
    url: str
    today: date = ASKED

    def __post_init__(self) -> None:
        self.engine = engine_of(self.url)
        self.links = Links("https://portal.example", [KEY], DAYS)
        self.store = Store(self.folder / "documents", 1_000_000)
        self.nudged: list[str] = []

    def clock(self) -> datetime:
        return datetime.combine(self.today, time(12), UTC)

    def hand(self) -> Hand:
        return Hand(self.clock(), "officer-7")

    def happens(self, kind: str, **data: object) -> None:
        with writing(self.engine) as session:
            record(session, REF, kind, self.today, data, self.hand(), self.today)

    def visited(self) -> None:
        visit(self.engine, self.sending(), REF, self.today, self.hand())

    def sending(self) -> Office:
        return Office(Channels({}, self.folder / "outbox"), council(), self.links)

    def case(self):
        with reading(self.engine) as session:
            return as_it_stands(REF, read(session, REF), self.today)

    def facts(self, *kinds: str) -> list[Fact]:
        with reading(self.engine) as session:
            return [fact for fact in read(session, REF) if not kinds or fact.kind in kinds]

    def documents(self) -> list[DocumentRow]:
        with reading(self.engine) as session:
            return list(session.exec(select(DocumentRow)).all())

    def request(self, who: str):
        return next(one for one in requests_of(self.case()) if who in (one.role, one.agency))

    def path(self, who: str = "ep_service", on: date | None = None) -> str:
        """Where the link of the one asked leads, as it was given out on a day."""
        return self.links.url(self.request(who), on or ASKED).removeprefix("https://portal.example")

    def desk(self) -> Desk:
        return Desk(self.engine, self.links, self.store, council(), self.clock, lambda ref, stage: self.nudged.append(ref))

    def portal(self, patience: int = 1000) -> TestClient:
        """A browser before the portal that follows no redirects."""
        made = application(self.desk(), Patience(patience))
        return TestClient(made, base_url="https://portal.example", follow_redirects=False)


@pytest.fixture
def house(database_url, tmp_path) -> House:
    made = House(tmp_path, database_url)
    with writing(made.engine) as session:
        open_case(session, REF, NewPerson(CHILD, date(2015, 1, 7)), NewFact("request_received", RECEIVED, {
            "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}), made.hand(), RECEIVED)
    made.happens("decided_to_assess", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
    made.visited()
    made.today = ASKED + timedelta(days=7)
    return made


def seal(page: str) -> str:
    """The hidden part of a form."""
    return re.search(r'name="seal" value="([^"]+)"', page).group(1)


def send(browser: TestClient, path: str, file: tuple | None = None, **fields: str):
    """Open a form, fill it in and send it."""
    form = browser.get(path)
    assert form.status_code == 200, form.text
    return browser.post(path, data={"seal": seal(form.text)} | fields, files={"file": file} if file else None)
