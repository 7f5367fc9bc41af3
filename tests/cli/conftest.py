"""The real `ehc`, run in this process: what it answers, what it says beside the answer, and how it ends."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from tasks.database import engine
from tasks.settings import settings

NOBODY = "http://127.0.0.1:9/api"
"""Where nothing listens: the discard port of the loopback address."""


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
    """`ehc(*arguments, input=...)` in an empty folder, with nothing set from outside and no Prefect to be reached."""
    for name in os.environ:
        if name.startswith(("EHC_", "PREFECT_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_API_URL", NOBODY)
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def run(*arguments: str, input: str | bytes | None = None, env: Mapping[str, str] | None = None) -> Answer:
        settings.cache_clear()
        engine.cache_clear()                # a relative address means another file in another folder
        ended = runner.invoke(app, [str(a) for a in arguments], input=input, env=env, prog_name="ehc")
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Answer(ended.exit_code, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str | bytes], str]:
    """`file(name, content)` writes a file into the folder and answers its name."""

    def write(name: str, content: str | bytes) -> str:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    return write
