"""The real `ehc`, run in this process: what it answers, what it says beside the answer, and how it ends."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli.main import app
from tasks.database import engine
from tasks.settings import settings
from tests.harness import databases

NOBODY = "http://127.0.0.1:9/api"
"""Where nothing listens: the discard port of the loopback address."""

DOOR = get_command(app)
"""The door as a process has it: put together once, for that takes longer than most of what is asked of it."""


@dataclass(frozen=True)
class Answer:
    """One run of `ehc`."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ehc = Callable[..., Answer]


@pytest.fixture
def ehc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ehc:
    """`ehc(*arguments, input=...)` in a folder with a database that has its tables and nothing in them.

    Nothing is set from outside, and there is no Prefect to be reached.
    """
    for name in os.environ:
        if name.startswith(("EHC_", "PREFECT_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_API_URL", NOBODY)
    monkeypatch.chdir(tmp_path)
    databases.lay(tmp_path / "var" / "ehc.sqlite")
    runner = CliRunner()

    def run(*arguments: str, input: str | bytes | None = None, env: Mapping[str, str] | None = None) -> Answer:
        settings.cache_clear()
        engine.cache_clear()                # a relative address means another file in another folder
        with runner.isolation(input=input, env=env) as (out, err, _both):
            with pytest.raises(SystemExit) as ended:
                DOOR.main([str(a) for a in arguments], prog_name="ehc")
            sys.stdout.flush()
            sys.stderr.flush()
            return Answer(ended.value.code or 0, out.getvalue().decode(), err.getvalue().decode())

    return run


@pytest.fixture
def no_database(ehc: Ehc, tmp_path: Path) -> None:
    """The folder of `ehc` is empty, as that of whoever calls it for the first time."""
    shutil.rmtree(tmp_path / "var")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], str]:
    """`file(name, content)` writes a file into the folder and answers its name."""

    def write(name: str, content: str | bytes) -> str:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    return write
