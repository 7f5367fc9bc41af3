"""The policy of reminders in force, read once a process from the file that EHC_POLICY_FILE names."""

from functools import lru_cache
from pathlib import Path

from notifications.ladder import DEFAULT, Policy
from notifications.policy import BadPolicy, read_policy
from tasks.settings import settings


def in_force() -> Policy:
    """The policy that EHC_POLICY_FILE names, or the default. Raises BadPolicy, naming everything that is wrong with it."""
    return _from_file(settings().policy_file)


@lru_cache(maxsize=4)
def _from_file(path: Path | None) -> Policy:
    return DEFAULT if path is None else policy_in(path)


def policy_in(path: Path) -> Policy:
    """The policy in a file. Raises BadPolicy, also where there is no such file."""
    try:
        text = path.read_text(encoding="utf-8-sig")         # as some editors save it
    except OSError as error:
        raise BadPolicy(f"The policy {path} cannot be read: {error.strerror}. Name another in EHC_POLICY_FILE, or leave that blank for"
                        " the default.") from None
    except UnicodeDecodeError:
        raise BadPolicy(f"The policy {path} is not text in UTF-8. Save it as such.") from None
    return read_policy(text, f"The policy {path}")
