"""A Prefect of our own on this machine: its server, our flows on it, and one worker, as child processes of this one.

For a laptop, a demonstration and the tests. It speaks to the loopback address only and tells nobody anything.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import yaml

HOST = "127.0.0.1"
POOL = "ehc"
"""The work pool of prefect.yaml."""

CHECKOUT = Path(__file__).resolve().parent.parent
"""Where prefect.yaml and the flows are."""

PATIENCE = 300
"""Seconds for which a server may take to start: 10 to 20 on an empty database, 5 later."""

GRACE = 15
"""Seconds in which the server, or a flow run, must end once it was asked to. A flow run ends as Crashed."""

WORKER_GRACE = 1
"""The same for the worker once its flow runs have ended: asked to end, one of 3.8.8 stops working but stays. It holds nothing."""

AT_ONCE = 3
"""Flow runs that the worker has going at the same time. Each is a process, and SQLite has one writer."""

KEPT = ("PREFECT_SERVER_DATABASE_", "PREFECT_LOGGING_")
"""Of the Prefect settings that stand in the environment, those that hold for a local Prefect too."""

Progress = Callable[[str], None]
"""Told, in a few words, what is waited for; called about four times a second."""


class PrefectDidNotStart(RuntimeError):
    """Prefect could not be started, or ended by itself; the message says why and what to do."""


def environment(home: Path, api_url: str) -> dict[str, str]:
    """The settings of every process that speaks to a Prefect of our own. They must be set before `prefect` is imported.

    Nothing is reported to anybody, no server starts by itself, and nothing outside `home` is read or written.
    """
    return {
        "PREFECT_HOME": str(home.resolve()),
        "PREFECT_PROFILES_PATH": str(home.resolve() / "profiles.toml"),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_CLI_PROMPT": "false",
    }


def free_port() -> int:
    """A port of the loopback address on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def api_url(port: int) -> str:
    """The address of the API of a local Prefect.

    >>> api_url(4200)
    'http://127.0.0.1:4200/api'
    """
    return f"http://{HOST}:{port}/api"


def declared(checkout: Path = CHECKOUT) -> set[tuple[str, str]]:
    """What prefect.yaml declares: each deployment's name, and the module path of its flow."""
    told = yaml.safe_load((checkout / "prefect.yaml").read_text())
    return {(one["name"], one["entrypoint"]) for one in told["deployments"]}


def healthy(api_url: str, patience: float = 2.0) -> bool:
    """Whether a Prefect server answers at this address now. Never an error."""
    try:
        return httpx.get(f"{api_url.rstrip('/')}/health", timeout=patience, trust_env=False).is_success
    except httpx.HTTPError:
        return False


@dataclass
class LocalPrefect:
    """A server and a worker that live as long as this process. `running` starts and stops one in one line."""

    home: Path
    port: int
    checkout: Path = CHECKOUT
    extra: Mapping[str, str] = field(default_factory=dict)
    """More settings for the flows, such as EHC_DATABASE_URL."""
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, init=False)

    @property
    def api_url(self) -> str:
        """Where the API is."""
        return api_url(self.port)

    @property
    def screen_url(self) -> str:
        """Where a person looks."""
        return f"http://{HOST}:{self.port}"

    def start_server(self, progress: Progress = lambda words: None) -> None:
        """Start the server and wait until it answers. Raises PrefectDidNotStart."""
        _end_leftovers(self.home)
        if _taken(self.port):
            raise PrefectDidNotStart(f"Something listens on port {self.port} of this machine already. Stop it, or choose"
                                     " another port.")
        server = self._start("server", "server", "start", "--host", HOST, "--port", str(self.port), "--analytics-off")
        began = time.monotonic()
        while not healthy(self.api_url):
            waited = time.monotonic() - began
            if server.poll() is not None:
                raise PrefectDidNotStart(f"The Prefect server ended while it started. {self._last_words('server')}")
            if waited > PATIENCE:
                raise PrefectDidNotStart(f"The Prefect server did not answer within {PATIENCE} seconds."
                                         f" {self._last_words('server')}")
            progress(f"Prefect server starting, {waited:.0f} s")
            time.sleep(0.25)

    def deploy(self, progress: Progress = lambda words: None) -> None:
        """Make the work pool, if it is not there, and deploy every flow of prefect.yaml. Raises PrefectDidNotStart."""
        self._make_pool()
        flows = self._start("deploy", "--no-prompt", "deploy", "--all", cwd=self.checkout)
        self._wait_for_end(flows, lambda: progress("flows being deployed"))
        del self.children["deploy"]
        if flows.returncode:
            raise PrefectDidNotStart(f"The flows of {self.checkout / 'prefect.yaml'} could not be deployed."
                                     f" {self._last_words('deploy')}")

    def start_worker(self) -> None:
        """Start the worker, which asks for work every second. It is ready about two seconds later.

        Raises PrefectDidNotStart.
        """
        self._make_pool()
        self._start("worker", "worker", "start", "--pool", POOL, "--type", "process", "--name", "ehc",
                    "--limit", str(AT_ONCE), "--install-policy", "never")

    def problem(self) -> str | None:
        """Which child has ended by itself, and its last words; None while all is well."""
        for name, child in self.children.items():
            if child.poll() is not None:
                return f"The Prefect {name} ended by itself (code {child.returncode}). {self._last_words(name)}"
        return None

    def watch_over(self, every: float = 0.5) -> None:
        """Wait as long as all is well. Raises PrefectDidNotStart when a child ends by itself."""
        while (problem := self.problem()) is None:
            time.sleep(every)
        raise PrefectDidNotStart(problem)

    def stop(self) -> None:
        """End the worker with its flow runs, then the server. Safe to repeat; a second Ctrl-C ends them at once."""
        if not self.children:
            return
        try:
            for name in reversed(list(self.children)):
                _end(name, self.children[name].pid)
                self.children[name].wait()
                del self.children[name]
        except KeyboardInterrupt:
            for name, child in self.children.items():
                _end(name, child.pid, grace=0)
                child.wait()
            raise
        finally:
            _note(self.home).unlink(missing_ok=True)

    def _start(self, name: str, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[bytes]:
        self.home.mkdir(parents=True, exist_ok=True)
        theirs = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_") or key.startswith(KEPT)}
        with self._log(name).open("wb") as log:
            # A session of its own: Ctrl-C reaches this process alone, which then ends its children in order.
            child = subprocess.Popen(
                [sys.executable, "-m", "prefect", *arguments], cwd=cwd or self.home, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                env={**theirs, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", **self.extra, **environment(self.home, self.api_url)})
        self.children[name] = child
        family = {"parent": os.getpid(), **{name: one.pid for name, one in self.children.items()}}
        _note(self.home).write_text(json.dumps([
            [name, pid, began] for name, pid in family.items() if (began := _began(pid)) is not None]))
        return child

    def _make_pool(self) -> None:
        # The worker fills in the template of the jobs when it first comes.
        made = httpx.post(f"{self.api_url}/work_pools/", json={"name": POOL, "type": "process"}, timeout=30, trust_env=False)
        if made.is_error and made.status_code != httpx.codes.CONFLICT:
            raise PrefectDidNotStart(f"The work pool {POOL!r} could not be made: {made.text}")

    def _wait_for_end(self, child: subprocess.Popen[bytes], tick: Callable[[], None]) -> None:
        while child.poll() is None:
            tick()
            time.sleep(0.25)

    def _log(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def _last_words(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join([f"The end of {self._log(name)}:", *lines[-12:]])


@contextmanager
def running(home: Path, port: int, checkout: Path = CHECKOUT, extra: Mapping[str, str] | None = None,
            progress: Progress = lambda words: None) -> Iterator[LocalPrefect]:
    """A server with our flows deployed and a worker, ended in good order however the block is left: SIGTERM too.

    Takes about 15 seconds the first time, 10 later. To be called from the main thread. Raises PrefectDidNotStart.
    """
    prefect = LocalPrefect(home, port, checkout, extra or {})
    before = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        prefect.start_server(progress)
        prefect.start_worker()
        prefect.deploy(progress)
        yield prefect
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        prefect.stop()
        signal.signal(signal.SIGTERM, before)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _note(home: Path) -> Path:
    """Who started which processes; what is left of them after a kill can be found by it."""
    return home / "processes.json"


def _end_leftovers(home: Path) -> None:
    """End what a killed process left running. A process is known by its number and the moment that it began."""
    if not _note(home).exists():
        return
    (_, parent, born), *children = json.loads(_note(home).read_text())
    if parent != os.getpid() and _began(parent) == born:
        raise PrefectDidNotStart(f"A Prefect with its files in {home} runs already, started by process {parent}."
                                 " Use that one, or stop it first.")
    for name, child, born in reversed(children):
        if _began(child) == born:
            _end(name, child)
    _note(home).unlink()


def _began(pid: int) -> float | None:
    """When this process began; None if there is none."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None


def _end(name: str, pid: int, grace: float = GRACE) -> None:
    """End a process and all it started: asked first, what it started before itself, killed after `grace` seconds."""
    try:
        process = psutil.Process(pid)
        started = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return
    for one in (process, *started):
        _signal(one, signal.SIGTERM)
    psutil.wait_procs(started, timeout=grace)
    _, alive = psutil.wait_procs([process, *started], timeout=min(grace, WORKER_GRACE) if name == "worker" else grace)
    for one in alive:
        _signal(one, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=GRACE)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
