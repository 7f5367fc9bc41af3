"""Setting a paper: from data and a template to a tagged PDF for screen readers and archives (PDF/UA-1, PDF/A-2a).

The fonts are those within the typesetter's own package, so that the same paper is the same, byte for byte, on any machine. Data
reach the template as JSON and are never read as markup.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import typst

from models.law.dates import long
from notifications.paper import Paper
from notifications.plain import PAPERS

STANDARDS: list[Any] = ["ua-1", "a-2a"]
JOINERS = "\u200c\u200d"
"""Characters without a shape of their own that some scripts cannot be written without."""

_TRIAL = """#set document(title: "trial")
#set text(lang: "en", font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#for one in json(bytes(sys.inputs.data)) { par(one) }"""


class NotSet(ValueError):
    """A paper that the typesetter does not take; the message says why."""


def typeset(paper: Paper, at: datetime) -> bytes:
    """The paper as PDF, dated `at`. The same paper and moment give the same bytes. Raises NotSet."""
    data = _printable(paper.data)
    try:
        return _compile((PAPERS / paper.template).read_text(encoding="utf-8"), data, at)
    except typst.TypstError as error:
        raise NotSet(f"{paper.data.get('title', paper.template)}: the paper cannot be set: {error.message}. What was to be set is"
                     " in the files of its tables.") from None


def _compile(template: str, data: Any, at: datetime) -> bytes:
    done = typst.compile(
        template.encode(), root=str(PAPERS), format="pdf", ignore_system_fonts=True, pdf_standards=STANDARDS,
        timestamp=int(at.astimezone(UTC).timestamp()),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=_plain)})
    if not isinstance(done, bytes):
        raise NotSet("The typesetter gave no file.")
    return done


def _plain(value: object) -> object:
    if isinstance(value, date):
        return long(value)
    raise TypeError(f"{type(value).__name__} has no place on paper")


# --- characters ------------------------------------------------------------------------------------------------------

def _printable(data: Any) -> Any:
    """The data with every character that cannot be printed, or that would turn the line around, as [U+....]."""
    seen = frozenset(_characters(data))
    bad = frozenset(char for char in seen if _never(char)) | _without_shape(frozenset(char for char in seen if ord(char) > 126
                                                                                       and not _never(char)))
    return _replaced(data, bad)


def _characters(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield from data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _characters(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _characters(value)


def _never(char: str) -> bool:
    """Whether a character is a control, has no meaning, is private, or has no shape (such as those that reverse a line)."""
    return char != "\n" and char not in JOINERS and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _replaced(data: Any, bad: frozenset[str]) -> Any:
    if isinstance(data, str):
        return "".join(" " if char == "\t" else f"[U+{ord(char):04X}]" if char in bad else char for char in data.replace("\r\n", "\n"))
    if isinstance(data, Mapping):
        return {name: _replaced(value, bad) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_replaced(value, bad) for value in data]
    return data


@lru_cache(maxsize=64)
def _without_shape(chars: frozenset[str]) -> frozenset[str]:
    """Those of these characters for which no font has a shape: the typesetter is asked, half by half."""
    def lacking(some: list[str]) -> set[str]:
        if not some or _can_set(some):
            return set()
        if len(some) == 1:
            return set(some)
        half = len(some) // 2
        return lacking(some[:half]) | lacking(some[half:])

    return frozenset(lacking(sorted(chars)))


def _can_set(chars: list[str]) -> bool:
    try:
        _compile(_TRIAL, chars, datetime(2000, 1, 1, tzinfo=UTC))
    except typst.TypstError:
        return False
    return True
