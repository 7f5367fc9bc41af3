"""Signed notes, and the signature of RFC 8032 as the stand-alone verifier works it out."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from models.note import FIRST, BadNote, Checkpoint, Key, checkpoint_in, key_text, public, read_keys, sign, verified
from tasks import verify

RFC_8032 = [   # section 7.1: secret key, public key, message, signature
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]
KEY, NEXT = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
NAME = "council.example/ehc"
SINCE = "2026-05-01T09:30:00.000000Z"
CHECKPOINT = Checkpoint(NAME, 3, b"r" * 32, 2, b"h" * 32, SINCE, FIRST)
NOTE = sign(CHECKPOINT.text(), NAME, KEY)
KEYS = [sign(key_text(1, public(NAME, KEY), SINCE), NAME, KEY), sign(key_text(2, public(NAME, NEXT), SINCE), NAME, KEY)]


@pytest.mark.parametrize("secret, key, message, signature", RFC_8032)
def test_the_published_signatures_hold_and_no_other(secret, key, message, signature):
    secret, key, message, signature = map(bytes.fromhex, (secret, key, message, signature))
    assert Ed25519PrivateKey.from_private_bytes(secret).sign(message) == signature
    assert verify.signed(key, message, signature)
    assert not verify.signed(key, message + b"x", signature)
    assert not verify.signed(key, message, signature[:32] + (int.from_bytes(signature[32:], "little") + verify.ORDER).to_bytes(32, "little"))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40))
def test_the_plain_verifier_agrees_with_the_library(secret, message):
    key = Ed25519PrivateKey.from_private_bytes(secret)
    assert verify.signed(key.public_key().public_bytes_raw(), message, key.sign(message))


def test_a_note_says_what_was_signed():
    assert Checkpoint.read(verified(NOTE, [public(NAME, KEY)])) == CHECKPOINT
    assert NOTE.splitlines()[:2] == [NAME, "3"] and NOTE.splitlines()[-1].startswith(f"— {NAME} ")
    assert verify.checkpoint(NOTE, [str(public(NAME, KEY))])[:4] == (3, b"r" * 32, 2, b"h" * 32)


@pytest.mark.parametrize("note, keys", [(NOTE, KEYS), (KEYS[1], KEYS[:1])], ids=["checkpoint", "key"])
def test_a_note_of_which_any_character_was_changed_is_refused_by_both(note, keys):
    known = read_keys(keys)
    for place in range(len(note)):
        for other in ("\n", "A", "=", " ", "b", "0"):
            changed = note[:place] + other + note[place + 1:]
            for broken in {changed, note[:place] + note[place + 1:]} - {note}:
                with pytest.raises(BadNote):
                    verified(broken, known)
                if place % 7 == 0 and other == "A":            # the plain one takes ten thousand times as long
                    with pytest.raises((verify.Wrong, ValueError)):
                        verify.opened(broken, [str(key) for key in known])


def test_keys_are_handed_over_from_one_to_the_next():
    assert read_keys(KEYS) == [public(NAME, KEY), public(NAME, NEXT)]
    assert verify.all_keys(KEYS) == [str(key) for key in read_keys(KEYS)]
    forged = sign(key_text(2, public(NAME, NEXT), SINCE), NAME, NEXT)
    for notes in ([KEYS[1]], [KEYS[0], KEYS[0]], [KEYS[0], forged], [NOTE]):
        with pytest.raises(BadNote):
            read_keys(notes)
        with pytest.raises((verify.Wrong, ValueError)):
            verify.all_keys(notes)


def test_a_key_can_be_written_down_and_read():
    key = public(NAME, KEY)
    assert Key.read(f"{key}\n") == key
    for wrong in ("", "a+b+c", str(key)[:-1], str(key).replace("council", "another"), f"{key}A"):
        with pytest.raises(BadNote):
            Key.read(wrong)


def wrapped(text: str) -> str:
    return text.replace("previous ", "previous \n").replace(f"— {NAME} ", f"— {NAME} \n")


@pytest.mark.parametrize("letter", [
    NOTE.encode(), f"Keep this:\n\n{NOTE}\nThank you".encode(), f"Keep this:\n\n{wrapped(NOTE)}\nThank you".encode(),
    f"Subject: one\nContent-Type: text/plain\n\nKeep this:\n\n{wrapped(NOTE)}\n".replace("\n", "\r\n").encode(),
    b"Subject: one\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + b64encode(NOTE.encode()),
], ids=["itself", "in a text", "with broken lines", "as mail", "as encoded mail"])
def test_a_checkpoint_is_found_in_a_message_that_was_saved(letter):
    assert checkpoint_in(letter) == NOTE == verify.note_in(letter)


def test_a_file_without_one_checkpoint_is_refused():
    for text in ("", "nothing", NOTE + NOTE.replace("\n3\n", "\n4\n")):
        with pytest.raises(BadNote, match="checkpoints"):
            checkpoint_in(text.encode())
        with pytest.raises(verify.Wrong):
            verify.note_in(text.encode())
