"""What a case can bear in the life of its plan: why a decision or a document about the plan cannot stand, and what it answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from models.case import Case
from models.facts import KINDS
from models.law.dates import long
from models.law.occasion import SHARED, Occasion, named
from models.law.occasions import occasions
from models.law.processes import PROCESSES
from models.law.record import Fact, standing

Told = tuple[str, date, Mapping[str, Any]]
"""A fact that is to be recorded: its kind, its day, its fields."""


def bad_in_the_life_of_the_plan(case: Case, kind: str, on: date, data: Mapping[str, Any],
                                beside: Iterable[Told]) -> str | None:
    """Why this fact about a plan cannot stand in this case, and what to do instead. `beside` is recorded in the same breath."""
    if kind == "review_decision_sent" and data.get("outcome") == "amend" and (
            why := _without_amendments(case, on, data, beside)) is not None:
        return why
    if kind == "phase_transfer_excluded" and not data.get("reasons"):
        return ("say why no phase transfer is due, in `reasons`: the decision to leave a plan out of the cohort is recorded with"
                " them.")
    if kind in ("cease_proposed", "cease_notice_sent", "plan_ceased") and data.get("cease_reason") in _NOT_OF_A_CHILD \
            and case.addressee in ("parent", "representative") and case.child.get("year_group", 15) <= 11:
        return (f"{data['cease_reason']} is no ground for a child of compulsory school age: under 18 a plan ceases only where"
                " it is no longer necessary (needs_met; reg 29(1)), or the council is no longer responsible. If the person is a young"
                " person by now, record became_young_person first.")
    if kind == "plan_ceased" and (why := _may_not_cease_yet(case, on, data)) is not None:
        return why
    return _which_is_answered(case, kind, on, data)


_NOT_OF_A_CHILD = ("max_age", "higher_education", "paid_employment", "no_longer_wishes")


def _with_these(case: Case, told: Sequence[Told]) -> tuple[list[Fact], list[Fact]]:
    """The standing record with these facts in it, and the facts themselves."""
    number = max((fact.number for fact in case.facts), default=0)
    new = [Fact(case.ref, number + place, kind, on, MappingProxyType(dict(data)))
           for place, (kind, on, data) in enumerate(told, start=1)]
    return standing([*case.facts, *new]), new


def _without_amendments(case: Case, on: date, data: Mapping[str, Any], beside: Iterable[Told]) -> str | None:
    """A decision to amend is told with the amendments and the evidence for them (reg 22(2), Devon)."""
    record, (decision, *_) = _with_these(case, [("review_decision_sent", on, data), *beside])
    review = next((one for one in occasions(record)["review"] if any(fact is decision for fact in one.facts)), None)
    if review is not None and review.has("amendment_notice_sent"):
        return None
    of = f"the review of {long(review.of)}" if review is not None else "this review"
    met = review is not None and review.has("review_meeting_held")
    held = "" if met else " Record review_meeting_held first, if it was held."
    return (f"a decision to amend goes with the amendments: no amendment_notice_sent of {of} is on record (reg 22(2); R (L, M"
            " and P) v Devon CC [2022] EWHC 493 (Admin)). Send the plan, the proposed amendments and the evidence for them within four"
            f" weeks of the meeting, record amendment_notice_sent, then this, or both at once.{held}")


def _may_not_cease_yet(case: Case, on: date, data: Mapping[str, Any]) -> str | None:
    """What stands between a proposal to cease and the end of the plan: reg 31(1), the notice, and the hold of s.45(4)."""
    if data.get("cease_reason") == "deceased":
        return None
    if data.get("cease_reason") == "transferred":
        return "a plan that goes to another council is transferred, not ceased: record plan_transferred (reg 15)."
    open_ = [one for one in case.occasions["ceasing"] if not one.has("cease_not_pursued", "plan_ceased")]
    ceasing = open_[-1] if open_ else None
    consulted = ceasing.last("cease_consulted") if ceasing else None
    if ceasing is None or consulted is None or consulted.on > on:
        return ("the family and the setting named have not been consulted on ceasing (reg 31(1)); without it the decision is"
                " invalid (Hampshire CC v GC [2024] UKUT 128 (AAC)). Record cease_proposed, cease_consulted, then cease_notice_sent.")
    notices = [fact for fact in ceasing.facts if fact.on <= on and (
        fact.kind == "cease_notice_sent" or (fact.kind == "review_decision_sent" and fact["outcome"] == "cease"))]
    if not notices:
        return ("the decision to cease has not been sent (reg 31(2), (3)). Send it with the words on appeal (pack B), record"
                " cease_notice_sent; the plan then stays in force until the time to appeal is over (s.45(4)).")
    if notices[-1].on < min(fact.on for fact in ceasing.facts if fact.kind == "cease_consulted"):
        return (f"the consultation on ceasing came only after the decision ({notices[-1]}), and it must come before (reg 31(1)):"
                " decide anew, send the notice and record cease_notice_sent.")
    dismissed = ceasing.has("tribunal_order_made", order="dismiss_cease")
    final = ceasing.last("appeal_finally_determined")
    if dismissed and final is not None and final.on <= on:
        return None
    hold = next((owed for owed in case.duties if owed.duty.id == "cease_hold" and owed.occasion == ceasing.key), None)
    if hold is None or hold.lapsed_on is not None:
        return None
    if hold.due_on is None:
        if dismissed:
            return ("the Tribunal dismissed the appeal, and the plan stays in force until that is final: once no onward appeal is"
                    " open, record appeal_finally_determined, then this (s.45(4)(b)).")
        return ("an appeal was brought in time, so the plan stays in force until it is finally determined (s.45(4)(b)). Record"
                " appeal_withdrawn, or the order and appeal_finally_determined, then this.")
    if on <= hold.due_on:
        return (f"the plan stays in force until {long(hold.due_on)}, the last day to appeal (s.45(4)); it can cease from the day"
                " after, if no appeal is brought.")
    return None


# --- what a document or a decision answers -----------------------------------------------------------------------

_ONE_AFTER_THE_OTHER = ("decision", "cycle")
"""Processes of which one answer is not asked for by name: the latest is meant."""


def _which_is_answered(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    """Why it cannot be told what this fact answers, where several things wait for it; the choices are named."""
    if "answers" not in KINDS[kind].fields.model_fields:
        return None
    record, (new,) = _with_these(case, [(kind, on, {name: value for name, value in data.items() if name != "answers"})])
    place = next(place for place, fact in enumerate(record) if fact is new)
    before = record[:place] + [fact for fact in record[place + 1:] if fact.on == on and fact.kind == kind]
    waiting = [one for process, of in occasions(before).items() for one in of if PROCESSES[process].waits(one, new)]
    said = named(Fact(case.ref, 0, kind, on, data))
    if not said:
        doubtful = _doubtful(kind, waiting)
        return None if doubtful is None else (
            f"{_choices(doubtful)} wait for {kind}: say in `answers` which it answers, one or several, such as"
            f" answers={_name(doubtful[-1], doubtful)}.")
    for process, day in said:
        if process not in PROCESSES:
            return f"there is nothing called {process!r} to answer: name {_choices(waiting) if waiting else 'nothing here'}."
        meant = [one for one in waiting if one.process == process and (day is None or day in one.days)]
        if not meant:
            which = f"{process} of {long(day)}" if day else process
            return f"no {which} waits for {kind} by {long(on)}: " + (
                f"{_choices(waiting)} does. Name it in `answers`." if waiting
                else "leave `answers` out, or record first what it answers.")
        if len(meant) > 1 and day is None:
            return (f"{_choices(meant)} wait for {kind}: say in `answers` which, with its day, such as"
                    f" answers={_name(meant[-1], meant)}.")
    return None


def _doubtful(kind: str, waiting: Sequence[Occasion]) -> Sequence[Occasion] | None:
    """The occasions of which a fact without `answers` could mean either: for a shared document any, else those of one process."""
    if kind in SHARED:
        return waiting if len(waiting) > 1 else None
    for process in PROCESSES:
        of_it = [one for one in waiting if one.process == process]
        if len(of_it) > 1 and process not in _ONE_AFTER_THE_OTHER:
            return of_it
    return None


def _name(one: Occasion, among: Sequence[Occasion]) -> str:
    alone = sum(other.process == one.process for other in among) == 1
    return one.process if alone else f"{one.process}:{one.of.isoformat()}"


def _choices(among: Sequence[Occasion]) -> str:
    return ", ".join(f"{_name(one, among)} ({PROCESSES[one.process].words} of {long(one.of)})" for one in among)
