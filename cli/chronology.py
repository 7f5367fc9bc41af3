"""A chronology file: one fact a line as JSON, read without any database and checked line by line.

    {"case": "A1", "fact": "request_received", "on": "2026-03-02", "requested_by": "parent"}

`case`, `fact` and `on` are required, `recorded_at` and `by` may be there, the rest are the fact's own fields. The facts
of a case are numbered from 1 in the order of their lines, blank lines left out; `fact_corrected` names such a number in `replaces`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from cli.clock import parse_day
from cli.lines import lines_of
from cli.show import WrongCall
from models.fact_check import check, check_ref
from models.facts import KINDS, BadFact
from models.law.dates import add_months
from models.law.record import Fact

ABOUT_THE_LINE = ("case", "fact", "on", "recorded_at", "by")
ABOUT_THE_CORRECTION = ("replaces", "withdrawn", "corrected", "because", "note", "how", "key")


@dataclass(slots=True)
class Chronology:
    """The facts of each case in the order of their lines, and the fields that no such fact has, with their first line."""

    cases: dict[str, list[Fact]] = field(default_factory=dict)
    ignored: dict[tuple[str, str], int] = field(default_factory=dict)


MONTHS_AHEAD = 12
"""From when a transfer between colleges counts as known, where a line tells the day of the transfer alone."""


class _BadLine(ValueError):
    pass


def read(name: str) -> Chronology:
    """The chronology in the file `name` (- is the standard input).

    Raises WrongCall at the first line that is no fact, with its number: a record that is read only in part would give
    false dates.
    """
    found = Chronology()
    corrections: list[tuple[int, Fact]] = []
    for number, line in lines_of(name):
        if isinstance(line, str) and not line.strip():
            continue
        try:
            fact = _fact(line, number, found)
        except (_BadLine, BadFact) as error:
            raise WrongCall(f"{name}, line {number}: {error}") from None
        found.cases.setdefault(fact.case, []).append(fact)
        if fact.kind == "fact_corrected":
            corrections.append((number, fact))
    kinds: dict[tuple[str, int], str] = {}
    for number, fact in corrections:
        try:
            mended = _corrected(fact, found.cases[fact.case], kinds, number, found)
        except (_BadLine, BadFact) as error:
            raise WrongCall(f"{name}, line {number}: {fact.case}: {error}") from None
        found.cases[fact.case][fact.number - 1] = mended
    return found


def _fact(line: str | ValueError, number: int, found: Chronology) -> Fact:
    told = _object(line)
    for name in ("case", "fact", "on"):
        if not isinstance(told.get(name), str):
            raise _BadLine(f'{name!r} is missing or no text. A line is {{"case": "A1", "fact": "request_received",'
                           ' "on": "2026-03-02"}.')
    case, kind = check_ref(told["case"]), told["fact"]
    by = told.get("by")
    if by is not None and not isinstance(by, str):
        raise _BadLine(f"{case}: 'by' is no text.")
    try:
        on = parse_day(told["on"])
        recorded_at = _moment(told.get("recorded_at"))
        fields = {name: value for name, value in told.items() if name not in ABOUT_THE_LINE}
        data = check(kind, on, fields, at_door=False)
    except ValueError as error:                          # BadFact among them
        raise _BadLine(f"{case}: {error}") from None
    if kind == "fact_corrected":                         # what it puts in the place of the fact is checked when all is read
        data |= {name: value for name, value in fields.items() if name not in ABOUT_THE_CORRECTION}
    else:
        _note_unknown(kind, fields, number, found)
    if kind == "phase_transfer_identified" and data.get("transfer") == "post16_to_post16" and "transfer_on" not in data:
        data["transfer_on"] = on.isoformat()             # such a line tells the day of the transfer itself, still to come
        on = recorded_at.date() if recorded_at and recorded_at.date() < on else add_months(on, -MONTHS_AHEAD)
    return Fact(case, len(found.cases.get(case, ())) + 1, kind, on, MappingProxyType(data), recorded_at, by)


def _object(line: str | ValueError) -> dict[str, Any]:
    if isinstance(line, ValueError):
        raise _BadLine(str(line))
    try:
        told = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _BadLine(f"this is no JSON: {error.msg} at character {error.pos + 1}.") from None
    except RecursionError:
        raise _BadLine("this is no fact: it is nested too deeply.") from None
    except ValueError as error:
        if isinstance(error, _BadLine):
            raise
        raise _BadLine("this is no fact: a number in it is too long to be read.") from None
    if not isinstance(told, dict):
        raise _BadLine('this is no fact. A line is an object: {"case": "A1", "fact": "request_received", "on": "2026-03-02"}.')
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _BadLine(f"{twice!r} is said twice, so it is not clear which of the two counts. Leave one.")
    return told


def _no_number(constant: str) -> None:
    raise _BadLine(f"this is no JSON: {constant} is no number.")


def _moment(text: object) -> datetime | None:
    if text is None:
        return None
    if isinstance(text, str):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is not None:
            return moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)
    raise ValueError(f"recorded_at {text!r} is no moment: write it in UTC, such as 2026-03-02T09:30:00Z.")


def _note_unknown(kind: str, fields: Mapping[str, Any], number: int, found: Chronology) -> None:
    for name in fields:
        if name not in KINDS[kind].fields.model_fields:
            found.ignored.setdefault((kind, name), number)


def _corrected(correction: Fact, facts: list[Fact], kinds: dict[tuple[str, int], str], number: int, found: Chronology) -> Fact:
    """The correction on line `number` with what it puts in the place of the fact checked as that fact would be.

    `kinds` remembers what kind an earlier correction has made of a fact.
    """
    target = _first_corrected(correction, facts)
    if correction["withdrawn"]:
        return correction
    nested = _nested(correction)
    given = dict(nested) if nested is not None else {
        name: value for name, value in correction.data.items() if name not in ABOUT_THE_CORRECTION} | {
        "on": correction.on.isoformat()}
    for name in ("case", "recorded_at", "by"):
        given.pop(name, None)
    kind = given.pop("fact", kinds.get((correction.case, target), facts[target - 1].kind))
    on = given.pop("on", facts[target - 1].on.isoformat())
    if not isinstance(kind, str) or not isinstance(on, str):
        raise _BadLine("a corrected fact says its `fact` and its `on` in words, such as"
                       ' {"fact": "request_received", "on": "2026-03-02"}.')
    try:
        day = parse_day(on)
    except ValueError as error:
        raise _BadLine(str(error)) from None
    if kind == "fact_corrected":
        raise _BadLine("a fact cannot be corrected into a correction. Say what it should have been, or `\"withdrawn\": true`"
                       " where it should not stand at all.")
    checked = check(kind, day, given, at_door=False)
    for name in given:
        if name not in KINDS[kind].fields.model_fields:
            found.ignored.setdefault(("fact_corrected", name), number)
    kinds[correction.case, target] = kind
    told = {"fact": kind, "on": on} | {name: checked.get(name) for name in given if name in KINDS[kind].fields.model_fields}
    if nested is not None:                               # what it does not say stays as it is
        told = {name: value for name, value in told.items() if name in nested}
    kept = {name: value for name, value in correction.data.items() if name in ABOUT_THE_CORRECTION}
    return replace(correction, data=MappingProxyType(kept | {"corrected": told}))


def _nested(correction: Fact) -> Mapping[str, Any] | None:
    """The fact as it should have been where it stands as an object of its own: in `corrected`, or in the only such field."""
    if correction["corrected"] is not None:
        return correction["corrected"]
    objects = [value for name, value in correction.data.items() if isinstance(value, dict) and name not in ABOUT_THE_CORRECTION]
    if len(objects) > 1:
        raise _BadLine("it holds several objects, so it is not clear which is the fact as it should have been."
                       " Put that one in `corrected`.")
    return objects[0] if objects else None


def _first_corrected(correction: Fact, facts: list[Fact]) -> int:
    """The number of the fact that is mended in the end, through corrections of corrections."""
    target, seen = correction["replaces"], {correction.number}
    while isinstance(target, int) and 1 <= target <= len(facts) and target not in seen:
        if facts[target - 1].kind != "fact_corrected":
            return target
        seen.add(target)
        target = facts[target - 1]["replaces"]
    raise _BadLine(f"fact_corrected must say in `replaces` the number of another fact of this case, 1 to {len(facts)}"
                   f" in the order of its lines, this one being {correction.number}; it says {correction['replaces']!r}.")
