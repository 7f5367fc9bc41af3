"""The key that makes a message one, and the further tries to send it."""

NO_LONGER_WANTED = "no_longer_wanted"
"""Why a message was dropped that the case no longer called for when its turn came."""

AGAIN = "/again-"
"""Stands in a key between that of the message and the number of the try, from the second on."""


def first_key(key: str) -> str:
    """The key of a message without the number of the try.

    >>> first_key("EHC-2026-0001/final_plan/family/76/again-2")
    'EHC-2026-0001/final_plan/family/76'
    """
    before, again, number = key.rpartition(AGAIN)
    return before if again and number.isdigit() else key
