"""Every date explains itself: a duty's days in sentences."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from models.law.asked import elsewhere
from models.law.dates import long, weeks_and_days
from models.law.parties import WORDS
from models.law.processes import PROCESSES

if TYPE_CHECKING:
    from models.law.owed import Owed


def explain(owed: "Owed") -> Iterator[str]:
    """Why a duty's dates are what they are: starting fact, rule, citation, arithmetic, exceptions considered, how it stands."""
    row = owed.duty
    owes = WORDS.get(row.owed_by, row.owed_by) if not (owed.adviser and row.owed_by in ("adviser", "s31_body")) \
        else f"{WORDS.get(row.owed_by, row.owed_by)} ({owed.adviser})"
    yield f"{owes[:1].upper()}{owes[1:]} must {row.words}." if row.type != "window" \
        else f"{row.words[:1].upper()}{row.words[1:]}."
    if owed.started_by is None:
        yield (f"It runs from the day the body received the request ({row.citation}); no such day is on record yet,"
               " so there is no date. Record advice_delivered.")
    else:
        yield f"It was started by {owed.started_by}."
        if (whose := _occasion(owed)) is not None:
            yield whose
        if owed.earlier:
            yield f"It was asked for before: {'; '.join(map(str, owed.earlier))}."
        if owed.starts_on is None:
            yield "The notice has not gone yet, so the time has not begun to run."
    force = "" if row.kind == "hard" else f" This is {row.kind}: {_FORCE[row.kind]}."
    yield f"Rule: {f'{row.limit.phrase} that day' if row.limit else row.limit_words} ({row.citation}).{force}"
    if row.valid_to is not None:
        yield (f"This is the rule as it was law from {long(row.valid_from)} to {long(row.valid_to)}: {row.text}"
               f"{f', {row.reading}' if row.reading else ''}.")
    elif row.reading:
        yield f"Read as in {row.reading}, since {long(row.valid_from)}."
    if owed.due_on is not None:
        yield f"{owed.working[:1].upper()}{owed.working[1:]}."
        if owed.reporting_due_on:
            yield f"On the DfE's count, where the day of receipt is day 1, the last day is {long(owed.reporting_due_on)}."
        if row.limit is not None and row.limit.is_a_floor:
            yield f"The next step may be taken from the day after {long(owed.due_on)}."
        elif not owed.rulings:
            considered = ", ".join(row.exceptions)
            yield (f"Exceptions that could relieve this limit ({row.exception_basis}): {considered}; none is claimed."
                   if considered else "No exception relieves this limit.")
    elif row.counts is not None and owed.starts_on is not None:
        yield f"{owed.working[:1].upper()}{owed.working[1:]}."
    for other in owed.candidates:
        yield (f"Another clock might be held to run, {other.basis}: {other.working}. The earlier day is worked to:"
               f" {long(owed.work_to)}.")
    for ruling in owed.rulings:
        yield f"Exception {ruling}."
    if owed.excused_by:
        yield f"The limit need not be met; the date stays on display, and the duty goes on: {row.residual or 'it is still owed'}."
    yield _standing(owed)


def _occasion(owed: "Owed") -> str | None:
    """Which review, order or other occasion it belongs to, where there may be several."""
    if owed.occasion is None:
        return None
    if not owed.facts:
        return f"It belongs to the re-assessment of {long(date.fromisoformat(owed.occasion))}."
    of, _, place = owed.occasion.partition("/")
    row = owed.duty
    process = next((id for id in (row.per, *row.also_per) if id in PROCESSES and PROCESSES[id].opens(owed.facts[0], ())), row.per)
    which = f"{PROCESSES[process].words} of {long(date.fromisoformat(of))}" if process in PROCESSES else long(date.fromisoformat(of))
    return f"It belongs to {which}{f', number {place} of that day' if place else ''}."


_FORCE = {"guide": "guidance only, not a statutory limit", "derived": "worked out from statutory limits, not one itself",
          "ops": "a working target without legal force"}


def _standing(owed: "Owed") -> str:
    late = f", {weeks_and_days(owed.days_late)} after the last day" if owed.days_late else ""
    if owed.is_live and owed.started_by is not None and owed.starts_on is None:
        return "Not begun."
    if owed.duty.type == "window":
        return {"open": "The period is running.", "met": "The period has run its course." if owed.met_on is None
                else f"Used on {long(owed.met_on)}.", "excused": "It may still be used." if owed.met_on is None
                else f"Used on {long(owed.met_on)}{late}.", "lapsed": "The period was cut short." if owed.lapsed_on
                else "The period has ended."}.get(owed.state, f"Used on {long(owed.met_on)}{late}." if owed.met_on else "")
    if owed.met_on is not None:
        return f"Done on {long(owed.met_on)}{late or (', in time' if owed.due_on else '')}."
    if owed.lapsed_on is not None:
        undone = "" if owed.due_on else "Not on record as done, and n"
        other = elsewhere(owed.lapsed_by) if owed.lapsed_by else None
        asked = f", from {long(owed.lapsed_on)}, when {other} was asked in its place" if other else ""
        return f"{undone or 'N'}o longer owed since {owed.lapsed_by}{asked}{late}."
    if owed.state == "overdue":
        return f"Overdue by {weeks_and_days(owed.days_late)}."
    return "Excused, still to be done." if owed.excused_by else "Still to be done."
