"""A sender killed between any two steps, by a real signal, with real servers; and a slow server, with two senders at once.

Nothing is lost. By mail a letter may go twice, if the sender died after the server had taken it and before that was written down;
through a channel that takes our reference, and into the folder of files, never.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Barrier, Lock

import pytest
from pydantic import SecretStr
from sqlmodel import select

from models.hand import Hand
from models.tables.cases import MessageRow
from notifications.channels import Channels
from tasks import database
from tasks.case_file import NewFact, open_case, read
from tasks.database import reading, writing
from tasks.rebuild import rebuild
from tasks.office import Office
from tasks.sending import LEASE, send_waiting
from tasks.trail import verify
from tasks.visit import say
from tests.harness import mail, notify
from tests.tasks.builders import council

RECEIVED = date(2026, 3, 2)
AT = datetime.combine(RECEIVED, time(9), UTC)
HOUSE = Path(__file__).parents[2]

SENDER = """
import os, signal, sys
from pydantic import SecretStr
from notifications.channels import Channels
from tasks import database, sending
from tests.tasks.builders import council
from tasks.office import Office
from tests.tasks.test_killed_sender import AT, RECEIVED, Hand

url, channel, folder, steps = sys.argv[1:5]
left = int(steps)

def then_die(name):
    real = getattr(sending._Sender, name)
    def step(self, *args, **more):
        global left
        done = real(self, *args, **more)
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(sending._Sender, name, step)

for name in ("_lease", "_ready", "_through", "_outcome"):
    then_die(name)
urls = {"default": SecretStr(channel)} if channel else {}
office = Office(Channels(urls, __import__("pathlib").Path(folder)), council())
sending.send_waiting(database.engine(url), office, Hand(AT, "officer-7"), RECEIVED)
"""
STEPS = range(1, 10)
"""Four steps a letter (leased, made ready, taken by the channel, written down), for two letters and the beginning of a third."""


@pytest.fixture
def waiting(sqlite_url):
    """A database in which five letters wait."""
    engine = database.engine(sqlite_url)
    with writing(engine) as session:
        open_case(session, "EHC-2026-0001", None, NewFact("request_received", RECEIVED, {
            "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}), Hand(AT, "officer-7"), RECEIVED)
    keys = say(engine, ["EHC-2026-0001"], RECEIVED, Hand(AT, "officer-7"))
    assert len(keys) == 5
    yield engine, sqlite_url, keys
    engine.dispose()


def killed(url: str, channel: str, folder: Path, steps: int) -> None:
    done = subprocess.run([sys.executable, "-c", SENDER, url, channel, str(folder), str(steps)], capture_output=True, text=True, cwd=HOUSE,
                          env=os.environ | {"PYTHONPATH": os.pathsep.join([str(HOUSE), *sys.path])})
    assert done.returncode == -signal.SIGKILL, done.stderr


def goes_on(engine, channel: str, folder: Path) -> None:
    """Another sender, before the lease is over and after."""
    office = Office(Channels({"default": SecretStr(channel)} if channel else {}, folder), council())
    for later in (LEASE / 2, LEASE + timedelta(seconds=1)):
        send_waiting(engine, office, Hand(AT + later, "officer-7"), RECEIVED)


def nothing_is_lost(engine, keys: list[str]) -> None:
    with reading(engine) as session:
        assert {row.key: row.status for row in session.exec(select(MessageRow))} == dict.fromkeys(keys, "sent")
        told = [fact["key"] for fact in read(session, "EHC-2026-0001") if fact.kind == "message_sent"]
        assert sorted(told) == sorted(keys), "each is on record once"
        assert verify(session).is_sound and rebuild(session, check=True).differences == ()


@pytest.mark.parametrize("steps", STEPS)
def test_by_mail_at_most_the_one_letter_that_was_under_way_goes_twice(waiting, tmp_path, steps):
    engine, url, keys = waiting
    with mail.running() as post:
        channel = post.url("somebody@agency.example").get_secret_value()
        killed(url, channel, tmp_path, steps)
        goes_on(engine, channel, tmp_path)
        nothing_is_lost(engine, keys)
        went = Counter(post.keys())
    assert set(went) == set(keys)
    doubled = sum(went.values()) - len(keys)
    assert doubled == (steps % 4 == 3), "only between the server's yes and our writing it down"


@pytest.mark.parametrize("steps", STEPS)
def test_through_a_channel_that_takes_our_reference_none_goes_twice(waiting, tmp_path, steps):
    engine, url, keys = waiting
    with notify.running() as service:
        channel = service.url("email", notify.EMAIL, "somebody@agency.example")
        killed(url, channel, tmp_path, steps)
        goes_on(engine, channel, tmp_path)
        nothing_is_lost(engine, keys)
        assert Counter(one["reference"] for one in service.notifications) == dict.fromkeys(keys, 1)


@pytest.mark.parametrize("steps", (3, 4))
def test_in_the_folder_of_files_there_is_one_of_each(waiting, tmp_path, steps):
    engine, url, keys = waiting
    killed(url, "", tmp_path / "outbox", steps)
    goes_on(engine, "", tmp_path / "outbox")
    nothing_is_lost(engine, keys)
    assert len(list((tmp_path / "outbox").rglob("*.eml"))) == len(keys)
    assert not list((tmp_path / "outbox").rglob("*.part"))


# --- a slow server -------------------------------------------------------------------------------------------------

class Clock:
    """A clock on which each letter takes a twentieth of a lease, so that a round of sixty outlasts it by far."""

    def __init__(self) -> None:
        self._now, self._one = AT, Lock()

    def __call__(self) -> datetime:
        with self._one:
            self._now += LEASE / 20
            return self._now


def test_while_a_long_round_goes_on_no_lease_of_it_runs_out_into_a_duplicate(waiting, tmp_path):
    """Twelve cases, sixty letters, a server that takes its time, and a second sender at once."""
    engine, _, keys = waiting
    refs = [f"EHC-2026-{number:04d}" for number in range(2, 13)]
    with writing(engine) as session:
        for ref in refs:
            open_case(session, ref, None, NewFact("request_received", RECEIVED, {
                "requested_by": "parent", "attends": "school", "setting": "school-1"}), Hand(AT, "officer-7"), RECEIVED)
    keys = sorted([*keys, *say(engine, refs, RECEIVED, Hand(AT, "officer-7"))])
    clock, together, progress = Clock(), Barrier(2), []
    with mail.running(delay=0.01) as post:
        office = Office(Channels({"default": post.url("somebody@agency.example")}, tmp_path), council())

        def one() -> None:
            together.wait()
            send_waiting(engine, office, Hand(AT, "officer-7"), RECEIVED, progress=progress.append, clock=clock)

        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(one), pool.submit(one)]:
                future.result()
        assert sorted(post.keys()) == keys
    assert len(progress) >= len(keys) and clock() > AT + 2 * LEASE


def test_what_a_round_sets_aside_holds_no_case(waiting):
    """Thousands of reminders may be set aside before the first goes: of each is kept what its line says, and no record."""
    from tasks.sending import _Ready

    assert set(_Ready.__dataclass_fields__) == {"queued", "fields", "ways", "attempts", "number"}
