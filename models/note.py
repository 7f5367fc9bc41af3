"""Signed notes: a few lines of plain text and a line with an Ed25519 signature, in the form of C2SP signed-note.

The trail signs two kinds. A checkpoint (C2SP tlog-checkpoint) says of how many facts the log consisted and which roots it
had; a key note says which key signs, each next one signed by the one before it. docs/proof.md shows both line by line.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FIRST = "0" * 64
"""What stands as the hash of the note before the first checkpoint."""

NAME = r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}"
"""The name of a log, which stands first in each of its notes."""

_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_B64 = r"[A-Za-z0-9+/]+={0,2}"
_CHECKPOINT = re.compile(
    rf"({NAME})\n([1-9]\d*)\n({_B64})\nheads ([1-9]\d*) ({_B64})\nsigned ({_MOMENT})\nprevious ([0-9a-f]{{64}})\n")
_KEY = re.compile(rf"({NAME})\nkey ([1-9]\d*)\n(\S+)\nsince ({_MOMENT})\n")
_NOTE = re.compile(rf"({NAME}\n.+?\n)\n— ({NAME}) ({_B64})\n", re.S)
_ANYWHERE = re.compile(
    rf"^({NAME}\n[1-9]\d*\n{_B64}\nheads [1-9]\d* {_B64}\nsigned {_MOMENT})\nprevious\s+([0-9a-f]{{64}})\s*\n\s*\n"
    rf"—\s+({NAME})\s+({_B64})\s*$", re.M)                  # mail programs break long lines


class BadNote(ValueError):
    """A note that is not as it was signed, or was not signed by a key that is known; the message says which."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key under the name of the log that it signs."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(f"{self.name}\n\x01".encode() + self.raw).digest()[:4]

    def __str__(self) -> str:
        """The key as it is given to those who check: name, id and key, such as `council/ehc+1a2b3c4d+AT…`."""
        return f"{self.name}+{self.id.hex()}+{_text(bytes([1]) + self.raw)}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """The key that such a text gives. Raises BadNote if it gives none."""
        name, _, rest = text.strip().partition("+")
        id, _, coded = rest.partition("+")
        raw = _bytes(coded)
        key = cls(name, raw[1:])
        if len(raw) != 33 or raw[0] != 1 or not re.fullmatch(NAME, name) or str(key) != f"{name}+{id}+{coded}":
            raise BadNote("This is no public key of a trail: it is written NAME+ID+KEY, as `ehc trail key show` tells it.")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: the log's name, its size and root; how many cases it has and the root of their heads; when it
    was signed; and the hash of the checkpoint before it."""

    name: str
    size: int
    root: bytes
    cases: int
    heads: bytes
    signed_at: str
    previous: str

    def text(self) -> str:
        """The text that is signed."""
        return (f"{self.name}\n{self.size}\n{_text(self.root)}\nheads {self.cases} {_text(self.heads)}\n"
                f"signed {self.signed_at}\nprevious {self.previous}\n")

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """What the text of a checkpoint says. Raises BadNote if it is none."""
        found = _CHECKPOINT.fullmatch(text)
        if found is None:
            raise BadNote("it is no checkpoint")
        name, size, root, cases, heads, signed_at, previous = found.groups()
        told = cls(name, int(size), _bytes(root), int(cases), _bytes(heads), signed_at, previous)
        if len(told.root) != 32 or len(told.heads) != 32 or told.text() != text:
            raise BadNote("it is no checkpoint")
        return told


def key_text(number: int, key: Key, since: str) -> str:
    """The text of the note that makes this key the one that signs from a moment on."""
    return f"{key.name}\nkey {number}\n{key}\nsince {since}\n"


def read_keys(notes: Sequence[str]) -> list[Key]:
    """The keys of a trail, oldest first, from their notes: the first signed by itself, each next by the one before.

    Raises BadNote, naming the key.
    """
    keys: list[Key] = []
    for number, note in enumerate(notes, start=1):
        found = _KEY.fullmatch(text_of(note))
        if found is None or int(found.group(2)) != number:
            raise BadNote(f"key {number}: what should say which key it is says something else")
        key = Key.read(found.group(3))
        if key.name != found.group(1) or keys and key.name != keys[0].name:
            raise BadNote(f"key {number}: it is of another trail")
        try:
            verified(note, keys[-1:] or [key])
        except BadNote as bad:
            raise BadNote(f"key {number}: {bad}") from None
        keys.append(key)
    return keys


def public(name: str, key: Ed25519PrivateKey) -> Key:
    """The public part of a key."""
    return Key(name, key.public_key().public_bytes_raw())


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The text as a note signed under this name."""
    return f"{text}\n— {name} {_text(public(name, key).id + key.sign(text.encode()))}\n"


def text_of(note: str) -> str:
    """The signed text of a note, whoever signed it. Raises BadNote if it is none."""
    return _parts(note)[0]


def verified(note: str, keys: Sequence[Key]) -> str:
    """The text of a note that one of these keys signed. Raises BadNote if none did."""
    text, name, signature = _parts(note)
    key = next((key for key in keys if (key.name, key.id) == (name, signature[:4])), None)
    if key is None:
        raise BadNote("it is signed by a key that this trail does not know")
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature[4:], text.encode())
    except InvalidSignature:
        raise BadNote("its signature does not hold") from None
    return text


def checkpoint_in(data: bytes) -> str:
    """The one checkpoint that a file holds: the note itself, or a message with it as it was saved. Raises BadNote if there is
    not one."""
    parts = [part for part in message_from_bytes(data).walk() if not part.is_multipart()]
    texts = [part.get_payload(decode=True) for part in parts]
    found = {f"{said}\nprevious {previous}\n\n— {name} {signature}\n" for text in (data, *texts) if isinstance(text, bytes)
             for said, previous, name, signature in _ANYWHERE.findall(text.decode("utf-8", "replace").replace("\r\n", "\n"))}
    if len(found) != 1:
        raise BadNote(f"it holds {len(found)} checkpoints, and one is needed")
    return found.pop()


def hash_of(note: str) -> str:
    """The hash by which the next checkpoint names this one."""
    return sha256(note.encode()).hexdigest()


def _parts(note: str) -> tuple[str, str, bytes]:
    found = _NOTE.fullmatch(note)
    if found is None or "\n\n" in found.group(1):
        raise BadNote("it is no signed note")
    return found.group(1), found.group(2), _bytes(found.group(3))


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise BadNote("it holds what is no base64") from None
    if _text(raw) != text:                       # the last character may have bits to spare, and none may be set
        raise BadNote("it holds what is no base64")
    return raw
