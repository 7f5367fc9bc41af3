"""Settings come from one place, are optional, and never show a secret."""

import subprocess
import sys
from pathlib import Path

import pytest

from tasks.settings import BadSettings, read_settings, settings

SECRET = "mailto://user:very-secret@example.org"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "CHANNELS", "OUTBOX_DIR", "COUNCIL__NAME", "PREFECT_PORT"):
        monkeypatch.delenv(f"EHC_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_with_nothing_set_everything_has_a_value():
    ours = settings()
    assert ours.database_url == "sqlite:///./var/ehc.sqlite"
    assert (ours.channels, ours.outbox_dir, ours.prefect_port, ours.council.name) == ({}, Path("var/outbox"), 4200, "")


def test_they_are_read_once(monkeypatch):
    assert settings() is settings()
    monkeypatch.setenv("EHC_PREFECT_PORT", "4300")
    assert (settings().prefect_port, read_settings().prefect_port) == (4200, 4300)


def test_channels_are_json_and_the_councils_details_are_set_one_by_one(monkeypatch):
    monkeypatch.setenv("EHC_CHANNELS", f'{{"rcb": "{SECRET}"}}')
    monkeypatch.setenv("EHC_COUNCIL__NAME", "Oldtown Council")
    ours = settings()
    assert ours.channels["rcb"].get_secret_value() == SECRET
    assert (ours.council.name, ours.council.phone) == ("Oldtown Council", "")


def test_a_file_called_env_is_read_too(tmp_path):
    (tmp_path / ".env").write_text("EHC_PREFECT_PORT=4301\nSOMETHING_ELSE=1\nEHC_CHANNELS=\n")
    assert settings().prefect_port == 4301


def test_secrets_do_not_show(monkeypatch):
    monkeypatch.setenv("EHC_CHANNELS", f'{{"rcb": "{SECRET}"}}')
    monkeypatch.setenv("EHC_DATABASE_URL", "postgresql://ehc:very-secret@localhost/ehc")
    shown = f"{settings()!r} {settings()} {settings().channels}"
    assert "very-secret" not in shown


@pytest.mark.parametrize("name, value, words", [
    ("EHC_CHANNELS", f'{{"rcb": ["{SECRET}"]}}', "EHC_CHANNELS__RCB"),
    ("EHC_CHANNELS", f'{{"rcb": {SECRET}', "channels.*as JSON"),
    ("EHC_PREFECT_PORT", "seventy", "EHC_PREFECT_PORT"),
    ("EHC_COUNCIL__COLOUR", "blue", "EHC_COUNCIL__COLOUR"),
])
def test_a_setting_that_cannot_be_used_is_named_and_not_shown(monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=words) as error:
        settings()
    assert "very-secret" not in str(error.value) and error.value.__cause__ is None


def test_importing_reads_no_setting_and_opens_nothing(tmp_path):
    root = Path(__file__).parents[2]
    code = (f"import sys; sys.path.insert(0, {str(root)!r})\n"
            "import tasks.case_file, tasks.database, tasks.rebuild, tasks.settings, tasks.trail")
    subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, check=True, env={"PATH": "/usr/bin:/bin"})
    assert list(tmp_path.iterdir()) == []
