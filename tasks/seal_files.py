"""The files beside the log, so that what the database says can be held against what was written outside it.

EHC_SEAL_DIR holds `keys.txt`, the notes of the keys, and a file for each checkpoint, such as `000012.txt`: the signed note,
a blank line, and a line for each entry that it added: position, case, number, hash. A file is written once, whole, and never
again. The same rows always give the same files.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from tempfile import NamedTemporaryFile

from tasks.trail import Finding

KEYS = "keys.txt"
NUMBERED = re.compile(r"(\d{6,})\.txt")

Entry = tuple[int, str, int, str]
"""An entry of the log: position, case, number of the fact, leaf hash."""


class SealFiles:
    """The files in one folder, which need not exist.

    Which there are is looked at when this is made: do so before the database is first read. Files follow from what is in the
    database, so that one that is there then belongs to a checkpoint that is read afterwards, whoever seals meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = {int(found.group(1)) for path in folder.glob("*.txt") if (found := NUMBERED.fullmatch(path.name))}
        keys = folder / KEYS
        self._keys = keys.read_bytes() if keys.exists() else None

    def path(self, number: int) -> Path:
        """The file of a checkpoint."""
        return self.folder / f"{number:06d}.txt"

    def write(self, number: int, note: str, entries: Iterable[Entry]) -> None:
        """Write the file of a checkpoint, whole or not at all."""
        put(self.path(number), _lines(note, entries))

    def write_keys(self, notes: Sequence[str]) -> None:
        """Write the notes of the keys, where there are more than are there."""
        text = "\n".join(notes)
        if self._keys != text.encode() and not self.key_findings(notes):
            put(self.folder / KEYS, [text])

    def key_findings(self, notes: Sequence[str]) -> list[Finding]:
        """What is wrong with the file of the keys. The newest need not be in it yet: the next sealing writes them."""
        if self._keys is None or self._keys in {"\n".join(notes[:many]).encode() for many in range(1, len(notes) + 1)}:
            return []
        return [Finding(str(self.folder / KEYS), None, "it does not hold the keys that the database holds: one of the two was changed.")]

    def missing(self, last: int) -> list[Finding]:
        """Files that were removed, or that belong to checkpoints which the database no longer has.

        Those after the newest file may not have been written yet; the next sealing writes them.
        """
        there = self.numbers
        gone = [number for number in range(1, max(there, default=0)) if number not in there and number <= last]
        more = [number for number in sorted(there) if not 1 <= number <= last]
        return [Finding(f"checkpoint {number}", None, f"it has no file {self.path(number)} any more: it was removed.")
                for number in gone] + [
            Finding(f"checkpoint {number}", None, f"it is not in the database, and its file is there ({self.path(number)}): it"
                    " was removed from the database, or the file was put in.") for number in more]

    def differences(self, number: int, note: str, entries: Iterable[Entry] | None) -> Iterator[Finding]:
        """Where the file of a checkpoint, if there is one, is not what the database says: the first place.

        Without `entries` only the note is looked at.
        """
        path = self.path(number)
        if not path.exists():
            return
        where = f"checkpoint {number}"
        with path.open(encoding="utf-8", newline="", errors="replace") as file:
            wanted = "".join(_lines(note, []))
            if file.read(len(wanted)) != wanted:
                yield Finding(where, None, f"it is not what its file says ({path}): one of the two was changed.")
                return
            for line, entry in zip_longest(file, entries) if entries is not None else ():
                if entry is None:
                    yield Finding(where, None, f"it has fewer entries than its file ({path}), which has also {line.strip()!r}.")
                elif line != _line(entry):
                    position, case, fact, _ = entry
                    says = "is not there" if line is None else f"says {line.strip()!r}"
                    yield Finding(case, fact, f"is entry {position} of the log, and the file of {where} {says} ({path}): one of"
                                              " the two was changed.")
                else:
                    continue
                return

def put(path: Path, lines: Iterable[str]) -> None:
    """Write a file whole or not at all. Others may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, prefix=".", suffix=".new", delete=False) as file:
        try:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.fileno(), 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)                            # a rename is on disk when its folder is
    finally:
        os.close(folder)


def _lines(note: str, entries: Iterable[Entry]) -> Iterator[str]:
    yield f"{note}\n"
    yield from map(_line, entries)


def _line(entry: Entry) -> str:
    return "{} {} {} {}\n".format(*entry)
