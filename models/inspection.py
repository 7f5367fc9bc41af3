"""What an inspection looks at beside an auditor's questions: the cases of a period, what was late in them, and how each agency
answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from models.advice import ADVISER_ROLES
from models.case import Case
from models.chronology import is_late
from models.law.owed import Owed


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case that was live in the period, as it stands. `late` counts the limits in law that were missed in it."""

    case: str
    begun_on: date | None
    received_on: date | None
    stage: str
    held_by: tuple[str, ...]
    held_since: date | None
    owner: str | None
    late: int
    most_days_late: int


@dataclass(frozen=True, slots=True)
class LateRow:
    """One limit in law that was missed, and from which no exception relieves: done late, not done, or ended undone."""

    case: str
    limit: str
    adviser: str | None
    owed_by: str
    due_on: date
    done_on: date | None
    state: str
    days_late: int
    citation: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """How one agency, or one role where no agency is named, answered the requests for one kind of advice.

    `of_in_time` counts the requests whose six weeks are over or that were answered, `in_time` those of them answered within
    these; `late_now` are over and not answered. `median_days` is from the start of the six weeks to the answer.
    """

    adviser: str
    agency: str
    asked: int
    receipt_proved: int
    in_time: int
    of_in_time: int
    late_now: int
    median_days: float | None
    rule: str

    @property
    def percent(self) -> float | None:
        """Those in time, in per cent of those that could be, to one decimal; None of nothing."""
        return round(100 * self.in_time / self.of_in_time, 1) if self.of_in_time else None


def is_live_between(case: Case, since: date, until: date) -> bool:
    """Whether a case was live on a day of the period, both days counted."""
    begun = case.begun_on or min(fact.on for fact in case.facts)
    return begun <= until and (case.ended is None or case.ended.on >= since)


def case_row(case: Case) -> CaseRow:
    """A case as one row."""
    late = [owed.days_late or 0 for owed in case.duties if is_late(owed)]
    return CaseRow(case.ref, case.begun_on, case.day_zero, case.stage.words, case.held_by, case.held_since, case.owner, len(late),
                   max(late, default=0))


def late_rows(case: Case, since: date, until: date) -> Iterable[LateRow]:
    """The limits of a case that were missed in the period: that were late on a day of it."""
    for owed in case.duties:
        ends = owed.met_on or owed.lapsed_on
        if is_late(owed) and owed.due_on is not None and owed.due_on < until and (ends is None or ends > since):
            yield _late(case, owed)


def _late(case: Case, owed: Owed) -> LateRow:
    return LateRow(case.ref, owed.duty.id, owed.adviser or owed.party, owed.duty.owed_by, owed.due_on, owed.met_on, owed.state,
                   owed.days_late or 0, owed.duty.citation, case.owner)


def by_agency(rows: Sequence[Any]) -> list[AgencyRow]:
    """The rows of the question on advice, summed up by kind of advice and agency; advice that was not asked for is not in it."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        if row.asked_on is not None:
            groups.setdefault((row.adviser, row.agency or ADVISER_ROLES.get(row.adviser, "-")), []).append(row)
    return [_agency(adviser, agency, some) for (adviser, agency), some in sorted(groups.items())]


def _agency(adviser: str, agency: str, rows: Sequence[Any]) -> AgencyRow:
    counted = [row for row in rows if row.in_time is not None]
    days = [row.days for row in rows if row.answered_on is not None and row.days is not None]
    return AgencyRow(adviser, agency, len(rows), sum(row.receipt_on is not None for row in rows), sum(bool(row.in_time) for row in counted),
                     len(counted), sum(row.answered_on is None for row in counted), median(days) if days else None, rows[0].rule)
