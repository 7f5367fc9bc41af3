"""One row of the rulebook: who owes what to whom, what starts it, how long, what meets it, what excuses it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.law.counting import Counting
from models.law.dates import Limit
from models.law.record import Fact

PART_3_COMMENCED = date(2014, 9, 1)

KINDS = {
    "hard": "a time limit or duty in an Act or a statutory instrument",
    "guide": "only in the Code of Practice: must be had regard to, is not statutory",
    "derived": "an arithmetic consequence of hard limits, is not statutory",
    "ops": "a sensible target without legal force",
}

TYPES = {
    "event": "starts clocks",
    "duty": "must be done; with a limit where the law gives one",
    "window": "a period that must run its course",
    "step": "must be done, has no time limit",
    "advice": "advice that an assessment must gather",
    "prohibition": "must not be done",
    "rule": "says how the law works, and asks for no act of its own",
}


@dataclass(frozen=True, slots=True)
class When:
    """A condition under which a duty arises, in words and as a test of the fact that starts it."""

    words: str
    test: Callable[[Fact], bool]


def not_before(start: Fact | None, told: Sequence[Fact]) -> bool:
    """Whether the last of these facts can answer what started the duty: it is not earlier."""
    return start is None or told[-1].on >= start.on


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty, window or step of the law, as it stood between `valid_from` and `valid_to` (inclusive, or None).

    `starts_on`, `met_by` and `ends_with` name kinds of fact. `ends_with` are the facts after which nothing is
    owed any more. `per` says what tells one instance from another: each adviser, recipient and setting has a
    clock of its own, and so has each occasion of a process (see `occasions`): each review, order, appealable
    decision. `limit` is None where the law gives no figure.

    An id may have several rows: versions, told apart by their days (`text` names the instrument, `reading` how the
    words were understood), and branches, where one provision sets several limits. `selector` says which day
    picks the version: that on which the limit fell due, or that on which the clock started.
    """

    id: str
    words: str
    owed_by: str
    owed_to: tuple[str, ...]
    starts_on: tuple[str, ...]
    limit: Limit | None
    citation: str
    kind: str = "hard"
    type: str = "duty"
    timing: str = ""                     # what the law says where it gives no figure
    met_by: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    clean_end: tuple[str, ...] = ()      # ends that show that the limit was never broken: another row measures it
    per: str | None = None
    also_per: tuple[str, ...] = ()       # further processes, each occasion of which has an instance as well
    only_with: tuple[str, ...] = ()      # only on occasions to which such a fact belongs
    latest_start: bool = False           # a new start replaces the old one (a draft served again)
    asked_anew: bool = False             # what is asked again after an answer has a clock of its own
    when: When | None = None
    exceptions: tuple[str, ...] = ()
    exception_basis: str = ""
    residual: str | None = None
    notice_pack: str | None = None
    appeal: str | None = None
    reporting_limit: Limit | None = None
    awaits: str | None = None            # the fact whose day the clock needs, where another shows that it is coming
    meets: Callable[[Fact | None, Sequence[Fact]], bool] | None = None   # do the start and these facts, by day, meet it?
    counts: Callable[[Counting], tuple[date | None, str]] | None = None      # where the limit alone does not tell the day
    starts_at: str | None = None         # the field that tells the day from which it counts, where the fact has one
    branch: str | None = None
    per_round: bool = False              # anew in each re-assessment, which is gathered and drafted as an assessment
    regime: str = "ordinary"             # or "detained" (ss.70-75), "released", "detained_since", "any": see `detention`
    text: str = "SI 2014/1530"
    reading: str = ""
    valid_from: date = PART_3_COMMENCED
    valid_to: date | None = None
    selector: str = "due_date"

    @property
    def limit_words(self) -> str:
        """The limit as people read it, or what the law says instead of a figure."""
        return self.limit.phrase if self.limit else (self.timing or "no time limit in law")

    def in_force(self, day: date) -> bool:
        """Whether this text was law on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def as_record(self) -> Mapping[str, object]:
        """The row as plain data, days as ISO text."""
        return {
            "id": self.id, "words": self.words, "type": self.type, "kind": self.kind, "owed_by": self.owed_by,
            "owed_to": list(self.owed_to), "starts_on": list(self.starts_on),
            "limit": {"function": self.limit.function, "n": self.limit.n} if self.limit else None,
            "limit_words": self.limit_words,
            "reporting_limit": ({"function": self.reporting_limit.function, "n": self.reporting_limit.n}
                                if self.reporting_limit else None),
            "met_by": list(self.met_by), "citation": self.citation, "exceptions": list(self.exceptions),
            "exception_basis": self.exception_basis, "residual": self.residual, "notice_pack": self.notice_pack,
            "appeal": self.appeal, "per": self.per, "branch": self.branch, "regime": self.regime,
            "text": self.text, "reading": self.reading, "selector": self.selector,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }
