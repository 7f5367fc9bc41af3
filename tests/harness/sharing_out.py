"""How the tests are shared out among the workers of pytest-xdist: whole files, the longest first, and Prefect to one of them.

A file that takes minutes and begins last leaves the other core idle; and each worker that came to a Prefect test would start a
server of its own.
"""

from collections import Counter
from collections.abc import Callable

import pytest
from xdist.scheduler import LoadFileScheduling

ONE_SERVER = ("tests/flows/", "tests/cli/test_processes.py", "tests/tasks/test_prefect_server.py")
"""Where the tests lie that need a Prefect server."""


class Sharing(LoadFileScheduling):
    """A file goes to one worker, in the order in which the files were collected; what needs Prefect goes together."""

    def _split_scope(self, nodeid: str) -> str:
        return "prefect" if nodeid.startswith(ONE_SERVER) else super()._split_scope(nodeid)


def scheduler(config: pytest.Config, log: Callable[..., None]) -> Sharing | None:
    """For `--dist loadfile`; whoever asks for another way gets it."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False        # a thousand tests of the rulebook take less than one of the watch
    return Sharing(config, log)


def longest_first(items: list[pytest.Item]) -> None:
    """Put the files in order by how long they take: roughly, for only the long ones must not come last."""
    takes: Counter[str] = Counter()
    for item in items:
        takes[_file(item)] += _takes(item)
    items.sort(key=lambda item: -takes[_file(item)])


def _file(item: pytest.Item) -> str:
    return "prefect" if item.nodeid.startswith(ONE_SERVER) else item.nodeid.partition("::")[0]


def _takes(item: pytest.Item) -> int:
    """Milliseconds, within a power of ten."""
    asks = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("prefect"):
        return 10_000
    if hasattr(getattr(item, "obj", None), "hypothesis"):
        return 2_000
    return 200 if asks & {"tmp_path", "tmp_path_factory"} else 2
