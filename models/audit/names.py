"""The questions of an auditor by name and number, in words: quick to load, for help texts and to find them."""

from collections.abc import Mapping
from typing import NamedTuple


class Named(NamedTuple):
    """A question that is answered over all cases: its number, and what it asks."""

    number: int
    asks: str


NAMES: Mapping[str, Named] = {
    "requests": Named(1, "For every request in a period: received when and how, decided when, in how many days, under which rule, on"
                         " time? Counted with and without lawful exceptions."),
    "exceptions": Named(2, "Every exception: which, on what evidence, who recorded it, when, and was it recorded after the deadline?"),
    "advice": Named(3, "Every request for advice: sent, receipt proved, due, returned, in how many days; and was every source that the"
                       " law requires asked?"),
    "decisions": Named(4, "Every decision: by whom, reasons recorded, evidence seen, letter sent, appeal and mediation words present,"
                          " delivery outcome?"),
    "reviews": Named(5, "Every review: meeting, decision within four weeks, final plan; the longest overdue first."),
    "transfers": Named(6, "Phase transfers due 15 February and 31 March: done, late, never started."),
    "orders": Named(7, "Mediation and orders of the Tribunal: due and done."),
    "silent": Named(8, "Cases with no event for N days; cases with no owner; owners who have left."),
    "backdated": Named(9, "Backdated entries: recorded later than they happened, and by how much."),
    "told": Named(12, "What did the family know, and when did it learn of it?"),
}

NUMBERS: Mapping[str, str] = {**{str(one.number): name for name, one in NAMES.items()}, "10": "sample", "11": "looks"}
"""The name of each of the twelve questions by its number."""
