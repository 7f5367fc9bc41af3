"""What the mail system sent back, read from the folder into which it puts it: each file once, and moved aside when it is done.

The folder is a Maildir, or one into which files are dropped. Killed half-way, the next reading does what is left: what is on
record already is not written down twice.
"""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine

from models.hand import Hand
from notifications.channels import Channels
from notifications.returns import NotUnderstood, Returned, read_return
from tasks.delivery import Noted, Told, note

READ, OTHER = "read", "not-understood"
"""The folders, within the one that is read, for what was written down and for what a person should look at."""

LARGEST = 5_000_000
"""Bytes of a notification: it may send back the whole e-mail."""


class NoFolder(RuntimeError):
    """There is no folder to read; the message says what to set up."""


@dataclass
class ReadReturns:
    """What was in the folder: what was written down; the files that could not be understood, each with the reason."""

    files: int = 0
    noted: Noted = field(default_factory=Noted)
    other: dict[str, str] = field(default_factory=dict)

    def words(self) -> str:
        """One line for people."""
        return (f"{self.files} files: {self.noted.words()}"
                + (f"; {len(self.other)} not understood, for a person to look at in {OTHER}" if self.other else ""))


def take_in(engine: Engine, channels: Channels, folder: Path, secret: SecretStr, hand: Hand, today: date,
            progress: Callable[[int], None] = lambda done: None) -> ReadReturns:
    """Read every file that waits in the folder and write down what it tells. Raises NoFolder."""
    if not folder.is_dir():
        raise NoFolder(f"There is no folder {folder}. Let the mail system put there what comes back to the sender of our e-mails"
                       " (a Maildir, or one file a mail), and name it in EHC_RETURNS_DIR.")
    report = ReadReturns()
    for place in _waiting(folder):
        report.files += 1
        try:
            told = read_return(_content(place), secret)
        except NotUnderstood as why:
            report.other[place.name] = str(why)
            _move(place, folder / OTHER)
        else:
            noted = _note(engine, channels, told, hand, today)
            report.noted.add(noted)
            if not noted.problems:
                _move(place, folder / READ)              # else it is read again, once what was wrong is mended
        progress(1)
    return report


def _note(engine: Engine, channels: Channels, told: Returned, hand: Hand, today: date) -> Noted:
    if told.outcome == "waiting":
        return Noted()
    return note(engine, channels, [Told(told.key, told.outcome, told.why, told.final)], hand, today)


def _waiting(folder: Path) -> Iterator[Path]:
    """The files of a Maildir (new and cur) or of the folder itself, oldest first. Links are not followed."""
    places = [folder / name for name in ("new", "cur") if (folder / name).is_dir()] or [folder]
    found = []
    for place in places:
        for path in place.iterdir():
            about = path.lstat()
            if stat.S_ISREG(about.st_mode) and not path.name.startswith("."):
                found.append((about.st_mtime, path))
    yield from (path for _, path in sorted(found))


def _content(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise NotUnderstood(f"it cannot be read ({error.strerror})") from None
    if len(content) > LARGEST:
        raise NotUnderstood(f"it is larger than {LARGEST // 1_000_000} megabytes")
    return content


def _move(place: Path, to: Path) -> None:
    to.mkdir(mode=0o700, exist_ok=True)
    place.replace(to / place.name)
