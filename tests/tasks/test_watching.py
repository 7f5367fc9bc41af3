"""The watch is watched: its marks are kept, a missed day is seen by the next round, and operations are told of it once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.hand import Hand
from notifications.channels import Channels, NotSent
from tasks.database import reading
from tasks.office import Office
from tasks.watch import begin, finish, watch
from tasks.watching import blind_times, marks, tell_of_missed
from tests.tasks.builders import council, opened

FIRST = date(2026, 5, 2)                                # the cases of the builders are recorded on 1 May
DAY = timedelta(days=1)


def at(day: date, hour: int = 6) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)         # seven in England


@pytest.fixture
def house(engine, tmp_path):
    opened(engine)
    return engine, Office(Channels({}, tmp_path / "outbox"), council(), None), tmp_path / "outbox" / "operations"


def look(engine, office, day, hour=6):
    return watch(engine, office, day, Hand(at(day, hour), "flow:watch"), lambda: at(day, hour))


def letters(folder):
    return sorted(" ".join(path.read_text().split()) for path in folder.glob("*.eml")) if folder.exists() else []


def test_a_round_leaves_its_mark_and_a_day_without_one_is_seen(house):
    engine, office, _ = house
    look(engine, office, FIRST)
    assert look(engine, office, FIRST + DAY * 3).missed_days == (FIRST + DAY, FIRST + DAY * 2)
    with reading(engine) as session:
        assert [(one.on, one.looked) for one in marks(session)] == [(FIRST, True), (FIRST + DAY * 3, True)]
        found, = blind_times(session, at(FIRST + DAY * 3, 12))
    assert found.words() == "The engine did not look between Sat 2 May 2026 07:00 and Tue 5 May 2026 07:00."


def test_operations_are_told_of_each_missed_day_once(house):
    engine, office, folder = house
    look(engine, office, FIRST)
    assert not tell_of_missed(engine, office, at(FIRST + DAY, 7))           # eight in England: today's round may still come
    assert tell_of_missed(engine, office, at(FIRST + DAY, 8)) and not tell_of_missed(engine, office, at(FIRST + DAY, 9))
    first, = letters(folder)
    assert "The watch did not look on 1 day" in first and "has not looked since Sat 2 May 2026 07:00" in first and "ehc watch" in first
    assert tell_of_missed(engine, office, at(FIRST + DAY * 2, 12)) and not tell_of_missed(engine, office, at(FIRST + DAY * 2, 13))
    look(engine, office, FIRST + DAY * 3)
    assert not tell_of_missed(engine, office, at(FIRST + DAY * 3, 12))
    assert len(letters(folder)) == 2


def test_where_everything_stood_still_the_next_round_tells_of_all_days_in_one_letter(house):
    engine, office, folder = house
    look(engine, office, FIRST)
    look(engine, office, FIRST + DAY * 5)
    assert tell_of_missed(engine, office, at(FIRST + DAY * 5, 7))
    told, = letters(folder)
    assert "on 4 days" in told and "between Sat 2 May 2026 07:00 and Thu 7 May 2026 07:00" in told and "made good what was missed" in told


def test_a_letter_that_did_not_go_is_tried_again(house, monkeypatch):
    engine, office, folder = house
    look(engine, office, FIRST)

    class Broken(Channels):
        def send(self, *told, **more):
            raise NotSent("the trail", "made up", True, "no_answer")

    with pytest.raises(NotSent):
        tell_of_missed(engine, Office(Broken({}, folder), council(), None), at(FIRST + DAY, 12))
    assert tell_of_missed(engine, office, at(FIRST + DAY, 12))


def test_what_lies_longer_back_than_a_month_is_not_told_again_and_again(house):
    engine, office, folder = house
    look(engine, office, FIRST)
    look(engine, office, FIRST + DAY * 2)
    for n in range(3, 40):
        number, round = begin(engine, FIRST + DAY * n, Hand(at(FIRST + DAY * n), "flow:watch"))
        finish(engine, number, round, at(FIRST + DAY * n))
    assert not tell_of_missed(engine, office, at(FIRST + DAY * 39, 12))
    with reading(engine) as session:
        assert len(blind_times(session, at(FIRST + DAY * 39, 12))) == 1


REFUSED = "a round of the watch is never changed or removed once it is over"


@pytest.mark.parametrize("statement", [
    "DELETE FROM watch_round", "UPDATE watch_round SET cases = 9", "UPDATE watch_round SET ended_at = NULL",
    "UPDATE watch_round SET \"on\" = '2026-05-03'"])
def test_no_statement_changes_a_round_that_is_over(house, statement):
    engine, office, _ = house
    look(engine, office, FIRST)
    with pytest.raises(DBAPIError, match=REFUSED), engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("statement", [
    "UPDATE watch_round SET \"on\" = '2026-05-01'", "UPDATE watch_round SET started_at = '2026-05-01T06:00:00.000000Z'"])
def test_nor_the_beginning_of_one_that_goes_on(house, statement):
    engine, _, _ = house
    begin(engine, FIRST, Hand(at(FIRST), "flow:watch"))
    with pytest.raises(DBAPIError, match=REFUSED), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM watch_round")).scalar() == 1
