"""The reminders of one day to one recipient, as one letter: each says what it would have said alone, in a few lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from notifications.letter import Council, Letter, render_together

LONGEST = 60
"""Reminders in one letter; a recipient with more gets several."""


@dataclass(frozen=True, slots=True)
class Item:
    """One reminder that waits: its key and case, and everything that its own letter would need."""

    key: str
    ref: str
    message: str
    due_on: date
    fields: Mapping[str, Any]

    def is_urgent(self, today: date) -> bool:
        """Whether its day is today or tomorrow: then it waits for nothing."""
        return 0 <= (self.due_on - today).days <= 1


def in_order(items: Sequence[Item]) -> list[Item]:
    """The longest overdue first."""
    return sorted(items, key=lambda one: (one.due_on, one.ref, one.key))


def together(items: Sequence[Item], role: str, council: Council, sent_on: date) -> Letter:
    """Several reminders to one recipient in one letter. Raises WordingError."""
    return render_together("digest", [(item.message, item.fields) for item in in_order(items)],
                           {"to_role": role, "sent_on": sent_on}, council)


def key_of(items: Sequence[Item], sent_on: date) -> str:
    """The key of the letter: the same reminders on the same day are the same letter, however often it is tried."""
    return f"digest/{sent_on.isoformat()}/{sha256(' '.join(sorted(item.key for item in items)).encode()).hexdigest()[:16]}"
