"""The letters about the trail as a whole: they name no person and need none of the council's details."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.note import FIRST, Checkpoint, checkpoint_in, public, sign
from notifications import letter
from notifications.letter import WordingError, write_about_trail
from notifications.trail_letters import MOST, broken_letter, checkpoint_letter, retention_letter

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
NAME = "sample.example/ehc"
NOTE = sign(Checkpoint(NAME, 1200, b"r" * 32, 20, b"h" * 32, "2026-05-01T09:30:00.000000Z", FIRST).text(), NAME, KEY)


def test_the_letter_to_the_auditors_holds_the_checkpoint_and_the_key():
    written = checkpoint_letter(7, NOTE, public(NAME, KEY))
    assert written.subject == "Checkpoint 7 of the record, over 1,200 facts" and written.wording == "trail/checkpoint/v1"
    assert checkpoint_in(written.body.encode()) == NOTE and str(public(NAME, KEY)) in written.body


def test_a_wording_without_the_checkpoint_is_refused(tmp_path, monkeypatch):
    (tmp_path / "trail").mkdir()
    (tmp_path / "trail" / "checkpoint.txt").write_text("Subject: one\n\nNothing\n")
    monkeypatch.setattr("notifications.trail_letters.write_about_trail", lambda name, data: write_about_trail(name, data, tmp_path))
    with pytest.raises(WordingError, match="leaves out the checkpoint"):
        checkpoint_letter(7, NOTE, public(NAME, KEY))


def test_the_letter_to_operations_names_what_was_found_and_is_not_endless():
    written = broken_letter(["A1: fact 2 was altered."])
    assert written.subject == "The record was changed: 1 finding" and "- A1: fact 2 was altered." in written.body
    long = broken_letter([f"A{n}: fact 1 was altered." for n in range(MOST + 5)])
    assert "- A19: " in long.body and "A20" not in long.body and "- and 5 more" in long.body
    assert letter.LINE.fullmatch(long.subject)


def test_the_monthly_letter_lists_references_and_is_not_endless():
    written = retention_letter([f"A{n}" for n in range(MOST + 3)], ["B1"], [])
    assert written.subject == "Keeping of records: 23 due for erasure, 1 to be looked into"
    assert "- A19\n" in written.body and "A20" not in written.body and "- and 3 more" in written.body and "- B1" in written.body
    assert "not finished" not in written.body and "no birth date is known" not in retention_letter(["A1"], [], []).body
