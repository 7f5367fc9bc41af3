"""The post, every quarter of an hour: what waits goes, unless a round of the watch is under way, which sends it itself."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pendulum
import pytest

from flows.post import post
from models.hand import Hand
from tasks import watch
from tasks.case_file import NewFact, open_case
from tasks.database import engine, upgrade, writing
from tasks.settings import settings
from tasks.visit import say

pytestmark = pytest.mark.prefect
REF = "EHC-2026-0001"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def ours(sqlite_url, tmp_path, monkeypatch):
    """A case just received, of which nothing that is to be said has been sent."""
    for name, value in {"EHC_DATABASE_URL": sqlite_url, "EHC_OUTBOX_DIR": str(tmp_path / "outbox")}.items():
        monkeypatch.setenv(name, value)
    for name in ("NAME", "PHONE", "EMAIL", "POST", "MEDIATION_ADVISER", "SENDIASS", "DISAGREEMENT_RESOLUTION", "TRIBUNAL", "LOCAL_OFFER"):
        monkeypatch.setenv(f"EHC_COUNCIL__{name}", "01632 960001")
    settings.cache_clear()
    made = engine(sqlite_url)
    upgrade(made)
    now = pendulum.now("UTC")
    day: date = now.in_timezone("Europe/London").date()
    with writing(made) as session:
        open_case(session, REF, None, NewFact("request_received", day, {"requested_by": "parent"}), Hand(now, "officer-7"), day)
    say(made, [REF], day, Hand(now, "officer-7"))
    monkeypatch.setattr("flows.post.now_utc", lambda: at(day, 10))
    yield made, day
    settings.cache_clear()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of the clock in London."""
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def letters(folder) -> list[str]:
    return sorted(path.name for path in (folder / "outbox").rglob(f"{REF}-*.eml"))


async def test_what_waits_goes_and_goes_once(prefect_server, ours, tmp_path):
    first = await post(return_state=True)
    went = letters(tmp_path)
    assert went and f"{len(went)} sent" in first.message
    assert "0 sent" in (await post(return_state=True)).message and letters(tmp_path) == went


async def test_while_a_round_of_the_watch_is_under_way_it_is_left_to_that(prefect_server, ours, tmp_path):
    made, day = ours
    number, round = watch.begin(made, day, Hand(at(day, 9, 30), "flow:watch"))
    assert "left to the round" in (await post(return_state=True)).message and letters(tmp_path) == []
    watch.finish(made, number, round, at(day, 9, 50))
    assert " sent" in (await post(return_state=True)).message and letters(tmp_path)


async def test_in_the_small_hours_nobody_is_woken_and_at_seven_it_goes(prefect_server, ours, tmp_path, monkeypatch):
    _, day = ours
    for moment in (at(day, 0), at(day, 6, 59)):
        monkeypatch.setattr("flows.post.now_utc", lambda moment=moment: moment)
        assert "quiet hours" in (await post(return_state=True)).message and letters(tmp_path) == []
    monkeypatch.setattr("flows.post.now_utc", lambda: at(day, 7))
    assert " sent" in (await post(return_state=True)).message and letters(tmp_path)


async def test_in_the_evening_it_goes_for_the_day_is_not_over(prefect_server, ours, tmp_path, monkeypatch):
    _, day = ours
    monkeypatch.setattr("flows.post.now_utc", lambda: at(day, 23, 59))
    assert " sent" in (await post(return_state=True)).message and letters(tmp_path)
