"""Question 3: every request for advice, from asking to answer; and whether everybody whom the law requires was asked."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.advice import ADVISER_ROLES
from models.audit.answer import Figure, OfCases, Record, figure
from models.audit.names import NAMES
from models.case import Case
from models.law.advisers import ADVISERS, body_asked, may_reuse
from models.law.asked import asked_elsewhere_on
from models.law.owed import Owed
from models.law.record import Fact
from models.law.view import by_kind

LIMITED = ("coop_respond_advice", "advice_six_weeks_others", "dp_coop")
RECEIPTS = ("advice_delivered", "advice_acknowledged")
ANSWERS = {"advice_received": "returned", "advice_declined": "declined", "advice_not_known": "not known to it",
           "advice_not_obtainable": "given up", "advice_passed_on": "passed on", "advice_gap_decided": "asked elsewhere"}
TURNS = ("advice_passed_on", "advice_gap_decided")


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One request for advice, or one adviser whom the law requires and who was not asked."""

    case: str
    adviser: str
    agency: str | None
    body: str | None
    required: bool
    asked_on: date | None
    receipt_on: date | None
    receipt: str | None
    due_on: date | None
    answer: str | None
    answered_on: date | None
    days: int | None
    in_time: bool | None
    rule: str
    owner: str | None


def _advice(record: Record) -> Iterator[AdviceRow]:
    case, asked = record.case, record.asked
    required = {need.adviser for need in case.advisers} if case.has("decided_to_assess", "reassessment_decided") else set()
    requests = sorted(case.all("advice_requested"), key=lambda fact: (fact.on, fact.number))
    for place, request in enumerate(requests):
        if asked.covers(request.on) and _is_of(request["adviser"], request["agency"], asked.agency):
            upto = next((later.on for later in requests[place + 1:] if _same(later, request)), None)
            yield _request(case, request, upto, required)
    decision = case.last("decided_to_assess")
    if decision is None or not asked.covers(decision.on):
        return
    for adviser in sorted(required - {fact["adviser"] for fact in requests}):
        if _is_of(adviser, None, asked.agency):
            yield _not_asked(case, adviser)


def _request(case: Case, request: Fact, upto: date | None, required: set[str]) -> AdviceRow:
    """`upto` is the day on which the same was asked anew: what came from then on belongs to that."""
    def first(*kinds: str, only: Callable[[Fact], bool] = lambda fact: True) -> Fact | None:
        found = [fact for fact in case.all(*kinds) if _same(fact, request) and fact.on >= request.on and only(fact)
                 and (upto is None or fact.on < upto or fact.on == upto == request.on)]
        return min(found, key=lambda fact: (fact.on, kinds.index(fact.kind)), default=None)

    # What came counts, whatever was said before; a request that went on to nobody whom the council has asked is not answered.
    receipt, told = first(*RECEIPTS), by_kind(case.facts)
    answer = first("advice_received") or first("advice_declined", "advice_not_known", "advice_not_obtainable") or first(
        *TURNS, only=lambda turn: asked_elsewhere_on(turn, told) is not None)
    owed = _limit(case, request, receipt)
    proof = receipt or answer
    began = receipt.on if receipt else request.on
    returned = answer if answer is not None and answer.kind == "advice_received" else None
    until = returned.on if returned else None
    in_time = None
    if owed is not None and owed.due_on is not None:
        in_time = returned.on <= owed.due_on if returned else False if case.on > owed.due_on and answer is None else None
    return AdviceRow(
        case.ref, request["adviser"], request["agency"], body_asked(request), request["adviser"] in required, request.on,
        proof.on if proof else None, None if proof is None else "answered" if proof is answer else proof.kind.removeprefix("advice_"),
        owed.due_on if owed else None, ANSWERS[answer.kind] if answer else None, answer.on if answer else None,
        (until - began).days if until else None, in_time, owed.duty.citation if owed else ADVISERS[request["adviser"]].regulation,
        case.owner)


def _limit(case: Case, request: Fact, receipt: Fact | None) -> Owed | None:
    """The limit that runs from this request, or from its receipt."""
    for owed in case.duties:
        if owed.duty.id in LIMITED and owed.adviser == request["adviser"] and owed.started_by is not None:
            if owed.started_by is request or owed.started_by is receipt or (
                    owed.party in (None, request["agency"]) and owed.asked_on in (None, request.on)
                    and owed.started_by.on >= request.on):
                return owed
    return None


def _not_asked(case: Case, adviser: str) -> AdviceRow:
    reused = next((fact for fact in case.all("existing_advice_sufficed", adviser=adviser) if may_reuse(fact) is None), None)
    instead = reused or case.last("advice_received", "advice_not_obtainable", adviser=adviser)
    words = None if instead is None else "earlier advice stands in" if reused else ANSWERS[instead.kind]
    return AdviceRow(case.ref, adviser, None, None, True, None, None, None, None, words, instead.on if instead else None, None, None,
                     ADVISERS[adviser].regulation, case.owner)


def _same(fact: Fact, request: Fact) -> bool:
    return fact["adviser"] == request["adviser"] and (None in (fact["agency"], request["agency"])
                                                      or fact["agency"] == request["agency"])


def _is_of(adviser: str, agency: str | None, wanted: str | None) -> bool:
    return wanted is None or wanted in (agency, ADVISER_ROLES.get(adviser))


def _figures(rows: Sequence[AdviceRow], seen: Counter[str]) -> list[Figure]:
    asked = [row for row in rows if row.asked_on is not None]
    needed: dict[str, bool] = {}
    for row in rows:
        if row.required:
            needed[row.case] = needed.get(row.case, True) and (row.asked_on is not None or row.answer is not None)
    complete = Figure("every source required by law was asked, or earlier advice stands in", sum(needed.values()), len(needed),
                      tuple(sorted(ref for ref, whole in needed.items() if whole)),
                      tuple(sorted(ref for ref, whole in needed.items() if not whole)))
    return [figure("receipt is proved", asked, lambda row: row.receipt_on is not None),
            figure("returned within six weeks, statutory (s.31 bodies)",
                   [row for row in asked if row.in_time is not None and row.body == "s31"], lambda row: bool(row.in_time)),
            figure("returned within six weeks, guidance (others)",
                   [row for row in asked if row.in_time is not None and row.body != "s31"], lambda row: bool(row.in_time)),
            complete]


ADVICE = OfCases(
    name="advice", row=AdviceRow, number=NAMES["advice"].number, asks=NAMES["advice"].asks,
    definition="One row for each request that was sent in the period, and one without a day of sending for each adviser whom"
               " reg 6(1) requires and who was not asked, where it was decided in the period to assess. Receipt is proved by"
               " delivery, by the body's own word, or by its answer. Days run from proved receipt (else from sending) to the"
               " answer. A figure on time counts what was returned or is over; what was declined, given up, or asked elsewhere is"
               " neither. To pass a request on is no answer to it until the council has asked the other body.",
    uses="advice_requested, advice_delivered, advice_acknowledged, advice_received, advice_declined, advice_not_known,"
         " advice_passed_on, advice_gap_decided, advice_not_obtainable, existing_advice_sufficed; what is on record of the child that reg 6(1) asks"
         " about",
    excluded="advice for which neither law nor Code sets a limit, in the figures on time (its rows are there, without a due day)",
    citation="reg 6(1), (4); s.31(4), reg 8(1); Code 9.40-9.41 for bodies that reg 8 does not bind",
    rows=_advice, figures=_figures,
    order=lambda row: (row.asked_on is not None, row.asked_on or date.min, row.case, row.adviser))
