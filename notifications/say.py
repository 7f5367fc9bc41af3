"""One thing to be said: which message, to whom, about what, and from which day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from models.case import Case

FAMILY = "family"
OWNER = "council.owner"
LEAD = "council.lead"


@dataclass(frozen=True, slots=True)
class Say:
    """One message to one recipient about one thing, wanted from a day on."""

    message: str
    to: str
    about: str
    from_day: date
    agency: str | None = None
    duty: str | None = None
    adviser: str | None = None
    setting: str | None = None
    pack: str | None = None
    occasion: str | None = None
    expected_on: date | None = None

    def key(self, ref: str) -> str:
        """The message's one key: the same thing is never said twice."""
        agency = f"@{self.agency}" if self.agency else ""
        return f"{ref}/{self.message}/{self.to}{agency}/{self.about}"

    def as_fact(self, ref: str) -> dict[str, str]:
        """The fields of the fact `message_queued` that records it."""
        told = {"key": self.key(ref), "message": self.message, "recipient": self.to, "about": self.about,
                "agency": self.agency, "duty": self.duty, "adviser": self.adviser, "setting": self.setting,
                "pack": self.pack, "occasion": self.occasion,
                "expected_on": self.expected_on and self.expected_on.isoformat()}
        return {name: value for name, value in told.items() if value is not None}


Part = Callable[[Case], Iterator[Say]]
"""What one part of the process has to say in a case."""
