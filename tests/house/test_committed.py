"""What is committed can be set up by a stranger, and says nothing of how or where it was made."""

import re
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).parents[2]
LOCK = (HOUSE / "requirements.lock").read_text()

MADE_HERE = re.compile(r"(^|/)(\.git|\.venv|var|build|\.\w+_cache|\.hypothesis|__pycache__|\w+\.egg-info)/")

OF_ONE_MACHINE = re.compile(r"/work/|/root/|/home/\w+/|\.library\b|\bplan/spec|\bshared/(design|domain|style)")
"""Places that do not come with the repository."""

OF_THE_MAKING = re.compile(r"\b(issue|ticket|PR)s? ?#\d+|\bcoding session\b|\bmy (brief|session)\b"
                           r"|\bsub-?agents?\b|\blanguage model", re.I)
"""How the program came to be is no business of who reads it."""


def committed() -> dict[str, str]:
    """The text of each file that is committed or would be, this one aside. Where there is no git, of each that was not made here."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=HOUSE,
                            capture_output=True, text=True)
    names = listed.stdout.split("\0") if not listed.returncode else [
        str(path.relative_to(HOUSE)) for path in HOUSE.rglob("*") if not MADE_HERE.search(str(path.relative_to(HOUSE)))]
    return {name: (HOUSE / name).read_text(errors="ignore") for name in names
            if name and (HOUSE / name).is_file() and not Path(__file__).samefile(HOUSE / name)}


def test_the_lock_names_no_address():
    assert not re.findall(r"\w+://\S*|^-.*", LOCK, re.M)


def test_every_requirement_is_locked_with_its_hashes():
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    pairs = re.findall(r"^([\w.-]+)(?:\[[\w,\s-]+\])?==(\S+)[^\\\n]*\\\n +--hash=sha256:", LOCK, re.M)
    locked = {canonicalize_name(name): version for name, version in pairs}    # a later Python may have a version of its own
    assert len(pairs) == len(re.findall(r"^\w", LOCK, re.M))
    for asked in map(Requirement, project["dependencies"] + project["optional-dependencies"]["test"]):
        version = locked.get(canonicalize_name(asked.name))
        assert version and asked.specifier.contains(version), f"{asked} is locked at {version}; run `make lock`"


def test_no_file_speaks_of_the_machine_on_which_it_was_written():
    assert not [f"{name}: {said.group()}" for name, text in committed().items() for said in OF_ONE_MACHINE.finditer(text)]


def test_no_file_tells_how_it_was_made():
    assert not [f"{name}: {said.group()}" for name, text in committed().items() for said in OF_THE_MAKING.finditer(text)]
