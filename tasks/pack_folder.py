"""A pack as a folder: filled beside its place, with the hash of every file, and put there whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

SUMS = "SHA256SUMS"
"""The file that lists the hash of every other, as `sha256sum --check` reads it."""

Content = bytes | Callable[[], bytes]


class FolderThere(ValueError):
    """There is something in the place of the pack, and it was left as it is; the message says what to do."""


class NotWritten(OSError):
    """The folder cannot be written; nothing of it is left. The message says where and why."""


def file_name(ref: str) -> str:
    """A reference as the name of a file.

    >>> file_name("EHC-2026-0042"), file_name("A/1")
    ('EHC-2026-0042', 'A%2F1')
    """
    return quote(ref, safe="")


def write(place: Path, files: Mapping[str, Content], *, replace: bool = False) -> dict[str, str]:
    """Write the files of a pack, by their path in it, and SHA256SUMS beside them. The hash of each.

    With `replace` an older pack in that place gives way, but nothing else does. Only its owner may read what is written: it
    can be personal. Raises FolderThere, NotWritten.
    """
    _must_be_free(place, replace=replace)
    new: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}-"))
        sums = {name: _write(new / name, content) for name, content in sorted(files.items())}
        _write(new / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode())
        _put(new, place)
    except OSError as error:
        raise NotWritten(f"{place} cannot be written: {error.strerror or error}. Nothing was kept; say another place with"
                         " --out.") from None
    finally:
        if new is not None:
            shutil.rmtree(new, ignore_errors=True)
    return sums


def _must_be_free(place: Path, *, replace: bool) -> None:
    if not os.path.lexists(place):
        return
    if not replace:
        raise FolderThere(f"{place} is there already and was left as it is. Say another place with --out, or --replace to put"
                          " this pack in the place of an older one.")
    if place.is_symlink() or not place.is_dir() or not _is_pack(place):
        raise FolderThere(f"{place} is no pack, or holds files that are not of it, so --replace leaves it as it is. Say another"
                          " place with --out, or move it away.")


def _is_pack(place: Path) -> bool:
    """Whether a folder holds the files of a pack and nothing else."""
    try:
        listed = {line.partition("  ")[2] for line in (place / SUMS).read_text(encoding="utf-8").splitlines()}
    except (OSError, UnicodeDecodeError):
        return False
    found = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_symlink() or not path.is_dir()}
    return found <= listed | {SUMS}


def _write(path: Path, content: Content) -> str:
    body = content if isinstance(content, bytes) else content()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return sha256(body).hexdigest()


def _put(new: Path, place: Path) -> None:
    if not place.exists():
        new.rename(place)
        return
    old = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}-old-")) / place.name
    place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)
