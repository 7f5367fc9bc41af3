"""From a message's name and the facts it needs to a finished letter: subject, body and the hash that proves both."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateNotFound
from pydantic import BaseModel, ConfigDict

from models.fact_check import check_ref
from models.facts import BadFact
from models.law.dates import Limit, weeks_and_days
from notifications import packs
from notifications.messages import ENCLOSURES, FIELDS, MESSAGES, Message
from notifications.versions import WORDING, version_in

REPRESENTATIONS = Limit("DMIN", 15)      # reg 13(1)(a)
APPEAL = Limit("M", 2)                   # reg 33; Tribunal Procedure Rules, rule 20(1)(c)
REASONS_GO_HERE = "\ue000reasons\ue000"  # stands in for free text while the letter is checked

CODE = re.compile(r"[+-]?[A-Za-z0-9][A-Za-z0-9._:/@-]{0,79}")
LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}")


class WordingError(ValueError):
    """A letter that cannot be written, or that may not leave as it stands: names the case, the message and the field."""


class Council(BaseModel):
    """How to reach the council and those whom the law makes it name. Public details, the same for every family.

    `phone`, `email` and `post` reach the SEND team, also to pursue mediation (reg 32(f)). A field may be blank as long
    as no letter needs it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = ""
    phone: str = ""
    email: str = ""
    post: str = ""
    mediation_adviser: str = ""
    sendiass: str = ""
    disagreement_resolution: str = ""
    tribunal: str = ""
    local_offer: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter in plain text, one paragraph a line. `sha256` is of subject, blank line, body, in UTF-8.

    `wording` is the wording that it was written with and its version, such as "advice_request/v2".
    """

    subject: str
    body: str
    sha256: str
    wording: str | None = None


def write(name: str, data: Mapping[str, Any], council: Council, wording: Path = WORDING) -> Letter:
    """The letter of message `name`, from the fields that the message needs and nothing else of `data`.

    Days are given as `date` or as their ISO text. `wording` is a folder of templates that are taken before ours.
    A letter that lacks an item of its notice pack (see `packs`) is refused.

    Raises WordingError.
    """
    case = str(data.get("case") or "no case given")
    message = MESSAGES.get(name)
    if message is None:
        raise WordingError(f"{case}: there is no message {name!r}. The catalogue is notifications/messages.py.")
    fields = _fields(message, case, data)
    reasons = fields.get("reasons_text")
    if reasons is not None:
        fields["reasons_text"] = REASONS_GO_HERE
    fields["appeal_by"] = APPEAL.last_day(fields["sent_on"])
    fields["enclosures"] = [ENCLOSURES[enclosure] for enclosure in message.enclosures]
    subject, body = _render(message.name, (*message.needs, *message.may), case, fields, council, wording)
    _enforce(message, case, fields, council, subject, body)
    if reasons is not None:
        body = body.replace(REASONS_GO_HERE, reasons)
    return _finished(name, subject, body, wording)


def render_together(name: str, parts: Sequence[tuple[str, Mapping[str, Any]]], data: Mapping[str, Any], council: Council,
                    wording: Path = WORDING) -> Letter:
    """One letter that stands for several: the wording `name` with `items`, the checked fields of each message in `parts`.

    Each item also says by how many `days` it is late (0 or less: not yet), and whether it `is_late`. `data` holds
    `to_role` and `sent_on`. Raises WordingError, also where the letter leaves out the reference of a case.
    """
    items, sent_on = [], data["sent_on"]
    for part, told in parts:
        fields = _fields(MESSAGES[part], str(told.get("case") or "no case given"), told)
        days = (sent_on - fields["due_on"]).days
        items.append({"excused_by": None, "answer_url": None, "target_on": None} | fields | {"days": days, "is_late": days > 0})
    cases = ", ".join(item["case"] for item in items[:5]) + (" and others" if items[5:] else "")
    subject, body = _render(name, (), cases, dict(data) | {"items": items}, council, wording)
    if left_out := [item["case"] for item in items if item["case"] not in body]:
        raise WordingError(f"{cases}: the wording of {name!r} leaves out {', '.join(left_out)}.")
    return _finished(name, subject, body, wording)


def write_about_trail(name: str, data: Mapping[str, Any], wording: Path = WORDING) -> Letter:
    """A letter about the trail as a whole, to auditors or operations: the wording `name` with `data`, which names no person.

    It needs none of the council's details, so that it goes whatever else is not set up. Raises WordingError.
    """
    subject, body = _render(name, tuple(data), "the trail", data, Council(), wording)
    return _finished(name, subject, body, wording)


def day(when: date) -> str:
    """A day as a letter writes it.

    >>> day(date(2026, 4, 13))
    'Monday 13 April 2026'
    """
    return f"{when:%A} {when.day} {when:%B %Y}"


def _fields(message: Message, case: str, data: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in (*message.needs, *message.may):
        value = data.get(name)
        blank = value is None or (isinstance(value, str) and not value.strip())
        if blank and name in message.needs:
            raise WordingError(f"{case}: the message {message.name!r} needs {name!r} ({FIELDS[name].meaning}), and it is"
                               f" {'missing' if name not in data or value is None else 'blank'}.")
        try:
            fields[name] = _EMPTY.get(FIELDS[name].kind) if blank else _READ[FIELDS[name].kind](value)
        except (TypeError, ValueError) as error:      # never the value itself: it may be what must not be shown
            raise WordingError(f"{case}: the message {message.name!r} cannot use what it was given as {name!r}: expected"
                               f" {error}.") from None
    return fields


def _read_ref(value: Any) -> str:
    try:
        return check_ref(value)
    except (BadFact, TypeError):
        raise ValueError("a case reference") from None


def _read_date(value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("a day (a date, or its text like 2026-04-13)") from None


def _read_days(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a whole number of days, 0 or more")
    return value


def _read_flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("True or False")
    return value


def _read_code(value: Any) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise ValueError("a code without spaces")
    return value


def _read_codes(value: Any) -> tuple[str, ...]:
    if isinstance(value, str | bytes):
        raise ValueError("a list of codes")
    return tuple(_read_code(str(one) if type(one) is int else one) for one in value)


def _read_line(value: Any) -> str:
    if not isinstance(value, str) or not LINE.fullmatch(value):
        raise ValueError("one line of at most 200 characters")
    return value


def _read_lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, str | bytes):
        raise ValueError("a list of lines")
    return tuple(_read_line(one) for one in value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    lines = (re.sub(r"[\x00-\x1f\x7f-\x9f\ue000]", " ", line).rstrip() for line in value.splitlines())
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise ValueError("text that can be read")
    return text


_READ = {"ref": _read_ref, "date": _read_date, "days": _read_days, "flag": _read_flag, "code": _read_code,
         "codes": _read_codes, "line": _read_line, "lines": _read_lines, "text": _read_text}
_EMPTY: Mapping[str, Any] = {"codes": ()}


class _Filled:
    """The council's details for one letter: to ask for one that is blank is an error."""

    def __init__(self, council: Council, case: str, message: str) -> None:
        self._council, self._case, self._message = council, case, message

    def __getattr__(self, name: str) -> str:
        value: str = getattr(self._council, name)
        if not value:
            raise WordingError(f"{self._case}: the message {self._message!r} must give the council's {name!r}, and the"
                               " settings leave it blank. Fill it in, then send again.")
        return value


@lru_cache(maxsize=16)
def _templates(wording: Path) -> Environment:
    env = Environment(loader=ChoiceLoader([FileSystemLoader(wording), FileSystemLoader(WORDING)]),
                      undefined=StrictUndefined, autoescape=False,      # letters are plain text
                      trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    env.filters |= {"day": day, "weeks_and_days": weeks_and_days}
    return env


def _render(name: str, known: Sequence[str], case: str, fields: Mapping[str, Any], council: Council, wording: Path
            ) -> tuple[str, str]:
    try:
        template: Template = _templates(wording).get_template(f"{name}.txt")
        text = template.render(fields, council=_Filled(council, case, name))
    except TemplateNotFound as error:
        raise WordingError(f"{case}: there is no wording {error.message!r} for the message {name!r}.") from error
    except TemplateError as error:
        raise WordingError(f"{case}: the wording of {name!r} cannot be used: {error.message}."
                           + (f" Its fields are {', '.join(known)}." if known else "")) from error
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("Subject: ") or not rest.startswith("\n"):
        raise WordingError(f"{case}: the wording of {name!r} must begin with a line 'Subject: ...' and a blank"
                           " line.")
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in rest.splitlines())).strip() + "\n"
    return first.removeprefix("Subject: ").strip(), body


def _finished(name: str, subject: str, body: str, wording: Path) -> Letter:
    env = _templates(wording)
    source = env.loader.get_source(env, f"{name}.txt")[0] if env.loader else ""
    version = version_in(source)
    return Letter(subject, body, sha256(f"{subject}\n\n{body}".encode()).hexdigest(),
                  f"{name}/v{version}" if version else f"{name}/own")     # a council's own wording need not give a version


def _enforce(message: Message, case: str, fields: Mapping[str, Any], council: Council, subject: str, body: str) -> None:
    """Refuse a letter that breaks the law's demands or ours. The free text is not in `body` yet, so it proves nothing."""
    found = [] if LINE.fullmatch(subject) else ["the subject must be one line of at most 200 characters"]
    if case not in subject:
        found.append("the subject does not name the case")
    if REASONS_GO_HERE in subject:
        found.append("the subject holds the reasons, which are personal")
    shown = {name: day(value) if isinstance(value, date) else value for name, value in fields.items()} | dict(council)
    if message.pack:
        found += packs.faults(message.pack, body, shown)
    if "reasons_text" in message.needs and message.pack != "N_REASONS":
        found += packs.faults("N_REASONS", body, shown)
    closing = fields.get("representations_by")
    if closing is not None and closing < (floor := REPRESENTATIONS.last_day(fields["sent_on"])):
        found.append(f"the closing date {day(closing)} gives the family less than 15 days from {day(fields['sent_on'])}:"
                     f" {day(floor)} is the earliest (reg 13(1)(a))")
    if found:
        raise WordingError(f"{case}: the letter {message.name!r} may not leave: {'; '.join(found)}.")
