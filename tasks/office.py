"""The office that sends: what it needs, and what one round of its sending did."""

from dataclasses import dataclass, field

from notifications.channels import Channels
from notifications.ladder import Policy
from notifications.letter import Council
from tasks.links import Links, links_of
from tasks.settings import Settings


@dataclass(frozen=True)
class Office:
    """What sending needs: the channels, the council's own details, and the links with which agencies answer, if set up.

    `policy` is another than the one in force, for a trial.
    """

    channels: Channels
    council: Council
    links: Links | None = None
    policy: Policy | None = None


def office_of(settings: Settings) -> Office:
    """The office as the settings describe it."""
    return Office(Channels(settings.channels, settings.outbox_dir, secret=settings.link_secret), settings.council,
                  links_of(settings))


@dataclass
class Sent:
    """What one round of sending did: how many messages went, will be tried again, failed for good, were no longer wanted, are
    held back until their recipient works again.

    `digests` counts the letters in which several of those that went, went together.
    """

    sent: int = 0
    later: int = 0
    failed: int = 0
    dropped: int = 0
    held: int = 0
    digests: int = 0
    refs: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def words(self) -> str:
        """One line for people."""
        parts = [f"{self.sent} sent" + (f" ({self.digests} {'digest' if self.digests == 1 else 'digests'})" if self.digests else "")]
        parts += [f"{n} {what}" for n, what in ((self.later, "to be tried again"), (self.failed, "failed for good"),
                                                (self.dropped, "no longer wanted"),
                                                (self.held, "held until the recipient works again")) if n]
        return ", ".join(parts)

    def add(self, more: "Sent") -> None:
        """Add what another round did."""
        self.sent += more.sent
        self.later += more.later
        self.failed += more.failed
        self.dropped += more.dropped
        self.held += more.held
        self.digests += more.digests
        self.refs |= more.refs
        self.problems += more.problems
