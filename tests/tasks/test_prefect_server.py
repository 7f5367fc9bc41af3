"""A Prefect of our own starts, is watched over, and ends with all that it started: asked, interrupted or killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest

from tasks.prefect_server import LocalPrefect, PrefectDidNotStart, environment, free_port, healthy

HOUSE = Path(__file__).parents[2]

UP = """
import sys
from pathlib import Path
from tasks.prefect_server import running
with running(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])) as prefect:
    print("up", *(child.pid for child in prefect.children.values()), flush=True)
    prefect.watch_over()
"""


def test_nobody_answers_where_nobody_listens():
    assert not healthy(f"http://127.0.0.1:{free_port()}/api")


def test_a_server_answers(prefect_server):
    assert healthy(prefect_server.api_url) and prefect_server.problem() is None


def test_nothing_is_told_to_anybody_and_no_server_starts_by_itself(tmp_path):
    from_prefect = subprocess.run(
        [sys.executable, "-c",
         "from prefect.settings import get_current_settings as now\n"
         "from prefect._internal.analytics.enabled import is_telemetry_enabled\n"
         "us = now()\n"
         "print(us.server.analytics_enabled, us.server.ephemeral.enabled, us.cloud.enable_orchestration_telemetry,"
         " us.server.ui.show_promotional_content, is_telemetry_enabled(), us.home, us.worker.query_seconds)"],
        env={**os.environ, "CI": "", **environment(tmp_path, "http://127.0.0.1:4200/api")}, capture_output=True, text=True,
        check=True)
    assert from_prefect.stdout.split() == ["False"] * 5 + [str(tmp_path), "1.0"]


def test_a_schedule_becomes_runs_of_the_flow(prefect_worker):
    until = time.monotonic() + 60
    while not (runs := _scheduled(prefect_worker.api_url)) and time.monotonic() < until:
        time.sleep(0.5)
    assert runs and all(datetime.fromisoformat(run["next_scheduled_start_time"]).astimezone(UTC).hour in (6, 7) for run in runs)


def _scheduled(api_url):
    watch = httpx.get(f"{api_url}/deployments/name/watch/each-morning").raise_for_status().json()["id"]
    return httpx.post(f"{api_url}/flow_runs/filter", json={
        "deployments": {"id": {"any_": [watch]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}).json()


def test_a_port_that_is_taken_is_said_and_left_alone(prefect_server, tmp_path):
    second = LocalPrefect(tmp_path, prefect_server.port)
    with pytest.raises(PrefectDidNotStart, match=f"listens on port {prefect_server.port}"):
        second.start_server()
    second.stop()
    assert healthy(prefect_server.api_url)


def test_two_with_the_same_files_are_refused(prefect_server, up):
    second = up(prefect_server.home)
    assert second.wait() != 0
    assert f"runs already, started by process {os.getpid()}" in second.stderr.read()
    assert healthy(prefect_server.api_url)


@pytest.fixture
def up(tmp_path):
    """Starts one in a process of its own, with one flow to deploy."""
    (tmp_path / "prefect.yaml").write_text(
        "deployments:\n- {name: each-morning, entrypoint: flows.watch.watch, work_pool: {name: ehc}}\n")
    started = []

    def start(home):
        started.append(subprocess.Popen(
            [sys.executable, "-c", UP, str(home), str(free_port()), str(tmp_path)], cwd=HOUSE, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait()
        process.stdout.close()
        process.stderr.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One folder for several starts, of which only the first has to make its database."""
    return tmp_path_factory.mktemp("prefect")


def _children(process):
    word, *pids = process.stdout.readline().split()
    assert word == "up" and len(pids) == 2
    return [psutil.Process(int(pid)) for pid in pids]


@pytest.mark.prefect
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_all_it_started(up, home, how):
    process = up(home)
    children = _children(process)
    process.send_signal(how)
    process.wait(timeout=40)
    assert not any(child.is_running() for child in children)
    assert not (home / "processes.json").exists()


@pytest.mark.prefect
def test_what_a_killed_one_left_is_ended_by_the_next_which_says_when_a_child_ends_by_itself(up, home):
    killed = up(home)
    left = _children(killed)
    killed.kill()
    killed.wait()
    assert all(child.is_running() for child in left)

    following = up(home)
    new = _children(following)
    assert not any(child.is_running() for child in left) and all(child.is_running() for child in new)

    worker = new[1]
    worker.kill()
    assert following.wait(timeout=40) == 1
    assert "The Prefect worker ended by itself (code -9)" in following.stderr.read()
