"""The key that signs checkpoints: its private part in a file that only its owner can read, its public part in the trail.

Each next key is signed by the one before it. A change of keys that was cut short is finished by whoever next asks for the key.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from stat import S_IMODE

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, load_pem_private_key)
from sqlalchemy import Engine
from sqlmodel import Session

from models.note import BadNote, Key, key_text, public, read_keys, sign
from models.tables.trail import SealKeyRow
from models.trail import moment
from tasks import bulk
from tasks.database import writing
from tasks.log import key_notes

_LOG = 0x454843_03                                  # of an advisory lock


class NoKey(ValueError):
    """No key is set up, so nothing can be signed; the message says how to make one."""


class BadKey(ValueError):
    """The key cannot be used as it is; the message says why and what to do. Never holds any of it."""


def make(engine: Engine, path: Path | None, name: str, at: datetime) -> Key:
    """Make the first key of the trail, and name its public part there. Safe to repeat if it was cut short.

    `name` is what the log is called in every checkpoint, such as `council.example/ehc`. Raises NoKey, BadKey.
    """
    path = _set(path)
    with writing(engine) as session:
        one_at_a_time(session)
        if key_notes(session):
            raise BadKey("The trail has a key already. `ehc trail key rotate` changes it, `ehc trail key show` tells it.")
        if not path.exists():
            _write(path, Ed25519PrivateKey.generate())
        key = _read(path)
        told = public(name, key)
        _name(session, 1, sign(key_text(1, told, moment(at)), name, key))
    return told


def rotate(engine: Engine, path: Path | None, at: datetime) -> Key:
    """Make the next key, sign it with the one there is, and put it in its place; the old private part is gone then.

    Raises NoKey, BadKey.
    """
    path = _set(path)
    with writing(engine) as session:
        one_at_a_time(session)
        keys = _known(key_notes(session))
        old = signing_key(path, keys)
        new = Ed25519PrivateKey.generate()
        told = public(keys[-1].name, new)
        _write(_next(path), new)
        _name(session, len(keys) + 1, sign(key_text(len(keys) + 1, told, moment(at)), told.name, old))
    signing_key(path, [*keys, told])
    return told


def signing_key(path: Path | None, keys: Sequence[Key]) -> Ed25519PrivateKey:
    """The private key that belongs to the last of these public ones. Raises NoKey, BadKey."""
    path = _set(path)
    if not keys:
        raise NoKey("The trail has no key yet. Make one with `ehc trail key new`.")
    for place in (path, _next(path)):
        if place.exists() and public(keys[-1].name, found := _read(place)) == keys[-1]:
            if place != path:
                os.replace(place, path)
            return found
    what = "holds another key than the last one that the trail names" if path.exists() else "does not exist"
    raise BadKey(f"EHC_SEAL_KEY: {path} {what} ({keys[-1].id.hex()}). Put the right file there. If its private part is lost or"
                 " was taken, keep the database as it is and tell your auditors: nothing can be signed in its name any more.")


def one_at_a_time(session: Session) -> None:
    """Keep others from sealing or changing keys before this transaction ends. SQLite has one writer at a time already."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOG)))


def _known(notes: Sequence[str]) -> list[Key]:
    try:
        return read_keys(notes)
    except BadNote as bad:
        raise BadKey(f"The keys of the trail were altered: {bad}. `ehc trail verify` tells more.") from None


def _set(path: Path | None) -> Path:
    if path is None:
        raise NoKey("No key is set up, so the trail cannot be sealed. Set EHC_SEAL_KEY to a file that only this user can read,"
                    " on another disk than the database if you can, and run `ehc trail key new`.")
    return path


def _next(path: Path) -> Path:
    return path.with_name(f"{path.name}.next")


def _name(session: Session, number: int, note: str) -> None:
    bulk.insert(session, SealKeyRow.__table__, ("number", "note"), [(number, note)])


def _write(path: Path, key: Ed25519PrivateKey) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BadKey(f"EHC_SEAL_KEY: {path} cannot be written: {error.strerror}.") from None


def _read(path: Path) -> Ed25519PrivateKey:
    try:
        mode, text = S_IMODE(path.stat().st_mode), path.read_bytes()
    except OSError as error:
        raise BadKey(f"EHC_SEAL_KEY: {path} cannot be read: {error.strerror}.") from None
    if mode & 0o077:
        raise BadKey(f"EHC_SEAL_KEY: others than its owner may use {path}. Close it with chmod 600, and if anybody could have"
                     " read it, change it with `ehc trail key rotate`.")
    try:
        found = load_pem_private_key(text, password=None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise BadKey(f"EHC_SEAL_KEY: {path} holds no Ed25519 key in PEM. Put the right file there.")
    return found
