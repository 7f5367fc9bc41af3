"""A third party stamps checkpoints where one is set up; whatever it does, sealing goes on; what is kept of it is checked."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tasks import time_stamp
from tasks.database import reading
from tasks.settings import Settings
from tasks.time_stamp import NotStamped, authorities, place, stamp, stamps
from tests.harness.tsa import Authority, later
from tests.tasks.sealing import Trail, built


@pytest.fixture
def trail(engine, tmp_path) -> Trail:
    return built(engine, tmp_path)


@pytest.fixture
def authority(tmp_path) -> Authority:
    made = Authority("ecdsa")
    (tmp_path / "ca.pem").write_bytes(made.pem)
    return made


@pytest.fixture
def us(trail, authority, tmp_path):
    with authority.serving() as url:
        yield Settings(database_url="sqlite://", seal_dir=trail.folder, timestamp_url=url, timestamp_ca=tmp_path / "ca.pem")


def checked(trail: Trail, us: Settings):
    with reading(trail.engine) as session:
        return stamps(session, us.seal_dir, authorities(us))


def found(trail: Trail, us: Settings, *statements: str) -> list[str]:
    drop = ["DROP TRIGGER IF EXISTS time_stamp_is_not_changed" + (" ON time_stamp" if trail.engine.dialect.name == "postgresql" else "")]
    drop += ["DROP TRIGGER IF EXISTS time_stamp_is_not_removed"] * (trail.engine.dialect.name == "sqlite")
    with trail.tampered(*drop, *statements) as session:
        return [str(one) for one in stamps(session, us.seal_dir, authorities(us)).findings]


def test_the_newest_checkpoint_is_stamped_once_and_the_answer_kept_beside_it(trail, us, authority):
    first = stamp(trail.engine, us)
    assert first.at == authority.now and stamp(trail.engine, us) is None and len(authority.asked) == 1
    assert place(us.seal_dir, 3).stat().st_size > 500
    assert checked(trail, us).good == {3: first} and checked(trail, us).findings == []
    trail.seal()
    later(authority, timedelta(hours=5))
    stamp(trail.engine, us)
    assert sorted(checked(trail, us).good) == [3, 4] and trail.log().findings == []


def test_without_an_authority_nobody_is_asked(trail, tmp_path):
    assert stamp(trail.engine, Settings(database_url="sqlite://", seal_dir=tmp_path)) is None


@pytest.mark.parametrize("wrong, says", [
    ({"code": 503}, "answered 503"), ({"content_type": "text/html"}, "is no time stamp authority"), ({"body": b"x" * 200_000}, "too long"),
    ({"body": b"hello"}, "was not accepted"), ({"status": 2}, "refused by the authority"), ({"nonce": 3}, "another request"),
])
def test_whatever_it_answers_nothing_wrong_is_kept_and_the_next_call_asks_again(trail, us, authority, wrong, says):
    good = {name: getattr(authority, name) for name in wrong}
    for name, value in wrong.items():
        setattr(authority, name, value)
    with pytest.raises(NotStamped, match=says):
        stamp(trail.engine, us)
    assert checked(trail, us).good == {} and not place(us.seal_dir, 3).exists()
    for name, value in good.items():
        setattr(authority, name, value)
    assert stamp(trail.engine, us)


def test_one_that_does_not_answer_and_a_setting_that_lacks(trail, us, tmp_path):
    for change, says in (({"timestamp_url": "http://:secret@127.0.0.1:9/x"}, "could not be asked"), ({"timestamp_ca": None}, "EHC_TIMESTAMP_CA"),
                         ({"timestamp_ca": tmp_path / "none"}, "cannot be read"), ({"timestamp_ca": trail.folder / "keys.txt"}, "no certificate")):
        with pytest.raises(NotStamped, match=says) as refused:
            stamp(trail.engine, Settings(**us.model_dump() | change))
        assert "secret" not in str(refused.value)


def test_a_file_that_was_lost_is_written_again_from_what_is_kept(trail, us):
    stamp(trail.engine, us)
    body = place(us.seal_dir, 3).read_bytes()
    place(us.seal_dir, 3).unlink()
    stamp(trail.engine, us)
    assert place(us.seal_dir, 3).read_bytes() == body


def test_what_is_changed_removed_or_put_in_is_found(trail, us, authority):
    stamp(trail.engine, us)
    trail.seal()
    later(authority, timedelta(hours=1))
    stamp(trail.engine, us)
    assert found(trail, us) == []
    assert "is not the one that is kept" in found(trail, us, "UPDATE time_stamp SET stamped_at = '2026-05-01T00:00:00.000000Z' WHERE number = 3")[0]
    swapped = found(trail, us, "UPDATE time_stamp SET reply = (SELECT reply FROM time_stamp WHERE number = 4) WHERE number = 3")
    assert any("it is not what its file says" in line for line in swapped) and any("something else" in line for line in swapped)
    assert "its file is there" in found(trail, us, "DELETE FROM time_stamp WHERE number = 3")[0]
    place(us.seal_dir, 3).write_bytes(b"x")
    assert "not what its file says" in found(trail, us)[0]


def test_one_that_is_older_than_the_checkpoint_says_it_is(trail, us, authority):
    authority.now -= timedelta(days=2)
    stamp(trail.engine, us)
    assert "says that it was signed later" in str(checked(trail, us).findings[0])


def test_without_trust_they_are_counted_and_not_called_good(trail, us):
    stamp(trail.engine, us)
    with reading(trail.engine) as session:
        seen = stamps(session, us.seal_dir, [])
    assert (seen.good, seen.findings, seen.unchecked) == ({}, [], 1)


def test_it_cannot_be_changed_or_removed(trail, us):
    stamp(trail.engine, us)
    for statement in ("UPDATE time_stamp SET reply = ''", "DELETE FROM time_stamp"):
        with pytest.raises(sa.exc.DBAPIError, match="never changed or removed"), trail.engine.begin() as connection:
            connection.exec_driver_sql(statement)


class Killed(BaseException):
    pass


def test_killed_between_row_and_file_the_next_call_finishes(trail, us, authority, monkeypatch):
    def dying(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(time_stamp, "_write", dying)
        with pytest.raises(Killed):
            stamp(trail.engine, us)
    assert checked(trail, us).findings == []
    stamp(trail.engine, us)
    assert place(us.seal_dir, 3).exists() and len(authority.asked) == 1
