"""Question 8: cases in which nothing happens, and cases that nobody holds. What counts as silence is policy, and is said."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.audit.answer import Figure, OfCases, Record
from models.audit.names import NAMES
from models.case import Case
from models.stages import Stage

SILENT_AFTER = 42
"""Days without a fact after which a case under way is silent: six weeks, the longest that the law gives anybody to answer."""

AT_REST_FOR = 366
"""The same where a plan is maintained and nothing is under way: the law asks for a review every twelve months."""

AT_REST = (Stage.S55_FINALISED, Stage.S60_MAINTAINED)
OWN_TIME = (Stage.S15_REFUSED_TO_ASSESS, Stage.S35_REFUSED_TO_ISSUE, Stage.S45_DRAFT_ISSUED, Stage.S82_CEASE_NOTIFIED,
            Stage.S95_APPEAL, Stage.S98_DETAINED)
"""Stages in which others than the council have a time of their own, of which their own limits tell when it is over."""


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing has happened in a case: the day of the last event, and what that was."""

    since: date
    event: str
    days: int


def last_event(case: Case) -> Silence | None:
    """The last fact of a case that is not about a message of the engine's own; None without any."""
    last = max((fact for fact in case.facts if not fact.kind.startswith("message_")), key=lambda fact: (fact.on, fact.number),
               default=None)
    return None if last is None else Silence(last.on, last.kind, (case.on - last.on).days)


def silence(case: Case, days: int = SILENT_AFTER) -> Silence | None:
    """How long a live case has been silent, if for more than `days`, or than the year that a plan may rest; None otherwise."""
    if case.stage.is_terminal or case.stage in OWN_TIME:
        return None
    found = last_event(case)
    most = max(days, AT_REST_FOR) if case.stage in AT_REST and not case.under_way else days
    return found if found is not None and found.days > most else None


def nobody_holds(case: Case, left: Mapping[str, date]) -> tuple[str, date] | None:
    """Why nobody holds a live case, and since when: no officer is named, or the one who is has left."""
    if case.stage.is_terminal:
        return None
    if case.owner is None:
        return "no officer is named", min((fact.on for fact in case.facts), default=case.on)
    last_day = left.get(case.owner)
    if last_day is not None and last_day < case.on:
        return f"{case.owner} has left", last_day + timedelta(days=1)
    return None


@dataclass(frozen=True, slots=True)
class SilentRow:
    """One live case that is silent or that nobody holds."""

    case: str
    what: str
    since: date
    days: int
    stage: str
    last_event: str
    owner: str | None


def _silent(record: Record) -> Iterator[SilentRow]:
    case = record.case
    record.seen["live"] += not case.stage.is_terminal
    last = last_event(case)
    told = f"{last.event} {last.since.isoformat()}" if last else "-"
    quiet = silence(case, record.asked.days or SILENT_AFTER)
    if quiet is not None:
        yield SilentRow(case.ref, f"no fact for {quiet.days} days", quiet.since, quiet.days, case.stage.words, told, case.owner)
    nobody = nobody_holds(case, record.left)
    if nobody is not None:
        why, since = nobody
        yield SilentRow(case.ref, why, since, (case.on - since).days, case.stage.words, told, case.owner)


def _figures(rows: Sequence[SilentRow], seen: Counter[str]) -> list[Figure]:
    return [Figure(name, len(refs), seen["live"], tuple(sorted(refs)), (), True) for name, refs in (
        ("live cases that are silent", {row.case for row in rows if row.what.startswith("no fact")}),
        ("live cases that nobody holds", {row.case for row in rows if not row.what.startswith("no fact")}))]


SILENT = OfCases(
    name="silent", row=SilentRow, number=NAMES["silent"].number, asks=NAMES["silent"].asks,
    definition="One row for each live case in which no fact but the engine's own about messages has happened for more than N"
               f" days ({SILENT_AFTER} unless you say otherwise; {AT_REST_FOR} while a plan is maintained and nothing is under"
               " way), and one for each that no officer holds, or one who has left (`ehc officer left`).",
    uses="the day of every fact; owner (of request_received, owner_named and others); the list of officers who left",
    excluded="ended cases; for silence, cases in which the family, the Tribunal or others have a time of their own",
    citation="no limit in law: policy (models/audit/silence.py)",
    rows=_silent, figures=_figures, order=lambda row: (-row.days, row.case))

