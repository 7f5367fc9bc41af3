"""Cases for the papers: a made-up one with everything in it, and every journey; and what a set paper says when it is read back."""

import re
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pypdf import PdfReader

from models.calendar import bank_holidays
from models.case import Case
from models.chronology import Chronology
from models.fact_check import check
from models.law.record import Fact

JOURNEYS = sorted(Path(__file__).parents[1].joinpath("journeys").glob("*.yaml"))
REF = "EHC-2026-0042"
HASH = "ab" * 32
FIRST = date(2026, 3, 2)


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def fact(number: int, on: str, kind: str, recorded: str | None = None, by: str = "officer-1", **data: Any) -> Fact:
    """One fact, recorded on its own day at nine in the morning (UTC) or on the one that is given."""
    return Fact(REF, number, kind, date.fromisoformat(on), MappingProxyType(data), at(date.fromisoformat(recorded or on)), by)


def letter(number: int, on: str, message: str, to: str = "family", **more: Any) -> list[Fact]:
    """A letter that was written and went on a day: two facts, from this number on."""
    key = f"{REF}/{message}/{to}/{number}"
    return [fact(number, on, "message_queued", by="engine", key=key, message=message, recipient=to, **more),
            fact(number + 1, on, "message_sent", by="engine", key=key, sha256=f"{number:064x}", channel="mailto", wording=f"{message}/v1")]


def whole() -> list[Fact]:
    """A request decided three weeks late, an exception refused and one held good, late advice, a correction, letters."""
    return [
        fact(1, "2026-03-02", "request_received", requested_by="parent", attends="school", setting="school-7", owner="officer-1"),
        *letter(2, "2026-03-02", "request_acknowledged", about="1"),
        fact(4, "2026-03-05", "family_consulted", recorded="2026-03-20", how="phone"),
        *letter(5, "2026-04-14", "lateness_to_family", duty="decide_whether_to_assess", about="decide_whether_to_assess:2026-04-13"),
        fact(7, "2026-04-15", "exception_claimed", duty="decide_whether_to_assess", code="X_ABSENT4", approved_by="officer-9",
             because={"text": "t1", "sha256": HASH}, absent_from="2026-03-10", absent_to="2026-04-05"),
        fact(8, "2026-04-20", "owner_named", owner="officer-2"),
        fact(9, "2026-05-03", "decided_to_assess", recorded="2026-05-05", decided_by="officer-9", reason_codes=["plan_may_be_necessary"],
             reasons={"text": "t2", "sha256": HASH}),
        fact(10, "2026-05-05", "fact_corrected", replaces=9, corrected={"on": "2026-05-04"}, because={"text": "t3", "sha256": HASH}),
        *letter(11, "2026-05-04", "decision_to_assess", about="9"),
        *(one for place, adviser in enumerate(("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology",
                                               "adv_e_social_care"))
          for one in (fact(13 + 2 * place, "2026-05-04", "advice_requested", adviser=adviser),
                      fact(14 + 2 * place, "2026-05-05", "advice_delivered", adviser=adviser, body="s31"))),
        fact(23, "2026-06-02", "advice_received", adviser="adv_c_medical"),
        *letter(24, "2026-06-17", "overdue", "ep_service", adviser="adv_d_psychology", duty="advice_six_weeks_others"),
        fact(26, "2026-06-18", "message_delivered", by="engine", key=f"{REF}/decision_to_assess/family/11"),
    ]


TEXTS = {"t1": "The family was abroad.", "t2": "The school shows that #emph[more] *help* is needed.", "t3": "The letter says the 4th."}


def chronology(facts: list[Fact], day: date) -> Chronology:
    return Chronology.of(Case.of(facts[0].case, facts, day, bank_holidays()), facts)


def journey(path: Path) -> list[Fact]:
    """The facts of a journey, each recorded on its day."""
    facts = []
    for number, line in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))["facts"], start=1):
        said = dict(line)
        kind, on = said.pop("what"), said.pop("day")
        if "corrected" in said:
            said["corrected"] = {{"what": "fact", "day": "on"}.get(name, name): value for name, value in said["corrected"].items()}
        facts.append(Fact("A1", number, kind, on, MappingProxyType(check(kind, on, said, at_door=False)), at(on), "officer-1"))
    return facts


def last_day(facts: list[Fact]) -> date:
    """Ten weeks after the last fact, when limits that were left have passed."""
    return max(one.on for one in facts) + timedelta(days=70)


def said(pdf: bytes) -> str:
    """The text of a paper as a reader takes it out, in one line."""
    return flat(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def outside(pdf: bytes) -> list[str]:
    """What stands in a paper where no reader sees it: beyond the edges of a page."""
    found: list[str] = []
    for page in PdfReader(BytesIO(pdf)).pages:
        height, width = float(page.mediabox.height), float(page.mediabox.width)

        def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float, height: float = height, width: float = width) -> None:
            x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            if text.strip() and not (0 <= x <= width and 0 <= y <= height):
                found.append(text.strip())

        page.extract_text(visitor_text=visit)
    return found


def flat(text: str) -> str:
    """A text without the places at which its lines are broken."""
    return re.sub(r"\s+", " ", text).strip()
