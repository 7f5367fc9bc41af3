"""The real command in a process of its own: how fast it starts, pipes that close, no terminal, Ctrl-C, and Prefect."""

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.harness import house

EHC = Path(sys.executable).with_name("ehc")


def run(*arguments: str, cwd: Path, input: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("EHC_", "PREFECT_"))}
    return subprocess.run([EHC, *arguments], cwd=cwd, input=input, capture_output=True, text=True, timeout=120,
                          env={**theirs, "PREFECT_API_URL": "http://127.0.0.1:9/api", **env})


def test_the_command_is_installed_and_its_errors_are_no_tracebacks(tmp_path):
    wrong = run("replay", "nowhere.jsonl", "--as-of", "2026-03-02", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == ("ehc: nowhere.jsonl: there is no such file. Check its name, or give - to read the standard input.\n")


def test_help_and_answers_of_the_law_load_neither_prefect_nor_a_database():
    code = ("import sys; from cli.main import app; from typer.testing import CliRunner; run = CliRunner().invoke;"
            "light = set(sys.modules); assert not {'prefect', 'sqlalchemy', 'pydantic', 'rich', 'models.facts'} & light, light;"
            "assert run(app, ['law', 'due', 'finalise_plan', '--from', '2026-03-02']).exit_code == 0;"
            "assert run(app, ['replay', '-', '--as-of', '2026-03-02'], input='').exit_code == 0;"
            "assert not {'prefect', 'sqlalchemy', 'apprise'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True, timeout=180)


def test_commands_that_record_and_list_never_load_prefect(tmp_path):
    code = ("import sys; from cli.main import app; from typer.testing import CliRunner; run = CliRunner().invoke;"
            "calls = (['receive', '--requested-by', 'parent', '--no-nudge'], ['record', 'EHC-2026-0001', 'family_consulted'],"
            " ['due'], ['case', 'EHC-2026-0001'], ['why', 'EHC-2026-0001', 'finalise_plan'], ['trail', 'verify'], ['doctor']);"
            "[run(app, call) for call in calls]; assert 'tasks.case_file' in sys.modules;"
            "assert 'prefect' not in sys.modules and 'flows' not in sys.modules")
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, cwd=tmp_path,
                   env={**os.environ, "EHC_DATABASE_URL": "sqlite:///./ehc.sqlite", "PREFECT_API_URL": "http://127.0.0.1:9/api"})


def test_a_reader_that_goes_away_is_no_error_worth_a_traceback(tmp_path):
    broken = subprocess.run(f"{EHC} law list --json | head -n 1", shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=180)
    assert broken.stdout == "[\n" and "Traceback" not in broken.stderr


def test_text_of_any_language_where_the_terminal_knows_none(tmp_path):
    plain = run("law", "due", "finalise_plan", "--from", "2026-03-02", "--json", cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0")
    assert json.loads(plain.stdout)["due_on"] == "2026-07-20"
    named = run("receive", "--requested-by", "parent", "--name", "Zoë", "--born", "2017-05-04", "--no-nudge", cwd=tmp_path, LC_ALL="C")
    assert named.returncode == 0, named.stderr
    shown = run("person", json.loads(run("due", "--json", cwd=tmp_path).stdout)[0]["case"], cwd=tmp_path, LC_ALL="C", PYTHONUTF8="0",
                PYTHONCOERCECLOCALE="0")
    assert shown.returncode == 0 and "Traceback" not in shown.stderr


@pytest.mark.parametrize("width", [40, 80, 100, 140, 250])
def test_a_terminal_of_any_width_shows_every_word(tmp_path, width):
    plain = run("law", "list", cwd=tmp_path).stdout
    drawn = on_a_terminal(width, "law", "list", cwd=tmp_path)
    assert max(map(len, drawn.splitlines())) <= width
    assert re.sub(r"[\s─]", "", drawn) != "" and sorted(re.sub(r"[\s─]", "", drawn)) == sorted(re.sub(r"\s", "", plain))
    if width == 140:
        assert "notify_no_plan_need_determination" in drawn


def on_a_terminal(width: int, *arguments: str, cwd: Path) -> str:
    """What a command draws on a terminal of this width, without its colours."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execve(EHC, [EHC, *arguments], {**os.environ, "COLUMNS": str(width), "LINES": "50", "TERM": "xterm"})
    drawn = b""
    with contextlib.suppress(OSError):                   # the other end closes
        while part := os.read(terminal, 65536):
            drawn += part
    os.waitpid(pid, 0)
    os.close(terminal)
    return re.sub(r"\x1b\[[0-9;]*m", "", drawn.decode()).replace("\r\n", "\n")


def test_two_processes_that_record_at_once_both_do(tmp_path):
    assert run("receive", "--requested-by", "parent", "--ref", "A", "--no-nudge", cwd=tmp_path).returncode == 0
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("EHC_", "PREFECT_"))}
    going = [subprocess.Popen([EHC, "record", "A", "family_consulted", f"key=k{n}", "--no-nudge"], cwd=tmp_path, env=theirs,
                              stdout=subprocess.DEVNULL) for n in range(4)]
    assert [process.wait(60) for process in going] == [0] * 4
    assert "5 facts in 1 case" in run("trail", "verify", cwd=tmp_path).stdout


def test_a_watch_through_prefect(prefect_server, tmp_path):
    env = {"PREFECT_API_URL": prefect_server.api_url, **house.COUNCIL}
    assert run("receive", "--requested-by", "parent", "--ref", "A", "--no-nudge", cwd=tmp_path).returncode == 0
    round = run("watch", cwd=tmp_path, **env)
    assert round.returncode == 0, round.stderr
    assert "1 cases visited" in round.stdout and "4 sent" in round.stdout
    assert {m["status"] for m in json.loads(run("case", "A", "--json", cwd=tmp_path).stdout)["messages"]} == {"sent"}
    assert "0 sent" in run("watch", cwd=tmp_path, **env).stdout
    facts = json.loads(run("case", "A", "--json", cwd=tmp_path).stdout)["facts"]
    assert all(fact["flow_run"] for fact in facts if fact["fact"] == "message_sent")


@pytest.mark.prefect
def test_everything_on_one_machine_until_ctrl_c(tmp_path):
    from tasks.prefect_server import free_port

    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("EHC_", "PREFECT_"))}
    pages = str(free_port())
    port = {"EHC_PREFECT_PORT": str(free_port()), "EHC_PORTAL_PORT": pages, "EHC_LINK_SECRET": "s" * 40,
            "EHC_PUBLIC_URL": f"http://127.0.0.1:{pages}", **house.COUNCIL}
    assert run("receive", "--requested-by", "parent", "--ref", "A", "--on", "2026-03-02", "--no-nudge", cwd=tmp_path).returncode == 0
    with (tmp_path / "out.txt").open("w") as out, (tmp_path / "err.txt").open("w") as err:
        up = subprocess.Popen([EHC, "up"], cwd=tmp_path, env=theirs | port, stdout=out, stderr=err)
    try:
        until = time.monotonic() + 400
        while "Ctrl-C" not in (tmp_path / "out.txt").read_text():
            assert up.poll() is None and time.monotonic() < until, (tmp_path / "err.txt").read_text()
            time.sleep(0.2)
        said = (tmp_path / "out.txt").read_text()
        assert "overdue against a statutory limit" in said and f"http://127.0.0.1:{port['EHC_PREFECT_PORT']}" in said
        told = {one["what"]: one["state"] for one in json.loads(_on_this_machine("doctor", "--json", cwd=tmp_path, env=port))["findings"]}
        assert (told["Prefect server"], told["flows"], told["worker"]) == ("well", "well", "well")
        assert told["portal"] == "well" and f"http://127.0.0.1:{pages}" in said
        nudged = _on_this_machine("record", "A", "family_consulted", cwd=tmp_path, env=port)
        while "Prefect visits the case now" not in nudged:              # a busy server may be slow to answer
            assert time.monotonic() < until, nudged
            nudged = _on_this_machine("record", "A", "views_received", cwd=tmp_path, env=port)
        while not any((tmp_path / "var/outbox").rglob("*.eml")):
            assert time.monotonic() < until
            time.sleep(0.5)
    finally:
        up.send_signal(signal.SIGINT)
        assert up.wait(180) == 0
    assert "Ending the worker and the server." in (tmp_path / "out.txt").read_text()


def _on_this_machine(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    """What a command says that finds Prefect where `ehc up` has put it."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("EHC_", "PREFECT_"))}
    return subprocess.run([EHC, *arguments], cwd=cwd, env=theirs | env, capture_output=True, text=True, timeout=180).stdout
