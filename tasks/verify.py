#!/usr/bin/env python3
"""Checks a proof about one case's record, with nothing but Python 3.9 or later: no other program, no network, no database.

    python3 verify.py PROOF.json [--key KEY] [--against CHECKPOINT.txt]

The proof says: these are all facts of the case, in order, as they stood in a log of all facts when its keeper signed a
checkpoint. --key is the public key that you were given (NAME+ID+KEY), --against a checkpoint that you kept from earlier or
were sent: only what you hold yourself can show that the keeper did not write everything anew. Ends with 1 if anything is wrong.
"""

import argparse
import base64
import email
import hashlib
import json
import re
import sys


class Wrong(Exception):
    """The proof does not hold; the message says where."""


def need(holds, what):
    if not holds:
        raise Wrong(what)


def sha256(data):
    return hashlib.sha256(data).digest()


# --- the tree of hashes: RFC 6962, section 2.1 -----------------------------------------------------------------------

def leaf(entry):
    return sha256(b"\x00" + entry)


def node(left, right):
    return sha256(b"\x01" + left + right)


def half(size):
    """Where a tree of this size divides: the largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1


def root_by_inclusion(hash, index, size, path):
    """The root of a tree of `size` entries that has this one at `index`; the path gives the hashes beside it, lowest first."""
    need(0 <= index < size and (size > 1 or not path) and (size == 1 or path), "a path has the wrong length")
    if size == 1:
        return hash
    if index < half(size):
        return node(root_by_inclusion(hash, index, half(size), path[:-1]), path[-1])
    return node(path[-1], root_by_inclusion(hash, index - half(size), size - half(size), path[:-1]))


def roots_by_consistency(old, new, old_root, path, whole=True):
    """The roots of the first `old` of `new` entries and of all; the path gives what is needed, lowest first, and is used up."""
    if old == new and whole:
        return old_root, old_root
    need(path, "the proof that the log only grew is too short")
    if old == new:
        known = path.pop()
        return known, known
    if old <= half(new):
        right = path.pop()
        before, after = roots_by_consistency(old, half(new), old_root, path, whole)
        return before, node(after, right)
    left = path.pop()
    before, after = roots_by_consistency(old - half(new), new - half(new), old_root, path, False)
    return node(left, before), node(left, after)


# --- signatures: Ed25519, RFC 8032, section 5.1 ----------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def plus(a, b):
    """The sum of two points of the curve, each as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""
    k, l = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    m, n = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = l - k, n - m, n + m, l + k
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    sum = (0, 1, 1, 0)
    while number:
        if number & 1:
            sum = plus(sum, point)
        point, number = plus(point, point), number >> 1
    return sum


def point(data):
    """The point of the curve that 32 bytes stand for."""
    y, odd = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    need(y < P, "a key or signature is no point of the curve")
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    need((x * x - xx) % P == 0 and (x or not odd), "a key or signature is no point of the curve")
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key, message, signature):
    """Whether the holder of this public key signed the message."""
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    a, b = times(s, BASE), plus(point(signature[:32]), times(challenge, point(key)))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


# --- signed notes: a text, a blank line, and "— NAME SIGNATURE" ------------------------------------------------------

def unbase64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "what should be base64 is not")
    return data


def key_parts(text):
    """Name, four bytes of identity and 32 bytes of a key, from NAME+ID+KEY."""
    name, id, coded = text.split("+", 2)
    data = unbase64(coded)
    need(len(data) == 33 and data[0] == 1 and sha256(f"{name}\n".encode() + data)[:4].hex() == id,
         "a key is not written as it should be")
    return name, bytes.fromhex(id), data[1:]


def opened(note, keys):
    """The lines of a note, which one of the keys must have signed."""
    text, blank, last = note.rpartition("\n\n")
    dash, name, coded = last.split(" ")
    need(blank and dash == "—" and coded.endswith("\n"), "a note is not written as it should be")
    signature = unbase64(coded[:-1])
    for key in keys:
        known, id, public = key_parts(key)
        if (known, id) == (name, signature[:4]):
            need(signed(public, (text + "\n").encode(), signature[4:]), "a signature does not hold: its text was changed")
            return text.split("\n")
    raise Wrong("a note is signed by a key that is not among those of the log")


def all_keys(notes):
    """The keys of the log, oldest first: the first signed by itself, each next by the one before."""
    keys = []
    for number, note in enumerate(notes, 1):
        key = note.split("\n")[2]
        name, words, same, since = opened(note, keys[-1:] or [key])
        need(words == f"key {number}" and name == key_parts(key)[0] and since.startswith("since "),
             f"key {number} is not the one it says it is")
        keys.append(key)
    need(keys, "there is no key")
    return keys


def checkpoint(note, keys):
    """Size and root of the log, number of cases and root of their heads, and the moment, as a checkpoint gives them."""
    name, size, root, heads, when, previous = opened(note, keys)
    word, cases, heads_root = heads.split(" ")
    need(name == key_parts(keys[0])[0] and word == "heads" and when.startswith("signed ") and previous.startswith("previous "),
         "the checkpoint is none of this log")
    return int(size), unbase64(root), int(cases), unbase64(heads_root), when


# --- the proof -------------------------------------------------------------------------------------------------------

def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def check(text, held_key=None, held_note=None):
    """What the proof shows, line by line. Raises Wrong if it does not hold."""
    try:
        return list(checked(text, held_key, held_note))
    except Wrong:
        raise
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise Wrong(f"the proof is not written as it should be ({type(error).__name__}: {error})") from None


def checked(text, held_key, held_note):
    proof = json.loads(text)
    need(json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True) + "\n" == text, "the file is not as it was written")
    need(sorted(proof) == ["case", "checkpoint", "entries", "facts", "form", "head", "keys", "since"]
         and sorted(proof["head"]) == ["index", "path"] and type(proof["head"]["index"]) is int and proof["form"] == "ehc-proof/1",
         "the file has other parts than a proof has")

    keys = all_keys(proof["keys"])
    if held_key is None:
        yield f"Signed under the key {keys[0]} or one that it handed over to. Compare it with the key that you were given."
    else:
        need(held_key in keys, "the key that you hold is not among those of the proof: it was made with another key")
        yield "The key that you hold signed it, or one that it was handed over from or to."
    size, root, cases, heads_root, when = checkpoint(proof["checkpoint"], keys)
    yield f"The checkpoint: {when}, facts: {size}, cases: {cases}."

    case, previous = proof["case"], "0" * 64
    need(len(proof["facts"]) == len(proof["entries"]) > 0, "there is not one entry of the log for each fact")
    shown, last = [], -1
    for number, (fact, entry) in enumerate(zip(proof["facts"], proof["entries"]), 1):
        values = json.loads(fact)
        need(len(values) == 9 and values[:2] == [case, number], f"fact {number} is missing, or another stands in its place")
        need(values[8] == previous, f"fact {number} does not follow fact {number - 1}: one of them was changed")
        previous = sha256(fact.encode()).hex()
        need(sorted(entry) == ["path", "position"] and type(entry["position"]) is int and entry["position"] > last,
             f"the entry of fact {number} is out of order")
        last, path = entry["position"], [bytes.fromhex(hash) for hash in entry["path"]]
        need([hash.hex() for hash in path] == entry["path"], f"the path of fact {number} is not as it was written")
        need(root_by_inclusion(leaf(bytes.fromhex(previous)), last, size, path) == root,
             f"fact {number} of {case} is not in the log as it is shown here: it was changed, or put in later")
        shown.append(f"{number:4} {values[3]} {values[4][:19]} {values[5]} {values[2]}")
    head, number = leaf(canonical([case, number, previous]).encode()), len(shown)
    path = [bytes.fromhex(hash) for hash in proof["head"]["path"]]
    need([hash.hex() for hash in path] == proof["head"]["path"], "the path of the last fact is not as it was written")
    need(root_by_inclusion(head, proof["head"]["index"], cases, path) == heads_root,
         f"fact {number} is not the last fact that {case} had at this checkpoint: facts are missing from the end")
    yield f"All that {case} had on record at this checkpoint, {number} in all (number, happened, recorded, by, what):"
    yield from shown

    old_note = None
    if proof["since"] is not None:
        need(sorted(proof["since"]) == ["checkpoint", "path"], "the file has other parts than a proof has")
        old_note = proof["since"]["checkpoint"]
        old_size, old_root = checkpoint(old_note, keys)[:2]
        path = [bytes.fromhex(hash) for hash in proof["since"]["path"]]
        need([hash.hex() for hash in path] == proof["since"]["path"] and 0 < old_size <= size,
             "the older checkpoint is none of before")
        need(roots_by_consistency(old_size, size, old_root, path) == (old_root, root) and not path,
             "the log did not only grow since the older checkpoint: something in it was changed or removed")
        yield f"Since the older checkpoint, over the first {old_size}, the log only grew."
    if held_note is not None:
        need(held_note in (proof["checkpoint"], old_note),
             "the checkpoint that you hold is not in the proof: ask for one made with it (ehc trail prove --since YOURS)")
        yield "The checkpoint that you hold is the one in the proof."
    else:
        yield "You gave no checkpoint of your own, so this does not show whether everything was written anew since."


def note_in(data):
    """The checkpoint in a file: the note itself, or a message with it as it was saved (mail programs break long lines)."""
    parts = [part.get_payload(decode=True) for part in email.message_from_bytes(data).walk() if not part.is_multipart()]
    found = {f"{said}\nprevious {previous}\n\n— {signature[0]} {signature[1]}\n" for text in [data, *parts]
             for said, previous, *signature in re.findall(
                 r"^(\S+\n\d+\n\S+\nheads \d+ \S+\nsigned \S+)\nprevious\s+([0-9a-f]{64})\s*\n\s*\n—\s+(\S+)\s+(\S+)\s*$",
                 text.decode("utf-8", "replace").replace("\r\n", "\n"), re.M)}
    need(len(found) == 1, "the file that you hold does not hold one checkpoint")
    return found.pop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proof", help="the file with the proof")
    parser.add_argument("--key", help="the public key that you were given: NAME+ID+KEY")
    parser.add_argument("--against", metavar="FILE", help="a checkpoint that you hold")
    asked = parser.parse_args()
    try:
        with open(asked.proof, encoding="utf-8", newline="") as file:
            proof = file.read()
        held = None
        if asked.against:
            with open(asked.against, "rb") as file:
                held = note_in(file.read())
        print("\n".join(check(proof, asked.key, held)) + "\n\nThe proof holds.")
    except (Wrong, OSError, UnicodeDecodeError) as error:
        print(f"The proof does NOT hold: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
