"""What a cell or an element says, read as its item asks: tolerant of how it is spelled, strict about what it means."""

import re
from datetime import date, datetime
from typing import Any

from models.days import day_of_number, read_day
from models.sen2.layout import Item

LONGEST = 200
"""Characters of a text that are kept: the return asks for names, postcodes and a few words."""

_TRUE, _FALSE = {"1", "true", "yes", "y"}, {"0", "false", "no", "n"}
_SHAPES = {
    "urn": re.compile(r"[0-9]{1,6}"), "ukprn": re.compile(r"[0-9]{8}"), "uln": re.compile(r"[0-9]{10}"),
    "upn": re.compile(r"[A-Z][0-9]{11}[0-9A-Z]"), "council": re.compile(r"[0-9]{3}"), "other_council": re.compile(r"[0-9]{3}|XXX"),
    "year": re.compile(r"[0-9]{4}"), "serial": re.compile(r"[0-9]{3}")}
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")
_CODED = ("flag", "code", "urn", "ukprn", "uln", "year", "council", "other_council", "serial")


def as_text(told: Any) -> str:
    """What is told as trimmed text; blank for nothing. Numbers lose the ".0" that workbooks give them.

    >>> as_text(100001.0), as_text("  A  B "), as_text(True), as_text(None)
    ('100001', 'A B', '1', '')
    """
    if told is None:
        return ""
    if isinstance(told, bool):
        return "1" if told else "0"
    if isinstance(told, float) and told.is_integer():
        return str(int(told))
    if isinstance(told, datetime):
        return told.isoformat() if told.time() != told.min.time() else told.date().isoformat()
    return " ".join(str(told).replace("\0", "").split())


def _is_formula(text: str) -> bool:
    return text.lstrip("'")[:1] in ("=", "+", "-", "@")


def harmless(text: str) -> str:
    """Text as a cell of a table that no spreadsheet takes for a formula; `read_value` takes the sign away again.

    >>> harmless("=1+1"), harmless("O'Neil"), harmless("")
    ("'=1+1", "O'Neil", '')
    """
    return f"'{text}" if text and _is_formula(text) else text


def read_value(item: Item, told: Any) -> tuple[Any, str | None]:
    """The value of an item, and what stood there if it cannot be one: (value, None), (None, raw text), or (None, None) for blank."""
    text = as_text(told)
    if not text:
        return None, None
    if item.kind == "date":
        return _day(told, text)
    if item.kind in _CODED:
        text = _WHOLE.sub(r"\1", text)
    match item.kind:
        case "text" if text.startswith("'") and _is_formula(text):
            return text[1:LONGEST + 1], None
        case "text" | "moment":
            return text[:LONGEST], None
        case "flag":
            low = text.lower()
            return (True, None) if low in _TRUE else (False, None) if low in _FALSE else (None, text[:LONGEST])
        case "code":
            return _code(item, text)
    text = text.replace(" ", "").upper()
    if item.kind in ("serial", "council"):
        text = text.zfill(3)
    if not _SHAPES[item.kind].fullmatch(text):
        return None, text[:LONGEST]
    return (int(text), None) if item.kind == "year" else (text, None)


def _day(told: Any, text: str) -> tuple[date | None, str | None]:
    try:
        if isinstance(told, int | float) and not isinstance(told, bool):
            return day_of_number(told), None
        return read_day(told), None
    except ValueError:
        return None, text[:LONGEST]


def _code(item: Item, text: str) -> tuple[str | None, str | None]:
    words = item.codes.words if item.codes else {}
    if text in words:
        return text, None
    upper = text.upper()
    return (upper, None) if upper in words else (None, text[:LONGEST])
