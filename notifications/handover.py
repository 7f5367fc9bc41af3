"""Another officer takes a case over: the family hears who its contact is, the officer has a brief, and somebody looks whether
it was read."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from models.brief import brief, lines
from models.case import Case
from models.law.record import Fact
from notifications.say import FAMILY, OWNER, Say

MANAGER = "council.manager"
READ_WITHIN = timedelta(days=3)
"""How long the new officer has to say that the brief has been read, before the manager is told. Ours to choose."""


def change_of_officer(case: Case) -> Fact | None:
    """The fact by which the officer who holds the case now took it over from another; None if nobody else held it before."""
    before: str | None = None
    change: Fact | None = None
    for fact in case.facts:
        if fact["owner"] and fact.kind != "handover_acknowledged" and fact["owner"] != before:
            change = fact if before is not None else None
            before = fact["owner"]
    return change


def is_acknowledged(case: Case, change: Fact) -> bool:
    """Whether the officer who took the case over by this fact has said that the brief was read."""
    return any(fact.on >= change.on for fact in case.all("handover_acknowledged", owner=change["owner"]))


def new_officer(case: Case) -> Iterator[Say]:
    """The family's new contact, the officer's brief, and after READ_WITHIN days a word to the manager if it was not read."""
    change = change_of_officer(case)
    if change is None or case.stage.is_terminal:
        return
    about = str(change.number)
    yield Say("new_contact", FAMILY, about, change.on)
    if not is_acknowledged(case, change):
        yield Say("handover_brief", OWNER, about, change.on)
        yield Say("handover_unread", MANAGER, about, change.on + READ_WITHIN)


def handed_over(case: Case, queued: Fact) -> dict[str, Any]:
    """What the letters about a change of officer say."""
    change = next((fact for fact in case.facts if str(fact.number) == queued["about"]), None)
    told: dict[str, Any] = {"officer": case.owner, "changed_on": change.on if change else case.on, "brief": lines(brief(case))}
    final = case.duty("finalise_plan")
    told["final_by"] = final.due_on if final is not None and final.is_live and _is_ahead(final.due_on, case.on) else None
    return told


def _is_ahead(day: date | None, today: date) -> bool:
    return day is not None and day >= today
