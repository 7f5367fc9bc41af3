"""Who records a fact, and when."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Hand:
    """The hand that writes: the moment, who (the reference of an officer, an agency or a program), and the flow run.

    `at` is kept in UTC. Raises ValueError if it has no time zone, or if nobody is named.
    """

    at: datetime
    by: str
    flow_run_id: str | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError(f"{self.at.isoformat()} has no time zone, so the moment is not known. Give it in UTC:"
                             " datetime.now(UTC).")
        if not self.by.strip() or not self.by.isprintable():
            raise ValueError("Nobody is named as the one who records this. Give the reference of an officer or a program.")
        at = self.at.astimezone(UTC)
        # A plain datetime: one of pendulum's loses this time zone in arithmetic.
        object.__setattr__(self, "at", datetime.combine(at.date(), at.time(), UTC))
