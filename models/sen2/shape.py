"""Whether a file has the shape of its year: every element known, in its place and order, and no more of it than there may be.

This is rule X01. It is told each element as it begins and ends, and remembers only what is open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from models.sen2.finding import Finding
from models.sen2.layout import BLOCKS, HEADER_GROUPS, LAYOUTS, Block, Item
from models.sen2.render import PLAIN, Style
from models.sen2.rules import RULES

LEAF: Mapping[str, tuple[int, int | None]] = {}


def children(year: int, style: Style = PLAIN) -> Mapping[str, Mapping[str, tuple[int, int | None]]]:
    """What may stand in each element: for each tag its place in the order and how often at most (None: any number of times).

    An element is named with what it stands in where two of one name differ: `PlanDetail/URN` holds nothing.
    """
    items = {item.name: style.tag(item) for item in LAYOUTS[year].items("header")}
    found: dict[str, Mapping[str, tuple[int, int | None]]] = {
        "": {"Message": (0, 1)}, "Message": {"Header": (0, 1), "Persons": (1, 1)}, "Persons": {"Person": (0, None)},
        "Header": {group: (place, 1) for place, group in enumerate(HEADER_GROUPS)}}
    for group, names in HEADER_GROUPS.items():
        found[group] = {items[name]: (place, 1) for place, name in enumerate(one for one in names if one in items)}
    for block in BLOCKS.values():
        if block.name != "header":
            found[block.element] = {_tag(part, style): (place, part.most if isinstance(part, Block) else 1)
                                    for place, part in enumerate(LAYOUTS[year].blocks[block.name])}
    return found


def _tag(part: Item | Block, style: Style) -> str:
    return part.element if isinstance(part, Block) else style.tag(part)


@dataclass
class Shape:
    """Follows the elements of one file. `line` is told with each; a finding names it."""

    year: int
    style: Style = PLAIN
    _open: list[tuple[str, int, dict[str, int]]] = field(default_factory=list, init=False)
    _skipped: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._children = children(self.year, self.style)
        self._open = [("", -1, {})]

    def begins(self, tag: str, line: int) -> Iterator[Finding]:
        """An element begins: what is wrong with that. What stands within one that is unknown is not looked at."""
        if self._skipped:
            self._skipped += 1
            return
        within, last, counts = self._open[-1]
        allowed = self._children.get(within, LEAF)
        if tag not in allowed:
            self._skipped = 1
            yield self._finding(tag, line, f"{tag} does not stand in {within or 'a file'} in {self.year}.")
            return
        place, most = allowed[tag]
        counts[tag] = counts.get(tag, 0) + 1
        if place < last:
            yield self._finding(tag, line, f"{tag} stands too late in {within}.")
        elif most is not None and counts[tag] == most + 1:
            yield self._finding(tag, line, f"{tag} stands more than {most} times in {within}.")
        self._open[-1] = within, max(place, last), counts
        self._open.append((tag, -1, {}))

    def ends(self) -> None:
        """The element that began last ends."""
        if self._skipped:
            self._skipped -= 1
        else:
            self._open.pop()

    def _finding(self, tag: str, line: int, more: str) -> Finding:
        rule = RULES["X01"]
        return Finding(rule.id, rule.level, f"line {line}", f"{rule.says} {more}", rule.do, tag)
