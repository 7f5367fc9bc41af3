"""`ehc law compare`: what a law that is only a draft would change in the cases of a chronology."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import show
from cli.options import Json, day_option, option

if TYPE_CHECKING:
    from models.law.draft import Difference, Effect
    from models.law.owed import Owed
    from models.law.rulebook import Rulebook

MOST = 10_000_000
"""Bytes of a draft: far more than the whole law takes."""


def compare(
    draft: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft, YAML or JSON: a list of rows by the field names of"
                                                               " `ehc law list --json`.")],
    cases: Annotated[str, option("--cases", metavar="FILE", help="Chronology, one fact a line (*.jsonl).")],
    on: Annotated[date | None, day_option("--on", help="The day to look from, YYYY-MM-DD; today if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Which days, states and lateness a draft of the law would change, duty by duty, and how many cases it would touch.

    A row with the id of a rule changes the fields that it names: `limit`, `exceptions`, `citation`, `kind`, `valid_from`
    and others. A new id adds a rule; `removed: true` takes one out. Nothing is recorded.

    Ends with 0 if the draft changes nothing, with 1 if it does, with 2 if it cannot be read.
    """
    from cli.chronology import read
    from cli.clock import today
    from models.calendar import bank_holidays
    from models.law import draft as drafts

    book = rulebook_of(draft)
    chronology, day = read(cases), on or today()
    if not chronology.cases:
        show.warn(f"{cases} holds no facts.")
    found, effect = drafts.compare(chronology.cases, day, bank_holidays(), book)
    if as_json:
        show.answer({"draft": draft, "on": day, "differences": [row_of(one) for one in found], "sum": asdict(effect)})
    else:
        _say(found, effect, day)
    if found:
        raise typer.Exit(show.NO)


def rulebook_of(name: str) -> "Rulebook":
    """The rulebook as it would be with the draft in this file.

    Raises WrongCall that names the line, or the row and its id.
    """
    from models.facts import KINDS
    from models.law.draft import BadDraft, drafted

    rows, lines = _rows(name)
    try:
        return drafted(rows, KINDS)
    except BadDraft as bad:
        raise show.WrongCall(f"{name}, {lines[bad.row - 1]}: {bad}") from None


def _rows(name: str) -> tuple[Sequence[Any], Sequence[str]]:
    """The rows of a draft, and where in the file each stands."""
    import json

    try:
        with Path(name).open("rb") as file:
            text = file.read(MOST + 1).decode()
    except OSError as error:
        raise show.WrongCall(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise show.WrongCall(f"{name} is no text in UTF-8.") from None
    if len(text) > MOST:
        raise show.WrongCall(f"{name} is too long for a draft of the law.")
    try:
        if name.lower().endswith(".json"):
            rows, lines = json.loads(text), None
        else:
            rows, lines = _yaml(text)
    except json.JSONDecodeError as error:
        raise show.WrongCall(f"{name}, line {error.lineno}: this is no JSON: {error.msg}.") from None
    except RecursionError:
        raise show.WrongCall(f"{name} is nested too deeply.") from None
    except ValueError as error:
        raise show.WrongCall(f"{name}{error}") from None
    if not isinstance(rows, list):
        raise show.WrongCall(f"{name} is no draft: it is a list of rows, each with the `id` of a rule and what changes.")
    return rows, lines or [f"row {number}" for number in range(1, len(rows) + 1)]


def _yaml(text: str) -> tuple[Any, list[str]]:
    import yaml

    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        rows = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ValueError(f"{line}: this is no YAML: {error.problem or error.context}.") from None
    except yaml.YAMLError:
        raise ValueError(": this is no YAML: it holds characters that cannot be there.") from None
    except ValueError as error:                             # a day that is not in the calendar
        raise ValueError(f": {error}. Write a day as 2027-09-01.") from None
    return rows, [f"line {node.start_mark.line + 1}" for node in tree.value] if isinstance(tree, yaml.SequenceNode) else []


def row_of(one: "Difference") -> dict[str, object]:
    """One difference as plain data."""
    owed = one.one
    return {"case": owed.case, "duty": owed.duty.id, "adviser": owed.adviser, "party": owed.party, "occasion": owed.which,
            "moved_by": one.moved_by, "before": _side(one.before), "after": _side(one.after)}


def _side(owed: "Owed | None") -> dict[str, object] | None:
    return None if owed is None else {"due_on": owed.due_on, "state": owed.state, "days_late": owed.days_late,
                                      "kind": owed.duty.kind, "citation": owed.duty.citation}


def _say(found: Sequence["Difference"], effect: "Effect", on: date) -> None:
    if found:
        show.table(("case", "duty", "due", "would be due", "state", "would be", "late by", "would be late by"),
                   [(one.one.case, _named(one.one), _due(one.before), _due(one.after), _state(one.before), _state(one.after),
                     _late(one.before), _late(one.after)) for one in found],
                   states=[_state(one.after) for one in found])
        show.say()
    many = ("duty", "duties")
    show.say(f"{show.count(effect.cases, 'case')} on {show.day(on)}, {effect.cases_affected} affected: "
             f"{show.count(effect.later, *many)} later, {effect.earlier} earlier, {effect.begun} new, {effect.gone} gone;"
             f" overdue against a statutory limit {effect.overdue_before} before, {effect.overdue_after} after.")


def _named(owed: "Owed") -> str:
    who = " ".join(name for name in (owed.adviser, owed.party, owed.which) if name)
    return f"{owed.duty.id} ({who})" if who else owed.duty.id


def _due(owed: "Owed | None") -> str:
    return owed.due_on.isoformat() if owed and owed.due_on else "-"


def _state(owed: "Owed | None") -> str:
    return owed.state if owed else "-"


def _late(owed: "Owed | None") -> str:
    return show.days_late(owed.days_late) if owed else ""
