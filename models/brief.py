"""The brief for whoever takes a case over: built from the record alone, in references, days and codes, and no name."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from models.case import Case
from models.expectation import EXPECTED, expectation
from models.law.dates import long, weeks_and_days
from models.law.owed import Owed
from models.law.record import Fact, as_day
from models.stages import Stage
from models.summary import DECISIONS, progress, standing_line

NEXT = 8
"""How many of the next days are told."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One case for its next officer, a line each. An empty list means that there is nothing of the kind."""

    standing: tuple[str, ...]
    late: tuple[str, ...]
    next: tuple[str, ...]
    unanswered: tuple[str, ...]
    decisions: tuple[str, ...]
    promises: tuple[str, ...]
    family: tuple[str, ...]


TITLES = {
    "standing": "Where the case stands", "late": "What is late", "next": "What is due next",
    "unanswered": "Who was asked and has not answered", "decisions": "Decisions that are open",
    "promises": "What has been promised", "family": "What the family was told, and when",
}
NOTHING = "Nothing."
DECIDING = (Stage.S00_INTAKE, Stage.S10_CONSIDERING, Stage.S30_DECIDING_PLAN)
"""The stages at which the case waits for one decision of the council."""


def brief(case: Case) -> Brief:
    """What the next officer must know of a case, as it stands on its day."""
    return Brief(tuple(_standing(case)), tuple(_late(case)), tuple(_next(case)), tuple(_unanswered(case)),
                 tuple(_decisions(case)), tuple(_promises(case)), tuple(_family(case)))


def lines(found: Brief) -> list[str]:
    """The brief as plain lines, a heading before each list; every heading is there, so that nothing can be overlooked."""
    told: list[str] = []
    for one in fields(found):
        rows = getattr(found, one.name) or (NOTHING,)
        told += [f"{TITLES[one.name]}:", *(f"- {row}"[:200] for row in rows)]
    return told


def _standing(case: Case) -> Iterable[str]:
    yield f"{case.ref} on {long(case.on)}: {progress(case).words}."
    yield f"{standing_line(case)}."
    who = ", ".join(case.held_by)
    if who:
        yield f"It is held by {who}" + (f" since {long(case.held_since)}." if case.held_since else ".")
    for one in case.alongside:
        yield f"Under way beside it: {one.stage.words} since {long(one.since)}."


def _dated(case: Case) -> list[Owed]:
    found = [owed for owed in case.duties if owed.is_live and owed.due_on is not None]
    return sorted(found, key=lambda owed: (owed.due_on, owed.instance))


def _called(owed: Owed) -> str:
    of = " ".join(filter(None, (owed.adviser, owed.party)))
    return owed.duty.id.replace("_", " ") + (f" ({of})" if of else "")


def _debtor(owed: Owed) -> str:
    return owed.duty.owed_by.replace("_", " ")


def _force(owed: Owed) -> str:
    return owed.duty.citation if owed.duty.kind == "hard" else f"{owed.duty.citation}: not statutory"


def _late(case: Case) -> Iterable[str]:
    for owed in _dated(case):
        if owed.duty.type != "window" and owed.state == "overdue":
            yield (f"{_called(owed)}, owed by {_debtor(owed)}: was due {long(owed.due_on)},"
                   f" {weeks_and_days(owed.days_late)} late ({_force(owed)}).")
        elif owed.state == "excused" and owed.excused_by:
            yield f"{_called(owed)}: excused from {long(owed.due_on)} by {owed.excused_by}, due as soon as practicable."
    for owed in case.duties:
        hope = expectation(case, owed)
        if hope is not None and case.on <= hope.due_on and case.on >= hope.unattainable_from:
            yield (f"{_called(owed)}: {long(hope.due_on)} can no longer be met; not before {long(hope.not_before(case.on))}"
                   + (f", by {long(hope.by)} if all advice keeps its day." if hope.by else "."))


def _next(case: Case) -> Iterable[str]:
    coming = [owed for owed in _dated(case) if owed.state == "open"]
    for owed in coming[:NEXT]:
        kind = "the family's own time ends" if owed.duty.type == "window" else f"owed by {_debtor(owed)}"
        yield f"{long(owed.due_on)}: {_called(owed)}, {kind} ({_force(owed)})."
    if len(coming) > NEXT:
        yield f"And {len(coming) - NEXT} more: ehc due."


def _unanswered(case: Case) -> Iterable[str]:
    asked = {fact["adviser"] for fact in case.all("advice_requested")}
    for adviser in case.advice_outstanding if asked else ():
        requests = case.all("advice_requested", adviser=adviser)
        if not requests:
            yield f"{adviser}: not asked yet."
            continue
        last = max(requests, key=lambda fact: (fact.on, fact.number))
        reminders = len(case.all("message_queued", message="reminder", adviser=adviser)
                        + case.all("message_queued", message="overdue", adviser=adviser))
        limit = next((owed.due_on for owed in case.duties if owed.adviser == adviser and owed.is_live and owed.due_on
                      and owed.duty.id != "seek_advice"), None)
        yield (f"{adviser}" + (f" ({last['agency']})" if last["agency"] else "") + f": asked {long(last.on)}"
               + (f", due {long(limit)}" if limit else ", no limit runs yet")
               + (f", reminded {reminders} times" if reminders else "") + _answer_so_far(case, adviser) + ".")
    answered = {fact["setting"] for fact in case.all("setting_answered")}
    for fact in case.all("setting_consulted"):
        if fact["setting"] not in answered and not case.has("final_plan_sent"):
            yield f"{fact['setting']}: consulted {long(fact.on)}."


def _answer_so_far(case: Case, adviser: str) -> str:
    said = {"advice_acknowledged": "has it", "advice_declined": "declined", "advice_not_known": "does not know the child",
            "advice_passed_on": "passed it on", "advice_found_incomplete": "sent what is incomplete"}
    last = case.last(*said, adviser=adviser)
    return f"; {said[last.kind]} since {long(last.on)}" if last else ""


def _decisions(case: Case) -> Iterable[str]:
    if case.stage.is_terminal:
        return
    if case.stage in DECIDING:
        id, words = DECISIONS[case.stage]
        owed = case.duty(id)
        yield words + (f", due {long(owed.due_on)}." if owed is not None and owed.due_on is not None else ".")
    kinds = dict.fromkeys((fact["about"] or "").partition(":")[0] for fact in _open_tasks(case))
    kinds.pop("decide_to_issue", None)                # told above already
    for kind in kinds:
        yield f"{kind.replace('_', ' ')}."
    for wish in case.all("request_withdrawn"):
        if not any(answer.on >= wish.on for answer in case.all("withdrawal_accepted", "request_continued")):
            yield f"the family withdrew on {long(wish.on)}; no clock stops until that is decided."


def _open_tasks(case: Case) -> list[Fact]:
    """The tasks put before the owner whose duty is still to be done and after which nothing of their own kind was decided."""
    live = {owed.duty.id for owed in (*case.duties, *case.targets) if owed.is_live}
    tasks = [fact for fact in case.all("message_queued", message="decision_needed")
             if (fact["duty"] in live if fact["duty"] else fact["about"] and not fact["about"].startswith("withdrawal"))
             and (fact["adviser"] is None or fact["adviser"] in case.advice_outstanding)
             and fact.on >= (case.stage_since or fact.on)]
    return sorted(tasks, key=lambda fact: fact.number)


def _promises(case: Case) -> Iterable[str]:
    for fact in case.all("advice_acknowledged"):
        if fact["expected_on"] and fact["adviser"] in case.advice_outstanding:
            yield f"{fact['adviser']}: promised by {long(as_day(fact['expected_on']))}."
    for fact in case.all("mediation_agreed"):
        if fact["agreed_by"]:
            yield f"agreed in mediation on {long(fact.on)}: to be done by {long(as_day(fact['agreed_by']))}."
    live = {owed.duty.id for owed in case.duties if owed.is_live}
    told = [fact for fact in case.all("message_queued", message="lateness_to_family")
            if fact["expected_on"] and as_day(fact["expected_on"]) > fact.on and fact["duty"] in live]
    for duty in EXPECTED:
        last = max((fact for fact in told if fact["duty"] == duty), key=lambda fact: fact.number, default=None)
        if last is not None:
            yield f"the family was told to expect {duty.replace('_', ' ')} not before {long(as_day(last['expected_on']))}."


def _family(case: Case) -> Iterable[str]:
    sent = {fact["key"]: fact for fact in case.all("message_sent")}
    failed = {fact["key"] for fact in case.all("message_failed", final=True)}
    back = {fact["key"]: fact for fact in case.all("message_bounced")}
    for fact in case.all("message_queued", recipient="family"):
        gone = sent.get(fact["key"])
        how = f"sent {long(gone.on)}" if gone else ("did not go" if fact["key"] in failed else "waits to be sent")
        if fact["key"] in back:
            how += f", came back {long(back[fact['key']].on)}"
        of = f" ({fact['duty'].replace('_', ' ')})" if fact["message"] == "lateness_to_family" else ""
        yield f"{fact['message'].replace('_', ' ')}{of}: {how}."
    for fact in case.all("family_told_of_decision"):
        if not any(gone.on == fact.on for gone in sent.values()):
            yield f"{(fact['decision'] or 'a decision').replace('_', ' ')}: told by other means {long(fact.on)}."

