"""Questions 5, 6 and 7: reviews, phase transfers, and what mediation and the Tribunal ordered."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.audit.answer import Figure, OfCases, Record, figure
from models.audit.names import NAMES
from models.audit.requests import in_time
from models.law.occasion import Occasion
from models.law.owed import Owed
from models.law.processes import AMENDED

YEARLY = ("first_review", "next_review", "new_la_review", "review_after_reassessment")
OF_A_REVIEW = ("review_decision", "amendment_notice", "final_amended_plan")
TRANSFERS = ("phase_transfer_secondary_to_post16", "phase_transfer_other", "post16_to_post16")
ORDERED = ("order", "concession", "agreement", "recommendation", "mediation", "appeal")


def overdue(owed: Iterable[Owed]) -> int:
    """Days by which the most overdue of these duties is late now; 0 if none is."""
    return max((one.days_late or 0 for one in owed if one.state == "overdue"), default=0)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review, or the review that a plan awaits. `overdue` is in days, of the most overdue of its limits now."""

    case: str
    review: str
    review_due: date | None
    meeting_on: date | None
    decision_due: date | None
    decided_on: date | None
    outcome: str | None
    decision_in_time: bool | None
    plan_due: date | None
    plan_on: date | None
    plan_in_time: bool | None
    overdue: int
    owner: str | None


def _reviews(record: Record) -> Iterator[ReviewRow]:
    case = record.case
    for review in case.occasions["review"]:
        if record.asked.covers(review.of):
            yield _review(record, review)
    if not case.has_plan:
        return
    for owed in case.duties:
        if owed.duty.id in YEARLY and owed.is_live and owed.due_on is not None and record.asked.covers(owed.due_on):
            yield ReviewRow(case.ref, "to be held", owed.due_on, None, None, None, None, None, None, None, None, overdue([owed]),
                            case.owner)


def _review(record: Record, review: Occasion) -> ReviewRow:
    mine = [owed for owed in record.case.duties if owed.occasion == review.key and owed.duty.per == "review"]

    def the(*ids: str) -> Owed | None:
        return next((owed for owed in mine if owed.duty.id in ids and owed.due_on is not None), None)

    decision, plan = the("review_decision"), the("final_amended_plan")
    held, decided = review.last("review_meeting_held"), review.last("review_decision_sent")
    document = review.last(*AMENDED)
    amends = decided is not None and decided["outcome"] == "amend"
    return ReviewRow(
        record.case.ref, review.key, None, held.on if held else None, decision.due_on if decision else None,
        decided.on if decided else None, decided["outcome"] if decided else None, in_time(decision) if decision else None,
        plan.due_on if plan and amends else None, document.on if document else None, in_time(plan) if plan and amends else None,
        overdue(owed for owed in mine if owed.duty.id in OF_A_REVIEW), record.case.owner)


REVIEWS = OfCases(
    name="reviews", row=ReviewRow, number=NAMES["reviews"].number, asks=NAMES["reviews"].asks,
    definition="One row for each review whose meeting lies in the period, and one for each live plan that awaits its next"
               " review, whose last day lies in the period (`review_due`). The decision is due four weeks after the meeting,"
               " the amended plan eight weeks after the notice and never later than twelve weeks after the meeting. `overdue`"
               " is in days, of the longest overdue of these limits and of that of the notice.",
    uses="review_meeting_held, review_decision_sent (outcome), amendment_notice_sent, final_amended_plan_sent,"
         " decided_not_to_amend, final_plan_sent, plan_taken_over, plan_transferred",
    excluded="plans that have ended; in the figures limits that still run",
    citation="s.44(1), regs 18, 20(10), 21(9), 22(2), (3); R (L, M and P) v Devon County Council [2022] EWHC 493 (Admin)",
    rows=_reviews, order=lambda row: (-row.overdue, row.meeting_on or row.review_due or date.max, row.case),
    figures=lambda rows, seen: (
        figure("decision within four weeks of the meeting", [row for row in rows if row.decision_in_time is not None],
               lambda row: row.decision_in_time),
        figure("amended plan in time", [row for row in rows if row.plan_in_time is not None], lambda row: row.plan_in_time),
        figure("plans whose next review is not overdue", [row for row in rows if row.review == "to be held"],
               lambda row: not row.overdue)))


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One transfer between phases of education."""

    case: str
    transfer: str
    identified_on: date | None
    due_on: date | None
    begun_on: date | None
    done_on: date | None
    state: str
    days_late: int
    rule: str
    owner: str | None


_BEGINS = ("review_meeting_fixed", "review_meeting_held", "amendment_notice_sent", "review_decision_sent", *AMENDED)


def _transfers(record: Record) -> Iterator[TransferRow]:
    case = record.case
    known: set[int | None] = set()
    for owed in case.duties:
        if owed.duty.id not in TRANSFERS or owed.started_by is None:
            continue
        known.add(owed.started_by["year"])
        if not record.asked.covers(owed.due_on):
            continue
        first = min((fact.on for fact in case.all(*_BEGINS) if fact.on >= owed.started_by.on), default=None)
        done = owed.met_on
        state = ("excluded or ended" if owed.lapsed_on else "done late" if done and owed.days_late else "done" if done
                 else "never started" if first is None and owed.state == "overdue" else "late" if owed.state == "overdue"
                 else "not started" if first is None else "under way")
        yield TransferRow(case.ref, owed.duty.id, owed.started_by.on, owed.due_on, first, done, state, owed.days_late or 0,
                          owed.duty.citation, case.owner)
    ahead = record.ahead
    if ahead is None or ahead.transfer is None or ahead.year in known or not case.has_plan:
        return
    yield TransferRow(case.ref, f"phase transfer of {ahead.year}, by age", None, None, None, None, "not identified", 0, "reg 18",
                      case.owner)


def _transfer_figures(rows: Sequence[TransferRow], seen: Counter[str]) -> list[Figure]:
    over = [row for row in rows if row.state in ("done", "done late", "late", "never started")]
    return [figure("done in time", over, lambda row: row.state == "done"),
            figure("never started, though the day has passed", over, lambda row: row.state == "never started", of_faults=True),
            figure("identified, of the transfers of the next year that age calls for", [
                row for row in rows if row.state not in ("excluded or ended",)], lambda row: row.state != "not identified")]


TRANSFER = OfCases(
    name="transfers", row=TransferRow, number=NAMES["transfers"].number, asks=NAMES["transfers"].asks,
    definition="One row for each transfer that was identified and whose last day lies in the period; it is done when the plan"
               " was reviewed and amended, or the review decided otherwise. Begun is the first step of a review or amendment"
               " since it was identified. `not identified` are live plans where the birth date calls for a transfer in the next"
               " calendar year and none is on record; they are listed whatever the period.",
    uses="phase_transfer_identified (transfer, year, transfer_on), phase_transfer_excluded, facts of reviews and amendments;"
         " the birth date, which is not shown",
    excluded="cases without a birth date, of which age says nothing (`ehc trail run` of each-september names them); ended plans",
    citation="reg 18(1), (2)",
    rows=_transfers, figures=_transfer_figures, asks_births=True,
    order=lambda row: (-row.days_late, row.due_on or date.max, row.case))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One limit of an order, an agreement, a mediation or an appeal."""

    case: str
    duty: str
    process: str
    began_on: date | None
    what: str
    owed_by: str
    due_on: date | None
    done_on: date | None
    state: str
    days_late: int
    in_time: bool | None
    rule: str
    owner: str | None


def _orders(record: Record) -> Iterator[OrderRow]:
    case = record.case
    for owed in case.duties:
        if owed.duty.per not in ORDERED or owed.duty.type == "window" or owed.started_by is None:
            continue
        start = owed.started_by
        if record.asked.covers(start.on):
            what = " ".join(str(part) for part in (start.kind, start["order"] or start["about"] or start["service"] or start["health"])
                            if part)
            yield OrderRow(case.ref, owed.duty.id, owed.duty.per, start.on, what, owed.duty.owed_by, owed.due_on, owed.met_on, owed.state,
                           owed.days_late or 0, in_time(owed), owed.duty.citation, case.owner)


ORDERS = OfCases(
    name="orders", row=OrderRow, number=NAMES["orders"].number, asks=NAMES["orders"].asks,
    definition="One row for each limit that an order, an appeal that the council does not oppose, an agreement in mediation, a"
               " recommendation, a mediation or an appeal set running in the period, from its own day.",
    uses="tribunal_order_made, appeal_unopposed, mediation_agreed (order, agreed_by), recommendation_made, mediation_wanted"
         " and what followed, appeal_registered, and the facts that meet each limit",
    excluded="the family's own time to appeal; in the figures limits that still run or lapsed, and those without a day in law",
    citation="regs 32 to 42, 44, 45; SI 2017/1306; Tribunal Procedure Rules r.21; SI 2015/62 for detained persons",
    rows=_orders, order=lambda row: (-row.days_late if row.state == "overdue" else 0, row.due_on or date.max, row.case),
    figures=lambda rows, seen: (
        figure("orders, agreements and concessions carried out in time",
               [row for row in rows if row.in_time is not None and row.process in ("order", "concession", "agreement")],
               lambda row: row.in_time),
        figure("mediation, appeals and recommendations in time",
               [row for row in rows if row.in_time is not None and row.process in ("mediation", "appeal", "recommendation")],
               lambda row: row.in_time)))
