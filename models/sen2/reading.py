"""From what a file says to records: which item a name means, and what is said about names and days that mean nothing."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from models.sen2.finding import Finding, Level
from models.sen2.layout import BLOCKS, ITEMS, LAYOUTS, Item
from models.sen2.record import CLASSES, HOLDS, Record
from models.sen2.values import as_text, read_value

UNKNOWN, NO_PARENT, TOO_MANY = "X01", "X03", "X04"
MOST = 1_000
"""Findings of one kind about the shape of a file that are told one by one; of more only the number."""


class Shape:
    """What was found wrong with the shape of a file while it was read. `take` hands it on, so that a long file needs no memory."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._seen: dict[tuple[str, str, str], int] = {}

    def copy(self) -> "Shape":
        """The same, to be told again from here on."""
        other = Shape()
        other._found, other._seen = list(self._found), dict(self._seen)
        return other

    def take(self) -> list[Finding]:
        """What was found since it was last asked."""
        found, self._found = self._found, []
        return found

    def counted(self) -> Mapping[tuple[str, str, str], int]:
        """How often each thing was found, by rule, block and name."""
        return self._seen

    def say(self, rule: str, level: Level, place: str, block: str, name: str, says: str, do: str, value: str | None = None,
            most: int = 1) -> None:
        """Note something, the first `most` times that it is found of this name in this block."""
        key = rule, block, name
        self._seen[key] = self._seen.get(key, 0) + 1
        if self._seen[key] <= most:
            self._found.append(Finding(rule, level, place, says, do, name or None, value))

    def unknown(self, place: str, block: str, name: str) -> None:
        """A name that is none of the block's items, told once."""
        self.say(UNKNOWN, Level.QUERY, place, block, shown_name(name), f"{shown_name(name)} is no item of {BLOCKS[block].element} and"
                 " was passed over, here and wherever else it stands", "check the spelling; if it matters, ask the supplier of the system")


def shown_name(name: str) -> str:
    """The name of an element or column as it may be shown: short, and nothing that only a person's data would hold."""
    return re.sub(r"[^\w .()/&-]", "?", name)[:60]


@lru_cache(maxsize=1)
def items_by_tag() -> Mapping[str, Mapping[str, Item]]:
    """The items of each block by tag in lower case, other spellings too; items of every year."""
    return {block: {tag.lower(): item for item in ITEMS if item.block == block for tag in (item.tag, *item.also)} for block in BLOCKS}


def put(record: Record, item: Item, told: Any, place: str, shape: Shape, year: int | None = None) -> None:
    """Set an item of a record from what stands in the file; what cannot be it is kept in `bad`.

    `place` is that of the item itself. With `year` an item of another year is noted too; it is read all the same.
    """
    text = as_text(told)
    if not text:
        return
    if getattr(record, item.name) is not None or item.name in record.bad:
        shape.say(TOO_MANY, Level.ERROR, place, item.block, item.tag, f"{item.tag} stands twice; the first counts", "take one out",
                  most=MOST)
        return
    if year is not None and year in LAYOUTS and not item.is_in(year):
        shape.say(UNKNOWN, Level.QUERY, place, item.block, item.tag, f"{item.tag} does not belong to the return of {year} in"
                  f" {BLOCKS[item.block].element}; it was read all the same", "check that the year of the return is right")
    value, bad = read_value(item, told)
    if bad is None:
        setattr(record, item.name, value)
    else:
        record.bad[item.name] = bad             # which the rules of the return then speak of


def hold(parent: Record, block: str, record: Record, shape: Shape) -> bool:
    """Put a record where it belongs in its parent; whether there was room for it."""
    name = HOLDS[block]
    held = getattr(parent, name)
    if isinstance(held, list):
        held.append(record)
        return True
    if held is not None:
        shape.say(TOO_MANY, Level.ERROR, record.place, block, "", f"a second {BLOCKS[block].element} stands where there is one at most;"
                  " the first counts", "take one out, or make it a Requests block of its own", most=MOST)
        return False
    setattr(parent, name, record)
    return True


def new(block: str, place: str) -> Record:
    """An empty record of a block."""
    return CLASSES[block](place=place)


def year_by_shape(tags: Iterable[str]) -> int | None:
    """The year of a return that does not say it, by the items it has, in lower case; None where they tell nothing.

    GenderCurrent was asked in 2023 alone; the source of the request and the social care officer came in 2025. From 2025 on
    the years look alike: the latest survey whose layout is certain is then a guess, so it is not made.
    """
    names = set(tags)
    if "gendercurrent" in names:
        return 2023
    if "sex" in names and not names & {"dsco", "requestsource", "rquestsource", "reviewdraft", "phasetransferduedate"}:
        return 2024
    return None
