"""One duty of one case: its days, how it stands on a day, and why."""

from dataclasses import dataclass, replace
from datetime import date

from models.law.duty import Duty
from models.law.exceptions import Ruling
from models.law.record import Fact
from models.law.reversal import Candidate
from models.law.why import explain

STATES = ("open", "met", "met_late", "overdue", "excused", "lapsed")


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of one case: its days, and its state on the day it was asked about.

    `adviser` and `party` tell instances of one duty apart (`party` is a recipient, a setting or an agency).
    `days_late` counts from the last compliant day to the day it was met, ended or asked about; 0 when in time,
    None without a limit. `why` is the explanation, a sentence each. Where the same was asked again after an answer,
    this is the last asking, which began on `asked_on`, of `agency` where the facts name it, and `earlier` holds the facts of
    those before. `occasion` tells instances of one process apart, such as reviews, by the day that names them; `facts` belong
    to it. `branch` is one of several limits of one provision. `candidates` are other clocks that might be held to run.
    """

    case: str
    duty: Duty
    adviser: str | None = None
    party: str | None = None
    started_by: Fact | None = None
    starts_on: date | None = None
    due_on: date | None = None
    reporting_due_on: date | None = None
    met_on: date | None = None
    met_by: Fact | None = None
    lapsed_on: date | None = None
    lapsed_by: Fact | None = None
    excused_by: str | None = None
    rulings: tuple[Ruling, ...] = ()
    working: str = ""
    state: str = "open"
    days_late: int | None = None
    asked_on: date | None = None
    agency: str | None = None
    earlier: tuple[Fact, ...] = ()
    branch: str | None = None
    occasion: str | None = None
    facts: tuple[Fact, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def instance(self) -> tuple[str, ...]:
        """What tells it from every other duty of its case."""
        return tuple(part or "" for part in (self.duty.id, self.adviser, self.party, self.which))

    @property
    def which(self) -> str | None:
        """Which limit of several, and on which occasion: "make_draft 2027-03-04"; None where there is but one."""
        return " ".join(filter(None, (self.branch, self.occasion))) or None

    @property
    def work_to(self) -> date | None:
        """The day to work to: the last day in law, or that of another clock that might be held to run, if it is earlier."""
        return min((day for day in (self.due_on, *(one.due_on for one in self.candidates)) if day), default=None)

    @property
    def is_live(self) -> bool:
        """Whether it is still to be done."""
        return self.met_on is None and self.lapsed_on is None

    def on(self, day: date) -> "Owed":
        """The same duty with its state as it stands on `day`: what was told later has not been told yet."""
        known = self
        if self.met_on is not None and self.met_on > day:
            known = replace(known, met_on=None, met_by=None)
        if self.lapsed_on is not None and self.lapsed_on > day:
            known = replace(known, lapsed_on=None, lapsed_by=None)
        state, late = _state(known, day)
        return known if (state, late) == (known.state, known.days_late) else replace(known, state=state, days_late=late)

    @property
    def why(self) -> tuple[str, ...]:
        """The explanation: starting fact, rule, citation, arithmetic, exceptions considered, and how it stands."""
        return tuple(explain(self))


def _state(owed: Owed, day: date) -> tuple[str, int | None]:
    due = owed.due_on
    until = owed.met_on or owed.lapsed_on or day
    late = None if due is None else max(0, (until - due).days)
    if owed.duty.type == "window" and due is not None:
        if owed.lapsed_on is not None and owed.lapsed_on <= due:
            return "lapsed", 0
        if owed.met_on is not None:
            return ("excused" if owed.excused_by else "met_late", late) if late else ("met", 0)
        if owed.duty.limit is not None and owed.duty.limit.is_a_floor:
            return ("open" if day <= due else "met"), 0
        return ("open" if day <= due else "excused" if owed.excused_by else "lapsed"), 0
    if owed.lapsed_on is not None:
        return "lapsed", 0 if late and owed.lapsed_by.kind in owed.duty.clean_end else late
    if owed.met_on is not None:
        if not late:
            return "met", late
        return ("excused" if owed.excused_by else "met_late"), late
    if owed.excused_by:
        return "excused", late
    return ("overdue" if late else "open"), late
