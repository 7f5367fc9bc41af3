"""A fact's fields as they are typed at the door: `field=value`, `--field value` or `--field=value`, each in its own kind."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from cli.clock import parse_day
from cli.show import WrongCall, did_you_mean
from models.fact_fields import REFERENCE
from models.facts import FactKind

YES, NO = ("yes", "true", "y", "1"), ("no", "false", "n", "0")


def read_fields(kind: FactKind, words: Sequence[str], ref: str = "") -> dict[str, Any]:
    """The fields that these words say, each as a value of its kind. Raises WrongCall, which names the case `ref`.

    Lists are written with commas, or by saying the field again. A text may be `@file`, or `-` for the standard input.
    """
    told: dict[str, Any] = {}
    try:
        for name, text in _pairs(kind, words):
            value = _value(kind, name, text)
            if name in told:
                if not isinstance(value, list):
                    raise WrongCall(f"{kind.name}: {name} is said twice. Say it once.")
                value = told[name] + value
            told[name] = value
    except WrongCall as wrong:
        raise WrongCall(f"{ref}: {wrong}" if ref else str(wrong)) from None
    return told


def describe(kind: FactKind) -> list[tuple[str, str, str]]:
    """Every field of a fact for people: its name (with a star if it must be said), what can be written, and what it means."""
    one_of = {name: group for group in kind.one_of for name in group}
    rows = []
    for name, field in kind.fields.model_fields.items():
        words = field.description or ""
        if name in one_of:
            words += f"; one of {', '.join(one_of[name])} must be said"
        rows.append((f"{name} *" if name in kind.required else name, form(kind, name), words))
    return rows


def form(kind: FactKind, name: str) -> str:
    """What can be written for a field."""
    what, choices = _what(kind, name)
    if what is list:
        return "list of " + (", ".join(choices) if choices else "references") + ", with commas"
    if choices:
        return " | ".join(choices)
    if name in kind.free_text:
        return "text, @file or - for the standard input"
    return {bool: "yes | no", date: "YYYY-MM-DD", int: "number", dict: "JSON"}.get(what, "reference")


def _pairs(kind: FactKind, words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """The names and texts in order; a flag has None, and the word after a --name without `=` is its text."""
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        name, equals, text = word.removeprefix("--").partition("=")
        option = word.startswith("--")
        if not option and not equals:
            raise WrongCall(f"{kind.name}: {word!r} belongs to no field. Write field=value or --field value;"
                            f" `ehc record --fields {kind.name}` lists the fields.")
        name = name.replace("-", "_")
        if option and not equals:
            flag = name.removeprefix("no_") if name.startswith("no_") and name not in kind.fields.model_fields else name
            _known(kind, flag)
            if _what(kind, flag)[0] is bool and (flag != name or at == len(words) or words[at].lower() not in YES + NO):
                yield flag, None if flag == name else "no"
                continue
            if at == len(words):
                raise WrongCall(f"{kind.name}: {word} has no value. Write {word} VALUE ({form(kind, name)}).")
            text, at = words[at], at + 1
        _known(kind, name)
        yield name, text


def _known(kind: FactKind, name: str) -> None:
    fields = kind.fields.model_fields
    if name not in fields:
        raise WrongCall(f"{kind.name} has no field {name!r}.{did_you_mean(name, fields)} Its fields are {', '.join(fields)}.")


def _value(kind: FactKind, name: str, text: str | None) -> Any:
    what, choices = _what(kind, name)
    if text is None:
        return True
    if name in kind.free_text:
        return _free_text(kind, name, text)
    parts = [part.strip() for part in text.split(",")] if what is list else [text]
    for part in parts:
        if choices and part not in choices:
            raise WrongCall(f"{kind.name}: {name} cannot be {part!r}.{did_you_mean(part, choices)} It is one of"
                            f" {', '.join(choices)}.")
        if what in (str, list) and not choices and name != "sha256" and not re.fullmatch(REFERENCE, part):
            raise WrongCall(f"{kind.name}: {name} {part!r} is no reference: use letters, digits and . _ : / -, without blanks."
                            " A fact holds references, never the name of a person.")
    if what is list:
        return parts
    if what is bool:
        if text.lower() not in YES + NO:
            raise WrongCall(f"{kind.name}: {name} is yes or no, not {text!r}.")
        return text.lower() in YES
    try:
        return parse_day(text).isoformat() if what is date else int(text) if what is int else json.loads(text) \
            if what is dict else text
    except ValueError as error:
        raise WrongCall(f"{kind.name}: {name}: " + (
            str(error) if what is date else f"{text!r} is no {'number' if what is int else 'JSON'}.")) from None


def _free_text(kind: FactKind, name: str, text: str) -> str:
    if text == "-":
        return sys.stdin.read().strip()
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise WrongCall(f"{kind.name}: {name}: {text[1:]} cannot be read: {error.strerror}. A text that begins with @ names"
                        " a file.") from None
    except UnicodeDecodeError:
        raise WrongCall(f"{kind.name}: {name}: {text[1:]} is no UTF-8 text. Save it as plain text in UTF-8.") from None


def _what(kind: FactKind, name: str) -> tuple[type, tuple[str, ...]]:
    """The bare kind of a field, and the values among which it is chosen, if it is."""
    annotation = kind.fields.model_fields[name].annotation
    found = _bare(annotation)
    if get_origin(found) is list:
        inner = _bare(get_args(found)[0])
        return list, tuple(get_args(inner)) if get_origin(inner) is Literal else ()
    if get_origin(found) is Literal:
        return str, tuple(get_args(found))
    return get_origin(found) or found, ()


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next(part for part in get_args(annotation) if part is not type(None)))
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation
