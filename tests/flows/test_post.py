"""The post, every quarter of an hour: what waits goes, unless a round of the watch is under way, which sends it itself."""

from datetime import date, timedelta

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
    yield made, now, day
    settings.cache_clear()


def letters(folder) -> list[str]:
    return sorted(path.name for path in (folder / "outbox").rglob(f"{REF}-*.eml"))


async def test_what_waits_goes_and_goes_once(prefect_server, ours, tmp_path):
    first = await post(return_state=True)
    went = letters(tmp_path)
    assert went and f"{len(went)} sent" in first.message
    assert "0 sent" in (await post(return_state=True)).message and letters(tmp_path) == went


async def test_while_a_round_of_the_watch_is_under_way_it_is_left_to_that(prefect_server, ours, tmp_path):
    made, now, day = ours
    number, round = watch.begin(made, day, Hand(now, "flow:watch"))
    assert "left to the round" in (await post(return_state=True)).message and letters(tmp_path) == []
    watch.finish(made, number, round, now + timedelta(minutes=1))
    assert " sent" in (await post(return_state=True)).message and letters(tmp_path)
