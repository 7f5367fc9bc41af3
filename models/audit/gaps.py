"""The gap ledger: what should be on record and is not, and what cannot be so; each with its owner and its age.

How long is allowed before a gap is one is policy, and stands here. No gap changes a date of the law.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.audit.answer import Figure, OfCases, Record
from models.audit.contradictions import contradictions
from models.audit.decisions import how_told
from models.audit.letters import FAMILY, Letter, Letters
from models.audit.silence import SILENT_AFTER, nobody_holds, silence
from models.case import Case
from models.facts import FROM_RETURN
from models.law.record import Fact
from models.message_key import first_key

GRACE = 1
"""Days that a letter may wait, or advice be asked for after the decision: the engine looks every day."""

PROVE_RECEIPT_WITHIN = 2
"""Days after asking for advice by which somebody makes sure that the request arrived."""

STAFF = "council."
REMINDERS = ("reminder", "overdue", "excused_reminder")
TELLING = ("decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue")
SENT_WITH = {"draft_plan_prepared": "draft_plan_served", "final_plan_prepared": "final_plan_sent"}

KINDS = {
    "decision_without_letter": "a decision of which the family has no letter",
    "request_without_receipt": "a request for advice whose receipt nobody has proved",
    "notice_without_dispatch": "a letter that was written and did not go, or came back",
    "advice_not_asked": "advice that the law requires and that nobody asked for",
    "no_owner": "a live case that no officer holds, or one who has left",
    "silent": "a live case in which nothing happens",
    "contradiction": "facts that cannot both be right",
}


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap: what it is, since when and for how many days, who holds the case, and what to do."""

    case: str
    gap: str
    what: str
    fact: int | None
    since: date
    days: int
    owner: str | None
    to_do: str
    rule: str


def _gaps(record: Record) -> Iterator[GapRow]:
    case = record.case
    record.seen["live"] += not case.stage.is_terminal
    if case.is_erased:
        return
    for one in contradictions(case):
        yield _row(case, "contradiction", one.what, one.fact, one.since, f"find out which is right, and ehc correct {case.ref} {one.fact}",
                   "UK GDPR art 5(1)(d): accuracy")
    if case.is_looked_at:                        # taken from a return, which does not tell of letters, requests and officers
        return
    letters = Letters(case)
    for check in (_without_letter, _without_dispatch):
        yield from check(case, letters)
    yield from _without_receipt(case)
    yield from _not_asked(case)
    nobody = nobody_holds(case, record.left)
    if nobody is not None:
        yield _row(case, "no_owner", nobody[0], None, nobody[1], f"ehc handover {case.ref} --to OFFICER", "policy")
    quiet = silence(case, record.asked.days or SILENT_AFTER)
    if quiet is not None:
        yield _row(case, "silent", f"no fact since {quiet.event}", None, quiet.since, f"see what it waits for: ehc brief {case.ref}",
                   "policy")


def _row(case: Case, gap: str, what: str, fact: int | None, since: date, to_do: str, rule: str) -> GapRow:
    return GapRow(case.ref, gap, what, fact, since, (case.on - since).days, case.owner, to_do, rule)


def _is_over(case: Case, since: date, days: int) -> bool:
    return case.on > since + timedelta(days=days)


def _without_letter(case: Case, letters: Letters) -> Iterator[GapRow]:
    writes = any(True for _ in letters.to_family())
    for fact in case.all(*TELLING):
        if fact["how"] == FROM_RETURN or not _is_over(case, fact.on, GRACE):
            continue
        told_on, how, letter = how_told(case, letters, fact)
        if letter is not None:
            continue                             # whether that letter went is another question
        if told_on is None or (writes and how.startswith("recorded as told")):
            yield _row(case, "decision_without_letter", f"{fact}: {how}", fact.number, fact.on,
                       f"send the notice, and say when: ehc correct {case.ref} {fact.number} notified_on=DATE", _RULES[fact.kind])
    for prepared, sent in SENT_WITH.items():
        for fact in case.all(prepared):
            if _is_over(case, fact.on, GRACE) and not letters.about(fact) and not any(one.on >= fact.on for one in case.all(sent)) \
                    and not case.stage.is_terminal and not _waits_for_its_day(case, fact):
                yield _row(case, "decision_without_letter", f"{fact}: approved, and not sent", fact.number, fact.on,
                           f"see what holds it back: ehc brief {case.ref}", "reg 13, reg 14")


def _waits_for_its_day(case: Case, fact: Fact) -> bool:
    """Whether an approved final plan may not go yet: the family's fifteen days with the draft run."""
    window = case.duty("draft_representation_window")
    return fact.kind == "final_plan_prepared" and window is not None and window.due_on is not None and case.on <= window.due_on + timedelta(
        days=GRACE)


_RULES = {"decided_to_assess": "s.36(8), reg 5(1)", "refused_to_assess": "s.36(5), reg 5(1), (3)", "decided_to_issue": "s.36(9)",
          "refused_to_issue": "s.36(9), reg 10(1), (3)"}


def _without_dispatch(case: Case, letters: Letters) -> Iterator[GapRow]:
    tries: dict[str, list[Letter]] = {}
    for queued in case.all("message_queued"):
        if not (queued["recipient"] or "").startswith(STAFF) and queued["message"] not in REMINDERS:
            tries.setdefault(first_key(queued["key"]), []).append(letters.letter(queued))
    facts = {str(fact.number): fact for fact in case.facts}
    for key, several in tries.items():
        last = several[-1]
        if any(one.went for one in several) or last.outcome == "dropped" or not _is_over(case, last.queued.on, GRACE):
            continue
        about = facts.get(last.queued["about"] or "")
        if about is not None and _heard_otherwise(case, about, last):
            continue
        state = {"waiting": "waits to be sent", "failed": "could not be sent", "bounced": "came back"}[last.outcome]
        yield _row(case, "notice_without_dispatch", f"{last.message} to {_whom(last.queued)}: {state}", last.queued.number, last.queued.on,
                   f"ehc case {case.ref} says why; put the address right and ehc resend {case.ref} {key}", "the notice's own rule")


def _heard_otherwise(case: Case, about: Fact, letter: Letter) -> bool:
    return letter.queued["recipient"] == FAMILY and any(
        told["decision"] == about.kind and told.on >= about.on for told in case.all("family_told_of_decision"))


def _whom(queued: Fact) -> str:
    return (queued["recipient"] or "-") + (f" ({queued['agency']})" if queued["agency"] else "")


def _without_receipt(case: Case) -> Iterator[GapRow]:
    if case.stage.is_terminal or case.has_plan:
        return
    answers = case.all("advice_delivered", "advice_acknowledged", "advice_received", "advice_declined", "advice_not_known",
                       "advice_passed_on", "advice_not_obtainable")
    for fact in case.all("advice_requested"):
        if fact["how"] == FROM_RETURN or fact["adviser"] not in case.advice_outstanding or not _is_over(case, fact.on, PROVE_RECEIPT_WITHIN):
            continue
        if any(_same(later, fact) and (later.on, later.number) > (fact.on, fact.number) for later in case.all("advice_requested")):
            continue                             # asked anew since: that request is the one to be proved
        if not any(_same(one, fact) and one.on >= fact.on for one in answers):
            of = fact["adviser"] + (f" ({fact['agency']})" if fact["agency"] else "")
            yield _row(case, "request_without_receipt", f"{of}: asked, and nobody has proved that it arrived", fact.number, fact.on,
                       f"ask whether it arrived: ehc record {case.ref} advice_delivered adviser={fact['adviser']}", "reg 8(1)")


def _same(one: Fact, fact: Fact) -> bool:
    return one["adviser"] == fact["adviser"] and (None in (one["agency"], fact["agency"]) or one["agency"] == fact["agency"])


def _not_asked(case: Case) -> Iterator[GapRow]:
    if case.stage.is_terminal:
        return
    for owed in case.duties:
        if owed.duty.id in ("seek_advice", "dp_advice") and owed.is_live and owed.started_by is not None and owed.met_on is None \
                and owed.adviser in case.advice_outstanding and _is_over(case, owed.started_by.on, GRACE):
            yield _row(case, "advice_not_asked", f"{owed.adviser}: required, and not asked for", owed.started_by.number, owed.started_by.on,
                       f"ehc record {case.ref} advice_requested adviser={owed.adviser}", owed.duty.citation)


def _figures(rows: Sequence[GapRow], seen: Counter[str]) -> list[Figure]:
    told = []
    for kind, words in KINDS.items():
        refs = sorted({row.case for row in rows if row.gap == kind})
        told.append(Figure(f"cases with {words}", len(refs), seen["cases"], tuple(refs), (), True))
    return told


GAPS = OfCases(
    name="gaps", row=GapRow,
    asks="What should be on record and is not, and what cannot be so?",
    definition="One row for each gap, with the day since which it is one and the officer who holds the case. A letter may wait"
               f" {GRACE} day, and so may advice to be asked for; receipt is to be proved within {PROVE_RECEIPT_WITHIN} days; a"
               f" case under way is silent after {SILENT_AFTER} days without a fact other than the engine's own about messages.",
    uses="decisions and message_* facts; advice_requested and what answers it; what reg 6(1) requires; owner and the officers"
         " who left; the days of all facts and the moments of recording",
    excluded="reminders and letters to the council's own people; erased cases; of cases that were taken from a return and that"
             " no officer has taken on, all but contradictions",
    citation="ss.36(5), (8), (9); regs 5, 6(1), 8(1), 10, 13, 14; the rest is policy (models/audit/gaps.py)",
    rows=_gaps, figures=_figures, order=lambda row: (-row.days, row.case, row.gap, row.fact or 0))
