"""What codes are called on paper: roles, advice, limits, letters and facts in plain English.

The words stand in papers/words.json. A code that is not listed there is written as it is, without its underscores.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.advice import ADVISER_ROLES
from models.agencies.register import LEAD
from models.facts import KINDS
from models.law.advisers import ADVISERS
from models.law.dates import long, weeks_and_days
from models.law.duty import Duty
from models.law.owed import Owed
from models.law.record import Fact

PAPERS = Path(__file__).with_name("papers")
"""The folder of the words and templates of what is set on paper."""

QUIET = ("key", "message", "wording", "contact", "digest")
"""Fields that tell an outsider nothing."""

DUTY_KINDS = {"hard": "law", "guide": "Code of Practice, not law", "derived": "worked out, not law", "ops": "target, not law"}


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return json.loads((PAPERS / "words.json").read_text(encoding="utf-8"))


def word(of: str, code: str | None) -> str:
    """What a code is called, `of` being its list in words.json.

    >>> word("roles", "ep_service"), word("roles", "school-4"), word("values", "needs_met")
    ('the educational psychology service', 'school-4', 'the needs are met')
    """
    if not code:
        return ""
    known = _words()[of]
    if code in known:
        return known[code]
    return code if any(c.isdigit() for c in code) else code.replace("_", " ")


def role(code: str | None, agency: str | None = None) -> str:
    """A recipient or whoever holds a case, with the reference of the agency where there is one.

    >>> role("setting", "school-4"), role("rcb.lead")
    ('the school, college or early years setting (school-4)', 'the health commissioner (ICB), its lead')
    """
    known = code in _words()["roles"]
    name = (code or "").removesuffix(LEAD)
    told = word("roles", code) if known or name == code else f"{word('roles', name)}, its lead"
    return told + (f" ({agency})" if agency and agency != code else "")


def holder(code: str) -> str:
    """Who holds a case: a role, or a setting by its reference.

    >>> holder("ep_service"), holder("school-4")
    ('the educational psychology service', 'the setting school-4')
    """
    return role(code) if code in _words()["roles"] else f"the setting {code}"


def title(duty: Duty) -> str:
    """What a duty is called in a table."""
    return _words()["duties"].get(duty.id) or sentence(duty.words.partition(";")[0].partition(":")[0])


def called(owed: Owed) -> str:
    """What one limit is called, with whose advice or whom it is about."""
    of = [word("advisers", owed.adviser) if owed.adviser else "", role(owed.party) if owed.party else ""]
    of.append(f"of {long(date.fromisoformat(owed.occasion))}" if owed.occasion and _is_day(owed.occasion) else owed.occasion or "")
    more = ", ".join(filter(None, of))
    return title(owed.duty) + (f" ({more})" if more else "")


def debtor(owed: Owed) -> str:
    """Who owes it: for advice the role that gives it."""
    if owed.duty.owed_by in ("adviser", "s31_body") and owed.adviser:
        return role(ADVISER_ROLES[owed.adviser], owed.party)
    return word("owed_by", owed.duty.owed_by)


def source(duty: Duty) -> str:
    """Where a limit is enacted, and whether it is law at all."""
    return duty.citation if duty.kind == "hard" else f"{duty.citation} ({DUTY_KINDS[duty.kind]})"


def late(days: int | None) -> str:
    """Lateness in weeks and days; empty when in time."""
    return weeks_and_days(days) if days else ""


def day(value: date | None) -> str:
    """A day as a table shows it; a dash where there is none."""
    return long(value) if value else "–"


def moment(at: datetime | None) -> str:
    """A moment as the clock in England showed it.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 7, 1, 9, 5, tzinfo=UTC))
    'Wed 1 Jul 2026 10:05'
    """
    if at is None:
        return "–"
    there = at.astimezone(ZoneInfo("Europe/London"))
    return f"{long(there.date())} {there:%H:%M}"


def tells(kind: str) -> str:
    """What a kind of fact says, as a sentence without its full stop."""
    return sentence(KINDS[kind].tells) if kind in KINDS else sentence(kind.replace("_", " "))


def details(fact: Fact, texts: Mapping[str, str] | None) -> list[str]:
    """What else a fact says, a line each: field and value in words.

    `texts` are the free texts by id; without them (None) it is said that there is one.
    """
    return [f"{word('fields', name)}: {value}" for name, told in fact.data.items() if name not in QUIET
            and (name, told) != ("how", "system") and (value := said(name, told, texts))]


def said(name: str, value: Any, texts: Mapping[str, str] | None) -> str:
    """One value of a fact in words."""
    if isinstance(value, dict):
        if value.keys() == {"text", "sha256"}:
            return "in words, on record" if texts is None else texts.get(value["text"], "(erased)")
        return "; ".join(f"{word('fields', part)}: {said(part, one, texts)}" for part, one in value.items())
    if isinstance(value, list):
        return ", ".join(said(name, one, texts) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _text(name, value)
    return str(value)


def _text(name: str, value: str) -> str:
    if name == "fact":
        return tells(value)
    if name == "adviser":
        return word("advisers", value) + (f", {ADVISERS[value].regulation}" if value in ADVISERS else "")
    if name in ("recipient", "requested_by", "decides", "sent_to"):
        return role(value)
    if name == "duty":
        return word("duties", value)
    if name == "decision":
        return tells(value) if value in KINDS else word("values", value)
    if _is_day(value):
        return long(date.fromisoformat(value))
    return word("values", value)


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def sentence(text: str) -> str:
    """The text with a capital first.

    >>> sentence("advice reached the council")
    'Advice reached the council'
    """
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    """Several things in a row.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
