"""A Merkle tree over a list that only grows (RFC 6962, section 2.1; RFC 9162, section 2.1): its root, and proofs about it.

A proof of inclusion shows that an entry stands in the list of a known root; a proof of consistency, that a list of a
known root is the beginning of a longer one. Both are short, and whoever holds the roots can check them alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The root of the tree of nothing."""

Range = tuple[int, int]
"""Entries of the list: the first counted, the last not."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees beside each other. The prefix keeps a node from passing as an entry."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """What must be kept of a tree to let it grow: the root of each complete subtree, the largest first."""

    __slots__ = ("roots", "size")

    def __init__(self) -> None:
        self.size = 0
        self.roots: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Let the tree grow by the hash of one entry."""
        for _ in self.grow(leaf):
            pass

    def grow(self, leaf: bytes) -> Iterator[tuple[int, bytes]]:
        """Let the tree grow by the hash of one entry, and tell each complete subtree that ends with it: start, hash."""
        self.size += 1
        start, width = self.size - 1, 1
        yield start, leaf
        while start & width:
            start -= width
            leaf = node_hash(self.roots.pop(), leaf)
            width <<= 1
            yield start, leaf
        self.roots.append(leaf)

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return self.root_from(0)

    def root_from(self, start: int) -> bytes:
        """The root of the subtree from `start`, where a complete subtree begins, to the end."""
        if not self.roots:
            return EMPTY
        found, begins = self.roots[-1], self.size - (self.size & -self.size)
        for root in reversed(self.roots[:-1]):
            if begins == start:
                break
            found = node_hash(root, found)
            begins -= begins & -begins
        return found


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose hashes prove entry `index` of `size`, in the order of the proof (RFC 9162, 2.1.3.1).

    Raises ValueError if there is no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no entry {index} among {size}")
    found: list[Range] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The subtrees whose hashes prove that the first `first` of `second` entries are those of before (RFC 9162, 2.1.4.1).

    Nothing is needed for equal sizes, or to begin from nothing. Raises ValueError if `first` is the greater.
    """
    if not 0 <= first <= second:
        raise ValueError(f"a list of {first} entries is not the beginning of one of {second}")
    if first in (0, second):
        return []
    found: list[Range] = []
    low, high, whole = 0, second, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low, whole = middle, False
    return (found if whole else [*found, (low, high)])[::-1]


def hash_ranges(leaves: Iterable[bytes], wanted: Iterable[Range]) -> dict[Range, bytes]:
    """The hashes of these subtrees, worked out in one pass over the hashes of all entries, in little memory.

    Raises ValueError if there are fewer entries than a subtree wants.
    """
    by_end: dict[int, set[int]] = {}
    for start, end in wanted:
        by_end.setdefault(end, set()).add(start)
    found: dict[Range, bytes] = {}
    tree = Frontier()
    last = max(by_end, default=0)
    for leaf in leaves:
        if tree.size == last:
            break
        complete = dict(tree.grow(leaf))
        for start in by_end.get(tree.size, ()):
            found[start, tree.size] = complete[start] if start in complete else tree.root_from(start)
    if tree.size < last:
        raise ValueError(f"there are {tree.size} entries, and {last} were expected")
    return found


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that follows if the entry with this hash stands at `index` of `size` (RFC 9162, 2.1.3.2). None if none can."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for hash in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(hash, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the entry stands at `index` in the list of `size` entries with this root."""
    return root_by_inclusion(leaf, index, size, path) == root


def extends(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the proof shows that the list of the first root is the beginning of that of the second (RFC 9162, 2.1.4.2)."""
    if first == second:
        return first_root == second_root and not path
    if first == 0:
        return first_root == EMPTY and not path
    if not 0 < first < second or not path:
        return False
    rest = list(path)
    if first & (first - 1) == 0:
        rest.insert(0, first_root)
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = rest[0]
    for hash in rest[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(hash, old), node_hash(hash, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, hash)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below `size`: where a tree of that size divides."""
    return 1 << (size - 1).bit_length() - 1
