"""The work list: every dated duty that is still to be done, most harmful lateness first, from the tables kept beside the facts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from models.delivery import undelivered_in
from models.law.owed import Owed
from models.law.record import Fact, standing
from models.message_key import NO_LONGER_WANTED
from models.tables.cases import CaseFile, DutyRow, FactRow, MessageRow
from models.targets import rule as row
from tasks import bulk
from tasks.derived import as_it_stands
from tasks.reading import FACT_COLUMNS, as_fact, read_many

FACT = FactRow.__table__
DECISION, EARLY_NO = "decide_whether_to_assess", "notify_no_plan_need_determination"
NAMES_THE_OWNER = ("request_received", "became_responsible", "owner_named", "circumstances_recorded", "plan_taken_over",
                   "plan_transferred", "taken_from_return", "taken_on")


@dataclass(frozen=True, slots=True)
class ToDo:
    """One duty to be done, and the case that it belongs to."""

    owed: Owed
    stage: str
    held_by: tuple[str, ...]
    held_since: date | None
    owner: str | None
    from_return: bool = False                    # and no officer has taken the case on

    @property
    def is_breach(self) -> bool:
        """Whether a statutory limit is overdue."""
        return self.owed.state == "overdue" and self.owed.duty.kind == "hard"


def worklist(session: Session, on: date, within: int | None = None, owner: str | None = None, first: int | None = None,
             worked_on: bool = False) -> list[ToDo]:
    """What is to be done as seen on `on`, by what is on record now: overdue against a statutory limit first, the longest
    overdue first; then other overdue; then excused; then by due day.

    `within` leaves out what is due later than so many days after `on`, `owner` what another officer holds. The family's
    own periods are not in it: nobody can be late with a right. Nor is the early no of reg 4(1) beside the decision of
    reg 5(1): one decision on one day does both, unless an exception relieves the latter only. `worked_on` leaves out cases from
    returns that no officer has taken on. Where `first` is given, only of so many it is said who holds the case and whether it
    came from a return.
    """
    asked = (sa.select(col(DutyRow.case_ref), col(DutyRow.duty), col(DutyRow.adviser), col(DutyRow.party), col(DutyRow.occasion),
                       col(DutyRow.starts_on), col(DutyRow.due_on), col(DutyRow.reporting_due_on), col(DutyRow.excused_by),
                       col(CaseFile.stage), col(CaseFile.held_by), col(CaseFile.held_since))
             .join(CaseFile, col(CaseFile.ref) == col(DutyRow.case_ref))
             .where(col(DutyRow.due_on).is_not(None), col(DutyRow.starts_on) <= on,
                    sa.or_(col(DutyRow.met_on).is_(None), col(DutyRow.met_on) > on),
                    sa.or_(col(DutyRow.lapsed_on).is_(None), col(DutyRow.lapsed_on) > on)))
    if within is not None and within < (date.max - on).days:
        asked = asked.where(col(DutyRow.due_on) <= on + timedelta(days=within))
    rows = [found for found in session.exec(asked).all() if row(found.duty).type != "window"]
    decided_together = {found.case_ref for found in rows if found.duty == DECISION and not found.excused_by}
    rows = [found for found in rows if found.duty != EARLY_NO or found.case_ref not in decided_together]
    todo = sorted((ToDo(Owed(
        found.case_ref, row(found.duty), found.adviser or None, found.party or None, occasion=found.occasion or None,
        starts_on=found.starts_on, due_on=found.due_on, reporting_due_on=found.reporting_due_on, excused_by=found.excused_by).on(on),
        found.stage, tuple(filter(None, found.held_by.split(","))), found.held_since, None) for found in rows), key=_harm)
    told = todo if first is None or owner is not None or worked_on else todo[:first]
    refs = {item.owed.case for item in told}
    owners, returned = owners_of(session, refs), not_taken_on(session, refs)
    told = [replace(item, owner=owners.get(item.owed.case), from_return=item.owed.case in returned) for item in told]
    told = [item for item in told if (owner is None or item.owner == owner) and not (worked_on and item.from_return)]
    return told + (todo[first:] if first is not None and owner is None and not worked_on else [])


def not_taken_on(session: Session, refs: Iterable[str]) -> set[str]:
    """Those of these cases that came from a return and that no officer has taken on."""
    rows = bulk.select(session, FACT, ("case_ref", "kind"), ("kind", "in", ["taken_from_return", "taken_on"]),
                       ("case_ref", "in", sorted(refs)))
    return {ref for ref, kind in rows if kind == "taken_from_return"} - {ref for ref, kind in rows if kind == "taken_on"}


def _harm(item: ToDo) -> tuple[object, ...]:
    owed = item.owed
    rank = {"overdue": 0, "excused": 2 if owed.days_late else 3}.get(owed.state, 3)
    if owed.state == "overdue" and owed.duty.kind != "hard":
        rank = 1
    own = rank == 1 and owed.duty.kind == "ops"            # a target of our own, after guidance
    return rank, own, owed.due_on, owed.duty.kind != "hard", owed.case, owed.duty.id, owed.adviser or "", owed.party or ""


def owners_of(session: Session, refs: Iterable[str]) -> dict[str, str | None]:
    """The officer who holds each of these cases, as the facts name them."""
    wanted = sorted(refs)
    found: dict[str, list[Fact]] = {ref: [] for ref in wanted}
    corrected: set[str] = set()
    for fact in map(as_fact, bulk.select(session, FACT, FACT_COLUMNS, ("kind", "in", [*NAMES_THE_OWNER, "fact_corrected"]),
                                         ("case_ref", "in", wanted))):
        if fact.kind == "fact_corrected":
            corrected.add(fact.case)
        else:
            found[fact.case].append(fact)
    found |= read_many(session, sorted(corrected))
    return {ref: next((fact["owner"] for fact in reversed(standing(facts)) if fact["owner"]), None)
            for ref, facts in found.items()}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that reached nobody: it came back, or could not be sent at all. `since` is the day of that, `why` a code."""

    case: str
    key: str
    message: str
    to: str
    agency: str | None
    since: date
    why: str
    owner: str | None


def undelivered(session: Session, on: date, owner: str | None = None) -> list[Undelivered]:
    """The messages that reached nobody by `on` and that nobody has had since, the longest waiting first: each is for a person."""
    row = MessageRow.__table__.c
    refs = {ref for ref, in session.exec(sa.select(row.case_ref).where(sa.or_(
        row.outcome == "bounced", sa.and_(row.status == "failed", row.problem != NO_LONGER_WANTED.replace("_", " ")))).distinct())}
    owners = owners_of(session, refs)
    found = []
    for ref, facts in sorted(read_many(session, sorted(refs)).items()):
        if owner is not None and owners.get(ref) != owner:
            continue
        found += [Undelivered(ref, fact["key"], told["message"], told["recipient"], told["agency"], fact.on, fact["why"], owners.get(ref))
                  for fact, told in undelivered_in(as_it_stands(ref, facts, on)) if fact.on <= on]
    return sorted(found, key=lambda one: (one.since, one.case, one.key))
