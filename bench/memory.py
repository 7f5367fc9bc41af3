"""The most memory that a process of its own has held."""

import re
import resource
import sys
from pathlib import Path


def most() -> int:
    """Megabytes that this process has held at most.

    Linux hands `ru_maxrss` on from the process that started this one, however large that was, so its own mark is read where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)):
        return int(found[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
