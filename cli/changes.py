"""What a recorded fact has changed in its case, what now follows and by when: for people and for machines."""

from collections.abc import Iterable, Sequence
from typing import Any

from cli import show
from models.case import Case
from models.law.owed import Owed
from notifications.what_follows import Say, what_follows
from tasks.case_file import Recorded

NEXT = 6
"""How many of the next dates are told to people."""


def tell(done: Recorded, *, nudged: str | None, corrects: int | None = None) -> None:
    """What was recorded (or which fact was corrected), what it changed, what follows by when, and what is sent."""
    case = done.case
    show.say(f"{case.ref}: {_recorded(done, corrects)}")
    show.say(standing(case))
    _list("Done", finished(done.changed))
    _list("No longer owed", lapsed(done.changed))
    _list("Now owed", live(done.changed))
    told = {key(owed) for owed in done.changed}
    _list("What follows", [owed for owed in dated(case) if key(owed) not in told][:NEXT])
    letters = to_send(case)
    if letters:
        show.say("\nTo be sent:")
        show.table(("message", "to", "about"), [
            (say.message, say.to + (f" ({say.agency})" if say.agency else ""), say.adviser or say.setting or _subject(say))
            for say in letters])
    if nudged:
        show.say(f"\n{nudged}")


def as_record(done: Recorded, *, nudged: str | None) -> dict[str, Any]:
    """The same for machines."""
    case = done.case
    return {
        "case": case.ref, "fact": done.number, "repeated": done.repeated, "stage": str(case.stage),
        "held_by": list(case.held_by), "held_since": case.held_since,
        "changed": [duty_record(owed) for owed in done.changed], "next": [duty_record(owed) for owed in dated(case)],
        "to_send": [{"message": say.message, "to": say.to, "agency": say.agency, "about": say.about}
                    for say in to_send(case)],
        "nudge": nudged,
    }


def _subject(say: Say) -> str:
    """What an officer's task is about, without the day that names it."""
    return say.about.partition(":")[0].replace("_", " ") if say.message == "decision_needed" else ""


def to_send(case: Case) -> list[Say]:
    """The messages that the next visit writes; what only time will bring about is not among them."""
    return [say for say in what_follows(case) if say.from_day <= case.on]


def standing(case: Case) -> str:
    """Where the case stands and who holds it since when, in one line."""
    who = ", ".join(name.replace("_", " ") for name in case.held_by)
    held = f"; held by {who} since {show.day(case.held_since)}" if who else ""
    beside = "; ".join(f"{one.stage.words} since {show.day(one.since)}" for one in case.alongside)
    return f"It stands at: {case.stage.words}{held}." + (f" Also under way: {beside}." if beside else "")


def duty_record(owed: Owed) -> dict[str, Any]:
    """One duty as plain data."""
    return {
        "case": owed.case, "duty": owed.duty.id, "adviser": owed.adviser, "party": owed.party, "occasion": owed.which,
        "kind": owed.duty.kind, "owed_by": owed.duty.owed_by, "starts_on": owed.starts_on, "due_on": owed.due_on,
        "reporting_due_on": owed.reporting_due_on, "met_on": owed.met_on, "lapsed_on": owed.lapsed_on,
        "excused_by": owed.excused_by, "state": owed.state, "days_late": owed.days_late, "citation": owed.duty.citation,
    }


def key(owed: Owed) -> tuple[str, ...]:
    """What tells one duty of a case from another."""
    return owed.instance


def named(owed: Owed) -> str:
    """The duty's id, and for whom, where there are several of its kind."""
    who = " ".join(name for name in (owed.adviser, owed.party, owed.which) if name)
    return f"{owed.duty.id} ({who})" if who else owed.duty.id


def finished(duties: Iterable[Owed]) -> list[Owed]:
    """Those that were done."""
    return [owed for owed in duties if owed.met_on is not None]


def lapsed(duties: Iterable[Owed]) -> list[Owed]:
    """Those that are owed no longer."""
    return [owed for owed in duties if owed.lapsed_on is not None]


def live(duties: Iterable[Owed]) -> list[Owed]:
    """Those that are still to be done, soonest first."""
    return sorted((owed for owed in duties if owed.is_live), key=_soonest)


def dated(case: Case) -> list[Owed]:
    """Everything of the case that is still to be done by a day, soonest first."""
    return sorted((owed for owed in case.duties if owed.is_live and owed.due_on is not None
                   and owed.state in ("open", "overdue", "excused")), key=_soonest)


def when(owed: Owed) -> str:
    """By when, or what the law says instead of a day."""
    if owed.due_on is None:
        return owed.duty.limit_words if owed.started_by is not None else "runs from the day of receipt, not on record yet"
    if owed.state in ("overdue", "met_late", "excused") and owed.days_late:
        return f"{show.day(owed.due_on)}, {show.days_late(owed.days_late)} late"
    return show.day(owed.due_on)


def force(owed: Owed) -> str:
    """Whether it is a statutory limit, and under which provision."""
    return owed.duty.citation if owed.duty.kind == "hard" else f"{owed.duty.citation}; {owed.duty.kind}, not statutory"


def _recorded(done: Recorded, corrects: int | None) -> str:
    facts = {fact.number: fact for fact in done.case.facts}
    fact = facts.get(done.number)
    if done.repeated:
        return f"{fact or f'fact {done.number}'} was on record already, and is not recorded twice."
    if corrects is None:
        return f"{fact or f'fact {done.number}'} is recorded."
    mended = facts.get(corrects)
    now = f"now stands as {mended.kind} on {show.day(mended.on)}" if mended else "no longer stands"
    return f"fact {corrects} {now} (corrected by fact {done.number})."


def _soonest(owed: Owed) -> tuple[bool, str, str]:
    return owed.due_on is None, str(owed.due_on), owed.duty.id


def _list(title: str, duties: Sequence[Owed]) -> None:
    if duties:
        show.say(f"\n{title}:")
        show.table(("duty", "state", "due", "done", "under"), [
            (named(owed), owed.state.replace("_", " "), when(owed), owed.met_on or "-", force(owed)) for owed in duties],
            states=[owed.state for owed in duties])
