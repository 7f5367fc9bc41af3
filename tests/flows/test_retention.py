"""The monthly flow lists and tells; it never erases."""

from datetime import date

import pytest
from sqlmodel import select

from flows.retention import list_retention
from models.retention import Policy
from models.tables.people import Person
from tasks.case_file import NewFact, NewPerson, open_case, record
from tasks.database import engine, reading, writing
from tasks.settings import settings
from tests.tasks.builders import hand

pytestmark = pytest.mark.prefect
DUE, TODAY = date(2026, 1, 7), date(2026, 5, 1)


@pytest.fixture
def ours(sqlite_url, tmp_path, monkeypatch):
    """Somebody born 25 years before the day, whose case ended; and a case in which nobody is named."""
    for name, value in {"EHC_DATABASE_URL": sqlite_url, "EHC_OUTBOX_DIR": str(tmp_path / "outbox"), "EHC_RETENTION__NO_PLAN": "25"}.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    made = engine(sqlite_url)
    with writing(made) as session:
        asked = NewFact("request_received", date(2015, 3, 2), {"requested_by": "parent"})
        open_case(session, "A1", NewPerson("Sam Qzarth", date(2001, 1, 7)), asked, hand(), TODAY)
        record(session, "A1", "moved_away", date(2015, 4, 1), {"to": "kent"}, hand(), TODAY)
    yield made
    settings.cache_clear()


def letters(folder) -> list[str]:
    return [path.read_text() for path in (folder / "outbox" / "operations").glob("*.eml")]


async def test_the_day_before_nothing_is_said_and_from_the_day_on_once_a_month(prefect_server, ours, tmp_path):
    before = await list_retention(on=date(2026, 1, 6), return_state=True)
    assert before.name == "Nothing due" and letters(tmp_path) == []
    first, again = [await list_retention(on=DUE, return_state=True) for _ in range(2)]
    assert (first.name, again.name) == ("Due", "Due") and first.message.startswith("due: 1,")
    letter, = letters(tmp_path)
    assert "- A1" in letter and "Nothing has been erased" in letter and "Qzarth" not in letter and "2001" not in letter
    await list_retention(on=date(2026, 2, 1), return_state=True)
    assert len(letters(tmp_path)) == 2
    with reading(ours) as session:
        assert session.exec(select(Person)).one().name == "Sam Qzarth"


async def test_what_cannot_be_worked_out_fails_loudly(prefect_server, ours, tmp_path):
    with writing(ours) as session:
        open_case(session, "B1", None, NewFact("request_received", date(2016, 3, 1), {"requested_by": "parent"}), hand(), TODAY)
    state = await list_retention(on=DUE, return_state=True)
    assert state.is_failed() and state.name == "To be looked into"
    assert "- B1" in letters(tmp_path)[0].split("cannot be worked out")[1]


async def test_without_a_policy_it_says_so(prefect_server, ours, monkeypatch):
    monkeypatch.delenv("EHC_RETENTION__NO_PLAN")
    settings.cache_clear()
    assert settings().retention == Policy()
    assert (await list_retention(return_state=True)).name == "No policy"
