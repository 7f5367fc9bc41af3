"""The files of a return: one file, a folder, or an archive, each member opened as often as need be."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MOST_FILES = 100
MOST_BYTES = 4 << 30
"""Bytes that an archive may hold once unpacked: the largest return has some hundred megabytes."""

MOST_RATIO = 200
"""How many times its packed size a member may have: text packs 10 to 40 times, a bomb a thousand times."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class BadReturn(ValueError):
    """The file as a whole cannot be read; the message names it, says where and what to do. Nothing was imported."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file: its name for people, its size, and how to open it."""

    name: str
    size: int
    open: Callable[[], BinaryIO]

    def head(self, size: int = 4096) -> bytes:
        """Its first bytes."""
        with reading(self.name), self.open() as file:
            return file.read(size)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever goes wrong with a file or an archive inside becomes a BadReturn that names it."""
    try:
        yield
    except FileNotFoundError:
        raise BadReturn(f"{name}: there is no such file. Check its name.") from None
    except PermissionError:
        raise BadReturn(f"{name} may not be read by this user. Ask for the right to read it.") from None
    except zipfile.BadZipFile:
        raise BadReturn(f"{name} is damaged or was saved only halfway: it begins as a workbook or an archive and does not end as one."
                        " Save it again, or copy it again from where it came.") from None
    except (zlib.error, EOFError):
        raise BadReturn(f"{name} is damaged: what is packed in it cannot be unpacked. Save it or copy it again.") from None
    except (NotImplementedError, RuntimeError) as error:       # zipfile has no error of its own for what is locked
        if "password" in str(error) or "encrypted" in str(error):
            raise BadReturn(f"{name} is locked with a password. Save it without one.") from None
        raise
    except OSError as error:
        raise BadReturn(f"{name} cannot be read: {error.strerror}.") from None


def members(name: str) -> list[Member]:
    """The files of a return: itself, those of the folder, or those of the archive (a workbook counts as one file)."""
    path = Path(name)
    with reading(name):
        if path.is_dir():
            found = [_file(one) for one in sorted(path.iterdir()) if one.is_file() and not one.name.startswith((".", "~$"))]
            return _few(name, found)
        one = _file(path)
        head = one.head(8)
        if not head:
            raise BadReturn(f"{name} is empty.")
        if head.startswith(OLE):
            raise BadReturn(f"{name} is a workbook of the old kind (.xls) or is locked with a password. Save it as .xlsx without one.")
        if head.startswith(ZIP):
            with zipfile.ZipFile(path) as archive:
                if "[Content_Types].xml" not in archive.namelist():
                    return _few(name, _packed(name, path, archive))
                _not_a_bomb(name, archive.infolist())
        return [one]


def digest(files: list[Member]) -> str:
    """The SHA-256 of a return: of its one file, or of the names and hashes of all."""
    hashes = []
    for one in files:
        made = hashlib.sha256()
        with reading(one.name), one.open() as file:
            while chunk := file.read(1 << 20):
                made.update(chunk)
        hashes.append(made.hexdigest())
    if len(files) == 1:
        return hashes[0]
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def _file(path: Path) -> Member:
    return Member(path.name, path.stat().st_size, lambda: path.open("rb"))


def _packed(name: str, path: Path, archive: zipfile.ZipFile) -> list[Member]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX")]
    _not_a_bomb(name, infos)

    def opener(inner: str) -> Callable[[], BinaryIO]:
        return lambda: _Packed(path, inner)
    return [Member(info.filename.rpartition("/")[2], info.file_size, opener(info.filename)) for info in infos]


class _Packed:
    """A member of an archive, which closes the archive when it is closed."""

    def __init__(self, path: Path, inner: str) -> None:
        self._archive = zipfile.ZipFile(path)
        self._file = self._archive.open(inner)
        self.read, self.readable, self.readinto = self._file.read, self._file.readable, self._file.readinto
        self.seekable, self.writable, self.flush = self._file.seekable, self._file.writable, self._file.flush
        self.read1, self.seek, self.tell = self._file.read1, self._file.seek, self._file.tell

    @property
    def closed(self) -> bool:
        return self._file.closed

    def close(self) -> None:
        self._file.close()
        self._archive.close()

    def __enter__(self) -> "_Packed":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _not_a_bomb(name: str, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_FILES * 10 or sum(info.file_size for info in infos) > MOST_BYTES or any(
            info.file_size > MOST_RATIO * max(info.compress_size, 1) and info.file_size > 10_000_000 for info in infos):
        raise BadReturn(f"{name} unpacks to far more than a return can hold. It was not opened.")


def _few(name: str, found: list[Member]) -> list[Member]:
    if not found:
        raise BadReturn(f"{name} holds no file.")
    if len(found) > MOST_FILES:
        raise BadReturn(f"{name} holds {len(found)} files; a return has nine. Give the folder or archive of the return alone.")
    return found
