"""A proof about one case as a file: its facts, their places in the log, the checkpoint that covers them, and the keys.

The form is described in docs/proof.md. What is checked here, `verify.py` checks again in its own way, for those who have
nothing of ours.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from models.merkle import extends, includes, leaf_hash
from models.note import BadNote, Checkpoint, Key, read_keys, verified
from models.trail import GENESIS, Head, canonical

FORM = "ehc-proof/1"

Path = Sequence[bytes]


class BadProof(ValueError):
    """A proof that does not hold; the message says where."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a proof shows: the case, the end of its chain, and the checkpoint at which it stood so."""

    case: str
    head: Head
    checkpoint: Checkpoint
    since: Checkpoint | None


def head_hash(case: str, head: Head) -> bytes:
    """The entry of a case in the tree of heads, which is sorted by case."""
    return leaf_hash(canonical([case, head.number, head.hash]).encode())


def write(case: str, facts: Sequence[str], entries: Iterable[tuple[int, Path]], head: tuple[int, Path], checkpoint: str,
          keys: Sequence[str], since: tuple[str, Path] | None) -> str:
    """The file. `facts` are the hashed texts; `entries` says of each its position in the log and its path; `head` the place
    of the case among the heads, and its path; `since` an older checkpoint and the proof that the log only grew from there."""
    return _text({
        "form": FORM, "case": case, "facts": list(facts), "checkpoint": checkpoint, "keys": list(keys),
        "entries": [{"position": position, "path": _hex(path)} for position, path in entries],
        "head": {"index": head[0], "path": _hex(head[1])},
        "since": None if since is None else {"checkpoint": since[0], "path": _hex(since[1])}})


def check(text: str, held_key: Key | None = None) -> Shown:
    """What a proof shows. `held_key` is one that must be among its keys. Raises BadProof if it does not hold."""
    try:
        return _check(text, held_key)
    except BadNote as bad:
        raise BadProof(str(bad)) from None
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, BadProof):
            raise
        raise BadProof(f"it is not written as a proof is ({type(error).__name__})") from None


def checkpoint_note(text: str) -> str:
    """The signed checkpoint in a proof that holds, as it was signed."""
    return str(json.loads(text)["checkpoint"])


def signing_key(text: str) -> Key:
    """The key that signed the checkpoint of a proof that holds."""
    told = json.loads(text)
    return next(key for key in read_keys(told["keys"]) if _signed(told["checkpoint"], key))


def _signed(note: str, key: Key) -> bool:
    try:
        verified(note, [key])
    except BadNote:
        return False
    return True


def _check(text: str, held_key: Key | None) -> Shown:
    told = json.loads(text)
    _need(_text(told) == text, "it is not as it was written")
    _need(told.keys() == {"form", "case", "facts", "checkpoint", "keys", "entries", "head", "since"} and told["form"] == FORM,
          "it has other parts than a proof has")
    keys = read_keys(told["keys"])
    _need(bool(keys), "it names no key")
    _need(held_key is None or held_key in keys, "it was made with another key than the one that is held")
    checkpoint = _checkpoint(told["checkpoint"], keys)
    case, head = told["case"], Head(0, GENESIS)
    last = -1
    _need(len(told["facts"]) == len(told["entries"]) > 0, "there is not one entry of the log for each fact")
    for fact, entry in zip(told["facts"], told["entries"], strict=True):
        values, number = json.loads(fact), head.number + 1
        _need(len(values) == 9 and values[:2] == [case, number] and values[8] == head.hash,
              f"{case}: fact {number} is missing, changed, or does not follow the one before it")
        _need(entry.keys() == {"position", "path"} and _is_place(entry["position"]) and entry["position"] > last,
              f"{case}: the entry of fact {number} is out of order")
        head, last = Head(number, sha256(fact.encode()).hexdigest()), entry["position"]
        _need(includes(leaf_hash(bytes.fromhex(head.hash)), last, checkpoint.size, _path(entry["path"]), checkpoint.root),
              f"{case}: fact {number} is not in the log as it is shown")
    _need(told["head"].keys() == {"index", "path"} and _is_place(told["head"]["index"]) and includes(
        head_hash(case, head), told["head"]["index"], checkpoint.cases, _path(told["head"]["path"]), checkpoint.heads),
        f"{case}: fact {head.number} is not the last that it had at this checkpoint")
    return Shown(case, head, checkpoint, _since(told["since"], checkpoint, keys))


def _since(told: Mapping[str, Any] | None, now: Checkpoint, keys: Sequence[Key]) -> Checkpoint | None:
    if told is None:
        return None
    _need(told.keys() == {"checkpoint", "path"}, "it has other parts than a proof has")
    before = _checkpoint(told["checkpoint"], keys)
    _need(extends(before.size, now.size, before.root, now.root, _path(told["path"])),
          "the log did not only grow since the older checkpoint")
    return before


def _checkpoint(note: str, keys: Sequence[Key]) -> Checkpoint:
    found = Checkpoint.read(verified(note, keys))
    _need(found.name == keys[0].name, "the checkpoint is of another trail")
    return found


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise BadProof(what)


def _is_place(value: Any) -> bool:
    return type(value) is int                       # true and 1.0 are equal to 1, and were not written


def _hex(path: Path) -> list[str]:
    return [hash.hex() for hash in path]


def _path(told: Sequence[str]) -> list[bytes]:
    found = [bytes.fromhex(hash) for hash in told]
    _need(_hex(found) == list(told) and all(len(hash) == 32 for hash in found), "a path is not as it was written")
    return found


def _text(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
