"""The check of a fact before it is recorded: its day, its fields, the reference of its case."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from models.fact_fields import CASE_REF, Key, Reference, Text
from models.facts import FIRST_DAY, FROM_RETURN, LAST_DAY, BadFact, kind_of
from models.law.dates import long


def check(kind: str, on: date, data: Mapping[str, Any], *, at_door: bool, today: date | None = None) -> dict[str, Any]:
    """The fields of a fact as they are recorded: checked, plain (days as ISO text), without empty ones.

    At a door (`at_door`) everything that the kind requires must be there, unknown fields are errors, and a day after `today` is
    refused; what was taken from a return need not say what a return leaves out. Away from doors (a chronology) unknown fields
    are left out and nothing is required.

    Raises BadFact.
    """
    found = kind_of(kind)
    if today is not None and on > today:
        raise BadFact(f"{kind}: {long(on)} is in the future (today is {long(today)}). A fact is recorded once it has"
                      " happened.")
    _check_day(kind, "", on)
    known = found.fields.model_fields
    given = {name: value for name, value in data.items() if value is not None and value != ""}
    unknown = sorted(set(given) - set(known))
    if unknown and at_door:
        raise BadFact(f"{kind} has no field {', '.join(unknown)}. Its fields are {', '.join(known)}.")
    loose = {} if at_door else {name: str(given.pop(name)) for name in list(given)
                                if name in known and known[name].annotation in (Reference | None, Key | None, Text | None)}
    try:
        model = found.fields.model_validate({name: value for name, value in given.items() if name in known})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise BadFact(f"{kind}: {problems}.") from None
    for name, value in model:
        if isinstance(value, date):
            _check_day(kind, f"{name} ", value)
    plain = {name: value for name, value in model.model_dump(mode="json").items() if value is not None} | loose
    if at_door and plain.get("how") != FROM_RETURN:
        missing = [name for name in found.required if plain.get(name) in (None, [])]
        missing += [" or ".join(group) for group in found.one_of if not any(_is_said(name, plain.get(name)) for name in group)]
        if missing:
            raise BadFact(f"{kind} must say {', '.join(missing)}.")
        for name in found.free_text:
            if isinstance(plain.get(name), str) and not plain[name].strip():
                raise BadFact(f"{kind}: {name} is blank.")
    return plain


def _is_said(name: str, value: Any) -> bool:
    """Whether a field says something: "no" does, other than where it only denies what its neighbour then must say."""
    return bool(value) or (value is False and name not in ("withdrawn", "type_only"))


def _check_day(kind: str, field: str, day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadFact(f"{kind}: {field}{day.isoformat()} is too {'early' if day < FIRST_DAY else 'late'} to be a day of an"
                      " assessment. Give the day as YYYY-MM-DD.")


def check_ref(ref: str) -> str:
    """The case reference, if it can be one. Raises BadFact."""
    if not re.fullmatch(CASE_REF, ref):
        raise BadFact(f"{ref!r} cannot be a case reference: use letters, digits and . _ / -, at most 40.")
    return ref
