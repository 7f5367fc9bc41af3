"""How records are written: as the XML of a year, and as the nine tables of the COLLECT download. Pieces of text, a person at a time."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from models.sen2.layout import BLOCKS, HEADER_GROUPS, ITEMS, LAYOUTS, SPELLINGS, Block, Item, Layout
from models.sen2.record import HOLDS, Header, Person, Record

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold: invisible ones, which come in with names that were copied from elsewhere."""

CLOSING = "  </Persons>\n</Message>\n"


@dataclass(frozen=True, slots=True)
class Style:
    """What the sources leave open about the file: the spelling of a tag, by block and item, and the namespace, if any."""

    spellings: Mapping[tuple[str, str], str] = field(default_factory=lambda: SPELLINGS)
    namespace: str = ""

    def tag(self, item: Item) -> str:
        """The tag of an item as it is written."""
        return self.spellings.get((item.block, item.name), item.tag)


PLAIN = Style(MappingProxyType({}))


def spelled(told: Mapping[str, str]) -> Mapping[tuple[str, str], str]:
    """Spellings by block and item, from those by tag with what it stands in: {"PlacementDetail/SENSetting": "SENsetting"}.

    Raises ValueError where there is no such item, or the new spelling is another name than the sources have for it.
    """
    by_path = {f"{BLOCKS[item.block].element}/{item.tag}": item for item in ITEMS}
    found: dict[tuple[str, str], str] = {}
    for path, tag in told.items():
        item = by_path.get(path)
        if item is None:
            raise ValueError(f"there is no {path}; write it as PlacementDetail/SENSetting")
        if tag.lower() not in {one.lower() for one in (item.tag, *item.also)}:
            raise ValueError(f"{path} is not known to be written {tag}; it may be {', '.join((item.tag, *item.also))}, in any case")
        found[item.block, item.name] = tag
    return MappingProxyType({**SPELLINGS, **found})


def as_text(value: Any) -> str:
    """A value as it is written: days as ccyy-mm-dd, yes and no as 1 and 0."""
    if isinstance(value, bool):
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else NOT_IN_XML.sub("", str(value))


# --- XML --------------------------------------------------------------------------------------------------------------

def opening(header: Header, year: int, style: Style = PLAIN, remark: str = "") -> str:
    """The file up to the first person. `remark` stands above everything, such as that it is a draft."""
    items = {item.name: item for item in LAYOUTS[year].items("header")}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    if remark:
        lines.append(f"<!-- {remark.replace('--', '- -')} -->")
    lines.append(f"<Message xmlns={quoteattr(style.namespace)}>" if style.namespace else "<Message>")
    lines.append("  <Header>")
    for group, names in HEADER_GROUPS.items():
        lines.append(f"    <{group}>")
        lines += [_item(items[name], getattr(header, name), style, 3) for name in names
                  if name in items and getattr(header, name) is not None]
        lines.append(f"    </{group}>")
    return "\n".join((*lines, "  </Header>", "  <Persons>", ""))


def person_xml(person: Person, year: int, style: Style = PLAIN) -> str:
    """One person: the elements in that year's order, those without a value left out."""
    return "\n".join((*_block(BLOCKS["person"], person, LAYOUTS[year], style, 2), ""))


def _block(block: Block, record: Record, layout: Layout, style: Style, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}<{block.element}>"
    for part in layout.blocks[block.name]:
        if isinstance(part, Item):
            value = getattr(record, part.name)
            if value is not None and value != "":
                yield _item(part, value, style, depth + 1)
            continue
        for one in _held(record, part.name):
            yield from _block(part, one, layout, style, depth + 1)
    yield f"{'  ' * depth}</{block.element}>"


def _item(item: Item, value: Any, style: Style, depth: int) -> str:
    tag = style.tag(item)
    return f"{'  ' * depth}<{tag}>{escape(as_text(value))}</{tag}>"


def _held(record: Record, block: str) -> Sequence[Record]:
    held = getattr(record, HOLDS[block])
    return held if isinstance(held, list) else [] if held is None else [held]


# --- tables -----------------------------------------------------------------------------------------------------------

TABLES = tuple(block.table for block in BLOCKS.values())
"""The nine tables, as COLLECT names them."""


def columns(block: str, year: int) -> tuple[str, ...]:
    """The columns of a block's table: its own id, that of the row to which it belongs, the reference it has here, and its items."""
    of = BLOCKS[block]
    parent = BLOCKS[of.within].table if of.within else "sen2" if block == "person" else None
    return (f"{of.table}tableid", *((f"{parent}tableid",) if parent else ()), "nativeid",
            *(item.column for item in LAYOUTS[year].items(block)))


@dataclass
class Rows:
    """Numbers the rows of the nine tables as they come."""

    year: int
    _last: Counter[str] = field(default_factory=Counter, init=False)

    def of_header(self, header: Header) -> tuple[str, tuple[str, ...]]:
        """The table of the header and its row."""
        return "header", self._row("header", header, ())

    def of_person(self, person: Person) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every row of a person, each with the name of its block, outermost first."""
        yield from self._within("person", person, "1")

    def _within(self, block: str, record: Record, parent: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        row = self._row(block, record, (parent,))
        yield block, row
        for part in LAYOUTS[self.year].blocks[block]:
            if isinstance(part, Block):
                for one in _held(record, part.name):
                    yield from self._within(part.name, one, row[0])

    def _row(self, block: str, record: Record, parent: tuple[str, ...]) -> tuple[str, ...]:
        self._last[block] += 1
        values = (getattr(record, item.name) for item in LAYOUTS[self.year].items(block))
        return (str(self._last[block]), *parent, getattr(record, "key", None) or "",
                *("" if value is None else as_text(value) for value in values))
