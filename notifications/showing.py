"""Channels that show what would go and send nothing; and a made-up case, to see every message before anything goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr

from notifications.channels import Channels, Outcome
from notifications.letter import Council, Letter, WordingError, write
from notifications.messages import FIELDS, MESSAGES

BEGAN = date(2026, 3, 2)
MADE_UP_REF = "EHC-2026-0000"


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter that would go: under which key, in which case, to which role and agency, through what kind of channel.

    A digest `stands_for` several reminders, named by their keys; `alone` are the letters that they would be by themselves, by
    key, where that was asked for.
    """

    key: str
    case: str
    role: str
    agency: str | None
    channel: str
    letter: Letter
    stands_for: tuple[str, ...] = ()
    alone: Mapping[str, Letter] = field(default_factory=dict)


class ShowingChannels(Channels):
    """Channels that take every letter that the real ones could address, keep it in `shown` and send nothing.

    Whether an address really works is only known once something is sent.
    """

    def __init__(self, urls: Mapping[str, SecretStr], outbox_dir: Path) -> None:
        super().__init__(urls, outbox_dir)
        self.shown: list[Shown] = []

    def send(self, to_role: str, to_agency: str | None, letter: Letter, key: str, case_ref: str,
             address: SecretStr | None = None, *, at: datetime) -> Outcome:
        """Keep the letter. Raises NotSent where the real channels could not even begin."""
        kind = self.kind_for(to_role, to_agency, letter, key, case_ref, address)
        self.shown.append(Shown(key, case_ref, to_role, to_agency, kind, letter))
        return Outcome(kind, letter.sha256)


def placeholders(council: Council) -> Council:
    """The council's details, each that is blank replaced by the name of the setting that fills it in."""
    return council.model_copy(update={name: f"(EHC_COUNCIL__{name.upper()} is blank)"
                                      for name, value in council.model_dump().items() if not value})


_MADE_UP: Mapping[str, Any] = MappingProxyType({
    "case": MADE_UP_REF, "sent_on": BEGAN, "trigger": "request_received", "started_on": BEGAN, "to_role": "council.owner",
    "adviser": "adv_c_medical", "body": "s31", "outcome": "assess", "kind": "hard", "duty": "finalise_plan", "excused_by": None,
    "citation": "s.39(8), s.40(5), reg 13(2), 14", "reasons_text": "Here stand the reasons that the officer has written.",
    "decided": "continue", "decision": "issue", "health": "also", "cease_reason": "needs_met", "problem": "refused",
    "about_message": "decision_to_assess", "about_role": "family", "outstanding": ("adv_d_psychology",),
    "answer_url": "https://council.example/answer/(the-link)",
    "waiting_for": ("ep_service",), "missed": (), "target_on": None, "officer": "officer-4", "expected_by": None,
    "brief": ("Where the case stands:", "- 8 weeks of 20 weeks: gathering advice."),
})
_BY_KIND: Mapping[str, Any] = MappingProxyType({
    "ref": MADE_UP_REF, "date": BEGAN + timedelta(weeks=6), "days": 0, "flag": False, "code": "other", "codes": (),
    "line": "made up", "lines": ("Made up.",), "text": "Made up."})
_IN: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    "reminder": {"to_role": "rcb", "duty": "coop_respond_advice", "citation": "s.31(1), (2), (4), reg 8(1)"},
    "overdue": {"to_role": "rcb", "duty": "coop_respond_advice", "citation": "s.31(1), (2), (4), reg 8(1)",
                "due_on": BEGAN - timedelta(days=1)},
    "excused_reminder": {"adviser": None, "excused_by": "X_ABSENT4"},
    "review_invitation_partners": {"to_role": "rcb"},
    "lateness_to_family": {"due_on": BEGAN - timedelta(days=1), "expected_on": BEGAN + timedelta(days=15)},
})


def made_up(name: str) -> dict[str, Any]:
    """What a message needs, in a case that does not exist, whose request came on Monday 2 March 2026."""
    message = MESSAGES[name]
    told = {one: _MADE_UP.get(one, _BY_KIND[FIELDS[one].kind]) for one in (*message.needs, *message.may)}
    return told | {one: value for one, value in _IN.get(name, {}).items() if one in told}


def made_up_letter(name: str, council: Council) -> Letter:
    """The letter of one message in the made-up case. Raises WordingError, also for a message that does not exist."""
    if name not in MESSAGES:
        raise WordingError(f"There is no message {name!r}. The messages are: {', '.join(MESSAGES)}.")
    return write(name, made_up(name), placeholders(council))
