"""Cases of a few facts, as an auditor's question reads them."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from models.audit.answer import Asked, OfCases, Record
from models.calendar import bank_holidays
from models.case import Case
from models.law.record import Fact

RECEIVED = date(2026, 3, 2)                      # six weeks end on 13 April, twenty on 20 July
REF = "A1"
Line = tuple[str, date] | tuple[str, date, Mapping[str, Any]] | tuple[str, date, Mapping[str, Any], date]


def day(number: int) -> date:
    return RECEIVED + timedelta(days=number)


def facts(*lines: Line, ref: str = REF) -> list[Fact]:
    """Facts in the order of recording: kind, day, what they say, and the day of recording where it is another."""
    made = []
    for number, (kind, on, *more) in enumerate(lines, start=1):
        said, recorded = more[0] if more else {}, more[1] if len(more) > 1 else on
        made.append(Fact(ref, number, kind, on, MappingProxyType(dict(said)),
                         datetime(recorded.year, recorded.month, recorded.day, 9, tzinfo=UTC), "officer-7"))
    return made


def request(**said: Any) -> Line:
    return "request_received", RECEIVED, {"requested_by": "parent", "attends": "school", "owner": "officer-1"} | said


def letter(message: str, about: int, on: date, sent: date | None = None, **said: Any) -> list[Line]:
    """A letter to the family about a fact, and its sending."""
    key = f"{REF}/{message}/family/{about}"
    lines: list[Line] = [("message_queued", on, {"key": key, "message": message, "recipient": "family", "about": str(about)} | said)]
    return lines + ([("message_sent", sent, {"key": key, "sha256": "0" * 64, "channel": "mailtos"})] if sent else [])


def record(*lines: Line, on: date, ref: str = REF, left: Mapping[str, date] | None = None, ahead=None, **asked: Any) -> Record:
    told = facts(*lines, ref=ref)
    return Record(Case.of(ref, told, on, bank_holidays()), told, Asked(on, **asked), Counter(), ahead, left or {})


def rows(question: OfCases, *lines: Line, on: date, **more: Any) -> list[Any]:
    """The rows of a question about one case, in order."""
    return sorted(question.rows(record(*lines, on=on, **more)), key=question.order)
