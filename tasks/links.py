"""Links with which an agency answers a request without an account: signed, for a time, and made anew whenever they are needed.

A link is a secret of the agency. It stands in a letter and nowhere else: no fact, log or parameter holds one. The same request,
day and secret give the same link, so a letter can be written again from the record.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from models.case import Case
from models.fact_fields import CASE_REF
from models.law.record import Fact
from models.links import Request, State, request_behind, requests_of, stands
from tasks.settings import Settings, keys_in

PATH = "/answer/"
A_LINK = re.compile(rf"({PATH})[A-Za-z0-9_.-]+")
HIDDEN = "(the-link)"
NO_DAY = date(1970, 1, 1)


class NoLink(ValueError):
    """A token that opens nothing. `why`: unknown (not ours, altered), expired, replaced, revoked or ended.

    The words tell nothing about any case.
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"This link cannot be used: {why}.")
        self.why = why


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a genuine token says: the case, the number of the request, its turn; and the last day on which it is good."""

    ref: str
    number: int
    turn: int
    until: date


class _OfTheDay(TimestampSigner):
    """Signs with the beginning of a day (UTC) that is handed in: nothing here looks at the clock."""

    def __init__(self, *args: Any, day: date = NO_DAY, **more: Any) -> None:
        super().__init__(*args, **more)
        self._day = day

    def get_timestamp(self) -> int:
        return int(datetime.combine(self._day, time(), UTC).timestamp())


class Links:
    """Makes links and reads them. `keys` are the secrets, the newest first: it signs, and all of them open."""

    def __init__(self, public_url: str, keys: Sequence[str], days: int) -> None:
        self._base, self._keys, self._days = public_url.rstrip("/"), list(reversed(keys)), days

    def __repr__(self) -> str:
        return f"Links({self._base!r})"

    def url_in(self, case: Case, queued: Fact, on: date) -> str | None:
        """The link that belongs into a message which goes on that day; None if none does."""
        request = request_behind(case, queued)
        return self.url(request, on) if request is not None else None

    def url(self, request: Request, on: date) -> str:
        """The link of a request as it is given out on a day."""
        token = self._serializer(on).dumps([request.case, request.number, request.turn])
        return f"{self._base}{PATH}{token}"

    def read(self, token: str, today: date) -> Ticket:
        """What a token says. It is good for so many days after the one on which it was given out. Raises NoLink."""
        try:
            told, signed = self._serializer(today).loads(token, return_timestamp=True)
        except BadSignature:
            raise NoLink("unknown") from None
        match told:
            case [str(ref), int(number), int(turn)] if re.fullmatch(CASE_REF, ref):
                until = signed.date() + timedelta(days=self._days)
            case _:
                raise NoLink("unknown")
        if today > until:
            raise NoLink("expired")
        return Ticket(ref, number, turn, until)

    def seal(self, token: str, purpose: str) -> str:
        """A signature that only we can make, for a form that belongs to one link."""
        return self._serializer(NO_DAY).make_signer(f"portal {purpose}").get_signature(token).decode()

    def _serializer(self, day: date) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._keys, salt="answer link", signer=_OfTheDay, signer_kwargs={
            "day": day, "key_derivation": "hmac", "digest_method": sha256})


def links_of(settings: Settings) -> Links | None:
    """The links as the settings describe them; None where they are not set up, and letters say how to answer otherwise."""
    keys = keys_in(settings.link_secret)
    return Links(settings.public_url, keys, settings.link_days) if settings.public_url and keys else None


def request_of(case: Case, ticket: Ticket) -> tuple[Request, State, Sequence[Fact]]:
    """The request that a ticket is for, how its link stands, and what was answered. Raises NoLink unless it can be answered,
    or has been."""
    request = next((one for one in requests_of(case) if one.number == ticket.number), None)
    if request is None:
        raise NoLink("unknown")
    state, said = stands(case, request, ticket.turn)
    if state in (State.REVOKED, State.REPLACED, State.ENDED):
        raise NoLink(state.value)
    return request, state, said


def hidden(text: str) -> str:
    """A text with the secret of every link in it taken out, to be shown.

    >>> hidden("Answer here: https://council.example/answer/WyJFSEMt.abc.def now")
    'Answer here: https://council.example/answer/(the-link) now'
    """
    return A_LINK.sub(rf"\1{HIDDEN}", text)
