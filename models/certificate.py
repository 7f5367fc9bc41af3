"""The certificate of an erasure: a note signed with the trail's key, and the inventory of what was erased.

It names cases, counts and hashes, and never a day that would tell the birth date. A hash of a text is the salted one that the
fact holds; once the salt is erased nobody can tell from it what the text was. Rows with names are only counted: a hash of a name
could be found by trying names.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from models.note import NAME, BadNote

_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_HASH = r"[0-9a-f]{64}"
_TEXT = re.compile(
    rf"({NAME})\nerasure ([1-9]\d*)\ncases ([^\n]+)\nrule (\w+) (\d+)\nby (\S+)\napproved (\S+)\nbegun ({_MOMENT})\n"
    rf"finished ({_MOMENT})\ninventory (\d+) ({_HASH})\nremains ([^\n]+)\nbefore (\d+) ({_HASH})\nafter (\d+) ({_HASH})\n")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. `before` and `after` are the checkpoints around the erasure: number, and hash of the note.
    `remains` says what of it can still be on the disk."""

    name: str
    number: int
    cases: tuple[str, ...]
    rule: str
    years: int
    by: str
    approved_by: str
    begun: str
    finished: str
    lines: int
    inventory: str
    remains: str
    before: tuple[int, str]
    after: tuple[int, str]

    def text(self) -> str:
        """The text that is signed."""
        return (f"{self.name}\nerasure {self.number}\ncases {' '.join(self.cases)}\nrule {self.rule} {self.years}\nby {self.by}\n"
                f"approved {self.approved_by}\nbegun {self.begun}\nfinished {self.finished}\n"
                f"inventory {self.lines} {self.inventory}\nremains {self.remains}\n"
                f"before {self.before[0]} {self.before[1]}\nafter {self.after[0]} {self.after[1]}\n")

    @classmethod
    def read(cls, text: str) -> "Certificate":
        """What the text of a certificate says. Raises BadNote if it is none."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise BadNote("it is no certificate of an erasure")
        name, number, cases, rule, years, by, approved, begun, finished, lines, hash, remains, b, before, a, after = found.groups()
        told = cls(name, int(number), tuple(cases.split(" ")), rule, int(years), by, approved, begun, finished, int(lines), hash,
                   remains, (int(b), before), (int(a), after))
        if told.text() != text:
            raise BadNote("it is no certificate of an erasure")
        return told


def inventory(cases: Iterable[tuple[str, int, str]], rows: Mapping[str, int], texts: Iterable[tuple[str, str]],
              documents: Iterable[tuple[str, str]], files: Iterable[tuple[str, str]]) -> str:
    """What is erased, a line each: the cases with number and hash of their last fact before it, how many rows of each table, and
    the hash of each text, document and file."""
    return "\n".join([
        *(f"case {ref} {number} {hash}" for ref, number, hash in cases),
        *(f"rows {table} {many}" for table, many in rows.items()),
        *(f"text {id} {hash}" for id, hash in texts),
        *(f"document {ref} {hash}" for ref, hash in documents),
        *(f"file {place} {hash}" for place, hash in files)]) + "\n"


def counts(told: str) -> dict[str, int]:
    """How many of each kind an inventory lists, in its own order.

    >>> counts("case A1 3 00\\nrows person 1\\nrows contact 2\\ntext A1/2/note 00\\n")
    {'person': 1, 'contact': 2, 'text': 1, 'document': 0, 'file': 0}
    """
    lines = [line.split(" ") for line in told.splitlines()]
    found = {line[1]: int(line[2]) for line in lines if line[0] == "rows"}
    return found | {kind: sum(line[0] == kind for line in lines) for kind in ("text", "document", "file")}


def hash_of(told: str) -> str:
    """The hash by which fact and certificate name an inventory."""
    return sha256(told.encode()).hexdigest()
