"""Questions 1 and 2: each limit of each request, kept or not, and each exception that was claimed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.audit.answer import Figure, OfCases, Record, figure
from models.audit.names import NAMES
from models.law.exceptions import judge
from models.law.owed import Owed
from models.law.record import Fact
from models.law.request import DAY_ZERO
from models.law.rulebook import duty as row_of
from models.two_times import day_of

LIMITS = {"6 weeks": ("decide_whether_to_assess", "dp_decide_assess"), "16 weeks": ("refuse_to_issue", "dp_refuse_issue"),
          "20 weeks": ("finalise_plan", "dp_finalise")}


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One limit of one request."""

    case: str
    received_on: date
    requested_by: str | None
    how: str | None
    limit: str
    due_on: date | None
    done: str | None
    done_on: date | None
    days: int | None
    state: str
    days_late: int | None
    in_time: bool | None
    exception: str | None
    rule: str
    owner: str | None


def _requests(record: Record) -> Iterator[RequestRow]:
    case = record.case
    if not record.asked.covers(case.day_zero):
        return
    first = min(case.all(*DAY_ZERO), key=lambda fact: fact.on)
    for limit, ids in LIMITS.items():
        for owed in case.duties:
            if owed.duty.id in ids and owed.occasion is None:
                days = (owed.met_on - owed.starts_on).days if owed.met_on and owed.starts_on else None
                yield RequestRow(case.ref, first.on, first["requested_by"], first["how"], limit, owed.due_on,
                                 owed.met_by.kind if owed.met_by else None, owed.met_on, days, owed.state, owed.days_late,
                                 in_time(owed), owed.excused_by, owed.duty.citation, case.owner)


def in_time(owed: Owed) -> bool | None:
    """Whether a limit was kept, exceptions or not; None while it is still to be seen, and where nothing is owed any more."""
    if owed.due_on is None or owed.state == "lapsed":
        return None
    if owed.met_on is not None:
        return not owed.days_late
    return False if owed.days_late else None


def _request_figures(rows: Sequence[RequestRow], seen: Counter[str]) -> list[Figure]:
    told = []
    for limit in LIMITS:
        over = [row for row in rows if row.limit == limit and row.in_time is not None]
        told += [figure(f"within {limit}, all", over, lambda row: row.in_time),
                 figure(f"within {limit}, without those with a lawful exception",
                        [row for row in over if row.exception is None], lambda row: row.in_time)]
    return told


REQUESTS = OfCases(
    name="requests", row=RequestRow, number=NAMES["requests"].number, asks=NAMES["requests"].asks,
    definition="One row for each limit of each request whose Day 0 (the earlier of receipt and of becoming responsible) lies"
               " in the period. Days are counted from Day 0, which is not counted itself, to the day on which the family was"
               " told. `in_time` looks at the limit alone; `exception` is the code of one that the law accepts for this very"
               " limit. A figure counts the limits that were met or are over; the second of each pair leaves out those with a"
               " lawful exception.",
    uses="request_received, became_responsible (day, requested_by, how), the facts that meet each duty, notified_on and"
         " family_told_of_decision where a notice was to follow, exception_claimed",
    excluded="limits that lapsed (withdrawn, moved, died; 16 weeks where a plan is made), and in the figures limits that still"
             " run; re-assessments",
    citation="s.36(8), reg 5(1); s.36(9), reg 10(1); reg 13(2); exceptions regs 5(4), 10(4), 13(3)",
    rows=_requests, figures=_request_figures, about_requests=True,
    order=lambda row: (row.received_on, row.case, list(LIMITS).index(row.limit)))


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception that was claimed."""

    case: str
    fact: int
    duty: str
    adviser: str | None
    code: str
    claimed_on: date
    recorded_on: date | None
    recorded_by: str | None
    approved_by: str | None
    evidence: str
    due_on: date | None
    after_the_limit: bool | None
    accepted: bool
    ruling: str
    rule: str
    owner: str | None


_EVIDENCE = ("advice_requested_on", "closed_from", "reopens_on", "absent_from", "absent_to", "appointment_on", "affected_from",
             "affected_to")


def _exceptions(record: Record) -> Iterator[ExceptionRow]:
    case = record.case
    for claim in case.all("exception_claimed"):
        if not record.asked.covers(claim.on):
            continue
        owed = _claimed_for(case.duties, claim)
        if owed is None:
            accepted, ruling, rule, due_on = False, "the limit that it names has not arisen", row_of(claim["duty"]).citation, None
        else:
            judged = judge(claim, owed.duty, owed.starts_on, owed.due_on, case.facts)
            accepted, ruling, rule, due_on = judged.accepted, judged.because, judged.citation, owed.due_on
        recorded_on = day_of(claim.recorded_at) if claim.recorded_at else None
        evidence = [f"{name}={claim[name]}" for name in _EVIDENCE if claim[name]] + (["because (text)"] if claim["because"] else [])
        late = None if due_on is None or recorded_on is None else recorded_on > due_on
        yield ExceptionRow(case.ref, claim.number, claim["duty"], claim["adviser"], claim["code"], claim.on, recorded_on, claim.by,
                           claim["approved_by"], ", ".join(evidence) or "none", due_on, late, accepted, ruling, rule, case.owner)


def _claimed_for(duties: Sequence[Owed], claim: Fact) -> Owed | None:
    """The limit for which an exception was claimed: of several that it may mean, the latest that had begun."""
    mine = [owed for owed in duties if owed.duty.id == claim["duty"] and claim["adviser"] in (None, owed.adviser)
            and claim["agency"] in (None, owed.party) and claim["occasion"] in (None, owed.occasion)]
    begun = [owed for owed in mine if owed.starts_on is not None and owed.starts_on <= claim.on]
    return max(begun or mine, key=lambda owed: owed.starts_on or date.min, default=None)


EXCEPTIONS = OfCases(
    name="exceptions", row=ExceptionRow, number=NAMES["exceptions"].number, asks=NAMES["exceptions"].asks,
    definition="One row for each exception that was claimed in the period and stands. `accepted` is what the law makes of it,"
               " judged from the days that it states and the case's own facts. `after_the_limit` tells that it was recorded on"
               " a later day than the last day of the limit that it is claimed for.",
    uses="exception_claimed (duty, code, approved_by, because, its days), the moment of recording and who recorded it",
    excluded="claims that the door refused, which are not on record, and claims that a correction took back (see backdated)",
    citation="regs 5(4), 8(2), 10(4), 13(3)",
    rows=_exceptions, order=lambda row: (row.claimed_on, row.case, row.fact),
    figures=lambda rows, seen: (figure("recorded after the limit was over", rows, lambda row: bool(row.after_the_limit), of_faults=True),
                                figure("accepted by the law", rows, lambda row: row.accepted)))
