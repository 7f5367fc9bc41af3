"""What a mail system sends back about an e-mail of ours: a delivery status notification (RFC 3464), or the notice that
somebody opened it (RFC 8098), read from the text as it came. Nothing of its addresses and words is kept.
"""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from pydantic import SecretStr

from models.fact_fields import KEY as KEY_OF_A_MESSAGE
from notifications.channels import KEY, PROOF, proof_of

STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")         # RFC 3463
CODE = re.compile(r"\b([45]\d\d)\b")                                # a diagnostic that gives no status begins with a reply code
TOO_DEEP = 20
ENDS = {"failed": "bounced", "delivered": "delivered", "expanded": "delivered"}
"""What the actions of RFC 3464 come to; `delayed` and `relayed` are no end."""

MAY_PASS = {("2", "1"), ("2", "2"), ("3", "1"), ("3", "2"), ("7", "0")}
"""Details of a status that are nothing against the address itself: a mailbox closed for now or full, a system that is full or
takes nothing just now, and a security refusal that gives no ground."""


class NotUnderstood(ValueError):
    """It is no notification about an e-mail of ours; the words say why, and hold nothing of what came."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of the e-mail with this key: bounced, delivered, opened, or waiting (it is still being tried).

    `why` is the status of RFC 3463, such as 5.1.1; `final` whether that address will never take it.
    """

    key: str
    outcome: str
    why: str | None = None
    final: bool = True


def read_return(content: bytes, secret: SecretStr) -> Returned:
    """What a notification tells of an e-mail of ours. Raises NotUnderstood, also where it is not shown to be about one of ours."""
    try:
        mail = message_from_bytes(content, policy=compat32)
        parts = list(_parts(mail, 0))
        kind = mail.get_content_type()
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError):
        raise NotUnderstood("it cannot be read as an e-mail") from None
    report = str(mail.get_param("report-type") or "").lower() if kind == "multipart/report" else ""
    if report not in ("delivery-status", "disposition-notification"):
        raise NotUnderstood("it is no report of delivery (RFC 3464) or of opening (RFC 8098)")
    key = _key(parts, secret)
    told = next((part for part in parts if part.get_content_type() == f"message/{report}"), None)
    if told is None:
        raise NotUnderstood("it is a report without its machine-readable part")
    return _opened(key, told) if report == "disposition-notification" else _delivery(key, told)


def _parts(mail: Message, depth: int) -> Iterator[Message]:
    if depth > TOO_DEEP:
        return
    yield mail
    if mail.is_multipart():
        for part in mail.get_payload():
            yield from _parts(part, depth + 1)


def _key(parts: list[Message], secret: SecretStr) -> str:
    """The key of ours that stands in the headers that were sent back, with the proof that we wrote it."""
    for part in parts[1:]:
        returned = [part]
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            returned = [message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=compat32)]
        for one in returned:
            key, proof = ("".join(str(one.get(name) or "").split()) for name in (KEY, PROOF))
            if re.fullmatch(KEY_OF_A_MESSAGE, key) and any(
                    hmac.compare_digest(proof.encode("utf-8", "replace"), proof_of(key, SecretStr(each)).encode())
                    for each in secret.get_secret_value().split(",")):     # also one that signs no longer
                return key
    raise NotUnderstood(f"it does not send back the headers {KEY} and {PROOF} of an e-mail of ours")


def _fields(told: Message) -> list[Message]:
    """The groups of fields of a machine-readable part: the first about the e-mail, then one a recipient."""
    payload = told.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _delivery(key: str, told: Message) -> Returned:
    for group in _fields(told)[1:]:                       # an e-mail of ours has one recipient
        action = str(group.get("Action") or "").partition(";")[0].partition("(")[0].strip().lower()
        if not action:
            continue
        outcome = ENDS.get(action, "waiting")
        if outcome != "bounced":
            return Returned(key, outcome)
        said = f"{group.get('Status') or ''}"
        status = STATUS.match(said)
        if status:
            number, detail = status[1], (status[2], status[3])
            return Returned(key, "bounced", ".".join(status.groups()), final=number == "5" and detail not in MAY_PASS)
        code = CODE.search(str(group.get("Diagnostic-Code") or ""))
        return Returned(key, "bounced", code[1] if code else "undelivered", final=code is None or code[1].startswith("5"))
    raise NotUnderstood("its machine-readable part names no recipient")


def _opened(key: str, told: Message) -> Returned:
    for group in _fields(told) or [told]:
        said = str(group.get("Disposition") or "").partition(";")[2].partition("/")[0].strip().lower()
        if said:
            return Returned(key, "opened" if said == "displayed" else "delivered")
    raise NotUnderstood("its machine-readable part does not say what was done with the e-mail")
