"""Questions 4 and 12: every decision with what proves it, and what the family was told of it, and when."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.audit.answer import Figure, OfCases, Record, figure
from models.audit.letters import Letter, Letters
from models.audit.names import NAMES
from models.case import Case
from models.law.processes import is_appealable
from models.law.record import Fact, as_day

DECISIONS = ("decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue", "final_plan_sent",
             "review_decision_sent", "final_amended_plan_sent", "decided_not_to_amend", "reassessment_decided", "decided_no_change",
             "cease_notice_sent", "withdrawal_accepted")
"""The facts that are decisions, or documents with which one is told."""

PREPARED = {"final_plan_sent": "final_plan_prepared", "final_amended_plan_sent": "amended_plan_prepared",
            "review_decision_sent": "plan_decision_prepared", "decided_not_to_amend": "plan_decision_prepared",
            "reassessment_decided": "plan_decision_prepared", "decided_no_change": "plan_decision_prepared",
            "cease_notice_sent": "plan_decision_prepared"}
"""Decisions whose dispatch is the fact itself: where the engine sent it, what was approved for it tells the rest."""

PLANS = ("final_plan_sent", "final_amended_plan_sent")
"""The documents among them: they give no reasons of their own."""

RIGHTS = ("N_APPEAL_A", "N_APPEAL_B")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision, and what proves it."""

    case: str
    fact: int
    decision: str
    decided_on: date
    decided_by: str | None
    reasons: str
    evidence: int
    told_on: date | None
    told: str
    rights: str
    outcome: str | None
    owner: str | None


def _decisions(record: Record) -> Iterator[DecisionRow]:
    case, letters = record.case, Letters(record.case)
    for fact in case.all(*DECISIONS):
        if record.asked.covers(fact.on):
            yield _decision(case, letters, fact)


def _decision(case: Case, letters: Letters, fact: Fact) -> DecisionRow:
    before = _prepared(case, fact)
    told_on, told, letter = how_told(case, letters, fact)
    by = fact["decided_by"] or (before and (before["decided_by"] or before["approved_by"])) or None
    sources = [one for one in (fact, before) if one is not None]
    reasons = [word for word, name in (("codes", "reason_codes"), ("text", "reasons")) if any(one[name] for one in sources)]
    evidence = {ref for one in sources for ref in one["evidence"] or ()}
    appealable = is_appealable(fact)
    rights = ("no appeal lies" if not appealable else "in the letter" if letter and letter.queued["pack"] in RIGHTS
              else "not seen: told by other means" if letter is None and told_on else "not on record")
    given = "in the plan" if fact.kind in PLANS else " and ".join(reasons) or "none"
    return DecisionRow(case.ref, fact.number, fact.kind, fact.on, by, given, len(evidence), told_on, told,
                       rights, letter.outcome if letter else None, case.owner)


def _prepared(case: Case, fact: Fact) -> Fact | None:
    kind = PREPARED.get(fact.kind)
    found = [one for one in case.all(kind) if one.on <= fact.on] if kind else []
    return max(found, key=lambda one: (one.on, one.number), default=None)


def how_told(case: Case, letters: Letters, fact: Fact) -> tuple[date | None, str, Letter | None]:
    """The day on which the family was told of a decision, in words how, and the letter if the engine wrote one.

    The last try that went counts, and while none has gone the last one written.
    """
    before = _prepared(case, fact)
    tries = letters.about(fact) + (letters.about(before) if before is not None else [])
    went = [letter for letter in tries if letter.went]
    if tries:
        letter = (went or tries)[-1]
        return (letter.sent_on if went else None), f"letter {letter.message}", letter
    if fact["notified_on"]:
        return max(fact.on, as_day(fact["notified_on"])), "by other means", None
    told = [one for one in case.all("family_told_of_decision") if one["decision"] == fact.kind and one.on >= fact.on]
    if told:
        return min(one.on for one in told), "by other means", None
    if fact.kind in PREPARED:
        return fact.on, "sent by the council itself", None
    if fact["notice"] == "to_follow" or fact.kind == "withdrawal_accepted":
        return None, "no letter on record", None
    return fact.on, "recorded as told, no letter on record", None


def _figures(rows: Sequence[DecisionRow], seen: Counter[str]) -> list[Figure]:
    return [figure("reasons are recorded", [row for row in rows if row.decision not in PLANS],
                   lambda row: row.reasons != "none"),
            figure("somebody is named as having decided", rows, lambda row: row.decided_by is not None),
            figure("the family was told", rows, lambda row: row.told_on is not None),
            figure("the words on appeal and mediation are in the letter, where an appeal lies",
                   [row for row in rows if row.rights != "no appeal lies"], lambda row: row.rights == "in the letter")]


DECISION = OfCases(
    name="decisions", row=DecisionRow, number=NAMES["decisions"].number, asks=NAMES["decisions"].asks,
    definition="One row for each decision, and each final plan, of the period. `evidence` counts the documents that it names."
               " The words on appeal and mediation are in every letter of the packs N_APPEAL_A and N_APPEAL_B: the engine"
               " writes none without them. Of a letter that the council sent by other means the engine has not seen the words,"
               " and says so. `outcome` is what became of the letter; sent alone proves no receipt.",
    uses="the decision's fact (decided_by, reasons, reason_codes, evidence, notified_on), what was approved for the engine to"
         " send, message_queued (pack, about), message_sent, _delivered, _opened, _bounced, _failed, family_told_of_decision",
    excluded="decisions that a correction took back",
    citation="ss.36(5), (8), (9), 51, 52; regs 5, 10, 14, 20, 22, 25, 31, 32",
    rows=_decisions, figures=_figures, order=lambda row: (row.decided_on, row.case, row.fact))


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One thing that the family was told, or has not been told."""

    case: str
    what: str
    fact: int
    happened_on: date
    sent_on: date | None
    learnt_on: date | None
    learnt: str
    days: int | None
    by: str
    says: str


def _told(record: Record) -> Iterator[ToldRow]:
    case, letters = record.case, Letters(record.case)
    facts = {fact.number: fact for fact in case.facts}
    for letter in letters.to_family():
        about = letter.queued["about"] or ""
        source = facts.get(int(about)) if about.isdigit() else None
        source = source or letter.queued
        if record.asked.covers(source.on):
            yield _row(case, letter, source)
    written = {letter.queued["about"] for letter in letters.to_family()}
    for fact in case.all(*DECISIONS):
        before = _prepared(case, fact)
        if str(fact.number) in written or (before is not None and str(before.number) in written) or not record.asked.covers(fact.on):
            continue
        told_on, how, _ = how_told(case, letters, fact)
        yield ToldRow(case.ref, fact.kind, fact.number, fact.on, told_on, told_on, "not at all" if told_on is None else "as recorded",
                      (told_on - fact.on).days if told_on else None, how, "")


def _row(case: Case, letter: Letter, source: Fact) -> ToldRow:
    learnt_on = letter.opened_on or letter.delivered_on or (letter.sent_on if letter.went else None)
    learnt = letter.outcome if letter.outcome in ("opened", "delivered") else (
        "sent, receipt not proved" if letter.outcome == "sent" else letter.outcome)
    says = ", ".join(f"{name}={letter.queued[name]}" for name in ("duty", "due_on", "expected_on") if letter.queued[name])
    what = f"{letter.message} ({source.kind})" if source is not letter.queued else letter.message
    return ToldRow(case.ref, what, source.number, source.on, letter.sent_on, learnt_on, learnt,
                   (learnt_on - source.on).days if learnt_on else None, letter.channel or "-", says)


TOLD = OfCases(
    name="told", row=ToldRow, number=NAMES["told"].number, asks=NAMES["told"].asks,
    definition="One row for each letter to the family, and for each decision for which no letter is on record. `learnt_on` is"
               " the day on which the letter was opened or delivered, as its channel tells; where no channel tells, the day on"
               " which it went, and that is said. Days run from what happened to that day.",
    uses="message_queued to the family (about, duty, due_on, expected_on), message_sent, _delivered, _opened, _bounced, _failed,"
         " notified_on, family_told_of_decision",
    excluded="calls, meetings and letters that nobody recorded; the words of the letters (ehc message show)",
    citation="s.19; ss.36(7) to (9); regs 5, 10, 13, 14; the Ombudsman's principles of good administration",
    rows=_told, order=lambda row: (row.case, row.happened_on, row.fact),
    figures=lambda rows, seen: (
        figure("told within seven days of what happened", [row for row in rows if row.learnt != "dropped"],
               lambda row: row.days is not None and row.days <= 7),
        figure("receipt is proved", [row for row in rows if row.sent_on is not None],
               lambda row: row.learnt in ("opened", "delivered"))))
