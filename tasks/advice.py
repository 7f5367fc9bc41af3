"""The requests for advice of many cases, read with nothing but the facts that they are worked out from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col

from models.advice import AdviceRequest
from models.advice_facts import READS, advice_requests
from models.board import Board, board
from models.calendar import bank_holidays
from models.law.record import Fact, standing
from models.tables.cases import FactRow
from tasks import bulk
from tasks.database import reading
from tasks.reading import FACT, FACT_COLUMNS, as_fact, read_many
from tasks.worklist import owners_of

AT_ONCE = 500
GATHERS = ("decided_to_assess", "reassessment_decided", "advice_requested", "advice_delivered")
"""The facts without one of which a case has no request for advice."""


@dataclass(frozen=True, slots=True)
class Held:
    """One request that somebody holds, and the officer whose case it is."""

    request: AdviceRequest
    owner: str | None


def requests(session: Session, on: date, refs: Iterable[str] | None = None) -> list[AdviceRequest]:
    """The requests for advice of these cases, or of all, as they stand on `on` by what is on record now."""
    found: list[AdviceRequest] = []
    wanted = sorted(refs) if refs is not None else sorted(session.exec(
        sa.select(col(FactRow.case_ref)).where(col(FactRow.kind).in_(GATHERS)).distinct()).scalars())
    for start in range(0, len(wanted), AT_ONCE):
        for facts in _facts(session, wanted[start:start + AT_ONCE]).values():
            record = [fact for fact in standing(facts) if fact.on <= on]
            if record:
                found += advice_requests(record, on, bank_holidays())
    return found


def _facts(session: Session, refs: list[str]) -> dict[str, list[Fact]]:
    """The facts that requests are worked out from, by case; a case with a correction is read whole, for it may correct any."""
    found: dict[str, list[Fact]] = {}
    corrected: set[str] = set()
    for fact in map(as_fact, bulk.select(session, FACT, FACT_COLUMNS, ("kind", "in", [*READS, "fact_corrected"]),
                                         ("case_ref", "in", refs), order=("case_ref", "number"))):
        found.setdefault(fact.case, []).append(fact)
        if fact.kind == "fact_corrected":
            corrected.add(fact.case)
    return found | read_many(session, sorted(corrected))


def held(session: Session, on: date, owner: str | None = None, agency: str | None = None) -> list[Held]:
    """Every request that somebody holds on a day, the most pressing first: late against the law, late against guidance, a gap that
    waits for the council, then by last day; those without any day come last. `owner` and `agency` leave out the others."""
    found = [one for one in requests(session, on) if one.holder is not None and agency in (None, one.who)]
    owners = owners_of(session, {one.case for one in found})
    kept = [Held(one, owners.get(one.case)) for one in found if owner in (None, owners.get(one.case))]
    return sorted(kept, key=lambda one: _pressing(one.request))


def _pressing(one: AdviceRequest) -> tuple[object, ...]:
    late = bool(one.days_late) and one.is_open and not one.excused_by
    gap = one.holder in ("council", "council.manager")
    rank = (0 if one.body == "s31" else 1) if late else 2 if gap else 3
    day = one.due_on or one.day_42 or date.max
    return rank, day, one.case, one.adviser, one.who


def board_of(engine: Engine, on: date, since: date | None = None) -> Board:
    """The board of all agencies on a day, over the requests that were sent from `since` on."""
    with reading(engine) as session:
        return board(requests(session, on), on, since)
