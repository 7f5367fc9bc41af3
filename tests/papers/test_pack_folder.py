"""A pack as a folder: whole or not at all, and nothing of anybody's is written over."""

import subprocess
from pathlib import Path

import pytest

from tasks.pack_folder import SUMS, FolderThere, NotWritten, write

FILES = {"a.txt": b"one", "more/b.txt": lambda: b"two"}


def there(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_file_is_there_with_its_hash(tmp_path):
    place = tmp_path / "new" / "pack"
    sums = write(place, FILES)
    assert there(place) == {"a.txt", "more/b.txt", SUMS} and sums.keys() == FILES.keys()
    assert (place / SUMS).read_text() == "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    assert subprocess.run(["sha256sum", "--check", SUMS], cwd=place, capture_output=True).returncode == 0
    assert place.stat().st_mode & 0o077 == 0
    assert [path.name for path in place.parent.iterdir()] == ["pack"]


def test_what_is_there_is_left_as_it_is(tmp_path):
    place = tmp_path / "pack"
    write(place, FILES)
    with pytest.raises(FolderThere, match="is there already and was left as it is"):
        write(place, {"c.txt": b"three"})
    assert there(place) == {"a.txt", "more/b.txt", SUMS}


def test_an_older_pack_gives_way_when_that_is_said(tmp_path):
    place = tmp_path / "pack"
    write(place, FILES)
    write(place, {"c.txt": b"three"}, replace=True)
    assert there(place) == {"c.txt", SUMS} and [path.name for path in tmp_path.iterdir()] == ["pack"]


@pytest.mark.parametrize("spoil", [
    lambda place: (place / "mine.txt").write_text("mine"), lambda place: (place / SUMS).unlink(),
    lambda place: (place / "more" / "link").symlink_to("/etc"), lambda place: (place / SUMS).write_bytes(b"\xff\xfe"),
], ids=["another file", "no list", "a link", "a list that is none"])
def test_what_is_no_pack_never_gives_way(tmp_path, spoil):
    place = tmp_path / "pack"
    write(place, FILES)
    spoil(place)
    before = there(place)
    with pytest.raises(FolderThere, match="no pack"):
        write(place, {"c.txt": b"three"}, replace=True)
    assert there(place) == before


@pytest.mark.parametrize("make", [lambda place: place.write_text("x"), lambda place: place.symlink_to("/tmp"),
                                  lambda place: place.symlink_to("nowhere")], ids=["a file", "a link", "a link to nothing"])
def test_a_file_or_a_link_never_gives_way(tmp_path, make):
    place = tmp_path / "pack"
    make(place)
    with pytest.raises(FolderThere):
        write(place, FILES, replace=True)
    with pytest.raises(FolderThere):
        write(place, FILES)


def test_if_one_file_fails_nothing_is_left_and_an_older_pack_stays(tmp_path):
    def broken() -> bytes:
        raise RuntimeError("no")

    place = tmp_path / "pack"
    write(place, FILES)
    with pytest.raises(RuntimeError):
        write(place, {"a.txt": b"new", "z.txt": broken}, replace=True)
    assert (place / "a.txt").read_bytes() == b"one" and [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_a_place_that_cannot_be_written_is_an_answer(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotWritten, match="cannot be written"):
        write(tmp_path / "file" / "pack", FILES)
