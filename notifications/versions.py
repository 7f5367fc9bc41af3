"""The versions of the wordings: which words a letter was written with can be told years later.

Each file begins with `{# version N #}`, and `wording/versions.json` keeps the SHA-256 of its words. The words of a file are
its own and those of every part that it takes in, so that a changed part is a new version of each letter that uses it.
`python -m notifications.versions` raises the version of what has changed.
"""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

WORDING = Path(__file__).parent / "wording"
KEPT = "versions.json"
FIRST_LINE = re.compile(r"\{# version (\d+) #\}\n")
TAKES_IN = re.compile(r"\{%-?\s*(?:include|import|from|extends)\s+'([^']+)'")


class Version(TypedDict):
    """What is kept of one file."""

    version: int
    sha256: str


def version_in(text: str) -> int | None:
    """The version that the first line of a wording gives, None if it gives none.

    >>> version_in("{# version 3 #}\\nSubject: ...")
    3
    """
    found = FIRST_LINE.match(text)
    return int(found.group(1)) if found else None


def words_of(name: str, folder: Path = WORDING) -> str:
    """The words of a file without its version, followed by those of each part that it takes in, each once."""
    seen: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop(0)
        if one not in seen:
            seen[one] = FIRST_LINE.sub("", (folder / one).read_text(encoding="utf-8"), count=1)
            waiting += TAKES_IN.findall(seen[one])
    return "\0".join([seen[name], *(f"{one}\0{seen[one]}" for one in sorted(seen.keys() - {name}))])


def kept(folder: Path = WORDING) -> dict[str, Version]:
    """What `versions.json` keeps, by file; nothing where there is none yet."""
    place = folder / KEPT
    found: dict[str, Version] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    return found


def now(folder: Path = WORDING) -> dict[str, Version]:
    """What would have to be kept of the files as they are; a file that gives no version stands at 0."""
    return {name: Version(version=version_in((folder / name).read_text(encoding="utf-8")) or 0,
                          sha256=sha256(words_of(name, folder).encode()).hexdigest()) for name in _files(folder)}


def raise_what_changed(folder: Path = WORDING) -> list[str]:
    """Give every file whose words have changed its next version, and keep it. The names of the files that got another version.

    A version that was raised by hand already is left.
    """
    before, raised = kept(folder), []
    for name, one in now(folder).items():
        known = before.get(name)
        if known is None:
            version = max(one["version"], 1)
        elif known["sha256"] == one["sha256"]:
            version = known["version"]
        else:
            version = max(one["version"], known["version"] + 1)
        if known is None or version != known["version"]:
            raised.append(name)
        if version != one["version"]:
            place = folder / name
            text = FIRST_LINE.sub("", place.read_text(encoding="utf-8"), count=1)
            place.write_text(f"{{# version {version} #}}\n{text}", encoding="utf-8")
    (folder / KEPT).write_text(json.dumps(now(folder), indent=1) + "\n", encoding="utf-8")
    return raised


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.txt"))


if __name__ == "__main__":
    for changed in raise_what_changed():
        print(changed)
