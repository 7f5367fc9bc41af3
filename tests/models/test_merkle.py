"""The tree of RFC 6962: its published values, and every proof in every tree of up to 130 entries against a naive one."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.merkle import (
    EMPTY, Frontier, consistency_ranges, extends, hash_ranges, inclusion_ranges, includes, leaf_hash, node_hash,
    root_by_inclusion)

MOST = 130
PUBLISHED = [bytes.fromhex(entry) for entry in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSION = {
    (0, 8): ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
    (5, 8): ("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
}
CONSISTENCY = {
    (1, 1): (),
    (1, 8): ("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
    (6, 8): ("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    (2, 5): ("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
}
LEAVES = [leaf_hash(number.to_bytes(2)) for number in range(MOST)]


def naive(leaves):
    """The root as RFC 6962 defines it, by recursion."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(naive(leaves[:half]), naive(leaves[half:]))


NAIVE = [naive(LEAVES[:size]) for size in range(MOST + 1)]


def proof(ranges, leaves=LEAVES):
    found = hash_ranges(leaves, ranges)
    return [found[one] for one in ranges]


def grown(leaves) -> Frontier:
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def test_the_published_roots():
    tree = Frontier()
    assert tree.root() == EMPTY
    for entry, root in zip(PUBLISHED, ROOTS, strict=True):
        tree.append(leaf_hash(entry))
        assert tree.root().hex() == root


@pytest.mark.parametrize("place", INCLUSION)
def test_the_published_proofs_of_inclusion(place):
    leaves = [leaf_hash(entry) for entry in PUBLISHED]
    assert tuple(hash.hex() for hash in proof(inclusion_ranges(*place), leaves)) == INCLUSION[place]


@pytest.mark.parametrize("sizes", CONSISTENCY)
def test_the_published_proofs_of_consistency(sizes):
    leaves = [leaf_hash(entry) for entry in PUBLISHED]
    assert tuple(hash.hex() for hash in proof(consistency_ranges(*sizes), leaves)) == CONSISTENCY[sizes]


def test_every_tree_has_the_root_of_its_definition():
    tree = Frontier()
    for size, leaf in enumerate(LEAVES):
        assert tree.root() == NAIVE[size]
        tree.append(leaf)


def test_every_entry_of_every_tree_is_proved_and_no_other_place_or_root_is():
    for size in range(1, MOST + 1):
        wanted = {index: inclusion_ranges(index, size) for index in range(size)}
        found = hash_ranges(LEAVES, {one for ranges in wanted.values() for one in ranges})
        for index, ranges in wanted.items():
            path = [found[one] for one in ranges]
            assert includes(LEAVES[index], index, size, path, NAIVE[size])
            assert not includes(LEAVES[index], index, size, path, NAIVE[size - 1])
            assert size == 1 or not includes(LEAVES[(index + 1) % size], index, size, path, NAIVE[size])
            assert not includes(LEAVES[index], index, size, [*path, NAIVE[1]], NAIVE[size])
            assert not path or not includes(LEAVES[index], index, size, path[:-1], NAIVE[size])


def test_every_tree_is_proved_to_be_the_beginning_of_every_longer_one_and_of_no_other():
    for second in range(MOST + 1):
        wanted = {first: consistency_ranges(first, second) for first in range(second + 1)}
        found = hash_ranges(LEAVES, {one for ranges in wanted.values() for one in ranges})
        for first, ranges in wanted.items():
            path = [found[one] for one in ranges]
            assert extends(first, second, NAIVE[first], NAIVE[second], path)
            assert not extends(first, second, leaf_hash(b"another"), NAIVE[second], path)
            assert not extends(first, second, NAIVE[first], leaf_hash(b"another"), path) or first == 0
            assert not extends(first, second, NAIVE[first], NAIVE[second], [*path, NAIVE[1]])
            assert not path or not extends(first, second, NAIVE[first], NAIVE[second], path[:-1])


@given(st.integers(1, 130), st.data())
def test_a_proof_of_which_any_bit_was_changed_proves_nothing(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = proof(inclusion_ranges(index, size))
    if path:
        which, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
        path[which] = (int.from_bytes(path[which]) ^ 1 << bit).to_bytes(32)
        assert not includes(LEAVES[index], index, size, path, NAIVE[size])


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="no entry 3 among 3"):
        inclusion_ranges(3, 3)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency_ranges(4, 3)
    with pytest.raises(ValueError, match="3 entries, and 4 were expected"):
        hash_ranges(LEAVES[:3], [(0, 4)])
    assert root_by_inclusion(LEAVES[0], 3, 3, []) is None
    assert not extends(3, 2, NAIVE[3], NAIVE[2], [NAIVE[1]])
