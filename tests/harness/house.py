"""A house of the tests' own: every setting points into one temporary folder, before anything reads a setting."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from tasks.prefect_server import api_url, environment, free_port

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 1024 ** 3


def stay_in_memory() -> None:
    """Keep the files of the tests in memory, where Linux offers a folder for that and it has the room.

    A record waits for the disk at each commit, thousands of times in these tests, and none of them cuts the power.
    """
    with suppress(OSError):
        if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
            os.environ["TMPDIR"] = str(MEMORY)
            tempfile.tempdir = None              # asked anew


stay_in_memory()
FOLDER = Path(tempfile.gettempdir(), f"ehc-tests-{token_hex(6)}")      # made by who moves in: a child that only reads leaves nothing
PREFECT_HOME = FOLDER / "prefect"
PREFECT_PORT = free_port()
OUTBOX = FOLDER / "outbox"
DATABASE_URL = f"sqlite:///{FOLDER / 'ehc.sqlite'}"

OURS = {"EHC_DATABASE_URL": DATABASE_URL, "EHC_OUTBOX_DIR": str(OUTBOX), "EHC_CHANNELS": "{}"}

COUNCIL = {"EHC_COUNCIL__" + name.upper(): text for name, text in {
    "name": "Sample Council", "phone": "01632 960001", "email": "send@sample.example", "post": "1 Town Square, Oldtown",
    "mediation_adviser": "Made-up Mediation, 01632 960002", "sendiass": "Made-up SENDIASS, 01632 960003",
    "disagreement_resolution": "Made-up Resolution, 01632 960004",
    "tribunal": "First-tier Tribunal (SEND), 01632 960005", "local_offer": "https://localoffer.sample.example",
}.items()}
"""The details without which no letter leaves: for the worker, whose flows write letters."""


def move_in() -> None:
    """Let no setting of the machine's owner reach a test: no database, no channel, no Prefect of theirs.

    The address of the tests' Prefect stands from the start, though nothing listens there until a test asks for it.
    """
    FOLDER.mkdir(mode=0o700)
    for name in [name for name in os.environ if name.startswith(("EHC_", "PREFECT_"))]:
        del os.environ[name]
    os.environ.update(OURS)
    os.environ.update(environment(PREFECT_HOME, api_url(PREFECT_PORT)))
